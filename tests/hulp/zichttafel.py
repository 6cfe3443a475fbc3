"""Who is shown which field, in the words of a reader, against zicht.json; and each cell that decides it."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin
from uuid import UUID

from app.access.beleid import BELEID
from app.access.bereik import Bereik
from app.access.zicht import ZICHT, Gezien, Zicht, opened, rows_for
from app.registraties.act import Doc
from app.registraties.document import Afgeleid, Herzien
from app.registraties.model import Model, parts
from app.registraties.register import ACTEN, AGGREGATEN, DOCUMENTEN
from app.registraties.tonen import beeld
from app.services.lezen.versies import BESLOTEN, show_versions
from app.services.vouwen.stappen import ABOUT, Stap, version
from app.vocabulary import Rol, Sectie, Status
from tests.hulp.voorbeelden import HEEL, VERHALEN

RECEIPT = {
    **dict.fromkeys(("id", "status", "code", "soort", "ontvangenOp", "functionaris", "rol", "organisatie"), "x"),
    "stand": "aanvaard",
    "weigering": {"artikel": "Awb 5:15", "reden": "x", "watNu": "x"},
    "beoordeling": {"op": "x", "door": {"functionaris": "x", "rol": "regisseur"}, "ontvangenOp": "x", "reden": "x"},
}
GOLDEN = Path(__file__).parents[1] / "domain" / "zicht.json"
IK, ANDER = str(UUID(int=1)), str(UUID(int=2))
BEKEND = "bekend"
"""What stands for the place under which an address was known, where its writer named another."""
OPEN = {"personenPerRol", "regioHerkomst", "leeftijdsband"}
"""Fields whose names are values."""


def whole(collectie: str) -> Doc:
    """A document in which no field of its class is absent, with versions of each kind of entry, by one person."""
    aggregaat = next(
        a for a in AGGREGATEN.values() if collectie in {a.model.collectie, a.derived and a.derived.collectie}
    )
    stories = HEEL | {"ontvangst": RECEIPT}
    assert aggregaat.naam in stories, f"{aggregaat.naam} has no story in tests/hulp/voorbeelden.py"
    doc = stories[aggregaat.naam]
    if aggregaat.model.collectie != collectie:
        assert aggregaat.derive is not None
        doc = fill(aggregaat.derive(doc)[0], DOCUMENTEN[collectie])
    elif issubclass(aggregaat.document, Herzien):
        kinds = {r.soort: r for r in VERHALEN[aggregaat.naam] if ACTEN[r.soort].aggregaat == aggregaat.naam}
        versions = [{**version(Stap(r, Status.CONFLICT)), "op": "x", "over": soort} for soort, r in kinds.items()]
        settled = [{**v, "keuze": v, "verworpen": v} for v in versions]
        changes = [{name: of for name, of in v.items() if name != "inhoud"} for v in versions]
        known = {
            name: BEKEND if name == "locatie" else [BEKEND] for name in ("locatie", "locaties") if f"_{name}" in doc
        }
        doc = {
            **fill(doc, aggregaat.document),
            **known,
            "correcties": changes,
            "verschillen": versions,
            "beslecht": settled,
        }
    return _recorded(doc)


def fill(doc: Doc, model: type[Model]) -> Doc:
    """The document of a story with every field that its class declares and no entry of that story said."""
    found = dict(doc)
    for name, info in model.model_fields.items():
        wire = info.alias or name
        if any(isinstance(m, Afgeleid) for m in info.metadata) or wire in {*ABOUT, BESLOTEN}:
            continue
        inner = [part for _, part in parts(info.annotation, "")]
        if wire not in found:
            one: Any = fill({}, inner[0]) if inner else "x"
            found[wire] = [one] if get_origin(_given(info.annotation)) is tuple else one
        elif inner and isinstance(found[wire], list):
            found[wire] = _fill_once(found[wire], inner[0])
        elif inner and isinstance(found[wire], dict):
            found[wire] = fill(found[wire], inner[0])
    return found


def _fill_once(items: list[Any], model: type[Model]) -> list[Any]:
    """What no item of a list says, the first says."""
    said = {name for item in items for name in item}
    more = {name: of for name, of in fill({}, model).items() if name not in said}
    return [{**items[0], **more}, *items[1:]] if items else [more]


def _given(hint: Any) -> Any:
    """A type without that it may be absent."""
    args = [arg for arg in get_args(hint) if arg is not NoneType]
    return args[0] if get_origin(hint) in {Union, UnionType} else hint


def _recorded(value: Any) -> Any:
    """The same, all of it recorded by `IK`."""
    if isinstance(value, list):
        return [_recorded(item) for item in value]
    if isinstance(value, dict):
        writer = {"door": {**value["door"], "functionaris": IK}} if isinstance(value.get("door"), dict) else {}
        return {name: _recorded(of) for name, of in value.items()} | writer
    return value


def paths(value: Any, at: str = "") -> Iterator[str]:
    """The leaves of what is shown: `bevindingen[].code`."""
    if isinstance(value, list):
        for item in value:
            yield from paths(item, f"{at}[]")
    elif value == BEKEND:
        yield f"{at}, zoals bekend"
    elif isinstance(value, dict) and at.rpartition(".")[2] not in OPEN:
        for name, of in value.items():
            yield from paths(of, f"{at}.{name}" if at else name)
    else:
        yield at


@cache
def shown(collectie: str, gezien: Gezien) -> tuple[frozenset[str], frozenset[str]]:
    """The leaves of a whole document that are shown to who recorded it, and to who did not."""
    doc, view = whole(collectie), beeld(DOCUMENTEN[collectie], gezien)
    mine, of_others = (frozenset(paths(show_versions(view.show(doc, ik), gezien, ik))) for ik in (IK, ANDER))
    return mine, of_others


def audience(collectie: str) -> dict[str, list[str]]:
    """Field → who is shown it: role and kind of scope, whether it is own, and the door if not that of lists."""
    found: dict[str, list[str]] = {}
    for rol in Rol:
        for row in rows_for(rol, collectie, None):
            for kind, kinds in situations(rol, row):
                gezien = opened(rol, collectie, row.permissie, kinds)
                door = "" if row.permissie == f"{collectie}:zien" else f" ({row.permissie})"
                mine, of_others = shown(collectie, gezien)
                for path in mine:
                    own = "" if path in of_others else " eigen"
                    found.setdefault(path, []).append(f"{rol} {kind}{own}{door}")
                for path, sectie in stated(collectie).items():
                    if sectie in gezien.delen | gezien.eigen:
                        own = "" if sectie in gezien.delen else " eigen"
                        found.setdefault(f"gesteld: {path}", []).append(f"{rol} {kind}{own}{door}")
    return {path: sorted({*who}) for path, who in sorted(found.items())}


def situations(rol: Rol, row: Zicht) -> Iterator[tuple[str, frozenset[Bereik]]]:
    """Each kind of scope of a row, by itself; one that does not show that a document is there, with one that does."""
    showing = {kind for r in BELEID if rol in r.rollen and r.permissie == row.permissie for kind in r.bereik}
    for kind in sorted(row.bereik):
        alone = kind in showing
        for other in [kind] if alone else sorted(showing):
            yield (kind if alone else f"{other}+{kind}"), frozenset({kind, other})


def stated(collectie: str) -> dict[str, Sectie]:
    """The fields of the entries about documents of a collection, each with its section."""
    kinds = {a.naam for a in AGGREGATEN.values() if a.model.collectie == collectie}
    acten = (act for act in ACTEN.values() if act.aggregaat in kinds and not act.van_server)
    return {f"{act.soort}.{name}": sectie for act in acten for name, sectie in act.secties.items()}


def expected() -> dict[str, dict[str, list[str]]]:
    """zicht.json, by collection and field."""
    found = json.loads(GOLDEN.read_text())
    return {
        collectie: {path: row["wie"] for row in rows for path in row["velden"]} for collectie, rows in found.items()
    }


def differences() -> list[str]:
    """Where the table and zicht.json differ, in words."""
    table = expected()
    wrong: list[str] = []
    for collectie in sorted(DOCUMENTEN):
        now, said = audience(collectie), table.get(collectie, {})
        for path in sorted({*now, *said}):
            more = sorted({*now.get(path, [])} - {*said.get(path, [])})
            less = sorted({*said.get(path, [])} - {*now.get(path, [])})
            wrong += [f"{collectie} {path}: shown to {each}, not in zicht.json" for each in more]
            wrong += [f"{collectie} {path}: not shown to {each}" for each in less]
    return wrong


def cells() -> Iterator[tuple[str, Zicht, Zicht]]:
    """Every cell of the table: what is changed, the row, and the row without it."""
    for row in ZICHT:
        named = f"{row.collectie} {sorted(row.rollen)} {sorted(row.bereik)}"
        yield from ((f"{named}: role {r}", row, row._replace(rollen=row.rollen - {r})) for r in sorted(row.rollen))
        yield from ((f"{named}: scope {b}", row, row._replace(bereik=row.bereik - {b})) for b in sorted(row.bereik))
        yield from ((f"{named}: part {d}", row, row._replace(delen=row.delen - {d})) for d in sorted(row.delen))
        yield from ((f"{named}: own {d}", row, row._replace(eigen=row.eigen - {d})) for d in sorted(row.eigen))
