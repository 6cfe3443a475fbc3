"""The policy: who may do and see what, as one table of rows without code. What has no row is refused.

A row opens a permission to a role for documents that carry one of the named kinds of scope
(:mod:`app.access.bereik`). `<collectie>:zien` is what lists, single reads, counts and sync use;
`<collectie>:verwijzen` is what an entry may name without its writer being able to read it.
A new document may be made only in a municipality of the actor, whatever the row says.
Source: docs/ontwerp/domein.md, "Who works with it".
"""

import hashlib
from typing import NamedTuple

from app.access.actor import Actor
from app.access.bereik import Bereik, scopes_of
from app.access.zicht import ZICHT
from app.vocabulary import Rol

ALLEN, BEHEER, GEBIED, GEMEENTE = Bereik.ALLEN, Bereik.BEHEER, Bereik.GEBIED, Bereik.GEMEENTE
POLITIE, MENSENHANDEL, DEELNEMER = Bereik.POLITIE, Bereik.MENSENHANDEL, Bereik.DEELNEMER
ORGANISATIE, ORGAAN, OPSPORING = Bereik.ORGANISATIE, Bereik.ORGAAN, Bereik.OPSPORING
COORDINATOR, ZORG = Bereik.COORDINATOR, Bereik.ZORG


class Recht(NamedTuple):
    """One row: these roles have this permission over documents with one of these kinds of scope."""

    rollen: frozenset[Rol]
    permissie: str
    bereik: frozenset[Bereik]


def recht(rollen: tuple[Rol, ...], permissie: str, *bereik: Bereik) -> Recht:
    """Spell one row of the table."""
    return Recht(frozenset(rollen), permissie, frozenset(bereik))


_VELD = (Rol.BOA, Rol.WIJKAGENT, Rol.PCT, Rol.REGISSEUR)
_BEVOEGD = (Rol.BURGEMEESTER, Rol.JURIST)
_BEHEERDER = (Rol.FUNCTIONEEL_BEHEERDER,)

BELEID: tuple[Recht, ...] = (
    # people and devices: the administrator, who sees no content
    recht(_BEHEERDER, "organisatie:vastleggen", BEHEER),
    recht(_BEHEERDER, "functionaris:vastleggen", BEHEER),
    recht(_BEHEERDER, "roltoewijzing:verlenen", BEHEER),
    recht(_BEHEERDER, "roltoewijzing:beeindigen", BEHEER),
    recht(_BEHEERDER, "toestel:inschrijven", BEHEER),
    recht(_BEHEERDER, "toestel:intrekken", BEHEER),
    recht(_BEHEERDER, "toestel:opdragen", BEHEER),
    # what needs a second person: another administrator, or the regisseur for officers in his municipalities
    recht(_BEHEERDER, "toestel:goedkeuren", BEHEER),
    recht((Rol.REGISSEUR,), "toestel:goedkeuren", GEBIED),
    recht(_BEHEERDER, "toestel:verruimen", BEHEER),  # another one than who granted that role
    recht(_BEHEERDER, "toestel:bergen", BEHEER),
    recht((Rol.REGISSEUR,), "toestel:bergen", GEBIED),
    # an account and a role are in force once another administrator than who asked for them confirmed
    recht(_BEHEERDER, "roltoewijzing:bevestigen", BEHEER),
    recht(_BEHEERDER, "account:aanvragen", BEHEER),
    recht(_BEHEERDER, "account:bevestigen", BEHEER),
    recht(_BEHEERDER, "account:uitzetten", BEHEER),
    recht(_BEHEERDER, "accounts:zien", BEHEER),
    recht(_BEHEERDER, "wachtend:zien", BEHEER),
    recht((Rol.REGISSEUR, Rol.JURIST), "wachtend:zien", GEBIED),
    # that a municipality may keep rows about persons: recorded by one, confirmed by another, ended by either
    recht(_BEHEERDER, "grondslagbijzonder:vastleggen", BEHEER),
    recht(_BEHEERDER, "grondslagbijzonder:bevestigen", BEHEER),
    recht((Rol.JURIST,), "grondslagbijzonder:bevestigen", GEBIED),
    recht(_BEHEERDER, "grondslagbijzonder:beeindigen", BEHEER),
    recht((Rol.JURIST,), "grondslagbijzonder:beeindigen", GEBIED),
    recht(_BEHEERDER, "grondslagenbijzonder:zien", BEHEER),
    recht(tuple(rol for rol in Rol if rol not in {Rol.KETENPARTNER, *_BEHEERDER}), "grondslagenbijzonder:zien", GEBIED),
    recht(_BEHEERDER, "organisaties:zien", BEHEER),
    recht(_BEHEERDER, "functionarissen:zien", BEHEER),
    recht(_BEHEERDER, "roltoewijzingen:zien", BEHEER),
    recht(_BEHEERDER, "toestellen:zien", BEHEER),
    recht((Rol.REGISSEUR,), "toestellen:zien", GEBIED, DEELNEMER),
    recht(
        tuple(rol for rol in Rol if rol not in {Rol.FUNCTIONEEL_BEHEERDER, Rol.REGISSEUR}), "toestellen:zien", DEELNEMER
    ),
    recht(tuple(rol for rol in Rol if rol is not Rol.KETENPARTNER), "naslag:zien", ALLEN),
    # an officer is known where he works or worked: nobody can take part in a controle with him elsewhere
    recht(tuple(rol for rol in Rol if rol not in {Rol.KETENPARTNER, *_BEHEERDER}), "collegas:zien", GEBIED),
    recht(_BEHEERDER, "collegas:zien", BEHEER),
    recht(tuple(Rol), "ontvangsten:zien", DEELNEMER),
    recht(tuple(Rol), "sync:uitwisselen", ALLEN),
    # signalen
    # who may read a signaal may correct it: these rows are those of signalen:zien
    recht((Rol.BOA, Rol.REGISSEUR), "signaal:melden", GEMEENTE, DEELNEMER),
    recht((Rol.PCT,), "signaal:melden", GEMEENTE, POLITIE, DEELNEMER),
    recht((Rol.WIJKAGENT, Rol.AVIM), "signaal:melden", DEELNEMER),
    recht((Rol.KETENPARTNER,), "signaal:melden", ORGANISATIE),
    recht((Rol.REGISSEUR, Rol.BOA), "signaal:beoordelen", GEMEENTE),
    recht((Rol.PCT,), "signaal:beoordelen", GEMEENTE, POLITIE),
    recht((Rol.BOA, Rol.REGISSEUR), "signalen:zien", GEMEENTE, DEELNEMER),
    recht((Rol.PCT,), "signalen:zien", GEMEENTE, POLITIE, DEELNEMER),
    recht((Rol.WIJKAGENT, Rol.AVIM), "signalen:zien", DEELNEMER),
    recht((Rol.KETENPARTNER,), "signalen:zien", ORGANISATIE),
    recht(_VELD, "signalen:verwijzen", GEBIED),
    # locaties: an address on the list of places to inspect is worth money, so seeing is narrow. Who names one gets its
    # address copied, so he names what he sees, or what a document that he sees stands on (services/boeken/bekend); the
    # authority decides on any place of its municipality that is not of the police
    recht((*_VELD, Rol.KETENPARTNER), "locatie:vastleggen", DEELNEMER, ORGANISATIE),
    recht((Rol.BOA, Rol.WIJKAGENT), "locaties:zien", DEELNEMER),
    recht((Rol.PCT, Rol.KETENPARTNER), "locaties:zien", DEELNEMER, ORGANISATIE),
    recht((Rol.REGISSEUR,), "locaties:zien", GEBIED),
    recht(_BEVOEGD, "locaties:verwijzen", GEBIED),
    # controles: acts need to take part; while planned only participants, initiator and regisseur see them
    recht(_VELD, "controle:plannen", DEELNEMER),
    recht((Rol.BOA, Rol.WIJKAGENT), "controle:afgelasten", DEELNEMER),
    recht((Rol.REGISSEUR,), "controle:afgelasten", GEBIED, DEELNEMER),  # who planned it may have left
    recht((Rol.PCT,), "controle:afgelasten", ORGANISATIE, DEELNEMER),
    recht(_VELD, "controle:starten", DEELNEMER),
    recht(_VELD, "controle:afronden", DEELNEMER),
    recht(_VELD, "overtreding:vaststellen", DEELNEMER),
    recht(_VELD, "bevinding:vastleggen", DEELNEMER),
    recht(_VELD, "persoon:vastleggen", DEELNEMER),
    recht(_VELD, "telling:vastleggen", DEELNEMER),
    recht(_VELD, "hulp:aanbieden", DEELNEMER),
    recht(_VELD, "bijlage:toevoegen", DEELNEMER),
    recht((Rol.BOA,), "controles:zien", GEMEENTE, OPSPORING, DEELNEMER),
    recht((Rol.WIJKAGENT, Rol.AVIM), "controles:zien", DEELNEMER),
    recht((Rol.PCT,), "controles:zien", GEMEENTE, ORGANISATIE, DEELNEMER),
    recht((Rol.REGISSEUR,), "controles:zien", GEBIED),
    # who guides somebody after the door: where help was offered, by whom and to whom only with a reason
    recht((Rol.AANDACHTSFUNCTIONARIS,), "controles:zien", ZORG),
    recht((Rol.AANDACHTSFUNCTIONARIS,), "hulp:inzien", ZORG),
    recht((Rol.AANDACHTSFUNCTIONARIS,), "hulp:aanbieden", ZORG),
    # of what a decision rests on, to who decides; which those are the decision says
    recht(_BEVOEGD, "onderbouwing:inzien", GEBIED),
    recht(_BEVOEGD, "controles:verwijzen", GEMEENTE),  # once started: what is planned they do not know of
    # files: whoever sees the document sees renditions; the original, with place and maker in it, who took part
    recht((Rol.BOA, Rol.WIJKAGENT, Rol.PCT), "bijlage:inzien", DEELNEMER),
    recht((Rol.BOA, Rol.WIJKAGENT, Rol.PCT), "bijlagen:raadplegen", DEELNEMER),
    recht((Rol.REGISSEUR,), "bijlagen:raadplegen", GEBIED),
    recht((Rol.REGISSEUR,), "attenderingen:zien", GEBIED),
    recht((Rol.REGISSEUR,), "attendering:zien", Bereik.ATTENDERING),
    # mensenhandelsignalen: writing gives no right to read; the regisseur sees status and count only
    recht(_VELD, "mensenhandelsignaal:vastleggen", DEELNEMER),
    recht((Rol.PCT, Rol.AANDACHTSFUNCTIONARIS), "mensenhandelsignaal:overdragen", MENSENHANDEL),
    recht((Rol.PCT, Rol.AANDACHTSFUNCTIONARIS), "mensenhandelsignaal:opvolgen", MENSENHANDEL),
    recht((Rol.AVIM,), "mensenhandelsignaal:opvolgen", ORGANISATIE),
    recht((Rol.PCT, Rol.AANDACHTSFUNCTIONARIS, Rol.REGISSEUR), "mensenhandelsignalen:zien", MENSENHANDEL),
    recht((Rol.AVIM,), "mensenhandelsignalen:zien", ORGANISATIE),
    recht((Rol.PCT, Rol.AANDACHTSFUNCTIONARIS), "mensenhandelsignaal:inzien", MENSENHANDEL),
    recht((Rol.AVIM,), "mensenhandelsignaal:inzien", ORGANISATIE),
    # where a sign was seen: the controle that it names, as far as the municipality may know of it
    recht((Rol.PCT, Rol.AANDACHTSFUNCTIONARIS, Rol.AVIM), "vindplaats:inzien", GEBIED),
    # rapportages
    recht((Rol.PCT, Rol.BOA), "rapportage:opmaken", DEELNEMER),
    recht((Rol.PCT, Rol.BOA), "rapportage:vaststellen", DEELNEMER),
    recht((Rol.PCT, Rol.BOA), "rapportage:verstrekken", DEELNEMER),
    recht(_BEVOEGD, "rapportage:ontvangen", ORGAAN),
    recht((Rol.PCT,), "rapportages:zien", DEELNEMER, ORGANISATIE),
    recht((Rol.BOA,), "rapportages:zien", DEELNEMER),
    recht((Rol.REGISSEUR,), "rapportages:zien", GEMEENTE),
    recht(_BEVOEGD, "rapportages:zien", ORGAAN),
    # maatregelen
    recht(_BEVOEGD, "maatregel:voornemen", GEBIED),
    recht(_BEVOEGD, "zienswijze:ontvangen", GEBIED),
    recht(_BEVOEGD, "maatregel:opleggen", GEBIED),
    recht(_BEVOEGD, "maatregel:bekendmaken", GEBIED),
    recht(_BEVOEGD, "dwangsom:verbeuren", GEBIED),
    recht(_BEVOEGD, "dwangsom:invorderen", GEBIED),
    recht(_BEVOEGD, "dwangsom:betalen", GEBIED),
    recht(_BEVOEGD, "bestuursdwang:toepassen", GEBIED),
    recht(_BEVOEGD, "sluiting:verlengen", GEBIED),
    recht(_BEVOEGD, "sluiting:beeindigen", GEBIED),
    recht((*_BEVOEGD, Rol.REGISSEUR, Rol.PCT), "maatregelen:zien", GEBIED),
    recht((Rol.BOA,), "maatregelen:zien", GEMEENTE),
    # steering
    # what of them is told to whom: app/access/kleine_aantallen.py
    recht((Rol.REGISSEUR, *_BEVOEGD, Rol.PCT), "cijfers:raadplegen", GEBIED),
    # the regisseur settles what counts, of what he is shown; of persons, help and counts who
    # coordinates, or takes part for the PCT; of a measure who decides; the police of theirs, and of a rapportage
    # somebody else of the organisation that wrote it
    recht((Rol.REGISSEUR,), "verschil:beoordelen", GEBIED, Bereik.SCHRIJVER, COORDINATOR),
    recht((Rol.PCT,), "verschil:beoordelen", POLITIE, MENSENHANDEL, Bereik.SCHRIJVER, COORDINATOR, Bereik.TEAM),
    recht((Rol.AANDACHTSFUNCTIONARIS,), "verschil:beoordelen", MENSENHANDEL),
    recht((Rol.BOA,), "verschil:beoordelen", OPSPORING, COORDINATOR),  # what boa's investigate is settled among them
    recht((Rol.WIJKAGENT,), "verschil:beoordelen", COORDINATOR),
    recht(_BEVOEGD, "verschil:beoordelen", GEBIED),
    # quarantine: the regisseur knows of all in his municipalities; the content, and with it the decision, is for the
    # circle that it concerns. Of the police and of trafficking that is theirs, of people and devices the administrator,
    # of what boa's investigate another boa, of persons and help at the door who coordinates there, or PCT
    recht((Rol.WIJKAGENT,), "quarantaine:zien", COORDINATOR),
    recht((Rol.REGISSEUR,), "quarantaine:zien", GEBIED, COORDINATOR),
    recht((Rol.PCT,), "quarantaine:zien", POLITIE, MENSENHANDEL, COORDINATOR),
    recht((Rol.AANDACHTSFUNCTIONARIS,), "quarantaine:zien", MENSENHANDEL),
    recht((Rol.BOA,), "quarantaine:zien", OPSPORING, COORDINATOR),
    recht(_BEHEERDER, "quarantaine:zien", BEHEER),
    recht((Rol.REGISSEUR,), "ontvangsten:verwijzen", GEBIED),
    recht((Rol.WIJKAGENT,), "quarantaine:inzien", COORDINATOR),
    recht((Rol.REGISSEUR,), "quarantaine:inzien", GEMEENTE, COORDINATOR),
    recht((Rol.PCT,), "quarantaine:inzien", POLITIE, MENSENHANDEL, COORDINATOR),
    recht((Rol.AANDACHTSFUNCTIONARIS,), "quarantaine:inzien", MENSENHANDEL),
    recht((Rol.BOA,), "quarantaine:inzien", OPSPORING, COORDINATOR),
    recht(_BEHEERDER, "quarantaine:inzien", BEHEER),
    recht((Rol.WIJKAGENT,), "quarantaine:beoordelen", COORDINATOR),
    recht((Rol.REGISSEUR,), "quarantaine:beoordelen", GEMEENTE, COORDINATOR),
    recht((Rol.PCT,), "quarantaine:beoordelen", POLITIE, MENSENHANDEL, COORDINATOR),
    recht((Rol.AANDACHTSFUNCTIONARIS,), "quarantaine:beoordelen", MENSENHANDEL),
    recht((Rol.BOA,), "quarantaine:beoordelen", OPSPORING, COORDINATOR),
    recht(_BEHEERDER, "quarantaine:beoordelen", BEHEER),
    recht(_VELD, "registratie:doorhalen", DEELNEMER),
    recht(_BEVOEGD, "registratie:doorhalen", GEBIED),
    recht(_BEHEERDER, "registratie:doorhalen", BEHEER),
)

_BEREIK: dict[tuple[Rol, str], frozenset[Bereik]] = {}
for _regel in BELEID:
    for _rol in _regel.rollen:
        _BEREIK[_rol, _regel.permissie] = _BEREIK.get((_rol, _regel.permissie), frozenset()) | _regel.bereik

PERMISSIES = frozenset(_regel.permissie for _regel in BELEID)

BLIJFT = frozenset({"ontvangsten:zien"})
"""What his device goes on hearing whose role has ended: what became of what he recorded."""

BELEIDSVERSIE = hashlib.sha256(
    repr([(sorted(r.rollen), r.permissie, sorted(r.bereik)) for r in BELEID]).encode()
    + repr([[*map(sorted, z[1:5]), z.collectie, z.permissie] for z in ZICHT]).encode()
    + repr(sorted(BLIJFT)).encode()
).hexdigest()[:12]
"""Changes with any row; every entry's verdict and every access-log row names it."""


def may(rol: Rol, permissie: str) -> bool:
    """Whether the role has the permission at all."""
    return (rol, permissie) in _BEREIK


def kinds_for(permissie: str) -> frozenset[Bereik]:
    """The kinds of scope within which anybody has a permission."""
    return frozenset[Bereik]().union(*(r.bereik for r in BELEID if r.permissie == permissie))


def scopes_for(actor: Actor, permissie: str) -> frozenset[str]:
    """The scopes within which `actor` has `permissie`; empty when the role lacks it."""
    held = actor.gehouden.get(permissie)
    if held is None:
        held = actor.gehouden[permissie] = scopes_of(actor, _BEREIK.get((actor.rol, permissie), frozenset()))
    return held
