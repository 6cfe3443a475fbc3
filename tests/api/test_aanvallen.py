"""What an attacker from within tried, and must go on failing."""

from typing import Any

from uuid_utils.compat import uuid7

from tests.hulp.keten import HARDERWIJK, book, build_keten
from tests.hulp.sync_proef import ALTIJD, accepted, controle, correctie, doorhaling, melding, mensenhandel, verdict
from tests.hulp.wereld import Wereld, add_mens, confirm_role


def grant(wereld: Wereld, wie: str, rol: str) -> dict[str, Any]:
    return {
        "onderwerp": {"roltoewijzing": str(uuid7())},
        "inhoud": {
            "functionaris": str(wereld.mensen[wie].functionaris),
            "rol": rol,
            "organisatie": str(wereld.organisaties["harderwijk"]),
            "gemeenten": [HARDERWIJK],
            "van": "2022-01-01T00:00:00+01:00",
            "grondslag": "aanstelling",
        },
    }


async def test_the_administrator_gives_himself_no_role(wereld: Wereld) -> None:
    answer = await wereld.post("beheerder", "/roltoewijzingen", grant(wereld, "beheerder", "regisseur"))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problemen/regel-geschonden")


async def test_a_right_is_never_rewritten(wereld: Wereld) -> None:
    """Broken: without `bevroren` on roltoewijzing.verleend a running token becomes regisseur."""
    made = grant(wereld, "boa-1", "boa")
    given = await wereld.make("beheerder", "/roltoewijzingen", made)
    wider = made | {"inhoud": made["inhoud"] | {"rol": "regisseur"}, "corrigeert": given["opId"]}
    answer = await wereld.post("beheerder", "/roltoewijzingen", wider | {"basis": given["opId"], "reden": "ruimer"})
    assert answer.status_code == 409


async def test_a_correction_says_who_made_it_and_why(wereld: Wereld) -> None:
    keten = await build_keten(wereld)
    here = {"controle": keten["afgerond"], "bevinding": uuid7()}
    (op,) = await book(
        wereld, "boa-1", ("bevinding.vastgelegd", here, {"code": "drugs", "aard": "feit", "wijze": "waargenomen"})
    )
    better = correctie(wereld, "pct-1", op, tekst="op tafel")
    await accepted(wereld, "pct-1", better)
    doc = (await wereld.get("boa-1", f"/controles/{keten['afgerond']}")).json()
    (change,) = doc["correcties"]
    assert change["registratie"] == op["opId"]
    assert change["door"] == {"functionaris": str(wereld.mensen["pct-1"].functionaris), "rol": "pct"}
    assert change["reden"] == "vergissing"


async def test_what_another_saw_is_not_struck(wereld: Wereld) -> None:
    keten = await build_keten(wereld)
    here = {"controle": keten["afgerond"], "bevinding": uuid7()}
    (op,) = await book(
        wereld, "boa-1", ("bevinding.vastgelegd", here, {"code": "drugs", "aard": "feit", "wijze": "waargenomen"})
    )
    strike = doorhaling(wereld, "pct-1", op, "controle")
    assert verdict((await wereld.push("pct-1", strike))[0]) == ("quarantined", "recht_ontbreekt")


async def test_a_signal_that_was_followed_is_no_longer_its_writers(wereld: Wereld) -> None:
    op = mensenhandel(wereld, "boa-1")
    await accepted(wereld, "boa-1", op)
    ident = op["onderwerp"]["mensenhandelsignaal"]
    await wereld.make("pct-1", f"/mensenhandelsignalen/{ident}/opvolging", {"inhoud": {"status": "in_onderzoek"}})
    gone = doorhaling(wereld, "boa-1", op, "mensenhandelsignaal")
    assert verdict((await wereld.push("boa-1", gone))[0]) == ("quarantined", "regel_geschonden")


async def test_a_controle_never_vanishes_for_the_regisseur(wereld: Wereld) -> None:
    locatie, start = controle(wereld, "boa-1")
    await accepted(wereld, "boa-1", locatie, start)
    await accepted(wereld, "boa-1", doorhaling(wereld, "boa-1", start, "controle"))
    ident = start["onderwerp"]["controle"]
    doc = (await wereld.get("regisseur-1", f"/controles/{ident}")).json()
    assert (doc["status"], doc["correcties"][0]["reden"]) == ("doorgehaald", "dubbel vastgelegd")
    assert (await wereld.get("regisseur-1", f"/attenderingen/{ident}")).status_code == 200


async def test_a_place_that_others_stand_on_is_not_struck(wereld: Wereld) -> None:
    locatie, start = controle(wereld, "boa-1")
    await accepted(wereld, "boa-1", locatie, start)
    strike = doorhaling(wereld, "boa-1", locatie, "locatie")
    assert verdict((await wereld.push("boa-1", strike))[0]) == ("quarantined", "regel_geschonden")


async def test_only_the_place_that_is_shown_holds_it(wereld: Wereld) -> None:
    """A controle names the second of two locaties with one address; and all comes in one batch.

    Which of them was first its writer is never shown. Nothing dangles: who is shown the first can read it still.
    Broken: stood_on without the documents of the batch itself accepts both strikes.
    """
    first, start = controle(wereld, "boa-1")
    second = wereld.op("boa-1", "locatie.vastgelegd", {"locatie": uuid7()}, first["inhoud"])
    start["onderwerp"]["locatie"] = second["onderwerp"]["locatie"]
    strikes = [doorhaling(wereld, "boa-1", locatie, "locatie") for locatie in (first, second)]
    results = await wereld.push("boa-1", first, second, start, *strikes)
    refused = ("quarantined", "regel_geschonden")
    assert [verdict(result) for result in results] == [*[("accepted", None)] * 4, refused]
    later = doorhaling(wereld, "boa-1", second, "locatie")
    assert [verdict(result) for result in await wereld.push("boa-1", later)] == [refused]
    for wie, shown, struck in (("boa-1", second, None), ("regisseur-1", first, True)):
        doc = (await wereld.get(wie, f"/controles/{start['onderwerp']['controle']}")).json()
        assert doc["locatie"] == shown["onderwerp"]["locatie"]
        place = await wereld.get(wie, f"/locaties/{doc['locatie']}")
        assert (place.status_code, place.json().get("doorgehaald")) == (200, struck)
    figures = (await wereld.get("regisseur-1", "/cijfers", **ALTIJD)).json()
    assert (figures["locaties"], figures["locatiesPerSoort"]) == (1, {"bedrijfspand": 1})


async def test_a_place_that_nobody_stands_on_any_more_is_struck(wereld: Wereld) -> None:
    """Two of one address, struck in one batch."""
    first, _ = controle(wereld, "boa-1")
    second = wereld.op("boa-1", "locatie.vastgelegd", {"locatie": uuid7()}, first["inhoud"])
    await accepted(wereld, "boa-1", first, second)
    await accepted(wereld, "boa-1", *(doorhaling(wereld, "boa-1", locatie, "locatie") for locatie in (second, first)))


async def test_correcting_one_thing_never_changes_another(wereld: Wereld) -> None:
    """What a controle copied of its place stays, however the place is corrected later."""
    locatie, start = controle(wereld, "boa-1")
    persoon = wereld.op(
        "boa-1",
        "persoon.aangetroffen",
        {"controle": start["onderwerp"]["controle"], "persoon": uuid7()},
        {"rol": "klant"},
    )
    await accepted(wereld, "boa-1", locatie, start, persoon)
    await accepted(wereld, "boa-1", correctie(wereld, "boa-1", locatie, soort="hotel"))
    await accepted(wereld, "boa-1", correctie(wereld, "boa-1", persoon, rol="bewoner"))
    doc = (await wereld.get("boa-1", f"/controles/{start['onderwerp']['controle']}")).json()
    assert doc["locatieSoort"] == locatie["inhoud"]["soort"]


async def test_taking_part_ends_with_the_municipality(wereld: Wereld) -> None:
    keten = await build_keten(wereld)
    await add_mens(wereld, "boa-1-elders", "boa", "ermelo", ["GM0233"])
    wereld.mensen["boa-1-elders"].functionaris = wereld.mensen["boa-1"].functionaris
    elsewhere = grant(wereld, "boa-1", "boa")
    elsewhere["inhoud"] |= {"gemeenten": ["GM0233"], "organisatie": str(wereld.organisaties["ermelo"])}
    await wereld.make("beheerder", "/roltoewijzingen", elsewhere)
    await confirm_role(wereld, elsewhere["onderwerp"]["roltoewijzing"])
    persona = wereld.mensen["boa-1-elders"]
    persona.roltoewijzing, persona.toestel = elsewhere["onderwerp"]["roltoewijzing"], wereld.mensen["boa-1"].toestel
    assert (await wereld.get("boa-1", f"/controles/{keten['afgerond']}")).status_code == 200
    assert (await wereld.get("boa-1-elders", f"/controles/{keten['afgerond']}")).status_code == 404


async def test_a_day_beyond_the_calendar_stops_no_batch(wereld: Wereld) -> None:
    far = wereld.op(
        "boa-1",
        "bestuursdwang.toegepast",
        {"maatregel": uuid7()},
        {
            "op": "9999-12-31",
            "wijze": "sluiting",
            "beslotenOp": "9999-12-30",
            "machtigingTotBinnentredenOp": "9999-12-31",
        },
    )
    good = wereld.op(
        "boa-1", "signaal.gemeld", {"signaal": uuid7()}, {"bron": "overlastmelding", "gemeente": HARDERWIJK}
    )
    assert [r["status"] for r in await wereld.push("boa-1", far, good)] == ["quarantined", "accepted"]


async def test_every_maker_can_be_struck_with_entries_left(wereld: Wereld) -> None:
    keten = await build_keten(wereld)
    locatie = {"maatregel": uuid7(), "locatie": keten["pand"]}
    voornemen = wereld.op(
        "jurist-1",
        "maatregel.voorgenomen",
        locatie,
        {
            "soort": "last_onder_dwangsom",
            "bevoegdOrgaan": "burgemeester",
            "grondslag": {"regeling": "APV", "artikel": "3:3", "versie": "2022-01-01"},
            "adressaten": [{"hoedanigheid": "verhuurder"}],
            "voorgenomenOp": "2026-08-22",
            "zienswijzeTotEnMet": "2026-08-29",
        },
    )
    gehoord = wereld.op(
        "jurist-1",
        "zienswijze.ontvangen",
        {"maatregel": locatie["maatregel"]},
        {"ontvangenOp": "2026-08-25", "wijze": "mondeling", "tekst": "gehoord"},
    )
    strike = doorhaling(wereld, "jurist-1", voornemen, "maatregel")
    results = await wereld.push("jurist-1", voornemen, gehoord, strike)
    assert [r["status"] for r in results] == ["accepted"] * 3


async def test_nobody_learns_whether_an_address_was_known(wereld: Wereld) -> None:
    """Report something at an address and see under which id it comes back: the oldest one, with its time in it.

    Broken: without the masks on `locatie`, or `given` in `projection`, all but the regisseur see the first id.
    """
    locatie, start = controle(wereld, "boa-1")
    await accepted(wereld, "boa-1", locatie, start)
    first, visit = locatie["onderwerp"]["locatie"], start["onderwerp"]["controle"]
    for wie in ("boa-2", "wijkagent-1", "pct-1"):
        mine, tip = str(uuid7()), str(uuid7())
        toezicht = locatie["inhoud"] | {"hoedanigheid": "toezicht"}
        place = wereld.op(wie, "locatie.vastgelegd", {"locatie": mine}, toezicht, versie=2)
        about = {"bron": "overlastmelding", "gemeente": "GM0243"}
        own, again = (
            wereld.op(wie, "signaal.gemeld", {"signaal": tip, "locatie": mine}, about),
            controle(wereld, wie)[1],
        )
        again["onderwerp"]["locatie"] = mine
        await accepted(wereld, wie, place, own, again if wie != "pct-1" else melding(wereld, wie))
        for pad, ident in (("/signalen", tip), ("/controles", again["onderwerp"]["controle"])):
            seen = await wereld.get(wie, f"{pad}/{ident}")
            if seen.status_code == 200:
                assert seen.json()["locatie"] == mine
        changes, _ = await wereld.pull(wie)
        told = [change for change in changes if change.get("doc", {}).get("locatie") == mine]
        assert {change["id"] for change in told} >= {tip}
        assert not [change for change in told if "locatie" in change["gemaskeerd"]]
        assert (await wereld.get("regisseur-1", f"/signalen/{tip}")).json()["locatie"] == first
        here = (await wereld.get(wie, "/controles", locatie=mine)).json()["resultaten"]
        assert (visit in {doc["id"] for doc in here}) == (wie != "wijkagent-1"), "all that he may see at his address"
