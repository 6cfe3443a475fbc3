"""Every document of a ledger against its class, whole and as each role sees it; the tests of the API use it too."""

from functools import cache
from itertools import combinations
from typing import Any
from uuid import UUID

import orjson
from pydantic import ValidationError

from app.access.bereik import Bereik
from app.access.zicht import Gezien, opened, rows_for
from app.registraties.document import check, internal
from app.registraties.register import AGGREGATEN
from app.registraties.tonen import beeld
from app.routers.antwoorden import ANTWOORDEN
from app.services.lezen.versies import show_versions
from app.vocabulary import Rol, Sectie
from storm.wereld import Run

NIEMAND = str(UUID(int=0))
TABELLEN = {
    model.collectie: model.__tablename__
    for a in AGGREGATEN.values()
    for model in (a.model, a.derived)
    if model is not None
}
"""Collection → table."""


async def misfits(connection: Any, held: set[tuple[str, str]]) -> set[str]:
    """What of all documents does not fit its class; nothing where the tables are gone.

    Those in `held` (collection and text) were found well before; what is well now joins them.
    """
    there = {row[0] for row in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'lees'")}
    each = [f"SELECT '{c}', doc::text FROM lees.{t}" for c, t in TABELLEN.items() if t in there]  # noqa: S608  # ours
    rows = await connection.fetch(" UNION ALL ".join(each)) if each else []
    found: set[str] = set()
    for collectie, text in {(row[0], row[1]) for row in rows} - held:
        wrong = faults(collectie, [orjson.loads(text)])
        found |= wrong
        held.update([(collectie, text)] if not wrong else ())
    return found


@cache
def views(collectie: str) -> frozenset[Gezien]:
    """All that anybody may be shown of a document: each role, with every set of kinds of scope that opens anything."""
    found = set()
    for rol in Rol:
        for door in {z.permissie for z in rows_for(rol, collectie, None)}:
            kinds = sorted(frozenset[Bereik]().union(*(z.bereik for z in rows_for(rol, collectie, door))))
            chosen = (c for n in range(1, len(kinds) + 1) for c in combinations(kinds, n))
            found |= {opened(rol, collectie, door, frozenset(c)) for c in chosen}
    return frozenset(g for g in found if Sectie.OMSLAG in g.delen)


def faults(collectie: str, docs: list[dict[str, object]]) -> set[str]:
    """What of these documents does not fit their class: where, and why; never what they say."""
    found: set[str] = set()
    document = ANTWOORDEN[collectie]
    kept = internal(document)
    for doc in docs:
        try:
            check(document, doc)
            for gezien in views(collectie):
                shown = show_versions(beeld(document, gezien).show(doc, NIEMAND), gezien, NIEMAND)
                check(document, {**shown, **{name: doc[name] for name in kept & doc.keys()}})
        except ValidationError as error:
            found |= {
                f"{collectie} {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False)
            }
    return found


def read_receipt(run: Run, doc: dict[str, Any]) -> dict[str, Any]:
    """A receipt without its words: whatever they are, they are there where somebody has to hear why."""
    run.check(("uitleg" in doc) == (doc["status"] != "accepted"), f"receipt {doc}: it says why, and only then")
    return {name: value for name, value in doc.items() if name not in {"uitleg", "fouten"}}


def differences(must: dict[str, Any], has: dict[str, Any]) -> str:
    """The fields that are otherwise: as they must be, and as they are."""
    return str({name: (must.get(name), has.get(name)) for name in must.keys() | has if must.get(name) != has.get(name)})
