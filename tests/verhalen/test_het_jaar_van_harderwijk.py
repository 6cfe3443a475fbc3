"""The article of the municipality of Harderwijk about 2023, sentence by sentence, beside what Veldboek shows of it.

Each comment is a sentence of the article, in its order; under it what holds then. What the article says and Veldboek
does not keep: the networks behind it, what became of criminal proceedings, and that the neighbours are glad.
"""

from tests.hulp.gespeeld_jaar import Demo
from tests.hulp.jaar_harderwijk import read_jaar


async def test_het_jaar_van_harderwijk(demo: Demo) -> None:
    """Broken: text of an anonymous tip let through (`fields_fit_source`); no help in the facts of a controle."""
    jaar = await read_jaar(demo)

    # Bij controles op mensenhandel en illegale prostitutie in Harderwijk zijn in het jaar 2023 op vier adressen
    # verschillende adressen in totaal zeven controles uitgevoerd.
    jaar.counts_controles(7, adressen=4)
    # Daarbij werden 15 sekswerkers aangetroffen die illegaal hun diensten aanboden.
    jaar.counts_personen(15, illegaal=15)
    # Er werden diverse bestuurlijke maatregelen opgelegd en één woning werd tijdelijk gesloten.
    jaar.imposed_maatregelen_of_several_kinds()
    jaar.closed_one_woning_for_a_while()
    # De sekswerkers kwamen allemaal uit Latijns-Amerika.
    await jaar.found_everybody_to_come_from("latijns_amerika")
    # Zij komen naar Nederland om in het illegale circuit geld te verdienen en verblijven vaak slechts enkele dagen op
    # een locatie om hun werkzaamheden aan te bieden.
    jaar.found_stays_of_a_few_days()

    # De gemeenten Harderwijk, Ermelo en Putten zijn als gemeenten actief in de aanpak van mensenhandel en dus ook
    # mogelijke seksuele uitbuiting van prostitués.
    jaar.regisseur_works_for("Harderwijk", "Ermelo", "Putten")
    # Er is een gemeentelijke regisseur ondermijning voor Veluwe-West die over alle controles wordt geïnformeerd.
    jaar.regisseur_was_told_of_every_controle()
    # Hij is tevens aandachtsfunctionaris mensenhandel voor specifiek Harderwijk en licht de aanpak toe:
    jaar.regisseur_is_also_aandachtsfunctionaris_of("Harderwijk")
    # "De controles vonden plaats naar aanleiding van (overlast)meldingen uit de buurt.
    jaar.controle_followed_on("overlastmelding")
    # Ook seksadvertenties die online vindbaar zijn vormden soms een aanleiding voor een check.
    jaar.controle_followed_on("advertentie")
    # En gelukkig maken mensen ook melding via Meld Misdaad Anoniem. Die meldingen leiden ook tot controles.
    jaar.controle_followed_on("meld_misdaad_anoniem")
    # Zie je signalen van mensenhandel of mogelijke seksuele uitbuiting, aarzel niet en bel 0800-7000. Dat is volstrekt
    # anoniem en je kan voor een ander echt het verschil maken."
    await jaar.has_no_place_for_who_reported_anonymously()
    # "Ook het tegengaan van seksuele uitbuiting en misstanden binnen deze branche vormen een belangrijk doel."
    jaar.found_signals_of_mensenhandel(2)

    # Het PCT voert in heel Oost-Nederland controles uit. Zij nemen hiertoe ook het initiatief en coördineren de
    # controles.
    jaar.pct_took_the_initiative_and_coordinated()
    # De gemeente wordt via hen geïnformeerd en ondersteunt bij de acties.
    jaar.pct_told_the_gemeente_before_each_controle()
    jaar.gemeente_supported_each_controle()
    # Nadat illegale prostitutie is geconstateerd, wordt er een bestuurlijke rapportage van opgemaakt die we
    # verstrekken aan de burgemeester.
    await jaar.burgemeester_received_a_rapportage_on_every_illegal_one()
    # Wanneer er signalen zijn van mensenhandel of mensensmokkel, bestaat de mogelijkheid dat er ook strafrechtelijk
    # stappen worden ondernomen.
    await jaar.signals_are_read_only_by_who_follows_them_up()
    # En uiteraard zorgen we ervoor dat slachtoffers de juiste hulp krijgen aangeboden.
    jaar.offered_help_to_everybody()

    # "Tijdens deze controles werkten boa's, wijkagenten, de regisseur ondermijning Veluwe-West en het PCT nauw samen.
    jaar.worked_together("boa", "wijkagent", "regisseur", "pct")
    # Deze integrale aanpak heeft geleid tot meerdere succesvolle controles, waarna de gemeente bestuursrechtelijk
    # maatregelen heeft genomen.
    jaar.each_maatregel_rests_on_a_rapportage()
    # Naast dat we illegale prostitutie een halt toeroepen, zijn buurtbewoners blij dat de overlast voorbij is."
    jaar.nobody_reported_overlast_after_the_last_controle()

    # De cijfers op een rij
    # 7 controles uitgevoerd;
    jaar.counts_controles(7, adressen=4)
    # 15 personen gecontroleerd, waarbij 15x sprake was van illegale prostitutie;
    jaar.counts_personen(15, illegaal=15)
    # 4 locaties, betrof 4x een woning;
    jaar.counts_woningen(4)
    # Last onder dwangsom 2x (dwangsom van 5000 euro);
    jaar.counts_lasten_onder_dwangsom(2, euro=5000)
    # Last onder bestuursdwang 3x (bij een volgende overtreding wordt de woning gesloten);
    jaar.counts_lasten_onder_bestuursdwang(3, volgende_keer="sluiting")
    # Last onder dwangsom verbeurd 1x (dwangsom van 5000 euro wordt/is geïnd);
    jaar.counts_dwangsommen_verbeurd(1, euro=5000)
    # Last onder bestuursdwang toegepast 1x (woning gesloten voor 3 maanden).
    jaar.counts_sluitingen(1, maanden=3)
