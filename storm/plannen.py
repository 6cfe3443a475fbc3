"""Planned controles: planned, called off, and started by who had not heard of it. Offline, or at a desk."""

import random
from typing import Any
from uuid import UUID

from storm.handelingen import add, add_finding, handeling, known_controles, own_ops, record_place, start_again
from storm.kantoor import record, sit_down
from storm.orakel.dossier import utc
from storm.orakel.recht import DOET
from storm.telefoon import Telefoon
from storm.wereld import Run

AFGELAST = "controle.afgelast"
REDENEN = ("geen_capaciteit", "voorrang_ander_werk", "veiligheid", "bekend_geworden", "anders")


@handeling("planning", 30)
async def plan(run: Run, t: Telefoon, kans: random.Random) -> None:
    """A place and a controle there, some other day; now and then called off before anybody heard of it."""
    gemeenten = await run.gemeenten(t.mens)
    if not gemeenten:
        return
    locatie, controle = t.new_id(), t.new_id()
    record_place(t, locatie, gemeenten, kans)
    t.record("controle.gepland", {"controle": controle, "locatie": locatie}, plan_of(run, t, kans))
    if kans.random() < 0.15:
        t.record(AFGELAST, {"controle": controle}, why(kans))


def plan_of(run: Run, t: Telefoon, kans: random.Random) -> dict[str, Any]:
    """When, with whom, who coordinates: mostly he himself, who may also plan what others do."""
    team = kans.sample(list(run.o.mensen.mensen.values()), kans.randint(1, 4))
    if t.mens not in team and kans.random() < 0.8:
        team.append(t.mens)
    tasks = ("coordineert", "voert_uit", "ondersteunt")
    return {
        "venster": {"van": utc(t.now()), "tot": "2999-01-01T00:00:00Z"},
        "aanleidingen": [{"soort": "eigen_waarneming"}],
        "initiatief": t.mens.organisatie,
        "coordinator": (t.mens if t.mens in team else kans.choice(team)).functionaris,
        "deelnemers": [
            {"functionaris": m.functionaris, "organisatie": m.organisatie, "taak": kans.choice(tasks)} for m in team
        ],
        "thema": kans.choice(("prostitutie", "hennep")),
    }


def why(kans: random.Random) -> dict[str, Any]:
    """Why it is not held."""
    return {"reden": kans.choice(REDENEN)} | ({"tekst": f"want {kans.randrange(99)}"} if kans.random() < 0.5 else {})


def planned(t: Telefoon) -> list[str]:
    """What the phone shows as still to be held, and what it planned itself."""
    docs = {i for (collectie, i), doc in t.documents().items() if collectie == "controles"}
    shown = {i for (_, i), doc in t.documents().items() if i in docs and doc["status"] == "gepland"}
    own = {i.op["onderwerp"]["controle"] for i in own_ops(t, "controle.gepland")}
    return sorted(shown | (own - docs))


@handeling("afgelasting", 40)
async def call_off(run: Run, t: Telefoon, kans: random.Random) -> str:
    """One that is planned; now and then one that began, was called off, or that others lead. Offline, or at a desk."""
    if not planned(t):
        await plan(run, t, kans)
    known = known_controles(t) if kans.random() < 0.2 else planned(t)
    if not known:
        return "niets"
    ident = kans.choice(known)
    plek = await sit_down(run, t, kans, DOET[AFGELAST]) if kans.random() < 0.3 else None
    if plek is None:
        t.record(AFGELAST, {"controle": UUID(ident)}, why(kans))
        return "op het toestel"
    async with plek.verbinding:
        what = (AFGELAST, {"controle": ident})
        inhoud = {**why(kans), "hoedanigheid": "toezicht"}
        return await record(run, plek, f"/controles/{ident}/afgelasting", what, inhoud, kans)


@handeling("afgelasting_gekruist", 40)
async def cross(run: Run, t: Telefoon, kans: random.Random) -> str:
    """One calls it off while another begins at the door, neither with a network; then they sync, in any order."""
    await plan(run, t, kans)
    others = [other for other in run.telefoons if other.mens is not t.mens]
    for phone in (t, *others):
        await phone.sync()
    mine = {i.op["onderwerp"]["controle"] for i in own_ops(t, "controle.gepland")}
    pairs = [(ident, other) for ident in planned(t) if ident in mine for other in others if ident in planned(other)]
    if not pairs:
        return "niemand"
    ident, door = kans.choice(pairs)
    t.record(AFGELAST, {"controle": UUID(ident)}, why(kans))
    if kans.random() < 0.9:
        start_again(run, door, kans, {ident})
    add_finding(door, UUID(ident), kans)
    for phone in kans.sample([t, door], 2):
        await phone.sync()
    await add(run, door, kans)
    return door.naam


@handeling("afgelasting_doorgehaald", 10)
async def strike_call(_run: Run, t: Telefoon, kans: random.Random) -> None:
    """It is held after all."""
    if mine := own_ops(t, AFGELAST):
        op = kans.choice(mine).op
        struck = {"registratie": op["opId"], "reden": "toch doorgegaan"}
        t.record("doorhaling", {"controle": UUID(op["onderwerp"]["controle"])}, struck)
