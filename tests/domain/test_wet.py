"""The law of an entry: every act × role × kind of organisation × capacity, against the pairs in wet.json.

A line of wet.json is a cell: what an entry of that work, there and in that capacity, is sealed under, and for which
roles. What has no line is sealed under nothing. `python -m tests.domain.test_wet` writes the file anew; what changes in
it is what FG and privacyfunctionaris sign for.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.access import wet
from app.access.actor import Actor
from app.access.wet import MET_HOEDANIGHEID, TABEL, VANAF, Taak, Wetsregel, index
from app.registraties.act import ANY_AGGREGAAT, ORGAAN, Act, Aggregaat
from app.registraties.kringen import read_by, shut
from app.registraties.register import ACTEN, AGGREGATEN
from app.services.kluis.verzegelen import wet_of
from app.vocabulary import (
    Hoedanigheid,
    Kring,
    Orgaan,
    OrganisatieSoort,
    Regime,
    Rol,
    SignaalBron,
    Vertrouwelijkheid,
    Verwerkingsverantwoordelijke,
)
from tests.domain.bouw import ident

LIJST = Path(__file__).parent / "wet.json"
NU = datetime(2026, 8, 19, 21, 10, tzinfo=UTC)
SAYS = {
    "signaal.gemeld": ("bron", tuple(SignaalBron)),
    "rapportage.ontvangen": ("orgaan", tuple(Orgaan)),
}
"""Acts of which the payload says what work it is: the field, and all that it can say."""


def payloads(act: Act) -> Iterator[tuple[str, SimpleNamespace]]:
    """Each payload of an act that differs for the law, with what is particular to it."""
    field, values = SAYS.get(act.soort, ("", (None,)))
    if act.aggregaat == "maatregel" and ORGAAN in act.secties:
        field, values = "bevoegd_orgaan", (None, *Orgaan)  # None: an earlier version did not ask
    for value in values:
        yield (f"{act.soort}·{value}" if value else act.soort), SimpleNamespace(**({field: value} if field else {}))


def bound(act: Act) -> Iterator[Act]:
    """The act; of one that may concern any kind of document, one for each kind."""
    if act.aggregaat != ANY_AGGREGAAT:
        yield act
        return
    yield from (replace(act, aggregaat=naam) for naam in AGGREGATEN)


def works() -> dict[str, str]:
    """What work each act is part of."""
    return {key: AGGREGATEN[act.aggregaat].wet(inhoud).value for key, act, inhoud in kinds()}


def line(taak: Taak, soort: OrganisatieSoort, hoedanigheid: Hoedanigheid | None) -> str:
    return "·".join((taak, soort, *([hoedanigheid] if hoedanigheid else [])))


def cells(tabel: Iterable[Wetsregel]) -> dict[str, dict[str, str]]:
    """What the table says of each cell on one day: the outcome → the roles, in words."""
    found: dict[str, dict[str, str]] = {}
    for (soort, rol, hoedanigheid, taak), periods in sorted(
        index(tabel).items(), key=lambda item: (item[0][3], item[0][0], str(item[0][2]), item[0][1])
    ):
        for van, tot, decided in periods:
            if van <= NU.date() and (tot is None or NU.date() < tot):
                outcome = " ".join(decided.as_doc().values())
                roles = found.setdefault(line(taak, soort, hoedanigheid), {})
                roles[outcome] = f"{roles[outcome]} {rol}" if outcome in roles else rol.value
    return found


KEPT = json.loads(LIJST.read_text(encoding="utf-8")) if LIJST.exists() else {"taken": {}, "cellen": {}}


def wrong(tabel: Iterable[Wetsregel]) -> list[str]:
    """The cells that a table decides otherwise than wet.json."""
    kept, now = KEPT["cellen"], cells(tabel)
    return sorted(cel for cel in {*kept, *now} if kept.get(cel) != now.get(cel))


def test_each_cell_is_what_was_signed_for() -> None:
    assert len(KEPT["cellen"]) > 30
    assert wrong(TABEL) == []


def test_each_act_is_the_work_that_was_signed_for() -> None:
    assert works() == KEPT["taken"]


def kinds() -> Iterator[tuple[str, Act, SimpleNamespace]]:
    """Each act with each payload that matters, and what it is called in wet.json."""
    for act in ACTEN.values():
        for each in bound(act):
            for naam, inhoud in payloads(each):
                yield (f"{naam}·{each.aggregaat}" if act.aggregaat == ANY_AGGREGAAT else naam), each, inhoud


def writer(soort: OrganisatieSoort | None, rol: Rol) -> Actor:
    return Actor(ident("wie"), ident("rol"), rol, ident("waar"), frozenset(), organisatie_soort=soort)


def test_every_act_role_organisation_and_capacity_gives_that_pair() -> None:
    """As it is sealed, through the one function that seals: what wet.json has no line for is under no law."""
    seen = 0
    for key, act, inhoud in kinds():
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
            assert wet_of(each, SimpleNamespace(hoedanigheid=Hoedanigheid.TOEZICHT), writer(None, Rol.BOA), NU) is None


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
        found = wet_of(ACTEN[soort], SimpleNamespace(hoedanigheid=hoedanigheid), writer(organisatie, rol), NU)
        assert (found and (found.regime, found.verwerkingsverantwoordelijke, found.kring)) == pair, soort


def mutations() -> Iterator[tuple[str, tuple[Wetsregel, ...], set[str]]]:
    """The table with one cell of it changed: what was changed, the table, and the cells that it was about."""
    for n, r in enumerate(TABEL):
        about = {line(t, s, h) for t in r.taken for s in r.organisaties for h in r.hoedanigheden}
        w = r.wet
        new: list[tuple[str, Wetsregel | None]] = [
            ("the row", None),
            ("van", r._replace(van=date(2027, 1, 1))),
            ("tot", r._replace(tot=date(2026, 1, 1))),
            *((f"regime {v}", r._replace(wet=w._replace(regime=v))) for v in Regime if v is not w.regime),
            *(
                (f"verantwoordelijke {v}", r._replace(wet=w._replace(verwerkingsverantwoordelijke=v)))
                for v in Verwerkingsverantwoordelijke
                if v is not w.verwerkingsverantwoordelijke
            ),
            *(
                (f"vertrouwelijkheid {v}", r._replace(wet=w._replace(vertrouwelijkheid=v)))
                for v in Vertrouwelijkheid
                if v is not w.vertrouwelijkheid
            ),
            *((f"kring {v}", r._replace(wet=w._replace(kring=v))) for v in Kring if v is not w.kring),
            *((f"rol {v}", r._replace(rollen=r.rollen - {v})) for v in sorted(r.rollen)),
        ]
        for what, changed in new:
            yield f"{r.naam}: {what}", (*TABEL[:n], *([changed] if changed else []), *TABEL[n + 1 :]), about


def test_no_cell_can_change_without_being_named() -> None:
    """Each cell of each row is changed once; what is wrong then is just what that row was about."""
    seen = 0
    for what, tabel, about in mutations():
        assert set(wrong(tabel)) == about, f"nobody notices, or not where: {what}"
        seen += 1
    assert seen > 400


def test_the_date_is_that_on_which_the_server_heard_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the Netherlands: a later row decides about what comes from its day on. Before the first there is no law."""
    wie = writer(OrganisatieSoort.GEMEENTE, Rol.BOA)
    inhoud, act = SimpleNamespace(hoedanigheid=Hoedanigheid.TOEZICHT), ACTEN["persoon.aangetroffen"]
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


if __name__ == "__main__":
    told = {"taken": dict(sorted(works().items())), "cellen": cells(TABEL)}
    LIJST.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
