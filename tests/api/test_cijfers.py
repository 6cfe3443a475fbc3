"""The figures through the surface: over municipalities, a region, steps of time, kinds of location, corrections."""

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


@pytest.mark.parametrize(("per", "periodes"), [("maand", 1), ("kwartaal", 1), ("jaar", 1)])
async def test_steps_of_time_add_up_to_the_whole(wereld: Wereld, per: str, periodes: int) -> None:
    await build_keten(wereld)
    found = await cijfers(wereld, per=per)
    assert len(found["perioden"]) >= periodes
    for name in ("controles", "gecontroleerdePersonen", "mensenhandelsignalen", "hulpAangeboden"):
        assert sum(step[name] for step in found["perioden"]) == found[name]
    assert found["perioden"][0]["vanaf"].endswith("-01")


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
    ],
)
async def test_refusals(wereld: Wereld, wie: str, vraag: dict[str, Any], status: int) -> None:
    answer = await wereld.get(wie, "/cijfers", **(JAAR | {"gemeente": HARDERWIJK} | vraag))
    assert answer.status_code == status, answer.text


async def test_a_corrected_and_a_struck_fact_change_the_figures(wereld: Wereld) -> None:
    signaal = wereld.op(
        "boa-1", "signaal.gemeld", {"signaal": uuid7()}, {"bron": "overlastmelding", "gemeente": HARDERWIJK}
    )
    signaal["waargenomenOp"] = "2099-01-01T00:00:00Z"
    assert (await wereld.push("boa-1", signaal))[0]["vlaggen"] == ["datum_onwaarschijnlijk"]
    assert (await cijfers(wereld))["signalenPerBron"] == {}
    assert (await cijfers(wereld, totEnMet="2100-01-01"))["signalenPerBron"] == {}
    better = correctie(wereld, "boa-1", signaal, overlastsoort="geluid")
    better["waargenomenOp"] = "2026-03-01T00:00:00Z"
    assert (await wereld.push("boa-1", better))[0]["status"] == "accepted"
    assert (await cijfers(wereld))["signalenPerBron"] == {"overlastmelding": 1}
    assert (await wereld.push("boa-1", doorhaling(wereld, "boa-1", signaal, "signaal")))[0]["status"] == "accepted"
    assert (await cijfers(wereld))["signalenPerBron"] == {}


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
