"""Places: no answer tells who else knows of an address, what the police do there, or what lies behind an id.

Broken, each by itself and seen here: `load_places` or `stood_on` that look at what the actor may not see; the
remains of a struck locatie left out; `is_police` of locatie, controle or signaal that is never true; keys of one
compartment; `locaties:verwijzen` for all of a municipality.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from uuid_utils.compat import uuid7

from app.postgres import Server
from tests.hulp.herbouw import dump, rebuild
from tests.hulp.keten import HARDERWIJK, START, adres, team
from tests.hulp.panden import GEMEENTELIJK, VOORNEMEN, pand, plan
from tests.hulp.partner import add_partner
from tests.hulp.sync_proef import ALTIJD, accepted, correctie, doorhaling, verdict
from tests.hulp.wereld import Wereld
from tests.hulp.werelden_proef import Tellende, assert_alike, post_in_both, say, say_in_both, twee_werelden

Werelden = tuple[Tellende, Tellende]
HIER, ELDERS = "9", "11"


class Plaats:
    """One locatie of boa-1 and one of boa-2, elsewhere; what is hidden happens at the one or at the other."""

    def __init__(self, ids: dict[str, Any], nummer: str) -> None:
        self.ids, self.nummer = ids, nummer

    @property
    def locatie(self) -> UUID:
        return self.ids[self.nummer]["onderwerp"]["locatie"]


@pytest.fixture
async def plaatsen() -> dict[str, Any]:
    return {"eigen": uuid7(), "plan": uuid7(), "signaal": uuid7(), "maatregel": uuid7()}


@pytest.fixture
async def werelden(
    server: Server, bevolkt: Wereld, tmp_path: Path, plaatsen: dict[str, Any]
) -> AsyncIterator[Werelden]:
    async def prepare(wereld: Wereld) -> None:
        await add_partner(wereld)
        for wie, nummer in (("boa-1", HIER), ("boa-2", ELDERS)):
            plaatsen[nummer] = wereld.op(wie, "locatie.vastgelegd", {"locatie": uuid7()}, pand(nummer))
            await accepted(wereld, wie, plaatsen[nummer])

    async with twee_werelden(server, bevolkt, tmp_path, prepare) as both:
        yield both


async def hide(werelden: Werelden, plaatsen: dict[str, Any], what: Callable[[Wereld, Plaats], Awaitable[None]]) -> None:
    """Let `what` happen in both worlds: in the first elsewhere, in the second here."""
    for t, nummer in zip(werelden, (ELDERS, HIER), strict=True):
        await what(t.wereld, Plaats(plaatsen, nummer))


async def recorded_by_police(wereld: Wereld, plaats: Plaats) -> None:
    toezicht = pand(plaats.nummer, hoedanigheid="toezicht")
    body = {"onderwerp": {"locatie": str(plaats.ids["eigen"])}, "inhoud": toezicht}
    await wereld.make("pct-1", "/locaties", body)


async def investigated_by_police(wereld: Wereld, plaats: Plaats) -> None:
    """A place for opsporing, a controle planned and started there, a signaal and a sign of trafficking about it."""
    for_it = pand(plaats.nummer, hoedanigheid="opsporing", soort="hotel" if plaats.nummer == HIER else "salon")
    where, here = {"locatie": plaats.ids["eigen"]}, {"controle": plaats.ids["plan"]}
    sign = {"mensenhandelsignaal": plaats.ids["maatregel"], **here}
    seen = {"gemeente": HARDERWIJK, "soort": "uitbuiting", "indicatoren": [{"code": "angst", "bron": "waargenomen"}]}
    await accepted(
        wereld,
        "pct-1",
        wereld.op("pct-1", "locatie.vastgelegd", where, for_it, versie=2),
        wereld.op("pct-1", "controle.gepland", {**here, **where}, plan(wereld, "pct-1", "opsporing")),
        wereld.op("pct-1", "controle.gestart", {**here, **where}, START),
        wereld.op("pct-1", "persoon.aangetroffen", {**here, "persoon": uuid7()}, {"rol": "sekswerker"}),
        wereld.op(
            "pct-1", "signaal.gemeld", {"signaal": plaats.ids["signaal"], **where},
            {"bron": "overlastmelding", "gemeente": HARDERWIJK, "tekst": f"bij {plaats.nummer}"},
        ),
        wereld.op("pct-1", "mensenhandelsignaal.vastgelegd", sign, seen),
    )  # fmt: skip


async def toezicht_at_a_police_place(wereld: Wereld, plaats: Plaats) -> None:
    """Of two capacities the stricter decides."""
    where, here = {"locatie": plaats.ids["eigen"]}, {"controle": plaats.ids["plan"]}
    for_it = pand(plaats.nummer, hoedanigheid="openbare_orde")
    await accepted(
        wereld,
        "pct-1",
        wereld.op("pct-1", "locatie.vastgelegd", where, for_it, versie=2),
        wereld.op("pct-1", "controle.gestart", {**here, **where}, START | {"hoedanigheid": "toezicht"}),
    )


async def recorded_without_saying(wereld: Wereld, plaats: Plaats) -> None:
    """As a phone of 0.1.0 does; nobody asked for what."""
    where = {"locatie": plaats.ids["eigen"]}
    told = {"bron": "overlastmelding", "gemeente": HARDERWIJK, "tekst": f"bij {plaats.nummer}"}
    await accepted(
        wereld,
        "pct-1",
        wereld.op("pct-1", "locatie.vastgelegd", where, pand(plaats.nummer)),
        wereld.op("pct-1", "signaal.gemeld", {"signaal": plaats.ids["signaal"], **where}, told),
    )


async def planned_by_the_regisseur(wereld: Wereld, plaats: Plaats) -> None:
    about = {"controle": plaats.ids["plan"], "locatie": plaats.locatie}
    await accepted(
        wereld, "regisseur-1", wereld.op("regisseur-1", "controle.gepland", about, plan(wereld, "regisseur-1"))
    )


async def started_in_view(wereld: Wereld, plaats: Plaats) -> None:
    about = {"controle": plaats.ids["plan"], "locatie": plaats.locatie}
    await accepted(wereld, "regisseur-1", wereld.op("regisseur-1", "controle.gestart", about, START))


HIDDEN = (
    recorded_by_police, investigated_by_police, toezicht_at_a_police_place, recorded_without_saying,
    planned_by_the_regisseur,
)  # fmt: skip


@pytest.mark.parametrize("what", HIDDEN)
@pytest.mark.parametrize("online", [False, True])
async def test_a_strike_tells_of_nobody_else(
    werelden: Werelden,
    plaatsen: dict[str, Any],
    what: Callable[[Wereld, Plaats], Awaitable[None]],
    online: bool,  # noqa: FBT001
) -> None:
    """Same verdict, body, headers, size and statements; also of repeats, and of all that can be read afterwards."""
    await hide(werelden, plaatsen, what)
    ident = plaatsen[HIER]["onderwerp"]["locatie"]
    await assert_alike(werelden, "boa-1", ident)
    strike, again = (doorhaling(werelden[0].wereld, "boa-1", plaatsen[HIER], "locatie") for _ in "12")
    for n, op in enumerate((strike, strike, again, again)):
        if online:
            body = {"onderwerp": op["onderwerp"], "inhoud": op["inhoud"]}
            een, ander = await post_in_both(werelden, "boa-1", "/doorhalingen", body, UUID(op["opId"]))
            assert een.status == (201 if op is strike else 404)
        else:
            een, ander = await say_in_both(werelden, "boa-1", op)
            statuses = [een.inhoud[0]["resultaten"][0]["status"]]
            assert statuses == [("accepted", "duplicate", "deferred", "deferred")[n]]
        assert een == ander, n
    seen = await assert_alike(werelden, "boa-1", ident)
    assert plaatsen[HIER]["inhoud"]["adres"]["straat"] not in str(seen), "it is gone for who struck it"


async def test_what_stands_on_a_struck_place_keeps_what_it_copied(wereld: Wereld, database: Server) -> None:
    """The regisseur reads where to go, starts the controle, corrects that; the figures count it; a rebuild agrees."""
    place = wereld.op("boa-1", "locatie.vastgelegd", {"locatie": uuid7()}, pand(HIER))
    await accepted(wereld, "boa-1", place)
    about = {"controle": uuid7(), "locatie": place["onderwerp"]["locatie"]}
    planned = wereld.op("regisseur-1", "controle.gepland", about, plan(wereld, "regisseur-1"))
    await accepted(wereld, "regisseur-1", planned)
    await accepted(wereld, "boa-1", doorhaling(wereld, "boa-1", place, "locatie"))
    start = wereld.op("regisseur-1", "controle.gestart", about, START)
    await accepted(wereld, "regisseur-1", start, correctie(wereld, "regisseur-1", start, situatie="toegang_geweigerd"))
    doc = (await wereld.get("regisseur-1", f"/controles/{about['controle']}")).json()
    assert (doc["adres"], doc["locatie"], doc["situatie"]) == (adres(HIER), about["locatie"], "toegang_geweigerd")
    assert (await wereld.get("regisseur-1", f"/locaties/{about['locatie']}")).json()["doorgehaald"] is True
    again = wereld.op("boa-1", "locatie.vastgelegd", {"locatie": uuid7()}, pand(HIER))
    await accepted(wereld, "boa-1", again)
    new = (await wereld.get("regisseur-1", f"/locaties/{again['onderwerp']['locatie']}")).json()
    assert new["canoniek"] == about["locatie"], "the same address is one place, also after a strike"
    figures = (await wereld.get("regisseur-1", "/cijfers", **ALTIJD)).json()
    assert (figures["controles"], figures["locatiesPerSoort"]) == (1, {"woning": 1})
    live = await dump(database)
    await rebuild(database)
    assert await dump(database) == live


async def test_the_comparison_can_fail(werelden: Werelden, plaatsen: dict[str, Any]) -> None:
    """What he does see makes a difference, and then the two worlds differ."""
    await hide(werelden, plaatsen, started_in_view)
    strike = doorhaling(werelden[0].wereld, "boa-1", plaatsen[HIER], "locatie")
    een, ander = await say_in_both(werelden, "boa-1", strike)
    assert [a.inhoud[0]["resultaten"][0]["status"] for a in (een, ander)] == ["accepted", "quarantined"]
    with pytest.raises(AssertionError):
        await assert_alike(werelden, "boa-1", plaatsen["plan"])


@pytest.mark.parametrize("what", [investigated_by_police, toezicht_at_a_police_place, recorded_without_saying])
async def test_where_the_police_investigate_nobody_of_the_municipality_learns(
    werelden: Werelden, plaatsen: dict[str, Any], what: Callable[[Wereld, Plaats], Awaitable[None]]
) -> None:
    """At an address that the municipality knows, or at another: lists, feeds, counts, figures, filters are the same."""
    await hide(werelden, plaatsen, what)
    ids = [plaatsen[name] for name in ("eigen", "plan", "signaal", "maatregel")]
    ids += [plaatsen[nummer]["onderwerp"]["locatie"] for nummer in (HIER, ELDERS)]
    for wie in GEMEENTELIJK:
        shown = await assert_alike(werelden, wie, *ids)
        assert str(plaatsen["eigen"]) not in str([a.inhoud for a in shown.values()]), wie
    mine = werelden[0].wereld.op("boa-2", "locatie.vastgelegd", {"locatie": uuid7()}, pand(HIER))
    een, ander = await say_in_both(werelden, "boa-2", mine)
    assert een == ander
    place = (await werelden[1].wereld.get("regisseur-1", f"/locaties/{mine['onderwerp']['locatie']}")).json()
    assert place["canoniek"] == plaatsen[HIER]["onderwerp"]["locatie"], "the first of the municipality"
    for wie in ("boa-2", "regisseur-1"):  # who recorded it, and who is shown the first place
        await assert_alike(werelden, wie, mine["onderwerp"]["locatie"], *ids)
    figures = (await werelden[1].wereld.get("regisseur-1", "/cijfers", **ALTIJD)).json()
    started = what is not recorded_without_saying
    assert (figures["controles"], figures["gecontroleerdePersonen"], figures["locaties"]) == (started, 0, 0)
    attending = (await werelden[1].wereld.get("regisseur-1", "/attenderingen")).json()["resultaten"]
    assert [doc["id"] for doc in attending] == [str(plaatsen["plan"])] * started, "that there is a controle he hears"
    own = (await werelden[1].wereld.get("pct-1", f"/locaties/{plaatsen['eigen']}")).json()
    assert own["adres"] == adres(HIER), "who recorded it reads it"


NOEMT: dict[str, tuple[str, str, Callable[[dict[str, Any], Wereld], tuple[dict[str, UUID], dict[str, Any]]]]] = {
    "signaal van een boa": (
        "boa-1", "signaal.gemeld",
        lambda p, _w: ({"signaal": p["signaal"]}, {"bron": "overlastmelding", "gemeente": HARDERWIJK}),
    ),
    "signaal van een partner": (
        "zorg-1", "signaal.gemeld",
        lambda p, _w: ({"signaal": p["signaal"]}, {"bron": "ketenpartner", "gemeente": HARDERWIJK}),
    ),
    "start": ("boa-1", "controle.gestart", lambda p, _w: ({"controle": p["plan"]}, START)),
    "plan": ("pct-1", "controle.gepland", lambda p, w: ({"controle": p["plan"]}, plan(w, "pct-1"))),
}  # fmt: skip


@pytest.mark.parametrize("naam", NOEMT)
async def test_naming_a_place_that_is_not_his_tells_nothing(
    werelden: Werelden, plaatsen: dict[str, Any], naam: str
) -> None:
    """It is there, or no such id exists: the same answer, until quarantine and after; and no address comes back."""
    wie, soort, make = NOEMT[naam]
    ident = plaatsen[ELDERS]["onderwerp"]["locatie"]
    about, inhoud = make(plaatsen, werelden[0].wereld)
    known = werelden[0].wereld.op(wie, soort, {**about, "locatie": ident}, inhoud)
    # in the second world nobody ever recorded it: the same operation about an id that does not exist there
    unknown = known | {"onderwerp": known["onderwerp"] | {"locatie": str(uuid7())}}
    for n in range(3):
        answers = [await say(t, wie, op) for t, op in zip(werelden, (known, unknown), strict=True)]
        assert answers[0] == answers[1], n
    assert answers[0].inhoud[0]["resultaten"][0]["code"] in {"voorganger_ontbreekt", "onderwerp_onbekend"}
    seen = await assert_alike(werelden, wie, *about.values())
    assert adres(ELDERS) not in [doc.get("adres") for doc in seen["GET /signalen "].inhoud[0].get("resultaten", ())]
    assert not [name for name, answer in seen.items() if f"'huisnummer': '{ELDERS}'" in str(answer.inhoud)]


async def test_who_was_shown_a_place_may_name_it(wereld: Wereld) -> None:
    """A participant by the plan, the PCT by a signaal; and not any more when what showed it is gone."""
    place = wereld.op("boa-2", "locatie.vastgelegd", {"locatie": uuid7()}, pand(HIER))
    where = {"locatie": place["onderwerp"]["locatie"]}
    told = {"bron": "overlastmelding", "gemeente": HARDERWIJK}
    tip = wereld.op("boa-2", "signaal.gemeld", {"signaal": uuid7(), **where}, told)
    await accepted(wereld, "boa-2", place, tip)
    both = plan(wereld, "pct-1") | {"deelnemers": team(wereld, pct_1="coordineert", wijkagent_1="voert_uit")}
    here = {"controle": uuid7(), **where}
    outsider = wereld.op("wijkagent-1", "controle.gestart", {"controle": uuid7(), **where}, START)
    assert verdict((await wereld.push("wijkagent-1", outsider))[0]) == ("deferred", "voorganger_ontbreekt")
    await accepted(wereld, "pct-1", wereld.op("pct-1", "controle.gepland", here, both))
    await accepted(wereld, "wijkagent-1", wereld.op("wijkagent-1", "controle.gestart", here, START))
    assert (await wereld.get("wijkagent-1", f"/controles/{here['controle']}")).json()["adres"] == adres(HIER)
    other = wereld.op("boa-2", "locatie.vastgelegd", {"locatie": uuid7()}, pand(ELDERS))
    where = {"locatie": other["onderwerp"]["locatie"]}
    tip = wereld.op("boa-2", "signaal.gemeld", {"signaal": uuid7(), **where}, told)
    await accepted(wereld, "boa-2", other, tip)
    await accepted(wereld, "boa-2", doorhaling(wereld, "boa-2", tip, "signaal"))
    late = wereld.op("pct-1", "controle.gepland", {"controle": uuid7(), **where}, plan(wereld, "pct-1"))
    assert verdict((await wereld.push("pct-1", late))[0]) == ("deferred", "voorganger_ontbreekt")


async def test_nobody_reads_under_which_id_an_address_was_known_first(wereld: Wereld) -> None:
    """Not in a rapportage or a maatregel either: there too the officer sees the locatie that was named."""
    first = wereld.op("boa-2", "locatie.vastgelegd", {"locatie": uuid7()}, pand(HIER))
    await accepted(wereld, "boa-2", first)
    own = wereld.op("pct-1", "locatie.vastgelegd", {"locatie": uuid7()}, pand(HIER, hoedanigheid="toezicht"), versie=2)
    where, here = {"locatie": own["onderwerp"]["locatie"]}, {"controle": uuid7()}
    rapport = {
        "soort": "bestuurlijke_rapportage", "controles": [str(here["controle"])], "gemeente": HARDERWIJK, "tekst": "zo",
    }  # fmt: skip
    about = {"rapportage": uuid7()}
    aan = {
        "aan": {"orgaan": "burgemeester", "gemeente": HARDERWIJK},
        "weergave": "volledig",
        "verstrektOp": "2026-08-21",
    }
    await accepted(
        wereld, "pct-1", own,
        wereld.op("pct-1", "controle.gestart", {**here, **where}, START),
        wereld.op("pct-1", "rapportage.opgemaakt", about, rapport),
        wereld.op("pct-1", "rapportage.vastgesteld", about, {"vastgesteldOp": "2026-08-21"}),
        wereld.op("pct-1", "rapportage.verstrekt", about, aan),
    )  # fmt: skip
    shown = (await wereld.get("jurist-1", f"/rapportages/{about['rapportage']}")).json()
    assert shown["locaties"] == [first["onderwerp"]["locatie"]], "the authority recognises the address"
    mine = (await wereld.get("pct-1", f"/rapportages/{about['rapportage']}")).json()
    assert (mine["locatie"], mine["locaties"]) == (where["locatie"], [where["locatie"]])
    measure = {"maatregel": uuid7()}
    named = wereld.op("jurist-1", "maatregel.voorgenomen", {**measure, "locatie": shown["locatie"]}, VOORNEMEN)
    await accepted(wereld, "jurist-1", named)
    seen = (await wereld.get("pct-1", f"/maatregelen/{measure['maatregel']}")).json()
    assert seen["locatie"] == shown["locatie"] == named["onderwerp"]["locatie"]


@pytest.mark.parametrize("eerst", ["onbekend", "opsporing", "toezicht"])
async def test_a_person_says_for_what_and_nobody_moves_it(wereld: Wereld, database: Server, eerst: str) -> None:
    """What was not known may be said; what was said moves to no other circle. An old app leaves it as it was."""
    municipal = wereld.op("boa-1", "locatie.vastgelegd", {"locatie": uuid7()}, pand(HIER))
    await accepted(wereld, "boa-1", municipal)
    said = {} if eerst == "onbekend" else {"hoedanigheid": eerst}
    place = wereld.op("pct-1", "locatie.vastgelegd", {"locatie": uuid7()}, pand(HIER, **said), versie=2 if said else 1)
    await accepted(wereld, "pct-1", place)
    pad = f"/locaties/{place['onderwerp']['locatie']}"

    async def seen() -> int:
        return (await wereld.get("regisseur-1", pad)).status_code

    assert await seen() == (200 if eerst == "toezicht" else 404)
    older = correctie(wereld, "pct-1", place, soort="hotel") | {"versie": 1}
    older["inhoud"] = {name: value for name, value in older["inhoud"].items() if name != "hoedanigheid"}
    await accepted(wereld, "pct-1", older)
    assert await seen() == (200 if eerst == "toezicht" else 404)
    other = "opsporing" if eerst == "toezicht" else "toezicht"
    (result,) = await wereld.push(
        "pct-1", correctie(wereld, "pct-1", place, basis=older, hoedanigheid=other) | {"versie": 2}
    )
    assert result["status"] == ("accepted" if eerst == "onbekend" else "quarantined")
    assert await seen() == (404 if eerst == "opsporing" else 200)
    if await seen() == 200:
        doc = (await wereld.get("regisseur-1", pad)).json()
        assert (doc["hoedanigheid"], doc["canoniek"]) == ("toezicht", municipal["onderwerp"]["locatie"])
    live = await dump(database)
    await rebuild(database)
    assert await dump(database) == live


async def test_another_capacity_is_for_who_has_it(wereld: Wereld) -> None:
    for wie, hoedanigheid, status in (
        ("boa-1", "opsporing", 201),
        ("boa-1", "openbare_orde", 409),
        ("regisseur-1", "opsporing", 409),
        ("pct-1", "opsporing", 201),
        ("boa-1", "toezicht", 201),
    ):
        body = {"onderwerp": {"locatie": str(uuid7())}, "inhoud": pand(HIER, hoedanigheid=hoedanigheid)}
        assert (await wereld.post(wie, "/locaties", body)).status_code == status, (wie, hoedanigheid)
    body = {"onderwerp": {"locatie": str(uuid7())}, "inhoud": pand(HIER)}
    assert (await wereld.post("pct-1", "/locaties", body, sleutel=uuid4())).status_code == 400, "it is asked"


async def test_the_authority_decides_on_places_of_its_own_and_not_of_the_police(wereld: Wereld) -> None:
    for wie, hoedanigheid, status in (
        ("boa-1", "toezicht", 201),
        ("pct-1", "toezicht", 201),
        ("pct-1", "opsporing", 404),
    ):
        place = {"onderwerp": {"locatie": str(uuid7())}, "inhoud": pand(HIER, hoedanigheid=hoedanigheid)}
        await wereld.make(wie, "/locaties", place)
        about = {"maatregel": str(uuid7()), "locatie": place["onderwerp"]["locatie"]}
        answer = await wereld.post("jurist-1", "/maatregelen", {"onderwerp": about, "inhoud": VOORNEMEN})
        assert answer.status_code == status, (wie, hoedanigheid)
        if status == 404:
            unknown = {"onderwerp": about | {"locatie": str(uuid7())}, "inhoud": VOORNEMEN}
            assert (await wereld.post("jurist-1", "/maatregelen", unknown)).json() == answer.json()
