"""`boek()`: the one way to write something down.

Guarantees, for everything in one call: it is one transaction; every operation gets exactly one verdict, in
request order; an operation seen before changes nothing; positions are gapless, because the head row is
locked last and nothing waits for another lock after it. The caller's transaction commits, so nothing may
follow a call but the answer.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.access.beleid import BELEIDSVERSIE, may
from app.database import raw_connection
from app.grootboek.blad import INHOUD, same_content
from app.registraties.act import Sleutel, iso
from app.registraties.register import ACTEN
from app.services.historie import load_history
from app.services.inschrijven import Regel, append, seal_lines
from app.services.ondertekening import Ondertekenaar, check, load_signer
from app.services.ontvangsten import put_receipt, told_to
from app.services.oordelen import CLOCK_TOLERANCE_MS, Oordeel, judge, quarantine
from app.services.opdracht import DOORHALING, MAX_OP_BYTES, Opdracht
from app.services.quarantaine import Ingehouden, load_held, take_in, takes_in, verdict_on
from app.services.rechten import reload_actor
from app.services.sloten import lock_natural, lock_subjects, natural_key
from app.services.verzegelen import classify, oordeel_of, raw_sections, sections_of, stored_kenmerken
from app.services.voortgang import DeviceAck, lock_voortgang, save_voortgang
from app.services.vouwen import Vouwer
from app.vocabulary import Code, Klasse, Status, Vlag

NO_ID = UUID(int=0)
"""Stands in `botst_met` for an operation that carried no usable id."""
TURN = 20
"""After so many verdicts the event loop gets a turn."""
MAX_TRIES = 2
"""So often an operation about something unknown is deferred; after that it is quarantined."""
ERASED = frozenset(act.soort for act in ACTEN.values() if act.aggregaat == "mensenhandelsignaal")
"""Kinds whose writer has no right to read what he wrote."""

log = structlog.get_logger("veldboek.boeken")


@dataclass(slots=True)
class Uitslag:
    """What the writer hears about one operation."""

    op_id: UUID | None
    status: Status
    code: Code | None = None
    pos: int | None = None
    leaf_hash: bytes | None = None
    vlaggen: tuple[str, ...] = ()
    eerste: "Uitslag | None" = None
    wissen: bool = False
    wacht_op_bijlagen: list[UUID] = field(default_factory=list)
    detail: str = ""


@dataclass(slots=True)
class Boeking:
    """One call in progress. `eerdere` holds the first outcomes of ids and sequence numbers seen before."""

    raw: Any
    actor: Actor
    nu: datetime
    vlaggen: tuple[str, ...]
    klokafwijking_ms: int | None
    vouwer: Vouwer
    origin: str = ""
    toestel: Ondertekenaar = field(default_factory=Ondertekenaar)
    gemeen: dict[str, Any] = field(default_factory=dict)
    eerdere: dict[UUID, Any] = field(default_factory=dict)
    botsingen: dict[UUID, list[Any]] = field(default_factory=dict)
    volgnummers: dict[int, set[UUID]] = field(default_factory=dict)
    kluis: dict[int, Any] = field(default_factory=dict)
    gezien: dict[UUID, list[tuple[Opdracht, Uitslag]]] = field(default_factory=dict)
    regels: list[tuple[Regel, Uitslag]] = field(default_factory=list)
    sync_ops: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    ingehouden: dict[UUID, Ingehouden] = field(default_factory=dict)
    """What decisions in this call take in from quarantine, by op."""


async def boek(
    session: AsyncSession,
    actor: Actor,
    opdrachten: Sequence[Opdracht],
    *,
    nu: datetime,
    verzonden_op: datetime | None = None,
) -> tuple[list[Uitslag], DeviceAck | None]:
    """Book `opdrachten` for `actor` at `nu` (server time) and say what became of each.

    `verzonden_op` is the device's clock at sending: its offset goes into every verdict. Returns one Uitslag
    per operation, in order, and for a device what it has delivered so far.
    """
    raw = await raw_connection(session)
    offset = None if verzonden_op is None else round((nu - verzonden_op).total_seconds() * 1000)
    suspect = offset is not None and abs(offset) > CLOCK_TOLERANCE_MS
    b = Boeking(raw, actor, nu, (Vlag.KLOK_VERDACHT.value,) if suspect else (), offset, Vouwer(raw))
    voortgang = None
    if actor.toestel:
        voortgang = await lock_voortgang(raw, actor.toestel)
        b.toestel = await load_signer(raw, actor.toestel, [o.device_seq for o in opdrachten if o.device_seq])
    await find_earlier(b, opdrachten)
    fresh = [o for o in opdrachten if o.fout is None and not is_final(b, o)]
    b.ingehouden = await load_held(raw, fresh)
    both = [*fresh, *(held.opdracht for held in b.ingehouden.values() if held.opdracht.fout is None)]
    await lock_subjects(raw, both, actor)
    b.actor, b.origin = await reload_actor(raw, actor, nu)
    b.gemeen = oordeel_of(b.actor, ontvangen_op=iso(nu), klokafwijking_ms=offset, beleidsversie=BELEIDSVERSIE)
    await load_subjects(b, both)
    uitslagen = []
    for opdracht in opdrachten:
        uitslagen.append(decide(b, opdracht))
        if len(uitslagen) % TURN == 0:
            await asyncio.sleep(0)  # let another booking, which may hold the ledger head, go on
    ack = None
    if voortgang is not None:
        received = [
            o.device_seq
            for o, u in zip(opdrachten, uitslagen, strict=True)
            if o.device_seq is not None and u.status is not Status.DEFERRED
        ]
        ack = await save_voortgang(raw, voortgang, received)
    await write_down(b)
    return uitslagen, ack


async def find_earlier(b: Boeking, opdrachten: Sequence[Opdracht]) -> None:
    """Read the first outcomes of all ids and sequence numbers in the batch, and what is stored of them."""
    ops = sorted({o.op for o in opdrachten if o.op is not None})
    also = [NO_ID] if any(o.op is None for o in opdrachten) else []
    seqs = [o.device_seq for o in opdrachten if o.device_seq is not None] if b.actor.toestel else []
    rows = await b.raw.fetch(
        "SELECT op, functionaris, toestel, device_seq, status, code, pos, leaf_hash, pogingen, botst_met"
        " FROM bedrijf.sync_op WHERE op = ANY($1)"
        " UNION SELECT op, functionaris, toestel, device_seq, status, code, pos, leaf_hash, pogingen, botst_met"
        " FROM bedrijf.sync_op WHERE botst_met = ANY($2) AND functionaris = $5"
        " UNION SELECT op, functionaris, toestel, device_seq, status, code, pos, leaf_hash, pogingen, botst_met"
        " FROM bedrijf.sync_op WHERE toestel = $3 AND device_seq = ANY($4)",
        ops,
        [*ops, *also],
        b.actor.toestel,
        seqs,
        b.actor.functionaris,
    )
    for row in rows:
        if row["botst_met"] is not None:
            b.botsingen.setdefault(row["botst_met"], []).append(row)
        else:
            b.eerdere[row["op"]] = row
        if row["device_seq"] is not None and row["toestel"] == b.actor.toestel:
            b.volgnummers.setdefault(row["device_seq"], set()).add(row["botst_met"] or row["op"])
    positions = [row["pos"] for row in rows if row["pos"] is not None]
    if positions:
        stored = await b.raw.fetch(
            "SELECT pos, op, leaf, zouten, omslag, oordeel FROM grootboek.entry JOIN kluis.inhoud USING (pos)"
            " WHERE pos = ANY($1)",
            positions,
        )
        b.kluis = {row["pos"]: row for row in stored}


def is_final(b: Boeking, opdracht: Opdracht) -> bool:
    """Whether this id already has an outcome that stands."""
    row = b.eerdere.get(opdracht.op) if opdracht.op else None
    return row is not None and row["status"] != Status.DEFERRED


async def load_subjects(b: Boeking, opdrachten: Sequence[Opdracht]) -> None:
    """Read every document named, and the history of those that a correction or strike will fold again."""
    named = {key for o in opdrachten for key in o.named()}
    again = {o.sleutel for o in opdrachten if o.envelop and (o.envelop.corrigeert or (o.act and o.act.herziet))}
    await b.vouwer.load(named, {n for o in opdrachten if (n := natural_key(o))})
    if again:
        await load_history(b.raw, b.vouwer, again, lock=True)
    struck = {o.sleutel for o in opdrachten if o.soort == DOORHALING and o.sleutel.aggregaat == "locatie"}
    if struck:
        await load_use(b, struck)


async def load_use(b: Boeking, struck: set[Sleutel]) -> None:
    """Which of the locations to be struck other documents stand on. Their addresses are locked first."""
    docs = [doc for key in struck if (doc := b.vouwer.doc(key)) is not None]
    await lock_natural(b.raw, [doc["_sleutel"] for doc in docs])
    rows = await b.raw.fetch(
        "SELECT locatie FROM lees.controle WHERE locatie = ANY($1)"
        " UNION SELECT locatie FROM lees.maatregel WHERE locatie = ANY($1)"
        " UNION SELECT (doc ->> 'locatie')::uuid FROM lees.signaal WHERE doc ->> 'locatie' = ANY($2)"
        " UNION SELECT canoniek FROM lees.locatie WHERE canoniek = ANY($1) AND id <> canoniek",
        [key.id for key in struck],
        [str(key.id) for key in struck],
    )
    b.vouwer.in_gebruik = {Sleutel("locatie", row[0]) for row in rows}


def decide(b: Boeking, opdracht: Opdracht) -> Uitslag:
    """The outcome of one operation, and what the device has to do besides."""
    if opdracht.grootte > MAX_OP_BYTES:
        log.warning("rejected", code=Code.TE_GROOT.value, size=opdracht.grootte)
        return Uitslag(opdracht.op, Status.REJECTED, Code.TE_GROOT)
    uitslag = find_outcome(b, opdracht)
    if uitslag.status is not Status.DEFERRED:
        for each in filter(None, (uitslag, uitslag.eerste)):
            each.wissen = opdracht.soort in ERASED and not may(b.actor.rol, "mensenhandelsignaal:inzien")
    return uitslag


def find_outcome(b: Boeking, opdracht: Opdracht) -> Uitslag:
    """A repeat of an earlier outcome, or a new verdict, folded and ready to seal."""
    repeated = find_repeat(b, opdracht)
    if isinstance(repeated, Uitslag):
        return repeated
    oordeel = repeated or first_verdict(b, opdracht)
    row = b.eerdere.get(opdracht.op) if opdracht.op else None
    if oordeel.status is Status.DEFERRED:
        tries = row["pogingen"] + 1 if row is not None else 1
        if tries <= MAX_TRIES:
            assert opdracht.op is not None  # noqa: S101  # what has no id could not be read
            note_sync_op(b, opdracht, oordeel, op=opdracht.op, tries=tries)
            return Uitslag(opdracht.op, Status.DEFERRED, oordeel.code, detail=oordeel.detail)
        oordeel = quarantine(Code.ONDERWERP_ONBEKEND, oordeel.detail)
    return seal_verdict(b, opdracht, oordeel)


def first_verdict(b: Boeking, opdracht: Opdracht) -> Oordeel:
    """The verdict on an operation that was not seen before."""
    vlaggen = b.vlaggen
    if opdracht.fout is None:
        vlaggen += check(opdracht, b.toestel, b.origin, online=b.klokafwijking_ms is None)
    owners = b.volgnummers.get(opdracht.device_seq) if opdracht.device_seq is not None else None
    if owners and not owners & {opdracht.op, NO_ID}:
        return quarantine(Code.VOLGNUMMER_DUBBEL)
    if opdracht.fout is not None:
        return quarantine(opdracht.fout, "De inhoud klopt niet.")
    try:
        oordeel = judge(opdracht, b.actor, b.vouwer, nu=b.nu, vlaggen=vlaggen)
    except Exception as error:
        if b.klokafwijking_ms is None:  # somebody online is told at once
            raise
        # One operation never stops the others of its batch, for it would stop them at every retry. A date that
        # overflows is the writer's fault; anything else is ours, and is in the log.
        log.error("unjudged", soort=opdracht.soort, exception=type(error).__qualname__)  # noqa: TRY400  # no content
        return quarantine(Code.SCHEMA_ONGELDIG)
    if oordeel.status is Status.ACCEPTED and takes_in(opdracht):
        return take_in(oordeel, b.ingehouden.get(opdracht.onderwerp["ontvangst"]), b.actor, b.vouwer)
    return oordeel


def find_repeat(b: Boeking, opdracht: Opdracht) -> Uitslag | Oordeel | None:
    """A known id: with the same content the first outcome again, with other content a quarantined branch."""
    seen = b.gezien.get(opdracht.op or NO_ID, [])
    for earlier, uitslag in seen:
        if opdracht.says_the_same(earlier):
            return Uitslag(opdracht.op, Status.DUPLICATE, eerste=uitslag)
    first = [b.eerdere[opdracht.op]] if opdracht.op and is_final(b, opdracht) else []
    for row in (*first, *b.botsingen.get(opdracht.op or NO_ID, [])):
        if row["functionaris"] == b.actor.functionaris and is_same(b, row, opdracht):
            return replay(b, opdracht.op, row)
    if first or (seen and opdracht.op is not None):
        return quarantine(Code.ID_ANDERE_INHOUD, "Dit kenmerk is al gebruikt voor iets anders.")
    return None


def replay(b: Boeking, op: UUID | None, row: Any) -> Uitslag:
    """The answer to a repeat: the first outcome, whatever may have changed since."""
    code = Code(row["code"]) if row["code"] else None
    vlaggen = tuple(orjson.loads(b.kluis[row["pos"]]["oordeel"])["vlaggen"])
    first = Uitslag(op, Status(row["status"]), code, row["pos"], row["leaf_hash"], vlaggen)
    return Uitslag(op, Status.DUPLICATE, eerste=first)


def is_same(b: Boeking, row: Any, opdracht: Opdracht) -> bool:
    """Whether the sections of `opdracht` give the stored commitments under the stored salts.

    What was destroyed cannot be compared any more; then the id decides.
    """
    stored = b.kluis[row["pos"]]
    if stored["zouten"] is None or not any(stored["zouten"]):
        return True
    if opdracht.act is None or stored["omslag"] is None:  # it could not be read, now or then
        return same_content(stored["leaf"], stored["zouten"], stored["op"], raw_sections(opdracht))
    return same_content(
        stored["leaf"],
        stored["zouten"],
        stored["op"],
        sections_of(opdracht, stored_kenmerken(stored["omslag"])),
    )


def seal_verdict(b: Boeking, opdracht: Opdracht, oordeel: Oordeel) -> Uitslag:
    """Fold what holds, seal the entry, and remember the outcome."""
    clash = oordeel.code is Code.ID_ANDERE_INHOUD
    op = uuid4() if clash or opdracht.op is None else opdracht.op
    if clash and opdracht.carries_hand:
        opdracht.keep_as_sent(Code.ID_ANDERE_INHOUD)  # it was signed for the id that it cannot have
    uitslag = Uitslag(opdracht.op, oordeel.status, oordeel.code, detail=oordeel.detail)
    volgnr = len(b.regels)
    for each in (oordeel, oordeel.aanvaard):
        if each is not None and each.stap is not None:
            b.vouwer.fold(each.stap, volgnr, each.doc)
    if oordeel.stap is not None:
        uitslag.vlaggen = oordeel.stap.registratie.vlaggen
    b.regels.append((make_regel(b, opdracht, oordeel, op, volgnr), uitslag))
    note_sync_op(b, opdracht, oordeel, op=op, botst_met=opdracht.op or NO_ID if op != opdracht.op else None)
    b.gezien.setdefault(opdracht.op or NO_ID, []).append((opdracht, uitslag))
    if opdracht.device_seq is not None:
        b.volgnummers.setdefault(opdracht.device_seq, set()).add(opdracht.op or NO_ID)
    return uitslag


def make_regel(b: Boeking, opdracht: Opdracht, oordeel: Oordeel, op: UUID, volgnr: int) -> Regel:
    """The ledger line of a verdict; anything but `accepted` also leaves a receipt for writer and desk."""
    act = opdracht.act
    doc = oordeel.doc or b.vouwer.doc(opdracht.sleutel) if act is not None else None
    kenmerken = classify(act, opdracht.inhoud, doc, b.actor) if act is not None else None
    extra: dict[str, Any] = {}
    if oordeel.status is not Status.ACCEPTED:
        extra = told_to(opdracht, kenmerken, doc, b.actor)
        if oordeel.stap is not None:
            extra["ernst"] = oordeel.stap.ernst
    if oordeel.aanvaard is not None:
        extra["aanvaard"] = verdict_on(oordeel.aanvaard)
    if oordeel.stap is not None and oordeel.stap.behouden:
        extra["behouden"] = list(oordeel.stap.behouden)
    verdict = {
        **b.gemeen,
        "status": oordeel.status.value,
        "code": oordeel.code.value if oordeel.code else None,
        "vlaggen": list(oordeel.stap.registratie.vlaggen if oordeel.stap else b.vlaggen),
        **extra,
    }
    if oordeel.status is not Status.ACCEPTED:
        put_receipt(b.vouwer, op, verdict, volgnr)
    if act is None or kenmerken is None:
        return Regel(op, Klasse.OPERATIE, opdracht.device_seq, raw_sections(opdracht), verdict)
    assert opdracht.envelop is not None  # noqa: S101  # an act means it was read
    klasse = Klasse.CORRECTIE if opdracht.envelop.corrigeert else act.klasse
    signed = opdracht.ondertekend
    if signed is not None:
        verdict |= {"kenmerken": kenmerken.as_doc(), "secties": [name for name in INHOUD if name in signed.secties]}
        return Regel(op, klasse, opdracht.device_seq, signed.secties, verdict, signed)
    return Regel(op, klasse, opdracht.device_seq, sections_of(opdracht, kenmerken), verdict)


def note_sync_op(
    b: Boeking,
    opdracht: Opdracht,
    oordeel: Oordeel,
    *,
    op: UUID,
    tries: int = 1,
    botst_met: UUID | None = None,
) -> None:
    """Remember the outcome under the op's id; position and leaf hash follow when they are known."""
    b.sync_ops[op] = {
        "op": op,
        "functionaris": b.actor.functionaris,
        "toestel": b.actor.toestel,
        "device_seq": opdracht.device_seq,
        "status": oordeel.status.value,
        "code": oordeel.code.value if oordeel.code else None,
        "pogingen": tries,
        "botst_met": botst_met,
    }


async def write_down(b: Boeking) -> None:
    """Write read models, seal, and only then lock the head for what needs a position. Nothing follows it."""
    if not b.regels and not b.sync_ops:
        return
    await b.vouwer.write()
    sealed = seal_lines(b.origin, [regel for regel, _ in b.regels])
    places = {regel.op: place for place, (regel, _) in enumerate(b.regels)}
    outcomes = [
        row
        | (
            {"pos": places[row["op"]] + 1, "leaf_hash": sealed.hashes[places[row["op"]]]}
            if row["op"] in places
            else {"pos": None, "leaf_hash": None}
        )
        for row in b.sync_ops.values()
    ]
    base = await append(b.raw, sealed, b.vouwer.feed_json(), outcomes)
    for place, (_, uitslag) in enumerate(b.regels):
        uitslag.pos, uitslag.leaf_hash = base + place + 1, sealed.hashes[place]
