"""What is in quarantine: how it gets there, who decides on it, and that a rebuild gives the same again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx import Response

from app.postgres import Server
from app.registraties.register import ACTEN
from tests.hulp.herbouw import dump, rebuild
from tests.hulp.sync_proef import (
    head,
    melding,
    verdict,
)
from tests.hulp.wereld import Wereld

REASON = {"X-Audit-Toelichting": "Nagaan of dit alsnog kan gelden"}


def break_judging(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of ours in one act, as a release may hold."""

    def wrong(*_: Any) -> None:
        raise KeyError("een fout van ons")

    monkeypatch.setitem(ACTEN, "signaal.gemeld", replace(ACTEN["signaal.gemeld"], guard=wrong))


async def held(wereld: Wereld, wie: str, op: Any, code: str) -> dict[str, Any]:
    """Push one that is quarantined; its result."""
    (result,) = await wereld.push(wie, op)
    assert verdict(result) == ("quarantined", code), result
    return result


async def decide(wereld: Wereld, ident: Any, besluit: str = "aanvaard", wie: str = "regisseur-1") -> Response:
    inhoud = {"besluit": besluit, "reden": "nagevraagd bij de schrijver"}
    return await wereld.post(wie, f"/quarantaine/{ident}/beoordeling", {"inhoud": inhoud})


async def take_in(wereld: Wereld, op: Any, wie: str = "regisseur-1") -> None:
    answer = await decide(wereld, op["opId"], wie=wie)
    assert answer.status_code == 201, answer.text


async def refused(wereld: Wereld, ident: Any, wie: str = "regisseur-1") -> str:
    """Taking it in is a 409 that stores nothing; what it says."""
    before = await head(wereld)
    answer = await decide(wereld, ident, wie=wie)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problemen/regel-geschonden"), answer.text
    assert await head(wereld) == before
    return str(answer.json()["detail"])


async def listed(wereld: Wereld, wie: str = "regisseur-1", **filters: str) -> dict[str, dict[str, Any]]:
    answer = await wereld.get(wie, "/quarantaine", limit=200, **filters)
    assert answer.status_code == 200, answer.text
    return {doc["id"]: doc for doc in answer.json()["resultaten"]}


async def receipt(wereld: Wereld, wie: str, ident: str) -> dict[str, Any]:
    """What travels to the writer's device."""
    changes, _ = await wereld.pull(wie, collecties="ontvangsten")
    return next(change["doc"] for change in changes if change["id"] == ident)


async def the_same_again(wereld: Wereld, database: Server) -> None:
    live = await dump(database)
    assert await rebuild(database) == await head(wereld)
    assert await dump(database) == live


async def end_role(wereld: Wereld, wie: str) -> None:
    pad = f"/roltoewijzingen/{wereld.mensen[wie].roltoewijzing}/beeindiging"
    before = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    await wereld.make("beheerder", pad, {"inhoud": {"op": before}})


async def elsewhere(wereld: Wereld, wie: str = "boa-1", **inhoud: Any) -> Any:
    """A signaal in a municipality that is not the writer's: kept, for want of a right."""
    op = melding(wereld, wie, inhoud={"gemeente": "GM0233", **inhoud})
    await held(wereld, wie, op, "recht_ontbreekt")
    return op
