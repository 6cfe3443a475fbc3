"""Rights as they stand now: read from the folded ledger at each request, never from a token."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Uuid, bindparam, literal_column, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.access.tokens import Toegang
from app.models.account import Aanmelding
from app.models.mensen import Accountstand, Roltoewijzing, Toestel
from app.problems import NietAangemeld, ToestelIngetrokken, ToestelNietGoedgekeurd
from app.services.bewaken.alarm import FROZEN, refuse_frozen
from app.services.rechten.aanmeldingen import AFGESLOTEN, LOOPTIJD, Looptijd, judge_login
from app.vocabulary import OrganisatieSoort, Rol

_ASKED = ("functionaris", "roltoewijzing", "toestel", "sid")
_WHO, _ROLE, _DEVICE, _LOGIN = (bindparam(name, type_=Uuid()) for name in _ASKED)
_FROZEN: Any = literal_column(FROZEN)
_QUERY = (
    select(
        _FROZEN,
        col(Roltoewijzing.rol),
        col(Roltoewijzing.organisatie),
        col(Roltoewijzing.gemeenten),
        col(Roltoewijzing.van),
        col(Roltoewijzing.tot),
        col(Toestel.functionaris),
        col(Toestel.ingetrokken),
        col(Toestel.goedgekeurd),
        col(Toestel.berging_tot),
        *LOOPTIJD,
    )
    .join_from(Roltoewijzing, Toestel, col(Toestel.id) == _DEVICE, isouter=True)
    .join(Aanmelding, (col(Aanmelding.id) == _LOGIN) & (col(Aanmelding.functionaris) == _WHO), isouter=True)
    .join(Accountstand, col(Accountstand.id) == _WHO, isouter=True)
    .where(col(Roltoewijzing.id) == _ROLE, col(Roltoewijzing.functionaris) == _WHO)
)
"""Built once: it is asked at every request."""


async def load_actor(session: AsyncSession, toegang: Toegang, nu: datetime, *, aangemeld: bool = True) -> Actor:
    """Who is asking, with the rights of this moment. Without `aangemeld`: in whose name something is booked.

    An ended roltoewijzing gives an actor that is not `actief`: he may still deliver what he recorded. Raises
    NietAangemeld when the roltoewijzing is gone, AanmeldingBeeindigd when the login has ended, ToestelIngetrokken when
    the device was revoked, ToestelNietGoedgekeurd before a second person approved it. In a salvage window nobody is
    `actief`. Before all of these, GrootboekBevroren: where something was found damaged, no row says for certain who may
    do what.
    """
    asked = dict(zip(_ASKED, (toegang.functionaris, toegang.roltoewijzing, toegang.toestel, toegang.sid), strict=True))
    row = (await (await session.connection()).execute(_QUERY, asked)).one_or_none()
    if row is None:
        refuse_frozen(await (await session.connection()).scalar(select(_FROZEN)))
        raise NietAangemeld("Uw rol bestaat niet meer. Meld u opnieuw aan.")
    schade, rol, organisatie, gemeenten, van, tot, drager, ingetrokken, goedgekeurd, berging_tot, *login = row
    refuse_frozen(schade)
    if toegang.toestel is not None and drager != toegang.functionaris:
        raise NietAangemeld("Dit toestel is hier niet bekend.")
    berging = judge_device(ingetrokken=ingetrokken, goedgekeurd=goedgekeurd, berging_tot=berging_tot, nu=nu)
    if aangemeld:
        judge_login(login, nu)
    return Actor(
        functionaris=toegang.functionaris,
        roltoewijzing=toegang.roltoewijzing,
        rol=Rol(rol),
        organisatie=organisatie,
        gemeenten=frozenset(gemeenten),
        actief=van <= nu and (tot is None or nu < tot) and not berging,
        toestel=toegang.toestel,
        sid=toegang.sid if aangemeld else None,
        berging=berging,
    )


def judge_device(
    *, ingetrokken: bool | None, goedgekeurd: bool | None, berging_tot: datetime | None, nu: datetime
) -> bool:
    """Whether the device is in its salvage window; None is no device. The one rule on what a device may do.

    Raises ToestelIngetrokken, ToestelNietGoedgekeurd.
    """
    if ingetrokken:
        if berging_tot is None or berging_tot <= nu:
            raise ToestelIngetrokken("Dit toestel is ingetrokken. Neem contact op met uw beheerder.")
        return True
    if goedgekeurd is False:
        raise ToestelNietGoedgekeurd("Een tweede persoon moet dit toestel nog goedkeuren. Wat u vastlegt blijft staan.")
    return False


_RELOAD = f"""
SELECT origin, r.id IS NOT NULL AS bekend, r.rol, r.organisatie, r.gemeenten, o.doc ->> 'soort' AS soort_organisatie,
    r.van <= $3 AND (r.tot IS NULL OR $3 < r.tot) AS actief, t.ingetrokken, t.goedgekeurd, t.berging_tot,
    bedrijf.aanmelding.soort, begonnen_op, laatst_gebruikt_op, ingetrokken_op, {AFGESLOTEN} AS afgesloten,
    {FROZEN} AS schade
FROM grootboek.head LEFT JOIN lees.roltoewijzing r ON r.id = $1 LEFT JOIN lees.toestel t ON t.id = $2
LEFT JOIN lees.organisatie o ON o.id = r.organisatie
LEFT JOIN bedrijf.aanmelding ON bedrijf.aanmelding.id = $4 LEFT JOIN lees.account ON lees.account.id = $5
"""  # noqa: S608  # our own expression


async def reload_actor(raw: Any, actor: Actor, nu: datetime) -> tuple[Actor, str]:
    """The same actor with the rights of this moment, once nothing can change them any more: after the locks.

    With it comes the name of the ledger, which never changes, to spare a round trip.

    Raises GrootboekBevroren, ToestelIngetrokken, ToestelNietGoedgekeurd, AanmeldingBeeindigd. Only the very first
    administrator has no role to read yet.
    """
    row = await raw.fetchrow(_RELOAD, actor.roltoewijzing, actor.toestel, nu, actor.sid, actor.functionaris)
    refuse_frozen(row["schade"])
    if not row["bekend"]:
        return actor, row["origin"]
    berging = judge_device(
        ingetrokken=row["ingetrokken"], goedgekeurd=row["goedgekeurd"], berging_tot=row["berging_tot"], nu=nu
    )
    if actor.sid is not None:
        judge_login([row[name] for name in Looptijd._fields], nu)
    now = replace(
        actor,
        rol=Rol(row["rol"]),
        organisatie=row["organisatie"],
        organisatie_soort=OrganisatieSoort(row["soort_organisatie"]) if row["soort_organisatie"] else None,
        gemeenten=frozenset(row["gemeenten"]),
        actief=row["actief"] and not berging,
        berging=berging,
        gehouden={},
    )
    return now, row["origin"]
