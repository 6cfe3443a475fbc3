"""Recording a sign of trafficking, smuggling or exploitation. The device then erases its copy."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from app.problems import Onjuist
from app.registraties.act import Act, Doc, Gemeentecode, Inhoud, Omgeving, Registratie, Tekst, iso
from app.registraties.model import Model
from app.registraties.telt import counts
from app.registraties.velden import JaNee
from app.vocabulary import Sectie


class Mensenhandelsoort(StrEnum):
    """What it is a sign of."""

    MENSENHANDEL = "mensenhandel"
    MENSENSMOKKEL = "mensensmokkel"
    UITBUITING = "uitbuiting"


class IndicatorCode(StrEnum):
    """What makes an officer think so."""

    STAAT_ONDER_CONTROLE_VAN_ANDER = "staat_onder_controle_van_ander"
    BEPERKTE_BEWEGINGSVRIJHEID = "beperkte_bewegingsvrijheid"
    GEEN_BESCHIKKING_OVER_IDENTITEITSBEWIJS = "geen_beschikking_over_identiteitsbewijs"
    GEEN_BESCHIKKING_OVER_INKOMSTEN = "geen_beschikking_over_inkomsten"
    SCHULDEN = "schulden"
    ANGST = "angst"
    GEWELD = "geweld"
    MINDERJARIG_VERMOED = "minderjarig_vermoed"
    WERKT_ONDER_DWANG = "werkt_onder_dwang"
    SLECHTE_ARBEIDSOMSTANDIGHEDEN = "slechte_arbeidsomstandigheden"
    SLAAPT_OP_WERKPLEK = "slaapt_op_werkplek"
    WORDT_VERPLAATST = "wordt_verplaatst"
    ANDERS = "anders"


class IndicatorBron(StrEnum):
    """How it is known."""

    WAARGENOMEN = "waargenomen"
    VERKLAARD = "verklaard"
    AFGELEID = "afgeleid"


class Indicator(Model):
    """Eén aanwijzing, en hoe men die weet."""

    code: IndicatorCode
    bron: IndicatorBron


class MensenhandelsignaalVastgelegd(Inhoud):
    """Waarvan het een signaal is, en waaruit dat blijkt."""

    gemeente: Annotated[Gemeentecode, Sectie.ZAAK]
    soort: Annotated[Mensenhandelsoort, Sectie.MENSENHANDEL]
    indicatoren: Annotated[tuple[Indicator, ...], Field(min_length=1, max_length=50), Sectie.MENSENHANDEL]
    mogelijk_minderjarig: Annotated[JaNee, Sectie.MENSENHANDEL] = False
    tekst: Annotated[Tekst | None, Sectie.MENSENHANDEL] = None

    @model_validator(mode="after")
    def minor_is_said_once(self) -> Self:
        """Who suspects a minor says so where it is acted upon."""
        if not self.mogelijk_minderjarig and any(
            indicator.code is IndicatorCode.MINDERJARIG_VERMOED for indicator in self.indicatoren
        ):
            raise Onjuist("bij de indicator minderjarig_vermoed hoort mogelijkMinderjarig")
        return self


def fold(_doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """That there is a sign, and where; never what."""
    gemeente = r.inhoud.as_doc().get("gemeente")
    return {
        "id": str(r.onderwerp["mensenhandelsignaal"]),
        "status": "vastgelegd",
        **({"gemeente": gemeente} if gemeente else {}),
        **({"_controle": str(r.onderwerp["controle"])} if "controle" in r.onderwerp else {}),
        "_waargenomenOp": iso(r.waargenomen_op),
        "_rol": r.rol.value,
        "_op": str(r.inhoud_op),
        "_functionaris": str(r.functionaris),
        "_datum": r.waargenomen_datum.isoformat(),
        "_telt": counts(r),
    }


def is_followed(doc: Doc) -> bool:
    """Once somebody acted on it, it is no longer its writer's to change or withdraw."""
    return doc.get("status") != "vastgelegd"


ACT = Act(
    soort="mensenhandelsignaal.vastgelegd",
    inhoud=MensenhandelsignaalVastgelegd,
    aggregaat="mensenhandelsignaal",
    permissie="mensenhandelsignaal:vastleggen",
    titel="Een signaal van mensenhandel vastleggen.",
    pad="/mensenhandelsignalen",
    onderwerp={"mensenhandelsignaal": "mensenhandelsignaal", "controle": "controle"},
    optioneel=frozenset({"controle"}),
    maakt="altijd",
    bevroren=is_followed,
    fold=fold,
)
