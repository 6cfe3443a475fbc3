"""What answers look like, made from the document classes and from the payloads of the acts.

They are declared, for openapi.yaml and for whoever makes types of it. Nothing that goes out is held against them
while somebody waits: documents travel as they were folded. Tests hold every document, and every page that is pulled.
"""

from collections.abc import Sequence
from functools import cache
from types import NoneType
from typing import Annotated, Any, Literal, Union, cast, get_args

from pydantic import Field, Json, create_model
from typing_extensions import TypeAliasType

from app.registraties.act import HOEDANIGHEID, Act, Aggregaat, Inhoud
from app.registraties.document import TEKST, Beslecht, Document, Geregistreerd, GetoondAdres, Herzien, Verschil, Versie
from app.registraties.model import section
from app.registraties.register import ACTEN, AGGREGATEN, DOCUMENTEN
from app.registraties.velden import GezegdeHoedanigheid
from app.schemas import lezen, stock, uitwisselen
from app.schemas.wire import Lijst
from app.services.stock.stock import SOUGHT
from app.services.sync.collecties import COLLECTIES, LIJSTEN
from app.services.vouwen.stappen import RESTRICTED
from app.vocabulary import Sectie


def choice(name: str, options: Sequence[Any], by: str | None = None) -> Any:
    """One of `options`, under a name of its own; `by` is the field that tells which. Of one option: that."""
    if len(options) == 1:
        return options[0]
    chosen: Any = Union[tuple(options)]  # noqa: UP007  # of what is made here
    made: Any = TypeAliasType
    return made(name, Annotated[chosen, Field(discriminator=by)] if by else chosen)


def many(kind: Any) -> Any:
    """A list of what is made here."""
    return list[kind]


def as_text(kind: Any) -> Any:
    """JSON of it, as text."""
    made: Any = Json
    return made[kind]


def exactly(*values: str) -> Any:
    """One of these words."""
    return Literal[values]


def make(name: str, base: type[Any], about: str | None = None, /, **fields: Any) -> Any:
    """A class like `base`, with some fields said better: name → (type, default), in the place they have in `base`."""
    known = {each: info.description for each, info in base.model_fields.items() if info.description}
    said: dict[str, Any] = {
        each: (hint, Field(default, description=known[each]) if each in known else default)
        for each, (hint, default) in fields.items()
    }
    return create_model(name, __base__=base, __doc__=about or base.__doc__, **said)


# documents: each version of an entry says by its `soort` what is in it


@cache
def open_inhoud(soort: str) -> type[Inhoud]:
    """The payload as documents show it: without what only few may read, or nobody said (`stappen.open_part`)."""
    inhoud = ACTEN[soort].inhoud
    shown = {n: (i.annotation, i) for n, i in inhoud.model_fields.items() if section(i) not in RESTRICTED}
    apart = [n for n, (_, i) in shown.items() if section(i) is not Sectie.ZAAK and i.is_required()]
    unasked = [n for n, (hint, i) in shown.items() if i.is_required() and NoneType in get_args(hint)]
    if len(shown) == len(inhoud.model_fields) and HOEDANIGHEID not in shown and not apart and not unasked:
        return inhoud
    fields: dict[str, Any] = dict(shown)
    for name in (*apart, *unasked):  # who is not shown its section, is shown the rest; and not all was asked always
        hint, info = shown[name]
        fields[name] = (Annotated[cast("Any", hint) | None, *info.metadata], None)
    if HOEDANIGHEID in fields:
        fields[HOEDANIGHEID] = (Annotated[GezegdeHoedanigheid | None, inhoud.sections()[HOEDANIGHEID]], None)
    return create_model(f"{inhoud.__name__}Open", __base__=Inhoud, __doc__=inhoud.__doc__, **fields)


@cache
def versie(soort: str, base: type[Versie]) -> Any:
    """One version of such an entry: a `ControleAfgerondVersie`, or `…Verschil`, which always has its content."""
    inhoud = open_inhoud(soort)
    given = (inhoud, ...) if base is Verschil else (inhoud | None, None)
    return make(f"{ACTEN[soort].inhoud.__name__}{base.__name__}", base, soort=(exactly(soort), ...), inhoud=given)


def acts_of(naam: str) -> list[Act]:
    """The kinds of entry of which versions can stand in such a document: its own, strikes and settlements."""
    return [act for act in ACTEN.values() if act.aggregaat == naam or act.herziet]


def answered(aggregaat: Aggregaat) -> type[Document]:
    """The document of an aggregate as it is answered."""
    document, acts = aggregaat.document, acts_of(aggregaat.naam)
    if not issubclass(document, Herzien):
        return document
    name = document.__name__
    versies = choice(f"{name}Versie", [versie(act.soort, Versie) for act in acts], "soort")
    verschillen = choice(f"{name}Verschil", [versie(act.soort, Verschil) for act in acts], "soort")
    beslecht = make(f"{name}Beslecht", Beslecht, keuze=(versies, ...), verworpen=(versies, ...))
    told = {"verschillen": many(verschillen), "beslecht": many(beslecht)}
    made: type[Document] = make(
        name, document, **{n: (Annotated[hint | None, TEKST], None) for n, hint in told.items()}
    )
    return made


ANTWOORDEN: dict[str, type[Document]] = DOCUMENTEN | {a.model.collectie: answered(a) for a in AGGREGATEN.values()}
"""Collection → what its documents look like to whoever reads them."""
Aantallen = make(
    "Aantallen",
    lezen.Aantallen,
    **{each.model.collectie: (int | None, None) for each in LIJSTEN if each.lijst.permissie is None},
)


# what travels to devices, per collection


def kinds(collectie: str) -> list[type[Document]]:
    """The documents that travel under one name."""
    return [ANTWOORDEN[model.collectie] for model in COLLECTIES[collectie]]


def title(collectie: str) -> str:
    """What the classes of one collection are called by: `Controle`, `Naslag`."""
    documents = kinds(collectie)
    return documents[0].__name__ if len(documents) == 1 else collectie.capitalize()


def any_of(collectie: str) -> Any:
    """A document of one collection; of several kinds its own name for them tells which."""
    return choice(title(collectie), kinds(collectie), collectie)


NaslagLijst = make("NaslagLijst", Lijst, resultaten=(many(any_of("naslag")), ...))


def sought(collectie: str, *, absent: bool) -> dict[str, Any]:
    """The fields that stand beside a document: not there where it has none, or else null."""
    found: dict[str, Any] = {}
    for name in SOUGHT:
        infos = [info for kind in kinds(collectie) for n, info in kind.model_fields.items() if n == name]
        hint: Any = infos[0].annotation if infos else str | None
        if infos and len(infos) < len(kinds(collectie)):
            hint = hint | None
        elif infos and not absent and all(info.is_required() for info in infos):
            found[name] = (hint, ...)
            continue
        if infos and absent:
            found[name] = (hint | None, None)
        elif not absent:
            found[name] = (hint, ...)
    return found


def changed(collectie: str) -> Any:
    """What a pull tells of a document of this collection."""
    given = {"collectie": (exactly(collectie), ...), "doc": (any_of(collectie) | None, None)}
    return make(f"{title(collectie)}Wijziging", uitwisselen.Wijziging, **given)


def rxdb_page(collectie: str) -> Any:
    """What RxDB's pull handler gives back."""
    name, beside = title(collectie), sought(collectie, absent=True)
    document = make(f"{name}Rxdb", stock.RxdbDocument, doc=(any_of(collectie) | None, None), **beside)
    return make(f"{name}RxdbPullUit", stock.RxdbPullUit, documents=(many(document), ...))


def table(collectie: str) -> Any:
    """What WatermelonDB's `pullChanges` gives back of one table."""
    name, beside = title(collectie), sought(collectie, absent=False)
    row = make(f"{name}Rij", stock.Tabelrij, doc=(as_text(any_of(collectie)), ...), **beside)
    none: Any = Annotated[many(row), Field(max_length=0)]
    return make(f"{name}Tabel", stock.Tabel, created=(none, ...), updated=(many(row), ...))


REIZEND = sorted(COLLECTIES)
_WIJZIGINGEN = [changed(name) for name in REIZEND]
Wijziging = choice("Wijziging", _WIJZIGINGEN, "collectie")
PullUit = make("PullUit", uitwisselen.PullUit, wijzigingen=(many(Wijziging), ...))
Snapshotregel = choice("Snapshotregel", [*_WIJZIGINGEN, uitwisselen.BladzijdeEinde], "collectie")
VergelijkingIn = make(
    "VergelijkingIn",
    uitwisselen.VergelijkingIn,
    collecties=(dict[exactly(*REIZEND), uitwisselen.Collectiestand], ...),  # type: ignore[misc]  # made here
)
VergelijkingUit = make(
    "VergelijkingUit",
    uitwisselen.VergelijkingUit,
    collecties=(dict[exactly(*REIZEND), uitwisselen.Collectieverschil], ...),  # type: ignore[misc]
)
RXDB = {name: rxdb_page(name) for name in REIZEND}
"""Collection → what its own path answers."""
Tabellen = make("Tabellen", stock.Tabellen, **{name: (table(name) | None, None) for name in REIZEND})
WatermelonPullUit = make("WatermelonPullUit", stock.WatermelonPullUit, changes=(Tabellen, ...))


# what is read with a reason


_weigering: Any = DOCUMENTEN["ontvangsten"].model_fields["weigering"].annotation
_VERBODEN = "Als de wet het verbiedt: `artikel`, `reden` en `watNu`."
_ONLEESBAAR = "De tekst precies zoals verstuurd, als hij niet te lezen was."
QuarantaineUit = make(
    "QuarantaineUit",
    DOCUMENTEN["ontvangsten"],
    "Wat in quarantaine staat of stond, met wat er is verstuurd.",
    weigering=(Annotated[_weigering, Field(description=_VERBODEN)], None),
    registratie=(Annotated[lezen.VerstuurdeRegistratie | None, Field(description="Als zij te lezen was.")], ...),
    tekst=(Annotated[str | None, Field(description=_ONLEESBAAR)], ...),
)


class Opgevolgd(Geregistreerd):
    """Wat er na een signaal gebeurde, en hoe dat onder de andere versies staat."""

    stand: Literal["geldt", "vervangen", "verschil", "verworpen", "doorgehaald"]
    reden: str | None


def followed(act: Act) -> Any:
    """One step in the follow-up of a sign of trafficking, with its content among it."""
    fields: dict[str, Any] = {name: (info.annotation, info) for name, info in act.inhoud.model_fields.items()}
    return make(f"{act.inhoud.__name__}Stap", Opgevolgd, soort=(exactly(act.soort), ...), **fields)


def whole(act: Act) -> Any:
    """A difference in a sign of trafficking, with what only few may read."""
    fields: dict[str, Any] = {"soort": (exactly(act.soort), ...), "inhoud": (act.inhoud, ...)}
    return make(f"{act.inhoud.__name__}Inzage", Verschil, **fields)


_SEIN = ACTEN["mensenhandelsignaal.vastgelegd"]
_VERDER = [act for act in acts_of(_SEIN.aggregaat) if act is not _SEIN and not act.herziet]
_opvolging = choice("Opvolgstap", [followed(act) for act in _VERDER], "soort")
_verschillen = choice("MensenhandelsignaalInzage", [whole(act) for act in acts_of(_SEIN.aggregaat)], "soort")
MensenhandelsignaalUit = make(
    "MensenhandelsignaalUit",
    lezen.MensenhandelsignaalUit,
    status=(ANTWOORDEN["mensenhandelsignalen"].model_fields["status"].annotation, ...),
    adres=(GetoondAdres | None, ...),
    inhoud=(_SEIN.inhoud | None, ...),
    opvolging=(many(_opvolging), ...),
    verschillen=(many(_verschillen), ...),
)
