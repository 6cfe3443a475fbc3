"""The verdict on what changes an entry: a correction, a strike, and a decision on a difference between two versions.

Given the documents and their history in memory; no I/O and no clock of its own. Who decides who reads, and what others
rely on, is changed by few.
"""

from dataclasses import replace
from uuid import UUID

from pydantic import ValidationError

from app.access.actor import Actor
from app.access.beleid import scopes_for
from app.access.bereik import Bereik, scope
from app.access.zicht import Gezien, seen_by
from app.problems import RegelGeschonden
from app.registraties.act import (
    HOEDANIGHEID,
    WETTELIJK,
    Act,
    Inhoud,
    Registratie,
    Sleutel,
    countable,
)
from app.registraties.bron import VELD, is_given_by_another
from app.registraties.kern import DOORHALING, PLAATS
from app.registraties.register import ACTEN, AGGREGATEN
from app.registraties.tonen import deel_of
from app.services.boeken.oordeel import (
    MIXED,
    TAKEN,
    UNKNOWN,
    Oordeel,
    broken,
    conflict,
    is_taken,
    may_write,
    quarantine,
    sees,
)
from app.services.kluis.operatie import Operatie
from app.services.lezen.lezen import project
from app.services.vouwen.stappen import Stap, contents_of, effective_entries, open_pairs, tip_of, touched
from app.services.vouwen.vouwer import Vouwer
from app.vocabulary import VELDROLLEN, Code, Groep, Kring, Status

MOVES = "Een correctie verplaatst niets: haal door en leg opnieuw vast."


def judge_change(operatie: Operatie, r: Registratie, actor: Actor, vouwer: Vouwer) -> Oordeel:
    """A correction or a strike: it names an entry about the same document, of a kind that the actor may write there."""
    e = operatie.envelop
    assert e is not None  # noqa: S101
    stappen = vouwer.historie[operatie.sleutel]
    target = r.inhoud.registratie if r.soort == DOORHALING else e.corrigeert
    original = next((s for s in stappen if s.registratie.op == target and s.corrigeert is None), None)
    if original is None or ACTEN[original.registratie.soort].herziet:
        return UNKNOWN
    if target not in {entry.op for entry in effective_entries(stappen)}:
        return quarantine(Code.REGEL_GESCHONDEN, "Deze registratie is doorgehaald of geldt niet meer.")
    refused = why_fixed(operatie, r, original, actor, vouwer)
    if refused is not None:
        return refused
    if r.soort == DOORHALING:
        found = allow_refold(operatie.sleutel, Stap(r, Status.ACCEPTED, reden=r.inhoud.reden), actor, vouwer)
        return wait_if_fast(operatie.sleutel, original, found, vouwer)
    return judge_correction(operatie, r, original, actor, vouwer)


def stands_fast(key: Sleutel, original: Stap, vouwer: Vouwer) -> bool:
    """Whether others rely on an entry, so that two people change it: something rests on it, or it was made known.

    What an officer saw is never refused; that it changes what was decided takes somebody else (Awb 3:2; Wpg 4).
    """
    act = ACTEN[original.registratie.soort]
    if act.vast(vouwer.doc(key) or {}, original.op):
        return True
    return act.draagt and bool(vouwer.resting_on(key, original))


def wait_if_fast(key: Sleutel, original: Stap, found: Oordeel, vouwer: Vouwer) -> Oordeel:
    """The verdict on a change; one that could hold is booked beside an entry that stands fast.

    There it waits until another person than its writer chooses it.
    """
    if found.stap is None or not stands_fast(key, original, vouwer):
        return found
    stap = replace(found.stap, status=Status.CONFLICT, ernst="hard", vast=True)
    return conflict(Code.STAAT_VAST, stap)


def why_fixed(operatie: Operatie, r: Registratie, original: Stap, actor: Actor, vouwer: Vouwer) -> Oordeel | None:
    """Why an entry may not be corrected or struck by this actor, or None.

    Nobody changes what he could not have written there; what an officer saw is struck by himself only.
    """
    key, act = operatie.sleutel, ACTEN[original.registratie.soort]
    if not may_write(actor, key.aggregaat, vouwer.rijen[key].scopes, act.permissie):
        return quarantine(Code.RECHT_ONTBREEKT, "U mag hier geen registraties van deze soort wijzigen.")
    struck = r.soort == DOORHALING
    if struck and actor.rol in VELDROLLEN and original.registratie.functionaris != actor.functionaris:
        return quarantine(Code.RECHT_ONTBREEKT, "Wat een ander vastlegde, haalt u niet door.")
    if struck and key.aggregaat == PLAATS and stood_on(key, actor, vouwer):
        return quarantine(Code.REGEL_GESCHONDEN, "Hier is al iets over vastgelegd: haal dat eerst door.")
    if act.bevroren(vouwer.doc(key) or {}):
        return quarantine(Code.REGEL_GESCHONDEN, "Dit staat vast en is niet meer te wijzigen.")
    if r.oefening != original.registratie.oefening:
        return quarantine(Code.REGEL_GESCHONDEN, MIXED)
    return None


def stood_on(key: Sleutel, actor: Actor, vouwer: Vouwer) -> bool:
    """Whether a document that whoever asks may read is shown to him at the place `key`: no other one tells."""
    actor = actor.bureau or actor
    for other, rij in vouwer.rijen.items():
        if other.aggregaat == key.aggregaat or not sees(actor, other, vouwer):
            continue
        doc, _ = project(actor, AGGREGATEN[other.aggregaat].model.collectie, rij.doc or {}, rij.scopes)
        ligt = AGGREGATEN[other.aggregaat].ligt
        if ligt is not None and str(key.id) in ligt.places(doc):
            return True
    return False


def judge_correction(operatie: Operatie, r: Registratie, original: Stap, actor: Actor, vouwer: Vouwer) -> Oordeel:
    """A correction takes the place of an entry of the same kind, about the same thing."""
    e, stappen = operatie.envelop, vouwer.historie[operatie.sleutel]
    assert e is not None  # noqa: S101
    if original.registratie.soort != r.soort:
        return quarantine(Code.SCHEMA_ONGELDIG, "Een correctie is van dezelfde soort als wat zij corrigeert.")
    if minted(operatie, r) != minted(operatie, original.registratie):
        return quarantine(Code.REGEL_GESCHONDEN, "Een correctie gaat over dezelfde persoon of hetzelfde ding.")
    if e.basis is None or not any(s.registratie.op == e.basis for s in stappen):
        return UNKNOWN
    assert operatie.act is not None  # noqa: S101
    unseen = unseen_fields(operatie.act, original, known_to(actor, operatie.sleutel, vouwer), actor)
    newer = frozenset(operatie.act.secties.keys() - operatie.act.schema(e.versie).sections().keys())
    held = next(entry for entry in effective_entries(stappen) if entry.op == original.op)
    if HOEDANIGHEID not in newer and moves_circle(held, r):
        return quarantine(Code.REGEL_GESCHONDEN, MOVES)
    not_his = None
    if takes_over(operatie.act, held, r, actor, vouwer.rijen[operatie.sleutel].scopes):
        not_his = "Wie deelneemt en leidt, wijzigt wie dat vastlegde of coördineert."
    elif held.organisatie != r.organisatie and is_given_by_another(held, r.inhoud, kept=VELD in unseen | newer):
        not_his = "Een bronkenmerk wijzigt de organisatie die het gaf."
    if not_his is not None:
        return quarantine(Code.RECHT_ONTBREEKT, not_his)
    stap = replace(as_correction(r, original.op, e.basis, stappen, unseen, newer), reden=e.reden)
    if stap.status is Status.CONFLICT:
        # what may not be kept at all is not kept beside what holds either
        refused = refused_by_guard(operatie.sleutel, stap, r.inhoud, actor, vouwer) if operatie.act.ziet else None
        found = refused or conflict(Code.BASIS_GEWIJZIGD, stap)
    else:
        found = allow_correction(operatie.sleutel, stap, stap, (actor, actor), vouwer)
    return wait_if_fast(operatie.sleutel, original, found, vouwer)


def takes_over(act: Act, held: Registratie, r: Registratie, actor: Actor, scopes: frozenset[str]) -> bool:
    """Whether a correction of another's entry changes who takes part or leads, by somebody who does not coordinate."""
    before, after = held.inhoud.as_doc(), r.inhoud.as_doc()
    his = held.functionaris == actor.functionaris or scope(Bereik.COORDINATOR, actor.functionaris) in scopes
    return not his and any(before.get(name) != after.get(name) for name in act.leidt)


def moves_circle(held: Registratie, r: Registratie) -> bool:
    """Whether a correction says another capacity, so that others would read it. What was not known may be said."""
    return hasattr(r.inhoud, HOEDANIGHEID) and held.kring is not Kring.ONBEKEND and held.kring is not r.kring


def known_to(actor: Actor, key: Sleutel, vouwer: Vouwer) -> Gezien:
    """All parts of a document that `actor` can know of, at any door."""
    return seen_by(actor, AGGREGATEN[key.aggregaat].model.collectie, vouwer.rijen[key].scopes, None)


def unseen_fields(act: Act, original: Stap, known: Gezien, actor: Actor) -> frozenset[str]:
    """The fields of a payload (as on the wire) that who corrects it is not shown."""
    his = original.registratie.functionaris == actor.functionaris
    shown = known.delen | (known.eigen if his else frozenset())
    fields = act.inhoud.model_fields.items()
    return frozenset(info.alias or name for name, info in fields if deel_of(info, None) not in shown)


def judge_settlement(key: Sleutel, r: Registratie, actor: Actor, vouwer: Vouwer) -> Oordeel:
    """Whoever settles is shown the difference whole; both entries belong to the document, and it is open.

    Nobody settles for himself against another, nor takes a settlement in that does. The version chosen has to keep the
    rules of its act, as if its writer had corrected now.
    """
    stappen, doc = vouwer.historie[key], vouwer.doc(key) or {}
    collectie = AGGREGATEN[key.aggregaat].model.collectie
    by_op, named = {s.op: s for s in stappen}, {r.inhoud.keuze, r.inhoud.verworpen}
    if not vouwer.rijen[key].scopes & scopes_for(actor, f"{collectie}:zien") or not named <= by_op.keys():
        return UNKNOWN
    if not may_settle(actor, key, by_op[r.inhoud.keuze], vouwer):
        return quarantine(Code.RECHT_ONTBREEKT, "Wat hier verschilt ziet u niet: de coördinator beslist.")
    naast = next((each for each in AGGREGATEN[key.aggregaat].naast if named in each.pairs(doc)), None)
    if naast is None and named not in [*open_pairs(stappen)]:
        return quarantine(Code.REGEL_GESCHONDEN, "Dit verschil is al beoordeeld, of een van beide geldt niet meer.")
    stap, keuze = Stap(r, Status.ACCEPTED, reden=r.inhoud.reden), by_op[r.inhoud.keuze]
    writers = {str(s.registratie.functionaris) for s in at_stake(stappen, keuze, by_op[r.inhoud.verworpen])}
    chosen = by_op[tip_of(stappen, keuze.op)] if keuze.corrigeert is None else keuze
    his = str(chosen.registratie.functionaris) in actor.beslissers
    if his and not writers <= actor.beslissers:
        return quarantine(Code.REGEL_GESCHONDEN, "U kiest uw eigen versie boven die van een ander: dat doet een ander.")
    if keuze.status is Status.ACCEPTED and not (naast and naast.counts(doc, r.inhoud.verworpen)):
        return allow_refold(key, stap, actor, vouwer)
    original = by_op[r.inhoud.verworpen if naast else keuze.original]
    return judge_choice(key, (keuze, original), stap, actor, vouwer, his=his)


def may_settle(actor: Actor, key: Sleutel, keuze: Stap, vouwer: Vouwer) -> bool:
    """Whether the desk, or `actor`, is shown all that such an entry says, of every version."""
    known = known_to(actor.bureau or actor, key, vouwer).delen
    act = ACTEN[touched(vouwer.historie[key], keuze)]
    return Groep.BESLECHTEN in known or (Groep.VERSCHILLEN in known and known.issuperset(act.secties.values()))


def judge_choice(
    key: Sleutel, both: tuple[Stap, Stap], stap: Stap, actor: Actor, vouwer: Vouwer, *, his: bool
) -> Oordeel:
    """Whether `actor` may choose one version above the entry that holds; `his` says that he wrote it.

    What others rely on is changed by two people, and those who rely on it hear of it.
    """
    keuze, original = both
    struck = keuze.registratie.soort == DOORHALING
    raakt = tuple(vouwer.resting_on(key, original)) if ACTEN[original.registratie.soort].draagt else ()
    if his and (keuze.vast or stands_fast(key, original, vouwer)):
        return quarantine(Code.REGEL_GESCHONDEN, "Hier steunt een besluit op: een ander dan de schrijver beslist.")
    if ACTEN[original.registratie.soort].bevroren(vouwer.doc(key) or {}):
        return quarantine(Code.REGEL_GESCHONDEN, "Dit staat vast en is niet meer te wijzigen.")
    if struck or keuze.status is Status.ACCEPTED:
        found = allow_refold(key, stap, actor, vouwer)
    else:
        w = keuze.registratie
        writer = Actor(w.functionaris, w.roltoewijzing, w.rol, w.organisatie, frozenset(), bureau=actor)
        found = allow_correction(key, keuze, stap, (writer, actor), vouwer)
    return replace(found, raakt=raakt, gewijzigd=original.op) if found.stap is not None else found


def at_stake(stappen: list[Stap], one: Stap, other: Stap) -> list[Stap]:
    """The versions between which a settlement decides: all since the branch was made, or all of both starts."""
    branch = next((s for s in (one, other) if s.status is Status.CONFLICT), None)
    if branch is None:
        return [s for s in stappen if s.original in (one.op, other.op) and s.registratie.soort != DOORHALING]
    if branch.basis is None:
        return [one, other]
    since = next(n for n, s in enumerate(stappen) if s.op == branch.basis) + 1
    return [
        s
        for s in stappen[since:]
        if s.original == branch.original and (s.status is Status.ACCEPTED or s in (one, other))
    ]


def allow_correction(key: Sleutel, new: Stap, stap: Stap, wie: tuple[Actor, Actor], vouwer: Vouwer) -> Oordeel:
    """Whether the version `new` of an entry may hold, which `stap` brings about; `wie` wrote it, and who asks for it.

    The act's own rules are held against the document as it would stand without that entry: what could not be
    recorded cannot be reached by correcting either.
    """
    act, original, (writer, asker) = ACTEN[new.registratie.soort], new.original, wie
    inhoud = new.registratie.inhoud.keeping(new.behouden, tip_content(vouwer.historie[key], original))
    if new.behouden:  # what was given and what was kept have to make one whole
        try:
            act.read_sealed(inhoud.as_doc(), act.versie)
        except ValidationError:
            return quarantine(Code.REGEL_GESCHONDEN, "Dit past niet bij wat u hiervan niet ziet.")
    return refused_by_guard(key, new, inhoud, writer, vouwer) or allow_refold(key, stap, asker, vouwer)


def refused_by_guard(key: Sleutel, new: Stap, inhoud: Inhoud, writer: Actor, vouwer: Vouwer) -> Oordeel | None:
    """What the guard of an act says of a version of it, held against the document without that entry."""
    act, original = ACTEN[new.registratie.soort], new.original
    first = next(s.registratie for s in vouwer.historie[key] if s.op == original)
    r = replace(new.registratie, inhoud=inhoud, eerst_op=first.ontvangen_op, eerst_rol=first.rol)
    without = None if act.maakt == "altijd" else vouwer.folded_without(key, original)
    try:
        act.guard(without, r, vouwer.environment(act, r).all_around(), writer)
    except RegelGeschonden as problem:
        return broken(problem)
    return None


def tip_content(stappen: list[Stap], original: UUID) -> Inhoud:
    """What the version of an entry that holds says."""
    inhoud: Inhoud = next(r.inhoud for r in effective_entries(stappen) if r.op == original)
    return inhoud


def minted(operatie: Operatie, r: Registratie) -> dict[str, UUID]:
    """The ids that an entry mints inside the document it writes; others refer to them, so they stay."""
    assert operatie.act is not None  # noqa: S101
    minting = [key for key, kind in operatie.act.onderwerp.items() if kind is None]
    return {key: r.onderwerp[key] for key in minting if key in r.onderwerp}


def allow_refold(key: Sleutel, stap: Stap, asker: Actor, vouwer: Vouwer) -> Oordeel:
    """Refuse a change that would move a document: its municipality and its address key are its identity."""
    before, after = vouwer.doc(key), vouwer.folded_again(key, stap)
    aggregaat = AGGREGATEN[key.aggregaat]
    if before is not None and after is not None:
        pairs = [(before.get(name), after.get(name)) for name in aggregaat.blijft]
        moved = any(old and new and old != new for old, new in pairs)  # without new: what made it was struck
        if aggregaat.verplaatst is not None:
            moved |= aggregaat.verplaatst(before, after)
        if moved:
            return quarantine(Code.REGEL_GESCHONDEN, MOVES)
        try:
            aggregaat.toets(before, after, vouwer.around(), stap.registratie.ontvangen_datum)
            aggregaat.heel(after)
        except RegelGeschonden as problem:
            return broken(problem)
    if after is not None:
        if stap.registratie.soort != DOORHALING and is_taken(key, after, asker, vouwer):
            return TAKEN
        vouwer.check(key, after)
        countable(aggregaat, after)
    return Oordeel(Status.ACCEPTED, stap=stap)


def as_correction(
    r: Registratie, original: UUID, basis: UUID, stappen: list[Stap], unseen: frozenset[str], newer: frozenset[str]
) -> Stap:
    """A correction of the newest version holds; of an older one it is a branch, HARD where both changed a field.

    What its writer cannot see stays as it was unless he gives it anew, and never tells in the answer: whoever
    guesses does not hear whether he was right. So do the fields `newer` than his app.
    """
    ours = {name: value for name, value in r.inhoud.as_doc().items() if name not in newer}
    fields = type(r.inhoud).model_fields
    given = {fields[name].alias or name for name in r.inhoud.model_fields_set} - newer  # a default is not given
    kept = tuple(sorted((unseen | newer) & type(r.inhoud).sections().keys() - given))
    tip = tip_of(stappen, original)
    if tip == basis:
        return Stap(r, Status.ACCEPTED, corrigeert=original, basis=basis, behouden=kept)
    contents = {op: inhoud.as_doc() for op, inhoud in contents_of(stappen, original).items()}
    seen, theirs = contents.get(basis, {}), contents[tip]
    both = {
        name
        for name in {*seen, *theirs, *ours} - unseen - newer - WETTELIJK
        if theirs.get(name) != seen.get(name) and ours.get(name) != seen.get(name)
    }
    ernst = "hard" if both else "soft"
    return Stap(r, Status.CONFLICT, corrigeert=original, basis=basis, ernst=ernst, behouden=kept)
