"""Staying signed in: tokens rotate, logins end."""

import asyncio
import base64
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text, update

from app.access.geheimen import Geheimen
from app.models.account import Aanmelding
from app.models.mensen import Roltoewijzing, Toestel
from app.services.toegang.aanmeldtokens import derive_successor
from app.services.toegang.pogingen import hash_name
from tests.hulp.oauth_proef import ALFABET, NU, ORGANISATIE, Wereld, lees, refused, server_url, sessies, toestel_rij, w

__all__ = ["server_url", "sessies", "w"]


async def test_tokens_rotate(w: Wereld) -> None:
    tokens = [await w.signed_in()]
    for _ in range(5):
        w.later(minutes=4)
        tokens.append(await w.refreshed(tokens[-1]))
    assert len(set(tokens)) == 6
    answer = await w.refresh(tokens[-1])
    toegang, family = w.read(answer), await w.family()
    assert (toegang.sid, toegang.functionaris, toegang.roltoewijzing) == (
        family.id,
        w.functionaris,
        w.hoeden["boa"],
    )
    assert answer.headers["cache-control"] == "no-store"
    assert (family.laatst_gebruikt_op, family.begonnen_op) == (w.nu, NU)


async def test_a_lost_response_is_no_loss(w: Wereld) -> None:
    """The previous token gives the same successor, however often, until that one is used."""
    eerste = await w.signed_in(toestel=w.toestel)
    tweede = await w.refreshed(eerste)
    for _ in range(3):
        w.later(hours=1)
        again = await w.refresh(eerste)
        assert again.json()["refresh_token"] == tweede
        assert w.read(again).toestel == w.toestel
    derde = await w.refreshed(tweede)
    assert await w.refreshed(tweede) == derde


async def test_an_older_token_ends_the_login(w: Wereld) -> None:
    eerste = await w.signed_in()
    tweede = await w.refreshed(eerste)
    derde = await w.refreshed(tweede)
    refused(await w.refresh(eerste), "invalid_grant")
    assert (await w.family()).ingetrokken_op == w.nu
    for token in (eerste, tweede, derde):
        refused(await w.refresh(token), "invalid_grant")


async def test_the_login_ends_for_one_family_only(w: Wereld) -> None:
    ander = await w.signed_in(toestel=w.toestel)
    eerste = await w.signed_in()
    await w.refreshed(await w.refreshed(eerste))
    refused(await w.refresh(eerste), "invalid_grant")
    await w.refreshed(ander)


async def test_an_invented_token_ends_nothing(w: Wereld) -> None:
    """Who knows the sid (it is in every access token) cannot end the login with it."""
    token = await w.signed_in()
    sid = (await w.family()).id
    other = "A" if token[30] != "A" else "B"
    invented = [
        token[:30] + other + token[31:],
        "x",
        "é",
        token + "=",
        token + "A",
        token[:-1],
        token[:-1] + "!",
    ]
    invented.append(token[:-1] + ALFABET[ALFABET.index(token[-1]) ^ 1])  # the same 64 bytes, spelled otherwise
    invented += [b64(sid.bytes + rest) for rest in (bytes(48), bytes(32), b"")]
    for wrong in invented:
        refused(await w.refresh(wrong), "invalid_grant")
    w.app.state.proces = replace(
        w.app.state.proces, geheimen=Geheimen(bos=w.app.state.proces.geheimen.bos, ververs=bytes(32))
    )
    refused(await w.refresh(token), "invalid_grant")
    w.app.state.proces = replace(
        w.app.state.proces, geheimen=Geheimen(bos=w.app.state.proces.geheimen.bos, ververs=bytes(range(32)))
    )
    await w.refreshed(token)


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


async def test_the_first_token_is_random_and_the_next_needs_the_secret(w: Wereld) -> None:
    """A token is sid, 32 secret bytes and a tag; who has one but not the secret cannot derive the next."""
    first, second = [base64.urlsafe_b64decode(await w.signed_in() + "==") for _ in range(2)]
    assert first[16:48] != second[16:48]
    sid, other = uuid4(), uuid4()
    derived = {derive_successor(*source, "x")[22:64] for source in ((b"a", sid), (b"b", sid), (b"a", other))}
    assert len(derived) == 3
    assert hash_name(b"a", "j.jansen") != hash_name(b"b", "j.jansen")


@pytest.mark.parametrize(("seconds", "good"), [(0, True), (1, False)])
async def test_idle_for_72_hours(w: Wereld, seconds: int, *, good: bool) -> None:
    token = await w.signed_in()
    w.later(hours=71)
    token = await w.refreshed(token)
    w.later(hours=72, seconds=seconds)
    answer = await w.refresh(token)
    assert answer.status_code == (200 if good else 400)


@pytest.mark.parametrize(("seconds", "good"), [(0, True), (1, False)])
async def test_30_days_at_most(w: Wereld, seconds: int, *, good: bool) -> None:
    token = await w.signed_in()
    for _ in range(14):
        w.later(days=2)
        token = await w.refreshed(token)
    w.later(days=2, seconds=seconds)
    answer = await w.refresh(token)
    assert answer.status_code == (200 if good else 400)
    if not good:
        refused(answer, "invalid_grant")


async def test_refreshing_at_the_same_moment(w: Wereld) -> None:
    token = await w.signed_in()
    for _ in range(4):
        answers = await asyncio.gather(*(w.refresh(token) for _ in range(8)))
        successors = {answer.json().get("refresh_token") for answer in answers}
        assert {answer.status_code for answer in answers} == {200}
        assert len(successors) == 1
        token = successors.pop()
    assert (await w.family()).ingetrokken_op is None


async def test_a_login_that_ends_during_the_refresh_gives_no_token(w: Wereld) -> None:
    """So the family is locked before it is judged: a slow request cannot turn back what a quick one did."""
    token = await w.signed_in()
    async with w.sessies() as other:
        await other.exec(update(Aanmelding).values(ingetrokken_op=NU))
        attempt = asyncio.create_task(w.refresh(token))
        done, _ = await asyncio.wait({attempt}, timeout=0.3)
        assert not done
        await other.commit()
    refused(await attempt, "invalid_grant")


async def test_an_ended_hat_does_not_end_the_login(w: Wereld) -> None:
    """What was recorded must still reach the ledger; what this hat may do is judged per request."""
    token = await w.signed_in()
    await w.change(update(Roltoewijzing).values(tot=NU))
    refused(await w.sign_in(roltoewijzing=w.hoeden["boa"]), "invalid_grant")
    answer = await w.refresh(token)
    assert w.read(answer).roltoewijzing == w.hoeden["boa"]


async def test_a_revoked_device_gets_no_token_and_uses_none(w: Wereld) -> None:
    token = await w.signed_in(toestel=w.toestel)
    await w.change(update(Toestel).values(ingetrokken=True))
    refused(await w.refresh(token), "invalid_grant", status=403)
    await w.change(update(Toestel).values(ingetrokken=False))
    await w.refreshed(await w.refreshed(token))


async def test_a_login_of_another_kind_of_role_is_not_renewed(w: Wereld) -> None:
    """It can be there from before an update. It goes on once the device was approved for that role.

    Broken: the call of judge_role in _rotate.
    """
    token, jurist = await w.signed_in(toestel=w.toestel), await w.give_hat("jurist")
    await w.change(update(Aanmelding).values(roltoewijzing=jurist))
    answer = await w.refresh(token)
    refused(answer, "invalid_grant", status=403)
    assert answer.json()["type"].endswith("toestel-andere-rol")
    await w.change(update(Aanmelding).values(roltoewijzing=w.hoeden["regisseur"]))
    await w.refreshed(token)


async def test_while_the_read_models_are_away_nothing_is_lost(w: Wereld) -> None:
    token = await w.signed_in(toestel=w.toestel)
    await w.change(text("TRUNCATE lees.toestel, lees.roltoewijzing"))
    assert (await w.refresh(token)).status_code == 503
    async with w.sessies.begin() as session:
        session.add(toestel_rij(w))
    assert (await w.refresh(token)).status_code == 503, "the role is not there yet"
    async with w.sessies.begin() as session:
        rij = lees(w.hoeden["boa"], w.functionaris)
        session.add(Roltoewijzing(**rij, rol="boa", organisatie=ORGANISATIE, gemeenten=["0243"], van=NU))
    await w.refreshed(token)
