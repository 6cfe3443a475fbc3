"""In whatever order it arrives, and wherever a document goes: what counts and what a phone holds end the same."""

from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
from uuid_utils.compat import uuid7

from app.postgres import Server
from tests.hulp.herbouw import run_sql
from tests.hulp.ingehouden import the_same_again
from tests.hulp.keten import team
from tests.hulp.sync_proef import accepted, controle, melding, verdict
from tests.hulp.wereld import Wereld, add_mens

BEWIJS = {"code": "aanbod_tegen_betaling", "aard": "feit", "wijze": "waargenomen"}
JAAR = {"gemeente": "GM0243", "van": "2026-01-01", "totEnMet": "2026-12-31"}


async def visit(w: Wereld, *, started: bool = True) -> tuple[UUID, Any]:
    """A controle with two boa's; its start, sent or not."""
    locatie, start = controle(w, "boa-1")
    start["inhoud"]["deelnemers"] = team(w, boa_1="coordineert", boa_2="voert_uit")
    await accepted(w, "boa-1", locatie, *([start] if started else []))
    return UUID(start["onderwerp"]["controle"]), start


async def settle(w: Wereld, *sent: tuple[str, Any]) -> None:
    """Each pushes what is his, again as often as he is told to."""
    waiting = list(sent)
    for _ in range(3):
        outcomes = [(wie, op, (await w.push(wie, op))[0]) for wie, op in waiting]
        waiting = [(wie, op) for wie, op, outcome in outcomes if outcome["status"] == "deferred"]


async def outcome_of(w: Wereld, ident: UUID) -> tuple[Any, ...]:
    """What came of a controle."""
    doc = (await w.get("boa-1", f"/controles/{ident}")).json()
    figures = (await w.get("regisseur-1", "/cijfers", **JAAR)).json()
    told = ("gecontroleerdePersonen", "personenIllegaleProstitutie", "hulpAangeboden")
    return doc["status"], doc.get("uitkomsten"), *(figures[name] for name in told)


@pytest.mark.parametrize("order", range(6))
async def test_a_conclusion_waits_for_what_it_rests_on(wereld: Wereld, database: Server, order: int) -> None:
    """Of a colleague, whose phone was slower. Broken: `NogNiet` made a refusal in `_check_known`."""
    w, (ident, _) = wereld, await visit(wereld)
    here = {"controle": ident}
    person, found = uuid7(), uuid7()
    sent = [
        ("boa-1", w.op("boa-1", "persoon.aangetroffen", {**here, "persoon": person}, {"rol": "sekswerker"})),
        ("boa-1", w.op("boa-1", "bevinding.vastgelegd", {**here, "bevinding": found}, BEWIJS)),
        (
            "boa-2",
            w.op(
                "boa-2",
                "overtreding.vastgesteld",
                {**here, "overtreding": uuid7()},
                {"soort": "illegale_prostitutie", "bevindingen": [str(found)], "alleen": [str(person)]},
            ),
        ),
    ]
    await settle(w, *list(permutations(sent))[order])
    await settle(w, ("boa-2", w.op("boa-2", "hulp.aangeboden", {**here, "persoon": person}, {})))
    assert await outcome_of(w, ident) == ("gestart", ["illegale_prostitutie"], 1, 1, 1)
    await the_same_again(w, database)


async def test_help_waits_for_whoever_it_is_offered_to(wereld: Wereld) -> None:
    w, (ident, _) = wereld, await visit(wereld)
    whom = {"controle": ident, "persoon": uuid7()}
    offer = w.op("boa-2", "hulp.aangeboden", whom, {})
    assert verdict((await w.push("boa-2", offer))[0]) == ("deferred", "voorganger_ontbreekt")
    await accepted(w, "boa-1", w.op("boa-1", "persoon.aangetroffen", whom, {"rol": "klant"}))
    await accepted(w, "boa-2", offer)


async def test_an_end_waits_for_the_start(wereld: Wereld) -> None:
    """Planned, and the phone of who started it is slower. Broken: `refuse` in the guard of either."""
    w, (locatie, start) = wereld, controle(wereld, "boa-1")
    both = team(w, boa_1="coordineert", boa_2="voert_uit")
    start["inhoud"]["deelnemers"] = both
    here = {"controle": UUID(start["onderwerp"]["controle"])}
    plan = {
        "venster": {"van": "2026-08-19T18:00:00+02:00", "tot": "2026-08-19T23:00:00+02:00"},
        "aanleidingen": [{"soort": "eigen_waarneming"}],
        "initiatief": str(w.organisaties["harderwijk"]),
        "coordinator": str(w.mensen["boa-1"].functionaris),
        "deelnemers": both,
    }
    subject = {**here, "locatie": UUID(start["onderwerp"]["locatie"])}
    await accepted(w, "boa-1", locatie, w.op("boa-1", "controle.gepland", subject, plan))
    found = w.op("boa-2", "bevinding.vastgelegd", {**here, "bevinding": uuid7()}, BEWIJS)
    rests = {"soort": "illegale_prostitutie", "bevindingen": [found["onderwerp"]["bevinding"]]}
    said = w.op("boa-2", "overtreding.vastgesteld", {**here, "overtreding": uuid7()}, rests)
    ended = w.op("boa-2", "controle.afgerond", here, {})
    for op in (found, said, ended):
        assert (await w.push("boa-2", op))[0]["status"] in {"deferred", "accepted"}
    await accepted(w, "boa-1", start)
    await settle(w, ("boa-2", found), ("boa-2", said), ("boa-2", ended))
    assert (await outcome_of(w, here["controle"]))[:2] == ("afgerond", ["illegale_prostitutie"])


@pytest.mark.parametrize("order", range(6))
async def test_what_follows_a_count_is_in_it_also_when_its_writer_counted_again(wereld: Wereld, order: int) -> None:
    """Broken: `_geteld` out of the fold of a count, or out of `_offers` in the guard of help."""
    w, (ident, _) = wereld, await visit(wereld)
    here = {"controle": ident}
    first, again = (
        w.op("boa-1", "telling.vastgelegd", here, {"hulpAangeboden": n}, waargenomenOp=f"2026-08-19T2{n}:30:00Z")
        for n in (1, 2)
    )
    referred = {"vervolgt": first["opId"], "doorverwezenNaar": ["ggd"], "toestemming": True}
    sent = [("boa-1", first), ("boa-1", again), ("boa-2", w.op("boa-2", "hulp.aangeboden", here, referred))]
    await settle(w, *list(permutations(sent))[order])
    assert (await outcome_of(w, ident))[-1] == 2
    assert (await w.pull("boa-2", collecties="ontvangsten"))[0] == [], "nothing ended in quarantine"
    figures = (await w.get("boa-1", f"/controles/{ident}")).json()
    assert figures["tellingen"][0]["op"] == again["opId"]


async def test_of_two_counts_with_one_moment_the_later_booked_holds(wereld: Wereld, database: Server) -> None:
    """Six times, for it was chance before. Broken: `>=` in the fold."""
    w = wereld
    for _ in range(6):
        ident, _ = await visit(w)
        for n in (3, 5):
            said = {"perRol": {"sekswerker": n}}
            op = w.op("boa-1", "telling.vastgelegd", {"controle": ident}, said, waargenomenOp="2026-08-19T21:30:00Z")
            await accepted(w, "boa-1", op)
        (telling,) = (await w.get("boa-1", f"/controles/{ident}")).json()["tellingen"]
        assert telling["perRol"] == {"sekswerker": 5}
    await the_same_again(w, database)


@pytest.mark.parametrize("soort", ["illegale_prostitutie", "exploitatie_zonder_vergunning"])
async def test_an_end_by_an_app_of_before_names_whom_it_likes(wereld: Wereld, soort: str) -> None:
    """It counts sekswerkers only. Broken: `eerder` out of `check_overtreding`, or out of the guard of the end."""
    w, (ident, _) = wereld, await visit(wereld)
    here = {"controle": ident}
    people = {rol: uuid7() for rol in ("sekswerker", "klant", "exploitant")}
    for rol, whom in people.items():
        await accepted(w, "boa-1", w.op("boa-1", "persoon.aangetroffen", {**here, "persoon": whom}, {"rol": rol}))
    said = {"overtredingen": [{"soort": soort, "personen": [str(whom) for whom in people.values()]}]}
    await accepted(w, "boa-1", w.op("boa-1", "controle.afgerond", here, said, versie=1))
    counted = 1 if soort == "illegale_prostitutie" else 0
    assert await outcome_of(w, ident) == ("afgerond", [soort], 3, counted, 0)


@pytest.mark.parametrize("at_once", [True, False], ids=["one batch", "two batches"])
async def test_what_is_recorded_anew_elsewhere_leaves_the_phones_of_here(
    wereld: Wereld, database: Server, *, at_once: bool
) -> None:
    """Struck, and recorded anew under its id in another municipality. Broken: one municipality for all rows."""
    w = wereld
    await add_mens(w, "boa-twee", "boa", "harderwijk", ["GM0233", "GM0243"])
    said = melding(w, "boa-twee", inhoud={"tekst": "achter de kerk"})
    ident = UUID(said["onderwerp"]["signaal"])
    await accepted(w, "boa-twee", said)
    changes, cursor = await w.pull("boa-2")
    assert str(ident) in {change["id"] for change in changes}
    gone = w.op("boa-twee", "doorhaling", {"signaal": ident}, {"registratie": said["opId"], "reden": "elders"})
    anew = melding(w, "boa-twee", ident, inhoud={"gemeente": "GM0233", "tekst": "toch in Ermelo"})
    await (accepted(w, "boa-twee", gone, anew) if at_once else accepted(w, "boa-twee", gone))
    if not at_once:
        await accepted(w, "boa-twee", anew)
    changes, _ = await w.pull("boa-2", cursor)
    assert [(change["id"], change["op"]) for change in changes if change["collectie"] == "signalen"] == [
        (str(ident), "revoke")
    ]
    await the_same_again(w, database)


async def test_the_same_question_under_another_epoch_is_answered_anew(wereld: Wereld, database: Server) -> None:
    """Broken: the epoch out of `Pagina.digest`: 304, and the phone keeps what was folded otherwise."""
    headers = wereld.headers("boa-1")
    first = await wereld.http.get("/sync/pull", headers=headers)
    tag = {"If-None-Match": first.headers["ETag"]}
    assert (await wereld.http.get("/sync/pull", headers=headers | tag)).status_code == 304
    await run_sql(database, f"UPDATE grootboek.head SET epoch = '{uuid4().hex[:8]}'")  # noqa: S608
    assert (await wereld.http.get("/sync/pull", headers=headers | tag)).status_code == 200
