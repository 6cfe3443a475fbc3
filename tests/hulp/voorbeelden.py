"""One whole story for each kind of document: every act at least once, with all that it can say. No I/O.

What holds for every field is shown by these: where it comes from (test_kopieen.py), without what it is absent
(test_optioneel.py).
"""

from dataclasses import replace

from app.access.actor import Actor
from app.registraties.act import Doc, Registratie
from app.registraties.register import ACTEN
from app.vocabulary import Rol, Vlag
from tests.hulp.bouw import (
    BEHEERDER,
    BOA,
    BURGEMEESTER,
    HARDERWIJK,
    JURIST,
    PCT,
    REGISSEUR,
    actor,
    ident,
    omgeving,
    registratie,
    vouw,
)
from tests.hulp.controles import MACHTIGING
from tests.hulp.maatregelen import GROND, ORGAAN, TOETS

ANDER = actor("beheerder-2", Rol.FUNCTIONEEL_BEHEERDER, "beheer", ())
AVIM = actor("avim-1", Rol.AVIM, "avim-oost")
ALLE_VLAGGEN = tuple(Vlag)
DOOR = {
    "organisatie": BEHEERDER,
    "functionaris": BEHEERDER,
    "roltoewijzing": BEHEERDER,
    "toestel": BEHEERDER,
    "account": BEHEERDER,
    "grondslagbijzonder": BEHEERDER,
    "maatregel": JURIST,
    "rapportage": PCT,
    "mensenhandelsignaal": PCT,
    "ontvangst": REGISSEUR,
}
BRON = {"systeem": "zaaksysteem", "kenmerk": "2023-0012"}
FOTO = {"sha256": "ab" * 32, "grootte": 4183321, "mediatype": "image/jpeg"}
GEWIJZIGD = {"registratie": str(ident("een")), "beoordeling": str(ident("twee"))}
OVERTREDING = {"soort": "illegale_prostitutie", "bevindingen": [str(ident("bevinding"))]}
MANDAAT = {"door": "persoon_in_mandaat", "mandaatbesluit": "MB 2022-01"}
WIE = {"functionaris": str(BOA.functionaris), "organisatie": str(BOA.organisatie), "taak": "coordineert"}
TOESTEMMING = {"door": "bewoner", "vorm": "mondeling", "taal": "es"}
ADRES = {
    "straat": "Voorbeeldstraat",
    "huisnummer": "1",
    "huisletter": "b",
    "toevoeging": "II",
    "postcode": "3841AA",
    "plaats": "Harderwijk",
}
PAND = {
    "soort": "woning",
    "feitelijkBewoond": "ja",
    "gemeente": HARDERWIJK,
    "bagId": "0243010000000001",
    "adres": ADRES,
    "plaatsaanduiding": "de achterdeur",
}
TEAM = {
    "hoedanigheid": "toezicht",
    "onderlingeRegeling": "AVG 26, 2023/1",
    "thema": "hennep",
    "deelnemers": [WIE],
    "initiatief": str(ident("harderwijk")),
    "coordinator": str(BOA.functionaris),
    "aanleidingen": [
        {"soort": "signaal", "signaal": str(ident("signaal"))},
        {"soort": "hercontrole", "controle": str(ident("eerder"))},
    ],
}
START = {
    **TEAM,
    "benadering": "aangebeld",
    "situatie": "toegang_verleend",
    "binnentreden": {
        "binnentreden": "met_toestemming",
        "legitimatieGetoond": True,
        "doelMedegedeeld": True,
        "toestemming": TOESTEMMING,
    },
}
ALS_KLANT = {
    "benadering": "afspraak_als_klant",
    "hoedanigheidBekendgemaakt": {"op": "2023-02-08T19:35:00+01:00", "waar": "in de hal"},
}
MET_MACHTIGING = {
    "binnentreden": {
        "binnentreden": "met_machtiging",
        "legitimatieGetoond": True,
        "doelMedegedeeld": True,
        "machtiging": MACHTIGING,
    },
}
NIET_BINNEN = {"situatie": "niemand_aanwezig", "binnentreden": {"binnentreden": "niet_binnengetreden"}}
ROL = {
    "functionaris": str(ident("functionaris")),
    "rol": "boa",
    "organisatie": str(ident("harderwijk")),
    "gemeenten": [HARDERWIJK],
    "van": "2023-03-01T00:00:00+01:00",
}
TOEGEPAST = {
    "op": "2023-06-05",
    "voorgenomenOp": "2023-05-23",
    "zienswijzeTotEnMet": "2023-05-30",
    "beslotenOp": "2023-06-01",
    "beslotenDoor": MANDAAT,
    "bekendgemaaktOp": "2023-06-02",
    "rapportage": str(ident("rapportage")),
    "evenredigheidstoets": TOETS,
}
OPGELEGD = {"opgelegdOp": "2023-03-02", "beslotenDoor": ORGAAN, "bronkenmerk": BRON}
DWANGSOM = {"modaliteit": "per_tijdseenheid", "bedrag": 100, "maximum": 500_000, "tijdseenheid": "week"}
VOORNEMEN = {
    "soort": "last_onder_bestuursdwang",
    "rapportage": str(ident("rapportage")),
    "bevoegdOrgaan": "burgemeester",
    "grondslag": GROND,
    "adressaten": [{"hoedanigheid": "exploitant", "reden": "exploiteert het pand"}],
    "voorgenomenOp": "2023-02-14",
    "bronkenmerk": BRON,
}


def stap(soort: str, inhoud: Doc | None = None, *, door: Actor | None = None, **onderwerp: str) -> Registratie:
    """One entry of a story, with all that can be odd about it; `onderwerp` beside the document of its kind."""
    kind = ACTEN[soort].aggregaat
    named = {kind: kind, **onderwerp}
    who = door or DOOR.get(kind, BOA)
    return registratie(soort, inhoud, door=who, vlaggen=ALLE_VLAGGEN, oefening=True, **named)


def _over(kind: str, soort: str, inhoud: Doc, **onderwerp: str) -> Registratie:
    """An entry of the server about a document of any kind."""
    return registratie(soort, inhoud, **{kind: kind, **onderwerp})


def _with_file(r: Registratie) -> Registratie:
    """The same, with a file in its manifest."""
    return replace(r, bijlagen=({"id": str(ident("foto")), **FOTO},))


def _received(kind: str, **inhoud: str) -> Registratie:
    return _over(kind, "bijlage.ontvangen", {**FOTO, "uitkomst": "afgekeurd", **inhoud}, bijlage="foto")


VERHALEN: dict[str, tuple[Registratie, ...]] = {
    "organisatie": (
        stap("organisatie.vastgelegd", {"soort": "gemeente", "naam": "Gemeente", "gemeentecode": HARDERWIJK}),
        stap("organisatie.vastgelegd", {"soort": "regio", "naam": "Regio", "gemeenten": [HARDERWIJK]}),
    ),
    "functionaris": (stap("functionaris.vastgelegd", {"aanduiding": "boa-1", "organisatie": str(ident("x"))}),),
    "roltoewijzing": (
        stap("roltoewijzing.verleend", ROL | {"grondslag": "aanstelling", "doorTwee": False}),
        stap(
            "roltoewijzing.verleend",
            ROL | {"tot": "2023-09-01T00:00:00+02:00", "grondslag": "inleen", "aanwijzingsbesluit": "besluit 2023-14"},
        ),
        stap("roltoewijzing.bevestigd", door=ANDER),
        stap("roltoewijzing.beeindigd", {"op": "2023-08-01T00:00:00+02:00"}),
    ),
    "account": (
        stap("account.aangevraagd", {"functionaris": str(ident("account"))}),
        stap("account.bevestigd", door=ANDER),
        stap("account.uitgezet"),
        stap("account.aangevraagd", {"functionaris": str(ident("account"))}),
    ),
    "grondslagbijzonder": (
        stap(
            "grondslagbijzonder.vastgelegd",
            {"gemeentecode": HARDERWIJK, "van": "2023-01-01", "totEnMet": "2023-12-31", "bepaling": "een wet"},
        ),
        stap("grondslagbijzonder.vastgelegd", {"gemeentecode": HARDERWIJK, "van": "2023-01-01", "bepaling": "een wet"}),
        stap("grondslagbijzonder.bevestigd", door=ANDER),
        stap("grondslagbijzonder.beeindigd", {"totEnMet": "2023-06-30"}),
    ),
    "toestel": (
        stap(
            "toestel.ingeschreven",
            {
                "functionaris": str(ident("functionaris")),
                "roltoewijzing": str(ident("roltoewijzing")),
                "omschrijving": "telefoon met een sticker",
                "platform": "android",
                "appVersie": "1.2.3",
                "opslagVersleuteld": True,
                "sleutelId": "a" * 43,
                "ondertekent": True,
            },
        ),
        stap("toestel.goedgekeurd", door=ANDER),
        stap("toestel.rol_goedgekeurd", {"roltoewijzing": str(ident("roltoewijzing"))}),
        stap("toestel.opgedragen", {"opdracht": "wissen"}),
        stap("toestel.ingetrokken", {"reden": "verloren"}),
        stap("toestel.berging_geopend", {"tot": "2023-03-01T00:00:00+01:00"}),
        stap("toestel.berging_gesloten"),
        stap("toestel.berging_geopend", {"tot": "2023-04-01T00:00:00+01:00"}),
    ),
    "locatie": (
        stap("locatie.vastgelegd", PAND | {"hoedanigheid": "toezicht"}),
        stap("locatie.vastgelegd", PAND | {"hoedanigheid": "opsporing"}, door=PCT),
    ),
    "signaal": (
        stap("signaal.gemeld", {"bron": "politie", "gemeente": HARDERWIJK}, door=PCT, locatie="locatie"),
        stap(
            "signaal.gemeld",
            {"bron": "meld_misdaad_anoniem", "gemeente": HARDERWIJK, "triagetekst": "iemand weet iets"},
        ),
        _with_file(
            stap(
                "signaal.gemeld",
                {
                    "bron": "advertentie",
                    "gemeente": HARDERWIJK,
                    "overlastsoort": "geluid",
                    "buurtcode": "BU02430000",
                    "tekst": "een melding",
                    "advertentie": {"site": "een site", "kenmerk": "12", "zoekdoel": "adres"},
                    "bronkenmerk": BRON,
                },
                locatie="locatie",
            )
        ),
        stap("signaal.beoordeeld", {"uitkomst": "controle_nodig", "tekst": "daarom"}, door=REGISSEUR),
        _received("signaal", afkeuring="andere_hash"),
    ),
    "controle": (
        stap(
            "controle.gepland",
            {**TEAM, "venster": {"van": "2023-02-08T18:00:00+01:00", "tot": "2023-02-08T23:00:00+01:00"}},
            locatie="locatie",
        ),
        stap("controle.afgelast", {"reden": "geen_capaciteit", "tekst": "te weinig mensen"}),
        stap("attendering.gezien", door=REGISSEUR),
        _with_file(stap("controle.gestart", START | ALS_KLANT, locatie="locatie")),
        *(
            stap("controle.gestart", START | of, locatie="locatie")
            for of in (ALS_KLANT, MET_MACHTIGING, NIET_BINNEN, {"hoedanigheid": "onbekend"})
        ),
        stap("persoon.aangetroffen", {"rol": "sekswerker"}, persoon="persoon"),
        stap("persoon.aangetroffen", {"rol": "klant", "hoedanigheid": "opsporing"}, door=PCT, persoon="ander"),
        stap(
            "bevinding.vastgelegd",
            {
                "code": "drugs",
                "aard": "feit",
                "wijze": "waargenomen",
                "uitkomst": "aangetroffen",
                "doorgegevenAan": ["politie"],
                "tekst": "in de keuken",
                "tolk": "geen",
            },
            bevinding="bevinding",
        ),
        stap(
            "telling.vastgelegd",
            {
                "perRol": {"klant": 1},
                "regioHerkomst": {"nederland": 1},
                "leeftijdsband": {"21+": 1},
                "hulpAangeboden": 1,
                "hulpPerSoort": {"comensha": 1},
                "toestemming": True,
            },
        ),
        stap("telling.vastgelegd", {"leeftijdsband": {"21+": 1}}, door=PCT),
        stap(
            "hulp.aangeboden",
            {"aangeboden": True, "aanvaard": "ja", "doorverwezenNaar": ["comensha"], "toestemming": True},
            persoon="persoon",
        ),
        *(stap("hulp.aangeboden", persoon=f"persoon-{n}") for n in range(2, 6)),
        (anoniem := registratie("hulp.aangeboden", {}, controle="controle")),
        registratie("hulp.aangeboden", {"vervolgt": str(anoniem.op)}, controle="controle"),
        stap(
            "bijlage.toegevoegd", {**FOTO, "onderschrift": "de keuken", "geenPersonenInBeeld": True}, bijlage="tweede"
        ),
        _received("controle", afkeuring="andere_hash"),
        stap("overtreding.vastgesteld", OVERTREDING | {"alleen": [str(ident("persoon"))]}, overtreding="eerste"),
        stap("overtreding.vastgesteld", OVERTREDING | {"aantal": 1}, overtreding="tweede"),
        stap("controle.afgerond", {"overtredingen": [{"id": str(ident("derde")), **OVERTREDING}]}),
        stap("controle.afgerond", {"uitkomst": "niet_vastgesteld"}),
        stap("inzage.verlopen", {"op": "2023-03-10", "hoedanigheid": "toezicht"}),
    ),
    "mensenhandelsignaal": (
        stap(
            "mensenhandelsignaal.vastgelegd",
            {
                "gemeente": HARDERWIJK,
                "soort": "mensenhandel",
                "indicatoren": [{"code": "angst", "bron": "waargenomen"}],
                "mogelijkMinderjarig": True,
                "tekst": "kijkt steeds naar de deur",
            },
            controle="controle",
        ),
        stap("mensenhandelsignaal.overgedragen", {"aan": str(ident("avim-oost"))}),
        stap("mensenhandelsignaal.opgevolgd", {"status": "in_onderzoek", "zaaknummer": "PL0600-2023"}, door=AVIM),
    ),
    "rapportage": (
        stap(
            "rapportage.opgemaakt",
            {
                "soort": "bestuurlijke_rapportage",
                "controles": [str(ident("controle"))],
                "gemeente": HARDERWIJK,
                "tekst": "Wat wij zagen.",
                "bronkenmerk": BRON,
            },
        ),
        stap("rapportage.vastgesteld", {"vastgesteldOp": "2023-02-13"}),
        stap(
            "rapportage.verstrekt",
            {
                "aan": {"orgaan": "burgemeester", "gemeente": HARDERWIJK},
                "weergave": "gelakt",
                "verstrektOp": "2023-02-14",
                "gelakteTekst": "Wat wij ___.",
            },
        ),
        stap("rapportage.ontvangen", {"ontvangenOp": "2023-02-15", "orgaan": "burgemeester"}, door=BURGEMEESTER),
        _over("rapportage", "bewijs.gewijzigd", GEWIJZIGD),
    ),
    "maatregel": (
        stap("maatregel.voorgenomen", VOORNEMEN | {"zienswijzeTotEnMet": "2023-02-28"}, locatie="locatie"),
        stap("maatregel.voorgenomen", VOORNEMEN | {"nietGehoordReden": "spoed"}, locatie="locatie"),
        *(
            stap("zienswijze.ontvangen", {"ontvangenOp": "2023-02-20", "wijze": "schriftelijk", **of})
            for of in ({"tekst": "Wij wisten niets."}, {"tekst": "Een app van eerder.", "bevoegdOrgaan": None})
        ),
        stap(
            "maatregel.opgelegd",
            OPGELEGD
            | {"soort": "last_onder_dwangsom", "begunstigingTotEnMet": "2023-03-10"}
            | {"dwangsom": {"modaliteit": "per_overtreding", "bedrag": 100, "maximum": 500_000}},
        ),
        stap(
            "maatregel.opgelegd",
            OPGELEGD
            | {name: VOORNEMEN[name] for name in ("rapportage", "bevoegdOrgaan", "grondslag", "adressaten")}
            | {
                "soort": "last_onder_dwangsom",
                "beslotenDoor": MANDAAT,
                "begunstigingTotEnMet": "2023-03-10",
                "dwangsom": DWANGSOM,
                "herstelmaatregelen": ["exploitatie_staken"],
                "evenredigheidstoets": TOETS,
                "nietGehoordReden": "spoed",
                "eerdereMaatregelen": [str(ident("eerder"))],
            },
            locatie="locatie",
        ),
        stap(
            "maatregel.opgelegd",
            OPGELEGD
            | {"soort": "last_onder_bestuursdwang", "begunstiging": "direct", "bijVolgendeOvertreding": "sluiting"}
            | {"aangezegdeDuurMaanden": 3},
        ),
        stap("maatregel.bekendgemaakt", {"adressaat": "exploitant", "datum": "2023-03-03", "wijze": "uitgereikt"}),
        stap("dwangsom.verbeurd", {"op": "2023-03-22", "bedrag": 100}, verbeurte="verbeurte", controle="controle"),
        stap(
            "invordering.voorgenomen",
            {"voorgenomenOp": "2023-04-01", "zienswijzeTotEnMet": "2023-04-15"},
            verbeurte="verbeurte",
        ),
        stap(
            "zienswijze.ontvangen",
            {
                "betreft": "invordering",
                "verbeurte": str(ident("verbeurte")),
                "ontvangenOp": "2023-04-10",
                "wijze": "mondeling",
                "tekst": "Te veel.",
            },
        ),
        stap(
            "invordering.beschikt",
            {"beschiktOp": "2023-05-01", "beslotenDoor": MANDAAT, "nietGehoordReden": "spoed"},
            verbeurte="verbeurte",
        ),
        stap(
            "maatregel.bekendgemaakt",
            {
                "betreft": "invordering",
                "verbeurte": str(ident("verbeurte")),
                "adressaat": "exploitant",
                "datum": "2023-05-02",
                "wijze": "uitgereikt",
            },
        ),
        stap("dwangsom.betaald", {"betaaldOp": "2023-05-20", "bedrag": 40}, verbeurte="verbeurte"),
        stap(
            "invordering.afgezien",
            {"afgezienOp": "2023-05-21", "reden": "anders", "toelichting": "oninbaar"},
            verbeurte="verbeurte",
        ),
        stap("bestuursdwang.toegepast", TOEGEPAST | {"wijze": "ontruiming", "toestemming": TOESTEMMING}),
        stap(
            "bestuursdwang.toegepast",
            TOEGEPAST
            | {"wijze": "sluiting", "duurMaanden": 3, "tot": "2023-09-05"}
            | {"machtigingTotBinnentredenOp": "2023-06-02"},
            controle="controle",
        ),
        stap("sluiting.verlengd", {"tot": "2023-12-05", "evenredigheidstoets": TOETS}),
        stap("sluiting.beeindigd", {"op": "2023-12-05", "reden": "opgeheven"}),
        stap("sluiting.verlopen", {"op": "2023-12-05"}),
        _over("maatregel", "bewijs.gewijzigd", GEWIJZIGD),
    ),
}
"""Kind of document → all its acts, in an order in which they can be folded."""


def _whole() -> dict[str, Doc]:
    found: dict[str, Doc] = {}
    for kind, reeks in VERHALEN.items():
        found[kind] = vouw(reeks, omgeving(*found.items()))
        for r in reeks:
            found |= {other: change(found[other], r) for other, change in ACTEN[r.soort].raakt.items()}
    return found


HEEL = _whole()
"""Kind of document → what its whole story folds to."""
OM = omgeving(*HEEL.items())
