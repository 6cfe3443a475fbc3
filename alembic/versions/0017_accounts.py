"""Let accounts follow from the ledger, and let officers choose their own password with a code that works once.

Accounts of before this version have no entry in the ledger: they stay as they were until a code is used for them.
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gemeente", sa.String(length=6), nullable=True),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("doc", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("actief", sa.Boolean(), nullable=False),
        sa.Column("bevestiging", sa.Uuid(), nullable=True),
        sa.Column("afgesloten_op", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        schema="lees",
    )
    op.create_table(
        "toegangscode",
        sa.Column("functionaris", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("bevestiging", sa.Uuid(), nullable=False),
        sa.Column("vervalt_op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gebruikt_op", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("functionaris"),
        sa.UniqueConstraint("code_hash"),
        schema="bedrijf",
    )
    op.add_column(
        "account",
        sa.Column("uit_grootboek", sa.Boolean(), nullable=False, server_default=sa.false()),
        schema="bedrijf",
    )
    op.alter_column("account", "uit_grootboek", server_default=None, schema="bedrijf")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("account", "uit_grootboek", schema="bedrijf")
    op.drop_table("toegangscode", schema="bedrijf")
    op.drop_table("account", schema="lees")
