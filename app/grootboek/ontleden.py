r"""Strict reading of JSON that will be hashed: a body means one thing only, or it is refused.

Two readers that agree. The fast one is `orjson` and looks at the outcome: a body that is clean as a whole
needs nothing more. Whatever it refuses or makes suspect goes to the exact one, the scanner of the standard
library with its positions, which finds the fault per element and keeps the bytes as sent.

How the fast one sees a doubled key, which `orjson` drops without a word: writing the outcome again must give
as many colons as were sent, for every dropped member takes at least its own colon with it. That holds where
no colon was sent as an escape (`\u003a`); a body with such an escape is suspect.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from json import JSONDecodeError, JSONDecoder
from typing import Any, Final

import orjson

from app.grootboek.canoniek import NietCanoniek, Refused, try_write, write_checked

MAX_LEVELS: Final = 32
MAX_OPS: Final = 100  # `limits.maxOps` of the handshake
_BODY_LEVELS: Final = MAX_LEVELS + 2  # the body and its list hold elements of MAX_LEVELS
_INT_DIGITS: Final = len(str(-(2**53)))
_SPACE: Final = re.compile(r"[ \t\n\r]*")
_COLON_ESCAPE: Final = b"\\u003"  # of \u003a and \u003A, and of others that hardly anybody writes
# What is no bracket, whole strings included; then a piece of what is no string, or a quote that opens no
# whole string, or the end. It matches wherever it starts and never backtracks: linear in hostile text too.
_PIECES: Final = re.compile(r'(?:[^"\[\]{}]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+([^"]{1,64}|"|\Z)', re.DOTALL)
_STEPS: Final = {"[": 1, "{": 1, "]": -1, "}": -1}
_TOO_DEEP: Final = Refused("te diep genest")


class GeenJson(ValueError):  # the sibling of NietCanoniek
    """Not JSON (RFC 8259), not UTF-8, or with a byte order mark. The message never repeats content."""


class VerkeerdeVorm(GeenJson):
    """Not an object, or one without the list that was asked for."""


class TeVeel(ValueError):  # the sibling of NietCanoniek
    """More elements than allowed. `count` is how many were seen: at least as many were sent."""

    def __init__(self, count: int) -> None:
        super().__init__("te veel elementen")
        self.count = count


@dataclass(slots=True)
class _Bron:
    """A body and, once somebody asks, the exact bytes of each of its elements."""

    body: bytes
    array_key: str
    count: int
    slices: list[bytes] = field(default_factory=list)

    def cut(self, index: int) -> bytes:
        if not self.slices:
            self.slices = [each.raw for each in _split_exactly(self.body, self.array_key, self.count)[1]]
        return self.slices[index]


@dataclass(slots=True)
class Stuk:
    """One element of the list: a `value` of the JCS subset (null gives None too), or a `fout`.

    `fout` is a fixed Dutch phrase without content; then `value` is None and `omslag` holds those members of
    the element that can be read beyond doubt: text, integer or null under a name that occurs once, and
    `onderwerp` if it is a sound object. For a sound element `omslag` is empty: read `value`.
    """

    value: Any
    fout: str | None = None
    omslag: dict[str, Any] = field(default_factory=dict)
    _source: bytes | tuple[_Bron, int] = field(default=b"", repr=False, compare=False)

    @property
    def raw(self) -> bytes:
        """The bytes exactly as sent, without the white space around them.

        Free for an element at fault; for a sound one the first call splits the whole body exactly, once.
        """
        if isinstance(self._source, tuple):
            bron, index = self._source
            self._source = bron.cut(index)
        return self._source


def parse(json: bytes | str) -> Any:
    """Read one JSON text of the JCS subset, at most 32 levels deep.

    :class:`GeenJson` for what is no JSON; :class:`NietCanoniek` for JSON outside the subset, doubled keys
    included. NaN and Infinity count as the latter: some writers send them for numbers. As in RFC 8785, -0 is
    0.
    """
    try:
        body = json.encode() if isinstance(json, str) else json
        value = orjson.loads(body)
    except (JSONDecodeError, UnicodeEncodeError):
        return _parse_exactly(json)
    return value if _is_clean(body, value, MAX_LEVELS) else _parse_exactly(json)


def split_ops(body: bytes, array_key: str = "ops", *, max_ops: int = MAX_OPS) -> tuple[dict[str, Any], list[Stuk]]:
    """Read a JSON object with a list under `array_key`: its other members, and each element judged by itself.

    One element outside the JCS subset, however deep, leaves the others unharmed. Within an element that is
    nested deeper than the scanner can follow (hundreds of levels) only strings and brackets are checked.
    Raises for the body as a whole: :class:`GeenJson`; :class:`VerkeerdeVorm`; :class:`NietCanoniek` where the
    members around the list are at fault, a doubled name included; :class:`TeVeel` beyond `max_ops` elements.
    """
    try:
        whole = orjson.loads(body)
    except JSONDecodeError:
        return _split_exactly(body, array_key, max_ops)
    found = whole.get(array_key) if isinstance(whole, dict) else None
    if not isinstance(found, list):
        return _split_exactly(body, array_key, max_ops)
    if len(found) > max_ops:
        raise TeVeel(len(found))
    if not _is_clean(body, whole, _BODY_LEVELS):
        return _split_exactly(body, array_key, max_ops)
    del whole[array_key]
    bron = _Bron(body, array_key, len(found))
    return whole, [Stuk(value, _source=(bron, index)) for index, value in enumerate(found)]


def split_members(body: bytes) -> dict[str, bytes]:
    """Read a JSON object: each name with the exact bytes of its value, sound or not. Raises :class:`GeenJson`.

    For lists that lie deeper in a body than :func:`split_ops` looks. Of a name that occurs twice nothing can be
    said, so that is :class:`VerkeerdeVorm`, as is what is no object.
    """
    text = _decode(body)
    start = _skip_space(text, 0)
    if not text.startswith("{", start):
        raise VerkeerdeVorm("geen object")

    def read_member(_name: str, at: int) -> tuple[Any, int]:
        _, end = _scan_value(text, at)
        return text[at:end].encode(), end

    pairs, end = _scan_members(text, start, read_member)
    _expect_end(text, end)
    members = dict(pairs)
    if len(members) != len(pairs) or not all(isinstance(name, str) for name in members):
        raise VerkeerdeVorm("dubbele sleutel")
    return members


def _is_clean(body: bytes, value: Any, levels: int) -> bool:
    """Whether `value`, as the fast parser read it from `body`, is all that was sent and within the subset."""
    if b"\\" in body and _COLON_ESCAPE in body:
        return False
    written = try_write(value, levels=levels, sort=False)
    return written is not None and written.count(b":") == body.count(b":")


# The exact reader. Its values hold Refused for what the subset lacks, so that write_checked names the fault.


def _build_object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | Refused:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    times = Counter(name for name, _ in pairs)
    return Refused("dubbele sleutel", {name: each for name, each in members.items() if times[name] == 1})


def _build_int(digits: str) -> int | Refused:
    # Never int() on more digits than needed: its cost is quadratic, and beyond 4300 it raises.
    return int(digits) if len(digits) <= _INT_DIGITS else Refused("geheel getal te groot")


def _refuse_number(_digits: str) -> Refused:
    return Refused("geen geheel getal")


_EXACT: Final[Any] = JSONDecoder(
    object_pairs_hook=_build_object,
    parse_int=_build_int,
    parse_float=_refuse_number,
    parse_constant=_refuse_number,
)
_SCAN: Final[Callable[[str, int], tuple[Any, int]]] = _EXACT.scan_once


def _parse_exactly(json: bytes | str) -> Any:
    text = _decode(json)
    value, at = _scan_value(text, _skip_space(text, 0))
    _expect_end(text, at)
    write_checked(value, levels=MAX_LEVELS, sort=False)
    return value


def _split_exactly(body: bytes, array_key: str, max_ops: int) -> tuple[dict[str, Any], list[Stuk]]:
    text = _decode(body)
    start = _skip_space(text, 0)
    if not text.startswith("{", start):
        raise VerkeerdeVorm("geen object")
    stukken: list[Stuk] | None = None

    def read_member(name: str, at: int) -> tuple[Any, int]:
        nonlocal stukken
        if name != array_key or not text.startswith("[", at):
            return _scan_value(text, at)
        stukken, end = _scan_list(text, at, max_ops)
        return None, end

    pairs, end = _scan_members(text, start, read_member)
    _expect_end(text, end)
    whole = _build_object(pairs)
    write_checked(whole, levels=_BODY_LEVELS, sort=False)
    if stukken is None or isinstance(whole, Refused):
        raise VerkeerdeVorm(f"geen lijst {array_key}")
    del whole[array_key]
    return whole, stukken


def _scan_list(text: str, at: int, max_ops: int) -> tuple[list[Stuk], int]:
    """Read the list that starts at `at`; return its elements and the position after it."""
    stukken: list[Stuk] = []
    at = _skip_space(text, at + 1)
    if text.startswith("]", at):
        return stukken, at + 1
    while True:
        value, end = _scan_element(text, at)
        stukken.append(_judge(value, text[at:end].encode()))
        if len(stukken) > max_ops:
            raise TeVeel(len(stukken))
        at, closed = _read_separator(text, end, "]")
        if closed:
            return stukken, at


def _judge(value: Any, raw: bytes) -> Stuk:
    try:
        write_checked(value, levels=MAX_LEVELS, sort=False)
    except NietCanoniek as refusal:
        return Stuk(None, str(refusal), _read_omslag(value), raw)
    return Stuk(value, _source=raw)


def _read_omslag(value: Any) -> dict[str, Any]:
    members = value.members if isinstance(value, Refused) else value if isinstance(value, dict) else {}
    omslag = {}
    for name, each in members.items():
        if each is None or type(each) in (str, int) or (name == "onderwerp" and type(each) is dict):
            try:
                write_checked({name: each}, levels=MAX_LEVELS, sort=False)
            except NietCanoniek:
                continue
            omslag[name] = each
    return omslag


def _scan_element(text: str, at: int) -> tuple[Any, int]:
    """As :func:`_scan_value`, but of an object too deep for the scanner the members of an omslag are read."""
    try:
        return _scan_shallow(text, at)
    except RecursionError:
        if text[at] != "{":
            return _TOO_DEEP, _skip_nested(text, at)

    def read_member(name: str, at: int) -> tuple[Any, int]:
        if name != "onderwerp" and text.startswith(("[", "{"), at):
            return _TOO_DEEP, _skip_nested(text, at)
        return _scan_value(text, at)

    pairs, end = _scan_members(text, at, read_member)
    return _build_object(pairs), end


def _scan_members(text: str, at: int, read: Callable[[str, int], tuple[Any, int]]) -> tuple[list[tuple[str, Any]], int]:
    """Read the object at `at`, its values with `read(name, position)`; return the position after it."""
    pairs: list[tuple[str, Any]] = []
    at = _skip_space(text, at + 1)
    if text.startswith("}", at):
        return pairs, at + 1
    while True:
        if not text.startswith('"', at):
            raise GeenJson("geen geldige JSON")
        name, at = _scan_value(text, at)
        at = _skip_space(text, at)
        if not text.startswith(":", at):
            raise GeenJson("geen geldige JSON")
        value, at = read(name, _skip_space(text, at + 1))
        pairs.append((name, value))
        at, closed = _read_separator(text, at, "}")
        if closed:
            return pairs, at


def _scan_value(text: str, at: int) -> tuple[Any, int]:
    """Read any value; return it and the position after it. Too deep for the scanner gives _TOO_DEEP."""
    try:
        return _scan_shallow(text, at)
    except RecursionError:
        return _TOO_DEEP, _skip_nested(text, at)


def _scan_shallow(text: str, at: int) -> tuple[Any, int]:
    """As :func:`_scan_value`, but RecursionError beyond some hundreds of levels."""
    try:
        return _SCAN(text, at)
    except (StopIteration, JSONDecodeError):
        raise GeenJson("geen geldige JSON") from None


def _skip_nested(text: str, at: int) -> int:
    """Return the position after the object or list at `at`, however deep; counts brackets."""
    depth = 0
    for found in _PIECES.finditer(text, at):
        piece = found[1]
        if piece == '"':
            break
        closing = piece.count("]") + piece.count("}")
        if closing < depth:  # the end cannot lie in this piece
            depth += piece.count("[") + piece.count("{") - closing
            continue
        for offset, char in enumerate(piece, 1):
            depth += _STEPS.get(char, 0)
            if depth == 0:
                return found.start(1) + offset
    raise GeenJson("geen geldige JSON")


def _read_separator(text: str, at: int, closing: str) -> tuple[int, bool]:
    """Read a comma or the `closing` bracket; return the position of what follows and whether it closed."""
    at = _skip_space(text, at)
    if text.startswith(closing, at):
        return at + 1, True
    if not text.startswith(",", at):
        raise GeenJson("geen geldige JSON")
    return _skip_space(text, at + 1), False


def _skip_space(text: str, at: int) -> int:
    return _SPACE.match(text, at).end()  # type: ignore[union-attr]  # it matches the empty string


def _expect_end(text: str, at: int) -> None:
    if _skip_space(text, at) != len(text):
        raise GeenJson("geen geldige JSON")


def _decode(json: bytes | str) -> str:
    try:
        return json if isinstance(json, str) else json.decode()
    except UnicodeDecodeError:
        raise GeenJson("geen UTF-8") from None
