"""docs/kop-vectoren.json holds at the server, and is what the client computes; what is changed in it does not hold."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from app.access.sleutels import challenge, is_signed, read_point
from app.grootboek.canoniek import b64u, canonical, unb64u
from app.services.boeken.ondertekening import KOP_DOMEIN, Ondertekenaar, verify
from app.services.kluis.operatie import hash_of, read_operatie
from app.services.kluis.verzegelen import sections_of
from tests.hulp.kopvectoren import FILE, make

VECTOREN = json.loads(FILE.read_text(encoding="utf-8"))
JWK, ORIGIN = VECTOREN["sleutel"]["jwk"], VECTOREN["origin"]
PUNT = read_point(JWK["x"], JWK["y"])
EACH = pytest.mark.parametrize("vector", VECTOREN["operaties"], ids=lambda v: v["operatie"]["soort"])


def holds(op: dict[str, Any]) -> bool:
    """Whether the server takes the signature on an operation."""
    operatie = read_operatie(op)
    assert operatie.fout is None
    sections = {name: part for name, part in sections_of(operatie, None).items() if part is not None}
    return (
        verify(operatie, Ondertekenaar(VECTOREN["sleutel"]["sleutelId"], PUNT, belofte=True), ORIGIN, sections)
        is not None
    )


def without_signatures(vectoren: dict[str, Any]) -> dict[str, Any]:
    found = copy.deepcopy(vectoren)
    found["inschrijving"].pop("bewijs")
    for vector in found["operaties"]:
        vector["operatie"].pop("hand")
    return found


def test_the_file_is_what_the_client_computes() -> None:
    """All but the signatures, which differ each time. Broken: any letter of the file."""
    assert without_signatures(make()) == without_signatures(VECTOREN)


@EACH
def test_each_vector_holds_at_the_server(vector: dict[str, Any]) -> None:
    op = vector["operatie"]
    assert holds(op)
    assert vector["ondertekend"].encode() == KOP_DOMEIN + canonical(op["kop"])
    assert vector["kopHash"] == hash_of(op["kop"])
    sections = sections_of(read_operatie(op), None)
    assert vector["secties"] == {name: part.decode() for name, part in sections.items() if part is not None}
    assert is_signed(PUNT, unb64u(op["hand"]), vector["ondertekend"].encode())


def test_the_chain_the_canonical_form_and_the_enrolment_hold_too() -> None:
    operaties = VECTOREN["operaties"]
    assert [v["prev"] for v in operaties] == [None, *(v["kopHash"] for v in operaties[:-1])]
    assert {v["operatie"]["kop"]["k"] for v in operaties} == {1, 2}
    assert all(canonical(pair["waarde"]).decode() == pair["jcs"] for pair in VECTOREN["canoniek"])
    given = VECTOREN["inschrijving"]
    message = challenge(code=given["code"], origin=ORIGIN, point=PUNT)
    assert message == given["ondertekend"].encode()
    assert is_signed(PUNT, unb64u(given["bewijs"]), message)


SPOILED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "the content": lambda op: op["inhoud"].update(situatie="toegang_geweigerd"),
    "the moment": lambda op: op.update(waargenomenOp="2026-08-19T23:11:00+02:00"),
    "the number": lambda op: op.update(deviceSeq=9),
    "a salt": lambda op: op["zouten"].__setitem__(0, b64u(bytes(31) + b"x")),
    "a commitment": lambda op: op["kop"]["c"].__setitem__(6, b64u(bytes(31) + b"x")),
    "the signature": lambda op: op.update(hand=b64u(bytes(63) + b"x")),
}


@pytest.mark.parametrize("change", SPOILED.values(), ids=SPOILED)
def test_what_was_changed_does_not_hold(change: Callable[[dict[str, Any]], Any]) -> None:
    op = copy.deepcopy(VECTOREN["operaties"][0]["operatie"])
    assert holds(op)
    change(op)
    assert not holds(op)
