"""Builds entries as the wire sends them, and folds them as the engine and `herbouw` do. No I/O."""

import copy
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest
from pydantic import ValidationError

from app.access.actor import Actor
from app.access.wet import SOORT_VAN_ROL
from app.problems import RegelGeschonden
from app.registraties.act import ANY_AGGREGAAT, EERDER, HOEDANIGHEID, ORGAAN, Doc, Omgeving, Registratie, Sleutel
from app.registraties.register import ACTEN, AGGREGATEN
from app.services.kluis.verzegelen import kring_of, wet_of
from app.vocabulary import Hoedanigheid, Kring, Rol, Sectie

HARDERWIJK = "GM0243"
ASKED = {
    soort: {
        **({HOEDANIGHEID: "toezicht"} if HOEDANIGHEID in act.secties else {}),
        **({ORGAAN: "burgemeester"} if ORGAAN in act.secties and act.aggregaat == "maatregel" else {}),
    }
    for soort, act in ACTEN.items()
}
"""What the law of an entry follows from, as a story says it unless it is about just that."""
_nummer = count(1)


def ident(naam: str) -> UUID:
    """The same id for the same name, always."""
    return uuid5(NAMESPACE_URL, naam)


def actor(naam: str, rol: Rol, organisatie: str = "harderwijk", gemeenten: Iterable[str] = (HARDERWIJK,)) -> Actor:
    """Somebody in one role."""
    soort = SOORT_VAN_ROL[rol]
    return Actor(
        ident(naam), ident(f"rol-{naam}"), rol, ident(organisatie), frozenset(gemeenten), organisatie_soort=soort
    )


BOA = actor("boa-1", Rol.BOA)
WIJKAGENT = actor("wijkagent-1", Rol.WIJKAGENT, "basisteam-vw")
PCT = actor("pct-1", Rol.PCT, "pct-oost")
REGISSEUR = actor("regisseur-1", Rol.REGISSEUR)
BURGEMEESTER = actor("burgemeester-1", Rol.BURGEMEESTER)
JURIST = actor("jurist-1", Rol.JURIST)
BEHEERDER = actor("beheerder-1", Rol.FUNCTIONEEL_BEHEERDER, "beheer", ())


def registratie(
    soort: str,
    inhoud: Doc | None = None,
    *,
    door: Actor = BOA,
    op: str = "2023-02-08T19:30:00+01:00",
    vlaggen: tuple[str, ...] = (),
    oefening: bool = False,
    ontvangen: str | None = None,
    **onderwerp: str | UUID,
) -> Registratie:
    """One entry; `inhoud` is given as JSON on the wire, an id of `onderwerp` as a name or a UUID.

    Where the payload asks for a capacity and none is given, it is toezicht; for an organ, the burgemeester. An app of
    before says `onbekend`, and None.
    """
    moment = datetime.fromisoformat(op)
    received = datetime.fromisoformat(ontvangen) if ontvangen else moment
    act, given = ACTEN[soort], dict(inhoud or {})
    given = ASKED[act.soort] | given
    unsaid = {HOEDANIGHEID: Hoedanigheid.ONBEKEND, ORGAAN: None}
    context = EERDER if any(given.get(name, "") == value for name, value in unsaid.items()) else None
    read = act.inhoud.model_validate_json(json.dumps(given), context=context)
    wet = wet_of(act, read, door, received) if act.aggregaat != ANY_AGGREGAAT else None
    return Registratie(
        op=ident(f"op-{next(_nummer)}"),
        soort=soort,
        onderwerp={key: ident(of) if isinstance(of, str) else of for key, of in onderwerp.items()},
        waargenomen_op=moment,
        inhoud=read,
        functionaris=door.functionaris,
        roltoewijzing=door.roltoewijzing,
        rol=door.rol,
        organisatie=door.organisatie,
        ontvangen_op=received,
        kring=kring_of(act, wet) if wet is not None else Kring.GEMEENTE,
        vlaggen=vlaggen,
        oefening=oefening,
    )


def omgeving(*docs: tuple[str, Doc], canoniek: UUID | None = None) -> Omgeving:
    """Other documents, each with the kind of aggregate it is."""
    return Omgeving({Sleutel(kind, UUID(doc["id"])): doc for kind, doc in docs}, canoniek)


LEEG = omgeving()


def vouw(reeks: Iterable[Registratie], om: Omgeving = LEEG, doc: Doc | None = None) -> Doc:
    """Fold `reeks`, after `doc` if given, and prove on the way that no fold changes what it was given."""
    for r in reeks:
        before = copy.deepcopy(doc)
        after = ACTEN[r.soort].apply(doc, r, om)
        assert doc == before, f"{r.soort} changes the document it was given"
        doc = after
    assert doc is not None, "nothing was folded"
    return doc


def afgeleid(aggregaat: str, doc: Doc) -> list[object]:
    """All that follows from a document: none of it may fail, whatever is left of the document."""
    kind = AGGREGATEN[aggregaat]
    followed = [
        kind.scopes(doc),
        kind.columns(doc),
        kind.facts(doc),
        kind.derive(doc) if kind.derive else None,
    ]
    json.dumps(doc, allow_nan=False)
    return followed


def bestand(aggregaat: str, reeks: Sequence[Registratie], om: Omgeving = LEEG) -> None:
    """Check that folding is total and repeatable.

    Step by step through stored JSON equals refolding at once; and whatever is struck out, in whatever
    order the rest arrives, nothing fails.
    """
    assert len(reeks) > 1, "a sequence of one shows nothing"
    stepwise: Doc | None = None
    for r in reeks:
        stepwise = json.loads(json.dumps(vouw([r], om, stepwise)))
    assert stepwise == vouw(reeks, om)
    for left_out in range(len(reeks)):
        rest = [*reeks[:left_out], *reeks[left_out + 1 :]]
        afgeleid(aggregaat, vouw(rest, om))
        afgeleid(aggregaat, vouw(reversed(rest), om))
    for r in reeks:
        afgeleid(aggregaat, vouw([r], om))
        afgeleid(aggregaat, vouw([r], Omgeving()))


def without(r: Registratie, gone: Sectie) -> Registratie:
    """The entry after `gone` was destroyed: its fields are as absent."""
    kind = type(r.inhoud)
    section_of = kind.sections()
    kept = {
        name: getattr(r.inhoud, name)
        for name, info in kind.model_fields.items()
        if section_of[info.alias or name] is not gone
    }
    return replace(r, inhoud=kind.model_construct(**kept))


def vernietigd(aggregaat: str, reeks: Sequence[Registratie], gone: Sectie, om: Omgeving = LEEG) -> Doc:
    """The document after `gone` was destroyed in every entry; nothing that follows from it fails."""
    doc = vouw([without(r, gone) for r in reeks], om)
    afgeleid(aggregaat, doc)
    return doc


def toegelaten(doc: Doc | None, r: Registratie, door: Actor, om: Omgeving = LEEG) -> None:
    """It is of the document, the guard lets it pass, and so does the law about the document as it then stands."""
    act = ACTEN[r.soort]
    AGGREGATEN[act.aggregaat].hoort(doc or {}, r.inhoud)
    act.guard(doc, r, om, door)
    AGGREGATEN[act.aggregaat].toets(doc or {}, act.apply(doc, r, om), om, r.ontvangen_datum)


def geweigerd(doc: Doc | None, r: Registratie, door: Actor, om: Omgeving = LEEG) -> str:
    """One of these refuses it; its sentence."""
    with pytest.raises(RegelGeschonden) as caught:
        toegelaten(doc, r, door, om)
    return caught.value.detail


def ongeldig(soort: str, inhoud: Doc) -> str:
    """The payload is refused by itself; what is said of it, which never repeats the input."""
    with pytest.raises(ValidationError) as caught:
        ACTEN[soort].inhoud.model_validate_json(json.dumps(ASKED[soort] | inhoud))
    return "; ".join(error["msg"] for error in caught.value.errors(include_input=False))
