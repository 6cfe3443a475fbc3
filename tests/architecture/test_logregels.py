"""Each line that the service can write at warning or error is in the runbook, and what is there can be written."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "beheer.md"
LEVELS = {"warning", "error", "exception", "critical"}


def written() -> Iterator[tuple[str, str]]:
    """Each event in the code with its level. TypeError for one that is not a text: nobody could look it up."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS:
                if ast.unparse(node.func) == "sys.exception":
                    continue
                event = node.args[0] if node.args else None
                if not isinstance(event, ast.Constant) or not isinstance(event.value, str):
                    raise TypeError(f"{path.name}:{node.lineno}: the event of a log line is a text")
                yield event.value, node.func.attr


def test_every_log_line_is_in_the_runbook() -> None:
    """Broken: a row out of the page; a level in it; `log.warning("odd")` in the code; a row of nothing."""
    rows = re.findall(
        r"^\| `([^`]+)` \| (warning|error) \|.+\|.+\|$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    assert len(rows) > 15
    assert sorted(rows) == sorted(set(written())), "docs/beheer.md, Log lines: what it means, and what to do"
