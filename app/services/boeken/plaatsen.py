"""What the law looks at beside what the writer names: all that stands at a place, all that rests on a document."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from app.registraties.act import Doc, Sleutel, on_nothing
from app.registraties.adres import adres_tekst, place_of
from app.registraties.bron import VELD
from app.registraties.kern import PLAATS
from app.registraties.register import ACTEN, AGGREGATEN
from app.services.boeken.sloten import lock_again, lock_alone, lock_places
from app.services.kluis.operatie import Operatie
from app.services.vouwen.vouwer import Vouwer

_PLAATSEN = AGGREGATEN[PLAATS].model.__tablename__
_THERE = " UNION ALL ".join(
    [
        f"SELECT '{PLAATS}' AS aggregaat, id FROM lees.{_PLAATSEN} WHERE canoniek = ANY($1)",  # noqa: S608
        *(
            f"SELECT '{naam}', id FROM lees.{aggregaat.model.__tablename__} WHERE locatie = ANY($1)"  # noqa: S608
            " OR (gemeente = ANY($2) AND doc #>> '{adres,postcode}' = ANY($3))"
            for naam, aggregaat in sorted(AGGREGATEN.items())
            if aggregaat.plaats
        ),
    ]
)


_RESTING = " UNION ALL ".join(
    f"SELECT '{naam}' AS aggregaat, id FROM lees.{aggregaat.model.__tablename__} WHERE rust_op && $1"  # noqa: S608
    for naam, aggregaat in sorted(AGGREGATEN.items())
    if aggregaat.rust_op is not on_nothing
)
_DECIDED = """
SELECT g.aggregaat, g.document, max(e.pos) AS plaats FROM lees.geschiedenis g
JOIN grootboek.entry e ON e.op = coalesce(g.via, g.op)
WHERE g.document = ANY($1) AND g.soort = ANY($2) GROUP BY g.aggregaat, g.document
"""
_DECIDES = sorted(act.soort for act in ACTEN.values() if act.beslist)
_LOOKED_AT = {
    naam: frozenset[str]().union(*(act.ziet for act in ACTEN.values() if act.aggregaat == naam)) for naam in AGGREGATEN
}
"""Per kind of document what the guard of any of its entries looks at in its municipality."""
_CARRY = frozenset(act.aggregaat for act in ACTEN.values() if act.draagt)
"""Kinds of document that others rest on."""


async def load_resting(raw: Any, vouwer: Vouwer, operaties: Collection[Operatie]) -> None:
    """Lock and read what rests on the documents that `operaties` change, at once or through another.

    So a change and a decision that rests on it never pass each other unseen: whoever newly rests on something names it,
    and so waits for its lock. What is found is locked and asked for again until nothing is new. Out of the sorted
    order: a deadlock is possible, and then retried.
    """
    found = changed = {o.sleutel for o in operaties if may_change(o, vouwer) and o.sleutel.aggregaat in _CARRY}
    new = changed
    while new:
        rows = await raw.fetch(_RESTING, [key.id for key in found])
        new = {Sleutel(row["aggregaat"], row["id"]) for row in rows} - found
        await lock_alone(raw, new)
        found = found | new
    await vouwer.load(found - changed)
    if found != changed:
        for row in await raw.fetch(_DECIDED, [key.id for key in found - changed], _DECIDES):
            vouwer.besloten.setdefault(Sleutel(row["aggregaat"], row["document"]), row["plaats"])


def changes(operatie: Operatie) -> bool:
    """Whether an operation says something else of what was recorded before."""
    e, act = operatie.envelop, operatie.act
    return e is not None and act is not None and (e.corrigeert is not None or act.herziet)


def may_change(operatie: Operatie, vouwer: Vouwer) -> bool:
    """Whether it does, or may take the place of an entry that came before it, or stand beside that and count."""
    act, doc = operatie.act, None if operatie.act is None else vouwer.doc(operatie.sleutel)
    return changes(operatie) or bool(act and doc and (act.vroegste or vouwer.stands_beside(act, operatie.sleutel)))


async def load_around(raw: Any, vouwer: Vouwer, operaties: Iterable[Operatie]) -> None:
    """Lock the places where `operaties` write, all of a kind with places, and read what stands there.

    What they name was read before.

    The lock comes first: of two decisions at one place the second sees the first, or waits for it.
    """
    found = [doc for o in operaties for doc in places_of(vouwer, o)]
    places = {UUID(place) for doc in found if (place := place_of(doc))}
    if not places:
        return
    texts = {text for doc in found if (text := adres_tekst(doc.get("gemeente"), doc.get("adres", {})))}
    await lock_places(raw, places, texts)
    codes = {code for doc in found if (code := doc.get("adres", {}).get("postcode"))}
    rows = await raw.fetch(_THERE, list(places), list({doc.get("gemeente") for doc in found}), list(codes))
    await vouwer.load(Sleutel(row["aggregaat"], row["id"]) for row in rows)


async def load_looked_at(raw: Any, vouwer: Vouwer, operaties: Collection[Operatie]) -> None:
    """Read what guards look at of the municipalities in this run, as what those may keep of persons.

    Not locked: it holds by the day, and whoever records in the moment of a change is before it or after it.
    """
    kinds = frozenset[str]().union(*map(_looked_at, operaties))
    if not kinds:
        return
    lies = {o.inhoud.says("gemeente") for o in operaties if o.inhoud is not None} | {
        (rij.doc or {}).get("gemeente") for rij in vouwer.rijen.values()
    }
    codes = sorted(code for code in lies if code)
    for naam in sorted(kinds):
        table = f"lees.{AGGREGATEN[naam].model.__tablename__}"
        query = f"SELECT id, doc::text AS doc, scopes FROM {table} WHERE gemeentecode = ANY($1)"  # noqa: S608
        vouwer.take(naam, await raw.fetch(query, codes))


async def load_same_source(raw: Any, vouwer: Vouwer, operaties: Collection[Operatie]) -> None:
    """Lock the references that `operaties`, or the entries that they are about, give, and read what has them.

    The lock comes first: of two documents with one reference the second sees the first, or waits for it.
    """
    given: dict[str, set[str]] = {}
    for o in operaties:
        entries = [o.inhoud, *(stap.registratie.inhoud for stap in vouwer.historie.get(o.sleutel, ()))]
        said = {i.says(VELD).kenmerk for i in entries if i is not None and i.says(VELD) is not None}
        given.setdefault(o.sleutel.aggregaat, set()).update(said)
    await lock_again(raw, (), (f"{VELD}:{naam}:{code}" for naam, codes in given.items() for code in codes))
    for naam, codes in sorted(given.items()):
        if codes:
            table = f"lees.{AGGREGATEN[naam].model.__tablename__}"
            query = f"SELECT id, doc::text AS doc, scopes FROM {table} WHERE kenmerk = ANY($1)"  # noqa: S608
            vouwer.take(naam, await raw.fetch(query, sorted(codes)))


def _looked_at(operatie: Operatie) -> frozenset[str]:
    """What its guard looks at, or that of the entry which it chooses."""
    act = operatie.act
    if act is None:
        return frozenset()
    return _LOOKED_AT[operatie.sleutel.aggregaat] if act.herziet else act.ziet


def places_of(vouwer: Vouwer, operatie: Operatie) -> list[Doc]:
    """The document that an operation writes and the place that it names: each says where that is."""
    named = operatie.onderwerp.get(PLAATS)
    place = Sleutel(PLAATS, named) if named else None
    found = [
        vouwer.doc(operatie.sleutel),
        vouwer.doc(place) if place in vouwer.bekend else None,
    ]  # else it is not there
    return [doc for doc in found if doc]
