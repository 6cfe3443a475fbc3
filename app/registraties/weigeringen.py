"""What the law forbids, as one table: each refusal can be read out in court (ontwerp/domein.md).

A guard names a row with :func:`weiger`. Online that is a 409 with `artikel`, `reden` and `watNu`; what a device sent
is kept in quarantine with the same three in its receipt. A row that `wacht` says that something is not there *yet*:
what a device sent about it is asked for again (ontwerp/sync.md, "Order"), and ends in quarantine only when it
never comes.
`veldboek weigeringen` writes the table as docs/weigeringen.md.
"""

from typing import NamedTuple, NoReturn

from app.problems import RegelGeschonden


class Weigering(NamedTuple):
    """One row. `geweigerd` and `toegestaan` are the twins of tests/api/test_weigeringen.py, in a sentence."""

    rij: str
    artikel: str
    reden: str
    wat_nu: str
    geweigerd: str
    toegestaan: str
    wacht: bool = False


class NogNiet(RegelGeschonden):
    """What is needed is not there yet. Somebody online hears it as any broken rule; a device tries again."""


WEIGERINGEN: dict[str, Weigering] = {
    "tweede-herstelsanctie": Weigering(
        "1",
        "Awb 5:6",
        "Voor deze overtreding loopt al een herstelsanctie: hetzelfde voorschrift, dezelfde plek, dezelfde adressaat.",
        "Wacht tot de lopende maatregel is uitgewerkt of geëindigd, of richt het besluit op een ander voorschrift of "
        "een andere overtreder.",
        "een last onder dwangsom loopt; een last onder bestuursdwang na een andere controle, dezelfde verhuurder",
        "het maximum van de dwangsom is verbeurd; dan de last onder bestuursdwang",
    ),
    "verbeurte-last-niet-bekend": Weigering(
        "2",
        "Awb 5:33, 3:40",
        "De last onder dwangsom is nog niet opgelegd en bekendgemaakt.",
        "Leg eerst het besluit en de bekendmaking vast.",
        "een verbeurte op een last die alleen is opgelegd",
        "dezelfde verbeurte na de bekendmaking",
        wacht=True,
    ),
    "verbeurte-controle-niet-afgerond": Weigering(
        "2",
        "Awb 5:33; ABRvS 3 mei 2017, ECLI:NL:RVS:2017:1179",
        "De controle die de verbeurte moet bewijzen is nog niet afgerond.",
        "Rond de controle eerst af en noem daarbij de overtreding.",
        "een verbeurte op een controle die nog loopt",
        "dezelfde verbeurte na de afronding",
        wacht=True,
    ),
    "verbeurte-zonder-overtreding": Weigering(
        "2",
        "Awb 5:33; ABRvS 3 mei 2017, ECLI:NL:RVS:2017:1179",
        "In deze controle is geen overtreding vastgesteld.",
        "Zonder vastgestelde overtreding is niets verbeurd; noem een controle waarin zij wel is vastgesteld.",
        "een verbeurte op een controle met uitkomst niet vastgesteld",
        "een verbeurte op een controle met een overtreding",
    ),
    "verbeurte-betwiste-controle": Weigering(
        "2",
        "Awb 5:33; ABRvS 3 mei 2017, ECLI:NL:RVS:2017:1179",
        "Over wat in deze controle is vastgesteld verschillen de afrondingen, en niemand koos nog.",
        "Laat over het verschil beslissen, of laat de afronding corrigeren.",
        "een verbeurte op een controle die de een afrondde met een overtreding en de ander zonder",
        "dezelfde verbeurte op een controle met één afronding",
        wacht=True,
    ),
    "verbeurte-andere-dag": Weigering(
        "2",
        "Awb 5:33; ABRvS 3 mei 2017, ECLI:NL:RVS:2017:1179",
        "De dag van de verbeurte is niet de dag van de controle die haar bewijst.",
        "Neem de plaatselijke datum van de controle over.",
        "een verbeurte op de dag na de controle",
        "een verbeurte op de dag van de controle",
    ),
    "verbeurte-binnen-begunstiging": Weigering(
        "2",
        "Awb 5:32a, 5:33",
        "De begunstigingstermijn liep op die dag nog.",
        "Op of voor de laatste dag van de termijn wordt niets verbeurd; een controle daarna kan dat bewijzen.",
        "een verbeurte op de laatste dag van de begunstiging",
        "een verbeurte op de dag na de begunstiging",
    ),
    "verbeurte-voor-bekendmaking": Weigering(
        "2",
        "Awb 3:40, 5:33",
        "Een dwangsom wordt niet verbeurd voordat de last is bekendgemaakt.",
        "Controleer na de bekendmaking opnieuw.",
        "een verbeurte op een dag voor de eerste bekendmaking",
        "een verbeurte op de dag van de bekendmaking, zonder begunstiging",
    ),
    "verbeurte-adressaat-niet-bekend": Weigering(
        "2",
        "Awb 3:40, 3:41, 5:33",
        "De last is aan niemand bekendgemaakt tot wie zij is gericht.",
        "Maak het besluit bekend aan de adressaat, en controleer daarna opnieuw.",
        "een verbeurte op een last die alleen aan een vroegere adressaat bekend is gemaakt",
        "dezelfde verbeurte als een van de adressaten het besluit kent",
    ),
    "besluit-voor-voornemen": Weigering(
        "2",
        "Awb 4:8",
        "Het besluit zou voor het voornemen liggen.",
        "Neem de dagen over zoals zij waren.",
        "een correctie van het besluit tot een dag voor het voornemen",
        "een correctie van het besluit tot de dag van het voornemen",
    ),
    "bekendmaking-voor-besluit": Weigering(
        "2",
        "Awb 3:40",
        "De bekendmaking zou voor het besluit liggen.",
        "Neem de dagen over zoals zij waren.",
        "een correctie van het besluit tot een dag na de bekendmaking",
        "een correctie van het besluit tot de dag van de bekendmaking",
    ),
    "maximum-onder-verbeurd": Weigering(
        "2",
        "Awb 5:32b, 5:33",
        "Het maximum wordt lager dan wat van rechtswege al is verbeurd.",
        "Laat het maximum staan, of haal eerst de verbeurte door die niet juist is.",
        "een correctie van het maximum tot onder het verbeurde bedrag",
        "een correctie van het maximum tot het verbeurde bedrag",
    ),
    "toepassing-zonder-controle": Weigering(
        "3",
        "Awb 5:21, 5:24",
        "Noem de controle waaruit blijkt dat de last niet is nageleefd.",
        "Leg de toepassing vast met de controle en de rapportage daarover.",
        "een toepassing zonder controle",
        "dezelfde toepassing met controle",
    ),
    "toepassing-controle-niet-afgerond": Weigering(
        "3",
        "Awb 5:21, 5:24",
        "De controle waarop de toepassing rust is nog niet afgerond.",
        "Rond de controle eerst af en noem daarbij de overtreding.",
        "een toepassing op een controle die nog loopt",
        "dezelfde toepassing na de afronding",
        wacht=True,
    ),
    "toepassing-zonder-overtreding": Weigering(
        "3",
        "Awb 5:21, 5:24",
        "In de controle waarop de toepassing rust is geen overtreding vastgesteld.",
        "Bestuursdwang volgt op een overtreding: noem een controle waarin zij is vastgesteld.",
        "een toepassing op een controle met uitkomst niet vastgesteld",
        "een toepassing op een controle met een overtreding",
    ),
    "toepassing-betwiste-controle": Weigering(
        "3",
        "Awb 5:21, 5:24; 3:2",
        "Over wat in deze controle is vastgesteld verschillen de afrondingen, en niemand koos nog.",
        "Laat over het verschil beslissen, of laat de afronding corrigeren.",
        "een toepassing op een controle die de een afrondde met een overtreding en de ander zonder",
        "dezelfde toepassing op een controle met één afronding",
        wacht=True,
    ),
    "toepassing-controle-te-vroeg": Weigering(
        "3",
        "Awb 5:21, 5:24",
        "De controle is van voor de bekendmaking van de last of van in de termijn: zij zegt niets over de naleving.",
        "Controleer na de bekendmaking en na de termijn opnieuw, en noem die controle.",
        "een toepassing op de controle die tot de last leidde",
        "dezelfde toepassing op een controle van daarna",
    ),
    "toepassing-controle-te-laat": Weigering(
        "3",
        "Awb 5:21, 5:24",
        "De controle is van na de toepassing.",
        "Noem de controle waaruit bleek dat de last niet was nageleefd.",
        "een toepassing op een controle van een dag later",
        "dezelfde toepassing op een controle van die dag",
    ),
    "toepassing-rapportage-andere-controle": Weigering(
        "3",
        "Awb 5:21, 5:24; 3:2",
        "De rapportage gaat niet over de controle waarop de toepassing rust.",
        "Noem de rapportage over die controle.",
        "een toepassing met een rapportage over een andere controle op dezelfde plek",
        "dezelfde toepassing met de rapportage over die controle",
    ),
    "toepassing-zonder-rapportage": Weigering(
        "3",
        "Awb 5:21, 5:24; 3:2",
        "Noem de rapportage waarop de toepassing rust.",
        "Laat de rapportage over de controle opmaken en vaststellen, en noem haar.",
        "een toepassing zonder rapportage",
        "dezelfde toepassing met een vastgestelde rapportage",
    ),
    "toepassing-rapportage-niet-vastgesteld": Weigering(
        "3",
        "Awb 5:21, 5:24; 3:2",
        "De rapportage waarop de toepassing rust is nog niet vastgesteld.",
        "Laat de rapportage eerst vaststellen.",
        "een toepassing op een rapportage die alleen is opgemaakt",
        "dezelfde toepassing na de vaststelling",
        wacht=True,
    ),
    "toepassing-te-lang": Weigering(
        "3",
        "Awb 5:24",
        "De sluiting duurt langer dan in de last is aangezegd.",
        "Sluit niet langer dan aangezegd; is geen duur aangezegd, neem die dan eerst in de last op.",
        "een sluiting van vier maanden waar drie zijn aangezegd",
        "een sluiting van drie maanden waar drie zijn aangezegd",
    ),
    "toepassing-andere-wijze": Weigering(
        "3",
        "Awb 5:24",
        "De last zegt een andere wijze van toepassing aan.",
        "Pas toe wat is aangezegd, of neem een nieuw besluit.",
        "een ontruiming waar een sluiting is aangezegd",
        "een sluiting waar een sluiting is aangezegd",
    ),
    "toepassing-bewoonde-woning": Weigering(
        "3",
        "Awb 5:27, tweede lid; Awbi 2",
        "Dit is een bewoonde woning: er is toestemming van de bewoner nodig of een machtiging.",
        "Vermeld de machtiging tot binnentreden, of de toestemming van een bewoner.",
        "een sluiting van een bewoonde woning zonder machtiging of toestemming",
        "dezelfde sluiting met een machtiging, of met toestemming van de bewoner",
    ),
    "verlenging-na-einde": Weigering(
        "9",
        "Awb 3:40, 4:8",
        "De sluiting is voorbij: er valt niets te verlengen.",
        "Neem zo nodig een nieuw besluit tot sluiting, na horen en met bekendmaking.",
        "een verlenging op de dag na de laatste dag",
        "een verlenging op de laatste dag",
    ),
    "rapportage-andere-hoedanigheid": Weigering(
        "13",
        "Wpg 16–20",
        "In deze controle is iets in een andere hoedanigheid dan toezicht vastgelegd: dat staat in geen rapportage.",
        "Laat verstrekken wat de gemeente daarvan mag weten, of rapporteer over een controle die toezicht was.",
        "een rapportage over een controle in de hoedanigheid opsporing",
        "dezelfde rapportage over een controle in de hoedanigheid toezicht",
    ),
    "datum-in-de-toekomst": Weigering(
        "10",
        "Awb 3:40",
        "Deze dag ligt verder dan morgen, of na het moment waarop dit is gezien: zoiets is nog niet gebeurd.",
        "Leg het vast wanneer het is gebeurd.",
        "een besluit, bekendmaking, betaling, verbeurte of toepassing van overmorgen; een betaling van na de dag "
        "waarop zij is gezien",
        "hetzelfde van morgen; een betaling van de dag waarop zij is gezien",
    ),
    "klant-in-toezicht": Weigering(
        "–",
        "Awb 5:12, 5:13; Awbi 1",
        "Wie toezicht houdt doet zich niet voor als klant, en wie een klant binnenlaat stemt niet in met toezicht.",
        "Leg vast in welke hoedanigheid de politie als klant kwam; start voor het toezicht daarna een eigen controle.",
        "de politie start een controle als klant, in de hoedanigheid toezicht",
        "dezelfde start in de hoedanigheid opsporing",
    ),
    "persoon-zonder-grondslag": Weigering(
        "–",
        "AVG 9; Raad van State W16.23.00391/II",
        "Deze gemeente legt geen personen apart vast: een grondslag daarvoor is niet vastgelegd en bevestigd.",
        "Leg een telling vast, of hulp zonder persoon; noem bij een overtreding het aantal in plaats van wie.",
        "een boa legt een persoon vast, of noemt er een bij hulp of een overtreding, in een gemeente zonder grondslag",
        "dezelfde telling; dezelfde persoon nadat een grondslag is bevestigd, of vastgelegd door de politie",
    ),
}
"""By the name that guards use. Deleting or changing a row fails the tests that carry its name."""


def weiger(naam: str) -> NoReturn:
    """Stop an act in its guard. Raises RegelGeschonden, or NogNiet where it waits for something."""
    row = WEIGERINGEN[naam]
    kind = NogNiet if row.wacht else RegelGeschonden
    raise kind(row.reden, artikel=row.artikel, reden=row.reden, watNu=row.wat_nu)


def wait_for(reden: str) -> NoReturn:
    """Stop an act in its guard because of what is not there yet and may still come; else as `refuse`."""
    raise NogNiet(reden)


_INTRO = """# Refusals

Generated from `app/registraties/weigeringen.py` (`veldboek weigeringen`); `make check` holds the two equal.

What an officer saw or did is never refused; a decision that the law forbids is. Online it is a 409 `regel-geschonden`
with `artikel`, `reden` and `watNu`. What a device sent is kept (`quarantined`, `regel_geschonden`); its receipt carries
the same three under `weigering`. *Waits*: something is not there yet, so a device hears `deferred` and sends it again;
only when it never comes does it end in quarantine. A condition counts only where today's records have the field.
"Row" is the row of the list of guards that the project works by; the one without is about what may be kept of persons.

| row | article | what is refused, and what is said | what then | refused | allowed |
|---|---|---|---|---|---|
"""


_OUTRO = """
**Stands fast (row 12).** A start, persoon, bevinding or afronding with its overtredingen is corrected or struck by
two people once something rests on its controle: an adopted rapportage, a verbeurte, an application, or a besluit on a
rapportage; what was added to it later carries nothing. So is a rapportage on which a besluit rests; its adoption once
it was disclosed, and the disclosure; a voornemen once the besluit was taken; a besluit (to impose, to apply, to
collect) once it was made known; every bekendmaking; a verbeurte that is being collected or was paid on; the end of a
closure. What could not hold is refused at once; what could is booked beside what holds (`conflict`, `staat_vast`) and
stands in `verschillen`, until another person than its writer chooses (`POST /v1/verschilbeoordelingen`; of a rapportage
somebody else of the organisation that wrote it). Chosen, it holds; in the same transaction every rapportage and
maatregel that rests on it is marked (`bewijs`: `vervallen`, and in `bewijsGewijzigd` what changed), so whoever has it
hears so at the next pull (Awb 3:2; Wpg 4, fourth paragraph). The mark changes no status and no figure: that takes
somebody who decides. Whoever corrects his own finding hears from `staat_vast` that somebody relies on it, not who.

**An exercise** never meets what is real: a rapportage or maatregel is an exercise as a whole, rests on exercises only,
and stands in no real one's way; nothing real is corrected or struck by an exercise.

**What these records do not carry yet.** Which provision was broken, so a verbeurte or application is held against the
day and the place of its controle; to whom of several addressees a verbeurte falls; the end of a last by withdrawal, so
a last that nobody complied with and that never worked out keeps Awb 5:6 closed for its provision, place and addressee;
an extension has no besluit, hearing and bekendmaking of its own, and is held against the day on which the server heard
of it. The same address is the same place by postcode and number; a place recorded by BAG id alone is not compared.
"""


def render_page() -> str:
    """The whole page, Markdown."""
    rows = "".join(
        f"| {w.rij} | {w.artikel} | {w.reden} | {w.wat_nu}{' *Waits.*' if w.wacht else ''} | {w.geweigerd} "
        f"| {w.toegestaan} |\n"
        for w in WEIGERINGEN.values()
    )
    return f"{_INTRO}{rows}{_OUTRO}"
