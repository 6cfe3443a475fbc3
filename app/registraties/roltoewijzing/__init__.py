"""Een roltoewijzing: een rol van een functionaris bij een organisatie, voor gemeenten, van–tot."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.access.bereik import Bereik, scope
from app.models.mensen import Roltoewijzing
from app.registraties.act import Aggregaat, Doc, of_beheer
from app.registraties.roltoewijzing import document

_NIEMAND = str(UUID(int=0))
NOOIT = "9999-12-31T00:00:00Z"
BEVESTIGD, WACHT = "bevestigd", "wacht_op_bevestiging"
"""The status of a role. One granted before a second person was asked for, or to a first administrator, has none."""


def scopes(_doc: Doc) -> set[str]:
    """Who holds which role is for the administrator."""
    return {scope(Bereik.BEHEER)}


def columns(doc: Doc) -> dict[str, Any]:
    """The right itself: it is read from here at each request. Without grant or confirmation it is nobody's."""
    tot = doc.get("tot")
    van = NOOIT if doc.get("status") == WACHT else doc.get("van") or tot or NOOIT
    return {
        "functionaris": UUID(doc.get("functionaris", _NIEMAND)),
        "rol": doc.get("rol", ""),
        "organisatie": UUID(doc.get("organisatie", _NIEMAND)),
        "gemeenten": doc.get("gemeenten", []),
        "van": datetime.fromisoformat(van),
        "tot": datetime.fromisoformat(tot) if tot else None,
    }


def stands(_doc: Doc) -> bool:
    """A right changes by ending it and granting another, so that what was allowed when stays readable."""
    return True


AGGREGAAT = Aggregaat("roltoewijzing", Roltoewijzing, document.Roltoewijzing, scopes, of_beheer, columns)
