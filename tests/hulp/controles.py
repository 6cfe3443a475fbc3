"""A controle in tests: its place, its entries one by one, and the whole story of one."""

from app.registraties.register import AGGREGATEN
from app.vocabulary import Rol
from tests.hulp.bouw import BOA, PCT, REGISSEUR, actor, ident, omgeving, registratie

KIND = AGGREGATEN["controle"]
HELPER = actor("boa-3", Rol.BOA)
BEWOONBAAR = ("ja", "nee", "onbekend")


def bij(bewoond="ja", soort="woning"):
    locatie = {
        "id": str(ident("L1")),
        "canoniek": str(ident("L0")),
        "soort": soort,
        "feitelijkBewoond": bewoond,
        "gemeente": "GM0243",
        "adres": {"straat": "Voorbeeldstraat", "huisnummer": "1"},
    }
    return omgeving(("locatie", locatie))


WONING = bij()


def grond(**velden):
    known = {"gemeentecode": "GM0243", "van": "2023-02-01", "bepaling": "x", "status": "bevestigd"}
    known |= {"bevestigdOp": "2023-02-02T23:30:00Z"}  # in the Netherlands the third
    return omgeving(("grondslagbijzonder", {"id": str(ident("G")), **known, **velden}))


GROND = grond()
TOESTEMMING = {
    "binnentreden": "met_toestemming",
    "legitimatieGetoond": True,
    "doelMedegedeeld": True,
    "toestemming": {"door": "bewoner", "vorm": "mondeling", "taal": "es"},
}
MACHTIGING = {
    "gever": "burgemeester",
    "datum": "2023-02-08",
    "grondslag": "APV (voorbeeld) 3:3",
    "doel": "toezicht",
    "evenredigheid": "lichter middel hielp niet",
}
START = {"benadering": "aangebeld", "situatie": "toegang_verleend", "binnentreden": TOESTEMMING}
KLANT = {
    "benadering": "afspraak_als_klant",
    "hoedanigheidBekendgemaakt": {"op": "2023-02-08T19:35:00+01:00", "waar": "in de hal"},
}
FEIT = {"code": "aanbod_tegen_betaling", "aard": "feit", "wijze": "waargenomen"}
BIJLAGE = {"sha256": "ab" * 32, "grootte": 4183321, "mediatype": "image/jpeg", "geenPersonenInBeeld": True}
BEWEZEN = {"soort": "illegale_prostitutie", "bevindingen": [str(ident("B1"))]}
ALLE = {"overtredingen": [{"id": str(ident("O1")), **BEWEZEN}]}
NIETS = {"uitkomst": "niet_vastgesteld"}


def taak_van(who, taak):
    return {"functionaris": str(who.functionaris), "organisatie": str(who.organisatie), "taak": taak}


PLAN = {
    "venster": {"van": "2023-02-08T18:00:00+01:00", "tot": "2023-02-08T23:00:00+01:00"},
    "aanleidingen": [{"soort": "signaal", "signaal": str(ident("S1"))}],
    "initiatief": str(ident("pct-oost")),
    "coordinator": str(PCT.functionaris),
    "deelnemers": [taak_van(PCT, "coordineert"), taak_van(BOA, "voert_uit"), taak_van(HELPER, "ondersteunt")],
    "hoedanigheid": "toezicht",
}


def plan(**kwargs):
    inhoud = PLAN | kwargs.pop("inhoud", {})
    return registratie("controle.gepland", inhoud, **{"door": PCT, "controle": "C", "locatie": "L1"} | kwargs)


def start(**kwargs):
    inhoud = {key: value for key, value in (START | kwargs.pop("inhoud", {})).items() if value is not None}
    return registratie("controle.gestart", inhoud, **{"controle": "C", "locatie": "L1"} | kwargs)


def bij_controle(soort, inhoud=None, **kwargs):
    return registratie(soort, inhoud, **{"controle": "C"} | kwargs)


def proof():
    return bij_controle("bevinding.vastgelegd", FEIT, bevinding="B1")


def persoon(naam, rol="sekswerker", **kwargs):
    return bij_controle("persoon.aangetroffen", {"rol": rol}, persoon=naam, **kwargs)


def hulp(naam, inhoud=None, **kwargs):
    return bij_controle("hulp.aangeboden", inhoud, persoon=naam, **kwargs)


def einde(inhoud=ALLE, **kwargs):
    return bij_controle("controle.afgerond", inhoud, **{"op": "2023-02-08T20:40:00+01:00"} | kwargs)


def verhaal():
    return [
        plan(),
        start(),
        bij_controle("bevinding.vastgelegd", FEIT | {"tekst": "aan de deur"}, bevinding="B1"),
        *(persoon(naam) for naam in ("P1", "P2", "P3")),
        bij_controle("telling.vastgelegd", {"regioHerkomst": {"latijns_amerika": 3}}),
        *(hulp(naam, {"aanvaard": "nee"}) for naam in ("P1", "P2", "P3")),
        bij_controle("bijlage.toegevoegd", BIJLAGE, bijlage="F1"),
        bij_controle("attendering.gezien", door=REGISSEUR),
        einde(),
    ]


def concludes(bevinding="B1", **named):
    given = {**BEWEZEN, "id": str(ident("O1")), "bevindingen": [str(ident(bevinding))], **named}
    return einde({"overtredingen": [given]})


def overtreding(naam="O2", **velden):
    return bij_controle("overtreding.vastgesteld", BEWEZEN, overtreding=naam, **velden)


def telt(perRol, door=BOA, **velden):  # noqa: N803  # as on the wire
    return bij_controle("telling.vastgelegd", {"perRol": perRol}, door=door, **velden)


def figures(doc):
    return {feit.maatstaf: feit.aantal for feit in KIND.facts(doc)}
