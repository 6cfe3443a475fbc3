"""Binding a file to what promised it: a fact of the ledger, booked by the server in the name of who sent the file.

The file and its entry come in any order, in any process, and before or after a crash. So nobody is called:
:func:`run` looks every second for files that arrived and are not booked, and books those that were promised.
Booking twice is no harm: the outcome and its op id stand in the row of the upload before anything is booked.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import orjson
import structlog

from app.access.actor import Actor
from app.database import raw_connection
from app.registraties.act import iso
from app.registraties.kern import BESTAND
from app.registraties.register import AGGREGATEN
from app.services.bijlagen.keuren import apart, finish, original, rendition
from app.services.bijlagen.uploads import BEWAARTERMIJN, Ontvanger, Stand, folder
from app.services.boeken.overnieuw import boek_with_retry
from app.services.kluis.operatie import read_operatie
from app.vocabulary import Afkeuring, BijlageUitkomst, Rol, Status
from app.weergaven import MATEN

RITME = 1.0
"""Seconds between two looks."""
VERGEET_ELKE = 3_600.0
"""Seconds between two looks for what may be forgotten."""
BLIJFT_LIGGEN = timedelta(seconds=20)
"""After this a file that is whole is looked at here: whoever took in its last byte did not live to do it."""
PER_KEER = 50
T = TypeVar("T")

log = structlog.get_logger("veldboek.bijlagen")
_WHERE = " UNION ALL ".join(
    f"SELECT '{naam}' AS aggregaat, id, doc -> 'bijlagen' AS bijlagen FROM lees.{aggregaat.model.__tablename__}"
    for naam, aggregaat in sorted(AGGREGATEN.items())
    if aggregaat.bijlagen
)


async def run(o: Ontvanger) -> None:
    """Go round until cancelled. What goes wrong is logged and tried again at the next round."""
    forget_at = 0.0
    while True:
        try:
            await finish_left(o)
            await book_arrived(o)
            if asyncio.get_running_loop().time() >= forget_at:
                await forget_orphans(o, nu=datetime.now(UTC))
                forget_at = asyncio.get_running_loop().time() + VERGEET_ELKE
        except Exception as error:  # noqa: BLE001  # the database or the store is away: the next round may find it
            log.warning("binding failed", exception=type(error).__qualname__)
        await asyncio.sleep(RITME)


async def finish_left(o: Ontvanger) -> None:
    """Look at files that are whole and that nobody looks at any more."""
    nu = datetime.now(UTC)
    left = await _select(o, "staat = 'bezig' AND ontvangen = grootte AND laatst_op < $1", nu - BLIJFT_LIGGEN)
    await do_each(o, {stand.id: stand for stand in left}, lambda stand: finish(o, stand, nu=nu))


async def do_each(o: Ontvanger, uploads: Mapping[UUID, T], act: Callable[[T], Awaitable[None]]) -> None:
    """Do something for each upload, by its id. One that fails goes to the end of the line and holds up no other."""
    for ident, upload in uploads.items():
        try:
            await act(upload)
        except Exception as error:  # noqa: BLE001  # it comes round again
            log.warning("file failed", exception=type(error).__qualname__, upload=str(ident))
            async with o.sessionmaker() as session:
                raw = await raw_connection(session)
                await raw.execute("UPDATE bedrijf.upload SET laatst_op = $2 WHERE id = $1", ident, datetime.now(UTC))
                await session.commit()


async def _select(o: Ontvanger, condition: str, *values: Any) -> list[Stand]:
    async with o.sessionmaker() as session:
        raw = await raw_connection(session)
        names = ", ".join(Stand.__dataclass_fields__)
        rows = await raw.fetch(
            f"SELECT {names} FROM bedrijf.upload WHERE {condition} ORDER BY laatst_op, id LIMIT {PER_KEER}",
            *values,
        )
    return [Stand(**row) for row in rows]


async def book_arrived(o: Ontvanger) -> None:
    """Settle and book the outcome of every file that was promised and has arrived."""
    async with o.sessionmaker() as session:
        raw = await raw_connection(session)
        rows = await raw.fetch(
            f"SELECT u.*, p.aggregaat AS waar, p.id AS daar, p.bijlagen::text AS bijlagen"
            f" FROM bedrijf.upload u JOIN ({_WHERE}) p"
            " ON p.bijlagen @> jsonb_build_array(jsonb_build_object('id', u.bijlage::text,"
            " 'door', jsonb_build_object('functionaris', u.functionaris::text)))"
            f" WHERE NOT u.geboekt AND u.staat IN ('compleet', 'afgekeurd') ORDER BY u.laatst_op, u.id LIMIT {PER_KEER}"
        )
    await do_each(o, {row["id"]: row for row in rows}, lambda row: book_one(o, row))


async def book_one(o: Ontvanger, row: Any) -> None:
    """Settle what became of one file, once; set it apart if it is not what was promised; book that."""
    async with o.sessionmaker() as session:
        raw = await raw_connection(session)
        promised = next(each for each in orjson.loads(row["bijlagen"]) if each["id"] == str(row["bijlage"]))
        afkeuring = row["afkeuring"] or compare(promised, row)
        settled = await raw.fetchrow(
            "UPDATE bedrijf.upload SET uitkomst = coalesce(uitkomst, $2), afkeuring = CASE WHEN uitkomst IS NULL"
            " THEN $3 ELSE afkeuring END, staat = CASE WHEN coalesce(uitkomst, $2) = 'afgekeurd' THEN 'afgekeurd'"
            " ELSE staat END, aggregaat = coalesce(aggregaat, $4), document = coalesce(document, $5)"
            " WHERE id = $1 RETURNING *",
            row["id"],
            (BijlageUitkomst.AFGEKEURD if afkeuring else BijlageUitkomst.GEBONDEN).value,
            afkeuring,
            row["waar"],
            row["daar"],
        )
        await session.commit()
    if settled["uitkomst"] == BijlageUitkomst.AFGEKEURD:
        await o.opslag.set_apart(original(row["id"]), apart(row["id"]))
    async with o.sessionmaker() as session:
        operatie = read_operatie(as_op(settled), eigen=True)
        for roltoewijzing in await roles_of(await raw_connection(session), settled, promised):
            actor = await sender(await raw_connection(session), settled["functionaris"], roltoewijzing)
            (uitslag,), _ = await boek_with_retry(session, actor, [operatie], nu=datetime.now(UTC))
            if (uitslag.eerste or uitslag).status is not Status.DEFERRED:
                raw = await raw_connection(session)
                await raw.execute("UPDATE bedrijf.upload SET geboekt = true WHERE id = $1", row["id"])
                await session.commit()
                return


def compare(promised: dict[str, Any], row: Any) -> str | None:
    """Why what arrived is not what was promised, or None: hash, size and sniffed kind all agree."""
    if promised["sha256"] != row["gemeten_sha256"]:
        return Afkeuring.ANDERE_HASH.value
    if promised["grootte"] != row["grootte"]:
        return Afkeuring.ANDERE_GROOTTE.value
    return Afkeuring.ANDER_SOORT.value if promised["mediatype"] != row["mediatype"] else None


async def roles_of(raw: Any, row: Any, promised: dict[str, Any]) -> list[UUID]:
    """The role in which he began to send the file, then the one in which he promised it.

    In a role of elsewhere the document is not his to see. In the one of then it is, or its desk decides.
    """
    of_then = await raw.fetchval(
        "SELECT convert_from(oordeel, 'UTF8')::json ->> 'roltoewijzing' FROM grootboek.entry JOIN kluis.inhoud"
        " USING (pos) WHERE op = $1",
        UUID(promised["op"]),
    )
    return list(dict.fromkeys((row["roltoewijzing"], UUID(of_then))))


async def sender(raw: Any, functionaris: UUID, roltoewijzing: UUID) -> Actor:
    """Who sent the file, in a role of his; `boek` judges his rights as they are now."""
    found = await raw.fetchrow(
        "SELECT rol, organisatie, gemeenten FROM lees.roltoewijzing WHERE id = $1", roltoewijzing
    )
    return Actor(
        functionaris,
        roltoewijzing,
        Rol(found["rol"]),
        found["organisatie"],
        frozenset(found["gemeenten"]),
    )


def as_op(row: Any) -> dict[str, Any]:
    """The registratie that says what arrived; the same at every try."""
    inhoud = {
        "sha256": row["gemeten_sha256"],
        "grootte": row["grootte"],
        "mediatype": row["mediatype"],
        "uitkomst": row["uitkomst"],
        "afkeuring": row["afkeuring"],
    }
    return {
        "opId": str(row["op"]),
        "soort": BESTAND,
        "versie": 1,
        "onderwerp": {row["aggregaat"]: str(row["document"]), "bijlage": str(row["bijlage"])},
        "waargenomenOp": iso(row["voltooid_op"]),
        "inhoud": {name: value for name, value in inhoud.items() if value is not None},
    }


async def forget_orphans(o: Ontvanger, *, nu: datetime) -> None:
    """Forget what was sent long ago and nothing in the ledger speaks of. What an entry names is never forgotten."""
    old = await _select(
        o, "uitkomst IS NULL AND staat IN ('bezig', 'compleet', 'afgekeurd') AND laatst_op < $1", nu - BEWAARTERMIJN
    )
    for stand in old:
        async with o.sessionmaker() as session:
            raw = await raw_connection(session)
            gone = await raw.fetchval(
                "UPDATE bedrijf.upload SET staat = 'verlopen', blokken = '{}' WHERE id = $1 AND uitkomst IS NULL"
                # a quarantined entry folds into nothing, so the sealed sections themselves are asked
                " AND NOT EXISTS (SELECT FROM kluis.inhoud WHERE position($2::bytea IN omslag) > 0"
                " OR position($2::bytea IN mensenhandel) > 0) RETURNING id",
                stand.id,
                str(stand.bijlage).encode(),
            )
            if gone is None:  # something names it: ask again in as long a time
                await raw.execute("UPDATE bedrijf.upload SET laatst_op = $2 WHERE id = $1", stand.id, nu)
            await session.commit()
        if gone is not None:
            await o.opslag.delete_all(folder(stand.id))
            await o.opslag.delete([original(gone), apart(gone), *(rendition(gone, maat) for maat in MATEN)])
