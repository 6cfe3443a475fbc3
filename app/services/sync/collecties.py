"""Every collection that is read, as its document class declares it: lists for people, what travels for devices."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from app.access.beleid import PERMISSIES
from app.models.base import Leesmodel
from app.registraties.document import Document
from app.registraties.lezing import PERIODE, Lijst
from app.registraties.register import DOCUMENTEN, MODELLEN, permission_to_pull


@dataclass(frozen=True, slots=True)
class Collectie:
    """One list: its path, table, documents and permission."""

    model: type[Leesmodel]
    document: type[Document]
    lijst: Lijst

    @property
    def pad(self) -> str:
        """Where it is, under `/v1/`."""
        return self.lijst.pad or self.model.collectie

    @property
    def needs(self) -> str:
        """The permission to see it."""
        return self.lijst.permissie or f"{self.model.collectie}:zien"

    def columns(self) -> frozenset[str]:
        """The columns that its filters are held against."""
        asked = {"datum" if name == PERIODE else name for name in self.lijst.filters}
        return frozenset(asked | {name for name, _ in self.lijst.alleen})

    def values(self, name: str) -> Any:
        """The type of what may be asked of a field: all that it can be, but absent or empty."""
        hint = self.document.model_fields[name].annotation
        if get_origin(hint) not in {Union, UnionType}:
            return hint
        return Union[tuple(each for each in get_args(hint) if each not in (NoneType, Literal[""]))]  # noqa: UP007


def lists(documenten: Mapping[str, type[Document]]) -> tuple[Collectie, ...]:
    """The lists of these documents, by path. LookupError for a name, or a permission, of nothing."""
    found = [Collectie(MODELLEN[name], d, d.lijst) for name, d in documenten.items()]
    for collectie in found:
        unknown = collectie.columns() - collectie.model.model_fields.keys()
        unknown |= {*collectie.lijst.filters} - {PERIODE} - collectie.document.model_fields.keys()
        if unknown:
            raise LookupError(f"the list {collectie.pad} is asked for {', '.join(sorted(unknown))}")
        _refuse_unknown(collectie.needs)
    return tuple(sorted(found, key=lambda each: each.pad))


def travelling(documenten: Mapping[str, type[Document]]) -> dict[str, tuple[type[Leesmodel], ...]]:
    """Name on the wire → the kinds of document that travel under it. LookupError for a permission of nobody."""
    found: dict[str, tuple[type[Leesmodel], ...]] = {}
    for collectie, document in documenten.items():
        if document.reis is not None:
            name = document.reis.naam or collectie
            found[name] = (*found.get(name, ()), MODELLEN[collectie])
            _refuse_unknown(document.reis.permissie or f"{collectie}:zien")
    return found


def permission(model: type[Leesmodel]) -> str:
    """What an actor needs to see documents of one kind, when they travel down."""
    return permission_to_pull(model.collectie) or f"{model.collectie}:zien"


def _refuse_unknown(permissie: str) -> None:
    if permissie not in PERMISSIES:
        raise LookupError(f"no row in the policy for {permissie}")


LIJSTEN = lists(DOCUMENTEN)
COLLECTIES = travelling(DOCUMENTEN)
"""The collections that travel down; `naslag` is two kinds of reference data."""
NAMEN = {model.collectie: name for name, models in COLLECTIES.items() for model in models}
"""The collection in the feed → its name on the wire."""
