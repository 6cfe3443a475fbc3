"""A small chain for tests, recorded through push and POST by the personas: from signaal to maatregel.

Every free text starts with `merk`, so that a test can look for it where it must not be.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from tests.hulp.wereld import Wereld

HARDERWIJK, ERMELO = "GM0243", "GM0233"
ORGAAN = {"bevoegdOrgaan": "burgemeester"}
"""Whose the measures are, unless a test says otherwise: every entry on one says it."""
START = {"benadering": "aangebeld", "situatie": "toegang_verleend"}


@dataclass
class Keten:
    """The ids of what was recorded: `ids[name]`, and per name the collection it is in."""

    merk: str = "verzonnen"
    ids: dict[str, UUID] = field(default_factory=dict)
    collecties: dict[str, str] = field(default_factory=dict)

    def new(self, naam: str, collectie: str) -> UUID:
        self.ids[naam], self.collecties[naam] = uuid7(), collectie
        return self.ids[naam]

    def __getitem__(self, naam: str) -> UUID:
        return self.ids[naam]


def adres(huisnummer: str, postcode: str = "3841AA", merk: str = "Voorbeeld") -> dict[str, Any]:
    return {"straat": f"{merk}straat", "huisnummer": huisnummer, "postcode": postcode, "plaats": f"{merk}dorp"}


async def book(
    wereld: Wereld, wie: str, *ops: tuple[str, dict[str, UUID], dict[str, Any]], status: str = "accepted"
) -> list[dict[str, Any]]:
    """Push operations in one batch; all must get `status`. Returns what was pushed."""
    pushed = [wereld.op(wie, soort, onderwerp, inhoud) for soort, onderwerp, inhoud in ops]
    results = await wereld.push(wie, *pushed)
    assert [r["status"] for r in results] == [status] * len(ops), list(zip(ops, results, strict=True))
    return pushed


async def build_keten(wereld: Wereld, merk: str = "verzonnen") -> Keten:
    keten = Keten(merk)
    await add_signalen(wereld, keten)
    await add_controles(wereld, keten)
    await add_bestuur(wereld, keten)
    await add_ermelo(wereld, keten)
    return keten


async def add_locatie(wereld: Wereld, keten: Keten, wie: str, naam: str, gemeente: str, huisnummer: str) -> UUID:
    locatie = keten.new(naam, "locaties")
    inhoud = {
        "soort": "woning",
        "feitelijkBewoond": "nee",
        "gemeente": gemeente,
        "adres": adres(huisnummer, merk=keten.merk),
        "plaatsaanduiding": f"{keten.merk} achterom",
        "hoedanigheid": "toezicht",
    }
    await wereld.make(wie, "/locaties", {"onderwerp": {"locatie": str(locatie)}, "inhoud": inhoud})
    return locatie


async def add_signaal(wereld: Wereld, keten: Keten, wie: str, naam: str, **inhoud: Any) -> UUID:
    signaal = keten.new(naam, "signalen")
    given = {"gemeente": HARDERWIJK, **inhoud}
    await book(wereld, wie, ("signaal.gemeld", {"signaal": signaal}, given))
    return signaal


async def add_signalen(wereld: Wereld, keten: Keten) -> None:
    """By an officer, by the police, anonymous, an advertisement."""
    m = keten.merk
    await add_signaal(wereld, keten, "boa-1", "overlast", bron="overlastmelding", tekst=f"{m} overlast")
    await add_signaal(wereld, keten, "pct-1", "politiesignaal", bron="politie", tekst=f"{m} politie")
    await add_signaal(wereld, keten, "boa-1", "anoniem", bron="meld_misdaad_anoniem", triagetekst=f"{m} tip")
    advertentie = {"site": f"{m} site", "kenmerk": f"{m} kenmerk", "zoekdoel": f"{m} doel"}
    await add_signaal(wereld, keten, "boa-1", "advertentie", bron="advertentie", advertentie=advertentie)
    oordeel = {"uitkomst": "controle_nodig", "tekst": f"{m} oordeel"}
    await book(wereld, "regisseur-1", ("signaal.beoordeeld", {"signaal": keten["overlast"]}, oordeel))


def team(wereld: Wereld, **taken: str) -> list[dict[str, str]]:
    """Participants by persona (`_` for `-`), each with a task."""
    names = {wie.replace("_", "-"): taak for wie, taak in taken.items()}
    orgs = {"boa": "harderwijk", "pct": "pct-oost", "wijkagent": "basisteam", "avim": "pct-oost"}
    return [
        {
            "functionaris": str(wereld.mensen[wie].functionaris),
            "organisatie": str(wereld.organisaties[orgs[wie.split("-")[0]]]),
            "taak": taak,
        }
        for wie, taak in names.items()
    ]


async def add_controles(wereld: Wereld, keten: Keten) -> None:
    """One planned by the police with a boa, one started and closed with all that was found."""
    m = keten.merk
    gepland_op = await add_locatie(wereld, keten, "pct-1", "planlocatie", HARDERWIJK, "7")
    deelnemers = team(wereld, pct_1="coordineert", boa_1="voert_uit")
    plan = {
        "venster": {"van": "2026-08-20T18:00:00Z", "tot": "2026-08-20T22:00:00Z"},
        "aanleidingen": [{"soort": "signaal", "signaal": str(keten["overlast"])}],
        "initiatief": str(wereld.organisaties["pct-oost"]),
        "coordinator": str(wereld.mensen["pct-1"].functionaris),
        "deelnemers": deelnemers,
        "hoedanigheid": "toezicht",
    }
    gepland = keten.new("gepland", "controles")
    onderwerp = {"controle": str(gepland), "locatie": str(gepland_op)}
    await wereld.make("pct-1", "/controles", {"onderwerp": onderwerp, "inhoud": plan})
    locatie = await add_locatie(wereld, keten, "boa-1", "pand", HARDERWIJK, "9")
    controle, persoon, bewijs = keten.new("afgerond", "controles"), uuid7(), uuid7()
    concluded = {"soort": "illegale_prostitutie", "bevindingen": [str(bewijs)]}
    here = {"controle": controle}
    start = {**START, "deelnemers": team(wereld, boa_1="coordineert", pct_1="voert_uit")}
    bevinding = {"code": "hennep", "aard": "feit", "wijze": "waargenomen", "tekst": f"{m} bevinding"}
    bijlage = {"sha256": "ab" * 32, "grootte": 9, "mediatype": "image/png", "onderschrift": f"{m} foto"}
    signaal = keten.new("mensenhandel", "mensenhandelsignalen")
    inhoud = {
        "gemeente": HARDERWIJK,
        "soort": "uitbuiting",
        "indicatoren": [{"code": "angst", "bron": "waargenomen"}],
        "tekst": f"{m} indicatie",
    }
    await book(
        wereld,
        "boa-1",
        ("controle.gestart", {**here, "locatie": locatie}, start),
        ("persoon.aangetroffen", {**here, "persoon": persoon}, {"rol": "sekswerker"}),
        ("persoon.aangetroffen", {**here, "persoon": uuid7()}, {"rol": "klant"}),
        ("bevinding.vastgelegd", {**here, "bevinding": bewijs}, bevinding | {"code": "aanbod_tegen_betaling"}),
        ("telling.vastgelegd", here, {"leeftijdsband": {"21+": 2}}),
        ("hulp.aangeboden", {**here, "persoon": persoon}, {"aangeboden": True, "aanvaard": "nee"}),
        ("bijlage.toegevoegd", {**here, "bijlage": uuid7()}, {**bijlage, "geenPersonenInBeeld": True}),
        ("mensenhandelsignaal.vastgelegd", {"mensenhandelsignaal": signaal, **here}, inhoud),
        (
            "controle.afgerond",
            here,
            {"overtredingen": [{"id": str(uuid7()), **concluded, "alleen": [str(persoon)]}]},
        ),
    )


async def add_rapportage(wereld: Wereld, keten: Keten, naam: str) -> UUID:
    rapportage = keten.new(naam, "rapportages")
    inhoud = {
        "soort": "bestuurlijke_rapportage",
        "controles": [str(keten["afgerond"])],
        "gemeente": HARDERWIJK,
        "tekst": f"{keten.merk} rapport",
    }
    await wereld.make("pct-1", "/rapportages", {"onderwerp": {"rapportage": str(rapportage)}, "inhoud": inhoud})
    return rapportage


async def add_bestuur(wereld: Wereld, keten: Keten) -> None:
    """A draft rapportage, one disclosed to the burgemeester, a maatregel in_werking and one only intended."""
    m = keten.merk
    await add_rapportage(wereld, keten, "concept")
    pad = f"/rapportages/{await add_rapportage(wereld, keten, 'verstrekt')}"
    await wereld.make("pct-1", f"{pad}/vaststelling", {"inhoud": {"vastgesteldOp": "2026-08-20"}})
    aan = {"orgaan": "burgemeester", "gemeente": HARDERWIJK}
    verstrekking = {"aan": aan, "weergave": "volledig", "verstrektOp": "2026-08-21"}
    await wereld.make("pct-1", f"{pad}/verstrekking", {"inhoud": verstrekking})
    await wereld.make("burgemeester-1", f"{pad}/ontvangst", {"inhoud": {"ontvangenOp": "2026-08-21"}})
    voornemen = {
        "soort": "last_onder_dwangsom",
        "rapportage": str(keten["verstrekt"]),
        **ORGAAN,
        "grondslag": {"regeling": f"{m} regeling", "artikel": f"{m} artikel", "versie": "2022-01-01"},
        "adressaten": [{"hoedanigheid": "verhuurder", "reden": f"{m} reden"}],
        "voorgenomenOp": "2026-08-22",
        "zienswijzeTotEnMet": "2026-08-29",
    }
    besluit = {
        "soort": "last_onder_dwangsom",
        "opgelegdOp": "2026-08-30",
        **ORGAAN,
        "beslotenDoor": {"door": "persoon_in_mandaat", "mandaatbesluit": f"{m} mandaat"},
        "begunstiging": "direct",
        "dwangsom": {"modaliteit": "ineens", "bedrag": 500_000, "maximum": 500_000},
    }
    for naam in ("opgelegd", "voorgenomen"):
        onderwerp = {"maatregel": str(keten.new(naam, "maatregelen")), "locatie": str(keten["pand"])}
        await wereld.make("jurist-1", "/maatregelen", {"onderwerp": onderwerp, "inhoud": voornemen})
    pad = f"/maatregelen/{keten['opgelegd']}"
    zienswijze = {"ontvangenOp": "2026-08-25", "wijze": "mondeling", "tekst": f"{m} zienswijze", **ORGAAN}
    await wereld.make("jurist-1", f"{pad}/zienswijzen", {"inhoud": zienswijze})
    await wereld.make("jurist-1", f"{pad}/besluit", {"inhoud": besluit})
    bekend = {"adressaat": "verhuurder", "datum": "2026-08-31", "wijze": "uitgereikt", **ORGAAN}
    await wereld.make("jurist-1", f"{pad}/bekendmakingen", {"inhoud": bekend})


async def add_ermelo(wereld: Wereld, keten: Keten) -> None:
    """What another municipality has of its own."""
    locatie = await add_locatie(wereld, keten, "boa-ermelo", "ermelopand", ERMELO, "11")
    await add_signaal(wereld, keten, "boa-ermelo", "ermelosignaal", bron="overlastmelding", gemeente=ERMELO)
    controle = keten.new("ermelocontrole", "controles")
    await book(
        wereld,
        "boa-ermelo",
        ("controle.gestart", {"controle": controle, "locatie": locatie}, START),
    )
