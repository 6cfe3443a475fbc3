"""The regisseur has seen that there is a controle."""

from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, iso
from app.registraties.controle.stand import status


class AttenderingGezien(Inhoud):
    """Zegt niets dan dat de attendering is gezien."""


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """Each functionaris once. Seeing is no writing: it makes nobody a participant."""
    new = {"id": str(r.onderwerp["controle"]), **(doc or {})}
    seen: list[Doc] = new.get("_gezien", [])
    if str(r.functionaris) not in {wie["functionaris"] for wie in seen}:
        one = {"functionaris": str(r.functionaris), "op": str(r.op), "gezienOp": iso(r.waargenomen_op)}
        new["_gezien"] = [*seen, one]
    return {**new, "status": status(new)}


ACT = Act(
    soort="attendering.gezien",
    inhoud=AttenderingGezien,
    aggregaat="controle",
    permissie="attendering:zien",
    titel="Een attendering als gezien markeren.",
    pad="/attenderingen/{controle}/gezien",
    onderwerp={"controle": "controle"},
    fold=fold,
)
