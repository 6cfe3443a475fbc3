"""What goes over the wire is what openapi.yaml declares, for every role, with nothing extra.

Every answer of every test is held so (tests/hulp/antwoorden.py); here what devices get, on purpose, with all there is
in it.
"""

import json
from typing import Any
from uuid import uuid4

import pytest
from pydantic import TypeAdapter

from app.routers.antwoorden import RXDB, PullUit, Snapshotregel
from app.services.sync.collecties import COLLECTIES, LIJSTEN
from tests.hulp.antwoorden import Houder, hold
from tests.hulp.keten import HARDERWIJK, build_keten
from tests.hulp.sync_proef import accepted, correctie, doorhaling, melding
from tests.hulp.wereld import MENSEN, Wereld

REGEL: TypeAdapter[Any] = TypeAdapter(Snapshotregel)


async def pages_of(wereld: Wereld, wie: str) -> list[dict[str, Any]]:
    """Everything that a device of this persona is told, over each way down; all of it held."""
    changes, _ = await wereld.pull(wie, limit=3)
    answer = await wereld.get(wie, "/sync/snapshot")
    lines = answer.content.splitlines()
    for line in lines:
        hold(REGEL, line)
    assert len(lines) > 1
    for naam in RXDB:
        assert (await wereld.get(wie, f"/sync/rxdb/{naam}/pull", limit=1000)).status_code == 200
    tables = (await wereld.get(wie, "/sync/watermelon/pull")).json()["changes"]
    assert tables.keys() == {*COLLECTIES, "registraties"}
    return changes


@pytest.mark.parametrize("wie", MENSEN)
async def test_every_way_down_is_as_declared(wereld: Wereld, wie: str) -> None:
    """A correction, a branch, a strike and what somebody lost are among it. Broken: `rev` a word in `read_changes`."""
    await build_keten(wereld)
    op = melding(wereld, "boa-1", inhoud={"tekst": "een"})
    twee, drie = (correctie(wereld, "boa-1", op, basis=op, tekst=tekst) for tekst in ("twee", "drie"))
    gone = melding(wereld, "boa-1")
    await accepted(wereld, "boa-1", op, gone)
    assert [r["status"] for r in await wereld.push("boa-1", twee, drie)] == ["accepted", "conflict"]
    _, cursor = await wereld.pull(wie)
    await accepted(wereld, "boa-1", doorhaling(wereld, "boa-1", gone, "signaal"))
    later, _ = await wereld.pull(wie, cursor)
    changes = await pages_of(wereld, wie)
    assert changes
    if wie == "boa-1":
        assert [c["op"] for c in later] == ["revoke"]
        assert {c["collectie"] for c in changes} >= {"signalen", "controles", "locaties", "maatregelen", "naslag"}
        (signaal,) = [c["doc"] for c in changes if c["id"] == op["onderwerp"]["signaal"]]
        assert signaal["verschillen"][0]["inhoud"]["tekst"] == "drie"
    if wie == "regisseur-1":
        kinds = {"functionaris", "organisatie", "grondslagbijzonder"}
        assert {c["doc"]["naslag"] for c in changes if c["collectie"] == "naslag"} == kinds


async def test_every_list_and_count_is_held_too(wereld: Wereld) -> None:
    await build_keten(wereld)
    toets = wereld.http.event_hooks["response"][0]
    assert isinstance(toets, Houder)
    before = toets.found
    counts = (await wereld.get("regisseur-1", "/aantallen")).json()
    assert "accounts" not in counts, "what a role does not see, is not in it"
    paden = {each.model.collectie: each.pad for each in LIJSTEN}
    for naam in counts:
        listed = (await wereld.get("regisseur-1", f"/{paden[naam]}", limit=200)).json()["resultaten"]
        assert len(listed) == counts[naam]
    assert toets.found == before + 1 + len(counts)
    assert counts.keys() >= {"signalen", "controles", "locaties"}


PAGE = {"cursor": "x", "head": 1, "meer": False, "deviceAck": {"contiguousThrough": 0, "missing": []}}
GOOD = {
    "pos": 1,
    "collectie": "attenderingen",
    "id": str(uuid4()),
    "op": "upsert",
    "rev": 1,
    "doc": {
        "id": str(uuid4()),
        "controle": str(uuid4()),
        "gemeente": HARDERWIJK,
        "status": "gestart",
        "aangemaakt": "planning",
        "gezienDoor": [],
    },
    "gemaskeerd": [],
}
WRONG: dict[str, dict[str, Any]] = {
    "a field that no class has": {"doc": GOOD["doc"] | {"telefoon": "06"}},  # type: ignore[operator]
    "a document of another collection": {"collectie": "signalen"},
    "content in a revoke": {"op": "revoke"},
    "a kind of change that there is not": {"op": "delete"},
    "no revision": {"rev": None},
    "a collection that does not travel": {"collectie": "accounts"},
    "something beside it": {"scope": "gebied:GM0243"},
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_a_page_that_is_not_as_declared_is_seen(change: dict[str, Any]) -> None:
    """Negative control: what of it would go unseen by whoever made his types of openapi.yaml."""
    shape: TypeAdapter[Any] = TypeAdapter(PullUit)
    hold(shape, json.dumps(PAGE | {"wijzigingen": [GOOD]}).encode())
    with pytest.raises(AssertionError):
        hold(shape, json.dumps(PAGE | {"wijzigingen": [GOOD | change]}).encode())
