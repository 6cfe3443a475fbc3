"""The figures through the surface: over municipalities, a region, steps of time, kinds of location, corrections."""

import csv
import io
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from tests.hulp.keten import HARDERWIJK, build_keten
from tests.hulp.sync_proef import correctie, doorhaling
from tests.hulp.wereld import Wereld

JAAR = {"van": "2026-01-01", "totEnMet": "2026-12-31"}


async def cijfers(wereld: Wereld, wie: str = "regisseur-1", **vraag: Any) -> dict[str, Any]:
    answer = await wereld.get(wie, "/cijfers", **(JAAR | {"gemeente": HARDERWIJK} | vraag))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_what_was_found_is_counted_once(wereld: Wereld) -> None:
    await build_keten(wereld)
    found = await cijfers(wereld)
    assert (found["controles"], found["gecontroleerdePersonen"], found["personenIllegaleProstitutie"]) == (1, 2, 1)
    assert found["locatiesPerSoort"] == {"woning": 1}
    assert found["lastOnderDwangsom"] == {"aantal": 1, "bedragPerLast": 500_000, "bedragTotaal": 500_000}
    assert (found["mensenhandelsignalen"], found["hulpAangeboden"]) == (1, 1)
    assert set(found["definities"]) >= {"controles", "locaties", "dwangsomVerbeurd"}
    assert found["grootboekPositie"] > 0


async def test_several_municipalities_and_a_region_add_up(wereld: Wereld) -> None:
    await build_keten(wereld)
    both = await cijfers(wereld, gemeente=["GM0243", "GM0233"])
    assert both["controles"] == 2
    assert "gemeentecode" not in {key for key, value in both.items() if value is not None}
    mine = (await wereld.get("regisseur-1", "/cijfers", **JAAR)).json()
    assert (mine["gemeentecodes"], mine["controles"]) == (["GM0233", "GM0243", "GM0273"], 2), "all that are his"
    regio = str(uuid7())
    await wereld.make(
        "beheerder",
        "/organisaties",
        {
            "onderwerp": {"organisatie": regio},
            "inhoud": {"soort": "regio", "naam": "Veluwe-West", "gemeenten": ["GM0243", "GM0233"]},
        },
    )
    answer = await wereld.get("regisseur-1", "/cijfers", **JAAR, regio=regio)
    assert answer.json()["controles"] == 2


@pytest.mark.parametrize(("per", "periodes"), [("maand", 12), ("kwartaal", 4), ("jaar", 1)])
async def test_steps_of_time_and_municipalities_add_up_to_the_whole(wereld: Wereld, per: str, periodes: int) -> None:
    """Empty ones are there too. What lies before the first that is known, or after today, is no nought."""
    await build_keten(wereld)
    found = await cijfers(wereld, gemeente=["GM0233", "GM0243", "GM0273"], per=per, perGemeente=True)
    assert [each["gemeentecode"] for each in found["gemeenten"]] == ["GM0233", "GM0243", "GM0273"]
    assert found["gemeenten"][2]["geenGegevens"] is True
    for name in ("controles", "gecontroleerdePersonen", "mensenhandelsignalen"):
        assert sum(step.get(name, 0) for step in found["perioden"]) == found[name]
        assert sum(each.get(name, 0) for each in found["gemeenten"]) == found[name]
    for each in (found, *found["gemeenten"]):
        assert len(each["perioden"]) == periodes
        assert each["perioden"][0]["vanaf"] == "2026-01-01"
        assert each["perioden"][-1]["totEnMet"] == "2026-12-31"
    if per == "maand":
        steps = {step["vanaf"]: step for step in found["perioden"]}
        assert {vanaf for vanaf, step in steps.items() if "controles" in step} >= {"2026-08-01", "2026-09-01"}
        nothing = {"vanaf": "2026-07-01", "totEnMet": "2026-07-31", "onderdrukt": [], "geenGegevens": True}
        assert steps["2026-07-01"] == nothing
        assert (steps["2026-08-01"]["controles"], steps["2026-09-01"]["controles"]) == (2, 0)


async def test_years_stand_side_by_side(wereld: Wereld) -> None:
    await build_keten(wereld)
    found = await cijfers(wereld, van="2024-01-01", per="jaar")
    assert [(year["vanaf"], year.get("controles")) for year in found["perioden"]] == [
        ("2024-01-01", None),
        ("2025-01-01", None),
        ("2026-01-01", 1),
    ]
    assert [year["geenGegevens"] for year in found["perioden"]] == [True, True, False]


async def test_what_was_found_suffered_handed_over_and_helped_with(wereld: Wereld) -> None:
    keten = await build_keten(wereld)
    signaal = wereld.op(
        "boa-1",
        "signaal.gemeld",
        {"signaal": uuid7()},
        {"bron": "overlastmelding", "gemeente": HARDERWIJK, "overlastsoort": "geluid"},
    )
    offer = {"doorverwezenNaar": ["comensha", "ggd"], "toestemming": True}
    helped = wereld.op("boa-1", "hulp.aangeboden", {"controle": keten["afgerond"]}, offer)
    assert [r["status"] for r in await wereld.push("boa-1", signaal, helped)] == ["accepted"] * 2
    body = {"inhoud": {"aan": str(wereld.organisaties["pct-oost"])}}
    await wereld.make("pct-1", f"/mensenhandelsignalen/{keten['mensenhandel']}/overdracht", body)
    found = await cijfers(wereld)
    assert found["bevindingenPerCode"] == {"aanbod_tegen_betaling": 1}
    assert (found["hulpAangeboden"], found["hulpPerSoort"]) == (2, {"comensha": 1, "ggd": 1})
    assert found["signalenPerOverlastsoort"] == {"geluid": 1}
    assert found["signalen"] == sum(found["signalenPerBron"].values()) > 1
    assert (found["mensenhandelsignalen"], found["mensenhandelsignalenOvergedragen"]) == (1, 1)
    assert set(found["definities"]) >= {"hulpPerSoort", "bevindingenPerCode", "mensenhandelsignalenOvergedragen"}


async def test_a_hennep_controle_does_not_count_as_prostitutie(wereld: Wereld) -> None:
    """And what says nothing of a thema is left out, and named: it is not nought. Broken: `f.thema = :thema`."""
    keten = await build_keten(wereld)
    start = {"benadering": "aangebeld", "situatie": "niemand_aanwezig", "thema": "hennep"}
    here = {"controle": uuid7(), "locatie": keten["pand"]}
    telling = wereld.op("boa-1", "telling.vastgelegd", {"controle": here["controle"]}, {"perRol": {"bewoner": 3}})
    pushed = await wereld.push("boa-1", wereld.op("boa-1", "controle.gestart", here, start), telling)
    assert [r["status"] for r in pushed] == ["accepted"] * 2
    every = await cijfers(wereld)
    assert (every["controles"], every["controlesPerThema"]) == (2, {"hennep": 1, "prostitutie": 1})
    by = {thema: await cijfers(wereld, thema=thema) for thema in ("hennep", "prostitutie", "woonfraude")}
    persons = {thema: (each["controles"], each["gecontroleerdePersonen"]) for thema, each in by.items()}
    assert persons == {"hennep": (1, 3), "prostitutie": (1, 2), "woonfraude": (0, 0)}
    assert {"signalen", "lastOnderDwangsom", "mensenhandelsignalen"} <= set(by["hennep"]["weggelaten"])
    assert not by["hennep"].keys() & set(by["hennep"]["weggelaten"])
    assert every["weggelaten"] == []
    assert "signalen" in (await cijfers(wereld, locatiesoort="woning"))["weggelaten"]


async def test_the_table_says_what_the_answer_says(wereld: Wereld) -> None:
    """Every number of the answer stands in one line, and no line says another. Broken: any line out of `rows`."""
    await build_keten(wereld)
    asked = JAAR | {"gemeente": ["GM0233", "GM0243"], "per": "kwartaal", "perGemeente": True}
    answer = (await wereld.get("regisseur-1", "/cijfers", **asked)).json()
    table = await wereld.get("regisseur-1", "/cijferregels", **asked)
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    lines = list(csv.DictReader(io.StringIO(table.text)))
    assert {line["definitie"] for line in lines} <= set(answer["definities"].values())
    by = {
        (r["gemeente"], r["vanaf"], r["totEnMet"], ".".join(filter(None, (r["maatstaf"], r["kenmerk"])))): r
        for r in lines
    }
    assert len(by) == len(lines)
    blocks = [("GM0233 GM0243", answer), *((each["gemeentecode"], each) for each in answer["gemeenten"])]
    wanted: dict[tuple[str, str, str, str], str] = {}
    for code, block in blocks:
        days = {"vanaf": JAAR["van"], "totEnMet": JAAR["totEnMet"]}
        for step in ({**block, **days}, *block["perioden"]):
            for name in answer["definities"].keys() & step.keys():
                for path, number in flat(step[name], name):
                    wanted[code, step["vanaf"], step["totEnMet"], path] = number
    assert {key: line["waarde"] for key, line in by.items() if line["onderdrukt"] == "nee"} == wanted
    assert {line["eenheid"] for line in lines if line["kenmerk"].startswith("bedrag")} == {"eurocent"}
    assert {line["grootboekPositie"] for line in lines} == {str(answer["grootboekPositie"])}
    assert (await wereld.get("boa-1", "/cijferregels", **asked)).status_code == 403


def flat(value: Any, path: str) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [one for name, each in value.items() for one in flat(each, f"{path}.{name}")]
    if isinstance(value, list):
        return [one for n, each in enumerate(value, 1) for one in flat(each, f"{path}.{n}")]
    return [(path, "" if value is None else str(value))]


async def test_a_kind_of_location_leaves_out_the_others(wereld: Wereld) -> None:
    await build_keten(wereld)
    assert (await cijfers(wereld, locatiesoort="woning"))["controles"] == 1
    hotel = await cijfers(wereld, locatiesoort="hotel")
    assert (hotel["controles"], hotel["gecontroleerdePersonen"], hotel["locaties"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("wie", "vraag", "status"),
    [
        ("regisseur-1", {"gemeente": "GM9999"}, 404),
        ("burgemeester-1", {"gemeente": "GM0233"}, 404),
        ("boa-1", {}, 403),
        ("regisseur-1", {"van": "2027-01-01"}, 400),
        ("regisseur-1", {"van": "gisteren"}, 400),
        ("regisseur-1", {"regio": "00000000-0000-7000-8000-000000000000"}, 404),
        ("regisseur-1", {"per": "week"}, 400),
        ("regisseur-1", {"thema": "wiet"}, 400),
        ("regisseur-1", {"van": "1200-01-01", "per": "maand"}, 400),
        ("jurist-1", {"gemeente": "GM0233"}, 404),
        ("jurist-1", {}, 200),
        ("pct-1", {}, 200),
        ("pct-1", {"gemeente": "GM0344"}, 404),
        ("aandachtsfunctionaris-1", {}, 403),
    ],
)
async def test_figures_that_one_may_not_ask(wereld: Wereld, wie: str, vraag: dict[str, Any], status: int) -> None:
    answer = await wereld.get(wie, "/cijfers", **(JAAR | {"gemeente": HARDERWIJK} | vraag))
    assert answer.status_code == status, answer.text


async def test_a_corrected_and_a_struck_fact_change_the_figures(wereld: Wereld) -> None:
    signaal = wereld.op(
        "boa-1", "signaal.gemeld", {"signaal": uuid7()}, {"bron": "overlastmelding", "gemeente": HARDERWIJK}
    )
    signaal["waargenomenOp"] = "2099-01-01T00:00:00Z"
    assert (await wereld.push("boa-1", signaal))[0]["vlaggen"] == ["datum_onwaarschijnlijk"]
    for tot in (JAAR["totEnMet"], "2100-01-01"):
        assert (await cijfers(wereld, totEnMet=tot))["geenGegevens"] is True, "nothing that counts is known yet"
    better = correctie(wereld, "boa-1", signaal, overlastsoort="geluid")
    better["waargenomenOp"] = "2026-03-01T00:00:00Z"
    assert (await wereld.push("boa-1", better))[0]["status"] == "accepted"
    assert (await cijfers(wereld))["signalenPerBron"] == {"overlastmelding": 1}
    assert (await wereld.push("boa-1", doorhaling(wereld, "boa-1", signaal, "signaal")))[0]["status"] == "accepted"
    assert "signalenPerBron" not in await cijfers(wereld)


async def test_an_unsettled_difference_counts_once_and_is_told(wereld: Wereld) -> None:
    keten = await build_keten(wereld)
    start = wereld.op(
        "pct-1",
        "controle.gestart",
        {"controle": keten["afgerond"], "locatie": keten["pand"]},
        {"benadering": "aangebeld", "situatie": "niemand_aanwezig"},
    )
    assert (await wereld.push("pct-1", start))[0]["status"] == "accepted"
    found = await cijfers(wereld)
    assert (found["controles"], found["onbeslisteVerschillen"]) == (1, 1)


async def test_what_was_adopted_is_not_rewritten(wereld: Wereld) -> None:
    keten = await build_keten(wereld)
    inhoud = {
        "soort": "bestuurlijke_rapportage",
        "controles": [str(keten["afgerond"])],
        "gemeente": HARDERWIJK,
        "tekst": "Eerst.",
    }
    op = wereld.op("pct-1", "rapportage.opgemaakt", {"rapportage": uuid7()}, inhoud)
    assert (await wereld.push("pct-1", op))[0]["status"] == "accepted"
    assert (await wereld.push("pct-1", correctie(wereld, "pct-1", op, tekst="Beter.")))[0]["status"] == "accepted"
    pad = f"/rapportages/{op['onderwerp']['rapportage']}"
    await wereld.make("pct-1", f"{pad}/vaststelling", {"inhoud": {"vastgesteldOp": "2026-08-20"}})
    late = correctie(wereld, "pct-1", op, tekst="Anders.")
    assert [(r["status"], r["code"]) for r in await wereld.push("pct-1", late)] == [("quarantined", "regel_geschonden")]
    assert (await wereld.get("pct-1", pad)).json()["tekst"] == "Beter."
