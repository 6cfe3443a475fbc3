"""Strict parsing: one meaning or none, and one poisoned element never harms its neighbours."""

import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.grootboek import ontleden
from app.grootboek.ontleden import GeenJson, NietCanoniek, TeVeel, VerkeerdeVorm, parse, split_members, split_ops

DEEP = 100_000
POISON = {
    "float": (b"1.5", "geen geheel getal"),
    "float that is whole": (b"1.0", "geen geheel getal"),
    "exponent": (b"1e2", "geen geheel getal"),
    "huge exponent": (b"1e400", "geen geheel getal"),
    "minus zero": (b"-0.0", "geen geheel getal"),
    "NaN": (b"NaN", "geen geheel getal"),
    "infinity": (b"Infinity", "geen geheel getal"),
    "minus infinity": (b"-Infinity", "geen geheel getal"),
    "2^53": (b"9007199254740992", "geheel getal te groot"),
    "-2^53": (b"-9007199254740992", "geheel getal te groot"),
    "beyond 64 bits": (b"18446744073709551616", "geheel getal te groot"),
    "a million digits": (b"1" * 1_000_000, "geheel getal te groot"),
    "NUL": (rb'"a\u0000b"', "NUL-teken"),
    "lone surrogate": (rb'"\ud83d"', "los surrogaat"),
    "surrogates exchanged": (rb'"\udeaa\ud83d"', "los surrogaat"),
    "doubled key": (b'{"a":1,"a":1}', "dubbele sleutel"),
    "doubled key, text with colons": (b'{"a":"::","a":":::"}', "dubbele sleutel"),
    "doubled key by escape": (rb'{"a":1,"\u0061":2}', "dubbele sleutel"),
    "doubled key, colon escaped": (rb'{"a":1,"a":"\u003a\u003A","b":":"}', "dubbele sleutel"),
    "doubled key, one colon made up for": (rb'{"a":1,"a":2,"b":"\u003a"}', "dubbele sleutel"),
    "doubled key, far down": (b'[[{"b":[{"a":{},"c":[],"a":{}}]}]]', "dubbele sleutel"),
    "NUL key": (rb'{"\u0000":1}', "NUL-teken"),
    "surrogate key": (rb'{"\ud83d":1}', "los surrogaat"),
    "non-BMP key": ('{"\U0001f6aa":1}'.encode(), "sleutel buiten het BMP"),
    "non-BMP key by escape": (rb'{"\ud83d\udeaa":1}', "sleutel buiten het BMP"),
    "33 levels": (b"[" * 33 + b"]" * 33, "te diep genest"),
    "300 levels": (b"[" * 300 + b"]" * 300, "te diep genest"),
    "2000 levels": (b'{"a":' * 2000 + b"1" + b"}" * 2000, "te diep genest"),
    "100000 lists": (b"[" * DEEP + b"]" * DEEP, "te diep genest"),
    "100000 objects": (b'{"]\\"}":' * DEEP + b'"[[["' + b"}" * DEEP, "te diep genest"),
    "wide and deep": (b"[" * 5000 + b",".join([b'[{}, "]"]'] * 5000) + b"]" * 5000, "te diep genest"),
}
MALFORMED = {
    "nothing": b"",
    "white space": b" \n",
    "byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"ops":[]}'.encode("utf-16-le"),
    "invalid UTF-8": b'{"ops":["\xff"]}',
    "surrogate in UTF-8": b'{"ops":["\xed\xa0\x80"]}',
    "overlong UTF-8": b'{"ops":["\xc0\x80"]}',
    "trailing garbage": b'{"ops":[]} x',
    "two values": b'{"ops":[]}{"ops":[]}',
    "trailing NUL": b'{"ops":[]}\0',
    "comma in list": b'{"ops":[1,]}',
    "comma in object": b'{"ops":[],}',
    "no comma": b'{"ops":[1 2]}',
    "no colon": b'{"ops"[]}',
    "another sign for a colon": b'{"ops";[]}',
    "another sign for a comma": b'{"ops":[1;2]}',
    "a number for a key": b'{1:2,"ops":[]}',
    "no value": b'{"ops":}',
    "key without quotes": b"{ops:[]}",
    "single quotes": b"{'ops':[]}",
    "unclosed list": b'{"ops":[1',
    "unclosed object": b'{"ops":[]',
    "unclosed text": b'{"ops":["a',
    "unclosed deep list": b'{"ops":[' + b"[" * DEEP,
    "unclosed deep text": b'{"ops":[' + b"[" * DEEP + b'"' + b"]" * DEEP + b"]}",
    "deep object, malformed": b'{"ops":[{"a" 1,"b":' + b"[" * DEEP + b"]" * DEEP + b"}]}",
    "control character": b'{"ops":["a\nb"]}',
    "NUL byte in text": b'{"ops":["a\0b"]}',
    "leading zero": b'{"ops":[01]}',
    "plus": b'{"ops":[+1]}',
    "point at the end": b'{"ops":[1.]}',
    "bad escape": rb'{"ops":["\x41"]}',
    "cut escape": rb'{"ops":["\u12"]}',
    "comment": b'{"ops":[/* */]}',
    "form feed": b'{"ops":\x0c[]}',
    "capitals": b'{"ops":[True]}',
}
EACH_POISON = pytest.mark.parametrize(("poison", "fout"), POISON.values(), ids=POISON.keys())


def body_of(*elements, around=b'"batchId":"b1"'):
    return b"{" + around + b',"ops":[' + b",".join(elements) + b"]}"


@EACH_POISON
def test_a_poisoned_text_is_refused(poison, fout):
    for text in (poison, b" \n" + poison + b"\t", poison.decode()):
        with pytest.raises(NietCanoniek, match=fout):
            parse(text)


def test_a_surrogate_that_came_as_text_is_refused():
    with pytest.raises(NietCanoniek, match="los surrogaat"):
        parse('"\ud83d"')


@EACH_POISON
def test_neighbours_of_poison_are_unharmed(poison, fout):
    good = rb'{"opId" : "een", "n":1,"tekst":"\u003a caf\u00e9 :"}'
    bad = b'{"opId":"twee" , "inhoud":{"x":[' + poison + b"]} }"

    around, stukken = split_ops(body_of(good, b" " + poison + b"\n", bad, good))

    assert around == {"batchId": "b1"}
    assert [each.fout for each in stukken] == [None, fout, stukken[2].fout, None]
    assert stukken[2].fout in {fout, "te diep genest"}
    assert [each.value for each in stukken] == [json.loads(good), None, None, json.loads(good)]
    assert [each.raw for each in stukken] == [good, poison, bad, good]
    assert stukken[2].omslag == {"opId": "twee"}


@pytest.mark.parametrize("malformed", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_json_is_refused_whole(malformed):
    with pytest.raises(GeenJson):
        split_ops(malformed)
    with pytest.raises(GeenJson):
        parse(malformed)


@pytest.mark.parametrize(
    "body",
    [b"[]", b'"ops"', b"null", b"1.5", b"{}", b'{"ops":null}', b'{"ops":{}}', b'{"ops":"[]"}', b'{"Ops":[]}'],
)
def test_another_shape_is_refused_whole(body):
    with pytest.raises(VerkeerdeVorm):
        split_ops(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"ops":[],"ops":[]}',
        rb'{"ops":[1],"\u006fps":[]}',
        b'{"a":1,"a":1,"ops":[1.5]}',
        b'{"a":1.5,"ops":[]}',
        rb'{"a":"\u0000","ops":[]}',
        b'{"a":{"b":1,"b":2},"ops":[]}',
        b'{"ops":[],"a":' + b"[" * DEEP + b"]" * DEEP + b"}",
    ],
    ids=range(7),
)
def test_poison_around_the_list_is_refused_whole(body):
    with pytest.raises(NietCanoniek):
        split_ops(body)


def test_32_levels_are_allowed():
    element = b'{"a":' * 31 + b"[]" + b"}" * 31

    assert split_ops(body_of(element))[1][0].fout is None
    assert split_ops(body_of(element, b"0.5"))[1][0].fout is None
    assert split_ops(body_of(b"[" + element + b"]"))[1][0].fout == "te diep genest"
    assert parse(element) == json.loads(element)


def test_the_omslag_of_poison_holds_what_is_beyond_doubt():
    element = (
        rb'{"opId":"o1","deviceSeq":56,"basis":null,"versie":1,"versie":2,"soort":"s\u0000","oefening":true,'
        rb'"groot":9007199254740992,"half":0.5,"\ud83d":"x","lijst":[1],"inhoud":{"a":1},'
        rb'"onderwerp":{"controle":"c1"}}'
    )
    expected = {"opId": "o1", "deviceSeq": 56, "basis": None, "onderwerp": {"controle": "c1"}}
    deep = element[:-1] + b',"diep":' + b"[" * DEEP + b"]" * DEEP + b',"na":"dit"}'

    _, (shallow_stuk, deep_stuk) = split_ops(body_of(element, deep))

    assert shallow_stuk.omslag == expected
    assert deep_stuk.omslag == expected | {"na": "dit"}
    assert deep_stuk.raw == deep


@pytest.mark.parametrize("onderwerp", [b"[1]", b'{"a":1.5}', b'{"a":1,"a":1}', b"[" * DEEP + b"]" * DEEP])
def test_an_onderwerp_at_fault_is_left_out(onderwerp):
    _, (stuk,) = split_ops(body_of(b'{"opId":"o1","x":0.5,"onderwerp":' + onderwerp + b"}"))

    assert stuk.omslag == {"opId": "o1"}


@pytest.mark.parametrize("last", [b"1", b"0.5", rb'"\ud83d"'], ids=["sound", "poison", "poison to both readers"])
def test_too_many_elements(last):
    elements = [b"1"] * 5 + [last]

    assert len(split_ops(body_of(*elements), max_ops=6)[1]) == 6
    with pytest.raises(TeVeel) as refusal:
        split_ops(body_of(*elements), max_ops=5)
    assert refusal.value.count == 6


def test_the_limit_is_that_of_the_handshake():
    assert len(split_ops(body_of(*[b"{}"] * 100))[1]) == 100
    with pytest.raises(TeVeel):
        split_ops(body_of(*[b"{}"] * 101))


def test_a_big_list_with_one_poison_keeps_every_byte():
    elements = [b'{"n": %d, "t":"\xc3\xa9\\n"}' % index for index in range(20_000)]
    elements[777] = b"[0.5 ]"

    _, stukken = split_ops(body_of(*elements), max_ops=20_000)

    assert [each.raw for each in stukken] == elements
    assert [index for index, each in enumerate(stukken) if each.fout] == [777]


def test_an_empty_list_and_another_key():
    assert split_ops(b'{"ops":[ ]}') == ({}, [])
    assert split_ops(rb'{"ops":[ ],"a":"\u003a"}') == ({"a": ":"}, [])
    around, stukken = split_ops(b'{"ops":1,"regels":[2]}', "regels")
    assert (around, [each.value for each in stukken]) == ({"ops": 1}, [2])


def test_a_message_never_repeats_content():
    _, stukken = split_ops(body_of(rb'{"geheim":"\u0000"}', b'{"geheim":1,"geheim":2}', b'"geheim\\ud83d"'))
    assert len(stukken) == 3
    assert not any("geheim" in str(each.fout) for each in stukken)
    with pytest.raises(GeenJson) as refusal:
        split_ops(b'{"geheim')
    assert "geheim" not in str(refusal.value)


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**54), 2**54)
    | st.floats(allow_nan=True)
    | st.text(st.sampled_from('a:\\"\0é\ud83d\U0001f6aa{[,u03'), max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(st.tuples(st.sampled_from(["a", "b", "a:", "\U0001f6aa"]), inner), max_size=3)
    ),
    max_leaves=8,
)


def write(value, *, ascii_only):
    """Write JSON in which a list of pairs is an object, so that keys can be doubled."""
    if isinstance(value, list) and value and all(isinstance(each, tuple) for each in value):
        members = (write(k, ascii_only=ascii_only) + ": " + write(v, ascii_only=ascii_only) for k, v in value)
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + " , ".join(write(each, ascii_only=ascii_only) for each in value) + "]"
    text = json.dumps(value, ensure_ascii=ascii_only)
    return text.replace(":", "\\u003a") if ascii_only and isinstance(value, str) else text


@settings(max_examples=400, deadline=None, database=None)
@given(st.lists(JSON_VALUES, max_size=4), st.booleans())
def test_the_fast_and_the_exact_reader_agree(values, ascii_only):
    elements = [write(each, ascii_only=ascii_only) for each in values]
    if not ascii_only:
        elements = [each.replace("\ud83d", "\\ud83d") for each in elements]
    elements = [each.encode() for each in elements]
    body = b'{ "ops" : [' + b" ,".join(elements) + b"]\n}"

    _, found = split_ops(body)
    _, exact = ontleden._split_exactly(body, "ops", len(elements))

    assert found == exact
    assert [each.raw for each in found] == [each.raw for each in exact] == elements
    for stuk, element in zip(found, elements, strict=True):
        if stuk.fout is None:
            assert parse(element) == stuk.value == json.loads(element) == orjson.loads(element)
        else:
            with pytest.raises(NietCanoniek, match=stuk.fout):
                parse(element)


def test_the_members_of_an_object_come_as_their_exact_bytes():
    """Broken to see it fail: `text[at:end]` one further."""
    body = rb'{ "a" : [1, 2.50 ] ,"b":{"\ud83d":1,"x":1,"x":2} , "\u0063":' + b"[" * 5_000 + b"]" * 5_000 + b"}"
    found = split_members(body)
    assert list(found) == ["a", "b", "c"]
    assert found["a"] == b"[1, 2.50 ]"
    assert found["b"] == rb'{"\ud83d":1,"x":1,"x":2}'
    assert len(found["c"]) == 10_000
    assert split_members(b"{}") == {}


@pytest.mark.parametrize("body", [b"[]", b"", b'{"a":1,"a":2}', b'{"a":1}x', b'{"a":}', b'{"a" 1}', b"\xff", b"null"])
def test_what_is_no_object_with_distinct_names_has_no_members(body):
    with pytest.raises(GeenJson):
        split_members(body)
