"""Een functionaris: iemand die voor een organisatie werkt, met een aanduiding en zonder naam."""

from app.access.bereik import Bereik, scope
from app.models.mensen import Functionaris
from app.registraties.act import Aggregaat, Doc, of_beheer
from app.registraties.functionaris import document


def scopes(doc: Doc) -> set[str]:
    """By which aanduiding a colleague goes is known where he works or worked, and to nobody else."""
    return {scope(Bereik.BEHEER), *(scope(Bereik.GEBIED, code) for code in doc.get("_gemeenten", ()))}


AGGREGAAT = Aggregaat("functionaris", Functionaris, document.Functionaris, scopes, of_beheer, vrij=True)
