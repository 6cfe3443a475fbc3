"""The entries about one document, and which of them hold: corrections, strikes, branches that nobody settled."""

from dataclasses import dataclass, replace
from uuid import UUID

from app.registraties.act import Doc, Registratie, iso
from app.registraties.register import ACTEN
from app.services.opdracht import DOORHALING
from app.vocabulary import Sectie, Status, Vlag

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


ABOUT = ("verschillen", "correcties")
"""What the engine itself adds to a document, beside what its acts fold."""


def effective_entries(stappen: list[Stap]) -> list[Registratie]:
    """The entries that hold, each with its newest accepted content.

    A correction takes the place of what it corrects, at the place of the original; a strike takes it out.
    """
    content: dict[UUID, Registratie] = {}
    for stap in stappen:
        r = stap.registratie
        if stap.status is Status.CONFLICT:
            continue
        if r.soort == DOORHALING:
            content.pop(r.inhoud.registratie, None)
        elif stap.corrigeert is None:
            content[r.op] = r
        elif stap.corrigeert in content:
            content[stap.corrigeert] = corrected(content[stap.corrigeert], r)
    return list(content.values())


def touched(stappen: list[Stap], stap: Stap) -> str:
    """The kind of entry that a correction or strike is about."""
    if stap.registratie.soort != DOORHALING:
        return stap.registratie.soort
    struck = stap.registratie.inhoud.registratie
    return next(s.registratie.soort for s in stappen if s.registratie.op == struck)


def told_about(stappen: list[Stap]) -> Doc:
    """Who corrected or struck what, when and why; and the differences about entries that still stand."""
    standing = {r.op for r in effective_entries(stappen)}
    open_ones = [difference(s) for s in stappen if s.status is Status.CONFLICT and s.corrigeert in standing]
    changes = [
        {
            "opId": str(s.registratie.op),
            "soort": s.registratie.soort,
            "registratie": str(s.corrigeert or s.registratie.inhoud.registratie),
            "door": s.registratie.door,
            "ontvangenOp": iso(s.registratie.ontvangen_op),
            "reden": s.reden,
        }
        for s in stappen
        if s.status is Status.ACCEPTED and (s.corrigeert is not None or s.registratie.soort == DOORHALING)
    ]
    return {"correcties": changes, **({"verschillen": open_ones} if open_ones else {})}


def difference(stap: Stap) -> Doc:
    """One correction that was made on an old version: shown beside what holds, until somebody decides."""
    r = stap.registratie
    return {
        "opId": str(r.op),
        "soort": r.soort,
        "corrigeert": str(stap.corrigeert),
        "basis": str(stap.basis),
        "ernst": stap.ernst,
        "door": r.door,
        "waargenomenOp": iso(r.waargenomen_op),
        "ontvangenOp": iso(r.ontvangen_op),
        "reden": stap.reden,
        "inhoud": open_part(r),
    }


def open_part(r: Registratie) -> Doc:
    """The payload without what only few may read: masks and folds keep that out of documents, so this does too."""
    of_field = ACTEN[r.soort].secties
    return {name: value for name, value in r.inhoud.as_doc().items() if of_field[name] not in RESTRICTED}


def corrected(old: Registratie, r: Registratie) -> Registratie:
    """`old` with all that its correction `r` replaces. Whether it came late is about the original."""
    late = [vlag for vlag in old.vlaggen if vlag == Vlag.NAGEKOMEN]
    return replace(
        old,
        onderwerp=r.onderwerp,
        inhoud=r.inhoud,
        waargenomen_op=r.waargenomen_op,
        vlaggen=(*r.vlaggen, *late),
        correctie=r.op,
    )


def tip_of(stappen: list[Stap], original: UUID) -> UUID:
    """The newest accepted version of an entry: itself, or the last correction that held."""
    tip = original
    members = {original}
    for stap in stappen:
        if stap.corrigeert in members and stap.status is Status.ACCEPTED:
            tip = stap.registratie.op
            members.add(tip)
    return tip
