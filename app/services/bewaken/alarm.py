"""What is wrong with the ledger, written down where every process sees it and where a restart does not lose it.

Damage stops everything: :mod:`app.services.rechten.rechten` reads it with the rights of whoever asks, so nothing is
booked, pulled or listed from the moment of its commit. It is taken away only by who checked all of it again, as the
owner. Anything else is shown beside `ok`.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from app.problems import GrootboekBevroren
from app.services.bewaken.schade import HEAD, LEES, Schade


class Soort(StrEnum):
    """What can be the matter; one row of each at most."""

    SCHADE = "schade"
    CURSOR = "cursor"


FROZEN = "(SELECT tabel FROM bedrijf.alarm WHERE soort = 'schade')"
"""An SQL expression: the table in which damage was found, or NULL."""


def frozen() -> GrootboekBevroren:
    """The 503 of everything that books or shows, once damage was found."""
    return GrootboekBevroren(
        "Er is schade gevonden aan wat hier is opgeslagen. Er is niets verwerkt en er gaat niets verloren: wat u "
        "vastlegde blijft op uw toestel tot de beheerder het heeft hersteld."
    )


def refuse_frozen(tabel: str | None) -> None:
    """Raise GrootboekBevroren when damage was found, in `tabel`."""
    if tabel is not None:
        raise frozen()


def refuse_behind(size: int, seen: int) -> None:
    """Raise Schade when the ledger ends before a place that this process saw taken: another database came in its place.

    `seen` must have been read before `size` was, or under the head lock.
    """
    if size < seen:
        told = f"{HEAD} loopt tot plaats {size}, maar was al tot plaats {seen}: er staat een oudere kopie."
        raise Schade(HEAD, told)


async def raise_alarm(raw: Any, soort: Soort, tabel: str, zin: str, *, nu: datetime, aantal: int = 1) -> None:
    """Write an alarm down; the first sentence of its kind stays, and is counted on. The caller commits."""
    await raw.execute(
        "INSERT INTO bedrijf.alarm AS a (soort, tabel, zin, sinds, laatst_op, aantal) VALUES ($1, $2, $3, $4, $4, $5)"
        " ON CONFLICT (soort) DO UPDATE SET laatst_op = excluded.laatst_op, aantal = a.aantal + excluded.aantal",
        soort.value,
        tabel,
        zin,
        nu,
        aantal,
    )


async def freeze(raw: Any, schade: Schade, *, nu: datetime) -> None:
    """Stop everything because of `schade`. The caller commits."""
    await raise_alarm(raw, Soort.SCHADE, schade.tabel, schade.naar_buiten, nu=nu)


async def lift(raw: Any, soort: Soort, *, lees: bool | None = None) -> bool:
    """Take an alarm away, as the owner who checked; `lees` says only when it is about a read model, or only when not.

    Says whether there was one. The caller commits.
    """
    done: str = await raw.execute(
        "DELETE FROM bedrijf.alarm WHERE soort = $1 AND coalesce($2 = starts_with(tabel, $3), true)",
        soort.value,
        lees,
        LEES,
    )
    return done != "DELETE 0"


async def read_alarms(raw: Any) -> dict[Soort, str]:
    """The sentences of what is the matter, by kind."""
    return {Soort(row["soort"]): row["zin"] for row in await raw.fetch("SELECT soort, zin FROM bedrijf.alarm")}


async def note_mark(raw: Any, *, nu: datetime) -> None:
    """Remember that a mark is kept outside the database. The caller commits."""
    await raw.execute(
        "INSERT INTO bedrijf.merkteken_gezet (een, sinds) VALUES (true, $1) ON CONFLICT (een) DO NOTHING", nu
    )
