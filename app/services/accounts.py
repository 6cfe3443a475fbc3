"""Local accounts: for whom they are made, and their passwords."""

import re
from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from app.models.account import Aanmelding, Account
from app.problems import NietGevonden, OngeldigVerzoek, RegelGeschonden
from app.services.wachtwoorden import WACHTWOORDDEUR, Wachtwoorddeur

GEBRUIKERSNAAM: Final = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}", re.ASCII)


async def refuse_second_account(session: AsyncSession, functionaris: UUID, roltoewijzing: UUID | None) -> None:
    """One account per person and role: a second would let whoever made it act in his name. RegelGeschonden."""
    query = select(Account.id).where(Account.functionaris == functionaris, Account.roltoewijzing == roltoewijzing)
    if (await session.exec(query)).first() is not None:
        raise RegelGeschonden("Deze functionaris heeft voor deze rol al een account.")


async def create_account(
    session: AsyncSession,
    *,
    gebruikersnaam: str,
    wachtwoord: SecretStr,
    functionaris: UUID,
    roltoewijzing: UUID | None = None,
    nu: datetime,
    deur: Wachtwoorddeur = WACHTWOORDDEUR,
) -> Account:
    """Make an account; the caller commits.

    Whether the roltoewijzing is the functionaris's own and active is judged at every login, not here.
    Raises `OngeldigVerzoek`, `RegelGeschonden` when the name is taken, `TijdelijkNietBeschikbaar`.
    """
    naam = fold_gebruikersnaam(gebruikersnaam)
    if naam is None:
        raise OngeldigVerzoek(
            "Een gebruikersnaam heeft 3 tot 64 tekens: kleine letters, cijfers, punt, streepje of liggend "
            "streepje. Het eerste teken is een letter of cijfer."
        )
    with deur.reserve() as plaats:
        gehasht = await plaats.hash(wachtwoord)
    account = Account(
        id=uuid7(),
        gebruikersnaam=naam,
        wachtwoord_hash=gehasht,
        functionaris=functionaris,
        roltoewijzing=roltoewijzing,
        aangemaakt_op=nu,
    )
    made = await session.exec(
        insert(Account)
        .values(account.model_dump())
        .on_conflict_do_nothing(index_elements=["gebruikersnaam"])
        .returning(col(Account.id))
    )
    if made.scalar_one_or_none() is None:
        raise RegelGeschonden("Deze gebruikersnaam is al in gebruik.")
    return account


async def set_password(
    session: AsyncSession,
    account: UUID,
    wachtwoord: SecretStr,
    *,
    nu: datetime,
    deur: Wachtwoorddeur = WACHTWOORDDEUR,
) -> None:
    """Replace the password and end every login of the account; the caller commits.

    The account row is updated first and a login locks it before it adds a family, so none slips through
    with the old password. Raises `NietGevonden`, `OngeldigVerzoek`, `TijdelijkNietBeschikbaar`.
    """
    with deur.reserve() as plaats:
        gehasht = await plaats.hash(wachtwoord)
    changed = await session.exec(
        update(Account)
        .where(col(Account.id) == account)
        .values(wachtwoord_hash=gehasht)
        .returning(col(Account.id))
        .execution_options(synchronize_session=False)
    )
    if changed.scalar_one_or_none() is None:
        raise NietGevonden("Dit account bestaat niet.")
    await session.exec(
        update(Aanmelding)
        .where(col(Aanmelding.account) == account, col(Aanmelding.ingetrokken_op).is_(None))
        .values(ingetrokken_op=nu)
        .execution_options(synchronize_session=False)
    )


def fold_gebruikersnaam(gebruikersnaam: str) -> str | None:
    """Return the name as it is stored, or None when no account can have it."""
    naam = gebruikersnaam.strip().casefold()
    return naam if GEBRUIKERSNAAM.fullmatch(naam) else None
