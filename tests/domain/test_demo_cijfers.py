import copy

import pytest

from app.demo.cijfers import MISSING, compare, in_euro, render_table
from app.demo.gegevens import read_gegevens

VERWACHT = read_gegevens()["verwacht"]
BEREKEND = {
    **copy.deepcopy(VERWACHT),
    "peildatum": "2024-01-05T10:00:00Z",
    "lastOnderDwangsom": {"aantal": 2, "bedragPerLast": 500000, "bedragTotaal": 1000000},
    "definities": {},
}


SPAN = {"van": "2022-01-01", "totEnMet": "2022-12-31"}


def leaves(figures: dict) -> int:
    return sum(
        leaves(value) if isinstance(value, dict) and key != "locatiesPerSoort" else 1 for key, value in figures.items()
    )


@pytest.mark.parametrize(
    ("cent", "text"),
    [(0, "0"), (50, "0,50"), (500000, "5.000"), (500005, "5.000,05"), (123456789, "1.234.567,89")],
)
def test_amounts_are_written_as_in_dutch(cent, text):
    assert in_euro(cent) == text


def test_every_published_figure_is_compared():
    rows = compare(BEREKEND, VERWACHT)
    assert len(rows) == leaves(VERWACHT) == 15
    assert all(row.gelijk for row in rows)
    assert ("lastOnderDwangsom.bedragPerLast", 500000, 500000, True) in rows


@pytest.mark.parametrize("pad", [row.pad for row in compare(BEREKEND, VERWACHT)])
def test_one_figure_that_differs_is_the_only_one_found(pad):
    other = copy.deepcopy(BEREKEND)
    *above, last = pad.split(".")
    inside = other
    for key in above:
        inside = inside[key]
    inside[last] = "iets anders"
    assert [row.pad for row in compare(other, VERWACHT) if not row.gelijk] == [pad]
    del inside[last]
    assert [row.berekend for row in compare(other, VERWACHT) if not row.gelijk] == [MISSING]


def test_a_kind_of_location_too_many_differs():
    other = BEREKEND | {"locatiesPerSoort": {"woning": 4, "hotel": 1}}
    assert [row.pad for row in compare(other, VERWACHT) if not row.gelijk] == ["locatiesPerSoort"]


def test_the_list_of_the_article_with_a_tick_on_each_line():
    lines = render_table(BEREKEND, VERWACHT).splitlines()
    assert lines[0] == "De cijfers op een rij, van 1-1-2023 tot en met 31-12-2023"
    assert [line[2] for line in lines[3:]] == ["✓"] * 7
    said = [" ".join(line.split()) for line in lines[3:]]
    assert said[0] == "✓ Controles uitgevoerd 7 7"
    assert said[3] == "✓ Last onder dwangsom 2x (5.000 euro) 2x (5.000 euro)"
    assert said[6].endswith("1x (gesloten voor 3 maanden) 1x (gesloten voor 3 maanden)")


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"controles": 8}, 0),
        ({"personenIllegaleProstitutie": 14}, 1),
        ({"locatiesPerSoort": {"woning": 3, "hotel": 1}}, 2),
        ({"lastOnderDwangsom": {"aantal": 2, "bedragPerLast": None}}, 3),
        ({"lastOnderBestuursdwang": {"aantal": 2}}, 4),
        ({"dwangsomVerbeurd": {"aantal": 1, "bedrag": 400000}}, 5),
        ({"bestuursdwangToegepast": {"aantal": 1, "sluitingen": [{"duurMaanden": 1}]}}, 6),
    ],
)
def test_a_line_that_differs_is_crossed(change, line):
    lines = render_table(BEREKEND | change, VERWACHT).splitlines()[3:]
    assert [n for n, text in enumerate(lines) if text[2] == "✗"] == [line]


def test_without_published_figures_there_is_nothing_to_tick():
    text = render_table(BEREKEND, None)
    assert "Gepubliceerd" not in text
    assert "✓" not in text
    assert len(text.splitlines()) == 2 + 7


def test_what_is_held_back_or_unknown_is_told_as_that():
    small = {key: value for key, value in BEREKEND.items() if key != "gecontroleerdePersonen"}
    lines = render_table(small | {"onderdrukt": ["gecontroleerdePersonen"]}, None).splitlines()
    assert lines[3].endswith("niet getoond: te klein, of daaruit te berekenen")
    assert lines[2].split()[-1] == "7"
    assert "Geen gegevens" in render_table({**SPAN, "geenGegevens": True}, None)


def test_an_empty_year_can_be_read_too():
    empty = {
        "van": "2024-01-01",
        "totEnMet": "2024-12-31",
        "controles": 0,
        "gecontroleerdePersonen": 0,
        "personenIllegaleProstitutie": 0,
        "locaties": 0,
        "locatiesPerSoort": {},
        "lastOnderDwangsom": {"aantal": 0, "bedragPerLast": None},
        "lastOnderBestuursdwang": {"aantal": 0},
        "dwangsomVerbeurd": {"aantal": 0, "bedrag": 0},
        "bestuursdwangToegepast": {"aantal": 0, "sluitingen": []},
    }
    assert [line.split()[-1] for line in render_table(empty, None).splitlines()[-4:]] == ["0x"] * 4
