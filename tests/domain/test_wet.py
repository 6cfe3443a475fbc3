"""The law of an entry: every act × role × kind of organisation × capacity, against the pairs in wet.json.

A line of wet.json is a cell: what an entry of that work, there and in that capacity, is sealed under, and for which
roles. What has no line is sealed under nothing. `make tafels` writes the file anew; what changes in
it is what FG and privacyfunctionaris sign for.
"""

from datetime import UTC, date, datetime
from itertools import product

import pytest

from app.access import wet
from app.access.actor import Actor
from app.access.wet import MET_HOEDANIGHEID, TABEL, VANAF, Taak, index
from app.registraties.act import Aggregaat
from app.registraties.kringen import read_by, shut
from app.registraties.register import ACTEN, AGGREGATEN
from app.services.kluis.verzegelen import wet_of
from app.vocabulary import (
    Hoedanigheid,
    Kring,
    OrganisatieSoort,
    Regime,
    Rol,
    Verwerkingsverantwoordelijke,
)
from tests.hulp.bouw import ident
from tests.hulp.wettafel import KEPT, NU, Zegt, bound, kinds, line, mutations, works, wrong


def test_each_cell_is_what_was_signed_for() -> None:
    assert len(KEPT["cellen"]) > 30
    assert wrong(TABEL) == [], "make tafels writes wet.json anew: FG and privacyfunctionaris sign what it says"


def test_each_act_is_the_work_that_was_signed_for() -> None:
    changed = dict(works().items() ^ KEPT["taken"].items())
    assert changed == {}, "make tafels writes wet.json anew: FG and privacyfunctionaris sign what it says"


def writer(soort: OrganisatieSoort | None, rol: Rol) -> Actor:
    return Actor(ident("wie"), ident("rol"), rol, ident("waar"), frozenset(), organisatie_soort=soort)


def test_every_act_role_organisation_and_capacity_gives_that_pair() -> None:
    """As it is sealed, through the one function that seals: what wet.json has no line for is under no law."""
    seen = 0
    for key, act, inhoud in kinds():
        assert key in KEPT["taken"], f"{key} has no line in wet.json: make tafels"
        taak = Taak(KEPT["taken"][key])
        for soort, rol, said in product(OrganisatieSoort, Rol, (None, *Hoedanigheid)):
            inhoud.hoedanigheid = said
            counts = (said or Hoedanigheid.ONBEKEND) if taak in MET_HOEDANIGHEID else None
            lines = KEPT["cellen"].get(line(taak, soort, counts), {})
            expected = [outcome for outcome, roles in lines.items() if rol.value in roles.split()]
            found = wet_of(act, inhoud, writer(soort, rol), NU)
            assert ([" ".join(found.as_doc().values())] if found else []) == expected, (key, soort, rol, said)
            seen += 1
    assert seen > 10_000


def test_of_an_organisation_that_nobody_knows_there_is_no_law() -> None:
    for act in ACTEN.values():
        for each in bound(act):
            assert wet_of(each, Zegt(hoedanigheid=Hoedanigheid.TOEZICHT), writer(None, Rol.BOA), NU) is None


K, G = Verwerkingsverantwoordelijke.KORPSCHEF, Verwerkingsverantwoordelijke.GEMEENTE
BOA_WERKGEVER = Verwerkingsverantwoordelijke.GEMEENTE_ALS_BOA_WERKGEVER
H, Org = Hoedanigheid, OrganisatieSoort
DEUR = ("controle.gestart", "persoon.aangetroffen", "bevinding.vastgelegd", "locatie.vastgelegd", "controle.afgerond")


@pytest.mark.parametrize(
    ("soorten", "organisatie", "rol", "hoedanigheid", "pair"),
    [
        (DEUR, Org.GEMEENTE, Rol.BOA, H.TOEZICHT, (Regime.AVG, G, Kring.GEMEENTE)),
        (DEUR, Org.GEMEENTE, Rol.BOA, H.ONBEKEND, (Regime.AVG, G, Kring.GEMEENTE)),
        (DEUR, Org.GEMEENTE, Rol.BOA, H.OPSPORING, (Regime.WPG8, BOA_WERKGEVER, Kring.OPSPORING)),
        (DEUR, Org.GEMEENTE, Rol.BOA, H.VREEMDELINGENTOEZICHT, None),
        (DEUR, Org.GEMEENTE, Rol.REGISSEUR, H.OPSPORING, None),
        (DEUR, Org.GEMEENTE, Rol.WIJKAGENT, H.TOEZICHT, None),
        (DEUR, Org.BEHEER, Rol.BOA, H.TOEZICHT, None),
        (DEUR, Org.POLITIE, Rol.WIJKAGENT, H.TOEZICHT, (Regime.AVG, K, Kring.GEMEENTE)),
        (DEUR, Org.POLITIE, Rol.WIJKAGENT, None, (Regime.WPG8, K, Kring.ONBEKEND)),
        (DEUR, Org.POLITIE, Rol.PCT, H.OPSPORING, (Regime.WPG8, K, Kring.POLITIE)),
        (DEUR, Org.POLITIE, Rol.PCT, H.OPENBARE_ORDE, (Regime.WPG8, K, Kring.POLITIE)),
        (DEUR, Org.POLITIE, Rol.AVIM, H.VREEMDELINGENTOEZICHT, (Regime.AVG, K, Kring.POLITIE)),
        (("mensenhandelsignaal.vastgelegd",), Org.POLITIE, Rol.PCT, None, (Regime.WPG8, K, Kring.MENSENHANDEL)),
        (("mensenhandelsignaal.vastgelegd",), Org.GEMEENTE, Rol.BOA, None, (Regime.AVG, G, Kring.MENSENHANDEL)),
        (("rapportage.opgemaakt", "rapportage.verstrekt"), Org.POLITIE, Rol.PCT, None, (Regime.AVG, K, Kring.GEMEENTE)),
        (("maatregel.bekendgemaakt",), Org.GEMEENTE, Rol.JURIST, None,
         (Regime.AVG, Verwerkingsverantwoordelijke.BURGEMEESTER, Kring.GEMEENTE)),
    ],
)  # fmt: skip
def test_the_corrections_of_the_privacy_officers(
    soorten: tuple[str, ...],
    organisatie: Org,
    rol: Rol,
    hoedanigheid: H | None,
    pair: tuple[Regime, object, Kring] | None,
) -> None:
    """What FG and privacyfunctionaris asked for, in their own words, apart from wet.json."""
    for soort in soorten:
        found = wet_of(ACTEN[soort], Zegt(hoedanigheid=hoedanigheid), writer(organisatie, rol), NU)
        assert (found and (found.regime, found.verwerkingsverantwoordelijke, found.kring)) == pair, soort


def test_no_cell_can_change_without_being_named() -> None:
    """Each cell of each row is changed once; what is wrong then is just what that row was about."""
    assert wrong(TABEL) == [], "the table is wrong as it stands"
    seen = 0
    for what, tabel, about in mutations():
        assert set(wrong(tabel)) == about, f"nobody notices, or not where: {what}"
        seen += 1
    assert seen > 400


def test_all_work_has_a_law() -> None:
    """What has none is refused to everybody. Broken: the rows of any kind of work away."""
    assert {taak for row in TABEL for taak in row.taken} == set(Taak), (
        "a row of app/access/wet.py for each kind of work"
    )


def test_the_date_is_that_on_which_the_server_heard_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the Netherlands: a later row decides about what comes from its day on. Before the first there is no law."""
    wie = writer(OrganisatieSoort.GEMEENTE, Rol.BOA)
    inhoud, act = Zegt(hoedanigheid=Hoedanigheid.TOEZICHT), ACTEN["persoon.aangetroffen"]
    first = TABEL[0]
    later = first._replace(wet=first.wet._replace(regime=Regime.WPG9), van=date(2026, 9, 1))
    monkeypatch.setattr(wet, "_INDEX", index((first._replace(tot=date(2026, 9, 1)), later)))
    found = [wet_of(act, inhoud, wie, datetime(2026, 8, 31, hour, tzinfo=UTC)) for hour in (21, 22)]
    assert [each and each.regime for each in found] == [Regime.AVG, Regime.WPG9], "22:00 UTC is the first of September"
    assert wet_of(act, inhoud, wie, datetime(VANAF.year - 1, 12, 31, tzinfo=UTC)) is None
    with pytest.raises(ValueError, match="two rows decide"):
        index((first, later))


def test_an_aggregate_without_a_law_does_not_exist() -> None:
    controle = AGGREGATEN["controle"]
    with pytest.raises(TypeError, match="wet"):
        Aggregaat("controle", controle.model, controle.document, controle.scopes)  # type: ignore[call-arg]


def test_what_two_circles_shut_is_read_by_neither() -> None:
    """And what shuts nobody out leaves no trace in a document."""
    assert shut({}, [Kring.GEMEENTE, Kring.BEHEER, Kring.MENSENHANDEL]) == {}
    assert shut(shut({}, [Kring.POLITIE]), [Kring.ONBEKEND]) == {"_kringen": ["onbekend", "politie"]}
    assert read_by({Kring.POLITIE, Kring.ONBEKEND}, "GM0243") == {"politie:GM0243"}
    assert read_by({Kring.OPSPORING}, "GM0243") == {"opsporing:GM0243"}
    assert read_by({Kring.POLITIE, Kring.OPSPORING}, "GM0243") == set()
