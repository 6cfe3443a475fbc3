"""Who was put out since the copy stays out when it is put back; and what nobody can know any more is said."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from httpx import Response

from app.kopie.resten import beside, refuse_second
from app.postgres import EmbeddedPostgres, Server
from tests.conftest import serving
from tests.hulp.accounts import EIGEN, ask_account, disable, sign_in, use
from tests.hulp.kopie_proef import run_veldboek
from tests.hulp.opstarten import free_port, home, launch
from tests.hulp.schade_proef import Gezegd, sql, veldboek
from tests.hulp.telefoon import connect, meld, new_toestel
from tests.hulp.toestel_proef import make_accounthouder, problem, revoke
from tests.hulp.wereld import WACHTWOORD, Wereld, add_toestel, confirm_account, open_account, sign_in_again
from veldboek_client.opslag import Opslag
from veldboek_client.toestel import Toestel
from veldboek_client.verbinding import ApiProbleem, Inlog

__all__ = ["home"]
WEG = "veldboek_weg_0a1b2c3d"


@asynccontextmanager
async def opened(bevolkt: Wereld, database: Server, place: Path) -> AsyncIterator[Wereld]:
    async with serving(database, place) as http:
        yield bevolkt.at(http)


async def put_back(database: Server, place: Path) -> Gezegd:
    told = await veldboek(database, place, "kopie", "terugzetten", str(place / "kopie"), "--vervang")
    assert told.code == 0, told.tekst
    return told


async def tokens(wereld: Wereld, wie: str, **velden: str) -> dict[str, Any]:
    answer = await sign_in(wereld, wie, WACHTWOORD, **velden)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def tried(wereld: Wereld, held: dict[str, Any]) -> list[tuple[int, str]]:
    """What the tokens of a login still do: read, and give new ones."""
    bearer = {"Authorization": f"Bearer {held['access_token']}"}
    renew = {"grant_type": "refresh_token", "client_id": "veldboek", "refresh_token": held["refresh_token"]}
    paths = [await wereld.http.get(path, headers=bearer) for path in ("/ik", "/sync/pull")]
    return [problem(answer) for answer in (*paths, await wereld.http.post("/oauth/token", data=renew))]


async def end_role(wereld: Wereld, wie: str) -> None:
    rol, now = wereld.mensen[wie].roltoewijzing, datetime.now(UTC).isoformat()
    await wereld.make("beheerder", f"/roltoewijzingen/{rol}/beeindiging", {"inhoud": {"op": now}})


async def change(wereld: Wereld, held: dict[str, Any]) -> Response:
    bearer = {"Authorization": f"Bearer {held['access_token']}"}
    return await wereld.http.post("/oauth/wachtwoord", json={"huidig": WACHTWOORD, "nieuw": EIGEN}, headers=bearer)


OUT = [(401, "aanmelding-beeindigd"), (401, "aanmelding-beeindigd"), (400, "aanmelden-mislukt")]
WRONG = (400, "aanmelden-mislukt")


async def test_who_was_put_out_since_the_copy_stays_out(bevolkt: Wereld, database: Server, tmp_path: Path) -> None:
    """By old tokens, by a password, and by a login that the copy never had; who was not, signs in again.

    Broken once each: `_END_LOGINS` out of `accept_restored` (old tokens open); `close_again` out of `restore_kopie`
    (the password of a disabled account opens); each of the three conditions of `_CLOSE`.
    """
    out = ("boa-1", "boa-2", "wijkagent-1", "pct-1")
    async with opened(bevolkt, database, tmp_path) as wereld:
        for wie in (*out, "avim-1"):
            await open_account(wereld, wie)
        held = [await tokens(wereld, wie, toestel=str(wereld.mensen[wie].toestel)) for wie in (*out, "avim-1")]
        assert (await veldboek(database, tmp_path, "kopie", "maken", str(tmp_path / "kopie"))).code == 0
        held += [await tokens(wereld, "boa-1"), await tokens(wereld, "avim-1")]
        assert await tried(wereld, held[4]) == [(200, "")] * 3
        await revoke(wereld, wereld.mensen["boa-1"].toestel)
        assert await disable(wereld, wereld.mensen["boa-2"].functionaris) == (201, "")
        await end_role(wereld, "wijkagent-1")
        assert (await change(wereld, await tokens(wereld, "pct-1"))).status_code == 204
        new = await add_toestel(wereld, "avim-1")
    told = (await put_back(database, tmp_path)).tekst
    assert "Alle aanmeldingen zijn beëindigd: iedereen meldt zich opnieuw aan." in told
    async with opened(bevolkt, database, tmp_path) as wereld:
        for each in held:
            assert await tried(wereld, each) == OUT
        for wie, word in (("boa-2", WACHTWOORD), ("wijkagent-1", WACHTWOORD), ("pct-1", WACHTWOORD), ("pct-1", EIGEN)):
            assert problem(await sign_in(wereld, wie, word)) == WRONG, wie
        await tokens(wereld, "avim-1")
        await tokens(wereld, "boa-1")  # his phone was stolen, not his password
        await sign_in_again(wereld)
        boa, boa2, wijk, pct = (wereld.mensen[wie] for wie in out)
        again = {
            f"/toestellen/{boa.toestel}/intrekking": {"reden": "gestolen"},
            f"/accounts/{boa2.functionaris}/uitzetting": {},
            f"/roltoewijzingen/{wijk.roltoewijzing}/beeindiging": {"op": datetime.now(UTC).isoformat()},
        }
        for path, inhoud in again.items():
            assert f"doe het opnieuw: POST /v1{path}\n" in told
            await wereld.make("beheerder", path, {"inhoud": inhoud})
        assert told.count("doe het opnieuw") == len(again)
        assert f"hier niet bekend: toestel {new}\n" in told
        shut = {line.rpartition(" ")[2] for line in told.splitlines() if "nieuwe toegangscode" in line}
        assert shut == {str(mens.functionaris) for mens in (boa2, wijk, pct)}
        await let_in(wereld, pct.functionaris)
        assert (await sign_in(wereld, "pct-1", EIGEN)).status_code == 200


async def let_in(wereld: Wereld, mens: UUID) -> None:
    """The way back for who is shut out: two people, and a password of his own."""
    assert await ask_account(wereld, mens) == (201, "")
    assert (await use(wereld, await confirm_account(wereld, mens), None)).status_code == 200


async def test_a_code_that_was_used_since_opens_nothing_again(
    bevolkt: Wereld, database: Server, tmp_path: Path
) -> None:
    """Broken once: `_VOID_CODES` out of `accept_restored`."""
    async with opened(bevolkt, database, tmp_path) as wereld:
        mens = wereld.mensen["boa-1"].functionaris
        assert await ask_account(wereld, mens) == (201, "")
        code = await confirm_account(wereld, mens)
        assert (await veldboek(database, tmp_path, "kopie", "maken", str(tmp_path / "kopie"))).code == 0
        assert (await use(wereld, code, "boa-1")).status_code == 200
    await put_back(database, tmp_path)
    async with opened(bevolkt, database, tmp_path) as wereld:
        assert problem(await use(wereld, code, "boa-1")) == (403, "toegangscode-ongeldig")
        await sign_in_again(wereld)
        again = await wereld.http.post(f"/accounts/{mens}/toegangscode", headers=wereld.headers("beheerder-2"))
        assert (await use(wereld, again.json()["code"], "boa-1")).status_code == 200


async def test_who_was_put_out_before_the_copy_is_not_named(bevolkt: Wereld, database: Server, tmp_path: Path) -> None:
    async with opened(bevolkt, database, tmp_path) as wereld:
        for wie in ("boa-1", "boa-2"):
            await open_account(wereld, wie)
        await revoke(wereld, wereld.mensen["boa-1"].toestel)
        assert await disable(wereld, wereld.mensen["boa-2"].functionaris) == (201, "")
        await end_role(wereld, "wijkagent-1")
    assert (await veldboek(database, tmp_path, "kopie", "maken", str(tmp_path / "kopie"))).code == 0
    told = (await put_back(database, tmp_path)).tekst
    assert "Sinds de kopie is niemand de toegang ontnomen." in told
    async with opened(bevolkt, database, tmp_path) as wereld:
        await tokens(wereld, "boa-1")
        assert "uitgezet" in (await sign_in(wereld, "boa-2", WACHTWOORD)).json()["detail"]


async def test_where_what_is_replaced_cannot_be_read_that_is_said(
    bevolkt: Wereld, database: Server, tmp_path: Path
) -> None:
    """Damage may be why a copy is put back: it is, all logins end, and nobody says that nothing was lost.

    Broken once: the `except` of `_readable`.
    """
    async with opened(bevolkt, database, tmp_path) as wereld:
        await open_account(wereld, "boa-1")
        held = await tokens(wereld, "boa-1")
    assert (await veldboek(database, tmp_path, "kopie", "maken", str(tmp_path / "kopie"))).code == 0
    await sql(database, "DROP TABLE lees.roltoewijzing")
    told = (await put_back(database, tmp_path)).tekst
    assert "welke rollen en toestellen sindsdien zijn ingetrokken, is hier niet bekend. Doe dat opnieuw" in told
    async with opened(bevolkt, database, tmp_path) as wereld:
        assert await tried(wereld, held) == OUT
        await tokens(wereld, "boa-1")


async def test_a_device_of_after_the_copy_delivers_through_quarantine(
    bevolkt: Wereld, database: Server, tmp_path: Path
) -> None:
    """It cannot sign in; enrolled anew, what it holds is signed with a key and for a device that nobody knows."""
    assert (await veldboek(database, tmp_path, "kopie", "maken", str(tmp_path / "kopie"))).code == 0
    opslag = tmp_path / "toestel.db"
    async with opened(bevolkt, database, tmp_path) as wereld, AsyncExitStack() as stack:
        houder = await make_accounthouder(wereld, "boa-1")
        toestel = await new_toestel(stack, houder, opslag)
        signaal = meld(toestel, "na de kopie")
        assert dict(await toestel.sync()) == {"accepted": 1}
    gone = toestel.verbinding.toestel
    assert f"hier niet bekend: toestel {gone}\n" in (await put_back(database, tmp_path)).tekst
    async with opened(bevolkt, database, tmp_path) as wereld, AsyncExitStack() as stack:
        await sign_in_again(wereld)
        houder = await make_accounthouder(wereld, "boa-1")
        held = Opslag(opslag)
        stack.callback(held.close)
        old = await connect(stack, wereld, Inlog("boa-1", WACHTWOORD, gone))
        with pytest.raises(ApiProbleem) as refused:
            await Toestel(old, held, sleutel=toestel._sleutel).sync()
        assert refused.value.slug == "aanmelden-mislukt"
        new = await new_toestel(stack, houder)
        again = Toestel(new.verbinding, held, sleutel=new._sleutel)
        assert dict(await again.sync()) == {"quarantined": 1}
        (kept,) = (await wereld.get("regisseur-1", "/quarantaine", code="handtekening_ongeldig")).json()["resultaten"]
        taken_in = {"inhoud": {"besluit": "aanvaard", "reden": "nagevraagd bij de schrijver"}}
        await wereld.make("aandachtsfunctionaris-1", f"/quarantaine/{kept['id']}/beoordeling", taken_in)
        assert (await wereld.get("regisseur-1", f"/signalen/{signaal}")).status_code == 200


async def test_what_a_killed_restore_left_is_named_at_start_and_cleared_when_told(home: Path) -> None:
    """A whole database, with all that is in it, beside the one that is served.

    Broken once: `tell_left` out of `serve`; `drop_left` out of `clear_left`.
    """
    with EmbeddedPostgres(home) as server:
        await sql_outside(server, f"CREATE DATABASE {WEG}")
    process = launch(home, free_port())
    assert process.stdout is not None
    try:
        for line in process.stdout:
            assert "Veldboek draait op" not in line
            if WEG in line:
                assert "veldboek kopie opruimen" in line
                break
        own = {"VELDBOEK_HOME": str(home)}
        assert run_veldboek("kopie", "opruimen", **own) == (0, f"Weg: {WEG}\n")
        status, told = run_veldboek("kopie", "opruimen", **own)
        assert (status, "niets meer" in told) == (0, True), told
    finally:
        process.terminate()
        process.communicate(timeout=30)


async def sql_outside(server: Server, statement: str) -> None:
    """A statement that no transaction may hold."""
    connection = await asyncpg.connect(server.beheer_url)
    await connection.execute(statement)
    await connection.close()


@pytest.mark.parametrize("words", [("terugzetten", "kopie"), ("opruimen",)])
async def test_while_one_is_put_back_nobody_else_clears(
    database: Server, server: Server, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Or it would take the database that the other is filling. Broken once: `refuse_second`."""
    assert (await veldboek(database, tmp_path, "kopie", "maken", str(tmp_path / "kopie"))).code == 0
    async with beside(server.beheer_url) as other:
        await refuse_second(other)
        given = [str(tmp_path / word) if word == "kopie" else word for word in words]
        told = await veldboek(database, tmp_path, "kopie", *given, *(["--vervang"] if len(words) > 1 else []))
        assert (told.code, "wordt al een kopie teruggezet" in told.tekst) == (1, True), told.tekst
