"""Reading restricted content is an act: it leaves a row, with the reason, before anything leaves the server."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import orjson
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from app.access.actor import Actor
from app.access.beleid import BELEIDSVERSIE
from app.access.bereik import Bereik
from app.access.zicht import ever_opened
from app.database import raw_connection
from app.models.bedrijf import Inzage
from app.models.keten import Ontvangst
from app.problems import GeenRecht, NietGevonden, ToelichtingOntbreekt
from app.registraties.act import Aggregaat, Doc, Sleutel
from app.registraties.document import opened
from app.registraties.kern import bind_act
from app.registraties.register import ACTEN, AGGREGATEN, DOCUMENTEN
from app.registraties.tonen import deel_of
from app.services.kluis.verzegelen import ONLEESBAAR, REDEN, stored_value
from app.services.lezen.lezen import get_document, get_documents, get_raw_document
from app.services.vouwen.historie import fetch_entries, load_history
from app.services.vouwen.stappen import difference, effective_entries, open_branches, stand_of, version
from app.services.vouwen.vouwer import Vouwer
from app.vocabulary import Sectie, Status

MIN_REASON = 10
"""Characters: a reason is a sentence, not a full stop."""


def need_reason(toelichting: str | None) -> str:
    """Why somebody looks, in a sentence. Raises ToelichtingOntbreekt."""
    if toelichting is None or len(toelichting.strip()) < MIN_REASON:
        raise ToelichtingOntbreekt(
            f"Zet in de header X-Audit-Toelichting waarom u dit inziet: minstens {MIN_REASON} tekens.",
            "X-Audit-Toelichting",
        )
    return toelichting.strip()[:500]


async def note_inzage(
    session: AsyncSession,
    actor: Actor,
    hulpbron: str,
    ident: UUID,
    veldklassen: Collection[Sectie],
    toelichting: str,
    *,
    nu: datetime,
    weergave: str = "inhoud",
) -> None:
    """Write down who looks at what, in the transaction of the read; it commits before anything leaves."""
    session.add(
        Inzage(
            id=uuid7(),
            op=nu,
            functionaris=actor.functionaris,
            roltoewijzing=actor.roltoewijzing,
            toestel=actor.toestel,
            hulpbron=hulpbron,
            object=ident,
            weergave=weergave,
            veldklassen=[sectie.value for sectie in Sectie if sectie in veldklassen],
            toelichting=toelichting,
            beleidsversie=BELEIDSVERSIE,
        )
    )
    await session.flush()


async def read_content(
    session: AsyncSession, actor: Actor, aggregaat: Aggregaat, ident: UUID, *, toelichting: str | None, nu: datetime
) -> Doc:
    """The content of one document of a kind with `inzien`, with an access-log row in the same transaction.

    Raises NietGevonden for who may not know of it, GeenRecht for who may know but not look, and
    ToelichtingOntbreekt without a reason.
    """
    inzien = aggregaat.inzien
    assert inzien is not None  # noqa: S101  # there is no such door else
    told = await get_document(session, actor, aggregaat.model, ident)
    try:
        doc = await get_raw_document(session, actor, aggregaat.model, ident, permissie=inzien.permissie)
    except NietGevonden:
        raise GeenRecht(inzien.geweigerd) from None
    reden = need_reason(toelichting)
    content, sections = await read_entries(session, Sleutel(aggregaat.naam, ident))
    sections |= opened(aggregaat.document, told)
    place: Doc = {}
    if inzien.bij is not None:
        place, seen = await read_place(session, actor, doc, *inzien.bij)
        sections |= seen
    about = {name: doc.get(f"_{name}") for name in inzien.mee}
    await note_inzage(session, actor, aggregaat.naam, ident, sections, reden, nu=nu)
    return {"gemeente": None, **dict.fromkeys(place), **told, **about, **place, **content}


async def read_place(
    session: AsyncSession, actor: Actor, doc: Doc, naam: str, permissie: str
) -> tuple[Doc, set[Sectie]]:
    """The document of kind `naam` that `doc` names, and its address; both None where `actor` may not see that."""
    aggregaat, named = AGGREGATEN[naam], doc.get(f"_{naam}")
    found = await get_documents(session, actor, aggregaat.model, [UUID(named)] if named else [], permissie)
    for place in found.values():
        return {naam: place["id"], "adres": place.get("adres")}, opened(aggregaat.document, place)
    return {naam: None, "adres": None}, set()


async def read_part(
    session: AsyncSession,
    actor: Actor,
    aggregaat: Aggregaat,
    ident: UUID,
    permissie: str,
    *,
    geweigerd: str,
    toelichting: str | None,
    nu: datetime,
) -> Doc:
    """What a document shows behind the door of `permissie`; with an access-log row.

    Raises as :func:`read_content`: `geweigerd` is told to who may only know that it is there.
    """
    await get_raw_document(session, actor, aggregaat.model, ident)
    try:
        doc = await get_document(session, actor, aggregaat.model, ident, permissie=permissie)
    except NietGevonden:
        raise GeenRecht(geweigerd) from None
    reden, hulpbron = need_reason(toelichting), permissie.partition(":")[0]
    await note_inzage(session, actor, hulpbron, ident, opened(aggregaat.document, doc), reden, nu=nu)
    return doc


async def read_onderbouwing(
    session: AsyncSession, actor: Actor, aggregaat: Aggregaat, bewijs: Aggregaat, ident: UUID, *, nu: datetime
) -> list[Doc]:
    """What a document which `actor` sees rests on of one kind, as its decision needs it; each with an access-log row.

    Raises NietGevonden for a document that is not there, or not his.
    """
    doc = await get_raw_document(session, actor, aggregaat.model, ident)
    named = [key.id for key in aggregaat.rust_op(doc) if key.aggregaat == bewijs.naam]
    found = await get_documents(session, actor, bewijs.model, named, "onderbouwing:inzien")
    for each, shown in found.items():
        sections = opened(bewijs.document, shown)
        await note_inzage(session, actor, "onderbouwing", each, sections, str(ident), nu=nu)
    return list(found.values())


async def read_held(session: AsyncSession, actor: Actor, ident: UUID, *, toelichting: str | None, nu: datetime) -> Doc:
    """What was sent and is, or was, in quarantine, as it came; with an access-log row in the same transaction.

    Raises as :func:`read_content`. What could not be read is given as its exact text.
    """
    told = await get_document(session, actor, Ontvangst, ident, permissie="quarantaine:zien")
    try:
        doc = await get_raw_document(session, actor, Ontvangst, ident, permissie="quarantaine:inzien")
    except NietGevonden:
        raise GeenRecht("U ziet hiervan alleen dat het er is: de inhoud is voor anderen.") from None
    if doc["status"] != Status.QUARANTINED:
        raise NietGevonden("Dit bestaat niet, of niet voor u.")
    reden = need_reason(toelichting)
    (row,) = await fetch_entries(await raw_connection(session), [ident])
    value, sections = stored_value(row), {ONLEESBAAR}
    if value is not None:
        act = bind_act(ACTEN[value["soort"]], value["onderwerp"])
        if doc["_inzage"] == Bereik.GEMEENTE:  # every other circle was chosen for what is in it
            his = ever_opened(actor.rol, AGGREGATEN[act.aggregaat].model.collectie)
            fields = act.schema(value["versie"]).model_fields.items()
            shown = {info.alias or name for name, info in fields if deel_of(info, None) in his}
            value["inhoud"] = {name: part for name, part in value["inhoud"].items() if name in shown}
        sections = {sectie for sectie in Sectie if row[sectie.value] and _shows(row[sectie.value], value)}
    sections |= opened(DOCUMENTEN[Ontvangst.collectie], told)
    await note_inzage(session, actor, "quarantaine", ident, sections, reden, nu=nu)
    return {
        **told,
        "registratie": value,
        "tekst": row[ONLEESBAAR.value].decode() if value is None else None,
    }


def _shows(part: bytes, value: Doc) -> bool:
    """Whether anything of a sealed section is in what is shown of the operation."""
    return not {*value, *value["inhoud"], *([REDEN] if "reden" in value else ())}.isdisjoint(orjson.loads(part))


async def read_entries(session: AsyncSession, key: Sleutel) -> tuple[Doc, set[Sectie]]:
    """What was recorded of a document: the content that holds, what followed, what nobody settled yet; its sections.

    Of each entry is said how it stands: a correction and what it replaced are told apart.
    """
    vouwer = Vouwer(await raw_connection(session))
    await load_history(vouwer.raw, vouwer, [key])
    stappen = vouwer.historie[key]
    (recorded,) = (a.soort for a in ACTEN.values() if a.aggregaat == key.aggregaat and a.maakt == "altijd")
    holds = next((r for r in effective_entries(stappen) if r.soort == recorded), None)
    followed = [s for s in stappen if s.registratie.soort != recorded and not ACTEN[s.registratie.soort].herziet]
    branches = open_branches(stappen)
    said = [*([holds] if holds is not None else ()), *(s.registratie for s in (*followed, *branches))]
    told = {
        "inhoud": holds.inhoud.as_doc() if holds is not None else None,
        "opvolging": [
            {
                **version(s, shown=False),
                "stand": stand_of(s, stappen),
                "reden": s.reden,
                **s.registratie.inhoud.as_doc(),
            }
            for s in followed
        ],
        "verschillen": [{**difference(s, stappen), "inhoud": s.registratie.inhoud.as_doc()} for s in branches],
    }
    return told, {ACTEN[r.soort].secties[name] for r in said for name in r.inhoud.as_doc()}
