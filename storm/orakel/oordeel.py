"""The verdict on every operation and the view of every reader, from the order of the ledger alone."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from storm.orakel.dossier import Doc, Dossier, Stap, utc
from storm.orakel.recht import DOET, Lezer, Stuk, may_name, may_write, sees, shown

OVER = {
    "locatie.vastgelegd": "locatie", "controle.gestart": "controle", "controle.afgerond": "controle",
    "persoon.aangetroffen": "controle", "bevinding.vastgelegd": "controle", "signaal.gemeld": "signaal",
    "signaal.beoordeeld": "signaal", "mensenhandelsignaal.vastgelegd": "mensenhandelsignaal",
}  # fmt: skip
"""Which kind of document an act writes; a doorhaling says so itself."""
COLLECTIE = {
    "locatie": "locaties", "controle": "controles", "signaal": "signalen",
    "mensenhandelsignaal": "mensenhandelsignalen",
}  # fmt: skip
NIEUW = frozenset({"locatie.vastgelegd", "signaal.gemeld", "mensenhandelsignaal.vastgelegd"})
"""Acts whose document must be new; `controle.gestart` makes one when there is none."""
EERSTE_DAG = datetime(2000, 1, 1, tzinfo=UTC)
LEIDT = frozenset({"coordineert", "voert_uit"})


class Verdict(NamedTuple):
    """What an entry must be in the ledger as."""

    status: str
    code: str | None = None


ACCEPTED = Verdict("accepted")
CONFLICT = Verdict("conflict", "basis_gewijzigd")
ONBEKEND = Verdict("quarantined", "onderwerp_onbekend")
"""As what an operation about something unknown ends, once it is in the ledger at all."""


def quarantined(code: str) -> Verdict:
    """Stored, and folded into nothing."""
    return Verdict("quarantined", code)


@dataclass
class Toewijzing:
    """A role of somebody, from–until."""

    functionaris: str
    rol: str
    organisatie: str
    gemeenten: frozenset[str]
    tot: datetime | None = None

    def at(self, moment: datetime) -> Lezer:
        """Whoever holds it, as he stands at a moment."""
        active = self.tot is None or moment < self.tot
        return Lezer(self.functionaris, self.rol, self.organisatie, self.gemeenten, active)


@dataclass(frozen=True)
class Geboekt:
    """What the ledger says of one entry, and what the writer sent."""

    op: str
    lezer: Lezer
    toestel: str | None
    ontvangen: datetime
    inzending: Mapping[str, Any]
    vergif: str | None = None
    """the code of what cannot be read"""
    botst: bool = False
    """its id was used before, for something else"""
    klok: bool = False
    """the clock of the device was more than ten minutes off when it was sent"""


@dataclass
class Orakel:
    """Fed with every entry in ledger order; knows no other clock than the entry's own."""

    naslag: dict[str, Doc]
    toewijzingen: dict[str, Toewijzing]
    dossiers: dict[tuple[str, str], Dossier] = field(default_factory=dict)
    stukken: dict[tuple[str, str], Stuk] = field(default_factory=dict)
    """by collection and id"""
    adressen: dict[tuple[str, ...], str] = field(default_factory=dict)
    """the first locatie with an address"""
    locaties: dict[str, Doc] = field(default_factory=dict)
    volgnummers: dict[tuple[str, int], str] = field(default_factory=dict)
    """whose a device's sequence number is"""

    def __post_init__(self) -> None:
        """Everybody sees the reference data."""
        for ident, doc in self.naslag.items():
            self.stukken["naslag", ident] = Stuk("naslag", doc, None)

    def book(self, g: Geboekt) -> tuple[Verdict, frozenset[str]]:
        """Take in one entry; returns what its verdict and its flags must be."""
        flags = {"klok_verdacht"} if g.klok else set()
        verdict, stap = quarantined("id_andere_inhoud"), None
        if not g.botst:
            verdict, stap = self._judge(g, flags)
        if stap is not None:
            flags = set(self._fold(stap).vlaggen)
        if verdict != ACCEPTED:
            self._receive(g, verdict)
        seq = g.inzending.get("deviceSeq")
        if g.toestel and seq is not None:
            self.volgnummers.setdefault((g.toestel, seq), g.inzending["opId"])
        return verdict, frozenset(flags)

    def view(self, lezer: Lezer) -> dict[tuple[str, str], Doc]:
        """Everything that this reader's device must hold, and nothing else."""
        return {key: shown(lezer, stuk) for key, stuk in self.stukken.items() if sees(lezer, stuk)}

    def figures(self, gemeenten: frozenset[str]) -> Doc:
        """The counts over all time."""
        here = [s for s in self.stukken.values() if s.gemeente in gemeenten and s.telt]
        controles = [s.doc for s in here if s.collectie == "controles"]
        concluded = [{wie for o in doc.get("overtredingen", ()) for wie in o["personen"]} for doc in controles]
        found = [{wie["id"] for wie in doc.get("personen", ())} for doc in controles]
        return {
            "controles": len(controles),
            "gecontroleerdePersonen": sum(map(len, found)),
            "personenIllegaleProstitutie": sum(len(a & b) for a, b in zip(found, concluded, strict=True)),
            "locaties": len({doc["locatie"] for doc in controles}),
            "signalenPerBron": dict(Counter(s.doc["bron"] for s in here if s.collectie == "signalen")),
            "mensenhandelsignalen": sum(s.collectie == "mensenhandelsignalen" for s in here),
            "onbeslisteVerschillen": sum(bool(d.get("verschillen") or d.get("startVerschillen")) for d in controles),
        }

    def _judge(self, g: Geboekt, flags: set[str]) -> tuple[Verdict, Stap | None]:
        """The verdict, and what it adds to a document when it stands."""
        op, lezer = g.inzending, g.lezer
        if g.toestel and self.volgnummers.get((g.toestel, op.get("deviceSeq") or 0), op["opId"]) != op["opId"]:
            return quarantined("volgnummer_dubbel"), None
        if g.vergif:
            return quarantined(g.vergif), None
        if not lezer.actief or lezer.rol not in DOET[op["soort"]]:
            return quarantined("recht_ontbreekt"), None
        target = document_of(op)
        stuk = self.stukken.get(target)
        if self._unknown(lezer, op, stuk):
            return ONBEKEND, None
        change = bool(op.get("corrigeert")) or op["soort"] == "doorhaling"
        if stuk is not None and not may_write(lezer, op["soort"], stuk):
            return quarantined("recht_ontbreekt"), None
        stap = self._as_stap(g, flags, None if change else stuk)
        verdict, ernst = self._judge_change(stap) if change else (self._judge_addition(lezer, stap, stuk), None)
        return verdict, replace(stap, conflict=ernst) if verdict.status != "quarantined" else None

    def _unknown(self, lezer: Lezer, op: Mapping[str, Any], stuk: Stuk | None) -> bool:
        """Whether something named is not there, or not for this writer: the two answer alike."""
        soort = op["soort"]
        if stuk is None and soort not in NIEUW | {"controle.gestart"}:
            return True
        if stuk is not None and not (may_name(lezer, stuk) or self._may_add(lezer, soort, stuk)):
            return True
        target = document_of(op)
        others = [(COLLECTIE[kind], ident) for kind, ident in op["onderwerp"].items() if kind in COLLECTIE]
        found = [self.stukken.get(key) for key in others if key != target]
        return any(other is None or not may_name(lezer, other) for other in found)

    @staticmethod
    def _may_add(lezer: Lezer, soort: str, stuk: Stuk) -> bool:
        return stuk.gemeente in lezer.gemeenten and may_write(lezer, soort, stuk)

    def _judge_addition(self, lezer: Lezer, stap: Stap, stuk: Stuk | None) -> Verdict:
        broken = quarantined("regel_geschonden")
        if stuk is None:
            made_at = self.locaties[stap.onderwerp["locatie"]] if stap.soort == "controle.gestart" else stap.inhoud
            return ACCEPTED if made_at["gemeente"] in lezer.gemeenten else quarantined("recht_ontbreekt")
        doc = stuk.doc
        minted = stap.onderwerp.get("persoon") or stap.onderwerp.get("bevinding")
        known = {item["id"] for part in ("personen", "bevindingen") for item in doc.get(part, ())}
        if stap.soort in NIEUW or (minted and minted in known):
            return broken
        if stap.soort == "signaal.beoordeeld" and doc["status"] == "beoordeeld":
            return broken
        if stap.soort == "controle.afgerond" and not may_close(stap, doc):
            return broken
        return ACCEPTED

    def _judge_change(self, stap: Stap) -> tuple[Verdict, str | None]:
        dossier = self.dossiers[COLLECTIE[kind_of(stap.soort, stap.onderwerp)], next(iter(stap.onderwerp.values()))]
        about = stap.corrigeert or stap.inhoud["registratie"]
        original = next((s for s in dossier.stappen if s.op == about and not s.corrigeert), None)
        if original is None:
            return ONBEKEND, None
        if about not in {s.op for s in dossier.standing()}:
            return quarantined("regel_geschonden"), None
        if stap.soort == "doorhaling":  # what another saw is not struck by a colleague
            return ACCEPTED if original.wie == stap.wie else quarantined("recht_ontbreekt"), None
        if stap.basis not in {s.op for s in dossier.stappen}:
            return ONBEKEND, None
        newest = dossier.newest(about)
        if stap.basis == newest:
            return ACCEPTED, None
        seen, theirs, ours = dossier.content(stap.basis or ""), dossier.content(newest), stap.inhoud
        names = {*seen, *theirs, *ours}
        both = [n for n in names if theirs.get(n) != seen.get(n) and ours.get(n) != seen.get(n)]
        return CONFLICT, "hard" if both else "soft"

    def _fold(self, stap: Stap) -> Stap:
        kind = kind_of(stap.soort, stap.onderwerp)
        target = (COLLECTIE[kind], stap.onderwerp[kind])
        if stap.soort == "locatie.vastgelegd":
            adres = stap.inhoud["adres"]
            key = (stap.inhoud["gemeente"], adres["postcode"], adres["huisnummer"])
            self.locaties[target[1]] = {**stap.inhoud, "canoniek": self.adressen.setdefault(key, target[1])}
        dossier = self.dossiers.setdefault(target, Dossier(kind, target[1], self.locaties.__getitem__))
        dossier.stappen.append(stap)
        self.stukken[target] = told = dossier.told()
        if kind == "controle":
            self.stukken["attenderingen", target[1]] = attendering_of(told)
        return stap

    def _as_stap(self, g: Geboekt, flags: set[str], stuk: Stuk | None) -> Stap:
        op = g.inzending
        seen = datetime.fromisoformat(op["waargenomenOp"])
        found = set(flags)
        if not EERSTE_DAG <= seen <= g.ontvangen + timedelta(days=1):
            found.add("datum_onwaarschijnlijk")
        if stuk is not None and stuk.collectie == "controles" and stuk.doc["status"] == "afgerond":
            found.add("nagekomen")
        return Stap(
            op=g.op, soort=op["soort"], onderwerp=dict(op["onderwerp"]), inhoud=dict(op["inhoud"]), waargenomen=seen,
            wie=g.lezer.functionaris, rol=g.lezer.rol, organisatie=g.lezer.organisatie, ontvangen=utc(g.ontvangen),
            vlaggen=frozenset(found), corrigeert=op.get("corrigeert"), basis=op.get("basis"),
            reden=op.get("reden") or op["inhoud"].get("reden"), bijlagen=tuple(op.get("bijlagen", ())),
        )  # fmt: skip

    def _receive(self, g: Geboekt, verdict: Verdict) -> None:
        """The receipt of what was not simply accepted: for its writer."""
        soort = g.inzending.get("soort")
        doc = {
            "id": g.op, "status": verdict.status, "code": verdict.code, "soort": soort if soort in DOET else None,
            "ontvangenOp": utc(g.ontvangen), "functionaris": g.lezer.functionaris, "rol": g.lezer.rol,
            "organisatie": g.lezer.organisatie, "toestel": g.toestel,
        }  # fmt: skip
        if verdict.status == "quarantined":
            doc["stand"] = "open"  # nobody decides in a storm
        self.stukken["ontvangsten", g.op] = Stuk("ontvangsten", doc, None, {g.lezer.functionaris})


def kind_of(soort: str, onderwerp: Mapping[str, str]) -> str:
    """The kind of document that an act writes."""
    return OVER.get(soort) or next(kind for kind in onderwerp if kind in COLLECTIE)


def document_of(op: Mapping[str, Any]) -> tuple[str, str]:
    """The document that an operation writes."""
    kind = kind_of(op["soort"], op["onderwerp"])
    return COLLECTIE[kind], op["onderwerp"][kind]


def may_close(stap: Stap, doc: Doc) -> bool:
    """A running controle is closed by who did it, not before it began."""
    begun = datetime.fromisoformat(doc["begonnenOp"])
    led = doc["coordinator"] == stap.wie or any(
        wie["functionaris"] == stap.wie and wie["taak"] in LEIDT for wie in doc["deelnemers"]
    )
    return doc["status"] == "gestart" and stap.waargenomen >= begun and led


def attendering_of(controle: Stuk) -> Stuk:
    """What the regisseur is told of every controle."""
    doc = {key: controle.doc[key] for key in ("id", "gemeente", "status", "begonnenOp")}
    doc |= {"controle": doc["id"], "aangemaakt": "eerste_vastlegging", "gezienDoor": []}
    return Stuk("attenderingen", doc, controle.gemeente, telt=False)
