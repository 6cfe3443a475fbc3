"""Seeing files: through the door of the document they hang on, with a log row; and which files are missing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.database import raw_connection
from app.models.base import Leesmodel
from app.problems import GeenRecht, NietGevonden
from app.registraties.act import Doc
from app.registraties.register import DOCUMENTEN
from app.services.bijlagen.keuren import original, rendition
from app.services.lezen.inzage import need_reason, note_inzage
from app.services.lezen.lezen import get_document, get_raw_document, lacks_files, visible
from app.services.lezen.lijsten import Bladzijde, Vraag, list_documents
from app.vocabulary import BijlageUitkomst, Mediatype, Rol

ORIGINEEL = "origineel"
_ACHTERVOEGSEL = {Mediatype.JPEG: "jpg", Mediatype.PDF: "pdf"}


@dataclass(frozen=True, slots=True)
class Bestand:
    """What is shown: its name in the store and for who keeps it, its kind, and the hash of an original."""

    naam: str
    bestandsnaam: str
    mediatype: Mediatype
    sha256: str | None = None


async def find_bestand(
    session: AsyncSession,
    actor: Actor,
    waar: tuple[type[Leesmodel], UUID],
    bijlage: UUID,
    maat: str,
    *,
    toelichting: str | None,
    nu: datetime,
) -> Bestand:
    """Where the file lies that `actor` may see in this size, after writing down that he sees it.

    Raises NietGevonden for what does not exist, is not his, has not arrived or has no rendition; GeenRecht and
    ToelichtingOntbreekt for an original.
    """
    model, ident = waar
    item = bound(await get_document(session, actor, model, ident), bijlage)
    reden = ""
    if maat == ORIGINEEL:
        try:
            await get_raw_document(session, actor, model, ident, permissie="bijlage:inzien")
        except NietGevonden:
            raise GeenRecht("U ziet van deze bijlage alleen de weergave.") from None
        reden = need_reason(toelichting)
    mediatype = Mediatype(item["mediatype"])
    if maat != ORIGINEEL and mediatype is Mediatype.PDF:
        raise NietGevonden("Van dit bestand is er alleen het origineel.")
    raw = await raw_connection(session)
    upload = await raw.fetchval(
        "SELECT id FROM bedrijf.upload WHERE bijlage = $1 AND op = $2", bijlage, UUID(item["ontvangst"]["op"])
    )
    section = DOCUMENTEN[model.collectie].sections()["bijlagen"]
    await note_inzage(session, actor, "bijlage", bijlage, {section}, reden, nu=nu, weergave=maat)
    if maat == ORIGINEEL:
        suffix = _ACHTERVOEGSEL.get(mediatype, mediatype.value.rpartition("/")[2])
        return Bestand(original(upload), f"{bijlage}.{suffix}", mediatype, item["sha256"])
    return Bestand(rendition(upload, maat), f"{bijlage}-{maat}.jpg", Mediatype.JPEG)


def bound(doc: Doc, bijlage: UUID) -> Doc:
    """The file as the document has it, once it arrived and was what was promised. Raises NietGevonden."""
    for item in doc.get("bijlagen", ()):
        if item["id"] == str(bijlage) and item.get("ontvangst", {}).get("uitkomst") == BijlageUitkomst.GEBONDEN:
            return dict(item)
    raise NietGevonden("Dit bestaat niet, of niet voor u.")


async def list_missing(
    session: AsyncSession, actor: Actor, model: type[Leesmodel], *, cursor: str | None, limit: int
) -> Bladzijde:
    """Files that were promised and are not there, or were refused: of everybody for who steers, else one's own.

    A page is cut by documents, so it may hold more files than `limit`, or none while more follow.
    """
    also = (visible(model, actor, "bijlagen:raadplegen"), lacks_files(model))
    page = await list_documents(session, actor, model, Vraag(limit, cursor), also=also)
    own = None if actor.rol is Rol.REGISSEUR else str(actor.functionaris)
    missing = [
        as_missing(doc, item)
        for doc in page.resultaten
        for item in doc.get("bijlagen", ())
        if item.get("ontvangst", {}).get("uitkomst") != BijlageUitkomst.GEBONDEN
        and own in (None, item["door"]["functionaris"])
    ]
    return Bladzijde(missing, page.volgende)


def as_missing(doc: Doc, item: Doc) -> Doc:
    """One line of the list."""
    ontvangst = item.get("ontvangst", {})
    return {
        "document": doc["id"],
        "gemeente": doc.get("gemeente"),
        "bijlage": item["id"],
        "registratie": item["op"],
        "rol": item["door"]["rol"],
        "mediatype": item["mediatype"],
        "grootte": item["grootte"],
        "aangekondigdOp": item["aangekondigdOp"],
        "uitkomst": ontvangst.get("uitkomst", "verwacht"),
        "afkeuring": ontvangst.get("afkeuring"),
    }
