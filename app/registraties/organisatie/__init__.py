"""Een organisatie die meedoet: gemeente, regio, politie-eenheid of ketenpartner."""

from app.access.bereik import Bereik, scope
from app.models.mensen import Organisatie
from app.registraties.act import Aggregaat, Doc, of_beheer
from app.registraties.organisatie import document


def scopes(_doc: Doc) -> set[str]:
    """Reference data: everybody may know who takes part."""
    return {scope(Bereik.BEHEER), scope(Bereik.ALLEN)}


AGGREGAAT = Aggregaat("organisatie", Organisatie, document.Organisatie, scopes, of_beheer, vrij=True)
