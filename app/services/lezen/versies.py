"""What is told of versions (`correcties`, `verschillen`, `beslecht`): as much as the sections of each are shown.

Who decides on a difference sees it whole while it is open; to others one in a section that is closed to them is there,
and no more.
"""

from typing import Any

from app.access.zicht import Gezien
from app.registraties.act import HOEDANIGHEID, Doc
from app.registraties.register import ACTEN
from app.registraties.tonen import beeld
from app.vocabulary import Groep

BESLOTEN = "verschillenBesloten"


def show_versions(told: Doc, gezien: Gezien, ik: str) -> Doc:
    """`told`, of which the functionaris `ik` is shown `gezien`, without versions that are not for him."""
    if _SHOWN.keys().isdisjoint(told):
        return told
    shown, hidden, decides = dict(told), 0, Groep.BESLECHTEN in gezien.delen
    for name, show in _SHOWN.items():
        if name in told and not (decides and name == "verschillen"):
            kept = [show(item, gezien, ik) for item in told[name] if shows(item, gezien, ik)]
            hidden += len(told[name]) - len(kept) if name == "verschillen" else 0
            shown[name] = kept
            if not kept and told[name]:
                del shown[name]
    return {**shown, BESLOTEN: hidden} if hidden else shown


def shows(item: Doc, gezien: Gezien, ik: str) -> bool:
    """Whether anything of the kind of entry that a version is of, or that a strike is about, is shown."""
    act = ACTEN.get(item.get("over", ""))
    secties = act.secties.items() if act is not None else ()
    delen = {sectie for name, sectie in secties if name != HOEDANIGHEID}
    his = item["door"]["functionaris"] == ik
    return bool(delen & gezien.delen or (his and delen & gezien.eigen))


def _plain(item: Doc, _gezien: Gezien, _ik: str) -> Doc:
    return item


def _version(item: Doc, gezien: Gezien, ik: str) -> Doc:
    """One version, with the fields of its payload that are shown."""
    if "inhoud" not in item:
        return item
    mine = item["door"]["functionaris"] == ik
    inhoud = beeld(ACTEN[item["soort"]].inhoud, gezien).show(item["inhoud"], ik, mijn=mine)
    return {**item, "inhoud": inhoud}


def _settled(item: Doc, gezien: Gezien, ik: str) -> Doc:
    return {**item, **{name: _version(item[name], gezien, ik) for name in ("keuze", "verworpen")}}


_SHOWN: dict[str, Any] = {"correcties": _plain, "verschillen": _version, "beslecht": _settled}
