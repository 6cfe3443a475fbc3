"""Documents that are without a field, and what left it out. No I/O.

The stories of voorbeelden.py are folded, each entry whole, bare and with each thing less that may be left out, alone
where all else can be struck; corrected, struck and settled; with a section destroyed; and seen by each role.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from app.access.bereik import Bereik
from app.registraties.act import ANY_AGGREGAAT, Doc, Registratie, Sleutel
from app.registraties.document import Document, Herzien
from app.registraties.model import Model, parts
from app.registraties.register import ACTEN, AGGREGATEN, DOCUMENTEN
from app.registraties.tonen import beeld
from app.services.lezen.versies import show_versions
from app.services.vouwen.ontvangst import put_receipt
from app.services.vouwen.stappen import Stap, told_about
from app.services.vouwen.vouwer import Vouwer
from app.vocabulary import Code, Sectie, Status, Vlag
from storm.documenten import views
from tests.hulp.bouw import ident, registratie, vouw, without
from tests.hulp.voorbeelden import HEEL, OM, VERHALEN

NIEMAND = UUID(int=0)


def declared() -> dict[str, bool]:
    """Every field of every document, of what it keeps for the server, and of their parts: `class.field` → optional."""
    return {
        f"{of_class(model)}.{'_' if model.__name__ == 'Intern' else ''}{info.alias or name}": not info.is_required()
        for model in every_model()
        for name, info in model.model_fields.items()
    }


@cache
def every_model() -> frozenset[type[Model]]:
    """The documents, what they keep for the server, and all their parts."""
    found: set[type[Model]] = set()
    new: set[type[Model]] = {m for d in DOCUMENTEN.values() for m in (d, d.Intern)}
    while new:
        found |= new
        new = {part for m in new for i in m.model_fields.values() for _, part in parts(i.annotation, "")} - found
    return frozenset(found - {Model})


def of_class(model: type[Model]) -> str:
    """A document and what it keeps for the server go by one name."""
    return model.__qualname__.removesuffix(".Intern")


def told(model: type[Model], doc: Doc, mark: str = "") -> Iterator[tuple[str, str, bool]]:
    """Each field of a document and of its parts, and whether it is there: (class, field, there)."""
    for name, info in model.model_fields.items():
        wire = f"{mark}{info.alias or name}"
        yield of_class(model), wire, wire in doc
        value = doc.get(wire)
        for part in (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)):
            for _, kind in parts(info.annotation, ""):
                yield from told(kind, part)


def with_less(value: Any) -> Iterator[Any]:
    """The same with one thing left out, at any depth."""
    if isinstance(value, dict):
        for name, of in value.items():
            yield {key: kept for key, kept in value.items() if key != name}
            yield from ({**value, name: less} for less in with_less(of))
    elif isinstance(value, list):
        for n, of in enumerate(value):
            yield from ([*value[:n], less, *value[n + 1 :]] for less in with_less(of))


def saying_less(r: Registratie) -> Iterator[Registratie]:
    """The entry with one thing less in its payload, as far as that is allowed."""
    for inhoud in with_less(r.inhoud.as_doc()):
        try:
            less = ACTEN[r.soort].inhoud.model_validate_json(json.dumps(inhoud))
        except ValidationError:
            continue
        if less != r.inhoud:
            yield replace(r, inhoud=less)


def bare(r: Registratie) -> Registratie:
    """The entry with the least that it can say, and nothing odd about it."""
    less = next(saying_less(r), None)
    if less is not None:
        return bare(less)
    named = {key: of for key, of in r.onderwerp.items() if key not in ACTEN[r.soort].optioneel}
    return replace(r, onderwerp=named, vlaggen=(), oefening=False, bijlagen=())


def ways(r: Registratie) -> Iterator[Registratie]:
    yield r
    yield from saying_less(r)
    yield bare(r)


def can_stand_alone(reeks: tuple[Registratie, ...], r: Registratie) -> bool:
    """Whether all that made the document can be struck, with `r` still there."""
    act = ACTEN[r.soort]
    if act.aggregaat == ANY_AGGREGAAT or act.maakt != "nooit":
        return act.maakt != "nooit"
    return not any(
        ACTEN[first.soort].bevroren(vouw([first, r], OM)) for first in reeks if ACTEN[first.soort].maakt != "nooit"
    )


def folded() -> Iterator[tuple[str, str, Doc]]:
    """What each act leaves: (act, kind, document)."""
    for kind, reeks in VERHALEN.items():
        before: Doc | None = None
        for r in reeks:
            act, alone = ACTEN[r.soort], can_stand_alone(reeks, r)
            for way in ways(r):
                if before is not None:
                    yield r.soort, kind, act.apply(before, way, OM)
                if alone:
                    yield r.soort, kind, act.apply(None, way, OM)
            before = act.apply(before, r, OM)


def revised() -> Iterator[tuple[str, str, Doc]]:
    """What was corrected, about what people differ, and of what a difference was settled."""
    first = VERHALEN["signaal"][0]
    second, third = replace(first, op=ident("tweede")), replace(first, op=ident("derde"))
    strike = registratie("doorhaling", {"registratie": str(first.op), "reden": "vergissing"}, signaal="signaal")
    choice = {"keuze": str(third.op), "verworpen": str(second.op), "reden": "zo was het"}
    stappen = [
        Stap(first, Status.ACCEPTED),
        Stap(second, Status.ACCEPTED, corrigeert=first.op, basis=first.op, reden="beter"),
        Stap(third, Status.CONFLICT, corrigeert=first.op, basis=first.op, ernst="hard", reden="anders"),
        Stap(strike, Status.CONFLICT, ernst="hard", reden="vergissing", vast=True),
    ]
    settled = Stap(registratie("verschil.beoordeeld", choice, signaal="signaal"), Status.ACCEPTED, reden="zo was het")
    struck = [*stappen[:3], settled, Stap(strike, Status.ACCEPTED, reden="vergissing")]
    for kind, doc in HEEL.items():
        if issubclass(AGGREGATEN[kind].document, Herzien):
            yield "correctie", kind, doc | told_about(stappen)
            yield "verschil.beoordeeld", kind, doc | told_about([*stappen, settled])
            yield "verschil.beoordeeld", kind, doc | told_about(struck)


def destroyed() -> Iterator[tuple[str, str, Doc]]:
    """What stays when one section was destroyed in every entry; the case itself stays (ontwerp/grootboek.md)."""
    for gone in set(Sectie) - {Sectie.OMSLAG, Sectie.ZAAK}:
        for kind, reeks in VERHALEN.items():
            yield f"vernietigd {gone.value}", kind, vouw([without(r, gone) for r in reeks], OM)


def struck() -> Iterator[tuple[str, str, Doc]]:
    """What stays when all entries were struck, where anything does."""
    for kind, doc in HEEL.items():
        rest = AGGREGATEN[kind].rest
        if rest is not None:
            yield "doorhaling", kind, rest(doc)


def received() -> Iterator[tuple[str, str, Doc]]:
    """Receipts: refused by law, of what holds, and in quarantine before and after somebody decided."""
    law = {"artikel": "Awb 5:15", "reden": "Dit is een woning.", "watNu": "Vraag toestemming."}
    team = {"inzage": Bereik.TEAM.value, "coordinator": str(ident("x"))}
    wrong = {"fouten": [{"veld": "inhoud.rol", "melding": "Dit veld is verplicht."}]}
    broken = {"code": Code.REGEL_GESCHONDEN.value, "uitleg": "Dit kan niet."}
    for status, more in (
        (Status.REJECTED, broken | {"weigering": law}),
        (Status.QUARANTINED, broken | wrong),
        (Status.QUARANTINED, broken | team),
        (Status.ACCEPTED, {"code": None, "vlaggen": [Vlag.TELT_NIET.value]}),
    ):
        vouwer, op = Vouwer(None), ident(f"op-{status}")
        verdict = {
            **dict.fromkeys(("functionaris", "organisatie", "toestel"), str(ident("x"))),
            "status": status.value,
            "soort": "signaal.gemeld",
            "rol": "boa",
            "ontvangenOp": "2023-02-08T18:30:00Z",
            "gemeenten": [],
            "inzage": Bereik.GEMEENTE.value,
        }
        put_receipt(vouwer, op, verdict | more, 0)
        doc = vouwer.doc(Sleutel("ontvangst", op)) or {}
        yield "ontvangst", "ontvangst", doc
        decided = registratie("quarantaine.beoordeeld", {"besluit": "aanvaard", "reden": "klopt"}, ontvangst=op)
        yield decided.soort, "ontvangst", vouw([decided], OM, doc)
        resumed = registratie("quarantaine.hervat", ontvangst=op)
        yield resumed.soort, "ontvangst", vouw([resumed], OM, doc)


def documents() -> Iterator[tuple[str, type[Document], Doc]]:
    """All of these: (what left things out, class, document); with what is derived of each."""
    for by, kind, doc in (*folded(), *revised(), *struck(), *received(), *destroyed()):
        a = AGGREGATEN[kind]
        yield by, a.document, doc
        if a.derive is not None and a.derived_document is not None:
            yield by, a.derived_document, a.derive(doc)[0]


def seen() -> Iterator[tuple[type[Document], Doc]]:
    """Whole documents, and what differs in them, as whoever may see them is shown them."""
    ik = str(NIEMAND)
    for _, kind, doc in (*(("", kind, doc) for kind, doc in HEEL.items()), *revised()):
        a = AGGREGATEN[kind]
        for gezien in views(a.model.collectie):
            yield a.document, show_versions(beeld(a.document, gezien).show(doc, ik), gezien, ik)


@cache
def told_by() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """`class.field` → what leaves it out, and what says it, in the order of the stories."""
    found: tuple[dict[str, dict[str, None]], ...] = ({}, {})
    for by, document, doc in documents():
        for of, name, there in (*told(document, doc), *told(document.Intern, doc, "_")):
            found[there].setdefault(f"{of}.{name}", {})[by] = None
    for document, doc in seen():
        for of, name, there in told(document, doc):
            found[there].setdefault(f"{of}.{name}", {})["masker"] = None
    absent, there = ({what: list(by) for what, by in each.items()} for each in found)
    return absent, there
