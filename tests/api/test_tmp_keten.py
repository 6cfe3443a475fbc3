from tests.api.keten import *
from tests.api.test_grootboek_herbouw import changed, strike, push_one
from tests.wereld import Wereld
async def test_locatie(wereld: Wereld) -> None:
    k = Keten()
    loc = uuid7()
    (op,) = await book(wereld, "boa-1", ("locatie.vastgelegd", {"locatie": loc}, {"soort":"woning","feitelijkBewoond":"nee","gemeente":HARDERWIJK,"adres":adres("1")}))
    await push_one(wereld, "boa-1", strike({"locatie": loc}, op["opId"]), "accepted")
async def test_mh(wereld: Wereld) -> None:
    k = await build_keten(wereld)
    mh = k["mensenhandel"]
    (op,) = await book(wereld, "pct-1", ("mensenhandelsignaal.opgevolgd", {"mensenhandelsignaal": mh}, {"status": "in_onderzoek", "zaaknummer": "PL0600-1"}))
    await push_one(wereld, "pct-1", changed(op, {"zaaknummer": "PL0600-2"}), "accepted")
    await push_one(wereld, "aandachtsfunctionaris-1", changed(op, {"zaaknummer": "PL0600-3"}), "conflict")
    print((await wereld.get("regisseur-1", "/mensenhandelsignalen")).text)
    print((await wereld.pull("regisseur-1", collecties="mensenhandelsignalen")))
    print((await wereld.get("pct-1", f"/mensenhandelsignalen/{mh}", headers={"X-Audit-Toelichting": "omdat het moet echt"})).text)
async def test_mma(wereld: Wereld) -> None:
    s = uuid7()
    (op,) = await book(wereld, "boa-1", ("signaal.gemeld", {"signaal": s}, {"bron": "meld_misdaad_anoniem", "gemeente": HARDERWIJK, "triagetekst": "GEHEIM1"}))
    await push_one(wereld, "boa-1", changed(op, {"triagetekst": "GEHEIM2"}), "accepted")
    await push_one(wereld, "pct-1", changed(op, {"triagetekst": "GEHEIM3"}), "conflict")
    print((await wereld.get("boa-2", "/signalen")).text)
async def test_polsig(wereld: Wereld) -> None:
    s = uuid7()
    (op,) = await book(wereld, "pct-1", ("signaal.gemeld", {"signaal": s}, {"bron": "politie", "gemeente": HARDERWIJK, "tekst": "x"}))
    await push_one(wereld, "boa-1", changed(op, {"tekst": "overschreven"}), "accepted")
    print((await wereld.get("pct-1", "/signalen")).text)
