"""The device against a scripted server: what is hard to provoke from a real one. The demo plays the real one."""

import gzip
import json
import sqlite3
from collections import Counter
from datetime import UTC, datetime
from itertools import count
from uuid import uuid4

import httpx
import pytest

from veldboek_client.opslag import Opslag
from veldboek_client.storing import Storing
from veldboek_client.toestel import Correctie, Toestel
from veldboek_client.verbinding import ApiProbleem, Inlog, Verbinding

NU = datetime(2026, 8, 19, 21, 10, tzinfo=UTC)
ARRIVED = frozenset({"accepted", "duplicate", "conflict", "quarantined", "rejected"})


def problem(status, slug, **headers):
    return httpx.Response(status, json={"type": f"/problemen/{slug}", "detail": "…"}, headers=headers)


def result(op_id, status="accepted", *, code=None, eerste=None, wissen=False):
    pos = 7 if status == "accepted" else None
    return {"opId": op_id, "status": status, "code": code, "pos": pos, "eerste": eerste, "wissen": wissen}


def page(*changes, cursor="c1", meer=False):
    return {"wijzigingen": list(changes), "cursor": cursor, "meer": meer}


def upsert(ident, collectie="controles"):
    return {"collectie": collectie, "id": ident, "op": "upsert", "rev": 1, "doc": {"id": ident}}


def revoke(ident, collectie="controles"):
    return {"collectie": collectie, "id": ident, "op": "revoke"}


def as_lines(page):
    end = {"cursor": page["cursor"], "compleet": not page["meer"]}
    lines = [json.dumps(line) for line in (*page["wijzigingen"], end)]
    return httpx.Response(200, text="\n".join(lines) + "\n", headers={"Content-Type": "application/x-ndjson"})


class Server:
    """Answers as it is told; knows every op id it accepted, as the real one does."""

    def __init__(self):
        self.epoch, self.limits = "e1", {"maxOps": 100, "maxBytes": 2_097_152}
        self.tokens, self.token_answers = Counter(), []
        self.answers = {"handshake": [], "push": [], "pull": []}
        self.verdicts, self.batches, self.cursors, self.known, self.arrived = {}, [], [], set(), set()

    async def __call__(self, request):
        part = request.url.path.rpartition("/")[2]
        if part == "snapshot":
            answer = await self.answer(request, "pull")
            return as_lines(answer.json()) if answer.is_success else answer
        return await self.answer(request, part)

    async def answer(self, request, part):
        if part == "token":
            form = dict(httpx.QueryParams(request.content.decode()))
            self.tokens[form["grant_type"]] += 1
            if self.token_answers:
                return self.token_answers.pop(0)
            return httpx.Response(200, json={"access_token": "a", "refresh_token": "r"})
        if self.answers[part]:
            answer = self.answers[part].pop(0)
            if isinstance(answer, httpx.Response):
                return answer
            if part == "pull":
                self.cursors.append(request.url.params.get("cursor"))
            return httpx.Response(200, json=answer)
        return getattr(self, part)(request)

    def handshake(self, _request):
        told = {"limits": self.limits, "epoch": self.epoch, "orders": [], "opdrachtsleutel": {}, "origin": "o"}
        through = next(n for n in count() if n + 1 not in self.arrived)
        missing = [n for n in range(through + 1, max(self.arrived, default=0)) if n not in self.arrived]
        return httpx.Response(200, json=told | {"deviceAck": {"contiguousThrough": through, "missing": missing}})

    def push(self, request):
        assert request.headers["content-encoding"] == "gzip"
        ops = json.loads(gzip.decompress(request.content))["ops"]
        self.batches.append([op["deviceSeq"] for op in ops])
        results = [self.judge(op) for op in ops]
        self.arrived |= {op["deviceSeq"] for op, r in zip(ops, results, strict=True) if r["status"] in ARRIVED}
        return httpx.Response(200, json={"resultaten": results})

    def judge(self, op):
        if op["opId"] in self.known:
            return result(op["opId"], "duplicate", eerste=result(op["opId"]))
        if verdict := self.verdicts.pop(op["deviceSeq"], None):
            return result(op["opId"], *verdict[:1], code=verdict[1])
        self.known.add(op["opId"])
        return result(op["opId"], wissen=op["soort"].startswith("mensenhandelsignaal"))

    def pull(self, request):
        self.cursors.append(request.url.params.get("cursor"))
        return httpx.Response(200, json=page())


class Proef:
    def __init__(self):
        self.server, self.waited = Server(), []
        self.storing = Storing(httpx.MockTransport(self.server))

        async def sleep(seconds):
            self.waited.append(seconds)

        inlog = Inlog("boa-1", "wachtwoord", uuid4())
        self.verbinding = Verbinding("http://veldboek", inlog, transport=self.storing, slaap=sleep)
        self.toestel = Toestel(self.verbinding, klok=lambda: NU)

    def record(self, count=1, soort="persoon.aangetroffen", **inhoud):
        for _ in range(count):
            self.toestel.record(soort, {"controle": uuid4()}, {"rol": "klant", **inhoud}, waargenomen_op=NU)

    @property
    def outcomes(self):
        return [(u.staat, u.status, u.code) for u in self.toestel.opslag.outcomes()]


@pytest.fixture
async def proef():
    made = Proef()
    async with made.verbinding:
        yield made
    made.toestel.opslag.close()


async def test_what_was_recorded_offline_is_sent_once(proef):
    proef.record(3)
    assert await proef.toestel.sync() == {"accepted": 3}
    assert await proef.toestel.sync() == {}
    assert proef.server.batches == [[1, 2, 3]]


async def test_a_connection_cut_after_the_commit_costs_nothing(proef):
    proef.record(2)
    proef.storing.cut_after_commit("/v1/sync/push")
    with pytest.raises(httpx.ReadError):
        await proef.toestel.sync()
    assert len(proef.toestel.opslag.waiting()) == 2
    assert await proef.toestel.sync() == {"duplicate": 2}
    assert proef.outcomes == [("verstuurd", "accepted", None)] * 2


async def test_a_push_that_arrives_twice_counts_once(proef):
    proef.record(2)
    proef.storing.send_twice("/v1/sync/push")
    assert await proef.toestel.sync() == {"duplicate": 2}
    assert len(proef.server.known) == 2


@pytest.mark.parametrize(
    ("status", "code", "staat", "batches"),
    [
        ("conflict", "basis_gewijzigd", "verstuurd", 1),
        ("quarantined", "recht_ontbreekt", "verstuurd", 1),
        ("rejected", "te_groot", "geweigerd", 1),
        ("deferred", "voorganger_ontbreekt", "wacht", 2),
        ("wat_nieuws", None, "wacht", 2),
    ],
)
async def test_each_status_is_handled_as_the_protocol_says(proef, status, code, staat, batches):
    proef.record()
    proef.server.verdicts[1] = (status, code)
    await proef.toestel.sync()
    assert proef.outcomes == [(staat, status, code)]
    await proef.toestel.sync()
    assert len(proef.server.batches) == batches
    assert len(proef.toestel.opslag.outcomes()) == 1


async def test_what_the_writer_may_not_read_is_erased(proef):
    proef.record(soort="mensenhandelsignaal.vastgelegd")
    proef.record()
    await proef.toestel.sync()
    proef.toestel.opslag.send_again()
    assert [each.seq for each in proef.toestel.opslag.waiting()] == [2]


async def test_whoever_only_pushes_also_notices_that_the_ledger_went_back(proef):
    """Found by the storm (seed 24): sent before any handshake, so no epoch was known that could change. Broken: the
    handshake that `push` begins with."""
    proef.record(2)
    await proef.toestel.push()
    proef.server.epoch, proef.server.known = "e2", set()
    assert await proef.toestel.sync() == {"accepted": 2}


async def test_a_refusal_is_heard_again_by_a_ledger_that_went_back(proef):
    """Found by the storm (seed 23): a refusal counts as received, and the restored ledger missed its number for ever.
    Broken: `send_again` offering only what was sent."""
    proef.record(2)
    proef.server.verdicts[1] = ("rejected", "te_groot")
    await proef.toestel.sync()
    proef.server.epoch = "e2"
    proef.server.verdicts[1] = ("rejected", "te_groot")
    assert await proef.toestel.sync() == {"rejected": 1, "duplicate": 1}
    assert proef.outcomes[0] == ("geweigerd", "rejected", "te_groot")


@pytest.mark.parametrize(
    ("arrived", "again"),
    [(set(), {1, 2, 4}), ({1}, {1, 2, 4}), ({1, 4}, {1, 2, 4}), ({1, 2, 4}, set()), ({1, 2, 3, 4}, set())],
)
async def test_what_was_answered_and_did_not_arrive_after_all_is_offered_again(proef, arrived, again):
    """An older copy was put back in the same epoch. What was erased here (3) cannot be, and does not keep asking.

    Broken once each: both halves of the condition in `misses`, that condition, `op IS NOT NULL` there.
    """
    proef.record(2)
    proef.record(soort="mensenhandelsignaal.vastgelegd")
    proef.record()
    await proef.toestel.sync()
    proef.server.arrived = arrived
    await proef.toestel.sync()
    assert {seq for batch in proef.server.batches[1:] for seq in batch} == again
    many = len(proef.server.batches)
    await proef.toestel.sync()
    assert len(proef.server.batches) == many


async def test_a_correction_names_what_it_replaces(proef):
    original, basis = uuid4(), uuid4()
    correctie = Correctie(original, basis, "verkeerd getypt")
    proef.toestel.record("bevinding.vastgelegd", {}, {"code": "drugs"}, waargenomen_op=NU, correctie=correctie)
    (waiting,) = proef.toestel.opslag.waiting()
    op = json.loads(waiting.op)
    assert (op["corrigeert"], op["basis"], op["reden"]) == (str(original), str(basis), "verkeerd getypt")


async def test_the_bytes_never_change(proef):
    proef.record(tekst="één")
    first = proef.toestel.opslag.waiting()
    proef.server.verdicts[1] = ("deferred", "voorganger_ontbreekt")
    await proef.toestel.sync()
    assert proef.toestel.opslag.waiting() == first


async def test_batches_keep_to_the_limits_and_may_go_backwards(proef):
    proef.server.limits = {"maxOps": 4, "maxBytes": 2_097_152}
    proef.record(9)
    await proef.toestel.shake_hands()
    await proef.toestel.push(achterstevoren=True)
    assert proef.server.batches == [[9], [5, 6, 7, 8], [1, 2, 3, 4]]


async def test_batches_keep_to_the_limit_in_bytes(proef):
    proef.record(8, tekst="x" * 1000)
    proef.server.limits = {"maxOps": 100, "maxBytes": 5000}
    await proef.toestel.sync()
    assert len(proef.server.batches) > 1
    assert [seq for batch in proef.server.batches for seq in batch] == [*range(1, 9)]


async def test_one_that_is_too_large_for_any_request_blocks_no_other(proef):
    proef.record(4)
    proef.server.answers["push"] = [problem(413, "te-groot"), problem(413, "te-groot"), problem(413, "te-groot")]
    assert await proef.toestel.sync() == {"accepted": 3, "rejected": 1}
    assert proef.outcomes[0] == ("geweigerd", "rejected", "te_groot")
    assert proef.toestel.opslag.waiting() == []


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


async def test_a_snapshot_that_ends_too_early_is_gone_on_with(proef):
    proef.server.answers["pull"] = [page(upsert("a"), cursor="c1", meer=True), page(upsert("b"), cursor="c2")]
    await proef.toestel.sync()
    assert [*proef.toestel.opslag.documents("controles")] == ["a", "b"]
    assert proef.server.cursors == [None, "c1"]


async def test_documents_come_and_go(proef):
    proef.server.answers["pull"] = [
        page(upsert("a"), upsert("b"), cursor="c1", meer=True),
        page(upsert("c"), cursor="c2"),
        page(revoke("a"), cursor="c3"),
    ]
    await proef.toestel.sync()
    assert [*proef.toestel.opslag.documents("controles")] == ["a", "b", "c"]
    await proef.toestel.sync()
    assert [*proef.toestel.opslag.documents("controles")] == ["b", "c"]
    assert proef.server.cursors == [None, "c1", "c2"]


async def test_when_rights_changed_the_unlisted_is_dropped_but_not_before_all_came(proef):
    proef.server.answers["pull"] = [page(upsert("a"), upsert("b"))]
    await proef.toestel.sync()
    proef.record()
    proef.server.answers["pull"] = [
        problem(410, "cursor-verlopen"),
        page(upsert("b"), cursor="d1", meer=True),
        problem(500, "interne-fout"),
    ]
    with pytest.raises(ApiProbleem):
        await proef.toestel.sync()
    assert proef.server.batches == [[1]]
    assert [*proef.toestel.opslag.documents("controles")] == ["a", "b"]
    proef.server.answers["pull"] = [page(upsert("c"), cursor="d2")]
    await proef.toestel.sync()
    assert [*proef.toestel.opslag.documents("controles")] == ["b", "c"]
    assert proef.server.cursors == [None, None, "d1"]


async def test_a_restored_ledger_is_offered_everything_again_before_anything_is_dropped(proef):
    proef.server.answers["pull"] = [page(upsert("a"))]
    proef.record(2)
    await proef.toestel.sync()
    proef.server.epoch = "e2"
    proef.server.known.clear()
    assert await proef.toestel.sync() == {"accepted": 2}
    assert proef.server.batches == [[1, 2], [1, 2]]
    assert proef.server.cursors == [None, None]
    assert not proef.toestel.opslag.documents("controles")


async def test_an_epoch_that_changes_between_handshake_and_pull(proef):
    proef.record()
    await proef.toestel.sync()

    def restore(_request):
        proef.server.epoch = "e2"
        proef.server.known.clear()
        del proef.server.pull
        return problem(409, "epoch-gewijzigd")

    proef.server.pull = restore
    assert await proef.toestel.sync() == {"accepted": 1}
    assert proef.server.cursors == [None, None]


async def test_a_cursor_of_before_a_restore_is_let_go_whatever_epoch_is_known(proef):
    """A device that had only pulled knows no epoch. Found by the storm; broken once: `_begin_anew` after the 409."""
    proef.server.answers["pull"] = [page(upsert("a"))]
    await proef.toestel.pull()
    proef.server.answers["pull"] = [problem(409, "epoch-gewijzigd"), page(upsert("b"))]
    await proef.toestel.sync()
    assert [*proef.toestel.opslag.documents("controles")] == ["b"]
    assert proef.server.cursors == [None, None]


async def test_a_server_that_never_settles_is_left_for_later(proef):
    proef.server.answers["pull"] = [problem(409, "epoch-gewijzigd")] * 20
    with pytest.raises(ApiProbleem):
        await proef.toestel.sync()
    proef.server.answers["pull"] = [problem(410, "cursor-verlopen")] * 20
    with pytest.raises(ApiProbleem):
        await proef.toestel.sync()


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


def test_the_outbox_survives_and_is_for_its_owner_only(tmp_path):
    path = tmp_path / "toestel.db"
    op_id = uuid4()
    opslag = Opslag(path)
    opslag.put(op_id, lambda seq, _: (b"%d" % seq, None))
    opslag.set("cursor", "c1")
    opslag.close()
    assert path.stat().st_mode & 0o777 == 0o600
    again = Opslag(path)
    assert [tuple(each) for each in again.waiting()] == [(1, b"1")]
    assert again.get("cursor") == "c1"
    with pytest.raises(sqlite3.IntegrityError):
        again.put(op_id, lambda seq, _: (b"%d" % seq, None))
    again.put(uuid4(), lambda seq, _: (b"%d" % seq, None))
    assert again.last_seq == 2
    again.close()
