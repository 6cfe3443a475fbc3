"""Een roltoewijzing: een rol van een functionaris bij een organisatie, voor gemeenten, van–tot."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.access.bereik import Bereik, scope
from app.models.mensen import Roltoewijzing
from app.registraties.act import Aggregaat, Doc

_NIEMAND = str(UUID(int=0))


def scopes(_doc: Doc) -> set[str]:
    """Who holds which role is for the administrator."""
    return {scope(Bereik.BEHEER)}


def columns(doc: Doc) -> dict[str, Any]:
    """The right itself: it is read from here at each request. What lacks its grant is nobody's right."""
    tot = doc.get("tot")
    return {
        "functionaris": UUID(doc.get("functionaris", _NIEMAND)),
        "rol": doc.get("rol", ""),
        "organisatie": UUID(doc.get("organisatie", _NIEMAND)),
        "gemeenten": doc.get("gemeenten", []),
        "van": datetime.fromisoformat(doc.get("van") or tot or "9999-12-31T00:00:00Z"),
        "tot": datetime.fromisoformat(tot) if tot else None,
    }


AGGREGAAT = Aggregaat("roltoewijzing", Roltoewijzing, scopes, columns)
