"""Calling a planned controle off, and what a controle is held for."""

from dataclasses import replace
from itertools import permutations

import pytest

from app.registraties.register import ACTEN
from app.vocabulary import Rol, Vlag
from tests.hulp.bouw import BOA, PCT, REGISSEUR, WIJKAGENT, actor, geweigerd, toegelaten, vouw
from tests.hulp.controles import KIND, WONING, bij_controle, persoon, plan, start

VERVALT = {"reden": "geen_capaciteit", "tekst": "te weinig mensen"}


def afgelast(**kwargs):
    return bij_controle("controle.afgelast", VERVALT, **{"door": PCT} | kwargs)


def test_it_says_why_and_stays_readable():
    doc = vouw([plan(), afgelast()], WONING)
    assert (doc["status"], doc["afgelasting"]["reden"]) == ("afgelast", "geen_capaciteit")
    assert KIND.scopes(doc) == KIND.scopes(vouw([plan()], WONING)), "who knew of it goes on knowing"
    assert KIND.derive(doc)[0]["status"] == "afgelast"
    assert KIND.facts(doc) == []


@pytest.mark.parametrize(
    ("before", "door", "reden"),
    [
        ([], PCT, "nog niet gepland"),
        ([persoon("P1")], PCT, "nog niet gepland"),
        ([plan()], BOA, "wie de controle plande of coördineert"),
        ([plan(), start()], PCT, "al begonnen"),
        ([start()], BOA, "al begonnen"),
        ([plan(), afgelast()], PCT, "al afgelast"),
    ],
)
def test_it_is_refused(before, door, reden):
    """Broken: each line of the guard taken out."""
    doc = vouw(before, WONING) if before else None
    assert reden in geweigerd(doc, afgelast(door=door), door)


OTHERS = {
    "who planned it": (BOA, True),
    "who coordinates it": (PCT, True),
    "who steers": (REGISSEUR, True),
    "a colleague of the PCT that began it": (actor("pct-2", Rol.PCT, "pct-oost"), True),
    "another PCT": (actor("pct-3", Rol.PCT, "pct-west"), False),
    "an officer there who is no PCT": (actor("wijkagent-2", Rol.WIJKAGENT, "pct-oost"), False),
    "who only takes part": (WIJKAGENT, False),
}


@pytest.mark.parametrize("wie", OTHERS)
def test_who_may_call_off(wie):
    """The boa planned it, the PCT coordinates; both may have left. Broken: each part of `_may_call_off`."""
    doc, (door, may) = vouw([plan(door=BOA)], WONING), OTHERS[wie]
    if may:
        toegelaten(doc, afgelast(door=door), door)
    else:
        assert "plande of coördineert" in geweigerd(doc, afgelast(door=door), door)


@pytest.mark.parametrize(
    ("gepland", "gezegd", "may"),
    [
        ("toezicht", "toezicht", True),
        ("openbare_orde", "openbare_orde", True),
        ("onbekend", "openbare_orde", True),
        ("toezicht", "openbare_orde", False),
        ("openbare_orde", "toezicht", False),
    ],
)
def test_it_says_the_capacity_of_the_plan(gepland, gezegd, may):
    """In another one it would shut to the municipality what that reads. Broken: the last line of the guard."""
    doc = vouw([plan(inhoud={"hoedanigheid": gepland})], WONING)
    r = bij_controle("controle.afgelast", VERVALT | {"hoedanigheid": gezegd}, door=PCT)
    if may:
        toegelaten(doc, r, PCT)
    else:
        assert "in de hoedanigheid waarin" in geweigerd(doc, r, PCT)


@pytest.mark.parametrize("reeks", list(permutations([plan(), afgelast(), start()])))
def test_what_was_held_all_the_same_counts(reeks):
    """In whatever order they come. Broken: `afgelasting` before `begonnenOp` in `status`."""
    doc = vouw(reeks, WONING)
    assert doc["status"] == "gestart"
    assert [feit.maatstaf for feit in KIND.facts(doc)] == ["controle"]


def test_a_start_says_that_it_had_been_called_off():
    doc = vouw([plan(), afgelast()], WONING)
    odd = {soort: [*KIND.opmerking(doc, replace(start(), soort=soort))] for soort in ACTEN}
    assert {soort: found for soort, found in odd.items() if found} == {"controle.gestart": [Vlag.NA_AFGELASTING]}
    begun = vouw([start(vlaggen=(*odd["controle.gestart"],))], WONING, doc=doc)
    assert begun["start"]["naAfgelasting"] is True
    assert [*KIND.opmerking(begun, start())] == []
    assert "naAfgelasting" not in vouw([start(vlaggen=(Vlag.NAGEKOMEN,))], WONING)["start"]


@pytest.mark.parametrize(
    ("reeks", "thema"),
    [
        ([plan()], "prostitutie"),
        ([start()], "prostitutie"),
        ([plan(inhoud={"thema": "hennep"})], "hennep"),
        ([plan(inhoud={"thema": "hennep"}), start()], "hennep"),
        ([start(), plan(inhoud={"thema": "hennep"})], "hennep"),
        ([plan(inhoud={"thema": "hennep"}), start(inhoud={"thema": "woonfraude"})], "woonfraude"),
        ([start(inhoud={"thema": "woonfraude"}), plan(inhoud={"thema": "hennep"})], "woonfraude"),
        ([persoon("P1")], None),
    ],
)
def test_what_it_is_held_for(reeks, thema):
    assert KIND.columns(vouw(reeks, WONING))["thema"] == thema


@pytest.mark.parametrize(("soort", "versies"), [("controle.gepland", (1, 2)), ("controle.gestart", (1, 2))])
def test_an_app_that_did_not_ask_meant_prostitutie(soort, versies):
    act = ACTEN[soort]
    r = {"controle.gepland": plan, "controle.gestart": start}[soort]()
    for versie in versies:
        assert act.read_sealed(r.inhoud.as_doc(), versie).thema is None
