"""Keep with maatregelen the last day of a closure, and say it in the document: on the next day it is over.

Read models only; what is filled in here is what folding again gives. No feed row is touched: phones that pulled before
know the day by its older name.
"""

import sqlalchemy as sa

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("maatregel", sa.Column("geldt_tot_en_met", sa.Date(), nullable=True), schema="lees")
    op.execute(
        "UPDATE lees.maatregel SET geldt_tot_en_met = (doc ->> 'sluitingTot')::date,"
        " doc = doc || jsonb_build_object('geldtTotEnMet', doc -> 'sluitingTot')"
    )
    op.create_index("maatregel_einde", "maatregel", ["status", "geldt_tot_en_met"], schema="lees")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("maatregel_einde", "maatregel", schema="lees")
    op.drop_column("maatregel", "geldt_tot_en_met", schema="lees")
    op.execute("UPDATE lees.maatregel SET doc = doc - 'geldtTotEnMet'")
