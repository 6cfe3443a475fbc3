"""Under which law an entry stands, who answers for it and who may read it: one dated table, and no default.

A row says it for an organisation, a capacity and a kind of work. The capacity is that of the entry (its own
`hoedanigheid`), never that of the document it lands in. What has no row is sealed under no law: it is kept in
quarantine, or refused to whoever is online. `veldboek wet` writes it as docs/wet.md.

The date is that on which the server heard of it (Europe/Amsterdam): from then on there is something to answer for, and
no writer can set that clock. What was sealed stays: a later row decides about later entries only.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import product
from typing import NamedTuple

from app.access.bereik import Bereik
from app.vocabulary import (
    POLITIEROLLEN,
    Hoedanigheid,
    Kring,
    Orgaan,
    OrganisatieSoort,
    Regime,
    Rol,
    Vertrouwelijkheid,
    Verwerkingsverantwoordelijke,
)


class Taak(StrEnum):
    """What kind of work an entry is part of; its aggregate says so (`Aggregaat.wet`)."""

    DEUR = "deur"
    PLAATS = "plaats"
    SIGNAAL = "signaal"
    WAARNEMING = "waarneming"
    POLITIESIGNAAL = "politiesignaal"
    MENSENHANDEL = "mensenhandel"
    RAPPORTAGE = "rapportage"
    BURGEMEESTER = "burgemeester"
    COLLEGE = "college"
    QUARANTAINE = "quarantaine"
    BEHEER = "beheer"


OF_ORGAAN = {Orgaan.BURGEMEESTER: Taak.BURGEMEESTER, Orgaan.COLLEGE: Taak.COLLEGE}
"""Whose decision something is → what work that is."""
MET_HOEDANIGHEID = frozenset({Taak.DEUR, Taak.PLAATS})
"""Work whose law depends on the capacity. What does not say it, as of an earlier version, says `onbekend`."""


class Wet(NamedTuple):
    """What a row decides."""

    regime: Regime
    verwerkingsverantwoordelijke: Verwerkingsverantwoordelijke
    vertrouwelijkheid: Vertrouwelijkheid
    kring: Kring

    def as_doc(self) -> dict[str, str]:
        """As it is sealed."""
        return dict(_as_sealed(self))


@cache
def _as_sealed(wet: Wet) -> dict[str, str]:
    return {name: value.value for name, value in wet._asdict().items()}


SEALED = frozenset(Wet._fields)
"""What the server adds to an entry; of before the table without `kring`."""


class Wetsregel(NamedTuple):
    """One row: from `van` until the day before `tot`."""

    naam: str
    organisaties: frozenset[OrganisatieSoort]
    rollen: frozenset[Rol]
    hoedanigheden: frozenset[Hoedanigheid | None]
    taken: frozenset[Taak]
    wet: Wet
    waarom: str
    van: date
    tot: date | None = None


AVG, WPG8 = Regime.AVG, Regime.WPG8
GEMEENTE, KORPSCHEF = Verwerkingsverantwoordelijke.GEMEENTE, Verwerkingsverantwoordelijke.KORPSCHEF
TOEZICHT, OPSPORING, ONBEKEND = Hoedanigheid.TOEZICHT, Hoedanigheid.OPSPORING, Hoedanigheid.ONBEKEND
VERTROUWELIJK = Vertrouwelijkheid.VERTROUWELIJK
_BESTUUR = (OrganisatieSoort.GEMEENTE, OrganisatieSoort.REGIO)
_POLITIE = (OrganisatieSoort.POLITIE,)
_PARTNER = (OrganisatieSoort.KETENPARTNER,)
VANAF = date(2019, 1, 1)
"""Both laws as they are cited here were in force; no ledger is older."""


def own_roles(organisaties: frozenset[OrganisatieSoort]) -> frozenset[Rol]:
    """The roles that there are in organisations of these kinds."""
    return POLITIEROLLEN if OrganisatieSoort.POLITIE in organisaties else frozenset(Rol) - POLITIEROLLEN


def wetsregel(
    naam: str,
    organisaties: Iterable[OrganisatieSoort],
    hoedanigheden: Iterable[Hoedanigheid | None],
    taken: Iterable[Taak],
    wet: tuple[Regime, Verwerkingsverantwoordelijke, Kring],
    waarom: str,
    *,
    rollen: frozenset[Rol] | None = None,
    niveau: Vertrouwelijkheid = VERTROUWELIJK,
    van: date = VANAF,
    tot: date | None = None,
) -> Wetsregel:
    """Spell one row. The roles of the police exist at the police only, and no others do, unless the row says so."""
    soorten = frozenset(organisaties)
    if rollen is None:
        rollen = own_roles(soorten)
    regime, verantwoordelijke, kring = wet
    decided = Wet(regime, verantwoordelijke, niveau, kring)
    return Wetsregel(naam, soorten, rollen, frozenset(hoedanigheden), frozenset(taken), decided, waarom, van, tot)


TABEL: tuple[Wetsregel, ...] = (
    wetsregel(
        "toezicht", _BESTUUR, (TOEZICHT, ONBEKEND), (Taak.DEUR, Taak.PLAATS), (AVG, GEMEENTE, Kring.GEMEENTE),
        "AVG 6(1)(e); Awb 5:11. An app that does not ask yet supervises: nothing else was possible with it.",
    ),
    wetsregel(
        "plaats van een partner", _PARTNER, (TOEZICHT, ONBEKEND), (Taak.PLAATS,), (AVG, GEMEENTE, Kring.GEMEENTE),
        "What a partner sends becomes a record of the municipality.",
    ),
    wetsregel(
        "opsporing door een boa", _BESTUUR, (OPSPORING,), (Taak.DEUR, Taak.PLAATS),
        (WPG8, Verwerkingsverantwoordelijke.GEMEENTE_ALS_BOA_WERKGEVER, Kring.OPSPORING),
        "Wpg 8; Besluit politiegegevens boa 2. Not 9: that needs a purpose in writing, which is not recorded here; not "
        "13: that is support.",
        rollen=frozenset({Rol.BOA}),
    ),
    wetsregel(
        "toezicht door de politie", _POLITIE, (TOEZICHT,), (Taak.DEUR, Taak.PLAATS), (AVG, KORPSCHEF, Kring.GEMEENTE),
        "Wpg 1(a): carrying out a statutory provision is no politiegegeven. Read by the partners of the controle under "
        "the arrangement (AVG 26) that it names.",
    ),
    wetsregel(
        "vreemdelingentoezicht", _POLITIE, (Hoedanigheid.VREEMDELINGENTOEZICHT,), (Taak.DEUR, Taak.PLAATS),
        (AVG, KORPSCHEF, Kring.POLITIE),
        "Wpg 1(a): tasks under the Vreemdelingenwet are no politiegegeven. No arrangement opens them.",
    ),
    wetsregel(
        "politietaak", _POLITIE, (OPSPORING, Hoedanigheid.OPENBARE_ORDE), (Taak.DEUR, Taak.PLAATS),
        (WPG8, KORPSCHEF, Kring.POLITIE), "Wpg 8; Politiewet 3.",
    ),
    wetsregel(
        "onbekend", _POLITIE, (ONBEKEND,), (Taak.DEUR, Taak.PLAATS), (WPG8, KORPSCHEF, Kring.ONBEKEND),
        "Nobody asked: the stricter law, and the police alone, until one of them says which, by a correction.",
    ),
    wetsregel(
        "signaal", (*_BESTUUR, *_PARTNER), (None,), (Taak.SIGNAAL, Taak.WAARNEMING), (AVG, GEMEENTE, Kring.GEMEENTE),
        "AVG 6(1)(e).",
    ),
    wetsregel(
        "politiesignaal van een ander", (*_BESTUUR, *_PARTNER), (None,), (Taak.POLITIESIGNAAL,),
        (AVG, GEMEENTE, Kring.POLITIE),
        "What the police told: the municipality's own record, read as narrowly as theirs. A partner may not say it.",
    ),
    wetsregel(
        "melding bij de politie", _POLITIE, (None,), (Taak.SIGNAAL,), (AVG, KORPSCHEF, Kring.GEMEENTE),
        "A report about a place that needs supervision, and what is made of it: Wpg 1(a), as supervision itself.",
    ),
    wetsregel(
        "politiesignaal", _POLITIE, (None,), (Taak.POLITIESIGNAAL, Taak.WAARNEMING), (WPG8, KORPSCHEF, Kring.POLITIE),
        "Wpg 8: what an officer saw in the daily task, or knows from it.",
    ),
    wetsregel(
        "mensenhandel", _BESTUUR, (None,), (Taak.MENSENHANDEL,), (AVG, GEMEENTE, Kring.MENSENHANDEL),
        "AVG 6(1)(e), 10.", niveau=Vertrouwelijkheid.GEHEIM,
    ),
    wetsregel(
        "mensenhandel bij de politie", _POLITIE, (None,), (Taak.MENSENHANDEL,), (WPG8, KORPSCHEF, Kring.MENSENHANDEL),
        "Wpg 8: a suspected crime is police work, whatever the controle was.", niveau=Vertrouwelijkheid.GEHEIM,
    ),
    wetsregel(
        "rapportage", _BESTUUR, (None,), (Taak.RAPPORTAGE,), (AVG, GEMEENTE, Kring.GEMEENTE),
        "AVG 6(1)(e): the report of a toezichthouder is part of the supervision.",
    ),
    wetsregel(
        "bestuurlijke rapportage", _POLITIE, (None,), (Taak.RAPPORTAGE,), (AVG, KORPSCHEF, Kring.GEMEENTE),
        "Over toezicht only (Wpg 1(a)), given under AVG 26; over anything else it is refused (Wpg 16–20).",
    ),
    wetsregel(
        "besluit van de burgemeester", _BESTUUR, (None,), (Taak.BURGEMEESTER,),
        (AVG, Verwerkingsverantwoordelijke.BURGEMEESTER, Kring.GEMEENTE), "AVG 6(1)(e); Gemeentewet 125, 172–174a.",
    ),
    wetsregel(
        "besluit van het college", _BESTUUR, (None,), (Taak.COLLEGE,),
        (AVG, Verwerkingsverantwoordelijke.COLLEGE, Kring.GEMEENTE), "AVG 6(1)(e); Gemeentewet 125.",
    ),
    wetsregel(
        "gevolg voor een besluit van de burgemeester", _POLITIE, (None,), (Taak.BURGEMEESTER,),
        (AVG, Verwerkingsverantwoordelijke.BURGEMEESTER, Kring.GEMEENTE),
        "Awb 3:2; Wpg 4: what the server notes on it when the police change what it rests on. They decide nothing.",
    ),
    wetsregel(
        "gevolg voor een besluit van het college", _POLITIE, (None,), (Taak.COLLEGE,),
        (AVG, Verwerkingsverantwoordelijke.COLLEGE, Kring.GEMEENTE), "The same.",
    ),
    wetsregel(
        "quarantaine", (*_BESTUUR, OrganisatieSoort.BEHEER), (None,), (Taak.QUARANTAINE,),
        (AVG, GEMEENTE, Kring.GEMEENTE), "The desk that decides belongs to the municipality.",
    ),
    wetsregel(
        "quarantaine bij de politie", _POLITIE, (None,), (Taak.QUARANTAINE,), (WPG8, KORPSCHEF, Kring.POLITIE),
        "The reason may tell what is in it, and that is not known: the stricter law.",
        rollen=POLITIEROLLEN | {Rol.FUNCTIONEEL_BEHEERDER},
    ),
    wetsregel(
        "beheer", (*_BESTUUR, OrganisatieSoort.BEHEER), (None,), (Taak.BEHEER,), (AVG, GEMEENTE, Kring.BEHEER),
        "AVG 6(1)(e), 32.", niveau=Vertrouwelijkheid.INTERN,
    ),
    wetsregel(
        "beheer bij de politie", _POLITIE, (None,), (Taak.BEHEER,), (AVG, KORPSCHEF, Kring.BEHEER),
        "AVG 6(1)(e), 32.", niveau=Vertrouwelijkheid.INTERN, rollen=frozenset({Rol.FUNCTIONEEL_BEHEERDER}),
    ),
)  # fmt: skip

Cel = tuple[OrganisatieSoort, Rol, Hoedanigheid | None, Taak]


def index(tabel: Iterable[Wetsregel]) -> dict[Cel, list[tuple[date, date | None, Wet]]]:
    """Cell → what decides it, when. ValueError where two rows decide the same on one day."""
    found: dict[Cel, list[tuple[date, date | None, Wet]]] = {}
    for r in tabel:
        for cell in product(r.organisaties, r.rollen, r.hoedanigheden, r.taken):
            periods = found.setdefault(cell, [])
            if any((tot is None or r.van < tot) and (r.tot is None or van < r.tot) for van, tot, _ in periods):
                raise ValueError(f"two rows decide {cell}")
            periods.append((r.van, r.tot, r.wet))
    return found


_INDEX = index(TABEL)


def find_wet(
    organisatie: OrganisatieSoort | None, rol: Rol, hoedanigheid: Hoedanigheid | None, taak: Taak, dag: date
) -> Wet | None:
    """The law of an entry that the server heard of on the local day `dag`; None where no row decides.

    `organisatie` is the kind of the organisation its writer worked for; None is one of which nothing is known.
    """
    if organisatie is None:
        return None
    hoedanigheid = (hoedanigheid or ONBEKEND) if taak in MET_HOEDANIGHEID else None
    for van, tot, wet in _INDEX.get((organisatie, rol, hoedanigheid, taak), ()):
        if van <= dag and (tot is None or dag < tot):
            return wet
    return None


def kring_before(taak: Taak, regime: Regime, hoedanigheid: Hoedanigheid | None, rol: Rol) -> Kring:
    """Who reads an entry that was sealed before there was this table: whoever read it then.

    A controle was shut, or not, by its plan and its start; what a place was recorded for, version 1 did not say.
    """
    if taak is Taak.PLAATS and hoedanigheid is ONBEKEND and rol in POLITIEROLLEN:
        return Kring.ONBEKEND
    return Kring.POLITIE if regime is not AVG else Kring.GEMEENTE


BESLOTEN: dict[Kring, Bereik] = {
    Kring.POLITIE: Bereik.POLITIE,
    Kring.ONBEKEND: Bereik.POLITIE,
    Kring.OPSPORING: Bereik.OPSPORING,
}
"""The circles that shut the administration out → the scope of who reads instead, besides who takes part."""
BUREAU: dict[Kring, Bereik] = {
    **BESLOTEN,
    Kring.GEMEENTE: Bereik.GEMEENTE,
    Kring.MENSENHANDEL: Bereik.MENSENHANDEL,
    Kring.BEHEER: Bereik.BEHEER,
}
"""Circle → the scope of who looks at what is in quarantine, and decides."""
SOORT_VAN_ROL: dict[Rol, OrganisatieSoort] = {
    **dict.fromkeys(Rol, OrganisatieSoort.GEMEENTE),
    **dict.fromkeys(POLITIEROLLEN, OrganisatieSoort.POLITIE),
    Rol.KETENPARTNER: OrganisatieSoort.KETENPARTNER,
    Rol.FUNCTIONEEL_BEHEERDER: OrganisatieSoort.BEHEER,
}
"""For what a verdict of before the table does not say: of what kind of organisation its writer was."""
