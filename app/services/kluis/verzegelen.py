"""Between an operation and its sections: what is sealed, and how a sealed entry is read back.

Section bytes are canonical JSON of what the writer sent, unchanged: `{"soort":…}` for the envelope and, for the
rest, the payload fields that the act declares for that section. An operation that could not be read is
sealed whole, with its exact bytes, in the most protected section.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from app.access.actor import Actor
from app.access.wet import SEALED, SOORT_VAN_ROL, Wet, find_wet, kring_before
from app.grootboek.canoniek import NietCanoniek, canonical_of_parsed
from app.grootboek.ontleden import GeenJson, parse
from app.moment import AS_SEALED, Moment, local_day
from app.registraties.act import HOEDANIGHEID, Act, Doc, Registratie
from app.registraties.register import ACTEN, AGGREGATEN
from app.services.kluis.operatie import Operatie, read_operatie, unreadable
from app.vocabulary import Code, Kring, OrganisatieSoort, Regime, Rol, Sectie

ONLEESBAAR = Sectie.MENSENHANDEL
"""Where an unreadable operation is sealed: nobody can know what is in it, so the fewest may look."""

MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)
REDEN = "redenCorrectie"
"""Why a correction was made, in section tekst beside the payload's own text."""


def wet_of(act: Act, inhoud: Any, actor: Actor, ontvangen_op: datetime) -> Wet | None:
    """The law of an entry that came at `ontvangen_op`, by itself alone; None where the table has no row for it."""
    taak, dag = AGGREGATEN[act.aggregaat].wet(inhoud), local_day(ontvangen_op)
    return find_wet(actor.organisatie_soort, actor.rol, inhoud.says(HOEDANIGHEID), taak, dag)


SHUT = frozenset(naam for naam, a in AGGREGATEN.items() if "kringen" in a.document.Intern.model_fields)
"""The kinds of document that an entry can shut. Of others, and of what the engine notes, the document says it."""


def kring_of(act: Act, wet: Wet) -> Kring:
    """Who may read an entry."""
    return wet.kring if ACTEN[act.soort].aggregaat in SHUT else Kring.GEMEENTE


def sealed_kring(act: Act, inhoud: Any, kenmerken: Mapping[str, str], rol: Rol) -> Kring:
    """The same of an entry that was sealed, also of before there was a table."""
    if ACTEN[act.soort].aggregaat not in SHUT:
        return Kring.GEMEENTE
    if "kring" in kenmerken:
        return Kring(kenmerken["kring"])
    taak, said = AGGREGATEN[act.aggregaat].wet(inhoud), inhoud.says(HOEDANIGHEID)
    return kring_before(taak, Regime(kenmerken["regime"]), said, rol)


def stored_kenmerken(omslag: bytes) -> Mapping[str, str] | None:
    """The law as an earlier booking sealed it: a repeat is compared under the law of that moment.

    None where a device signed the omslag: it states what the officer stated, and the law stands in the oordeel. None
    too where no law was found for it.
    """
    stored = orjson.loads(omslag)
    return {name: stored[name] for name in SEALED & stored.keys()} or None


def sections_of(operatie: Operatie, kenmerken: Mapping[str, str] | None) -> dict[str, bytes]:
    """The sections of a readable operation, by name. Empty sections are absent.

    `kenmerken` is the law it stands under. None for what a device signs: offline it cannot know that.
    """
    e, act = operatie.envelop, operatie.act
    assert e is not None  # noqa: S101  # callers looked at fout
    assert act is not None  # noqa: S101
    omslag: dict[str, Any] = {
        "soort": e.soort,
        "versie": e.versie,
        "onderwerp": {key: str(ident) for key, ident in e.onderwerp.items()},
        "waargenomenOp": operatie.tijden[0],
        "oefening": e.oefening,
        **(kenmerken or {}),
    }
    if operatie.tijden[1] is not None:
        omslag["vastgelegdOp"] = operatie.tijden[1]
    if e.corrigeert is not None:
        omslag |= {"corrigeert": str(e.corrigeert), "basis": str(e.basis)}
    if e.bijlagen:
        omslag["bijlagen"] = [{**b.model_dump(mode="json")} for b in e.bijlagen]
    parts: dict[str, dict[str, Any]] = {}
    of_field = act.schema(e.versie).sections()
    for name, value in e.inhoud.items():
        parts.setdefault(of_field[name].value, {})[name] = value
    if e.reden is not None:
        parts.setdefault(AGGREGATEN[act.aggregaat].reden.value, {})[REDEN] = e.reden
    return {
        Sectie.OMSLAG.value: canonical_of_parsed(omslag),
        **{name: canonical_of_parsed(part) for name, part in parts.items()},
    }


def raw_sections(operatie: Operatie) -> dict[str, bytes]:
    """The one section of an operation that could not be read: its exact bytes."""
    return {ONLEESBAAR.value: operatie.raw}


def reopen(op: UUID, sections: Mapping[str, bytes | None], *, folding: bool = False) -> Operatie:
    """A sealed operation as it came, read with what the server knows now: what it could not read then it may now.

    Without signature: that was judged when it came. Its id is that of its entry. What only the server books was read
    when it booked it, so it has sections; from anybody else it was sealed unread, and stays an unknown kind.
    `folding`: it was taken in, so it was read before.
    """
    value: Any = stored_value(sections)
    sealed_read = value is not None
    if value is None:
        content = sections[ONLEESBAAR.value] or b""
        try:
            value = parse(content)
        except (GeenJson, NietCanoniek):
            return unreadable(op, None, "", content, Code.NIET_CANONIEK)
    if not isinstance(value, dict):
        return unreadable(op, None, "", orjson.dumps(value), Code.SCHEMA_ONGELDIG)
    unsigned = {name: part for name, part in value.items() if name not in {"kop", "hand", "zouten"}}
    return read_operatie(unsigned | {"opId": str(op)}, eigen=sealed_read, folding=folding)


def stored_value(sections: Mapping[str, bytes | None]) -> Doc | None:
    """An operation put together from its sections, as on the wire; None when it was sealed unread."""
    if sections[Sectie.OMSLAG.value] is None:
        return None
    omslag = orjson.loads(sections[Sectie.OMSLAG.value] or b"")
    parts = (sections[sectie.value] for sectie in Sectie if sectie is not Sectie.OMSLAG)
    inhoud: Doc = {name: value for part in parts if part is not None for name, value in orjson.loads(part).items()}
    reden = inhoud.pop(REDEN, None)
    sealed = {name: value for name, value in omslag.items() if name not in SEALED}
    return {**sealed, **({"reden": reden} if reden is not None else {}), "inhoud": inhoud}


def as_registratie(
    operatie: Operatie, actor: Actor, ontvangen_op: datetime, vlaggen: tuple[str, ...], kring: Kring
) -> Registratie:
    """A readable operation as it will be folded."""
    e = operatie.envelop
    assert e is not None  # noqa: S101
    assert operatie.op is not None  # noqa: S101
    return Registratie(
        op=operatie.op,
        soort=e.soort,
        onderwerp=e.onderwerp,
        waargenomen_op=e.waargenomen_op,
        inhoud=operatie.inhoud,
        functionaris=actor.functionaris,
        roltoewijzing=actor.roltoewijzing,
        rol=actor.rol,
        organisatie=actor.organisatie,
        ontvangen_op=ontvangen_op,
        kring=kring,
        vlaggen=vlaggen,
        oefening=e.oefening,
        bijlagen=tuple(bijlage.model_dump(mode="json") for bijlage in e.bijlagen),
        versie=e.versie,
        vastgelegd_op=e.vastgelegd_op or e.waargenomen_op,
    )


def writer_of(oordeel: Mapping[str, Any], bureau: Actor | None = None) -> Actor:
    """Who sent an entry, in the role of that moment; `bureau` takes it in for him."""
    rol, soort = Rol(oordeel["rol"]), oordeel.get("organisatieSoort")
    return Actor(
        UUID(oordeel["functionaris"]),
        UUID(oordeel["roltoewijzing"]),
        rol,
        UUID(oordeel["organisatie"]),
        frozenset(oordeel.get("gemeenten", ())),
        bureau=bureau,
        organisatie_soort=OrganisatieSoort(soort) if soort else SOORT_VAN_ROL[rol],
    )


def oordeel_of(actor: Actor, *, ontvangen_op: str, klokafwijking_ms: int | None, beleidsversie: str) -> dict[str, Any]:
    """What all verdicts of one booking have in common; status, code and vlaggen come with each."""
    return {
        "ontvangenOp": ontvangen_op,
        "functionaris": str(actor.functionaris),
        "roltoewijzing": str(actor.roltoewijzing),
        "rol": actor.rol.value,
        "organisatie": str(actor.organisatie),
        "organisatieSoort": actor.organisatie_soort.value if actor.organisatie_soort else None,
        "toestel": str(actor.toestel) if actor.toestel else None,
        "klokafwijkingMs": klokafwijking_ms,
        "beleidsversie": beleidsversie,
    }


def entry_from_sections(op: UUID, sections: Mapping[str, bytes | None]) -> tuple[Registratie, dict[str, Any]]:
    """Read an accepted or conflicting entry back: what `herbouw` and a refold start from.

    The payload comes in the newest version of its kind, in whichever it was sealed. Returns the registratie and
    its envelope (`corrigeert`, `basis` and `reden` included).
    """
    oordeel = orjson.loads(sections["oordeel"] or b"{}")
    omslag = orjson.loads(sections[Sectie.OMSLAG.value] or b"{}")
    inhoud: dict[str, Any] = {}
    for sectie in Sectie:
        content = sections[sectie.value]
        if sectie is not Sectie.OMSLAG and content is not None:
            inhoud |= orjson.loads(content)
    reden = inhoud.pop(REDEN, None)
    if reden is not None:
        omslag["reden"] = reden
    act, rol = ACTEN[omslag["soort"]], Rol(oordeel["rol"])
    read = act.read_sealed(inhoud, omslag["versie"])
    return (
        Registratie(
            op=op,
            soort=act.soort,
            onderwerp={key: UUID(ident) for key, ident in omslag["onderwerp"].items()},
            waargenomen_op=MOMENT.validate_python(omslag["waargenomenOp"], context=AS_SEALED),
            inhoud=read,
            functionaris=UUID(oordeel["functionaris"]),
            roltoewijzing=UUID(oordeel["roltoewijzing"]),
            rol=rol,
            organisatie=UUID(oordeel["organisatie"]),
            kring=sealed_kring(act, read, oordeel.get("kenmerken", omslag), rol),
            ontvangen_op=datetime.fromisoformat(oordeel["ontvangenOp"]),
            vlaggen=tuple(oordeel["vlaggen"]),
            oefening=omslag["oefening"],
            bijlagen=tuple(omslag.get("bijlagen", ())),
            versie=omslag["versie"],
            vastgelegd_op=MOMENT.validate_python(
                omslag.get("vastgelegdOp", omslag["waargenomenOp"]), context=AS_SEALED
            ),
        ),
        omslag,
    )
