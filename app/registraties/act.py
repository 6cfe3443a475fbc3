"""The frame every act stands in: payload with its sections, guard, and a pure fold.

One module per act declares one :class:`Act`. It says what the entry holds, in which section each field is
sealed, which documents it names, when it is refused, and how it changes the one document it writes.
Nothing else learns its name: push, online routes, rebuild and documentation walk the registry.

It is long because all that an act or a kind of document can declare stands here, each with what the engine does by it:
a test holds that the engine (`app/services`) knows none of them by name (:mod:`app.registraties.kern`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, NamedTuple, Self
from uuid import UUID

import orjson
from pydantic import Field, GetJsonSchemaHandler, StringConstraints
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from app.access.actor import Actor
from app.access.bereik import Bereik, scope
from app.access.wet import Taak
from app.fouten import Vorm
from app.models.base import Leesmodel
from app.moment import AS_SEALED, local_day
from app.problems import RegelGeschonden
from app.registraties.document import Document
from app.registraties.kringen import shut
from app.registraties.model import Model
from app.vocabulary import Klasse, Kring, Rol, Sectie, Vlag

HOEDANIGHEID = "hoedanigheid"
"""The field of a payload that says in which capacity its writer acted."""
ORGAAN = "bevoegdOrgaan"
"""The field of a payload that says of which administrative authority the maatregel is."""
WETTELIJK = frozenset({HOEDANIGHEID, ORGAAN})
"""Fields that the law of an entry follows from: said in each, and no two versions of one differ by them."""
Doc = dict[str, Any]
"""A folded document as it goes over the wire, camelCase; keys that start with `_` never leave the server."""

Tekst = Annotated[str, StringConstraints(min_length=1, max_length=2_000, strip_whitespace=False)]
KorteTekst = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Gemeentecode = Annotated[str, Vorm(r"^GM[0-9]{4}$", "GM0243")]
Bedrag = Annotated[int, Field(gt=0, le=10_000_000_00, strict=True)]
"""Whole euro cents."""
Aantal = Annotated[int, Field(ge=0, le=10_000, strict=True)]


class Inhoud(Model):
    """The payload of an act. Each field names its section: ``naam: Annotated[str, Sectie.PERSOON]``."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Openapi.yaml says of each field in which section it is sealed: who signs has to know."""
        found = handler(core)
        properties = handler.resolve_ref_schema(found).get("properties", {})
        for name, sectie in cls.sections().items():
            properties[name]["x-sectie"] = sectie.value
        return found

    def keeping(self, names: Collection[str], older: Self) -> Self:
        """The payload with the fields `names` (as on the wire) as `older` has them."""
        fields = type(self).model_fields.items()
        return self.model_copy(
            update={name: getattr(older, name) for name, info in fields if (info.alias or name) in names}
        )


class Sleutel(NamedTuple):
    """Names one document: the kind of aggregate and its id."""

    aggregaat: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Registratie:
    """One entry as it is folded: read back from the sections of the ledger, or about to be written there."""

    op: UUID
    soort: str
    onderwerp: Mapping[str, UUID]
    waargenomen_op: datetime
    inhoud: Any
    functionaris: UUID
    roltoewijzing: UUID
    rol: Rol
    organisatie: UUID
    ontvangen_op: datetime
    kring: Kring = Kring.GEMEENTE
    """Who may read it, by the law that it was sealed under."""
    vlaggen: tuple[str, ...] = ()
    oefening: bool = False
    bijlagen: tuple[Doc, ...] = ()
    """The manifest in its envelope: id, sha256, grootte and mediatype of each file that belongs to it."""
    versie: int = 0
    """The version of its kind in which it was said; its payload is always as of the newest. 0: nobody asks."""
    vastgelegd_op: datetime | None = None
    """When its writer wrote it down, by the clock of his device, or else when he saw it. A correction leaves it."""
    correctie: UUID | None = None
    """The entry whose payload took the place of this one's."""
    eerst_op: datetime | None = None
    """Of a correction that a guard looks at: when what it corrects came."""
    eerst_rol: Rol | None = None
    """And the role of who recorded that."""

    @property
    def inhoud_op(self) -> UUID:
        """The entry that holds the payload: its own, or the newest correction."""
        return self.correctie or self.op

    @property
    def waargenomen_datum(self) -> date:
        """The local date in the Netherlands of the fact."""
        return local_day(self.waargenomen_op)

    @property
    def ontvangen_datum(self) -> date:
        """The local date in the Netherlands on which the server heard of it: the only clock of a guard."""
        return local_day(self.ontvangen_op)

    @property
    def eerste_datum(self) -> date:
        """The same day for what is corrected: what could be done on the day it came still could."""
        return local_day(self.eerst_op or self.ontvangen_op)

    @property
    def door(self) -> Doc:
        """Who recorded it, in which capacity."""
        return {"functionaris": str(self.functionaris), "rol": self.rol.value}


class Feit(NamedTuple):
    """One countable fact for the cijfers: what, where, on which local date, how many, how much."""

    maatstaf: str
    gemeente: str
    datum: str
    aantal: int = 1
    bedrag: int = 0
    kenmerk: str = ""
    locatie: UUID | None = None
    thema: str = ""
    """What the controle was held for that it was found in."""


@dataclass(frozen=True, slots=True)
class Omgeving:
    """The other documents an act names, read-only, as they stand just before it."""

    docs: Mapping[Sleutel, Doc] = field(default_factory=dict)
    canoniek: UUID | None = None
    """For `locatie.vastgelegd`: the first location in the ledger with the same address, if any."""
    rondom: bool = True
    """Whether a guard looks, who sees what else stands at the place; a fold sees only what its act names."""

    def get(self, aggregaat: str, ident: UUID | str) -> Doc | None:
        """A document that the act named in `onderwerp` or through `verwijzingen`; None if there is none."""
        return self.docs.get(Sleutel(aggregaat, ident if isinstance(ident, UUID) else UUID(ident)))

    def need(self, aggregaat: str, ident: UUID | str) -> Doc:
        """The same, for a document whose existence was checked before the fold."""
        return self.get(aggregaat, ident) or {}

    def all_around(self) -> "Omgeving":
        """The same for the guard of the act."""
        return Omgeving(self.docs, self.canoniek)

    def every(self, aggregaat: str) -> list[Doc]:
        """Of an aggregate that stands at a place all documents there, and others: for guards only."""
        if not self.rondom:
            raise LookupError("a fold looks at nothing that its act does not name")
        return [self.docs[key] for key in self.docs if key.aggregaat == aggregaat]


def no_objection(_before: Doc, _after: Doc, _omgeving: Omgeving, _dag: date) -> None:
    """Most documents may become whatever their entries amount to."""


def whole(_after: Doc) -> None:
    """Most documents are whole whatever is taken from them."""


def no_facts(_doc: Doc) -> list[Feit]:
    """Most documents are not counted."""
    return []


def on_nothing(_doc: Doc) -> set[Sleutel]:
    """Most documents rest on no other."""
    return set()


def of_anybody(_doc: Doc, inhoud: Any) -> None:
    """Of most documents no entry says of which administrative authority they are."""
    if inhoud.says("bevoegd_orgaan") is not None:
        refuse("Alleen van een maatregel zegt u het bestuursorgaan: laat `bevoegdOrgaan` weg.")


def standing(_doc: Doc) -> bool:
    """What is there counts."""
    return True


def of_beheer(_inhoud: Any) -> Taak:
    """People, roles, accounts and devices: the work of an administrator."""
    return Taak.BEHEER


def never(_doc: Doc) -> bool:
    """Most entries stay open to correction."""
    return False


def no_remark(_doc: Doc, _r: Registratie) -> Iterable[Vlag]:
    """Most documents stay open to what is added."""
    return ()


def no_columns(_doc: Doc) -> dict[str, Any]:
    """Most read models need no columns beside the common ones."""
    return {}


class Termijn(NamedTuple):
    """What ends by itself: on the day after the last the server books an act with that day as its `op`."""

    soort: str
    kolom: str
    """The column of the read model that holds the last day, as long as its end is not booked."""
    door: tuple[str, ...]
    """The part of the document that brought it about, in whose writer's name it is booked: the first that is there."""
    status: str | None = None
    """Only while a document stands so."""


class Inzien(NamedTuple):
    """Content that is read entry by entry, with a reason, and leaves a row in the access log."""

    permissie: str
    geweigerd: str
    """What is said to who may know that it is there, and no more."""
    mee: tuple[str, ...] = ()
    """What is told with it of what the document keeps for the server only."""
    bij: tuple[str, str] | None = None
    """A kind of document that it may name, as `_kind`: that one's address, for who has this permission there."""


class Ligt(NamedTuple):
    """Where a document says at which place it lies: as it is shown in `veld`, as its writer named it in `_veld`."""

    veld: str
    meer: bool = False
    """Whether that is a list of places."""

    def places(self, doc: Doc) -> set[str]:
        """The places that a document, as somebody is shown it, says."""
        found = doc.get(self.veld)
        return set() if found is None else {*found} if self.meer else {found}


class Naast(NamedTuple):
    """Where entries stand beside the one of their kind that holds, until somebody decides which does."""

    lijst: str
    geldt: str
    """The field that says which entry holds."""
    telt: bool = False
    """Whether what stands beside it counts as well, until then."""

    def pairs(self, doc: Doc) -> list[frozenset[UUID]]:
        """Each such difference, as the two entries it is between."""
        return [frozenset({self.holds(doc), UUID(other["op"])}) for other in doc.get(self.lijst, ())]

    def counts(self, doc: Doc, op: UUID) -> bool:
        """Whether the document would be another without the entry `op`, one of such a pair."""
        return self.telt or op == self.holds(doc)

    def holds(self, doc: Doc) -> UUID:
        """The entry that holds."""
        return UUID(doc[self.geldt]["op"])


class Voorbij(NamedTuple):
    """A status that ends by time alone, after the day in `geldt_tot_en_met`; `status_op` says the same."""

    van: str
    wordt: str


@dataclass(frozen=True, slots=True)
class Aggregaat:
    """One kind of document: its table, who may know of it, its query columns and its countable facts.

    `scopes`, `columns` and `facts` are pure functions of the document. `derived` yields further documents
    that follow from it: collection → (document, scopes).
    """

    naam: str
    model: type[Leesmodel]
    document: type[Document]
    """What it looks like: its fields, each with its section, and what it keeps for the server only."""
    scopes: Callable[[Doc], set[str]]
    wet: Callable[[Any], Taak]
    """What kind of work an entry in it is, by its payload alone: with its writer and its capacity that decides the law
    (:mod:`app.access.wet`). What the engine notes about a document (a strike, a settlement, a file) is the same."""
    columns: Callable[[Doc], dict[str, Any]] = no_columns
    facts: Callable[[Doc], list[Feit]] = no_facts
    derived: type[Leesmodel] | None = None
    derived_document: type[Document] | None = None
    derive: Callable[[Doc], tuple[Doc, set[str]]] | None = None
    rest: Callable[[Doc], Doc] | None = None
    """What stays of a document when all its entries were struck; without it, nothing."""
    bijlagen: bool = False
    """Whether files may hang on it."""
    oefening_heel: bool = False
    """Whether a document is an exercise as a whole: its entries and what it rests on are then, or none of them is."""
    oefening_in: tuple[str, ...] = ()
    """Parts of it that say for themselves whether they are."""
    status_op: Callable[[Doc, str], str] | None = None
    """How a document stands on a local day; its model then has a column `geldt_tot_en_met`. Without: as it says."""
    voorbij: Voorbij | None = None
    rust_op: Callable[[Doc], set[Sleutel]] = on_nothing
    """The documents whose entries carry it; its model then has a column `rust_op` with their ids."""
    staat: Callable[[Doc], bool] = standing
    """Whether what was decided in it makes that what it rests on stands fast."""
    termijn: Termijn | None = None
    """What of it ends by itself."""
    hoort: Callable[[Doc, Any], None] = of_anybody
    """Refuses an entry that by its payload, and so by its law, would be of another than the document is: any entry,
    also a correction, a strike or a settlement."""
    mee: tuple[str, ...] = ()
    """Fields of the document that an entry of the server itself says as well: what its law follows from."""
    plaats: bool = False
    """Whether rules of law hold per place: whoever writes one has to himself all that stands at its `locatie`."""
    toets: Callable[[Doc, Doc, Omgeving, date], None] = no_objection
    """Refuses what a correction, strike or settlement would make of a document (before, after, around it, today)."""
    heel: Callable[[Doc], None] = whole
    """Refuses what a correction, strike or settlement would leave of a document. Adding to it takes nothing away."""
    sleutel: Callable[[Registratie], str | None] | None = None
    """Natural key of the entry that creates one, where the first in the ledger is canonical."""
    sleutels: Callable[[Any], tuple[str, ...]] | None = None
    """All that this key can be, by the payload alone."""
    verplaatst: Callable[[Doc, Doc], bool] | None = None
    """Whether a correction from one document to the other would make it another thing."""
    blijft: tuple[str, ...] = ("gemeente", "locatie")
    """Fields that no correction changes once they are filled in: it would be about something else."""
    is_plaats: bool = False
    """Whether others lie at it: it is named by whoever knows of one of those, and struck when nothing lies there."""
    ligt: Ligt | None = None
    """At which place it lies, where its readers know that place by it."""
    vrij: bool = False
    """Whether anybody may name it. No fold looks into it, so it is not locked: hundreds can be named in one batch."""
    reden: Sectie = Sectie.TEKST
    """Where it is sealed why one of its entries was corrected."""
    inzien: Inzien | None = None
    """Without this its content is in the document. Who writes and may not read: his device forgets it."""
    leider: str | None = None
    """The field that says who leads: what is in quarantine of persons and help is his to look at."""
    naast: tuple[Naast, ...] = ()
    """Where accepted entries differ from the one that holds."""
    opmerking: Callable[[Doc, Registratie], Iterable[Vlag]] = no_remark
    """What is odd about an entry that is added to it now: the entry says so ever after."""


def countable(aggregaat: Aggregaat, doc: Doc) -> list[Feit]:
    """The facts of a document, and one more where a difference about it is not settled yet."""
    found = aggregaat.facts(doc)
    if found and (doc.get("verschillen") or any(doc.get(naast.lijst) for naast in aggregaat.naast)):
        first = found[0]
        found = [*found, Feit("verschil", first.gemeente, first.datum, locatie=first.locatie, thema=first.thema)]
    return found


def copied(locatie: Doc | None, named: UUID) -> Doc:
    """What a document that names a place copies of it: as it stands then, and to whom it is shut."""
    place = locatie or {}
    names = {"gemeente": "gemeente", "adres": "adres", "_kringen": "_plaatsKringen"}
    return {
        "locatie": place.get("canoniek", str(named)),
        "_locatie": str(named),
        **{to: place[of] for of, to in names.items() if of in place},
    }


EERDER = {"eerder": True}
"""Validation context for what an app of an earlier version sent: what it did not ask may be unknown."""

ANY_AGGREGAAT = "*"
"""The aggregate of an act that may concern any kind of document (a strike)."""


def always(_doc: Doc | None, _r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """A guard that refuses nothing."""


def relied_on_never(_doc: Doc, _op: UUID) -> bool:
    """On most entries nobody relies by themselves."""
    return False


@dataclass(frozen=True, slots=True)
class Versie:
    """An earlier version of a payload, as once shipped: apps in the field go on sending it, and so does the ledger.

    `omzetten` turns a payload of this version into the next one, as it goes over the wire. It is pure, loses
    nothing, and takes fields that are absent because their section was destroyed. `anders` says in Dutch what the
    next version changed.
    """

    inhoud: type[Inhoud]
    omzetten: Callable[[Doc], Doc]
    anders: str


def of_whom(doc: Doc) -> UUID | None:
    """Of most documents that wait: the functionaris whom they name."""
    return UUID(doc["functionaris"])


class Wacht(NamedTuple):
    """What waits for a second person, who agrees to it with this act."""

    veld: str
    """A field of the document that is there as long as it waits,"""
    waarde: str | None
    """and what it then says, where that it is there says too little."""
    why_not: Callable[[Doc, Actor], str | None]
    """Why somebody may not be that person, or None."""
    door: Callable[[Doc], Doc]
    """Who asked for it."""
    voor: Callable[[Doc], UUID | None] = of_whom
    """For whom it is; None for a municipality."""


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of registratie. `inhoud` is the newest payload version; `pad` makes the online route.

    Without `pad` only the server itself books it: from outside it is an unknown kind.

    `onderwerp` maps each key of the envelope's `onderwerp` to the kind of document it names, the written
    one first. A kind of None is an id that the act mints inside the written document (a persoon, a
    bevinding). `maakt` says whether the act may create its document (`"altijd"`: it must be new).
    """

    soort: str
    inhoud: type[Inhoud]
    aggregaat: str
    permissie: str
    titel: str
    pad: str | None
    fold: Callable[[Doc | None, Registratie, Omgeving], Doc]
    onderwerp: Mapping[str, str | None]
    guard: Callable[[Doc | None, Registratie, Omgeving, Actor], None] = always
    maakt: Literal["nooit", "soms", "altijd"] = "nooit"
    optioneel: frozenset[str] = frozenset()
    kopieert: bool = False
    """Whether the fold copies from documents that the act names. What was copied stays when others are corrected."""
    bevroren: Callable[[Doc], bool] = never
    """Whether an entry of this kind may no longer be corrected or struck, given its document."""
    draagt: bool = False
    """Whether documents elsewhere rest on it (`Aggregaat.rust_op`): then it is changed by two people only."""
    beslist: bool = False
    """Whether with it its document relies on all that was recorded until then of what it rests on."""
    vast: Callable[[Doc, UUID], bool] = relied_on_never
    """Whether others rely on this entry of the document, as on a besluit that was made known: then it is corrected and
    struck by two people only."""
    van_server: bool = False
    """Whether the server books it as what follows from another entry: nobody's right to it is asked."""
    verwijzingen: Callable[[Any], list[Sleutel]] | None = None
    belooft: str | None = None
    """The key in `onderwerp` of a file that it announces, with the `sha256` of its payload."""
    ziet_organisatie: bool = False
    """Whether its guard looks at the organisation that its writer worked for, which is then among the documents."""
    ziet: frozenset[str] = frozenset()
    """Kinds of document, with a column `gemeentecode`, of which its guard looks at those of its municipality."""
    raakt: Mapping[str, Callable[[Doc, Registratie], Doc]] = field(default_factory=dict)
    """Kinds of document that it names and that change by it as well, and how. Only for what is `bevroren` at once:
    such an entry is never folded again. What changed is a `Kopie` in those documents."""
    tweede: Wacht | None = None
    """What a second person agrees to with it: who may be that person finds it in `GET /v1/wachtend`."""
    leidt: frozenset[str] = frozenset()
    """Fields (as on the wire) that say who takes part, who leads and whose it is: of an entry of somebody else they are
    changed by who coordinates only, for they decide who reads."""
    herziet: bool = False
    """Whether it says something about other entries of its document, which is then folded again."""
    eerdere: tuple[Versie, ...] = ()
    """All payload versions before the newest, oldest first; what was ever shipped stays."""
    sluit: bool = False
    """Whether it closes its document: of what comes together it is judged last."""
    vroegste: bool = False
    """Whether of several in one document the one with the earliest moment holds, also where it came later."""
    klasse: Klasse = Klasse.OPERATIE

    @property
    def versie(self) -> int:
        """The number of the newest payload version; versions count from 1."""
        return len(self.eerdere) + 1

    @property
    def secties(self) -> Mapping[str, Sectie]:
        """Wire name of each payload field → its section, in the newest version."""
        return self.inhoud.sections()

    def schema(self, versie: int) -> type[Inhoud]:
        """The payload of one version, with its own fields and sections. LookupError for one never shipped."""
        if not 0 < versie <= self.versie:
            raise LookupError(f"{self.soort} has no version {versie}")
        return self.inhoud if versie == self.versie else self.eerdere[versie - 1].inhoud

    def read(self, inhoud: Doc, versie: int) -> Any:
        """A payload of any version as one of the newest. ValidationError or OverflowError when it does not fit.

        It is first held against the rules of its own version. What was sent, and is sealed, stays as it is.
        """
        if versie == self.versie:
            return _validate(self.inhoud, inhoud)
        _validate(self.schema(versie), inhoud)
        return _validate(self.inhoud, self._newest(inhoud, versie), EERDER)

    def read_sealed(self, inhoud: Doc, versie: int) -> Any:
        """The same for what is in the ledger: it was held against its own version when it came."""
        return _validate(self.inhoud, self._newest(inhoud, versie), AS_SEALED)

    def _newest(self, inhoud: Doc, versie: int) -> Doc:
        for earlier in self.eerdere[versie - 1 :]:
            inhoud = earlier.omzetten(inhoud)
        return inhoud

    def apply(self, doc: Doc | None, r: Registratie, omgeving: Omgeving) -> Doc:
        """The fold of the act, with the files that the entry promised and the circle that it shuts the document in."""
        return shut(promised(self.fold(doc, r, omgeving), r), {r.kring})


def _validate(schema: type[Inhoud], inhoud: Doc, context: Any = None) -> Any:
    return schema.model_validate_json(orjson.dumps(inhoud), strict=True, by_alias=True, by_name=False, context=context)


def promised(doc: Doc, r: Registratie) -> Doc:
    """The document with the files in the manifest of `r`; a file that was promised before is there once."""
    known = {item["id"] for item in doc.get("bijlagen", ())}
    new = {row["id"]: {**row, **promise(r)} for row in r.bijlagen if row["id"] not in known}
    return {**doc, "bijlagen": [*doc.get("bijlagen", ()), *new.values()]} if new else doc


def promise(r: Registratie) -> Doc:
    """Which entry promised a file, who wrote it, and when the server heard of it."""
    return {
        "op": str(r.op),
        "door": r.door,
        "waargenomenOp": iso(r.waargenomen_op),
        "aangekondigdOp": iso(r.ontvangen_op),
    }


def refuse(reden: str) -> None:
    """Stop an act in its guard, with a plain Dutch sentence."""
    raise RegelGeschonden(reden)


def gebied(doc: Doc) -> set[str]:
    """The scope of the municipality a document lies in."""
    code = doc.get("gemeente")
    return {scope(Bereik.GEBIED, code)} if code else set()


def deelnemer(ident: UUID | str) -> str:
    """The scope of somebody who takes part in, or wrote, a document."""
    return scope(Bereik.DEELNEMER, ident)


def iso(moment: datetime) -> str:
    """A moment in UTC, `2023-02-08T18:30:00Z` (NL API Design Rules: respond in UTC)."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
