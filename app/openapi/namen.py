"""What operations are called, and under which resource they stand.

An id is the nouns of the path and then what is done: `list`, `get`, `create`, `update`, `delete`. What a POST does to
one document is called by the last word of its path: `controles.start`. Under `/sync` every path ends in what it does.
Ids never change; a test holds them all.
"""

import re
from typing import Final

from pydantic.alias_generators import to_camel

from app.services.sync.collecties import LIJSTEN

TAGS: Final = {
    "Dienst": "Of de dienst het doet, waar u begint, en hoeveel u van alles mag zien.",
    "Aanmelden": "Tokens, browsersessies, wachtwoorden, en wie u bent.",
    "Uitwisselen": "Registraties versturen en documenten ophalen, ook wat zonder netwerk begon.",
    "Bijlagen": "Bestanden versturen in stukken (tus 1.0), bekijken, en wat er nog ontbreekt.",
    "Signalen": "Meldingen, advertenties en eigen waarnemingen over een adres.",
    "Locaties": "De plaatsen waar het over gaat.",
    "Controles": "Van plan tot afronding: wat aan de deur is gezien, geteld en aangeboden.",
    "Attenderingen": "Dat er een controle is, voor wie dat moet weten.",
    "Rapportages": "Wat het PCT opmaakt, vaststelt en verstrekt.",
    "Maatregelen": "Van voornemen en besluit tot bekendmaking, verbeurte, invordering en einde.",
    "Mensenhandelsignalen": "Signalen van mensenhandel. Lezen mag alleen wie daarvoor is aangewezen, en met een reden.",
    "Cijfers": "Tellingen, met hun definities.",
    "Quarantaine": "Wat niet zomaar kon worden aanvaard, en wie daarover beslist.",
    "Doorhalingen": "Een registratie doorhalen: zij blijft in het grootboek en telt niet meer mee.",
    "Verschilbeoordelingen": "Kiezen welke van twee versies geldt.",
    "Accounts": "Wie zich mag aanmelden, en wat op een tweede persoon wacht.",
    "Naslag": "Hoe organisaties en functionarissen heten, voor wie dat mag weten.",
    "Organisaties": "Gemeenten, politie en partners.",
    "Functionarissen": "De mensen die vastleggen en lezen.",
    "Roltoewijzingen": "Wie in welke rol voor welke organisatie werkt.",
    "Grondslagen voor bijzondere gegevens": "Op grond waarvan een gemeente gegevens over personen mag bewaren.",
    "Toestellen": "Inschrijven, goedkeuren, intrekken, en wat een toestel nog bij zich heeft.",
}
"""Tag → what is under it, in the order of the document."""
_TAG_OF: Final = {each.pad: each.lijst.titel for each in LIJSTEN}
"""First segment of a path → the tag of what is there, where a list says it."""
_PARAMETER: Final = re.compile(r"{\w+}")
_VERBS: Final = {"patch": "update", "delete": "delete", "head": "head", "options": "options"}
_DEEDS: Final = ("sync",)
"""Paths below these end in what they do."""


def tag_of(path: str) -> str | None:
    """The resource that a path (without `/v1`) belongs to, where a list says what it is called."""
    return _TAG_OF.get(path.split("/")[1])


def operation_id(path: str, method: str, *, many: bool) -> str:
    """The id of an operation; `many`: it answers a page of a list."""
    segments = [segment for segment in path.split("/") if segment]
    words = [to_camel(segment.replace("-", "_")) for segment in segments if not _PARAMETER.fullmatch(segment)]
    words = words or ["begin"]
    if method == "get" and words[0] not in _DEEDS:
        words.append("list" if many else "get")
    elif method == "post" and len(words) == 1:
        words.append("create")
    elif method == "delete" and len(segments) == 1:
        words.append("clear")
    elif method in _VERBS:
        words.append(_VERBS[method])
    return ".".join(words)


def sorted_tags(used: set[str]) -> list[dict[str, str]]:
    """The tags in their order, each with its text where there is one."""
    rest = dict.fromkeys(sorted(used - TAGS.keys()), "")
    return [
        {"name": name, **({"description": text} if text else {})}
        for name, text in (TAGS | rest).items()
        if name in used
    ]
