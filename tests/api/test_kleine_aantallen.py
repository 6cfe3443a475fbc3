"""Small numbers through the surface: who asks what he may, and puts the answers together (ADR 28)."""

from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from app.postgres import Server
from tests.hulp.keten import ERMELO, HARDERWIJK
from tests.hulp.sync_proef import select
from tests.hulp.wereld import Wereld

PUTTEN = "GM0273"
JAREN = {jaar: {"van": f"{jaar}-01-01", "totEnMet": f"{jaar}-12-31"} for jaar in (2024, 2025)}
GEMELD = {
    HARDERWIJK: {"2024-01": 3, "2024-03": 9, "2025-01": 7, "2025-02": 6},
    ERMELO: {"2025-01": 3},
    PUTTEN: {"2025-06": 3},
}
"""How many signalen in which month."""


@pytest.fixture
async def wereld(wereld: Wereld) -> Wereld:
    """Signalen as above, and in Harderwijk in 2025 one controle in May and five in June, each of two persons."""
    ops = []
    for gemeente, months in GEMELD.items():
        for month, number in months.items():
            for _ in range(number):
                op = wereld.op(
                    "regisseur-1",
                    "signaal.gemeld",
                    {"signaal": uuid7()},
                    {"bron": "overlastmelding", "gemeente": gemeente},
                )
                ops.append(op | {"waargenomenOp": f"{month}-10T12:00:00Z"})
    locatie = {"locatie": uuid7()}
    pand = {"soort": "woning", "feitelijkBewoond": "nee", "gemeente": HARDERWIJK, "bagId": "0243010000000001"}
    ops.append(wereld.op("regisseur-1", "locatie.vastgelegd", locatie, pand))
    for day in ("05-01", "06-01", "06-02", "06-03", "06-04", "06-05"):
        here, moment = {"controle": uuid7()}, {"waargenomenOp": f"2025-{day}T12:00:00Z"}
        start = {"benadering": "aangebeld", "situatie": "toegang_verleend"}
        ops.append(wereld.op("regisseur-1", "controle.gestart", {**here, **locatie}, start) | moment)
        ops.append(wereld.op("regisseur-1", "telling.vastgelegd", here, {"perRol": {"klant": 2}}) | moment)
    results = await wereld.push("regisseur-1", *ops)
    assert {r["status"] for r in results} == {"accepted"}
    return wereld


async def ask(wereld: Wereld, wie: str, jaar: int, **vraag: Any) -> dict[str, Any]:
    answer = await wereld.get(wie, "/cijfers", **(JAREN[jaar] | {"gemeente": HARDERWIJK} | vraag))
    assert answer.status_code == 200, answer.text
    found = answer.json()
    for block in (found, *found["perioden"], *found["gemeenten"]):
        assert not block.keys() & set(block["onderdrukt"]), "what is held back is not there"
    return found


def signalen(found: dict[str, Any]) -> list[Any]:
    """Of each step of time the number, None where it is held back."""
    return [step.get("signalen") for step in found["perioden"]]


HULP = ["hulpAangeboden", "hulpPerSoort"]


async def test_who_steers_is_told_everything_but_the_help_at_one_door(wereld: Wereld) -> None:
    """Of his own documents he reads none of it. Broken: the row of `KLEIN`; `unit == DAG`; `sum(cuts(…)) > 1`."""
    found = await ask(wereld, "regisseur-1", 2024, per="maand")
    assert signalen(found) == [3, 0, 9, *[0] * 9]
    day = {"van": "2025-05-01", "totEnMet": "2025-05-01", "locatiesoort": "woning", "thema": "prostitutie"}
    one = await ask(wereld, "regisseur-1", 2025, **day)
    assert (one["controles"], one["gecontroleerdePersonen"], one["onderdrukt"]) == (1, 2, HULP)
    for vraag in (
        {"van": "2025-05-02"},
        {"per": "maand", "van": "2025-05-02"},
        {"locatiesoort": "hotel", "thema": "prostitutie"},
    ):
        assert (await ask(wereld, "regisseur-1", 2025, **vraag))["onderdrukt"] == HULP, vraag
    both = await ask(wereld, "regisseur-1", 2025, per="maand", locatiesoort="hotel")
    assert [both["onderdrukt"], both["perioden"][5]["onderdrukt"]] == [[], HULP]
    for vraag in ({}, {"locatiesoort": "woning"}, {"per": "maand"}, {"van": "2025-04-01", "totEnMet": "2025-06-30"}):
        assert (await ask(wereld, "regisseur-1", 2025, **vraag))["onderdrukt"] == [], "nobody was offered any"
    op = wereld.op(
        "regisseur-1",
        "telling.vastgelegd",
        {"controle": UUID((await wereld.get("regisseur-1", "/controles", totaal=True)).json()["resultaten"][0]["id"])},
        {"perRol": {"sekswerker": 3}, "hulpAangeboden": 2},
    )
    await wereld.push("regisseur-1", op | {"waargenomenOp": "2025-06-05T13:00:00Z"})
    whole = await ask(wereld, "regisseur-1", 2025, per="maand")
    assert (whole["hulpAangeboden"], whole["onderdrukt"]) == (2, []), "of a year he is told"
    assert [step["onderdrukt"] for step in whole["perioden"]] == [["hulpAangeboden"]] * 12


@pytest.mark.parametrize("wie", ["burgemeester-1", "jurist-1"])
async def test_who_decides_is_told_the_year_and_what_is_not_small_of_it(wereld: Wereld, wie: str) -> None:
    """One small month and none is told: the others would give it away. Broken: `not any(0 < n < MINST …)`."""
    small = await ask(wereld, wie, 2024, per="maand")
    assert small["signalen"] == 12
    assert signalen(small) == [None] * 12
    alone = await ask(wereld, wie, 2024, van="2024-03-01", totEnMet="2024-03-31")
    assert "signalen" in alone["onderdrukt"], "nine, but with the year it gives the other month away"
    assert signalen(await ask(wereld, wie, 2025, per="maand")) == [7, 6, *[0] * 10]
    visits = await ask(wereld, wie, 2025, per="maand")
    assert (visits["controles"], visits["gecontroleerdePersonen"]) == (6, 12)
    may = visits["perioden"][4]
    assert {"controles", "gecontroleerdePersonen", "locaties"} <= set(may["onderdrukt"]), "one controle is an address"
    assert may["lastOnderDwangsom"]["aantal"] == 0, "what was decided was made known"


@pytest.mark.parametrize(
    ("wie", "vraag"),
    [
        ("burgemeester-1", {"van": "2025-05-01", "totEnMet": "2025-05-01"}),
        ("burgemeester-1", {"van": "2025-01-01", "totEnMet": "2025-12-30"}),
        ("pct-1", {"van": "2025-01-02", "totEnMet": "2025-12-31"}),
        ("jurist-1", {"per": "maand", "locatiesoort": "woning"}),
        ("burgemeester-1", {"van": "2025-05-01", "totEnMet": "2025-05-31", "locatiesoort": "woning"}),
        ("burgemeester-1", {"van": "2025-04-01", "totEnMet": "2025-06-30", "thema": "prostitutie"}),
        ("pct-1", {"thema": "prostitutie", "locatiesoort": "woning"}),
    ],
)
async def test_what_would_point_at_one_is_no_question(wereld: Wereld, wie: str, vraag: dict[str, str]) -> None:
    """Each is one for who steers. Broken: each part of `cuts`, `unit_of`."""
    asked = JAREN[2025] | {"gemeente": HARDERWIJK} | vraag
    for pad in ("/cijfers", "/cijferregels"):
        answer = await wereld.get(wie, pad, **asked)
        assert answer.status_code == 400
        assert "Voor uw rol" in answer.json()["detail"]
    assert (await wereld.get("regisseur-1", "/cijfers", **asked)).status_code == 200


async def test_outside_small_ones_are_not_told_nor_what_they_follow_from(wereld: Wereld) -> None:
    """Municipalities of which one is small tell no sum: who may ask of two areas, or asks a colleague, subtracts."""

    async def told(*gemeenten: str, **vraag: Any) -> Any:
        return (await ask(wereld, "pct-1", 2025, gemeente=list(gemeenten), **vraag)).get("signalen")

    assert await told(HARDERWIJK) == 13
    assert [await told(ERMELO), await told(HARDERWIJK, ERMELO), await told(ERMELO, PUTTEN)] == [None] * 3
    every = await ask(wereld, "pct-1", 2025, gemeente=[HARDERWIJK, ERMELO, PUTTEN], perGemeente=True)
    assert "signalen" not in every
    assert [each.get("signalen") for each in every["gemeenten"]] == [None, 13, None]
    assert "signalenPerBron" in every["onderdrukt"]
    assert await told(HARDERWIJK, van="2024-01-01", totEnMet="2025-12-31") == 25
    assert (await ask(wereld, "pct-1", 2025))["controles"] == 6, "visits of a year are told"
    months = await ask(wereld, "pct-1", 2025, gemeente=[HARDERWIJK, ERMELO, PUTTEN], per="maand")
    assert signalen(months) == [None] * 12


async def test_by_thema_or_kind_of_place_one_small_kind_is_not_told_either(wereld: Wereld) -> None:
    """The others of that year are not, for the sum is known. Broken: `deel` out of `_veil`."""
    whole = await ask(wereld, "burgemeester-1", 2025, thema="prostitutie")
    assert (whole["controles"], whole["gecontroleerdePersonen"]) == (6, 12)
    start = {"benadering": "aangebeld", "situatie": "niemand_aanwezig", "thema": "hennep"}
    controle, locatie = {"controle": uuid7()}, {"locatie": uuid7()}
    pand = {"soort": "hotel", "feitelijkBewoond": "nee", "gemeente": HARDERWIJK, "bagId": "0243010000000002"}
    moment = {"waargenomenOp": "2025-07-01T12:00:00Z"}
    ops = [
        wereld.op("boa-1", "locatie.vastgelegd", locatie, pand),
        wereld.op("boa-1", "controle.gestart", {**controle, **locatie}, start) | moment,
    ]
    assert {r["status"] for r in await wereld.push("boa-1", *ops)} == {"accepted"}
    for vraag in ({"thema": "prostitutie"}, {"thema": "hennep"}, {"locatiesoort": "woning"}, {"locatiesoort": "hotel"}):
        assert "controles" in (await ask(wereld, "burgemeester-1", 2025, **vraag))["onderdrukt"], vraag
    year = await ask(wereld, "burgemeester-1", 2025)
    assert (year["controles"], year["locatiesPerSoort"]) == (7, {"hotel": 1, "woning": 1}), "as the town published"
    assert "controlesPerThema" in year["onderdrukt"]


async def test_each_question_is_written_down(wereld: Wereld, database: Server) -> None:
    """Who asked what, of figures and of the table; nothing of what is refused. Broken: `note_inzage` out of it."""
    log = "SELECT functionaris, hulpbron, toelichting, veldklassen FROM bedrijf.inzage ORDER BY id"
    for wie, pad, status, vraag in (
        ("pct-1", "/cijfers", 200, {"gemeente": [HARDERWIJK, ERMELO], "per": "jaar", "perGemeente": True}),
        ("burgemeester-1", "/cijferregels", 200, {"thema": "hennep"}),
        ("burgemeester-1", "/cijfers", 404, {"gemeente": ERMELO}),
        ("jurist-1", "/cijferregels", 400, {"van": "2025-05-05"}),
        ("boa-1", "/cijfers", 403, {}),
    ):
        assert (await wereld.get(wie, pad, **JAREN[2025] | vraag)).status_code == status, (wie, pad)
    asked = [
        ("pct-1", "gemeente=GM0233,GM0243 van=2025-01-01 totEnMet=2025-12-31 per=jaar perGemeente"),
        ("burgemeester-1", "gemeente=GM0243 van=2025-01-01 totEnMet=2025-12-31 thema=hennep"),
    ]
    assert await select(database, log) == [
        (wereld.mensen[wie].functionaris, "cijfers", what, []) for wie, what in asked
    ]


async def test_different_places_are_told_of_one_year(wereld: Wereld) -> None:
    """Of two together it would follow how many were there again. Broken: `samen` in `Sluier.hidden`."""
    vraag = {"van": "2024-01-01", "per": "jaar"}
    both = await ask(wereld, "burgemeester-1", 2025, **vraag)
    assert {"locaties", "locatiesPerSoort"} <= set(both["onderdrukt"])
    assert [step["locaties"] for step in both["perioden"]] == [0, 1]
    assert (await ask(wereld, "regisseur-1", 2025, **vraag))["locaties"] == 1


async def test_since_when_anything_is_known_is_told_by_the_year(wereld: Wereld) -> None:
    """In which month would tell of the first. Broken: `per_jaar` always False."""
    for wie, unknown in (("regisseur-1", [True, False, False, False]), ("pct-1", [False] * 4)):
        found = await ask(wereld, wie, 2025, gemeente=PUTTEN, per="kwartaal")
        assert [step["geenGegevens"] for step in found["perioden"]] == unknown
