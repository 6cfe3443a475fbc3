"""Small numbers: which are held back, and that no arithmetic on any number of answers brings one out (ADR 28)."""

import random
from collections.abc import Iterable, Iterator
from itertools import combinations, product
from typing import Any

import pytest

from app.access.beleid import may
from app.access.kleine_aantallen import BLIK, MINST, Blik, is_held_back
from app.services.lezen.cijferregels import as_csv
from app.services.lezen.tellen import figures
from app.services.lezen.verhullen import Langs, draw, is_open
from app.vocabulary import Cijfer, Rol
from tests.hulp import cijfertafel
from tests.hulp.mutaties import TAFELS, survivors

_C = Cijfer
NIETS = figures([], {})
PRIEM = 2**31 - 1
MAANDEN = {"maand": 1, "kwartaal": 3, "jaar": 12}


def test_the_tables_say_what_the_rule_says() -> None:
    assert list(cijfertafel.disagreements()) == []
    assert set(BLIK) == {rol for rol in Rol if may(rol, "cijfers:raadplegen")}
    assert set(NIETS) == {cijfer.value for cijfer in Cijfer}


def test_no_cell_of_the_small_numbers_can_change_unseen() -> None:
    (tafel,) = (each for each in TAFELS if each.naam == "which figure is held back")
    seen, alive = survivors(tafel)
    assert (alive, seen > 100) == ([], True)


@pytest.mark.parametrize(
    ("cells", "tijd", "open_"),
    [
        ([], True, True),
        ([0, 0], True, True),
        ([5, 0, 9], True, True),
        ([5, 4, 9], True, False),
        ([1], False, False),
        ([12], False, True),
        ([12, 0], True, False),
        ([{"a": 5, "b": 0}, {"a": 7}], True, True),
        ([{"a": 5, "b": 3}], False, False),
    ],
)
def test_a_cut_is_open_whole_or_not_at_all(cells: list[object], tijd: bool, open_: bool) -> None:  # noqa: FBT001
    """All in one month would say in which month what is told of the year. Broken: each half of `is_open`."""
    assert is_open(cells, tijd=tijd) is open_


@pytest.mark.parametrize(
    ("cel", "dicht"),
    [
        ({"gecontroleerdePersonen": 15, "personenIllegaleProstitutie": 12, "hulpAangeboden": 9}, True),
        ({"gecontroleerdePersonen": 15, "personenIllegaleProstitutie": 15, "hulpAangeboden": 15}, False),
        ({"gecontroleerdePersonen": 20, "personenIllegaleProstitutie": 12, "hulpAangeboden": 12}, False),
    ],
)
def test_what_is_left_of_a_whole_is_not_small_either(cel: dict[str, int], dicht: bool) -> None:  # noqa: FBT001
    """Three that the conclusion is not about follow from the two. Broken: `rest`."""
    veil = draw(Blik.BUITEN, {("A", 2025): [NIETS | cel]}, None)
    assert (Cijfer.PERSONEN_ILLEGALE_PROSTITUTIE in veil.hidden(["A"], [2025])) is dicht
    assert Cijfer.GECONTROLEERDE_PERSONEN not in veil.hidden(["A"], [2025])


@pytest.mark.parametrize(
    ("soort", "dicht"),
    [
        ({"ggd": 5}, False),
        ({"ggd": 5, "comensha": 4}, True),
        ({"ggd": 6}, False),
        ({"ggd": 9}, True),
        ({}, False),
        ({"ggd": 10, "comensha": 10}, True),
        ({"ggd": 5, "comensha": 5}, False),
    ],
)
def test_who_was_not_referred_does_not_follow_from_who_was(soort: dict[str, int], dicht: bool) -> None:  # noqa: FBT001
    """Each kind by itself, for one person can be referred to several. Broken: `apart`, `deelt` of that row."""
    cel = NIETS | {"gecontroleerdePersonen": 22, "hulpAangeboden": 11}
    cel["hulpPerSoort"] = NIETS["hulpPerSoort"] | soort
    veil = draw(Blik.BUITEN, {("A", 2025): [cel]}, None)
    assert (Cijfer.HULP_PER_SOORT in veil.hidden(["A"], [2025])) is dicht


Vraag = tuple[tuple[str, ...], int, int]
"""Municipalities, and the first month and the one after the last, counted from the first of two years."""


def windows() -> Iterator[tuple[str, int, int]]:
    """What can be asked of two years: whole months, quarters, years, and some runs of them."""
    for unit, size in MAANDEN.items():
        runs = combinations(range(0, 25, size), 2)
        coarser = [other for other in MAANDEN.values() if other > size]
        for van, tot in runs:
            if tot - van <= 2 * size and not any(van % s == 0 and tot % s == 0 for s in coarser):
                yield unit, van, tot


def told_to(blik: Blik, world: dict[str, list[int]]) -> dict[Vraag, int]:
    """Every number that somebody is told who asks all there is to ask of one figure."""
    found: dict[Vraag, int] = {}
    asked = [codes for n in range(1, len(world) + 1) for codes in combinations(sorted(world), n)]
    for (unit, van, tot), codes in product(windows(), asked):
        size = MAANDEN[unit]
        cells = {
            (code, jaar): [
                {**NIETS, "signalen": sum(world[code][m : m + size])} for m in range(12 * jaar, 12 * jaar + 12, size)
            ]
            for code in codes
            for jaar in (0, 1)
        }
        veil = draw(blik, cells, Langs.TIJD if unit != "jaar" else None)
        if Cijfer.SIGNALEN not in veil.hidden(codes, range(van // 12, (tot - 1) // 12 + 1)):
            found[codes, van, tot] = sum(sum(world[code][van:tot]) for code in codes)
    return found


def row_of(vraag: Vraag, codes: list[str]) -> list[int]:
    """A question as the sum that it is, over the months of each municipality."""
    of, van, tot = vraag
    return [int(code in of and van <= m < tot) for code in codes for m in range(24)]


class Span:
    """What follows from a set of sums by adding and subtracting: linear algebra over a large prime."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, list[int]]] = []

    def rest(self, row: list[int]) -> list[int]:
        for pivot, known in self.rows:
            if factor := row[pivot]:
                row = [(a - factor * b) % PRIEM for a, b in zip(row, known, strict=True)]
        return row

    def add(self, row: list[int]) -> None:
        left = self.rest(row)
        pivot = next((n for n, value in enumerate(left) if value), None)
        if pivot is not None:
            inverse = pow(left[pivot], -1, PRIEM)
            self.rows.append((pivot, [value * inverse % PRIEM for value in left]))

    def tells(self, row: list[int]) -> bool:
        return not any(self.rest(row))


@pytest.mark.parametrize("blik", [Blik.BUITEN, Blik.BESTUURT])
@pytest.mark.parametrize("seed", range(6))
def test_whoever_asks_everything_and_subtracts_finds_nothing_small(seed: int, blik: Blik) -> None:
    """Of whole years who decides there is told all; of anything finer, or elsewhere, nobody can work out one to four.

    Broken: `is_open` that looks at the months asked only; the sum over municipalities told when one is closed.
    """
    rng = random.Random(seed)  # noqa: S311
    world = {code: [rng.choice((0, 0, rng.randint(0, 9), 7)) for _ in range(24)] for code in ("A", "B", "C")}
    world["A"] = [0, 5, 6, 0, 9, 5, 0, 0, 7, 8, 5, 6] + [0] * 10 + [rng.randint(1, 4), 0]
    if seed % 2:
        world["B"] = [0] * 12 + [5, 0, 0, 6] * 3
        world["C"] = [3] + [0] * 23
    told, codes = told_to(blik, world), sorted(world)
    assert told, "otherwise nothing is shown"
    span = Span()
    for vraag in told:
        span.add(row_of(vraag, codes))
    for code in codes:
        for _, van, tot in windows():
            number = sum(world[code][van:tot])
            if 0 < number < 5 and (tot - van < 12 or blik is Blik.BUITEN):
                assert not span.tells(row_of(((code,), van, tot), codes)), (code, van, tot, number)


DELEN = {"bevindingenPerCode": ("drugs", "hennep"), "hulpPerSoort": ("ggd", "opvang")}
"""Figures by kind, with two that always go together in the world below."""
BEZOEKEN = [
    (0, 0, 0, 0, 0),
    (10, 5, 20, 10, 5),
    (10, 10, 20, 10, 10),
    (10, 9, 20, 10, 10),
    (10, 5, 20, 18, 9),
    (10, 5, 20, 18, 18),
    (5, 0, 8, 8, 0),
    (7, 7, 20, 15, 10),
]
"""Of a month: controles, those where these were found, persons, of them offered help, of them referred."""
SOORTEN = (_C.CONTROLES, _C.BEVINDINGEN_PER_CODE, _C.GECONTROLEERDE_PERSONEN, _C.HULP_AANGEBODEN, _C.HULP_PER_SOORT)


def as_cel(months: Iterable[tuple[int, ...]]) -> dict[str, Any]:
    """The figures of these months together."""
    cel = dict(NIETS)
    for cijfer, number in zip(SOORTEN, map(sum, zip(*months, strict=True)), strict=True):
        cel[cijfer] = dict.fromkeys(DELEN[cijfer], number) if number and cijfer in DELEN else number or NIETS[cijfer]
    return cel


def wholes(cijfer: str) -> Iterator[str]:
    """What a figure is a part of, and what that is a part of."""
    while cijfer := cijfertafel.DEEL_VAN.get(cijfer, ""):
        yield cijfer


@pytest.mark.parametrize("blik", list(Blik))
@pytest.mark.parametrize("kinds", list(combinations(BEZOEKEN, 2)))
def test_what_is_left_of_a_whole_never_follows(blik: Blik, kinds: tuple[tuple[int, ...], ...]) -> None:
    """Of one year all is asked of visits, of what was found in them, of persons, and of help; and subtracted.

    Broken: `deelt` or `apart` of any of these rows; the `while` in `_with_rest`.
    """
    year = [kinds[m % 2] for m in range(12)]
    span = Span()

    def row(cijfer: Cijfer, van: int, tot: int, sign: int = 1) -> list[int]:
        return [sign * int(c is cijfer and van <= m < tot) for c in SOORTEN for m in range(12)]

    asked = [window for window in windows() if window[2] <= 12]
    for unit, van, tot in asked:
        size = MAANDEN[unit]
        cells = {("A", 0): [as_cel(year[m : m + size]) for m in range(0, 12, size)]}
        hidden = draw(blik, cells, Langs.TIJD if unit != "jaar" else None).hidden(["A"], [0])
        for cijfer in set(SOORTEN) - hidden:
            span.add(row(cijfer, van, tot))
    assert span.rows, "otherwise nothing is shown"
    for (_, van, tot), n in product(asked, range(len(SOORTEN))):
        cijfer, part = SOORTEN[n], sum(month[n] for month in year[van:tot])
        if not is_held_back(blik, cijfer, deel=tot - van < 12):
            continue
        assert not (0 < part < MINST and span.tells(row(cijfer, van, tot))), (cijfer, van, tot)
        for whole in wholes(cijfer) if part else ():
            left = sum(month[SOORTEN.index(Cijfer(whole))] for month in year[van:tot]) - part
            both = [a + b for a, b in zip(row(Cijfer(whole), van, tot), row(cijfer, van, tot, -1), strict=True)]
            assert not (0 < left < MINST and span.tells(both)), (cijfer, whole, van, tot, left)


PLEKKEN = ("2024-01", "2024-06", "2025-01", "2025-06")


@pytest.mark.parametrize("blik", [Blik.BUITEN, Blik.BESTUURT])
@pytest.mark.parametrize("seed", range(4))
def test_a_new_address_does_not_follow_from_how_many_there_were(seed: int, blik: Blik) -> None:
    """Places were visited in any of four months; by thema it is the same. What can be asked is how many different ones
    there were in some of them. Broken: `verschillend` of `locaties`; `samen`; each of the two ways in `_is_told`.
    """
    rng = random.Random(seed)  # noqa: S311
    patterns = [frozenset(p) for n in range(1, 5) for p in combinations(range(4), n)]
    places = {p: rng.choice((0, 1, 2, 7)) for p in patterns}

    def row(seen: set[int], unseen: set[int] = frozenset()) -> list[int]:  # type: ignore[assignment]
        return [int(bool(p & seen) and not p & unseen) for p in patterns]

    def number(seen: set[int], unseen: set[int] = frozenset()) -> int:  # type: ignore[assignment]
        return sum(n for n, here in zip(places.values(), row(seen, unseen), strict=True) if here)

    span, told = Span(), set()
    for langs in (None, Langs.TIJD, Langs.THEMA):
        years = {2024: [{0, 1}], 2025: [{2, 3}]} if langs is None else {2024: [{0}, {1}], 2025: [{2}, {3}]}
        cells = {("A", j): [NIETS | {"locaties": number(cel)} for cel in each] for j, each in years.items()}
        veil = draw(blik, cells, langs)
        for jaren in ([2024], [2025], [2024, 2025]):
            if _C.LOCATIES in veil.hidden(["A"], jaren):
                continue
            cells_asked = [cel for jaar in jaren for cel in years[jaar]]
            for seen in (*cells_asked, set[int]().union(*cells_asked)):
                span.add(row(seen))
                told.add(frozenset(seen))
    assert told == {frozenset({0, 1}), frozenset({2, 3})}, "each year"
    windows = [{0}, {1}, {2}, {3}, {0, 1}, {2, 3}]
    for seen, unseen in product(windows, windows):
        if not seen & unseen and 0 < number(seen, unseen) < MINST:
            assert not span.tells(row(seen, unseen)), (seen, unseen)


def test_what_is_told_outside_is_more_than_nothing() -> None:
    """Months are told where each has five or none. A sum with a small one in it is not: another area, cut otherwise,
    tells the rest of it."""
    world = {"A": [5] * 24, "B": [1] * 3 + [0] * 21, "C": [7] * 1 + [0] * 23}
    told = told_to(Blik.BUITEN, world)
    assert told[("A",), 0, 1] == 5
    assert (("B",), 0, 12) not in told
    assert (("A", "B"), 0, 12) not in told
    assert (("A", "B", "C"), 0, 12) not in told
    assert told[("A", "C"), 0, 12] == 67


def test_a_line_says_why_there_is_no_number() -> None:
    answer = {
        "gemeentecodes": ["GM0243"], "van": "2025-01-01", "totEnMet": "2025-12-31", "peildatum": "2026-01-02",
        "grootboekPositie": 9, "weggelaten": ["signalen"],
        **{name: value for name, value in NIETS.items() if name not in {"signalen", "hulpAangeboden"}},
        "onderdrukt": ["hulpAangeboden"], "geenGegevens": False, "gemeenten": [],
        "perioden": [{"vanaf": "2025-01-01", "totEnMet": "2025-03-31", "geenGegevens": True}],
    }  # fmt: skip
    lines = [line.strip().split(",") for line in as_csv(answer)]
    assert lines[0][:7] == ["gemeente", "vanaf", "totEnMet", "maatstaf", "kenmerk", "waarde", "onderdrukt"]
    said = {(line[1], line[2], line[3], line[4]): (line[5], line[6]) for line in lines[1:]}
    assert said["2025-01-01", "2025-12-31", "hulpAangeboden", ""] == ("", "ja")
    assert said["2025-01-01", "2025-12-31", "controles", ""] == ("0", "nee")
    assert said["2025-01-01", "2025-03-31", "controles", ""] == ("", "geen_gegevens")
    assert not [line for line in lines if line[3] == "signalen"]
