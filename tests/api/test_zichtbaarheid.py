"""Everybody against everything: lists, single reads, counts and sync show exactly what the oracle says."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.hulp.inzage import COLLECTIES, REASON
from tests.hulp.keten import ERMELO, HARDERWIJK, Keten, build_keten
from tests.hulp.orakel import MENSEN, Geval, kan, ziet
from tests.hulp.wereld import DRIE, Wereld
from tests.hulp.wereld import MENSEN as PERSONAS


@dataclass(frozen=True)
class Feit:
    """Whose a document of the chain is."""

    collectie: str
    van: frozenset[str]
    organisatie: str
    gemeente: str = HARDERWIJK
    meer: tuple[tuple[str, bool], ...] = ()


def feit(collectie: str, van: str, organisatie: str, gemeente: str = HARDERWIJK, **meer: bool) -> Feit:
    return Feit(collectie, frozenset(van.split()), organisatie, gemeente, tuple(meer.items()))


FEITEN = {
    "overlast": feit("signalen", "boa-1", "harderwijk"),
    "politiesignaal": feit("signalen", "pct-1", "pct-oost", politie=True),
    "anoniem": feit("signalen", "boa-1", "harderwijk"),
    "advertentie": feit("signalen", "boa-1", "harderwijk"),
    "ermelosignaal": feit("signalen", "boa-ermelo", "ermelo", ERMELO),
    "planlocatie": feit("locaties", "pct-1", "pct-oost"),
    "pand": feit("locaties", "boa-1", "harderwijk"),
    "ermelopand": feit("locaties", "boa-ermelo", "ermelo", ERMELO),
    "gepland": feit("controles", "pct-1 boa-1", "pct-oost", begonnen=False),
    "afgerond": feit("controles", "boa-1 pct-1", "harderwijk", hulp=True),
    "ermelocontrole": feit("controles", "boa-ermelo", "ermelo", ERMELO),
    "concept": feit("rapportages", "pct-1", "pct-oost"),
    "verstrekt": feit("rapportages", "pct-1", "pct-oost", geadresseerd=True),
    "opgelegd": feit("maatregelen", "jurist-1", "harderwijk", lopend=True),
    "voorgenomen": feit("maatregelen", "jurist-1", "harderwijk"),
    "mensenhandel": feit("mensenhandelsignalen", "boa-1", "nobody"),
}


def rol_of(wie: str) -> str:
    return PERSONAS[wie][0] if wie in PERSONAS else "functioneel_beheerder"


def expected(wie: str, keten: Keten) -> Iterator[tuple[str, str, bool]]:
    """Collection, id and whether `wie` sees it, for every document of the chain."""
    rol, organisatie, gemeenten = PERSONAS.get(wie, ("functioneel_beheerder", "beheer", []))
    for naam, f in FEITEN.items():
        wat = {"zelf": wie in f.van, "organisatie": organisatie == f.organisatie}
        own = f.gemeente in gemeenten
        yield f.collectie, str(keten[naam]), ziet(rol, Geval(f.collectie, own, **wat, **dict(f.meer)))
        if f.collectie == "controles":
            yield "attenderingen", str(keten[naam]), ziet(rol, Geval("attenderingen", own))


def sees_device(wie: str, other: str) -> bool:
    """Whether `wie` sees the device of `other`."""
    here = set(PERSONAS[wie][2]) & set(PERSONAS[other][2]) if wie in PERSONAS else set()
    return ziet(rol_of(wie), Geval("toestellen", bool(here), zelf=wie == other))


def by_collectie(wie: str, keten: Keten) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {name: set() for name in COLLECTIES}
    for collectie, ident, seen in expected(wie, keten):
        found[collectie] |= {ident} if seen else set()
    return found


async def test_four_ways_of_reading_agree_with_the_oracle(wereld: Wereld) -> None:
    keten = await build_keten(wereld)
    assert FEITEN.keys() == keten.ids.keys()
    everything = {ident for wie in wereld.mensen for ids in by_collectie(wie, keten).values() for ident in ids}
    assert everything == {str(ident) for ident in keten.ids.values()}
    for wie in wereld.mensen:
        seen = by_collectie(wie, keten)
        may = {name for name in COLLECTIES if kan(rol_of(wie), f"{name}:zien")}
        assert await read_lists(wereld, wie) == {name: seen[name] if name in may else None for name in COLLECTIES}, wie
        counts = (await wereld.get(wie, "/aantallen")).json()
        devices = counts.pop("toestellen")
        assert devices == sum(sees_device(wie, other) for other in PERSONAS), wie
        assert counts.pop("grondslagenbijzonder") == len(PERSONAS[wie][2] if wie in PERSONAS else DRIE), wie
        assert {k: n for k, n in counts.items() if k not in MENSEN} == {name: len(seen[name]) for name in may}, wie
        await check_single_reads(wereld, wie, keten)
        if wereld.mensen[wie].toestel is not None:
            assert await read_pull(wereld, wie) == {name: ids for name, ids in seen.items() if ids}, wie


async def read_lists(wereld: Wereld, wie: str) -> dict[str, set[str] | None]:
    found: dict[str, set[str] | None] = {}
    for name in COLLECTIES:
        answer = await wereld.get(wie, f"/{name}", limit=200)
        assert answer.status_code in {200, 403}, answer.text
        found[name] = {doc["id"] for doc in answer.json()["resultaten"]} if answer.status_code == 200 else None
    return found


async def check_single_reads(wereld: Wereld, wie: str, keten: Keten) -> None:
    for collectie, ident, seen in expected(wie, keten):
        answer = await wereld.get(wie, f"/{collectie}/{ident}", headers=REASON)
        if collectie == "mensenhandelsignalen" and seen and rol_of(wie) == "regisseur":
            assert answer.status_code == 403
            continue
        assert answer.status_code == (200 if seen else 404), (wie, collectie, answer.text)
        if seen:
            assert answer.json()["id"] == ident
        else:
            assert ident not in answer.text


async def read_pull(wereld: Wereld, wie: str) -> dict[str, set[str]]:
    changes, _ = await wereld.pull(wie, limit=3)
    found: dict[str, set[str]] = {}
    for change in changes:
        if change["op"] == "upsert" and change["collectie"] in COLLECTIES:
            found.setdefault(change["collectie"], set()).add(change["id"])
    return found


def texts(value: Any) -> Iterator[str]:
    """Every name and every text in a JSON value."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)
    elif isinstance(value, str):
        yield value


async def test_ids_of_what_one_may_not_see_appear_in_nothing_one_reads(wereld: Wereld) -> None:
    """Whole answers are searched: nested parts, differences, references of other documents."""
    keten = await build_keten(wereld, "kanarie")
    for wie in ("boa-ermelo", "wijkagent-1", "avim-1", "beheerder", "aandachtsfunctionaris-1"):
        hidden = {ident for _, ident, _ in expected(wie, keten)}
        hidden -= {ident for _, ident, seen in expected(wie, keten) if seen}
        assert hidden
        read = [(await wereld.get(wie, f"/{name}", limit=200)).json() for name in (*COLLECTIES, *sorted(MENSEN))]
        if wereld.mensen[wie].toestel is not None:
            read.append((await wereld.pull(wie))[0])
        words = list(texts(read))
        assert len(words) > 10
        assert not hidden & set(words), wie
        own = wie == "boa-ermelo"
        assert own == any("kanarie" in word for word in words), wie


async def test_internal_keys_never_leave(wereld: Wereld) -> None:
    await build_keten(wereld)
    for wie in ("pct-1", "regisseur-1", "boa-1", "jurist-1"):
        read = [(await wereld.get(wie, f"/{name}")).json() for name in COLLECTIES]
        words = list(texts([*read, (await wereld.pull(wie))[0]]))
        assert len(words) > 100
        assert not [word for word in words if word.startswith("_")]
