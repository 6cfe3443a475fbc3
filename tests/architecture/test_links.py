"""What README, docs and code point at is there: the page, and the heading in it."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLACES = ("app", "storm", "veldboek_client", "bench", "alembic", "tests", "docs")
KINDS = {".py", ".md", ".mjs"}
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").rglob("*.md")])
OF_THEN = {"CHANGELOG.md"}
"""What it says was so when it was written."""
MADE = {"tests/architecture/test_links.py"}


def sources() -> Iterator[Path]:
    """All that people read who look for a page."""
    yield from (*ROOT.glob("*.md"), ROOT / "Makefile", ROOT / "pyproject.toml")
    for place in PLACES:
        yield from (
            path for path in (ROOT / place).rglob("*") if path.suffix in KINDS and "node_modules" not in path.parts
        )


def found(name: str, source: Path) -> list[Path]:
    """The pages that a name can mean: from the page that says it, from the root, from docs, or the end of a path."""
    for place in (source.parent, ROOT, ROOT / "docs"):
        if (page := (place / name).resolve()) in PAGES:
            return [page]
    return [page for page in PAGES if page.as_posix().endswith(f"/{name}")]


def headings(page: Path) -> list[str]:
    """The headings of a page; what stands between fences is none."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)


def anchor(heading: str) -> str:
    """How a link names it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_every_page_that_is_named_is_there() -> None:
    """In docs, docstrings and code. Broken: a name of no page in a docstring; the same end of two paths."""
    named = [
        (source.relative_to(ROOT).as_posix(), name, source)
        for source in sources()
        for name in re.findall(r"(?<![\w}*/.-])[\w./-]*\w\.md\b", source.read_text(encoding="utf-8"))
    ]
    assert len(named) > 200
    assert [(where, name) for where, name, source in named if where not in MADE and len(found(name, source)) != 1] == []


def test_every_heading_that_is_named_is_there() -> None:
    """As `page.md, "Heading"`, in code. Broken: a heading of no page in a docstring."""
    named = [
        (source, name, heading)
        for source in sources()
        for name, heading in re.findall(r'([\w./-]+\.md), "([^"]+)"', source.read_text(encoding="utf-8"))
        if source.relative_to(ROOT).as_posix() not in MADE
    ]
    assert len(named) > 10
    assert [(s.name, n, h) for s, n, h in named if not any(h in headings(page) for page in found(n, s))] == []


def test_every_file_that_a_page_names_is_there() -> None:
    """Code and tests, as `app/…`. Broken: a module that was renamed."""
    named = [
        (page, name)
        for page in PAGES
        if page.name not in OF_THEN and page.parent.name != "adr"
        for name in re.findall(
            r"`((?:app|tests|storm|bench|alembic|veldboek_client)/[\w./-]+)`", page.read_text(encoding="utf-8")
        )
    ]
    assert len(named) > 60
    assert [(page.name, name) for page, name in named if not (ROOT / name).exists()] == []


def test_every_relative_link_exists() -> None:
    """The file, and the heading after `#`. Broken: a link to a heading that was renamed."""
    links = [
        (page, *link.partition("#")[::2])
        for page in PAGES
        for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
        if "://" not in link and not link.startswith("mailto:")
    ]
    assert len(links) > 100
    assert [(page.name, link) for page, link, _ in links if not (page.parent / link).exists()] == []
    to = [(page, (page.parent / link).resolve() if link else page, name) for page, link, name in links if name]
    assert [(page.name, name) for page, target, name in to if name not in map(anchor, headings(target))] == []
