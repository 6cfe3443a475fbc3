"""Imposing a maatregel, after a voornemen or, when urgent, without (Awb 5:9, 5:24, 5:31, 5:32–5:32b)."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.access.actor import Actor
from app.moment import Dag, Datum
from app.problems import Onjuist
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Sleutel, Versie, refuse
from app.registraties.bron import BRONKENMERK, Bronkenmerk, from_source
from app.registraties.maatregel.onderdelen import (
    Adressaten,
    Besluitnemer,
    Betreft,
    Dwangsom,
    Evenredigheidstoets,
    Maanden,
    NietGehoord,
    WettelijkeGrondslag,
    Wijze,
    check_order,
    named_rapportage,
)
from app.registraties.maatregel.stand import (
    before,
    counted,
    fold_into,
    place,
    practised,
    refuse_elsewhere,
    refuse_future,
    refuse_unheard,
    stamp,
)
from app.registraties.velden import ZONDER_ORGAAN, GezegdOrgaan, as_it_was, unnamed
from app.registraties.weigeringen import wait_for
from app.vocabulary import MaatregelSoort, Orgaan, Sectie

LASTEN = frozenset({MaatregelSoort.LAST_ONDER_DWANGSOM, MaatregelSoort.LAST_ONDER_BESTUURSDWANG})
ZONDER_LAST = frozenset({MaatregelSoort.SLUITINGSBEVEL, MaatregelSoort.SPOEDEISENDE_BESTUURSDWANG})

Herstelmaatregel = Literal[
    "exploitatie_staken",
    "exploitatie_gestaakt_houden",
    "gebruik_beeindigen",
    "inrichting_verwijderen",
    "advertenties_verwijderen",
    "toezicht_houden",
    "anders",
]


class MaatregelOpgelegd1(Inhoud):
    """Version 1. Shipped with the first app."""

    soort: Annotated[MaatregelSoort, Sectie.ZAAK]
    opgelegd_op: Annotated[Datum, Sectie.ZAAK]
    besloten_door: Annotated[Besluitnemer, Sectie.ZAAK]
    begunstiging: Annotated[Literal["direct"] | None, Sectie.ZAAK] = None
    begunstiging_tot_en_met: Annotated[Dag, Sectie.ZAAK] = None
    dwangsom: Annotated[Dwangsom | None, Sectie.ZAAK] = None
    herstelmaatregelen: Annotated[
        Annotated[list[Herstelmaatregel], Field(min_length=1, max_length=10)] | None, Sectie.ZAAK
    ] = None
    bij_volgende_overtreding: Annotated[Wijze | None, Sectie.ZAAK] = None
    aangezegde_duur_maanden: Annotated[Maanden | None, Sectie.ZAAK] = None
    evenredigheidstoets: Annotated[Evenredigheidstoets | None, Sectie.TEKST] = None
    rapportage: Annotated[UUID | None, Sectie.ZAAK] = None
    bevoegd_orgaan: Annotated[Orgaan | None, Sectie.ZAAK] = None
    grondslag: Annotated[WettelijkeGrondslag | None, Sectie.ZAAK] = None
    adressaten: Annotated[Adressaten | None, Sectie.PERSOON] = None
    niet_gehoord_reden: Annotated[NietGehoord | None, Sectie.ZAAK] = None
    eerdere_maatregelen: Annotated[Annotated[list[UUID], Field(min_length=1, max_length=20)] | None, Sectie.ZAAK] = None

    @model_validator(mode="after")
    def term_fits_kind(self) -> Self:
        """A last has its begunstiging (Awb 5:24, 5:32a), and herstelmaatregelen belong to a last only."""
        given = (self.begunstiging is not None) + (self.begunstiging_tot_en_met is not None)
        if given != (self.soort in LASTEN):
            raise Onjuist("een last heeft één begunstiging, direct of tot en met een dag; andere geen")
        if self.herstelmaatregelen is not None and self.soort not in LASTEN:
            raise Onjuist("herstelmaatregelen horen bij een last")
        check_order(self.opgelegd_op, self.begunstiging_tot_en_met, "de begunstiging eindigt voor het besluit")
        return self

    @model_validator(mode="after")
    def fields_fit_kind(self) -> Self:
        """Dwangsom, announced application and weighing each belong to their own kinds of maatregel."""
        if (self.soort is MaatregelSoort.LAST_ONDER_DWANGSOM) != (self.dwangsom is not None):
            raise Onjuist("een dwangsom hoort bij een last onder dwangsom, en alleen daarbij")
        bestuursdwang = self.soort is MaatregelSoort.LAST_ONDER_BESTUURSDWANG
        if self.bij_volgende_overtreding is not None and not bestuursdwang:
            raise Onjuist("wat bij een volgende overtreding volgt, hoort bij een last onder bestuursdwang")
        if self.aangezegde_duur_maanden is not None and self.bij_volgende_overtreding is not Wijze.SLUITING:
            raise Onjuist("een aangezegde duur hoort bij een aangezegde sluiting")
        if self.soort in ZONDER_LAST and self.evenredigheidstoets is None:
            raise Onjuist("een sluitingsbevel of spoedeisende bestuursdwang vraagt een evenredigheidstoets")
        return self


class MaatregelOpgelegd2(MaatregelOpgelegd1):
    """Version 2: it always says the organ."""

    bevoegd_orgaan: Annotated[GezegdOrgaan, Sectie.ZAAK]


class MaatregelOpgelegd(MaatregelOpgelegd2):
    """Het besluit: wat, door wie, de termijn, de dwangsom; zonder voornemen ook aan wie en op welke grond."""

    bronkenmerk: Annotated[Bronkenmerk | None, Sectie.ZAAK] = None


def guard(doc: Doc | None, r: Registratie, omgeving: Omgeving, _actor: Actor) -> None:
    """Complete, after hearing (Awb 4:8), at one location; no second herstelsanctie is held by `toets` (Awb 5:6)."""
    stand = {**(doc or {}), **place(r, omgeving)}
    if doc is None:
        _check_complete(r)
    else:
        _check_voornemen(doc, stand, r)
    refuse_elsewhere(stand, r, omgeving)
    refuse_future(r, r.inhoud.opgelegd_op)


def _check_complete(r: Registratie) -> None:
    """Without a voornemen the besluit itself says what that would have said."""
    given = r.inhoud
    needed = (given.bevoegd_orgaan, given.grondslag, given.adressaten)
    if "locatie" not in r.onderwerp or None in needed:
        wait_for("Noem zonder voornemen ook de locatie, het orgaan, de grondslag en de adressaten.")
    if given.niet_gehoord_reden is None and given.soort is not MaatregelSoort.WAARSCHUWING:
        wait_for("Geef zonder voornemen de reden waarom niemand is gehoord.")


def _check_voornemen(doc: Doc, stand: Doc, r: Registratie) -> None:
    """The besluit is once, and it is that of the voornemen."""
    given = r.inhoud
    if "besluit" in doc:
        refuse("Deze maatregel is al opgelegd.")
    if doc.get("soort") != given.soort:
        refuse("De maatregel is van een andere soort dan het voornemen.")
    if doc.get("locatie") != stand.get("locatie"):
        refuse("De maatregel geldt op een andere locatie dan het voornemen.")
    if before(given.opgelegd_op, doc.get("voorgenomenOp")):
        refuse("Een maatregel wordt niet opgelegd voor het voornemen.")
    if given.niet_gehoord_reden is None:
        refuse_unheard(doc, given.opgelegd_op, doc.get("zienswijzeTotEnMet"), Betreft.BESLUIT)


def fold(doc: Doc | None, r: Registratie, omgeving: Omgeving) -> Doc:
    """Imposed; it has no effect before it is made known (Awb 3:40)."""
    given = {**place(r, omgeving), **r.inhoud.as_doc(), **from_source(r)}
    change = {**given, **counted(doc, r), **practised(r), "besluit": stamp(r)}
    return fold_into(doc, r, change)


def named_documents(inhoud: MaatregelOpgelegd) -> list[Sleutel]:
    """The rapportage it rests on, and the measures it was weighed against."""
    return named_rapportage(inhoud) + [Sleutel("maatregel", m) for m in inhoud.eerdere_maatregelen or []]


def made_known(doc: Doc, _op: UUID) -> bool:
    """From then on it ends by intrekking, herroeping or vernietiging only."""
    return doc.get("bekendgemaaktOp") is not None


ACT = Act(
    soort="maatregel.opgelegd",
    inhoud=MaatregelOpgelegd,
    aggregaat="maatregel",
    permissie="maatregel:opleggen",
    titel="Een maatregel opleggen.",
    pad="/maatregelen/{maatregel}/besluit",
    onderwerp={"maatregel": "maatregel", "locatie": "locatie"},
    optioneel=frozenset({"locatie"}),
    maakt="soms",
    guard=guard,
    verwijzingen=named_documents,
    beslist=True,
    fold=fold,
    vast=made_known,
    kopieert=True,
    eerdere=(
        Versie(MaatregelOpgelegd1, unnamed, ZONDER_ORGAAN),
        Versie(MaatregelOpgelegd2, as_it_was, BRONKENMERK),
    ),
)
