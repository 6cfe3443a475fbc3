"""The quarantine desk: what was kept is inspected, taken in or refused by a person; each of it is an entry."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from uuid_utils.compat import uuid7

from app.postgres import Server
from tests.hulp.controles import FEIT
from tests.hulp.ingehouden import (
    REASON,
    decide,
    elsewhere,
    end_role,
    held,
    listed,
    receipt,
    refused,
    take_in,
    the_same_again,
)
from tests.hulp.sync_proef import (
    accepted,
    controle,
    correctie,
    counted,
    doorhaling,
    give_up,
    melding,
    oordeel,
    raw_op,
    results_of,
    verdict,
)
from tests.hulp.wereld import Wereld, add_mens


async def test_the_desk_lists_what_it_needs(wereld: Wereld) -> None:
    op = await elsewhere(wereld)
    doc = (await listed(wereld))[op["opId"]]
    boa = wereld.mensen["boa-1"]
    assert doc == {
        "id": op["opId"],
        "status": "quarantined",
        "code": "recht_ontbreekt",
        "soort": "signaal.gemeld",
        "ontvangenOp": doc["ontvangenOp"],
        "functionaris": str(boa.functionaris),
        "rol": "boa",
        "organisatie": str(wereld.organisaties["harderwijk"]),
        "toestel": str(boa.toestel),
        "uitleg": "U werkt niet voor deze gemeente.",
        "stand": "open",
    }
    await take_in(wereld, op)
    other = await elsewhere(wereld)
    assert set(await listed(wereld, stand="open")) == {other["opId"]}
    assert set(await listed(wereld, stand="aanvaard")) == {op["opId"]}
    assert await listed(wereld, stand="geweigerd") == {}
    assert (await wereld.get("regisseur-1", "/quarantaine", stand="weg")).status_code == 400


@pytest.mark.parametrize("ended", [True, False])
async def test_what_was_recorded_with_a_right_that_ended_or_lacked_is_taken_in(
    wereld: Wereld, database: Server, *, ended: bool
) -> None:
    """Broken: a `Vouwer.fold` that is not called for `aanvaard` leaves no document; without `load_taken_in`, none
    after a rebuild."""
    op = melding(wereld, "boa-1", inhoud={"tekst": "zoals getypt", **({} if ended else {"gemeente": "GM0233"})})
    if ended:
        await end_role(wereld, "boa-1")
    (first,) = [await held(wereld, "boa-1", op, "recht_ontbreekt")]
    ident = op["onderwerp"]["signaal"]
    assert (await wereld.get("regisseur-1", f"/signalen/{ident}")).status_code == 404
    await take_in(wereld, op)
    doc = (await wereld.get("regisseur-1", f"/signalen/{ident}")).json()
    assert (doc["tekst"], doc["gemeldOp"]) == ("zoals getypt", "2026-08-19T21:10:00Z")
    (again,) = await wereld.push("boa-1", op)
    assert (again["status"], again["eerste"]["status"], again["eerste"]["pos"]) == (
        "duplicate",
        "quarantined",
        first["pos"],
    )
    await the_same_again(wereld, database)


async def test_what_was_taken_in_has_a_history(wereld: Wereld, database: Server) -> None:
    """It can be corrected and struck by its own id, after the decision and in the order of the ledger."""
    op = await elsewhere(wereld, tekst="een")
    await take_in(wereld, op)
    fix = correctie(wereld, "boa-ermelo", op, tekst="twee")
    assert verdict((await wereld.push("boa-ermelo", fix))[0]) == ("accepted", None)
    stale = correctie(wereld, "boa-ermelo", op, tekst="drie")
    assert verdict((await wereld.push("boa-ermelo", stale))[0]) == ("conflict", "basis_gewijzigd")
    doc = (await wereld.get("regisseur-1", f"/signalen/{op['onderwerp']['signaal']}")).json()
    assert (doc["tekst"], len(doc["correcties"]), len(doc["verschillen"])) == ("twee", 1, 1)
    await the_same_again(wereld, database)
    mine = await elsewhere(wereld)
    await take_in(wereld, mine)
    strike = doorhaling(wereld, "regisseur-1", mine, "signaal")
    (result,) = await wereld.push("regisseur-1", strike)
    assert verdict(result) == ("quarantined", "recht_ontbreekt"), "what an officer saw is struck by himself"


async def test_the_place_is_that_of_the_decision(wereld: Wereld, database: Server) -> None:
    """Three findings, the second from quarantine, taken in last: it stands last. Broken: ordering a history by the
    position of the kept entry."""
    locatie, start = controle(wereld, "boa-1")
    here = {"controle": start["onderwerp"]["controle"]}

    def persoon(wie: str, rol: str) -> Any:
        return wereld.op(wie, "persoon.aangetroffen", {**here, "persoon": uuid7()}, {"rol": rol})

    first, kept, third = persoon("boa-1", "klant"), persoon("boa-2", "bewoner"), persoon("boa-1", "beheerder")
    await accepted(wereld, "boa-1", locatie, start, first)
    await held(wereld, "boa-2", kept, "recht_ontbreekt")
    end = wereld.op("boa-1", "controle.afgerond", here, {"uitkomst": "niet_vastgesteld"})
    await accepted(wereld, "boa-1", third, end)
    await take_in(wereld, kept, "pct-1")  # of persons at the door not the regisseur
    await accepted(wereld, "boa-1", correctie(wereld, "boa-1", third, rol="exploitant"))
    doc = (await wereld.get("boa-1", f"/controles/{here['controle']}")).json()
    assert [(p["nummer"], p["rol"]) for p in doc["personen"]] == [(1, "klant"), (2, "exploitant"), (3, "bewoner")]
    last = doc["personen"][-1]
    assert (last["uitQuarantaine"], last["nagekomen"], last["door"]["functionaris"]) == (
        True,
        True,
        str(wereld.mensen["boa-2"].functionaris),
    )
    assert "uitQuarantaine" not in doc["personen"][0]
    await the_same_again(wereld, database)


async def test_the_writer_hears_what_was_decided_and_why(wereld: Wereld) -> None:
    first, second = await elsewhere(wereld), await elsewhere(wereld)
    assert (await receipt(wereld, "boa-1", first["opId"]))["stand"] == "open"
    _, cursor = await wereld.pull("boa-1")
    for op, besluit in ((first, "aanvaard"), (second, "geweigerd")):
        assert (await decide(wereld, op["opId"], besluit)).status_code == 201
    changes, _ = await wereld.pull("boa-1", cursor)
    news = {change["id"]: change["doc"] for change in changes if change["collectie"] == "ontvangsten"}
    for op, besluit in ((first, "aanvaard"), (second, "geweigerd")):
        doc = news[op["opId"]]
        assert (doc["stand"], doc["beoordeling"]["reden"]) == (besluit, "nagevraagd bij de schrijver")
        assert doc["beoordeling"]["door"] == {
            "functionaris": str(wereld.mensen["regisseur-1"].functionaris),
            "rol": "regisseur",
        }
        assert not [name for name in doc if name.startswith("_")]


async def test_what_is_refused_folds_into_nothing(wereld: Wereld, database: Server) -> None:
    op = await elsewhere(wereld)
    assert (await decide(wereld, op["opId"], "geweigerd")).status_code == 201
    assert (await wereld.get("regisseur-1", f"/signalen/{op['onderwerp']['signaal']}")).status_code == 404
    assert "al beslist" in await refused(wereld, op["opId"])
    await the_same_again(wereld, database)


async def test_what_waits_is_decided_on_once(wereld: Wereld) -> None:
    op = await elsewhere(wereld)
    await take_in(wereld, op)
    for besluit in ("aanvaard", "geweigerd"):
        answer = await decide(wereld, op["opId"], besluit)
        assert (answer.status_code, "al beslist" in answer.json()["detail"]) == (409, True)
    named = {"besluit": "geweigerd", "reden": "toch niet"}
    late = wereld.op("regisseur-1", "quarantaine.beoordeeld", {"ontvangst": op["opId"]}, named)
    assert verdict((await wereld.push("regisseur-1", late))[0]) == ("quarantined", "regel_geschonden")
    assert (await decide(wereld, uuid4())).status_code == 404


async def test_a_decision_travels_by_push_and_is_not_taken_back(wereld: Wereld, database: Server) -> None:
    op = await elsewhere(wereld)
    decision = wereld.op(
        "regisseur-1", "quarantaine.beoordeeld", {"ontvangst": op["opId"]}, {"besluit": "aanvaard", "reden": "akkoord"}
    )
    (first,) = await accepted(wereld, "regisseur-1", decision)
    (again,) = await wereld.push("regisseur-1", decision)
    assert (again["status"], again["eerste"]["pos"]) == ("duplicate", first["pos"])
    assert (await wereld.get("regisseur-1", f"/signalen/{op['onderwerp']['signaal']}")).status_code == 200
    back = wereld.op(
        "regisseur-1", "doorhaling", {"ontvangst": op["opId"]}, {"registratie": decision["opId"], "reden": "toch niet"}
    )
    other = correctie(wereld, "regisseur-1", decision, besluit="geweigerd")
    results = await wereld.push("regisseur-1", back, other)
    assert [result["status"] for result in results] == ["quarantined"] * 2
    assert "Neem" not in await refused(wereld, back["opId"])
    await the_same_again(wereld, database)


async def test_nobody_takes_in_his_own_but_may_withdraw_it(wereld: Wereld) -> None:
    op = melding(wereld, "regisseur-1", inhoud={"gemeente": "GM0344"})
    await held(wereld, "regisseur-1", op, "recht_ontbreekt")
    assert "door een ander" in await refused(wereld, op["opId"])
    assert (await decide(wereld, op["opId"], "geweigerd")).status_code == 201


async def test_the_desk_gives_no_role_what_it_never_may(wereld: Wereld) -> None:
    """Neither an order by a boa nor a right he gives himself; broken: `judge` without its look at the writer's role."""
    keten = melding(wereld, "boa-1")
    await accepted(wereld, "boa-1", keten)
    order = wereld.op("boa-1", "maatregel.voorgenomen", {"maatregel": uuid7(), "locatie": uuid7()}, VOORNEMEN)
    await held(wereld, "boa-1", order, "recht_ontbreekt")
    assert "rol" in await refused(wereld, order["opId"])
    right = {
        "functionaris": str(wereld.mensen["boa-1"].functionaris),
        "rol": "regisseur",
        "organisatie": str(wereld.organisaties["harderwijk"]),
        "gemeenten": ["GM0243"],
        "van": "2022-01-01T00:00:00+01:00",
        "grondslag": "aanstelling",
    }
    grab = wereld.op("boa-1", "roltoewijzing.verleend", {"roltoewijzing": uuid7()}, right)
    await held(wereld, "boa-1", grab, "recht_ontbreekt")
    assert (await decide(wereld, grab["opId"])).status_code == 403
    assert grab["opId"] in await listed(wereld, "beheerder")
    assert "rol" in await refused(wereld, grab["opId"], "beheerder")


VOORNEMEN = {
    "soort": "last_onder_dwangsom",
    "bevoegdOrgaan": "burgemeester",
    "grondslag": {"regeling": "APV", "artikel": "3:4", "versie": "2022-01-01"},
    "adressaten": [{"hoedanigheid": "verhuurder", "reden": "eigenaar"}],
    "voorgenomenOp": "2026-08-22",
    "zienswijzeTotEnMet": "2026-08-29",
}


async def test_outside_its_municipalities_the_desk_decides_nothing(wereld: Wereld) -> None:
    await add_mens(wereld, "regisseur-2", "regisseur", "harderwijk", ["GM0243"])
    op = await elsewhere(wereld)
    assert "gemeente" in await refused(wereld, op["opId"], "regisseur-2")
    theirs = melding(wereld, "boa-ermelo", inhoud={"gemeente": "GM0243"})
    await held(wereld, "boa-ermelo", theirs, "recht_ontbreekt")
    assert theirs["opId"] not in await listed(wereld, "regisseur-2")
    answers = [await decide(wereld, ident, wie="regisseur-2") for ident in (theirs["opId"], uuid4())]
    assert [(a.status_code, a.json()["detail"]) for a in answers] == [(404, answers[0].json()["detail"])] * 2
    read = await wereld.get("regisseur-2", f"/quarantaine/{theirs['opId']}", headers=REASON)
    assert read.status_code == 404


# code by code


async def test_a_rule_that_no_longer_forbids(wereld: Wereld, database: Server) -> None:
    """regel_geschonden: as long as the rule stands it stays there; afterwards it holds."""
    locatie, start = controle(wereld, "boa-1")
    here = {"controle": start["onderwerp"]["controle"], "bevinding": uuid7()}
    found = [wereld.op("boa-1", "bevinding.vastgelegd", here, FEIT) for _ in range(2)]
    await accepted(wereld, "boa-1", locatie, start, found[0])
    await held(wereld, "boa-1", found[1], "regel_geschonden")
    assert "al vastgelegd" in await refused(wereld, found[1]["opId"])
    await accepted(wereld, "boa-1", doorhaling(wereld, "boa-1", found[0], "controle"))
    await take_in(wereld, found[1])
    doc = (await wereld.get("regisseur-1", f"/controles/{here['controle']}")).json()
    assert [each["op"] for each in doc["bevindingen"]] == [found[1]["opId"]]
    await the_same_again(wereld, database)


async def test_what_it_was_about_has_arrived(wereld: Wereld, database: Server) -> None:
    """onderwerp_onbekend: after a week it was kept; in order they can all be taken in."""
    ident = uuid7()
    late = oordeel(wereld, "boa-1", ident)
    (result,) = await give_up(wereld, "boa-1", late)
    assert verdict(result) == ("quarantined", "onderwerp_onbekend")
    assert "niet bekend" in await refused(wereld, late["opId"])
    report = melding(wereld, "boa-1", ident)
    await accepted(wereld, "boa-1", report)
    await take_in(wereld, late)
    doc = (await wereld.get("boa-1", f"/signalen/{ident}")).json()
    assert (doc["status"], doc["beoordeling"]["op"]) == ("beoordeeld", late["opId"])
    await the_same_again(wereld, database)


async def test_an_id_that_was_used_twice(wereld: Wereld, database: Server) -> None:
    """id_andere_inhoud: the second is taken in under the id that the server gave it; the first stays as it is."""
    op = melding(wereld, "boa-1", inhoud={"tekst": "eerst"})
    await accepted(wereld, "boa-1", op)
    other = melding(wereld, "boa-1", inhoud={"tekst": "ander"}, opId=op["opId"])
    await held(wereld, "boa-1", other, "id_andere_inhoud")
    (ident,) = await listed(wereld, code="id_andere_inhoud")
    assert ident != op["opId"]
    assert (await decide(wereld, ident)).status_code == 201
    for each, tekst in ((op, "eerst"), (other, "ander")):
        doc = (await wereld.get("boa-1", f"/signalen/{each['onderwerp']['signaal']}")).json()
        assert doc["tekst"] == tekst
    (again,) = await wereld.push("boa-1", other)
    assert (again["status"], again["eerste"]["code"]) == ("duplicate", "id_andere_inhoud")
    same = op | {"inhoud": op["inhoud"] | {"tekst": "derde"}}
    await held(wereld, "boa-1", same, "id_andere_inhoud")
    (third,) = await listed(wereld, code="id_andere_inhoud", stand="open")
    assert "bestaat al" in await refused(wereld, third)
    await the_same_again(wereld, database)


async def test_a_number_that_was_used_twice(wereld: Wereld, database: Server) -> None:
    """volgnummer_dubbel: nothing is wrong with the content, so it holds once somebody says so."""
    op = melding(wereld, "boa-1")
    await accepted(wereld, "boa-1", op)
    twin = melding(wereld, "boa-1", deviceSeq=op["deviceSeq"])
    await held(wereld, "boa-1", twin, "volgnummer_dubbel")
    await take_in(wereld, twin)
    assert (await wereld.get("boa-1", f"/signalen/{twin['onderwerp']['signaal']}")).status_code == 200
    await the_same_again(wereld, database)


UNREADABLE = {
    "schema_ongeldig": '{"bron": "overlastmelding", "gemeente": "GM0243", "kleur": "rood"}',
    "niet_canoniek": '{"bron": "overlastmelding", "gemeente": "GM0243", "kans": 0.5}',
}


@pytest.mark.parametrize(("code", "inhoud"), UNREADABLE.items(), ids=UNREADABLE)
async def test_what_the_server_cannot_read_is_only_refused(
    wereld: Wereld, database: Server, code: str, inhoud: str
) -> None:
    op = melding(wereld, "boa-1")
    sent = raw_op(op, inhoud)
    (result,) = await results_of(wereld, "boa-1", sent)
    assert verdict(result) == ("quarantined", code)
    assert op["opId"] in await listed(wereld), "the regisseur knows that it is there"
    answer = await wereld.get("regisseur-1", f"/quarantaine/{op['opId']}", headers=REASON)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problemen/geen-recht")
    assert (await decide(wereld, op["opId"])).status_code == 403
    for wie in ("pct-1", "aandachtsfunctionaris-1"):
        read = (await wereld.get(wie, f"/quarantaine/{op['opId']}", headers=REASON)).json()
        assert (read["tekst"], read["registratie"]) == (sent, None)
        assert "niet lezen" in await refused(wereld, op["opId"], wie)
    assert (await decide(wereld, op["opId"], "geweigerd", "aandachtsfunctionaris-1")).status_code == 201
    assert (await receipt(wereld, "boa-1", op["opId"]))["stand"] == "geweigerd"
    await the_same_again(wereld, database)


async def test_what_has_no_id_or_a_signature_that_does_not_hold(wereld: Wereld, database: Server) -> None:
    """Without an id it gets the server's; without its signature it counts on the word of whoever takes it in."""
    nameless = melding(wereld, "boa-1", opId="geen kenmerk")
    await held(wereld, "boa-1", nameless, "schema_ongeldig")
    signed = melding(wereld, "boa-1") | {"hand": "AAAA"}
    await held(wereld, "boa-1", signed, "handtekening_ongeldig")
    kept = await listed(wereld, stand="open")
    assert len(kept) == 2
    desk = dict.fromkeys(("schema_ongeldig", "handtekening_ongeldig"), "aandachtsfunctionaris-1")
    for ident, doc in kept.items():
        assert (await decide(wereld, ident, wie=desk[doc["code"]])).status_code == 201
    for op in (nameless, signed):
        assert (await wereld.get("boa-1", f"/signalen/{op['onderwerp']['signaal']}")).status_code == 200
    await the_same_again(wereld, database)


async def test_a_correction_from_quarantine_can_be_a_difference(wereld: Wereld, database: Server) -> None:
    op = melding(wereld, "boa-1", inhoud={"tekst": "een"})
    await accepted(wereld, "boa-1", op)
    branch = correctie(wereld, "boa-1", op, tekst="drie")
    await accepted(wereld, "boa-1", correctie(wereld, "boa-1", op, tekst="twee"))
    clash = branch | {"deviceSeq": op["deviceSeq"]}
    await held(wereld, "boa-1", clash, "volgnummer_dubbel")
    await take_in(wereld, clash)
    doc = (await wereld.get("regisseur-1", f"/signalen/{op['onderwerp']['signaal']}")).json()
    (difference,) = doc["verschillen"]
    assert (doc["tekst"], difference["opId"], difference["ernst"]) == ("twee", branch["opId"], "hard")
    named = {"keuze": branch["opId"], "verworpen": difference["geldt"], "reden": "gevraagd"}
    await accepted(wereld, "regisseur-1", wereld.op("regisseur-1", "verschil.beoordeeld", op["onderwerp"], named))
    doc = (await wereld.get("regisseur-1", f"/signalen/{op['onderwerp']['signaal']}")).json()
    assert (doc["tekst"], "verschillen" in doc) == ("drie", False)
    await the_same_again(wereld, database)


async def test_a_strike_from_quarantine_strikes(wereld: Wereld, database: Server) -> None:
    op = melding(wereld, "boa-1")
    await accepted(wereld, "boa-1", op)
    strike = doorhaling(wereld, "boa-1", op, "signaal") | {"deviceSeq": op["deviceSeq"]}
    await held(wereld, "boa-1", strike, "volgnummer_dubbel")
    assert await counted(wereld) == {"overlastmelding": 1}
    await take_in(wereld, strike)
    assert await counted(wereld) == {}
    await the_same_again(wereld, database)


async def test_two_that_decide_at_once_decide_once(wereld: Wereld, database: Server) -> None:
    await add_mens(wereld, "regisseur-2", "regisseur", "harderwijk", ["GM0233", "GM0243"])
    op = await elsewhere(wereld)
    answers = await asyncio.gather(
        *(
            decide(wereld, op["opId"], besluit, wie)
            for wie in ("regisseur-1", "regisseur-2")
            for besluit in ("aanvaard", "geweigerd")
        )
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    await the_same_again(wereld, database)
