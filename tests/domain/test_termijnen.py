"""What ends by itself is over on the day after its last, and on no day before."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import pytest

from app.registraties.act import Registratie
from app.registraties.register import AGGREGATEN
from tests.hulp.bouw import BOA, JURIST, PCT, geweigerd, toegelaten, vouw
from tests.hulp.controles import WONING, bij_controle, einde, plan, start
from tests.hulp.controles import proof as bewijs
from tests.hulp.maatregelen import M3, OM, step

Einde = Callable[[date, date], Registratie]


def inzage(last: date, ontvangen: date) -> Registratie:
    inhoud = {"op": last.isoformat(), "hoedanigheid": "toezicht"}
    return bij_controle("inzage.verlopen", inhoud, ontvangen=f"{ontvangen}T12:00:00+01:00")


def sluiting(last: date, ontvangen: date) -> Registratie:
    return step("sluiting.verlopen", {"op": last.isoformat()}, ontvangen=ontvangen.isoformat())


GEPLAND = [plan(), bij_controle("controle.afgelast", {"reden": "geen_capaciteit"}, door=PCT)]
AFGEROND = [plan(), start(), bewijs(), einde()]
"""Each ends thirty days after the server heard of it: on 8 February."""
EINDEN = [
    ("inzage.verlopen", GEPLAND, WONING, BOA, inzage, date(2023, 3, 10)),
    ("inzage.verlopen", AFGEROND, WONING, BOA, inzage, date(2023, 3, 10)),
    ("sluiting.verlopen", M3[:4], OM, JURIST, sluiting, date(2023, 9, 5)),
]


def test_every_term_has_its_boundary_here() -> None:
    terms = {a.termijn.soort for a in AGGREGATEN.values() if a.termijn is not None}
    assert {soort for soort, *_ in EINDEN} == terms, "add a row to EINDEN for each Termijn"


@pytest.mark.parametrize(("soort", "before", "om", "door", "end", "last"), EINDEN)
def test_the_last_day_still_counts(
    soort: str, before: Iterable[Registratie], om: object, door: object, end: Einde, last: date
) -> None:
    """Broken: `last >= r.ontvangen_datum` made `>` in inzage.verlopen; `last < day` made `<=` in `status_on`."""
    doc, day = vouw(before, om), timedelta(days=1)
    for early in (end(last, last - day), end(last, last)):
        assert "loopt nog" in geweigerd(doc, early, door, om), soort
    toegelaten(doc, end(last, last + day), door, om)
    for other in (last - day, last + day):
        assert "loopt nog" in geweigerd(doc, end(other, last + 2 * day), door, om), (soort, other)
