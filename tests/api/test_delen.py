"""Who sees which part of a controle, at every door: the team its work, others what they need at the door.

docs/ontwerp/toegang.md, "Parts". The whole table is held field by field in tests/domain/test_zicht.py.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from uuid_utils.compat import uuid7

from app.moment import local_day
from app.postgres import Server
from app.services.boeken.verlopen import book_ended
from tests.hulp.ingehouden import decide, the_same_again
from tests.hulp.keten import Keten, add_controles, add_signalen, build_keten, team
from tests.hulp.sync_proef import accepted, controle, correctie, doorhaling, give_up, select, verdict
from tests.hulp.wereld import Wereld

DEUR = {"id", "status", "gemeente", "hoedanigheid", "locatie", "adres", "locatieSoort", "datum", "uitkomsten"}
REDEN = {"X-Audit-Toelichting": "begeleiding van wie hulp kreeg"}


async def shown(wereld: Wereld, wie: str, ident: UUID) -> list[dict[str, Any]]:
    """The controle as `wie` sees it: read by itself, in a list, pulled, and by both stock clients."""
    single = await wereld.get(wie, f"/controles/{ident}")
    assert single.status_code == 200, single.text
    listed = (await wereld.get(wie, "/controles", limit="200")).json()["resultaten"]
    pulled, _ = await wereld.pull(wie, collecties="controles")
    rxdb = (await wereld.get(wie, "/sync/rxdb/controles/pull", limit="500")).json()["documents"]
    water = (await wereld.get(wie, "/sync/watermelon/pull", collecties="controles")).json()["changes"]["controles"]
    by_id = [
        single.json(),
        *(doc for doc in listed if doc["id"] == str(ident)),
        *(change["doc"] for change in pulled if change["id"] == str(ident)),
        *(row["doc"] for row in rxdb if row["id"] == str(ident)),
        *(json.loads(row["doc"]) for row in water["updated"] if row["id"] == str(ident)),
    ]
    assert len(by_id) == 5, "every door shows it"
    return by_id


async def one(wereld: Wereld, wie: str, ident: UUID) -> dict[str, Any]:
    """The same, for all doors show one thing."""
    first, *others = await shown(wereld, wie, ident)
    assert all(each == first for each in others)
    return first


async def test_who_took_no_part_sees_what_he_needs_at_the_door(wereld: Wereld) -> None:
    """Date, kinds of outcome and the running measure; nothing of persons, help, numbers or text; no file either.

    Broken: any part more in the row of boa × gemeente; `beeld` out of `projection`.
    """
    keten = await build_keten(wereld, "kanarie")
    doc = await one(wereld, "boa-2", keten["afgerond"])
    assert doc.keys() == DEUR
    assert doc["uitkomsten"] == ["illegale_prostitutie"]
    (change,) = [
        c for c in (await wereld.pull("boa-2", collecties="controles"))[0] if c["id"] == str(keten["afgerond"])
    ]
    assert {"personen", "hulp", "tellingen", "bevindingen", "personenPerRol", "hulpAantal"} < {*change["gemaskeerd"]}
    (running,) = (await wereld.get("boa-2", "/maatregelen", locatie=doc["locatie"])).json()["resultaten"]
    assert running["status"] in {"opgelegd", "in_werking"}
    assert not running.keys() & {"adressaten", "zienswijzen", "verbeurten", "evenredigheidstoets", "voornemen"}
    assert "adressaat" not in running["bekendmakingen"][0]


async def test_what_runs_at_an_address_is_found_by_the_place_of_a_controle_that_he_is_shown(wereld: Wereld) -> None:
    """Recorded anew, under another id; and by no place of which he knows nothing. Broken: `stands` out of `_at`."""
    keten = await build_keten(wereld)
    address = (await one(wereld, "boa-2", keten["afgerond"]))["adres"]
    locatie, start = controle(wereld, "boa-1")
    inhoud = {name: value for name, value in locatie["inhoud"].items() if name != "bagId"}
    anew = locatie | {"inhoud": inhoud | {"adres": {n: v for n, v in address.items() if n != "plaatsaanduiding"}}}
    place = anew["onderwerp"]["locatie"]
    await accepted(wereld, "boa-1", anew)
    assert (await wereld.get("boa-2", "/maatregelen", locatie=place)).json()["resultaten"] == []
    await accepted(wereld, "boa-1", start)
    seen = await one(wereld, "boa-2", start["onderwerp"]["controle"])
    assert seen["locatie"] == place
    (running,) = (await wereld.get("boa-2", "/maatregelen", locatie=place)).json()["resultaten"]
    assert running["id"] in {str(ident) for ident in keten.ids.values()}
    assert (await wereld.get("boa-2", "/maatregelen", locatie=str(uuid7()))).json()["resultaten"] == []


async def test_the_team_sees_its_work_and_help_stays_with_who_offered_it(wereld: Wereld) -> None:
    """Broken: `eigen` out of the row of the team; `_his` that keeps everything."""
    keten = await build_keten(wereld)
    mine, theirs = await one(wereld, "boa-1", keten["afgerond"]), await one(wereld, "pct-1", keten["afgerond"])
    assert len(mine["personen"]) == len(theirs["personen"]) == 2
    assert theirs["bevindingen"] == mine["bevindingen"]
    assert theirs["tellingen"] == mine["tellingen"]
    assert (len(mine["hulp"]), "hulp" in theirs) == (1, False)
    assert theirs["overtredingen"][0]["alleen"]


async def test_who_steers_sees_counts_and_no_persons(wereld: Wereld) -> None:
    """How many per role; of help a number from five on, for a smaller one points at somebody.

    Broken: `MINST`; `AANTALLEN` at `personen`.
    """
    keten = await build_keten(wereld)
    doc = await one(wereld, "regisseur-1", keten["afgerond"])
    assert doc["personenPerRol"] == {"klant": 1, "sekswerker": 1}
    assert not doc.keys() & {"personen", "hulp", "tellingen", "hulpAantal"}
    assert doc["overtredingen"][0].keys() == {"id", "soort", "bevindingen", "op", "door", "waargenomenOp"}
    here = {"controle": keten["afgerond"]}
    ops = []
    for _ in range(4):
        here_too = {**here, "persoon": uuid7()}
        ops += [
            wereld.op("boa-1", "persoon.aangetroffen", here_too, {"rol": "sekswerker"}),
            wereld.op("boa-1", "hulp.aangeboden", here_too, {}),
        ]
    await accepted(wereld, "boa-1", *ops[:-1])
    assert "hulpAantal" not in await one(wereld, "regisseur-1", keten["afgerond"])
    await accepted(wereld, "boa-1", ops[-1])
    assert (await one(wereld, "regisseur-1", keten["afgerond"]))["hulpAantal"] == 5


async def later(wereld: Wereld, days: int) -> int:
    """What ends by itself is booked so many days from now."""
    return await book_ended(wereld.http.app.state.proces.sessionmaker, nu=datetime.now(UTC) + timedelta(days=days))


async def test_thirty_days_after_the_end_each_keeps_his_own(wereld: Wereld, database: Server) -> None:
    """An entry says that the period is over, once; phones drop the rest; late work still comes in, and is corrected.

    Broken: `team_sees` out of `_team`; the guard of `inzage.verlopen`; `TERMIJN`.
    """
    keten = await build_keten(wereld)
    ident, here = keten["afgerond"], {"controle": keten["afgerond"]}
    seen = wereld.op("pct-1", "bevinding.vastgelegd", {**here, "bevinding": uuid7()}, BEVINDING)
    await accepted(wereld, "pct-1", seen)
    _, cursor = await wereld.pull("pct-1", collecties="controles")
    last = await database_value(wereld, "SELECT team_tot_en_met FROM lees.controle WHERE id = $1", ident)
    days = (last - local_day(datetime.now(UTC))).days
    assert await later(wereld, days) == 0, "its last day still counts"
    assert await later(wereld, days + 2) == 1
    assert await later(wereld, days + 2) == 0
    sealed = await select(database, "SELECT omslag FROM kluis.inhoud k JOIN grootboek.entry e USING (pos) "
                          "WHERE convert_from(omslag, 'utf8') LIKE '%inzage.verlopen%'")  # fmt: skip
    assert json.loads(bytes(sealed[0][0]))["kring"] == "gemeente", "whoever closed it, it shuts nobody out"
    (told,) = [c for c in (await wereld.pull("pct-1", cursor, collecties="controles"))[0] if c["id"] == str(ident)]
    doc = await one(wereld, "pct-1", ident)
    assert told["doc"] == doc
    assert [b["op"] for b in doc["bevindingen"]] == [b["op"] for b in (await area(wereld, ident))["bevindingen"]]
    mine = await one(wereld, "boa-1", ident)
    assert {b["door"]["rol"] for b in mine["bevindingen"]} == {"boa"}
    assert (len(mine["personen"]), "situatie" in mine) == (2, False)
    await accepted(wereld, "pct-1", correctie(wereld, "pct-1", seen, uitkomst="niet_aangetroffen"))
    late = wereld.op("boa-1", "bevinding.vastgelegd", {**here, "bevinding": uuid7()}, BEVINDING)
    await accepted(wereld, "boa-1", late)
    assert len((await one(wereld, "boa-1", ident))["bevindingen"]) == 2
    await the_same_again(wereld, database)


BEVINDING = {"code": "drugs", "aard": "feit", "wijze": "waargenomen", "uitkomst": "aangetroffen"}


async def area(wereld: Wereld, ident: UUID) -> dict[str, Any]:
    """The controle as the regisseur reads it."""
    return (await wereld.get("regisseur-1", f"/controles/{ident}")).json()


async def database_value(wereld: Wereld, query: str, *values: Any) -> Any:
    async with wereld.http.app.state.proces.sessionmaker() as session:
        raw = (await (await session.connection()).get_raw_connection()).driver_connection
        return await raw.fetchval(query, *values)


async def test_who_guides_sees_the_case_from_first_offer_to_outcome(wereld: Wereld, database: Server) -> None:
    """With a reason and a row of it; nothing of what was found. Before help was offered there is nothing.

    Broken: `need_reason` or `note_inzage` out of `read_part`; ZORG without "hulp"; the row of `hulp:aanbieden`.
    """
    keten, wie = await build_keten(wereld), "aandachtsfunctionaris-1"
    ident = keten["afgerond"]
    assert (await wereld.get(wie, f"/controles/{keten['gepland']}")).status_code == 404
    assert (await one(wereld, wie, ident)).keys() == {"id", "status", "gemeente", "hoedanigheid"}
    assert (await wereld.get(wie, f"/controles/{ident}/hulp")).status_code == 400
    for other in ("boa-1", "regisseur-1", "jurist-1"):
        assert (await wereld.get(other, f"/controles/{ident}/hulp", headers=REDEN)).status_code in {403, 404}, other
    answer = await wereld.get(wie, f"/controles/{ident}/hulp", headers=REDEN)
    doc = answer.json()
    assert doc.keys() == DEUR | {"personen", "personenPerRol", "hulp", "hulpPersonen"}
    assert doc["hulp"][0]["aanvaard"] == "nee"
    assert await select(database, "SELECT hulpbron, veldklassen FROM bedrijf.inzage") == [
        ("hulp", ["omslag", "zaak", "persoon", "hulp"])
    ]
    offer = {
        "hoedanigheid": "toezicht",
        "aangeboden": True,
        "aanvaard": "ja",
        "toestemming": True,
        "doorverwezenNaar": ["comensha"],
    }
    about = {"onderwerp": {"persoon": doc["hulp"][0]["persoon"]}, "inhoud": offer}
    await wereld.make(wie, f"/controles/{ident}/hulp", about)
    again = (await wereld.get(wie, f"/controles/{ident}/hulp", headers=REDEN)).json()
    assert [(h["aanvaard"], h["door"]["rol"]) for h in again["hulp"]] == [
        ("nee", "boa"), ("ja", "aandachtsfunctionaris"),
    ]  # fmt: skip
    assert len((await one(wereld, "boa-1", ident))["hulp"]) == 1, "the officer sees what he offered himself"
    sign = (await wereld.get(wie, f"/mensenhandelsignalen/{keten['mensenhandel']}", headers=REDEN)).json()
    assert (sign["rol"], sign["controle"], sign["adres"]["huisnummer"]) == ("boa", str(ident), "9")
    assert sign["waargenomenOp"]


@pytest.mark.parametrize("wie", ["jurist-1", "burgemeester-1"])
async def test_who_decides_sees_what_the_decision_rests_on(wereld: Wereld, database: Server, wie: str) -> None:
    """Through the rapportage that was disclosed, or the measure; no other controle, and never persons.

    Broken: `get_raw_document` out of `read_onderbouwing`; the row of `onderbouwing:inzien`.
    """
    keten = await build_keten(wereld)
    assert (await wereld.get(wie, f"/controles/{keten['afgerond']}")).status_code in {403, 404}
    answer = await wereld.get(wie, f"/rapportages/{keten['verstrekt']}/onderbouwing")
    assert answer.status_code == 200, answer.text
    (doc,) = answer.json()["resultaten"]
    assert (doc["id"], doc["bevindingen"][0]["code"]) == (str(keten["afgerond"]), "aanbod_tegen_betaling")
    assert not doc.keys() & {"personen", "hulp", "tellingen", "personenPerRol", "verschillen"}
    assert "verzonnen" not in json.dumps(doc["bevindingen"]), "its text is what was disclosed"
    assert "alleen" not in doc["overtredingen"][0]
    assert (await wereld.get(wie, f"/rapportages/{keten['concept']}/onderbouwing")).status_code == 404
    assert (await wereld.get(wie, f"/maatregelen/{keten['opgelegd']}/onderbouwing")).json()["resultaten"] == []
    for other in ("boa-1", "regisseur-1"):
        assert (await wereld.get(other, f"/rapportages/{keten['verstrekt']}/onderbouwing")).status_code == 404
    logged = await select(database, "SELECT hulpbron, object::text FROM bedrijf.inzage")
    assert logged == [("onderbouwing", str(keten["afgerond"]))]


async def differing(wereld: Wereld, keten: Keten) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Two say something else of one person: what was recorded, what holds, and what stands beside it."""
    here = {"controle": keten["afgerond"], "persoon": uuid7()}
    first = wereld.op("boa-1", "persoon.aangetroffen", here, {"rol": "sekswerker"})
    await accepted(wereld, "boa-1", first)
    tip = correctie(wereld, "pct-1", first, rol="klant")
    await accepted(wereld, "pct-1", tip)
    branch = correctie(wereld, "boa-1", first, rol="exploitant")
    assert verdict((await wereld.push("boa-1", branch))[0]) == ("conflict", "basis_gewijzigd")
    return first, tip, branch


def settled(wereld: Wereld, wie: str, keten: Keten, keuze: Any, verworpen: Any) -> Any:
    inhoud = {"keuze": keuze["opId"], "verworpen": verworpen["opId"], "reden": "gevraagd aan wie er was"}
    return wereld.op(wie, "verschil.beoordeeld", {"controle": keten["afgerond"]}, inhoud)


async def test_a_difference_about_persons_is_settled_by_who_coordinates(wereld: Wereld, database: Server) -> None:
    """The regisseur sees that it is there and no more; who coordinates sees both versions, and decides.

    Broken: `may_settle` that says yes; `shows` that says yes; BESLECHTEN out of the table.
    """
    keten = await build_keten(wereld)
    _, tip, branch = await differing(wereld, keten)
    doc = await one(wereld, "regisseur-1", keten["afgerond"])
    assert (doc["verschillenBesloten"], "verschillen" in doc, "correcties" in doc) == (1, False, False)
    assert not (await one(wereld, "boa-2", keten["afgerond"])).keys() - DEUR
    refused = await wereld.push("regisseur-1", settled(wereld, "regisseur-1", keten, tip, branch))
    assert verdict(refused[0]) == ("quarantined", "recht_ontbreekt")
    (told,) = (await one(wereld, "boa-1", keten["afgerond"]))["verschillen"]
    assert told["inhoud"]["rol"] == "exploitant"
    await accepted(wereld, "boa-1", settled(wereld, "boa-1", keten, tip, branch))
    assert "verschillenBesloten" not in await one(wereld, "regisseur-1", keten["afgerond"])
    await the_same_again(wereld, database)


async def test_of_facts_the_regisseur_settles_as_before(wereld: Wereld) -> None:
    """The twin: what he is shown he decides on; of a text he sees both."""
    keten = await build_keten(wereld)
    here = {"controle": keten["afgerond"], "bevinding": uuid7()}
    first = wereld.op("boa-1", "bevinding.vastgelegd", here, BEVINDING)
    await accepted(wereld, "boa-1", first)
    tip = correctie(wereld, "pct-1", first, uitkomst="niet_aangetroffen")
    await accepted(wereld, "pct-1", tip)
    branch = correctie(wereld, "boa-1", first, uitkomst="onbekend")
    assert verdict((await wereld.push("boa-1", branch))[0]) == ("conflict", "basis_gewijzigd")
    assert len((await one(wereld, "regisseur-1", keten["afgerond"]))["verschillen"]) == 1
    await accepted(wereld, "regisseur-1", settled(wereld, "regisseur-1", keten, tip, branch))


async def test_help_in_quarantine_is_for_who_coordinates_or_the_pct(wereld: Wereld) -> None:
    """The regisseur knows that it is there. Broken: `Bereik.TEAM` out of `circle_of`; COORDINATOR out of the scopes."""
    keten = await build_keten(wereld)
    wrong = wereld.op(
        "pct-1", "hulp.aangeboden", {"controle": keten["afgerond"], "persoon": uuid4()}, {"aangeboden": True}
    )
    (told,) = await give_up(wereld, "pct-1", wrong)
    assert verdict(told) == ("quarantined", "onderwerp_onbekend")
    pad = f"/quarantaine/{wrong['opId']}"
    assert wrong["opId"] in {r["id"] for r in (await wereld.get("regisseur-1", "/quarantaine")).json()["resultaten"]}
    assert (await wereld.get("regisseur-1", pad, headers=REDEN)).status_code == 403
    assert (await wereld.get("boa-2", pad, headers=REDEN)).status_code == 404
    answer = await wereld.get("boa-1", pad, headers=REDEN)
    assert answer.json()["registratie"]["inhoud"]["aangeboden"] is True
    assert (await decide(wereld, wrong["opId"], "geweigerd", "regisseur-1")).status_code == 403
    assert (await decide(wereld, wrong["opId"], "geweigerd", "boa-1")).status_code == 201


async def build_visits(wereld: Wereld) -> Keten:
    """The chain without a rapportage, so that nothing stands fast."""
    keten = Keten()
    await add_signalen(wereld, keten)
    await add_controles(wereld, keten)
    return keten


async def test_nobody_makes_himself_coordinator_or_lets_others_in(wereld: Wereld) -> None:
    """Who takes part, leads, or began it, decides who reads: he who recorded it changes that, or who coordinates.

    Broken: `takes_over` that says no; the own writer or the coördinator out of it.
    """
    keten = await build_visits(wereld)
    stored = await one(wereld, "boa-1", keten["afgerond"])
    start = wereld.op("boa-1", "controle.gestart", {"controle": keten["afgerond"], "locatie": keten["pand"]}, {})
    start |= {"opId": stored["start"]["op"]}
    same = {"benadering": "aangebeld", "situatie": "toegang_verleend", "deelnemers": stored["deelnemers"]}
    for change in (
        {"coordinator": str(wereld.mensen["pct-1"].functionaris)},
        {"initiatief": str(wereld.organisaties["pct-oost"])},
        {"deelnemers": stored["deelnemers"][1:]},
    ):
        taking = correctie(wereld, "pct-1", start, **(same | change))
        assert verdict((await wereld.push("pct-1", taking))[0]) == ("quarantined", "recht_ontbreekt"), change
    giving = correctie(wereld, "boa-1", start, **same, coordinator=str(wereld.mensen["pct-1"].functionaris))
    await accepted(wereld, "boa-1", giving)
    back = correctie(wereld, "pct-1", start, basis=giving, **same, coordinator=str(wereld.mensen["boa-1"].functionaris))
    await accepted(wereld, "pct-1", back)


async def test_a_past_period_is_opened_again_by_nothing(wereld: Wereld) -> None:
    """Neither by another moment of the end, nor by striking it. Broken: `team_sees` that looks at `eindeOp`."""
    keten = await build_visits(wereld)
    stored = await one(wereld, "boa-1", keten["afgerond"])
    assert await later(wereld, 40) == 1
    end = wereld.op("boa-1", "controle.afgerond", {"controle": keten["afgerond"]}, {"uitkomst": "niet_vastgesteld"})
    end |= {"opId": stored["afronding"]["op"]}
    moved = correctie(wereld, "boa-1", end) | {"waargenomenOp": "2026-11-01T23:10:00+01:00"}
    await accepted(wereld, "boa-1", moved)
    assert "personen" not in await one(wereld, "pct-1", keten["afgerond"])
    await accepted(wereld, "boa-1", doorhaling(wereld, "boa-1", end, "controle"))
    assert (await area(wereld, keten["afgerond"]))["status"] == "gestart"
    assert "personen" not in await one(wereld, "pct-1", keten["afgerond"])


async def test_who_was_told_stays_with_who_told_them_through_a_correction(wereld: Wereld) -> None:
    """`doorgegevenAan` in versions too; a colleague who corrects cannot see it and wipes nothing.

    Broken: DOORGEGEVEN out of the payload; `deel_of` out of `unseen_fields`.
    """
    keten = await build_visits(wereld)
    here = {"controle": keten["afgerond"], "bevinding": uuid7()}
    first = wereld.op("boa-1", "bevinding.vastgelegd", here, BEVINDING | {"doorgegevenAan": ["avim"]})
    await accepted(wereld, "boa-1", first)
    known = {name: value for name, value in first.items() if name != "inhoud"} | {"inhoud": BEVINDING}
    tip = correctie(wereld, "pct-1", known, uitkomst="niet_aangetroffen", hoedanigheid="toezicht")
    await accepted(wereld, "pct-1", tip)
    branch = correctie(wereld, "boa-1", first, uitkomst="onbekend")
    assert verdict((await wereld.push("boa-1", branch))[0]) == ("conflict", "basis_gewijzigd")
    (told,) = [b for b in (await one(wereld, "boa-1", keten["afgerond"]))["bevindingen"] if b["op"] == first["opId"]]
    assert told["doorgegevenAan"] == ["avim"]
    doc = await one(wereld, "regisseur-1", keten["afgerond"])
    assert doc["verschillen"]
    assert "avim" not in json.dumps(doc)


async def test_what_was_kept_and_what_was_given_make_one_whole(wereld: Wereld) -> None:
    """After the period he does not see what was concluded: he cannot say beside it that nothing was.

    Broken: `read_sealed` out of `allow_correction`.
    """
    locatie, start = controle(wereld, "boa-1")
    start["inhoud"]["deelnemers"] = team(wereld, boa_1="coordineert", wijkagent_1="voert_uit")
    here = {"controle": start["onderwerp"]["controle"], "persoon": uuid7()}
    found = wereld.op("boa-1", "persoon.aangetroffen", here, {"rol": "sekswerker"})
    bewijs = {"code": "aanbod_tegen_betaling", "aard": "feit", "wijze": "waargenomen"}
    proof = wereld.op("boa-1", "bevinding.vastgelegd", {"controle": here["controle"], "bevinding": uuid7()}, bewijs)
    rests = {"soort": "illegale_prostitutie", "bevindingen": [proof["onderwerp"]["bevinding"]]}
    concluded = {"overtredingen": [{"id": str(uuid7()), **rests}]}
    end = wereld.op("boa-1", "controle.afgerond", {"controle": here["controle"]}, concluded)
    await accepted(wereld, "boa-1", locatie, start, found, proof, end)
    assert await later(wereld, 40) == 1
    blind = correctie(wereld, "wijkagent-1", end | {"inhoud": {}}, hoedanigheid="toezicht", uitkomst="niet_vastgesteld")
    assert verdict((await wereld.push("wijkagent-1", blind))[0]) == ("quarantined", "regel_geschonden")
    doc = await area(wereld, here["controle"])
    assert ("uitkomst" in doc, len(doc["overtredingen"])) == (False, 1)


async def test_what_a_correction_does_not_name_stays(wereld: Wereld) -> None:
    """Who cannot read a sign any more and corrects another field leaves what he does not name. Broken: `given`."""
    op = wereld.op(
        "boa-1",
        "mensenhandelsignaal.vastgelegd",
        {"mensenhandelsignaal": uuid7()},
        {
            "gemeente": "GM0243",
            "soort": "uitbuiting",
            "indicatoren": [{"code": "angst", "bron": "waargenomen"}],
            "mogelijkMinderjarig": True,
        },
    )
    await accepted(wereld, "boa-1", op)
    less = {name: value for name, value in op["inhoud"].items() if name != "mogelijkMinderjarig"}
    await accepted(wereld, "boa-1", correctie(wereld, "boa-1", op | {"inhoud": less}, soort="mensenhandel"))
    sign = op["onderwerp"]["mensenhandelsignaal"]
    told = (await wereld.get("pct-1", f"/mensenhandelsignalen/{sign}", headers=REDEN)).json()["inhoud"]
    assert (told["soort"], told["mogelijkMinderjarig"]) == ("mensenhandel", True)
