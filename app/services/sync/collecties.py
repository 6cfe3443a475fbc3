"""Every collection that is read, as its document class declares it: lists for people, what travels for devices."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from app.access.beleid import PERMISSIES
from app.models.base import Leesmodel, listed_fields
from app.registraties.document import Document, fields
from app.registraties.lezing import VELD, Lijst, column_of
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

    @property
    def volgt(self) -> bool:
        """Whether changes can be asked for: of what travels by the permission by which it is listed."""
        return self.document.reis is not None and permission(self.model) == self.needs

    def unknown(self) -> frozenset[str]:
        """What it declares that is no field of its documents, or no column."""
        names = {VELD.get(name, name) for name in self.lijst.filters} | set(self.lijst.sleutels)
        if (tot := self.lijst.duurt_tot) is not None and tot not in self.document.paths():
            names.add(tot)
        columns = {name for name, _ in self.lijst.alleen} | {column_of(name) for name in self.lijst.sorteer}
        return frozenset((names - fields(self.document)) | (columns - self.model.model_fields.keys()))

    def values(self, name: str) -> Any:
        """The type of what may be asked of a field: all that it can be, but absent or empty."""
        hint = next(i.annotation for n, i in self.document.model_fields.items() if name in (n, i.alias))
        if get_origin(hint) not in {Union, UnionType}:
            return hint
        return Union[tuple(each for each in get_args(hint) if each not in (NoneType, Literal[""]))]  # noqa: UP007


def lists(documenten: Mapping[str, type[Document]]) -> tuple[Collectie, ...]:
    """The lists of these documents, by path. LookupError for names of nothing, or an order that is not the table's."""
    found = [Collectie(MODELLEN[name], d, d.lijst) for name, d in documenten.items()]
    for collectie in found:
        if unknown := collectie.unknown():
            raise LookupError(f"the list {collectie.pad} is asked for {', '.join(sorted(unknown))}")
        if (said := collectie.lijst.volgorde) != (made := listed_fields(collectie.model)):
            raise LookupError(f"the list {collectie.pad} declares the order {said}, its table is listed_by {made}")
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
