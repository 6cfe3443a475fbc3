"""What the feed keeps of a run: per document and scope the last place, and only in scopes by which somebody pulls."""

import json
from uuid import uuid4

from app.access.beleid import BELEID
from app.registraties.register import DOCUMENTEN
from app.services.kluis.feed import GEVOED, Meldingen

KNOWN = {
    "attenderingen": {"gebied"},
    "controles": {"deelnemer", "gebied", "gemeente", "opsporing", "organisatie", "zorg"},
    "functionarissen": {"beheer", "gebied"},
    "grondslagenbijzonder": {"beheer", "gebied"},
    "locaties": {"deelnemer", "gebied", "organisatie"},
    "maatregelen": {"gebied", "gemeente"},
    "mensenhandelsignalen": {"mensenhandel", "organisatie"},
    "ontvangsten": {"deelnemer"},
    "organisaties": {"allen"},
    "rapportages": {"deelnemer", "gemeente", "orgaan", "organisatie"},
    "signalen": {"deelnemer", "gemeente", "organisatie", "politie"},
}
NU, TOEN = frozenset({"gebied:GM0243", "deelnemer:A"}), frozenset({"gebied:GM0243", "deelnemer:B"})


def _rows(meldingen):
    return {row["scope"]: (row["op"], row["pos"], row["eerste"]) for row in json.loads(meldingen.as_json())}


def test_a_kind_of_scope_that_is_new_to_the_feed_needs_a_rebuild():
    """Broken: a kind more in a row `controles:zien`. What was booked before is fed by `veldboek herbouw` only."""
    assert GEVOED == KNOWN, "say in the CHANGELOG: after this update run `veldboek herbouw`; then change this table"


def test_every_scope_by_which_somebody_pulls_is_fed():
    """Broken: the comparison in `kinds_for`; `reis.permissie` out of `permission_to_pull`."""
    for collectie, kinds in GEVOED.items():
        reis = DOCUMENTEN[collectie].reis
        rows = [r for r in BELEID if r.permissie == (reis.permissie or f"{collectie}:zien")]
        assert {str(kind) for r in rows for kind in r.bereik} == kinds
    assert {name for name, document in DOCUMENTEN.items() if document.reis} == GEVOED.keys()


def test_the_last_place_counts_and_the_first_is_kept():
    """Broken: each line of `Meldingen.announce`."""
    told, ident = Meldingen(), uuid4()
    told.announce("controles", ident, frozenset(), TOEN, 2, "GM0243")
    told.announce("controles", ident, TOEN, TOEN, 3, "GM0243")
    assert _rows(told) == {"gebied:GM0243": ("upsert", 4, 3), "deelnemer:B": ("upsert", 4, 3)}
    told.announce("controles", ident, TOEN, NU, 5, "GM0243")
    told.announce("controles", ident, NU, NU, 7, "GM0243")
    assert _rows(told) == {
        "gebied:GM0243": ("upsert", 8, 3),
        "deelnemer:B": ("revoke", 6, 3),
        "deelnemer:A": ("upsert", 8, 6),
    }
    told.announce("controles", ident, NU, TOEN, 8, "GM0243")
    assert _rows(told) == {
        "gebied:GM0243": ("upsert", 9, 3),
        "deelnemer:B": ("upsert", 9, 3),
        "deelnemer:A": ("revoke", 9, 6),
    }


def test_what_was_there_before_the_run_is_told_where_it_changed():
    """Broken: `told.eerste.setdefault` only for what is new."""
    told = Meldingen()
    told.announce("controles", uuid4(), NU, NU, 4, "GM0243")
    assert _rows(told) == {"gebied:GM0243": ("upsert", 5, 5), "deelnemer:A": ("upsert", 5, 5)}


def test_what_left_is_told_where_it_lay():
    """Struck and recorded anew in another municipality, in one run. Broken: `told.gemeente` for what left."""
    told, ident = Meldingen(), uuid4()
    there = frozenset({"gebied:GM0233", "deelnemer:A"})
    told.announce("controles", ident, NU, frozenset(), 0, "GM0243")
    told.announce("controles", ident, frozenset(), there, 1, "GM0233")
    lies = {row["scope"]: (row["op"], row["gemeente"]) for row in json.loads(told.as_json())}
    assert lies == {
        "gebied:GM0243": ("revoke", "GM0243"),
        "gebied:GM0233": ("upsert", "GM0233"),
        "deelnemer:A": ("upsert", "GM0233"),
    }


def test_nobody_pulls_by_some_scopes():
    """Broken: the condition in `as_json`."""
    told = Meldingen()
    told.announce("controles", uuid4(), frozenset(), frozenset({"team:A", "coordinator:A", "zorg:GM0243"}), 0, None)
    told.announce("toestellen", uuid4(), frozenset(), frozenset({"beheer"}), 0, None)
    told.announce("organisaties", uuid4(), frozenset(), frozenset({"allen", "beheer"}), 0, None)
    assert _rows(told).keys() == {"zorg:GM0243", "allen"}
