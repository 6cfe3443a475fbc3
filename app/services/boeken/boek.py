"""`boek()`: the one way to write something down.

Guarantees, for everything in one call: it is one transaction; every operation gets exactly one verdict, answered in
request order; what makes something goes before what names it; an operation seen before changes nothing; positions
are gapless, because the head row is locked last and nothing waits for another lock after it. The caller's transaction
commits, so nothing may follow a call but the answer.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.access.beleid import BELEIDSVERSIE, may
from app.database import raw_connection
from app.grootboek.blad import INHOUD
from app.problems import describe
from app.registraties.act import iso
from app.registraties.kern import DOORHALING, ONTVANGST, PLAATS, VERBERGT, beside
from app.registraties.register import AGGREGATEN
from app.services.boeken.bekend import standing
from app.services.boeken.boeking import NO_ID, Boeking, Uitslag
from app.services.boeken.gevolgen import what_follows
from app.services.boeken.herhaling import find_earlier, find_repeat, is_final
from app.services.boeken.ondertekening import check, load_signer
from app.services.boeken.ontvangsten import is_told, told_to, why_of
from app.services.boeken.oordeel import Oordeel, quarantine, sees
from app.services.boeken.oordelen import CLOCK_TOLERANCE_MS, judge
from app.services.boeken.plaatsen import changes, load_around, load_looked_at, load_resting, load_same_source
from app.services.boeken.quarantaine import load_held, take_in, takes_in, verdict_on
from app.services.boeken.sloten import lock_again, lock_subjects, natural_keys
from app.services.boeken.uitstel import complete_since, has_ended, in_turn
from app.services.boeken.voortgang import DeviceAck, lock_voortgang, save_voortgang
from app.services.kluis.operatie import MAX_OP_BYTES, Operatie
from app.services.kluis.toevoegen import Regel, SyncOp, append, seal_lines
from app.services.kluis.verzegelen import oordeel_of, raw_sections, sections_of, wet_of
from app.services.rechten.rechten import reload_actor
from app.services.vouwen.historie import load_history
from app.services.vouwen.ontvangst import has_receipt, put_receipt
from app.services.vouwen.vouwer import Vouwer
from app.vocabulary import Code, Klasse, Status, Vlag

log = structlog.get_logger("veldboek.boeken")


async def boek(
    session: AsyncSession,
    actor: Actor,
    operaties: Sequence[Operatie],
    *,
    nu: datetime,
    verzonden_op: datetime | None = None,
    geduld: timedelta | None = None,
) -> tuple[list[Uitslag], DeviceAck | None]:
    """Book `operaties` for `actor` at `nu` (server time) and say what became of each.

    `verzonden_op` is the device's clock at sending: its offset goes into every verdict. `geduld`: how long something
    may wait for what it needs, where the usual is too long. Returns one Uitslag per operation, in order, and for a
    device what it has delivered so far.
    """
    raw = await raw_connection(session)
    offset = None if verzonden_op is None else round((nu - verzonden_op).total_seconds() * 1000)
    suspect = offset is not None and abs(offset) > CLOCK_TOLERANCE_MS
    b = Boeking(raw, actor, nu, (Vlag.KLOK_VERDACHT.value,) if suspect else (), offset, Vouwer(raw), geduld=geduld)
    if actor.toestel:
        b.voortgang = await lock_voortgang(raw, actor.toestel)
        b.toestel = await load_signer(raw, actor.toestel, [o.device_seq for o in operaties if o.device_seq])
    await find_earlier(b, operaties)
    fresh = [o for o in operaties if o.fout is None and not is_final(b, o)]
    b.ingehouden = await load_held(raw, fresh)
    both = [*fresh, *(held.operatie for held in b.ingehouden.values() if held.operatie.fout is None)]
    await lock_subjects(raw, both, actor)
    b.actor, b.origin = await reload_actor(raw, actor, nu)
    b.gedeeld = oordeel_of(b.actor, ontvangen_op=iso(nu), klokafwijking_ms=offset, beleidsversie=BELEIDSVERSIE)
    await load_subjects(b, both)
    uitslagen = await in_turn(operaties, partial(decide, b), partial(put_off, b))
    ack = None
    if b.voortgang is not None:
        told = [(o.device_seq, u.status) for o, u in zip(operaties, uitslagen, strict=True) if o.device_seq is not None]
        received = [seq for seq, status in told if status is not Status.DEFERRED]
        waits = {seq for seq, status in told if status is Status.DEFERRED}
        ack = await save_voortgang(raw, b.voortgang, received, waits, nu)
    await write_down(b)
    return uitslagen, ack


async def load_subjects(b: Boeking, operaties: Sequence[Operatie]) -> None:
    """Read every document named, and the history of those that an entry may make fold again."""
    named = {key for o in operaties for key in (*o.genoemd, *beside(o.act, b.actor.organisatie))}
    for held in b.ingehouden.values():
        named |= beside(held.operatie.act, UUID(held.oordeel["organisatie"]))
    again = {o.sleutel for o in operaties if changes(o)}
    await b.vouwer.load(named, {key for o in operaties for key in natural_keys(o)})
    again |= {o.sleutel for o in operaties if o.act is not None and b.vouwer.stands_beside(o.act, o.sleutel)}
    for key in {o.sleutel for o in operaties if o.act is not None and o.act.vroegste} - again:
        if b.vouwer.doc(key) is None:
            b.vouwer.historie[key] = []  # a new one: nobody has to be asked
        else:
            again.add(key)
    if again:
        await load_history(b.raw, b.vouwer, again, lock=lock_again)
    await load_places(b, operaties)
    await load_resting(b.raw, b.vouwer, operaties)
    placed = [o for o in operaties if AGGREGATEN[o.sleutel.aggregaat].plaats]
    known = [o for o in placed if b.vouwer.doc(o.sleutel) is None or sees(b.actor, o.sleutel, b.vouwer)]
    await load_around(b.raw, b.vouwer, known)
    await load_looked_at(b.raw, b.vouwer, operaties)
    await load_same_source(b.raw, b.vouwer, operaties)


async def load_places(b: Boeking, operaties: Sequence[Operatie]) -> None:
    """Read what the actor knows of the places that are named and not his to name, or that are to be struck."""
    made = {o.sleutel for o in operaties}
    named = {key for o in operaties for key in o.genoemd if key.aggregaat == PLAATS} - made
    unseen = {key for key in named if not sees(b.actor, key, b.vouwer, verwijst=True)}
    struck = {o.sleutel for o in operaties if o.soort == DOORHALING and o.sleutel.aggregaat == PLAATS}
    found = await standing(b.raw, b.actor, (key.id for key in unseen | struck))
    b.vouwer.bekend |= {key for key in named if key not in unseen or key.id in found}
    await b.vouwer.load({other for key in struck for other in found.get(key.id, ())})


def decide(b: Boeking, operatie: Operatie) -> Uitslag | Oordeel:
    """The outcome of one operation, folded and ready to seal; or the verdict that it has to wait."""
    if operatie.grootte > MAX_OP_BYTES:
        log.warning("rejected", code=Code.TE_GROOT.value, size=operatie.grootte)
        return Uitslag(operatie.op, Status.REJECTED, Code.TE_GROOT)
    found = find_repeat(b, operatie) or first_verdict(b, operatie)
    if isinstance(found, Oordeel):
        if found.status is Status.DEFERRED:
            return found
        found = settle(b, operatie, found)
    return hide(b, operatie, found)


def put_off(b: Boeking, operatie: Operatie, oordeel: Oordeel) -> Uitslag:
    """What has to wait: nothing is kept of it but that it was tried, and since when. Until its time is over."""
    assert operatie.op is not None  # noqa: S101  # what has no id could not be read
    row = b.eerdere.get(operatie.op)
    eerst = row.eerste_poging or b.nu if row is not None else b.nu
    if not has_ended(eerst, b.nu, volledig=complete_since(operatie, b.voortgang), geduld=b.geduld):
        tries = row.pogingen + 1 if row is not None else 1
        note_sync_op(b, operatie, oordeel, op=operatie.op, tries=tries, eerst=eerst)
        return Uitslag(operatie.op, Status.DEFERRED, oordeel.code, waarom=oordeel.waarom)
    code = Code.REGEL_GESCHONDEN if oordeel.waarom.weigering else Code.ONDERWERP_ONBEKEND
    found = find_repeat(b, operatie) or quarantine(code, *oordeel.waarom)
    return hide(b, operatie, settle(b, operatie, found) if isinstance(found, Oordeel) else found)


def settle(b: Boeking, operatie: Operatie, oordeel: Oordeel) -> Uitslag:
    """Fold and seal a verdict, and what follows from it."""
    uitslag = seal_verdict(b, operatie, oordeel)
    for follows, verdict in what_follows(b, oordeel):
        seal_verdict(b, follows, verdict)
    return uitslag


def hide(b: Boeking, operatie: Operatie, uitslag: Uitslag) -> Uitslag:
    """Say what its writer may not keep on his device."""
    if operatie.soort in VERBERGT:
        for each in filter(None, (uitslag, uitslag.eerste)):
            each.wissen = not may(b.actor.rol, VERBERGT[operatie.soort])
    return uitslag


def first_verdict(b: Boeking, operatie: Operatie) -> Oordeel:
    """The verdict on an operation that was not seen before."""
    vlaggen = b.vlaggen
    if operatie.fout is None:
        vlaggen += check(operatie, b.toestel, b.origin, online=b.klokafwijking_ms is None)
    owners = b.volgnummers.get(operatie.device_seq) if operatie.device_seq is not None else None
    if owners and not owners & {operatie.op, NO_ID}:
        return quarantine(Code.VOLGNUMMER_DUBBEL)
    if operatie.fout is not None:
        return quarantine(operatie.fout, fouten=operatie.fouten)
    try:
        oordeel = judge(operatie, b.actor, b.vouwer, nu=b.nu, vlaggen=vlaggen)
    except Exception as error:
        if b.klokafwijking_ms is None:  # somebody online is told at once
            raise
        # One operation never stops the others of its batch, for it would stop them at every retry. A date that
        # overflows is the writer's fault; anything else is ours: it is counted, and judged again at the desk.
        log.error("unjudged", soort=operatie.soort, **describe(error))  # noqa: TRY400  # no content
        if isinstance(error, OverflowError):
            return quarantine(Code.SCHEMA_ONGELDIG)
        return quarantine(Code.NIET_VERWERKT, "De server kon dit niet verwerken. Dat ligt niet aan u; het is bewaard.")
    if oordeel.status is Status.ACCEPTED and takes_in(operatie):
        return take_in(oordeel, b.ingehouden.get(operatie.onderwerp[ONTVANGST]), b.actor, b.vouwer)
    return oordeel


def seal_verdict(b: Boeking, operatie: Operatie, oordeel: Oordeel) -> Uitslag:
    """Fold what holds, seal the entry, and remember the outcome."""
    clash = oordeel.code is Code.ID_ANDERE_INHOUD
    op = uuid4() if clash or operatie.op is None else operatie.op
    if clash and operatie.carries_hand:
        operatie.keep_as_sent(Code.ID_ANDERE_INHOUD)  # it was signed for the id that it cannot have
    uitslag = Uitslag(operatie.op, oordeel.status, oordeel.code, waarom=oordeel.waarom)
    volgnr = len(b.regels)
    for each in (oordeel, oordeel.aanvaard):
        if each is not None and each.stap is not None:
            b.vouwer.fold(each.stap, volgnr, each.doc)
    if oordeel.stap is not None:
        uitslag.vlaggen = oordeel.stap.registratie.vlaggen
    b.regels.append((make_regel(b, operatie, oordeel, op, volgnr), uitslag))
    note_sync_op(b, operatie, oordeel, op=op, botst_met=operatie.op or NO_ID if op != operatie.op else None)
    b.gezien.setdefault(operatie.op or NO_ID, []).append((operatie, uitslag))
    if operatie.device_seq is not None:
        b.volgnummers.setdefault(operatie.device_seq, set()).add(operatie.op or NO_ID)
    return uitslag


def make_regel(b: Boeking, operatie: Operatie, oordeel: Oordeel, op: UUID, volgnr: int) -> Regel:
    """The ledger line of a verdict; what was not simply accepted also leaves a receipt, for its writer and the desk."""
    act = operatie.act
    doc = oordeel.doc or b.vouwer.doc(operatie.sleutel) if act is not None else None
    wet = wet_of(act, operatie.inhoud, b.actor, b.nu) if act is not None else None
    extra: dict[str, Any] = {}
    vlaggen = oordeel.stap.registratie.vlaggen if oordeel.stap else b.vlaggen
    if oordeel.status is not Status.ACCEPTED or is_told(operatie, vlaggen):
        extra = told_to(operatie, wet, doc, b.actor) | why_of(operatie, oordeel.waarom)
        if oordeel.stap is not None:
            extra["ernst"] = oordeel.stap.ernst
    if oordeel.aanvaard is not None:
        extra["aanvaard"] = verdict_on(oordeel.aanvaard)
    if oordeel.stap is not None and oordeel.stap.behouden:
        extra["behouden"] = list(oordeel.stap.behouden)
    verdict = {
        **b.gedeeld,
        "status": oordeel.status.value,
        "code": oordeel.code.value if oordeel.code else None,
        "vlaggen": list(vlaggen),
        **extra,
    }
    if has_receipt(verdict):
        put_receipt(b.vouwer, op, verdict, volgnr)
    if act is None:
        raw = raw_sections(operatie)
        return Regel(op, Klasse.OPERATIE, operatie.device_seq, raw, verdict | {"secties": list(raw)})
    assert operatie.envelop is not None  # noqa: S101  # an act means it was read
    klasse = Klasse.CORRECTIE if operatie.envelop.corrigeert else act.klasse
    signed = operatie.ondertekend
    kenmerken = wet.as_doc() if wet is not None else None
    if signed is not None and kenmerken is not None:
        verdict["kenmerken"] = kenmerken
    secties = signed.secties if signed is not None else sections_of(operatie, kenmerken)
    # What is named here and gone later was taken away: the leaf itself says the same of both.
    verdict["secties"] = [name for name in INHOUD if name in secties]
    return Regel(op, klasse, operatie.device_seq, secties, verdict, signed)


def note_sync_op(
    b: Boeking,
    operatie: Operatie,
    oordeel: Oordeel,
    *,
    op: UUID,
    tries: int = 1,
    eerst: datetime | None = None,
    botst_met: UUID | None = None,
) -> None:
    """Remember the outcome under the op's id; position and leaf hash follow when they are known."""
    b.sync_ops[op] = SyncOp(
        op,
        b.actor.functionaris,
        b.actor.toestel,
        operatie.device_seq,
        oordeel.status.value,
        oordeel.code.value if oordeel.code else None,
        None,
        None,
        tries,
        eerst,
        botst_met,
    )


async def write_down(b: Boeking) -> None:
    """Write read models, seal, and only then lock the head for what needs a position. Nothing follows it."""
    if not b.regels and not b.sync_ops:
        return
    await b.vouwer.write()
    sealed = seal_lines(b.origin, [regel for regel, _ in b.regels])
    places = {regel.op: place for place, (regel, _) in enumerate(b.regels)}
    outcomes = [
        row._replace(pos=places[row.op] + 1, leaf_hash=sealed.hashes[places[row.op]]) if row.op in places else row
        for row in b.sync_ops.values()
    ]
    base = await append(b.raw, sealed, b.vouwer.feed.as_json(), outcomes)
    for place, (_, uitslag) in enumerate(b.regels):
        uitslag.pos, uitslag.leaf_hash = base + place + 1, sealed.hashes[place]
