"""The leaf is fixed for ever: the golden one is built by our code, and by hashlib and rfc8785 alone."""

import base64
import json
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
import rfc8785

from app.grootboek import blad
from app.grootboek.canoniek import NietCanoniek

GOLDEN = json.loads((Path(__file__).parent / "golden_leaf.json").read_text())
LEAF_HASH = "792cd6b6c593d3bc213dfcdb6d0eec7e524ddc7656d5593d11858f81c27e67af"
LEAF_WITH_HAND_HASH = "bc9ded2a816a99264d5dfce4c6bc16bd416e6f45d7e4f725b19f522168610b68"
OP = UUID(GOLDEN["op"])
SECTIES = {name: content.encode() for name, content in GOLDEN["secties"].items()}
NAMES = ["omslag", "zaak", "tekst", "persoon", "hulp", "melder", "mensenhandel", "oordeel"]


def seal_golden(**changes):
    fields = {
        "origin": GOLDEN["origin"],
        "op": OP,
        "k": GOLDEN["k"],
        "t": GOLDEN["t"],
        "n": GOLDEN["n"],
        "prev": bytes.fromhex(GOLDEN["prev"]),
        "secties": SECTIES,
        "oordeel": GOLDEN["oordeel"].encode(),
        "random": lambda count: bytes.fromhex(GOLDEN["random"])[:count],
    }
    return blad.seal(**(fields | changes))


def test_our_code_builds_the_golden_leaf():
    sealed = seal_golden()

    assert sealed.leaf.decode() == GOLDEN["leaf"]
    assert blad.leaf_hash(sealed.leaf).hex() == GOLDEN["leafHash"] == LEAF_HASH
    assert sealed.salts.hex() == GOLDEN["salts"]
    assert [each.hex() for each in sealed.commitments] == GOLDEN["commitments"]


def test_our_code_builds_the_golden_leaf_with_a_hand():
    kop = json.loads(GOLDEN["leaf"])["kop"]

    signed = blad.leaf(kop, bytes.fromhex(GOLDEN["hand"]), bytes.fromhex(GOLDEN["commitments"][7]))

    assert signed.decode() == GOLDEN["leafWithHand"]
    assert blad.leaf_hash(signed).hex() == GOLDEN["leafWithHandHash"] == LEAF_WITH_HAND_HASH


def test_the_golden_leaf_follows_from_the_definition_alone():
    def write(raw):
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    contents = GOLDEN["secties"] | {"oordeel": GOLDEN["oordeel"]}
    random, commitments = bytes.fromhex(GOLDEN["random"]), []
    for index, name in enumerate(NAMES):
        salt = random[32 * index : 32 * index + 32]
        if name in contents:
            prefix = b"veldboek/sectie/v1\x00" + bytes([len(name)]) + name.encode()
            salt = sha256(prefix + OP.bytes + salt + contents[name].encode()).digest()
        commitments.append(write(salt))
    kop = {key: GOLDEN[key] for key in ("origin", "op", "k", "t", "n")}
    kop |= {"v": 1, "prev": write(bytes.fromhex(GOLDEN["prev"])), "c": commitments[:7]}
    leaf = rfc8785.dumps({"v": 1, "kop": kop, "hand": None, "srv": {"c": commitments[7]}})

    assert leaf.decode() == GOLDEN["leaf"]
    assert sha256(b"\x00" + leaf).hexdigest() == LEAF_HASH


def test_the_names_and_their_order():
    assert list(blad.SECTIES) == NAMES


def test_one_call_for_randomness_per_leaf():
    calls = []

    def draw(count):
        calls.append(count)
        return bytes(range(256))

    seal_golden(random=draw)

    assert calls == [256]


def test_without_fixed_randomness_no_two_leaves_are_alike():
    one, other = (
        blad.seal("log", OP, 1, None, None, None, SECTIES, b"{}"),
        blad.seal("log", OP, 1, None, None, None, SECTIES, b"{}"),
    )

    assert not set(one.commitments) & set(other.commitments)
    assert len(set(one.commitments)) == 8


def test_what_is_absent_cannot_be_told_from_what_is_present():
    c = json.loads(blad.seal("log", OP, 3, None, None, None, {}, b"{}").leaf)["kop"]["c"]

    assert len(set(c)) == 7
    assert {len(each) for each in c} == {43}


def test_the_same_content_is_recognised():
    sealed = seal_golden()

    assert blad.same_content(sealed.leaf, sealed.salts, OP, SECTIES)
    assert blad.same_content(sealed.leaf, sealed.salts, OP, dict(reversed(SECTIES.items())))


@pytest.mark.parametrize(
    "other",
    [
        SECTIES | {"tekst": SECTIES["tekst"] + b" "},
        SECTIES | {"hulp": b"{}"},
        {name: each for name, each in SECTIES.items() if name != "persoon"},
        SECTIES | {"zaak": SECTIES["persoon"], "persoon": SECTIES["zaak"]},
        {},
    ],
    ids=["changed", "added", "left out", "exchanged", "nothing"],
)
def test_other_content_is_recognised(other):
    sealed = seal_golden()

    assert not blad.same_content(sealed.leaf, sealed.salts, OP, other)


@pytest.mark.parametrize("secties", [SECTIES, {}], ids=["some", "none"])
def test_the_content_of_another_op_is_not_the_same(secties):
    sealed = seal_golden(secties=secties)

    assert blad.same_content(sealed.leaf, sealed.salts, OP, secties)
    assert not blad.same_content(sealed.leaf, sealed.salts, UUID(int=OP.int ^ 1), secties)


def test_empty_bytes_are_present():
    sealed = blad.seal("log", OP, 1, None, None, None, {"tekst": b""}, b"{}")

    assert blad.same_content(sealed.leaf, sealed.salts, OP, {"tekst": b""})
    assert not blad.same_content(sealed.leaf, sealed.salts, OP, {})


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"op": UUID("0190f0c1-0000-7000-8000-000000000000")}, "version 4"),
        ({"op": UUID(int=0)}, "version 4"),
        ({"k": 0}, "six classes"),
        ({"k": 7}, "six classes"),
        ({"prev": b"short"}, "prev"),
        ({"secties": {"inhoud": b"{}"}}, "outside the seven"),
        ({"secties": {"oordeel": b"{}"}}, "outside the seven"),
        ({"random": lambda count: bytes(count - 1)}, "8 times 32"),
        ({"random": bytes}, "32 random bytes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "+".join(value),
)
def test_fields_that_fit_no_leaf_are_refused(changes, reason):
    with pytest.raises(ValueError, match=reason):
        seal_golden(**changes)


def test_a_device_number_beyond_53_bits_makes_no_leaf():
    with pytest.raises(NietCanoniek):
        seal_golden(n=2**53)


@pytest.mark.parametrize("commitments", [[], [bytes(32)] * 8, [bytes(32)] * 6 + [bytes(31)]], ids=len)
def test_a_kop_has_seven_commitments_of_32_bytes(commitments):
    with pytest.raises(ValueError, match="seven commitments"):
        blad.kop("log", OP, 1, None, None, None, commitments)


@pytest.mark.parametrize("salts", [b"", bytes(224), bytes(257)], ids=len)
def test_salts_of_another_size_are_refused(salts):
    with pytest.raises(ValueError, match="8 times 32"):
        blad.same_content(seal_golden().leaf, salts, OP, SECTIES)
