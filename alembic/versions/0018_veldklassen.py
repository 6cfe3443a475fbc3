"""Let the access log say which sections were opened; what it said until now was the size of a file, or for whom it was.

Rows of before this version name no sections: the log is added to, never rewritten.
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.alter_column("inzage", "veldklasse", new_column_name="weergave", schema="bedrijf")
    sections = sa.Column("veldklassen", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{}")
    op.add_column("inzage", sections, schema="bedrijf")
    op.alter_column("inzage", "veldklassen", server_default=None, schema="bedrijf")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("inzage", "veldklassen", schema="bedrijf")
    op.alter_column("inzage", "weergave", new_column_name="veldklasse", schema="bedrijf")
