"""Starting a controle at the door: how they came, what happened, whether they entered."""

from enum import StrEnum
from operator import itemgetter
from typing import Annotated, Self
from uuid import UUID

from pydantic import model_validator

from app.access.actor import Actor
from app.problems import Onjuist
from app.registraties.act import (
    HOEDANIGHEID,
    Act,
    Doc,
    Inhoud,
    KorteTekst,
    Omgeving,
    Registratie,
    Versie,
    iso,
    refuse,
)
from app.registraties.controle.afspraken import (
    LEIDT,
    THEMA,
    Aanleidingen,
    Deelnemers,
    Taak,
    named,
    require_takes_part,
)
from app.registraties.controle.binnentreden import Binnentreden, Binnentredingswijze
from app.registraties.controle.stand import changed, place, stamp
from app.registraties.kringen import shut_in
from app.registraties.model import Model
from app.registraties.telt import counts
from app.registraties.velden import ANDERS, GezegdeHoedanigheid, Moment, as_it_was, capacity, said, shown, unsaid
from app.registraties.weigeringen import weiger
from app.vocabulary import Bewoond, Hoedanigheid, Kring, Sectie, Situatie, Thema, Vlag


class Benadering(StrEnum):
    """How they came to the door."""

    AANGEBELD = "aangebeld"
    AFSPRAAK_ALS_KLANT = "afspraak_als_klant"
    ANDERS = "anders"


class Bekendmaking(Model):
    """Wanneer en waar de politie die als klant kwam zei wie zij was."""

    op: Moment
    waar: KorteTekst


class _Start(Inhoud):
    """What all versions say of a start."""

    benadering: Annotated[Benadering, Sectie.ZAAK]
    hoedanigheid_bekendgemaakt: Annotated[Bekendmaking | None, Sectie.ZAAK] = None
    situatie: Annotated[Situatie, Sectie.ZAAK]
    binnentreden: Annotated[Binnentreden | None, Sectie.ZAAK] = None
    deelnemers: Annotated[Deelnemers | None, Sectie.ZAAK] = None
    aanleidingen: Annotated[Aanleidingen | None, Sectie.ZAAK] = None
    initiatief: Annotated[UUID | None, Sectie.ZAAK] = None
    coordinator: Annotated[UUID | None, Sectie.ZAAK] = None

    @model_validator(mode="after")
    def parts_fit(self) -> Self:
        """An appointment ends in disclosure; consent lets them in; the coördinator is there."""
        undercover = self.benadering is Benadering.AFSPRAAK_ALS_KLANT
        if undercover != (self.hoedanigheid_bekendgemaakt is not None):
            raise Onjuist("hoedanigheidBekendgemaakt hoort bij afspraak_als_klant, en alleen daarbij")
        consented = self.binnentreden and self.binnentreden.toestemming is not None
        if consented and self.situatie is not Situatie.TOEGANG_VERLEEND:
            raise Onjuist("met toestemming binnentreden kan alleen als toegang is verleend")
        require_takes_part(self.coordinator, self.deelnemers)
        return self


class ControleGestart2(_Start):
    """Version 2: it always says the capacity."""

    hoedanigheid: Annotated[GezegdeHoedanigheid, Sectie.ZAAK]
    onderlinge_regeling: Annotated[KorteTekst | None, Sectie.ZAAK] = None


class ControleGestart(ControleGestart2):
    """Hoe men kwam, wat er aan de deur gebeurde en of is binnengetreden; ongepland ook waarom en met wie.

    Zonder `thema` geldt dat van het plan.
    """

    thema: Annotated[Thema | None, Sectie.ZAAK] = None


class ControleGestart1(_Start):
    """Version 1: the capacity only where it was another than the plan's. Shipped with the first app."""

    hoedanigheid: Annotated[GezegdeHoedanigheid | None, Sectie.ZAAK] = None


def guard(doc: Doc | None, r: Registratie, omgeving: Omgeving, actor: Actor) -> None:
    """Who may come how, and what the law on entering asks here. A second start is not refused."""
    if r.inhoud.benadering is Benadering.AFSPRAAK_ALS_KLANT and not actor.politie:
        refuse("Een afspraak als klant maken is alleen voor de politie.")
    if r.inhoud.benadering is Benadering.AFSPRAAK_ALS_KLANT and r.inhoud.hoedanigheid is Hoedanigheid.TOEZICHT:
        weiger("klant-in-toezicht")
    if r.kring is Kring.GEMEENTE and not actor.politie and shut_in(doc or {}) - {Kring.ONBEKEND}:
        refuse("Deze controle is geen toezicht. Start een eigen controle.")
    _guard_entering(r, omgeving.need("locatie", r.onderwerp["locatie"]).get("feitelijkBewoond"))


def _guard_entering(r: Registratie, bewoond: str | None) -> None:
    """Awb 5:15: no dwelling without consent of the occupant; Awbi 2 and 6: what replaces it."""
    block = r.inhoud.binnentreden
    if block is None:
        if bewoond != Bewoond.NEE:
            refuse("Leg vast of en hoe is binnengetreden: dit pand is of lijkt bewoond.")
        return
    if block.binnentreden is Binnentredingswijze.TOEZICHT_GEEN_WONING and bewoond == Bewoond.JA:
        refuse("Een bewoond pand is een woning: daar geldt toezicht_geen_woning niet (Awb 5:15).")
    if block.machtiging is not None and not block.machtiging.valid_on(r.waargenomen_datum):
        refuse("De machtiging gold op die dag niet: zij geldt tot en met de derde dag (Awbi 6).")


def _team(old: Doc, given: Doc, r: Registratie) -> Doc:
    """Who was there: the plan completed by the start; with neither, whoever wrote it down."""
    by_id = {wie["functionaris"]: wie for of in (old, given) for wie in of.get("deelnemers", ())}
    writer, organisatie = str(r.functionaris), str(r.organisatie)
    if not by_id:
        by_id[writer] = {"functionaris": writer, "organisatie": organisatie, "taak": Taak.COORDINEERT.value}
    return {
        "deelnemers": list(by_id.values()),
        "coordinator": given.get("coordinator") or old.get("coordinator") or writer,
        "initiatief": given.get("initiatief") or old.get("initiatief") or organisatie,
    }


def fold(doc: Doc | None, r: Registratie, omgeving: Omgeving) -> Doc:
    """The start. The earliest holds, in whatever order they come: then the engine folds again, with that one first.

    Another is kept beside it as an unsettled difference (ontwerp/sync.md, "Order").
    """
    old, given = doc or {}, shown(r)
    if "begonnenOp" in old:
        beside = [*old.get("startVerschillen", ()), {**given, **said(r), **stamp(r)}]
        return changed(doc, r, {"startVerschillen": sorted(beside, key=itemgetter("waargenomenOp", "op"))})
    planned = {HOEDANIGHEID: old.get(HOEDANIGHEID, capacity(r).value)}
    return changed(
        doc,
        r,
        {
            **given,
            **place(r, omgeving),
            **_team(old, given, r),
            **(said(r) or planned),
            "aanleidingen": [*old.get("aanleidingen", ()), *given.get("aanleidingen", ())],
            "begonnenOp": iso(r.waargenomen_op),
            "datum": r.waargenomen_datum.isoformat(),
            "start": {**stamp(r), **({"naAfgelasting": True} if Vlag.NA_AFGELASTING in r.vlaggen else {})},
            **({"oefening": True} if r.oefening else {}),
            "_telt": counts(r),
        },
    )


ACT = Act(
    soort="controle.gestart",
    inhoud=ControleGestart,
    aggregaat="controle",
    permissie="controle:starten",
    titel="Een controle starten.",
    pad="/controles/{controle}/start",
    onderwerp={"controle": "controle", "locatie": "locatie"},
    verwijzingen=named,
    maakt="soms",
    guard=guard,
    draagt=True,
    vroegste=True,
    leidt=LEIDT,
    fold=fold,
    kopieert=True,
    eerdere=(
        Versie(ControleGestart1, unsaid, f"{ANDERS} `onderlingeRegeling` is nieuw."),
        Versie(ControleGestart2, as_it_was, THEMA),
    ),
)
