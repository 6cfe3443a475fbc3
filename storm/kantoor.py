"""The office: the quarantine desk and the settling of differences, online, over a line that can be cut too."""

import json
import random
from typing import Any, NamedTuple
from uuid import UUID

import httpx

from storm.documenten import read_receipt
from storm.handelingen import (
    add_finding,
    close_controle,
    correct_finding,
    correct_report,
    handeling,
    known_findings,
    own_ops,
    start_again,
    visit,
)
from storm.journaal import Inzending, Vraag
from storm.lijn import Lijn
from storm.mensen import Mens, inlog
from storm.opstelling import BASE, no_waiting
from storm.orakel.recht import DOET
from storm.schakelbord import Daad, Punt
from storm.telefoon import Telefoon
from storm.wereld import Run
from veldboek_client.verbinding import ApiProbleem, Verbinding

BUREAU = DOET["quarantaine.beoordeeld"]
BESLIST = frozenset({"regisseur"})
"""Who settles differences; the PCT only those of the police, which are few."""
GEDOOD = "api_gedood"
STORINGEN = ("", "", "verbroken_voor_ontvangst", "verbroken_na_commit", "verbroken_halverwege", "antwoord_afgekapt",
             "dubbel_na_elkaar", "dubbel_tegelijk", "captive_portal", "token_verlopen", GEDOOD)  # fmt: skip
POGINGEN = 4
WAAROM = {"X-Audit-Toelichting": "Nagaan of dit alsnog kan gelden"}
ONDERTEKENING = frozenset({"kop", "hand", "zouten"})


class Plek(NamedTuple):
    """Somebody behind a desk, signed in without a device."""

    mens: Mens
    lijn: Lijn
    verbinding: Verbinding


async def sit_down(run: Run, t: Telefoon, kans: random.Random, rollen: frozenset[str] = BUREAU) -> Plek | None:
    """The owner of the phone if the desk is his, else somebody whose it is; now and then somebody whose it is not."""
    people = list(run.o.mensen.mensen.values())
    roles = {mens.naam: [row["rol"] for row in await run.roles_of(mens)] for mens in people}
    at_work = [mens for mens in people if len(roles[mens.naam]) == 1]
    desk = [mens for mens in at_work if roles[mens.naam][0] in rollen]
    if kans.random() < 0.1:
        desk = at_work
    if not desk:
        return None
    mens = t.mens if t.mens in desk else kans.choice(desk)
    lijn = Lijn(run.o.dienst.path, f"{mens.naam} aan het bureau", "", run.journaal, run.o.bord)
    return Plek(mens, lijn, Verbinding(BASE, inlog(mens.naam), transport=lijn, slaap=no_waiting))


@handeling("quarantaine", 8)
async def decide(run: Run, t: Telefoon, kans: random.Random) -> str:
    """Whoever has the desk lists what is kept, looks into some of it, and takes it in or refuses it."""
    plek = await sit_down(run, t, kans)
    if plek is None:
        return "niemand"
    async with plek.verbinding:
        listed = await look_at_list(run, plek)
        done = [f"{plek.mens.naam} {len(listed)}"]
        for ident in await in_order(run, listed, kans):
            await look_into(run, plek, ident)
            besluit = "geweigerd" if kans.random() < 0.25 else "aanvaard"
            inhoud = {"besluit": besluit, "reden": f"nagevraagd {kans.randrange(10**4)}"}
            told = await record(
                run,
                plek,
                f"/quarantaine/{ident}/beoordeling",
                ("quarantaine.beoordeeld", {"ontvangst": ident}),
                inhoud,
                kans,
            )
            done.append(f"{besluit} {told}")
    return ", ".join(done)


async def in_order(run: Run, listed: dict[str, Any], kans: random.Random) -> list[str]:
    """Some of what is listed, and perhaps what was decided before; by what it says, for the server's ids are chance."""
    decided = [v.op["onderwerp"]["ontvangst"] for v in run.journaal.ops.values() if "ontvangst" in v.op["onderwerp"]]
    async with run.o.connect() as connection:
        rows = await connection.fetch(
            "SELECT op::text, omslag, zaak, tekst, mensenhandel FROM grootboek.entry JOIN kluis.inhoud USING (pos)"
            " WHERE op::text = ANY($1)",
            list(listed),
        )

    def says(row: Any) -> str:
        if row["op"] in run.journaal.ops:
            return str(row["op"])
        if row["omslag"] is not None:
            return f"{row['omslag']} {row['zaak']} {row['tekst']}"
        whole = json.loads(row["mensenhandel"])
        return json.dumps({name: value for name, value in whole.items() if name not in ONDERTEKENING})

    known = [row["op"] for row in sorted(rows, key=says)]
    chosen = kans.sample(known, min(len(known), kans.randint(1, 4)))
    again = [kans.choice(decided)] if decided and kans.random() < 0.15 else []
    return chosen + again


async def look_at_list(run: Run, plek: Plek) -> dict[str, Any]:
    """What the desk lists; nothing for whoever has none."""
    size, moment = await run.size(), run.o.bord.now()
    try:
        page = await plek.verbinding.get("/quarantaine", stand="open", limit=200)
    except ApiProbleem as problem:
        run.check(problem.slug == "geen-recht", f"{plek.mens.naam}: the list of the desk: {problem}")
        return {}
    found = {doc["id"]: read_receipt(run, doc) for doc in page["resultaten"]}
    run.journaal.vragen.append(Vraag(size, plek.mens.functionaris, moment, "lijst", {}, found))
    return found


async def look_into(run: Run, plek: Plek, ident: str) -> None:
    """The desk reads what was sent, as it came."""
    size, moment = await run.size(), run.o.bord.now()
    try:
        shown = await plek.verbinding.request("GET", f"/quarantaine/{ident}", headers=WAAROM)
    except ApiProbleem as problem:
        heard = problem.status
    else:
        heard, sent = shown.status_code, run.journaal.ops.get(ident)
        if sent is not None and sent.onleesbaar is None:
            told = shown.json()["registratie"]["inhoud"]
            run.check(told == sent.op["inhoud"], f"the desk reads {told} of {ident}, which says {sent.op['inhoud']}")
    asked = {"soort": "quarantaine.beoordeeld", "onderwerp": {"ontvangst": ident}}
    run.journaal.vragen.append(Vraag(size, plek.mens.functionaris, moment, "inzage", asked, heard))


async def record(
    run: Run, plek: Plek, pad: str, what: tuple[str, dict[str, str]], inhoud: dict[str, Any], kans: random.Random
) -> str:
    """One act online: asked again under its key until an answer comes, and once more after that: the same answer."""
    (soort, onderwerp), key = what, str(run.bron.uuid4())
    size, moment = await run.size(), run.o.bord.now()
    op = {"opId": key, "soort": soort, "onderwerp": onderwerp, "waargenomenOp": moment.isoformat(), "inhoud": inhoud}
    body = {"waargenomenOp": op["waargenomenOp"], "inhoud": inhoud}
    if pad.count("/") == 1:
        body["onderwerp"] = onderwerp
    heard: list[Any] = []
    storing = kans.choice(STORINGEN)
    for _ in range(POGINGEN):
        answer = await ask(run, plek, pad, body, key, storing)
        storing = ""
        if answer is not None:
            heard.append(answer)
        if len(heard) > 1:
            break
    run.check(bool(heard), f"{plek.mens.naam}: no answer to {soort}, however often")
    run.check(all(each == heard[0] for each in heard), f"{soort} {key}: the same question was answered {heard}")
    if heard and isinstance(heard[0], int):
        run.journaal.vragen.append(Vraag(size, plek.mens.functionaris, moment, "besluit", op, heard[0]))
        return str(heard[0])
    run.journaal.ops[key] = Inzending(op, None, klok={False}, kantoor=True)
    return "geboekt"


async def ask(
    run: Run, plek: Plek, pad: str, body: dict[str, Any], key: str, storing: str
) -> int | tuple[str, int] | None:
    """One try. The status of a refusal, or what was booked where; None when no answer came."""
    if storing == GEDOOD:
        run.o.bord.arm(Punt.NA_COMMIT, Daad.API_DOOD)
    elif storing:
        plek.lijn.order(f"/v1{pad}", storing)
    try:
        told = await plek.verbinding.post(pad, body, **{"Idempotency-Key": key})
    except httpx.TransportError:
        return None
    except ApiProbleem as problem:
        return None if problem.slug in {"onleesbaar-antwoord", "tijdelijk-niet-beschikbaar"} else problem.status
    finally:
        plek.lijn.clear()
        if storing == GEDOOD and not run.o.bord.armed:
            run.journaal.note("api_gedood_na_commit")
            run.o.dienst.kill()
            run.o.start_api()
        run.o.bord.disarm()
    first = told["eerste"] or told
    return first["status"], first["pos"]


@handeling("verschil", 6)
async def settle(run: Run, t: Telefoon, kans: random.Random) -> str:
    """Which of two versions holds: decided offline on a phone, or in the office; for oneself it is refused."""
    if kans.random() < 0.7:
        await differ(run, t, kans)
    roles = {row["rol"] for row in await run.roles_of(t.mens)}
    plek = None
    if "regisseur" not in roles and kans.random() < 0.9:
        plek = await sit_down(run, t, kans, BESLIST)
        if plek is None:
            return "niemand"
    choices = differences(t)
    if not choices:
        return "niets"
    kind, ident, keuze, verworpen = kans.choice(choices)
    inhoud = {"keuze": keuze, "verworpen": verworpen, "reden": f"zo stond het in het logboek {kans.randrange(10**4)}"}
    if plek is None:
        t.record("verschil.beoordeeld", {kind: UUID(ident)}, inhoud)
        return "op het toestel"
    async with plek.verbinding:
        what = ("verschil.beoordeeld", {kind: ident})
        return await record(run, plek, "/verschilbeoordelingen", what, inhoud, kans)


async def differ(run: Run, t: Telefoon, kans: random.Random) -> None:
    """What was seen twice from one version: two corrections of a finding or of a signaal, two starts, or two ends."""
    await visit(run, t, kans)
    mine = [UUID(i.op["onderwerp"]["controle"]) for i in own_ops(t, "controle.gestart")]
    if mine:
        add_finding(t, mine[-1], kans)
        await t.sync()
        await kans.choice((correct_twice, correct_twice, report_twice, start_twice, close_twice))(run, t, kans)
        await t.sync()


async def correct_twice(_run: Run, t: Telefoon, kans: random.Random) -> None:
    """Two corrections of one finding of his own, both of the version that the phone knew."""
    own = {i.op["opId"] for i in own_ops(t, "bevinding.vastgelegd")}
    if known := [of for of in known_findings(t) if of[2].split()[0] in own]:
        of = kans.choice(known)
        correct_finding(t, of, kans)
        correct_finding(t, of, kans)


async def report_twice(run: Run, t: Telefoon, kans: random.Random) -> None:
    """The same of a signaal: it is of the police, or not."""
    await correct_report(run, t, kans)
    await correct_report(run, t, kans)


async def start_twice(run: Run, t: Telefoon, kans: random.Random) -> None:
    """A controle that he started himself is started once more."""
    own = {i.op["onderwerp"]["controle"] for i in own_ops(t, "controle.gestart")}
    start_again(run, t, kans, own)


async def close_twice(_run: Run, t: Telefoon, kans: random.Random) -> None:
    """And closed twice, with perhaps another conclusion."""
    mine = [UUID(i.op["onderwerp"]["controle"]) for i in own_ops(t, "controle.gestart")]
    for _ in range(2):
        close_controle(t, mine[-1], kans)


def differences(t: Telefoon) -> list[tuple[str, str, str, str]]:
    """What can be settled, of all that a phone shows: kind and id of the document, what is to hold, what is not."""
    found = []
    for (collectie, ident), doc in t.documents().items():
        kind = {"controles": "controle", "signalen": "signaal"}.get(collectie, "")
        pairs = [(each["opId"], each["geldt"]) for each in doc.get("verschillen", ())]
        for beside, holds in (("startVerschillen", "start"), ("eindeVerschillen", "afronding")):
            pairs += [(each["op"], doc[holds]["op"]) for each in doc.get(beside, ())]
        for one, other in pairs if kind else ():
            found += [(kind, ident, *pair) for pair in ((one, other), (other, one))]
    return sorted(found)
