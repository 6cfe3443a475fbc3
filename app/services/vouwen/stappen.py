"""The entries about one document, and which of them hold: corrections, strikes, differences settled or not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from app.registraties.act import HOEDANIGHEID, Doc, Registratie, Sleutel, iso
from app.registraties.kern import BEOORDELING, DOORHALING, bind_act
from app.registraties.register import ACTEN
from app.vocabulary import POLITIEROLLEN, Code, Hoedanigheid, Kring, Sectie, Status, Vlag

NU = 2**62
"""Stands for the position of what is being booked: behind all that was booked."""
RESTRICTED = frozenset({Sectie.MELDER, Sectie.MENSENHANDEL})


@dataclass(frozen=True, slots=True)
class Stap:
    """One entry about a document: enough to fold the document again."""

    registratie: Registratie
    status: Status
    corrigeert: UUID | None = None
    basis: UUID | None = None
    ernst: str | None = None
    reden: str | None = None
    behouden: tuple[str, ...] = ()
    """Fields (as on the wire) that a correction leaves as they were: its writer could not see them."""
    via: UUID | None = None
    """The decision that took it in from quarantine, at whose place it stands."""
    plaats: int = NU
    """The position at which it holds: its own, or that of the decision that took it in."""
    vast: bool = False
    """Whether what it changes stood fast: it waits for a second person."""

    @property
    def op(self) -> UUID:
        """The entry."""
        return self.registratie.op

    @property
    def original(self) -> UUID:
        """The entry that this is a version of, or that it strikes: itself, unless it changes another."""
        if self.registratie.soort == DOORHALING:
            struck: UUID = self.registratie.inhoud.registratie
            return struck
        return self.corrigeert or self.op


def is_change(stap: Stap) -> bool:
    """Whether an entry makes its document fold again from the start."""
    return stap.corrigeert is not None or ACTEN[stap.registratie.soort].herziet


def target(stap: Stap) -> Sleutel:
    """The document that an entry writes."""
    r = stap.registratie
    act = bind_act(ACTEN[r.soort], r.onderwerp)
    return Sleutel(act.aggregaat, r.onderwerp[act.aggregaat])


ABOUT = ("verschillen", "correcties", "beslecht")
"""What the engine itself adds to a document, beside what its acts fold."""


def effective_entries(stappen: list[Stap]) -> list[Registratie]:
    """The entries that hold, each with its newest accepted content.

    A correction takes the place of what it corrects, at the place of the original; so does a branch that was
    chosen. A strike takes an entry out, and so does choosing another entry instead, as long as that one stands.
    """
    content: dict[UUID, Registratie] = {}
    by_op, gone = {s.op: s for s in stappen}, struck(stappen)
    for stap in stappen:
        r = stap.registratie
        if stap.status is Status.CONFLICT:
            continue
        if r.soort == DOORHALING:
            content.pop(r.inhoud.registratie, None)
        elif r.soort == BEOORDELING:
            if r.inhoud.keuze not in gone:
                content = settled(content, by_op[r.inhoud.keuze], by_op[r.inhoud.verworpen])
        elif stap.corrigeert is None:
            content[r.op] = r
        elif stap.corrigeert in content:
            content[stap.corrigeert] = corrected(content[stap.corrigeert], stap)
    return in_order(list(content.values()))


def earliest(r: Registratie) -> tuple[datetime, UUID]:
    """Which of several entries of a kind holds where the earliest does: the least."""
    return r.waargenomen_op, r.op


def in_order(entries: list[Registratie]) -> list[Registratie]:
    """The entries, of each kind of which the earliest holds in the order of their moments, in their own places."""
    for soort in {r.soort for r in entries if ACTEN[r.soort].vroegste}:
        places = [n for n, r in enumerate(entries) if r.soort == soort]
        for n, r in zip(places, sorted((entries[n] for n in places), key=earliest), strict=True):
            entries[n] = r
    return entries


def settled(content: dict[UUID, Registratie], keuze: Stap, verworpen: Stap) -> dict[UUID, Registratie]:
    """The entries that hold once `keuze` was chosen. A branch that was set aside never held."""
    if keuze.status is Status.CONFLICT and keuze.registratie.soort == DOORHALING:
        return {op: r for op, r in content.items() if op != keuze.original}
    if keuze.status is Status.CONFLICT:
        original = content.get(keuze.original)
        return content if original is None else {**content, keuze.original: corrected(original, keuze)}
    return {op: r for op, r in content.items() if op != verworpen.op}


def struck(stappen: list[Stap]) -> set[UUID]:
    """The entries that were struck: at once, or by who chose the strike of something that stood fast."""
    chosen = {s.registratie.inhoud.keuze for s in settlements(stappen)}
    strikes = (s for s in stappen if s.registratie.soort == DOORHALING)
    return {s.original for s in strikes if s.status is Status.ACCEPTED or s.op in chosen}


def settlements(stappen: list[Stap]) -> list[Stap]:
    """The differences that were settled."""
    return [s for s in stappen if s.registratie.soort == BEOORDELING]


def touched(stappen: list[Stap], stap: Stap) -> str:
    """The kind of entry that a correction, strike or settlement is about."""
    inhoud, soort = stap.registratie.inhoud, stap.registratie.soort
    about = {DOORHALING: "registratie", BEOORDELING: "keuze"}.get(soort)
    if about is None:
        return soort
    found = next(s for s in stappen if s.op == getattr(inhoud, about))
    return touched(stappen, found) if found.registratie.soort == DOORHALING else found.registratie.soort


def open_branches(stappen: list[Stap]) -> list[Stap]:
    """Changes on an old version, or of what stood fast, that nobody settled, about entries that still stand."""
    standing = {r.op for r in effective_entries(stappen)}
    closed = settled_ops(stappen)
    return [s for s in stappen if s.status is Status.CONFLICT and s.original in standing and s.op not in closed]


def open_pairs(stappen: list[Stap]) -> Iterator[frozenset[UUID]]:
    """Each change that waits to be settled, as the two entries it is between."""
    for branch in open_branches(stappen):
        yield frozenset({branch.op, tip_of(stappen, branch.original)})


def told_about(stappen: list[Stap]) -> Doc:
    """Who corrected, struck or settled what, when and why; and the differences that are still open."""
    open_ones = [difference(s, stappen) for s in open_branches(stappen)]
    changes = [
        {
            "opId": str(s.op),
            "soort": s.registratie.soort,
            "over": touched(stappen, s),
            "registratie": str(s.corrigeert or s.registratie.inhoud.registratie),
            "door": s.registratie.door,
            "ontvangenOp": iso(s.registratie.ontvangen_op),
            "reden": s.reden,
        }
        for s in stappen
        if s.status is Status.ACCEPTED and (s.corrigeert is not None or s.registratie.soort == DOORHALING)
    ]
    decided = [settlement(s, stappen) for s in settlements(stappen)]
    found = {"correcties": changes, "verschillen": open_ones, "beslecht": decided}
    return {name: told for name, told in found.items() if told or name == "correcties"}


def difference(stap: Stap, stappen: list[Stap]) -> Doc:
    """One change on an old version, or of what stood fast: shown beside what holds, until somebody decides."""
    about = {"corrigeert": str(stap.corrigeert), "basis": str(stap.basis)} if stap.corrigeert else {}
    return {
        **version(stap),
        "over": touched(stappen, stap),
        **about,
        "geldt": str(tip_of(stappen, stap.original)),
        "ernst": stap.ernst,
        "reden": stap.reden,
        **({"code": Code.STAAT_VAST.value} if stap.vast else {}),
    }


def settlement(stap: Stap, stappen: list[Stap]) -> Doc:
    """Who decided that which version holds, and both versions; without the content of what was struck since."""
    gone, inhoud = struck(stappen), stap.registratie.inhoud
    both = {name: next(s for s in stappen if s.op == getattr(inhoud, name)) for name in ("keuze", "verworpen")}
    return {
        "opId": str(stap.op),
        "over": touched(stappen, stap),
        "door": stap.registratie.door,
        "ontvangenOp": iso(stap.registratie.ontvangen_op),
        "reden": stap.reden,
        **{name: version(s, shown=s.original not in gone) for name, s in both.items()},
    }


def version(stap: Stap, *, shown: bool = True) -> Doc:
    """One version of an entry: who recorded it and when, and what it says unless it is not `shown`."""
    r = stap.registratie
    return {
        "opId": str(r.op),
        "soort": r.soort,
        "door": r.door,
        "waargenomenOp": iso(r.waargenomen_op),
        "ontvangenOp": iso(r.ontvangen_op),
        **({"inhoud": open_part(r)} if shown else {}),
    }


def stand_of(stap: Stap, stappen: list[Stap]) -> str:
    """How a version of an entry stands among the others: what each of them is to whoever reads them all."""
    if stap.original in struck(stappen):
        return "doorgehaald"
    if stap in open_branches(stappen):
        return "verschil"
    if stap.op in {r.inhoud_op for r in effective_entries(stappen)}:
        return "geldt"
    rejected = {s.registratie.inhoud.verworpen for s in settlements(stappen)}
    return "verworpen" if stap.op in rejected else "vervangen"


def open_part(r: Registratie) -> Doc:
    """The payload without what only few may read: masks and folds keep that out of documents, so this does too."""
    of_field, given = ACTEN[r.soort].secties, r.inhoud.as_doc()
    if given.get(HOEDANIGHEID) == Hoedanigheid.ONBEKEND:
        del given[HOEDANIGHEID]  # nobody said it
    return {name: value for name, value in given.items() if of_field[name] not in RESTRICTED}


def corrected(old: Registratie, stap: Stap) -> Registratie:
    """`old` with all that its correction replaces. What was odd about the document then is about the original.

    A file that was promised stays promised: a correction may add to the evidence, not take it away.
    """
    r = stap.registratie
    odd = [vlag for vlag in old.vlaggen if vlag in {Vlag.NAGEKOMEN, Vlag.NA_AFGELASTING}]
    return replace(
        old,
        kring=kring_after(old, stap),
        onderwerp=r.onderwerp,
        inhoud=r.inhoud.keeping(stap.behouden, old.inhoud) if stap.behouden else r.inhoud,
        waargenomen_op=r.waargenomen_op,
        bijlagen=(*old.bijlagen, *r.bijlagen),
        vlaggen=(*r.vlaggen, *odd),
        correctie=r.op,
    )


def kring_after(old: Registratie, stap: Stap) -> Kring:
    """Who may read a corrected entry: only the police say in which capacity one of theirs was."""
    theirs = stap.registratie.rol in POLITIEROLLEN
    keeps = HOEDANIGHEID in stap.behouden or (old.kring is Kring.ONBEKEND and not theirs)
    return old.kring if keeps else stap.registratie.kring


def shut_by(stappen: list[Stap]) -> set[Kring]:
    """The circles of the versions that stand beside those that hold: their content is shown there."""
    gone = struck(stappen)
    shown = [*open_branches(stappen), *(s for s in stappen if s.op in settled_ops(stappen))]
    return {s.registratie.kring for s in shown if s.original not in gone}


def settled_ops(stappen: list[Stap]) -> set[UUID]:
    """The entries between which somebody decided."""
    return {op for s in settlements(stappen) for op in (s.registratie.inhoud.keuze, s.registratie.inhoud.verworpen)}


def tip_of(stappen: list[Stap], original: UUID) -> UUID:
    """The newest version of an entry that holds: itself, the last correction, or a branch that was chosen."""
    tip, branches = original, {s.op for s in stappen if s.status is Status.CONFLICT and s.corrigeert == original}
    for stap in stappen:
        if stap.corrigeert == original and stap.status is Status.ACCEPTED:
            tip = stap.op
        elif stap.registratie.soort == BEOORDELING and stap.registratie.inhoud.keuze in branches:
            tip = stap.registratie.inhoud.keuze
    return tip


def contents_of(stappen: list[Stap], original: UUID) -> dict[UUID, Any]:
    """The payload of each version of an entry, whole: with what its writer could not see as it was."""
    found = {s.op: s.registratie.inhoud for s in stappen if s.op == original}
    for stap in stappen:
        if stap.corrigeert == original:
            older = found[stap.basis] if stap.basis in found else found[original]
            found[stap.op] = stap.registratie.inhoud.keeping(stap.behouden, older)
    return found
