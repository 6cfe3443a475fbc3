"""The guides of `docs` as pages of HTML under `/v1/documentatie`, with links from one to another as they have them.

A guide is text of ours, and goes through the Markdown library all the same: HTML in it stays text.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import Path
from posixpath import normpath
from typing import Final, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

PLEK: Final = "/v1/documentatie"
"""Where the page is, and under it the guides."""
DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
"""Beside `app`, as `alembic` is: in the repository and in the image."""
GIDSEN: Final = {
    "sync.md": "Wisselen: nummeren, volgorde, ondertekenen, opnieuw sturen, bestanden, een toestel dat kwijt is.",
    "offline-clients.md": "Kant en klare code voor RxDB, WatermelonDB en tus-js-client.",
    "contract.md": "Wat er in de API mag veranderen en wat niet, en hoe u er een client van maakt.",
    "rechten.md": "Wie wat mag, en welke onderdelen van een document hij ziet.",
    "gegevens.md": "Elk veld van elk document: wat het is, wie het ziet, en wie erop mag filteren of sorteren.",
    "weigeringen.md": "Wat de wet niet toelaat, met artikel, reden en wat dan wel kan.",
    "wet.md": "Onder welke wet een registratie valt.",
    "woordenlijst.md": "De woorden van het domein, in het Nederlands en het Engels.",
    "grootboek.md": "Hoe u nagaat dat er niets is veranderd.",
    "gebruik.md": "Veldboek zelf draaien: instellen, mensen, accounts.",
    "beheer.md": "Reservekopieën, logregels, sleutels en wat te doen bij schade.",
}
"""The guides that the page names, with what each is for. The others in `docs` are served too."""
DATA: Final = {"kop-vectoren.json": "application/json", "uitgaven/breuken.yaml": "application/yaml"}
"""Files for programs that a guide points at."""
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}).enable("table")


class Deel(NamedTuple):
    """What stands under one heading of a guide."""

    kop: str
    anker: str
    tekst: str


class Gids(NamedTuple):
    """A guide: what it is called, the page in HTML, its headings of the second level, and its parts."""

    titel: str
    inhoud: str
    koppen: Sequence[tuple[str, str]]
    delen: Sequence[Deel]


@cache
def guides() -> dict[str, Path]:
    """Every guide that is served: its path under `docs`, and the file."""
    found = sorted([*DOCS.glob("*.md"), *DOCS.glob("ontwerp/*.md")])
    return {path.relative_to(DOCS).as_posix(): path for path in found}


def data_of(naam: str) -> tuple[bytes, str] | None:
    """A file for programs, and its type; None when `naam` is none of them."""
    return ((DOCS / naam).read_bytes(), DATA[naam]) if naam in DATA else None


@cache
def render_guide(naam: str) -> Gids:
    """Raises KeyError when `naam` is no guide. Rendered once: there are as many as there are files."""
    tokens = _MARKDOWN.parse(guides()[naam].read_text(encoding="utf-8"))
    headings = dict(_name_headings(tokens))
    for token in tokens:
        if token.children:
            token.children = list(_linked(naam, token.children))
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    html = html.replace("<pre>", '<pre tabindex="0">')
    html = html.replace("<table>", '<div class="breed" tabindex="0"><table>').replace("</table>", "</table></div>")
    parts = list(_parts(tokens, headings))
    second = [(text, anchor) for index, (text, anchor) in headings.items() if tokens[index].tag == "h2"]
    return Gids(parts[0].kop, html, second, parts)


def render_guides() -> str:
    """The list of guides on the page."""
    return "".join(
        f'<dt><a href="{PLEK}/{naam}">{escape(render_guide(naam).titel)}</a></dt><dd>{escape(text)}</dd>'
        for naam, text in GIDSEN.items()
    )


def _name_headings(tokens: Sequence[Token]) -> Iterator[tuple[int, tuple[str, str]]]:
    """Give each heading the name that links call it by; where it stands, its words and that name."""
    times: dict[str, int] = {}
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            text = _words(tokens[index + 1])
            anchor = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            seen = times[anchor] = times.get(anchor, -1) + 1
            anchor += f"-{seen}" if seen else ""
            token.attrSet("id", anchor)
            yield index, (text, anchor)


def _linked(naam: str, children: Sequence[Token]) -> Iterator[Token]:
    """The parts of a line; a link to what is not served here is its words only."""
    dropped = False
    for child in children:
        if child.type == "link_open":
            target = str(child.attrs["href"])
            if not (dropped := not _is_served(naam, target)):
                yield child
        elif child.type != "link_close" or not dropped:
            yield child


def _is_served(naam: str, target: str) -> bool:
    if target.startswith(("#", "https://")):
        return True
    path = normpath(f"{Path(naam).parent.as_posix()}/{target.partition('#')[0]}")
    return path in guides() or path in DATA


def _parts(tokens: Sequence[Token], headings: dict[int, tuple[str, str]]) -> Iterator[Deel]:
    """What stands under each heading, as words."""
    begins = [*headings, len(tokens)]
    for begin, end in pairwise(begins):
        text, anchor = headings[begin]
        yield Deel(text, anchor, " ".join(filter(None, (_words(token) for token in tokens[begin + 2 : end]))))


def _words(token: Token) -> str:
    """The text of a line or a block of code, without marks."""
    if token.type in {"fence", "code_block"}:
        return token.content
    return "".join(" " if c.type in {"softbreak", "hardbreak"} else c.content for c in token.children or ())
