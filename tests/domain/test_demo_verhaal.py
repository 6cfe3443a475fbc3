"""The story before it is played: every operation of it is well formed, and it is the same each time."""

import json
from collections import Counter
from datetime import datetime
from uuid import uuid4

import pytest

from app.demo.gegevens import Kenmerken, at_hour, find, read_gegevens
from app.demo.laden import tell_year
from app.demo.mensen import Account, save_accounts
from app.demo.veld import ACHTERSTEVOREN, AFGEBROKEN, TE_VROEG, TWEE_KEER, Veld
from app.demo.verhaal import (
    call_off,
    close_controle,
    judge_signaal,
    plan_controle,
    start_controle,
    tell_signaal,
    work_inside,
    write_rapportage,
)
from app.services.kluis.operatie import read_operatie

GEGEVENS = read_gegevens()


def all_acts(ids, *, personen_apart=True):
    known = set()
    for signaal in GEGEVENS["signalen"]:
        locatie = find(GEGEVENS["locaties"], signaal["locatie"])
        yield from tell_signaal(signaal, locatie, ids, known=locatie["sleutel"] in known)
        known.add(locatie["sleutel"])
        yield judge_signaal(signaal, ids)
    for controle in GEGEVENS["controles"]:
        yield plan_controle(controle, ids)
        yield start_controle(controle, ids)
        yield from work_inside(controle, ids, personen_apart=personen_apart)
        yield close_controle(controle, ids)
    for controle in GEGEVENS["afgelast"]:
        yield plan_controle(controle, ids)
        yield call_off(controle, ids)
    for rapportage in GEGEVENS["bestuurlijkeRapportages"]:
        yield from write_rapportage(
            rapportage, ids, [at_hour(rapportage["vastgesteldOp"], hour) for hour in (9, 11, 13)]
        )


def as_op(act):
    return {
        "opId": str(uuid4()),
        "soort": act.soort,
        "versie": act.versie,
        "onderwerp": {key: str(ident) for key, ident in act.onderwerp.items()},
        "waargenomenOp": act.waargenomen_op.isoformat(),
        "inhoud": act.inhoud,
    }


@pytest.mark.parametrize("personen_apart", [True, False])
def test_every_operation_is_one_the_server_can_read(personen_apart):
    acts = list(all_acts(Kenmerken(GEGEVENS), personen_apart=personen_apart))
    assert len(acts) > 100
    for act in acts:
        op = as_op(act)
        assert read_operatie(op, json.dumps(op).encode()).fout is None, act.soort


def test_it_is_the_same_story_with_other_ids():
    first, second = ([*all_acts(Kenmerken(GEGEVENS))] for _ in range(2))
    assert [(a.door, a.soort, a.waargenomen_op) for a in first] == [(a.door, a.soort, a.waargenomen_op) for a in second]
    assert not {i for a in first for i in a.onderwerp.values()} & {i for a in second for i in a.onderwerp.values()}


def test_it_holds_what_was_published():
    told = Counter(act.soort for act in all_acts(Kenmerken(GEGEVENS)))
    verwacht = GEGEVENS["verwacht"]
    assert told["controle.afgerond"] == told["controle.gestart"] == verwacht["controles"] == 7
    assert (told["controle.gepland"], told["controle.afgelast"]) == (8, 1)
    assert told["persoon.aangetroffen"] == verwacht["gecontroleerdePersonen"] == 15
    assert told["locatie.vastgelegd"] == verwacht["locaties"] == 4
    assert told["hulp.aangeboden"] == 15
    assert told["mensenhandelsignaal.vastgelegd"] == 2
    counted = list(all_acts(Kenmerken(GEGEVENS), personen_apart=False))
    rows = sum(act.soort == "persoon.aangetroffen" for act in counted)
    counts = sum(sum(act.inhoud.get("perRol", {}).values()) for act in counted if act.soort == "telling.vastgelegd")
    assert (rows + counts, rows > 0, counts > 0) == (15, True, True), "the police in rows, the municipality in counts"
    assert not [a.door for a in counted if "persoon" in a.onderwerp and a.door.startswith(("boa", "regisseur"))]


def test_only_participants_record_and_the_work_is_spread():
    ids = Kenmerken(GEGEVENS)
    for controle in GEGEVENS["controles"]:
        writers = {act.door for act in work_inside(controle, ids, personen_apart=True)}
        assert writers <= set(controle["deelnemers"])
        assert not controle["personen"] or len(writers) > 1


def test_what_is_seen_lies_between_start_and_end():
    for controle in GEGEVENS["controles"]:
        begin, end = (datetime.fromisoformat(controle[key]) for key in ("aanvang", "einde"))
        moments = [act.waargenomen_op for act in work_inside(controle, Kenmerken(GEGEVENS), personen_apart=True)]
        assert all(begin <= moment <= end for moment in moments)


def test_two_roles_are_one_person():
    ids = Kenmerken(GEGEVENS)
    assert ids.person("aandachtsfunctionaris-1") == ids.person("regisseur-1")
    assert ids.rol("aandachtsfunctionaris-1") != ids.rol("regisseur-1")


def test_the_faults_concern_people_who_are_there():
    for sleutel, door in {**TWEE_KEER, **AFGEBROKEN, **TE_VROEG}.items():
        controle = find(GEGEVENS["controles"], sleutel)
        assert door in controle["deelnemers"]
        assert door != controle["coordinator"]
        assert any(act.door == door for act in work_inside(controle, Kenmerken(GEGEVENS), personen_apart=True))
    assert {controle["sleutel"] for controle in GEGEVENS["controles"]} >= ACHTERSTEVOREN


def test_every_step_comes_after_what_it_needs():
    veld = Veld(GEGEVENS, Kenmerken(GEGEVENS), {}, {}, {})
    order = [(s.play.__name__, s.row["sleutel"]) for s in sorted(tell_year(veld), key=lambda s: s.moment)]
    assert len(order) == len(set(order)) == 5 + 2 * (7 + 1) + 6 + 3 * 5 + 3 + 1

    def before(*steps):
        places = [order.index(step) for step in steps]
        assert places == sorted(places)

    before(("play_signaal", "S2"), ("play_plan", "C1"), ("play_controle", "C1"), ("play_rapportage", "R1"))
    before(("play_rapportage", "R1"), ("play_voornemen", "M1"), ("play_besluit", "M1"))
    before(("play_controle", "C2"), ("play_verbeurte", "M1"), ("play_invordering", "M1"))
    before(("play_rapportage", "R3"), ("play_toepassing", "M3"))
    before(("play_bekendmaking", "M3"), ("play_toepassing", "M3"))
    before(("play_plan", "A1"), ("play_afgelasting", "A1"))


def test_accounts_are_for_the_owner_only_and_replace_the_old(tmp_path):
    account = Account("boa-1", "geheim-genoeg-1234", "boa")
    assert "geheim" not in repr(account)
    save_accounts(tmp_path, {})
    path = save_accounts(tmp_path, {"boa-1": account})
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["demo.json"]
    assert json.loads(path.read_text()) == {
        "accounts": {"boa-1": {"gebruikersnaam": "boa-1", "wachtwoord": "geheim-genoeg-1234", "rol": "boa"}}
    }


@pytest.mark.parametrize(("dag", "text"), [("2023-02-13", "+01:00"), ("2023-07-10", "+02:00")])
def test_moments_are_dutch(dag, text):
    assert at_hour(dag, 9).isoformat() == f"{dag}T09:00:00{text}"
