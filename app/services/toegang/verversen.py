"""Staying signed in, and signing out with a token.

Refresh tokens form a chain per login (`Aanmelding`). Guarantees:
- Using the current token makes its successor current; that one is derived from it, so only hashes are stored.
- The previous token returns that same successor for as long as the successor is unused: on a bad line the
  answer gets lost, and asking again must not end the login. Two requests at once get the same successor too.
- Any older token of ours ends the login for good; that is committed before the problem is raised.
"""

import hmac
from datetime import datetime
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.tokens import read_access_token
from app.models.account import Aanmelding
from app.problems import (
    AanmeldenMislukt,
    NietAangemeld,
    Problem,
    TijdelijkNietBeschikbaar,
    ToestelIngetrokken,
    TokenVerlopen,
)
from app.schemas.aanmelden import IntrekIn, TokenUit, VerversIn
from app.services.rechten.aanmeldingen import end_login, has_ended, read_looptijd
from app.services.toegang.aanmelden import Aanmelder, answer, judge_own_device, refuse_other_client
from app.services.toegang.aanmeldtokens import derive_successor, hash_token, read_sid
from app.services.toegang.rolkeuze import judge_role


async def refresh(aanmelder: Aanmelder, verzoek: VerversIn, *, nu: datetime) -> TokenUit:
    """Grant type `refresh_token`. An ended roltoewijzing does not matter here: rights are judged per request.

    Raises `AanmeldenMislukt`, `ToestelIngetrokken`, `ToestelNietGoedgekeurd`, `ToestelAndereRol`, and
    `TijdelijkNietBeschikbaar` while the read models are rebuilt.
    """
    if verzoek.client_id is not None:
        refuse_other_client(verzoek.client_id)
    token = verzoek.refresh_token.get_secret_value()
    sid = read_sid(aanmelder.geheimen.ververs, token)
    if sid is None:
        raise _login_ended()
    async with aanmelder.sessies.begin() as session:
        uitkomst = await _rotate(session, aanmelder, sid, token, nu)
    if isinstance(uitkomst, Problem):
        raise uitkomst
    return uitkomst


async def revoke(aanmelder: Aanmelder, verzoek: IntrekIn, *, nu: datetime) -> None:
    """End the login that a token of ours belongs to, refresh token or access token (RFC 7009).

    Any other text, or a token that ran out, ends nothing, and the answer is the same. Raises AanmeldenMislukt for
    another client.
    """
    if verzoek.client_id is not None:
        refuse_other_client(verzoek.client_id)
    token = verzoek.token.get_secret_value()
    sid = read_sid(aanmelder.geheimen.ververs, token)
    if sid is None:
        try:
            sid = read_access_token(aanmelder.geheimen.bos, token, issuer=aanmelder.issuer, nu=nu).sid
        except (NietAangemeld, TokenVerlopen):
            return
    async with aanmelder.sessies.begin() as session:
        await end_login(session, sid, nu)


async def _rotate(
    session: AsyncSession, aanmelder: Aanmelder, sid: UUID, token: str, nu: datetime
) -> TokenUit | Problem:
    """Judge and rotate under a row lock; a refusal is returned, so that revoking the family is committed."""
    aanmelding = (await session.exec(select(Aanmelding).where(Aanmelding.id == sid).with_for_update())).one_or_none()
    if aanmelding is None:
        return _login_ended()
    if has_ended(await read_looptijd(session, aanmelding), nu):
        aanmelding.ingetrokken_op = aanmelding.ingetrokken_op or nu
        return await _order_to_erase(session, aanmelder, aanmelding, nu) or _login_ended()
    gehasht = hash_token(token)
    if not any(hmac.compare_digest(gehasht, hash_) for hash_ in (aanmelding.huidig_hash, aanmelding.vorig_hash or b"")):
        aanmelding.ingetrokken_op = nu
        return _login_ended()
    if aanmelding.toestel is not None:
        # it was there at login: when it is unknown now, the read models are being folded again
        unknown = TijdelijkNietBeschikbaar("Probeer het zo weer.", headers={"Retry-After": "5"})
        judged = await judge_own_device(session, aanmelder, aanmelding.toestel, aanmelding.functionaris, nu, unknown)
        if isinstance(judged, Problem):
            return judged
        refused = await judge_role(session, aanmelding.roltoewijzing, judged, unknown)
        if refused is not None:
            return refused
    opvolger = derive_successor(aanmelder.geheimen.ververs, sid, token)
    aanmelding.vorig_hash, aanmelding.huidig_hash = gehasht, hash_token(opvolger)  # for `vorig` they are already
    aanmelding.laatst_gebruikt_op = max(nu, aanmelding.laatst_gebruikt_op)
    return answer(aanmelder, aanmelding, opvolger, nu)


async def _order_to_erase(
    session: AsyncSession, aanmelder: Aanmelder, aanmelding: Aanmelding, nu: datetime
) -> Problem | None:
    """What a revoked device hears although its login has ended too: whoever ends both must still reach it."""
    if aanmelding.toestel is None:
        return None
    unknown = _login_ended()
    judged = await judge_own_device(session, aanmelder, aanmelding.toestel, aanmelding.functionaris, nu, unknown)
    return judged if isinstance(judged, ToestelIngetrokken) else None


def _login_ended() -> AanmeldenMislukt:
    return AanmeldenMislukt("Uw aanmelding is afgelopen. Meld u opnieuw aan.", error="invalid_grant")
