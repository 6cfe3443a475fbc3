"""Say of each login what it is used with, and find the logins of one person: he lists and ends them himself."""

import sqlalchemy as sa

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("aanmelding", sa.Column("soort", sa.String(), nullable=False, server_default="app"), schema="bedrijf")
    op.alter_column("aanmelding", "soort", server_default=None, schema="bedrijf")
    op.create_index("aanmelding_functionaris", "aanmelding", ["functionaris"], unique=False, schema="bedrijf")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("aanmelding_functionaris", table_name="aanmelding", schema="bedrijf")
    op.drop_column("aanmelding", "soort", schema="bedrijf")
