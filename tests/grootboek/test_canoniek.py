"""Our canonical JSON is RFC 8785 on its subset, and refuses what lies outside it."""

import datetime as dt
import enum
import uuid

import pytest
import rfc8785
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.grootboek.canoniek import NietCanoniek, b64u, canonical, canonical_of_parsed, unb64u

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
KEYS = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
INTS = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | INTS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


class Kleur(enum.StrEnum):
    ROOD = "rood"


class Nummer(enum.IntEnum):
    EEN = 1


class Woord(str):
    __slots__ = ()


@settings(max_examples=400, deadline=None, database=None)
@given(VALUES)
@example({"\ue000": 1, "\uffff": 2, "a": 3, "": 4, "é": '\x7f\x1f\u2028"\\/\b\f\n\r\t\U0001f6aa'})
@example({"tekst": "\U0001f6aa geen sleutel", "lijst": ["\U0001f6aa:", '\U0001f6aa":'], "z": "\\u0000"})
@example([2**53 - 1, -(2**53) + 1, True, False, None, 0, [], {}])
def test_it_is_what_rfc8785_writes(value):
    assert canonical(value) == canonical_of_parsed(value) == rfc8785.dumps(value)


POISON = {
    "float": 1.5,
    "float that is whole": 1.0,
    "minus zero": -0.0,
    "NaN": float("nan"),
    "infinity": float("-inf"),
    "2^53": 2**53,
    "-2^53": -(2**53),
    "beyond 64 bits": 2**70,
    "NUL": "a\0b",
    "NUL after a backslash": "\\\0",
    "lone surrogate": "\ud83d",
    "UUID": uuid.UUID(int=1),
    "datetime": dt.datetime(2026, 8, 22, tzinfo=dt.UTC),
    "date": dt.date(2026, 8, 22),
    "bytes": b"a",
    "tuple": (1, 2),
    "set": {1},
    "text enum": Kleur.ROOD,
    "number enum": Nummer.EEN,
    "text subclass": Woord("a"),
    "integer key": {1: 2},
    "enum key": {Kleur.ROOD: 1},
    "null key": {None: 1},
    "NUL key": {"a\0": 1},
    "surrogate key": {"\ud83d": 1},
    "non-BMP key": {"\U0001f6aa": 1},
    "non-BMP in a key": {'é"\\:\U0001f6aa:"\\': 1},
    "non-BMP key behind non-BMP text": {"a": "\U0001f6aa", "b\U0001f6aa": "\U0001f6aa"},
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON.keys())
@pytest.mark.parametrize(
    "wrap",
    [lambda x: x, lambda x: [x], lambda x: {"a": x}, lambda x: {"a": [1, {"b": ["c", x, "d"]}], "z": None}],
    ids=["bare", "list", "object", "inside"],
)
def test_what_is_outside_the_subset_is_refused(poison, wrap):
    with pytest.raises(NietCanoniek) as refusal:
        canonical(wrap(poison))

    assert str(refusal.value) in {
        "geen geheel getal",
        "geheel getal te groot",
        "NUL-teken",
        "los surrogaat",
        "geen JSON-type",
        "sleutel is geen tekst",
        "sleutel buiten het BMP",
    }


def test_nesting_without_end_is_refused():
    circular = []
    circular.append(circular)
    deep = []
    for _ in range(100_000):
        deep = [deep]

    for value in (circular, deep):
        with pytest.raises(NietCanoniek, match="te diep"):
            canonical(value)


@settings(deadline=None, database=None)
@given(st.binary(max_size=70))
def test_base64url_and_back(raw):
    text = b64u(raw)

    assert unb64u(text) == raw
    assert not set(text) & set("+/=")


@pytest.mark.parametrize("text", ["AA==", "A", "AB", "AA=", "+_8", "A A", "AA\n", "é", "AAAAA"])
def test_base64url_has_one_spelling(text):
    with pytest.raises(NietCanoniek):
        unb64u(text)


@pytest.mark.parametrize(("raw", "text"), [(b"", ""), (b"\0", "AA"), (b"\xfb\xff", "-_8"), (b"foobar", "Zm9vYmFy")])
def test_base64url_by_example(raw, text):
    assert (b64u(raw), unb64u(text)) == (text, raw)
