"""What the law forbids of measures together, of changes afterwards and of dates; beside test_weigeringen."""

import asyncio
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from app.postgres import Server
from app.registraties.weigeringen import WEIGERINGEN
from tests.hulp.gevallen import BY_CORRECTION_ONLY, ground_for, on_two, refused
from tests.hulp.handhaving import (
    ANDERE,
    BEDRAG,
    BOA,
    GROND,
    JURIST,
    LOB,
    LOD,
    TOETS,
    Adres,
    Op,
    bekend,
    choose,
    closing,
    opgelegd,
    post,
    toegepast,
    vandaag,
    verbeurd,
    voornemen,
)
from tests.hulp.ingehouden import the_same_again
from tests.hulp.sync_proef import accepted, give_up, verdict
from tests.hulp.wereld import Wereld


async def test_a_controle_that_was_struck_proves_nothing(wereld: Wereld) -> None:
    """It is no longer known here: the same answer as to a controle that never was. Its twin stands."""
    adres = await Adres(wereld).record()
    lod, wrong, right = await on_two(adres)
    strike = {"registratie": adres.ops["2023-03-21.start"]["opId"], "reden": "verkeerd adres"}
    await accepted(wereld, BOA, wereld.op(BOA, "doorhaling", {"controle": wrong}, strike))
    assert (await post(wereld, verbeurd(lod, wrong, "2023-03-21"))).status_code == 404
    op = wereld.op(JURIST, *verbeurd(lod, wrong, "2023-03-21"))
    assert verdict((await give_up(wereld, JURIST, op))[0]) == ("quarantined", "onderwerp_onbekend")
    assert (await post(wereld, verbeurd(lod, right))).status_code == 201


async def test_one_after_the_other_is_no_second(wereld: Wereld, database: Server) -> None:
    """Harderwijk, L1: its maximum is forfeited, so the next may follow. A strike never revives the first."""
    adres = await Adres(wereld).record()
    lod, controle = await adres.maatregel(LOD), await adres.controle("2023-03-22")
    lob = await adres.maatregel(LOB, stap="voorgenomen")
    refused(await post(wereld, opgelegd(lob, LOB)), "tweede-herstelsanctie")
    proof = wereld.op(JURIST, *verbeurd(lod, controle))
    await accepted(wereld, JURIST, proof, wereld.op(JURIST, *opgelegd(lob, LOB)))
    strike: Op = ("doorhaling", {"maatregel": lod}, {"registratie": proof["opId"], "reden": "verkeerde dag"})
    refused(await post(wereld, strike), "tweede-herstelsanctie")
    op = wereld.op(JURIST, *strike)
    assert verdict((await wereld.push(JURIST, op))[0]) == ("quarantined", "regel_geschonden")
    await the_same_again(wereld, database)


async def test_two_of_different_provisions_never_become_one_by_correcting(wereld: Wereld) -> None:
    """Broken: `check` of a maatregel without its last two lines."""
    adres = await Adres(wereld).record()
    lod, lob = await adres.maatregel(LOD, stap="opgelegd"), uuid7()
    first = wereld.op(JURIST, *voornemen(lob, adres.locatie, LOB, grondslag=ANDERE))
    await accepted(wereld, JURIST, first, wereld.op(JURIST, *opgelegd(lob, LOB)))
    about = {"corrigeert": first["opId"], "basis": first["opId"], "reden": "verkeerd artikel"}
    refused(await post(wereld, voornemen(lob, adres.locatie, LOB), **about), "tweede-herstelsanctie")
    await adres.make(bekend(lod))
    await adres.make(bekend(lob))
    assert [(await adres.doc(m))["status"] for m in (lod, lob)] == ["in_werking"] * 2


@pytest.mark.parametrize("named", [False, True])
async def test_two_at_once_do_not_both_pass(wereld: Wereld, *, named: bool) -> None:
    """Two besluiten at one place, booked at the same moment over two connections: exactly one holds.

    Broken: load_around without its lock lets both through.
    """
    adres = await Adres(wereld).record()
    for turn in range(8):
        pair, grond = [uuid7(), uuid7()], {**GROND, "artikel": f"9:{turn}"}
        for maatregel in pair:
            await adres.make(voornemen(maatregel, adres.locatie, LOB, grondslag=grond))
        other = [{"eerdereMaatregelen": [str(ident)]} if named else {} for ident in reversed(pair)]
        ops = [opgelegd(maatregel, LOB, **more) for maatregel, more in zip(pair, other, strict=True)]
        who = (JURIST, "burgemeester-1")
        answers = await asyncio.gather(*(post(wereld, op, wie) for op, wie in zip(ops, who, strict=True)))
        assert sorted(answer.status_code for answer in answers) == [201, 409]
        refused(next(answer for answer in answers if answer.status_code == 409), "tweede-herstelsanctie")


async def test_a_maximum_is_never_corrected_below_what_is_forfeited(wereld: Wereld, database: Server) -> None:
    row, adres = WEIGERINGEN["maximum-onder-verbeurd"], await Adres(wereld).record()
    sums = {"modaliteit": "per_overtreding", "bedrag": BEDRAG // 2, "maximum": 2 * BEDRAG}
    lod = await adres.maatregel(LOD, stap="voorgenomen")
    besluit = wereld.op(JURIST, *opgelegd(lod, dwangsom=sums))
    await accepted(wereld, JURIST, besluit, wereld.op(JURIST, *bekend(lod)))
    await adres.make(verbeurd(lod, await adres.controle("2023-03-22")))
    about = {"corrigeert": besluit["opId"], "basis": besluit["opId"], "reden": "verkeerd bedrag"}
    less = opgelegd(lod, dwangsom={**sums, "maximum": BEDRAG - 1})
    answer = await post(wereld, less, **about)
    assert answer.status_code == 409, answer.text
    assert (answer.json()["artikel"], answer.json()["watNu"]) == (
        BY_CORRECTION_ONLY["maximum-onder-verbeurd"][1],
        row.wat_nu,
    )
    pushed = await wereld.push(JURIST, wereld.op(JURIST, *less, **about))
    assert verdict(pushed[0]) == ("quarantined", "regel_geschonden")
    enough = await post(wereld, opgelegd(lod, dwangsom={**sums, "maximum": BEDRAG}), **about)
    assert enough.status_code == 201, enough.text
    assert (await choose(wereld, "burgemeester-1", enough.json(), besluit)).status_code == 201, "it was made known"
    assert (await adres.doc(lod))["status"] == "uitgewerkt"
    await the_same_again(wereld, database)


@pytest.mark.parametrize("tot", ["2023-03-21", "2023-03-22"])
async def test_a_change_leaves_no_verbeurte_without_ground(wereld: Wereld, tot: str) -> None:
    """A term that is corrected to later would swallow what was forfeited, and so would striking the bekendmaking."""
    adres = await Adres(wereld).record()
    lod = await adres.maatregel(LOD, stap="voorgenomen")
    besluit, known = wereld.op(JURIST, *opgelegd(lod)), wereld.op(JURIST, *bekend(lod))
    await accepted(wereld, JURIST, besluit, known)
    await adres.make(verbeurd(lod, await adres.controle("2023-03-22")))
    about = {"corrigeert": besluit["opId"], "basis": besluit["opId"], "reden": "verkeerde termijn"}
    answer = await post(wereld, opgelegd(lod, begunstigingTotEnMet=tot), **about)
    if tot == "2023-03-22":
        refused(answer, "verbeurte-binnen-begunstiging")
    else:
        assert answer.status_code == 201, answer.text
    strike: Op = ("doorhaling", {"maatregel": lod}, {"registratie": known["opId"], "reden": "vergissing"})
    refused(await post(wereld, strike), "verbeurte-voor-bekendmaking")


@pytest.mark.parametrize(("later", "status"), [(1, 201), (2, 409)])
async def test_no_decision_payment_or_application_lies_in_the_future(wereld: Wereld, later: int, status: int) -> None:
    """Tomorrow is allowed, for a phone may be a day ahead; the day after is not."""
    adres, day = await Adres(wereld).record(), vandaag(later)
    lod, controle = await adres.maatregel(LOD), await adres.controle("2023-03-22")
    forfeited = verbeurd(lod, controle)
    await adres.make(forfeited)
    here = {key: forfeited[1][key] for key in ("maatregel", "verbeurte")}
    new = await adres.maatregel(LOB, stap="voorgenomen")
    lob, rapport = await adres.maatregel(LOB, grondslag=ANDERE), await adres.rapportage(controle)
    decided = {"beslotenOp": day, "bekendgemaaktOp": day}
    ops: list[Op] = [
        ("dwangsom.betaald", here, {"betaaldOp": day, "bedrag": 100}),
        ("invordering.beschikt", here, {"beschiktOp": day, "nietGehoordReden": "spoed"}),
        opgelegd(new, LOB, opgelegdOp=day),
        toegepast(lob, controle, rapport, op=day, **decided),
    ]
    for op in ops:
        answer = await post(wereld, op, waargenomenOp=f"{day}T09:00:00+01:00")
        assert answer.status_code == status, (op[0], answer.text)
        if status == 409:
            refused(answer, "datum-in-de-toekomst")
    for paid, seen in (("2023-04-02", 409), ("2023-04-01", 201)):
        payment: Op = ("dwangsom.betaald", here, {"betaaldOp": paid, "bedrag": 100})
        answer = await post(wereld, payment, waargenomenOp="2023-04-01T09:00:00+02:00")
        assert answer.status_code == seen, "what is seen was paid on that day at the latest"
        if seen == 409:
            refused(answer, "datum-in-de-toekomst")


async def test_consent_to_enter_is_the_occupants_to_give(wereld: Wereld) -> None:
    adres = await Adres(wereld).record(bewoond="ja")
    lob, _, right, rapport = await ground_for(adres)
    said = {"vorm": "schriftelijk", "taal": "nl"}
    clients = toegepast(lob, right, rapport, toestemming={**said, "door": "klant"})
    refused(await post(wereld, clients), "toepassing-bewoonde-woning")
    await adres.make(toegepast(lob, right, rapport, toestemming={**said, "door": "bewoner"}))


async def test_whether_somebody_lives_there_is_asked_of_every_record_of_the_address(wereld: Wereld) -> None:
    """The first says that nobody lives there; a later one at the same address knows better."""
    adres = await Adres(wereld).record(bewoond="nee")
    await Adres(wereld).record(bewoond="ja", wie="boa-2")
    lob, _, right, rapport = await ground_for(adres)
    refused(await post(wereld, toegepast(lob, right, rapport)), "toepassing-bewoonde-woning")


async def test_an_earlier_version_of_the_application_is_still_read(wereld: Wereld) -> None:
    """Phones and ledgers of 0.1.0 say nothing of consent."""
    adres = await Adres(wereld).record()
    lob, _, right, rapport = await ground_for(adres)
    op = wereld.op(JURIST, *toegepast(lob, right, rapport), versie=1)
    await accepted(wereld, JURIST, op)


async def test_urgent_bestuursdwang_is_a_fact(wereld: Wereld) -> None:
    """At the door nobody waits for a rapportage; that is for the besluit that follows (Awb 5:31)."""
    adres, maatregel = await Adres(wereld).record(bewoond="ja"), uuid7()
    spoed = {
        "soort": "spoedeisende_bestuursdwang",
        "opgelegdOp": "2023-03-02",
        "beslotenDoor": {"door": "orgaan"},
        "bevoegdOrgaan": "burgemeester",
        "grondslag": GROND,
        "adressaten": [{"hoedanigheid": "exploitant"}],
        "nietGehoordReden": "spoed",
        "evenredigheidstoets": TOETS,
    }
    await adres.make(("maatregel.opgelegd", {"maatregel": maatregel, "locatie": adres.locatie}, spoed))
    fact: dict[str, Any] = {"op": "2023-03-01", "wijze": "sluiting", "duurMaanden": 3, "evenredigheidstoets": TOETS}
    await adres.make(("bestuursdwang.toegepast", {"maatregel": maatregel}, fact))


async def test_what_waits_holds_as_soon_as_it_came(wereld: Wereld) -> None:
    """A verbeurte pushed before bekendmaking and end of its controle is honest work: asked for again, it holds."""
    adres = await Adres(wereld).record()
    lod, controle = await adres.maatregel(LOD, stap="opgelegd"), await adres.controle("2023-03-22", afgerond=False)
    op = wereld.op(JURIST, *verbeurd(lod, controle))
    assert verdict((await wereld.push(JURIST, op))[0]) == ("deferred", "voorganger_ontbreekt")
    await adres.make(bekend(lod))
    await accepted(wereld, BOA, wereld.op(BOA, *closing(controle), waargenomenOp="2023-03-22T20:50:00+01:00"))
    await accepted(wereld, JURIST, op)
    assert (await adres.doc(lod))["status"] == "uitgewerkt"
