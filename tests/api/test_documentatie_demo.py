"""What the page for developers asks of the demo: everybody whom it names finds something, on whatever day he looks."""

import re

import pytest

from app.access.beleid import may
from app.openapi import operations
from app.openapi.wegwijzer import VRAGEN
from app.vocabulary import Rol
from tests.hulp.antwoorden import contract
from tests.hulp.gespeeld_jaar import Demo
from tests.hulp.pagina import asked, commands

STARTS = {"app": "boa-3", "koppeling": "ketenpartner-1", "dashboard": "regisseur-1"}


async def page(demo: Demo) -> str:
    answer = await demo.http.get("/documentatie")
    assert answer.status_code == 200
    return answer.text


async def test_each_of_the_ten_questions_finds_something_in_the_demo(demo: Demo) -> None:
    """No day of today is in them. Broken: any row of VRAGEN; `play_open_ends` out of the demo."""
    text = await page(demo)
    assert "<code>regisseur-1</code>" in text[text.index('id="vragen"') :][:300]
    found = commands(text, "vragen")
    assert len(found) == len(VRAGEN) == 10
    told = []
    for words in found:
        url, data = asked(words)
        answer = await demo.get("regisseur-1", url.removeprefix("$VELDBOEK/v1"), **dict(e.split("=", 1) for e in data))
        assert answer.status_code == 200, answer.text
        told.append(answer.json())
    *lists, cijfers = told
    assert [words[2:] for words, answer in zip(found, lists, strict=False) if not answer["resultaten"]] == []
    assert cijfers["controles"] == 7
    assert sum(each["controles"] for each in cijfers["perioden"]) == 7
    who = {each["functionaris"] for each in told[1]["resultaten"][0]["deelnemers"]}
    assert who
    assert who <= told[1]["namen"].keys()


def test_the_questions_ask_for_no_day_of_now() -> None:
    """Broken: `{{nu}}` in a row of VRAGEN."""
    assert [v.zin for v in VRAGEN if "{{" in "".join(v.vraagt.values())] == []


@pytest.mark.parametrize(("part", "wie"), STARTS.items())
async def test_the_token_of_each_start_is_renewed_as_its_last_step_says(demo: Demo, part: str, wie: str) -> None:
    """By who is named there. Broken: `refresh_token` in VERVERSEN; the step out of a start."""
    text = await page(demo)
    start = text[text.index(f'id="{part}"') :]
    assert f"<code>{wie}</code>" in start[:300]
    account = demo.accounts[wie]
    login = {"grant_type": "password", "client_id": "veldboek"} | {
        name: account[name] for name in ("gebruikersnaam", "wachtwoord", "toestel") if name in account
    }
    if part != "app":
        login.pop("toestel", None)
    first = (await demo.http.post("/oauth/token", data=login | rol_of(account))).json()
    url, data = asked(commands(text, part)[-1])
    form = dict(each.replace("$REFRESH", first["refresh_token"]).split("=", 1) for each in data)
    answer = await demo.http.post(url.removeprefix("$VELDBOEK/v1"), data=form)
    assert answer.status_code == 200, answer.text
    second = answer.json()
    assert second["refresh_token"] != first["refresh_token"]
    own = {"Authorization": f"Bearer {second['access_token']}"}
    assert (await demo.http.get("/ik", headers=own)).json()["rol"] == account["rol"]


def rol_of(account: dict[str, str]) -> dict[str, str]:
    return {"roltoewijzing": account["roltoewijzing"]} if "roltoewijzing" in account else {}


async def test_who_reads_what_is_said_of_what_has_a_route(demo: Demo) -> None:
    """And each of those routes lets him in. Broken: `and what in words` out of `render_rights`."""
    text = await page(demo)
    table = text[text.index('id="rechten"') :]
    rows = re.findall(r'<th scope="row">([^<]+)</th><td>([^<]*)</td>', table[: table.index("</table>")])
    assert len(rows) == len(Rol)
    gets = [
        (path.replace("-", ""), o.get("x-permissie")) for path, method, o in operations(contract()) if method == "get"
    ]
    closed = []
    for name, reads in rows:
        rol = Rol(name.replace(" ", "_"))
        assert reads
        for word in reads.split(", "):
            open_to = [p for path, p in gets if word in path.split("/") and (p is None or may(rol, p))]
            closed += [] if open_to else [(name, word)]
    assert closed == []
