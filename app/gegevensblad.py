"""The documents as a page to read: docs/gegevens.md is this, and `make check` holds the two equal."""

from collections.abc import Iterable
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from app.access.beleid import may
from app.access.zicht import door_of, rows_for
from app.registraties.document import GENOEMD, Afgeleid, Document, Met, copies
from app.registraties.model import Model, group, parts, section
from app.registraties.register import DOCUMENTEN
from app.registraties.tonen import deel_of_field, tells_of
from app.vocabulary import Rol

INTRO = """# What documents hold

Generated from the document classes (`app/registraties/*/document.py`); `make openapi` writes it. A field is shown in
this order, and what has no row is shown to nobody. *Section* is the part of the ledger whose content it shows. What a
field holds of parts stands under [Parts](#parts): a part lies in the section of its field; one with a section of its
own has a row here as well (`[]`: of each of a list). *Copied from*: the kind of document that it was taken from, as
that stood then; correcting something else leaves it so. *Shown with*: the part whose readers see it, where that is
not its section ([rechten.md](rechten.md#what-of-a-document-is-shown) says who). *Always*: there, for everybody who sees
the document. What stays on the server only is named below each table, *from* what it was copied.

*Asked of the list*: the filters and orders of a list, the field that each tells of, and the roles that may ask. Another
role that may read the list gets a 400 that names the parameter. Whoever is shown the field of some documents only
finds those by it, and no others.
"""
PARTS = """
## Parts

Each once. *Section* only where it is another than that of the field that holds the part; *always*: in each such part.
"""

_HEAD = "| field | what | section | shown with | copied from | always |\n|---|---|---|---|---|---|\n"
_ASKED = "\nAsked of the list:\n\n| parameter | tells of | shown with | roles that read the list |\n|---|---|---|---|\n"
_PART = "| field | what | section | shown with | always |\n|---|---|---|---|---|\n"


def render_page() -> str:
    """The whole page, Markdown."""
    tables = "".join(_table(collectie, document) for collectie, document in sorted(DOCUMENTEN.items()))
    models = [model for document in DOCUMENTEN.values() for model in (document, document.Intern)]
    found = {part.__name__: part for part in _every_part(models)}
    return INTRO + tables + PARTS + "".join(_part(part) for _, part in sorted(found.items()))


def _table(collectie: str, document: type[Document]) -> str:
    head = f"\n## {collectie}\n\n{document.__doc__}\n\n{_HEAD}"
    paths, of = document.paths(), copies(document)
    rows = ""
    for name, info in document.model_fields.items():
        wire = info.alias or name
        always = "yes" if info.is_required() else ""
        cells = [f"`{wire}`", _kind(info.annotation), paths[wire].value, _with(info), of.get(wire, ""), always]
        rows += f"| {' | '.join(cells)} |\n"
        below = (path for path in paths if path.startswith((f"{wire}.", f"{wire}[")))
        rows += "".join(f"| `{p}` | | {paths[p].value} | | | |\n" for p in below if paths[p] is not paths[_above(p)])
    kept = ", ".join(sorted(_internal(info, name, of) for name, info in document.Intern.model_fields.items()))
    return head + rows + (f"\nOn the server only: {kept}.\n" if kept else "") + _asked(collectie, document)


def _asked(collectie: str, document: type[Document]) -> str:
    """What a list may be asked, and by whom: of the declaration of the list, the policy and what is shown to whom."""
    lijst = document.lijst
    period = [("`van`, `totEnMet`", lijst.volgorde[0])] if lijst.volgorde else []
    asked = [*((f"`{name}`", name) for name in lijst.filters), *period]
    asked += [(f"`sorteer={name}`", name) for name in lijst.sleutels]
    rows = ""
    for spelled, name in asked:
        veld = tells_of(document, name) or name
        deel, door = deel_of_field(document, veld), lijst.permissie or f"{collectie}:zien"
        readers = [rol for rol in Rol if may(rol, door)]
        theirs = [r for r in readers if any(deel in z.delen for z in rows_for(r, collectie, door_of(collectie, door)))]
        who = "all" if theirs == readers else ", ".join(rol.value for rol in theirs)
        rows += f"| {spelled} | `{veld}` | {deel.value} | {who} |\n"
    head = (
        "\nAsked of the list:\n\n| parameter | tells of | shown with | roles that read the list |\n|---|---|---|---|\n"
    )
    return head + rows if rows else ""


def _internal(info: FieldInfo, name: str, of: dict[str, str]) -> str:
    wire = f"_{info.alias or name}"
    return f"`{wire}` ({_kind(info.annotation)}{f' from {of[wire]}' if wire in of else ''})"


def _above(path: str) -> str:
    return path.rpartition(".")[0].removesuffix("[]")


def _part(part: type[Model]) -> str:
    rows = ""
    for name, info in part.model_fields.items():
        own = section(info)
        always = "yes" if info.is_required() else ""
        lies = own.value if own else ""
        rows += f"| `{info.alias or name}` | {_kind(info.annotation)} | {lies} | {_with(info)} | {always} |\n"
    return f"\n### {part.__name__}\n\n{part.__doc__}\n\n{_PART}{rows}"


def _every_part(models: Iterable[type[Model]]) -> set[type[Model]]:
    """All parts of `models`, and theirs."""
    found = {part for m in models for info in m.model_fields.values() for _, part in parts(info.annotation, "")}
    return found | _every_part(found) if found else found


def _kind(hint: Any) -> str:
    """A type in a word or two."""
    origin, args = get_origin(hint), [each for each in get_args(hint) if each is not NoneType]
    if origin is tuple:
        return f"lijst van {_kind(args[0])}"
    if origin is dict:
        return f"{_kind(args[1])} per {_kind(args[0])}"
    if origin is Literal:
        return "één van: " + ", ".join(str(each) or "leeg" for each in args)
    if origin in {Union, UnionType}:
        return " of ".join(_kind(each) for each in args)
    if args:
        return _kind(args[0])
    name = str(getattr(hint, "__name__", hint))
    return f"[{name}](#{name.lower()})" if isinstance(hint, type) and issubclass(hint, Model) else name


def _with(info: FieldInfo) -> str:
    of = group(info)
    named = [m.sectie.value for m in info.metadata if isinstance(m, Met)]
    named += ["the place as its writer named it, or `canoniek`"] if GENOEMD in info.metadata else []
    made = ["made when it is shown"] if any(isinstance(m, Afgeleid) for m in info.metadata) else []
    return ", ".join([*([of.value] if of else []), *named, *made])
