"""Let the two kinds of document that travel as naslag say which they are, also those that were folded before.

Phones fetch them anew when the ledger is folded again (`veldboek herbouw`), or when they change.
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for kind in ("organisatie", "functionaris"):
        op.execute(f"""UPDATE lees.{kind} SET doc = doc || '{{"naslag": "{kind}"}}'""")  # noqa: S608


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for kind in ("organisatie", "functionaris"):
        op.execute(f"UPDATE lees.{kind} SET doc = doc - 'naslag'")  # noqa: S608
