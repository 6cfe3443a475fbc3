"""What a document looks like to whoever reads it: one class per kind, beside the acts that fold it.

The folds work on plain dicts, for speed; a test holds every folded document, whole and as each role sees it, against
its class, with nothing extra allowed. From the class follow what single reads and lists answer (openapi.yaml), which
names a mask or a copy may use (checked at start), and the order of keys.

Each field names the section whose content it shows. A part without a section of its own belongs to that of the field
that holds it. A field is optional only where a document, or what a role sees of it, can be without it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Annotated, Any, ClassVar, Final, Literal, NamedTuple
from uuid import UUID

from typing_extensions import TypeAliasType

from app.moment import Moment
from app.registraties.lezing import Lijst, Reis
from app.registraties.model import Model
from app.vocabulary import Afkeuring, BijlageUitkomst, Groep, Mediatype, Rol, Sectie

Soort = TypeAliasType("Soort", str)
"""A kind of entry; answers name all that there are (routers/antwoorden): here the acts are not known yet."""
OMSLAG, ZAAK, TEKST = Sectie.OMSLAG, Sectie.ZAAK, Sectie.TEKST


class Kopie(NamedTuple):
    """A field that a fold copies of a document of this kind, as it stands then, and that stays so."""

    uit: str


class Merk(Enum):
    """What a field says of itself beside its section and group."""

    GENOEMD = auto()
    """to who is not told whether the place was known before, as its writer named it (kept as `_x` beside `x`)"""


GENOEMD = Merk.GENOEMD


class Met(NamedTuple):
    """Marks a field that is shown to whoever is shown another section than the one in which it was sealed."""

    sectie: Sectie


@dataclass(frozen=True, slots=True)
class Afgeleid:
    """Marks a field that is not folded but made of the document when it is shown; absent where that gives None."""

    maakt: Callable[[dict[str, Any]], Any]


class Document(Model):
    """What every document has. `Intern` is what it keeps for the server only, as `_name` beside what is shown."""

    Intern: ClassVar[type[Model]] = Model
    lijst: ClassVar[Lijst]
    reis: ClassVar[Reis | None] = None
    """Whether it travels to devices."""

    id: Annotated[UUID, OMSLAG]


class Door(Model):
    """Wie iets vastlegde, in welke rol."""

    functionaris: UUID
    rol: Rol


class Stempel(Model):
    """Welke registratie dit zegt, wie die vastlegde, en wanneer het is waargenomen."""

    op: UUID
    door: Door
    waargenomen_op: Moment


class BestandOntvangst(Model):
    """Wat er van een aangekondigd bestand is ontvangen."""

    uitkomst: BijlageUitkomst
    afkeuring: Afkeuring | None = None
    op: UUID
    ontvangen_op: Moment


class Bijlage(Stempel):
    """Een aangekondigd bestand."""

    id: UUID
    sha256: str
    grootte: int
    mediatype: Mediatype
    aangekondigd_op: Moment
    ontvangst: BestandOntvangst | None = None


class Correctie(Model):
    """Een correctie of doorhaling die geldt."""

    op_id: UUID
    soort: Soort
    over: Soort
    registratie: UUID
    door: Door
    ontvangen_op: Moment
    reden: str | None


class Geregistreerd(Model):
    """Welke registratie het is, wie die vastlegde, en wanneer."""

    op_id: UUID
    soort: Soort
    door: Door
    waargenomen_op: Moment
    ontvangen_op: Moment


class Versie(Geregistreerd):
    """Eén versie van een registratie. `inhoud` ontbreekt als zij is doorgehaald."""

    inhoud: dict[str, Any] | None = None
    """What is in it, its kind of entry says; answers name it (routers/antwoorden)."""


class Verschil(Versie):
    """Een versie die naast de geldende staat, tot iemand beslist."""

    over: Soort
    inhoud: dict[str, Any]
    corrigeert: UUID | None = None
    basis: UUID | None = None
    geldt: UUID
    ernst: Literal["hard", "soft"] | None
    reden: str | None
    code: Literal["staat_vast"] | None = None


class Beslecht(Model):
    """Een verschil waarover is beslist."""

    op_id: UUID
    over: Soort
    door: Door
    ontvangen_op: Moment
    reden: str | None
    keuze: Versie
    verworpen: Versie


class Gewijzigd(Model):
    """Bewijs dat is gewijzigd nadat erop is beslist."""

    registratie: UUID
    beoordeling: UUID
    op: UUID
    ontvangen_op: Moment


class Herzien(Document):
    """What is told of a document that was corrected, struck or settled."""

    correcties: Annotated[tuple[Correctie, ...] | None, TEKST, Groep.CORRECTIES] = None
    verschillen: Annotated[tuple[Verschil, ...] | None, TEKST, Groep.VERSCHILLEN] = None
    beslecht: Annotated[tuple[Beslecht, ...] | None, TEKST, Groep.VERSCHILLEN] = None


class Onderbouwd(Herzien):
    """The same of one that rests on others, and whether they were changed since."""

    bewijs: Annotated[Literal["vervallen"] | None, ZAAK] = None
    bewijs_gewijzigd: Annotated[tuple[Gewijzigd, ...] | None, ZAAK] = None


class GetoondAdres(Model):
    """Een adres zoals de BAG het spelt, of een plaats in woorden, voor wie tekst leest."""

    straat: str | None = None
    huisnummer: str | None = None
    huisletter: str | None = None
    toevoeging: str | None = None
    postcode: str | None = None
    plaats: str | None = None
    plaatsaanduiding: Annotated[str | None, TEKST, Groep.PLAATSAANDUIDING] = None


def fields(document: type[Document]) -> frozenset[str]:
    """The names of what is shown, as they go over the wire."""
    return frozenset(shown(document))


def internal(document: type[Document]) -> frozenset[str]:
    """The names of what stays on the server, as the fold writes them."""
    return frozenset(f"_{info.alias or name}" for name, info in document.Intern.model_fields.items())


def shown(document: type[Document]) -> tuple[str, ...]:
    """The same in the order in which they are shown."""
    return tuple(info.alias or name for name, info in document.model_fields.items())


def required(document: type[Document]) -> frozenset[str]:
    """The names of those that are always there, for everybody."""
    return frozenset(info.alias or name for name, info in document.model_fields.items() if info.is_required())


@cache
def copies(document: type[Document]) -> dict[str, str]:
    """The names of what is copied, as the fold writes them → the kind of document that it comes from."""
    found: dict[str, str] = {}
    for model, mark in ((document, ""), (document.Intern, "_")):
        for name, info in model.model_fields.items():
            found |= {f"{mark}{info.alias or name}": m.uit for m in info.metadata if isinstance(m, Kopie)}
    return found


def opened(document: type[Document], doc: dict[str, Any]) -> set[Sectie]:
    """The sections of what a document shows, parts included."""
    return {sectie for path, sectie in document.paths().items() if _says(doc, path.split("."))}


def _says(value: Any, path: list[str]) -> bool:
    """Whether anything stands at a path of a document."""
    name, *below = path
    found = value.get(name.removesuffix("[]")) if isinstance(value, dict) else None
    each = found if isinstance(found, list) else [found]
    return any(one is not None and (not below or _says(one, below)) for one in each)


AS_SHOWN: Final = {"as_shown": True}
"""Validation context of what is answered: versions in it say what their app asked, not what the newest asks."""


def check(document: type[Document], doc: dict[str, Any]) -> None:
    """Hold a folded document against its class. Raises ValidationError."""
    shown = {name: value for name, value in doc.items() if not name.startswith("_")}
    document.model_validate(shown, context=AS_SHOWN)
    document.Intern.model_validate({name[1:]: value for name, value in doc.items() if name.startswith("_")})
