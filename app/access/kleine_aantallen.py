"""Which figures are held back when they are small, as tables without code (ADR 28; `make mutaties`).

A number of one to four persons, signs or visits can point at one of them. Who steers in a municipality knows each;
others are told it only where it points at nobody. A role that is not in `BLIK` is told nothing.
"""

from enum import Enum, auto
from typing import Final, NamedTuple

from app.vocabulary import Cijfer, Rol

MINST: Final = 5
"""A smaller number could point at one of those that it counts."""


class Blik(Enum):
    """From where somebody looks at a municipality."""

    STUURT = auto()
    """he steers there, and sees the work itself: every number, over any days; help at one door is not his to know"""
    BESTUURT = auto()
    """he decides there: the year whole, what is cut smaller only where it is not small"""
    BUITEN = auto()
    """he is of no municipality, and what he makes of it is read outside"""


BLIK: Final = {
    Rol.REGISSEUR: Blik.STUURT,
    Rol.BURGEMEESTER: Blik.BESTUURT,
    Rol.JURIST: Blik.BESTUURT,
    Rol.PCT: Blik.BUITEN,
}
"""Who may ask at all, the policy says."""


class Aard(Enum):
    """What a figure counts."""

    MENS = auto()
    """persons, signs and reports, and what was found where they were"""
    HULP = auto()
    """who was offered help, and which"""
    BEZOEK = auto()
    """controles and places: one in a month, or of a kind, is an address"""
    BESLUIT = auto()
    """what was decided, which was made known"""


class Snede(Enum):
    """How finely a figure is cut."""

    HEEL = auto()
    """whole years of a municipality"""
    SOORT = auto()
    """the same of a figure that is by kind in itself"""
    DEEL = auto()
    """months or quarters; of one kind, thema or kind of place"""


KLEIN: Final = frozenset(
    {
        (Blik.STUURT, Aard.HULP, Snede.DEEL),
        (Blik.BESTUURT, Aard.MENS, Snede.SOORT),
        (Blik.BESTUURT, Aard.MENS, Snede.DEEL),
        (Blik.BESTUURT, Aard.HULP, Snede.SOORT),
        (Blik.BESTUURT, Aard.HULP, Snede.DEEL),
        (Blik.BESTUURT, Aard.BEZOEK, Snede.SOORT),
        (Blik.BESTUURT, Aard.BEZOEK, Snede.DEEL),
        (Blik.BUITEN, Aard.MENS, Snede.HEEL),
        (Blik.BUITEN, Aard.MENS, Snede.SOORT),
        (Blik.BUITEN, Aard.MENS, Snede.DEEL),
        (Blik.BUITEN, Aard.HULP, Snede.HEEL),
        (Blik.BUITEN, Aard.HULP, Snede.SOORT),
        (Blik.BUITEN, Aard.HULP, Snede.DEEL),
        (Blik.BUITEN, Aard.BEZOEK, Snede.SOORT),
        (Blik.BUITEN, Aard.BEZOEK, Snede.DEEL),
    }
)
"""Where small numbers are held back."""


class Maatstaf(NamedTuple):
    """One figure: what it counts, whether it is cut by kind in itself, and by what it can be asked."""

    aard: Aard
    eenheid: str
    definitie: str
    soort: bool = False
    """cut by kind; whole years by kind of place are not, for towns publish them"""
    deelt: Cijfer | None = None
    """of what it is a part: then so is what is left of that"""
    apart: bool = False
    """each of its kinds is such a part by itself, for one person or visit can be of several"""
    verschillend: bool = False
    """each is counted once, so what two months, years or thema's and their sum tell is what is new in one of them"""
    thema: bool = False
    locatiesoort: bool = False


_C = Cijfer
MAATSTAVEN: Final = {
    _C.CONTROLES: Maatstaf(
        Aard.BEZOEK,
        "controles",
        "Controles die in de periode zijn begonnen, van alle thema's; plaatselijke datum van aanvang.",
        thema=True,
        locatiesoort=True,
    ),
    _C.CONTROLES_PER_THEMA: Maatstaf(
        Aard.BEZOEK,
        "controles",
        "Dezelfde controles per thema; zonder thema is dat prostitutie. Van een besloten controle is het niet bekend.",
        soort=True,
        deelt=_C.CONTROLES,
        thema=True,
        locatiesoort=True,
    ),
    _C.GECONTROLEERDE_PERSONEN: Maatstaf(
        Aard.MENS,
        "personen",
        "Aangetroffen personen per controle, in alle rollen, apart vastgelegd of geteld; wie vaker opduikt telt vaker,"
        " ook over jaren.",
        thema=True,
        locatiesoort=True,
    ),
    _C.PERSONEN_ILLEGALE_PROSTITUTIE: Maatstaf(
        Aard.MENS,
        "personen",
        "Gevonden sekswerkers waarover een overtreding illegale prostitutie gaat: alle, tenzij zij sommigen of een"
        " aantal noemt; nooit een klant.",
        deelt=_C.GECONTROLEERDE_PERSONEN,
        thema=True,
        locatiesoort=True,
    ),
    _C.BEVINDINGEN_PER_CODE: Maatstaf(
        Aard.MENS,
        "controles",
        "In hoeveel controles iets met deze code is bevonden, hoe vaak ook vastgelegd; niet_aangetroffen en in_orde"
        " tellen niet.",
        soort=True,
        deelt=_C.CONTROLES,
        apart=True,
        thema=True,
        locatiesoort=True,
    ),
    _C.LOCATIES: Maatstaf(
        Aard.BEZOEK,
        "locaties",
        "Verschillende locaties waar een controle begon; hetzelfde adres telt één keer.",
        verschillend=True,
        thema=True,
        locatiesoort=True,
    ),
    _C.LOCATIES_PER_SOORT: Maatstaf(
        Aard.BEZOEK, "locaties", "Dezelfde locaties per soort.", verschillend=True, thema=True, locatiesoort=True
    ),
    _C.LAST_ONDER_DWANGSOM: Maatstaf(
        Aard.BESLUIT, "lasten", "Opgelegde lasten onder dwangsom, op de datum van het besluit.", locatiesoort=True
    ),
    _C.LAST_ONDER_BESTUURSDWANG: Maatstaf(
        Aard.BESLUIT, "lasten", "Opgelegde lasten onder bestuursdwang, op de datum van het besluit.", locatiesoort=True
    ),
    _C.OVERIGE_MAATREGELEN: Maatstaf(
        Aard.BESLUIT,
        "maatregelen",
        "Andere opgelegde maatregelen per soort, op de datum van het besluit.",
        soort=True,
        locatiesoort=True,
    ),
    _C.DWANGSOM_VERBEURD: Maatstaf(
        Aard.BESLUIT,
        "verbeurtes",
        "Verbeurde dwangsommen, op de datum van het feit; open, beschikt, geïnd en afgezien samen.",
        locatiesoort=True,
    ),
    _C.BESTUURSDWANG_TOEGEPAST: Maatstaf(
        Aard.BESLUIT, "toepassingen", "Toepassingen van bestuursdwang, op de dag van uitvoering.", locatiesoort=True
    ),
    _C.SIGNALEN: Maatstaf(Aard.MENS, "signalen", "Signalen, op de dag van de melding."),
    _C.SIGNALEN_PER_BRON: Maatstaf(Aard.MENS, "signalen", "Signalen per bron, op de dag van de melding.", soort=True),
    _C.SIGNALEN_PER_OVERLASTSOORT: Maatstaf(
        Aard.MENS,
        "signalen",
        "Signalen per soort overlast, waar die is genoemd, op de dag van de melding.",
        soort=True,
        deelt=_C.SIGNALEN,
    ),
    _C.MENSENHANDELSIGNALEN: Maatstaf(
        Aard.MENS, "signalen", "Signalen van mensenhandel, mensensmokkel of uitbuiting, op de dag waarop dat is gezien."
    ),
    _C.MENSENHANDELSIGNALEN_OVERGEDRAGEN: Maatstaf(
        Aard.MENS,
        "signalen",
        "Hoeveel van die signalen, van wanneer dan ook, aan een organisatie zijn overgedragen.",
        deelt=_C.MENSENHANDELSIGNALEN,
    ),
    _C.HULP_AANGEBODEN: Maatstaf(
        Aard.HULP,
        "personen",
        "Personen aan wie bij een controle hulp is aangeboden, apart vastgelegd of geteld.",
        deelt=_C.GECONTROLEERDE_PERSONEN,
        thema=True,
        locatiesoort=True,
    ),
    _C.HULP_PER_SOORT: Maatstaf(
        Aard.HULP,
        "personen",
        "Naar welke hulp personen zijn verwezen; wie naar twee soorten is verwezen telt bij beide.",
        soort=True,
        deelt=_C.HULP_AANGEBODEN,
        apart=True,
        thema=True,
        locatiesoort=True,
    ),
    _C.ONBESLISTE_VERSCHILLEN: Maatstaf(
        Aard.MENS,
        "documenten",
        "Controles, maatregelen, signalen en signalen van mensenhandel waarover een verschil nog niet is beslist;"
        " zij tellen één keer.",
        locatiesoort=True,
    ),
}
"""Every figure. The definitions travel with it."""


def is_held_back(blik: Blik, cijfer: Cijfer, *, deel: bool) -> bool:
    """Whether a small number of a figure is held back, of whole years or of what is cut finer (`deel`)."""
    row = MAATSTAVEN[cijfer]
    return (blik, row.aard, Snede.DEEL if deel else Snede.SOORT if row.soort else Snede.HEEL) in KLEIN
