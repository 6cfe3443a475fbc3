"""Remember what each cursor was given under, so that changed rights are answered with exactly the difference.

`lees.feed` learns in which municipality a document lies and where it first came into a scope: with the rights of
then, that tells which documents a device holds. `bedrijf.leesrecht` keeps those rights, one row per distinct set.
Rows that are there get the safe answer (`eerste` 0: the device may hold it); `veldboek herbouw` makes them exact.
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PLACES = {
    "signalen": "signaal",
    "locaties": "locatie",
    "controles": "controle",
    "attenderingen": "attendering",
    "mensenhandelsignalen": "mensenhandelsignaal",
    "rapportages": "rapportage",
    "maatregelen": "maatregel",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("feed", sa.Column("gemeente", sa.String(length=6), nullable=True), schema="lees")
    op.add_column("feed", sa.Column("eerste", sa.BigInteger(), nullable=False, server_default="0"), schema="lees")
    op.alter_column("feed", "eerste", server_default=None, schema="lees")
    for collectie, table in PLACES.items():
        op.execute(
            f"UPDATE lees.feed f SET gemeente = d.gemeente FROM lees.{table} d"  # noqa: S608  # our own names
            f" WHERE f.collectie = '{collectie}' AND f.id = d.id"
        )
    op.create_table(
        "leesrecht",
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("functionaris", sa.Uuid(), nullable=False),
        sa.Column("rechten", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
        schema="bedrijf",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("leesrecht", schema="bedrijf")
    op.drop_column("feed", "eerste", schema="lees")
    op.drop_column("feed", "gemeente", schema="lees")
