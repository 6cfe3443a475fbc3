"""The quarantine desk: what is kept there, for whom, and the receipt that its writer hears of it by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storm.orakel.dossier import Doc, utc
from storm.orakel.recht import DOET, Lezer, Stuk
from storm.orakel.soorten import POLITIE, recorded_for

OPEN, AANVAARD = "open", "aanvaard"
BESLUIT = "quarantaine.beoordeeld"
BEGINT = frozenset({"locatie.vastgelegd", "signaal.gemeld", "mensenhandelsignaal.vastgelegd", "controle.gepland",
                    "controle.gestart"})  # fmt: skip
"""Acts that can make their document."""


PLEKKEN = frozenset({"controle", "locatie"})
"""What the police record there may be in another capacity than toezicht, and a strike says none."""


@dataclass(frozen=True)
class Geboekt:
    """What the ledger says of one entry, and what the writer sent."""

    op: str
    lezer: Lezer
    toestel: str | None
    ontvangen: datetime
    inzending: Mapping[str, Any]
    onleesbaar: str | None = None
    """the code of what cannot be read"""
    botst: bool = False
    """its id was used before, for something else"""
    klok: bool = False
    """the clock of the device was more than ten minutes off when it was sent"""
    keten: bool = False
    """it does not follow, by its signature, on what the device sent before"""


@dataclass
class Ingehouden:
    """An entry that was not simply accepted: its receipt, and who decides when it is in quarantine."""

    geboekt: Geboekt
    stuk: Stuk
    kring: str
    """gemeente, politie, team or mensenhandel: whom its content concerns"""
    leidt: str = ""
    """of what is for a team: who coordinates"""

    @property
    def open(self) -> bool:
        """Whether somebody has to decide."""
        return self.stuk.doc.get("stand") == OPEN

    def decides(self, lezer: Lezer) -> bool:
        """Whether this is the desk for it: the content and the decision are for the circle that it concerns."""
        if self.kring == "team" and lezer.actief and lezer.functionaris == self.leidt:
            return True
        circles = {"regisseur": {"gemeente"}, "pct": {"politie", "mensenhandel", "team"}}
        return self.near(lezer) and self.kring in circles.get(lezer.rol, ())

    def lists(self, lezer: Lezer) -> bool:
        """Whether he knows that it is there: the regisseur knows of all in his municipalities."""
        return self.decides(lezer) or (self.near(lezer) and lezer.rol == "regisseur")

    def near(self, lezer: Lezer) -> bool:
        """Whether its writer worked where `lezer` does."""
        return lezer.actief and bool(lezer.gemeenten & self.geboekt.lezer.gemeenten)

    def decide(self, besluit: Geboekt) -> None:
        """The receipt says who decided what, and why."""
        given = besluit.inzending["inhoud"]
        door = {"functionaris": besluit.lezer.functionaris, "rol": besluit.lezer.rol}
        told = {"op": besluit.op, "door": door, "ontvangenOp": utc(besluit.ontvangen), "reden": given["reden"]}
        self.stuk.doc |= {"stand": given["besluit"], "beoordeling": told}


VLAGGEN = ("klok_verdacht", "keten_gebroken", "datum_onwaarschijnlijk", "nagekomen", "na_afgelasting", "telt_niet")
"""In the order in which they are said."""


def receive(g: Geboekt, verdict: tuple[str, str | None], flags: frozenset[str], about: Stuk | None) -> Ingehouden:
    """The receipt of what was not simply accepted, and of what was odd: for its writer, and the desk of its circle."""
    (status, code), odd = verdict, [vlag for vlag in VLAGGEN if vlag in flags]
    soort = g.inzending.get("soort")
    doc: Doc = {
        "id": g.op, "status": status, "soort": soort if soort in DOET else None,
        "ontvangenOp": utc(g.ontvangen), "functionaris": g.lezer.functionaris, "rol": g.lezer.rol,
        "organisatie": g.lezer.organisatie, "toestel": g.toestel,
    }  # fmt: skip
    doc |= ({"code": code} if code else {}) | ({"vlaggen": odd} if odd else {})
    if status == "quarantined":
        doc["stand"] = OPEN
    leads = about.leidt if about is not None else ""
    return Ingehouden(g, Stuk("ontvangsten", doc, None, {g.lezer.functionaris}), circle(g, about), leads)


def circle(g: Geboekt, about: Stuk | None) -> str:
    """Whom it concerns. Of what cannot be read nobody knows, so the fewest may look."""
    op, soort = g.inzending, g.inzending.get("soort", "")
    if g.onleesbaar or (g.botst and op.get("hand")) or soort.startswith("mensenhandelsignaal"):
        return "mensenhandel"
    police = op["inhoud"].get("bron") == "politie" or (about is not None and about.politie)
    police |= soort == "locatie.vastgelegd" and g.lezer.rol in POLITIE and not_toezicht(op["inhoud"], g.lezer.rol)
    unknown = about is None and soort not in BEGINT
    unsaid = soort != "locatie.vastgelegd" and "hoedanigheid" not in op["inhoud"] and op["onderwerp"].keys() & PLEKKEN
    if police or (g.lezer.rol in POLITIE and (unknown or unsaid)):
        return "politie"
    return "team" if soort in {"persoon.aangetroffen", "telling.vastgelegd"} else "gemeente"


def not_toezicht(inhoud: Mapping[str, Any], rol: str) -> bool:
    """Whether a place is not for the eyes of the municipality."""
    return recorded_for(inhoud, rol) != "toezicht"
