from tests.api.keten import *
from tests.api.test_grootboek_herbouw import changed, strike, push_one
from tests.wereld import Wereld
async def test_strike(wereld: Wereld) -> None:
    k = await build_keten(wereld)
    (op,) = await book(wereld, "boa-1", ("bevinding.vastgelegd", {"controle": k["afgerond"], "bevinding": uuid7()}, {"code":"drugs","aard":"feit","wijze":"waargenomen"}))
    for wie in ("jurist-1", "boa-2", "regisseur-1", "wijkagent-1", "pct-1"):
        o = wereld.op(wie, **strike({"controle": k["afgerond"]}, op["opId"]))
        print(wie, (await wereld.push(wie, o))[0])
        o = wereld.op(wie, **changed(op, {"tekst": "x"}))
        print(wie, (await wereld.push(wie, o))[0])
async def test_mh(wereld: Wereld) -> None:
    k = await build_keten(wereld)
    mh = k["mensenhandel"]
    (op,) = await book(wereld, "pct-1", ("mensenhandelsignaal.opgevolgd", {"mensenhandelsignaal": mh}, {"status": "in_onderzoek", "zaaknummer": "PL0600-1"}))
    await push_one(wereld, "pct-1", changed(op, {"zaaknummer": "PL0600-2"}), "accepted")
    await push_one(wereld, "aandachtsfunctionaris-1", changed(op, {"zaaknummer": "PL0600-3"}), "conflict")
    print((await wereld.get("regisseur-1", "/mensenhandelsignalen")).text)
    print((await wereld.pull("regisseur-1", collecties="mensenhandelsignalen")))
    print((await wereld.get("pct-1", f"/mensenhandelsignalen/{mh}", headers={"X-Audit-Toelichting": "omdat het moet echt"})).text)
async def test_polsig(wereld: Wereld) -> None:
    s = uuid7()
    (op,) = await book(wereld, "pct-1", ("signaal.gemeld", {"signaal": s}, {"bron": "politie", "gemeente": HARDERWIJK, "tekst": "x"}))
    o = wereld.op("boa-1", **changed(op, {"tekst": "overschreven"}))
    print((await wereld.push("boa-1", o))[0])
