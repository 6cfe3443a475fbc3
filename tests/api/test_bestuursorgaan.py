"""Whose decision a maatregel is, every entry on it says: what is of the college is sealed as the college's.

Broken, each by itself and seen here by the name of the act: `bevoegd_orgaan` out of each payload (the acts of a
maatregel, doorhaling, verschil.beoordeeld, bewijs.gewijzigd, sluiting.verlopen); `mee` out of the aggregate; `hoort`
out of it, or never asked; `organ_of` that always says burgemeester; `of_anybody` that refuses nothing; `WETTELIJK`
without the organ.
"""

import json
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import asyncpg
from uuid_utils.compat import uuid7

from app.moment import AMSTERDAM
from app.postgres import Server
from app.registraties.register import ACTEN
from app.services.boeken.verlopen import book_ended
from app.services.vouwen.historie import fetch_entries
from tests.hulp.handhaving import (
    ANDERE,
    BEDRAG,
    BOA,
    JURIST,
    LOB,
    LOD,
    Adres,
    Op,
    bekend,
    choose,
    opgelegd,
    post,
    toegepast,
    vandaag,
    verbeurd,
    verlengd,
    voornemen,
)
from tests.hulp.ingehouden import the_same_again
from tests.hulp.sync_proef import accepted, correctie, doorhaling, head, verdict
from tests.hulp.wereld import Wereld

COLLEGE, BURGEMEESTER = {"bevoegdOrgaan": "college"}, {"bevoegdOrgaan": "burgemeester"}
OVER_MAATREGEL = {soort for soort, act in ACTEN.items() if act.aggregaat == "maatregel"}
OVER_ALLES = {"doorhaling", "verschil.beoordeeld", "bewijs.gewijzigd"}
"""What may be about any kind of document, a maatregel too. No file hangs on one."""
VERBEURTE, DERDE = UUID(int=7), UUID(int=8)
DAG, LATER = "2023-03-22", "2023-03-29"
VIEW = {"ontvangenOp": "2023-02-20", "wijze": "schriftelijk", "tekst": "Wij wisten niets."}


def says(op: Op, of: dict[str, str]) -> Op:
    """The same entry, which names this organ."""
    soort, about, inhoud = op
    return soort, about, {**inhoud, **of}


async def collected(a: Adres, lod: UUID) -> list[Op]:
    """A last, from voornemen to what is collected, paid and waived; its controles are made here."""
    here = {"maatregel": lod, "verbeurte": VERBEURTE}
    first, second = await a.controle(DAG), await a.controle(LATER)
    twice = {"modaliteit": "per_overtreding", "bedrag": BEDRAG, "maximum": 2 * BEDRAG}
    collecting = {"betreft": "invordering", "verbeurte": str(VERBEURTE)}
    return [
        voornemen(lod, a.locatie, LOD),
        ("zienswijze.ontvangen", {"maatregel": lod}, VIEW),
        opgelegd(lod, LOD, dwangsom=twice),
        bekend(lod),
        verbeurd(lod, first, DAG, VERBEURTE),
        ("invordering.voorgenomen", here, {"voorgenomenOp": "2023-04-04"}),
        ("invordering.beschikt", here, {"beschiktOp": "2023-05-09"}),
        bekend(lod, "2023-05-10", **collecting),
        ("dwangsom.betaald", here, {"betaaldOp": "2023-05-20", "bedrag": 100}),
        verbeurd(lod, second, LATER, DERDE),
        ("invordering.afgezien", here | {"verbeurte": DERDE}, {"afgezienOp": "2023-06-01", "reden": "verjaard"}),
    ]


async def closed(a: Adres, lob: UUID) -> list[Op]:
    """A last on another ground, and a closure on it that is extended; its controle and rapportage are made here."""
    controle = await a.controle("2023-04-05")
    closure = {"op": vandaag(-9), "tot": vandaag(3), "duurMaanden": None}
    return [
        voornemen(lob, a.locatie, LOB, grondslag=ANDERE),
        opgelegd(lob, LOB, aangezegdeDuurMaanden=60),
        bekend(lob),
        toegepast(lob, controle, await a.rapportage(controle), **closure),
        verlengd(lob, vandaag(5)),
    ]


async def make(wereld: Wereld, op: Op, of: dict[str, str], wie: str = JURIST, **velden: Any) -> dict[str, Any]:
    """Booked as of this organ. As of the other one it is refused, and nothing is kept; unless it begins a maatregel."""
    if op[0] != "maatregel.voorgenomen":
        before, (other,) = await head(wereld), [o for o in (COLLEGE, BURGEMEESTER) if o != of]
        refused = await post(wereld, says(op, other), wie, **velden)
        assert (refused.status_code, await head(wereld)) == (409, before), (op[0], refused.text)
        assert "noem in `bevoegdOrgaan` hetzelfde bestuursorgaan" in refused.json()["detail"], op[0]
    answer = await post(wereld, says(op, of), wie, **velden)
    assert answer.status_code == 201, (op[0], answer.text)
    return {**answer.json(), "onderwerp": {key: str(ident) for key, ident in op[1].items()}}


async def sealed(database: Server) -> dict[str, list[str]]:
    """Of each kind of entry about a maatregel: as whose each is sealed. What is read is what its leaf commits to."""
    raw = await asyncpg.connect(database.beheer_url)
    rows = await fetch_entries(raw, [row["op"] for row in await raw.fetch("SELECT op FROM grootboek.entry")])
    await raw.close()
    found: dict[str, list[str]] = {}
    for omslag in (json.loads(row["omslag"]) for row in sorted(rows, key=lambda row: int(row["pos"])) if row["omslag"]):
        if "maatregel" in omslag["onderwerp"]:
            found.setdefault(omslag["soort"], []).append(omslag["verwerkingsverantwoordelijke"])
    return found


async def test_a_measure_of_the_college_is_sealed_as_its_own_from_beginning_to_end(
    wereld: Wereld, database: Server
) -> None:
    adres, lod, lob = await Adres(wereld).record(), uuid7(), uuid7()
    made = [await make(wereld, op, COLLEGE) for op in (*await collected(adres, lod), *await closed(adres, lob))]
    ended = datetime.combine(date.fromisoformat(vandaag(6)), time(12), AMSTERDAM)
    assert await book_ended(wereld.http.app.state.proces.sessionmaker, nu=ended) == 1
    await make(wereld, ("sluiting.beeindigd", {"maatregel": lob}, {"op": vandaag(), "reden": "opgeheven"}), COLLEGE)
    about = {"corrigeert": made[1]["opId"], "basis": made[1]["opId"], "reden": "vergissing"}
    await make(wereld, ("zienswijze.ontvangen", {"maatregel": lod}, VIEW | {"wijze": "mondeling"}), COLLEGE, **about)
    known, paid = made[7:9]
    for of, expected in ((paid, "accepted"), (known, "conflict")):
        strike = ("doorhaling", {"maatregel": lod}, {"registratie": of["opId"], "reden": "fout"})
        struck = await make(wereld, strike, COLLEGE)
        assert struck["status"] == expected
    keeps = {"keuze": known["opId"], "verworpen": struck["opId"], "reden": "zo was het"}
    await make(wereld, ("verschil.beoordeeld", {"maatregel": lod}, keeps), COLLEGE, "burgemeester-1")
    proof = adres.ops[f"{DAG}.bevinding"]
    gone = doorhaling(wereld, BOA, proof, "controle")
    await wereld.push(BOA, gone)
    assert (await choose(wereld, "regisseur-1", gone, proof)).status_code == 201
    found = await sealed(database)
    assert found.keys() == OVER_MAATREGEL | OVER_ALLES, "each kind of entry is among them"
    assert {soort: laws for soort, laws in found.items() if set(laws) != {"college"}} == {}
    assert [(await adres.doc(each))["bevoegdOrgaan"] for each in (lod, lob)] == ["college"] * 2
    await the_same_again(wereld, database)


async def test_an_earlier_version_names_no_organ_and_is_taken_for_the_burgemeester_only(
    wereld: Wereld, database: Server
) -> None:
    """So it is sealed. On a measure of the college it is kept in quarantine, until somebody records it anew."""
    adres = await Adres(wereld).record()
    for of, expected in ((BURGEMEESTER, ("accepted", None)), (COLLEGE, ("quarantined", "regel_geschonden"))):
        maatregel = uuid7()
        await make(wereld, voornemen(maatregel, adres.locatie, LOD), of)
        view = wereld.op(JURIST, "zienswijze.ontvangen", {"maatregel": maatregel}, VIEW, versie=1)
        besluit = wereld.op(JURIST, *opgelegd(maatregel), versie=1)
        assert [verdict(each) for each in await wereld.push(JURIST, view, besluit)] == [expected] * 2
        assert (await adres.doc(maatregel))["bevoegdOrgaan"] == of["bevoegdOrgaan"]
        made = await make(wereld, ("zienswijze.ontvangen", {"maatregel": maatregel}, VIEW), of)
        strike = wereld.op(JURIST, "doorhaling", {"maatregel": maatregel}, {"registratie": made["opId"], "reden": "x"})
        assert strike["versie"] == 1
        assert [verdict(each) for each in await wereld.push(JURIST, strike)] == [expected]
    assert (await sealed(database))["doorhaling"] == ["burgemeester"] * 2
    await the_same_again(wereld, database)


async def test_two_corrections_do_not_differ_by_the_organ_that_both_name(wereld: Wereld) -> None:
    """What they correct did not say it: one field each is soft, as it would have been before."""
    adres, maatregel = await Adres(wereld).record(), uuid7()
    await make(wereld, voornemen(maatregel, adres.locatie, LOD), BURGEMEESTER)
    view = wereld.op(JURIST, "zienswijze.ontvangen", {"maatregel": maatregel}, VIEW, versie=1)
    await accepted(wereld, JURIST, view)
    newer = view | {"versie": ACTEN["zienswijze.ontvangen"].versie, "inhoud": VIEW | BURGEMEESTER}
    await accepted(wereld, JURIST, correctie(wereld, JURIST, newer, wijze="mondeling"))
    (other,) = await wereld.push(JURIST, correctie(wereld, JURIST, newer, tekst="Wij wisten het wel."))
    assert other["status"] == "conflict"
    (beside,) = (await adres.doc(maatregel))["verschillen"]
    assert (beside["ernst"], beside["inhoud"]["tekst"]) == ("soft", "Wij wisten het wel.")


async def test_of_nothing_else_an_entry_says_whose_decision_it_is(wereld: Wereld) -> None:
    adres = await Adres(wereld).record()
    controle = await adres.controle(DAG)
    strike = {"registratie": adres.ops[f"{DAG}.bevinding"]["opId"], "reden": "dubbel"}
    refused = await post(wereld, ("doorhaling", {"controle": controle}, strike | COLLEGE), BOA)
    assert (refused.status_code, "bevoegdOrgaan" in refused.json()["detail"]) == (409, True), refused.text
    assert (await post(wereld, ("doorhaling", {"controle": controle}, strike), BOA)).status_code == 201
