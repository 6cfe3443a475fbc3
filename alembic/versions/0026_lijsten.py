"""Lists come newest first, by municipality, and are searched by address: columns and indexes made of the documents.

What is sorted on follows from each document, so nothing is folded again. An attendering is given the moment at which
it was made, as its controle says it; a bekendmaking names its besluit as folding again would have it, and none where
that was struck.
"""

import sqlalchemy as sa

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

GEMAAKT = """
UPDATE lees.attendering a SET doc = a.doc || jsonb_build_object('aangemaaktOp', first)
FROM (SELECT id, coalesce(doc #>> '{planning,waargenomenOp}', doc #>> '{start,waargenomenOp}') AS first
    FROM lees.controle) c
WHERE c.id = a.id AND first IS NOT NULL
"""
BESLUIT = """
UPDATE lees.maatregel SET doc = jsonb_set(doc, '{bekendmakingen}', (
    SELECT jsonb_agg(CASE
        WHEN b -> 'besluit' = 'null' THEN b - 'besluit'
        WHEN b ->> 'betreft' = 'besluit' AND NOT b ? 'besluit' AND doc #> '{besluit,op}' IS NOT NULL
            THEN b || jsonb_build_object('besluit', doc #> '{besluit,op}')
        ELSE b END ORDER BY n)
    FROM jsonb_array_elements(doc -> 'bekendmakingen') WITH ORDINALITY AS t(b, n)
)) WHERE doc -> 'bekendmakingen' @> '[{"betreft": "besluit"}]'
"""
VOLGORDE = {
    "signaal": "coalesce(doc #>> '{gemeldOp}', '')",
    "controle": "coalesce(left(doc #>> '{datum}', 10), left(doc #>> '{venster,van}', 10), '')",
    "attendering": "coalesce(doc #>> '{begonnenOp}', doc #>> '{aangemaaktOp}', '')",
    "rapportage": "coalesce(doc #>> '{opgemaaktOp}', '')",
    "maatregel": (
        "coalesce(left(doc #>> '{opgelegdOp}', 10), left(doc #>> '{voorgenomenOp}', 10),"
        " left(doc #>> '{toepassing,datum}', 10), '')"
    ),
    "ontvangst": "coalesce(doc #>> '{ontvangenOp}', '')",
}
BY_ID = ("locatie", "mensenhandelsignaal")
ADRES = """jsonb_to_tsvector('simple'::regconfig, (doc -> 'adres') - 'plaatsaanduiding', '["string"]')"""
AT_A_PLACE = ("signaal", "locatie", "controle", "rapportage", "maatregel")


def upgrade() -> None:
    op.execute(GEMAAKT)
    op.execute(BESLUIT)
    for table in ("signaal", "controle"):
        op.drop_column(table, "datum", schema="lees")
    op.drop_column("maatregel", "opgelegd_op", schema="lees")
    for table, made in VOLGORDE.items():
        column = sa.Column("volgorde", sa.Text(collation="C"), sa.Computed(made, persisted=True), nullable=False)
        op.add_column(table, column, schema="lees")
        op.create_index(f"{table}_volgorde", table, ["gemeente", "volgorde", "id"], schema="lees")
    for table in BY_ID:
        op.create_index(f"{table}_gemeente", table, ["gemeente", "id"], schema="lees")
    for table in AT_A_PLACE:
        op.create_index(f"{table}_adres", table, [sa.text(ADRES)], schema="lees", postgresql_using="gin")


def downgrade() -> None:
    for table in AT_A_PLACE:
        op.drop_index(f"{table}_adres", table_name=table, schema="lees")
    for table in BY_ID:
        op.drop_index(f"{table}_gemeente", table_name=table, schema="lees")
    for table in VOLGORDE:
        op.drop_index(f"{table}_volgorde", table_name=table, schema="lees")
        op.drop_column(table, "volgorde", schema="lees")
    for table, veld in (("signaal", "_datum"), ("controle", "datum"), ("maatregel", "opgelegdOp")):
        column = "opgelegd_op" if table == "maatregel" else "datum"
        op.add_column(table, sa.Column(column, sa.Date(), nullable=True), schema="lees")
        op.execute(f"UPDATE lees.{table} SET {column} = (doc ->> '{veld}')::date")  # noqa: S608
    op.alter_column("signaal", "datum", nullable=False, schema="lees")
    op.execute("UPDATE lees.attendering SET doc = doc - 'aangemaaktOp'")
