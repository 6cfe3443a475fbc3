"""What an adopted rapportage, a verbeurte or a besluit rests on is changed by two people; who relies on it hears.

What an officer recorded is never refused: it is booked beside what holds, and a second person decides.
"""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from app.postgres import Server
from tests.hulp.handhaving import JURIST, LOB, LOD, PCT, Adres, bekend, choose, opgelegd, post, toegepast, verbeurd
from tests.hulp.ingehouden import decide, end_role, receipt, the_same_again
from tests.hulp.sync_proef import accepted, correctie, verdict
from tests.hulp.wereld import Wereld, add_mens

BOA, REGISSEUR = "boa-1", "regisseur-1"
DAG = "2023-03-22"
DELEN = ("start", "persoon", "bevinding", "afronding")
ANDERS: dict[str, dict[str, Any]] = {
    "start": {"situatie": "toegang_geweigerd"},
    "persoon": {"rol": "klant"},
    "bevinding": {"tekst": "Dat was anders."},
    "afronding": {"uitkomst": "niet_vastgesteld", "overtredingen": None},
}
Rust = tuple[Adres, UUID, dict[str, UUID]]
"""The address, the controle, and by collection what rests on it."""


async def adopted(a: Adres) -> Rust:
    controle = await a.controle(DAG)
    return a, controle, {"rapportages": await a.rapportage(controle)}


async def forfeited(a: Adres) -> Rust:
    controle, lod = await a.controle(DAG), await a.maatregel(LOD)
    await a.make(verbeurd(lod, controle))
    return a, controle, {"maatregelen": lod}


async def imposed(a: Adres) -> Rust:
    """A besluit on a rapportage: that rests on the controle through it."""
    controle = await a.controle(DAG)
    rapportage = await a.rapportage(controle)
    return a, controle, {"rapportages": rapportage, "maatregelen": await a.maatregel(LOD, rapportage=rapportage)}


RUST = {"rapportage": adopted, "verbeurte": forfeited, "besluit": imposed}


async def resting(wereld: Wereld, waarop: str) -> Rust:
    return await RUST[waarop](await Adres(wereld).record())


def change(wereld: Wereld, wie: str, of: dict[str, Any], hoe: str, deel: str) -> dict[str, Any]:
    """A strike or a correction of one entry of a controle."""
    if hoe == "correctie":
        return correctie(wereld, wie, of, **ANDERS[deel])
    about = {"controle": UUID(of["onderwerp"]["controle"])}
    return wereld.op(wie, "doorhaling", about, {"registratie": of["opId"], "reden": "niet gezien"})


async def read(wereld: Wereld, wie: str, collectie: str, ident: UUID) -> dict[str, Any]:
    answer = await wereld.get(wie, f"/{collectie}/{ident}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def marks(wereld: Wereld, rest: dict[str, UUID]) -> list[Any]:
    return [(await read(wereld, JURIST, collectie, ident)).get("bewijs") for collectie, ident in rest.items()]


@pytest.mark.parametrize("hoe", ["doorhaling", "correctie"])
@pytest.mark.parametrize("deel", DELEN)
@pytest.mark.parametrize("waarop", RUST)
async def test_it_waits_for_a_second_person(wereld: Wereld, database: Server, waarop: str, deel: str, hoe: str) -> None:
    """Broken, for each part: `draagt` out of its act; for each kind: `staat` or `rust_op` out of its aggregate."""
    adres, controle, rest = await resting(wereld, waarop)
    original = adres.ops[f"{DAG}.{deel}"]
    before = await read(wereld, REGISSEUR, "controles", controle)
    op = change(wereld, BOA, original, hoe, deel)
    assert verdict((await wereld.push(BOA, op))[0]) == ("conflict", "staat_vast")
    assert (await receipt(wereld, BOA, op["opId"]))["code"] == "staat_vast"
    beside = await read(wereld, REGISSEUR, "controles", controle)
    assert [(v["opId"], v["geldt"], v["code"]) for v in beside.pop("verschillen")] == [
        (op["opId"], original["opId"], "staat_vast")
    ]
    assert {**beside, "correcties": 0} == {**before, "correcties": 0}, "nothing else of it changed"
    assert await marks(wereld, rest) == [None] * len(rest)
    answer = await choose(wereld, REGISSEUR, op, original)
    assert answer.status_code == 201, answer.text
    after = await read(wereld, REGISSEUR, "controles", controle) if deel != "start" or hoe == "correctie" else {}
    assert "verschillen" not in after
    if after:
        assert after != before
    assert await marks(wereld, rest) == ["vervallen"] * len(rest)
    for collectie, ident in rest.items():
        (mark,) = (await read(wereld, JURIST, collectie, ident))["bewijsGewijzigd"]
        assert (mark["registratie"], mark["beoordeling"]) == (original["opId"], answer.json()["opId"])
    await the_same_again(wereld, database)


@pytest.mark.parametrize("hoe", ["doorhaling", "correctie"])
async def test_online_it_is_booked_beside_too(wereld: Wereld, hoe: str) -> None:
    adres, _, _ = await resting(wereld, "rapportage")
    op = change(wereld, BOA, adres.ops[f"{DAG}.bevinding"], hoe, "bevinding")
    velden = {key: op[key] for key in ("corrigeert", "basis", "reden") if op.get(key)}
    if hoe == "doorhaling":
        answer = await wereld.post(BOA, "/doorhalingen", {"onderwerp": op["onderwerp"], "inhoud": op["inhoud"]})
    else:
        answer = await post(wereld, ("bevinding.vastgelegd", op["onderwerp"], op["inhoud"]), BOA, **velden)
    assert (answer.status_code, answer.json()["status"], answer.json()["code"]) == (201, "conflict", "staat_vast")


@pytest.mark.parametrize("hoe", ["doorhaling", "correctie"])
async def test_before_anything_rests_on_it_it_is_changed_at_once(wereld: Wereld, hoe: str) -> None:
    """The twin: a controle of which nothing was adopted, and a draft, hold nothing fast."""
    adres = await Adres(wereld).record()
    await adres.rapportage(await adres.controle(DAG), vastgesteld=False)
    await accepted(wereld, BOA, change(wereld, BOA, adres.ops[f"{DAG}.bevinding"], hoe, "bevinding"))


@pytest.mark.parametrize("hoe", ["doorhaling", "correctie"])
async def test_what_was_added_since_carries_nothing(wereld: Wereld, hoe: str) -> None:
    """Another twin: a late bevinding is no ground of what was adopted before it came."""
    _, controle, rest = await resting(wereld, "besluit")
    seen = {"code": "drugs", "aard": "feit", "wijze": "waargenomen"}
    late = wereld.op(BOA, "bevinding.vastgelegd", {"controle": controle, "bevinding": uuid7()}, seen)
    await accepted(wereld, BOA, late)
    await accepted(wereld, BOA, change(wereld, BOA, late, hoe, "bevinding"))
    assert await marks(wereld, rest) == [None, None]


@pytest.mark.parametrize("hoe", ["doorhaling", "correctie"])
async def test_nobody_accepts_his_own_change(wereld: Wereld, hoe: str) -> None:
    """The regisseur took part and wrote; another regisseur decides. What held he may let hold himself."""
    adres = await Adres(wereld).record()
    controle = await adres.controle(DAG)
    seen = {"code": "drugs", "aard": "feit", "wijze": "waargenomen"}
    own = wereld.op(REGISSEUR, "bevinding.vastgelegd", {"controle": controle, "bevinding": uuid7()}, seen)
    await accepted(wereld, REGISSEUR, own)
    rest = {"rapportages": await adres.rapportage(controle)}
    first, second = (change(wereld, REGISSEUR, own, hoe, "bevinding") for _ in range(2))
    for op in (first, second):
        assert verdict((await wereld.push(REGISSEUR, op))[0]) == ("conflict", "staat_vast")
    answer = await choose(wereld, REGISSEUR, first, own)
    assert (answer.status_code, "een ander dan de schrijver" in answer.json()["detail"]) == (409, True)
    assert (await choose(wereld, REGISSEUR, own, second)).status_code == 201
    assert await marks(wereld, rest) == [None], "what held goes on to hold: nobody has to hear of it"
    await add_mens(wereld, "regisseur-2", "regisseur", "harderwijk", ["GM0243"])
    assert (await choose(wereld, "regisseur-2", first, own)).status_code == 201
    assert await marks(wereld, rest) == ["vervallen"]


@pytest.mark.parametrize("hoe", ["doorhaling", "correctie"])
async def test_out_of_quarantine_it_waits_as_well(wereld: Wereld, database: Server, hoe: str) -> None:
    """The desk takes it in, beside what holds; that it holds is a decision of its own."""
    adres, controle, rest = await resting(wereld, "besluit")
    original = adres.ops[f"{DAG}.bevinding"]
    op = change(wereld, BOA, original, hoe, "bevinding")
    await end_role(wereld, BOA)
    assert verdict((await wereld.push(BOA, op))[0]) == ("quarantined", "recht_ontbreekt")
    assert (await decide(wereld, op["opId"])).status_code == 201
    (beside,) = (await read(wereld, REGISSEUR, "controles", controle))["verschillen"]
    assert (beside["opId"], beside["code"]) == (op["opId"], "staat_vast")
    assert await marks(wereld, rest) == [None, None]
    await the_same_again(wereld, database)
    assert (await choose(wereld, REGISSEUR, op, original)).status_code == 201
    assert await marks(wereld, rest) == ["vervallen"] * 2
    await the_same_again(wereld, database)


async def test_after_a_strike_and_a_correction_the_order_does_not_matter(wereld: Wereld, database: Server) -> None:
    """A correction that was chosen is corrected again, and struck, each time by two people."""
    adres, controle, rest = await resting(wereld, "rapportage")
    original = adres.ops[f"{DAG}.bevinding"]
    first = correctie(wereld, BOA, original, tekst="een")
    strike = change(wereld, BOA, original, "doorhaling", "bevinding")
    for op in (first, strike):
        assert verdict((await wereld.push(BOA, op))[0]) == ("conflict", "staat_vast")
    assert (await choose(wereld, REGISSEUR, first, original)).status_code == 201
    shown = await read(wereld, REGISSEUR, "controles", controle)
    assert [b["tekst"] for b in shown["bevindingen"]] == ["een"]
    assert [(v["opId"], v["geldt"]) for v in shown["verschillen"]] == [(strike["opId"], first["opId"])]
    again = correctie(wereld, BOA, original, basis=first, tekst="twee")
    assert verdict((await wereld.push(BOA, again))[0]) == ("conflict", "staat_vast")
    assert (await choose(wereld, REGISSEUR, strike, first)).status_code == 201
    shown = await read(wereld, REGISSEUR, "controles", controle)
    assert ("verschillen" in shown, shown.get("bevindingen", [])) == (False, [])
    (doc,) = [await read(wereld, JURIST, collectie, ident) for collectie, ident in rest.items()]
    assert len(doc["bewijsGewijzigd"]) == 2
    await the_same_again(wereld, database)


async def test_another_start_is_chosen_by_two_people_and_who_relies_on_it_hears(wereld: Wereld) -> None:
    adres, controle, rest = await resting(wereld, "verbeurte")
    first = adres.ops[f"{DAG}.start"]
    other = wereld.op(PCT, "controle.gestart", first["onderwerp"], first["inhoud"] | {"situatie": "niemand_aanwezig"})
    await accepted(wereld, PCT, other)
    assert (await choose(wereld, REGISSEUR, other, first)).status_code == 201
    assert (await read(wereld, REGISSEUR, "controles", controle))["situatie"] == "niemand_aanwezig"
    assert await marks(wereld, rest) == ["vervallen"]


async def test_receivers_hear_of_it_at_their_next_pull(wereld: Wereld) -> None:
    """Wpg 4(4): to whom it was disclosed. The feed carries the documents that are marked."""
    adres, _, rest = await resting(wereld, "besluit")
    original = adres.ops[f"{DAG}.bevinding"]
    op = change(wereld, BOA, original, "doorhaling", "bevinding")
    await wereld.push(BOA, op)
    cursors = {wie: (await wereld.pull(wie))[1] for wie in ("burgemeester-1", REGISSEUR, PCT)}
    assert (await choose(wereld, REGISSEUR, op, original)).status_code == 201
    for wie, cursor in cursors.items():
        told, _ = await wereld.pull(wie, cursor)
        marked = {UUID(each["id"]) for each in told if (each.get("doc") or {}).get("bewijs") == "vervallen"}
        assert marked == set(rest.values()), wie


async def test_a_besluit_that_was_made_known_is_struck_by_two_people(wereld: Wereld, database: Server) -> None:
    """Its twin, before the bekendmaking, is struck at once."""
    adres = await Adres(wereld).record()
    for known in (False, True):
        lod = await adres.maatregel(LOD, stap="voorgenomen")
        besluit = wereld.op(JURIST, *opgelegd(lod))
        await accepted(wereld, JURIST, besluit)
        if known:
            await adres.make(bekend(lod))
        strike = wereld.op(JURIST, "doorhaling", {"maatregel": lod}, {"registratie": besluit["opId"], "reden": "fout"})
        expected = ("conflict", "staat_vast") if known else ("accepted", None)
        assert verdict((await wereld.push(JURIST, strike))[0]) == expected
    assert (await adres.doc(lod))["status"] == "in_werking"
    assert (await choose(wereld, REGISSEUR, strike, besluit)).status_code == 403, "he is not shown its addressees"
    assert (await choose(wereld, "burgemeester-1", strike, besluit)).status_code == 201
    assert (await adres.doc(lod))["status"] == "voorgenomen"
    await the_same_again(wereld, database)


async def test_so_are_the_decisions_to_apply_and_to_collect(wereld: Wereld) -> None:
    adres = await Adres(wereld).record()
    controle, lod = await adres.controle(DAG), await adres.maatregel(LOD)
    proof = verbeurd(lod, controle)
    await adres.make(proof)
    here = {key: proof[1][key] for key in ("maatregel", "verbeurte")}
    decided = wereld.op(JURIST, "invordering.beschikt", here, {"beschiktOp": "2023-05-09", "nietGehoordReden": "spoed"})
    lob = await adres.maatregel(LOB)
    applied = wereld.op(JURIST, *toegepast(lob, controle, await adres.rapportage(controle)))
    await accepted(wereld, JURIST, decided, applied)
    for op, known in ((decided, False), (applied, True)):
        about = {"maatregel": op["onderwerp"]["maatregel"]}
        strike = wereld.op(JURIST, "doorhaling", about, {"registratie": op["opId"], "reden": "fout"})
        if not known:
            told = {"betreft": "invordering", "verbeurte": str(here["verbeurte"])}
            await adres.make(bekend(lod, "2023-05-10", **told))
        assert verdict((await wereld.push(JURIST, strike))[0]) == ("conflict", "staat_vast")


async def test_a_strike_and_an_adoption_at_once_never_pass_each_other(wereld: Wereld) -> None:
    """Whichever comes first in the ledger: a strike after the adoption waits, one before it does not.

    Broken: load_resting without its lock; then a strike behind the adoption is accepted.
    """
    adres = await Adres(wereld).record()
    for turn in range(1, 9):
        controle = await adres.controle(f"2023-03-{turn:02}")
        rapportage = await adres.rapportage(controle, vastgesteld=False)
        adopt = wereld.op(PCT, "rapportage.vastgesteld", {"rapportage": rapportage}, {"vastgesteldOp": "2023-03-27"})
        strike = change(wereld, BOA, adres.ops[f"2023-03-{turn:02}.bevinding"], "doorhaling", "bevinding")
        calls = [wereld.push(PCT, adopt), wereld.push(BOA, strike)]
        (adoption,), (struck,) = await asyncio.gather(*(calls if turn % 2 else calls[::-1]))
        if turn % 2 == 0:
            adoption, struck = struck, adoption
        assert adoption["status"] == "accepted"
        expected = ("conflict", "staat_vast") if struck["pos"] > adoption["pos"] else ("accepted", None)
        assert verdict(struck) == expected
