"""A receipt also tells what was odd about an entry that holds: that has no code.

Read models only; what was booked before has no such receipt.
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Loosen."""
    op.execute("ALTER TABLE lees.ontvangst ALTER COLUMN code DROP NOT NULL")


def downgrade() -> None:
    """Receipts without a code go: an older server tells none."""
    op.execute("DELETE FROM lees.ontvangst WHERE code IS NULL")
    op.execute("ALTER TABLE lees.ontvangst ALTER COLUMN code SET NOT NULL")
