"""What is kept out of the figures: practice records, and facts with a date that cannot be right."""

from app.registraties.act import Registratie
from app.vocabulary import Vlag


def counts(r: Registratie) -> bool:
    """Whether the fact of `r` may be counted (ontwerp/domein.md, "De cijfers op een rij")."""
    return not r.oefening and Vlag.DATUM_ONWAARSCHIJNLIJK not in r.vlaggen
