"""What stands in the ledger is what was sent, checkable without our code, and tells an outsider nothing."""

import hashlib
import json
from base64 import urlsafe_b64decode
from typing import Any

import asyncpg
import pytest
from uuid_utils.compat import uuid7

from app.postgres import Server
from app.registraties.register import ACTEN
from app.vocabulary import Sectie
from tests.hulp.keten import Keten, build_keten
from tests.hulp.wereld import Wereld

SECTIES = ("omslag", "zaak", "tekst", "persoon", "hulp", "melder", "mensenhandel")
MERK = "kanarie-7f3a"
KINDS = ("GM0243", "GM0233", "signaal", "controle", "maatregel", "mensenhandel", "persoon", "2026-08", "boa", "pct")


async def fetch(database: Server, query: str) -> list[Any]:
    connection = await asyncpg.connect(database.beheer_url)
    rows = await connection.fetch(query)
    await connection.close()
    return rows


def unb64u(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def merkle_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1, as it is written there."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + merkle_root(leaves[:k]) + merkle_root(leaves[k:])).digest()


def open_commitment(name: str, op: bytes, salt: bytes, content: bytes) -> bytes:
    head = b"veldboek/sectie/v1\0" + bytes([len(name)]) + name.encode()
    return hashlib.sha256(head + op + salt + content).digest()


async def test_positions_hashes_and_root_follow_from_the_leaves(wereld: Wereld, database: Server) -> None:
    await build_keten(wereld)
    entries = await fetch(database, "SELECT * FROM grootboek.entry ORDER BY pos")
    (head,) = await fetch(database, "SELECT * FROM grootboek.head")
    assert [row["pos"] for row in entries] == list(range(1, head["size"] + 1))
    assert len(entries) > 50
    for row in entries:
        assert row["leaf_hash"] == hashlib.sha256(b"\x00" + row["leaf"]).digest()
        leaf = json.loads(row["leaf"])
        assert leaf["kop"]["op"] == str(row["op"])
        assert leaf["kop"]["origin"] == head["origin"]
        assert json.dumps(leaf, sort_keys=True, separators=(",", ":")).encode() == row["leaf"]
    assert head["root"] == merkle_root([row["leaf"] for row in entries])


async def test_every_stored_section_opens_its_commitment(wereld: Wereld, database: Server) -> None:
    await build_keten(wereld)
    rows = await fetch(database, "SELECT * FROM grootboek.entry LEFT JOIN kluis.inhoud USING (pos) ORDER BY pos")
    opened = dict.fromkeys((*SECTIES, "oordeel"), 0)
    for row in rows:
        leaf = json.loads(row["leaf"])
        committed = [*leaf["kop"]["c"], leaf["srv"]["c"]]
        salts = [row["zouten"][at : at + 32] for at in range(0, 256, 32)]
        assert len(committed) == len(salts) == 8
        for name, stored, salt in zip((*SECTIES, "oordeel"), committed, salts, strict=True):
            if row[name] is None:
                assert salt == bytes(32)
                assert len(unb64u(stored)) == 32
                continue
            opened[name] += 1
            assert unb64u(stored) == open_commitment(name, row["op"].bytes, salt, row[name])
    assert all(opened.values()), opened
    assert opened["omslag"] == opened["oordeel"] == len(rows)
    every = [c for row in rows for c in json.loads(row["leaf"])["kop"]["c"]]
    assert len(set(every)) == len(every), "two commitments alike: a salt was used twice"


async def test_what_was_sent_is_sealed_unchanged_in_the_declared_sections(wereld: Wereld, database: Server) -> None:
    keten = await build_keten(wereld, MERK)
    rows = await fetch(database, "SELECT * FROM kluis.inhoud ORDER BY pos")
    found: dict[str, set[str]] = {}
    for row in rows:
        act = ACTEN[json.loads(row["omslag"])["soort"]]
        for name in SECTIES[1:]:
            for veld in json.loads(row[name]) if row[name] else ():
                assert act.secties[veld] == Sectie(name), (act.soort, veld)
                found.setdefault(name, set()).add(f"{act.soort}.{veld}")
    assert found["mensenhandel"] >= {f"mensenhandelsignaal.vastgelegd.{v}" for v in ("tekst", "soort", "indicatoren")}
    assert "signaal.gemeld.triagetekst" in found["melder"]
    assert "persoon.aangetroffen.rol" in found["persoon"]
    assert sum(MERK.encode() in row["tekst"] for row in rows if row["tekst"]) > 5
    assert keten.merk == MERK


async def test_nothing_that_was_recorded_shows_outside_vault_and_documents(
    wereld: Wereld, database: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    keten = await build_keten(wereld, MERK)
    answers = await spoil_every_act(wereld, keten)
    assert len(answers) == len(ACTEN) + sum(act.pad is not None for act in ACTEN.values())
    assert sum(MERK in answer for answer in answers) == 0
    kluis = await fetch(database, "SELECT * FROM kluis.inhoud")
    assert sum(any(MERK.encode() in (part or b"") for part in list(row)[1:]) for row in kluis) > len(ACTEN)
    outside = {
        "entry": "SELECT convert_from(leaf, 'UTF8') FROM grootboek.entry",
        "sync_op": "SELECT s::text FROM bedrijf.sync_op s",
        "feed": "SELECT f::text FROM lees.feed f",
        "ontvangst": "SELECT o::text FROM lees.ontvangst o",
        "geschiedenis": "SELECT g::text FROM lees.geschiedenis g",
        "inzage": "SELECT i::text FROM bedrijf.inzage i",
    }
    await wereld.get("pct-1", f"/mensenhandelsignalen/{keten['mensenhandel']}", headers=REASON)
    for name, query in outside.items():
        rows = [row[0] for row in await fetch(database, query)]
        assert rows, name
        assert not [row for row in rows if MERK in row], name
    logged = capsys.readouterr().out
    assert logged.count('"event":"request"') > len(ACTEN)
    assert MERK not in logged


REASON = {"X-Audit-Toelichting": "Overdracht aan AVIM voorbereiden"}


async def spoil_every_act(wereld: Wereld, keten: Keten) -> list[str]:
    """Per act one push, and one POST where it has a route, with the canary in every field; the texts of the answers."""
    answers = []
    for soort, act in ACTEN.items():
        inhoud = {veld: [MERK, {MERK: MERK}] for veld in act.secties} | {f"{MERK}veld": f"{MERK} 06-12345678"}
        op = wereld.op("boa-1", soort, {key: uuid7() for key in act.onderwerp}, inhoud, reden=MERK)
        body = {"batchId": MERK, "verzondenOp": "2026-08-19T23:10:00+02:00", "ops": [op]}
        pushed = await wereld.http.post("/sync/push", json=body, headers=wereld.headers("boa-1"))
        assert pushed.json()["resultaten"][0]["status"] == "quarantined", pushed.text
        answers.append(pushed.text)
        if act.pad is None:  # only the server books it
            continue
        pad = act.pad
        for key in act.onderwerp:
            pad = pad.replace(f"{{{key}}}", str(keten["afgerond"]))
        posted = await wereld.post("boa-1", pad, {"inhoud": inhoud, "onderwerp": {MERK: MERK}})
        assert posted.status_code in {400, 403}, (soort, posted.text)
        answers.append(posted.text)
    return answers


async def test_a_mirror_of_the_leaves_learns_only_class_and_number(wereld: Wereld, database: Server) -> None:
    keten = await build_keten(wereld, MERK)
    leaves = [row["leaf"].decode() for row in await fetch(database, "SELECT leaf FROM grootboek.entry")]
    secret = [*KINDS, *(str(ident) for ident in keten.ids.values())]
    secret += [str(part) for persona in wereld.mensen.values() for part in (persona.functionaris, persona.toestel)]
    secret += [str(ident) for ident in wereld.organisaties.values()]
    for leaf in leaves:
        clear = {**json.loads(leaf)["kop"], "c": None}
        assert clear.keys() == {"v", "origin", "op", "k", "t", "n", "prev", "c"}
        assert not [word for word in secret if word in json.dumps(clear)]
    assert {json.loads(leaf)["kop"]["k"] for leaf in leaves} == {1, 4, 5}
