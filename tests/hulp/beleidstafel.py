"""The policy table in every situation: what there is to hold against it, and how each row is changed once."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from itertools import product
from typing import Any

import pytest

from app.access import beleid
from app.access.actor import Actor
from app.access.beleid import BELEID, PERMISSIES, Recht, may, scopes_for
from app.access.bereik import Bereik, scope
from app.registraties.act import Doc, Sleutel
from app.registraties.register import ACTEN, AGGREGATEN
from app.services.vouwen.ontvangst import put_receipt
from app.services.vouwen.vouwer import Vouwer
from app.vocabulary import Rol
from tests.hulp.bouw import actor, ident
from tests.hulp.orakel import MENSEN, VELD, Geval, kan, ziet

HIER, ELDERS = "GM0243", "GM0233"
ACTORS = {rol: actor("ik", rol, "mijn", [] if rol is Rol.FUNCTIONEEL_BEHEERDER else [HIER]) for rol in Rol}
IK, ANDER = str(ident("ik")), str(ident("ander"))
MIJN, ANDERE = str(ident("mijn")), str(ident("andere"))
RELEVANT = {
    "controles": ("eigen_gemeente", "zelf", "organisatie", "begonnen", "toezicht", "opsporing", "coordineert", "hulp"),
    "signalen": ("eigen_gemeente", "zelf", "organisatie", "politie"),
    "locaties": ("eigen_gemeente", "zelf", "organisatie", "toezicht", "doorgehaald"),
    "mensenhandelsignalen": ("eigen_gemeente", "zelf", "organisatie"),
    "rapportages": ("eigen_gemeente", "zelf", "organisatie", "geadresseerd"),
    "maatregelen": ("eigen_gemeente", "lopend"),
    "attenderingen": ("eigen_gemeente", "begonnen", "toezicht"),
    "ontvangsten": ("eigen_gemeente", "zelf", "politie", "opsporing", "afgeschermd", "mensen"),
    "quarantaine": (
        "eigen_gemeente",
        "zelf",
        "politie",
        "opsporing",
        "afgeschermd",
        "mensen",
        "personen",
        "coordineert",
    ),
    **dict.fromkeys(MENSEN, ("zelf",)),
    "collegas": ("eigen_gemeente",),
    "grondslagenbijzonder": ("eigen_gemeente",),
    "toestellen": ("eigen_gemeente", "zelf"),
}
FIXED = {
    "naslag:zien": {scope(Bereik.ALLEN)},
    "sync:uitwisselen": {scope(Bereik.ALLEN)},
    "cijfers:raadplegen": {scope(Bereik.GEBIED, HIER)},
}
"""Permissions that are about no document: what is held under them."""
NARROW = {"controles:zien", "signalen:zien", "locaties:zien"}


def cases() -> Iterator[Geval]:
    for collectie, names in RELEVANT.items():
        for values in product((False, True), repeat=len(names)):
            yield Geval(collectie, **dict(zip(names, values, strict=True)))


CASES = tuple(cases())


BY_COLLECTIE = {name: [g for g in CASES if g.collectie == name] for name in RELEVANT}


def writer(g: Geval) -> Doc:
    return {"_functionaris": IK if g.zelf else ANDER, "_organisatie": MIJN if g.organisatie else ANDERE}


def locatie(g: Geval) -> Doc:
    struck = {"doorgehaald": True} if g.doorgehaald else {}
    shut = {} if g.toezicht else {"_kringen": ["onbekend"]}
    return {**writer(g), **shut, **struck}


def controle(g: Geval) -> Doc:
    return {
        "id": IK,
        "gemeente": HIER if g.eigen_gemeente else ELDERS,
        "status": "gestart" if g.begonnen else "gepland",
        **({} if g.toezicht else {"_kringen": ["opsporing" if g.opsporing else "politie"]}),
        "deelnemers": [{"functionaris": IK if g.zelf else ANDER}],
        "_schrijvers": [ANDER],
        "initiatief": MIJN if g.organisatie else ANDERE,
        "coordinator": IK if g.coordineert else ANDER,
        **({"hulp": [{}]} if g.hulp else {}),
        **({"begonnenOp": "2023-02-08T18:30:00Z"} if g.begonnen else {}),
    }


def rapportage(g: Geval) -> Doc:
    gemeente = HIER if g.eigen_gemeente else ELDERS
    aan = {"aan": {"orgaan": "burgemeester", "gemeente": gemeente}}
    return {"soort": "controlerapport", **writer(g), "verstrekkingen": [aan] if g.geadresseerd else []}


def mensen(naam: str) -> Callable[[Geval], set[str]]:
    doc = {"id": IK, "functionaris": ANDER}
    return lambda _g: AGGREGATEN[naam].scopes(doc)


def ontvangst(g: Geval) -> set[str]:
    """What became of an entry: of the police, of trafficking or unreadable, of people and devices, or ordinary."""
    verdict = dict.fromkeys(("status", "code", "soort", "ontvangenOp", "rol", "organisatie", "toestel"), "x")
    verdict |= {"inzage": "gemeente"}
    verdict |= {"inzage": "team", "coordinator": IK if g.coordineert else ANDER} if g.personen else {}
    verdict |= {"inzage": "opsporing"} if g.opsporing else {}
    verdict |= {"inzage": "politie"} if g.politie else {}
    verdict |= {"inzage": "mensenhandel"} if g.afgeschermd else {}
    verdict |= {"inzage": "beheer"} if g.mensen else {}
    vouwer, gemeenten = Vouwer(None), [HIER if g.eigen_gemeente else ELDERS]
    put_receipt(vouwer, ident("op"), {**verdict, "functionaris": IK if g.zelf else ANDER, "gemeenten": gemeenten}, 0)
    return set(vouwer.rijen[Sleutel("ontvangst", ident("op"))].scopes)


def of_kind(naam: str, doc: Callable[[Geval], Doc]) -> Callable[[Geval], set[str]]:
    return lambda g: AGGREGATEN[naam].scopes({"gemeente": HIER if g.eigen_gemeente else ELDERS, **doc(g)})


SCOPES: dict[str, Callable[[Geval], set[str]]] = {
    "controles": of_kind("controle", controle),
    "signalen": of_kind("signaal", lambda g: {**({"_kringen": ["politie"]} if g.politie else {}), **writer(g)}),
    "locaties": of_kind("locatie", locatie),
    "mensenhandelsignalen": of_kind(
        "mensenhandelsignaal", lambda g: {**writer(g), "_aan": [MIJN] if g.organisatie else []}
    ),
    "rapportages": of_kind("rapportage", rapportage),
    "maatregelen": of_kind("maatregel", lambda g: {"status": "in_werking" if g.lopend else "opgelegd"}),
    "attenderingen": lambda g: (AGGREGATEN["controle"].derive or _never)(controle(g))[1],
    "ontvangsten": ontvangst,
    "quarantaine": ontvangst,
    "collegas": lambda g: AGGREGATEN["functionaris"].scopes({"_gemeenten": [HIER if g.eigen_gemeente else ELDERS]}),
    "organisaties": mensen("organisatie"),
    "functionarissen": mensen("functionaris"),
    "roltoewijzingen": mensen("roltoewijzing"),
    "accounts": mensen("account"),
    "grondslagenbijzonder": lambda g: AGGREGATEN["grondslagbijzonder"].scopes(
        {"gemeentecode": HIER if g.eigen_gemeente else ELDERS}
    ),
    "toestellen": lambda g: AGGREGATEN["toestel"].scopes(
        {"functionaris": IK if g.zelf else ANDER, "gemeenten": [HIER if g.eigen_gemeente else ELDERS]}
    ),
}


def _never(_doc: Doc) -> Any:
    raise AssertionError


@cache
def scopes_in(g: Geval) -> frozenset[str]:
    return frozenset(SCOPES[g.collectie](g))


@dataclass(frozen=True)
class Daad:
    """What somebody with the permission may do it to: a document as it stands towards him."""

    permissie: str
    toegestaan: Callable[[Rol, Geval], bool]
    collectie: str


def _own(_rol: Rol, g: Geval) -> bool:
    return g.zelf


def _here(_rol: Rol, g: Geval) -> bool:
    return g.eigen_gemeente


def _seen(rol: Rol, g: Geval) -> bool:
    return ziet(rol.value, g)


def _followed(rol: Rol, g: Geval) -> bool:
    """Who steers follows what is missing in his municipalities; others what they take part in."""
    return g.eigen_gemeente and g.toezicht if rol is Rol.REGISSEUR else g.zelf


def _handed(rol: Rol, g: Geval) -> bool:
    return g.organisatie if rol is Rol.AVIM else g.eigen_gemeente


def _looks(rol: Rol, g: Geval) -> bool:
    """The content of what is in quarantine, and so the decision: the circle that it concerns."""
    if g.mensen or rol is Rol.FUNCTIONEEL_BEHEERDER:
        return g.mensen and rol is Rol.FUNCTIONEEL_BEHEERDER
    if g.afgeschermd:
        return g.eigen_gemeente and rol in {Rol.PCT, Rol.AANDACHTSFUNCTIONARIS}
    if g.personen and not (g.politie or g.opsporing):
        return (g.coordineert and rol.value in VELD) or (g.eigen_gemeente and rol is Rol.PCT)
    mine = Rol.PCT if g.politie else Rol.BOA if g.opsporing else Rol.REGISSEUR
    return g.eigen_gemeente and rol is mine


def _settles(rol: Rol, g: Geval) -> bool:
    """The regisseur what counts in the administration; police and boa's what is theirs; of trafficking who may look.

    Of a rapportage somebody of the organisation that wrote it.
    """
    if g.collectie == "mensenhandelsignalen":
        return g.eigen_gemeente and rol in {Rol.PCT, Rol.AANDACHTSFUNCTIONARIS}
    if g.collectie == "rapportages":
        return g.organisatie and rol in {Rol.PCT, Rol.REGISSEUR}
    if rol in {Rol.BURGEMEESTER, Rol.JURIST}:  # of a measure; of a controle they are shown no difference
        return g.eigen_gemeente and g.toezicht
    if (rol.value in VELD and g.coordineert) or (rol is Rol.PCT and g.zelf):  # of persons and help at the door
        return True
    if not g.toezicht and g.opsporing:
        return g.eigen_gemeente and rol is Rol.BOA and g.begonnen
    return g.eigen_gemeente and rol is (Rol.REGISSEUR if g.toezicht else Rol.PCT)


def _guides(_rol: Rol, g: Geval) -> bool:
    return g.eigen_gemeente and g.toezicht and g.hulp


def _helps(rol: Rol, g: Geval) -> bool:
    """Who was there; afterwards who guides."""
    return _guides(rol, g) if rol is Rol.AANDACHTSFUNCTIONARIS else g.zelf


def _calls_off(rol: Rol, g: Geval) -> bool:
    """Who takes part; who steers what he reads, and the PCT what it began, for who planned it may have left."""
    return g.zelf or (rol is Rol.PCT and g.organisatie) or (rol is Rol.REGISSEUR and _seen(rol, g))


OF_DOOR = {"hulp.aangeboden": _helps, "controle.afgelast": _calls_off}


def _always(_rol: Rol, _g: Geval) -> bool:
    return True


def _second_person(rol: Rol, g: Geval) -> bool:
    return rol is Rol.FUNCTIONEEL_BEHEERDER or g.eigen_gemeente


def _may_strike(rol: Rol, g: Geval) -> bool:
    """In the field what one takes part in; the authority in its municipality; people by the administrator."""
    if rol is Rol.FUNCTIONEEL_BEHEERDER:
        return g.collectie == "roltoewijzingen"
    if g.collectie == "roltoewijzingen":
        return False
    gezag = g.eigen_gemeente and (g.toezicht or g.collectie != "controles")
    return gezag if rol in {Rol.BURGEMEESTER, Rol.JURIST} else g.zelf


DADEN = (
    *(
        Daad(act.permissie, OF_DOOR.get(act.soort, _own), "controles")
        for act in ACTEN.values()
        if act.aggregaat == "controle" and act.soort != "attendering.gezien"
    ),
    *(Daad(act.permissie, _here, "maatregelen") for act in ACTEN.values() if act.aggregaat == "maatregel"),
    Daad("hulp:inzien", _guides, "controles"),
    Daad("vindplaats:inzien", lambda _r, g: g.eigen_gemeente and g.toezicht, "controles"),
    Daad("onderbouwing:inzien", lambda _r, g: g.eigen_gemeente and g.toezicht, "controles"),
    Daad("attendering:zien", lambda _r, g: g.eigen_gemeente, "controles"),
    *(Daad(f"rapportage:{daad}", _own, "rapportages") for daad in ("opmaken", "vaststellen", "verstrekken")),
    Daad("rapportage:ontvangen", lambda _r, g: g.eigen_gemeente and g.geadresseerd, "rapportages"),
    Daad("signaal:melden", _seen, "signalen"),
    Daad("signaal:beoordelen", lambda r, g: g.eigen_gemeente and (r is Rol.PCT or not g.politie), "signalen"),
    Daad("signalen:verwijzen", _here, "signalen"),
    Daad("locatie:vastleggen", lambda _r, g: (g.zelf or g.organisatie) and not g.doorgehaald, "locaties"),
    Daad("locaties:verwijzen", lambda _r, g: g.eigen_gemeente and g.toezicht, "locaties"),
    Daad("controles:verwijzen", lambda _r, g: g.eigen_gemeente and g.toezicht and g.begonnen, "controles"),
    Daad("bijlage:inzien", _own, "controles"),
    Daad("bijlagen:raadplegen", _followed, "controles"),
    Daad("mensenhandelsignaal:vastleggen", _own, "mensenhandelsignalen"),
    Daad("mensenhandelsignaal:overdragen", _here, "mensenhandelsignalen"),
    Daad("mensenhandelsignaal:opvolgen", _handed, "mensenhandelsignalen"),
    Daad("mensenhandelsignaal:inzien", _handed, "mensenhandelsignalen"),
    Daad("organisatie:vastleggen", _always, "organisaties"),
    Daad("grondslagbijzonder:vastleggen", _always, "grondslagenbijzonder"),
    *(
        Daad(f"grondslagbijzonder:{daad}", _second_person, "grondslagenbijzonder")
        for daad in ("bevestigen", "beeindigen")
    ),
    Daad("functionaris:vastleggen", _always, "functionarissen"),
    Daad("roltoewijzing:verlenen", _always, "roltoewijzingen"),
    Daad("roltoewijzing:beeindigen", _always, "roltoewijzingen"),
    Daad("roltoewijzing:bevestigen", _always, "roltoewijzingen"),
    *(Daad(f"account:{daad}", _always, "accounts") for daad in ("aanvragen", "bevestigen", "uitzetten")),
    Daad("wachtend:zien", _second_person, "toestellen"),
    Daad("toestel:inschrijven", _always, "toestellen"),
    Daad("toestel:intrekken", _always, "toestellen"),
    *(Daad("verschil:beoordelen", _settles, of) for of in ("controles", "mensenhandelsignalen", "rapportages")),
    Daad("toestel:opdragen", _always, "toestellen"),
    Daad("toestel:goedkeuren", _second_person, "toestellen"),
    Daad("toestel:verruimen", _always, "toestellen"),
    Daad("toestel:bergen", _second_person, "toestellen"),
    *(Daad(f"quarantaine:{daad}", _looks, "quarantaine") for daad in ("inzien", "beoordelen")),
    Daad("ontvangsten:verwijzen", _here, "ontvangsten"),
    Daad("registratie:doorhalen", _may_strike, "controles"),
    Daad("registratie:doorhalen", _may_strike, "maatregelen"),
    Daad("registratie:doorhalen", _may_strike, "roltoewijzingen"),
)


@cache
def weighed(
    rol: Rol, toegestaan: Callable[[Rol, Geval], bool], collectie: str
) -> tuple[tuple[Geval, frozenset[str], bool], ...]:
    """Each situation, what opens it and what the oracle says of it: the same, whatever the policy says."""
    return tuple((g, scopes_in(g), toegestaan(rol, g)) for g in BY_COLLECTIE[collectie])


def disagreements() -> Iterator[str]:
    """Where the table and the oracle differ, and which of the two says yes."""
    for rol, wie in ACTORS.items():
        for permissie in sorted(PERMISSIES):
            if may(rol, permissie) is not kan(rol.value, permissie):
                yield _difference(f"{rol} {permissie}", kan(rol.value, permissie))
        for permissie, held in FIXED.items():
            if kan(rol.value, permissie) and scopes_for(wie, permissie) != held:
                yield f"{rol} {permissie}: holds {sorted(scopes_for(wie, permissie))}, the oracle says {sorted(held)}"
        for collectie in BY_COLLECTIE:
            yield from _among_situations(wie, Daad(f"{collectie}:zien", _seen, collectie), can=True)
        for daad in DADEN:
            yield from _among_situations(wie, daad, can=kan(rol.value, daad.permissie))


def _among_situations(wie: Actor, daad: Daad, *, can: bool) -> Iterator[str]:
    held = frozenset(scopes_for(wie, daad.permissie))
    for g, scopes, allowed in weighed(wie.rol, daad.toegestaan, daad.collectie):
        if scopes.isdisjoint(held) is (can and allowed):
            yield _difference(f"{wie.rol} {daad.permissie}", can and allowed, g)


def _difference(what: str, oracle: bool, geval: Geval | None = None) -> str:  # noqa: FBT001
    """A cell about which the two do not agree."""
    when = "" if geval is None else ", when " + ", ".join(k for k, v in asdict(geval).items() if v is True)
    return f"{what}: policy {'no' if oracle else 'yes'}, oracle {'yes' if oracle else 'no'}{when}"


def install(monkeypatch: pytest.MonkeyPatch, rows: tuple[Recht, ...]) -> None:
    table: dict[tuple[Rol, str], frozenset[Bereik]] = {}
    for row in rows:
        for rol in row.rollen:
            table[rol, row.permissie] = table.get((rol, row.permissie), frozenset()) | row.bereik
    monkeypatch.setattr(beleid, "_BEREIK", table)
    for wie in ACTORS.values():
        wie.gehouden.clear()


def without(n: int) -> Iterator[tuple[str, Recht | None]]:
    """Row `n` gone, or poorer by one role or one kind of scope."""
    row = BELEID[n]
    yield "the row", None
    for rol in sorted(row.rollen):
        yield f"role {rol}", row._replace(rollen=row.rollen - {rol})
    for bereik in sorted(row.bereik):
        yield f"scope {bereik}", row._replace(bereik=row.bereik - {bereik})


def widened(n: int) -> Iterator[tuple[str, Recht]]:
    """Row `n` richer by one role; the kinds of scope that open a municipality or everything, to all who see."""
    row = BELEID[n]
    for rol in sorted(set(Rol) - row.rollen):
        if not any(rol in other.rollen and other.permissie == row.permissie for other in BELEID):
            yield f"role {rol}", row._replace(rollen=row.rollen | {rol})
    if row.permissie in NARROW and not row.bereik & {Bereik.GEBIED, Bereik.POLITIE}:
        yield "scope gebied", row._replace(bereik=row.bereik | {Bereik.GEBIED})
