"""The picture of the rooms in docs/kamers.md, drawn from the imports themselves: it cannot say what is not so."""

import ast
import sys
import tomllib
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]
SERVICES = ROOT / "app" / "services"
PAGE = ROOT / "docs" / "kamers.md"
Arrows = dict[str, set[str]]


def rooms() -> dict[str, tuple[str, list[str]]]:
    """Each room: its own first line, and its modules."""
    found = {}
    for start in sorted(SERVICES.glob("*/__init__.py")):
        says = ast.get_docstring(ast.parse(start.read_text(encoding="utf-8"))) or ""
        found[start.parent.name] = says, sorted(p.stem for p in start.parent.glob("*.py") if p != start)
    return found


def arrows() -> Arrows:
    """Which room asks which."""
    graph = grimp.build_graph("app", cache_dir=None)
    found: Arrows = {room: set() for room in rooms()}
    for module in graph.modules:
        if module.startswith("app.services.") and (room := module.split(".")[2]) in found:
            asked = {name.split(".")[2] for name in graph.find_modules_directly_imported_by(module) if _inside(name)}
            found[room] |= asked - {room}
    return found


def _inside(name: str) -> bool:
    return name.startswith("app.services.")


def floors() -> list[list[str]]:
    """The floors of the contract in pyproject.toml, the highest first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (contract,) = (c for c in contracts if c.get("containers") == ["app.services"])
    return [[room.strip() for room in layer.split("|")] for layer in contract["layers"]]


def reach(found: Arrows, room: str) -> set[str]:
    """All rooms that a room asks, at once or through others."""
    seen: set[str] = set()
    new = set(found[room])
    while new:
        seen |= new
        new = {below for each in new for below in found[each]} - seen
    return seen


def drawn(found: Arrows) -> Arrows:
    """The arrows that do not follow from others."""
    return {room: asked - {b for each in asked for b in reach(found, each)} for room, asked in found.items()}


def render() -> str:
    """The page."""
    found, known = arrows(), rooms()
    picture = ["flowchart TD"]
    for number, floor in enumerate(floors()):
        picture += [f"  subgraph f{number}[ ]", "    direction LR", *(f"    {room}" for room in floor), "  end"]
    picture += [f"  {room} --> {asked}" for room, others in drawn(found).items() for asked in sorted(others)]
    rows = [
        f"| `{room}` | {known[room][0]} | {', '.join(f'`{m}`' for m in known[room][1])} |"
        f" {', '.join(f'`{r}`' for r in sorted(found[room])) or '–'} |"
        for floor in floors()
        for room in floor
    ]
    return "\n".join([*_HEAD, "", "```mermaid", *picture, "```", "", *_TABLE, *rows, ""])


_HEAD = """# The rooms of `app/services`

Drawn from the imports by `make openapi`; `make check` fails when it is not so any more. An arrow says: asks. One that
follows from others is left out of the picture; the table names them all. Rooms on one floor do not know each other, and
nothing asks upward: a contract in `pyproject.toml` holds that, and a new room has to be given its floor there.

Above them `app/routers` (HTTP), `app/cli.py`, `app/lifespan.py`, `app/starten.py` (processes and workers) and
`app/kopie` (backup and restore); beside them `app/proces.py`, what the requests of one process share. Below them
`app/registraties` (what each kind of entry and document is), `app/access` (who may), `app/models`, and `app/grootboek`
(arithmetic). Those walls stand in `pyproject.toml` too.
""".splitlines()
_TABLE = ["| room | what is in it | modules | asks |", "| --- | --- | --- | --- |"]


def main(arguments: list[str]) -> int:
    """Write or check; 0 is well, 1 is different, 2 is a wrong call."""
    if arguments not in (["write"], ["check"]):
        sys.stderr.write("usage: python -m tests.hulp.kamers write|check\n")
        return 2
    page = render()
    if arguments == ["write"]:
        PAGE.write_text(page, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
        sys.stderr.write("docs/kamers.md differs from the imports of app/services: run `make openapi`\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
