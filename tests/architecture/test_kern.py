"""The engine knows no act and no kind of document by name, but those in `app/registraties/kern.py`.

Broken, each by itself: `if act.aggregaat == "controle"` in boeken/oordelen.py, `"soort": "bijlage.ontvangen"` in
bijlagen/binden.py, `lees.locatie` in boeken/bekend.py, `may(rol, "mensenhandelsignaal:inzien")` in boeken/boek.py,
`from app.models.keten import Controle` in lezen/inzage.py, `from app.registraties.locatie import sleutels` anywhere.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from app.registraties.kern import ONTVANGST, WIE
from app.registraties.register import ACTEN, AGGREGATEN

SERVICES = Path(__file__).parents[2] / "app" / "services"
KNOWN = WIE | {ONTVANGST}
"""Who records, and what a verdict leaves: the words of the envelope itself."""
OTHERS = [a for a in AGGREGATEN.values() if a.naam not in KNOWN]
MODELS = [model for a in OTHERS for model in (a.model, a.derived) if model is not None]
NAMES = {a.naam for a in OTHERS} | {model.collectie for model in MODELS}
TABLE = re.compile(rf"\blees\.({'|'.join(sorted(str(model.__tablename__) for model in MODELS))})\b")
EXCEPT = {
    "beheer/bootstrap.py": "plays the first acts of an empty ledger: there is nobody yet who could push them",
    "toegang/inschrijven.py": "plays the act of a device that has no login yet, with a code",
    "lezen/tellen.py": "figures bear the names of what they count: measures, in the answer",
}


def literals(tree: ast.Module) -> Iterator[str]:
    """All texts but docstrings."""
    prose = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value


def imported(tree: ast.Module) -> Iterator[str]:
    """What is imported of ours, each with the module that it is from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def named(tree: ast.Module) -> list[str]:
    """The acts and kinds of document that a module knows by name: as a word, a permission, a table, an import."""
    found = [text for text in literals(tree) if text in NAMES or text in ACTEN or TABLE.search(text)]
    found += [text for text in literals(tree) if re.fullmatch(r"\w+:\w+", text) and text.partition(":")[0] in NAMES]
    classes = {f"app.models.keten.{model.__name__}" for model in MODELS}
    packages = tuple(f"app.registraties.{a.naam}." for a in OTHERS)
    return found + [name for name in imported(tree) if name in classes or f"{name}.".startswith(packages)]


def test_no_service_knows_an_act_by_name() -> None:
    found = {
        str(path.relative_to(SERVICES)): known
        for path in sorted(SERVICES.rglob("*.py"))
        if (known := named(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert len(list(SERVICES.rglob("*.py"))) > 60
    assert len(NAMES) > 8
    assert {path: known for path, known in found.items() if path not in EXCEPT} == {}
    assert found.keys() == EXCEPT.keys(), "an exception that is none any more"
