"""Two who close one controle, when somebody relies on what the first of them concluded."""

from datetime import date

import pytest

from app.access.wet import SOORT_VAN_ROL, Taak, find_wet
from app.postgres import Server
from app.registraties.act import on_nothing
from app.registraties.register import AGGREGATEN
from app.vocabulary import POLITIEROLLEN, VELDROLLEN, OrganisatieSoort
from tests.hulp.ingehouden import the_same_again
from tests.hulp.keten import Keten, build_keten
from tests.hulp.sync_proef import verdict
from tests.hulp.wereld import Wereld

WIE = sorted(VELDROLLEN | POLITIEROLLEN)
"""Who settles, corrects or strikes what others rest on."""
NIETS = {"uitkomst": "niet_vastgesteld"}


@pytest.fixture
async def keten(wereld: Wereld) -> Keten:
    return await build_keten(wereld)


async def test_beside_an_end_that_a_besluit_rests_on_no_other_counts(
    wereld: Wereld, keten: Keten, database: Server
) -> None:
    """It is kept, and says what then: a correction, of which somebody else decides; whoever rests on it hears it.

    Also when the police decide, and when the phone's clock was put back. Broken: `why_not_beside`; the rows of the law
    for what follows; `bureau` out of `judge_choice`.
    """
    w, here = wereld, {"controle": keten["afgerond"]}
    doc = (await w.get("boa-1", f"/controles/{here['controle']}")).json()
    (result,) = await w.push("pct-1", w.op("pct-1", "controle.afgerond", here, NIETS))
    assert verdict(result) == ("quarantined", "regel_geschonden")
    assert "steunt al een besluit" in result["uitleg"]
    assert (await w.get("boa-1", f"/controles/{here['controle']}")).json() == doc
    first = doc["afronding"]["op"]
    early = w.op("boa-1", "controle.afgerond", here, NIETS, waargenomenOp="2026-08-01T10:00:00Z")
    fixed = early | {"corrigeert": first, "basis": first, "reden": "vergissing"}
    assert verdict((await w.push("boa-1", fixed))[0]) == ("conflict", "staat_vast")
    chosen = {"keuze": fixed["opId"], "verworpen": first, "reden": "zo was het"}
    about = {"controle": str(here["controle"])}
    await w.make("pct-1", "/verschilbeoordelingen", {"onderwerp": about, "inhoud": chosen})
    for kind, ident in (("maatregelen", keten["opgelegd"]), ("rapportages", keten["verstrekt"])):
        told = (await w.get("regisseur-1", f"/{kind}/{ident}")).json()
        assert (told["bewijs"], told["bewijsGewijzigd"][0]["registratie"]) == ("vervallen", first), kind
    await the_same_again(w, database)


def test_what_follows_has_a_law_whoever_decides() -> None:
    """The server notes it in the name of who decided, also where he decides nothing himself. Broken: a row of those."""
    who = [(soort, rol) for soort in OrganisatieSoort for rol in WIE if SOORT_VAN_ROL[rol] is soort]
    rests = [a for a in AGGREGATEN.values() if a.rust_op is not on_nothing]
    assert {a.naam for a in rests} == {"rapportage", "maatregel"}
    for taak in (Taak.RAPPORTAGE, Taak.BURGEMEESTER, Taak.COLLEGE):
        assert [rol for soort, rol in who if find_wet(soort, rol, None, taak, date(2026, 11, 28)) is None] == []
