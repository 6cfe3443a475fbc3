"""`make tafels`: write the tables of tests/domain that follow from the code anew, and show what changes in them.

Each changed line is a decision: read it before you commit it. A line of secties.json that stands there never changes,
for what was booked was sealed so: that is refused, and nothing is written.
"""

import difflib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from app.access.wet import TABEL
from app.registraties.register import DOCUMENTEN
from tests.hulp import sectietafel, wettafel, zichttafel
from tests.hulp.weglaten import declared, told_by

DOMAIN = Path(__file__).parents[1] / "domain"
OPTIONEEL = DOMAIN / "optioneel.json"
SHIPPED = "{}: this was sealed in section {} and stays so."
ADDED = "{}: this version was shipped without it."
THEN = (
    "Give the act a new version (docs/uitbreiden.md). If this version was never on main, take its lines out of"
    " secties.json and run this again."
)
UNSAID = "{}: no story of tests/hulp/voorbeelden.py says it. Add it to one, or take the field out of its class."
ALWAYS = (
    "{}: optional, and nothing leaves it out. Make it required, or let a story of tests/hulp/voorbeelden.py do"
    " without it."
)


def secties() -> str:
    """In which section each field of each payload is sealed. Raises ValueError where a version would change."""
    kept: dict[str, str] = json.loads(sectietafel.LIJST.read_text(encoding="utf-8"))
    now, versions = sectietafel.sections_now(), {name.rpartition("·")[0] for name in kept}
    wrong = [SHIPPED.format(name, kept[name]) for name in sectietafel.changed_sections()]
    wrong += [ADDED.format(name) for name in now.keys() - kept.keys() if name.rpartition("·")[0] in versions]
    if wrong:
        raise ValueError("\n".join([*sorted(wrong), THEN]))
    return _lines(now)


def optioneel() -> str:
    """What leaves each optional field out; what the file says stays as long as it is so. Raises ValueError."""
    kept: dict[str, str] = json.loads(OPTIONEEL.read_text(encoding="utf-8"))
    absent, there = told_by()
    maybe = sorted(name for name, optional in declared().items() if optional)
    wrong = [UNSAID.format(name) for name in sorted(declared().keys() - there.keys())]
    wrong += [ALWAYS.format(name) for name in maybe if name in there and not absent.get(name)]
    if wrong:
        raise ValueError("\n".join(wrong))
    return _lines({name: kept[name] if kept.get(name) in absent[name] else absent[name][0] for name in maybe})


def zicht() -> str:
    """To whom each field is shown, fields with the same readers on one line."""
    return "{\n" + ",\n".join(f"{_spell(name)}: {_audience(name)}" for name in sorted(DOCUMENTEN)) + "\n}\n"


def wet() -> str:
    """What work each act is, and what each cell of the law decides."""
    told = {"taken": dict(sorted(wettafel.works().items())), "cellen": wettafel.cells(TABEL)}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


TAFELS = {
    sectietafel.LIJST: secties,
    OPTIONEEL: optioneel,
    zichttafel.GOLDEN: zicht,
    wettafel.LIJST: wet,
}


def _audience(collectie: str) -> str:
    same: dict[tuple[str, ...], list[str]] = {}
    for path, who in zichttafel.audience(collectie).items():
        same.setdefault(tuple(who), []).append(path)
    rows = [{"wie": list(who), "velden": paths} for who, paths in same.items()]
    return "[\n  " + ",\n  ".join(map(_spell, sorted(rows, key=lambda row: row["velden"][0]))) + "\n]"


def _lines(table: dict[str, str]) -> str:
    return "{\n" + ",\n".join(f"{_spell(name)}: {_spell(value)}" for name, value in sorted(table.items())) + "\n}\n"


def _spell(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def difference(path: Path, new: str) -> Iterable[str]:
    """What goes and comes, without what stays; in words where the lines of a file do not say it by themselves."""
    if path == zichttafel.GOLDEN:
        return _shown_in_words()
    if path == wettafel.LIJST:
        return _laws_in_words(json.loads(new))
    old = path.read_text(encoding="utf-8").splitlines()
    changes = difflib.unified_diff(old, new.splitlines(), path.name, path.name, n=0, lineterm="")
    return (f"{line}\n" for line in changes if not line.startswith("@@"))


def _laws_in_words(new: dict[str, Any]) -> Iterable[str]:
    """Which cell, or act, is now decided how, and how it was."""
    old = json.loads(wettafel.LIJST.read_text(encoding="utf-8"))
    for name in ("taken", "cellen"):
        for cel in sorted({*old[name], *new[name]}):
            for mark, table in (("-", old[name]), ("+", new[name])):
                if cel in table and old[name].get(cel) != new[name].get(cel):
                    said = table[cel] if isinstance(table[cel], str) else "; ".join(map(": ".join, table[cel].items()))
                    yield f"{mark}wet.json {cel}: {said}\n"


def _shown_in_words() -> Iterable[str]:
    """Who is shown which fields now, and who no longer is."""
    said = zichttafel.expected()
    for collectie in sorted(DOCUMENTEN):
        now, before = zichttafel.audience(collectie), said.get(collectie, {})
        for mark, these, those in (("+", now, before), ("-", before, now)):
            same: dict[str, list[str]] = {}
            for path in sorted(these):
                if who := ", ".join(sorted({*these[path]} - {*those.get(path, [])})):
                    same.setdefault(who, []).append(path)
            yield from (f"{mark}zicht.json {collectie}: {' '.join(paths)}\n    {who}\n" for who, paths in same.items())


def main() -> int:
    """Write what changed; 1 and nothing written where a table cannot be made."""
    made = {}
    for path, make in TAFELS.items():
        try:
            made[path] = make()
        except ValueError as error:
            sys.stdout.write(f"{path.name}: nothing was written.\n{error}\n")
            return 1
    for path, new in made.items():
        sys.stdout.writelines(difference(path, new))
        path.write_text(new, encoding="utf-8")
    sys.stdout.write("Read each line above: it says what is sealed where, under which law, and who is shown it.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
