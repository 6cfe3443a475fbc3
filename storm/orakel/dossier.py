"""What a document holds: the entries about it, in ledger order, told again from the first to the last."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5
from zoneinfo import ZoneInfo

from storm.orakel.recht import NERGENS, Stuk

Doc = dict[str, Any]
STREEPT, BESLECHT = "doorhaling", "verschil.beoordeeld"
HERZIET = frozenset({STREEPT, BESLECHT})
"""Acts that say something about other entries of the document."""
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True)
class Stap:
    """One entry that stands, or an open difference (`conflict`)."""

    op: str
    soort: str
    onderwerp: dict[str, str]
    inhoud: Doc
    waargenomen: datetime
    vastgelegd: datetime
    """when it was written down; a correction leaves it"""
    wie: str
    rol: str
    organisatie: str
    ontvangen: str
    vlaggen: frozenset[str] = frozenset()
    corrigeert: str | None = None
    basis: str | None = None
    reden: str | None = None
    conflict: str | None = None
    """hard or soft"""
    bijlagen: tuple[Doc, ...] = ()
    """the files that it promises"""

    @property
    def door(self) -> Doc:
        """Who, in which role."""
        return {"functionaris": self.wie, "rol": self.rol}

    @property
    def stempel(self) -> Doc:
        """What every part of a document says of its origin."""
        odd = {"nagekomen": "nagekomen", "uit_quarantaine": "uitQuarantaine"}
        marks = {told: True for vlag, told in odd.items() if vlag in self.vlaggen}
        return {"op": self.op, "door": self.door, "waargenomenOp": utc(self.waargenomen), **marks}

    @property
    def telt(self) -> bool:
        """Whether it counts in the figures."""
        return "datum_onwaarschijnlijk" not in self.vlaggen


def utc(moment: datetime) -> str:
    """As answers write a moment."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Dossier:
    """All steps about one document. `place` finds the locatie of a controle."""

    soort: str
    ident: str
    place: Callable[[str], Doc]
    stappen: list[Stap] = field(default_factory=list)

    def standing(self) -> list[Stap]:
        """The entries that hold: corrected ones with their newest content, in their own place; struck ones not."""
        found: dict[str, Stap] = {}
        for stap in self.stappen:
            if stap.conflict:
                continue
            if stap.soort == STREEPT:
                found.pop(stap.inhoud["registratie"], None)
            elif stap.soort == BESLECHT:
                self._choose(found, stap.inhoud)
            elif stap.corrigeert is None:
                found[stap.op] = stap
            elif (old := found.get(stap.corrigeert)) is not None:
                found[old.op] = _improved(old, stap)
        return _earliest_start_first(list(found.values()))

    def _choose(self, found: dict[str, Stap], besluit: Doc) -> None:
        """Of two versions the chosen one holds; of two entries the other does not, as long as the chosen one stands."""
        keuze = self._step(besluit["keuze"])
        if keuze.conflict and (old := found.get(keuze.corrigeert or "")) is not None:
            found[old.op] = _improved(old, keuze)
        if not keuze.conflict and keuze.op not in self.struck():
            found.pop(besluit["verworpen"], None)

    def _step(self, op: str) -> Stap:
        return next(s for s in self.stappen if s.op == op)

    def struck(self) -> set[str]:
        """What was struck."""
        return {s.inhoud["registratie"] for s in self.stappen if s.soort == STREEPT}

    def newest(self, original: str) -> str:
        """The newest version of an entry that holds: also one that was chosen."""
        found, versions = original, {s.op for s in self.stappen if s.corrigeert == original and s.conflict}
        for s in self.stappen:
            if s.corrigeert == original and not s.conflict:
                found = s.op
            elif s.soort == BESLECHT and s.inhoud["keuze"] in versions:
                found = s.inhoud["keuze"]
        return found

    def open_ones(self) -> list[Stap]:
        """The differences that nobody settled, about entries that stand."""
        standing = {s.op for s in self.standing()}
        closed = {s.inhoud[name] for s in self.stappen if s.soort == BESLECHT for name in ("keuze", "verworpen")}
        return [s for s in self.stappen if s.conflict and s.corrigeert in standing and s.op not in closed]

    def open_pairs(self) -> list[set[str]]:
        """What can be settled: each as the two entries that differ."""
        starts = [s.op for s in self.standing() if s.soort == "controle.gestart"]
        pairs = [{s.op, self.newest(s.corrigeert or "")} for s in self.open_ones()]
        told = self.told() if self.soort == "controle" else None
        closed = told.doc if told is not None else {}
        ends = [{closed["afronding"]["op"], other["op"]} for other in closed.get("eindeVerschillen", ())]
        return pairs + [{starts[0], other} for other in starts[1:]] + ends

    def at_stake(self, keuze: str, verworpen: str) -> tuple[str, set[str]]:
        """Who wrote what is chosen, and who wrote any of the versions that it is chosen from, since they parted."""
        both = self._step(keuze), self._step(verworpen)
        chosen = both[0] if both[0].corrigeert else self._step(self.newest(keuze))
        branch = next((s for s in both if s.conflict), None)
        if branch is None:
            return chosen.wie, {s.wie for s in self.stappen if (s.corrigeert or s.op) in {keuze, verworpen}}
        since = [s.op for s in self.stappen].index(branch.basis or "") + 1
        of_it = [s for s in self.stappen[since:] if (s.corrigeert or s.op) == branch.corrigeert]
        return chosen.wie, {s.wie for s in of_it if not s.conflict or s in both}

    def content(self, op: str) -> Doc:
        """What one version said."""
        return self._step(op).inhoud

    def struck_place(self, was: Stuk) -> Stuk:
        """What stays of a place of which the entry was struck: documents stand on it, and who steers knows of it."""
        doc = {**was.doc, "doorgehaald": True, **self._changes()}
        return Stuk("locaties", doc, was.gemeente, politie=was.politie)

    def told(self) -> Stuk | None:
        """The document as it stands now; None when nothing of it does."""
        standing = self.standing()
        if not standing:
            return None
        stuk = _TELL[self.soort](self, standing)
        stuk.doc |= self._changes()
        stuk.politie |= any(s.inhoud.get("bron") == "politie" for s in self._beside())
        return stuk

    def _beside(self) -> list[Stap]:
        """The versions that are shown beside what holds: open differences, and both of each that was settled."""
        named = {s.inhoud[name] for s in self.stappen if s.soort == BESLECHT for name in ("keuze", "verworpen")}
        shown = [*self.open_ones(), *(s for s in self.stappen if s.op in named)]
        return [s for s in shown if (s.corrigeert or s.op) not in self.struck()]

    def _changes(self) -> Doc:
        """Who corrected, struck or settled what, and the differences that nobody settled."""
        changed = [s for s in self.stappen if not s.conflict and (s.corrigeert or s.soort == STREEPT)]
        kind = {s.op: s.soort for s in self.stappen}
        settled = [s for s in self.stappen if s.soort == BESLECHT]
        found: Doc = {"correcties": [_told_change(s, kind) for s in changed]} if changed or settled else {}
        if open_ones := self.open_ones():
            found["verschillen"] = [_told_difference(s, self.newest(s.corrigeert or ""), kind) for s in open_ones]
        if settled:
            found["beslecht"] = [self._told_settled(s) for s in settled]
        return found

    def _told_settled(self, s: Stap) -> Doc:
        told: Doc = {"opId": s.op, "door": s.door, "ontvangenOp": s.ontvangen, "reden": s.reden}
        told["over"] = _over(self._step(s.inhoud["keuze"]), {each.op: each.soort for each in self.stappen})
        for name in ("keuze", "verworpen"):
            version = self._step(s.inhoud[name])
            told[name] = _told_version(version)
            if (version.corrigeert or version.op) in self.struck():
                del told[name]["inhoud"]
        return told


def _earliest_start_first(standing: list[Stap]) -> list[Stap]:
    """Of two starts the earlier holds, whichever came first."""
    places = [n for n, s in enumerate(standing) if s.soort == "controle.gestart"]
    starts = sorted((standing[n] for n in places), key=lambda s: (s.waargenomen, s.op))
    return [starts[places.index(n)] if n in places else s for n, s in enumerate(standing)]


def _improved(old: Stap, version: Stap) -> Stap:
    """An entry with a newer content, in its own place."""
    flags = version.vlaggen | (old.vlaggen & {"nagekomen", "na_afgelasting"})
    return replace(old, inhoud=version.inhoud, waargenomen=version.waargenomen, vlaggen=flags)


def _over(s: Stap, kind: Mapping[str, str]) -> str:
    """The kind of entry that a version is of, or that a strike is about."""
    return kind[s.inhoud["registratie"]] if s.soort == STREEPT else s.soort


def _told_change(s: Stap, kind: Mapping[str, str]) -> Doc:
    about = s.corrigeert or s.inhoud["registratie"]
    return {
        "opId": s.op,
        "soort": s.soort,
        "over": _over(s, kind),
        "registratie": about,
        "door": s.door,
        "ontvangenOp": s.ontvangen,
        "reden": s.reden,
    }


def _told_version(s: Stap) -> Doc:
    return {
        "opId": s.op, "soort": s.soort, "door": s.door, "waargenomenOp": utc(s.waargenomen),
        "ontvangenOp": s.ontvangen, "inhoud": _as_newest(s.inhoud),
    }  # fmt: skip


def _as_newest(inhoud: Doc) -> Doc:
    """What an app of before concluded of everybody, as it is told now: with an id that says its place."""
    if not any("personen" in o for o in inhoud.get("overtredingen", ())):
        return inhoud
    named = [
        {"id": str(uuid5(NAMESPACE_OID, f"overtreding {n}")), "soort": o["soort"], "bevindingen": []}
        for n, o in enumerate(inhoud["overtredingen"])
    ]
    return {**inhoud, "overtredingen": named}


def _told_difference(s: Stap, holds: str, kind: Mapping[str, str]) -> Doc:
    about = {"corrigeert": s.corrigeert, "basis": s.basis, "geldt": holds, "ernst": s.conflict, "reden": s.reden}
    return {**_told_version(s), "over": _over(s, kind), **about}


def _tell_controle(dossier: Dossier, standing: Iterable[Stap]) -> Stuk:
    doc: Doc = {"id": dossier.ident}
    wrote: set[str] = set()
    telt = False
    for s in standing:
        wrote.add(s.wie)
        if s.soort == "controle.gestart" and "begonnenOp" in doc:
            beside = [*doc.get("startVerschillen", ()), {**s.inhoud, **s.stempel}]
            doc["startVerschillen"] = sorted(beside, key=lambda start: (start["waargenomenOp"], start["op"]))
        elif s.soort == "controle.gestart":
            doc |= _started(s, dossier.place(s.onderwerp["locatie"]), doc)
            telt = s.telt
        elif s.soort == "controle.gepland":
            doc |= {"status": "gepland", "thema": "prostitutie", **s.inhoud, "planning": s.stempel}
            doc |= _at(s.onderwerp["locatie"], dossier.place(s.onderwerp["locatie"]))
        elif s.soort == "controle.afgelast":
            doc |= {"afgelasting": _part(s)} | ({} if "begonnenOp" in doc else {"status": "afgelast"})
        elif s.soort == "controle.afgerond":
            _close(doc, s)
        elif s.soort == "bijlage.ontvangen":
            _receive(doc, s)
        else:
            _add(doc, s)
        if s.bijlagen:
            stempel: Doc = {
                "op": s.op,
                "door": s.door,
                "waargenomenOp": utc(s.waargenomen),
                "aangekondigdOp": s.ontvangen,
            }
            doc.setdefault("bijlagen", []).extend({**row, **stempel} for row in s.bijlagen)
    takes_part = {wie["functionaris"] for wie in doc["deelnemers"]}
    police = doc.pop("_voor") == "opsporing"  # unknown: who held it said that it was toezicht
    stuk = Stuk("controles", doc, doc["gemeente"], wrote | takes_part, {doc["initiatief"]}, police, telt=telt)
    return replace(stuk, team=frozenset(takes_part), leidt=doc["coordinator"])


def _add(doc: Doc, s: Stap) -> None:
    """One part more, with the id that it was given; of a count the newest of each writer."""
    if s.soort == "persoon.aangetroffen":
        seen = doc.setdefault("personen", [])
        seen.append({"id": s.onderwerp["persoon"], "nummer": len(seen) + 1, **_part(s)})
    elif s.soort == "bevinding.vastgelegd":
        doc.setdefault("bevindingen", []).append({"id": s.onderwerp["bevinding"], **_part(s)})
    elif s.soort == "overtreding.vastgesteld":
        doc.setdefault("overtredingen", []).append({"id": s.onderwerp["overtreding"], **_part(s)})
    elif s.soort == "telling.vastgelegd":
        known: list[Stap] = doc.get("_tellingen", [])
        own = [t for t in known if t.wie == s.wie]
        newest = max([s, *own], key=lambda t: (t.vastgelegd, t.waargenomen))
        doc["_tellingen"] = [*(t for t in known if t not in own), newest]
        doc["tellingen"] = [_part(t) for t in doc["_tellingen"]]


def _part(s: Stap) -> Doc:
    """What was said, but not in which capacity."""
    return {name: value for name, value in s.inhoud.items() if name != "hoedanigheid"} | s.stempel


def _at(named: str, locatie: Doc) -> Doc:
    """The place, and for what it was recorded."""
    return {
        "locatie": locatie["canoniek"], "_locatie": named, "gemeente": locatie["gemeente"], "adres": locatie["adres"],
        "locatieSoort": locatie["soort"], "_voor": locatie["hoedanigheid"],
    }  # fmt: skip


def _started(s: Stap, locatie: Doc, plan: Doc) -> Doc:
    """What a start says, and of what it does not say what was planned."""
    alone = [{"functionaris": s.wie, "organisatie": s.organisatie, "taak": "coordineert"}]
    team = {wie["functionaris"]: wie for of in (plan, s.inhoud) for wie in of.get("deelnemers", ())}
    late = {"naAfgelasting": True} if "na_afgelasting" in s.vlaggen else {}
    return {
        "coordinator": s.wie, "initiatief": s.organisatie, "aanleidingen": [], "thema": "prostitutie", **plan,
        **s.inhoud, **_at(s.onderwerp["locatie"], locatie), "deelnemers": list(team.values()) or alone,
        "hoedanigheid": "toezicht", "begonnenOp": utc(s.waargenomen), "start": {**s.stempel, **late},
        "datum": s.waargenomen.astimezone(AMSTERDAM).date().isoformat(),
        "status": "afgerond" if "eindeOp" in plan else "gestart",
    }  # fmt: skip


def _receive(doc: Doc, s: Stap) -> None:
    """A file came; what is bound stays bound."""
    for item in doc.get("bijlagen", ()):
        if item["id"] == s.onderwerp["bijlage"] and item.get("ontvangst", {}).get("uitkomst") != "gebonden":
            told: Doc = {name: s.inhoud[name] for name in ("uitkomst", "afkeuring") if name in s.inhoud}
            item["ontvangst"] = {**told, "op": s.op, "ontvangenOp": s.ontvangen}


def _close(doc: Doc, s: Stap) -> None:
    """All that any end concludes counts; who said otherwise than the earliest that concluded stands beside that one."""
    given = [_named(s, n, o) for n, o in enumerate(s.inhoud.get("overtredingen", ()))]
    doc.setdefault("overtredingen", []).extend({**o, **s.stempel} for o in given)
    ends = [*doc.get("_einden", ()), s]
    earliest, *_ = ordered = sorted(ends, key=lambda end: (utc(end.waargenomen), end.op))
    spoke = [end for end in ordered if end.inhoud.get("overtredingen") or "uitkomst" in end.inhoud]
    first = spoke[0] if spoke else earliest

    def told(end: Stap) -> tuple[Any, set[tuple[Any, ...]]]:
        own = [o for o in doc["overtredingen"] if o["op"] == end.op]
        return end.inhoud.get("uitkomst"), {(o["soort"], *sorted(o.get("alleen", ())), o.get("aantal")) for o in own}

    doc |= {"_einden": ends, "eindeOp": utc(earliest.waargenomen), "afronding": first.stempel, "status": "afgerond"}
    doc |= {"uitkomst": "niet_vastgesteld"} if any("uitkomst" in end.inhoud for end in ends) else {}
    doc.pop("eindeVerschillen", None)
    if beside := [_end(end, doc["overtredingen"]) for end in spoke if told(end) != told(first)]:
        doc["eindeVerschillen"] = beside


def _end(s: Stap, overtredingen: list[Doc]) -> Doc:
    own = [o["id"] for o in overtredingen if o["op"] == s.op]
    return {name: s.inhoud[name] for name in ("uitkomst",) if name in s.inhoud} | {"overtredingen": own} | s.stempel


def _named(s: Stap, n: int, o: Doc) -> Doc:
    """What an app of before concluded of everybody has no id, and rests on nothing: its id follows from the entry."""
    if "personen" not in o:
        return o
    return {"id": str(uuid5(UUID(s.op), str(n))), "soort": o["soort"], "bevindingen": []}


def _tell_locatie(dossier: Dossier, standing: list[Stap]) -> Stuk:
    (s,) = standing
    doc = {"id": dossier.ident, **dossier.place(dossier.ident)}
    return Stuk("locaties", doc, doc["gemeente"], {s.wie}, {s.organisatie}, doc["hoedanigheid"] != "toezicht")


def _tell_signaal(dossier: Dossier, standing: list[Stap]) -> Stuk:
    first, *judged = standing
    if first.soort != "signaal.gemeld":  # what was reported was struck: that it was judged is all that is left
        return Stuk("signalen", {"id": dossier.ident}, NERGENS, {first.wie}, telt=False)
    police = first.inhoud["bron"] == "politie"
    doc = {"id": dossier.ident, "status": "gemeld", "gemeldOp": utc(first.waargenomen), **first.inhoud}
    doc |= {"ontvangenOp": first.ontvangen, "organisatie": first.organisatie}
    for s in judged:
        doc |= {"status": "beoordeeld", "uitkomst": s.inhoud["uitkomst"]}
        doc["beoordeling"] = {"op": s.op, "door": s.door, "waargenomenOp": utc(s.waargenomen), **s.inhoud}
        doc.pop("triagetekst", None)
    where, team = first.inhoud["gemeente"], {first.organisatie}
    return Stuk("signalen", doc, where, {first.wie}, team, politie=police, telt=first.telt)


def _tell_mensenhandel(dossier: Dossier, standing: list[Stap]) -> Stuk:
    (s,) = standing
    doc = {"id": dossier.ident, "status": "vastgelegd", "gemeente": s.inhoud["gemeente"]}
    return Stuk("mensenhandelsignalen", doc, s.inhoud["gemeente"], {s.wie}, telt=s.telt)


_TELL: dict[str, Callable[[Dossier, list[Stap]], Stuk]] = {
    "controle": _tell_controle,
    "locatie": _tell_locatie,
    "signaal": _tell_signaal,
    "mensenhandelsignaal": _tell_mensenhandel,
}
