"""Browsers: a login that lives in a cookie, and which browsers signed in here before.

The cookie holds a secret that is stored hashed, so no script and no storage of the browser ever has it. The second
cookie proves that this browser signed in to this account before: then it stands in a row of its own when others type
wrong passwords for that name.
"""

import base64
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from app.access.geheimen import Geheimen
from app.access.tokens import Toegang
from app.database import Sessionmaker
from app.models.account import Aanmelding
from app.services.rechten.aanmeldingen import has_ended, login_ended, note_end, read_looptijd
from app.services.toegang.aanmeldtokens import hash_token, read_sid

GEBRUIKT: Final = timedelta(minutes=1)
"""So precisely the last use of a browser's login is kept."""
BEKENDEN: Final = 5
"""Accounts that one browser is known to: colleagues share a desk."""
_IDENT, _TAG = 16, 16  # bytes


def cookie_key(geheimen: Geheimen) -> bytes:
    """With which the secrets of browsers are tagged."""
    return geheimen.derive(b"browsersessie")


async def find_login(sessies: Sessionmaker, geheimen: Geheimen, cookie: str, nu: datetime) -> Toegang:
    """Whose cookie this is. Raises AanmeldingBeeindigd, for one that was never given out too.

    Use is noted at most once a minute; `sessies` are not those of the request, whose rows it must not lock.
    """
    sid = read_sid(cookie_key(geheimen), cookie)
    if sid is None:
        raise login_ended()
    async with sessies() as session:
        login = (await session.exec(select(Aanmelding).where(Aanmelding.id == sid))).one_or_none()
        looptijd = await read_looptijd(session, login) if login is not None else None
    if login is None or looptijd is None or not hmac.compare_digest(hash_token(cookie), login.huidig_hash):
        raise login_ended()
    if has_ended(looptijd, nu):
        await note_end(sessies, sid, nu)
        raise login_ended()
    if login.laatst_gebruikt_op < nu - GEBRUIKT:
        await _note_use(sessies, sid, nu)
    return Toegang(login.functionaris, login.roltoewijzing, None, sid)


async def _note_use(sessies: Sessionmaker, sid: UUID, nu: datetime) -> None:
    a = Aanmelding
    async with sessies.begin() as session:
        older = update(a).where(col(a.id) == sid, col(a.laatst_gebruikt_op) < nu)
        await session.exec(older.values(laatst_gebruikt_op=nu).execution_options(synchronize_session=False))


def known_browser(geheimen: Geheimen, cookie: str | None, naam_hash: bytes) -> bytes | None:
    """What this browser is called for this name, if somebody signed in to it from here before."""
    return next((ident for ident, tag in _entries(cookie) if _is_ours(geheimen, ident, tag, naam_hash)), None)


def remember_browser(geheimen: Geheimen, cookie: str | None, naam_hash: bytes) -> str:
    """The cookie that says so from now on; of other accounts it keeps the newest."""
    ident = known_browser(geheimen, cookie, naam_hash) or secrets.token_bytes(_IDENT)
    mine = (ident, _sign(geheimen, ident, naam_hash))
    others = [entry for entry in _entries(cookie) if entry != mine]
    raw = b"".join(part for entry in [mine, *others][:BEKENDEN] for part in entry)
    return base64.urlsafe_b64encode(raw).decode()


def _entries(cookie: str | None) -> list[tuple[bytes, bytes]]:
    try:
        raw = base64.urlsafe_b64decode((cookie or "").encode("ascii"))
    except ValueError:
        return []
    size = _IDENT + _TAG
    whole = [raw[at : at + size] for at in range(0, len(raw) - size + 1, size)]
    return [(each[:_IDENT], each[_IDENT:]) for each in whole[:BEKENDEN]]


def _is_ours(geheimen: Geheimen, ident: bytes, tag: bytes, naam_hash: bytes) -> bool:
    return hmac.compare_digest(tag, _sign(geheimen, ident, naam_hash))


def _sign(geheimen: Geheimen, ident: bytes, naam_hash: bytes) -> bytes:
    return hmac.digest(geheimen.derive(b"bekende browser"), ident + naam_hash, "sha256")[:_TAG]
