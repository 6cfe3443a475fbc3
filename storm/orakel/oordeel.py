"""The verdict on every operation and the view of every reader, from the order of the ledger alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from storm.orakel.bureau import AANVAARD, BESLUIT, Geboekt, Ingehouden, receive
from storm.orakel.cijfers import count
from storm.orakel.dossier import BESLECHT, HERZIET, STREEPT, Doc, Dossier, Stap, utc
from storm.orakel.recht import DOET, NERGENS, Lezer, Stuk, Toewijzing, may_name, may_write, reads_facts, sees, shown
from storm.orakel.soorten import COLLECTIE, POLITIE, address_of, document_of, kind_of, recorded_for

NIEUW = frozenset({"locatie.vastgelegd", "signaal.gemeld", "mensenhandelsignaal.vastgelegd", "controle.gepland"})
"""Acts whose document must be new; `controle.gestart` makes one when there is none."""
EERSTE_DAG = datetime(2000, 1, 1, tzinfo=UTC)
ZONDER_GROND = {
    "artikel": "AVG 9; Raad van State W16.23.00391/II",
    "reden": "Deze gemeente legt geen personen apart vast: een grondslag daarvoor is niet vastgelegd en bevestigd.",
    "watNu": "Leg een telling vast, of hulp zonder persoon; noem bij een overtreding het aantal in plaats van wie.",
}
ZWIJGT = {
    "artikel": "Awb 3:46",
    "reden": "Noem de overtredingen, of de uitkomst niet_vastgesteld.",
    "watNu": "Stel eerst de overtreding vast.",
}
LEIDT = frozenset({"coordineert", "voert_uit"})


class Verdict(NamedTuple):
    """What an entry must be in the ledger as."""

    status: str
    code: str | None = None


ACCEPTED = Verdict("accepted")
CONFLICT = Verdict("conflict", "basis_gewijzigd")
REGEL, RECHT = Verdict("quarantined", "regel_geschonden"), Verdict("quarantined", "recht_ontbreekt")
ONBEKEND = Verdict("quarantined", "onderwerp_onbekend")
"""As what an operation about something unknown ends, once it is in the ledger at all."""


def quarantined(code: str) -> Verdict:
    """Stored, and folded into nothing."""
    return Verdict("quarantined", code)


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
    geweigerd: dict[str, Doc] = field(default_factory=dict)
    """ends that say nothing themselves, of a controle where nothing was concluded"""
    apart: set[str] = field(default_factory=set)
    """the municipalities that keep rows about persons; others count"""
    locaties: dict[str, Doc] = field(default_factory=dict)
    volgnummers: dict[tuple[str, int], str] = field(default_factory=dict)
    """whose a device's sequence number is"""
    bureau: dict[str, Ingehouden] = field(default_factory=dict)
    """what was not simply accepted, by op"""

    def __post_init__(self) -> None:
        """Everybody sees the organisations; an officer who works where they do."""
        for ident, doc in self.naslag.items():
            officer = frozenset({NERGENS}) if "aanduiding" in doc else frozenset()
            if doc["naslag"] == "grondslagbijzonder":
                officer = frozenset({doc["gemeentecode"]})
                self.apart.add(doc["gemeentecode"])
            self.stukken["naslag", ident] = Stuk("naslag", doc, None, werkt=officer)
        for toewijzing in self.toewijzingen.values():
            self.employ(toewijzing)

    def employ(self, toewijzing: Toewijzing) -> None:
        """From his first role in a municipality on an officer is known there."""
        self.stukken["naslag", toewijzing.functionaris].werkt |= toewijzing.gemeenten

    def book(self, g: Geboekt) -> tuple[Verdict, frozenset[str]]:
        """Take in one entry; returns what its verdict and its flags must be."""
        flags = {"klok_verdacht"} if g.klok else set()
        verdict, stap = quarantined("id_andere_inhoud"), None
        if not g.botst:
            verdict, stap = self.judge(g)
        if stap is not None:
            self._fold(stap)
        if g.inzending.get("soort") == BESLUIT and verdict == ACCEPTED:
            self.bureau[g.inzending["onderwerp"]["ontvangst"]].decide(g)
        elif stap is not None:
            flags = set(stap.vlaggen)
        if verdict != ACCEPTED or (flags and not hidden(g.inzending)):
            looked = not g.onleesbaar and not g.botst  # what was booked before is not looked up again
            about = self.stukken.get(document_of(g.inzending)) if looked else None
            held = receive(g, verdict, frozenset(flags), about)
            held.stuk.doc |= {"weigering": self.geweigerd[g.op]} if g.op in self.geweigerd else {}
            self.stukken["ontvangsten", g.op] = held.stuk
            if verdict != ACCEPTED:
                self.bureau[g.op] = held
        seq = g.inzending.get("deviceSeq")
        if g.toestel and seq is not None:
            self.volgnummers.setdefault((g.toestel, seq), g.inzending["opId"])
        return verdict, frozenset(flags)

    def desk(self, lezer: Lezer) -> dict[str, Doc]:
        """What this reader's desk lists as still to be decided."""
        return {op: held.stuk.doc for op, held in self.bureau.items() if held.open and held.lists(lezer)}

    def view(self, lezer: Lezer) -> dict[tuple[str, str], Doc]:
        """Everything that this reader's device must hold, and nothing else."""
        return {key: shown(lezer, stuk) for key, stuk in self.stukken.items() if sees(lezer, stuk)}

    def figures(self, gemeenten: frozenset[str]) -> Doc:
        """The counts over all time."""
        return count(s for s in self.stukken.values() if s.gemeente in gemeenten and s.telt)

    def judge(self, g: Geboekt) -> tuple[Verdict, Stap | None]:
        """What an entry must be, were it booked now, and what it adds to a document when it stands; alters nothing."""
        op, lezer = g.inzending, g.lezer
        if g.toestel and self.volgnummers.get((g.toestel, op.get("deviceSeq") or 0), op["opId"]) != op["opId"]:
            return quarantined("volgnummer_dubbel"), None
        if g.onleesbaar:
            return quarantined(g.onleesbaar), None
        if not lezer.actief or lezer.rol not in DOET[op["soort"]]:
            return RECHT, None
        return self._judge_decision(g) if op["soort"] == BESLUIT else self._judge_readable(g, None)

    def _judge_decision(self, g: Geboekt) -> tuple[Verdict, Stap | None]:
        """The desk decides once, of what is for it; what it takes in has to hold now, and is not its own."""
        held = self.bureau.get(g.inzending["onderwerp"]["ontvangst"])
        if held is None or not (held.lists(g.lezer) or g.lezer.functionaris in held.stuk.betrokken):
            return ONBEKEND, None
        if not held.decides(g.lezer):
            return RECHT, None
        if not held.open:
            return REGEL, None
        if g.inzending["inhoud"]["besluit"] != AANVAARD:
            return ACCEPTED, None
        if held.geboekt.onleesbaar or g.lezer.functionaris in held.stuk.betrokken:
            return REGEL, None
        _, stap = self._judge_readable(held.geboekt, g.lezer)
        return (ACCEPTED, stap) if stap is not None else (REGEL, None)

    def _judge_readable(self, g: Geboekt, desk: Lezer | None) -> tuple[Verdict, Stap | None]:
        """The verdict on what can be read; `desk` takes it in, and stands in for the rights that its writer lacks."""
        op, lezer, soort = g.inzending, g.lezer, g.inzending["soort"]
        flags = {"klok_verdacht"} if g.klok else set()
        if desk is not None:
            lezer = replace(lezer, gemeenten=desk.gemeenten, actief=True)
            flags.add("uit_quarantaine")
        if lezer.rol not in DOET[soort]:
            return RECHT, None
        stuk = self.stukken.get(document_of(op))
        if self._unknown(lezer, op, stuk, desk):
            return ONBEKEND, None
        change = bool(op.get("corrigeert")) or soort in HERZIET
        if stuk is not None and not self._may_write(lezer, soort, stuk, desk):
            return RECHT, None
        stap = self._as_stap(g, flags, None if change else stuk)
        ernst = None
        if soort == BESLECHT:
            verdict = self._judge_settlement(replace(g.lezer, actief=True), stap, stuk, desk)
        elif change:
            verdict, ernst = self._judge_change(lezer, stap, desk)
        else:
            verdict = self._judge_addition(lezer, stap, stuk)
        return verdict, replace(stap, conflict=ernst) if verdict.status != "quarantined" else None

    @staticmethod
    def _may_write(lezer: Lezer, soort: str, stuk: Stuk, desk: Lezer | None) -> bool:
        return may_write(lezer, soort, stuk) or (desk is not None and sees(desk, stuk))

    def _unknown(self, lezer: Lezer, op: Mapping[str, Any], stuk: Stuk | None, desk: Lezer | None) -> bool:
        """Whether something named is not there, or not for this writer: the two answer alike."""
        soort = op["soort"]
        if stuk is None and soort not in NIEUW | {"controle.gestart"}:
            return True

        def known(this: Stuk) -> bool:
            if may_name(lezer, this) or (desk is not None and may_name(desk, this)):
                return True
            asker = desk or lezer
            return (
                this.collectie == "locaties"
                and this.gemeente in lezer.gemeenten
                and self._shown_at(this.doc["id"], asker)
            )

        if stuk is not None and not (known(stuk) or self._may_add(lezer, soort, stuk)):
            return True
        target = document_of(op)
        others = [(COLLECTIE[kind], ident) for kind, ident in op["onderwerp"].items() if kind in COLLECTIE]
        found = [self.stukken.get(key) for key in others if key != target]
        return any(other is None or not known(other) for other in found)

    @staticmethod
    def _may_add(lezer: Lezer, soort: str, stuk: Stuk) -> bool:
        return stuk.gemeente in lezer.gemeenten and may_write(lezer, soort, stuk)

    def _judge_addition(self, lezer: Lezer, stap: Stap, stuk: Stuk | None) -> Verdict:
        said = stap.inhoud.get("hoedanigheid", "toezicht") if stap.soort == "locatie.vastgelegd" else "toezicht"
        if stuk is None and said != "toezicht" and lezer.rol not in POLITIE:
            return REGEL
        if stuk is None:
            visits = stap.soort in {"controle.gepland", "controle.gestart"}
            made_at = self.locaties[stap.onderwerp["locatie"]] if visits else stap.inhoud
            return ACCEPTED if made_at["gemeente"] in lezer.gemeenten else RECHT
        doc = stuk.doc
        counted = lezer.rol not in POLITIE and doc["gemeente"] not in self.apart
        minted = next(
            (stap.onderwerp[key] for key in ("persoon", "bevinding", "overtreding") if key in stap.onderwerp), None
        )
        known = {item["id"] for part in ("personen", "bevindingen", "overtredingen") for item in doc.get(part, ())}
        if stap.soort == "persoon.aangetroffen" and counted:
            self.geweigerd[stap.op] = ZONDER_GROND
            return REGEL
        judged = stap.soort == "signaal.beoordeeld" and doc["status"] == "beoordeeld"
        too_late = stap.soort == "controle.afgelast" and not may_call_off(stap, doc)
        if stap.soort in NIEUW or (minted and minted in known) or judged or too_late:
            return REGEL
        says = doc.get("overtredingen") or stap.inhoud.get("overtredingen") or "uitkomst" in stap.inhoud
        silent = stap.soort == "controle.afgerond" and not says
        if silent and may_close(stap, doc):
            self.geweigerd[stap.op] = ZWIJGT
        begun = "begonnenOp" in doc
        return REGEL if silent and begun else self._judge_conclusion(stap, doc, counted=counted)

    def _judge_conclusion(self, stap: Stap, doc: Doc, *, counted: bool) -> Verdict:
        """By who led it, from what was recorded before; of persons one by one only where rows may be kept."""
        ends, concludes = stap.soort == "controle.afgerond", stap.soort == "overtreding.vastgesteld"
        if (ends or concludes) and "begonnenOp" not in doc:
            return ONBEKEND
        if (ends and not may_close(stap, doc)) or (concludes and not led_by(stap, doc)):
            return REGEL
        said = [stap.inhoud] if concludes else stap.inhoud.get("overtredingen", [])
        return next((wrong for o in said if (wrong := self._judge_one(stap, doc, o, counted=counted))), ACCEPTED)

    def _judge_one(self, stap: Stap, doc: Doc, o: Doc, *, counted: bool) -> Verdict | None:
        """What is wrong with one overtreding, if anything is."""
        findings = {item["id"] for item in doc.get("bevindingen", ())}
        persons = {item["id"]: item["rol"] for item in doc.get("personen", ())}
        named = {*o.get("alleen", ())}
        if not {*o.get("bevindingen", ())} <= findings:
            return ONBEKEND
        if named and counted:
            self.geweigerd[stap.op] = ZONDER_GROND
            return REGEL
        if not named <= persons.keys():
            return ONBEKEND
        return REGEL if any(persons[wie] != "sekswerker" for wie in named) else None

    def _judge_change(self, lezer: Lezer, stap: Stap, desk: Lezer | None) -> tuple[Verdict, str | None]:
        target = target_of(stap)
        stuk, dossier = self.stukken.get(target), self.dossiers.get(target)
        if dossier is None:
            return ONBEKEND, None
        about = stap.corrigeert or stap.inhoud["registratie"]
        original = next((s for s in dossier.stappen if s.op == about and not s.corrigeert), None)
        if original is None:
            return ONBEKEND, None
        if about not in {s.op for s in dossier.standing()}:
            return REGEL, None
        assert stuk is not None  # something of it stands
        if lezer.rol not in DOET[original.soort] or not self._may_write(lezer, original.soort, stuk, desk):
            return RECHT, None
        if stap.soort == STREEPT:
            return self._judge_strike(desk or lezer, stap, original, stuk), None
        return judge_correction(dossier, about, stap)

    def _judge_strike(self, asker: Lezer, stap: Stap, original: Stap, stuk: Stuk) -> Verdict:
        """What another saw is not struck by a colleague, nor a place that a document stands on for whoever asks."""
        if original.wie != stap.wie:
            return RECHT
        used = stuk.collectie == "locaties" and self._shown_at(stuk.doc["id"], asker)
        return REGEL if used else ACCEPTED

    def _judge_settlement(self, lezer: Lezer, stap: Stap, stuk: Stuk | None, desk: Lezer | None) -> Verdict:
        """Of two versions in one document that he can read, while they differ; not for himself against another."""
        named, dossier = (stap.inhoud["keuze"], stap.inhoud["verworpen"]), self.dossiers.get(target_of(stap))
        known = {s.op for s in dossier.stappen} if dossier is not None else set()
        if stuk is None or dossier is None or not sees(lezer, stuk) or not known >= set(named):
            return ONBEKEND
        if stuk.collectie == "controles" and not (reads_facts(lezer, stuk) or lezer.functionaris == stuk.leidt):
            return RECHT
        if set(named) not in dossier.open_pairs():
            return REGEL
        decide, (chosen, writers) = {stap.wie, *([desk.functionaris] if desk else [])}, dossier.at_stake(*named)
        if chosen in decide and not writers <= decide:
            return REGEL
        after = replace(dossier, stappen=[*dossier.stappen, stap]).told()
        left = after.doc if after is not None else {}
        silent = "eindeOp" in left and not left["overtredingen"] and "uitkomst" not in left
        return REGEL if silent else ACCEPTED

    def _shown_at(self, ident: str, asker: Lezer) -> bool:
        """Whether a document that the asker reads shows him that it stands on this locatie."""
        standing = (s for s in self.stukken.values() if s.collectie in {"controles", "signalen"} and sees(asker, s))
        return any(shown(asker, s).get("locatie") == ident for s in standing)

    def _fold(self, stap: Stap) -> None:
        kind, target = kind_of(stap.soort, stap.onderwerp), target_of(stap)
        if stap.soort == "locatie.vastgelegd":
            place = {**stap.inhoud, "hoedanigheid": recorded_for(stap.inhoud, stap.rol)}
            canoniek = self.adressen.setdefault(address_of(place), target[1])
            self.locaties[target[1]] = {**place, "canoniek": canoniek}
        dossier = self.dossiers.setdefault(target, Dossier(kind, target[1], self.locaties.__getitem__))
        dossier.stappen.append(stap)
        told = dossier.told()
        if told is None:
            gone = self.stukken.pop(target)
            if kind == "locatie":
                self.stukken[target] = dossier.struck_place(gone)
            return
        self.stukken[target] = told
        if kind == "controle":
            self.stukken["attenderingen", target[1]] = attendering_of(told)

    def _as_stap(self, g: Geboekt, flags: set[str], stuk: Stuk | None) -> Stap:
        op = g.inzending
        seen = datetime.fromisoformat(op["waargenomenOp"])
        found = flags | ({"keten_gebroken"} if g.keten else set())
        if not EERSTE_DAG <= seen <= g.ontvangen + timedelta(days=1):
            found.add("datum_onwaarschijnlijk")
        status = stuk.doc["status"] if stuk is not None and stuk.collectie == "controles" else ""
        if status == "afgerond":
            found.add("nagekomen")
        if status == "afgelast" and op["soort"] == "controle.gestart":
            found.add("na_afgelasting")
        written = datetime.fromisoformat(op.get("vastgelegdOp") or op["waargenomenOp"]), seen
        own = [t for t in (stuk.doc.get("_tellingen", ()) if stuk is not None else ()) if t.wie == g.lezer.functionaris]
        if op["soort"] == "telling.vastgelegd" and any((t.vastgelegd, t.waargenomen) > written for t in own):
            found.add("telt_niet")
        return Stap(
            op=g.op, soort=op["soort"], onderwerp=dict(op["onderwerp"]), inhoud=dict(op["inhoud"]), waargenomen=seen,
            vastgelegd=written[0],
            wie=g.lezer.functionaris, rol=g.lezer.rol, organisatie=g.lezer.organisatie, ontvangen=utc(g.ontvangen),
            vlaggen=frozenset(found), corrigeert=op.get("corrigeert"), basis=op.get("basis"),
            reden=op.get("reden") or op["inhoud"].get("reden"), bijlagen=tuple(op.get("bijlagen", ())),
        )  # fmt: skip


def judge_correction(dossier: Dossier, about: str, stap: Stap) -> tuple[Verdict, str | None]:
    """The newest version is corrected; of an older one it is a difference, hard where both changed a field."""
    if stap.basis not in {s.op for s in dossier.stappen}:
        return ONBEKEND, None
    newest = dossier.newest(about)
    if stap.basis == newest:
        return ACCEPTED, None
    seen, theirs, ours = dossier.content(stap.basis or ""), dossier.content(newest), stap.inhoud
    names = {*seen, *theirs, *ours} - {"hoedanigheid"}
    both = [n for n in names if theirs.get(n) != seen.get(n) and ours.get(n) != seen.get(n)]
    return CONFLICT, "hard" if both else "soft"


def hidden(inzending: Mapping[str, Any]) -> bool:
    """Whether the phone of its writer forgets it: it hears nothing of what holds."""
    return str(inzending.get("soort", "")).startswith("mensenhandelsignaal")


def target_of(stap: Stap) -> tuple[str, str]:
    """The document that a step is about."""
    kind = kind_of(stap.soort, stap.onderwerp)
    return COLLECTIE[kind], stap.onderwerp[kind]


def may_close(stap: Stap, doc: Doc) -> bool:
    """A controle is closed by who did it, whatever his clock says and whoever closed it, until that was decided on."""
    decided = any(each["over"] == "controle.afgerond" for each in doc.get("beslecht", ()))
    return "begonnenOp" in doc and not decided and led_by(stap, doc)


def may_call_off(stap: Stap, doc: Doc) -> bool:
    """What is planned still is called off by who planned it or coordinates it, who steers, or the PCT that began it."""
    if doc["status"] != "gepland":
        return False
    own = stap.wie in {doc["planning"]["door"]["functionaris"], doc["coordinator"]}
    begun = stap.rol == "pct" and stap.organisatie == doc["initiatief"]
    return own or begun or stap.rol == "regisseur"


def led_by(stap: Stap, doc: Doc) -> bool:
    """Whether its writer carried out the controle, or coordinates it, by any of its starts."""
    beside = doc.get("startVerschillen", ())
    leads = {doc["coordinator"], *(start.get("coordinator", start["door"]["functionaris"]) for start in beside)}
    return stap.wie in leads or any(
        wie["functionaris"] == stap.wie and wie["taak"] in LEIDT
        for start in (doc, *beside)
        for wie in start.get("deelnemers", ())
    )


def attendering_of(controle: Stuk) -> Stuk:
    """What the regisseur is told of every controle."""
    kept = ("id", "gemeente", "status", "begonnenOp")
    doc: Doc = {key: controle.doc[key] for key in kept if key in controle.doc}
    first, told = ("planning", "planning") if "planning" in controle.doc else ("start", "eerste_vastlegging")
    doc |= {"controle": doc["id"], "aangemaakt": told, "gezienDoor": []}
    doc["aangemaaktOp"] = controle.doc[first]["waargenomenOp"]
    return Stuk("attenderingen", doc, controle.gemeente, telt=False)
