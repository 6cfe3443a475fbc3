"""Codes that one person gives to another: 128 random bits, shown once, kept as a hash, and fit to be read aloud."""

import base64
import hashlib
import secrets
from typing import Final

_BYTES: Final = 16


def new_code() -> str:
    """A new code: 26 characters of base32."""
    return base64.b32encode(secrets.token_bytes(_BYTES)).decode().rstrip("=")


def hash_code(code: str) -> bytes:
    """What is kept of it, whichever way it was typed over; 128 random bits need no salt."""
    return hashlib.sha256("".join(filter(str.isalnum, code)).upper().encode()).digest()
