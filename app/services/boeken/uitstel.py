"""What waits for something that is not there yet: in which order one call is judged, and how long waiting lasts.

Time ends it and no number of tries: a phone that tries every minute is given no less of it than one that tries daily.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from app.services.boeken.boeking import Uitslag
from app.services.boeken.oordeel import Oordeel
from app.services.boeken.voortgang import Voortgang
from app.services.kluis.operatie import Operatie

TURN = 20
"""After so many verdicts the event loop gets a turn."""
LANGST = timedelta(days=7)
"""So long after its first try an operation waits for what it needs; then a person decides."""
NA_ALLES = timedelta(hours=24)
"""So long where its device delivered all else: what it needs is then on the way from somebody else, or nowhere."""

Besluit = Callable[[Operatie], Uitslag | Oordeel]
"""The outcome of an operation, or the verdict that it has to wait."""


def has_ended(eerst: datetime, nu: datetime, *, volledig: datetime | None, geduld: timedelta | None) -> bool:
    """Whether waiting since `eerst` is over. `volledig`: since when its device has nothing else left, if it counts."""
    return nu - eerst >= (geduld or LANGST) or (volledig is not None and nu - max(eerst, volledig) >= NA_ALLES)


def complete_since(operatie: Operatie, voortgang: Voortgang | None) -> datetime | None:
    """Since when the device delivered all but what waits; None for one that does not count what it sends."""
    return voortgang.volledig_sinds if voortgang is not None and operatie.device_seq is not None else None


async def in_turn(
    operaties: Sequence[Operatie], decide: Besluit, put_off: Callable[[Operatie, Oordeel], Uitslag]
) -> list[Uitslag]:
    """Decide on all: what makes something before what needs it, and what closes (`Act.sluit`) last.

    In whatever order they stand: what has to wait is decided on again as long as anything else came of the others.
    The outcomes are in the order of `operaties`.
    """
    found: dict[int, Uitslag | Oordeel] = {}

    async def go_on(left: list[int]) -> list[int]:
        before = len(operaties) + 1
        while left and len(left) < before:
            before = len(left)
            for turn, n in enumerate(left, start=1):
                found[n] = decide(operaties[n])
                if turn % TURN == 0:
                    await asyncio.sleep(0)  # let another booking, which may hold the ledger head, go on
            left = [n for n in left if isinstance(found[n], Oordeel)]
        return left

    closing = [n for n, o in enumerate(operaties) if o.act is not None and o.act.sluit]
    left = await go_on([n for n in range(len(operaties)) if n not in closing])
    if closing:
        await go_on([*left, *closing])
    return [each if isinstance(each := found[n], Uitslag) else put_off(o, each) for n, o in enumerate(operaties)]
