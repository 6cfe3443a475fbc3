"""`kill -9` in the bench: what was lost is counted of what was acknowledged, and of nothing else."""

from typing import Any

import orjson
import pytest

from bench.peers.line import Answer
from bench.peers.recover import only_acknowledged
from bench.peers.veldboek import count_missing


def answer(*statuses: str, status: int = 200) -> Answer:
    results = [{"status": each, "pos": at} for at, each in enumerate(statuses, start=1)]
    return Answer(status, {}, orjson.dumps({"resultaten": results}), 0)


def ops(*names: str) -> list[Any]:
    return [{"opId": name} for name in names]


GONE = Answer(503, {}, b'{"type":"/problemen/tijdelijk-niet-beschikbaar"}', 0)


def test_only_what_was_vouched_for_is_looked_for() -> None:
    """Broken once: every batch with an answer counted, also the 503 between the two kills: "lost", never promised."""
    done = [[ops("a", "b"), ops("c", "d"), ops("e")], [ops("f"), ops("g")]]
    answers = [[answer("accepted", "accepted"), answer("accepted", "quarantined"), GONE], [GONE, GONE]]
    assert only_acknowledged(done, answers) == [[ops("a", "b"), ops("c")], []]


def test_whatever_is_no_duplicate_was_lost() -> None:
    """The negative control. Broken: `== "accepted"`, and what comes back as a conflict is not missed."""
    assert count_missing(ops("a", "b"), answer("duplicate", "duplicate")) == 0
    assert count_missing(ops("a", "b", "c"), answer("duplicate", "accepted", "quarantined")) == 2


def test_what_was_not_judged_is_no_proof() -> None:
    with pytest.raises(RuntimeError, match="503"):
        count_missing(ops("a"), GONE)
    with pytest.raises(RuntimeError, match="not every"):
        count_missing(ops("a", "b"), answer("duplicate"))
