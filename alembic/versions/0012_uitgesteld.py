"""Find what is deferred without reading every operation that ever came: monitoring counts it twice a minute."""

from sqlalchemy import text

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    where = text("status = 'deferred'")
    op.create_index("sync_op_uitgesteld", "sync_op", ["op"], schema="bedrijf", postgresql_where=where)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("sync_op_uitgesteld", table_name="sync_op", schema="bedrijf")
