"""Een functionaris: iemand die voor een organisatie werkt, met een aanduiding en zonder naam."""

from app.access.bereik import Bereik, scope
from app.models.mensen import Functionaris
from app.registraties.act import Aggregaat, Doc


def scopes(_doc: Doc) -> set[str]:
    """Everybody may know by which aanduiding a colleague goes."""
    return {scope(Bereik.BEHEER), scope(Bereik.ALLEN)}


AGGREGAAT = Aggregaat("functionaris", Functionaris, scopes)
