"""In which role somebody signs in, and whether the device in his hand is for that role.

A device was approved by a second person for its carrier in a role, so for that kind of role: which `rol`, at which
`organisatie`. A role of the same kind that was granted anew is fine; for another kind a second person approves first.
On his device somebody whose role ended may still sign in with it: he reads nothing, but delivers what he recorded.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.models.account import Account
from app.models.mensen import Roltoewijzing
from app.problems import AanmeldenMislukt, Problem, ToestelAndereRol

Soorten = frozenset[tuple[str, UUID]]
"""Kinds of role: `rol` and `organisatie`."""


def read_soorten(rollen: Iterable[dict[str, Any]]) -> Soorten:
    """The kinds of role that a device was approved for, from its column `rollen`; without those that were destroyed."""
    return frozenset((held["rol"], UUID(held["organisatie"])) for held in rollen if held["rol"] and held["organisatie"])


async def choose_role(
    session: AsyncSession, account: Account, gevraagd: UUID | None, soorten: Soorten | None, nu: datetime
) -> UUID:
    """Pick the roltoewijzing: the one asked for, else the account's own, else the only one that runs.

    `soorten` are those of the device, None without one. Nobody is put in an ended role while another runs, or he
    would deliver to quarantine without knowing. Ask after the password held: a refusal names his roles. Raises
    AanmeldenMislukt, ToestelAndereRol.
    """
    query = select(Roltoewijzing).where(Roltoewijzing.functionaris == account.functionaris, Roltoewijzing.van <= nu)
    own = (await session.exec(query.order_by(col(Roltoewijzing.tot).desc()))).all()
    running = {role.id for role in own if role.tot is None or role.tot > nu}
    fitting = [role.id for role in own if soorten is None or (role.rol, role.organisatie) in soorten]
    ended = [] if soorten is None else [ident for ident in fitting if ident not in running]
    actief = running.intersection(fitting)
    if gevraagd is not None:
        if gevraagd in actief or gevraagd in ended:
            return gevraagd
        raise other_role() if gevraagd in running else _refused("Deze rol hebt u nu niet.")
    if account.roltoewijzing in actief:
        return account.roltoewijzing
    if len(actief) > 1:
        raise which_one([role for role in own if role.id in actief])
    if not actief and running:
        raise other_role()
    if not actief and not ended:
        raise _refused("U hebt op dit moment geen rol in Veldboek.")
    return actief.pop() if actief else ended[0]


async def judge_role(session: AsyncSession, roltoewijzing: UUID, soorten: Soorten, unknown: Problem) -> Problem | None:
    """What stands in the way of going on in this role on a device for `soorten`; `unknown` if it does not exist."""
    query = select(Roltoewijzing.rol, Roltoewijzing.organisatie).where(Roltoewijzing.id == roltoewijzing)
    row = (await session.exec(query)).one_or_none()
    if row is None:
        return unknown
    return None if tuple(row) in soorten else other_role()


def which_one(roles: Iterable[Roltoewijzing]) -> AanmeldenMislukt:
    """Who gave the right password hears between which of his roles he can choose."""
    rollen = [
        {"roltoewijzing": str(r.id), "rol": r.rol, "organisatie": str(r.organisatie), "gemeenten": r.gemeenten}
        for r in sorted(roles, key=lambda role: role.id)
    ]
    detail = "U hebt meer dan één rol. Kies met welke rol u zich aanmeldt."
    return AanmeldenMislukt(detail, error="invalid_request", rollen=rollen)


def other_role() -> ToestelAndereRol:
    """The refusal, with what to do."""
    return ToestelAndereRol(
        "Laat een tweede beheerder het toestel voor deze rol goedkeuren. Wat u vastlegde blijft staan.",
        error="invalid_grant",
    )


def _refused(detail: str) -> AanmeldenMislukt:
    return AanmeldenMislukt(detail, error="invalid_grant")
