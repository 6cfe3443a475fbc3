"""Search in everything that is written about the API: steps, questions, operations, shapes, problems, guides, words.

Made once from the same document as the page, and answered by the server: it works without a script. Every word that
is asked has to be found, in Dutch or as the English word for it; when that gives nothing, any of them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from html import escape, unescape
from typing import Any, Final, NamedTuple

from app.openapi.gidsen import PLEK, guides, render_guide
from app.openapi.wegwijzer import VRAGEN
from app.problems import ALLE

MEEST: Final = 40
"""So many places are shown."""
EXACT, BEGINT, BEVAT, ZEGT, NOEMT = 12.0, 8.0, 6.0, 3.0, 1.0
"""What a word counts: it is a word of the title, begins one, is in one; it is a word of the text, is in it."""
VERWANT: Final = 0.6
"""What another word for it counts beside the word itself."""
ANDERS: Final[Mapping[str, Sequence[str]]] = {
    "401": ["niet-aangemeld", "token-verlopen"],
    "403": ["geen-recht"],
    "404": ["niet-gevonden"],
    "attachment": ["bijlage"],
    "auth": ["aanmelden", "token"],
    "authentication": ["aanmelden", "token"],
    "changes": ["gewijzigdna", "pull"],
    "conflict": ["verschil"],
    "count": ["totaal", "telling"],
    "csv": ["cijfers"],
    "date": ["van", "totenmet"],
    "delete": ["vernietigen", "wissen", "doorhaling"],
    "download": ["bijlage"],
    "error": ["fouten", "probleem"],
    "errors": ["fouten", "probleem"],
    "export": ["cijfers", "csv"],
    "figures": ["cijfers"],
    "filter": ["filteren", "parameter"],
    "kalender": ["venster", "gepland"],
    "limit": ["te-veel-verzoeken"],
    "login": ["aanmelden"],
    "names": ["namen", "naslag"],
    "overview": ["cijfers", "aantallen", "lijst"],
    "overzicht": ["cijfers", "aantallen", "lijst"],
    "page": ["cursor", "bladzijde"],
    "pagination": ["cursor", "bladzijde"],
    "paginering": ["cursor", "bladzijde"],
    "password": ["wachtwoord"],
    "photo": ["bijlage", "foto"],
    "rate": ["te-veel-verzoeken"],
    "retry": ["retry-after", "opnieuw"],
    "rights": ["rechten"],
    "search": ["zoeken", "filteren"],
    "sort": ["sorteer"],
    "sorteren": ["sorteer"],
    "start": ["aanmelden", "beginnen"],
    "statistics": ["cijfers"],
    "statistiek": ["cijfers"],
    "total": ["totaal"],
    "upload": ["bijlage"],
    "webhook": ["stroom"],
    "zoeken": ["filteren", "woorden"],
}
"""What people call it who build programs; the words of the domain come from the glossary."""
_ENGLISH: Final = re.compile(r"\| `([^`]+)` \| ([^|]+) \| ([^|]*)\|")
_SAYS: Final = frozenset({"description", "summary", "name", "x-permissie"})
_WORD: Final = re.compile(r"[\w:.-]+")


class Plaats(NamedTuple):
    """Where something stands: what kind of place, what it is called, and what is said there."""

    soort: str
    titel: str
    link: str
    tekst: str


class Gevonden(NamedTuple):
    """The places, best first; whether each holds all words; and what else may have been meant."""

    plaatsen: Sequence[tuple[Plaats, Sequence[str]]]
    alles: bool
    bedoeld: str | None


class Zoeker:
    """Knows all places."""

    def __init__(self, document: Mapping[str, Any], page: str) -> None:
        """`page` is the page for developers as it is shown."""
        glossary = guides()["woordenlijst.md"].read_text(encoding="utf-8")
        self.places: list[Plaats] = [
            *_sections(page),
            *(Plaats("Vraag", v.zin, f"{PLEK}#vragen", f"{v.pad} {' '.join(v.vraagt)}") for v in VRAGEN),
            *_operations(document),
            *(Plaats("Fout", f"{k.title} ({k.status})", f"/problemen/{k.slug}", f"{k.slug} {k.uitleg}") for k in ALLE),
            *_terms(glossary),
            *_guides(),
            *_shapes(document, page),
        ]
        self._texts = [(_split(p.titel), p.titel.lower(), _split(p.tekst), p.tekst.lower()) for p in self.places]
        self.known = set().union(*(title | text for title, _, text, _ in self._texts))
        self._others = {name: list(others) for name, others in ANDERS.items()}
        for word, english, _ in _ENGLISH.findall(glossary):
            for each in english.lower().split(", "):
                self._others.setdefault(each.strip(), []).append(word.lower())

    def find(self, asked: str) -> Gevonden:
        """What is asked, best first; equals in the order of the page."""
        words = _WORD.findall(asked.lower())[:8]
        meant = [self._meanings(word) for word in words]
        scored = [[self._score(index, each) for each in meant] for index in range(len(self.places))]
        whole = any(all(each) for each in scored)
        found = [(sum(each), -i) for i, each in enumerate(scored) if (all(each) if whole else any(each)) and each]
        found.sort(reverse=True)
        said = [each for one in meant for each in one]
        near = (get_close_matches(w, self.known, 1, 0.75) for w in words if not whole and w not in self.known)
        return Gevonden(
            [(self.places[-i], said) for _, i in found[:MEEST]], whole, next((n[0] for n in near if n), None)
        )

    def _meanings(self, word: str) -> dict[str, float]:
        """A word, its other words and its singular, with what each counts."""
        found = dict.fromkeys(self._others.get(word, ()), VERWANT)
        stem = re.sub(r"(en|s)$", "", word)
        if len(stem) > 4:  # noqa: PLR2004  # shorter ones are in everything
            found[stem] = VERWANT
        return found | {word: 1.0}

    def _score(self, index: int, meant: Mapping[str, float]) -> float:
        titles, title, texts, text = self._texts[index]
        return max(weight * _worth(word, titles, title, texts, text) for word, weight in meant.items())


def _worth(word: str, titles: set[str], title: str, texts: set[str], text: str) -> float:
    if word in titles:
        return EXACT
    if word in title:
        return BEGINT if any(each.startswith(word) for each in titles) else BEVAT
    return ZEGT if word in texts else NOEMT if word in text else 0.0


def _split(text: str) -> set[str]:
    return {each.strip(".:-") for each in _WORD.findall(text.lower())}


def _sections(page: str) -> Iterator[Plaats]:
    """What stands under each heading of the page, but the questions and the reference: those are places themselves."""
    for ident, title, rest in re.findall(r'<h2 id="(\w+)">(.*?)</h2>(.*?)(?=<h2 |</main>)', page, re.DOTALL):
        if ident not in {"vragen", "naslag", "fouten"}:
            yield Plaats("Uitleg", _plain(title), f"{PLEK}#{ident}", _plain(rest))
    yield Plaats("Uitleg", "Tien vragen van een regisseur", f"{PLEK}#vragen", "")
    yield Plaats("Uitleg", "Fouten", f"{PLEK}#fouten", "alle problemen, error catalogue")


def _plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def _operations(document: Mapping[str, Any]) -> Iterator[Plaats]:
    """Each operation with all that may be sent to it; what answers are made of stands with the shapes."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            own = {name: operation.get(name) for name in ("description", "parameters", "requestBody", "x-permissie")}
            texts = [*_said(document, own, set()), operation["operationId"]]
            title = f"{method.upper()} /v1{'' if path == '/' else path}: {operation.get('summary', '')}"
            yield Plaats("Verzoek", title, f"{PLEK}#{operation['operationId']}", " ".join(texts).replace("`", ""))


def _shapes(document: Mapping[str, Any], page: str) -> Iterator[Plaats]:
    """The shapes of answers that the page has."""
    for name, schema in document["components"]["schemas"].items():
        if f'id="vorm-{name}"' in page:
            yield Plaats("Vorm", name, f"{PLEK}#vorm-{name}", " ".join(_said(document, schema, set(), deep=False)))


def _said(document: Mapping[str, Any], node: Any, seen: set[str], *, deep: bool = True) -> Iterator[str]:
    """Names, descriptions and words in a part of the document; `deep` follows each reference once."""
    if isinstance(node, list):
        for each in node:
            yield from _said(document, each, seen, deep=deep)
    elif isinstance(node, dict) and isinstance(ref := node.get("$ref"), str):
        if deep and ref not in seen:
            seen.add(ref)
            yield from _said(document, _target(document, ref), seen)
    elif isinstance(node, dict):
        yield from (value for key, value in node.items() if key in _SAYS and isinstance(value, str))
        yield from map(str, node.get("enum", ()))
        yield from node["properties"] if isinstance(node.get("properties"), dict) else ()
        for key, value in node.items():
            if key not in {"example", "examples"}:
                yield from _said(document, value, seen, deep=deep)


def _target(document: Mapping[str, Any], ref: str) -> Any:
    target: Any = document
    for part in ref.removeprefix("#/").split("/"):
        target = target[part]
    return target


def _terms(glossary: str) -> Iterator[Plaats]:
    for word, english, about in _ENGLISH.findall(glossary):
        yield Plaats("Begrip", word, f"{PLEK}/woordenlijst.md", f"{english}: {about}")


def _guides() -> Iterator[Plaats]:
    """The parts of every guide, but the glossary, and what only points from sentences to tests."""
    for name in guides():
        guide = render_guide(name)
        for part in guide.delen if name not in {"woordenlijst.md", "beloften.md"} else ():
            title = guide.titel if part.kop == guide.titel else f"{guide.titel}: {part.kop}"
            yield Plaats("Gids", title, f"{PLEK}/{name}#{part.anker}", part.tekst)


def render_found(asked: str, found: Gevonden) -> str:
    """The places as a list, with the words in their midst."""
    if not found.plaatsen:
        meant = _meant(found.bedoeld)
        return f"<p>Niets gevonden voor “{escape(asked)}”.{meant}</p>"
    rows = "".join(
        f'<li><a href="{escape(place.link)}">{escape(place.titel)}</a> <span class="soort">{place.soort}</span>'
        f"<p>{_midst(place.tekst, words)}</p></li>"
        for place, words in found.plaatsen
    )
    some = "" if found.alles else " Niets heeft al uw woorden; dit heeft er een paar."
    many = len(found.plaatsen)
    return (
        f"<p>{many if many < MEEST else f'De beste {many}'} gevonden.{some}{_meant(found.bedoeld)}</p><ol>{rows}</ol>"
    )


def _meant(word: str | None) -> str:
    return f' Bedoelt u <a href="?q={escape(word)}">{escape(word)}</a>?' if word else ""


def _midst(text: str, words: Iterable[str]) -> str:
    """The text round the first of the words that is in it."""
    low = text.lower()
    at = min((low.find(each) for each in words if each in low), default=0)
    begin = max(0, text.rfind(" ", 0, max(0, at - 60)) + 1) if at > 60 else 0  # noqa: PLR2004
    cut = text[begin : begin + 220]
    marks = "|".join(re.escape(each) for each in sorted(words, key=len, reverse=True))
    parts = re.split(f"({marks})", cut, flags=re.IGNORECASE)
    shown = "".join(f"<mark>{escape(each)}</mark>" if i % 2 else escape(each) for i, each in enumerate(parts))
    return ("… " if begin else "") + shown + (" …" if begin + 220 < len(text) else "")
