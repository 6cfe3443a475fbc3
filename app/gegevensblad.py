"""The documents as a page to read: docs/gegevens.md is this, and `make check` holds the two equal."""

from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from app.access.beleid import MASKERS
from app.registraties.document import Document, internal
from app.registraties.register import DOCUMENTEN
from app.vocabulary import Rol

INTRO = """# What documents hold

Generated from the document classes (`app/registraties/*/document.py`); `make openapi` writes it. A field is shown in
this order, and what has no row is shown to nobody. *Section* is the part of the ledger whose content it shows; a part
(*lijst van* …) belongs to the section of its field, unless its class says otherwise. *Always*: there, for
everybody who sees the document. *Hidden from*: roles that see the document and not this field; *own*: they see what
its writer gave there. What stays on the server only is named below each table.
"""


_HEAD = "| field | what | section | always | hidden from |\n|---|---|---|---|---|\n"


def render_page() -> str:
    """The whole page, Markdown."""
    return INTRO + "".join(_table(collectie, document) for collectie, document in sorted(DOCUMENTEN.items()))


def _table(collectie: str, document: type[Document]) -> str:
    head = f"\n## {collectie}\n\n{document.__doc__}\n\n{_HEAD}"
    of = document.sections()
    rows = ""
    for name, info in document.model_fields.items():
        wire = info.alias or name
        always = "yes" if info.is_required() else ""
        rows += f"| `{wire}` | {_kind(info.annotation)} | {of[wire].value} | {always} | {_hidden(collectie, wire)} |\n"
    kept = ", ".join(f"`{name}`" for name in sorted(internal(document)))
    return head + rows + (f"\nOn the server only: {kept}.\n" if kept else "")


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
    return _kind(args[0]) if args else str(getattr(hint, "__name__", hint))


def _hidden(collectie: str, veld: str) -> str:
    rows = [m for m in MASKERS if m.collectie == collectie and veld in m.velden]
    roles = [rol.value for rol in Rol if any(rol not in m.rollen for m in rows)]
    everybody = "everybody" if len(roles) == len(Rol) else ", ".join(roles)
    return everybody + (" (own)" if any(m.eigen for m in rows) else "")
