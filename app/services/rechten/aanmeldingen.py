"""Logins: how long one lasts, who has which, and how one ends.

Guarantees:
- A login that has ended stays ended. Its end is stored as soon as anybody finds it, and its last use never moves back,
  so a clock that is set back revives nothing.
- Whoever is refused because of his login loses nothing: what he recorded waits for the next one.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, and_, delete, literal_column, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.database import Sessionmaker
from app.models.account import Aanmelding
from app.models.mensen import Accountstand
from app.problems import AanmeldingBeeindigd, NietGevonden
from app.vocabulary import Aanmeldsoort


class Termijn(NamedTuple):
    """How long a login lasts: unused, and at most."""

    stil: timedelta
    langst: timedelta


TERMIJNEN: Final = {
    Aanmeldsoort.APP: Termijn(stil=timedelta(hours=72), langst=timedelta(days=30)),
    Aanmeldsoort.BROWSER: Termijn(stil=timedelta(hours=1), langst=timedelta(hours=12)),
}
"""A phone must be able to deliver long after; a browser only reads, and stands on a desk."""


AFGESLOTEN: Final = """(lees.account.afgesloten_op IS NOT NULL AND (NOT lees.account.actief
    OR bedrijf.aanmelding.begonnen_op < lees.account.afgesloten_op + interval '1 second'))"""
"""An SQL expression: whether the account of a login was disabled since it began. The ledger has that to the second."""
_AFGESLOTEN: Any = literal_column(AFGESLOTEN, Boolean)
_OWN = col(Accountstand.id) == col(Aanmelding.functionaris)


class Looptijd(NamedTuple):
    """The columns of a login that say whether it still counts."""

    soort: str
    begonnen_op: datetime
    laatst_gebruikt_op: datetime
    ingetrokken_op: datetime | None
    afgesloten: bool
    """Whether its account was disabled since."""


LOOPTIJD: Final[list[Any]] = [
    *(getattr(Aanmelding, name) for name in Looptijd._fields[:-1]),
    _AFGESLOTEN.label("afgesloten"),
]
"""The same as columns of a query that joins the login and its account."""


def ends_at(aanmelding: Aanmelding | Looptijd) -> datetime:
    """The last moment at which a login is good, if it is not used again."""
    termijn = TERMIJNEN[Aanmeldsoort(aanmelding.soort)]
    return min(aanmelding.begonnen_op + termijn.langst, aanmelding.laatst_gebruikt_op + termijn.stil)


def has_ended(login: Looptijd, nu: datetime) -> bool:
    """Whether it was ended, its account was disabled since it began, or its time is over. The one rule."""
    return login.ingetrokken_op is not None or login.afgesloten or nu > ends_at(login)


def judge_login(columns: Sequence[Any], nu: datetime) -> None:
    """Refuse whoever asks with a login that has ended, or that is not there (all columns None).

    `columns` are those of :class:`Looptijd`, as they come from the database. Raises AanmeldingBeeindigd.
    """
    login = Looptijd(*columns)
    if login.soort is None or has_ended(login, nu):
        raise login_ended()


def login_ended() -> AanmeldingBeeindigd:
    """The refusal, with what to do."""
    return AanmeldingBeeindigd(
        "Meld u opnieuw aan. Wat u vastlegde blijft staan.",
        headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
    )


async def note_end(sessies: Sessionmaker, sid: UUID, nu: datetime) -> None:
    """Store that a login was found to be over, unless somebody used it in the meantime."""
    async with sessies.begin() as session:
        found = (await session.exec(select(Aanmelding).where(Aanmelding.id == sid).with_for_update())).one_or_none()
        if found is None or found.ingetrokken_op is not None:
            return
        if has_ended(await read_looptijd(session, found), nu):
            found.ingetrokken_op = nu


async def get_login(session: AsyncSession, sid: UUID) -> Aanmelding:
    """The login that somebody asks with: it is there."""
    return (await session.exec(select(Aanmelding).where(Aanmelding.id == sid))).one()


async def read_looptijd(session: AsyncSession, aanmelding: Aanmelding) -> Looptijd:
    """The columns of a login, with what the ledger says of its account."""
    query = select(*LOOPTIJD).select_from(Aanmelding).join(Accountstand, _OWN, isouter=True)
    return Looptijd(*(await session.exec(query.where(Aanmelding.id == aanmelding.id))).one())


async def list_logins(
    session: AsyncSession, actor: Actor, nu: datetime, *, cursor: UUID | None, limit: int
) -> tuple[list[Aanmelding], UUID | None]:
    """One page of one's own logins that are good now, in every role, the newest first; and where the next begins."""
    a = Aanmelding
    query = select(a).where(a.functionaris == actor.functionaris, col(a.ingetrokken_op).is_(None), running(nu))
    if cursor is not None:
        query = query.where(col(a.id) < cursor)
    found = list(await session.exec(query.order_by(col(a.id).desc()).limit(limit + 1)))
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def running(nu: datetime) -> ColumnElement[bool]:
    """:func:`has_ended` for a query: whose time is not over."""
    return or_(
        *(
            and_(
                col(Aanmelding.soort) == soort.value,
                col(Aanmelding.begonnen_op) >= nu - termijn.langst,
                col(Aanmelding.laatst_gebruikt_op) >= nu - termijn.stil,
            )
            for soort, termijn in TERMIJNEN.items()
        )
    )


async def end_own(session: AsyncSession, actor: Actor, sid: UUID, nu: datetime) -> None:
    """End one login of one's own; a repeat changes nothing. The caller commits. Raises NietGevonden."""
    query = select(Aanmelding).where(Aanmelding.id == sid, Aanmelding.functionaris == actor.functionaris)
    found = (await session.exec(query.with_for_update())).one_or_none()
    if found is None:
        raise NietGevonden("Deze aanmelding bestaat niet, of is niet van u.")
    if found.ingetrokken_op is None:
        found.ingetrokken_op = nu


async def end_others(session: AsyncSession, actor: Actor, nu: datetime) -> int:
    """End all of one's own logins but the one he asks with; how many that were. The caller commits."""
    return await _end(session, nu, col(Aanmelding.functionaris) == actor.functionaris, behalve=actor.sid)


async def end_logins(session: AsyncSession, account: UUID, nu: datetime, behalve: UUID | None = None) -> int:
    """End every login of an account, but `behalve`; how many that were. The caller commits.

    A login begins under a lock of the account's row: change that row first, in the same transaction, and none slips
    through.
    """
    return await _end(session, nu, col(Aanmelding.account) == account, behalve=behalve)


async def forget_old(session: AsyncSession, account: UUID, nu: datetime) -> None:
    """Drop the logins of an account that ended long ago: where somebody once was signed in is nobody's business."""
    longest = max(termijn.langst for termijn in TERMIJNEN.values())
    old = delete(Aanmelding).where(col(Aanmelding.account) == account, col(Aanmelding.begonnen_op) < nu - 2 * longest)
    await session.exec(old.execution_options(synchronize_session=False))


async def end_login(session: AsyncSession, sid: UUID, nu: datetime) -> None:
    """End one login, whoever's it is: what was shown is the proof. The caller commits."""
    await _end(session, nu, col(Aanmelding.id) == sid)


async def ended_among(session: AsyncSession, sids: Collection[UUID]) -> set[UUID]:
    """Which of these were ended, by themselves or with their account."""
    over = or_(col(Aanmelding.ingetrokken_op).is_not(None), _AFGESLOTEN)
    query = select(Aanmelding.id).join(Accountstand, _OWN, isouter=True).where(col(Aanmelding.id).in_(sids), over)
    return set(await session.exec(query)) if sids else set()


async def _end(session: AsyncSession, nu: datetime, which: ColumnElement[bool], behalve: UUID | None = None) -> int:
    others = [col(Aanmelding.id) != behalve] if behalve is not None else []
    ended = await session.exec(
        update(Aanmelding)
        .where(which, col(Aanmelding.ingetrokken_op).is_(None), *others)
        .values(ingetrokken_op=nu)
        .execution_options(synchronize_session=False)
    )
    return ended.rowcount
