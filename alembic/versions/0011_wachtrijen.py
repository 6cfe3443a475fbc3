"""Count failed attempts per name and row to stand in, so that nobody locks a name for its owner.

What was counted before is forgotten: it slows down for a quarter of an hour at most.
"""

import sqlalchemy as sa

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DELETE FROM bedrijf.aanmeldpoging")
    op.add_column("aanmeldpoging", sa.Column("rij_hash", sa.LargeBinary(), nullable=False), schema="bedrijf")
    op.add_column("aanmeldpoging", sa.Column("afspraak", sa.Boolean(), nullable=False), schema="bedrijf")
    op.drop_constraint("aanmeldpoging_pkey", "aanmeldpoging", schema="bedrijf")
    op.create_primary_key("aanmeldpoging_pkey", "aanmeldpoging", ["naam_hash", "rij_hash"], schema="bedrijf")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DELETE FROM bedrijf.aanmeldpoging")
    op.drop_constraint("aanmeldpoging_pkey", "aanmeldpoging", schema="bedrijf")
    op.drop_column("aanmeldpoging", "afspraak", schema="bedrijf")
    op.drop_column("aanmeldpoging", "rij_hash", schema="bedrijf")
    op.create_primary_key("aanmeldpoging_pkey", "aanmeldpoging", ["naam_hash"], schema="bedrijf")
