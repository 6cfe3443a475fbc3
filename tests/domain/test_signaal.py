"""signaal.gemeld and signaal.beoordeeld."""

from dataclasses import replace

import pytest

from app.problems import RegelGeschonden
from app.registraties.act import Feit
from app.registraties.register import AGGREGATEN
from app.registraties.signaal import gemeld
from app.registraties.signaal.gemeld import BRONNEN
from app.vocabulary import OrganisatieSoort, Sectie, SignaalBron, Vlag
from tests.hulp.bouw import (
    BOA,
    PCT,
    REGISSEUR,
    WIJKAGENT,
    afgeleid,
    bestand,
    geweigerd,
    ident,
    omgeving,
    ongeldig,
    registratie,
    toegelaten,
    vouw,
)
from tests.hulp.signalen import AD, BRONNEN_PER_ORGANISATIE, inhoud_van

KIND = AGGREGATEN["signaal"]
OVERLAST = {"bron": "overlastmelding", "gemeente": "GM0243", "overlastsoort": "verkeerd_aangebeld"}
MMA = {"bron": "meld_misdaad_anoniem", "gemeente": "GM0243", "triagetekst": "elke avond ander bezoek"}
LOCATIE = {"id": str(ident("L1")), "canoniek": str(ident("L0")), "adres": {"plaats": "Harderwijk"}}


CELLEN = [(soort, bron) for soort, bronnen in BRONNEN_PER_ORGANISATIE.items() for bron in bronnen]
HIER = omgeving(("organisatie", {"id": str(BOA.organisatie), "soort": "gemeente"}))


def _weighed():
    """The cells in which the guard says otherwise than the list above."""
    wrong = []
    for soort, bron in CELLEN:
        om = omgeving(("organisatie", {"id": str(BOA.organisatie), "soort": soort}))
        try:
            toegelaten(None, _gemeld(inhoud_van(bron)), BOA, om)
        except RegelGeschonden:
            wrong += [(soort, bron)] if BRONNEN_PER_ORGANISATIE[soort][bron] else []
        else:
            wrong += [] if BRONNEN_PER_ORGANISATIE[soort][bron] else [(soort, bron)]
    return wrong


def test_each_kind_of_organisation_has_its_sources():
    assert len(CELLEN) == len(OrganisatieSoort) * len(SignaalBron)
    assert _weighed() == []


@pytest.mark.parametrize(("soort", "bron"), CELLEN)
def test_no_cell_of_the_sources_can_change_unseen(soort, bron, monkeypatch):
    changed = BRONNEN[soort] ^ {SignaalBron(bron)}
    monkeypatch.setitem(gemeld.BRONNEN, OrganisatieSoort(soort), changed)
    assert _weighed() == [(soort, bron)]


def test_of_an_unknown_organisation_no_source_is_taken():
    assert "meldt uw organisatie niet" in geweigerd(None, _gemeld(OVERLAST), BOA)


def _gemeld(inhoud, **kwargs):
    return registratie("signaal.gemeld", inhoud, op="2023-01-30T23:10:00+00:00", signaal="S", **kwargs)


def _beoordeeld(**inhoud):
    given = {"uitkomst": "controle_nodig"} | inhoud
    return registratie("signaal.beoordeeld", given, door=REGISSEUR, signaal="S")


@pytest.mark.parametrize(
    ("inhoud", "reden"),
    [
        (MMA | {"tekst": "x"}, "hoort in triagetekst"),
        (OVERLAST | {"triagetekst": "x"}, "alleen voor Meld Misdaad Anoniem"),
        (OVERLAST | {"advertentie": AD}, "alleen voor de bron advertentie"),
        (MMA | {"melder": "iemand"}, "Extra inputs"),
        (OVERLAST | {"advertentie": AD | {"telefoon": "iets"}}, "Extra inputs"),
    ],
)
def test_each_source_has_its_own_fields(inhoud, reden):
    assert reden in ongeldig("signaal.gemeld", inhoud)


def test_an_advertisement_is_named_with_its_source_and_the_whole_fits():
    """A correction may leave out what its writer cannot see, so the guard holds the whole against the source."""
    assert "hoort bij de bron" in geweigerd(None, _gemeld({"bron": "advertentie", "gemeente": "GM0243"}), BOA, HIER)
    seen, tip = _gemeld(OVERLAST), _gemeld(MMA)
    mixed = replace(seen, inhoud=seen.inhoud.keeping({"triagetekst"}, tip.inhoud))
    assert "Meld Misdaad Anoniem" in geweigerd(None, mixed, BOA, HIER)
    toegelaten(None, _gemeld({"bron": "advertentie", "gemeente": "GM0243", "advertentie": AD}), BOA, HIER)
    toegelaten(None, tip, BOA, HIER)


def test_a_signal_stands_at_the_canonical_place_on_its_local_date():
    doc = vouw([_gemeld(OVERLAST, locatie="L1")], omgeving(("locatie", LOCATIE)))
    assert (doc["locatie"], doc["adres"]) == (str(ident("L0")), {"plaats": "Harderwijk"})
    assert KIND.columns(doc) == {"bron": "overlastmelding", "status": "gemeld", "kenmerk": None}
    suffered = doc["overlastsoort"]
    assert KIND.facts(doc) == [
        Feit("signaal", "GM0243", "2023-01-31", kenmerk="overlastmelding"),
        Feit("overlast", "GM0243", "2023-01-31", kenmerk=suffered),
    ]


@pytest.mark.parametrize("kwargs", [{"oefening": True}, {"vlaggen": (Vlag.DATUM_ONWAARSCHIJNLIJK,)}])
def test_practice_and_impossible_dates_are_not_counted(kwargs):
    assert KIND.facts(vouw([_gemeld(OVERLAST, **kwargs)])) == []


def test_police_signals_stay_with_the_police():
    doc = vouw([_gemeld({"bron": "politie", "gemeente": "GM0243"}, door=WIJKAGENT)])
    assert "politie:GM0243" in KIND.scopes(doc)
    assert "gemeente:GM0243" not in KIND.scopes(doc)


def test_a_judgement_ends_triage():
    doc = vouw([_gemeld(MMA)])
    judged = _beoordeeld(uitkomst="geen_opvolging", tekst="te weinig houvast")
    assert doc["triagetekst"] == "elke avond ander bezoek"
    toegelaten(doc, judged, REGISSEUR)
    doc = vouw([judged], doc=doc)
    assert "triagetekst" not in doc
    assert (doc["status"], doc["uitkomst"]) == ("beoordeeld", "geen_opvolging")
    assert doc["beoordeling"]["tekst"] == "te weinig houvast"
    assert doc["beoordeling"]["op"] == str(judged.op)
    assert KIND.facts(doc), "it was still reported"


def test_a_judgement_leaves_the_report_as_it_was():
    doc = vouw([_gemeld(OVERLAST | {"tekst": "weer aangebeld"}), _beoordeeld(tekst="controle plannen")])
    assert (doc["tekst"], doc["beoordeling"]["tekst"]) == ("weer aangebeld", "controle plannen")


def test_a_signal_is_judged_once():
    doc = vouw([_gemeld(OVERLAST), _beoordeeld()])
    assert "al beoordeeld" in geweigerd(doc, _beoordeeld(uitkomst="doorgezet"), PCT)


def test_folding_is_total():
    bestand("signaal", [_gemeld(MMA), _beoordeeld()])
    assert Sectie.MELDER in type(_gemeld(MMA).inhoud).sections().values()


def test_a_judgement_without_its_report_shows_nothing_to_others():
    left = vouw([_beoordeeld()])
    afgeleid("signaal", left)
    assert KIND.facts(left) == []
    assert not {scope for scope in KIND.scopes(left) if "GM" in scope}
