"""The key of a device (P-256): what it shows at enrolment, and how it reads an order of the server.

On a real phone the private half lives in the hardware keystore and never leaves it; here it is an object that
can be written as PEM. Signatures are ECDSA over SHA-256, r || s, base64url without padding.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

INSCHRIJVING: Final = b"veldboek/inschrijving/v1\n"
OPDRACHT_TYP: Final = "veldboek-opdracht+jwt"
_HALF: Final = 32


def jcs(value: Any) -> bytes:
    """Canonical JSON (RFC 8785) of objects, lists, text, whole numbers below 2^53, booleans and null.

    The caller keeps to that subset, and to keys within the BMP: there Python sorts as RFC 8785 does.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def b64u(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def unb64u(text: str) -> bytes:
    """The bytes of base64url without padding; ValueError for anything else."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


class Sleutel:
    """The key of one device; `id` is the RFC 7638 thumbprint, by which the ledger knows it."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        """Take a private key on P-256."""
        if not isinstance(private.curve, ec.SECP256R1):
            raise ValueError("the key is not on P-256")  # noqa: TRY004  # it is a key, on another curve
        numbers = private.public_key().public_numbers()
        self._private = private
        x, y = (b64u(n.to_bytes(_HALF, "big")) for n in (numbers.x, numbers.y))
        self.jwk: dict[str, str] = {"crv": "P-256", "kty": "EC", "x": x, "y": y}
        self.id: str = b64u(hashlib.sha256(jcs(self.jwk)).digest())

    @classmethod
    def generate(cls) -> Self:
        """A new key: each enrolment needs its own."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_pem(cls, pem: bytes) -> Self:
        """The key that was kept; ValueError for anything else."""
        private = serialization.load_pem_private_key(pem, password=None)
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            raise ValueError("no elliptic curve key")  # noqa: TRY004  # what is wrong is the content of a file
        return cls(private)

    def to_pem(self) -> bytes:
        """To keep it. Who reads this can sign as the device."""
        return self._private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def __repr__(self) -> str:
        return f"Sleutel(id={self.id!r})"

    def sign(self, message: bytes) -> str:
        """The signature over `message`."""
        r, s = decode_dss_signature(self._private.sign(message, ec.ECDSA(hashes.SHA256())))
        return b64u(r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big"))

    def prove(self, code: str, origin: str) -> str:
        """Show, for one code and one ledger, that the private half of this key is here."""
        return self.sign(INSCHRIJVING + jcs({"code": code, "origin": origin, "sleutel": self.jwk}))


def is_signed(jwk: Mapping[str, str], signature: bytes, message: bytes) -> bool:
    """Whether the holder of `jwk` (P-256) made `signature` over `message`."""
    if len(signature) != 2 * _HALF:
        return False
    point = b"\x04" + unb64u(jwk["x"]) + unb64u(jwk["y"])
    r, s = int.from_bytes(signature[:_HALF], "big"), int.from_bytes(signature[_HALF:], "big")
    try:
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        public.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Opdracht:
    """An order of the server: what to do, and the text to hand back when it is done."""

    soort: str
    onverzonden_wissen: bool
    brief: str


def read_order(brief: str, *, server: Mapping[str, str], toestel: UUID) -> Opdracht | None:
    """The order, if the server signed it for this device; otherwise None: then do nothing.

    Whether it is still in time does not matter here: to erase too late is better than not to erase.
    """
    try:
        head, body, signature = brief.split(".")
        header, claims = json.loads(unb64u(head)), json.loads(unb64u(body))
        if header != {"alg": "ES256", "typ": OPDRACHT_TYP, "kid": server["kid"]}:
            return None
        if not is_signed(server, unb64u(signature), f"{head}.{body}".encode()):
            return None
        if claims["sub"] != str(toestel):
            return None
        return Opdracht(str(claims["opdracht"]), claims["onverzonden_wissen"] is True, brief)
    except (ValueError, KeyError, TypeError):
        return None
