"""A controle from plan to end, and what the regisseur is told of it."""

import json
from dataclasses import replace

import pytest

from app.registraties.controle.binnentreden import Binnentredingswijze
from app.registraties.register import ACTEN
from app.vocabulary import Hoedanigheid, Kring, Rol, Sectie, Vlag
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
    toegelaten,
    vernietigd,
    vouw,
)
from tests.hulp.controles import (
    ALLE,
    BEWEZEN,
    BEWOONBAAR,
    BIJLAGE,
    FEIT,
    GROND,
    HELPER,
    KIND,
    KLANT,
    MACHTIGING,
    NIETS,
    PLAN,
    START,
    TOESTEMMING,
    WONING,
    bij,
    bij_controle,
    concludes,
    einde,
    grond,
    hulp,
    overtreding,
    persoon,
    plan,
    start,
    taak_van,
    verhaal,
)


# payloads
@pytest.mark.parametrize(
    ("wrong", "reden"),
    [
        ({"venster": {"van": PLAN["venster"]["tot"], "tot": PLAN["venster"]["van"]}}, "tot ligt na van"),
        ({"aanleidingen": []}, "at least 1"),
        ({"aanleidingen": [{"soort": "signaal"}]}, "noem het signaal"),
        ({"aanleidingen": [{"soort": "thema", "signaal": str(ident("S1"))}]}, "noem het signaal"),
        ({"aanleidingen": [{"soort": "hercontrole"}]}, "noem de eerdere controle"),
        ({"deelnemers": []}, "at least 1"),
        ({"deelnemers": [taak_van(PCT, "coordineert"), taak_van(PCT, "voert_uit")]}, "elke deelnemer één keer"),
        ({"coordinator": str(ident("boa-ermelo"))}, "een van de deelnemers"),
    ],
)
def test_a_plan_holds_together(wrong, reden):
    assert reden in ongeldig("controle.gepland", PLAN | wrong)


@pytest.mark.parametrize(
    ("wrong", "reden"),
    [
        (KLANT | {"hoedanigheidBekendgemaakt": None}, "hoort bij afspraak_als_klant"),
        (KLANT | {"benadering": "aangebeld"}, "hoort bij afspraak_als_klant"),
        ({"situatie": "niemand_aanwezig"}, "als toegang is verleend"),
        ({"situatie": "toegang_geweigerd"}, "als toegang is verleend"),
        ({"coordinator": str(PCT.functionaris)}, "een van de deelnemers"),
        ({"binnentreden": TOESTEMMING | {"toestemming": None}}, "toestemming hoort bij"),
        ({"binnentreden": TOESTEMMING | {"binnentreden": "niet_binnengetreden"}}, "toestemming hoort bij"),
        ({"binnentreden": TOESTEMMING | {"machtiging": MACHTIGING}}, "machtiging hoort bij"),
        ({"binnentreden": TOESTEMMING | {"legitimatieGetoond": False}}, "Awbi 1"),
        ({"binnentreden": TOESTEMMING | {"doelMedegedeeld": None}}, "Awbi 1"),
        ({"binnentreden": {"binnentreden": "zonder_machtiging_ernstig_gevaar"}}, "Awbi 1"),
        ({"binnentreden": {"binnentreden": "met_machtiging"}}, "machtiging hoort bij"),
    ],
)
def test_a_start_holds_together(wrong, reden):
    assert reden in ongeldig("controle.gestart", START | wrong)


def test_in_danger_it_is_enough_to_say_that_nothing_was_shown():
    block = {
        "binnentreden": Binnentredingswijze.ZONDER_MACHTIGING_ERNSTIG_GEVAAR,
        "legitimatieGetoond": False,
        "doelMedegedeeld": False,
    }
    toegelaten(None, start(inhoud={"binnentreden": block}), BOA, WONING)


@pytest.mark.parametrize(
    ("soort", "inhoud", "reden"),
    [
        ("bevinding.vastgelegd", FEIT | {"code": "seksuele_diensten"}, "Input should be"),
        ("bevinding.vastgelegd", FEIT | {"tekst": "x" * 2001}, "at most 2000"),
        ("bevinding.vastgelegd", FEIT | {"uitkomst": "geen_vergunning"}, "de uitkomst past niet"),
        ("bevinding.vastgelegd", FEIT | {"code": "vergunningcheck"}, "de uitkomst past niet"),
        ("bevinding.vastgelegd", FEIT | {"code": "verblijf", "uitkomst": "in_orde"}, "de uitkomst past niet"),
        ("bevinding.vastgelegd", FEIT | {"tolk": "registertolk"}, "een tolk hoort bij"),
        ("bevinding.vastgelegd", FEIT | {"doorgegevenAan": ["krant"]}, "Input should be"),
        ("persoon.aangetroffen", {"rol": "sekswerker", "naam": "x"}, "Extra inputs"),
        ("persoon.aangetroffen", {"rol": "sekswerker", "geboorteland": "x"}, "Extra inputs"),
        ("telling.vastgelegd", {"leeftijdsband": {"16-17": 1}}, "Input should be"),
        ("telling.vastgelegd", {"regioHerkomst": {"latijns_amerika": -1}}, "greater than or equal to 0"),
        ("hulp.aangeboden", {"aangeboden": False}, "die is aangeboden"),
        ("hulp.aangeboden", {"doorverwezenNaar": ["ggd"]}, "alleen met toestemming"),
        ("hulp.aangeboden", {"doorverwezenNaar": ["comensha", "ggd"], "toestemming": False}, "toestemming"),
        ("bijlage.toegevoegd", BIJLAGE | {"geenPersonenInBeeld": False}, "toont geen personen"),
        ("bijlage.toegevoegd", BIJLAGE | {"geenPersonenInBeeld": "ja"}, "valid boolean"),
        ("bijlage.toegevoegd", BIJLAGE | {"sha256": "AB" * 32}, "match pattern"),
        ("bijlage.toegevoegd", BIJLAGE | {"mediatype": "video/mp4"}, "Input should be"),
        ("controle.afgerond", ALLE | NIETS, "noem de overtredingen"),
        ("controle.afgerond", {"overtredingen": []}, "at least 1"),
        ("controle.afgerond", {"overtredingen": [BEWEZEN]}, "Field required"),
        ("controle.afgerond", {"overtredingen": ALLE["overtredingen"] * 2}, "een eigen id"),
        ("overtreding.vastgesteld", BEWEZEN | {"bevindingen": []}, "noem de bevindingen"),
        ("overtreding.vastgesteld", BEWEZEN | {"alleen": []}, "at least 1"),
        ("overtreding.vastgesteld", BEWEZEN | {"alleen": [str(ident("P1"))], "aantal": 1}, "niet allebei"),
        ("overtreding.vastgesteld", BEWEZEN | {"soort": "anders", "aantal": 1}, "alleen illegale prostitutie"),
        ("overtreding.vastgesteld", BEWEZEN | {"personen": "alle"}, "Extra inputs"),
        ("telling.vastgelegd", {"hulpPerSoort": {"ggd": 1}}, "aan hoeveel personen"),
        ("telling.vastgelegd", {"hulpPerSoort": {"ggd": 2}, "hulpAangeboden": 1}, "aan hoeveel personen"),
        ("telling.vastgelegd", {"hulpPerSoort": {"ggd": 1}, "hulpAangeboden": 1}, "alleen met toestemming"),
        ("attendering.gezien", {"tekst": "x"}, "Extra inputs"),
    ],
)
def test_what_is_recorded_at_the_door_is_bounded(soort, inhoud, reden):
    assert reden in ongeldig(soort, inhoud)


def test_of_a_person_there_is_a_role_and_nothing_else():
    """Beside the capacity in which the officer acted, which is no part of what is shown of him."""
    assert set(ACTEN["persoon.aangetroffen"].inhoud.model_fields) == {"rol", "hoedanigheid"}


# guards
@pytest.mark.parametrize("bewoond", BEWOONBAAR)
def test_whether_they_entered_is_said_unless_nobody_lives_there(bewoond):
    silent = start(inhoud={"binnentreden": None})
    if bewoond == "nee":
        toegelaten(None, silent, BOA, bij(bewoond))
    else:
        assert "Leg vast of en hoe" in geweigerd(None, silent, BOA, bij(bewoond))
    toegelaten(None, start(), BOA, bij(bewoond))


@pytest.mark.parametrize("bewoond", BEWOONBAAR)
def test_an_inhabited_place_is_a_dwelling(bewoond):
    power = start(inhoud={"binnentreden": {"binnentreden": "toezicht_geen_woning"}})
    if bewoond == "ja":
        assert "Awb 5:15" in geweigerd(None, power, BOA, bij(bewoond))
    else:
        toegelaten(None, power, BOA, bij(bewoond))


@pytest.mark.parametrize(
    ("moment", "valid"),
    [
        ("2023-02-07T23:30:00+01:00", False),
        ("2023-02-08T00:30:00+01:00", True),
        ("2023-02-11T23:30:00+01:00", True),
        ("2023-02-11T23:30:00+00:00", False),  # it is the 12th in the Netherlands
    ],
)
def test_an_authorisation_lasts_through_the_third_day(moment, valid):
    block = TOESTEMMING | {"binnentreden": "met_machtiging", "toestemming": None, "machtiging": MACHTIGING}
    entered = start(inhoud={"binnentreden": block}, op=moment)
    if valid:
        toegelaten(None, entered, BOA, WONING)
    else:
        assert "Awbi 6" in geweigerd(None, entered, BOA, WONING)


def test_an_appointment_as_a_client_is_for_the_police():
    undercover = start(inhoud=KLANT)
    assert "politie" in geweigerd(None, undercover, BOA, WONING)
    assert "doet zich niet voor als klant" in geweigerd(None, undercover, WIJKAGENT, WONING)
    for hoedanigheid in set(Hoedanigheid) - {Hoedanigheid.TOEZICHT}:
        as_police = start(inhoud=KLANT | {"hoedanigheid": hoedanigheid}, door=WIJKAGENT)
        toegelaten(None, as_police, WIJKAGENT, WONING)


@pytest.mark.parametrize("hoedanigheid", ["opsporing", "openbare_orde", "vreemdelingentoezicht"])
def test_toezicht_does_not_start_in_a_row_of_the_police(hoedanigheid):
    """What a criminal investigation holds never enters a record of the administration (Wpg 9; ontwerp/domein.md)."""
    planned = vouw([plan(inhoud={"hoedanigheid": hoedanigheid})], WONING)
    assert "geen toezicht" in geweigerd(planned, start(), BOA, WONING)
    toegelaten(planned, start(door=PCT), PCT, WONING)
    asked_by_nobody = vouw([plan()], WONING) | {"_kringen": ["onbekend"]}
    toegelaten(asked_by_nobody, start(), BOA, WONING)


@pytest.mark.parametrize(
    ("again", "first"),
    [
        (persoon("P1"), persoon("P1")),
        (
            bij_controle("bevinding.vastgelegd", FEIT, bevinding="B1"),
            bij_controle("bevinding.vastgelegd", FEIT, bevinding="B1"),
        ),
        (
            bij_controle("bijlage.toegevoegd", BIJLAGE, bijlage="F1"),
            bij_controle("bijlage.toegevoegd", BIJLAGE, bijlage="F1"),
        ),
    ],
)
def test_an_id_is_minted_once(first, again):
    doc = vouw([start(), first], WONING)
    assert "al vastgelegd" in geweigerd(doc, again, BOA, GROND)
    lists = [value for value in vouw([again], doc=doc).values() if isinstance(value, list)]
    assert lists == [value for value in doc.values() if isinstance(value, list)], "nor folded twice"


def test_help_is_offered_to_somebody_who_was_found():
    doc = vouw([start(), persoon("P1")], WONING)
    toegelaten(doc, hulp("P1"), BOA, GROND)
    assert "niet vastgelegd" in geweigerd(doc, hulp("P2"), BOA, GROND)


def test_only_the_police_report_to_comensha_without_consent():
    doc = vouw([start(), persoon("P1")], WONING)
    duty = hulp("P1", {"doorverwezenNaar": ["comensha"]})
    toegelaten(doc, duty, PCT)
    assert "toestemming" in geweigerd(doc, duty, BOA, GROND)
    toegelaten(doc, hulp("P1", {"doorverwezenNaar": ["comensha", "ggd"], "toestemming": True}), BOA, GROND)


@pytest.mark.parametrize(
    ("r", "door", "reden"),
    [
        (einde(), HELPER, "uitvoerde of coördineert"),
        (einde(), WIJKAGENT, "uitvoerde of coördineert"),
        (einde(op="2023-02-08T19:00:00+01:00"), BOA, "voor het begin"),
        (concludes(alleen=[str(ident("P9"))]), BOA, "persoon die niet"),
        (concludes("B9"), BOA, "bevinding die niet"),
        (concludes(alleen=[str(ident("P1"))]), BOA, None),
        (einde({}), BOA, "Noem de overtredingen"),
        (concludes(alleen=[str(ident("P4"))]), BOA, "alleen sekswerkers"),
        (overtreding(), HELPER, "uitvoerde of coördineert"),
        (overtreding(), BOA, None),
        (einde(), PCT, None),
        (einde(NIETS), BOA, None),
    ],
)
def test_who_closes_and_on_what(r, door, reden):
    doc = vouw([*verhaal()[:-1], persoon("P4", "klant")], WONING)
    if reden is None:
        toegelaten(doc, r, door, GROND)
    else:
        assert reden in geweigerd(doc, r, door, GROND)


def test_who_may_not_keep_rows_names_nobody_in_a_conclusion():
    doc, named = vouw(verhaal()[:-1], WONING), {"alleen": [str(ident("P1"))]}
    assert "geen personen apart" in geweigerd(doc, concludes(**named), BOA)
    toegelaten(doc, concludes(**named), PCT)
    toegelaten(doc, concludes(aantal=1), BOA)


def test_the_coordinator_closes_whatever_his_task():
    team = {"deelnemers": [taak_van(PCT, "ondersteunt"), taak_van(BOA, "voert_uit")]}
    toegelaten(vouw([plan(inhoud=team), start()], WONING), einde(NIETS), PCT)


def test_only_what_was_started_is_closed_and_only_once():
    assert "nog niet gestart" in geweigerd(vouw([plan()], WONING), einde(), PCT)
    assert "nog niet gestart" in geweigerd(None, einde(), PCT)
    assert "al afgerond" in geweigerd(vouw(verhaal(), WONING), einde(NIETS), PCT)


# folding
def test_the_whole_story():
    story = verhaal()
    doc = vouw(story, WONING)
    assert doc["status"] == "afgerond"
    assert doc["locatie"] == str(ident("L0")), "the canonical place"
    assert (doc["locatieSoort"], doc["adres"]["straat"]) == ("woning", "Voorbeeldstraat")
    assert (doc["begonnenOp"], doc["eindeOp"]) == ("2023-02-08T18:30:00Z", "2023-02-08T19:40:00Z")
    assert doc["venster"]["van"] == "2023-02-08T17:00:00Z"
    assert [wie["nummer"] for wie in doc["personen"]] == [1, 2, 3]
    assert doc["tellingen"][0]["regioHerkomst"] == {"latijns_amerika": 3}
    assert doc["overtredingen"] == [{**ALLE["overtredingen"][0], **doc["afronding"]}]
    assert doc["binnentreden"]["toestemming"]["taal"] == "es"
    assert doc["bevindingen"][0] == {
        "id": str(ident("B1")),
        **FEIT,
        "tekst": "aan de deur",
        "op": str(story[2].op),
        "door": {"functionaris": str(BOA.functionaris), "rol": "boa"},
        "waargenomenOp": "2023-02-08T18:30:00Z",
    }
    assert "nagekomen" not in json.dumps(doc)


# rows about persons
@pytest.mark.parametrize(
    ("om", "allowed"),
    [
        (omgeving(), False),
        (grond(), True),
        (grond(gemeentecode="GM0233"), False),
        (grond(status="wacht_op_bevestiging"), False),
        (grond(van="2023-02-09"), False),
        (grond(bevestigdOp="2023-02-08T18:31:00Z"), False),
        (grond(bevestigdOp="2023-02-08T18:30:00Z"), True),
        (grond(totEnMet="2023-02-08"), True),
        (grond(totEnMet="2023-02-07"), False),
    ],
)
def test_a_municipality_keeps_rows_where_it_has_a_ground(om, allowed):
    """Broken: the municipality, the status and each of the two dates out of `check_may_name` and `in_force`."""
    doc = vouw([start(), persoon("P1", door=PCT)], WONING)
    for act in (persoon("P2"), hulp("P1")):
        if allowed:
            toegelaten(doc, act, BOA, om)
        else:
            assert "geen personen apart" in geweigerd(doc, act, BOA, om)
        toegelaten(doc, act, PCT, om)
    toegelaten(doc, bij_controle("hulp.aangeboden", {}), BOA, om)


@pytest.mark.parametrize(("seen", "heard"), [("2023-01-31", "2023-02-08"), ("2023-02-08", "2023-02-21")])
def test_the_ground_holds_when_it_was_seen_and_when_it_was_heard(seen, heard):
    doc, om = vouw([start()], WONING), grond(totEnMet="2023-02-20")
    late = persoon("P1", op=f"{seen}T20:00:00+01:00", ontvangen=f"{heard}T21:00:00+01:00")
    assert "geen personen apart" in geweigerd(doc, late, BOA, om)
    toegelaten(doc, replace(late, eerst_rol=Rol.BOA), BOA, omgeving())
    assert "geen personen apart" in geweigerd(doc, replace(late, eerst_rol=Rol.PCT), BOA, om), "that of the police"


def test_of_two_starts_the_first_holds_and_the_other_is_shown():
    first, second = start(), start(door=PCT, op="2023-02-08T19:50:00+01:00")
    planned = vouw([plan()], WONING)
    started = vouw([first], WONING, planned)
    toegelaten(started, second, PCT, WONING)
    both = vouw([second], WONING, started)
    assert both["begonnenOp"] == "2023-02-08T18:30:00Z"
    assert both["start"]["op"] == str(first.op)
    [other] = both["startVerschillen"]
    assert (other["op"], other["waargenomenOp"]) == (str(second.op), "2023-02-08T18:50:00Z")
    assert [feit.maatstaf for feit in KIND.facts(both)] == ["controle"], "counted once"
    alone = vouw([second], WONING, planned)
    assert "startVerschillen" not in alone, "with the first struck out the second is the start"
    assert alone["begonnenOp"] == "2023-02-08T18:50:00Z"


def test_what_was_not_planned_has_its_writer():
    doc = vouw([start()], WONING)
    assert doc["deelnemers"] == [taak_van(BOA, "coordineert")]
    assert (doc["coordinator"], doc["initiatief"]) == (str(BOA.functionaris), str(BOA.organisatie))
    assert (doc["hoedanigheid"], doc["aanleidingen"]) == ("toezicht", [])
    toegelaten(doc, einde(NIETS), BOA)


def test_a_start_completes_the_plan():
    extra = {"deelnemers": [taak_van(WIJKAGENT, "voert_uit"), taak_van(HELPER, "voert_uit")]}
    doc = vouw([plan(), start(inhoud=extra)], WONING)
    assert doc["deelnemers"] == [
        taak_van(PCT, "coordineert"),
        taak_van(BOA, "voert_uit"),
        taak_van(HELPER, "voert_uit"),
        taak_van(WIJKAGENT, "voert_uit"),
    ]
    assert doc["coordinator"] == str(PCT.functionaris)
    assert doc["aanleidingen"] == PLAN["aanleidingen"]


def test_all_that_is_named_is_checked():
    again = [{"soort": "hercontrole", "controle": str(ident("C0"))}]
    names = ACTEN["controle.gepland"].verwijzingen(plan(inhoud={"aanleidingen": again}).inhoud)
    assert set(names) == {
        ("controle", ident("C0")),
        ("organisatie", ident("pct-oost")),
        ("organisatie", ident("harderwijk")),
        ("functionaris", PCT.functionaris),
        ("functionaris", BOA.functionaris),
        ("functionaris", HELPER.functionaris),
    }
    assert ("signaal", ident("S1")) in ACTEN["controle.gepland"].verwijzingen(plan().inhoud)
    assert ACTEN["controle.gestart"].verwijzingen(start().inhoud) == []


@pytest.mark.parametrize("bewoond", BEWOONBAAR)
def test_folding_is_total_and_repeatable(bewoond):
    two_starts = [*verhaal(), start(door=PCT), persoon("P4", vlaggen=(Vlag.NAGEKOMEN,)), einde(NIETS)]
    bestand("controle", two_starts, bij(bewoond))


@pytest.mark.parametrize("gone", list(Sectie))
def test_what_was_destroyed_folds_as_absent(gone):
    doc = vernietigd("controle", verhaal(), gone, WONING)
    assert len(doc["personen"]) == 3
    assert ("rol" in doc["personen"][0]) == (gone is not Sectie.PERSOON)
    assert ("tekst" in doc["bevindingen"][0]) == (gone is not Sectie.TEKST)
    assert ("aanvaard" in doc["hulp"][0]) == (gone is not Sectie.HULP)
    assert {feit.maatstaf: feit.aantal for feit in KIND.facts(doc)}["persoon"] == 3


def test_what_is_left_without_plan_and_start_is_its_writers():
    left = vouw([persoon("P1")])
    assert left["status"] == "vervallen"
    assert KIND.scopes(left) == {f"deelnemer:{BOA.functionaris}"}
    afgeleid("controle", left)


# who may know
def test_while_planned_few_may_know():
    few = {
        "gebied:GM0243",
        "attendering:GM0243",
        f"organisatie:{ident('pct-oost')}",
        *(f"{kind}:{who.functionaris}" for who in (PCT, BOA, HELPER) for kind in ("deelnemer", "team")),
        f"coordinator:{PCT.functionaris}",
    }
    planned = vouw([plan()], WONING)
    assert KIND.scopes(planned) == few
    assert KIND.scopes(vouw([start()], WONING, planned)) == few | {"gemeente:GM0243"}


def test_who_wrote_the_plan_goes_on_seeing_it():
    assert f"deelnemer:{REGISSEUR.functionaris}" in KIND.scopes(vouw([plan(door=REGISSEUR)], WONING))


@pytest.mark.parametrize("hoedanigheid", ["opsporing", "openbare_orde", "vreemdelingentoezicht"])
def test_a_row_of_the_police_is_never_open_to_the_administration(hoedanigheid):
    doc = vouw([plan(), start(door=PCT, inhoud={"hoedanigheid": hoedanigheid})], WONING)
    assert doc["_kringen"] == ["politie"]
    shown = KIND.scopes(doc)
    assert "politie:GM0243" in shown
    assert not shown & {"gemeente:GM0243", "gebied:GM0243"}
    assert f"deelnemer:{BOA.functionaris}" in shown, "who took part did"


def test_what_the_police_began_without_saying_in_which_capacity_is_theirs():
    """Also what was sealed before anybody was asked; a plan says it. Broken: `unsaid` out of `closed`."""
    begun = replace(start(door=PCT, inhoud={"hoedanigheid": "onbekend"}), kring=Kring.GEMEENTE)
    alone, planned = vouw([begun], WONING), vouw([plan(), begun], WONING)
    assert (alone["hoedanigheid"], planned["hoedanigheid"]) == ("onbekend", "toezicht")
    assert not KIND.scopes(alone) & {"gemeente:GM0243", "gebied:GM0243"}
    assert KIND.scopes(planned) >= {"gemeente:GM0243", "gebied:GM0243"}


# the attendering
def test_the_regisseur_is_told_that_there_is_a_controle():
    doc, scopes = KIND.derive(vouw([plan()], WONING))
    assert doc == {
        "id": str(ident("C")),
        "controle": str(ident("C")),
        "gemeente": "GM0243",
        "status": "gepland",
        "aangemaakt": "planning",
        "aangemaaktOp": "2023-02-08T18:30:00Z",
        "gezienDoor": [],
    }
    assert scopes == {"gebied:GM0243"}


def test_the_regisseur_is_told_of_an_unplanned_controle_too():
    doc, _ = KIND.derive(vouw([start()], WONING))
    assert (doc["aangemaakt"], doc["status"]) == ("eerste_vastlegging", "gestart")
    assert doc["begonnenOp"] == "2023-02-08T18:30:00Z"


def test_seeing_is_noted_once_and_makes_no_participant():
    seen = bij_controle("attendering.gezien", door=REGISSEUR)
    again = bij_controle("attendering.gezien", door=REGISSEUR)
    before = vouw([plan()], WONING)
    after = vouw([seen, again], doc=before)
    assert KIND.scopes(after) == KIND.scopes(before)
    assert KIND.derive(after)[0]["gezienDoor"] == [
        {
            "functionaris": str(REGISSEUR.functionaris),
            "op": str(seen.op),
            "gezienOp": "2023-02-08T18:30:00Z",
        }
    ]
    assert {key for key in after if not key.startswith("_")} == {key for key in before if not key.startswith("_")}


@pytest.mark.parametrize(("old", "new"), [(True, "niet_vermeld"), (False, "geen"), (None, None)])
def test_an_interpreter_of_version_1_is_read_as_one_of_an_unknown_kind(old, new):
    given = FEIT | {"wijze": "verklaard"} | ({} if old is None else {"tolk": old})
    read = ACTEN["bevinding.vastgelegd"].read(given, 1)
    assert read.as_doc().get("tolk") == new
    assert read == ACTEN["bevinding.vastgelegd"].read(given | ({"tolk": new} if new else {}), 2)
