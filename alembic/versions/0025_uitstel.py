"""Keep since when an operation waits, and since when its device delivered all else: time ends waiting, not tries.

What waits now begins to wait now.
"""

import sqlalchemy as sa

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

WAITS = sa.text("status = 'deferred'")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("sync_op", sa.Column("eerste_poging", sa.DateTime(timezone=True), nullable=True), schema="bedrijf")
    op.execute("UPDATE bedrijf.sync_op SET eerste_poging = now() WHERE status = 'deferred'")
    op.drop_index("sync_op_uitgesteld", table_name="sync_op", schema="bedrijf")
    op.create_index(
        "sync_op_uitgesteld", "sync_op", ["toestel", "device_seq"], schema="bedrijf", postgresql_where=WAITS
    )
    op.add_column(
        "toestel_voortgang", sa.Column("volledig_sinds", sa.DateTime(timezone=True), nullable=True), schema="bedrijf"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("toestel_voortgang", "volledig_sinds", schema="bedrijf")
    op.drop_index("sync_op_uitgesteld", table_name="sync_op", schema="bedrijf")
    op.create_index("sync_op_uitgesteld", "sync_op", ["op"], schema="bedrijf", postgresql_where=WAITS)
    op.drop_column("sync_op", "eerste_poging", schema="bedrijf")
