"""What a kind of document declares and the engine acts on (`Aggregaat`), where no other test misses it.

Each says which field was left out of which declaration to see it fail.
"""

from uuid import uuid4

from uuid_utils.compat import uuid7

from app.postgres import Server
from tests.hulp.ingehouden import decide
from tests.hulp.keten import Keten, add_controles, add_signalen
from tests.hulp.sync_proef import accepted, controle, correctie, give_up, melding, mensenhandel, select, verdict
from tests.hulp.wereld import Wereld

SEALED = "SELECT k.tekst, k.mensenhandel FROM kluis.inhoud k JOIN grootboek.entry e USING (pos) WHERE e.op = :op"


async def test_why_a_sign_of_trafficking_was_corrected_is_sealed_with_its_content(
    wereld: Wereld, database: Server
) -> None:
    """Of anything else it is text. Broken: `reden` of mensenhandelsignaal."""
    sign, told = mensenhandel(wereld, "boa-1"), melding(wereld, "boa-1")
    changes = [correctie(wereld, "boa-1", sign, soort="mensensmokkel"), correctie(wereld, "boa-1", told)]
    await accepted(wereld, "boa-1", sign, told, *changes)
    (of_sign,), (of_told,) = [await select(database, SEALED, op=change["opId"]) for change in changes]
    assert of_sign.tekst is None
    assert b"vergissing" in of_sign.mensenhandel
    assert b"vergissing" in of_told.tekst
    assert of_told.mensenhandel is None


async def test_a_correction_moves_no_controle_to_another_place(wereld: Wereld) -> None:
    """At its own place it holds. Broken: "locatie" in `blijft`."""
    place, start = controle(wereld, "boa-1")
    elsewhere, _ = controle(wereld, "boa-1")
    await accepted(wereld, "boa-1", place, start, elsewhere)
    moved = correctie(wereld, "boa-1", start, benadering="anders")
    moved["onderwerp"] = moved["onderwerp"] | {"locatie": elsewhere["onderwerp"]["locatie"]}
    assert verdict((await wereld.push("boa-1", moved))[0]) == ("quarantined", "regel_geschonden")
    await accepted(wereld, "boa-1", correctie(wereld, "boa-1", start, benadering="anders"))


async def test_what_is_real_rests_on_no_practised_end(wereld: Wereld) -> None:
    """On an end that is real it does. Broken: `oefening_in` of controle."""
    for practised in (True, False):
        place, start = controle(wereld, "pct-1")
        here = {"controle": start["onderwerp"]["controle"]}
        end = wereld.op("pct-1", "controle.afgerond", here, {"uitkomst": "niet_vastgesteld"}, oefening=practised)
        await accepted(wereld, "pct-1", place, start, end)
        inhoud = {
            "soort": "bestuurlijke_rapportage",
            "controles": [here["controle"]],
            "gemeente": "GM0243",
            "tekst": "x",
        }
        report = wereld.op("pct-1", "rapportage.opgemaakt", {"rapportage": uuid7()}, inhoud)
        found = verdict((await wereld.push("pct-1", report))[0])
        assert found == (("quarantined", "regel_geschonden") if practised else ("accepted", None))


async def test_a_failed_decision_lies_before_who_leads_the_work_it_is_about(wereld: Wereld) -> None:
    """And before nobody else who may not see that help. Broken: `leider` of ontvangst, and that of controle."""
    keten = Keten()
    await add_signalen(wereld, keten)
    await add_controles(wereld, keten)
    about = {"controle": keten["afgerond"], "persoon": uuid4()}
    wrong = wereld.op("pct-1", "hulp.aangeboden", about, {"aangeboden": True})
    (told,) = await give_up(wereld, "pct-1", wrong)
    assert verdict(told) == ("quarantined", "onderwerp_onbekend")
    assert (await decide(wereld, wrong["opId"], "geweigerd", "boa-1")).status_code == 201
    again = {"besluit": "geweigerd", "reden": "nog eens"}
    late = wereld.op("pct-1", "quarantaine.beoordeeld", {"ontvangst": wrong["opId"]}, again)
    assert verdict((await wereld.push("pct-1", late))[0]) == ("quarantined", "regel_geschonden")
    lying = {
        wie: {r["id"] for r in (await wereld.get(wie, "/quarantaine", limit="200")).json()["resultaten"]}
        for wie in ("boa-1", "boa-2")
    }
    assert late["opId"] in lying["boa-1"]
    assert late["opId"] not in lying["boa-2"]
