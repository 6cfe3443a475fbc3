"""mensenhandelsignaal.vastgelegd, .overgedragen, .opgevolgd."""

import json

import pytest

from app.access.actor import Actor
from app.access.beleid import scopes_for
from app.registraties.act import Feit
from app.registraties.register import ACTEN, AGGREGATEN
from app.vocabulary import Rol, Sectie
from tests.hulp.bouw import (
    BOA,
    PCT,
    actor,
    bestand,
    geweigerd,
    ident,
    ongeldig,
    registratie,
    toegelaten,
    vernietigd,
    vouw,
)

KIND = AGGREGATEN["mensenhandelsignaal"]
AVIM = actor("avim-1", Rol.AVIM, "avim-oost")
SIGN = {
    "gemeente": "GM0243",
    "soort": "mensenhandel",
    "indicatoren": [{"code": "staat_onder_controle_van_ander", "bron": "waargenomen"}],
    "tekst": "kijkt steeds naar de man in de keuken",
}


def _vastgelegd(inhoud=SIGN, **kwargs):
    return registratie("mensenhandelsignaal.vastgelegd", inhoud, mensenhandelsignaal="M", controle="C1", **kwargs)


def _overgedragen(aan="avim-oost"):
    given = {"aan": str(ident(aan))}
    return registratie("mensenhandelsignaal.overgedragen", given, door=PCT, mensenhandelsignaal="M")


def _opgevolgd(status="in_onderzoek", **inhoud):
    given = {"status": status} | inhoud
    return registratie("mensenhandelsignaal.opgevolgd", given, door=AVIM, mensenhandelsignaal="M")


def test_all_but_the_municipality_is_in_the_restricted_section():
    sections = dict(ACTEN["mensenhandelsignaal.vastgelegd"].inhoud.sections())
    assert sections.pop("gemeente") is Sectie.ZAAK
    assert len(sections) > 3
    assert set(sections.values()) == {Sectie.MENSENHANDEL}


def test_the_document_holds_no_content():
    r = _vastgelegd()
    doc = vouw([r])
    wire = {key: value for key, value in doc.items() if not key.startswith("_")}
    assert wire == {"id": str(ident("M")), "status": "vastgelegd", "gemeente": "GM0243"}
    assert "keuken" not in json.dumps(doc)
    assert "staat_onder" not in json.dumps(doc)
    assert doc["_op"] == str(r.op)


def test_its_writer_may_correct_it_and_never_reads_it():
    r = _vastgelegd(door=BOA)
    doc = vouw([r])
    assert KIND.scopes(doc) == {"mensenhandel:GM0243", f"deelnemer:{r.functionaris}"}
    held = scopes_for(
        Actor(r.functionaris, r.roltoewijzing, r.rol, r.organisatie, frozenset()), "mensenhandelsignalen:zien"
    )
    assert not held & KIND.scopes(doc)


@pytest.mark.parametrize(
    ("inhoud", "reden"),
    [
        (SIGN | {"indicatoren": []}, "at least 1"),
        (SIGN | {"indicatoren": [{"code": "huidskleur", "bron": "waargenomen"}]}, "Input should be"),
        (
            SIGN | {"indicatoren": [{"code": "minderjarig_vermoed", "bron": "afgeleid"}]},
            "mogelijkMinderjarig",
        ),
        (SIGN | {"naam": "iemand"}, "Extra inputs"),
    ],
)
def test_indications_are_coded(inhoud, reden):
    assert reden in ongeldig("mensenhandelsignaal.vastgelegd", inhoud)


def test_a_possible_minor_can_be_signalled():
    minor = [{"code": "minderjarig_vermoed", "bron": "verklaard"}]
    assert _vastgelegd(SIGN | {"indicatoren": minor, "mogelijkMinderjarig": True}).inhoud.mogelijk_minderjarig


@pytest.mark.parametrize("nummer", ["123456782", "0612345678", "06-12345678", "zaak van Maria", "A", "+31612345678"])
def test_a_case_number_is_no_content(nummer):
    assert ongeldig("mensenhandelsignaal.opgevolgd", {"status": "in_onderzoek", "zaaknummer": nummer})


def test_the_receiver_may_follow_it_and_earlier_readers_keep_it():
    r = _vastgelegd()
    doc = vouw([r, _overgedragen(), _overgedragen(), _overgedragen("zorg")])
    assert doc["status"] == "overgedragen"
    assert KIND.scopes(doc) == {
        "mensenhandel:GM0243",
        f"deelnemer:{r.functionaris}",
        f"organisatie:{ident('avim-oost')}",
        f"organisatie:{ident('zorg')}",
    }
    assert ACTEN["mensenhandelsignaal.overgedragen"].verwijzingen(_overgedragen().inhoud) == [
        ("organisatie", ident("avim-oost"))
    ]


def test_following_up_is_a_status_only():
    doc = vouw([_vastgelegd(), _overgedragen(), _opgevolgd(zaaknummer="PL0600-2023123456")])
    assert doc["status"] == "in_onderzoek"
    assert "PL0600" not in json.dumps(doc)


def test_what_is_closed_stays_closed():
    doc = vouw([_vastgelegd(), _overgedragen()])
    toegelaten(doc, _opgevolgd("afgesloten"), AVIM)
    closed = vouw([_opgevolgd("afgesloten")], doc=doc)
    assert "afgesloten" in geweigerd(closed, _opgevolgd("hulp_gestart"), AVIM)
    assert "afgesloten" in geweigerd(closed, _overgedragen("zorg"), PCT)


def test_it_is_counted_without_saying_what_it_is():
    late = _vastgelegd(op="2023-02-08T23:30:00+00:00")
    assert KIND.facts(vouw([late])) == [Feit("mensenhandelsignaal", "GM0243", "2023-02-09")]
    handed = vouw([late, _overgedragen(), _overgedragen("zorg")])
    assert [feit.maatstaf for feit in KIND.facts(handed)] == ["mensenhandelsignaal", "overgedragen"], "once"
    assert KIND.facts(vouw([_vastgelegd(oefening=True)])) == []


def test_folding_is_total():
    reeks = [_vastgelegd(), _overgedragen(), _opgevolgd(zaaknummer="PL0600-1"), _opgevolgd("afgesloten")]
    bestand("mensenhandelsignaal", reeks)
    assert vernietigd("mensenhandelsignaal", reeks, Sectie.MENSENHANDEL)["status"] == "afgesloten"
    vernietigd("mensenhandelsignaal", reeks, Sectie.ZAAK)
    assert KIND.scopes(vouw(reeks[2:])) == set(), "what has no place is nobody's"
