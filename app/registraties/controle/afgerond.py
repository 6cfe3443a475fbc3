"""Closing a controle with what it concluded. Afterwards things are added, never changed."""

from datetime import datetime
from itertools import starmap
from operator import itemgetter
from typing import Annotated, Any, Literal, Self
from uuid import NAMESPACE_OID, UUID, uuid5

from pydantic import Field, model_validator

from app.access.actor import Actor
from app.problems import Onjuist
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Versie, refuse
from app.registraties.controle.overtreding import EigenOvertreding, check_concludes, check_overtreding
from app.registraties.controle.stand import changed, known_ids, stamp
from app.registraties.model import Model
from app.registraties.velden import GezegdeHoedanigheid, unsaid
from app.registraties.weigeringen import NogNiet
from app.vocabulary import OvertredingSoort, Sectie, Vlag

AFRONDING = "controle.afgerond"
ZEGT_NIETS = "Noem de overtredingen, of de uitkomst niet_vastgesteld."
ALLE, MEESTE = "alle", 50
_PLAATS = [uuid5(NAMESPACE_OID, f"overtreding {n}") for n in range(MEESTE)]
"""What an app of before concluded has no id: in the payload one that says its place, in the document one of its own."""


class Overtreding1(Model):
    """Version 1 of an overtreding: of whom, or of all that were found until then, in whatever rol."""

    soort: OvertredingSoort
    personen: Literal["alle"] | Annotated[tuple[UUID, ...], Field(min_length=1)]
    bevindingen: tuple[UUID, ...] = ()


class ControleAfgerond1(Inhoud):
    """Version 1. Shipped with the first app."""

    overtredingen: Annotated[
        Annotated[tuple[Overtreding1, ...], Field(min_length=1, max_length=50)] | None, Sectie.ZAAK
    ] = None
    uitkomst: Annotated[Literal["niet_vastgesteld"] | None, Sectie.ZAAK] = None

    @model_validator(mode="after")
    def concludes_one_way(self) -> Self:
        """Something or nothing."""
        if (self.overtredingen is None) == (self.uitkomst is None):
            raise Onjuist("noem de overtredingen, of de uitkomst niet_vastgesteld")
        return self


class ControleAfgerond(Inhoud):
    """Welke overtredingen zijn vastgesteld naast die al zijn vastgelegd, of dat er geen is vastgesteld."""

    overtredingen: Annotated[
        Annotated[tuple[EigenOvertreding, ...], Field(min_length=1, max_length=MEESTE)] | None, Sectie.ZAAK
    ] = None
    uitkomst: Annotated[Literal["niet_vastgesteld"] | None, Sectie.ZAAK] = None
    hoedanigheid: Annotated[GezegdeHoedanigheid, Sectie.ZAAK]

    @model_validator(mode="after")
    def concludes_one_way(self) -> Self:
        """Something or nothing; what was concluded before it was closed needs no word here."""
        if self.overtredingen is not None and self.uitkomst is not None:
            raise Onjuist("noem de overtredingen, of de uitkomst niet_vastgesteld")
        ids = [each.id for each in self.overtredingen or ()]
        if len(set(ids)) < len(ids):
            raise Onjuist("geef elke overtreding een eigen id")
        return self


def from_1(inhoud: Doc) -> Doc:
    """Version 1 as version 2: `alle` counts whoever is found, a list counts these."""
    if inhoud.get("overtredingen") is None:
        return unsaid(inhoud)
    return unsaid({**inhoud, "overtredingen": [*starmap(_overtreding_from_1, enumerate(inhoud["overtredingen"]))]})


def _overtreding_from_1(n: int, given: Doc) -> Doc:
    named: Any = given["personen"]
    alleen = {} if named == ALLE else {"alleen": named}
    return {"id": str(_PLAATS[n]), "soort": given["soort"], "bevindingen": given.get("bevindingen", []), **alleen}


def guard(doc: Doc | None, r: Registratie, omgeving: Omgeving, actor: Actor) -> None:
    """It was started; it is closed by who did it; what it concludes was recorded before.

    What was concluded before it closed may still be on its way: an end that says nothing itself waits for it. Of two
    who each closed it on their phone neither is refused.
    """
    doc = doc or {}
    if "begonnenOp" not in doc:
        raise NogNiet("Deze controle is nog niet gestart.")
    typed = actor.toestel is None and actor.bureau is None and Vlag.UIT_QUARANTAINE not in r.vlaggen
    if typed and "eindeOp" in doc:
        refuse("Deze controle is al afgerond.")
    if typed and r.waargenomen_op < datetime.fromisoformat(doc["begonnenOp"]):
        refuse("Het einde ligt voor het begin van de controle.")
    if any(each["over"] == AFRONDING for each in doc.get("beslecht", ())):
        refuse("Over de afronding is al beslist. Corrigeer haar, als zij niet klopt.")
    check_concludes(doc, actor)
    before = known_ids(doc, "overtredingen", oefening=r.oefening)
    if r.inhoud.overtredingen is None and r.inhoud.uitkomst is None and not before:
        raise NogNiet(ZEGT_NIETS, artikel="Awb 3:46", reden=ZEGT_NIETS, watNu="Stel eerst de overtreding vast.")
    for overtreding in r.inhoud.overtredingen or ():
        if str(overtreding.id) in known_ids(doc, "overtredingen"):
            refuse("Dit is bij deze controle al vastgelegd.")
        check_overtreding(doc, r, overtreding, omgeving, actor, eerder=r.versie == 1)


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The end, and what it concluded beside what was concluded before.

    Of several the earliest says when it ended, in whatever order they come. What each of them concluded stands, until
    somebody decides: one that concluded otherwise than the earliest that concluded anything is kept beside that as an
    unsettled difference (ontwerp/sync.md, "Order").
    """
    old, given = doc or {}, r.inhoud.as_doc()
    known = known_ids(old, "overtredingen")
    own = [
        {**each, "id": str(uuid5(r.op, str(n))) if each["id"] == str(_PLAATS[n]) else each["id"], **stamp(r)}
        for n, each in enumerate(given.get("overtredingen", ()))
    ]
    concluded = [*old.get("overtredingen", ()), *(each for each in own if each["id"] not in known)]
    ends = [*_ends(old), {**_outcome(given), "overtredingen": [each["id"] for each in own], **stamp(r)}]
    today = r.ontvangen_datum.isoformat()
    kept = {name: value for name, value in old.items() if name not in {"uitkomst", "eindeVerschillen"}}
    new = {**kept, "overtredingen": concluded, "_einden": ends}
    heard = {"_afgerondOntvangen": min(today, old.get("_afgerondOntvangen", today))}
    return changed({**new, **_ended(new), **heard}, r, {})


def _outcome(doc: Doc) -> Doc:
    return {"uitkomst": doc["uitkomst"]} if "uitkomst" in doc else {}


def _ends(doc: Doc) -> list[Doc]:
    """Each end with what it concluded; of before there could be more than one, that one."""
    known: list[Doc] = doc.get("_einden", [])
    if known or "afronding" not in doc:
        return known
    own = [each["id"] for each in doc.get("overtredingen", ()) if each["op"] == doc["afronding"]["op"]]
    return [{**_outcome(doc), "overtredingen": own, **doc["afronding"]}]


def _ended(doc: Doc) -> Doc:
    """The end of a controle, by all that closed it; none that is practice, where one is not."""
    whole, ends = doc.get("oefening", False), doc["_einden"]
    real = [end for end in ends if end.get("oefening", False) is whole] or ends
    real = sorted(real, key=itemgetter("waargenomenOp", "op"))
    conclude = [end for end in real if "uitkomst" in end or end["overtredingen"]]
    first = next(iter(conclude), real[0])
    beside = [end for end in conclude if _conclusion(doc, end) != _conclusion(doc, first)]
    return {
        **next((_outcome(end) for end in real if "uitkomst" in end), {}),
        "eindeOp": real[0]["waargenomenOp"],
        "afronding": {name: value for name, value in first.items() if name not in {"uitkomst", "overtredingen"}},
        **({"eindeVerschillen": beside} if beside else {}),
    }


def _conclusion(doc: Doc, end: Doc) -> tuple[Doc, set[tuple[Any, ...]]]:
    """What an end says: that nothing was, or which overtredingen, of whom or how many. The proof may differ."""
    own = (each for each in doc["overtredingen"] if each["id"] in end["overtredingen"])
    return _outcome(end), {(each["soort"], *sorted(each.get("alleen", ())), each.get("aantal")) for each in own}


ACT = Act(
    soort=AFRONDING,
    inhoud=ControleAfgerond,
    aggregaat="controle",
    permissie="controle:afronden",
    titel="Een controle afronden.",
    pad="/controles/{controle}/afronding",
    onderwerp={"controle": "controle"},
    ziet=frozenset({"grondslagbijzonder"}),
    guard=guard,
    draagt=True,
    sluit=True,
    fold=fold,
    eerdere=(
        Versie(
            ControleAfgerond1,
            from_1,
            "Elke overtreding heeft een `id` en telt de gevonden sekswerkers, tenzij zij `alleen` sommigen of een"
            " `aantal` noemt; `personen` is weg. `hoedanigheid` zegt in welke hoedanigheid dit is vastgelegd; zonder is"
            " het van de politie besloten.",
        ),
    ),
)
