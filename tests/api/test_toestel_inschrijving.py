"""Enrolling a device with a one-time code: the whole way, every hostile variant, and what is kept of it."""

import asyncio
import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from app.database import raw_connection
from app.postgres import Server
from tests.hulp.herbouw import dump, rebuild
from tests.hulp.sync_proef import head, select
from tests.hulp.toestel_proef import (
    ORIGIN,
    Accounthouder,
    approve,
    ask_code,
    bearer,
    invoer,
    make_accounthouder,
    problem,
    set_clock,
    shake,
)
from tests.hulp.wereld import Persona, Wereld, confirm_role
from veldboek_client.inschrijving import Uitnodiging
from veldboek_client.sleutel import Sleutel

ONGELDIG = (403, "inschrijfcode-ongeldig")
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@pytest.fixture
async def houder(wereld: Wereld) -> Accounthouder:
    return await make_accounthouder(wereld, "boa-1")


async def test_a_device_goes_the_whole_way(houder: Accounthouder, database: Server) -> None:
    """Code, fresh login, key proof, a second person; then it works, and the fold can be done again."""
    wereld, sleutel = houder.wereld, Sleutel.generate()
    given = await houder.give_code()
    assert Uitnodiging.read(given["qr"]) == Uitnodiging("http://127.0.0.1:8000", ORIGIN, given["code"])
    assert given["qrSvg"].startswith("<svg")
    assert given["code"] not in given["qrSvg"]
    answer = await houder.enrol(sleutel, given["code"], await houder.fresh(), ondertekent=False)
    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert (found["sleutelId"], found["origin"]) == (sleutel.id, ORIGIN)
    toestel = found["toestel"]
    assert problem(await houder.sign_in(toestel)) == (403, "toestel-niet-goedgekeurd")
    doc = (await wereld.get("beheerder", f"/toestellen/{toestel}")).json()
    assert doc["status"] == "wacht_op_goedkeuring"
    assert (doc["sleutelId"], doc["platform"], doc["appVersie"], doc["opslagVersleuteld"], doc["gemeenten"]) == (
        sleutel.id, "android", "proef 1", True, ["GM0243"],
    )  # fmt: skip
    assert doc["ingeschrevenDoor"] == {
        "functionaris": str(wereld.mensen["beheerder"].functionaris),
        "rol": "functioneel_beheerder",
    }
    await approve(wereld, toestel, "regisseur-1")
    signed_in = await houder.sign_in(toestel)
    assert signed_in.status_code == 200
    assert (await wereld.http.get("/ik", headers=bearer(signed_in))).json()["toestel"] == toestel
    live = await dump(database)
    await rebuild(database)
    assert await dump(database) == live


async def test_neither_code_nor_key_is_in_the_ledger_and_the_code_is_nowhere(
    houder: Accounthouder, database: Server
) -> None:
    sleutel, given = Sleutel.generate(), await houder.give_code()
    assert (await houder.enrol(sleutel, given["code"], await houder.fresh())).status_code == 201
    kept = "".join(str(row) for row in await select(database, "SELECT * FROM bedrijf.inschrijfcode"))
    assert sleutel.id in kept, "the row is there"
    raw = base64.b32decode(given["code"] + "======")
    assert given["code"] not in kept
    assert repr(raw)[2:-1] not in kept
    assert repr(hashlib.sha256(given["code"].encode()).digest()) in kept
    point = base64.urlsafe_b64decode(sleutel.jwk["x"] + "=")
    stored = [bytes(row[0]) for row in await select(database, "SELECT punt FROM bedrijf.toestelsleutel")]
    assert [row[:32] for row in stored] == [point]
    ledger = "".join(
        str([bytes(cell) if cell is not None else b"" for cell in row])
        for row in await select(database, "SELECT omslag, zaak, tekst, oordeel FROM kluis.inhoud")
    )
    assert sleutel.id in ledger, "the thumbprint binds the key to the entry"
    assert sleutel.jwk["x"] not in ledger
    assert given["code"] not in ledger


async def test_a_lost_answer_costs_nothing(houder: Accounthouder) -> None:
    """The same device asks again, one after another and at once: one enrolment. Broken: `Inschrijfcode.sleutel_id
    == thumbprint(point)` taken out of bind_code, then the second answer is `inschrijfcode-ongeldig`."""
    sleutel, given, headers = Sleutel.generate(), await houder.give_code(), await houder.fresh()
    before = await head(houder.wereld)
    answers = await asyncio.gather(*(houder.enrol(sleutel, given["code"], headers) for _ in range(3)))
    answers.append(await houder.enrol(sleutel, given["code"], headers))
    assert [answer.status_code for answer in answers] == [201] * 4, [answer.text for answer in answers]
    assert len({answer.json()["toestel"] for answer in answers}) == 1
    assert await head(houder.wereld) == before + 1
    assert problem(await houder.enrol(sleutel, given["code"], headers, appVersie="anders")) == (409, "id-andere-inhoud")


async def test_every_enrolment_makes_a_new_device(houder: Accounthouder) -> None:
    first, second = Sleutel.generate(), Sleutel.generate()
    assert await houder.enrolled(first) != await houder.enrolled(second)
    code = (await houder.give_code())["code"]
    again = await houder.enrol(first, code, await houder.fresh())
    assert problem(again) == (409, "regel-geschonden"), "a key belongs to one enrolment"
    assert (await houder.enrol(Sleutel.generate(), code, await houder.fresh())).status_code == 201, (
        "the code is still good"
    )


def turned(answer: dict[str, Any], flip: Callable[[bytes], bytes]) -> dict[str, Any]:
    raw = flip(base64.urlsafe_b64decode(answer["bewijs"] + "=="))
    return answer | {"bewijs": base64.urlsafe_b64encode(raw).rstrip(b"=").decode()}


def high(raw: bytes) -> bytes:
    other = bytearray((N - int.from_bytes(raw[32:], "big")).to_bytes(32, "big"))
    other[31] ^= 1
    return raw[:32] + bytes(other)


OTHER = Sleutel.generate()
MALFORMED, UNPROVEN = (400, "ongeldig-verzoek"), (400, "sleutelbewijs-ongeldig")
HOSTILE: dict[str, tuple[Callable[[Sleutel, str], dict[str, Any]], tuple[int, str]]] = {
    "another code": (lambda s, _: invoer(s, "A" * 26), ONGELDIG),
    "half the code": (lambda s, c: invoer(s, c[:13]), ONGELDIG),
    "the code with a NUL": (lambda s, c: invoer(s, c) | {"code": c + "\0"}, UNPROVEN),
    "proof for another code": (lambda s, c: invoer(s, c) | {"bewijs": s.prove("A" * 26, ORIGIN)}, UNPROVEN),
    "proof for another ledger": (lambda s, c: invoer(s, c, "veldboek.example/grootboek/ander"), UNPROVEN),
    "proof with another key": (lambda s, c: invoer(s, c) | {"bewijs": OTHER.prove(c, ORIGIN)}, UNPROVEN),
    "proof of another key": (lambda s, c: invoer(s, c) | {"sleutel": OTHER.jwk}, UNPROVEN),
    "proof without its label": (
        lambda s, c: invoer(s, c) | {"bewijs": s.sign(f'{{"code":"{c}","origin":"{ORIGIN}"}}'.encode())},
        UNPROVEN,
    ),
    "signature of zeros": (lambda s, c: turned(invoer(s, c), lambda _: bytes(64)), UNPROVEN),
    "r and s the order": (lambda s, c: turned(invoer(s, c), lambda _: N.to_bytes(32, "big") * 2), UNPROVEN),
    "r and s swapped": (lambda s, c: turned(invoer(s, c), lambda raw: raw[32:] + raw[:32]), UNPROVEN),
    "one bit of the signature": (
        lambda s, c: turned(invoer(s, c), lambda raw: bytes([raw[0] ^ 1]) + raw[1:]),
        UNPROVEN,
    ),
    "s spoiled": (lambda s, c: turned(invoer(s, c), high), UNPROVEN),
    "signature a byte short": (lambda s, c: turned(invoer(s, c), lambda raw: raw[:-1]), MALFORMED),
    "signature in DER": (lambda s, c: turned(invoer(s, c), lambda raw: b"\x30\x46" + raw + bytes(6)), MALFORMED),
    "no signature": (lambda s, c: {k: v for k, v in invoer(s, c).items() if k != "bewijs"}, MALFORMED),
    "no point of the curve": (
        lambda s, c: invoer(s, c) | {"sleutel": s.jwk | {"y": s.jwk["x"]}},
        UNPROVEN,
    ),
    "the point at infinity": (
        lambda s, c: invoer(s, c) | {"sleutel": s.jwk | {"x": "A" * 43, "y": "A" * 43}},
        UNPROVEN,
    ),
    "another curve by name": (lambda s, c: invoer(s, c) | {"sleutel": s.jwk | {"crv": "P-384"}}, MALFORMED),
    "an RSA key by name": (lambda s, c: invoer(s, c) | {"sleutel": s.jwk | {"kty": "RSA"}}, MALFORMED),
    "the private half too": (lambda s, c: invoer(s, c) | {"sleutel": s.jwk | {"d": "A" * 43}}, MALFORMED),
    "spare bits in x": (lambda s, c: invoer(s, c) | {"sleutel": s.jwk | {"x": s.jwk["x"][:-1] + "_"}}, UNPROVEN),
    "storage not encrypted": (lambda s, c: invoer(s, c) | {"opslagVersleuteld": False}, MALFORMED),
    "a functionaris of his own choice": (lambda s, c: invoer(s, c) | {"functionaris": "x"}, MALFORMED),
    "a platform that is none": (lambda s, c: invoer(s, c) | {"platform": "fax"}, MALFORMED),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_enrolment_gets_nothing(houder: Accounthouder, name: str) -> None:
    """Nothing is booked, the code is not used up, and nothing sent comes back."""
    make, expected = HOSTILE[name]
    sleutel, given, headers = Sleutel.generate(), await houder.give_code(), await houder.fresh()
    before, body = await head(houder.wereld), make(sleutel, given["code"])
    answer = await houder.wereld.http.post("/toestellen/inschrijving", json=body, headers=headers)
    assert problem(answer) == expected, answer.text
    assert given["code"] not in answer.text
    assert sleutel.jwk["x"] not in answer.text
    assert await head(houder.wereld) == before
    assert (await houder.enrol(sleutel, given["code"], headers)).status_code == 201


async def test_wrong_used_expired_and_somebody_elses_code_answer_alike(houder: Accounthouder) -> None:
    """Broken: `Inschrijfcode.vervalt_op > nu` out of bind_code, or `.functionaris` together with `.roltoewijzing`."""
    wereld, headers = houder.wereld, await houder.fresh()
    other = await make_accounthouder(wereld, "boa-2")
    used, theirs, old = (await houder.give_code(), await other.give_code(), await houder.give_code())
    assert (await houder.enrol(Sleutel.generate(), used["code"], headers)).status_code == 201
    answers = [
        await houder.enrol(Sleutel.generate(), code, headers) for code in (used["code"], theirs["code"], "A" * 26, "?")
    ]
    set_clock(wereld, datetime.now(UTC) + timedelta(minutes=10, seconds=1))
    late = await houder.fresh()
    answers.append(await houder.enrol(Sleutel.generate(), old["code"], late))
    assert [problem(answer) for answer in answers] == [ONGELDIG] * 5
    assert len({answer.text for answer in answers}) == 1


async def test_a_code_is_worth_nothing_once_its_giver_lost_his_role(houder: Accounthouder) -> None:
    """Broken: `not giver.actief` out of load_giver."""
    wereld = houder.wereld
    given = (await ask_code(wereld, "boa-1", door="beheerder-2")).json()
    rol = wereld.mensen["beheerder-2"].roltoewijzing
    einde = {"inhoud": {"op": "2026-08-20T00:00:00+02:00"}}
    await wereld.make("beheerder", f"/roltoewijzingen/{rol}/beeindiging", einde)
    before = await head(wereld)
    assert problem(await houder.enrol(Sleutel.generate(), given["code"], await houder.fresh())) == ONGELDIG
    assert await head(wereld) == before


async def test_wrong_codes_are_throttled(houder: Accounthouder) -> None:
    """For this officer alone. Broken: the call of count_attempt out of enrol."""
    headers, given = await houder.fresh(), await houder.give_code()
    answers = [await houder.enrol(Sleutel.generate(), "A" * 26, headers) for _ in range(6)]
    assert [problem(answer) for answer in answers] == [ONGELDIG] * 5 + [(429, "te-veel-verzoeken")]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert (await houder.enrol(Sleutel.generate(), given["code"], headers)).status_code == 429
    other = await make_accounthouder(houder.wereld, "boa-2")
    await other.enrolled()


async def test_only_a_fresh_login_on_no_device_enrols(houder: Accounthouder) -> None:
    """Broken: `toegang.toestel is not None` or `nu - begun > VERS` out of refuse_stale_login."""
    wereld, code, sleutel = houder.wereld, (await houder.give_code())["code"], Sleutel.generate()
    stale = (403, "aanmelding-niet-vers")
    on_device = bearer(await houder.sign_in(houder.persona.toestel))
    assert problem(await houder.enrol(sleutel, code, on_device)) == stale
    assert problem(await houder.enrol(sleutel, code, wereld.headers("boa-1", toestel=False))) == stale, "an older login"
    signed_in = await houder.sign_in()
    set_clock(wereld, datetime.now(UTC) + timedelta(minutes=5, seconds=1))
    renewed = await houder.refresh(signed_in.json()["refresh_token"])
    assert renewed.status_code == 200
    assert problem(await houder.enrol(sleutel, code, bearer(renewed))) == stale, "a new token is no new password"
    assert problem(await wereld.http.post("/toestellen/inschrijving", json=invoer(sleutel, code))) == (
        401,
        "niet-aangemeld",
    )
    assert (await houder.enrol(sleutel, code, await houder.fresh())).status_code == 201


@pytest.mark.parametrize("door", ["boa-1", "regisseur-1", "pct-1", "burgemeester-1"])
async def test_only_an_administrator_gives_codes(wereld: Wereld, door: str) -> None:
    assert problem(await ask_code(wereld, "boa-1", door=door)) == (403, "geen-recht")


async def test_a_code_is_for_a_role_of_that_officer(wereld: Wereld) -> None:
    other = str(wereld.mensen["boa-2"].roltoewijzing)
    assert problem(await ask_code(wereld, "boa-1", roltoewijzing=other)) == (409, "regel-geschonden")
    nobody = "0190aaaa-0000-7000-8000-000000000000"
    assert problem(await ask_code(wereld, "boa-1", functionaris=nobody)) == (404, "niet-gevonden")
    assert problem(await ask_code(wereld, "boa-1", roltoewijzing=nobody)) == (404, "niet-gevonden")


async def test_a_device_is_never_handed_on(houder: Accounthouder) -> None:
    """For another officer it is enrolled anew: no correction, no strike. Broken: `bevroren=stands` out of the act."""
    wereld = houder.wereld
    toestel = houder.persona.toestel
    other = {"functionaris": str(wereld.mensen["boa-2"].functionaris), "omschrijving": "telefoon"}
    found = await wereld.post("beheerder", "/toestellen", {"onderwerp": {"toestel": str(toestel)}, "inhoud": other})
    assert problem(found) == (409, "regel-geschonden")
    ops = await enrolment_ops(houder)
    for op in ops:
        change = {
            "onderwerp": {"toestel": str(toestel)}, "corrigeert": op, "basis": op, "reden": "doorgegeven",
        }  # fmt: skip
        moved = await wereld.post("beheerder", "/toestellen", change | {"inhoud": other})
        assert moved.status_code == 409, moved.text
        strike = {"onderwerp": {"toestel": str(toestel)}, "inhoud": {"registratie": op, "reden": "vergissing"}}
        struck = await wereld.post("beheerder", "/doorhalingen", strike)
        assert struck.status_code in (403, 409), struck.text
    doc = (await wereld.get("beheerder", f"/toestellen/{toestel}")).json()
    assert (doc["functionaris"], doc["status"]) == (str(houder.persona.functionaris), "goedgekeurd")


async def enrolment_ops(houder: Accounthouder) -> list[str]:
    async with houder.wereld.http.app.state.proces.sessionmaker() as session:
        raw = await raw_connection(session)
        rows = await raw.fetch("SELECT op FROM lees.geschiedenis WHERE document = $1", houder.persona.toestel)
    assert len(rows) == 2
    return [str(row["op"]) for row in rows]


async def test_an_officer_has_several_devices(houder: Accounthouder) -> None:
    wereld, tablet = houder.wereld, await houder.enrolled()
    wereld.mensen["boa-1-tablet"] = Persona(houder.persona.functionaris, houder.persona.roltoewijzing, tablet)
    assert [(await shake(wereld, wie)).status_code for wie in ("boa-1", "boa-1-tablet")] == [200, 200]
    own = (await wereld.get("boa-1", "/toestellen")).json()["resultaten"]
    assert {doc["id"] for doc in own} == {str(houder.persona.toestel), str(tablet)}


async def test_a_borrowed_officer_enrols_in_the_role_of_the_code(wereld: Wereld) -> None:
    """The code is for one role: under another it does not work. Broken: `.roltoewijzing ==` out of bind_code."""
    houder = await make_accounthouder(wereld, "boa-1")
    given = await houder.give_code()
    inhoud = {
        "functionaris": str(houder.persona.functionaris), "rol": "boa", "gemeenten": ["GM0233"],
        "organisatie": str(wereld.organisaties["ermelo"]), "van": "2022-01-01T00:00:00+01:00", "grondslag": "akte",
    }  # fmt: skip
    second = uuid7()
    await wereld.make("beheerder", "/roltoewijzingen", {"onderwerp": {"roltoewijzing": str(second)}, "inhoud": inhoud})
    await confirm_role(wereld, second)
    wereld.mensen["boa-1"] = replace(houder.persona, roltoewijzing=second)
    assert problem(await houder.enrol(Sleutel.generate(), given["code"], await houder.fresh())) == ONGELDIG
