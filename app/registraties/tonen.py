"""From a folded document to what somebody is shown of it: by the parts that are opened to him, closed otherwise.

What a class declares decides: each field lies in a part (its group, else its section, else that of the field that
holds it). Worked out once per class and combination of parts; a document that is shown whole is only copied.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from pydantic.fields import FieldInfo

from app.access.zicht import Deel, Gezien
from app.registraties.act import Doc
from app.registraties.document import GENOEMD, Afgeleid, Met
from app.registraties.lezing import VELD
from app.registraties.model import Model, group, parts, section
from app.vocabulary import Groep

VERSIES = frozenset({Groep.CORRECTIES, Groep.VERSCHILLEN})


class Apart(NamedTuple):
    """A field that is shown, but not as it is."""

    naam: str
    eigen: bool
    """Only what the reader recorded himself."""
    deel: "Beeld | None"
    """What is shown of the parts that it holds; None: they are shown as they are."""


class Beeld(NamedTuple):
    """What is shown of one kind of document or part, and the paths of what is not."""

    namen: tuple[tuple[str, str], ...]
    """The fields that are shown, in order, each with the name under which it is kept."""
    afgeleid: tuple[tuple[str, Callable[[Doc], Any]], ...]
    """Of these the ones that are made of the document."""
    apart: tuple[Apart, ...]
    gemaskeerd: tuple[str, ...]
    besloten: frozenset[str]
    """The fields that are not shown, not all of them, or under another name: what has none is shown as it is."""

    def show(self, doc: Doc, ik: str, *, mijn: bool = False) -> Doc:
        """What the functionaris `ik` is shown; `mijn` says that he recorded what holds it."""
        mijn = _wrote(doc, ik) if "op" in doc and "door" in doc else mijn
        if self.afgeleid:
            doc = {**doc, **{naam: made for naam, make in self.afgeleid if (made := make(doc)) is not None}}
        told = {naam: doc[bewaard] for naam, bewaard in self.namen if bewaard in doc}
        for naam, eigen, deel in self.apart:
            if naam in told:
                value = told[naam] if mijn or not eigen else _his(told[naam], ik)
                if value is None:
                    del told[naam]
                else:
                    told[naam] = value if deel is None else _each(deel, value, ik, mijn=mijn)
        return told


def _each(deel: Beeld, value: Any, ik: str, *, mijn: bool) -> Any:
    whole = deel.besloten.isdisjoint
    if isinstance(value, list):
        return [item if whole(item) else deel.show(item, ik, mijn=mijn) for item in value]
    return value if whole(value) else deel.show(value, ik, mijn=mijn)


def _his(value: Any, ik: str) -> Any:
    """Of a part, or a list of parts, what `ik` recorded; None for nothing, and for what does not say who did."""
    if isinstance(value, list):
        return [item for item in value if _wrote(item, ik)] or None
    return value if _wrote(value, ik) else None


def _wrote(item: Any, ik: str) -> bool:
    """Whether an entry that `ik` recorded says this: only what carries the entry says who did."""
    return isinstance(item, dict) and "op" in item and item.get("door", {}).get("functionaris") == ik


def sure(model: type[Model]) -> frozenset[str]:
    """The paths of all that is always there, in a document and in each part that it holds."""
    found: set[str] = set()
    for name, info in model.model_fields.items():
        wire = info.alias or name
        found |= {wire} if info.is_required() else set()
        for path, part in parts(info.annotation, wire):
            found |= {f"{path}.{each}" for each in sure(part)}
    return frozenset(found)


def delen_of(model: type[Model], boven: Deel | None = None) -> frozenset[Deel]:
    """The parts in which fields of a class lie, and of what it holds; who decides on versions has a part of his own."""
    found: set[Deel] = set()
    for info in model.model_fields.values():
        deel = deel_of(info, boven)
        found |= {deel, Groep.CANONIEK} if GENOEMD in info.metadata else {deel}
        for _, part in parts(info.annotation, ""):
            found |= delen_of(part, deel) if deel not in VERSIES else {Groep.BESLECHTEN}
    return frozenset(found)


def deel_of(info: FieldInfo, boven: Deel | None) -> Deel:
    """The part in which a field lies, of what lies in the part `boven`. Raises TypeError where it says nothing."""
    along = next((m.sectie for m in info.metadata if isinstance(m, Met)), None)
    found = along or group(info) or section(info) or boven
    if found is None:
        raise TypeError("a field of a document has no section")
    return found


@cache
def deel_of_field(document: type[Model], veld: str) -> Deel:
    """The part in which a field of a document lies, by its name on the wire. StopIteration for none of that name."""
    return deel_of(next(info for name, info in document.model_fields.items() if veld in (info.alias, name)), None)


def tells_of(document: type[Model], vraag: str) -> str | None:
    """The field that a filter or an order tells of; None where that is of the server only."""
    veld = VELD.get(vraag, vraag)
    return veld if any(veld in (info.alias, name) for name, info in document.model_fields.items()) else None


@cache
def beeld(model: type[Model], gezien: Gezien, boven: Deel | None = None) -> Beeld:
    """How documents of a class are shown to whoever is shown these parts; `boven` is the part that holds it."""
    namen: list[tuple[str, str]] = []
    afgeleid: list[tuple[str, Callable[[Doc], Any]]] = []
    apart: list[Apart] = []
    closed: list[str] = []
    for name, info in model.model_fields.items():
        wire = info.alias or name
        deel = deel_of(info, boven)
        if deel not in gezien.delen and deel not in gezien.eigen:
            closed.append(wire)
            continue
        whole = deel in VERSIES  # what is told of versions, whoever asks sees by the kind of entry
        inner = {} if whole else {path: beeld(part, gezien, deel) for path, part in parts(info.annotation, wire)}
        closed += [f"{path}.{each}" for path, each_beeld in inner.items() for each in each_beeld.gemaskeerd]
        partly = [each for each in inner.values() if each.besloten]
        if len(inner) > 1 and partly:
            raise TypeError(f"{model.__name__}.{name}: of several kinds of part one is shown in part")
        namen.append((wire, f"_{wire}" if GENOEMD in info.metadata and Groep.CANONIEK not in gezien.delen else wire))
        afgeleid += [(wire, m.maakt) for m in info.metadata if isinstance(m, Afgeleid)]
        eigen = deel in gezien.eigen and not whole
        if eigen or partly:
            apart.append(Apart(wire, eigen, partly[0] if partly else None))
    changed = {wire for wire, kept in namen if wire != kept} | {wire for wire, _ in afgeleid} | {a.naam for a in apart}
    besloten = frozenset(changed | {path for path in closed if "." not in path})
    return Beeld(tuple(namen), tuple(afgeleid), tuple(apart), tuple(sorted(closed)), besloten)
