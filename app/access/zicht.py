"""Who sees which part of a document, as one table of rows without code. What has no row is shown to nobody.

A row opens parts (sections of the ledger, or groups of fields) of the documents of one collection to roles, where
such a document carries a scope of one of the kinds that they hold. Of `eigen` parts somebody sees only what he
recorded himself. That a document is there at all is for :mod:`app.access.beleid` to say (`<collectie>:zien`); a row
with a permission of its own is for that door only.
Source: docs/ontwerp/toegang.md, "Parts".
"""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from app.access.actor import Actor
from app.access.bereik import Bereik, kinds_of, scopes_of
from app.vocabulary import Groep, Rol, Sectie

Deel = Sectie | Groep
"""A part of a document: a section, or a group of fields that others are shown than the rest of its section."""


class Zicht(NamedTuple):
    """One row: in documents of this collection with such a scope, these roles are shown these parts."""

    collectie: str
    rollen: frozenset[Rol]
    bereik: frozenset[Bereik]
    delen: frozenset[Deel]
    eigen: frozenset[Deel] = frozenset()
    permissie: str = ""


class Gezien(NamedTuple):
    """What somebody is shown of one document: these parts, and of these only what he recorded himself."""

    delen: frozenset[Deel]
    eigen: frozenset[Deel]


def zicht(
    collectie: str,
    rollen: Iterable[Rol],
    bereik: Iterable[Bereik],
    delen: Iterable[Deel],
    *,
    eigen: Iterable[Deel] = (),
    permissie: str = "",
    toont: bool = True,
) -> Zicht:
    """Spell one row of the table. Whoever is shown anything is shown that it is there, and how it stands.

    Without `toont` such a scope does not show by itself that the document is there: another row does.
    """
    shown = _with_words(collectie, delen) | ({Sectie.OMSLAG} if toont else frozenset())
    door = permissie or f"{collectie}:zien"
    return Zicht(collectie, frozenset(rollen), frozenset(bereik), shown, frozenset(eigen), door)


_AT_A_PLACE = frozenset({"signalen", "locaties", "controles", "rapportages", "maatregelen"})


def _with_words(collectie: str, delen: Iterable[Deel]) -> frozenset[Deel]:
    """Whoever is shown the text of what lies at a place is shown where that is in words as well."""
    shown = frozenset(delen)
    return shown | {Groep.PLAATSAANDUIDING} if Sectie.TEKST in shown and collectie in _AT_A_PLACE else shown


ALLEN, BEHEER, GEBIED, GEMEENTE = Bereik.ALLEN, Bereik.BEHEER, Bereik.GEBIED, Bereik.GEMEENTE
POLITIE, MENSENHANDEL, DEELNEMER = Bereik.POLITIE, Bereik.MENSENHANDEL, Bereik.DEELNEMER
ORGANISATIE, ORGAAN, TEAM, COORDINATOR = Bereik.ORGANISATIE, Bereik.ORGAAN, Bereik.TEAM, Bereik.COORDINATOR
ZORG = Bereik.ZORG
OMSLAG, ZAAK, TEKST, PERSOON, HULP, MELDER = (
    Sectie.OMSLAG, Sectie.ZAAK, Sectie.TEKST, Sectie.PERSOON, Sectie.HULP, Sectie.MELDER,
)  # fmt: skip

_VELD = (Rol.BOA, Rol.WIJKAGENT, Rol.PCT, Rol.REGISSEUR)
_BEVOEGD = (Rol.BURGEMEESTER, Rol.JURIST)
_BEHEERDER = (Rol.FUNCTIONEEL_BEHEERDER,)
_OVERHEID = tuple(rol for rol in Rol if rol is not Rol.KETENPARTNER)
_BEHALVE = tuple(rol for rol in _OVERHEID if rol is not Rol.FUNCTIONEEL_BEHEERDER)
_DRAGERS = tuple(rol for rol in Rol if rol is not Rol.FUNCTIONEEL_BEHEERDER)
_HERZIEN = (Groep.CORRECTIES, Groep.VERSCHILLEN)

ZICHT: tuple[Zicht, ...] = (
    # signalen: the text of an anonymous tip is for triage; a partner hears that his was judged, not how nor why
    zicht("signalen", (Rol.BOA,), (GEMEENTE, DEELNEMER), (ZAAK, TEKST, Groep.BEOORDELING, *_HERZIEN)),
    zicht("signalen", (Rol.WIJKAGENT, Rol.AVIM), (DEELNEMER,), (ZAAK, TEKST, Groep.BEOORDELING, *_HERZIEN)),
    zicht(
        "signalen",
        (Rol.PCT,),
        (GEMEENTE, POLITIE, DEELNEMER),
        (ZAAK, TEKST, MELDER, Groep.BEOORDELING, *_HERZIEN),
    ),
    zicht(
        "signalen",
        (Rol.REGISSEUR,),
        (GEMEENTE, DEELNEMER),
        (ZAAK, TEKST, MELDER, Groep.BEOORDELING, Groep.CANONIEK, *_HERZIEN),
    ),
    zicht("signalen", (Rol.KETENPARTNER,), (ORGANISATIE,), (ZAAK, TEKST)),
    # locaties
    zicht("locaties", (Rol.BOA, Rol.WIJKAGENT, Rol.PCT), (DEELNEMER,), (ZAAK, TEKST, *_HERZIEN)),
    zicht("locaties", (Rol.PCT,), (ORGANISATIE,), (ZAAK, TEKST, *_HERZIEN)),
    zicht("locaties", (Rol.REGISSEUR,), (GEBIED,), (ZAAK, TEKST, Groep.CANONIEK, *_HERZIEN)),
    zicht("locaties", (Rol.KETENPARTNER,), (ORGANISATIE, DEELNEMER), (ZAAK, TEKST)),
    # controles: the team sees its work while its period runs; help stays with who offered it. Afterwards each keeps
    # his own. Others are shown what they have to know at the door; the regisseur steers by counts
    zicht(
        "controles",
        (Rol.BOA, Rol.WIJKAGENT, Rol.PCT, Rol.AVIM),
        (TEAM,),
        (ZAAK, TEKST, PERSOON, Groep.TELLING, *_HERZIEN),
        eigen=(HULP, Groep.DOORGEGEVEN),
        toont=False,
    ),
    zicht(
        "controles",
        (Rol.BOA, Rol.WIJKAGENT, Rol.PCT, Rol.AVIM),
        (DEELNEMER,),
        (Groep.DEUR,),
        eigen=(ZAAK, TEKST, PERSOON, HULP, Groep.TELLING, Groep.DOORGEGEVEN, *_HERZIEN),
    ),
    zicht("controles", (Rol.BOA,), (GEMEENTE,), (Groep.DEUR,)),
    # what boa's investigate they read and settle among them
    zicht(
        "controles",
        (Rol.BOA,),
        (Bereik.OPSPORING,),
        (Groep.DEUR, ZAAK, TEKST, PERSOON, Groep.TELLING, *_HERZIEN),
        eigen=(HULP, Groep.DOORGEGEVEN),
    ),
    zicht("controles", (Rol.PCT,), (GEMEENTE, ORGANISATIE), (Groep.DEUR, ZAAK, TEKST, *_HERZIEN), eigen=(PERSOON,)),
    zicht(
        "controles",
        (Rol.REGISSEUR,),
        (GEBIED,),
        (Groep.DEUR, ZAAK, TEKST, Groep.AANTALLEN, Groep.HULPAANTAL, Groep.CANONIEK, *_HERZIEN),
    ),
    zicht("controles", (Rol.REGISSEUR,), (TEAM,), (PERSOON, Groep.TELLING), toont=False),
    zicht(
        "controles",
        (Rol.REGISSEUR,),
        (DEELNEMER,),
        (),
        eigen=(PERSOON, HULP, Groep.TELLING, Groep.DOORGEGEVEN),
        toont=False,
    ),
    zicht("controles", _VELD, (COORDINATOR,), (Groep.BESLECHTEN,), toont=False),
    zicht("controles", (Rol.PCT,), (TEAM,), (Groep.BESLECHTEN,), toont=False),
    # help goes on after the door: whoever guides it sees whom it was offered to, and what came of it, with a reason
    zicht("controles", (Rol.AANDACHTSFUNCTIONARIS,), (ZORG,), ()),
    zicht(
        "controles",
        (Rol.AANDACHTSFUNCTIONARIS,),
        (ZORG,),
        (Groep.DEUR, PERSOON, Groep.AANTALLEN, HULP, Groep.HULPSOORTEN),
        permissie="hulp:inzien",
    ),
    zicht(
        "controles",
        (Rol.PCT, Rol.AANDACHTSFUNCTIONARIS, Rol.AVIM),
        (GEBIED,),
        (Groep.DEUR, Groep.PLAATSAANDUIDING),
        permissie="vindplaats:inzien",
    ),
    # what a decision rests on, through that decision or its rapportage
    # without text: that stands in the rapportage as it was disclosed, redacted or not
    zicht(
        "controles", _BEVOEGD, (GEBIED,), (Groep.DEUR, Groep.PLAATSAANDUIDING, ZAAK), permissie="onderbouwing:inzien"
    ),
    zicht("attenderingen", (Rol.REGISSEUR,), (GEBIED,), ()),
    # mensenhandelsignalen: on the line only that it is there, how it stands and where; the content with a reason
    zicht("mensenhandelsignalen", (Rol.PCT, Rol.AANDACHTSFUNCTIONARIS, Rol.REGISSEUR), (MENSENHANDEL,), ()),
    zicht("mensenhandelsignalen", (Rol.AVIM,), (ORGANISATIE,), ()),
    *(
        zicht(
            "mensenhandelsignalen",
            rollen,
            (kind,),
            (ZAAK, Sectie.MENSENHANDEL, Groep.VERSCHILLEN),
            permissie="mensenhandelsignaal:inzien",
        )
        for rollen, kind in (((Rol.PCT, Rol.AANDACHTSFUNCTIONARIS), MENSENHANDEL), ((Rol.AVIM,), ORGANISATIE))
    ),
    # rapportages: their versions may hold what was redacted, so only who writes sees those
    zicht("rapportages", (Rol.PCT,), (DEELNEMER, ORGANISATIE), (ZAAK, TEKST, *_HERZIEN)),
    zicht("rapportages", (Rol.BOA,), (DEELNEMER,), (ZAAK, TEKST, *_HERZIEN)),
    zicht("rapportages", (Rol.REGISSEUR,), (GEMEENTE,), (ZAAK, TEKST, Groep.CANONIEK, Groep.CORRECTIES)),
    zicht("rapportages", _BEVOEGD, (ORGAAN,), (ZAAK, TEKST, Groep.CANONIEK, Groep.CORRECTIES)),
    # maatregelen: at the door it matters that a measure runs, until when and what it says; not how it came about
    zicht(
        "maatregelen",
        _BEVOEGD,
        (GEBIED,),
        (ZAAK, TEKST, PERSOON, Groep.BESLUITVORMING, Groep.CANONIEK, *_HERZIEN),
    ),
    zicht("maatregelen", (Rol.REGISSEUR,), (GEBIED,), (ZAAK, TEKST, Groep.BESLUITVORMING, Groep.CANONIEK, *_HERZIEN)),
    zicht("maatregelen", (Rol.PCT,), (GEBIED,), (ZAAK, Groep.PLAATSAANDUIDING)),
    zicht("maatregelen", (Rol.BOA,), (GEMEENTE,), (ZAAK,)),
    # what became of an entry: its writer, and the desk
    zicht("ontvangsten", _OVERHEID, (DEELNEMER,), (TEKST, Groep.BEOORDELING)),
    zicht("ontvangsten", (Rol.KETENPARTNER,), (DEELNEMER,), ()),
    zicht("ontvangsten", (Rol.REGISSEUR,), (GEBIED,), (), permissie="quarantaine:zien"),
    zicht(
        "ontvangsten",
        (Rol.REGISSEUR,),
        (GEMEENTE,),
        (TEKST, Groep.BEOORDELING),
        permissie="quarantaine:zien",
        toont=False,
    ),
    zicht("ontvangsten", (Rol.PCT,), (POLITIE, MENSENHANDEL), (TEKST, Groep.BEOORDELING), permissie="quarantaine:zien"),
    zicht(
        "ontvangsten",
        (Rol.AANDACHTSFUNCTIONARIS,),
        (MENSENHANDEL,),
        (TEKST, Groep.BEOORDELING),
        permissie="quarantaine:zien",
    ),
    zicht("ontvangsten", (Rol.BOA,), (Bereik.OPSPORING,), (TEKST, Groep.BEOORDELING), permissie="quarantaine:zien"),
    zicht("ontvangsten", _VELD, (COORDINATOR,), (TEKST, Groep.BEOORDELING), permissie="quarantaine:zien"),
    zicht("ontvangsten", _BEHEERDER, (BEHEER,), (TEKST, Groep.BEOORDELING), permissie="quarantaine:zien"),
    # people and devices
    zicht("organisaties", _BEHEERDER, (BEHEER,), (ZAAK, *_HERZIEN)),
    zicht("functionarissen", _BEHEERDER, (BEHEER,), (ZAAK, PERSOON, *_HERZIEN)),
    zicht("roltoewijzingen", _BEHEERDER, (BEHEER,), (ZAAK,)),
    zicht("accounts", _BEHEERDER, (BEHEER,), (ZAAK,)),
    zicht("toestellen", _BEHEERDER, (BEHEER,), (ZAAK, TEKST)),
    zicht("toestellen", (Rol.REGISSEUR,), (GEBIED,), (TEKST,)),
    zicht("toestellen", _DRAGERS, (DEELNEMER,), (TEKST,)),
    zicht("organisaties", _OVERHEID, (ALLEN,), (), permissie="naslag:zien"),
    zicht("grondslagenbijzonder", _BEHEERDER, (BEHEER,), (ZAAK,)),
    zicht("grondslagenbijzonder", _BEHALVE, (GEBIED,), ()),
    zicht("functionarissen", _BEHEERDER, (BEHEER,), (PERSOON,), permissie="collegas:zien"),
    zicht("functionarissen", _BEHALVE, (GEBIED,), (PERSOON,), permissie="collegas:zien"),
)


@cache
def rows_for(rol: Rol, collectie: str, permissie: str | None) -> tuple[Zicht, ...]:
    """The rows of one role for one collection, at the door of `permissie`; None: at all of them."""
    return tuple(z for z in ZICHT if z.collectie == collectie and rol in z.rollen and permissie in {None, z.permissie})


@cache
def opened(rol: Rol, collectie: str, permissie: str | None, kinds: frozenset[Bereik]) -> Gezien:
    """What a role is shown of a document of which it holds scopes of these kinds."""
    rows = [z for z in rows_for(rol, collectie, permissie) if z.bereik & kinds]
    shown = frozenset[Deel]().union(*(z.delen for z in rows))
    return Gezien(shown, frozenset[Deel]().union(*(z.eigen for z in rows)) - shown)


def held(actor: Actor, collectie: str, permissie: str | None) -> frozenset[str]:
    """The scopes of `actor` that open anything in documents of `collectie`."""
    key = f"{permissie} {collectie}"  # no permission has a space in it
    found = actor.gehouden.get(key)
    if found is None:
        kinds = frozenset[Bereik]().union(*(z.bereik for z in rows_for(actor.rol, collectie, permissie)))
        found = actor.gehouden[key] = scopes_of(actor, kinds)
    return found


def seen_by(actor: Actor, collectie: str, scopes: Iterable[str], permissie: str | None) -> Gezien:
    """What `actor` is shown of a document of `collectie` that carries `scopes`, at the door of `permissie`.

    None: at any of his doors, so all that he can know of it.
    """
    kinds = kinds_of(held(actor, collectie, permissie).intersection(scopes))
    return opened(actor.rol, collectie, permissie, kinds)


def opening(actor: Actor, collectie: str, permissie: str, deel: Deel) -> frozenset[str]:
    """The scopes of `actor` that show him a part of every document that carries one, at the door of `permissie`."""
    scopes = held(actor, collectie, permissie)
    return frozenset(s for s in scopes if deel in seen_by(actor, collectie, [s], permissie).delen)


def ever_opened(rol: Rol, collectie: str) -> frozenset[Deel]:
    """What a role may be shown of some document of `collectie`."""
    return frozenset[Deel]().union(*(z.delen for z in rows_for(rol, collectie, None)))


def kinds_shown(collectie: str) -> frozenset[Bereik]:
    """The kinds of scope that open anything of documents of `collectie` to anybody."""
    return frozenset[Bereik]().union(*(z.bereik for z in ZICHT if z.collectie == collectie))


def door_of(collectie: str, permissie: str | None) -> str:
    """The door of who reads with `permissie`: one that shows parts of its own, or that of lists."""
    own = any(z.permissie == permissie for z in ZICHT if z.collectie == collectie)
    return permissie if own and permissie is not None else f"{collectie}:zien"


@cache
def spelled(rol: Rol, collectie: str, permissie: str) -> tuple[str, ...]:
    """The rows of a role, as text: two cursors that were given under the same text show the same parts."""
    rows = rows_for(rol, collectie, permissie)
    return tuple(sorted(f"{sorted(z.bereik)} {sorted(z.delen)} {sorted(z.eigen)}" for z in rows))
