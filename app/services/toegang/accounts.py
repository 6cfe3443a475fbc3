"""Local accounts: for whom they are made, and their passwords."""

import hashlib
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

from app.database import Sessionmaker
from app.models.account import Account, Toegangscode
from app.models.mensen import Accountstand
from app.problems import (
    AanmeldenMislukt,
    NietGevonden,
    OngeldigVerzoek,
    RegelGeschonden,
    TijdelijkNietBeschikbaar,
)
from app.schemas.accounts import ToegangIn
from app.services.rechten.aanmeldingen import end_logins
from app.services.toegang.pogingen import clear_attempts, count_attempt
from app.services.toegang.wachtwoorden import WACHTWOORDDEUR, Wachtwoorddeur

GEBRUIKERSNAAM: Final = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}", re.ASCII)


async def create_account(
    session: AsyncSession,
    *,
    gebruikersnaam: str,
    wachtwoord: SecretStr,
    functionaris: UUID,
    roltoewijzing: UUID | None = None,
    uit_grootboek: bool = False,
    nu: datetime,
    deur: Wachtwoorddeur = WACHTWOORDDEUR,
) -> Account:
    """Make what somebody signs in with; the caller commits.

    Whether the roltoewijzing is the functionaris's own and active is judged at every login, not here.
    Raises `OngeldigVerzoek`, `RegelGeschonden` when the name is taken, `TijdelijkNietBeschikbaar`.
    """
    account = Account(
        id=uuid7(),
        gebruikersnaam=read_gebruikersnaam(gebruikersnaam),
        wachtwoord_hash=await hash_password(wachtwoord, deur),
        functionaris=functionaris,
        roltoewijzing=roltoewijzing,
        uit_grootboek=uit_grootboek,
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


async def take_account(
    session: AsyncSession,
    functionaris: UUID,
    invoer: ToegangIn,
    *,
    nu: datetime,
    deur: Wachtwoorddeur = WACHTWOORDDEUR,
) -> str:
    """Let a functionaris choose his password, and the first time his name; returns the name. The caller commits.

    All his logins end. Of several accounts from before release 0.2 all get this password: they are his.
    Raises `OngeldigVerzoek`, `RegelGeschonden` when the name is taken, `TijdelijkNietBeschikbaar`.
    """
    query = select(Account).where(Account.functionaris == functionaris).order_by(col(Account.id)).with_for_update()
    own = (await session.exec(query)).all()
    if not own:
        if invoer.gebruikersnaam is None:
            raise OngeldigVerzoek("Kies ook een gebruikersnaam.", "gebruikersnaam")
        made = await create_account(
            session,
            gebruikersnaam=invoer.gebruikersnaam,
            wachtwoord=invoer.wachtwoord,
            functionaris=functionaris,
            roltoewijzing=invoer.roltoewijzing,
            uit_grootboek=True,
            nu=nu,
            deur=deur,
        )
        return made.gebruikersnaam
    if invoer.gebruikersnaam is not None and read_gebruikersnaam(invoer.gebruikersnaam) != own[0].gebruikersnaam:
        raise RegelGeschonden("U hebt al een gebruikersnaam; laat het veld weg.")
    for account in own:
        await set_password(session, account.id, invoer.wachtwoord, nu=nu, deur=deur)
        account.uit_grootboek = True
    own[0].roltoewijzing = invoer.roltoewijzing or own[0].roltoewijzing
    return own[0].gebruikersnaam


async def change_password(
    session: AsyncSession,
    sessies: Sessionmaker,
    functionaris: UUID,
    huidig: SecretStr,
    nieuw: SecretStr,
    *,
    nu: datetime,
    deur: Wachtwoorddeur = WACHTWOORDDEUR,
) -> None:
    """Exchange the password for another; every login of the account ends, this one too. The caller commits.

    Raises `AanmeldenMislukt`, `OngeldigVerzoek`, `TeVeelVerzoeken` after wrong guesses, `TijdelijkNietBeschikbaar`.
    """
    throttle = hashlib.sha256(b"wachtwoord\0" + functionaris.bytes).digest()
    await count_attempt(sessies, throttle, nu)
    query = select(Account).where(Account.functionaris == functionaris).order_by(col(Account.id)).with_for_update()
    account = (await session.exec(query)).first()
    with deur.reserve() as plaats:
        if account is None or not await plaats.verify(account.wachtwoord_hash, huidig):
            raise AanmeldenMislukt("Uw huidige wachtwoord klopt niet.", error="invalid_grant")
    await clear_attempts(sessies, throttle)
    await set_password(session, account.id, nieuw, nu=nu, deur=deur)


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
    gehasht = await hash_password(wachtwoord, deur)
    changed = await session.exec(
        update(Account)
        .where(col(Account.id) == account)
        .values(wachtwoord_hash=gehasht)
        .returning(col(Account.id))
        .execution_options(synchronize_session=False)
    )
    if changed.scalar_one_or_none() is None:
        raise NietGevonden("Dit account bestaat niet.")
    await end_logins(session, account, nu)


async def refuse_closed(session: AsyncSession, account: Account) -> None:
    """Whether the ledger lets this account be used now. Raises AanmeldenMislukt, TijdelijkNietBeschikbaar.

    One of before release 0.2 that the ledger does not know stands by itself.
    """
    a = Accountstand
    query = select(a.actief, a.afgesloten_op, a.bevestiging).where(a.id == account.functionaris)
    row = (await session.exec(query)).one_or_none()
    if row is None and account.uit_grootboek:  # the read models are being folded again
        raise TijdelijkNietBeschikbaar("Probeer het zo weer.", headers={"Retry-After": "5"})
    if row is not None and not row[0] and (account.uit_grootboek or row[1] is not None):
        raise AanmeldenMislukt("Uw account is uitgezet. Vraag uw beheerder.", error="invalid_grant")
    if row is not None and row[1] is not None:
        used = select(Toegangscode.gebruikt_op).where(Toegangscode.functionaris == account.functionaris)
        if (await session.exec(used.where(Toegangscode.bevestiging == row[2]))).one_or_none() is None:
            raise AanmeldenMislukt("Kies eerst een nieuw wachtwoord met uw toegangscode.", error="invalid_grant")


async def hash_password(wachtwoord: SecretStr, deur: Wachtwoorddeur) -> str:
    """One computation, through the door. Raises `OngeldigVerzoek`, `TijdelijkNietBeschikbaar`."""
    with deur.reserve() as plaats:
        return await plaats.hash(wachtwoord)


def read_gebruikersnaam(gebruikersnaam: str) -> str:
    """The name as it is stored. Raises `OngeldigVerzoek` for what no account can be called."""
    naam = fold_gebruikersnaam(gebruikersnaam)
    if naam is None:
        raise OngeldigVerzoek(
            "Een gebruikersnaam heeft 3 tot 64 tekens: kleine letters, cijfers, punt, streepje of liggend "
            "streepje. Het eerste teken is een letter of cijfer.",
            "gebruikersnaam",
        )
    return naam


def fold_gebruikersnaam(gebruikersnaam: str) -> str | None:
    """Return the name as it is stored, or None when no account can have it."""
    naam = gebruikersnaam.strip().casefold()
    return naam if GEBRUIKERSNAAM.fullmatch(naam) else None
