"""Public keys of devices (P-256) and what they sign: the proof at enrolment, and the KOP of every entry.

Signatures are ECDSA over SHA-256, written as r || s, 64 bytes (as WebCrypto and JWS do), base64url on the wire.
"""

import hashlib
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from app.grootboek.canoniek import NietCanoniek, b64u, canonical, unb64u

BEWIJS: Final = b"veldboek/inschrijving/v1\n"
"""Before the challenge at enrolment: a signature made for this is good for nothing else."""
_HALF: Final = 32


class GeenSleutel(ValueError):  # Dutch, beside NietCanoniek
    """These coordinates are no point of P-256. The message repeats nothing."""


def read_point(x: str, y: str) -> bytes:
    """The 64 bytes x || y of the point that a JWK names. Raises GeenSleutel."""
    try:
        point = unb64u(x) + unb64u(y)
    except NietCanoniek:
        raise GeenSleutel("geen punt op P-256") from None
    load_point(point)
    return point


def load_point(point: bytes) -> ec.EllipticCurvePublicKey:
    """The key behind 64 bytes x || y. Raises GeenSleutel."""
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + point)
    except ValueError:
        raise GeenSleutel("geen punt op P-256") from None


def as_jwk(point: bytes) -> dict[str, str]:
    """The members of the JWK that its thumbprint is made of (RFC 7638)."""
    return {"crv": "P-256", "kty": "EC", "x": b64u(point[:_HALF]), "y": b64u(point[_HALF:])}


def thumbprint(point: bytes) -> str:
    """The RFC 7638 thumbprint, SHA-256, 43 characters: the key id of a device."""
    return b64u(hashlib.sha256(canonical(dict(as_jwk(point)))).digest())


def challenge(*, code: str, origin: str, point: bytes) -> bytes:
    """What a device signs to enrol: which code, for which ledger, with which key."""
    return BEWIJS + canonical({"code": code, "origin": origin, "sleutel": dict(as_jwk(point))})


def is_signed(point: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` (r || s) over `message` was made with the private half of `point`."""
    if len(signature) != 2 * _HALF:
        return False
    r, s = int.from_bytes(signature[:_HALF], "big"), int.from_bytes(signature[_HALF:], "big")
    try:
        load_point(point).verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
