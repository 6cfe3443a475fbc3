"""The connection of a device to a scripted server: logins that run out, waiting as told, and stopping without loss."""

from uuid import uuid4

import httpx
import pytest

from tests.hulp.speelserver import NU, problem, proef
from veldboek_client.storing import Storing
from veldboek_client.verbinding import ApiProbleem, Inlog, Verbinding

__all__ = ["proef"]


async def test_a_captive_portal_is_no_answer_and_nothing_is_lost(proef):
    """Fault 35: 200 with a page to log in on. Broken once: the content type was not looked at."""
    portal = httpx.Response(200, text="<html>Welkom op de wifi</html>", headers={"Content-Type": "text/html"})
    proef.record()
    proef.server.answers["push"] = [portal]
    with pytest.raises(ApiProbleem, match="onleesbaar-antwoord"):
        await proef.toestel.sync()
    proef.server.answers["pull"] = [problem(500, "interne-fout")]
    assert len(proef.toestel.opslag.waiting()) == 1
    with pytest.raises(ApiProbleem, match="interne-fout"):
        await proef.toestel.sync()
    assert proef.outcomes == [("verstuurd", "accepted", None)]


async def test_a_token_that_ran_out_is_renewed_without_a_password(proef):
    await proef.toestel.sync()
    proef.server.answers["pull"] = [problem(401, "token-verlopen")]
    await proef.toestel.sync()
    assert proef.server.tokens == {"password": 1, "refresh_token": 1}


async def test_a_lost_answer_to_a_renewal_is_asked_for_again(proef):
    await proef.toestel.sync()
    proef.server.answers["pull"] = [problem(401, "token-verlopen")]
    proef.storing.cut_after_commit("/v1/oauth/token")
    await proef.toestel.sync()
    assert proef.server.tokens == {"password": 1, "refresh_token": 2}


async def test_a_login_outlives_a_server_that_could_not_renew_it(proef):
    """Whose role has ended can sign in no more, but still deliver by his login. Found by the storm.

    Broken once: `_renew` in `_enter` (it signed in with the password).
    """
    await proef.toestel.sync()
    proef.record()
    proef.server.answers["handshake"] = [problem(401, "token-verlopen")]
    proef.server.token_answers = [problem(503, "tijdelijk-niet-beschikbaar", **{"Retry-After": "900"})]
    with pytest.raises(ApiProbleem, match="tijdelijk-niet-beschikbaar"):
        await proef.toestel.sync()
    assert await proef.toestel.sync() == {"accepted": 1}
    assert proef.server.tokens == {"password": 1, "refresh_token": 2}


@pytest.mark.parametrize("slug", ["token-verlopen", "niet-aangemeld"])
async def test_a_login_that_ended_is_begun_again(proef, slug):
    await proef.toestel.sync()
    proef.server.answers["pull"] = [problem(401, slug)]
    proef.server.token_answers = [problem(400, "aanmelden-mislukt")] if slug == "token-verlopen" else []
    await proef.toestel.sync()
    assert proef.server.tokens["password"] == 2


async def test_waits_as_long_as_it_is_told_and_no_longer(proef):
    proef.record()
    proef.server.answers["push"] = [
        problem(503, "tijdelijk-niet-beschikbaar", **{"Retry-After": "3"}),
        problem(429, "te-veel-verzoeken", **{"Retry-After": "5"}),
    ]
    assert await proef.toestel.sync() == {"accepted": 1}
    assert proef.waited == [3.0, 5.0]


@pytest.mark.parametrize(
    ("answers", "waited"),
    [
        ([problem(503, "x", **{"Retry-After": "900"})], []),
        ([httpx.Response(502, text="<html>")], []),
        ([problem(403, "toestel-ingetrokken")], []),
        ([problem(503, "x")] * 9, [1.0] * 4),
    ],
)
async def test_otherwise_it_stops_and_keeps_everything(proef, answers, waited):
    proef.record()
    proef.server.answers["push"] = answers
    with pytest.raises(ApiProbleem):
        await proef.toestel.sync()
    assert proef.waited == waited
    assert len(proef.toestel.opslag.waiting()) == 1


async def test_online_a_cut_connection_is_asked_again_under_the_same_key():
    keys = []

    def answer(request):
        if request.url.path.endswith("token"):
            return httpx.Response(200, json={"access_token": "a", "refresh_token": "r"})
        keys.append((request.headers["idempotency-key"], request.content))
        return httpx.Response(201, json={"status": "accepted"})

    storing = Storing(httpx.MockTransport(answer))
    storing.cut_after_commit("/v1/maatregelen")
    async with Verbinding("http://veldboek", Inlog("jurist-1", "wachtwoord"), transport=storing) as desk:
        await desk.record("/maatregelen", NU, {}, {"maatregel": uuid4()})
    assert len(keys) == 2
    assert keys[0] == keys[1]
