"""Lists: paging without gaps or doubles, and filters that are refused when they make no sense."""

from typing import Any

import pytest
from uuid_utils.compat import uuid4, uuid7

from tests.hulp.keten import HARDERWIJK, Keten, add_controles, add_locatie, add_signaal, add_signalen, book, build_keten
from tests.hulp.wereld import Wereld

MANY = 123
START = {"benadering": "aangebeld", "situatie": "niemand_aanwezig"}


async def add_many(wereld: Wereld) -> set[str]:
    """Reports of two officers, pushed out of the order of their ids."""
    made = [uuid7() if n % 3 else uuid4() for n in range(MANY)]
    inhoud = {"bron": "overlastmelding", "gemeente": HARDERWIJK}
    ops = [("signaal.gemeld", {"signaal": ident}, inhoud) for ident in reversed(made)]
    await book(wereld, "boa-1", *ops[:70])
    await book(wereld, "boa-2", *ops[70:])
    return {str(ident) for ident in made}


async def pages(wereld: Wereld, wie: str, pad: str, **params: Any) -> list[list[dict[str, Any]]]:
    found, cursor = [], None
    while True:
        answer = await wereld.get(wie, pad, **params, **({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert page.keys() == {"resultaten", "volgende"}
        found.append(page["resultaten"])
        cursor = page["volgende"]
        if cursor is None:
            return found


@pytest.mark.parametrize(("params", "sizes"), [({}, [50, 50, 23]), ({"limit": 41}, [41] * 3), ({"limit": 200}, [MANY])])
async def test_pages_have_no_gaps_and_no_doubles(wereld: Wereld, params: dict[str, int], sizes: list[int]) -> None:
    made = await add_many(wereld)
    await add_signaal(wereld, Keten(), "pct-1", "politie", bron="politie")
    found = await pages(wereld, "boa-1", "/signalen", **params)
    assert [len(page) for page in found] == sizes
    listed = [doc["id"] for page in found for doc in page]
    assert len(listed) == len(set(listed))
    assert set(listed) == made


async def test_what_is_added_while_paging_shifts_nothing(wereld: Wereld) -> None:
    made = await add_many(wereld)
    first = (await wereld.get("boa-1", "/signalen")).json()
    await add_many(wereld)
    seen = {doc["id"] for doc in first["resultaten"]}
    while first["volgende"]:
        first = (await wereld.get("boa-1", "/signalen", cursor=first["volgende"])).json()
        page = {doc["id"] for doc in first["resultaten"]}
        assert not page & seen
        seen |= page
    assert seen >= made


async def test_filters_narrow_and_never_widen(wereld: Wereld) -> None:
    keten = await build_keten(wereld)
    jan, feb = await add_dated(wereld, keten)
    cases: list[tuple[str, dict[str, Any], set[str]]] = [
        ("/signalen", {"gemeente": "GM0233"}, {"ermelosignaal"}),
        ("/signalen", {"bron": "advertentie"}, {"advertentie"}),
        ("/signalen", {"status": "beoordeeld"}, {"overlast"}),
        ("/signalen", {"status": "beoordeeld", "bron": "advertentie"}, set()),
        ("/signalen", {"bron": "politie"}, set()),
        ("/locaties", {"soort": "woning", "gemeente": "GM0233"}, {"ermelopand"}),
        ("/locaties", {"soort": "hotel"}, set()),
        ("/controles", {"status": "gepland"}, {"gepland"}),
        ("/controles", {"status": "afgerond"}, {"afgerond"}),
        ("/controles", {"locatie": str(keten["pand"])}, {"afgerond", jan, feb}),
        ("/controles", {"locatie": str(uuid4())}, set()),
        ("/controles", {"van": "2026-01-31", "totEnMet": "2026-01-31"}, {jan}),
        ("/controles", {"van": "2026-02-01", "totEnMet": "2026-02-28"}, {feb}),
        ("/controles", {"totEnMet": "2026-02-01"}, {jan, feb}),
        ("/controles", {"van": "2026-03-01"}, {"afgerond", "ermelocontrole"}),
        ("/controles", {"van": "2026-02-01", "totEnMet": "2026-01-31"}, set()),
        ("/rapportages", {"status": "ontvangen"}, {"verstrekt"}),
        ("/rapportages", {"soort": "controlerapport"}, set()),
        ("/maatregelen", {"status": "in_werking"}, {"opgelegd"}),
        ("/maatregelen", {"soort": "last_onder_dwangsom"}, {"opgelegd", "voorgenomen"}),
        ("/maatregelen", {"locatie": str(keten["planlocatie"])}, set()),
        ("/attenderingen", {"gemeente": "GM0233"}, {"ermelocontrole"}),
        ("/mensenhandelsignalen", {"status": "vastgelegd"}, {"mensenhandel"}),
        ("/mensenhandelsignalen", {"gemeente": "GM0233"}, set()),
    ]
    for pad, filters, expected in cases:
        answer = await wereld.get("regisseur-1", pad, **filters)
        assert answer.status_code == 200, answer.text
        found = {doc["id"] for doc in answer.json()["resultaten"]}
        assert found == {str(keten[naam]) for naam in expected}, (pad, filters)


async def add_dated(wereld: Wereld, keten: Keten) -> tuple[str, str]:
    """Two controles an hour apart, on either side of a local midnight: 31 January and 1 February."""
    for naam, moment in (("jan", "2026-01-31T22:30:00Z"), ("feb", "2026-01-31T23:30:00Z")):
        wat = {"controle": keten.new(naam, "controles"), "locatie": keten["pand"]}
        op = wereld.op("boa-1", "controle.gestart", wat, START, waargenomenOp=moment)
        assert (await wereld.push("boa-1", op))[0]["status"] == "accepted"
    return "jan", "feb"


JUNK = (
    ("/signalen", {"cursor": "rommel"}),
    ("/signalen", {"cursor": "A" * 22 + "!"}),
    ("/signalen", {"cursor": "!!" + "A" * 22}),
    ("/signalen", {"cursor": "A" * 43}),
    ("/signalen", {"cursor": "A" * 65}),
    ("/signalen", {"cursor": "é€"}),
    ("/signalen", {"cursor": "0"}),
    ("/signalen", {"status": "ge\0meld"}),
    ("/signalen", {"gemeente": "Harderwijk"}),
    ("/signalen", {"gemeente": "GM243"}),
    ("/signalen", {"status": "x" * 41}),
    ("/signalen", {"van": "gisteren"}),
    ("/signalen", {"totEnMet": "2026-02-30"}),
    ("/controles", {"locatie": "het pand op de hoek"}),
    ("/signalen", {"limit": 0}),
    ("/signalen", {"limit": 201}),
    ("/signalen", {"limit": "veel"}),
)
UNKNOWN_WORDS = (
    ("/signalen", {"bron": "roddel"}),
    ("/locaties", {"soort": "kasteel"}),
    ("/maatregelen", {"soort": "standje"}),
    ("/controles", {"status": "zoek"}),
)


async def test_what_makes_no_sense_is_refused_without_repeating_it(wereld: Wereld) -> None:
    for pad, params in JUNK:
        answer = await wereld.get("boa-1", pad, **params)
        assert answer.status_code == 400, (pad, params, answer.text)
        assert answer.json()["type"] == "/problemen/ongeldig-verzoek"
        words = [value for value in params.values() if isinstance(value, str) and len(value) > 1]
        assert not [word for word in words if word in answer.text]


@pytest.mark.parametrize(("pad", "params"), UNKNOWN_WORDS)
async def test_words_outside_the_lists_are_refused(wereld: Wereld, pad: str, params: dict[str, str]) -> None:
    assert (await wereld.get("regisseur-1", pad, **params)).status_code == 400


async def test_a_cursor_opens_nothing_that_is_not_visible(wereld: Wereld) -> None:
    """A cursor is a place, not a right: that of the police gives the boa his own rows only."""
    keten = Keten()
    await add_signalen(wereld, keten)
    await add_controles(wereld, keten)
    await add_locatie(wereld, keten, "pct-1", "later", HARDERWIJK, "13")
    cursor = (await wereld.get("regisseur-1", "/locaties", limit=1)).json()["volgende"]
    own = {doc["id"] for doc in (await wereld.get("boa-1", "/locaties")).json()["resultaten"]}
    after = {doc["id"] for doc in (await wereld.get("boa-1", "/locaties", cursor=cursor)).json()["resultaten"]}
    assert after <= own == {str(keten["pand"])}
