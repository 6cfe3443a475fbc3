"""Signing in with a local account, and staying signed in.

Refresh tokens form a chain per login (`Aanmelding`). Guarantees:
- Using the current token makes its successor current; that one is derived from it, so only hashes are stored.
- The previous token returns that same successor for as long as the successor is unused: on a bad line the
  answer gets lost, and asking again must not end the login. Two requests at once get the same successor too.
- Any older token of ours ends the login for good; that is committed before the problem is raised.
- Failures are counted before the password is judged, in a transaction of their own: a crash or a lost
  connection gives no free guess, nor do a hundred guesses at the same moment.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from app.access.geheimen import Geheimen
from app.access.tokens import CLIENT_ID, LEVENSDUUR, mint_access_token, read_access_token
from app.database import Sessionmaker
from app.models.account import Aanmelding, Account
from app.models.mensen import Toestel
from app.problems import (
    AanmeldenMislukt,
    NietAangemeld,
    Problem,
    TijdelijkNietBeschikbaar,
    ToestelIngetrokken,
    ToestelNietGoedgekeurd,
    TokenVerlopen,
)
from app.schemas.aanmelden import IntrekVerzoek, TokenAntwoord, VerversVerzoek, WachtwoordVerzoek
from app.services.aanmeldingen import end_login, has_ended
from app.services.accounts import fold_gebruikersnaam
from app.services.pogingen import clear_attempts, count_attempt
from app.services.rechten import judge_device
from app.services.rolkeuze import Soorten, choose_role, judge_role, read_soorten
from app.services.toestellen import Opdrachtgever, revoked
from app.services.wachtwoorden import WACHTWOORDDEUR, Wachtwoorddeur


@dataclass(frozen=True, slots=True)
class Aanmelder:
    """What signing in needs besides the request."""

    sessies: Sessionmaker
    geheimen: Geheimen
    issuer: str
    deur: Wachtwoorddeur = WACHTWOORDDEUR


async def sign_in(aanmelder: Aanmelder, verzoek: WachtwoordVerzoek, *, nu: datetime) -> TokenAntwoord:
    """Grant type `password`: judge the password, choose the role, begin a family.

    Raises `AanmeldenMislukt` (unknown user and wrong password alike), `ToestelIngetrokken`,
    `ToestelNietGoedgekeurd`, `ToestelAndereRol`, `TeVeelVerzoeken` and `TijdelijkNietBeschikbaar`, the last two
    with ``Retry-After``.
    """
    _refuse_other_client(verzoek.client_id)
    opgegeven = verzoek.gebruikersnaam.get_secret_value()
    naam = fold_gebruikersnaam(opgegeven)
    with aanmelder.deur.reserve() as plaats:
        toestel = await _known_device(aanmelder, naam or "", verzoek.toestel)
        naam_hash = _hash_naam(aanmelder.geheimen.ververs, naam or opgegeven, toestel)
        await count_attempt(aanmelder.sessies, naam_hash, nu)
        async with aanmelder.sessies() as session:
            query = select(Account.wachtwoord_hash).where(Account.gebruikersnaam == (naam or ""))
            opgeslagen = (await session.exec(query)).one_or_none()
        klopt = await plaats.verify(opgeslagen, verzoek.wachtwoord)
    if not klopt:
        raise _wrong_credentials()
    await clear_attempts(aanmelder.sessies, naam_hash)
    async with aanmelder.sessies.begin() as session:
        account = (
            await session.exec(select(Account).where(Account.gebruikersnaam == naam).with_for_update())
        ).one_or_none()
        if account is None or account.wachtwoord_hash != opgeslagen:
            raise _wrong_credentials()
        aanmelding, token = await _begin(session, aanmelder, account, verzoek, nu)
    return _answer(aanmelder, aanmelding, token, nu)


async def refresh(aanmelder: Aanmelder, verzoek: VerversVerzoek, *, nu: datetime) -> TokenAntwoord:
    """Grant type `refresh_token`. An ended roltoewijzing does not matter here: rights are judged per request.

    Raises `AanmeldenMislukt`, `ToestelIngetrokken`, `ToestelNietGoedgekeurd`, `ToestelAndereRol`, and
    `TijdelijkNietBeschikbaar` while the read models are rebuilt.
    """
    if verzoek.client_id is not None:
        _refuse_other_client(verzoek.client_id)
    token = verzoek.refresh_token.get_secret_value()
    sid = _read_sid(aanmelder.geheimen.ververs, token)
    if sid is None:
        raise _login_ended()
    async with aanmelder.sessies.begin() as session:
        uitkomst = await _rotate(session, aanmelder, sid, token, nu)
    if isinstance(uitkomst, Problem):
        raise uitkomst
    return uitkomst


async def revoke(aanmelder: Aanmelder, verzoek: IntrekVerzoek, *, nu: datetime) -> None:
    """End the login that a token of ours belongs to, refresh token or access token (RFC 7009).

    Any other text, or a token that ran out, ends nothing, and the answer is the same. Raises AanmeldenMislukt for
    another client.
    """
    if verzoek.client_id is not None:
        _refuse_other_client(verzoek.client_id)
    token = verzoek.token.get_secret_value()
    sid = _read_sid(aanmelder.geheimen.ververs, token)
    if sid is None:
        try:
            sid = read_access_token(aanmelder.geheimen.bos, token, issuer=aanmelder.issuer, nu=nu).sid
        except (NietAangemeld, TokenVerlopen):
            return
    async with aanmelder.sessies.begin() as session:
        await end_login(session, sid, nu)


async def _begin(
    session: AsyncSession, aanmelder: Aanmelder, account: Account, verzoek: WachtwoordVerzoek, nu: datetime
) -> tuple[Aanmelding, str]:
    """Begin a family for a password that was right."""
    soorten = None
    if verzoek.toestel is not None:
        unknown = AanmeldenMislukt("Dit toestel staat niet op uw naam.", error="invalid_grant")
        judged = await _judge_device(session, aanmelder, verzoek.toestel, account.functionaris, nu, unknown)
        if isinstance(judged, Problem):
            raise judged
        soorten = judged
    roltoewijzing = await choose_role(session, account, verzoek.roltoewijzing, soorten, nu)
    sid = uuid7()
    token = _spell_token(aanmelder.geheimen.ververs, sid, secrets.token_bytes(32))
    aanmelding = Aanmelding(
        id=sid,
        account=account.id,
        functionaris=account.functionaris,
        roltoewijzing=roltoewijzing,
        toestel=verzoek.toestel,
        begonnen_op=nu,
        laatst_gebruikt_op=nu,
        huidig_hash=_hash_token(token),
    )
    session.add(aanmelding)
    return aanmelding, token


async def _known_device(aanmelder: Aanmelder, naam: str, toestel: UUID | None) -> UUID | None:
    """`toestel` if it is a device in use of whoever has the account `naam`, else None.

    Anybody can type wrong passwords for a name until it must wait; who has the officer's own device in hand
    can sign in on it all the same. A device id is not secret, but strangers do not have it.
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


async def _rotate(
    session: AsyncSession, aanmelder: Aanmelder, sid: UUID, token: str, nu: datetime
) -> TokenAntwoord | Problem:
    """Judge and rotate under a row lock; a refusal is returned, so that revoking the family is committed."""
    aanmelding = (await session.exec(select(Aanmelding).where(Aanmelding.id == sid).with_for_update())).one_or_none()
    if aanmelding is None:
        return _login_ended()
    if has_ended(aanmelding, nu):
        aanmelding.ingetrokken_op = aanmelding.ingetrokken_op or nu
        return await _order_to_erase(session, aanmelder, aanmelding, nu) or _login_ended()
    gehasht = _hash_token(token)
    if not any(hmac.compare_digest(gehasht, hash_) for hash_ in (aanmelding.huidig_hash, aanmelding.vorig_hash or b"")):
        aanmelding.ingetrokken_op = nu
        return _login_ended()
    if aanmelding.toestel is not None:
        # it was there at login: when it is unknown now, the read models are being folded again
        unknown = TijdelijkNietBeschikbaar("Probeer het zo weer.", headers={"Retry-After": "5"})
        judged = await _judge_device(session, aanmelder, aanmelding.toestel, aanmelding.functionaris, nu, unknown)
        if isinstance(judged, Problem):
            return judged
        refused = await judge_role(session, aanmelding.roltoewijzing, judged, unknown)
        if refused is not None:
            return refused
    opvolger = _derive_successor(aanmelder.geheimen.ververs, sid, token)
    aanmelding.vorig_hash, aanmelding.huidig_hash = gehasht, _hash_token(opvolger)  # for `vorig` they are already
    aanmelding.laatst_gebruikt_op = max(nu, aanmelding.laatst_gebruikt_op)
    return _answer(aanmelder, aanmelding, opvolger, nu)


async def _order_to_erase(
    session: AsyncSession, aanmelder: Aanmelder, aanmelding: Aanmelding, nu: datetime
) -> Problem | None:
    """What a revoked device hears although its login has ended too: whoever ends both must still reach it."""
    if aanmelding.toestel is None:
        return None
    unknown = _login_ended()
    judged = await _judge_device(session, aanmelder, aanmelding.toestel, aanmelding.functionaris, nu, unknown)
    return judged if isinstance(judged, ToestelIngetrokken) else None


async def _judge_device(
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


def _answer(aanmelder: Aanmelder, aanmelding: Aanmelding, token: str, nu: datetime) -> TokenAntwoord:
    access_token = mint_access_token(
        aanmelder.geheimen.bos,
        issuer=aanmelder.issuer,
        functionaris=aanmelding.functionaris,
        roltoewijzing=aanmelding.roltoewijzing,
        toestel=aanmelding.toestel,
        sid=aanmelding.id,
        nu=nu,
    )
    return TokenAntwoord(access_token=access_token, expires_in=LEVENSDUUR, refresh_token=token)


# A refresh token is base64url(sid, 16 bytes || secret, 32 || tag, 16). The tag tells a token that we once
# gave out from an invented one without keeping every token: or whoever knows a sid could end that login.


def _spell_token(ververs: bytes, sid: UUID, geheim: bytes) -> str:
    romp = sid.bytes + geheim
    return base64.urlsafe_b64encode(romp + _tag(ververs, romp)).rstrip(b"=").decode("ascii")


def _derive_successor(ververs: bytes, sid: UUID, token: str) -> str:
    """Derive the next token; the label keeps this use of the secret apart from the others."""
    return _spell_token(ververs, sid, hmac.digest(ververs, b"opvolger\0" + sid.bytes + token.encode(), "sha256"))


def _read_sid(ververs: bytes, token: str) -> UUID | None:
    """Return the family of a token that we gave out, None for any other text."""
    try:
        raw = base64.b64decode(token.encode("ascii") + b"==", altchars=b"-_", validate=True)
        sid = UUID(bytes=raw[:16])
    except ValueError:
        return None
    return sid if hmac.compare_digest(_spell_token(ververs, sid, raw[16:48]), token) else None


def _tag(ververs: bytes, romp: bytes) -> bytes:
    return hmac.digest(ververs, b"uitgegeven\0" + romp, "sha256")[:16]


def _hash_token(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _hash_naam(ververs: bytes, naam: str, toestel: UUID | None = None) -> bytes:
    """Under which failures are counted: the name, and apart from all others each device of his that is in use."""
    return hmac.digest(ververs, b"naam\0" + naam.encode() + (b"\0" + toestel.bytes if toestel else b""), "sha256")


def _refuse_other_client(client_id: str) -> None:
    if client_id != CLIENT_ID:
        raise AanmeldenMislukt("Dit programma mag zich hier niet aanmelden.", error="invalid_client")


def _wrong_credentials() -> AanmeldenMislukt:
    return AanmeldenMislukt("De gebruikersnaam of het wachtwoord klopt niet.", error="invalid_grant")


def _login_ended() -> AanmeldenMislukt:
    return AanmeldenMislukt("Uw aanmelding is afgelopen. Meld u opnieuw aan.", error="invalid_grant")
