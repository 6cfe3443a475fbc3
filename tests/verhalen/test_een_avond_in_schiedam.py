"""The article about Schiedam's approach (December 2017), played in one evening and looked at from all sides.

Each comment is a sentence of the article, in the order in which an evening goes; under it what is done, and what holds
then. The officials and the police hold a controle each, side by side: supervision, and an investigation. At the door
the AVIM works in the role pct, for the role avim starts no controle. What the article says and Veldboek does not keep:
what was asked and answered (that stays with the police), and the tables at which a region talks.
"""

from contextlib import AsyncExitStack

from tests.hulp.avond_schiedam import begin_avond
from tests.hulp.wereld import Wereld


async def test_een_avond_in_schiedam(wereld: Wereld) -> None:
    """Broken: `not actor.politie` in the guard of a start; no circle that shuts (`shut`); the check on INLEEN."""
    async with AsyncExitStack() as stack:
        avond = await begin_avond(wereld, stack)

        # De overlast voor buren is groot. Het komt voor dat klanten bij het verkeerde huis aanbellen en de onwetende
        # buurvrouw vragen 'hoe duur' zij is.
        await avond.neighbours_report("verkeerd_aangebeld")
        await avond.neighbours_report("aangesproken")
        # De gemeente heeft de beschikking over een speciaal interventieteam. Een team van zeven ambtenaren,
        await avond.team_has_ambtenaren(7)
        # dat zich ook met bijvoorbeeld illegale hennepteelt bezighoudt,
        await avond.team_controls_a_pand_for("hennep")
        # struint advertentiesites als kinky.nl en seksjobs.nl af, op zoek naar illegale prostitutie.
        await avond.team_finds_advertentie(op="kinky.nl")
        await avond.team_finds_advertentie(op="seksjobs.nl")
        await avond.regisseur_has_signalen(overlastmelding=2, advertentie=2)

        # De Schiedammers werken samen met de afdeling vreemdelingenpolitie, identificatie en mensenhandel (AVIM). De
        # politiemedewerkers doen zich voor als klant en maken een afspraak.
        await avond.ambtenaren_may_not_pose_as_klant()
        await avond.avim_makes_an_appointment_as_klant()
        # Dán slaat het team toe. Meestal gaat het om huizen midden in woonwijken.
        avond.team_enters_the_woning_without_network()
        # Het gaat om panden waarin prostituees zonder vergunning hun diensten aanbieden.
        avond.team_finds("aanbod_tegen_betaling")
        avond.team_finds_no_vergunning()
        avond.team_counts(sekswerker=3)
        # In de illegale seksinrichtingen is in veel gevallen sprake van slechte arbeidsomstandigheden en van
        # uitbuiting van vrouwen.
        avond.team_finds("werkomstandigheden")
        avond.team_sees_a_sign_of("uitbuiting")
        # Het interventieteam treft met regelmaat een prostituee aan van wie de pooier bijvoorbeeld in drugs,
        # melkpoeder of gestolen spullen handelt.
        avond.team_finds("drugs", "handelsgoederen", "gestolen_goederen")
        avond.team_concludes("illegale_prostitutie")
        await avond.nothing_left_the_phone()
        await avond.team_sends_it_later_and_the_line_breaks()
        await avond.everything_arrived_exactly_once(bevindingen=6, sekswerkers=3)

        # De ambtenaren sluiten het pand,
        await avond.burgemeester_receives_a_controlerapport()
        await avond.ambtenaren_close_the_pand(maanden=3)
        await avond.team_sees_the_pand_is_closed()
        # de AVIM ondervraagt de prostituees en pooiers.
        await avond.avim_finds_personen(sekswerker=3, exploitant=1)
        await avond.gemeente_hears_only_that_the_police_were_there()
        await avond.team_hands_the_sign_over_to_avim()
        await avond.avim_takes_it_into_its_investigation()
        await avond.gemeente_hears_only_how_far_the_investigation_is()

        # Schiedam sluit vijftien tot twintig illegale bordelen per jaar.
        await avond.counts_sluitingen(1, maanden=3)
        await avond.counts_controles(thema="prostitutie", aantal=1, sekswerkers=3)
        await avond.counts_controles(thema="hennep", aantal=1, sekswerkers=0)

        # De pooiers en prostituees wijken uit naar omliggende gemeenten.
        await avond.neighbours_see_nothing_of_it()
        # Hij biedt zelfs gemeenten zijn opsporingsambtenaren te leen aan. Tot zijn verbazing tot nu toe tevergeefs.
        await avond.nobody_borrowed_so_he_sees_nothing_there()
        # "Wij hebben de expertise, maak daar gebruik van."
        await avond.lending_needs_a_besluit_and_an_end()
        await avond.who_is_lent_sees_what_the_borrower_sees()
