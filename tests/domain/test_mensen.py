"""organisatie, functionaris, roltoewijzing, toestel."""

from datetime import UTC, datetime

import pytest

from app.registraties.register import ACTEN, AGGREGATEN
from app.vocabulary import Klasse, Sectie
from tests.domain.bouw import (
    BEHEERDER,
    afgeleid,
    bestand,
    geweigerd,
    ident,
    ongeldig,
    registratie,
    toegelaten,
    vernietigd,
    vouw,
)

INLEEN = {
    "functionaris": str(ident("boa-1")),
    "rol": "boa",
    "organisatie": str(ident("ermelo")),
    "gemeenten": ["GM0233"],
    "van": "2023-03-01T00:00:00+01:00",
    "tot": "2023-09-01T00:00:00+02:00",
    "grondslag": "inleen",
    "aanwijzingsbesluit": "besluit 2023-14",
}


def _without(inhoud, *gone, **changed):
    return {key: value for key, value in inhoud.items() if key not in gone} | changed


@pytest.mark.parametrize(
    ("inhoud", "reden"),
    [
        ({"soort": "gemeente", "naam": "Gemeente Harderwijk"}, "gemeentecode hoort bij een gemeente"),
        (
            {"soort": "politie", "naam": "PCT", "gemeentecode": "GM0243"},
            "gemeentecode hoort bij een gemeente",
        ),
        ({"soort": "regio", "naam": "Veluwe-West"}, "gemeenten horen bij een regio"),
        ({"soort": "politie", "naam": "PCT", "gemeenten": ["GM0243"]}, "gemeenten horen bij een regio"),
        ({"soort": "gemeente", "naam": "Gemeente", "gemeentecode": "0243"}, "match pattern"),
    ],
)
def test_area_of_an_organisation_fits_its_kind(inhoud, reden):
    assert reden in ongeldig("organisatie.vastgelegd", inhoud)


@pytest.mark.parametrize(
    "inhoud",
    [
        {"soort": "gemeente", "naam": "Gemeente Harderwijk", "gemeentecode": "GM0243"},
        {"soort": "regio", "naam": "Veluwe-West", "gemeenten": ["GM0243", "GM0233", "GM0273"]},
        {"soort": "politie", "naam": "Basisteam Veluwe-West"},
    ],
)
def test_an_organisation_is_known_to_all(inhoud):
    doc = vouw([registratie("organisatie.vastgelegd", inhoud, door=BEHEERDER, organisatie="x")])
    assert doc == {"id": str(ident("x")), **inhoud}
    assert AGGREGATEN["organisatie"].scopes(doc) == {"beheer", "allen"}
    assert "gemeente" not in doc, "the rule on municipalities of new documents is not for people"


@pytest.mark.parametrize("naam", ["Jan Jansen", "Jansen", "jansen", "boa_1", "boa-", "06-12345678"])
def test_an_officer_has_no_name(naam):
    assert ongeldig("functionaris.vastgelegd", {"aanduiding": naam, "organisatie": str(ident("x"))})


def test_an_officer_goes_by_his_aanduiding():
    inhoud = {"aanduiding": "boa-1", "organisatie": str(ident("harderwijk"))}
    r = registratie("functionaris.vastgelegd", inhoud, door=BEHEERDER, functionaris="boa-1")
    assert vouw([r]) == {"id": str(ident("boa-1")), **inhoud}
    assert ACTEN[r.soort].verwijzingen(r.inhoud) == [("organisatie", ident("harderwijk"))]


@pytest.mark.parametrize(
    ("inhoud", "reden"),
    [
        (_without(INLEEN, "aanwijzingsbesluit"), "inleen heeft een aanwijzingsbesluit"),
        (_without(INLEEN, "tot"), "inleen heeft een aanwijzingsbesluit"),
        (_without(INLEEN, gemeenten=[]), "noem gemeenten"),
        (_without(INLEEN, rol="functioneel_beheerder"), "noem gemeenten"),
        (_without(INLEEN, gemeenten=["GM0233", "GM0233"]), "elke gemeente één keer"),
        (_without(INLEEN, tot="2023-03-01T00:00:00+01:00"), "tot ligt na van"),
        (_without(INLEEN, van="2023-03-01T00:00:00"), "timezone"),
    ],
)
def test_a_role_is_bounded(inhoud, reden):
    assert reden in ongeldig("roltoewijzing.verleend", inhoud)


def _verleend(inhoud=INLEEN):
    return registratie("roltoewijzing.verleend", inhoud, door=BEHEERDER, roltoewijzing="R")


def _beeindigd(op):
    return registratie("roltoewijzing.beeindigd", {"op": op}, door=BEHEERDER, roltoewijzing="R")


def test_a_role_fills_the_columns_that_rights_are_read_from():
    doc = vouw([_verleend()])
    assert AGGREGATEN["roltoewijzing"].columns(doc) == {
        "functionaris": ident("boa-1"),
        "rol": "boa",
        "organisatie": ident("ermelo"),
        "gemeenten": ["GM0233"],
        "van": datetime(2023, 2, 28, 23, tzinfo=UTC),
        "tot": datetime(2023, 8, 31, 22, tzinfo=UTC),
    }
    assert AGGREGATEN["roltoewijzing"].scopes(doc) == {"beheer"}


def test_an_ending_shortens_and_never_lengthens():
    doc = vouw([_verleend()])
    earlier, later = _beeindigd("2023-06-01T00:00:00+02:00"), _beeindigd("2023-10-01T00:00:00+02:00")
    toegelaten(doc, earlier, BEHEERDER)
    assert "al geëindigd" in geweigerd(doc, later, BEHEERDER)
    assert "nog niet ingegaan" in geweigerd(doc, _beeindigd("2023-02-01T00:00:00+01:00"), BEHEERDER)
    assert vouw([earlier], doc=doc)["tot"] == "2023-05-31T22:00:00Z"
    assert vouw([earlier, later], doc=doc)["tot"] == "2023-05-31T22:00:00Z"
    forever = vouw([_verleend(_without(INLEEN, "tot", grondslag="aanstelling"))])
    assert vouw([later], doc=forever)["tot"] == "2023-09-30T22:00:00Z"
    bestand("roltoewijzing", [_verleend(), earlier, later])


def test_an_ending_without_its_grant_is_nobodys_right():
    held = AGGREGATEN["roltoewijzing"].columns(vouw([_beeindigd("2023-06-01T00:00:00+02:00")]))
    assert (held["rol"], held["gemeenten"], held["functionaris"].int) == ("", [], 0)
    assert held["van"] == held["tot"], "the period is empty"


def test_a_device_is_revoked_once():
    whose = {"functionaris": str(ident("boa-1")), "omschrijving": "telefoon 3"}
    enrolled = registratie("toestel.ingeschreven", whose, door=BEHEERDER, toestel="T")
    revoked = registratie("toestel.ingetrokken", {"reden": "gestolen"}, door=BEHEERDER, toestel="T")
    kind = AGGREGATEN["toestel"]

    doc = vouw([enrolled])
    toegelaten(doc, revoked, BEHEERDER)
    assert kind.columns(doc) == {"functionaris": ident("boa-1"), "ingetrokken": False}
    assert kind.scopes(doc) == {"beheer", f"deelnemer:{ident('boa-1')}"}

    doc = vouw([revoked], doc=doc)
    assert kind.columns(doc)["ingetrokken"] is True
    assert (doc["status"], doc["reden"]) == ("ingetrokken", "gestolen")
    assert "al ingetrokken" in geweigerd(doc, revoked, BEHEERDER)
    bestand("toestel", [enrolled, revoked])
    assert kind.columns(vouw([revoked]))["ingetrokken"] is True, "what was never enrolled may not be used"
    nobodys = vernietigd("toestel", [enrolled], Sectie.ZAAK)
    assert kind.columns(nobodys)["ingetrokken"] is True, "nor what is nobody's any more"
    afgeleid("toestel", vouw([revoked]))


def test_the_ledger_knows_people_and_rights_by_their_class():
    classes = {soort: ACTEN[soort].klasse for soort in ACTEN}
    people = {soort for soort, klasse in classes.items() if klasse is Klasse.MENSEN}
    assert people >= {
        "organisatie.vastgelegd",
        "functionaris.vastgelegd",
        "toestel.ingeschreven",
        "toestel.ingetrokken",
    }
    rights = {soort for soort, klasse in classes.items() if klasse is Klasse.RECHTEN}
    assert rights >= {"roltoewijzing.verleend", "roltoewijzing.beeindigd"}
