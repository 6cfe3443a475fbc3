"""What is installed for running is what running needs, pinned, and nothing that only trying needs."""

import ast
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ROOT / "requirements"


def pins(lock: str) -> dict[str, str]:
    text = (LOCKS / lock).read_text(encoding="utf-8")
    found = dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.MULTILINE))
    assert found
    assert text.count("==") <= text.count("--hash=sha256:"), "each with its hashes"
    return {name.lower().replace("_", "-"): version for name, version in found.items()}


def test_trying_installs_the_very_versions_that_run() -> None:
    """Broken: one version in one lock."""
    running, trying = pins("runtime.lock") | pins("build.lock"), pins("dev.lock")
    assert running.items() <= trying.items()
    assert {"pytest", "ruff", "mypy", "moto"} <= trying.keys() - running.keys()


def test_what_runs_imports_nothing_else() -> None:
    """Broken: `import yaml` anywhere in app/ but in its developers' command."""
    known = packages_distributions()
    allowed = pins("runtime.lock").keys()
    seen = set()
    for folder in ("app", "veldboek_client", "alembic"):
        for file in (ROOT / folder).rglob("*.py"):
            if file == ROOT / "app" / "openapi" / "__main__.py":
                continue
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
                names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
                for name in (each.partition(".")[0] for each in names):
                    if name in sys.stdlib_module_names or name in ("app", "veldboek_client"):
                        continue
                    from_lock = {each.lower().replace("_", "-") for each in known.get(name, [])} & allowed
                    assert from_lock, f"{file.relative_to(ROOT)} imports {name}"
                    seen.add(name)
    assert {"fastapi", "sqlalchemy", "httpx"} <= seen


@pytest.mark.parametrize("name", [".env", "geheim/token.pem", ".veldboek/merkteken.json"])
def test_a_secret_is_never_committed(tmp_path: Path, name: str) -> None:
    """Where docs and compose.yaml put them. Broken: the line `/.env`, and `/geheim/`."""
    (tmp_path / ".gitignore").write_bytes((ROOT / ".gitignore").read_bytes())
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("geheim", encoding="utf-8")
    told = subprocess.run(  # noqa: S602  # our own words
        "git init --quiet && git status --porcelain",  # noqa: S607
        shell=True,
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stdout == "?? .gitignore\n"


@pytest.mark.parametrize(("goal", "both"), [("run", False), ("test", True), ("check", True)])
def test_make_installs_what_the_goal_needs(tmp_path: Path, goal: str, both: bool) -> None:  # noqa: FBT001
    """In a fresh checkout. Broken: `run: $(READY)`."""
    for name in ("Makefile", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    for folder in ("requirements", "tests/node", "web"):
        (tmp_path / folder).mkdir(parents=True)
        for file in (ROOT / folder).iterdir():
            if file.is_file():
                (tmp_path / folder / file.name).write_bytes(file.read_bytes())
    planned = subprocess.run(["make", "-n", goal], cwd=tmp_path, capture_output=True, text=True, check=True).stdout  # noqa: S603, S607
    assert ("runtime.lock" in planned, "dev.lock" in planned) == (True, both)
    assert planned.count("--require-hashes") == 1 + both
