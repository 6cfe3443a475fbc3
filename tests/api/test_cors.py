"""Pages of others call with a token of their own, from an origin that was allowed, and from no other."""

import httpx
import pytest
from pydantic import ValidationError

from app.main import create_app
from app.middleware import SENT, TOLD
from app.openapi import operations
from app.settings import Settings
from tests.hulp.antwoorden import contract

DASHBOARD = "https://dashboard.gemeente.example"


def _client(origins: str) -> httpx.AsyncClient:
    app = create_app(Settings(database_url=None, public_url="", cors_oorsprongen=origins))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://test/v1")


async def test_an_allowed_page_may_call_and_read_and_no_other() -> None:
    """Broken: `allow_origins`; a header out of `SENT` or `TOLD`; the middleware when nothing is allowed; `Cors`."""
    asks = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization,if-none-match"}
    async with _client(f"{DASHBOARD}, https://ander.example:8443") as allowed:
        before = await allowed.options("/signalen", headers={"Origin": DASHBOARD, **asks})
        assert before.status_code == 200
        assert before.headers["Access-Control-Allow-Origin"] == DASHBOARD
        answer = await allowed.get("", headers={"Origin": DASHBOARD})
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, DASHBOARD)
        assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
        assert "Access-Control-Allow-Credentials" not in answer.headers
        for origin in ("https://kwaad.example", f"{DASHBOARD}.kwaad.example", "http://dashboard.gemeente.example"):
            refused = await allowed.options("/signalen", headers={"Origin": origin, **asks})
            assert refused.status_code == 400
            assert refused.headers["Content-Type"] == "application/problem+json"
            assert [fout["veld"] for fout in refused.json()["fouten"]] == ["Origin"]
            assert int(refused.headers["Content-Length"]) == len(refused.content)
            assert "Access-Control-Allow-Origin" not in (await allowed.get("", headers={"Origin": origin})).headers
        odd = {"Access-Control-Request-Method": "TRACE", "Access-Control-Request-Headers": "x-jansen"}
        refused = await allowed.options("/signalen", headers={"Origin": DASHBOARD, **odd})
        assert refused.headers["Access-Control-Allow-Origin"] == DASHBOARD
        assert {fout["veld"] for fout in refused.json()["fouten"]} == {*odd}
    async with _client("") as nobody:
        assert "Access-Control-Allow-Origin" not in (await nobody.get("", headers={"Origin": DASHBOARD})).headers


async def test_whatever_the_contract_names_can_be_sent_and_read() -> None:
    """Each header of an answer in openapi.yaml, each parameter that is a header. Broken: any of `TOLD` or `SENT`."""
    document = contract()
    told = {
        name
        for _, _, operation in operations(document)
        for given in operation["responses"].values()
        for name in document["components"]["responses"].get(given.get("$ref", "").rpartition("/")[2], given)["headers"]
    }
    shared = document["components"]["parameters"]
    asked = {
        each["name"]
        for _, _, operation in operations(document)
        for given in operation.get("parameters", ())
        if (each := shared.get(given.get("$ref", "").rpartition("/")[2], given))["in"] == "header"
    }
    assert len(told) > 20
    assert len(asked) > 5
    assert {name.lower() for name in told} == {name.lower() for name in TOLD}
    assert {name.lower() for name in asked} <= {name.lower() for name in SENT}
    async with _client(DASHBOARD) as allowed:
        answer = await allowed.get("", headers={"Origin": DASHBOARD})
        exposed = answer.headers["Access-Control-Expose-Headers"].lower().split(", ")
        assert exposed == [name.lower() for name in TOLD]


@pytest.mark.parametrize(
    "origins", ["*", "null", "https://", "dashboard.example", f"{DASHBOARD}/pad", "https://*.example"]
)
def test_what_is_no_origin_stops_the_start(origins: str) -> None:
    with pytest.raises(ValidationError, match="CORS_OORSPRONGEN"):
        Settings(database_url=None, cors_oorsprongen=origins)
