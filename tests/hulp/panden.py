"""A place, a plan for it and a measure on it, as the personas record them; and who of the municipality may look."""

from typing import Any

from tests.hulp.keten import HARDERWIJK, adres
from tests.hulp.wereld import Wereld

GEMEENTELIJK = ("boa-1", "boa-2", "regisseur-1", "burgemeester-1", "jurist-1", "aandachtsfunctionaris-1")
VOORNEMEN = {
    "soort": "waarschuwing", "bevoegdOrgaan": "burgemeester", "voorgenomenOp": "2026-08-22",
    "grondslag": {"regeling": "APV", "artikel": "3:3", "versie": "2022-01-01"},
    "adressaten": [{"hoedanigheid": "verhuurder"}], "zienswijzeTotEnMet": "2026-08-29",
}  # fmt: skip


def pand(nummer: str, **velden: Any) -> dict[str, Any]:
    place = {"soort": "woning", "feitelijkBewoond": "nee", "gemeente": HARDERWIJK, "adres": adres(nummer)}
    return place | velden


def plan(wereld: Wereld, wie: str, hoedanigheid: str = "toezicht") -> dict[str, Any]:
    org = {"regisseur-1": "harderwijk", "pct-1": "pct-oost"}[wie]
    ik = {"functionaris": str(wereld.mensen[wie].functionaris), "organisatie": str(wereld.organisaties[org])}
    return {
        "venster": {"van": "2026-08-20T18:00:00Z", "tot": "2026-08-20T22:00:00Z"},
        "aanleidingen": [{"soort": "thema"}],
        "initiatief": ik["organisatie"],
        "coordinator": ik["functionaris"],
        "deelnemers": [ik | {"taak": "coordineert"}],
        "hoedanigheid": hoedanigheid,
    }
