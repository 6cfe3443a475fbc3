"""From the wire to an `Operatie`: one operation, well formed or with the reason why it is not.

Nothing here touches the database. What an officer recorded is never thrown away: an operation that cannot be
read keeps its exact bytes.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from app.fouten import fouten_of
from app.grootboek.canoniek import b64u, canonical
from app.grootboek.ontleden import MAX_LEVELS
from app.moment import AS_SEALED, Moment
from app.problems import VERZOEK, Fout
from app.registraties.act import Act, Inhoud, Sleutel
from app.registraties.kern import bind_act, named_documents
from app.registraties.register import ACTEN, AGGREGATEN
from app.vocabulary import Code

MAX_OP_BYTES = 131_072
"""One operation, without white space. Larger is `rejected: te_groot`; the longest rapportage is less."""


class Bijlage(BaseModel):
    """Manifest row of a file that belongs to an operation; the file itself travels apart."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    id: UUID
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    grootte: Annotated[int, Field(gt=0)]
    mediatype: Annotated[str, Field(max_length=100)]


class Envelop(BaseModel):
    """The envelope of one operation (docs/sync.md, Push)."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        strict=True,
        hide_input_in_errors=True,
    )

    op_id: UUID
    device_seq: Annotated[int, Field(gt=0)] | None = None
    soort: Annotated[str, Field(max_length=60)]
    versie: Annotated[int, Field(gt=0)]
    onderwerp: dict[Annotated[str, Field(max_length=40)], UUID]
    waargenomen_op: Moment
    vastgelegd_op: Moment | None = None
    basis: UUID | None = None
    corrigeert: UUID | None = None
    reden: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    oefening: bool = False
    inhoud: dict[str, Any]
    bijlagen: Annotated[list[Bijlage], Field(default_factory=list, max_length=100)]
    kop: Any = None
    hand: Any = None
    zouten: Any = None


@dataclass(frozen=True, slots=True)
class Ondertekend:
    """A signature that holds: goes into the leaf as it is, with the device's salts into the kluis."""

    kop: dict[str, Any]
    handtekening: bytes
    zouten: bytes
    """7 × 32 bytes; NO_SALT for an absent section."""
    secties: dict[str, bytes]
    """What the device committed to."""

    @property
    def prev(self) -> str | None:
        """The hash of the KOP that this one says it follows."""
        return self.kop["prev"]  # type: ignore[no-any-return]

    @property
    def kop_hash(self) -> str:
        """What the next KOP of this device has to name."""
        return hash_of(self.kop)


_HOW = {"device_seq": None, "kop": None, "hand": None, "zouten": None}
"""Of an envelope, what is about how it was sent and not about what it says."""


@dataclass(slots=True)
class Operatie:
    """One operation as it will be judged. `fout` is set when it could not be read; then only its bytes count."""

    op: UUID | None
    device_seq: int | None
    soort: str
    bron: Callable[[], bytes]
    """Gives the exact bytes as sent; cutting them out of a batch costs, and only an unreadable one needs them."""
    grootte: int
    """Size in bytes, without white space around it."""
    envelop: Envelop | None = None
    tijden: tuple[str, str | None] = ("", None)
    """`waargenomenOp` and `vastgelegdOp` exactly as sent: these strings are sealed."""
    act: Act | None = None
    inhoud: Inhoud | None = None
    fout: Code | None = None
    fouten: tuple[Fout, ...] = ()
    """What does not fit its schema; nothing of it is repeated."""
    genoemd: tuple[Sleutel, ...] = ()
    """Every document that a readable operation names, the written one first."""
    ondertekend: Ondertekend | None = None
    """The device's signature, once it was found to hold."""

    @property
    def carries_hand(self) -> bool:
        """Whether the writer sent anything of a signature."""
        e = self.envelop
        return e is not None and not (e.kop is None and e.hand is None and e.zouten is None)

    def keep_as_sent(self, fout: Code) -> None:
        """Make of it an operation of which only the exact bytes count, the signature among them."""
        self.fout, self.act, self.inhoud, self.genoemd, self.ondertekend = fout, None, None, (), None

    @property
    def raw(self) -> bytes:
        """The exact bytes as sent."""
        return self.bron()

    @property
    def onderwerp(self) -> dict[str, UUID]:
        """What the operation is about; empty when it could not be read."""
        return self.envelop.onderwerp if self.envelop else {}

    @property
    def sleutel(self) -> Sleutel:
        """The document that the operation writes. Only for a readable operation."""
        return self.genoemd[0]

    def says_the_same(self, other: "Operatie") -> bool:
        """Whether both record the same; from which device, and with which number, does not matter."""
        if self.envelop is None or other.envelop is None or other.fout is Code.HANDTEKENING_ONGELDIG:
            return self.raw == other.raw
        mine, theirs = (o.envelop.model_copy(update=_HOW) for o in (self, other) if o.envelop)
        return mine == theirs and self.tijden == other.tijden


def unreadable(
    op: UUID | None, device_seq: int | None, soort: str, raw: bytes, fout: Code, why: str | None = None
) -> Operatie:
    """An operation that is kept as it came, because it could not be read; `why` is what `grootboek` says of that."""
    told = (Fout(veld=VERZOEK, melding=unsealable(why)),) if why else ()
    return Operatie(op, device_seq, soort, lambda: raw, len(raw), fout=fout, fouten=told)


_ONVERZEGELBAAR = {
    "dubbele sleutel": "Een naam staat er twee keer in.",
    "geen geheel getal": "Een getal is geen heel getal.",
    "geheel getal te groot": "Een getal is te groot.",
    "te diep genest": f"Dit is te diep genest: hoogstens {MAX_LEVELS} lagen.",
    "los surrogaat": "Een tekst bevat een half teken.",
    "NUL-teken": "Een tekst bevat een NUL-teken.",
    "sleutel buiten het BMP": "Een naam bevat een teken dat niet te verzegelen is.",
}


def unsealable(why: str, otherwise: str = "De inhoud is geen geldige JSON.") -> str:
    """In a sentence why something cannot be sealed, `otherwise` is not what was asked; `grootboek` says `why`."""
    return _ONVERZEGELBAAR.get(why, otherwise)


def lenient(value: Any) -> tuple[UUID | None, int | None, str]:
    """The op id, sequence number and kind of something malformed, as far as they can be made out."""
    if not isinstance(value, dict):
        return None, None, ""
    op, seq, soort = value.get("opId"), value.get("deviceSeq"), value.get("soort")
    try:
        ident = UUID(op) if isinstance(op, str) else None
    except ValueError:
        ident = None
    if ident is not None and ident.version != 4:  # noqa: PLR2004  # others carry a time into the leaf
        ident = None
    good_seq = seq if isinstance(seq, int) and not isinstance(seq, bool) and 0 < seq < 2**53 else None
    return ident, good_seq, soort if isinstance(soort, str) and len(soort) <= 60 else ""  # noqa: PLR2004


def read_operatie(
    value: Any, bron: Callable[[], bytes] | None = None, *, eigen: bool = False, folding: bool = False
) -> Operatie:
    """Read one canonical JSON value as an operation; `bron` gives its bytes as sent. Never raises for content.

    `eigen`: the server books it itself, so the kinds that only it may book are known. `folding`: it was judged when
    it came, and is only read again.
    """
    written = orjson.dumps(value)
    op, seq, soort = lenient(value)
    operatie = Operatie(op, seq, soort, bron or (lambda: written), len(written), fout=Code.SCHEMA_ONGELDIG)
    try:
        envelop = Envelop.model_validate_json(written, context=AS_SEALED if folding else None)
    except ValidationError as error:
        operatie.fouten = (*told_of(error, Envelop), *_told_of_payload(value))
        return operatie
    if op is None:
        operatie.fouten = (_GEEN_OP,)
        return operatie
    operatie.envelop = envelop
    operatie.tijden = (value["waargenomenOp"], value.get("vastgelegdOp"))
    operatie.fout = _read_payload(operatie, envelop, eigen=eigen, folding=folding)
    return operatie


def _read_payload(operatie: Operatie, envelop: Envelop, *, eigen: bool, folding: bool) -> Code | None:
    act = ACTEN.get(envelop.soort)
    if act is None or envelop.versie > act.versie or (act.pad is None and not eigen):
        return Code.ONBEKENDE_SOORT
    act = bind_act(act, envelop.onderwerp)
    inhoud, wrong = _as_payload(act, envelop.inhoud, envelop.versie, folding=folding)
    operatie.fouten = (*_misfits(act, envelop), *wrong)
    if operatie.fouten:
        return Code.SCHEMA_ONGELDIG
    operatie.inhoud = inhoud
    operatie.act, operatie.genoemd = act, named_documents(act, envelop.onderwerp, operatie.inhoud)
    return None


_GEEN_OP: Fout = {"veld": "opId", "melding": "Geef een eigen kenmerk (UUID, versie 4)."}
_BUITEN_KALENDER: Fout = {"veld": "inhoud", "melding": "Een dag of termijn valt buiten de kalender."}


def _told_of_payload(value: Any) -> tuple[Fout, ...]:
    """What does not fit in the payload of something whose envelope does not either: all is told at once."""
    given = value if isinstance(value, dict) else {}
    act, inhoud, versie = ACTEN.get(lenient(value)[2]), given.get("inhoud"), given.get("versie")
    if act is None or not isinstance(inhoud, dict):
        return ()
    known = type(versie) is int and 0 < versie <= act.versie
    return _as_payload(act, inhoud, versie if known else act.versie)[1]


def _as_payload(act: Act, inhoud: Any, versie: Any, *, folding: bool = False) -> tuple[Any, tuple[Fout, ...]]:
    """A payload as its act reads it, and what does not fit in it."""
    try:
        return (act.read_sealed if folding else act.read)(inhoud, versie), ()
    except ValidationError as error:
        return None, told_of(error, act.schema(versie), "inhoud")
    except OverflowError:  # a day beyond the calendar, counted on
        return None, (_BUITEN_KALENDER,)


def told_of(error: ValidationError, read: type[BaseModel], *within: str) -> tuple[Fout, ...]:
    """What does not fit in what was read as `read` and stands `within` the operation."""
    found = error.errors(include_url=False, include_input=False)
    return tuple(fouten_of(({**each, "loc": ("body", *within, *each["loc"])} for each in found), read))


def _misfits(act: Act, envelop: Envelop) -> Iterator[Fout]:
    """Where the envelope does not name what the act is about, or has some of the three parts of a correction."""
    known, required = act.aggregaat in AGGREGATEN, act.onderwerp.keys() - act.optioneel
    if envelop.bijlagen and not (known and AGGREGATEN[act.aggregaat].bijlagen):
        yield {"veld": "bijlagen", "melding": "Hier horen geen bestanden bij."}
    if not known or not required <= envelop.onderwerp.keys() <= act.onderwerp.keys():
        named = ", ".join(name for name in act.onderwerp if name in required)
        more = ", ".join(name for name in act.onderwerp if name not in required)
        yield {"veld": "onderwerp", "melding": f"Noem hier: {named}{f'; mag ook: {more}' if more else ''}."}
    if len({part is None for part in (envelop.corrigeert, envelop.basis, envelop.reden)}) > 1:
        yield {
            "veld": "corrigeert",
            "melding": "Een correctie noemt corrigeert, basis en reden; iets anders geen.",
        }
    elif act.herziet and envelop.corrigeert:
        yield {"veld": "corrigeert", "melding": "Dit is zelf niet te corrigeren."}


def hash_of(a_kop: dict[str, Any]) -> str:
    """SHA-256 of JCS(KOP), base64url."""
    return b64u(hashlib.sha256(canonical(a_kop)).digest())
