"""The first way in, and the way back in: a code that the officer changes for a password of his own.

Guarantees: no administrator ever chooses or sees a password. A code exists only after two people: one asked, another
confirmed, and only that other sees it, once. It works once, for a day, for one person, and not any more once
something else was confirmed for his account or it was disabled.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.access.codes import hash_code, new_code
from app.models.account import Toegangscode
from app.models.mensen import Accountstand
from app.problems import RegelGeschonden, ToegangscodeOngeldig
from app.registraties.account import ACTIEF
from app.schemas.accounts import ToegangIn
from app.services.lezen.lezen import get_document
from app.services.toegang.accounts import take_account
from app.services.toegang.wachtwoorden import WACHTWOORDDEUR, Wachtwoorddeur

GELDIG: Final = timedelta(hours=24)
UITGIFTE: Final = timedelta(days=7)
"""So long after confirming one may have a code, and have it again when the last one got lost."""


@dataclass(frozen=True, slots=True)
class Toegang:
    """A new code, to be shown once."""

    code: str
    vervalt_op: datetime


async def issue_toegangscode(session: AsyncSession, actor: Actor, account: UUID, *, nu: datetime) -> Toegang:
    """The code that goes with the confirmation by `actor`; an earlier one that was not used is void. Caller commits.

    Raises NietGevonden, RegelGeschonden.
    """
    doc = await get_document(session, actor, Accountstand, account, permissie="account:bevestigen")
    confirmed = doc.get("bevestiging", {})
    if doc["status"] != ACTIEF or confirmed["door"]["functionaris"] != str(actor.functionaris):
        raise RegelGeschonden("Alleen wie het account bevestigde, ziet de code.")
    if nu - datetime.fromisoformat(confirmed["ontvangenOp"]) > UITGIFTE:
        raise RegelGeschonden("De bevestiging is te lang geleden. Laat het opnieuw aanvragen en bevestigen.")
    return await put_toegangscode(session, account, UUID(confirmed["op"]), nu=nu)


async def put_toegangscode(session: AsyncSession, account: UUID, bevestiging: UUID, *, nu: datetime) -> Toegang:
    """Make a code for a confirmation that was not used yet. Raises RegelGeschonden when it was."""
    code = new_code()
    values = {"code_hash": hash_code(code), "bevestiging": bevestiging, "vervalt_op": nu + GELDIG, "gebruikt_op": None}
    made = await session.exec(
        insert(Toegangscode)
        .values(functionaris=account, **values)
        .on_conflict_do_update(
            index_elements=["functionaris"],
            set_=values,
            where=(col(Toegangscode.bevestiging) != bevestiging) | col(Toegangscode.gebruikt_op).is_(None),
        )
        .returning(col(Toegangscode.functionaris))
    )
    if made.scalar_one_or_none() is None:
        raise RegelGeschonden("De code is al gebruikt. Laat een nieuwe aanvragen en bevestigen.")
    return Toegang(code, nu + GELDIG)


async def use_toegangscode(
    session: AsyncSession,
    invoer: ToegangIn,
    *,
    nu: datetime,
    deur: Wachtwoorddeur = WACHTWOORDDEUR,
) -> str:
    """Set the password of whoever the code is for and end his logins; returns his user name. The caller commits.

    The first time a user name is chosen too. What is refused leaves the code as it was. Raises ToegangscodeOngeldig
    (unknown, used, late and withdrawn alike), OngeldigVerzoek, RegelGeschonden when the name is taken,
    TijdelijkNietBeschikbaar.
    """
    row = (
        await session.exec(
            select(Toegangscode)
            .join(Accountstand, col(Accountstand.id) == col(Toegangscode.functionaris))
            .where(
                Toegangscode.code_hash == hash_code(invoer.code.get_secret_value()),
                Toegangscode.vervalt_op > nu,
                col(Toegangscode.gebruikt_op).is_(None),
                col(Accountstand.actief),
                Accountstand.bevestiging == Toegangscode.bevestiging,
            )
            .with_for_update(of=Toegangscode)
        )
    ).one_or_none()
    if row is None:
        raise ToegangscodeOngeldig(
            "Deze code is onbekend, gebruikt, verlopen of ingetrokken. Lukte het al? Meld u aan."
        )
    row.gebruikt_op = nu
    return await take_account(session, row.functionaris, invoer, nu=nu, deur=deur)
