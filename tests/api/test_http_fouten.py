"""A 400 says everything that is wrong, in Dutch, and repeats nothing of what was sent."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from app.problems import MAX_FOUTEN
from tests.hulp.http_proef import ALLES, CANARY, JSON, check_problem, client_of, make_app, raising


@pytest.fixture
def app() -> FastAPI:
    return make_app()


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as client:
        yield client


async def fouten(client: httpx.AsyncClient, body: Any) -> list[tuple[str, str]]:
    response = await client.post(ALLES, json=body)
    problem = check_problem(response, 400, "ongeldig-verzoek")
    return [(fout["veld"], fout["melding"]) for fout in problem["fouten"]]


INVALID = [
    ({}, "naam", "Dit veld is verplicht."),
    ({"naam": 5}, "naam", "Vul een tekst in."),
    ({"naam": CANARY}, "naam", "De tekst is te lang: hoogstens 5 tekens."),
    ({"id": CANARY}, "id", "Vul een geldig kenmerk (UUID) in."),
    ({"id": 5}, "id", "Vul een geldig kenmerk (UUID) in."),
    ({"kleur": CANARY}, "kleur", "Kies een van deze waarden: rood of blauw."),
    ({"soort": CANARY}, "soort", "Kies een van deze waarden: a of b."),
    ({"gemeldOp": CANARY}, "gemeldOp", "Vul een geldige datum en tijd in, zoals 2026-08-19T23:10:00+02:00."),
    ({"gemeldOp": "2026-08-19T23:10:00"}, "gemeldOp", "Zet de tijdzone achter de tijd, zoals +02:00 of Z."),
    ({"beginDatum": CANARY}, "beginDatum", "Vul een geldige datum in, zoals 2026-08-19."),
    ({"beginDatum": "2026-08-19T23:10:00"}, "beginDatum", "Vul een geldige datum in, zoals 2026-08-19."),
    ({"delen": CANARY}, "delen", "Hier hoort een lijst."),
    ({"delen": [CANARY]}, "delen[0]", "Hier hoort een object met velden."),
    ({"delen": [{"aantal": 1}, {"aantal": 0}]}, "delen[1].aantal", "De waarde moet groter zijn dan 0."),
    ({"delen": [{"aantal": 11}]}, "delen[0].aantal", "De waarde mag hoogstens 10 zijn."),
    ({"delen": [{"aantal": CANARY}]}, "delen[0].aantal", "Vul een heel getal in."),
    ({"delen": [{"aantal": 1.5}]}, "delen[0].aantal", "Vul een heel getal in."),
    ({"kort": [{"aantal": 0}]}, "kort[0].aantal", "De waarde moet groter zijn dan 0."),
    ({"kort": []}, "kort", "Dit is te kort: minstens 1."),
    ({"delen": [{}] * 201}, "delen", "Dit is te lang: hoogstens 200."),
    ({"delen": [{"aantal": 1, CANARY: 1}]}, "delen[0]", "Hier staat een onbekend veld."),
    ({CANARY: 1}, "verzoek", "Hier staat een onbekend veld."),
    ({"aantal": 1}, "aantal", "Dit veld hoort hier niet."),
    ({"tellingen": {CANARY: "x"}}, "tellingen", "Vul een heel getal in."),
    ({"tellingen": 5}, "tellingen", "Hier hoort een object met velden."),
    ({"eind": "fout"}, "eind", "Het einde ligt voor het begin."),
    ({"eind": CANARY}, "eind", "De waarde klopt niet."),
    ({"vorm": CANARY}, "vorm", "De waarde heeft niet de juiste vorm."),
    ({"vorm": ""}, "vorm", "De tekst is te kort: minstens 1 tekens."),
    ([CANARY], "verzoek", "Hier hoort een object met velden."),
]


@pytest.mark.parametrize(("body", "veld", "melding"), INVALID, ids=lambda v: str(v)[:40])
async def test_what_is_wrong_is_said_in_dutch(client: httpx.AsyncClient, body: Any, veld: str, melding: str) -> None:
    if isinstance(body, dict) and body:
        body = {"naam": "Jan", **body}
    assert await fouten(client, body) == [(veld, melding)]


async def test_everything_wrong_is_said_at_once(client: httpx.AsyncClient) -> None:
    body = {"kleur": "x", "id": "x", "delen": [{"aantal": 0}, {"aantal": 99}], CANARY: 1, CANARY * 2: 2}
    found = await fouten(client, body)
    assert [veld for veld, _ in found] == [
        "naam",
        "id",
        "kleur",
        "delen[0].aantal",
        "delen[1].aantal",
        "verzoek",
    ]


async def test_the_list_of_faults_has_an_end(client: httpx.AsyncClient) -> None:
    assert len(await fouten(client, {"naam": "Jan", "delen": [{"aantal": 0}] * 150})) == MAX_FOUTEN


async def test_a_wrong_parameter_is_named_without_its_value(client: httpx.AsyncClient) -> None:
    url = f"/v1/test/zaken/{CANARY}?paginaGrootte=1000"
    response = await client.get(url, headers={"Idempotency-Key": CANARY})
    problem = check_problem(response, 400, "ongeldig-verzoek")
    assert problem["fouten"] == [
        {"veld": "zaakId", "melding": "Vul een geldig kenmerk (UUID) in."},
        {"veld": "paginaGrootte", "melding": "De waarde mag hoogstens 100 zijn."},
        {"veld": "Idempotency-Key", "melding": "Vul een geldig kenmerk (UUID) in."},
    ]


@pytest.mark.parametrize(
    "content",
    [
        b'{"naam": "' + CANARY.encode(),
        b'{"naam": "\xff"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
    ids=["cut off", "no utf-8", "deep list", "deep object"],
)
async def test_what_is_no_json_is_400(client: httpx.AsyncClient, content: bytes) -> None:
    response = await client.post(ALLES, content=content, headers=JSON)
    check_problem(response, 400, "ongeldig-verzoek")


async def test_an_empty_body_is_400(client: httpx.AsyncClient) -> None:
    check_problem(await client.post(ALLES), 400, "ongeldig-verzoek")


async def test_a_location_with_names_of_the_caller_is_cut_down(app: FastAPI, client: httpx.AsyncClient) -> None:
    errors = [{"type": "vreemd", "loc": ("body", CANARY, 3, "naam", CANARY), "msg": CANARY, "ctx": {"x": CANARY}}]
    errors.append({"type": "melding", "loc": ("body", "naam"), "msg": CANARY, "ctx": {"x": CANARY}})
    errors.append({"type": "greater_than", "loc": ("body", "naam"), "msg": CANARY})
    app.add_api_route("/v1/test/eigen", raising(RequestValidationError(errors)))
    problem = check_problem(await client.get("/v1/test/eigen"), 400, "ongeldig-verzoek")
    melding = "De waarde klopt niet."
    assert problem["fouten"] == [
        {"veld": "[3].naam", "melding": melding},
        {"veld": "naam", "melding": melding},
    ]
