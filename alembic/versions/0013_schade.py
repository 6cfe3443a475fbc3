"""Remember what was found wrong with the ledger, and that its mark is kept outside: both must outlive a restart.

The API may raise an alarm and never take one away: that is for the owner, who checked. A database of before has no
row that says a mark was set, so the first start with this version checks the whole ledger and sets it. Safe at any
time: two new tables.
"""

import sqlalchemy as sa

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "alarm",
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("tabel", sa.String(), nullable=False),
        sa.Column("zin", sa.String(), nullable=False),
        sa.Column("sinds", sa.DateTime(timezone=True), nullable=False),
        sa.Column("laatst_op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("aantal", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("soort"),
        schema="bedrijf",
    )
    op.create_table(
        "merkteken_gezet",
        sa.Column("een", sa.Boolean(), nullable=False),
        sa.Column("sinds", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("een", name="merkteken_gezet_een_rij"),
        sa.PrimaryKeyConstraint("een"),
        schema="bedrijf",
    )
    op.execute("REVOKE DELETE ON bedrijf.alarm, bedrijf.merkteken_gezet FROM app")
    op.execute("REVOKE UPDATE ON bedrijf.merkteken_gezet FROM app")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("merkteken_gezet", schema="bedrijf")
    op.drop_table("alarm", schema="bedrijf")
