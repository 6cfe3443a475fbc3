"""Folding: how entries become read models. The same code runs in a live batch and in `herbouw`.

A :class:`Vouwer` holds the documents a run of entries touches. Folding happens in memory, in ledger order;
:meth:`Vouwer.write` puts the result down with one statement per table, before the ledger head is locked; what
readers are told of it (:mod:`app.services.kluis.feed`) follows once positions are known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson

from app.models.afgeleid import Cijferfeit, Geschiedenis
from app.models.base import Leesmodel
from app.registraties.act import ANY_AGGREGAAT, Act, Aggregaat, Doc, Feit, Omgeving, Registratie, Sleutel, countable
from app.registraties.document import copies
from app.registraties.kern import ONTVANGST, bind_act, named_documents
from app.registraties.kringen import shut
from app.registraties.register import ACTEN, AGGREGATEN
from app.services.kluis import setsql
from app.services.kluis.feed import Meldingen
from app.services.vouwen.stappen import (
    ABOUT,
    NU,
    Stap,
    difference,
    earliest,
    effective_entries,
    is_change,
    shut_by,
    target,
    told_about,
    touched,
)
from app.vocabulary import Status

_CANONIEK = " UNION ALL ".join(
    f"SELECT sleutel, min(id::text)::uuid AS id FROM lees.{a.model.__tablename__}"  # noqa: S608  # our own name
    " WHERE sleutel = ANY($1) AND canoniek = id GROUP BY sleutel"
    for a in AGGREGATEN.values()
    if a.sleutel is not None
)


@dataclass(slots=True)
class Rij:
    """One read-model row in memory: as it was read, and as it now stands."""

    doc: Doc | None
    scopes: frozenset[str]
    oude_scopes: frozenset[str]
    oude_feiten: list[Feit]
    geraakt: bool = False


@dataclass(slots=True)
class Vouwer:
    """Documents in memory while a run of entries is folded. Not shared between transactions."""

    raw: Any
    rijen: dict[Sleutel, Rij] = field(default_factory=dict)
    afgeleid: dict[tuple[type[Leesmodel], UUID], tuple[Doc, frozenset[str]]] = field(default_factory=dict)
    verlopen: list[tuple[type[Leesmodel], UUID]] = field(default_factory=list)
    canoniek: dict[str, UUID] = field(default_factory=dict)
    historie: dict[Sleutel, list[Stap]] = field(default_factory=dict)
    bekend: set[Sleutel] = field(default_factory=set)
    """Places that are named and that whoever books may name, or is shown by what he may read."""
    checked: tuple[Doc | None, frozenset[str], tuple[Doc, set[str]] | None] = (None, frozenset(), None)
    """What was derived of the document checked last: it is usually the next to be put."""
    feed: Meldingen = field(default_factory=Meldingen)
    stappen: list[dict[str, Any]] = field(default_factory=list)
    besloten: dict[Sleutel, int] = field(default_factory=dict)
    """Of documents that rest on others: where something was decided in them last."""

    async def load(self, keys: Iterable[Sleutel], natural: Iterable[str] = ()) -> None:
        """Read the documents named, one query per table, and the canonical ids of the natural keys."""
        per: dict[str, list[UUID]] = {}
        for key in keys:
            if key not in self.rijen:
                per.setdefault(key.aggregaat, []).append(key.id)
        for naam, ids in sorted(per.items()):
            aggregaat = AGGREGATEN[naam]
            query = f"SELECT id, doc::text AS doc, scopes FROM lees.{aggregaat.model.__tablename__} WHERE id = ANY($1)"  # noqa: S608
            rows = await self.raw.fetch(query, ids)
            self.take(naam, rows)
            for ident in ids:
                self.rijen.setdefault(Sleutel(naam, ident), Rij(None, frozenset(), frozenset(), []))
        wanted = sorted({n for n in natural if n not in self.canoniek})
        if wanted:
            for row in await self.raw.fetch(_CANONIEK, wanted):
                self.canoniek[row["sleutel"]] = row["id"]

    def take(self, naam: str, rows: Iterable[Any]) -> None:
        """Rows (`id`, `doc` as text, `scopes`) of one kind of document that were read; what is known stays."""
        for row in rows:
            if (key := Sleutel(naam, row["id"])) not in self.rijen:
                doc, scopes = orjson.loads(row["doc"]), frozenset(row["scopes"])
                self.rijen[key] = Rij(doc, scopes, scopes, countable(AGGREGATEN[naam], doc))

    def doc(self, key: Sleutel) -> Doc | None:
        """The document as it stands, or None."""
        rij = self.rijen.get(key)
        return rij.doc if rij else None

    def resting_on(self, key: Sleutel, stap: Stap) -> list[Sleutel]:
        """The documents of this run in which something was decided that rests on an entry of `key`.

        At once or through another document; what was decided before the entry was there does not.
        """
        found: dict[Sleutel, None] = {}
        layer = {key}
        while layer:
            layer = {
                other
                for other, rij in self.rijen.items()
                if rij.doc is not None and other not in found and layer & AGGREGATEN[other.aggregaat].rust_op(rij.doc)
            }
            found |= dict.fromkeys(sorted(layer))
        return [
            other
            for other in found
            if AGGREGATEN[other.aggregaat].staat(self.rijen[other].doc or {})
            and self.besloten.get(other, 0) >= stap.plaats
        ]

    def environment(self, act: Act, r: Registratie) -> Omgeving:
        """The documents that the fold of an act may look at, beside the one it writes."""
        natural = AGGREGATEN[act.aggregaat].sleutel
        key = natural(r) if natural else None
        own = r.onderwerp.get(act.aggregaat)
        found = self.canoniek.get(key) if key else None
        return Omgeving(
            docs=_Docs(self.rijen),
            canoniek=found if found != own else None,
            rondom=False,
        )

    def around(self) -> Omgeving:
        """All documents of this run, as they stand now: for a check of what a change would make of one of them."""
        return Omgeving(docs=_Docs(self.rijen))

    def preview(self, act: Act, r: Registratie) -> Doc:
        """The document as `r` would leave it; nothing changes."""
        key = Sleutel(act.aggregaat, r.onderwerp[act.aggregaat])
        if self.later_one(act, r) is None:
            return act.apply(self.doc(key), r, self.environment(act, r))
        folded = self.folded_again(key, Stap(r, Status.ACCEPTED)) or {}
        return {name: value for name, value in folded.items() if name not in ABOUT}

    def stands_beside(self, act: Act, key: Sleutel) -> UUID | None:
        """The entry beside which another of its kind would stand and count as well, if there is one."""
        doc, naast = self.doc(key) or {}, AGGREGATEN[act.aggregaat].naast
        return next((n.holds(doc) for n in naast if n.telt and act.sluit and n.geldt in doc), None)

    def later_one(self, act: Act, r: Registratie) -> Stap | None:
        """The entry of its kind that holds and gives way to `r`, which has an earlier moment; needs its history."""
        if not act.vroegste:
            return None
        stappen = self.historie[Sleutel(act.aggregaat, r.onderwerp[act.aggregaat])]
        held = next((each for each in effective_entries(stappen) if each.soort == r.soort), None)
        if held is None or earliest(held) < earliest(r):
            return None
        return next(stap for stap in stappen if stap.op == held.op)

    def fold(self, stap: Stap, volgnr: int, folded: Doc | None = None) -> None:
        """Let an entry do what it does to its document; `folded` is the outcome of a preview, if there was one."""
        act = bind_act(ACTEN[stap.registratie.soort], stap.registratie.onderwerp)
        if stap.status is Status.CONFLICT:
            self.differ(target(stap), stap, volgnr)
        elif is_change(stap):
            self.refold(target(stap), stap, volgnr)
        else:
            self.accept(act, stap, volgnr, folded if folded is not None else self.preview(act, stap.registratie))

    def receipt(self, op: UUID, doc: Doc, volgnr: int) -> None:
        """Keep the verdict on an entry that was not simply accepted, for its writer and the desk."""
        key = Sleutel(ONTVANGST, op)
        self.rijen.setdefault(key, Rij(None, frozenset(), frozenset(), []))
        self._put(key, doc, volgnr)

    def accept(self, act: Act, stap: Stap, volgnr: int, folded: Doc) -> None:
        """Take `folded`, the outcome of :meth:`preview`, as the new state; `volgnr` is its place in this run."""
        r = stap.registratie
        key = Sleutel(act.aggregaat, r.onderwerp[act.aggregaat])
        self._note(key, stap)
        old = self.doc(key)
        kept = {name: old[name] for name in ABOUT if name in old} if old else None
        self._put(key, {**folded, **kept} if kept else folded, volgnr)
        if act.raakt:
            self._touch(act, r, volgnr)

    def _touch(self, act: Act, r: Registratie, volgnr: int) -> None:
        """Change the other documents that an entry changes as well."""
        for key in named_documents(act, r.onderwerp, r.inhoud):
            before = self.doc(key) if key.aggregaat in act.raakt else None
            after = act.raakt[key.aggregaat](before, r) if before is not None else None
            if after != before:
                self._put(key, after, volgnr)

    def differ(self, key: Sleutel, stap: Stap, volgnr: int) -> None:
        """Show a difference that is not settled beside the document; nothing else of it changes."""
        self._note(key, stap)
        doc = self.doc(key)
        if doc is not None:
            new = difference(stap, self.historie[key])
            told = {**doc, "verschillen": [*doc.get("verschillen", ()), new]}
            self._put(key, shut(told, {stap.registratie.kring}), volgnr)

    def refold(self, key: Sleutel, stap: Stap, volgnr: int) -> None:
        """Fold a document again from all its entries, after a correction, a strike or a settlement."""
        doc = self.folded_again(key, stap)
        self._note(key, stap)
        self._put(key, doc, volgnr)

    def folded_again(self, key: Sleutel, stap: Stap) -> Doc | None:
        """What the entries of a document and `stap` amount to; needs its history loaded.

        What was copied from other documents stays as it was, unless `stap` is about the entry that copied it:
        correcting a finding never moves a controle.
        """
        stappen = [*self.historie[key], stap]
        doc, before = self._fold_all(effective_entries(stappen)), self.doc(key)
        if doc is None:
            gone = AGGREGATEN[key.aggregaat].rest
            return {**gone(before), **told_about(stappen)} if gone is not None and before is not None else None
        if before is not None and not ACTEN[touched(stappen, stap)].kopieert:
            kept = copies(AGGREGATEN[key.aggregaat].document)
            doc = {**doc, **{name: before[name] for name in kept if name in before}}
        return shut({**doc, **told_about(stappen)}, shut_by(stappen))

    def check(self, key: Sleutel, doc: Doc) -> None:
        """Derive all that will be written of `doc`, so that what cannot be is found before anything is written."""
        aggregaat = AGGREGATEN[key.aggregaat]
        self.checked = (doc, frozenset(aggregaat.scopes(doc)), aggregaat.derive(doc) if aggregaat.derive else None)
        columns = aggregaat.columns(doc)
        table = aggregaat.model.__table__  # type: ignore[attr-defined]
        empty = [c.name for c in table.columns if not c.nullable and columns.get(c.name, "") is None]
        if empty:
            raise LookupError(f"{key.aggregaat} without {', '.join(empty)}")

    def folded_without(self, key: Sleutel, op: UUID) -> Doc | None:
        """The document as it would stand had the entry `op` never been made; needs its history loaded."""
        return self._fold_all([r for r in effective_entries(self.historie[key]) if r.op != op])

    def _fold_all(self, entries: list[Registratie]) -> Doc | None:
        doc: Doc | None = None
        for r in entries:
            if doc is None and ACTEN[r.soort].aggregaat == ANY_AGGREGAAT:
                continue  # it says something about a document, and all that made it one was struck
            act = bind_act(ACTEN[r.soort], r.onderwerp)
            doc = act.apply(doc, r, self.environment(act, r))
        return doc

    def _note(self, key: Sleutel, stap: Stap) -> None:
        r = stap.registratie
        if key in self.historie:
            self.historie[key].append(stap)
        if ACTEN[r.soort].beslist:
            self.besloten[key] = NU
        self.stappen.append(
            {
                "op": r.op,
                "aggregaat": key.aggregaat,
                "document": key.id,
                "soort": r.soort,
                "status": stap.status.value,
                "via": stap.via,
            }
        )

    def _put(self, key: Sleutel, doc: Doc | None, volgnr: int) -> None:
        aggregaat = AGGREGATEN[key.aggregaat]
        rij = self.rijen[key]
        before, scopes = rij.doc, rij.scopes
        rij.doc, rij.geraakt = doc, True
        known, scopes_now, derived = self.checked
        if doc is None or known is not doc:
            scopes_now = frozenset(aggregaat.scopes(doc)) if doc is not None else frozenset()
            derived = aggregaat.derive(doc) if doc is not None and aggregaat.derive else None
        rij.scopes = scopes_now
        had, has = _placed(before, scopes), _placed(doc, rij.scopes)
        lies = (doc if has else before) or {}
        self.feed.announce(aggregaat.model.collectie, key.id, had, has, volgnr, lies.get("gemeente"))
        if aggregaat.derived is not None:
            self._derive(aggregaat, key.id, before, derived, volgnr)
        if aggregaat.sleutel is not None:
            if before is not None and before["canoniek"] == str(key.id):
                self.canoniek.pop(aggregaat.columns(before)["sleutel"], None)
            if doc is not None and doc["canoniek"] == str(key.id):
                self.canoniek[aggregaat.columns(doc)["sleutel"]] = key.id

    def _derive(
        self, aggregaat: Aggregaat, ident: UUID, before: Doc | None, derived: tuple[Doc, set[str]] | None, volgnr: int
    ) -> None:
        model, derive = aggregaat.derived, aggregaat.derive
        assert model is not None  # noqa: S101  # _put looked
        assert derive is not None  # noqa: S101  # declared together
        earlier = self.afgeleid.get((model, ident)) or (derive(before) if before is not None else None)
        had = frozenset(earlier[1]) if earlier else frozenset()
        if derived is None:
            self.afgeleid.pop((model, ident), None)
            self.verlopen.append((model, ident))
        else:
            self.afgeleid[model, ident] = (derived[0], frozenset(derived[1]))
        gemeente = (derived or earlier or ({},))[0].get("gemeente")
        scopes = frozenset(derived[1]) if derived else frozenset()
        self.feed.announce(model.collectie, ident, had, scopes, volgnr, gemeente)

    async def write(self) -> None:
        """Put all touched documents down, one statement per table, in a fixed order of tables."""
        rows, gone, facts = self._collect()
        for model in sorted({*rows, *gone}, key=lambda m: str(m.__tablename__)):
            if model in gone:
                delete = f"DELETE FROM lees.{model.__tablename__} WHERE id = ANY($1)"  # noqa: S608  # our own name
                await self.raw.execute(delete, gone[model])
            if model in rows:
                await setsql.upsert(self.raw, model, rows[model])
        await self._write_facts(facts)
        if self.stappen:
            await setsql.upsert(self.raw, Geschiedenis, self.stappen)

    def _collect(
        self,
    ) -> tuple[
        dict[type[Leesmodel], list[dict[str, Any]]], dict[type[Leesmodel], list[UUID]], list[tuple[UUID, list[Feit]]]
    ]:
        """Rows to put, ids to delete, and countable facts that changed."""
        rows: dict[type[Leesmodel], list[dict[str, Any]]] = {}
        gone: dict[type[Leesmodel], list[UUID]] = {}
        facts: list[tuple[UUID, list[Feit]]] = []
        for key, rij in self.rijen.items():
            if not rij.geraakt:
                continue
            aggregaat = AGGREGATEN[key.aggregaat]
            new = countable(aggregaat, rij.doc) if rij.doc is not None else []
            if new != rij.oude_feiten:
                facts.append((key.id, new))
            if rij.doc is None:
                gone.setdefault(aggregaat.model, []).append(key.id)
                continue
            rows.setdefault(aggregaat.model, []).append(_row(key.id, rij, aggregaat))
        for (model, ident), (doc, scopes) in self.afgeleid.items():
            rows.setdefault(model, []).append(
                {"id": ident, "gemeente": doc.get("gemeente"), "scopes": sorted(scopes), "doc": doc}
            )
        for model, ident in self.verlopen:
            gone.setdefault(model, []).append(ident)
        return rows, gone, facts

    async def _write_facts(self, facts: list[tuple[UUID, list[Feit]]]) -> None:
        if not facts:
            return
        await self.raw.execute("DELETE FROM lees.cijferfeit WHERE document = ANY($1)", [ident for ident, _ in facts])
        rows = [
            {"document": ident, "volgnummer": n, **feit._asdict()}
            for ident, found in facts
            for n, feit in enumerate(found)
        ]
        if rows:
            await setsql.upsert(self.raw, Cijferfeit, rows)


class _Docs(Mapping[Sleutel, Doc]):
    """The documents of a run, seen read-only."""

    def __init__(self, rijen: dict[Sleutel, Rij]) -> None:
        self._rijen = rijen

    def __getitem__(self, key: Sleutel) -> Doc:
        doc = self._rijen[key].doc
        if doc is None:
            raise KeyError(key)
        return doc

    def __iter__(self) -> Any:
        return (key for key, rij in self._rijen.items() if rij.doc is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _placed(doc: Doc | None, scopes: frozenset[str]) -> frozenset[str]:
    """The scopes in which a document is seen: in none, when all that said where it lies was struck."""
    return frozenset() if doc is None or doc.get("gemeente") == "" else scopes


def _row(ident: UUID, rij: Rij, aggregaat: Aggregaat) -> dict[str, Any]:
    doc = rij.doc or {}
    return {
        "id": ident,
        "gemeente": doc.get("gemeente"),
        "scopes": sorted(rij.scopes),
        "doc": doc,
        **aggregaat.columns(doc),
    }
