"""Enrolling a device with a one-time code: an administrator gives it, the carrier uses it on the device itself.

Guarantees: a code works once, for one functionaris, for ten minutes, and is stored hashed. It is bound to the
first key that comes with it, before anything is booked; so the same device that asks again, because the answer
got lost, gets the same enrolment, and any other gets nothing. The entry is booked in the name of who gave the code,
with his rights of that moment: he enrols, the carrier only hands in what he was given.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Final
from urllib.parse import urlencode
from uuid import UUID, uuid4

import segno
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from app.access.actor import Actor
from app.access.beleid import may
from app.access.codes import hash_code, new_code
from app.access.sleutels import GeenSleutel, challenge, is_signed, read_point, thumbprint
from app.access.tokens import Toegang
from app.database import Sessionmaker
from app.grootboek.canoniek import NietCanoniek, unb64u
from app.models.account import Aanmelding
from app.models.mensen import Functionaris, Roltoewijzing
from app.models.toestellen import Inschrijfcode, Toestelsleutel
from app.problems import (
    AanmeldingNietVers,
    InschrijfcodeOngeldig,
    NietAangemeld,
    RegelGeschonden,
    SleutelbewijsOngeldig,
)
from app.registraties.act import iso
from app.registraties.register import ACTEN
from app.schemas.toestellen import InschrijfcodeIn, InschrijvingIn
from app.services.boeken.online import record
from app.services.kluis.head import read_head
from app.services.lezen.lezen import get_document
from app.services.rechten.rechten import load_actor
from app.services.toegang.pogingen import clear_attempts, count_attempt

GELDIG: Final = timedelta(minutes=10)
VERS: Final = timedelta(minutes=5)
"""So recently the carrier gave his password."""
ACT: Final = ACTEN["toestel.ingeschreven"]


@dataclass(frozen=True, slots=True)
class Uitgifte:
    """A new code, to be shown once."""

    code: str
    vervalt_op: datetime
    qr: str
    qr_svg: str


@dataclass(frozen=True, slots=True)
class Inschrijving:
    """What came of using a code."""

    toestel: UUID
    sleutel_id: str
    origin: str


async def issue_code(
    session: AsyncSession, actor: Actor, invoer: InschrijfcodeIn, *, address: str, nu: datetime
) -> Uitgifte:
    """Make a code for one functionaris in one role; the caller commits. `address` is where the app finds us.

    Raises NietGevonden, RegelGeschonden. Codes that ran out are thrown away here.
    """
    await get_document(session, actor, Functionaris, invoer.functionaris)
    role = await get_document(session, actor, Roltoewijzing, invoer.roltoewijzing)
    if role.get("functionaris") != str(invoer.functionaris):
        raise RegelGeschonden("Deze rol is niet van deze functionaris.")
    code = new_code()
    await session.exec(delete(Inschrijfcode).where(col(Inschrijfcode.vervalt_op) < nu - GELDIG))
    session.add(
        Inschrijfcode(
            code_hash=hash_code(code),
            functionaris=invoer.functionaris,
            roltoewijzing=invoer.roltoewijzing,
            omschrijving=invoer.omschrijving,
            door_functionaris=actor.functionaris,
            door_roltoewijzing=actor.roltoewijzing,
            uitgegeven_op=nu,
            vervalt_op=nu + GELDIG,
        )
    )
    origin = (await read_head(session)).origin
    qr = "veldboek:inschrijven?" + urlencode({"adres": address, "origin": origin, "code": code})
    return Uitgifte(code, nu + GELDIG, qr, draw_qr(qr))


def draw_qr(text: str) -> str:
    """The QR code of `text` as an SVG element."""
    out = BytesIO()
    segno.make_qr(text, error="m").save(out, kind="svg", xmldecl=False, scale=4)
    return out.getvalue().decode()


async def refuse_stale_login(session: AsyncSession, toegang: Toegang, nu: datetime) -> None:
    """Enrolment needs a password given just now, and a token without a device. Raises AanmeldingNietVers."""
    begun = (
        await session.exec(
            select(Aanmelding.begonnen_op).where(
                Aanmelding.id == toegang.sid,
                Aanmelding.functionaris == toegang.functionaris,
                col(Aanmelding.ingetrokken_op).is_(None),
            )
        )
    ).one_or_none()
    if toegang.toestel is not None or begun is None or nu - begun > VERS:
        raise AanmeldingNietVers("Meld u opnieuw aan met uw wachtwoord, zonder toestel, en schrijf het dan in.")


async def enrol(
    session: AsyncSession, sessies: Sessionmaker, actor: Actor, invoer: InschrijvingIn, *, nu: datetime
) -> Inschrijving:
    """Use a code: bind it to this key, then book the enrolment.

    Raises SleutelbewijsOngeldig, InschrijfcodeOngeldig, RegelGeschonden (the key was used before),
    TeVeelVerzoeken after wrong codes.
    """
    code, origin = invoer.code.get_secret_value(), (await read_head(session)).origin
    point = check_proof(invoer, code, origin)  # before the code is looked up: so it tells nothing about the code
    throttle = hashlib.sha256(b"inschrijfcode\0" + actor.functionaris.bytes).digest()
    await count_attempt(sessies, throttle, nu)
    async with sessies.begin() as own:
        bound = await bind_code(own, actor, code, point, nu)
    giver = await load_giver(session, bound, nu)
    await clear_attempts(sessies, throttle)
    assert bound.op is not None  # noqa: S101  # bind_code filled these
    assert bound.toestel is not None  # noqa: S101
    inhoud = {
        "functionaris": str(actor.functionaris),
        "roltoewijzing": str(bound.roltoewijzing),
        "omschrijving": bound.omschrijving,
        "platform": invoer.platform.value,
        "appVersie": invoer.app_versie,
        "opslagVersleuteld": invoer.opslag_versleuteld,
        "sleutelId": bound.sleutel_id,
        "ondertekent": invoer.ondertekent,
    }
    velden = {"waargenomenOp": iso(bound.uitgegeven_op), "inhoud": inhoud}
    await record(session, giver, ACT, bound.op, {"toestel": str(bound.toestel)}, velden, nu=nu)
    return Inschrijving(bound.toestel, thumbprint(point), origin)


def check_proof(invoer: InschrijvingIn, code: str, origin: str) -> bytes:
    """The device's public key, once it showed that it holds the private half. Raises SleutelbewijsOngeldig."""
    try:
        point, signature = read_point(invoer.sleutel.x, invoer.sleutel.y), unb64u(invoer.bewijs)
        message = challenge(code=code, origin=origin, point=point)
    except (GeenSleutel, NietCanoniek):
        raise SleutelbewijsOngeldig("De sleutel of de handtekening heeft niet de juiste vorm.", "bewijs") from None
    if not is_signed(point, signature, message):
        raise SleutelbewijsOngeldig("De handtekening past niet bij code, grootboek en sleutel.", "bewijs")
    return point


async def bind_code(session: AsyncSession, actor: Actor, code: str, point: bytes, nu: datetime) -> Inschrijfcode:
    """Take the code for this key, or find that this key took it already. The caller commits at once."""
    row = (
        await session.exec(
            select(Inschrijfcode)
            .where(
                Inschrijfcode.code_hash == hash_code(code),
                Inschrijfcode.functionaris == actor.functionaris,
                Inschrijfcode.roltoewijzing == actor.roltoewijzing,
                Inschrijfcode.vervalt_op > nu,
                or_(col(Inschrijfcode.sleutel_id).is_(None), Inschrijfcode.sleutel_id == thumbprint(point)),
            )
            .with_for_update()
        )
    ).one_or_none()
    if row is None:
        raise _wrong_code()
    if row.sleutel_id is None:
        row.op, row.toestel, row.sleutel_id = uuid4(), uuid7(), thumbprint(point)
        made = await session.exec(
            insert(Toestelsleutel)
            .values(toestel=row.toestel, sleutel_id=row.sleutel_id, punt=point)
            .on_conflict_do_nothing()
            .returning(col(Toestelsleutel.toestel))
        )
        if made.scalar_one_or_none() is None:
            raise RegelGeschonden("Deze sleutel is eerder gebruikt. Maak voor elke inschrijving een nieuwe sleutel.")
    return row


async def load_giver(session: AsyncSession, bound: Inschrijfcode, nu: datetime) -> Actor:
    """Who gave the code, with his rights of this moment; without them the code is worth nothing any more."""
    try:
        wie = Toegang(bound.door_functionaris, bound.door_roltoewijzing, None, bound.door_roltoewijzing)
        giver = await load_actor(session, wie, nu, aangemeld=False)
    except NietAangemeld:
        raise _wrong_code() from None
    if not giver.actief or not may(giver.rol, ACT.permissie):
        raise _wrong_code()
    return giver


def _wrong_code() -> InschrijfcodeOngeldig:
    return InschrijfcodeOngeldig("Deze code is onbekend, gebruikt, verlopen of niet voor u. Vraag een nieuwe.")
