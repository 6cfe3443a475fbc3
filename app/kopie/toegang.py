"""Who was put out since the copy: known only to the database that a restore replaces, so it is asked before that goes.

Guarantee: nobody whose account was disabled, whose role was ended or whose password was changed there comes in with
what he had when the copy was made. The ledger of the copy knows nothing of it, and is not written to: what was
decided is named, by id, for an administrator to decide again.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.services.toegang.wachtwoorden import KOSTEN


class Toegang(NamedTuple):
    """What decides who comes in, by id."""

    uitgezet: frozenset[tuple[UUID, datetime, bool]]
    """Accounts that were disabled, when last, and whether they were let in again."""
    beeindigd: frozenset[tuple[UUID, datetime]]
    """Roles that have an end."""
    wachtwoorden: frozenset[tuple[UUID, str]]
    toestellen: frozenset[tuple[UUID, bool]]
    """Devices, and whether they were revoked."""


class Verschil(NamedTuple):
    """What the replaced database knew and the copy does not. Each is an id as administrators see it."""

    accounts: list[UUID]
    """Disabled since."""
    rollen: list[UUID]
    """Ended since."""
    toestellen: list[UUID]
    """Revoked since."""
    onbekend: list[UUID]
    """Devices that were enrolled since."""
    dicht: list[UUID]
    """Officers who come in by a new access code only."""


_QUERIES: Final = (
    "SELECT id, afgesloten_op, actief FROM lees.account WHERE afgesloten_op IS NOT NULL",
    "SELECT id, tot FROM lees.roltoewijzing WHERE tot IS NOT NULL",
    "SELECT id, wachtwoord_hash FROM bedrijf.account",
    "SELECT id, ingetrokken FROM lees.toestel",
)
_ACCOUNTS: Final = "SELECT to_regclass('lees.account') IS NOT NULL"
_HERE: Final = (
    "SELECT id FROM lees.functionaris WHERE id = ANY(:ids) ORDER BY id",
    "SELECT id FROM lees.roltoewijzing WHERE id = ANY(:ids) ORDER BY id",
    "SELECT id FROM lees.toestel WHERE id = ANY(:ids) ORDER BY id",
)
_CLOSE: Final = """
UPDATE bedrijf.account SET wachtwoord_hash = :niemand WHERE id = ANY(:wachtwoorden) OR functionaris = ANY(:accounts)
    OR functionaris IN (SELECT functionaris FROM lees.roltoewijzing WHERE id = ANY(:rollen)) RETURNING functionaris
"""


async def read_toegang(connection: AsyncConnection) -> Toegang:
    """As it stands in this database; before release 0.2 no account was ever disabled."""
    accounts = await connection.scalar(text(_ACCOUNTS))
    rows = [
        frozenset(tuple(row) for row in await connection.execute(text(query)))
        if accounts or query is not _QUERIES[0]
        else frozenset[Any]()
        for query in _QUERIES
    ]
    return Toegang(*rows)


async def close_again(engine: AsyncEngine, held: Toegang) -> Verschil:
    """Shut out of the restored database whoever was out of the replaced one, that `held` was read from."""
    async with engine.begin() as connection:
        here = await read_toegang(connection)
        uitgezet, beeindigd = held.uitgezet - here.uitgezet, held.beeindigd - here.beeindigd
        toestellen, known = held.toestellen - here.toestellen, set(_ids(here.toestellen))
        closed = [row for row in uitgezet if not row[2]]
        revoked = [row for row in toestellen if row[1]]
        since = (_ids(closed), _ids(beeindigd), _ids(revoked))
        accounts, rollen, ingetrokken = [
            list((await connection.scalars(text(query), {"ids": ids})).all())
            for query, ids in zip(_HERE, since, strict=True)
        ]
        shut = {
            "accounts": _ids(uitgezet),
            "rollen": _ids(beeindigd),
            "wachtwoorden": _ids(held.wachtwoorden - here.wachtwoorden),
        }
        dicht = await connection.scalars(text(_CLOSE), shut | {"niemand": KOSTEN.spell_dummy()})
        onbekend = [ident for ident in _ids(toestellen.difference(revoked)) if ident not in known]
        return Verschil(accounts, rollen, ingetrokken, onbekend, sorted(set(dicht.all())))


def _ids(rows: Iterable[tuple[UUID, *tuple[Any, ...]]]) -> list[UUID]:
    return sorted({row[0] for row in rows})


def render_verschil(verschil: Verschil | None) -> str:
    """What an administrator does again, a line each."""
    if verschil is None:
        return (
            "Wie sinds de kopie is uitgezet, en welke rollen en toestellen sindsdien zijn ingetrokken, is hier niet"
            " bekend. Doe dat opnieuw: tot dan komt wie zijn wachtwoord nog heeft er weer in."
        )
    lines = [
        *(
            f"Sinds de kopie uitgezet, doe het opnieuw: POST /v1/accounts/{each}/uitzetting"
            for each in verschil.accounts
        ),
        *(
            f"Sinds de kopie beëindigd, doe het opnieuw: POST /v1/roltoewijzingen/{each}/beeindiging"
            for each in verschil.rollen
        ),
        *(
            f"Sinds de kopie ingetrokken, doe het opnieuw: POST /v1/toestellen/{each}/intrekking"
            for each in verschil.toestellen
        ),
        *(f"Sinds de kopie ingeschreven, hier niet bekend: toestel {each}" for each in verschil.onbekend),
        *(f"Komt er alleen in met een nieuwe toegangscode: account {each}" for each in verschil.dicht),
    ]
    return "\n".join(lines) or "Sinds de kopie is niemand de toegang ontnomen."
