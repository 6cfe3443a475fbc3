"""The demo is the proof: the year is played once over HTTP, and everything promised of it is looked at."""

import json
import stat
from collections import Counter
from pathlib import Path

from app.database import create_engine
from app.demo.cijfers import compare
from app.demo.gegevens import read_gegevens
from app.postgres import Server
from app.services.beheer.herbouw import rebuild
from tests.conftest import own_database, serving
from tests.hulp.gespeeld_jaar import JAAR, Demo, play_year
from tests.hulp.lees import dump_lees
from tests.hulp.sync_proef import select


async def test_the_figures_are_the_published_ones(demo: Demo) -> None:
    cijfers = (await demo.get("regisseur-1", "/cijfers", **JAAR)).json()
    compared = compare(cijfers, read_gegevens()["verwacht"])
    assert len(compared) >= 14
    assert [line for line in compared if not line.gelijk] == []


async def test_the_figures_are_those_with_rows_as_well(
    demo: Demo, server: Server, template: str, tmp_path: Path
) -> None:
    """All of them, not the published alone; and what lies beneath differs: here the municipality keeps counts.

    Broken: rows or counts left out of `_added`; an offer that names nobody left out of `_offers`.
    """
    async with own_database(server, template) as database, serving(database, tmp_path) as http:
        rows = await play_year(http, database, tmp_path, personen_apart=True)
        both = [(await each.get("regisseur-1", "/cijfers", **JAAR, per="maand")).json() for each in (demo, rows)]
        moving = ("gepeildOp", "grootboekPositie", "peildatum")
        counts, whole = ({k: v for k, v in each.items() if k not in moving} for each in both)
        assert counts == whole
        assert compare(whole, read_gegevens()["verwacht"])[1].gelijk
    docs = [doc for (doc,) in await select(demo.database, "SELECT doc::text FROM lees.controle")]
    of_police = [wie["door"]["rol"] for doc in map(json.loads, docs) for wie in doc.get("personen", ())]
    assert of_police
    assert not set(of_police) & {"boa", "regisseur"}


async def test_progress_ends_with_the_table_and_its_ticks(demo: Demo) -> None:
    assert demo.verteld[-1].count("✓") == 7
    assert "✗" not in demo.verteld[-1]


async def test_accounts_are_for_the_owner_only(demo: Demo) -> None:
    assert stat.S_IMODE((demo.home / "demo.json").stat().st_mode) == 0o600
    assert {"boa-1", "regisseur-1", "aandachtsfunctionaris-1", "burgemeester-1", "beheerder"} <= demo.accounts.keys()


async def test_the_regisseur_is_informed_of_every_control(demo: Demo) -> None:
    told = (await demo.get("regisseur-1", "/attenderingen")).json()["resultaten"]
    assert Counter(doc["status"] for doc in told) == {"afgerond": 7, "afgelast": 1}


async def test_the_controle_that_was_called_off_is_read_and_counts_nowhere(demo: Demo) -> None:
    """By who would have gone and who steers; the figures say the seven that were held, its thema nothing."""
    for wie in ("boa-1", "boa-2", "wijkagent-1", "regisseur-1"):
        found = (await demo.get(wie, "/controles", status="afgelast")).json()["resultaten"]
        assert [(doc["thema"], doc["afgelasting"]["reden"]) for doc in found] == [
            ("woonfraude", "voorrang_ander_werk")
        ], wie
        assert (await demo.get(wie, "/controles", thema="woonfraude")).json()["resultaten"] == found
    assert (await demo.get("boa-3", "/controles", status="afgelast")).json()["resultaten"] == []
    cijfers = (await demo.get("regisseur-1", "/cijfers", **JAAR)).json()
    assert (cijfers["controles"], cijfers["controlesPerThema"]) == (7, {"prostitutie": 7})
    assert (await demo.get("regisseur-1", "/cijfers", **JAAR, thema="woonfraude")).json()["controles"] == 0


async def test_a_signaal_is_found_by_its_reference_elsewhere(demo: Demo) -> None:
    (found,) = (await demo.get("regisseur-1", "/signalen", kenmerk="2023-00117")).json()["resultaten"]
    assert found["bronkenmerk"] == {"systeem": "overlastmeldingen", "kenmerk": "2023-00117"}


async def test_all_that_devices_recorded_is_signed_by_them(demo: Demo) -> None:
    """And each was enrolled with a key of its own and approved by the second administrator."""
    leaves = [json.loads(bytes(row[0])) for row in await select(demo.database, "SELECT leaf FROM grootboek.entry")]
    recorded = [leaf for leaf in leaves if leaf["kop"]["n"] is not None]
    assert len(recorded) > 50
    assert all(leaf["hand"] for leaf in recorded)
    devices = (await demo.get("beheerder", "/toestellen")).json()["resultaten"]
    assert {leaf["kop"]["t"] for leaf in recorded} <= {doc["sleutelId"] for doc in devices}
    assert {doc["status"] for doc in devices} == {"goedgekeurd"}
    assert all(doc["goedgekeurdDoor"] != doc["ingeschrevenDoor"] for doc in devices)


async def test_boa_ermelo_finds_nothing_of_harderwijk(demo: Demo) -> None:
    for collectie in ("signalen", "locaties", "controles", "rapportages", "maatregelen"):
        theirs = await demo.ids("regisseur-1", collectie)
        assert theirs, collectie
        assert await demo.ids("boa-ermelo", collectie) == []
        for ident in theirs:
            assert (await demo.get("boa-ermelo", f"/{collectie}/{ident}")).status_code == 404
    counts = (await demo.get("boa-ermelo", "/aantallen")).json()
    assert counts
    assert counts.pop("toestellen") == 1, "his own"
    assert set(counts.values()) == {0}
    pulled = (await demo.get("boa-ermelo", "/sync/pull")).json()["wijzigingen"]
    assert {change["collectie"] for change in pulled} == {"naslag"}


async def test_the_burgemeester_sees_rapportages_and_measures_and_no_persons(demo: Demo) -> None:
    assert len(await demo.ids("burgemeester-1", "rapportages")) == 6
    assert len(await demo.ids("burgemeester-1", "maatregelen")) == 5
    for collectie in ("controles", "signalen", "mensenhandelsignalen", "attenderingen"):
        assert (await demo.get("burgemeester-1", f"/{collectie}")).status_code == 403
    for collectie in ("rapportages", "maatregelen"):
        assert "persoon" not in (await demo.get("burgemeester-1", f"/{collectie}")).text
    controle = (await demo.ids("regisseur-1", "controles"))[0]
    assert (await demo.get("burgemeester-1", f"/controles/{controle}")).status_code == 404


async def test_a_trafficking_signal_is_read_with_a_reason_only(demo: Demo) -> None:
    found = await demo.ids("pct-1", "mensenhandelsignalen")
    assert len(found) == 2
    pad = f"/mensenhandelsignalen/{found[0]}"
    reason = {"X-Audit-Toelichting": "Voorbereiding van de overdracht aan de AVIM"}
    assert (await demo.get("boa-1", pad, headers=reason)).status_code == 404
    assert (await demo.get("pct-1", pad)).status_code == 400
    answer = await demo.get("pct-1", pad, headers=reason)
    assert answer.status_code == 200
    assert answer.json()["inhoud"]["indicatoren"]


async def test_a_rebuild_reproduces_the_read_models(demo: Demo) -> None:
    before = await dump_lees(demo.database.beheer_url)
    assert len(before["controle"]) == 8
    engine = create_engine(demo.database.beheer_url, pool_size=1)
    assert (await rebuild(engine)).registraties > 100
    await engine.dispose()
    assert await dump_lees(demo.database.beheer_url) == before
