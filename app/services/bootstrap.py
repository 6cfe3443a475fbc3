"""The first administrator: the one thing that no administrator can do, so the command line does it."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from pydantic import SecretStr
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from app.access.actor import Actor
from app.models.mensen import Roltoewijzing
from app.problems import RegelGeschonden
from app.registraties.act import iso
from app.services.accounts import create_account
from app.services.boeken import boek
from app.services.opdracht import read_opdracht
from app.vocabulary import Grondslag, OrganisatieSoort, Rol, Status


def _op(soort: str, onderwerp: dict[str, UUID], inhoud: dict[str, Any], nu: datetime) -> dict[str, Any]:
    return {
        "opId": str(uuid4()),
        "soort": soort,
        "versie": 1,
        "onderwerp": {key: str(ident) for key, ident in onderwerp.items()},
        "waargenomenOp": iso(nu),
        "inhoud": inhoud,
    }


async def create_beheerder(
    session: AsyncSession, *, gebruikersnaam: str, wachtwoord: SecretStr, organisatie: str, nu: datetime
) -> None:
    """Record an organisation, a functionaris and the role of functioneel_beheerder, and give it an account.

    Booked like everything else; the ledger shows that the first administrator recorded himself. Raises
    RegelGeschonden when there is an administrator already: that one makes the next. The caller commits.
    """
    rol = Rol.FUNCTIONEEL_BEHEERDER
    if (await session.exec(select(Roltoewijzing).where(col(Roltoewijzing.rol) == rol).limit(1))).first():
        raise RegelGeschonden("Er is al een functioneel beheerder; die maakt de volgende aan.")
    org, mens, toewijzing = uuid7(), uuid7(), uuid7()
    actor = Actor(mens, toewijzing, rol, org, frozenset())
    ops = [
        _op(
            "organisatie.vastgelegd",
            {"organisatie": org},
            {"soort": OrganisatieSoort.BEHEER.value, "naam": organisatie},
            nu,
        ),
        _op(
            "functionaris.vastgelegd",
            {"functionaris": mens},
            {"aanduiding": "beheerder-1", "organisatie": str(org)},
            nu,
        ),
        _op(
            "roltoewijzing.verleend",
            {"roltoewijzing": toewijzing},
            {
                "functionaris": str(mens),
                "rol": rol.value,
                "organisatie": str(org),
                "gemeenten": [],
                "van": iso(nu),
                "grondslag": Grondslag.AANSTELLING.value,
            },
            nu,
        ),
    ]
    uitslagen, _ = await boek(session, actor, [read_opdracht(op) for op in ops], nu=nu)
    refused = [u for u in uitslagen if u.status is not Status.ACCEPTED]
    if refused:
        raise RegelGeschonden(f"De beheerder kon niet worden vastgelegd: {refused[0].code} {refused[0].detail}")
    await create_account(
        session,
        gebruikersnaam=gebruikersnaam,
        wachtwoord=wachtwoord,
        functionaris=mens,
        roltoewijzing=toewijzing,
        nu=nu,
    )
