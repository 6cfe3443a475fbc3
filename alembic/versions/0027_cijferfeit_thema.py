"""Count by thema, help by kind, signalen by nuisance, signs that were handed over, and what was found by code.

Read models only, and what folding again gives. The new facts are made of the documents, and come after those there are.
"""

import json

import sqlalchemy as sa

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

NEW = ("hulp_soort", "bevinding", "overlast", "overgedragen")
COUNTED = """
SELECT f.gemeente, f.datum, f.locatie, f.document AS id, c.doc::text AS doc
FROM lees.cijferfeit f JOIN lees.controle c ON c.id = f.document
WHERE f.maatstaf = 'controle' AND f.locatie IS NOT NULL
"""
"""A controle that counts, and is not shut: of one that is, only that it was there is told."""
ADD = """
INSERT INTO lees.cijferfeit (document, volgnummer, maatstaf, gemeente, datum, aantal, bedrag, kenmerk, locatie, thema)
VALUES (:id, (SELECT max(volgnummer) + 1 FROM lees.cijferfeit WHERE document = :id),
    :maatstaf, :gemeente, :datum, :aantal, 0, :kenmerk, :locatie, 'prostitutie')
"""
FROM_DOC = """
INSERT INTO lees.cijferfeit (document, volgnummer, maatstaf, gemeente, datum, aantal, bedrag, kenmerk, locatie, thema)
SELECT f.document, (SELECT max(volgnummer) + 1 FROM lees.cijferfeit g WHERE g.document = f.document),
    '{new}', f.gemeente, f.datum, 1, 0, {kenmerk}, NULL, ''
FROM lees.cijferfeit f JOIN lees.{table} d ON d.id = f.document WHERE f.maatstaf = '{old}' AND {said}
"""


def _real(doc: dict, name: str) -> list[dict]:
    return [item for item in doc.get(name, ()) if not item.get("oefening", False)]


def _first(ident: str, offers: dict[str, dict]) -> str:
    line = [ident]
    while (offer := offers.get(line[-1])) is not None:
        if "persoon" in offer:
            return offer["persoon"]
        earlier = offer.get("vervolgt")
        if earlier is None or earlier in line:
            return min(line) if earlier in line else line[-1]
        line.append(earlier)
    return line[-1]


def help_by_kind(doc: dict) -> dict[str, int]:
    """How many persons were referred to which help, as it was counted when this was written."""
    practice = {p["id"] for p in doc.get("personen", ())} - {p["id"] for p in _real(doc, "personen")}
    offers = {offer["op"]: offer for offer in _real(doc, "hulp")}
    referred = {
        (whom, kind)
        for ident, offer in offers.items()
        if (whom := _first(ident, offers)) not in practice
        for kind in offer.get("doorverwezenNaar", ())
    }
    found: dict[str, int] = {}
    for _, kind in referred:
        found[kind] = found.get(kind, 0) + 1
    for telling in _real(doc, "tellingen"):
        for kind, number in telling.get("hulpPerSoort", {}).items():
            found[kind] = found.get(kind, 0) + number
    return {kind: number for kind, number in sorted(found.items()) if number}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("cijferfeit", sa.Column("thema", sa.String(), server_default="", nullable=False), schema="lees")
    op.alter_column("cijferfeit", "thema", server_default=None, schema="lees")
    op.execute(
        "UPDATE lees.cijferfeit f SET thema = 'prostitutie' FROM lees.controle c"
        " WHERE c.id = f.document AND f.locatie IS NOT NULL"
    )
    connection = op.get_bind()
    for row in connection.execute(sa.text(COUNTED)).mappings().all():
        doc = json.loads(row["doc"])
        ended = ("niet_aangetroffen", "in_orde")
        codes = {b["code"] for b in _real(doc, "bevindingen") if b.get("uitkomst") not in ended}
        facts = [("hulp_soort", kind, number) for kind, number in help_by_kind(doc).items()]
        facts += [("bevinding", code, 1) for code in sorted(codes)]
        where = {name: row[name] for name in ("id", "gemeente", "datum", "locatie")}
        for maatstaf, kenmerk, aantal in facts:
            new = {"maatstaf": maatstaf, "kenmerk": kenmerk, "aantal": aantal}
            connection.execute(sa.text(ADD), where | new)
    op.execute(
        FROM_DOC.format(
            new="overlast", kenmerk="d.doc ->> 'overlastsoort'", table="signaal", old="signaal",
            said="d.doc ? 'overlastsoort'",
        )
    )  # fmt: skip
    op.execute(
        FROM_DOC.format(
            new="overgedragen", kenmerk="''", table="mensenhandelsignaal", old="mensenhandelsignaal",
            said="jsonb_array_length(d.doc -> '_aan') > 0",
        )
    )  # fmt: skip


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(sa.text("DELETE FROM lees.cijferfeit WHERE maatstaf = ANY(:new)").bindparams(new=list(NEW)))
    op.drop_column("cijferfeit", "thema", schema="lees")
