"""The first two administrators, and a way back in for an administrator: what the command line does and nobody else.

Two, because nothing that opens content is done by one: the first could not confirm what he asks for himself.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from pydantic import SecretStr
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from app.access.actor import Actor
from app.models.account import Account
from app.models.mensen import Roltoewijzing
from app.problems import NietGevonden, RegelGeschonden
from app.registraties.act import iso
from app.registraties.register import ACTEN
from app.registraties.roltoewijzing import NOOIT as _NOOIT
from app.services.boeken.boek import boek
from app.services.kluis.operatie import read_operatie
from app.services.toegang.accounts import create_account
from app.services.toegang.toegangscodes import Toegang, put_toegangscode
from app.vocabulary import Grondslag, OrganisatieSoort, Rol, Status

EERSTE: Final = 2
"""So many administrators the command line makes; they make the next."""
ROL: Final = Rol.FUNCTIONEEL_BEHEERDER
NOOIT: Final = datetime.fromisoformat(_NOOIT)
"""Where the period of a role lies that was not confirmed."""


def _op(soort: str, onderwerp: dict[str, UUID], inhoud: dict[str, Any], nu: datetime) -> dict[str, Any]:
    return {
        "opId": str(uuid4()),
        "soort": soort,
        "versie": ACTEN[soort].versie,
        "onderwerp": {key: str(ident) for key, ident in onderwerp.items()},
        "waargenomenOp": iso(nu),
        "inhoud": inhoud,
    }


async def create_beheerder(
    session: AsyncSession, *, gebruikersnaam: str, wachtwoord: SecretStr, organisatie: str, nu: datetime
) -> None:
    """Record a functionaris with the role of functioneel_beheerder and an account: the first, or the second.

    Booked like everything else; the ledger shows that these two recorded themselves. The first also records
    `organisatie`, the second joins it. Raises RegelGeschonden when there are two. The caller commits.
    """
    found = (await session.exec(_beheerders(nu).limit(EERSTE))).all()
    if len(found) >= EERSTE:
        raise RegelGeschonden("Er zijn al twee functioneel beheerders; die maken de volgende aan.")
    org, mens, toewijzing = found[0].organisatie if found else uuid7(), uuid7(), uuid7()
    ops = [
        _op(
            "functionaris.vastgelegd",
            {"functionaris": mens},
            {"aanduiding": f"beheerder-{len(found) + 1}", "organisatie": str(org)},
            nu,
        ),
        _op(
            "roltoewijzing.verleend",
            {"roltoewijzing": toewijzing},
            {
                "functionaris": str(mens),
                "rol": ROL.value,
                "organisatie": str(org),
                "gemeenten": [],
                "van": iso(nu),
                "grondslag": Grondslag.AANSTELLING.value,
                "doorTwee": False,
            },
            nu,
        ),
        _op("account.aangevraagd", {"account": mens}, {"functionaris": str(mens)}, nu),
    ]
    if not found:
        inhoud = {"soort": OrganisatieSoort.BEHEER.value, "naam": organisatie}
        ops.insert(0, _op("organisatie.vastgelegd", {"organisatie": org}, inhoud, nu))
    await create_account(
        session,
        gebruikersnaam=gebruikersnaam,
        wachtwoord=wachtwoord,
        functionaris=mens,
        roltoewijzing=toewijzing,
        uit_grootboek=True,
        nu=nu,
    )
    await _book(
        session,
        Actor(mens, toewijzing, ROL, org, frozenset(), eerste=True, organisatie_soort=OrganisatieSoort.BEHEER),
        ops,
        nu,
    )


def _beheerders(nu: datetime) -> Any:
    """Roles of administrators that are in force: what waits, or has ended, shuts nobody out."""
    r = Roltoewijzing
    return select(r).where(r.rol == ROL, r.van <= nu, col(r.tot).is_(None) | (col(r.tot) > nu)).order_by(col(r.id))


async def count_beheerders(session: AsyncSession, nu: datetime) -> int:
    """How many roles of administrator are in force."""
    return len((await session.exec(_beheerders(nu))).all())


async def restore_beheerder(session: AsyncSession, *, gebruikersnaam: str, nu: datetime) -> Toegang:
    """A code for an administrator who is shut out, for whoever holds the machine; the ledger shows it in his name.

    Administrators only: whoever sees content comes back by two people. Raises NietGevonden. The caller commits.
    """
    r = Roltoewijzing
    own = col(Account.functionaris) == col(r.functionaris)
    found = (
        await session.exec(_beheerders(nu).join(Account, own).where(Account.gebruikersnaam == gebruikersnaam))
    ).first()
    confirmed = (r.van < NOOIT, col(r.tot).is_(None) | (col(r.tot) > nu))
    other = select(r.id).where(r.functionaris == (found and found.functionaris), r.rol != ROL, *confirmed)
    if found is None or (await session.exec(other)).first() is not None:
        raise NietGevonden("Er is geen functioneel beheerder met deze gebruikersnaam en alleen die rol.")
    op = _op("account.aangevraagd", {"account": found.functionaris}, {"functionaris": str(found.functionaris)}, nu)
    toegang = await put_toegangscode(session, found.functionaris, UUID(op["opId"]), nu=nu)
    await _book(
        session, Actor(found.functionaris, found.id, ROL, found.organisatie, frozenset(), eerste=True), [op], nu
    )
    return toegang


async def _book(session: AsyncSession, actor: Actor, ops: list[dict[str, Any]], nu: datetime) -> None:
    uitslagen, _ = await boek(session, actor, [read_operatie(op) for op in ops], nu=nu)
    refused = [u for u in uitslagen if u.status is not Status.ACCEPTED]
    if refused:
        raise RegelGeschonden(f"De beheerder kon niet worden vastgelegd: {refused[0].code} {refused[0].waarom.uitleg}")
