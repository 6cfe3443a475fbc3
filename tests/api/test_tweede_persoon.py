"""Rules that ask for another person are not got round: not by the desk, not by time, not by the carrier."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from uuid_utils.compat import uuid7

from app.postgres import Server
from app.registraties.act import iso
from tests.hulp.accounts import grant as grant_waiting
from tests.hulp.herbouw import run_sql
from tests.hulp.keten import team
from tests.hulp.replica import grant
from tests.hulp.sync_proef import accepted, controle, correctie, melding, verdict
from tests.hulp.toestel_proef import Accounthouder, make_accounthouder, problem, revoke
from tests.hulp.toestellen import approve_role, end, enter, give_order, stand
from tests.hulp.verschillen import besluit, read
from tests.hulp.wereld import Wereld, add_mens

ALLEEN = (409, "regel-geschonden")
ALLES = {"opdracht": "wissen", "onverzondenWissen": True}


@pytest.fixture
async def houder(wereld: Wereld) -> Accounthouder:
    return await make_accounthouder(wereld, "boa-1")


async def give_device(wereld: Wereld, wie: str) -> None:
    """A device for an administrator, enrolled by the first and approved by a third."""
    me, ident = wereld.mensen[wie], UUID(str(uuid7()))
    third = await grant(wereld, "jurist-1", "functioneel_beheerder", [])
    wereld.mensen["beheerder-3"] = replace(wereld.mensen["jurist-1"], roltoewijzing=third, toestel=None)
    enrolled = {"functionaris": str(me.functionaris), "roltoewijzing": str(me.roltoewijzing), "omschrijving": "tablet"}
    await wereld.make("beheerder", "/toestellen", {"onderwerp": {"toestel": str(ident)}, "inhoud": enrolled})
    await wereld.make("beheerder-3", f"/toestellen/{ident}/goedkeuring", {"inhoud": {}})
    wereld.mensen[wie] = replace(me, toestel=ident)


async def quarantine(wereld: Wereld, wie: str, op: dict[str, Any]) -> str:
    """What `wie` records after his role ended."""
    await end(wereld, wereld.mensen[wie].roltoewijzing)
    (result,) = await wereld.push(wie, op)
    assert verdict(result) == ("quarantined", "recht_ontbreekt")
    return f"/quarantaine/{op['opId']}/beoordeling"


TAKE_IN = {"inhoud": {"besluit": "aanvaard", "reden": "akkoord"}}


async def test_who_granted_a_role_does_not_take_in_its_approval(houder: Accounthouder) -> None:
    """Broken: `bureau` out of `Actor.beslissers` (access/actor.py); the same line holds the next two."""
    wereld, toestel = houder.wereld, houder.persona.toestel
    await give_device(wereld, "beheerder-2")
    regisseur = await grant(wereld, "boa-1", "regisseur", ["GM0243"])
    op = wereld.op("beheerder-2", "toestel.rol_goedgekeurd", {"toestel": toestel}, {"roltoewijzing": str(regisseur)})
    pad = await quarantine(wereld, "beheerder-2", op)
    assert problem(await wereld.post("beheerder", pad, TAKE_IN)) == ALLEEN
    assert (await enter(houder, regisseur)).status_code == 403
    await wereld.make("beheerder-3", pad, TAKE_IN)
    assert (await enter(houder, regisseur)).status_code == 200


async def test_who_ordered_the_erasure_does_not_take_in_the_second_order(wereld: Wereld) -> None:
    toestel = wereld.mensen["boa-1"].toestel
    await give_device(wereld, "beheerder-2")
    await give_order(wereld, "wissen")
    pad = await quarantine(
        wereld, "beheerder-2", wereld.op("beheerder-2", "toestel.opgedragen", {"toestel": toestel}, ALLES)
    )
    assert problem(await wereld.post("beheerder", pad, TAKE_IN)) == ALLEEN
    assert [order["onverzondenWissen"] for order in (await stand(wereld))["opdrachten"]] == [False]


def of_people(wereld: Wereld, role: UUID, boa: UUID) -> dict[str, tuple[str, dict[str, Any], dict[str, Any]]]:
    """What beheerder-2 records that beheerder may not let hold: he granted, he asked, it is about himself."""
    own = str(wereld.mensen["beheerder"].functionaris)
    right = {
        "functionaris": own, "rol": "pct", "organisatie": str(wereld.organisaties["pct-oost"]),
        "gemeenten": ["GM0243"], "van": "2022-01-01T00:00:00+01:00", "grondslag": "aanstelling", "doorTwee": True,
    }  # fmt: skip
    return {
        "role for himself": ("roltoewijzing.verleend", {"roltoewijzing": uuid4()}, right),
        "role granted": ("roltoewijzing.bevestigd", {"roltoewijzing": role}, {}),
        "account asked": ("account.bevestigd", {"account": boa}, {}),
        "account for himself": ("account.aangevraagd", {"account": own}, {"functionaris": own}),
        "account disabled": ("account.uitgezet", {"account": own}, {}),
    }


PEOPLE = ("role for himself", "role granted", "account for himself", "account asked", "account disabled")


@pytest.mark.parametrize("naam", PEOPLE)
async def test_the_desk_is_no_second_person_for_roles_and_accounts(wereld: Wereld, naam: str) -> None:
    """Broken, each by itself: `actor.beslissers` made `{str(actor.functionaris)}` in the act that is named."""
    await give_device(wereld, "beheerder-2")
    boa = wereld.mensen["boa-1"].functionaris
    role, asked = await grant_waiting(wereld, boa), {"functionaris": str(boa)}
    await wereld.make("beheerder", "/accounts", {"onderwerp": {"account": str(boa)}, "inhoud": asked})
    versie = 2 if naam == "role for himself" else 1
    op = wereld.op("beheerder-2", *of_people(wereld, role, boa)[naam], versie=versie)
    pad = await quarantine(wereld, "beheerder-2", op)
    assert problem(await wereld.post("beheerder", pad, TAKE_IN)) == ALLEEN
    await wereld.make("beheerder-3", pad, TAKE_IN)


async def own_branch(wereld: Wereld) -> tuple[Any, Any, Any]:
    """A report of boa-1, his correction of it, and one of the regisseur beside that."""
    op = melding(wereld, "boa-1", inhoud={"tekst": "een"})
    tip = correctie(wereld, "boa-1", op, tekst="twee")
    await accepted(wereld, "boa-1", op, tip)
    branch = correctie(wereld, "regisseur-1", op, tekst="drie")
    assert (await wereld.push("regisseur-1", branch))[0]["status"] == "conflict"
    return op, tip, branch


async def test_nobody_takes_in_a_settlement_for_himself(wereld: Wereld) -> None:
    op, tip, branch = await own_branch(wereld)
    await add_mens(wereld, "regisseur-2", "regisseur", "harderwijk", ["GM0243"])
    pad = await quarantine(
        wereld, "regisseur-2", besluit(wereld, "regisseur-2", op["onderwerp"], keuze=branch, verworpen=tip)
    )
    assert problem(await wereld.post("regisseur-1", pad, TAKE_IN)) == ALLEEN
    assert (await read(wereld, op))["tekst"] == "twee"


async def test_nobody_settles_for_himself_in_two_steps(wereld: Wereld) -> None:
    """First his own version put over the other's. Broken: at_stake (services/boeken/wijzigen.py) without what lies
    between."""
    op, tip, branch = await own_branch(wereld)
    over = correctie(wereld, "regisseur-1", op, basis=tip, tekst="drie")
    await accepted(wereld, "regisseur-1", over)
    pushed = await wereld.push("regisseur-1", besluit(wereld, "regisseur-1", op["onderwerp"], branch, over))
    assert verdict(pushed[0]) == ("quarantined", "regel_geschonden")


async def test_nobody_corrects_a_start_to_choose_it(wereld: Wereld) -> None:
    """Whose version it is follows from what holds. Broken: `chosen` in judge_settlement made `keuze`."""
    locatie, first = controle(wereld, "boa-1")
    first["inhoud"]["deelnemers"] = team(wereld, boa_1="coordineert", boa_2="voert_uit")
    of_harderwijk = {"organisatie": str(wereld.organisaties["harderwijk"]), "taak": "voert_uit"}
    first["inhoud"]["deelnemers"] += [{"functionaris": str(wereld.mensen["regisseur-1"].functionaris), **of_harderwijk}]
    second = first | wereld.op("boa-2", "controle.gestart", first["onderwerp"], first["inhoud"])
    await accepted(wereld, "boa-1", locatie, first)
    await accepted(wereld, "boa-2", second)
    await accepted(wereld, "regisseur-1", correctie(wereld, "regisseur-1", first, benadering="anders"))
    chosen = besluit(wereld, "regisseur-1", {"controle": first["onderwerp"]["controle"]}, first, second)
    assert verdict((await wereld.push("regisseur-1", chosen))[0]) == ("quarantined", "regel_geschonden")


async def test_between_two_versions_of_his_own_he_decides(wereld: Wereld) -> None:
    """Nobody else is passed over. Broken: `writers <= actor.beslissers` made False (services/boeken/wijzigen.py)."""
    op = melding(wereld, "boa-1", inhoud={"tekst": "een"})
    await accepted(wereld, "boa-1", op)
    tip, branch = (correctie(wereld, "regisseur-1", op, tekst=tekst) for tekst in ("twee", "drie"))
    assert [result["status"] for result in await wereld.push("regisseur-1", tip, branch)] == ["accepted", "conflict"]
    await accepted(wereld, "regisseur-1", besluit(wereld, "regisseur-1", op["onderwerp"], branch, tip))
    assert (await read(wereld, op))["tekst"] == "drie"


async def test_the_carrier_is_no_second_person(houder: Accounthouder) -> None:
    """He is an administrator too. Broken: the first `refuse` of refuse_alone (registraties/toestel)."""
    wereld, toestel = houder.wereld, houder.persona.toestel
    beheer = await grant(wereld, "boa-1", "functioneel_beheerder", [])
    await revoke(wereld, toestel, "gestolen")
    wereld.mensen["drager"] = replace(wereld.mensen["boa-1"], roltoewijzing=beheer, toestel=None)
    assert problem(await wereld.post("drager", f"/toestellen/{toestel}/opdrachten", {"inhoud": ALLES})) == ALLEEN


@pytest.mark.parametrize(("dagen", "uitkomst"), [(8, ALLEEN), (6, (201, ""))])
async def test_an_order_of_long_ago_is_no_first_of_two(
    wereld: Wereld, database: Server, dagen: int, uitkomst: tuple[int, str]
) -> None:
    """Broken: `>= since` out of refuse_alone (registraties/toestel)."""
    await give_order(wereld, "wissen", door="beheerder-2")
    given = iso(datetime.now(UTC) - timedelta(days=dagen))
    earlier = f"UPDATE lees.toestel SET doc = jsonb_set(doc, '{{opdrachten,0,gegevenOp}}', '\"{given}\"')"  # noqa: S608
    await run_sql(database, earlier + " WHERE doc -> 'opdrachten' -> 0 IS NOT NULL")
    pad = f"/toestellen/{wereld.mensen['boa-1'].toestel}/opdrachten"
    assert problem(await wereld.post("beheerder", pad, {"inhoud": ALLES})) == uitkomst


async def test_a_device_without_a_role_can_be_salvaged(houder: Accounthouder) -> None:
    """Promise 4, for devices of before. Broken: `may_deliver` out of the guard of toestel.rol_goedgekeurd."""
    wereld, persona, toestel = houder.wereld, houder.persona, uuid4()
    inhoud = {"functionaris": str(persona.functionaris), "omschrijving": "tablet"}
    await wereld.make("beheerder", "/toestellen", {"onderwerp": {"toestel": str(toestel)}, "inhoud": inhoud})
    await wereld.make("beheerder-2", f"/toestellen/{toestel}/goedkeuring", {"inhoud": {}})
    wereld.mensen["boa-1"] = replace(persona, toestel=toestel)
    await revoke(wereld, toestel, "verloren")
    assert await approve_role(wereld, toestel, persona.roltoewijzing) == ALLEEN, "no window is open"
    soon = datetime.now(UTC) + timedelta(days=1)
    await wereld.make("beheerder-2", f"/toestellen/{toestel}/berging", {"inhoud": {"tot": soon.isoformat()}})
    assert await approve_role(wereld, toestel, persona.roltoewijzing) == (201, "")
    assert (await enter(houder)).status_code == 200
