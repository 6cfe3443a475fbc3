"""What stands at one place: a rule of law over a locatie looks at all of it, whatever the writer names (Awb 5:6)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from app.registraties.act import Sleutel
from app.registraties.register import AGGREGATEN
from app.services.opdracht import Opdracht
from app.services.sloten import lock_places
from app.services.vouwen import Vouwer

_THERE = " UNION ALL ".join(
    [
        "SELECT 'locatie' AS aggregaat, id FROM lees.locatie WHERE canoniek = ANY($1)",
        *(
            f"SELECT '{naam}', id FROM lees.{aggregaat.model.__tablename__} WHERE locatie = ANY($1)"  # noqa: S608
            for naam, aggregaat in sorted(AGGREGATEN.items())
            if aggregaat.plaats
        ),
    ]
)


async def load_around(raw: Any, vouwer: Vouwer, opdrachten: Iterable[Opdracht]) -> None:
    """Lock the places where `opdrachten` write, and read what stands there; what they name was read before.

    The lock comes first: of two decisions at one place the second sees the first, or waits for it.
    """
    places = {place for o in opdrachten if AGGREGATEN[o.sleutel.aggregaat].plaats for place in places_of(vouwer, o)}
    if not places:
        return
    await lock_places(raw, places)
    rows = await raw.fetch(_THERE, list(places))
    await vouwer.load(Sleutel(row["aggregaat"], row["id"]) for row in rows)


def places_of(vouwer: Vouwer, opdracht: Opdracht) -> set[UUID]:
    """The canonical locaties of the document that an operation writes and of the locatie that it names."""
    named = opdracht.onderwerp.get("locatie")
    stands = [(vouwer.doc(opdracht.sleutel) or {}).get("locatie")]
    stands += [(vouwer.doc(Sleutel("locatie", named)) or {}).get("canoniek")] if named else []
    return {UUID(place) for place in stands if place}
