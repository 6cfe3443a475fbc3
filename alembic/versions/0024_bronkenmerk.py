"""Find documents by the reference that they have in the system they came from; say of a signaal when the server got it.

Read models only, and what folding again gives: the reference is new, the moment stands in the verdict.
"""

import sqlalchemy as sa

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = ("signaal", "rapportage", "maatregel")
RECEIVED = """
UPDATE lees.signaal s SET doc = s.doc
    || jsonb_build_object('ontvangenOp', convert_from(k.oordeel, 'utf8')::jsonb -> 'ontvangenOp')
FROM lees.geschiedenis g JOIN grootboek.entry e ON e.op = g.op JOIN kluis.inhoud k USING (pos)
WHERE g.document = s.id AND g.soort = 'signaal.gemeld' AND s.doc ? 'gemeldOp' AND g.op = (
    SELECT f.op FROM lees.geschiedenis f JOIN grootboek.entry p ON p.op = f.op
    WHERE f.document = s.id AND f.soort = 'signaal.gemeld' ORDER BY p.pos LIMIT 1)
"""
"""The first entry is the report itself; the others correct it."""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in TABLES:
        op.add_column(table, sa.Column("kenmerk", sa.String(), nullable=True), schema="lees")
        op.create_index(
            f"{table}_kenmerk", table, ["kenmerk"], schema="lees", postgresql_where=sa.text("kenmerk IS NOT NULL")
        )
    op.execute(RECEIVED)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in TABLES:
        op.drop_index(f"{table}_kenmerk", table, schema="lees")
        op.drop_column(table, "kenmerk", schema="lees")
    op.execute("UPDATE lees.signaal SET doc = doc - 'ontvangenOp'")
