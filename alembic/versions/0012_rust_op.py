"""Keep with rapportages and maatregelen the ids of what they rest on: a change of evidence finds them by it.

Read models only; what is filled in here is what folding again gives.
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

IDS = {
    "rapportage": "SELECT jsonb_array_elements_text(doc -> 'controles')",
    "maatregel": (
        "SELECT doc ->> 'rapportage' UNION SELECT doc -> 'toepassing' ->> 'rapportage'"
        " UNION SELECT doc -> 'toepassing' ->> 'controle'"
        " UNION SELECT v ->> 'controle' FROM jsonb_array_elements(doc -> 'verbeurten') v"
    ),
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, ids in IDS.items():
        column = sa.Column("rust_op", postgresql.ARRAY(sa.Uuid()), nullable=False, server_default="{}")
        op.add_column(table, column, schema="lees")
        op.execute(
            f"UPDATE lees.{table} SET rust_op = ARRAY("  # noqa: S608  # our own names
            f"SELECT found.id::uuid FROM ({ids}) AS found(id) WHERE found.id IS NOT NULL ORDER BY 1)"
        )
        op.alter_column(table, "rust_op", server_default=None, schema="lees")
        op.create_index(f"{table}_rust_op", table, ["rust_op"], schema="lees", postgresql_using="gin")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in IDS:
        op.drop_index(f"{table}_rust_op", table, schema="lees")
        op.drop_column(table, "rust_op", schema="lees")
