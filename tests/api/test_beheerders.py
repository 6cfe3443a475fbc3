"""What the command line does for administrators: make two, and let one back in; nobody else comes in that way."""

import json
import re
from pathlib import Path
from uuid import uuid4

import pytest
from httpx import Response
from uuid_utils.compat import uuid7

from app.postgres import Server
from app.problems import NietGevonden, RegelGeschonden
from tests.hulp.accounts import EIGEN, grant, sign_in
from tests.hulp.schade_proef import veldboek
from tests.hulp.wereld import Wereld, add_beheerder, confirm_role, open_account

PAGE = Path(__file__).parents[2] / "docs" / "gebruik.md"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def back(database: Server, home: Path, naam: str) -> str:
    """The code that the command tells; of a refusal its sentence is a problem."""
    told = await veldboek(database, home, "beheerder", "herstellen", "--gebruikersnaam", naam)
    first, second = told.tekst.strip().splitlines()
    assert "POST /v1/oauth/toegang" in second
    return first.rpartition(" ")[2]


async def test_an_administrator_who_is_shut_out_gets_a_code(wereld: Wereld, database: Server, tmp_path: Path) -> None:
    """Broken: `put_toegangscode` with another confirmation than the one that was booked."""
    code = await back(database, tmp_path, "beheerder")
    for status in (200, 403):
        answer = await wereld.http.post("/oauth/toegang", json={"code": code, "wachtwoord": EIGEN})
        assert answer.status_code == status, "once"
    assert (await sign_in(wereld, "beheerder", EIGEN)).status_code == 200
    doc = (await wereld.get("beheerder-2", f"/accounts/{wereld.mensen['beheerder'].functionaris}")).json()
    assert doc["bevestiging"]["door"]["functionaris"] == doc["id"], "the ledger shows it in his name"


async def test_nobody_else_comes_in_that_way(wereld: Wereld, database: Server, tmp_path: Path) -> None:
    """Broken: the look at other roles in `restore_beheerder`; then who sees content needs no second person."""
    await open_account(wereld, "regisseur-1")
    for naam in ("regisseur-1", "niemand"):
        with pytest.raises(NietGevonden):
            await back(database, tmp_path, naam)
    await add_beheerder(wereld, "beheerder-3")
    await open_account(wereld, "beheerder-3")
    assert await back(database, tmp_path, "beheerder-3")
    rol = await grant(wereld, wereld.mensen["beheerder-3"].functionaris)
    await confirm_role(wereld, rol)
    with pytest.raises(NietGevonden):
        await back(database, tmp_path, "beheerder-3")


async def test_the_command_makes_two_administrators_and_no_third(
    wereld: Wereld, database: Server, tmp_path: Path
) -> None:
    """Broken: `EERSTE` made 3."""
    word = tmp_path / "wachtwoord"
    word.write_text("een lang wachtwoord voor de derde")
    with pytest.raises(RegelGeschonden, match="Er zijn al twee"):
        await veldboek(
            database, tmp_path, "beheerder", "aanmaken", "--gebruikersnaam", "derde", "--wachtwoord-bestand", str(word)
        )
    assert (await sign_in(wereld, "derde", word.read_text())).status_code == 400


def filled(text: str, known: dict[str, str]) -> str:
    """A line of the page with what its names stand for."""
    return re.sub(r"\b(ORG|F|R|CODE|TOKEN)\b", lambda m: known[m[1]], text)


async def send(wereld: Wereld, wie: str, path: str, text: str) -> Response:
    if not text.startswith("{"):
        return await wereld.http.post(path, content=text, headers=FORM)
    body = json.loads(text)
    headers = wereld.headers(wie) if wie in wereld.mensen else {}
    if "inhoud" in body:
        body["waargenomenOp"] = "2026-08-19T23:10:00+02:00"
        headers["Idempotency-Key"] = str(uuid4())
    return await wereld.http.post(path, json=body, headers=headers)


async def test_the_page_leads_to_the_first_officer(wereld: Wereld) -> None:
    """Its lines, one by one, as they stand there; then he is out again. Broken: any path or field on the page."""
    block = PAGE.read_text(encoding="utf-8").split("From nothing to the first officer")[1].split("```")[1]
    lines = [line.split(maxsplit=2) for line in block.splitlines()[1:]]
    assert len(lines) == 10
    known = {name: str(uuid7()) for name in ("ORG", "F", "R")}
    for wie, path, text in lines:
        quoted = re.sub(r": (ORG|F|R|CODE)\b", r': "\1"', text)
        answer = await send(
            wereld,
            wie.replace("beheerder-1", "beheerder"),
            filled(path.removeprefix("/v1"), known),
            filled(quoted, known),
        )
        assert answer.status_code in {200, 201}, (path, answer.text)
        told = answer.json() if answer.content else {}
        known |= {name: told[key] for name, key in (("CODE", "code"), ("TOKEN", "access_token")) if key in told}
    out = await wereld.http.get("/ik", headers={"Authorization": f"Bearer {known['TOKEN']}"})
    assert (out.status_code, out.json()["type"]) == (401, "/problemen/aanmelding-beeindigd")
