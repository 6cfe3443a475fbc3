"""Applying bestuursdwang, such as closing a dwelling. Each closure is weighed afresh (RVS:2025:1156).

Awb 5:21, 5:24, 5:31; the duration lies in the decision, so the Algemene termijnenwet does not extend it.
"""

from datetime import timedelta
from typing import Annotated, Self
from uuid import UUID

from pydantic import model_validator

from app.access.actor import Actor
from app.moment import Dag, Datum
from app.problems import Onjuist
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Versie, refuse
from app.registraties.controle.binnentreden import Toestemming
from app.registraties.controle.tellen import concluded, contested
from app.registraties.maatregel.onderdelen import (
    Besluitnemer,
    Betreft,
    Evenredigheidstoets,
    Maanden,
    Wijze,
    add_months,
    check_hearing,
    check_order,
    named_rapportage,
)
from app.registraties.maatregel.stand import (
    NOT_KNOWN,
    before,
    counted,
    fold_into,
    item,
    refuse_elsewhere,
    refuse_future,
    refuse_unheard,
)
from app.registraties.maatregel.toets import other_way, too_long
from app.registraties.velden import ZONDER_ORGAAN, GezegdOrgaan, unnamed
from app.registraties.weigeringen import wait_for, weiger
from app.vocabulary import Bewoond, LocatieSoort, MaatregelSoort, PersoonRol, Sectie

TOESTEMMING = "`toestemming` zegt of een bewoner toestemde in binnentreden."
SOORTEN = frozenset(
    {
        MaatregelSoort.LAST_ONDER_BESTUURSDWANG,
        MaatregelSoort.SLUITINGSBEVEL,
        MaatregelSoort.SPOEDEISENDE_BESTUURSDWANG,
    }
)
MACHTIGING_GELDIG = timedelta(days=3)
"""Awbi 6(2): through the third day after issue; the Algemene termijnenwet does not apply."""


class BestuursdwangToegepast1(Inhoud):
    """Version 1: whether there was a machtiging, not whether an occupant consented."""

    op: Annotated[Datum, Sectie.ZAAK]
    wijze: Annotated[Wijze, Sectie.ZAAK]
    duur_maanden: Annotated[Maanden | None, Sectie.ZAAK] = None
    tot: Annotated[Dag, Sectie.ZAAK] = None
    voorgenomen_op: Annotated[Dag, Sectie.ZAAK] = None
    zienswijze_tot_en_met: Annotated[Dag, Sectie.ZAAK] = None
    besloten_op: Annotated[Dag, Sectie.ZAAK] = None
    besloten_door: Annotated[Besluitnemer | None, Sectie.ZAAK] = None
    bekendgemaakt_op: Annotated[Dag, Sectie.ZAAK] = None
    machtiging_tot_binnentreden_op: Annotated[Dag, Sectie.ZAAK] = None
    rapportage: Annotated[UUID | None, Sectie.ZAAK] = None
    evenredigheidstoets: Annotated[Evenredigheidstoets, Sectie.TEKST]

    @model_validator(mode="after")
    def lasts_until(self) -> Self:
        """A closure ends on a day; months are calendar months."""
        if self.wijze is Wijze.SLUITING and self.tot is None and self.duur_maanden is None:
            raise Onjuist("een sluiting heeft een duur of een einddag")
        if self.tot is not None and self.tot <= self.op:
            raise Onjuist("de einddag ligt na de dag van toepassing")
        if None not in (self.tot, self.duur_maanden) and self.tot != add_months(self.op, self.duur_maanden or 0):
            raise Onjuist("de einddag past niet bij de duur in maanden")
        return self

    @model_validator(mode="after")
    def in_order(self) -> Self:
        """Intent, view, decision, bekendmaking; and entering on a machtiging that still holds."""
        if self.zienswijze_tot_en_met is not None and self.voorgenomen_op is None:
            raise Onjuist("een zienswijzetermijn hoort bij een voornemen")
        check_hearing(self.voorgenomen_op, self.zienswijze_tot_en_met)
        check_order(self.voorgenomen_op, self.besloten_op, "het besluit ligt voor het voornemen")
        check_order(self.besloten_op, self.bekendgemaakt_op, "de bekendmaking ligt voor het besluit")
        if issued := self.machtiging_tot_binnentreden_op:
            check_order(issued, self.op, "de machtiging is van na de toepassing")
            check_order(self.op, issued + MACHTIGING_GELDIG, "de machtiging was niet meer geldig (Awbi 6)")
        return self


class BestuursdwangToegepast(BestuursdwangToegepast1):
    """Wat feitelijk is gedaan, van wanneer tot wanneer, en het besluit dat eraan voorafging."""

    toestemming: Annotated[Toestemming | None, Sectie.ZAAK] = None
    """Of an occupant, to enter (Awb 5:27, second paragraph; Awbi 1)."""
    bevoegd_orgaan: Annotated[GezegdOrgaan, Sectie.ZAAK]


def guard(doc: Doc | None, r: Registratie, omgeving: Omgeving, _actor: Actor) -> None:
    """In force, or urgent (Awb 5:31); after the begunstiging; on evidence from this location."""
    stand, given = doc or {}, r.inhoud
    urgent = stand.get("soort") == MaatregelSoort.SPOEDEISENDE_BESTUURSDWANG
    if stand.get("soort") not in SOORTEN:
        refuse("Met deze soort maatregel wordt geen bestuursdwang toegepast.")
    if stand["status"] != "in_werking" and not (urgent and stand["status"] == "opgelegd"):
        (wait_for if stand["status"] in NOT_KNOWN else refuse)("Deze maatregel is niet in werking.")
    refuse_future(r, given.besloten_op, given.bekendgemaakt_op, given.op)
    if given.op.isoformat() <= stand.get("begunstigingTotEnMet", ""):
        refuse("De begunstigingstermijn liep op die dag nog.")
    refuse_elsewhere(stand, r, omgeving)
    if urgent:  # a fact, also without all this; its besluit follows (Awb 5:31)
        return
    _check_decided(stand, given)
    _check_grounds(stand, r, omgeving)
    _check_announced(stand, r)
    _check_dwelling(stand, given, omgeving)


def _check_grounds(stand: Doc, r: Registratie, omgeving: Omgeving) -> None:
    """A controle that concluded an overtreding, and an adopted rapportage about it (Awb 5:21, 5:24)."""
    if "controle" not in r.onderwerp:
        weiger("toepassing-zonder-controle")
    controle = omgeving.need("controle", r.onderwerp["controle"])
    if "eindeOp" not in controle:
        weiger("toepassing-controle-niet-afgerond")
    if not concluded(controle):
        weiger("toepassing-zonder-overtreding")
    if contested(controle):
        weiger("toepassing-betwiste-controle")
    if too_early(stand, controle):
        weiger("toepassing-controle-te-vroeg")
    if before(r.inhoud.op, controle.get("datum")):
        weiger("toepassing-controle-te-laat")
    if r.inhoud.rapportage is None:
        weiger("toepassing-zonder-rapportage")
    rapportage = omgeving.need("rapportage", r.inhoud.rapportage)
    if controle.get("id") not in rapportage.get("controles", ()):
        weiger("toepassing-rapportage-andere-controle")
    if "vastgesteldOp" not in rapportage:
        weiger("toepassing-rapportage-niet-vastgesteld")


def too_early(stand: Doc, controle: Doc) -> bool:
    """Whether a controle cannot show that a last was not complied with: before it was known, or within its term."""
    if stand.get("soort") != MaatregelSoort.LAST_ONDER_BESTUURSDWANG:
        return False
    day = controle.get("datum", "")
    return bool(day < (stand.get("bekendgemaaktOp") or "") or day <= stand.get("begunstigingTotEnMet", ""))


def _check_announced(stand: Doc, r: Registratie) -> None:
    """In the way and not longer than the last announces (Awb 5:24)."""
    if other_way(stand, r.inhoud.wijze):
        weiger("toepassing-andere-wijze")
    if too_long(stand, applied_by(r)):
        weiger("toepassing-te-lang")


def _check_dwelling(stand: Doc, given: BestuursdwangToegepast, omgeving: Omgeving) -> None:
    """An occupied dwelling is entered with a machtiging or the consent of an occupant (Awb 5:27; Awbi 2)."""
    if given.machtiging_tot_binnentreden_op is not None:
        return
    if given.toestemming is not None and given.toestemming.door is PersoonRol.BEWONER:
        return
    here = [doc for doc in omgeving.every("locatie") if doc["canoniek"] == stand.get("locatie")]
    if any(_may_be_lived_in(doc) for doc in here):
        weiger("toepassing-bewoonde-woning")


def _may_be_lived_in(locatie: Doc) -> bool:
    """Wherever somebody lives is a dwelling; of a house nobody knows to be empty that is assumed."""
    bewoond = locatie.get("feitelijkBewoond")
    return bewoond == Bewoond.JA or (bewoond == Bewoond.ONBEKEND and locatie.get("soort") == LocatieSoort.WONING)


def _check_decided(stand: Doc, given: BestuursdwangToegepast) -> None:
    """Unless urgent, the decision to apply was taken after hearing, and made known, beforehand."""
    decided, known = given.besloten_op, given.bekendgemaakt_op
    if decided is None or known is None:
        refuse("Noem de dag van het besluit tot toepassing en van de bekendmaking.")
        return
    if given.op < known or before(given.op, stand["bekendgemaaktOp"]):
        refuse("Bestuursdwang wordt niet toegepast voordat het besluit is bekendgemaakt.")
    asked = given.zienswijze_tot_en_met
    refuse_unheard(stand, decided, asked.isoformat() if asked else None, Betreft.TOEPASSING)


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """Applied; a duration in months fixes the last day."""
    applied = applied_by(r)
    if "controle" in r.onderwerp:
        applied["controle"] = str(r.onderwerp["controle"])
    return fold_into(doc, r, {"toepassing": applied, **counted(doc, r)})


def applied_by(r: Registratie) -> Doc:
    """What was applied, with its last day."""
    applied = item(r)
    if "tot" not in applied and "duurMaanden" in applied:
        applied["tot"] = add_months(r.inhoud.op, r.inhoud.duur_maanden).isoformat()
    return applied


def made_known(doc: Doc, _op: UUID) -> bool:
    """Whether the besluit to apply it was."""
    return "bekendgemaaktOp" in doc.get("toepassing", {})


ACT = Act(
    soort="bestuursdwang.toegepast",
    inhoud=BestuursdwangToegepast,
    aggregaat="maatregel",
    permissie="bestuursdwang:toepassen",
    titel="Bestuursdwang toepassen.",
    pad="/maatregelen/{maatregel}/toepassing",
    onderwerp={"maatregel": "maatregel", "controle": "controle"},
    optioneel=frozenset({"controle"}),
    guard=guard,
    verwijzingen=named_rapportage,
    beslist=True,
    fold=fold,
    vast=made_known,
    eerdere=(Versie(BestuursdwangToegepast1, unnamed, f"{TOESTEMMING} {ZONDER_ORGAAN}"),),
)
