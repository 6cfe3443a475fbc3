"""Receipts: what the writer hears, and the desk sees, of an entry that was not simply accepted."""

from collections.abc import Collection
from typing import Any

from app.access.actor import Actor
from app.access.bereik import Bereik
from app.access.wet import BESLOTEN, BUREAU, Wet
from app.access.zicht import kinds_shown
from app.registraties.act import Act, Doc
from app.registraties.kern import VERBERGT
from app.registraties.register import ACTEN, AGGREGATEN
from app.services.boeken.oordeel import Waarom
from app.services.kluis.operatie import Operatie
from app.vocabulary import Kring, Sectie

PERSONAL = frozenset({Sectie.PERSOON, Sectie.HULP})
TEAMS = frozenset(a.naam for a in AGGREGATEN.values() if Bereik.TEAM in kinds_shown(a.model.collectie))
"""Kinds of document that a team works on: what is in quarantine of persons and help is for its coördinator, or PCT."""


def is_told(operatie: Operatie, vlaggen: Collection[str]) -> bool:
    """Whether its writer hears what was odd about an entry that holds: not if his device is to forget it."""
    act = operatie.act
    return bool(vlaggen) and act is not None and not act.van_server and act.soort not in VERBERGT


def why_of(operatie: Operatie, waarom: Waarom) -> Doc:
    """Why, without which fields are wrong where its writer's device is to forget what he sent."""
    return (waarom._replace(fouten=()) if operatie.soort in VERBERGT else waarom).as_doc()


def told_to(operatie: Operatie, wet: Wet | None, doc: Doc | None, actor: Actor) -> dict[str, Any]:
    """What a verdict that is not plain acceptance says for its receipt: the kind, where, and who may look."""
    known = operatie.soort if operatie.soort in ACTEN else None
    places: set[Any] = {(doc or {}).get("gemeente"), getattr(operatie.inhoud, "gemeente", None)} - {None}
    circle = circle_of(operatie.act, wet, doc, actor)
    told: dict[str, Any] = {"soort": known, "gemeenten": sorted(actor.gemeenten or places), "inzage": circle.value}
    leider = AGGREGATEN[operatie.act.aggregaat].leider if operatie.act is not None else None
    leads = (doc or {}).get(leider) if leider is not None else None
    return told | ({"coordinator": leads} if leads and circle is Bereik.TEAM else {})


def circle_of(act: Act | None, wet: Wet | None, doc: Doc | None, actor: Actor) -> Bereik:
    """Who may look at an operation that is in quarantine, as the kind of scope that opens it.

    Nobody can know what is in what cannot be read, so the fewest may. Of the police is also what a police officer
    recorded about something unknown here: in which capacity he was there is not known either.
    """
    if act is None or wet is None or wet.kring is Kring.MENSENHANDEL:
        return Bereik.MENSENHANDEL
    if wet.kring is Kring.BEHEER:
        return Bereik.BEHEER
    if doc is not None and "_inzage" in doc:  # a decision about something in quarantine is for the same circle
        return Bereik(doc["_inzage"])
    if actor.politie and doc is None and act.maakt == "nooit":
        return Bereik.POLITIE
    scopes = AGGREGATEN[act.aggregaat].scopes(doc) if doc is not None else ()
    for bereik in BESLOTEN.values():  # what is said of a document tells what it says
        if any(of.startswith(f"{bereik}:") for of in scopes):
            return bereik
    desk = BUREAU[wet.kring]
    personal = desk is Bereik.GEMEENTE and act.aggregaat in TEAMS and PERSONAL & {*act.secties.values()}
    return Bereik.TEAM if personal else desk
