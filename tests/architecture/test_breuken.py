"""The gate: what breaks a client made of the contract of the last release is named, with a reason, or does not land."""

import copy
import lzma
from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.main import create_app
from app.openapi.__main__ import plain_settings
from tests.hulp.breuken import breaks

Part = dict[str, Any]
UITGAVEN = Path(__file__).parents[2] / "docs" / "uitgaven"
LIJST = yaml.safe_load((UITGAVEN / "breuken.yaml").read_text(encoding="utf-8"))


@cache
def document() -> Part:
    return create_app(plain_settings()).openapi()


@cache
def since() -> list[str]:
    packed = (UITGAVEN / LIJST["sinds"] / "openapi.yaml.xz").read_bytes()
    return breaks(yaml.load(lzma.decompress(packed), yaml.CSafeLoader), document())


def test_every_break_with_the_last_release_is_named() -> None:
    """Broken: any row of breuken.yaml away; a field of any payload made required."""
    rows = [row["breuk"] for row in LIJST["breuken"]]
    assert [found for found in since() if not any(fnmatchcase(found, row) for row in rows)] == []
    assert [row for row in rows if not any(fnmatchcase(found, row) for found in since())] == [], "breaks nothing"
    assert all(len(row["reden"]) >= len("The same.") for row in LIJST["breuken"])


def test_the_last_release_is_the_newest_that_is_kept() -> None:
    kept = [folder.name for folder in UITGAVEN.iterdir() if folder.is_dir()]
    assert max(kept, key=lambda name: [int(part) for part in name.split(".")]) == LIJST["sinds"]


def of(d: Part, path: str, method: str = "get") -> Part:
    found: Part = d["paths"][path][method]
    return found


def schema(d: Part, name: str) -> Part:
    found: Part = d["components"]["schemas"][name]
    return found


BROKEN: dict[str, Callable[[Part], Any]] = {
    "GET /controles: is gone": lambda d: d["paths"]["/controles"].pop("get"),
    "GET /ik operationId: was ik.get": lambda d: of(d, "/ik").update(operationId="ik.read"),
    "GET /cijfers query van: is gone": lambda d: of(d, "/cijfers").update(
        parameters=[p for p in of(d, "/cijfers")["parameters"] if not p["$ref"].endswith("/Van")]
    ),
    "GET /ik query wie: is required": lambda d: of(d, "/ik").update(
        parameters=[{"name": "wie", "in": "query", "required": True, "schema": {"type": "string"}}]
    ),
    "POST /signalen body.inhoud.tekst: is required": lambda d: schema(d, "SignaalGemeld")["required"].append("tekst"),
    "POST /signalen body.inhoud.buurtcode: is gone": lambda d: schema(d, "SignaalGemeld")["properties"].pop(
        "buurtcode"
    ),
    "POST /signalen body.inhoud.triagetekst: maxLength is 100": lambda d: schema(d, "SignaalGemeld")["properties"][
        "triagetekst"
    ].update(maxLength=100),
    "POST /signalen body.inhoud.gemeente: is not string any more": lambda d: schema(d, "SignaalGemeld")["properties"][
        "gemeente"
    ].update(type="integer"),
    "POST /signalen body.inhoud.bron: takes fewer words": lambda d: schema(d, "SignaalBron")["enum"].remove("politie"),
    "POST /sync/push body.ops[]<signaal.gemeld>.oefening: is gone": lambda d: schema(d, "OperatieDeel")[
        "properties"
    ].pop("oefening"),
    "POST /sync/push body.ops[]<doorhaling>: is gone": lambda d: schema(d, "Operatie")["discriminator"]["mapping"].pop(
        "doorhaling"
    ),
    "GET /ik 200.gemeenten: is gone": lambda d: schema(d, "Ik")["properties"].pop("gemeenten"),
    "GET /ik 200.rol: may be absent": lambda d: schema(d, "Ik")["required"].remove("rol"),
    "GET /ik 200.functionaris: can be null": lambda d: schema(d, "Ik")["properties"]["functionaris"].update(
        type=["string", "null"]
    ),
    "GET /aantallen 200: is gone": lambda d: of(d, "/aantallen")["responses"].pop("200"),
}
FINE: dict[str, Callable[[Part], Any]] = {
    "an operation": lambda d: d["paths"].update({"/nieuw": {"get": copy.deepcopy(of(d, "/ik"))}}),
    "a field in an answer": lambda d: schema(d, "Ik")["properties"].update(nieuw={"type": "string"}),
    "a field that may be left out of a request": lambda d: schema(d, "SignaalGemeld")["properties"].update(
        nieuw={"type": "string"}
    ),
    "a word": lambda d: schema(d, "Rol")["enum"].append("nieuw"),
    "a field that was optional is always there": lambda d: schema(d, "Signaal")["required"].append("tekst"),
    "other words in a text": lambda d: of(d, "/ik").update(summary="Anders", description="Anders"),
    "the name of a path parameter": lambda d: d["paths"].update(
        {"/signalen/{signaal}": d["paths"].pop("/signalen/{id}")}
    ),
}


def test_each_way_to_break_a_client_is_named() -> None:
    spoiled = copy.deepcopy(document())
    for spoil in BROKEN.values():
        spoil(spoiled)
    assert BROKEN.keys() - breaks(document(), spoiled) == set()


def test_what_nobody_has_to_know_is_no_break() -> None:
    changed = copy.deepcopy(document())
    for change in FINE.values():
        change(changed)
    assert changed != document()
    assert breaks(document(), changed) == []
