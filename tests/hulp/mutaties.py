"""`make mutaties`: every cell of every table that decides is changed once; what nobody notices is named.

A cell that is alive is either dead (delete it) or unguarded (test it). Tables: the law of an entry, who may do and see
what, which part is shown to whom, in which section a field is sealed, in which part a field is shown.
Each is checked by what the tests of that table check; those run in `make test` as well, whole.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from pydantic.fields import FieldInfo

from app import gegevensblad
from app.access import zicht
from app.access.beleid import BELEID
from app.access.wet import OF_ORGAAN, Taak
from app.registraties.model import Model
from app.registraties.register import ACTEN, DOCUMENTEN
from app.registraties.tonen import beeld
from app.vocabulary import Groep, Orgaan, Sectie
from tests.hulp import beleidstafel, cijfertafel, wettafel, zichttafel
from tests.hulp.documenten import forget
from tests.hulp.sectietafel import changed_sections
from tests.hulp.weglaten import every_model

PAGE = Path(__file__).parents[2] / "docs" / "gegevens.md"
Cel = tuple[str, Callable[[], AbstractContextManager[None]]]


class Tafel(NamedTuple):
    """One table: its name, its cells, each with what changes it for a while, and what tells that something is wrong."""

    naam: str
    cellen: Callable[[], Iterator[Cel]]
    gezien: Callable[[], bool]


def laws() -> Iterator[Cel]:
    """Each row of `app/access/wet.py`, changed in one place; and whose decision is what work."""
    for what, tabel, _ in wettafel.mutations():
        yield what, lambda tabel=tabel: _patched(wettafel, "TABEL", tabel)  # type: ignore[misc]
    for orgaan in OF_ORGAAN:
        yield f"organ {orgaan}", lambda orgaan=orgaan: _other_work(orgaan)  # type: ignore[misc]


def policy() -> Iterator[Cel]:
    """Each row of `app/access/beleid.py`, poorer or richer by one role or kind of scope."""
    for n, row in enumerate(BELEID):
        for what, new in (*beleidstafel.without(n), *beleidstafel.widened(n)):
            rows = (*BELEID[:n], *([new] if new else []), *BELEID[n + 1 :])
            yield f"{row.permissie}: {what}", lambda rows=rows: _installed(rows)  # type: ignore[misc]


def parts() -> Iterator[Cel]:
    """Each row of `app/access/zicht.py`, poorer by one role, kind of scope or part."""
    for what, row, new in zichttafel.cells():
        rows = tuple(new if z is row else z for z in zicht.ZICHT)
        yield what, lambda rows=rows: _patched(zicht, "ZICHT", rows)  # type: ignore[misc]


def sealed() -> Iterator[Cel]:
    """The section of each field of each payload that was ever shipped."""
    for soort, act in sorted(ACTEN.items()):
        for versie in range(1, act.versie + 1):
            schema = act.schema(versie)
            for name, info in schema.model_fields.items():
                yield f"{soort} {versie} {name}", lambda info=info: _moved(info, Sectie)  # type: ignore[misc]


def shown() -> Iterator[Cel]:
    """The part in which each field of each document, and of its parts, is shown, where it says so itself."""
    for model in sorted(every_model(), key=lambda m: m.__qualname__):
        for name, info in model.model_fields.items():
            kind = Groep if any(isinstance(m, Groep) for m in info.metadata) else Sectie
            if "Intern" not in model.__qualname__ and any(isinstance(m, kind) for m in info.metadata):
                yield f"{model.__qualname__}.{name}", lambda info=info, kind=kind: _moved(info, kind)  # type: ignore[misc]


def asked() -> Iterator[Cel]:
    """Each filter and order of each list, away."""
    for collectie, document in sorted(DOCUMENTEN.items()):
        lijst = document.lijst
        less = {f"filter {each}": {"filters": tuple(f for f in lijst.filters if f != each)} for each in lijst.filters}
        less |= {f"order {each}": {"sorteer": tuple(s for s in lijst.sorteer if s != each)} for each in lijst.sorteer}
        less |= {f"order {lijst.volgorde[0]}": {"volgorde": ()}} if lijst.volgorde else {}
        for what, change in less.items():
            other = replace(lijst, **change)  # type: ignore[arg-type]
            yield f"{collectie} {what}", lambda document=document, other=other: _patched(document, "lijst", other)  # type: ignore[misc]


@contextmanager
def _patched(module: object, name: str, value: object) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, name, value)
        forget()
        yield
    forget()


@contextmanager
def _other_work(orgaan: Orgaan) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(OF_ORGAAN, orgaan, Taak.RAPPORTAGE)
        yield


@contextmanager
def _installed(rows: tuple[object, ...]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        beleidstafel.install(patch, rows)  # type: ignore[arg-type]
        yield
    for wie in beleidstafel.ACTORS.values():
        wie.gehouden.clear()


@contextmanager
def _moved(info: FieldInfo, kind: type[Groep] | type[Sectie]) -> Iterator[None]:
    """The field lies in the next section, or group."""
    old = list(info.metadata)
    here = next(m for m in old if isinstance(m, kind))
    every = list(kind)
    info.metadata[:] = [every[(every.index(here) + 1) % len(every)] if m is here else m for m in old]  # type: ignore[arg-type]
    _forget_classes()
    try:
        yield
    finally:
        info.metadata[:] = old
        _forget_classes()


def _forget_classes() -> None:
    beeld.cache_clear()
    zichttafel.shown.cache_clear()
    Model.sections.__func__.cache_clear()  # type: ignore[attr-defined]
    Model.paths.__func__.cache_clear()  # type: ignore[attr-defined]


def not_as_signed() -> bool:
    """Whether wet.json says otherwise."""
    return bool(wettafel.wrong(wettafel.TABEL)) or wettafel.works() != wettafel.KEPT["taken"]


def otherwise_told() -> bool:
    """Whether somebody is shown something else, or docs/gegevens.md says otherwise (`make check`)."""
    return bool(zichttafel.differences()) or gegevensblad.render_page() != PAGE.read_text(encoding="utf-8")


TAFELS = (
    Tafel("law of an entry", laws, not_as_signed),
    Tafel("who may", policy, lambda: any(True for _ in beleidstafel.disagreements())),
    Tafel("what is shown to whom", parts, lambda: bool(zichttafel.differences())),
    Tafel("where a field is sealed", sealed, lambda: bool(changed_sections())),
    Tafel("where a field is shown", shown, otherwise_told),
    Tafel("what a list is asked", asked, lambda: gegevensblad.render_page() != PAGE.read_text(encoding="utf-8")),
    Tafel("which figure is held back", cijfertafel.cells, lambda: any(True for _ in cijfertafel.disagreements())),
)


def survivors(tafel: Tafel) -> tuple[int, list[str]]:
    """How many cells a table has, and which nobody misses. Raises AssertionError for a table that is wrong as it is."""
    assert not tafel.gezien(), f"{tafel.naam} is wrong as it stands"
    alive, seen = [], 0
    for what, change in tafel.cellen():
        seen += 1
        with change():
            if not tafel.gezien():
                alive.append(what)
    assert not tafel.gezien(), f"{tafel.naam} was not put back"
    return seen, alive


def main() -> int:
    """Print `cells · killed · alive` per table, and each cell that is alive; 1 if there is one."""
    total, left = 0, 0
    for tafel in TAFELS:
        seen, alive = survivors(tafel)
        total, left = total + seen, left + len(alive)
        told(tafel.naam, seen, len(alive))
        sys.stdout.writelines(f"    alive: {what}\n" for what in alive)
    told("all", total, left)
    return int(bool(left))


def told(naam: str, cells: int, alive: int) -> None:
    """One line of the outcome."""
    sys.stdout.write(f"{naam:26} cells {cells:5} · killed {cells - alive:5} · alive {alive:3}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
