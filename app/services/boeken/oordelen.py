"""The verdict: what becomes of one operation, given the documents in memory. No I/O and no clock of its own.

The order is fixed: readable? known kind? right still there? named documents known? allowed here? rule kept?
A field officer's operation is never refused for its content; whoever works online gets the same verdict as
a problem, before anything is written (:mod:`app.services.boeken.boek`).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from app.access.actor import Actor
from app.access.beleid import may, scopes_for
from app.problems import RegelGeschonden
from app.registraties.act import (
    Act,
    Aggregaat,
    Doc,
    Registratie,
    no_objection,
    refuse,
)
from app.registraties.kern import BEOORDELING, DOORHALING
from app.registraties.register import AGGREGATEN
from app.services.boeken.oordeel import (
    MIXED,
    TAKEN,
    UNKNOWN,
    Oordeel,
    broken,
    is_taken,
    may_write,
    outside,
    quarantine,
)
from app.services.boeken.wijzigen import judge_change, judge_settlement, stands_fast
from app.services.kluis.operatie import Operatie
from app.services.kluis.verzegelen import as_registratie, kring_of, wet_of
from app.services.vouwen.stappen import Stap
from app.services.vouwen.vouwer import Vouwer
from app.vocabulary import Code, Status, Vlag

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
DAY = 86_400
"""In seconds: a device may be a day ahead."""
CLOCK_TOLERANCE_MS = 600_000
RESTS_ON = "Hier steunt al een besluit op. Corrigeer wat er staat: een ander beslist dan welke versie geldt."
ZONDER_WET = "Onder welke wet dit valt is niet bepaald voor uw rol, uw organisatie en deze hoedanigheid."


def judge(operatie: Operatie, actor: Actor, vouwer: Vouwer, *, nu: datetime, vlaggen: tuple[str, ...]) -> Oordeel:
    """The verdict on one readable operation; the vouwer is only looked at."""
    act = operatie.act
    assert act is not None  # noqa: S101  # unreadable ones never come here
    refused = None if act.van_server else why_not_his(operatie, act, actor, vouwer)
    if refused is not None:
        return refused
    wet = wet_of(act, operatie.inhoud, actor, nu)
    if wet is None:
        return quarantine(Code.REGEL_GESCHONDEN, ZONDER_WET)
    doc = vouwer.doc(operatie.sleutel)
    try:
        AGGREGATEN[operatie.sleutel.aggregaat].hoort(doc or {}, operatie.inhoud)
    except RegelGeschonden as problem:
        return broken(problem)
    assert operatie.envelop is not None  # noqa: S101
    r = as_registratie(operatie, actor, nu, vlaggen, kring_of(act, wet))
    r = replace(r, vlaggen=(*vlaggen, *remarks(operatie, r, doc, nu)))
    if r.soort == BEOORDELING:
        return judge_settlement(operatie.sleutel, r, actor, vouwer)
    if operatie.envelop.corrigeert is not None or r.soort == DOORHALING:
        return judge_change(operatie, r, actor, vouwer)
    return judge_addition(operatie, r, doc, actor, vouwer)


def why_not_his(operatie: Operatie, act: Act, actor: Actor, vouwer: Vouwer) -> Oordeel | None:
    """Why this actor may not record this here, or None: his role, what he may know of, where he may write."""
    if not actor.actief or not may(actor.rol, act.permissie):
        return quarantine(Code.RECHT_ONTBREEKT, "Uw rol mag dit niet vastleggen.")
    if find_unknown(operatie, actor, vouwer):
        return UNKNOWN
    key = operatie.sleutel
    if vouwer.doc(key) is not None and not may_write(actor, key.aggregaat, vouwer.rijen[key].scopes, act.permissie):
        return quarantine(Code.RECHT_ONTBREEKT, "U mag dit hier niet vastleggen.")
    return None


def judge_addition(operatie: Operatie, r: Registratie, doc: Doc | None, actor: Actor, vouwer: Vouwer) -> Oordeel:
    """An ordinary entry: newness, guard, municipality."""
    act, aggregaat = operatie.act, AGGREGATEN[operatie.sleutel.aggregaat]
    assert act is not None  # noqa: S101
    if doc is not None and act.maakt == "altijd":
        return quarantine(Code.REGEL_GESCHONDEN, "Dit kenmerk bestaat al.")
    omgeving = vouwer.environment(act, r)
    try:
        act.guard(doc, r, omgeving.all_around(), actor)
        folded = vouwer.preview(act, r)
        if aggregaat.oefening_heel:
            refuse_mixing(aggregaat, doc, folded, r, vouwer)
        if aggregaat.toets is not no_objection:
            aggregaat.toets(doc or {}, folded, omgeving.all_around(), r.ontvangen_datum)
    except RegelGeschonden as problem:
        return broken(problem)
    if (refused := why_not_there(doc, folded, actor) or why_not_beside(operatie, act, vouwer)) is not None:
        return refused
    if is_taken(operatie.sleutel, folded, actor, vouwer):
        return TAKEN
    vouwer.check(operatie.sleutel, folded)
    found = Oordeel(Status.ACCEPTED, stap=Stap(r, Status.ACCEPTED), doc=folded)
    before = vouwer.later_one(act, r)
    if before is None:
        return found
    return replace(found, raakt=tuple(vouwer.resting_on(operatie.sleutel, before)), gewijzigd=before.op)


def why_not_there(doc: Doc | None, folded: Doc, actor: Actor) -> Oordeel | None:
    """Why a document cannot lie where an entry puts it, or None."""
    gemeente = folded.get("gemeente")
    if doc is None and gemeente is not None and gemeente not in actor.werkgebied:
        return quarantine(Code.RECHT_ONTBREEKT, "U werkt niet voor deze gemeente.")
    if doc is not None and gemeente != doc.get("gemeente", gemeente):
        return quarantine(Code.REGEL_GESCHONDEN, "Dit ligt in een andere gemeente.")
    return None


def why_not_beside(operatie: Operatie, act: Act, vouwer: Vouwer) -> Oordeel | None:
    """Why an entry cannot stand beside another of its kind and count as well: a besluit rests on that one. Or None."""
    beside, stappen = vouwer.stands_beside(act, operatie.sleutel), vouwer.historie.get(operatie.sleutel, ())
    held = next((stap for stap in stappen if stap.op == beside), None)
    if held is None or not stands_fast(operatie.sleutel, held, vouwer):
        return None
    return quarantine(Code.REGEL_GESCHONDEN, RESTS_ON)


def refuse_mixing(aggregaat: Aggregaat, doc: Doc | None, folded: Doc, r: Registratie, vouwer: Vouwer) -> None:
    """An exercise never meets what is real: not in one document, nor in what that rests on."""
    whole = bool((doc or folded).get("oefening"))
    parts = [
        part
        for key in aggregaat.rust_op(folded)
        if (other := vouwer.doc(key)) is not None
        for part in (other, *(other.get(name) for name in AGGREGATEN[key.aggregaat].oefening_in))
        if part is not None
    ]
    if whole != r.oefening or any(bool(part.get("oefening")) != whole for part in parts):
        refuse(MIXED)


def find_unknown(operatie: Operatie, actor: Actor, vouwer: Vouwer) -> bool:
    """Whether something named does not exist, or never was for this actor to see: the two answer alike."""
    act = operatie.act
    assert act is not None  # noqa: S101
    target = operatie.sleutel
    for key in operatie.genoemd:
        doc = vouwer.doc(key)
        if doc is None:
            if key == target and act.maakt != "nooit":
                continue
            return True
        aggregaat = AGGREGATEN[key.aggregaat]
        if aggregaat.vrij and key != target:
            continue
        collectie = aggregaat.model.collectie
        scopes = vouwer.rijen[key].scopes
        known = (key == target and scopes & scopes_for(actor, act.permissie)) or any(
            scopes & (scopes_for(wie, f"{collectie}:zien") | scopes_for(wie, f"{collectie}:verwijzen"))
            for wie in (actor, actor.bureau)
            if wie is not None
        )
        if not (known or key in vouwer.bekend) or outside(actor, doc):
            return True
    return False


def remarks(operatie: Operatie, r: Registratie, doc: Doc | None, nu: datetime) -> Iterator[str]:
    """What is odd about an operation: an impossible date, or what its document says, as of a fact that comes late."""
    e, act = operatie.envelop, operatie.act
    assert e is not None  # noqa: S101
    assert act is not None  # noqa: S101
    if not EARLIEST <= e.waargenomen_op.timestamp() <= nu.timestamp() + DAY:
        yield Vlag.DATUM_ONWAARSCHIJNLIJK.value
    changes = e.corrigeert is not None or act.herziet
    if doc is not None and not changes:
        yield from (vlag.value for vlag in AGGREGATEN[act.aggregaat].opmerking(doc, r))
