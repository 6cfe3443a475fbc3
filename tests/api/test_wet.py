"""Under which law what was recorded is sealed, and who reads it: the table of app/access/wet.py, seen from outside.

Broken, each by itself and seen here: `shut` that adds nothing; `closed` that is empty; the sealed `kring` ignored by
`sealed_kring`; `kring_after` that lets anybody open; `moves_circle` that is never true; the circle of a branch left out
in `Vouwer.differ`, or in `shut_by`; `circle_of` that forgets the circle of the entry; `weiger` out of
rapportage.opgemaakt; the row of a boa out of the policy; `_is_said` that takes anything; what has no row let through.
"""

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from uuid_utils.compat import uuid7

from app.access import wet
from app.access.wet import TABEL, index
from app.postgres import Server
from app.vocabulary import Regime
from tests.hulp.herbouw import dump, rebuild
from tests.hulp.ingehouden import decide
from tests.hulp.keten import HARDERWIJK, START, team
from tests.hulp.panden import GEMEENTELIJK, pand, plan
from tests.hulp.sync_proef import ALTIJD, accepted, correctie, doorhaling, select, verdict
from tests.hulp.wereld import Wereld, add_mens
from tests.hulp.werelden_proef import assert_alike, say, twee_werelden

FEIT = {"code": "hennep", "aard": "feit", "wijze": "waargenomen", "tekst": "op zolder"}
ZORG = {"gemeente": HARDERWIJK, "soort": "uitbuiting", "indicatoren": [{"code": "angst", "bron": "waargenomen"}]}


async def sealed(database: Server, op: dict[str, Any]) -> tuple[str, str, str] | None:
    """The law that an entry was sealed under: regime, controller, circle; None where there was no row for it."""
    ((omslag,),) = await select(
        database, "SELECT omslag FROM kluis.inhoud JOIN grootboek.entry USING (pos) WHERE op = :op", op=UUID(op["opId"])
    )
    found = json.loads(omslag)
    return (found["regime"], found["verwerkingsverantwoordelijke"], found["kring"]) if "regime" in found else None


async def status(wereld: Wereld, wie: str, collectie: str, ident: Any) -> int:
    return (await wereld.get(wie, f"/{collectie}/{ident}")).status_code


async def same_after_rebuild(database: Server) -> None:
    live = await dump(database)
    await rebuild(database)
    assert await dump(database) == live


def visit(
    wereld: Wereld, wie: str, hoedanigheid: str = "toezicht", ids: dict[str, UUID] | None = None, **wie_nog: str
) -> tuple[dict[str, UUID], list[dict[str, Any]]]:
    """A place, a controle that starts there and a finding, all in one capacity; with the ids of all that."""
    made = ids or {name: uuid7() for name in ("locatie", "controle", "bevinding")}
    here, said = {"controle": made["controle"]}, {"hoedanigheid": hoedanigheid}
    start = START | said | {"deelnemers": team(wereld, **{wie.replace("-", "_"): "coordineert"}, **wie_nog)}
    return made, [
        wereld.op(wie, "locatie.vastgelegd", {"locatie": made["locatie"]}, pand("9", **said), versie=2),
        wereld.op(wie, "controle.gestart", {**here, "locatie": made["locatie"]}, start),
        wereld.op(wie, "bevinding.vastgelegd", {**here, "bevinding": made["bevinding"]}, FEIT | said),
    ]


@pytest.mark.parametrize(
    ("wie", "hoedanigheid", "law"),
    [
        ("boa-1", "toezicht", ("AVG", "gemeente", "gemeente")),
        ("boa-1", "opsporing", ("WPG8", "gemeente_als_boa_werkgever", "opsporing")),
        ("pct-1", "toezicht", ("AVG", "korpschef", "gemeente")),
        ("pct-1", "vreemdelingentoezicht", ("AVG", "korpschef", "politie")),
        ("wijkagent-1", "opsporing", ("WPG8", "korpschef", "politie")),
        ("wijkagent-1", "openbare_orde", ("WPG8", "korpschef", "politie")),
    ],
)
async def test_each_entry_is_sealed_under_its_own_law_and_read_so(
    wereld: Wereld, database: Server, wie: str, hoedanigheid: str, law: tuple[str, str, str]
) -> None:
    made, ops = visit(wereld, wie, hoedanigheid)
    await accepted(wereld, wie, *ops)
    assert [await sealed(database, op) for op in ops] == [law] * 3
    circle = law[2]
    for reader, reads in {
        "regisseur-1": ("gemeente",),
        "boa-2": ("gemeente", "opsporing"),
        "pct-1": ("gemeente",),
    }.items():
        expected = 200 if circle in reads or reader == wie else 404
        assert await status(wereld, reader, "controles", made["controle"]) == expected, reader
    assert await status(wereld, "regisseur-1", "locaties", made["locatie"]) == (200 if circle == "gemeente" else 404)
    assert await status(wereld, "jurist-1", "controles", made["controle"]) == 404
    attending = (await wereld.get("regisseur-1", "/attenderingen")).json()["resultaten"]
    assert [doc["id"] for doc in attending] == [str(made["controle"])], "that there is a controle he hears of every one"
    await same_after_rebuild(database)


async def test_a_planned_investigation_of_a_boa_is_known_to_who_takes_part(wereld: Wereld) -> None:
    made, (place, _start, _) = visit(wereld, "boa-1", "opsporing")
    about = {"controle": made["controle"], "locatie": made["locatie"]}
    plan_ = plan(wereld, "regisseur-1", "opsporing") | {"deelnemers": team(wereld, boa_1="coordineert")}
    plan_ |= {"coordinator": str(wereld.mensen["boa-1"].functionaris), "onderlingeRegeling": "AVG 26, 2026/3"}
    await accepted(wereld, "boa-1", place, wereld.op("boa-1", "controle.gepland", about, plan_))
    shown = (await wereld.get("boa-1", f"/controles/{made['controle']}")).json()
    assert (shown["hoedanigheid"], shown["onderlingeRegeling"]) == ("opsporing", "AVG 26, 2026/3")
    for wie in ("boa-2", "boa-ermelo", "regisseur-1", "pct-1"):
        assert await status(wereld, wie, "controles", made["controle"]) == 404, wie


async def test_police_plan_an_investigation_and_nobody_of_the_municipality_learns_more(
    server: Server, bevolkt: Wereld, tmp_path: Path
) -> None:
    """Here in one world and elsewhere in the other, with another outcome: all that he can read is alike."""
    ids = [{name: uuid7() for name in ("locatie", "controle", "bevinding")} for _ in "12"]

    async def nothing(_wereld: Wereld) -> None:
        """Both worlds begin as they are."""

    async with twee_werelden(server, bevolkt, tmp_path, nothing) as both:
        for t, nummer in zip(both, ("9", "11"), strict=True):
            w, (made, ops) = t.wereld, visit(t.wereld, "pct-1", "opsporing", ids[0])
            ops[0]["inhoud"] |= pand(nummer)
            about = {"controle": made["controle"], "locatie": made["locatie"]}
            planned = w.op("pct-1", "controle.gepland", about, plan(w, "pct-1", "opsporing"))
            person = w.op("pct-1", "persoon.aangetroffen", {"controle": made["controle"], "persoon": uuid7()}, {
                "rol": "sekswerker" if nummer == "9" else "bewoner", "hoedanigheid": "opsporing",
            })  # fmt: skip
            await accepted(w, "pct-1", ops[0], planned, ops[1], ops[2], person)
        for wie in GEMEENTELIJK:
            shown = await assert_alike(both, wie, *ids[0].values())
            assert str(ids[0]["locatie"]) not in str([a.inhoud for a in shown.values()]), wie
        mine = {"locatie": uuid7()}
        answers = [await say(t, "boa-1", t.wereld.op("boa-1", "locatie.vastgelegd", mine, pand("9"))) for t in both]
        assert [a.inhoud[0]["resultaten"][0]["status"] for a in answers] == ["accepted"] * 2
        places = [(await t.wereld.get("regisseur-1", f"/locaties/{mine['locatie']}")).json() for t in both]
        assert [place["canoniek"] for place in places] == [str(mine["locatie"])] * 2, "canonical per compartment"
        figures = (await both[0].wereld.get("regisseur-1", "/cijfers", **ALTIJD)).json()
        assert (figures["controles"], figures["gecontroleerdePersonen"]) == (1, 0)


async def test_one_entry_in_another_capacity_shuts_the_controle(wereld: Wereld, database: Server) -> None:
    """The stricter decides, in figures too; once it is struck the rest is what it was."""
    made, ops = visit(wereld, "boa-1", wijkagent_1="voert_uit")
    await accepted(wereld, "boa-1", *ops)
    here = {"controle": made["controle"]}
    seen = wereld.op(
        "wijkagent-1", "persoon.aangetroffen", {**here, "persoon": uuid7()},
        {"rol": "exploitant", "hoedanigheid": "opsporing"},
    )  # fmt: skip
    assert await status(wereld, "regisseur-1", "controles", made["controle"]) == 200
    await accepted(wereld, "wijkagent-1", seen)
    assert await status(wereld, "regisseur-1", "controles", made["controle"]) == 404
    assert await status(wereld, "boa-2", "controles", made["controle"]) == 404
    assert await status(wereld, "boa-1", "controles", made["controle"]) == 200, "who takes part does"
    figures = (await wereld.get("regisseur-1", "/cijfers", **ALTIJD)).json()
    assert (figures["controles"], figures["gecontroleerdePersonen"]) == (1, 0)
    await accepted(wereld, "wijkagent-1", doorhaling(wereld, "wijkagent-1", seen, "controle"))
    assert await status(wereld, "regisseur-1", "controles", made["controle"]) == 200
    await same_after_rebuild(database)


async def test_what_the_police_sent_without_saying_is_theirs_until_one_of_them_says_which(
    wereld: Wereld, database: Server
) -> None:
    """From an app of before: kept, and shut. A colleague of the municipality cannot open it; its writer can."""
    made, ops = visit(wereld, "boa-1", wijkagent_1="voert_uit")
    about = {"controle": made["controle"], "bevinding": uuid7()}
    old = wereld.op("wijkagent-1", "bevinding.vastgelegd", about, FEIT, versie=2)
    mine = wereld.op("boa-1", "persoon.aangetroffen", {**about, "persoon": uuid7()}, {"rol": "klant"}, versie=1)
    mine["onderwerp"].pop("bevinding")
    await accepted(wereld, "boa-1", *ops, mine)
    await accepted(wereld, "wijkagent-1", old)
    assert await sealed(database, mine) == ("AVG", "gemeente", "gemeente")
    assert await sealed(database, old) == ("WPG8", "korpschef", "onbekend")
    assert await status(wereld, "regisseur-1", "controles", made["controle"]) == 404
    opened = correctie(wereld, "boa-1", old, hoedanigheid="toezicht") | {"versie": 3}
    await accepted(wereld, "boa-1", opened)
    assert await status(wereld, "regisseur-1", "controles", made["controle"]) == 404
    still = correctie(wereld, "wijkagent-1", old, basis=opened, tekst="beter gezien")
    await accepted(wereld, "wijkagent-1", still)
    assert await status(wereld, "regisseur-1", "controles", made["controle"]) == 404, "the old app says nothing of it"
    told = correctie(wereld, "wijkagent-1", old, basis=still, hoedanigheid="toezicht") | {"versie": 3}
    await accepted(wereld, "wijkagent-1", told)
    assert await sealed(database, told) == ("AVG", "korpschef", "gemeente")
    doc = (await wereld.get("regisseur-1", f"/controles/{made['controle']}")).json()
    assert [b["tekst"] for b in doc["bevindingen"]] == ["op zolder", "op zolder"]
    assert "hoedanigheid" not in doc["bevindingen"][1]
    moved = correctie(wereld, "wijkagent-1", old, basis=told, hoedanigheid="opsporing") | {"versie": 3}
    assert verdict((await wereld.push("wijkagent-1", moved))[0]) == ("quarantined", "regel_geschonden")
    await same_after_rebuild(database)


async def test_an_open_difference_shows_nothing_of_the_police(wereld: Wereld, database: Server) -> None:
    """A branch is shown beside what holds, with its content: so it counts for who reads, until it is struck."""
    report = {"bron": "overlastmelding", "gemeente": HARDERWIJK, "tekst": "een"}
    op = wereld.op("boa-1", "signaal.gemeld", {"signaal": uuid7()}, report)
    ident = op["onderwerp"]["signaal"]
    second = correctie(wereld, "boa-1", op, tekst="twee")
    await accepted(wereld, "boa-1", op, second)
    branch = correctie(wereld, "pct-1", op, bron="politie", tekst="wat de politie weet")
    assert await status(wereld, "regisseur-1", "signalen", ident) == 200
    assert verdict((await wereld.push("pct-1", branch))[0]) == ("conflict", "basis_gewijzigd")
    assert await status(wereld, "regisseur-1", "signalen", ident) == 404
    await accepted(wereld, "boa-1", correctie(wereld, "boa-1", op, basis=second, tekst="drie"))
    assert await status(wereld, "regisseur-1", "signalen", ident) == 404, "folded again, it is still shown there"
    await same_after_rebuild(database)


async def test_an_officer_of_the_police_is_never_silently_supervising(wereld: Wereld) -> None:
    """Online he is asked, in Dutch; nobody is asked twice who said it."""
    made, ops = visit(wereld, "pct-1")
    await accepted(wereld, "pct-1", *ops)
    pad, body = f"/controles/{made['controle']}/personen", {"onderwerp": {"persoon": str(uuid7())}}
    for silent in ({"rol": "klant"}, {"rol": "klant", "hoedanigheid": "onbekend"}):
        answer = await wereld.post("pct-1", pad, body | {"inhoud": silent})
        assert answer.status_code == 400
        assert "hoedanigheid" in answer.text
    assert "Zeg in welke hoedanigheid u dit vastlegt." in answer.text
    await wereld.make("pct-1", pad, body | {"inhoud": {"rol": "klant", "hoedanigheid": "toezicht"}})


async def test_what_has_no_row_is_sealed_under_no_law(wereld: Wereld, database: Server) -> None:
    """An officer of the police who was given a role at a municipality: kept, told why, and taken in by nobody."""
    await add_mens(wereld, "wijkagent-x", "wijkagent", "harderwijk", [HARDERWIJK])
    _, ops = visit(wereld, "boa-1")
    place = wereld.op("wijkagent-x", "locatie.vastgelegd", {"locatie": uuid7()}, ops[0]["inhoud"], versie=2)
    assert verdict((await wereld.push("wijkagent-x", place))[0]) == ("quarantined", "regel_geschonden")
    assert await sealed(database, place) is None
    assert (await wereld.push("wijkagent-x", place))[0]["status"] == "duplicate"
    body = {"onderwerp": {"locatie": str(uuid7())}, "inhoud": ops[0]["inhoud"]}
    answer = await wereld.post("wijkagent-x", "/locaties", body)
    assert (answer.status_code, "Onder welke wet" in answer.text) == (409, True)
    assert (await decide(wereld, place["opId"], wie="pct-1")).status_code == 409
    await same_after_rebuild(database)


async def test_a_sign_of_trafficking_by_the_police_is_the_korpschefs(wereld: Wereld, database: Server) -> None:
    signs = {
        wie: wereld.op(wie, "mensenhandelsignaal.vastgelegd", {"mensenhandelsignaal": uuid7()}, ZORG)
        for wie in ("pct-1", "boa-1")
    }
    for wie, op in signs.items():
        await accepted(wereld, wie, op)
    assert await sealed(database, signs["pct-1"]) == ("WPG8", "korpschef", "mensenhandel")
    assert await sealed(database, signs["boa-1"]) == ("AVG", "gemeente", "mensenhandel")


async def test_a_rapportage_is_over_toezicht_only(wereld: Wereld, database: Server) -> None:
    """Over another capacity it takes a verstrekking (Wpg 16–20): refused online and kept when pushed."""
    report = {"soort": "bestuurlijke_rapportage", "gemeente": HARDERWIJK, "tekst": "zo"}
    for hoedanigheid, code in (("opsporing", 409), ("vreemdelingentoezicht", 409), ("toezicht", 201)):
        made, ops = visit(wereld, "pct-1", hoedanigheid)
        await accepted(wereld, "pct-1", *ops)
        about, inhoud = {"rapportage": uuid7()}, report | {"controles": [str(made["controle"])]}
        answer = await wereld.post(
            "pct-1", "/rapportages", {"onderwerp": {"rapportage": str(uuid7())}, "inhoud": inhoud}
        )
        assert answer.status_code == code, hoedanigheid
        assert answer.json().get("artikel") == (None if code == 201 else "Wpg 16–20")
        pushed = wereld.op("pct-1", "rapportage.opgemaakt", about, inhoud)
        (result,) = await wereld.push("pct-1", pushed)
        assert result["status"] == ("accepted" if code == 201 else "quarantined")
    assert await sealed(database, pushed) == ("AVG", "korpschef", "gemeente")


async def test_what_a_boa_investigates_is_decided_among_boas(wereld: Wereld) -> None:
    """In quarantine too: another boa of that municipality looks and decides, and nobody else."""
    made, ops = visit(wereld, "boa-1", "opsporing", boa_2="ondersteunt")
    await accepted(wereld, "boa-1", *ops)
    here = {"controle": made["controle"]}
    late = wereld.op("boa-2", "controle.afgerond", here, {"uitkomst": "niet_vastgesteld", "hoedanigheid": "opsporing"})
    assert verdict((await wereld.push("boa-2", late))[0]) == ("quarantined", "regel_geschonden")
    reason = {"X-Audit-Toelichting": "Kijken wat er in quarantaine staat"}
    for wie, code in {"regisseur-1": 403, "pct-1": 404, "boa-ermelo": 404, "boa-1": 200}.items():
        answer = await wereld.get(wie, f"/quarantaine/{late['opId']}", headers=reason)
        assert answer.status_code == code, (wie, answer.text)


@pytest.mark.parametrize(("wie", "desk"), [("boa-1", "boa-2"), ("wijkagent-1", "pct-1")])
async def test_what_is_kept_of_an_investigation_is_for_its_circle(wereld: Wereld, wie: str, desk: str) -> None:
    """Also where no document says so yet: the law of the entry does."""
    place = pand("9", hoedanigheid="opsporing", gemeente="GM0344")
    op = wereld.op(wie, "locatie.vastgelegd", {"locatie": uuid7()}, place, versie=2)
    assert verdict((await wereld.push(wie, op))[0]) == ("quarantined", "recht_ontbreekt")
    reason = {"X-Audit-Toelichting": "Kijken wat er in quarantaine staat"}
    for reader, code in {"regisseur-1": 403, desk: 200}.items():
        answer = await wereld.get(reader, f"/quarantaine/{op['opId']}", headers=reason)
        assert answer.status_code == code, (reader, answer.text)


async def test_a_repeat_is_a_repeat_whatever_the_table_says_now(
    wereld: Wereld, database: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sealed stays; only what comes later is under the new row. A rebuild asks no table."""
    _, ops = visit(wereld, "boa-1")
    await accepted(wereld, "boa-1", *ops)
    changed = tuple(r._replace(wet=r.wet._replace(regime=Regime.WPG9)) if r.naam == "toezicht" else r for r in TABEL)
    monkeypatch.setattr(wet, "_INDEX", index(changed))
    assert [r["status"] for r in await wereld.push("boa-1", *ops)] == ["duplicate"] * 3
    later = wereld.op(
        "boa-1",
        "persoon.aangetroffen",
        {"controle": ops[1]["onderwerp"]["controle"], "persoon": uuid4()},
        {"rol": "klant"},
    )
    await accepted(wereld, "boa-1", later)
    assert [(await sealed(database, op) or ())[0] for op in (ops[2], later)] == ["AVG", "WPG9"]
    await same_after_rebuild(database)


async def test_the_verdict_holds_what_the_law_needs(wereld: Wereld, database: Server) -> None:
    """The verdict says of what kind of organisation the writer was: the law can be told from the entry alone."""
    _, ops = visit(wereld, "boa-1")
    await accepted(wereld, "boa-1", *ops)
    rows = await select(database, "SELECT oordeel FROM kluis.inhoud ORDER BY pos DESC LIMIT 3")
    assert {json.loads(oordeel)["organisatieSoort"] for (oordeel,) in rows} == {"gemeente"}
