"""Let the quarantine desk decide: where a receipt stands, and through which decision an entry came into a history.

`lees.ontvangst.stand` is open, aanvaard or geweigerd; `lees.geschiedenis.via` the decision at whose place an entry
from quarantine was folded. Receipts that are there stay with the regisseur's list; `veldboek herbouw` gives each to
the circle that may look at its content.
"""

import sqlalchemy as sa

from alembic import op

revision = "0005"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("geschiedenis", sa.Column("via", sa.Uuid(), nullable=True), schema="lees")
    op.add_column("ontvangst", sa.Column("stand", sa.String(), nullable=True), schema="lees")
    op.execute(
        "UPDATE lees.ontvangst SET stand = 'open',"
        ' doc = doc || \'{"stand": "open", "_inzage": "mensenhandel", "_gemeenten": []}\''
        " WHERE status = 'quarantined'"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("UPDATE lees.ontvangst SET doc = doc - 'stand' - '_inzage' - '_gemeenten' - 'beoordeling'")
    op.drop_column("ontvangst", "stand", schema="lees")
    op.drop_column("geschiedenis", "via", schema="lees")
