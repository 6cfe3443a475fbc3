"""What of a controle counts: persons, help, overtredingen; in rows and in counts, and both shapes say the same."""

from dataclasses import replace

import pytest

from app.problems import RegelGeschonden
from app.registraties.act import Feit
from app.registraties.controle.stand import stamp
from app.registraties.controle.tellen import concluded, help_by_kind, offered_help, outcomes, per_role
from app.registraties.register import ACTEN
from app.registraties.weigeringen import NogNiet
from app.vocabulary import Vlag
from tests.hulp.bouw import BOA, LEEG, PCT, geweigerd, ident, toegelaten, vouw
from tests.hulp.controles import (
    BEWEZEN,
    FEIT,
    GROND,
    KIND,
    NIETS,
    WONING,
    bij_controle,
    concludes,
    einde,
    figures,
    hulp,
    overtreding,
    persoon,
    plan,
    proof,
    start,
    telt,
    verhaal,
)


def test_the_whole_story_in_figures():
    day, there = ("GM0243", "2023-02-08"), {"locatie": ident("L0"), "thema": "prostitutie"}
    assert KIND.facts(vouw(verhaal(), WONING)) == [
        Feit("controle", *day, kenmerk="woning", **there),
        Feit("persoon", *day, 3, **there),
        Feit("illegale_prostitutie", *day, 3, **there),
        Feit("hulp_aangeboden", *day, 3, **there),
        Feit("bevinding", *day, kenmerk="aanbod_tegen_betaling", **there),
    ]


def test_what_was_found_counts_once_per_controle_and_only_if_it_was_found():
    """Two officers write down the same. Broken: `NIETS_GEVONDEN` empty; the set out of `found_what`."""
    said = [("hennep", None), ("hennep", "aangetroffen"), ("drugs", "niet_aangetroffen"), ("onveilig", "in_orde")]
    found = [
        bij_controle(
            "bevinding.vastgelegd", FEIT | {"code": code} | ({"uitkomst": of} if of else {}), bevinding=f"B{n}"
        )
        for n, (code, of) in enumerate(said)
    ]
    doc = vouw([start(inhoud={"thema": "hennep"}), *found], WONING)
    told = [(feit.maatstaf, feit.kenmerk, feit.aantal, feit.thema) for feit in KIND.facts(doc)]
    assert told == [("controle", "woning", 1, "hennep"), ("bevinding", "hennep", 1, "hennep")]


def test_nobody_at_home_is_a_controle_and_nothing_more():
    away = {"situatie": "niemand_aanwezig", "binnentreden": {"binnentreden": "niet_binnengetreden"}}
    doc = vouw([plan(), start(inhoud=away), einde(NIETS)], WONING)
    assert (doc["uitkomst"], doc["overtredingen"]) == ("niet_vastgesteld", [])
    assert [feit.maatstaf for feit in KIND.facts(doc)] == ["controle"]


@pytest.mark.parametrize(
    ("reeks", "why"),
    [
        ([plan()], "a plan is no controle"),
        ([plan(), start(oefening=True), persoon("P1")], "practice never counts"),
        ([start(vlaggen=(Vlag.DATUM_ONWAARSCHIJNLIJK,)), persoon("P1")], "until the date is corrected"),
    ],
)
def test_a_controle_that_counts_nowhere(reeks, why):
    assert KIND.facts(vouw(reeks, WONING)) == [], why


def test_a_practice_person_in_a_real_controle_does_not_count():
    doc = vouw([start(), proof(), persoon("P1"), persoon("P2", oefening=True), hulp("P2"), einde()], WONING)
    assert {feit.maatstaf: feit.aantal for feit in KIND.facts(doc)} == {
        "controle": 1,
        "persoon": 1,
        "illegale_prostitutie": 1,
        "bevinding": 1,
    }


def test_persons_count_once_and_by_conclusion():
    two = [
        {**BEWEZEN, "id": str(ident("O1")), "alleen": [str(ident("P1"))]},
        {**BEWEZEN, "id": str(ident("O2")), "alleen": [str(ident("P1")), str(ident("P2"))]},
        {**BEWEZEN, "id": str(ident("O3")), "soort": "exploitatie_zonder_vergunning"},
    ]
    found = [persoon("P1"), persoon("P2"), persoon("P3", "exploitant"), hulp("P1"), hulp("P1")]
    doc = vouw([start(), proof(), *found, einde({"overtredingen": two})], WONING)
    assert {feit.maatstaf: feit.aantal for feit in KIND.facts(doc)} == {
        "controle": 1,
        "persoon": 3,
        "illegale_prostitutie": 2,
        "hulp_aangeboden": 1,
        "bevinding": 1,
    }


def test_it_counts_on_the_local_date_of_the_start():
    doc = vouw([start(op="2023-12-31T23:30:00+00:00"), persoon("P1")], WONING)
    assert KIND.columns(doc) == {
        "status": "gestart",
        "thema": "prostitutie",
        "locatie": ident("L0"),
        "team_tot_en_met": None,
    }
    assert {feit.datum for feit in KIND.facts(doc)} == {"2024-01-01"}


def test_afterwards_things_are_only_added():
    doc = vouw(verhaal(), WONING)
    late = persoon("P4", vlaggen=(Vlag.NAGEKOMEN,))
    toegelaten(doc, late, BOA, GROND)
    after = vouw([late], doc=doc)
    assert after["status"] == "afgerond"
    assert after["personen"][-1]["nagekomen"] is True
    assert after["overtredingen"] == doc["overtredingen"]
    assert figures(after)["illegale_prostitutie"] == 4, "whenever their entries arrive"
    assert vouw([einde(NIETS)], doc=doc)["overtredingen"] == doc["overtredingen"], "the first end holds"


def test_the_last_count_of_each_holds():
    """Two who count in two rooms without a network lose nothing of each other; who counts again replaces his own."""
    counts = [telt({"sekswerker": 2}), telt({"sekswerker": 1}, PCT)]
    counts.append(telt({"sekswerker": 3, "klant": 1}, op="2023-02-08T19:45:00+01:00"))
    doc = vouw([start(), *counts, telt({"klant": 9}, oefening=True)], WONING)
    assert [telling["perRol"] for telling in doc["tellingen"]] == [
        {"sekswerker": 1},
        {"sekswerker": 3, "klant": 1},
        {"klant": 9},
    ]
    assert figures(doc) == {"controle": 1, "persoon": 5}, "practice does not count"


AS_ROWS = [*(persoon(f"P{n}") for n in range(1, 4)), persoon("P4", "klant")]


HELPED = {"doorverwezenNaar": ["ggd"], "toestemming": True}


SHAPES = {
    "rows": [*AS_ROWS, hulp("P1", HELPED), hulp("P1"), hulp("P2")],
    "counts, offers apart": [
        telt({"sekswerker": 3, "klant": 1}),
        *(bij_controle("hulp.aangeboden", given) for given in (HELPED, {})),
    ],
    "counts": [
        bij_controle(
            "telling.vastgelegd",
            {"perRol": {"sekswerker": 3, "klant": 1}, "hulpAangeboden": 2}
            | {"hulpPerSoort": {"ggd": 1}, "toestemming": True},
        )
    ],
    "rows by the police, counts by the municipality": [
        persoon("P1", door=PCT),
        hulp("P1", HELPED, door=PCT),
        telt({"sekswerker": 2, "klant": 1}),
        bij_controle("hulp.aangeboden", {}),
    ],
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("named", "counts"), [({}, 3), ({"aantal": 2}, 2), ({"aantal": 9}, 3), ({"alleen": ["P1", "P4"]}, None)]
)
def test_a_visit_gives_the_same_figures_in_either_shape(shape, named, counts):
    """Broken: rows or counts left out of `_added`, an offer without a person, `min`, the rol in `rows`."""
    found = SHAPES[shape]
    if counts is None:
        named, counts = {"alleen": [str(ident(naam)) for naam in named["alleen"]]}, int("rows" in shape)
    doc = vouw([start(), proof(), *found, concludes(**named)], WONING)
    told = {"persoon": 4, "illegale_prostitutie": counts, "hulp_aangeboden": 2, "hulp_soort": 1, "bevinding": 1}
    assert figures(doc) == {"controle": 1} | {name: number for name, number in told.items() if number}
    assert (per_role(doc), help_by_kind(doc)) == ({"klant": 1, "sekswerker": 3}, {"ggd": 1})


def test_two_numbers_may_be_the_same_persons():
    doc = vouw([start(), proof(), telt({"sekswerker": 3}), *(overtreding(naam) for naam in ("O2", "O3"))], WONING)
    for each in doc["overtredingen"]:
        each["aantal"] = 1
    assert figures(doc)["illegale_prostitutie"] == 1


def test_what_follows_on_an_offer_is_the_same_person():
    first = bij_controle("hulp.aangeboden", {})
    then = bij_controle("hulp.aangeboden", {**HELPED, "vervolgt": str(first.op)})
    last = bij_controle("hulp.aangeboden", {"vervolgt": str(then.op)})
    counted = bij_controle("telling.vastgelegd", {"hulpAangeboden": 1})
    about = bij_controle("hulp.aangeboden", {**HELPED, "vervolgt": str(counted.op)})
    assert "aanbod waarop dit volgt" in geweigerd(vouw([start()], WONING), then, BOA)
    doc = vouw([start(), first, then, last, counted, about], WONING)
    toegelaten(doc, then, BOA)
    assert (offered_help(doc), help_by_kind(doc)) == (2, {"ggd": 2})
    again = bij_controle("telling.vastgelegd", {"hulpAangeboden": 2}, op="2023-02-08T20:10:00+01:00")
    assert offered_help(vouw([again], doc=doc)) == 3, "who counts again has that person in it still"


def _following(of):
    return ACTEN["hulp.aangeboden"].read({"vervolgt": str(of.op), "hoedanigheid": "toezicht"}, 2)


def test_a_line_of_offers_is_one_person_wherever_it_is_asked_and_whatever_was_struck():
    """Broken: the walk in `_first` only over what stands before; what follows nothing left out of `offered_help`."""
    first, then, last = (bij_controle("hulp.aangeboden", {}) for _ in range(3))
    follows = [replace(first, inhoud=_following(then)), replace(then, inhoud=_following(last))]
    assert offered_help(vouw([start(), *follows, last], WONING)) == 1
    assert offered_help(vouw([start(), *follows], WONING)) == 1, "what the line began with was struck"
    both = [replace(last, inhoud=follows[0].inhoud), replace(then, inhoud=_following(last))]
    assert offered_help(vouw([start(), *both], WONING)) == 1, "two that follow each other"


def test_a_person_is_named_or_an_offer_is_followed():
    """Broken: the refusal of both in the guard."""
    first = bij_controle("hulp.aangeboden", {})
    doc = vouw([start(), persoon("P1"), first], WONING)
    assert "niet allebei" in geweigerd(doc, hulp("P1", {"vervolgt": str(first.op)}), BOA, GROND)
    toegelaten(doc, bij_controle("hulp.aangeboden", {"vervolgt": str(first.op)}), BOA)


def test_a_count_without_help_is_no_offer():
    """Broken: `if r.inhoud.says` out of the fold of a count."""
    counted = telt({"sekswerker": 2})
    doc = vouw([start(), counted], WONING)
    with pytest.raises(NogNiet):
        toegelaten(doc, bij_controle("hulp.aangeboden", {"vervolgt": str(counted.op)}), BOA)


def test_police_refer_to_comensha_without_consent_in_counts_as_well():
    told = bij_controle("telling.vastgelegd", {"hulpAangeboden": 1, "hulpPerSoort": {"comensha": 1}})
    toegelaten(vouw([start()], WONING), told, PCT)
    assert "toestemming" in geweigerd(vouw([start()], WONING), told, BOA)


@pytest.mark.parametrize(
    ("inhoud", "opens"),
    [({"hulpAangeboden": 0}, False), ({"hulpAangeboden": 1}, True), ({"perRol": {"klant": 1}}, False)],
)
def test_who_guides_hears_where_help_was_offered(inhoud, opens):
    doc = vouw([start(), bij_controle("telling.vastgelegd", inhoud)], WONING)
    assert ("zorg:GM0243" in KIND.scopes(doc)) is opens


def test_in_whatever_order_two_counts_of_one_officer_come_the_newest_holds():
    early = telt({"klant": 5}, op="2023-02-08T19:40:00+01:00")
    late = telt({"klant": 7}, op="2023-02-08T20:10:00+01:00")
    assert figures(vouw([start(), early, late], WONING)) == figures(vouw([start(), late, early], WONING))
    assert figures(vouw([start(), late, early], WONING))["persoon"] == 7


def test_an_overtreding_counts_who_is_found_whenever_that_arrives():
    early, late = overtreding(), [persoon("P1"), telt({"sekswerker": 2, "klant": 5}, vlaggen=(Vlag.NAGEKOMEN,))]
    doc = vouw([start(), proof(), early, einde({}), *late], WONING)
    assert figures(doc)["illegale_prostitutie"] == 3
    assert doc["overtredingen"] == [{"id": str(ident("O2")), **BEWEZEN, **stamp(early)}]
    assert outcomes(doc) == ["illegale_prostitutie"]


def test_the_order_in_which_an_end_and_a_conclusion_come_is_nothing():
    """Two officers who disagreed are both shown; an end that says nothing itself waits for what was concluded."""
    found = bij_controle("bevinding.vastgelegd", FEIT, bevinding="B1")
    doc = vouw([start(), found, overtreding()], WONING)
    assert "al vastgelegd" in geweigerd(doc, concludes(id=str(ident("O2"))), BOA)
    assert "al vastgelegd" in geweigerd(doc, overtreding(), BOA)
    toegelaten(doc, einde({}), BOA)
    toegelaten(doc, einde(NIETS), BOA)
    with pytest.raises(NogNiet):
        ACTEN["controle.afgerond"].guard(vouw([start(), found], WONING), einde({}), LEEG, BOA)
    one = vouw([start(), found, einde(NIETS), overtreding("O3", vlaggen=(Vlag.NAGEKOMEN,))], WONING)
    other = vouw([start(), found, overtreding("O3"), einde(NIETS)], WONING)
    assert outcomes(one) == outcomes(other) == ["illegale_prostitutie", "niet_vastgesteld"]


def test_an_end_goes_on_saying_something():
    found = bij_controle("bevinding.vastgelegd", FEIT, bevinding="B1")
    whole, less = ([start(), found, *said, einde({})] for said in ([overtreding()], []))
    KIND.heel(vouw(whole, WONING))
    with pytest.raises(RegelGeschonden, match="zegt de afronding niets meer"):
        KIND.heel(vouw(less, WONING))


def test_a_conclusion_of_which_nothing_stands_counts_no_more():
    """An app of before concluded from nothing: that stands."""
    proof = bij_controle("bevinding.vastgelegd", FEIT, bevinding="B1")
    with_it, without = ([start(), *seen, persoon("P1"), overtreding()] for seen in ([proof], []))
    assert figures(vouw(with_it, WONING))["illegale_prostitutie"] == 1
    assert figures(vouw(without, WONING)) == {"controle": 1, "persoon": 1}
    assert (concluded(vouw(without, WONING)), outcomes(vouw(without, WONING))) == ([], None)


def test_practice_proves_nothing_about_what_is_real():
    shown = bij_controle("bevinding.vastgelegd", FEIT, bevinding="B1", oefening=True)
    doc = vouw([start(), shown, persoon("P1", oefening=True), overtreding("O9", oefening=True)], WONING)
    assert "bevinding die in een oefening" in geweigerd(doc, overtreding(), BOA)
    toegelaten(doc, einde(NIETS), BOA)
    real = vouw([bij_controle("bevinding.vastgelegd", FEIT, bevinding="B1")], WONING, vouw([start()], WONING))
    real = vouw([persoon("P1", oefening=True)], WONING, real)
    named = concludes(alleen=[str(ident("P1"))])
    assert "persoon die in een oefening" in geweigerd(real, named, BOA, GROND)


def test_nothing_is_concluded_before_it_starts():
    assert "nog niet gestart" in geweigerd(vouw([plan()], WONING), overtreding(), PCT)


def test_a_practice_conclusion_about_a_real_controle_proves_nothing():
    doc = vouw([start(), persoon("P1"), overtreding(oefening=True)], WONING)
    assert concluded(doc) == []
    assert figures(doc) == {"controle": 1, "persoon": 1}


def test_what_an_app_of_before_concluded_counts_sekswerkers_only():
    """`alle` names nobody any more, so whoever arrives later counts; a list stays one."""
    act = ACTEN["controle.afgerond"]
    old = [
        {"soort": "illegale_prostitutie", "personen": "alle"},
        {"soort": "anders", "personen": [str(ident("P4"))], "bevindingen": [str(ident("B1"))]},
    ]
    read = act.read({"overtredingen": old}, 1)
    assert [each.alleen for each in read.overtredingen] == [None, (ident("P4"),)]
    closed = replace(einde(), inhoud=read)
    assert act.read_sealed(read.as_doc(), act.versie) == read, "also as what is left of it by a correction"
    doc = vouw([start(), *AS_ROWS, closed], WONING)
    assert figures(doc)["illegale_prostitutie"] == 3, "not the klant"
    assert len({each["id"] for each in doc["overtredingen"]}) == 2
    again = vouw([start(), *AS_ROWS, closed], WONING)
    assert doc["overtredingen"] == again["overtredingen"], "the same id at each fold"


def test_a_count_of_before_says_which_help_not_to_how_many():
    read = ACTEN["telling.vastgelegd"].read({"hulp": {"ggd": 2}}, 1)
    doc = vouw([start(), replace(telt({}), inhoud=read)], WONING)
    assert (doc["tellingen"][0]["hulpPerSoort"], offered_help(doc)) == ({"ggd": 2}, 0)
