"""Signing in with a local account, in an app or in a browser.

Failures are counted before the password is judged, in a transaction of their own: a crash or a lost connection gives
no free guess, nor do a hundred guesses at the same moment.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from app.access.geheimen import Geheimen
from app.access.tokens import CLIENT_ID, LEVENSDUUR, mint_access_token
from app.database import Sessionmaker
from app.models.account import Aanmelding, Account
from app.models.mensen import Toestel
from app.problems import (
    AanmeldenMislukt,
    Problem,
    ToestelIngetrokken,
    ToestelNietGoedgekeurd,
)
from app.schemas.aanmelden import AanmeldIn, SessieIn, TokenUit
from app.services.rechten.aanmeldingen import end_login, forget_old
from app.services.rechten.rechten import judge_device
from app.services.toegang.aanmeldtokens import hash_token, read_sid, spell_token
from app.services.toegang.accounts import fold_gebruikersnaam, refuse_closed
from app.services.toegang.browsers import cookie_key, known_browser, remember_browser
from app.services.toegang.pogingen import Wachtrij, address_row, clear_attempts, count_attempt, hash_name, own_row
from app.services.toegang.rolkeuze import Soorten, choose_role, read_soorten
from app.services.toegang.toestellen import Opdrachtgever, revoked
from app.services.toegang.wachtwoorden import WACHTWOORDDEUR, Wachtwoorddeur
from app.vocabulary import Aanmeldsoort


@dataclass(frozen=True, slots=True)
class Aanmelder:
    """What signing in needs besides the request."""

    sessies: Sessionmaker
    geheimen: Geheimen
    issuer: str
    deur: Wachtwoorddeur = WACHTWOORDDEUR


@dataclass(frozen=True, slots=True)
class Herkomst:
    """From where an attempt comes: the address as we see it, and the cookie by which a browser is known."""

    adres: str | None
    bekend: str | None = None


@dataclass(frozen=True, slots=True)
class Browserlogin:
    """A login in a browser, the secret for its cookie, and the cookie by which the browser is known from now on."""

    aanmelding: Aanmelding
    cookie: str = field(repr=False)
    bekend: str = field(repr=False)


async def sign_in(aanmelder: Aanmelder, verzoek: AanmeldIn, herkomst: Herkomst, *, nu: datetime) -> TokenUit:
    """Grant type `password`: judge the password, choose the role, begin a family.

    Raises `AanmeldenMislukt` (unknown user and wrong password alike), `ToestelIngetrokken`,
    `ToestelNietGoedgekeurd`, `ToestelAndereRol`, `TeVeelVerzoeken` and `TijdelijkNietBeschikbaar`, the last two
    with ``Retry-After``.
    """
    refuse_other_client(verzoek.client_id)
    aanmelding, token = await _sign_in(aanmelder, verzoek, Aanmeldsoort.APP, herkomst, nu)
    return answer(aanmelder, aanmelding, token, nu)


async def sign_in_browser(
    aanmelder: Aanmelder, invoer: SessieIn, herkomst: Herkomst, *, vorige: str | None, nu: datetime
) -> Browserlogin:
    """Begin a login that lives in a cookie; the one that this browser had, `vorige`, ends. Raises as `sign_in`."""
    aanmelding, cookie = await _sign_in(aanmelder, invoer, Aanmeldsoort.BROWSER, herkomst, nu)
    await end_browser(aanmelder, vorige, nu=nu)
    naam = fold_gebruikersnaam(invoer.gebruikersnaam.get_secret_value())
    assert naam is not None  # noqa: S101  # there is an account of that name
    naam_hash = hash_name(aanmelder.geheimen.ververs, naam)
    return Browserlogin(aanmelding, cookie, remember_browser(aanmelder.geheimen, herkomst.bekend, naam_hash))


async def end_browser(aanmelder: Aanmelder, cookie: str | None, *, nu: datetime) -> None:
    """End the login of this cookie, if it is one of ours."""
    sid = read_sid(cookie_key(aanmelder.geheimen), cookie or "")
    if sid is not None:
        async with aanmelder.sessies.begin() as session:
            await end_login(session, sid, nu)


async def _sign_in(
    aanmelder: Aanmelder,
    verzoek: AanmeldIn | SessieIn,
    soort: Aanmeldsoort,
    herkomst: Herkomst,
    nu: datetime,
) -> tuple[Aanmelding, str]:
    """Count, judge the password, begin a login, and forget what was counted."""
    opgegeven = verzoek.gebruikersnaam.get_secret_value()
    naam = fold_gebruikersnaam(opgegeven)
    naam_hash = hash_name(aanmelder.geheimen.ververs, naam or opgegeven)
    adres = address_row(aanmelder.geheimen.ververs, herkomst.adres)
    with aanmelder.deur.reserve(adres.hash) as plaats:
        own = await _own_rows(aanmelder, naam or "", naam_hash, verzoek.toestel, herkomst)
        rij = await count_attempt(aanmelder.sessies, naam_hash, nu, (*own, adres))
        async with aanmelder.sessies() as session:
            query = select(Account.wachtwoord_hash).where(Account.gebruikersnaam == (naam or ""))
            opgeslagen = (await session.exec(query)).one_or_none()
        klopt = await plaats.verify(opgeslagen, verzoek.wachtwoord)
    if not klopt:
        raise _wrong_credentials()
    await clear_attempts(aanmelder.sessies, naam_hash, rij)
    async with aanmelder.sessies.begin() as session:
        account = (
            await session.exec(select(Account).where(Account.gebruikersnaam == naam).with_for_update())
        ).one_or_none()
        if account is None or account.wachtwoord_hash != opgeslagen:
            raise _wrong_credentials()
        await refuse_closed(session, account)
        return await _begin(session, aanmelder, account, verzoek, soort, nu)


async def _begin(
    session: AsyncSession,
    aanmelder: Aanmelder,
    account: Account,
    verzoek: AanmeldIn | SessieIn,
    soort: Aanmeldsoort,
    nu: datetime,
) -> tuple[Aanmelding, str]:
    """Begin a login for a password that was right, and spell its secret."""
    soorten = None
    if verzoek.toestel is not None:
        unknown = AanmeldenMislukt("Dit toestel staat niet op uw naam.", error="invalid_grant")
        judged = await judge_own_device(session, aanmelder, verzoek.toestel, account.functionaris, nu, unknown)
        if isinstance(judged, Problem):
            raise judged
        soorten = judged
    roltoewijzing = await choose_role(session, account, verzoek.roltoewijzing, soorten, nu)
    sid = uuid7()
    key = aanmelder.geheimen.ververs if soort is Aanmeldsoort.APP else cookie_key(aanmelder.geheimen)
    token = spell_token(key, sid, secrets.token_bytes(32))
    aanmelding = Aanmelding(
        id=sid,
        soort=soort.value,
        account=account.id,
        functionaris=account.functionaris,
        roltoewijzing=roltoewijzing,
        toestel=verzoek.toestel,
        begonnen_op=nu,
        laatst_gebruikt_op=nu,
        huidig_hash=hash_token(token),
    )
    session.add(aanmelding)
    await forget_old(session, account.id, nu)
    return aanmelding, token


async def _own_rows(
    aanmelder: Aanmelder, naam: str, naam_hash: bytes, toestel: UUID | None, herkomst: Herkomst
) -> list[Wachtrij]:
    """The rows in which nobody else stands: his own device, and a browser in which he signed in before."""
    device = await _known_device(aanmelder, naam, toestel)
    browser = known_browser(aanmelder.geheimen, herkomst.bekend, naam_hash)
    own = [device.bytes if device else None, browser]
    return [own_row(aanmelder.geheimen.ververs, ident) for ident in own if ident is not None]


async def _known_device(aanmelder: Aanmelder, naam: str, toestel: UUID | None) -> UUID | None:
    """`toestel` if it is a device in use of whoever has the account `naam`, else None.

    A device id is not secret, but strangers do not have it; whoever blocks its row with it blocks no other.
    """
    if toestel is None:
        return None
    query = (
        select(Toestel.id)
        .join(Account, col(Account.functionaris) == col(Toestel.functionaris))
        .where(Toestel.id == toestel, Account.gebruikersnaam == naam)
        .where(col(Toestel.goedgekeurd), ~col(Toestel.ingetrokken))
    )
    async with aanmelder.sessies() as session:
        return (await session.exec(query)).one_or_none()


async def judge_own_device(
    session: AsyncSession, aanmelder: Aanmelder, toestel: UUID, functionaris: UUID, nu: datetime, unknown: Problem
) -> Problem | Soorten:
    """What stands in the way of this device: it was revoked, or nobody approved it yet. If nothing, what it is for.

    `unknown` is the answer when the functionaris has no such device.
    """
    query = select(Toestel.ingetrokken, Toestel.goedgekeurd, Toestel.berging_tot, Toestel.rollen).where(
        Toestel.id == toestel, Toestel.functionaris == functionaris
    )
    row = (await session.exec(query)).one_or_none()
    if row is None:
        return unknown
    ingetrokken, goedgekeurd, berging_tot, rollen = row
    try:
        judge_device(ingetrokken=ingetrokken, goedgekeurd=goedgekeurd, berging_tot=berging_tot, nu=nu)
    except ToestelIngetrokken:
        gever = Opdrachtgever(aanmelder.geheimen.bos, aanmelder.issuer)
        problem: Problem = await revoked(session, gever, toestel, nu)
    except ToestelNietGoedgekeurd as waiting:
        problem = waiting
    else:
        return read_soorten(rollen)
    problem.extensions["error"] = "invalid_grant"
    return problem


def answer(aanmelder: Aanmelder, aanmelding: Aanmelding, token: str, nu: datetime) -> TokenUit:
    """The tokens of a login, as they go over the wire: a fresh access token beside `token`."""
    access_token = mint_access_token(
        aanmelder.geheimen.bos,
        issuer=aanmelder.issuer,
        functionaris=aanmelding.functionaris,
        roltoewijzing=aanmelding.roltoewijzing,
        toestel=aanmelding.toestel,
        sid=aanmelding.id,
        nu=nu,
    )
    return TokenUit(access_token=access_token, expires_in=LEVENSDUUR, refresh_token=token)


def refuse_other_client(client_id: str) -> None:
    """There is one client, and it is public. Raises AanmeldenMislukt."""
    if client_id != CLIENT_ID:
        raise AanmeldenMislukt("Dit programma mag zich hier niet aanmelden.", error="invalid_client")


def _wrong_credentials() -> AanmeldenMislukt:
    return AanmeldenMislukt("De gebruikersnaam of het wachtwoord klopt niet.", error="invalid_grant")
