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
from app.registraties.document import GENOEMD, MEE, Afgeleid, Met
from app.registraties.model import Model, group, parts, section
from app.vocabulary import Groep

VERSIES = frozenset({Groep.CORRECTIES, Groep.VERSCHILLEN})


class Veld(NamedTuple):
    """One field that is shown: under which name it is kept, and how its value is made."""

    naam: str
    bewaard: str
    eigen: bool
    deel: "Beeld | None"
    """What is shown of the parts that it holds; None: they are shown as they are."""
    afgeleid: Callable[[Doc], Any] | None = None


class Beeld(NamedTuple):
    """What is shown of one kind of document or part, and the paths of what is not."""

    velden: tuple[Veld, ...]
    gemaskeerd: tuple[str, ...]
    besloten: frozenset[str]
    """The fields that are not shown, not all of them, or under another name: what has none is shown as it is."""

    def show(self, doc: Doc, ik: str, *, mijn: bool = False) -> Doc:
        """What the functionaris `ik` is shown; `mijn` says that he recorded what holds it."""
        mijn = _wrote(doc, ik) if "op" in doc and "door" in doc else mijn
        told: Doc = {}
        for naam, bewaard, eigen, deel, afgeleid in self.velden:
            if afgeleid is not None:
                value = afgeleid(doc)
                if value is not None:
                    told[naam] = value
            elif bewaard in doc:
                value = doc[bewaard]
                if eigen and not mijn:
                    value = _his(value, ik)
                    if value is None:
                        continue
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
    along = next((m.sectie for m in info.metadata if isinstance(m, Met)), boven if MEE in info.metadata else None)
    found = along or group(info) or section(info) or boven
    if found is None:
        raise TypeError("a field of a document has no section")
    return found


@cache
def beeld(model: type[Model], gezien: Gezien, boven: Deel | None = None) -> Beeld:
    """How documents of a class are shown to whoever is shown these parts; `boven` is the part that holds it."""
    velden: list[Veld] = []
    closed: list[str] = []
    for name, info in model.model_fields.items():
        wire = info.alias or name
        deel = deel_of(info, boven)
        derived = next((m.maakt for m in info.metadata if isinstance(m, Afgeleid)), None)
        if deel not in gezien.delen and deel not in gezien.eigen:
            closed.append(wire)
            continue
        whole = deel in VERSIES  # what is told of versions, whoever asks sees by the kind of entry
        inner = {} if whole else {path: beeld(part, gezien, deel) for path, part in parts(info.annotation, wire)}
        closed += [f"{path}.{each}" for path, each_beeld in inner.items() for each in each_beeld.gemaskeerd]
        partly = [each for each in inner.values() if each.besloten]
        if len(inner) > 1 and partly:
            raise TypeError(f"{model.__name__}.{name}: of several kinds of part one is shown in part")
        kept = f"_{wire}" if GENOEMD in info.metadata and Groep.CANONIEK not in gezien.delen else wire
        velden.append(Veld(wire, kept, deel in gezien.eigen and not whole, partly[0] if partly else None, derived))
    apart = {v.naam for v in velden if v.deel is not None or v.eigen or v.afgeleid is not None or v.naam != v.bewaard}
    return Beeld(tuple(velden), tuple(sorted(closed)), frozenset(apart | {path for path in closed if "." not in path}))
