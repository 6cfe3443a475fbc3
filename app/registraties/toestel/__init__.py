"""Een toestel: de telefoon waarmee een functionaris vastlegt. Sleutels en wachtwoorden staan hier nooit."""

from typing import Any
from uuid import UUID

from app.access.bereik import Bereik, scope
from app.models.mensen import Toestel
from app.registraties.act import Aggregaat, Doc, deelnemer

_NIEMAND = str(UUID(int=0))


def scopes(doc: Doc) -> set[str]:
    """For the administrator, and for who carries it."""
    return {scope(Bereik.BEHEER)} | ({deelnemer(doc["functionaris"])} if "functionaris" in doc else set())


def columns(doc: Doc) -> dict[str, Any]:
    """Whose it is, and whether it may still be used. Without its enrolment it may not."""
    return {
        "functionaris": UUID(doc.get("functionaris", _NIEMAND)),
        "ingetrokken": "functionaris" not in doc or "ingetrokkenOp" in doc,
    }


AGGREGAAT = Aggregaat("toestel", Toestel, scopes, columns)
