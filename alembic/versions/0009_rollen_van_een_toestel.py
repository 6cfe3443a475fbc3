"""Keep with a device the kinds of role that it was approved for: signing in on it reads them.

None is known for devices of before this version, so nobody signs in on one until `veldboek herbouw` folded them again.
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "toestel",
        sa.Column("rollen", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default="[]"),
        schema="lees",
    )
    op.alter_column("toestel", "rollen", server_default=None, schema="lees")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("toestel", "rollen", schema="lees")
