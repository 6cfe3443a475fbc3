"""Access tokens: JWT, ES256, ``typ: at+jwt``, five minutes (RFC 9068). Only this module knows python-jose.

Orders to devices are signed with the same key under a ``typ`` of their own, so neither passes for the other.

python-jose is lenient (HS256 with a public key, tokens without `aud` or `exp`, sloppy base64), so nothing is
left to it but the signature over bytes that were judged here first. What is accepted is a list of one: one
header, one algorithm, one key, one audience, and exactly these claims. Time is a parameter.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self
from uuid import UUID, uuid4

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jose import jwk, jws
from jose.exceptions import JOSEError

from app.problems import NietAangemeld, OpdrachtOngeldig, TokenVerlopen

ALG: Final = "ES256"
TYP: Final = "at+jwt"
CLIENT_ID: Final = "veldboek"
LEVENSDUUR: Final = 300
"""Seconds from `iat` to `exp`, for minting and as the ceiling when reading."""
OPDRACHT_TYP: Final = "veldboek-opdracht+jwt"
OPDRACHT_DUUR: Final = 30 * 86_400
"""Seconds an order stays good: as long as a login can live; it is signed anew at every call."""
KLOKVERSCHIL: Final = 5
"""Seconds that `iat` may lie ahead of us: another process on another machine minted it."""
MAX_TEKENS: Final = 4096

_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}", re.ASCII)
_VERPLICHT = frozenset({"iss", "aud", "sub", "exp", "iat", "jti", "sid", "rtw", "client_id"})
_MOGELIJK = _VERPLICHT | {"device_id"}
_OPDRACHT = frozenset({"iss", "aud", "sub", "exp", "iat", "jti", "opdracht", "onverzonden_wissen"})


class Sleutelbos:
    """The P-256 key that signs, its public JWK, and its `kid` (the RFC 7638 thumbprint)."""

    __slots__ = ("_pem", "_prive", "_publiek", "jwk", "kid")

    def __init__(self, pem: bytes) -> None:
        """Take an unencrypted PEM private key on P-256; ValueError for anything else."""
        prive = _load_p256(pem)
        x, y = (_encode(n.to_bytes(32, "big")) for n in _coordinates(prive))
        thumb = json.dumps({"crv": "P-256", "kty": "EC", "x": x, "y": y}, separators=(",", ":"), sort_keys=True)
        self._pem = prive.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self._prive = jwk.construct(self._pem, ALG)
        self._publiek = self._prive.public_key()
        self.kid: str = _encode(hashlib.sha256(thumb.encode()).digest())
        self.jwk: dict[str, str] = {
            "kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": self.kid, "alg": ALG, "use": "sig",
        }  # fmt: skip

    @classmethod
    def generate(cls) -> Self:
        """Make a new random key."""
        return cls(
            ec.generate_private_key(ec.SECP256R1()).private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )

    def to_pem(self) -> bytes:
        """Return the private key as PKCS#8, for the key file and nothing else."""
        return self._pem

    def __repr__(self) -> str:
        return f"Sleutelbos(kid={self.kid!r})"


@dataclass(frozen=True, slots=True)
class Toegang:
    """What an access token says: who, under which hat, on which device, from which login. No rights."""

    functionaris: UUID
    roltoewijzing: UUID
    toestel: UUID | None
    sid: UUID


@dataclass(frozen=True, slots=True)
class Opdrachtbrief:
    """What a signed order says: `id` is the op that gave it, `soort` what `toestel` has to do."""

    id: UUID
    toestel: UUID
    soort: str
    onverzonden_wissen: bool


def mint_access_token(
    bos: Sleutelbos,
    *,
    issuer: str,
    functionaris: UUID,
    roltoewijzing: UUID,
    toestel: UUID | None,
    sid: UUID,
    nu: datetime,
) -> str:
    """Sign a token that is good from `nu` (aware) for `LEVENSDUUR` seconds; `issuer` is also its audience."""
    iat = _to_seconds(nu)
    claims = {
        "iss": issuer,
        "aud": issuer,
        "sub": str(functionaris),
        "exp": iat + LEVENSDUUR,
        "iat": iat,
        "jti": str(uuid4()),
        "sid": str(sid),
        "rtw": str(roltoewijzing),
        "client_id": CLIENT_ID,
    }
    if toestel is not None:
        claims["device_id"] = str(toestel)
    return _sign(bos, claims, TYP)


def sign_order(bos: Sleutelbos, brief: Opdrachtbrief, *, issuer: str, nu: datetime) -> str:
    """Sign an order to a device; it stays good for `OPDRACHT_DUUR` seconds from `nu`."""
    iat = _to_seconds(nu)
    claims = {
        "iss": issuer,
        "aud": f"{issuer}/toestel",
        "sub": str(brief.toestel),
        "exp": iat + OPDRACHT_DUUR,
        "iat": iat,
        "jti": str(brief.id),
        "opdracht": brief.soort,
        "onverzonden_wissen": brief.onverzonden_wissen,
    }
    return _sign(bos, claims, OPDRACHT_TYP)


def read_order(bos: Sleutelbos, token: str, *, issuer: str, nu: datetime) -> Opdrachtbrief:
    """Read an order that a device hands back. Raises `OpdrachtOngeldig`, without saying what was wrong."""
    try:
        claims = _check_order(_verify(bos, token, OPDRACHT_TYP), issuer=issuer, nu=_to_seconds(nu))
        return Opdrachtbrief(
            _read_uuid(claims["jti"]), _read_uuid(claims["sub"]), claims["opdracht"], claims["onverzonden_wissen"]
        )
    except _Geweigerd:
        raise OpdrachtOngeldig("Deze opdracht is niet van ons, of niet meer geldig.") from None


def read_access_token(bos: Sleutelbos, token: str, *, issuer: str, nu: datetime) -> Toegang:
    """Judge a token.

    Raises `TokenVerlopen` when time is the only thing against it, `NietAangemeld` for everything else.
    Neither says what was wrong: that helps nobody but a forger.
    """
    try:
        claims = _check_claims(_verify(bos, token, TYP), issuer=issuer, nu=_to_seconds(nu))
        toestel = claims.get("device_id")
        toegang = Toegang(
            functionaris=_read_uuid(claims["sub"]),
            roltoewijzing=_read_uuid(claims["rtw"]),
            toestel=None if toestel is None else _read_uuid(toestel),
            sid=_read_uuid(claims["sid"]),
        )
        _read_uuid(claims["jti"])
    except _Geweigerd:
        raise NietAangemeld(
            "Het token is niet geldig.", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}
        ) from None
    if claims["exp"] <= _to_seconds(nu):
        raise TokenVerlopen(
            "Uw token is verlopen. Vernieuw het en ga verder.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )
    return toegang


def signed_for(bos: Sleutelbos, token: str) -> str:
    """The device, or else the person, that we once signed this token for; whether it still holds is judged elsewhere.

    Raises NietAangemeld. Costs one signature, and asks no clock.
    """
    try:
        claims = _verify(bos, token, TYP)
    except _Geweigerd:
        raise NietAangemeld("Het token is niet geldig.") from None
    return str(claims.get("device_id") or claims["sub"])


class _Geweigerd(Exception):  # never leaves this module
    """The token does not hold."""


def _sign(bos: Sleutelbos, claims: dict[str, Any], typ: str) -> str:
    return str(jws.sign(claims, bos._prive, headers=_header(bos, typ), algorithm=ALG))  # noqa: SLF001  # same module


def _verify(bos: Sleutelbos, token: str, typ: str) -> Mapping[str, Any]:
    """Check form, header and signature, in that order; only then is the payload read as JSON."""
    if not isinstance(token, str) or len(token) > MAX_TEKENS or _COMPACT.fullmatch(token) is None:
        raise _Geweigerd
    header, payload, signature = token.split(".")
    if _read_json(_decode(header)) != _header(bos, typ):
        raise _Geweigerd
    _decode(payload)
    _decode(signature)
    try:
        signed = jws.verify(token, bos._publiek, algorithms=[ALG])  # noqa: SLF001  # same module
    except JOSEError:
        raise _Geweigerd from None
    return _read_json(signed)


def _check_claims(claims: Mapping[str, Any], *, issuer: str, nu: int) -> Mapping[str, Any]:
    """Check everything about the claims except whether `exp` has passed."""
    if not _VERPLICHT <= claims.keys() <= _MOGELIJK:
        raise _Geweigerd
    if any(type(value) is not (int if name in ("exp", "iat") else str) for name, value in claims.items()):
        raise _Geweigerd
    if claims["iss"] != issuer or claims["aud"] != issuer or claims["client_id"] != CLIENT_ID:
        raise _Geweigerd
    if not 0 < claims["iat"] <= nu + KLOKVERSCHIL or not 0 < claims["exp"] - claims["iat"] <= LEVENSDUUR:
        raise _Geweigerd
    return claims


def _check_order(claims: Mapping[str, Any], *, issuer: str, nu: int) -> Mapping[str, Any]:
    """Check everything about the claims of an order."""
    kinds = {name: {"exp": int, "iat": int, "onverzonden_wissen": bool}.get(name, str) for name in _OPDRACHT}
    if {name: type(value) for name, value in claims.items()} != kinds:
        raise _Geweigerd
    if claims["iss"] != issuer or claims["aud"] != f"{issuer}/toestel":
        raise _Geweigerd
    if not 0 < claims["iat"] <= nu + KLOKVERSCHIL or not nu < claims["exp"] <= claims["iat"] + OPDRACHT_DUUR:
        raise _Geweigerd
    return claims


def _header(bos: Sleutelbos, typ: str) -> dict[str, str]:
    """Return the one header there is: no crit, jku, x5u, x5c, jwk or anything else fits beside it."""
    return {"alg": ALG, "typ": typ, "kid": bos.kid}


def _read_json(raw: bytes) -> dict[str, Any]:
    """Parse one JSON object: UTF-8, no doubled keys."""
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise _Geweigerd from None
    if not isinstance(value, dict):
        raise _Geweigerd
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Geweigerd
    return found


def _read_uuid(text: str) -> UUID:
    """Read a UUID in the one spelling that we write: lower case with hyphens."""
    try:
        value = UUID(text)
    except ValueError:
        raise _Geweigerd from None
    if str(value) != text:
        raise _Geweigerd
    return value


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decode(segment: str) -> bytes:
    """Decode base64url and refuse a second spelling of the same bytes."""
    try:
        raw = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except ValueError:
        raise _Geweigerd from None
    if _encode(raw) != segment:
        raise _Geweigerd
    return raw


def _to_seconds(moment: datetime) -> int:
    """Seconds since 1970; ValueError for a naive time, which would silently be read as local time."""
    if moment.tzinfo is None:
        raise ValueError("nu must be timezone-aware")
    return int(moment.timestamp())


def _load_p256(pem: bytes) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise ValueError("no unencrypted PEM private key") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("the key is not on P-256")  # noqa: TRY004  # what is wrong is the content of a file
    return key


def _coordinates(key: ec.EllipticCurvePrivateKey) -> tuple[int, int]:
    numbers = key.public_key().public_numbers()
    return numbers.x, numbers.y
