"""Een controle: één bezoek aan een locatie, gepland, uitgevoerd en afgerond."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from app.access.bereik import Bereik, scope
from app.access.wet import Taak
from app.models.keten import Attendering, Controle
from app.registraties.act import (
    HOEDANIGHEID,
    Aggregaat,
    Doc,
    Feit,
    Ligt,
    Naast,
    Registratie,
    Termijn,
    deelnemer,
    gebied,
    refuse,
)
from app.registraties.controle import document
from app.registraties.controle.gestart import ACT as START
from app.registraties.controle.stand import team_sees, team_until, theme
from app.registraties.controle.tellen import (
    found,
    found_what,
    help_by_kind,
    in_illegal_prostitution,
    offered_help,
    was_helped,
)
from app.registraties.controle.telling_vastgelegd import ACT as TELLING
from app.registraties.controle.telling_vastgelegd import is_older
from app.registraties.kringen import place_shut_in, read_by, shut_in
from app.vocabulary import Hoedanigheid, Kring, Vlag


def scopes(doc: Doc) -> set[str]:
    """Participants, writers and initiator; the regisseur; once started the municipality's administration.

    With anything in another capacity than toezicht, or at a place that was recorded in another, the administration
    reads none of it, not even the regisseur (ontwerp/domein.md, "Capacity and law").
    """
    takes_part = {deelnemer(wie["functionaris"]) for wie in doc.get("deelnemers", ())}
    wrote = {deelnemer(wie) for wie in doc.get("_schrijvers", ())}
    initiated = {scope(Bereik.ORGANISATIE, doc["initiatief"])} if "initiatief" in doc else set()
    return takes_part | wrote | initiated | _team(doc) | _open_to(doc)


def _team(doc: Doc) -> set[str]:
    """Who takes part and who leads, as long as the period runs in which each sees the work of the others."""
    if not team_sees(doc):
        return set()
    leads = {scope(Bereik.COORDINATOR, doc["coordinator"])} if "coordinator" in doc else set()
    return leads | {scope(Bereik.TEAM, wie["functionaris"]) for wie in doc.get("deelnemers", ())}


def _open_to(doc: Doc) -> set[str]:
    """Who knows of it without taking part."""
    if "gemeente" not in doc:
        return set()
    told = {scope(Bereik.ATTENDERING, doc["gemeente"])}
    if kringen := closed(doc):
        colleagues = scope(Bereik.OPSPORING, doc["gemeente"])
        return told | read_by(kringen, doc["gemeente"]) - (set() if "begonnenOp" in doc else {colleagues})
    told |= {scope(Bereik.ZORG, doc["gemeente"])} if was_helped(doc) else set()
    return told | gebied(doc) | ({scope(Bereik.GEMEENTE, doc["gemeente"])} if "begonnenOp" in doc else set())


def closed(doc: Doc) -> set[Kring]:
    """The circles that it is shut in: by all that was recorded about it, and by its place.

    Of an older place it may be unknown; then who held the controle said it. Whether he did, its start says.
    """
    unsaid = {Kring.ONBEKEND} if doc.get(HOEDANIGHEID) == Hoedanigheid.ONBEKEND else set()
    return shut_in(doc) | (place_shut_in(doc) - {Kring.ONBEKEND}) | unsaid


def wet(_inhoud: Any) -> Taak:
    """Work at the door."""
    return Taak.DEUR


def columns(doc: Doc) -> dict[str, Any]:
    """What lists and joins use."""
    return {
        "status": doc["status"],
        "thema": theme(doc),
        "locatie": UUID(doc["locatie"]) if "locatie" in doc else None,
        "team_tot_en_met": team_until(doc) if team_sees(doc) else None,
    }


def facts(doc: Doc) -> list[Feit]:
    """A controle that was started, and whom it found, in figures; all on the local date of the start.

    Of one that is shut only that it was there, as the attendering says.
    """
    if not doc.get("_telt") or "gemeente" not in doc:
        return []
    if closed(doc):
        return [Feit("controle", doc["gemeente"], doc["datum"])]
    counted = {
        ("persoon", ""): found(doc),
        ("illegale_prostitutie", ""): in_illegal_prostitution(doc),
        ("hulp_aangeboden", ""): offered_help(doc),
        **{("hulp_soort", soort): aantal for soort, aantal in (help_by_kind(doc) or {}).items()},
        **{("bevinding", code): 1 for code in found_what(doc)},
    }
    gemeente, datum = doc["gemeente"], doc["datum"]
    locatie, thema = UUID(doc["locatie"]), theme(doc) or ""
    visit = Feit("controle", gemeente, datum, kenmerk=doc.get("locatieSoort", ""), locatie=locatie, thema=thema)
    return [
        visit,
        *(
            Feit(what, gemeente, datum, aantal, 0, kenmerk, locatie, thema)
            for (what, kenmerk), aantal in counted.items()
            if aantal
        ),
    ]


def attendering(doc: Doc) -> tuple[Doc, set[str]]:
    """What the regisseur is told of every controle: that it is there. Where and what, the controle says."""
    told: Doc = {key: doc[key] for key in ("gemeente", "status", "begonnenOp", "oefening") if key in doc}
    first = doc.get("planning", doc.get("start"))
    return {
        "id": doc["id"],
        "controle": doc["id"],
        **told,
        "aangemaakt": "planning" if "planning" in doc else "eerste_vastlegging",
        **({"aangemaaktOp": first["waargenomenOp"]} if first is not None else {}),
        "gezienDoor": doc.get("_gezien", []),
    }, gebied(doc)


def remark(doc: Doc, r: Registratie) -> Iterator[Vlag]:
    """What is added once it ended was seen before, and told after; who began it may not have heard it was called off.

    What the officer at the door did is never refused for that. Nor a count older than the one of his that holds.
    """
    if doc.get("status") == "afgerond":
        yield Vlag.NAGEKOMEN
    if doc.get("status") == "afgelast" and r.soort == START.soort:
        yield Vlag.NA_AFGELASTING
    if r.soort == TELLING.soort and is_older(doc, r):
        yield Vlag.TELT_NIET


def remains(doc: Doc) -> Doc:
    """That there was a controle never disappears for whoever must know of every one."""
    kept: Doc = {key: doc[key] for key in ("id", "gemeente", HOEDANIGHEID, "_kringen") if key in doc}
    return {**kept, "status": "doorgehaald", "_gezien": doc.get("_gezien", [])}


def heel(after: Doc) -> None:
    """An end goes on saying something: whoever strikes what it said corrects it first."""
    if "eindeOp" in after and not after.get("overtredingen") and "uitkomst" not in after:
        refuse("Dan zegt de afronding niets meer: corrigeer eerst de afronding.")


AGGREGAAT = Aggregaat(
    "controle",
    Controle,
    document.Controle,
    scopes,
    wet,
    columns,
    facts,
    derived=Attendering,
    derived_document=document.Attendering,
    derive=attendering,
    rest=remains,
    bijlagen=True,
    heel=heel,
    oefening_in=("afronding",),
    ligt=Ligt("locatie"),
    leider="coordinator",
    naast=(Naast("startVerschillen", "start"), Naast("eindeVerschillen", "afronding", telt=True)),
    opmerking=remark,
    termijn=Termijn("inzage.verlopen", "team_tot_en_met", ("afronding", "afgelasting")),
    mee=(HOEDANIGHEID,),
)
