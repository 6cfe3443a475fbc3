"""The policy: who may do and see what, as one table of rows without code. What has no row is refused.

A row opens a permission to a role for documents that carry one of the named kinds of scope
(:mod:`app.access.bereik`). `<collectie>:zien` is what lists, single reads, counts and sync use;
`<collectie>:verwijzen` is what an entry may name without its writer being able to read it.
A new document may be made only in a municipality of the actor, whatever the row says.
Source: DOMAIN.md, "Who works with it".
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


class Regel(NamedTuple):
    """One row: these roles have this permission over documents with one of these kinds of scope."""

    rollen: frozenset[Rol]
    permissie: str
    bereik: frozenset[Bereik]


def regel(rollen: tuple[Rol, ...], permissie: str, *bereik: Bereik) -> Regel:
    """Spell one row of the table."""
    return Regel(frozenset(rollen), permissie, frozenset(bereik))


_VELD = (Rol.BOA, Rol.WIJKAGENT, Rol.PCT, Rol.REGISSEUR)
_BEVOEGD = (Rol.BURGEMEESTER, Rol.JURIST)
_BEHEERDER = (Rol.FUNCTIONEEL_BEHEERDER,)

BELEID: tuple[Regel, ...] = (
    # people and devices: the administrator, who sees no content
    regel(_BEHEERDER, "organisatie:vastleggen", BEHEER),
    regel(_BEHEERDER, "functionaris:vastleggen", BEHEER),
    regel(_BEHEERDER, "roltoewijzing:verlenen", BEHEER),
    regel(_BEHEERDER, "roltoewijzing:beeindigen", BEHEER),
    regel(_BEHEERDER, "toestel:inschrijven", BEHEER),
    regel(_BEHEERDER, "toestel:intrekken", BEHEER),
    regel(_BEHEERDER, "toestel:opdragen", BEHEER),
    # what needs a second person: another administrator, or the regisseur for officers in his municipalities
    regel(_BEHEERDER, "toestel:goedkeuren", BEHEER),
    regel((Rol.REGISSEUR,), "toestel:goedkeuren", GEBIED),
    regel(_BEHEERDER, "toestel:verruimen", BEHEER),  # another one than who granted that role
    regel(_BEHEERDER, "toestel:bergen", BEHEER),
    regel((Rol.REGISSEUR,), "toestel:bergen", GEBIED),
    # an account and a role are in force once another administrator than who asked for them confirmed
    regel(_BEHEERDER, "roltoewijzing:bevestigen", BEHEER),
    regel(_BEHEERDER, "account:aanvragen", BEHEER),
    regel(_BEHEERDER, "account:bevestigen", BEHEER),
    regel(_BEHEERDER, "account:uitzetten", BEHEER),
    regel(_BEHEERDER, "accounts:zien", BEHEER),
    regel(_BEHEERDER, "wachtend:zien", BEHEER),
    regel((Rol.REGISSEUR,), "wachtend:zien", GEBIED),
    regel(_BEHEERDER, "organisaties:zien", BEHEER),
    regel(_BEHEERDER, "functionarissen:zien", BEHEER),
    regel(_BEHEERDER, "roltoewijzingen:zien", BEHEER),
    regel(_BEHEERDER, "toestellen:zien", BEHEER),
    regel((Rol.REGISSEUR,), "toestellen:zien", GEBIED, DEELNEMER),
    regel(
        tuple(rol for rol in Rol if rol not in {Rol.FUNCTIONEEL_BEHEERDER, Rol.REGISSEUR}), "toestellen:zien", DEELNEMER
    ),
    regel(tuple(rol for rol in Rol if rol is not Rol.KETENPARTNER), "naslag:zien", ALLEN),
    # an officer is known where he works or worked: nobody can take part in a controle with him elsewhere
    regel(tuple(rol for rol in Rol if rol not in {Rol.KETENPARTNER, *_BEHEERDER}), "collegas:zien", GEBIED),
    regel(_BEHEERDER, "collegas:zien", BEHEER),
    regel(tuple(Rol), "ontvangsten:zien", DEELNEMER),
    regel(tuple(Rol), "sync:uitwisselen", ALLEN),
    # signalen
    # who may read a signaal may correct it: these rows are those of signalen:zien
    regel((Rol.BOA, Rol.REGISSEUR), "signaal:melden", GEMEENTE, DEELNEMER),
    regel((Rol.PCT,), "signaal:melden", GEMEENTE, POLITIE, DEELNEMER),
    regel((Rol.WIJKAGENT, Rol.AVIM), "signaal:melden", DEELNEMER),
    regel((Rol.KETENPARTNER,), "signaal:melden", ORGANISATIE),
    regel((Rol.REGISSEUR, Rol.BOA), "signaal:beoordelen", GEMEENTE),
    regel((Rol.PCT,), "signaal:beoordelen", GEMEENTE, POLITIE),
    regel((Rol.BOA, Rol.REGISSEUR), "signalen:zien", GEMEENTE, DEELNEMER),
    regel((Rol.PCT,), "signalen:zien", GEMEENTE, POLITIE, DEELNEMER),
    regel((Rol.WIJKAGENT, Rol.AVIM), "signalen:zien", DEELNEMER),
    regel((Rol.KETENPARTNER,), "signalen:zien", ORGANISATIE),
    regel(_VELD, "signalen:verwijzen", GEBIED),
    # locaties: an address on the list of places to inspect is worth money, so seeing is narrow. Who names one gets its
    # address copied, so he names what he sees, or what a document that he sees stands on (services/boeken/bekend); the
    # authority decides on any place of its municipality that is not of the police
    regel((*_VELD, Rol.KETENPARTNER), "locatie:vastleggen", DEELNEMER, ORGANISATIE),
    regel((Rol.BOA, Rol.WIJKAGENT), "locaties:zien", DEELNEMER),
    regel((Rol.PCT, Rol.KETENPARTNER), "locaties:zien", DEELNEMER, ORGANISATIE),
    regel((Rol.REGISSEUR,), "locaties:zien", GEBIED),
    regel(_BEVOEGD, "locaties:verwijzen", GEBIED),
    # controles: acts need to take part; while planned only participants, initiator and regisseur see them
    regel(_VELD, "controle:plannen", DEELNEMER),
    regel(_VELD, "controle:starten", DEELNEMER),
    regel(_VELD, "controle:afronden", DEELNEMER),
    regel(_VELD, "bevinding:vastleggen", DEELNEMER),
    regel(_VELD, "persoon:vastleggen", DEELNEMER),
    regel(_VELD, "telling:vastleggen", DEELNEMER),
    regel(_VELD, "hulp:aanbieden", DEELNEMER),
    regel(_VELD, "bijlage:toevoegen", DEELNEMER),
    regel((Rol.BOA,), "controles:zien", GEMEENTE, OPSPORING, DEELNEMER),
    regel((Rol.WIJKAGENT, Rol.AVIM), "controles:zien", DEELNEMER),
    regel((Rol.PCT,), "controles:zien", GEMEENTE, ORGANISATIE, DEELNEMER),
    regel((Rol.REGISSEUR,), "controles:zien", GEBIED),
    # who guides somebody after the door: where help was offered, by whom and to whom only with a reason
    regel((Rol.AANDACHTSFUNCTIONARIS,), "controles:zien", ZORG),
    regel((Rol.AANDACHTSFUNCTIONARIS,), "hulp:inzien", ZORG),
    regel((Rol.AANDACHTSFUNCTIONARIS,), "hulp:aanbieden", ZORG),
    # of what a decision rests on, to who decides; which those are the decision says
    regel(_BEVOEGD, "onderbouwing:inzien", GEBIED),
    regel(_BEVOEGD, "controles:verwijzen", GEMEENTE),  # once started: what is planned they do not know of
    # files: whoever sees the document sees renditions; the original, with place and maker in it, who took part
    regel((Rol.BOA, Rol.WIJKAGENT, Rol.PCT), "bijlage:inzien", DEELNEMER),
    regel((Rol.BOA, Rol.WIJKAGENT, Rol.PCT), "bijlagen:raadplegen", DEELNEMER),
    regel((Rol.REGISSEUR,), "bijlagen:raadplegen", GEBIED),
    regel((Rol.REGISSEUR,), "attenderingen:zien", GEBIED),
    regel((Rol.REGISSEUR,), "attendering:zien", Bereik.ATTENDERING),
    # mensenhandelsignalen: writing gives no right to read; the regisseur sees status and count only
    regel(_VELD, "mensenhandelsignaal:vastleggen", DEELNEMER),
    regel((Rol.PCT, Rol.AANDACHTSFUNCTIONARIS), "mensenhandelsignaal:overdragen", MENSENHANDEL),
    regel((Rol.PCT, Rol.AANDACHTSFUNCTIONARIS), "mensenhandelsignaal:opvolgen", MENSENHANDEL),
    regel((Rol.AVIM,), "mensenhandelsignaal:opvolgen", ORGANISATIE),
    regel((Rol.PCT, Rol.AANDACHTSFUNCTIONARIS, Rol.REGISSEUR), "mensenhandelsignalen:zien", MENSENHANDEL),
    regel((Rol.AVIM,), "mensenhandelsignalen:zien", ORGANISATIE),
    regel((Rol.PCT, Rol.AANDACHTSFUNCTIONARIS), "mensenhandelsignaal:inzien", MENSENHANDEL),
    regel((Rol.AVIM,), "mensenhandelsignaal:inzien", ORGANISATIE),
    # where a sign was seen: the controle that it names, as far as the municipality may know of it
    regel((Rol.PCT, Rol.AANDACHTSFUNCTIONARIS, Rol.AVIM), "vindplaats:inzien", GEBIED),
    # rapportages
    regel((Rol.PCT, Rol.BOA), "rapportage:opmaken", DEELNEMER),
    regel((Rol.PCT, Rol.BOA), "rapportage:vaststellen", DEELNEMER),
    regel((Rol.PCT, Rol.BOA), "rapportage:verstrekken", DEELNEMER),
    regel(_BEVOEGD, "rapportage:ontvangen", ORGAAN),
    regel((Rol.PCT,), "rapportages:zien", DEELNEMER, ORGANISATIE),
    regel((Rol.BOA,), "rapportages:zien", DEELNEMER),
    regel((Rol.REGISSEUR,), "rapportages:zien", GEMEENTE),
    regel(_BEVOEGD, "rapportages:zien", ORGAAN),
    # maatregelen
    regel(_BEVOEGD, "maatregel:voornemen", GEBIED),
    regel(_BEVOEGD, "zienswijze:ontvangen", GEBIED),
    regel(_BEVOEGD, "maatregel:opleggen", GEBIED),
    regel(_BEVOEGD, "maatregel:bekendmaken", GEBIED),
    regel(_BEVOEGD, "dwangsom:verbeuren", GEBIED),
    regel(_BEVOEGD, "dwangsom:invorderen", GEBIED),
    regel(_BEVOEGD, "dwangsom:betalen", GEBIED),
    regel(_BEVOEGD, "bestuursdwang:toepassen", GEBIED),
    regel(_BEVOEGD, "sluiting:verlengen", GEBIED),
    regel(_BEVOEGD, "sluiting:beeindigen", GEBIED),
    regel((*_BEVOEGD, Rol.REGISSEUR, Rol.PCT), "maatregelen:zien", GEBIED),
    regel((Rol.BOA,), "maatregelen:zien", GEMEENTE),
    # steering
    regel((Rol.REGISSEUR, Rol.BURGEMEESTER), "cijfers:raadplegen", GEBIED),
    # the regisseur settles what counts, of what he is shown; of persons, help and counts who
    # coordinates, or takes part for the PCT; of a measure who decides; the police of theirs, and of a rapportage
    # somebody else of the organisation that wrote it
    regel((Rol.REGISSEUR,), "verschil:beoordelen", GEBIED, Bereik.SCHRIJVER, COORDINATOR),
    regel((Rol.PCT,), "verschil:beoordelen", POLITIE, MENSENHANDEL, Bereik.SCHRIJVER, COORDINATOR, Bereik.TEAM),
    regel((Rol.AANDACHTSFUNCTIONARIS,), "verschil:beoordelen", MENSENHANDEL),
    regel((Rol.BOA,), "verschil:beoordelen", OPSPORING, COORDINATOR),  # what boa's investigate is settled among them
    regel((Rol.WIJKAGENT,), "verschil:beoordelen", COORDINATOR),
    regel(_BEVOEGD, "verschil:beoordelen", GEBIED),
    # quarantine: the regisseur knows of all in his municipalities; the content, and with it the decision, is for the
    # circle that it concerns. Of the police and of trafficking that is theirs, of people and devices the administrator,
    # of what boa's investigate another boa, of persons and help at the door who coordinates there, or PCT
    regel((Rol.WIJKAGENT,), "quarantaine:zien", COORDINATOR),
    regel((Rol.REGISSEUR,), "quarantaine:zien", GEBIED, COORDINATOR),
    regel((Rol.PCT,), "quarantaine:zien", POLITIE, MENSENHANDEL, COORDINATOR),
    regel((Rol.AANDACHTSFUNCTIONARIS,), "quarantaine:zien", MENSENHANDEL),
    regel((Rol.BOA,), "quarantaine:zien", OPSPORING, COORDINATOR),
    regel(_BEHEERDER, "quarantaine:zien", BEHEER),
    regel((Rol.REGISSEUR,), "ontvangsten:verwijzen", GEBIED),
    regel((Rol.WIJKAGENT,), "quarantaine:inzien", COORDINATOR),
    regel((Rol.REGISSEUR,), "quarantaine:inzien", GEMEENTE, COORDINATOR),
    regel((Rol.PCT,), "quarantaine:inzien", POLITIE, MENSENHANDEL, COORDINATOR),
    regel((Rol.AANDACHTSFUNCTIONARIS,), "quarantaine:inzien", MENSENHANDEL),
    regel((Rol.BOA,), "quarantaine:inzien", OPSPORING, COORDINATOR),
    regel(_BEHEERDER, "quarantaine:inzien", BEHEER),
    regel((Rol.WIJKAGENT,), "quarantaine:beoordelen", COORDINATOR),
    regel((Rol.REGISSEUR,), "quarantaine:beoordelen", GEMEENTE, COORDINATOR),
    regel((Rol.PCT,), "quarantaine:beoordelen", POLITIE, MENSENHANDEL, COORDINATOR),
    regel((Rol.AANDACHTSFUNCTIONARIS,), "quarantaine:beoordelen", MENSENHANDEL),
    regel((Rol.BOA,), "quarantaine:beoordelen", OPSPORING, COORDINATOR),
    regel(_BEHEERDER, "quarantaine:beoordelen", BEHEER),
    regel(_VELD, "registratie:doorhalen", DEELNEMER),
    regel(_BEVOEGD, "registratie:doorhalen", GEBIED),
    regel(_BEHEERDER, "registratie:doorhalen", BEHEER),
)

_BEREIK: dict[tuple[Rol, str], frozenset[Bereik]] = {}
for _regel in BELEID:
    for _rol in _regel.rollen:
        _BEREIK[_rol, _regel.permissie] = _BEREIK.get((_rol, _regel.permissie), frozenset()) | _regel.bereik

PERMISSIES = frozenset(_regel.permissie for _regel in BELEID)

BELEIDSVERSIE = hashlib.sha256(
    repr([(sorted(r.rollen), r.permissie, sorted(r.bereik)) for r in BELEID]).encode()
    + repr([[*map(sorted, z[1:5]), z.collectie, z.permissie] for z in ZICHT]).encode()
).hexdigest()[:12]
"""Changes with any row; every entry's verdict and every access-log row names it."""


def may(rol: Rol, permissie: str) -> bool:
    """Whether the role has the permission at all."""
    return (rol, permissie) in _BEREIK


def scopes_for(actor: Actor, permissie: str) -> frozenset[str]:
    """The scopes within which `actor` has `permissie`; empty when the role lacks it."""
    held = actor.gehouden.get(permissie)
    if held is None:
        held = actor.gehouden[permissie] = scopes_of(actor, _BEREIK.get((actor.rol, permissie), frozenset()))
    return held
