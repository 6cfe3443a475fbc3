"""The oracle: who sees and does what, written from docs/ontwerp (domein, toegang), apart from app/access/beleid.py.

Plain rules per role, in the words of the role table, so that it can be held against that table by reading. A
`Geval` is one document as it stands towards one reader. What no rule opens is closed.
"""

from dataclasses import dataclass

VELD = {"boa", "wijkagent", "pct", "regisseur"}
GEZAG = {"burgemeester", "jurist"}
ALLEN = {*VELD, *GEZAG, "avim", "aandachtsfunctionaris", "ketenpartner", "functioneel_beheerder"}
MENSEN = {"organisaties", "functionarissen", "roltoewijzingen", "accounts"}


@dataclass(frozen=True)
class Geval:
    """One document in one situation, as it stands towards the reader."""

    collectie: str
    eigen_gemeente: bool = True  # it lies in a municipality of the reader
    zelf: bool = False  # he takes part in it, or wrote it
    organisatie: bool = False  # his organisation initiated, wrote or received it
    coordineert: bool = False  # controle, quarantaine: he coordinates the controle
    hulp: bool = False  # controle: help was offered
    personen: bool = False  # quarantaine: about persons or help at the door
    begonnen: bool = True  # controle: it was started
    toezicht: bool = True  # controle, locatie: in that capacity, so an administrative record
    opsporing: bool = False  # controle that is no toezicht, quarantaine: what a boa investigates
    politie: bool = False  # signaal: from the police
    geadresseerd: bool = False  # rapportage: disclosed to the burgemeester of its municipality
    lopend: bool = False  # maatregel: it binds now
    afgeschermd: bool = False  # quarantaine: about trafficking, or unreadable
    doorgehaald: bool = False  # locatie: what stays of it when it was struck
    mensen: bool = False  # quarantaine: about people and devices


def ziet(rol: str, g: Geval) -> bool:
    """Whether the document exists for somebody in this role, in lists, counts, single reads and sync."""
    return _RULES[g.collectie](rol, g)


def _controle(rol: str, g: Geval) -> bool:
    """`boa` own municipality's administrative records · `wijkagent`, `avim` what he takes part in · `pct` in its
    area · `regisseur` is informed of every one. While planned: participants, initiator and regisseur only."""
    if g.zelf and rol in {"boa", "wijkagent", "pct", "avim"}:
        return True
    if rol == "pct" and g.organisatie:
        return True
    if rol == "regisseur":
        return g.eigen_gemeente and g.toezicht
    if rol == "aandachtsfunctionaris":  # who guides whom help was offered to
        return g.eigen_gemeente and g.toezicht and g.hulp
    if rol == "boa" and not g.toezicht:
        return g.eigen_gemeente and g.opsporing and g.begonnen
    return rol in {"boa", "pct"} and g.eigen_gemeente and g.toezicht and g.begonnen


def _signaal(rol: str, g: Geval) -> bool:
    """Police rows are read by police only; a partner reads what it pushed; who wrote one may read it."""
    if g.zelf and rol in {*VELD, "avim"}:
        return True
    if rol == "ketenpartner":
        return g.organisatie
    return g.eigen_gemeente and (rol == "pct" or (rol in {"boa", "regisseur"} and not g.politie))


def _locatie(rol: str, g: Geval) -> bool:
    """The list of addresses to inspect is worth money: its recorder, at PCT and a partner his team, the regisseur.

    What the police recorded for anything but toezicht the regisseur does not know; what was struck only he does.
    """
    if rol == "regisseur":
        return g.eigen_gemeente and g.toezicht
    if g.doorgehaald:
        return False
    return rol in VELD | {"ketenpartner"} and (g.zelf or (g.organisatie and rol in {"pct", "ketenpartner"}))


def _mensenhandelsignaal(rol: str, g: Geval) -> bool:
    """Writing gives no right to read. `avim` what was handed over; the regisseur that it is there."""
    if rol == "avim":
        return g.organisatie
    return rol in {"pct", "aandachtsfunctionaris", "regisseur"} and g.eigen_gemeente


def _rapportage(rol: str, g: Geval) -> bool:
    """The author, for the police his organisation; the organ addressed, and the administration from then on."""
    if rol == "boa":
        return g.zelf
    if rol == "pct":
        return g.zelf or g.organisatie
    return rol in {*GEZAG, "regisseur"} and g.eigen_gemeente and g.geadresseerd


def _maatregel(rol: str, g: Geval) -> bool:
    """The authority, who prepares for it, who steers; at the door the measures that run."""
    return g.eigen_gemeente and (rol in {*GEZAG, "regisseur", "pct"} or (rol == "boa" and g.lopend))


def _mensen(rol: str, _g: Geval) -> bool:
    """The administrator: organisations, people, devices; no content."""
    return rol == "functioneel_beheerder"


def _toestel(rol: str, g: Geval) -> bool:
    """The administrator every one, the regisseur those for his municipalities, everybody his own."""
    return rol == "functioneel_beheerder" or g.zelf or (rol == "regisseur" and g.eigen_gemeente)


def _quarantaine(rol: str, g: Geval) -> bool:
    """The regisseur knows of all; others of what is theirs to decide on. The administrator of people and devices.

    Of persons and help at the door that is who coordinates there, or the PCT.
    """
    if rol == "functioneel_beheerder":
        return g.mensen
    if rol == "regisseur" and g.eigen_gemeente:
        return True
    about_persons = g.personen and not (g.afgeschermd or g.politie or g.opsporing or g.mensen)
    if about_persons and g.coordineert and rol in VELD:
        return True
    mine = (g.afgeschermd and rol in {"pct", "aandachtsfunctionaris"}) or (
        (g.politie or about_persons) and not g.afgeschermd and rol == "pct"
    )
    mine |= rol == "boa" and g.opsporing and not g.politie and not g.afgeschermd
    return g.eigen_gemeente and not g.mensen and mine


def _collega(rol: str, g: Geval) -> bool:
    """An officer is known where he works, and to the administrator. A partner gets no list of officers."""
    return rol == "functioneel_beheerder" or (rol != "ketenpartner" and g.eigen_gemeente)


_RULES = {
    "collegas": _collega,
    "controles": _controle,
    "signalen": _signaal,
    "locaties": _locatie,
    "mensenhandelsignalen": _mensenhandelsignaal,
    "rapportages": _rapportage,
    "maatregelen": _maatregel,
    "attenderingen": lambda rol, g: rol == "regisseur" and g.eigen_gemeente,
    "quarantaine": _quarantaine,
    "ontvangsten": lambda _rol, g: g.zelf,
    **dict.fromkeys(MENSEN, _mensen),
    "toestellen": _toestel,
    "grondslagenbijzonder": _collega,
}


def kan(rol: str, permissie: str) -> bool:
    """Whether the role has the permission at all: the `does` column of docs/ontwerp/domein.md."""
    return rol in _DOET.get(permissie, set())


_RECORDS = ("controle:plannen", "controle:afgelasten", "controle:starten", "controle:afronden",
            "overtreding:vaststellen", "bevinding:vastleggen", "persoon:vastleggen",
            "telling:vastleggen", "bijlage:toevoegen", "mensenhandelsignaal:vastleggen",
            "signalen:verwijzen")  # fmt: skip
_DECIDES = ("maatregel:voornemen", "zienswijze:ontvangen", "maatregel:opleggen", "maatregel:bekendmaken",
            "dwangsom:verbeuren", "dwangsom:invorderen", "dwangsom:betalen", "bestuursdwang:toepassen",
            "sluiting:verlengen", "sluiting:beeindigen", "controles:verwijzen", "rapportage:ontvangen")  # fmt: skip
_ADMINISTERS = ("organisatie:vastleggen", "functionaris:vastleggen", "roltoewijzing:verlenen",
                "roltoewijzing:bevestigen", "account:aanvragen", "account:bevestigen", "account:uitzetten",
                "roltoewijzing:beeindigen", "toestel:inschrijven", "toestel:intrekken", "toestel:opdragen")  # fmt: skip
_BUREAU = {*VELD, "aandachtsfunctionaris", "functioneel_beheerder"}
_JUDGES = ("quarantaine:zien", "quarantaine:inzien", "quarantaine:beoordelen")
_REPORTS = ("rapportage:opmaken", "rapportage:vaststellen", "rapportage:verstrekken")
_DOET: dict[str, set[str]] = {
    **dict.fromkeys(_RECORDS, VELD),
    **dict.fromkeys(_DECIDES, GEZAG),
    **{permissie: {"functioneel_beheerder"} for permissie in _ADMINISTERS},
    **{permissie: {"pct", "boa"} for permissie in _REPORTS},
    **dict.fromkeys(("ontvangsten:zien", "sync:uitwisselen"), ALLEN),
    "naslag:zien": ALLEN - {"ketenpartner"},  # a partner reads what its scopes allow: no list of officers
    "collegas:zien": ALLEN - {"ketenpartner"},
    **{f"{collectie}:zien": {"functioneel_beheerder"} for collectie in MENSEN},
    # that a municipality may keep rows about persons: recorded by one, confirmed by a second, ended by either
    "grondslagbijzonder:vastleggen": {"functioneel_beheerder"},
    "grondslagbijzonder:bevestigen": {"functioneel_beheerder", "jurist"},
    "grondslagbijzonder:beeindigen": {"functioneel_beheerder", "jurist"},
    "grondslagenbijzonder:zien": ALLEN - {"ketenpartner"},
    "toestellen:zien": ALLEN,
    "toestel:goedkeuren": {"functioneel_beheerder", "regisseur"},
    "toestel:verruimen": {"functioneel_beheerder"},
    "wachtend:zien": {"functioneel_beheerder", "regisseur", "jurist"},
    "toestel:bergen": {"functioneel_beheerder", "regisseur"},
    "signaal:melden": {*VELD, "avim", "ketenpartner"},
    "signaal:beoordelen": {"boa", "regisseur", "pct"},
    "signalen:zien": {*VELD, "avim", "ketenpartner"},
    "locatie:vastleggen": {*VELD, "ketenpartner"},
    "locaties:zien": {*VELD, "ketenpartner"},
    "locaties:verwijzen": GEZAG,
    "controles:zien": {*VELD, "avim", "aandachtsfunctionaris"},
    "hulp:aanbieden": {*VELD, "aandachtsfunctionaris"},
    "hulp:inzien": {"aandachtsfunctionaris"},
    "vindplaats:inzien": {"pct", "aandachtsfunctionaris", "avim"},
    "onderbouwing:inzien": GEZAG,
    "bijlage:inzien": {"boa", "wijkagent", "pct"},  # the original shows where: for who was there, not for who steers
    "bijlagen:raadplegen": VELD,
    "rapportages:zien": {"pct", "boa", "regisseur", *GEZAG},
    "maatregelen:zien": {"pct", "boa", "regisseur", *GEZAG},
    "attenderingen:zien": {"regisseur"},
    "attendering:zien": {"regisseur"},
    **dict.fromkeys(_JUDGES, _BUREAU),
    "ontvangsten:verwijzen": {"regisseur"},
    "cijfers:raadplegen": {"regisseur", *GEZAG, "pct"},
    "verschil:beoordelen": {*VELD, *GEZAG, "aandachtsfunctionaris"},
    "mensenhandelsignalen:zien": {"pct", "aandachtsfunctionaris", "avim", "regisseur"},
    "mensenhandelsignaal:inzien": {"pct", "aandachtsfunctionaris", "avim"},
    "mensenhandelsignaal:opvolgen": {"pct", "aandachtsfunctionaris", "avim"},
    "mensenhandelsignaal:overdragen": {"pct", "aandachtsfunctionaris"},
    "registratie:doorhalen": {*VELD, *GEZAG, "functioneel_beheerder"},
}  # fmt: skip
