"""The oracle of the figures: what is held back from whom, written from ADR 28, apart from the tables of the app."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import product
from typing import Any

import pytest

from app.access import kleine_aantallen
from app.access.kleine_aantallen import BLIK, KLEIN, MAATSTAVEN, Aard, Blik, Snede, is_held_back
from app.vocabulary import Cijfer

LASTEN = {"lastOnderDwangsom", "lastOnderBestuursdwang", "overigeMaatregelen", "dwangsomVerbeurd",
          "bestuursdwangToegepast"}  # fmt: skip
BEZOEKEN = {"controles", "controlesPerThema", "locaties", "locatiesPerSoort"}
"""Of whole years never held back: towns publish them. Where they are cut, one is an address."""
PER_SOORT = {"controlesPerThema", "bevindingenPerCode", "overigeMaatregelen", "signalenPerBron",
             "signalenPerOverlastsoort", "hulpPerSoort"}  # fmt: skip
HULP = {"hulpAangeboden", "hulpPerSoort"}
"""At one door it is between who offered it and who looks after it."""
NERGENS = {"signalen", "signalenPerBron", "signalenPerOverlastsoort", "mensenhandelsignalen",
           "mensenhandelsignalenOvergedragen"}  # fmt: skip
"""What says of no place what it is."""


DEEL_VAN = {
    "controlesPerThema": "controles",
    "bevindingenPerCode": "controles",
    "personenIllegaleProstitutie": "gecontroleerdePersonen",
    "hulpAangeboden": "gecontroleerdePersonen",
    "hulpPerSoort": "hulpAangeboden",
    "signalenPerOverlastsoort": "signalen",
    "mensenhandelsignalenOvergedragen": "mensenhandelsignalen",
}
"""Who knows both subtracts."""
VAN_MEER = {"hulpPerSoort", "bevindingenPerCode"}
"""Of whose kinds one person, or one controle, can be of several."""
EEN_KEER = {"locaties", "locatiesPerSoort"}
"""What is counted once however often it was visited, so that its parts do not add up."""


def held(rol: str, cijfer: str, *, cut: bool) -> bool:
    """Whether a number of one to four is held back."""
    if rol == "regisseur":
        return cut and cijfer in HULP
    if cijfer in LASTEN:
        return False
    cut = cut or cijfer in PER_SOORT
    return cut if cijfer in BEZOEKEN or rol in {"burgemeester", "jurist"} else rol == "pct"


def disagreements() -> Iterator[str]:
    """Where the tables and the oracle differ."""
    for (rol, blik), cijfer, cut in product(BLIK.items(), Cijfer, (False, True)):
        if is_held_back(blik, cijfer, deel=cut) is not held(rol.value, cijfer.value, cut=cut):
            yield f"{rol.value} {cijfer.value} {'cut' if cut else 'whole'}"
    for cijfer, row in MAATSTAVEN.items():
        controles = cijfer.value not in LASTEN | NERGENS | {"onbeslisteVerschillen"}
        kinds = {"BESLUIT": LASTEN, "BEZOEK": BEZOEKEN, "HULP": HULP}
        aard = next((name for name, each in kinds.items() if cijfer.value in each), "MENS")
        apart, once = cijfer.value in VAN_MEER, cijfer.value in EEN_KEER
        counts = (aard, cijfer.value in PER_SOORT, controles, cijfer.value not in NERGENS)
        parts = (DEEL_VAN.get(cijfer), apart, once)
        told = (row.aard.name, row.soort, row.thema, row.locatiesoort, row.deelt, row.apart, row.verschillend)
        if told != (*counts, *parts):
            yield f"{cijfer.value}: what it counts, by kind, thema, kind of place"


Cel = tuple[str, Callable[[], AbstractContextManager[None]]]


def cells() -> Iterator[Cel]:
    """Each cell of the tables, changed once."""
    for rol, blik in BLIK.items():
        for other in set(Blik) - {blik}:
            yield f"{rol.value} looks as {other.name}", _item(BLIK, rol, other)
    for cijfer, row in MAATSTAVEN.items():
        changed = [row._replace(aard=aard) for aard in set(Aard) - {row.aard}]
        changed += [
            row._replace(soort=not row.soort),
            row._replace(thema=not row.thema),
            row._replace(locatiesoort=not row.locatiesoort),
            row._replace(deelt=None if row.deelt else Cijfer.CONTROLES),
            row._replace(apart=not row.apart),
            row._replace(verschillend=not row.verschillend),
        ]
        for new in changed:
            yield f"{cijfer.value} as {new}", _item(MAATSTAVEN, cijfer, new)
    for each in product(Blik, Aard, Snede):
        yield f"small {each}", _klein(each)


def _item(table: dict[Any, Any], key: Any, new: Any) -> Callable[[], AbstractContextManager[None]]:
    @contextmanager
    def change() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(table, key, new)
            yield

    return change


def _klein(each: tuple[Blik, Aard, Snede]) -> Callable[[], AbstractContextManager[None]]:
    @contextmanager
    def change() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(kleine_aantallen, "KLEIN", KLEIN ^ {each})
            yield

    return change
