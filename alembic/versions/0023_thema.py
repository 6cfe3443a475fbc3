"""Keep with controles what each is held for, so that a list can be asked by it.

Read models only, and what folding again gives: before it could be said, all were about prostitution and trafficking.
"""

import sqlalchemy as sa

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("controle", sa.Column("thema", sa.String(), nullable=True), schema="lees")
    op.execute("UPDATE lees.controle SET thema = 'prostitutie' WHERE doc ?| ARRAY['planning', 'begonnenOp']")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("controle", "thema", schema="lees")
