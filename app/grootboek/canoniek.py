"""Canonical JSON (RFC 8785, JCS) for the ledger's subset, and base64url without padding (RFC 4648 §5).

The subset: objects, lists, strings, integers with |n| < 2^53, booleans and null. Within it `orjson` with
sorted keys writes the bytes of RFC 8785; outside it the two may differ, so everything else is refused, never
converted: floats (1.0 too), NaN, NUL and lone surrogates in strings and keys, keys outside the BMP (UTF-16
and code point order differ there), keys that are no string, and every Python type that JSON does not have
(tuple, UUID, date, enum).
"""

import binascii
import re
from collections.abc import Iterable
from typing import Any, Final

import orjson

_ASIS: Final = (
    orjson.OPT_STRICT_INTEGER
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)
_SORTED: Final = _ASIS | orjson.OPT_SORT_KEYS
_SCALARS: Final = frozenset({str, int, bool, type(None)})
_BELOW_F0: Final = bytes(range(0xF0))
# A written NUL: its backslash is not itself escaped.
_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
# From a character beyond the BMP to the end of its string; group 1 is the colon that makes it a key.
_AFTER_ASTRAL: Final = re.compile(rb'[\xf0-\xf4][^"\\]*+(?:\\.[^"\\]*+)*+"(:?)')
_TO_URL: Final = bytes.maketrans(b"+/", b"-_")
_FROM_URL: Final = bytes.maketrans(b"-_", b"+/")
_INT_LIMIT: Final = 2**53
_ORJSON_DEPTH: Final = 254


class NietCanoniek(ValueError):  # the word on the wire: code `niet_canoniek`
    """JSON perhaps, but not of the subset. The message is a fixed Dutch phrase and never repeats content."""


class Refused:
    """Stands in parsed JSON for a part that the subset lacks, so that what surrounds it can still be read.

    `fault` says why; `members` are those of an object that can be read beyond doubt. No check lets it
    through.
    """

    __slots__ = ("fault", "members")

    def __init__(self, fault: str, members: dict[str, Any] | None = None) -> None:
        self.fault = fault
        self.members = members or {}


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 bytes (UTF-8) of `value`, or raise :class:`NietCanoniek`; 254 levels at most."""
    return write_checked(value, levels=_ORJSON_DEPTH)


def canonical_of_parsed(value: Any) -> bytes:
    """The same bytes, without the walk over types, for what is made of parsed or validated parts only.

    What :mod:`app.grootboek.ontleden` let through, and dicts of plain text and integers built by us, are within
    the subset already.
    """
    try:
        return orjson.dumps(value, None, _SORTED)
    except TypeError:
        raise NietCanoniek("geen JSON") from None


def write_checked(value: Any, *, levels: int, sort: bool = True) -> bytes:
    """Write `value` as compact JSON; :class:`NietCanoniek` outside the subset or beyond `levels` of nesting.

    Without `sort` the members keep their order: the same checks for who does not need the canonical bytes.
    """
    written = try_write(value, levels=levels, sort=sort)
    if written is None:
        raise NietCanoniek(find_fault(value, levels) or "geen JSON")
    return written


def try_write(value: Any, *, levels: int, sort: bool = True) -> bytes | None:
    """As :func:`write_checked`, but None, without looking for the reason.

    What can be seen in the written bytes is looked for there; only types and depth need the walk.
    """
    try:
        written = orjson.dumps(value, None, _SORTED if sort else _ASIS)
    except TypeError:
        return None
    if b"\\" in written and b"\\u0000" in written and _NUL.search(written):
        return None
    if not written.isascii() and _has_astral_key(written):
        return None
    return written if _is_plain((value,), levels) else None


def _has_astral_key(written: bytes) -> bool:
    return bool(written.translate(None, _BELOW_F0)) and any(string[1] for string in _AFTER_ASTRAL.finditer(written))


def _is_plain(values: Iterable[Any], levels: int) -> bool:
    """Whether all types are exactly JSON's, at most `levels` deep. It recurses: call it after the writer."""
    for value in values:
        kind = type(value)
        if kind in _SCALARS:
            continue
        if levels == 0 or kind not in (dict, list):
            return False
        if value and not _is_plain(value.values() if kind is dict else value, levels - 1):
            return False
    return True


def find_fault(value: Any, levels: int) -> str | None:
    """Say in a fixed Dutch phrase why `value` is outside the subset, or None. Slow and without recursion.

    `levels` is the number of nested objects and lists allowed: 0 for a scalar only.
    """
    to_visit = [(value, levels)]
    while to_visit:
        part, left = to_visit.pop()
        kind = type(part)
        if kind in (dict, list):
            if left == 0:
                return "te diep genest"
            if kind is dict and (fault := _find_key_fault(part)):
                return fault
            to_visit.extend((member, left - 1) for member in (part.values() if kind is dict else part))
        elif fault := _find_scalar_fault(part):
            return fault
    return None


def _find_key_fault(members: dict[Any, Any]) -> str | None:
    for key in members:
        if type(key) is not str:
            return "sleutel is geen tekst"
        if fault := _find_text_fault(key):
            return fault
        if not key.isascii() and max(key) > "\uffff":
            return "sleutel buiten het BMP"
    return None


def _find_scalar_fault(scalar: Any) -> str | None:
    kind = type(scalar)
    if kind is str:
        return _find_text_fault(scalar)
    if kind is int:
        return None if -_INT_LIMIT < scalar < _INT_LIMIT else "geheel getal te groot"
    if kind is float:
        return "geen geheel getal"
    if kind is Refused:
        return str(scalar.fault)
    return None if kind in _SCALARS else "geen JSON-type"


def _find_text_fault(text: str) -> str | None:
    if "\0" in text:
        return "NUL-teken"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "los surrogaat"
    return None


def b64u(raw: bytes) -> str:
    """Write `raw` as base64url without padding (RFC 4648 §5)."""
    return binascii.b2a_base64(raw, newline=False).rstrip(b"=").translate(_TO_URL).decode("ascii")


def unb64u(text: str) -> bytes:
    """Read base64url without padding. One text per value: any other spelling raises :class:`NietCanoniek`."""
    try:
        encoded = text.encode("ascii").translate(_FROM_URL)
        raw = binascii.a2b_base64(encoded + b"=" * (-len(encoded) % 4))
    except (UnicodeEncodeError, binascii.Error):
        raise NietCanoniek("geen base64url") from None
    if b64u(raw) != text:  # padding, the standard alphabet, stray characters, spare bits
        raise NietCanoniek("geen base64url")
    return raw
