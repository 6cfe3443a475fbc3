"""Reading restricted content is an act: it leaves a row, with the reason, before anything leaves the server."""

from datetime import datetime
from uuid import UUID

import orjson
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from app.access.actor import Actor
from app.access.beleid import BELEIDSVERSIE
from app.database import raw_connection
from app.models.bedrijf import Inzage
from app.models.keten import Mensenhandelsignaal
from app.problems import GeenRecht, NietGevonden, ToelichtingOntbreekt
from app.registraties.act import Doc
from app.services.lezen import get_raw_document, project
from app.vocabulary import Sectie

MIN_REASON = 10
"""Characters: a reason is a sentence, not a full stop."""


async def read_mensenhandelsignaal(
    session: AsyncSession, actor: Actor, ident: UUID, *, toelichting: str | None, nu: datetime
) -> Doc:
    """The content of one signaal, with an access-log row in the same transaction.

    Raises NietGevonden for who may not know of it, GeenRecht for who may know but not look, and
    ToelichtingOntbreekt without a reason.
    """
    await get_raw_document(session, actor, Mensenhandelsignaal, ident)
    try:
        doc = await get_raw_document(session, actor, Mensenhandelsignaal, ident, permissie="mensenhandelsignaal:inzien")
    except NietGevonden:
        raise GeenRecht("U ziet van dit signaal alleen de status.") from None
    if toelichting is None or len(toelichting.strip()) < MIN_REASON:
        raise ToelichtingOntbreekt("Zet in de header X-Audit-Toelichting waarom u dit signaal inziet.")
    session.add(
        Inzage(
            id=uuid7(),
            op=nu,
            functionaris=actor.functionaris,
            roltoewijzing=actor.roltoewijzing,
            toestel=actor.toestel,
            hulpbron="mensenhandelsignaal",
            object=ident,
            veldklasse=Sectie.MENSENHANDEL.value,
            toelichting=toelichting.strip()[:500],
            beleidsversie=BELEIDSVERSIE,
        )
    )
    await session.flush()
    raw = await raw_connection(session)
    rows = await raw.fetch(
        "SELECT op, soort, mensenhandel FROM lees.geschiedenis JOIN grootboek.entry USING (op)"
        " JOIN kluis.inhoud USING (pos) WHERE document = $1 AND status = 'accepted' ORDER BY pos",
        ident,
    )
    content = {row["op"]: orjson.loads(row["mensenhandel"]) for row in rows if row["mensenhandel"] is not None}
    shown, _ = project(actor, Mensenhandelsignaal.collectie, doc)
    return {
        **shown,
        "inhoud": content.get(UUID(doc["_op"])) if "_op" in doc else None,
        "opvolging": [
            {"soort": row["soort"], **content[row["op"]]}
            for row in rows
            if row["op"] in content and row["soort"] != "mensenhandelsignaal.vastgelegd"
        ],
    }
