"""The final checks of a run: the ledger itself, each document, verdict and phone, the figures and the rebuild."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from app.database import create_engine
from app.services.beheer import herbouw
from storm.bestanden import as_sent, check_files, is_receipt
from storm.documenten import differences, misfits, read_receipt
from storm.journaal import Inzending
from storm.lijsten import check_lists
from storm.orakel.bureau import Geboekt
from storm.orakel.oordeel import Orakel
from storm.orakel.recht import Toewijzing
from storm.telefoon import Telefoon
from storm.vragen import Antwoorden
from storm.wereld import Run
from veldboek_client.verbinding import ApiProbleem

SECTIES = ("omslag", "zaak", "tekst", "persoon", "hulp", "melder", "mensenhandel")
ALTIJD = {"van": "1900-01-01", "totEnMet": "2999-12-31"}
KETEN = "keten_gebroken"
GEDULD = timedelta(hours=24)
"""So long an operation about something unknown waits at least, since it was first sent; then it is kept apart."""
TELLING = ("verloren", "dubbel", "gemist", "verouderd", "gelekt")


async def check(run: Run) -> tuple[dict[str, int], Any]:
    """Everything. Returns the counts, and the end of the run in a form without chance (for the trace)."""
    telling = dict.fromkeys(TELLING, 0)
    async with run.o.connect() as connection:
        rows = await connection.fetch(
            "SELECT pos, op::text, leaf, leaf_hash, omslag, zaak, tekst, persoon, hulp, melder, mensenhandel, oordeel"
            " FROM grootboek.entry JOIN kluis.inhoud USING (pos) ORDER BY pos"
        )
        head = await connection.fetchrow("SELECT size, root FROM grootboek.head")
    check_ledger(run, rows, head)
    await check_documents(run)
    await check_files(run, rows[run.o.mensen.omvang :])
    orakel = Orakel(dict(run.o.mensen.naslag), dict(run.o.mensen.toewijzingen))
    uitkomsten, ingetrokken = check_verdicts(run, rows[run.o.mensen.omvang :], orakel, telling)
    views = {}
    for t in run.telefoons:
        if t.ident not in ingetrokken:
            views[t.naam] = await check_phone(run, t, orakel, telling)
    for t in {t.mens.naam: t for t in run.telefoons if t.naam in views}.values():
        await check_lists(run, t)
    check_nothing_lost(run, {row["op"] for row in rows}, ingetrokken, telling)
    await check_figures(run, orakel)
    await check_rebuild(run)
    return telling, [uitkomsten, views]


def check_ledger(run: Run, rows: Sequence[Any], head: Any) -> None:
    """Dense from one, and the root recomputed from the leaves is the root in the head."""
    run.check([row["pos"] for row in rows] == list(range(1, head["size"] + 1)), "positions are not dense")
    leaves = [hashlib.sha256(b"\x00" + row["leaf"]).digest() for row in rows]
    run.check([row["leaf_hash"] for row in rows] == leaves, "a leaf hash does not fit its leaf")
    run.check(merkle(leaves) == head["root"], "the root does not follow from the leaves")
    twice = [op for op, n in Counter(row["op"] for row in rows).items() if n > 1]
    run.check(not twice, f"in the ledger twice: {twice}")


async def check_documents(run: Run) -> None:
    """Each document is what its class says, whole and as each role sees it, with nothing extra."""
    async with run.o.connect() as connection:
        for fault in sorted(await misfits(connection, set())):
            run.journaal.find(f"document: {fault}")


def merkle(leaves: Sequence[bytes]) -> bytes:
    """The tree head of RFC 6962, as its text defines it."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else hashlib.sha256().digest()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + merkle(leaves[:k]) + merkle(leaves[k:])).digest()


def check_verdicts(run: Run, rows: Sequence[Any], orakel: Orakel, telling: dict[str, int]) -> tuple[Any, set[str]]:
    """Every entry in ledger order past the oracle. Returns all verdicts by op, and the revoked devices."""
    found: list[Any] = []
    ingetrokken: set[str] = set()
    doubles, antwoorden = list(run.journaal.dubbelgangers), Antwoorden(run, orakel)
    for row in rows:
        antwoorden.check_before(row["pos"])
        verdict = json.loads(row["oordeel"])
        inzending, botst = run.journaal.ops.get(row["op"]) or as_sent(run, row), False
        if inzending is None:
            inzending = next((d for d in doubles if content_of(row) == d.op["inhoud"]), None)
            botst = True
        if inzending is None:
            telling["dubbel"] += 1
            run.journaal.find(f"pos {row['pos']}: nobody wrote {row['op']} ({verdict['code']})")
            continue
        if botst:
            doubles.remove(inzending)
        if inzending.telefoon is None and not inzending.kantoor:
            administer(orakel, inzending.op, ingetrokken)
            run.check(verdict["status"] == "accepted", f"the administrator's {row['op']} became {verdict['status']}")
            continue
        check_entry(run, row, verdict, inzending, orakel, botst=botst)
        label = inzending.op["onderwerp"].get("bijlage", inzending.op["opId"])  # the server's ids are by chance
        found.append([label, verdict["status"], verdict["code"], sorted(verdict["vlaggen"])])
    antwoorden.check_before(None)
    return sorted(found, key=str), ingetrokken


def check_entry(
    run: Run, row: Any, verdict: dict[str, Any], inzending: Inzending, orakel: Orakel, *, botst: bool
) -> None:
    """One entry: its verdict, its flags, and its content unchanged."""
    moment = datetime.fromisoformat(verdict["ontvangenOp"])
    lezer = orakel.toewijzingen[verdict["roltoewijzing"]].at(moment)
    klok = "klok_verdacht" in verdict["vlaggen"]
    label = f"pos {row['pos']}: {inzending.op.get('soort')} {row['op']} of {inzending.telefoon}"
    run.check(klok in inzending.klok, f"{label}: klok_verdacht {klok}, sent with {inzending.klok}")
    keten = KETEN in verdict["vlaggen"] and run.signs(inzending.telefoon, put_back=True)
    wanted, flags = orakel.book(
        Geboekt(row["op"], lezer, verdict["toestel"], moment, inzending.op, inzending.onleesbaar, botst, klok, keten)
    )
    run.check(
        (verdict["status"], verdict["code"]) == wanted,
        f"{label}: {verdict['status']} {verdict['code']}, must be {wanted}",
    )
    if wanted.status == "conflict":
        run.journaal.note(f"{verdict['ernst']}_verschil")
    if run.signs(inzending.telefoon) and verdict["status"] != "quarantined" and "deviceSeq" in inzending.op:
        run.check(json.loads(row["leaf"])["hand"] is not None, f"{label}: booked without its signature")
    run.check({*verdict["vlaggen"]} == flags, f"{label}: flags {verdict['vlaggen']}, must be {sorted(flags)}")
    run.check(lezer.functionaris == verdict["functionaris"], f"{label}: booked for somebody else")
    if verdict["code"] == "onderwerp_onbekend" and not is_receipt(row):  # those the server tries by itself
        waited = moment - run.journaal.eerst[row["op"]]
        run.check(waited >= GEDULD, f"{label}: given up after {waited}")
    if inzending.onleesbaar is None:
        run.check(content_of(row) == inzending.op["inhoud"], f"{label}: the content is not what was sent")


def content_of(row: Any) -> Any:
    """What an entry says, put together from its sections."""
    found: dict[str, Any] = {}
    for name in SECTIES[1:]:
        if row[name] is not None:
            try:
                found |= json.loads(row[name])
            except ValueError:
                return None
    found.pop("redenCorrectie", None)
    return found["inhoud"] if "opId" in found else found  # one that was signed for another id is kept as it came


def administer(orakel: Orakel, op: dict[str, Any], ingetrokken: set[str]) -> None:
    """Roles and devices, as the administrator's entries change them."""
    (kind, ident), inhoud = next(iter(op["onderwerp"].items())), op["inhoud"]
    if kind == "toestel":
        if "reden" in inhoud:  # else it was approved for one more role: the oracle knows of no approvals
            ingetrokken.add(ident)
    elif "rol" in inhoud:
        orakel.toewijzingen[ident] = Toewijzing(
            inhoud["functionaris"], inhoud["rol"], inhoud["organisatie"], frozenset(inhoud["gemeenten"])
        )
        orakel.employ(orakel.toewijzingen[ident])
    elif "op" in inhoud:  # else the second administrator confirmed it, in the same breath
        old = orakel.toewijzingen[ident]
        tot = datetime.fromisoformat(inhoud["op"])
        orakel.toewijzingen[ident] = Toewijzing(old.functionaris, old.rol, old.organisatie, old.gemeenten, tot)


async def check_phone(run: Run, t: Telefoon, orakel: Orakel, telling: dict[str, int]) -> Any:
    """The phone holds exactly what its user may see, and the server knows that it delivered everything."""
    now = run.o.bord.now()
    mine = [r.at(now) for r in orakel.toewijzingen.values() if r.functionaris == t.mens.functionaris]
    lezer = next((r for r in mine if r.actief), mine[0])  # without a role there is nothing to see
    must, has = orakel.view(lezer), t.documents()
    has = {key: read_receipt(run, doc) if key[0] == "ontvangsten" else doc for key, doc in has.items()}
    for key in sorted({*must, *has}):
        compare(run, t, key, must.get(key), has.get(key), telling)
    waiting = t.opslag.waiting()
    run.check(not waiting, f"{t.naam}: {len(waiting)} operations still wait")
    await check_ack(run, t)
    return canonical(must)


def compare(run: Run, t: Telefoon, key: Any, must: Any, has: Any, telling: dict[str, int]) -> None:
    """One document on one phone."""
    if must == has:
        return
    what = "gelekt" if must is None else "gemist" if has is None else "verouderd"
    if must is not None and has is not None and has.keys() - must.keys():
        what = "gelekt"
    telling[what] += 1
    detail = f"is {has}" if must is None else f"must be {must}" if has is None else differences(must, has)
    run.journaal.find(f"{t.naam}: {what} {key[0]} {key[1]} {detail}")


async def check_ack(run: Run, t: Telefoon) -> None:
    """`deviceAck`: everything arrived, but for what the phone erased and a restored server cannot know."""
    try:
        ack = (await t.toestel.shake_hands())["deviceAck"]
    except ApiProbleem as problem:
        run.journaal.find(f"{t.naam}: no handshake at the end: {problem}")
        return
    erased = {i.op.get("deviceSeq") for i in run.journaal.ops.values() if i.telefoon == t.naam and i.gewist}
    missing = set(ack["missing"] or range(ack["contiguousThrough"] + 1, t.opslag.last_seq + 1))
    run.check(missing <= erased, f"{t.naam}: deviceAck {ack}, recorded through {t.opslag.last_seq}")


def check_nothing_lost(run: Run, ledger: set[str], ingetrokken: set[str], telling: dict[str, int]) -> None:
    """Every operation is in the ledger, but for what a phone cannot deliver; what was promised is there in any case."""
    idents = {t.naam: t.ident for t in run.telefoons}
    for op, inzending in run.journaal.ops.items():
        if op in ledger or inzending.onleesbaar == "te_groot":
            continue
        left = inzending.gewist or op in run.journaal.afgevoerd  # the phone cannot give back what the server lost
        gone = op in run.journaal.vervallen or (left and run.restored)
        revoked = idents.get(inzending.telefoon or "") in ingetrokken
        restored_admin = inzending.telefoon is None and run.restored
        if op not in run.journaal.beloofd and (gone or revoked or restored_admin):
            continue
        telling["verloren"] += 1
        run.journaal.find(f"lost: {inzending.op.get('soort')} {op} of {inzending.telefoon}")


async def check_figures(run: Run, orakel: Orakel) -> None:
    """The figures of the regisseur, if he still is one."""
    mens = run.o.mensen.mensen["regisseur-1"]
    now = run.o.bord.now()
    found = [r for r in orakel.toewijzingen.values() if r.functionaris == mens.functionaris and r.at(now).actief]
    if not found or found[0].rol != "regisseur":
        return
    gemeenten = found[0].gemeenten
    async with run.o.sign_in("regisseur-1") as regisseur:
        got = await regisseur.get("/cijfers", gemeente=sorted(gemeenten), **ALTIJD)
    for name, must in orakel.figures(gemeenten).items():
        run.check(got[name] == must, f"figures: {name} is {got[name]}, must be {must}")


async def check_rebuild(run: Run) -> None:
    """Dropping the read models and folding the ledger again gives the same, row for row."""
    live = await dump(run)
    engine = create_engine(run.o.beheer_url, pool_size=1)
    try:
        await herbouw.rebuild(engine)
    finally:
        await engine.dispose()
    again = await dump(run)
    for table in sorted({*live, *again}):
        run.check(live.get(table) == again.get(table), f"rebuild: lees.{table} differs")


async def dump(run: Run) -> dict[str, list[str]]:
    """Every row of every table in schema `lees`."""
    async with run.o.connect() as connection:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'lees' ORDER BY 1")
        query = 'SELECT t::text FROM lees."{}" t ORDER BY 1'
        return {name: [r[0] for r in await connection.fetch(query.format(name))] for (name,) in tables}


def canonical(view: dict[tuple[str, str], Any]) -> Any:
    """A view without what order of arrival decides: numbers of persons, order in lists, ids that the server made.

    Reference data are left out: the first administrator has ids by chance.
    """
    return sorted(json.dumps(_without_order(doc), sort_keys=True) for key, doc in view.items() if key[0] != "naslag")


def _without_order(value: Any) -> Any:
    if isinstance(value, dict):
        chance = {"nummer", "toestel"} | ({"id"} if "code" in value else {"op"} if "uitkomst" in value else set())
        return {k: _without_order(v) for k, v in value.items() if k not in chance}
    if isinstance(value, list):
        return sorted((_without_order(v) for v in value), key=lambda v: json.dumps(v, sort_keys=True))
    return value
