"""The law of an entry, cell by cell, against wet.json; `make tafels` writes that anew."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from app.access.wet import TABEL, Taak, Wetsregel, index
from app.registraties.act import ANY_AGGREGAAT, ORGAAN, Act
from app.registraties.register import ACTEN, AGGREGATEN
from app.vocabulary import (
    Hoedanigheid,
    Kring,
    Orgaan,
    OrganisatieSoort,
    Regime,
    SignaalBron,
    Vertrouwelijkheid,
    Verwerkingsverantwoordelijke,
)

LIJST = Path(__file__).parents[1] / "domain" / "wet.json"
NU = datetime(2026, 8, 19, 21, 10, tzinfo=UTC)
SAYS = {
    "signaal.gemeld": ("bron", tuple(SignaalBron)),
    "rapportage.ontvangen": ("orgaan", tuple(Orgaan)),
}
"""Acts of which the payload says what work it is: the field, and all that it can say."""
KEPT = json.loads(LIJST.read_text(encoding="utf-8")) if LIJST.exists() else {"taken": {}, "cellen": {}}


class Zegt(SimpleNamespace):
    """A payload of which only that is said which decides the law."""

    def says(self, name: str) -> Any:
        """As payloads do."""
        return getattr(self, name, None)


def payloads(act: Act) -> Iterator[tuple[str, Zegt]]:
    """Each payload of an act that differs for the law, with what is particular to it."""
    field, values = SAYS.get(act.soort, ("", (None,)))
    if act.aggregaat == "maatregel" and ORGAAN in act.secties:
        field, values = "bevoegd_orgaan", (None, *Orgaan)  # None: an earlier version did not ask
    for value in values:
        yield (f"{act.soort}·{value}" if value else act.soort), Zegt(**({field: value} if field else {}))


def bound(act: Act) -> Iterator[Act]:
    """The act; of one that may concern any kind of document, one for each kind."""
    if act.aggregaat != ANY_AGGREGAAT:
        yield act
        return
    yield from (replace(act, aggregaat=naam) for naam in AGGREGATEN)


def works() -> dict[str, str]:
    """What work each act is part of."""
    return {key: AGGREGATEN[act.aggregaat].wet(inhoud).value for key, act, inhoud in kinds()}


def line(taak: Taak, soort: OrganisatieSoort, hoedanigheid: Hoedanigheid | None) -> str:
    return "·".join((taak, soort, *([hoedanigheid] if hoedanigheid else [])))


def cells(tabel: Iterable[Wetsregel]) -> dict[str, dict[str, str]]:
    """What the table says of each cell on one day: the outcome → the roles, in words."""
    found: dict[str, dict[str, str]] = {}
    for (soort, rol, hoedanigheid, taak), periods in sorted(
        index(tabel).items(), key=lambda item: (item[0][3], item[0][0], str(item[0][2]), item[0][1])
    ):
        for van, tot, decided in periods:
            if van <= NU.date() and (tot is None or NU.date() < tot):
                outcome = " ".join(decided.as_doc().values())
                roles = found.setdefault(line(taak, soort, hoedanigheid), {})
                roles[outcome] = f"{roles[outcome]} {rol}" if outcome in roles else rol.value
    return found


def wrong(tabel: Iterable[Wetsregel]) -> list[str]:
    """The cells that a table decides otherwise than wet.json."""
    kept, now = KEPT["cellen"], cells(tabel)
    return sorted(cel for cel in {*kept, *now} if kept.get(cel) != now.get(cel))


def kinds() -> Iterator[tuple[str, Act, Zegt]]:
    """Each act with each payload that matters, and what it is called in wet.json."""
    for act in ACTEN.values():
        for each in bound(act):
            for naam, inhoud in payloads(each):
                yield (f"{naam}·{each.aggregaat}" if act.aggregaat == ANY_AGGREGAAT else naam), each, inhoud


def mutations() -> Iterator[tuple[str, tuple[Wetsregel, ...], set[str]]]:
    """The table with one cell of it changed: what was changed, the table, and the cells that it was about."""
    for n, r in enumerate(TABEL):
        about = {line(t, s, h) for t in r.taken for s in r.organisaties for h in r.hoedanigheden}
        w = r.wet
        new: list[tuple[str, Wetsregel | None]] = [
            ("the row", None),
            ("van", r._replace(van=date(2027, 1, 1))),
            ("tot", r._replace(tot=date(2026, 1, 1))),
            *((f"regime {v}", r._replace(wet=w._replace(regime=v))) for v in Regime if v is not w.regime),
            *(
                (f"verantwoordelijke {v}", r._replace(wet=w._replace(verwerkingsverantwoordelijke=v)))
                for v in Verwerkingsverantwoordelijke
                if v is not w.verwerkingsverantwoordelijke
            ),
            *(
                (f"vertrouwelijkheid {v}", r._replace(wet=w._replace(vertrouwelijkheid=v)))
                for v in Vertrouwelijkheid
                if v is not w.vertrouwelijkheid
            ),
            *((f"kring {v}", r._replace(wet=w._replace(kring=v))) for v in Kring if v is not w.kring),
            *((f"rol {v}", r._replace(rollen=r.rollen - {v})) for v in sorted(r.rollen)),
        ]
        for what, changed in new:
            yield f"{r.naam}: {what}", (*TABEL[:n], *([changed] if changed else []), *TABEL[n + 1 :]), about
