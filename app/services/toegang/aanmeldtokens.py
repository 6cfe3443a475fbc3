"""The secrets that a login is shown by: refresh tokens, and the cookie of a browser. Only their hashes are stored.

One is base64url(sid, 16 bytes || secret, 32 || tag, 16). The tag tells what we once gave out from what was invented
without keeping all of them: or whoever knows a sid could end that login. Each kind has a key of its own, so neither
passes for the other.
"""

import base64
import hashlib
import hmac
from uuid import UUID


def spell_token(ververs: bytes, sid: UUID, geheim: bytes) -> str:
    """Spell one, from 32 secret bytes."""
    romp = sid.bytes + geheim
    return base64.urlsafe_b64encode(romp + _tag(ververs, romp)).rstrip(b"=").decode("ascii")


def derive_successor(ververs: bytes, sid: UUID, token: str) -> str:
    """Derive the next token; the label keeps this use of the secret apart from the others."""
    return spell_token(ververs, sid, hmac.digest(ververs, b"opvolger\0" + sid.bytes + token.encode(), "sha256"))


def read_sid(ververs: bytes, token: str) -> UUID | None:
    """Return the login of a token that we gave out, None for any other text."""
    try:
        raw = base64.b64decode(token.encode("ascii") + b"==", altchars=b"-_", validate=True)
        sid = UUID(bytes=raw[:16])
    except ValueError:
        return None
    return sid if hmac.compare_digest(spell_token(ververs, sid, raw[16:48]), token) else None


def _tag(ververs: bytes, romp: bytes) -> bytes:
    return hmac.digest(ververs, b"uitgegeven\0" + romp, "sha256")[:16]


def hash_token(token: str) -> bytes:
    """What is stored of it: 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).digest()
