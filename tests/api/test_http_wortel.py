"""Outside `/v1`: the root, the icon, and where a leak is reported."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from app import __version__
from app.dependencies import get_now
from app.main import create_app
from app.problems import ALLE, Problem
from app.settings import Settings
from tests.hulp.http_proef import check_problem, client_of, make_app

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


async def test_the_root_leads_a_person_to_the_page_and_a_program_to_the_places() -> None:
    """Broken: without the route both get 404."""
    async with client_of(make_app()) as client:
        person = await client.get("/", headers=BROWSER)
        assert (person.status_code, person.headers["location"]) == (302, "/v1/documentatie")
        assert (await client.get(person.headers["location"], headers=BROWSER)).status_code == 200
        for accept in ("application/json", "*/*", ""):
            program = await client.get("/", headers={"accept": accept})
            assert program.status_code == 200
            assert program.json() == (await client.get("/v1")).json()
            assert program.json()["versie"] == __version__
        assert person.headers["vary"].lower().count("accept") >= 1


@pytest.mark.parametrize("pad", ["/favicon.ico", "/favicon.svg"])
async def test_the_icon_that_browsers_ask_for_is_there(pad: str) -> None:
    async with client_of(make_app()) as client:
        icon = await client.get(pad)
    assert (icon.status_code, icon.headers["content-type"]) == (200, "image/svg+xml")
    assert icon.text.lstrip().startswith("<svg")
    assert "no-store" not in icon.headers["cache-control"]


async def test_pages_for_browsers_are_no_part_of_the_api() -> None:
    app = make_app()
    assert all("favicon" not in pad and "well-known" not in pad for pad in app.openapi()["paths"])


async def test_what_a_problem_means_stands_at_its_type() -> None:
    """RFC 9457, 3.1.1, for a person and for a program. Broken: `/problemen/{slug}` away."""
    async with client_of(make_app()) as client:
        refused = (await client.get("/v1/nergens")).json()
        for kind in ALLE:
            told = (await client.get(f"/problemen/{kind.slug}")).json()["problemen"]
            assert told == [
                {"type": f"/problemen/{kind.slug}", "title": kind.title, "status": kind.status, "uitleg": kind.uitleg}
            ]
            assert kind is Problem or kind.uitleg != Problem.uitleg, "each says something of its own"
        page = await client.get(refused["type"], headers={"Accept": "text/html"})
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert refused["title"] in page.text
        assert page.text.count("<code>") == 2
        assert len((await client.get("/problemen")).json()["problemen"]) == len(ALLE) > 30
        check_problem(await client.get("/problemen/geen"), 404, "niet-gevonden")


async def test_where_a_leak_is_reported() -> None:
    """RFC 9116: Contact and Expires are required, Expires once and within a year. Broken: `GELDIG` of 400 days."""
    nu = datetime(2026, 8, 19, 23, 10, 5, 12, tzinfo=UTC)
    app = create_app(Settings(meldpunt="mailto:lek@gemeente.example", public_url="https://veldboek.gemeente.example/"))
    app.dependency_overrides[get_now] = lambda: nu
    async with client_of(app) as client:
        answer = await client.get("/.well-known/security.txt")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    fields = [tuple(line.split(": ", 1)) for line in answer.text.splitlines()]
    assert dict(fields) == {
        "Contact": "mailto:lek@gemeente.example",
        "Expires": "2026-11-17T00:00:00Z",
        "Preferred-Languages": "nl, en",
        "Canonical": "https://veldboek.gemeente.example/.well-known/security.txt",
    }
    assert len(fields) == 4
    until = datetime.fromisoformat(dict(fields)["Expires"])
    assert nu < until < nu + timedelta(days=365)


async def test_without_a_contact_there_is_no_such_file() -> None:
    async with client_of(make_app()) as client:
        check_problem(await client.get("/.well-known/security.txt"), 404, "niet-gevonden")


@pytest.mark.parametrize("meldpunt", ["lek@gemeente.nl", "http://gemeente.nl", "mailto:a@b.nl\nContact: x", "mailto:"])
def test_a_contact_is_an_address_that_can_be_followed(meldpunt: str) -> None:
    with pytest.raises(ValidationError):
        Settings(meldpunt=meldpunt)
    assert Settings(meldpunt="https://gemeente.example/lek").meldpunt
