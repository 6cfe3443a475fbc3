"""Count what is deferred, and what we could not process, without reading all else: monitoring does so all the time."""

from sqlalchemy import text

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    deferred, ours = text("status = 'deferred'"), text("code = 'niet_verwerkt'")
    op.create_index("sync_op_uitgesteld", "sync_op", ["op"], schema="bedrijf", postgresql_where=deferred)
    op.create_index("ontvangst_niet_verwerkt", "ontvangst", ["id"], schema="lees", postgresql_where=ours)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ontvangst_niet_verwerkt", table_name="ontvangst", schema="lees")
    op.drop_index("sync_op_uitgesteld", table_name="sync_op", schema="bedrijf")
