"""Logins end at once, everywhere: listed, ended one by one or together, revoked with their token (RFC 7009)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from httpx import ASGITransport
from sqlalchemy import text

from app.access.tokens import mint_access_token
from app.services.rechten.aanmeldingen import end_logins, note_end
from app.services.sync import announcing
from tests.hulp.aanmeld_proef import WACHTWOORD, Aanmeldproef, bearer, proef, slug
from tests.hulp.bijlage_proef import MIB, STREAM, TUS, UPLOADS, big_photo, manifest, metadata
from tests.hulp.node_device import on_socket
from tests.hulp.replica import events
from tests.hulp.sync_proef import melding, verdict
from tests.hulp.wereld import confirm_account
from veldboek_client.verbinding import Inlog, Verbinding

__all__ = ["proef"]

EINDE = (401, "aanmelding-beeindigd")


async def push(p: Aanmeldproef, headers: dict[str, str], *ops: Any) -> httpx.Response:
    body = {"batchId": str(uuid4()), "verzondenOp": p.nu.isoformat(), "ops": list(ops)}
    return await p.wereld.http.post("/sync/push", json=body, headers=headers)


async def listed(p: Aanmeldproef, headers: dict[str, str], **params: Any) -> dict[str, Any]:
    answer = await p.wereld.http.get("/aanmeldingen", headers=headers, params=params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def disable(p: Aanmeldproef, wie: str) -> None:
    pad = f"/accounts/{p.wereld.mensen[wie].functionaris}/uitzetting"
    await p.wereld.make("beheerder", pad, {"inhoud": {}})


async def stop(p: Aanmeldproef, how: str, login: httpx.Response) -> None:
    """End the login of boa-1, by itself or with his account."""
    if how == "disabled":
        await disable(p, "boa-1")
    else:
        await p.revoke(token=login.json()["refresh_token"])


# Out at once


async def test_an_ended_login_is_out_at_the_next_request(proef: Aanmeldproef) -> None:
    """On a device and without one, reading, pushing and sending files. Broken: `judge_login` out of load_actor."""
    http = proef.wereld.http
    phone, desk = await proef.on_phone("boa-1"), await proef.sign_in("boa-1")
    for login in (phone, desk):
        assert await proef.me(bearer(login)) == (200, "")
        await proef.revoke(token=login.json()["refresh_token"])
        assert await proef.me(bearer(login)) == EINDE
    assert slug(await http.get("/sync/pull", headers=bearer(phone))) == EINDE
    assert slug(await push(proef, bearer(phone), melding(proef.wereld, "boa-1"))) == EINDE
    told = TUS | {"Upload-Length": "5"} | metadata(bijlage=str(uuid4()), sha256="ab" * 32)
    assert slug(await http.post(UPLOADS, headers=bearer(phone) | told)) == EINDE
    answer = await http.get("/ik", headers=bearer(desk))
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


async def test_a_token_of_no_login_is_worth_nothing(proef: Aanmeldproef) -> None:
    login = await proef.on_phone("boa-1")
    async with proef.wereld.http.app.state.proces.sessionmaker.begin() as session:
        await (await session.connection()).execute(text("DELETE FROM bedrijf.aanmelding WHERE toestel IS NOT NULL"))
    assert await proef.me(bearer(login)) == EINDE


async def test_a_token_that_names_the_login_of_another_is_worth_nothing(proef: Aanmeldproef) -> None:
    """We never sign one. Broken: `Aanmelding.functionaris == toegang.functionaris` in load_actor."""
    await proef.on_phone("boa-2")
    persona, state = proef.wereld.mensen["boa-1"], proef.wereld.http.app.state
    token = mint_access_token(
        state.proces.geheimen.bos,
        issuer=state.settings.issuer,
        functionaris=persona.functionaris,
        roltoewijzing=persona.roltoewijzing,
        toestel=None,
        sid=(await proef.families("boa-2"))[0].id,
        nu=proef.nu,
    )
    assert await proef.me({"Authorization": f"Bearer {token}"}) == EINDE


async def test_a_login_that_ends_before_the_locks_of_a_booking_books_nothing_and_loses_nothing(
    proef: Aanmeldproef,
) -> None:
    """Broken: `judge_login` out of reload_actor."""
    wereld, login = proef.wereld, await proef.on_phone("boa-1")
    first, second = melding(wereld, "boa-1"), melding(wereld, "boa-1")
    assert (await push(proef, bearer(login), first)).status_code == 200
    async with wereld.http.app.state.proces.sessionmaker() as other:
        await (await other.connection()).execute(
            text("SELECT FROM bedrijf.toestel_voortgang WHERE toestel = :toestel FOR UPDATE"),
            {"toestel": wereld.mensen["boa-1"].toestel},
        )
        waiting = asyncio.create_task(push(proef, bearer(login), second))
        done, _ = await asyncio.wait({waiting}, timeout=0.3)
        assert not done, "it does not wait for the device's row"
        await proef.revoke(token=login.json()["refresh_token"])
    assert slug(await waiting) == EINDE
    again = await push(proef, bearer(await proef.on_phone("boa-1")), first, second)
    assert [verdict(result) for result in again.json()["resultaten"]] == [("duplicate", None), ("accepted", None)]


@pytest.mark.parametrize("how", ["revoked", "disabled"])
async def test_an_open_stream_ends_within_seconds(
    proef: Aanmeldproef, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Of the login that ended, and no other. Broken: `or sid in self.ended` in grown_beyond; AFGESLOTEN false."""
    monkeypatch.setattr(announcing, "INTERVAL", 0.05)
    mine, other = await proef.on_phone("boa-1"), await proef.on_phone("boa-2")
    async with (
        on_socket(proef.wereld.http.app) as base,
        httpx.AsyncClient(base_url=base, timeout=30) as http,
        http.stream("GET", "/v1/sync/stroom", headers=bearer(mine)) as listening,
        http.stream("GET", "/v1/sync/stroom", headers=bearer(other)) as elsewhere,
    ):
        await stop(proef, how, mine)
        assert await events(listening.aiter_lines(), 2, 5) == ["event: einde", "data: {}"]
        assert await events(elsewhere.aiter_lines(), 1, 0.3) == []


async def test_an_upload_stops_where_it_was_and_goes_on_after_a_new_sign_in(proef: Aanmeldproef) -> None:
    """Broken: `AND NOT EXISTS (…)` in `_commit` (services/bijlagen/ontvangen.py)."""
    http, login, content = proef.wereld.http, await proef.on_phone("boa-1"), big_photo(3 * MIB)
    row = manifest(content)
    told = TUS | {"Upload-Length": str(len(content))} | metadata(bijlage=row["id"], sha256=row["sha256"])
    made = await http.post(UPLOADS, headers=bearer(login) | told)
    pad = made.headers["location"].removeprefix("/v1")

    async def halfway() -> AsyncIterator[bytes]:
        yield content[:MIB]
        await proef.revoke(token=login.json()["refresh_token"])
        yield content[MIB:]

    sending = TUS | STREAM | {"Upload-Offset": "0"}
    assert slug(await http.patch(pad, headers=bearer(login) | sending, content=halfway())) == EINDE
    again = bearer(await proef.on_phone("boa-1"))
    offset = int((await http.head(pad, headers=again | TUS)).headers["upload-offset"])
    assert offset in (0, MIB)
    rest = await http.patch(pad, headers=again | sending | {"Upload-Offset": str(offset)}, content=content[offset:])
    assert rest.headers["bijlage-staat"] == "compleet"


async def test_an_upload_of_a_disabled_account_stops(proef: Aanmeldproef) -> None:
    """Broken: AFGESLOTEN out of `_commit` (services/bijlagen/ontvangen.py) or, with another answer, out of
    ended_among."""
    http, login, content = proef.wereld.http, await proef.on_phone("boa-1"), big_photo(3 * MIB)
    row = manifest(content)
    told = TUS | {"Upload-Length": str(len(content))} | metadata(bijlage=row["id"], sha256=row["sha256"])
    made = await http.post(UPLOADS, headers=bearer(login) | told)

    async def halfway() -> AsyncIterator[bytes]:
        yield content[:MIB]
        await disable(proef, "boa-1")
        yield content[MIB:]

    sending = bearer(login) | TUS | STREAM | {"Upload-Offset": "0"}
    assert (
        slug(await http.patch(made.headers["location"].removeprefix("/v1"), headers=sending, content=halfway()))
        == EINDE
    )


async def test_a_login_of_the_second_in_which_its_account_was_disabled_stays_ended(proef: Aanmeldproef) -> None:
    """The ledger has the end to the second. Broken: `interval '1 second'` out of AFGESLOTEN."""
    proef.nu = proef.nu.replace(microsecond=700_000)
    login, mens = await proef.sign_in("boa-1"), proef.wereld.mensen["boa-1"].functionaris
    await disable(proef, "boa-1")
    asked = {"onderwerp": {"account": str(mens)}, "inhoud": {"functionaris": str(mens)}}
    await proef.wereld.make("beheerder", "/accounts", asked)
    await confirm_account(proef.wereld, mens)
    assert await proef.me(bearer(login)) == EINDE


async def test_a_revoked_device_hears_its_order_although_its_login_has_ended(proef: Aanmeldproef) -> None:
    """Whoever ends both must still reach the phone. Broken: the call of `_order_to_erase`."""
    wereld, login = proef.wereld, await proef.on_phone("boa-1")
    pad = f"/toestellen/{wereld.mensen['boa-1'].toestel}"
    await wereld.make("beheerder", f"{pad}/opdrachten", {"inhoud": {"opdracht": "wissen"}})
    await wereld.make("beheerder", f"{pad}/intrekking", {"inhoud": {"reden": "gestolen"}})
    await proef.revoke(token=login.json()["refresh_token"])
    for answer in (await wereld.http.get("/ik", headers=bearer(login)), await proef.refresh(login)):
        assert slug(answer) == (403, "toestel-ingetrokken")
        assert answer.json()["opdracht"]


# Seeing and ending one's own


async def test_everybody_sees_his_own_logins(proef: Aanmeldproef) -> None:
    """Not those of others, nor what has ended. Broken: `a.functionaris == actor.functionaris` in list_logins."""
    phone = await proef.on_phone("boa-1")
    proef.later(minutes=3)
    desk = await proef.sign_in("boa-1")
    await proef.on_phone("boa-2")
    gone = await proef.sign_in("boa-1")
    await proef.revoke(token=gone.json()["refresh_token"])
    mine = [each for each in (await listed(proef, bearer(desk)))["resultaten"] if each["toestel"] or each["deze"]]
    assert [(each["deze"], each["soort"]) for each in mine] == [(True, "app"), (False, "app")]
    persona = proef.wereld.mensen["boa-1"]
    assert [each["toestel"] for each in mine] == [None, str(persona.toestel)]
    assert {each["roltoewijzing"] for each in mine} == {str(persona.roltoewijzing)}
    assert set(mine[0]) == {
        "id", "soort", "deze", "roltoewijzing", "toestel", "begonnenOp", "laatstGebruiktOp", "verlooptOp",
    }  # fmt: skip
    on_phone = (await listed(proef, bearer(phone)))["resultaten"]
    assert [each["toestel"] for each in on_phone if each["deze"]] == [str(persona.toestel)]


async def test_what_time_ended_is_not_listed(proef: Aanmeldproef) -> None:
    """Broken: `running(nu)` out of list_logins."""
    await proef.sign_in("boa-1")
    proef.later(hours=72, seconds=1)
    mine = await proef.sign_in("boa-1")
    assert [each["deze"] for each in (await listed(proef, bearer(mine)))["resultaten"]] == [True]


async def test_what_ended_long_ago_is_forgotten(proef: Aanmeldproef) -> None:
    """Broken: the call of forget_old."""
    old, other = await proef.sign_in("boa-1"), await proef.sign_in("boa-2")
    proef.later(days=60, seconds=1)
    assert len(await proef.families("boa-1")) == 1
    await proef.sign_in("boa-1")
    assert [len(await proef.families(wie)) for wie in ("boa-1", "boa-2")] == [1, 1]
    for login in (old, other):
        assert slug(await proef.refresh(login)) == (400, "aanmelden-mislukt")


async def test_the_list_comes_in_pages(proef: Aanmeldproef) -> None:
    logins = [await proef.sign_in("boa-1") for _ in range(4)]
    whole = [each["id"] for each in (await listed(proef, bearer(logins[0])))["resultaten"]]
    first = await listed(proef, bearer(logins[0]), limit=3)
    rest = await listed(proef, bearer(logins[0]), limit=3, cursor=first["volgende"])
    assert [each["id"] for page in (first, rest) for each in page["resultaten"]] == whole
    assert len(whole) >= 4
    assert rest["volgende"] is None


async def test_one_login_is_ended_and_a_repeat_changes_nothing(proef: Aanmeldproef) -> None:
    phone, desk = await proef.on_phone("boa-1"), await proef.sign_in("boa-1")
    ident = (await proef.families("boa-1"))[0].id
    for _ in range(2):
        answer = await proef.wereld.http.delete(f"/aanmeldingen/{ident}", headers=bearer(desk))
        assert (answer.status_code, answer.content) == (204, b"")
        proef.later(seconds=1)
    assert await proef.me(bearer(phone)) == EINDE
    assert slug(await proef.refresh(phone)) == (400, "aanmelden-mislukt")
    assert await proef.me(bearer(desk)) == (200, "")
    ended = (await proef.families("boa-1"))[0].ingetrokken_op
    assert ended is not None
    assert (proef.nu - ended).total_seconds() == 2


async def test_the_client_signs_out_and_signs_in_again(proef: Aanmeldproef) -> None:
    inlog = Inlog("boa-1", WACHTWOORD, proef.wereld.mensen["boa-1"].toestel)
    async with Verbinding("http://127.0.0.1:8000", inlog, transport=ASGITransport(proef.wereld.http.app)) as phone:
        await phone.sign_out()
        assert (await phone.get("/ik"))["toestel"] == str(inlog.toestel)
        await phone.sign_out()
        assert [login.ingetrokken_op for login in await proef.families("boa-1")] == [proef.nu]
        assert (await phone.get("/ik"))["toestel"] == str(inlog.toestel)
    assert [login.ingetrokken_op for login in await proef.families("boa-1")] == [proef.nu, None]


async def test_nobody_ends_the_login_of_another(proef: Aanmeldproef) -> None:
    """It does not exist for him. Broken: `Aanmelding.functionaris == actor.functionaris` in end_own."""
    mine, other = await proef.on_phone("boa-1"), await proef.on_phone("boa-2")
    ident = (await proef.families("boa-2"))[0].id
    for wie in (bearer(mine), proef.wereld.headers("beheerder")):
        for sid in (ident, uuid4()):
            answer = await proef.wereld.http.delete(f"/aanmeldingen/{sid}", headers=wie)
            assert slug(answer) == (404, "niet-gevonden")
    assert await proef.me(bearer(other)) == (200, "")


async def test_all_other_logins_are_ended_at_once(proef: Aanmeldproef) -> None:
    others = [await proef.on_phone("boa-1"), await proef.sign_in("boa-1")]
    mine, colleague = await proef.sign_in("boa-1"), await proef.on_phone("boa-2")
    answer = await proef.wereld.http.delete("/aanmeldingen", headers=bearer(mine))
    assert answer.json()["aantal"] >= 2
    assert [await proef.me(bearer(login)) for login in others] == [EINDE] * 2
    assert [await proef.me(bearer(login)) for login in (mine, colleague)] == [(200, "")] * 2
    assert (await proef.wereld.http.delete("/aanmeldingen", headers=bearer(mine))).json() == {"aantal": 0}


async def test_whose_role_is_over_still_signs_out(proef: Aanmeldproef) -> None:
    login = await proef.on_phone("boa-1")
    pad = f"/roltoewijzingen/{proef.wereld.mensen['boa-1'].roltoewijzing}/beeindiging"
    await proef.wereld.make("beheerder", pad, {"inhoud": {"op": "2026-01-01T00:00:00+01:00"}})
    assert await proef.me(bearer(login)) == (403, "geen-recht")
    (ident,) = (each["id"] for each in (await listed(proef, bearer(login)))["resultaten"] if each["deze"])
    answer = await proef.wereld.http.delete(f"/aanmeldingen/{ident}", headers=bearer(login))
    assert answer.status_code == 204
    assert await proef.me(bearer(login)) == EINDE


async def test_all_logins_of_an_account_end_but_the_one_named(proef: Aanmeldproef) -> None:
    """What disabling an account and a new password call."""
    logins = [await proef.on_phone("boa-1"), await proef.sign_in("boa-1"), await proef.sign_in("boa-1")]
    keep = (await proef.families("boa-1"))[1].id
    async with proef.wereld.http.app.state.proces.sessionmaker.begin() as session:
        assert await end_logins(session, proef.accounts["boa-1"], proef.nu, behalve=keep) == 2
    assert [await proef.me(bearer(login)) for login in logins] == [EINDE, (200, ""), EINDE]
    async with proef.wereld.http.app.state.proces.sessionmaker.begin() as session:
        assert await end_logins(session, proef.accounts["boa-1"], proef.nu) == 1


# RFC 7009


@pytest.mark.parametrize("which", ["refresh_token", "access_token"])
@pytest.mark.parametrize("hint", ["refresh_token", "access_token", "urn:anders", None])
async def test_either_token_ends_its_login_whatever_the_hint(proef: Aanmeldproef, which: str, hint: str | None) -> None:
    """RFC 7009, 2.1 and 2.2: an unknown hint changes nothing."""
    login, other = await proef.on_phone("boa-1"), await proef.sign_in("boa-1")
    hints = {} if hint is None else {"token_type_hint": hint}
    for _ in range(2):
        answer = await proef.revoke(client_id="veldboek", token=login.json()[which], **hints)
        assert (answer.status_code, answer.content, answer.headers["cache-control"]) == (200, b"", "no-store")
    assert await proef.me(bearer(login)) == EINDE
    assert slug(await proef.refresh(login)) == (400, "aanmelden-mislukt")
    assert await proef.me(bearer(other)) == (200, "")


async def test_an_older_refresh_token_of_the_login_ends_it_too(proef: Aanmeldproef) -> None:
    first = await proef.on_phone("boa-1")
    newest = await proef.refresh(await proef.refresh(first))
    await proef.revoke(token=first.json()["refresh_token"])
    assert await proef.me(bearer(newest)) == EINDE


async def test_what_is_no_token_of_ours_gets_the_same_answer_and_ends_nothing(proef: Aanmeldproef) -> None:
    login = await proef.on_phone("boa-1")
    access, refresh = login.json()["access_token"], login.json()["refresh_token"]
    wrong = ["x", "é", refresh[:-1], refresh + "A", access[:-1], access.rpartition(".")[0] + ".", "." * 4000]
    for token in wrong:
        answer = await proef.revoke(token=token)
        assert (answer.status_code, answer.content) == (200, b"")
    assert await proef.me(bearer(login)) == (200, "")
    proef.later(minutes=6)
    assert (await proef.revoke(token=access)).status_code == 200
    assert (await proef.refresh(login)).status_code == 200, "a token that ran out ends nothing"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"token": ""}, "invalid_request"),
        ({"token": "geheim", "client_id": "anders"}, "invalid_client"),
    ],
)
async def test_a_revocation_that_is_refused(proef: Aanmeldproef, form: dict[str, str], error: str) -> None:
    answer = await proef.revoke(**form)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert "geheim" not in answer.text


async def test_signing_out_works_where_signing_in_with_a_password_is_off(proef: Aanmeldproef) -> None:
    login, settings = await proef.on_phone("boa-1"), proef.wereld.http.app.state.settings
    proef.wereld.http.app.state.settings = settings.model_copy(update={"auth_local": False})
    await proef.revoke(token=login.json()["refresh_token"])
    assert await proef.me(bearer(login)) == EINDE


# The clock


async def test_an_end_that_was_found_stays_when_the_clock_is_set_back(proef: Aanmeldproef) -> None:
    """Found by a refresh. Broken: the line that stores it in `_rotate`."""
    login = await proef.on_phone("boa-1")
    proef.later(hours=72, seconds=1)
    assert slug(await proef.refresh(login)) == (400, "aanmelden-mislukt")
    proef.later(hours=-2)
    assert slug(await proef.refresh(login)) == (400, "aanmelden-mislukt")


async def test_an_end_that_a_request_found_stays_too(proef: Aanmeldproef) -> None:
    """After thirty days, with an access token that is good. Broken: the call of note_end in authenticate."""
    login = await proef.on_phone("boa-1")
    for _ in range(14):
        proef.later(days=2)
        login = await proef.refresh(login)
    proef.later(days=1, hours=23, minutes=58)
    login = await proef.refresh(login)
    assert await proef.me(bearer(login)) == (200, "")
    proef.later(minutes=3)
    assert await proef.me(bearer(login)) == EINDE
    proef.later(minutes=-2)
    assert await proef.me(bearer(login)) == EINDE
    assert slug(await proef.refresh(login)) == (400, "aanmelden-mislukt")


async def test_a_clock_that_was_set_back_shortens_no_login(proef: Aanmeldproef) -> None:
    """Nor lengthens it: the last use never moves back. Broken: `max(…)` in `_rotate`."""
    login = await proef.on_phone("boa-1")
    proef.later(hours=10)
    login = await proef.refresh(login)
    proef.later(hours=-9)
    login = await proef.refresh(login)
    proef.later(hours=9 + 72)
    assert (await proef.refresh(login)).status_code == 200


async def test_whoever_looked_before_ends_no_login_that_was_used_since(proef: Aanmeldproef) -> None:
    """Broken: `has_ended(found, nu)` in note_end."""
    login = await proef.on_phone("boa-1")
    await note_end(proef.wereld.http.app.state.proces.sessionmaker, (await proef.families("boa-1"))[0].id, proef.nu)
    assert await proef.me(bearer(login)) == (200, "")


async def test_two_requests_at_the_very_end(proef: Aanmeldproef) -> None:
    """Whoever comes first decides for both: a login that was renewed is not ended by who looked before."""
    login = await proef.on_phone("boa-1")
    proef.later(hours=72)
    sid, sessies = (await proef.families("boa-1"))[0].id, proef.wereld.http.app.state.proces.sessionmaker
    async with sessies() as other:
        lock = text("SELECT FROM bedrijf.aanmelding WHERE id = :sid FOR UPDATE")
        await (await other.connection()).execute(lock, {"sid": sid})
        renewing = asyncio.create_task(proef.refresh(login))
        await asyncio.wait({renewing}, timeout=0.2)
        proef.later(seconds=1)
        late = asyncio.create_task(proef.refresh(login))
        await asyncio.wait({late}, timeout=0.2)
    assert [(await task).status_code for task in (renewing, late)] == [200, 200]
    proef.later(hours=72, seconds=1)
    answers = await asyncio.gather(*(proef.refresh(login) for _ in range(4)))
    assert [slug(answer) for answer in answers] == [(400, "aanmelden-mislukt")] * 4
    assert (await proef.families("boa-1"))[0].ingetrokken_op == proef.nu
