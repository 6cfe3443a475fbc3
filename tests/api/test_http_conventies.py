"""What every answer of the HTTP edge has in common: headers, problems, one line in the log."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app import __version__
from app.error_handlers import is_unavailable
from app.lichaam import MAX_BYTES
from app.main import every_route
from app.middleware import HEADERS
from tests.hulp.http_proef import (
    ALLES,
    BROKEN,
    CANARY,
    UNAVAILABLE,
    check_problem,
    client_of,
    lines,
    make_app,
)


@pytest.fixture
def app() -> FastAPI:
    return make_app()


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as client:
        yield client


ANSWERS = [
    ("GET", "/v1", {}, 200),
    ("GET", "/v1/", {}, 200),
    ("GET", "/v1/openapi.json", {}, 200),
    ("GET", "/v1/documentatie", {}, 200),
    ("GET", "/v1/documentatie/stijl.css", {}, 200),
    ("POST", "/v1/test/vrij", {"json": {}}, 200),
    ("DELETE", "/v1/test/zaken/9f4c1c0e-2d1b-4c8e-8a57-0c2b1a7e5d11", {}, 204),
    ("POST", "/v1/test/vrij", {"json": []}, 400),
    ("GET", "/v1/test/fout/afgemeld", {}, 401),
    ("GET", "/", {}, 200),
    ("GET", "/robots.txt", {}, 404),
    ("GET", "/v1/bestaat-niet", {}, 404),
    ("GET", "/v1/documentatie/pagina.html", {}, 404),
    ("DELETE", "/v1/test/vrij", {}, 405),
    ("GET", "/v1/test/fout/regel", {}, 409),
    (
        "POST",
        "/v1/test/vrij",
        {"content": b"x" * (MAX_BYTES + 1), "headers": {"content-type": "application/json"}},
        413,
    ),
    ("POST", "/v1/test/vrij", {"content": b"x"}, 415),
    ("GET", "/v1/test/fout/druk", {}, 429),
    ("GET", "/v1/test/fout/plain", {}, 500),
    ("GET", "/v1/gezondheid", {}, 503),
    ("GET", "/v1/test/groot", {"headers": {"accept-encoding": "gzip"}}, 200),
]


@pytest.mark.parametrize(("method", "path", "kwargs", "status"), ANSWERS, ids=lambda v: v if isinstance(v, str) else "")
async def test_every_answer_has_the_headers(
    client: httpx.AsyncClient, method: str, path: str, kwargs: dict[str, Any], status: int
) -> None:
    response = await client.request(method, path, **kwargs)
    assert response.status_code == status
    assert response.headers["api-version"] == __version__
    assert response.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert response.headers["strict-transport-security"].startswith("max-age=31536000")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "DENY"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert re.fullmatch("[0-9a-f]{16}", response.headers["x-request-id"])
    assert "server" not in response.headers
    for name in HEADERS:
        assert len(response.headers.get_list(name)) == 1
    if status >= 400:
        check_problem(response, status, response.json()["type"].rpartition("/")[2])


async def test_a_problem_carries_its_own_members_and_headers(client: httpx.AsyncClient) -> None:
    response = await client.get("/v1/test/fout/regel")
    problem = check_problem(response, 409, "regel-geschonden")
    assert problem["detail"] == "Zo niet."
    assert problem["regel"] == "5:6"
    assert response.headers["x-extra"] == "1"


async def test_extensions_cannot_overwrite_the_core(client: httpx.AsyncClient) -> None:
    response = await client.get("/v1/test/fout/misleidend")
    check_problem(response, 500, "interne-fout")


async def test_the_detail_of_an_http_exception_is_not_shown(client: httpx.AsyncClient) -> None:
    check_problem(await client.get("/v1/test/fout/teapot"), 418, "verzoek-geweigerd")
    check_problem(await client.get("/v1/test/fout/kapot-502"), 502, "interne-fout")


async def test_401_says_how_to_sign_in(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/test/fout/afgemeld")).headers["www-authenticate"] == "Bearer"


async def test_unknown_route_and_unknown_file(client: httpx.AsyncClient) -> None:
    check_problem(await client.get(f"/v1/{CANARY}"), 404, "niet-gevonden")
    check_problem(await client.get(f"/v1/documentatie/{CANARY}"), 404, "niet-gevonden")
    check_problem(await client.get("/v1/documentatie/..%2f..%2fmain.py"), 404, "niet-gevonden")


async def test_405_names_the_methods_of_all_routes_on_the_path(client: httpx.AsyncClient) -> None:
    response = await client.patch("/v1/test/zaken/9f4c1c0e-2d1b-4c8e-8a57-0c2b1a7e5d11")
    check_problem(response, 405, "methode-niet-toegestaan")
    assert response.headers["allow"] == "DELETE, GET"


async def test_a_trailing_slash_is_404_and_never_a_redirect(app: FastAPI, client: httpx.AsyncClient) -> None:
    paths = {re.sub(r"{\w+}", "9f4c1c0e-2d1b-4c8e-8a57-0c2b1a7e5d11", r.path or "") for r in every_route(app)}
    paths -= {"/", "/v1", "/v1/"}
    assert len(paths) > 10
    for path in paths:
        check_problem(await client.get(f"{path}/"), 404, "niet-gevonden")
        check_problem(await client.post(f"{path}/"), 404, "niet-gevonden")


@pytest.mark.parametrize("name", BROKEN)
async def test_an_unexpected_error_tells_nothing(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    response = await client.get(f"/v1/test/fout/{name}")
    assert set(check_problem(response, 500, "interne-fout")) == {"type", "title", "status", "detail"}
    captured = capsys.readouterr()
    assert CANARY not in captured.out + captured.err
    error, request = [json.loads(line) for line in captured.out.splitlines()]
    kind = type(BROKEN[name])
    assert error["exception"] == f"{kind.__module__}.{kind.__qualname__}"
    assert error["route"] == f"/v1/test/fout/{name}"
    assert error["level"] == "error"
    assert request["status"] == 500
    assert error["request_id"] == request["request_id"] == response.headers["x-request-id"]


async def test_the_place_of_an_unexpected_error_is_logged(
    app: FastAPI, client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    del app.state.settings
    check_problem(await client.get("/v1/documentatie"), 500, "interne-fout")
    assert re.fullmatch(r"app\.routers\.documentatie:\d+", lines(capsys)[0]["where"])


async def test_an_answer_that_breaks_off_is_cut_without_its_reason(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ConnectionAbortedError) as caught:
        await client.get("/v1/test/breekt-af")
    assert caught.value.__suppress_context__
    assert CANARY not in str(caught.value)
    assert "unexpected" in [line["event"] for line in lines(capsys)]


@pytest.mark.parametrize("name", UNAVAILABLE)
async def test_a_database_that_is_away_or_busy_is_503(client: httpx.AsyncClient, name: str) -> None:
    assert is_unavailable(UNAVAILABLE[name])
    response = await client.get(f"/v1/test/fout/{name}")
    check_problem(response, 503, "tijdelijk-niet-beschikbaar")
    assert 2 <= int(response.headers["retry-after"]) <= 10


async def test_retry_after_differs_from_one_to_the_next(client: httpx.AsyncClient) -> None:
    for name in ("druk", "refused"):
        given = {(await client.get(f"/v1/test/fout/{name}")).headers["retry-after"] for _ in range(40)}
        assert len(given) > 2
    assert (await client.get("/v1/test/fout/later")).headers["retry-after"] == "77"


async def test_one_line_a_request_with_the_template_and_no_values(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    number = "9f4c1c0e-2d1b-4c8e-8a57-0c2b1a7e5d11"
    response = await client.get(f"/v1/test/zaken/{number}?paginaGrootte=5&q={CANARY}", headers={"X-Naam": CANARY})
    assert response.status_code == 200
    captured = capsys.readouterr()
    assert number not in captured.out + captured.err
    assert CANARY not in captured.out + captured.err
    (line,) = [json.loads(line) for line in captured.out.splitlines()]
    assert set(line) == {
        "event",
        "level",
        "timestamp",
        "request_id",
        "method",
        "route",
        "status",
        "duration_ms",
    }
    assert line["event"] == "request"
    assert line["method"] == "GET"
    assert line["route"] == "/v1/test/zaken/{zaakId}"
    assert line["status"] == 200
    assert line["request_id"] == response.headers["x-request-id"]
    assert 0 <= line["duration_ms"] < 10_000
    assert datetime.fromisoformat(line["timestamp"]).tzinfo


async def test_no_refusal_logs_what_was_sent(client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]) -> None:
    await client.get(f"/v1/{CANARY}?{CANARY}={CANARY}")
    await client.request(CANARY.replace("-", ""), "/v1")
    await client.post(ALLES, json={CANARY: CANARY})
    await client.post(ALLES, content=CANARY, headers={"content-type": CANARY})
    await client.patch(f"/v1/test/zaken/{CANARY}")
    captured = capsys.readouterr()
    assert CANARY not in captured.out + captured.err
    assert CANARY.replace("-", "").upper() not in captured.out.upper()
    found = [(line["status"], line["route"]) for line in map(json.loads, captured.out.splitlines())]
    assert found == [(404, "-"), (405, "/v1"), (400, ALLES), (415, "-"), (405, "/v1/test/zaken/{zaakId}")]


async def test_requests_at_the_same_time_keep_their_own_id(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = await asyncio.gather(*(client.get("/v1") for _ in range(20)))
    ids = [line["request_id"] for line in lines(capsys)]
    assert len(set(ids)) == 20
    assert {answer.headers["x-request-id"] for answer in answers} == set(ids)
