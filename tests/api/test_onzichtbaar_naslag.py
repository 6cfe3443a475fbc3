"""The directory: an officer is known where he works or worked, and nowhere else.

Broken, each seen here: the scope `allen` back on functionaris; `raakt` of roltoewijzing.verleend taken away; its lock
(`written` in lock_subjects) taken away; `Kopie` off `_gemeenten`.
"""

import asyncio
from pathlib import Path
from typing import Any

from uuid_utils.compat import uuid7

from app.postgres import Server
from tests.hulp.herbouw import dump, rebuild
from tests.hulp.sync_proef import select
from tests.hulp.wereld import MENSEN, Persona, Wereld, add_mens, confirm_role
from tests.hulp.werelden_proef import Tellende, assert_alike, twee_werelden

HARDERWIJK, ERMELO, NUNSPEET = "GM0243", "GM0233", "GM0302"


async def directory(wereld: Wereld, wie: str) -> set[str]:
    """By which aanduidingen his phone knows officers: by sync, by a snapshot and by the stock adapters, which agree."""
    changes, _ = await wereld.pull(wie, collecties="naslag")
    pulled = {c["id"]: c["doc"]["aanduiding"] for c in changes if c["op"] == "upsert" and "aanduiding" in c["doc"]}
    rxdb = (await wereld.get(wie, "/sync/rxdb/naslag/pull", limit=1000)).json()["documents"]
    assert {d["id"] for d in rxdb if not d["_deleted"] and "aanduiding" in d["doc"]} == pulled.keys()
    snapshot = (await wereld.get(wie, "/sync/snapshot")).text
    assert all(ident in snapshot for ident in pulled)
    assert "_gemeenten" not in snapshot
    return set(pulled.values())


async def grant(wereld: Wereld, wie: str, rol: str, gemeenten: list[str], **meer: Any) -> str:
    """Another role for somebody; its id."""
    ident = str(uuid7())
    inhoud = {
        "functionaris": str(wereld.mensen[wie].functionaris), "rol": rol, "gemeenten": gemeenten,
        "organisatie": str(wereld.organisaties["ermelo"]), "van": "2022-01-01T00:00:00+01:00",
        "grondslag": "aanstelling",
    }  # fmt: skip
    await wereld.make("beheerder", "/roltoewijzingen", {"onderwerp": {"roltoewijzing": ident}, "inhoud": inhoud | meer})
    await confirm_role(wereld, ident)
    return ident


async def test_an_officer_is_known_where_he_works(wereld: Wereld) -> None:
    await add_mens(wereld, "boa-nunspeet", "boa", "harderwijk", [NUNSPEET])
    works = {wie: set(gemeenten) for wie, (_, _, gemeenten) in MENSEN.items()} | {"boa-nunspeet": {NUNSPEET}}
    for wie, here in works.items():
        assert await directory(wereld, wie) == {other for other, there in works.items() if here & there}, wie
    listed = (await wereld.get("beheerder", "/functionarissen", limit=200)).json()["resultaten"]
    assert {doc["aanduiding"] for doc in listed} > works.keys(), "the administrator knows all"
    for wie in works:
        assert (await wereld.get(wie, "/functionarissen")).status_code == 403
        assert (
            await wereld.get(wie, f"/functionarissen/{wereld.mensen['boa-nunspeet'].functionaris}")
        ).status_code == 404


async def test_of_who_works_elsewhere_nothing_tells(server: Server, bevolkt: Wereld, tmp_path: Path) -> None:
    """Two worlds: somebody of the neighbours goes by one aanduiding or another, and is named in a controle here."""
    wie = Persona(uuid7(), uuid7())

    async def nothing(_wereld: Wereld) -> None:
        """Both are as they were."""

    async with twee_werelden(server, bevolkt, tmp_path, nothing) as both:
        for t, aanduiding in zip(both, ("kanarie-een", "kanarie-wee"), strict=True):
            await record(t, wie, aanduiding)
        for reader in ("boa-1", "jurist-1", "aandachtsfunctionaris-1"):
            answers = await assert_alike(both, reader, wie.functionaris)
            assert "kanarie" not in str(answers), reader
        seen = [(await t.wereld.pull("boa-ermelo"))[0] for t in both]
        assert ["kanarie-een" in str(changes) for changes in seen] == [True, False], "his own municipality knows him"


async def record(t: Tellende, wie: Persona, aanduiding: str) -> None:
    w = t.wereld
    org = str(w.organisaties["ermelo"])
    about = {"onderwerp": {"functionaris": str(wie.functionaris)}}
    await w.make("beheerder", "/functionarissen", about | {"inhoud": {"aanduiding": aanduiding, "organisatie": org}})
    inhoud = {
        "functionaris": str(wie.functionaris), "rol": "boa", "organisatie": org, "gemeenten": [ERMELO],
        "van": "2022-01-01T00:00:00+01:00", "grondslag": "aanstelling",
    }  # fmt: skip
    await w.make(
        "beheerder", "/roltoewijzingen", {"onderwerp": {"roltoewijzing": str(wie.roltoewijzing)}, "inhoud": inhoud}
    )


async def test_changes_are_answered_with_the_difference(wereld: Wereld) -> None:
    """A colleague on loan comes and stays known; the reader who goes elsewhere loses first, then gets."""
    _, cursor = await wereld.pull("boa-1")
    loan = {"grondslag": "inleen", "aanwijzingsbesluit": "2026-7", "tot": "2027-01-01T00:00:00+01:00"}
    lent = await grant(wereld, "boa-ermelo", "boa", [HARDERWIJK], **loan)
    changes, cursor = await wereld.pull("boa-1", cursor)
    assert [(c["op"], c["doc"]["aanduiding"]) for c in changes] == [("upsert", "boa-ermelo")]
    ended = {"inhoud": {"op": "2026-02-01T00:00:00+01:00"}}
    await wereld.make("beheerder", f"/roltoewijzingen/{lent}/beeindiging", ended)
    assert (await wereld.pull("boa-1", cursor))[0] == [], "what he recorded here keeps its maker"
    held = {c["id"] for c in (await wereld.pull("boa-1"))[0]}
    elsewhere = await grant(wereld, "boa-1", "boa", [ERMELO])
    wereld.mensen["boa-1"].roltoewijzing = elsewhere
    changes, _ = await wereld.pull("boa-1", cursor)
    ops = [c["op"] for c in changes]
    assert ops == sorted(ops), "revokes first"
    assert {"revoke", "upsert"} == set(ops)
    after = (held - {c["id"] for c in changes if c["op"] == "revoke"}) | {
        c["id"] for c in changes if c["op"] == "upsert"
    }
    assert after == {c["id"] for c in (await wereld.pull("boa-1"))[0]}
    assert "boa-2" not in await directory(wereld, "boa-1")


async def test_roles_granted_at_once_all_count_and_a_correction_keeps_them(wereld: Wereld, database: Server) -> None:
    await asyncio.gather(*(grant(wereld, "boa-ermelo", "boa", [code]) for code in (HARDERWIJK, NUNSPEET, "GM0273")))
    await add_mens(wereld, "boa-nunspeet", "boa", "harderwijk", [NUNSPEET])
    listed = (await wereld.get("beheerder", "/functionarissen", limit=200)).json()["resultaten"]
    ident = str(wereld.mensen["boa-ermelo"].functionaris)
    assert ident in {doc["id"] for doc in listed}
    first = await entry_of(database, ident)
    fields = {"corrigeert": first, "basis": first, "reden": "andere functie"}
    inhoud = {"aanduiding": "boa-geleend", "organisatie": str(wereld.organisaties["ermelo"])}
    await wereld.make(
        "beheerder", "/functionarissen", {"onderwerp": {"functionaris": ident}, "inhoud": inhoud, **fields}
    )
    for wie in ("boa-1", "boa-nunspeet", "regisseur-1"):
        assert "boa-geleend" in await directory(wereld, wie), wie
    live = await dump(database)
    await rebuild(database)
    assert await dump(database) == live


async def entry_of(database: Server, ident: str) -> str:
    """The op that recorded an officer."""
    query = "SELECT op::text FROM lees.geschiedenis WHERE document = :ident AND soort = 'functionaris.vastgelegd'"
    ((op,),) = await select(database, query, ident=ident)
    return str(op)
