"""What goes wrong, as actions of the storm. Each notes its fault in the journal when it really happened."""

import gzip
import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from storm.handelingen import add, handeling, report, visit
from storm.journaal import TOLERANTIE, Inzending
from storm.lijn import HANDSHAKE, PULL, PUSH, SNAPSHOT, deliver_late, new_line
from storm.mensen import SINDS, inlog
from storm.opstelling import BASE, no_waiting
from storm.telefoon import Telefoon
from storm.wereld import Run
from veldboek_client.verbinding import ApiProbleem, Verbinding

PUSHFOUTEN = ("verbroken_voor_ontvangst", "verbroken_na_commit", "verbroken_halverwege", "gzip_afgekapt",
              "dubbel_na_elkaar", "dubbel_tegelijk", "verlaat_verzoek", "captive_portal", "token_verlopen")  # fmt: skip
PULLFOUTEN = (*("verbroken_voor_ontvangst", "verbroken_na_commit", "antwoord_afgekapt"),
              *("captive_portal", "token_verlopen", "dubbel_tegelijk"))  # fmt: skip
TOO_LARGE = 140_000
PROBLEM = "application/problem+json"


@handeling("slechte_lijn", 14)
async def bad_line(run: Run, t: Telefoon, kans: random.Random) -> str:
    """A sync with something to send, over a line with one fault."""
    await add(run, t, kans)
    pad = kans.choice((PUSH, PUSH, PUSH, PULL, HANDSHAKE))
    if pad == PULL and t.opslag.get("cursor") is None:
        pad = SNAPSHOT
    t.lijn.bladzijde = kans.choice((None, 2))
    t.lijn.order(pad, kans.choice(PUSHFOUTEN if pad == PUSH else PULLFOUTEN))
    ended = await t.sync()
    t.lijn.clear()
    return ended


@handeling("omgekeerd", 4)
async def backwards(run: Run, t: Telefoon, kans: random.Random) -> str:
    """Small batches, the last one first: what comes too early waits for what it is about."""
    await visit(run, t, kans)
    run.journaal.note("omgekeerde_volgorde")
    return await t.attempt(t.toestel.push(per_keer=kans.randint(1, 4), achterstevoren=True))


@handeling("nakomer", 3)
async def straggler(run: Run, t: Telefoon, _kans: random.Random) -> None:
    """Requests that hung on the way arrive after all."""
    for other in run.telefoons:
        if other.lijn.nakomers and run.o.dienst.alive():
            await deliver_late(other.lijn)
    del t


def _spoil(op: dict[str, Any], soort: str) -> bytes:
    """The bytes of an operation that cannot be read."""
    good = json.dumps(op)
    spoiled = {
        "onbekende_soort": json.dumps({**op, "soort": "signaal.vergeten"}),
        "nieuwere_versie": json.dumps({**op, "versie": 99}),
        "onbekend_veld": json.dumps({**op, "inhoud": {**op["inhoud"], "nieuwVeld": 1}}),
        "half_lege_correctie": json.dumps({**op, "corrigeert": op["opId"]}),
        "kommagetal": good.replace('"eigen_waarneming"', "0.5"),
        "surrogaat": good.replace("eigen_waarneming", "\\ud800"),
        "nul": good.replace("eigen_waarneming", "\\u0000"),
        "groot_getal": good.replace('"eigen_waarneming"', str(2**53)),
    }
    return spoiled[soort].encode()


ONLEESBAAR = {
    "onbekende_soort": "onbekende_soort", "nieuwere_versie": "onbekende_soort", "onbekend_veld": "schema_ongeldig",
    "half_lege_correctie": "schema_ongeldig", "kommagetal": "niet_canoniek", "surrogaat": "niet_canoniek",
    "nul": "niet_canoniek", "groot_getal": "niet_canoniek",
}  # fmt: skip
"""What cannot be read → the code it must get."""


@handeling("onleesbare_registratie", 5)
async def unreadable(run: Run, t: Telefoon, kans: random.Random) -> str:
    """One operation that cannot be read, among good ones."""
    await add(run, t, kans)
    soort = kans.choice(sorted(ONLEESBAAR))
    t.record_raw(lambda op: _spoil(op, soort), ONLEESBAAR[soort])
    await report(run, t, kans)
    run.journaal.note(
        "nieuwere_app" if soort in {"nieuwere_versie", "onbekende_soort", "onbekend_veld"} else "onleesbare_registratie"
    )
    return await t.sync()


@handeling("te_grote_registratie", 1)
async def oversize(run: Run, t: Telefoon, kans: random.Random) -> str:
    """Too large for the ledger altogether: it stays on the phone, is shown, and blocks nothing."""
    t.record_raw(lambda op: json.dumps({**op, "inhoud": {"tekst": "x" * TOO_LARGE}}).encode(), "te_groot")
    await report(run, t, kans)
    run.journaal.note("te_grote_registratie")
    return await t.sync()


@handeling("kapot_verzoek", 2)
async def malformed(run: Run, t: Telefoon, kans: random.Random) -> str:
    """Bodies that are no batch at all, and one of too many operations: refused whole, with what is allowed."""
    body = kans.choice((b"{", b"[]", b'{"ops":[]}', b"\xff\xfe", b'{"batchId":"x","verzondenOp":"gisteren","ops":[]}'))
    many = json.dumps({"batchId": "x", "verzondenOp": SINDS, "ops": [{}] * 101}).encode()
    headers = {"Content-Type": "application/json"}
    for content, wanted in ((body, 400), (many, 413)):
        try:
            await t.verbinding.request("POST", "/sync/push", content=_gz(content), headers=headers | GZIP)
        except ApiProbleem as problem:
            run.check(
                problem.status in {wanted, 403, 503} or problem.slug == "aanmelden-mislukt", f"no batch got {problem}"
            )
        except httpx.TransportError:
            return "verbroken"
    run.journaal.note("kapot_verzoek")
    return "geweigerd"


@handeling("klok", 5)
async def wrong_clock(run: Run, t: Telefoon, kans: random.Random) -> str:
    """The clock of a phone jumps: days off, back to 1970, or right again."""
    year_1970 = datetime(1970, 1, 1, 3, tzinfo=UTC) - run.o.bord.now()
    t.afwijking = kans.choice((timedelta(), timedelta(days=3), timedelta(days=-3), year_1970, timedelta(hours=1)))
    run.journaal.note("toestelklok")
    return str(t.afwijking.days)


@handeling("andere_inhoud", 4)
async def other_content(run: Run, t: Telefoon, kans: random.Random) -> str:
    """A known id with other content (a cloned phone): a branch of its own, once, also when it is repeated."""
    sent = [
        i
        for i in run.journaal.ops.values()
        if i.telefoon == t.naam and i.op["opId"] in run.journaal.beloofd and not i.onleesbaar
    ]
    findings = [i for i in sent if i.op["soort"] == "bevinding.vastgelegd"]
    if not findings:
        return "niets"
    op = kans.choice(findings).op
    other = {**op, "inhoud": {**op["inhoud"], "tekst": f"kloon {kans.randrange(10**9)}"}}
    body = {"batchId": "kloon", "verzondenOp": t.now().isoformat(), "ops": [other]}
    answers = []
    run.journaal.dubbelgangers.append(Inzending(other, t.naam, klok={abs(t.afwijking) > TOLERANTIE}))
    for _ in range(2):
        try:
            answer = await t.verbinding.request(
                "POST", "/sync/push", content=_gz(json.dumps(body).encode()), headers=JSON | GZIP
            )
        except (ApiProbleem, httpx.TransportError):
            return "verbroken"
        answers.append(answer.json()["resultaten"][0])
    first, second = answers
    run.check(
        (first["status"], first["code"]) == ("quarantined", "id_andere_inhoud"),
        f"other content under {op['opId']}: {first}",
    )
    run.check(
        second["status"] == "duplicate" and second["eerste"]["pos"] == first["pos"],
        f"repeat of other content: {second}",
    )
    run.journaal.note("zelfde_id_andere_inhoud")
    return "kloon"


def _gz(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


JSON = {"Content-Type": "application/json"}
GZIP = {"Content-Encoding": "gzip"}


@handeling("reservekopie_toestel", 3)
async def phone_backup(run: Run, t: Telefoon, _kans: random.Random) -> str:
    """A copy of a phone, or, when there is one, putting it back: numbers are given out twice."""
    if t.reserve is None:
        t.back_up()
        return "kopie"
    gone = t.put_back()
    run.journaal.vervallen |= {op for op, staat in gone.items() if staat == "wacht"}
    run.journaal.afgevoerd |= gone.keys()
    t.reserve = None
    run.journaal.note("toestel_uit_reservekopie")
    return "teruggezet"


@handeling("app_gedood", 3)
async def app_killed(run: Run, t: Telefoon, _kans: random.Random) -> None:
    """`kill -9` of the app between the two halves of a local write."""
    before = t.opslag.last_seq
    t.die_while_writing()
    run.check(t.opslag.last_seq == before, f"{t.naam}: a write that was killed took a number")
    run.journaal.note("app_gedood")


@handeling("toestel_vol", 3)
async def phone_full(run: Run, t: Telefoon, _kans: random.Random) -> str:
    """The storage of a phone runs out while it syncs."""
    t.fill()
    ended = await t.sync()
    t.make_room()
    if ended == "toestel vol":
        run.journaal.note("toestel_vol")
    return ended


@handeling("ander_op_toestel", 1)
async def other_user(run: Run, t: Telefoon, kans: random.Random) -> str:
    """Somebody else signs in on this phone: refused; what is waiting stays whose it is, and goes after a new sign-in.

    For its user, at his desk, ends all his other logins: the tokens on this phone are dead from then on.
    """
    other = kans.choice([m for m in run.o.mensen.mensen.values() if m is not t.mens])
    waiting = len(t.opslag.waiting())
    stranger = Verbinding(BASE, inlog(other.naam, t.ident), transport=new_line(run.o.dienst.path), slaap=no_waiting)
    async with stranger:
        try:
            await stranger.get("/sync/pull")
        except ApiProbleem as problem:
            run.check(
                problem.slug in {"aanmelden-mislukt", "tijdelijk-niet-beschikbaar"},
                f"another user on {t.naam}: {problem}",
            )
            run.journaal.note("ander_op_toestel")
        else:
            run.journaal.find(f"{other.naam} signed in on {t.naam}")
    run.check(len(t.opslag.waiting()) == waiting, f"{t.naam}: what was waiting went with another user")
    return await end_other_logins(run, t)


async def end_other_logins(run: Run, t: Telefoon) -> str:
    """What its user does at his desk; a token that the phone has is refused at once."""
    desk = Verbinding(BASE, inlog(t.mens.naam), transport=new_line(run.o.dienst.path), slaap=no_waiting)
    async with desk:
        try:
            await desk.request("DELETE", "/aanmeldingen")
            left = (await desk.get("/aanmeldingen"))["resultaten"]
        except (ApiProbleem, httpx.TransportError):
            return "geweigerd"  # he has no role any more, or the database is away
    run.check([login["deze"] for login in left] == [True], f"{t.naam}: {len(left)} logins were left")
    return "afgemeld"


@handeling("vreemde_cursor", 2)
async def strange_cursor(run: Run, t: Telefoon, kans: random.Random) -> str:
    """The cursor of somebody with other rights, and one of nobody: no row of his, none of mine skipped."""
    others = [o for o in run.telefoons if o.mens is not t.mens and o.opslag.get("cursor")]
    given = kans.choice(others).opslag.get("cursor") if others else None
    for cursor, slugs in ((given, {"cursor-verlopen"}), ("AAAA", {"ongeldig-verzoek"})):
        if cursor is None:
            continue
        try:
            page = await t.verbinding.get("/sync/pull", cursor=cursor)
        except ApiProbleem as problem:
            allowed = slugs | {
                "epoch-gewijzigd",
                "geen-recht",
                "tijdelijk-niet-beschikbaar",
                "toestel-ingetrokken",
                "aanmelden-mislukt",
            }
            run.check(problem.slug in allowed, f"{t.naam}: a strange cursor got {problem}")
        except httpx.TransportError:
            return "verbroken"
        else:
            run.journaal.find(f"{t.naam}: gelekt: {len(page['wijzigingen'])} changes for a cursor that is not his")
    run.journaal.note("vreemde_cursor")
    return "gevraagd"


@handeling("oude_app", 1)
async def old_app(run: Run, t: Telefoon, _kans: random.Random) -> str:
    """An app that speaks no protocol of ours any more is told so; it may still deliver."""
    body = {"protocollen": [0], "appVersie": "oud", "toestelTijd": t.now().isoformat(), "deviceSeq": 0, "cursor": None}
    try:
        await t.verbinding.post("/sync/handshake", body)
    except ApiProbleem as problem:
        run.check(problem.status in {426, 503, 403} or problem.slug == "aanmelden-mislukt", f"an old app got {problem}")
    except httpx.TransportError:
        return "verbroken"
    else:
        run.journaal.find("an old protocol was accepted")
    run.journaal.note("oude_app")
    return await t.attempt(t.toestel.push())
