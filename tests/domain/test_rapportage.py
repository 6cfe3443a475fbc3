"""A rapportage: who may write about what, how it reaches the organ, and who can read it when."""

from uuid import UUID

import pytest

from app.access.actor import Actor
from app.access.beleid import scopes_for
from app.registraties.act import Doc, Registratie
from app.registraties.register import ACTEN, AGGREGATEN
from app.vocabulary import Rol
from tests.hulp.bouw import (
    BOA,
    BURGEMEESTER,
    HARDERWIJK,
    JURIST,
    PCT,
    REGISSEUR,
    WIJKAGENT,
    actor,
    afgeleid,
    bestand,
    geweigerd,
    ident,
    omgeving,
    ongeldig,
    registratie,
    toegelaten,
    vouw,
)

PCT_ERMELO = actor("pct-3", Rol.PCT, "pct-oost", ["GM0233"])


def controle(naam: str, *deelnemers: Actor, gemeente: str = HARDERWIJK, locatie: str = "L1") -> Doc:
    return {
        "id": str(ident(naam)),
        "status": "afgerond",
        "gemeente": gemeente,
        "locatie": str(ident(locatie)),
        "adres": {"straat": "Voorbeeldstraat", "huisnummer": locatie[1:]},
        "deelnemers": [{"functionaris": str(a.functionaris)} for a in deelnemers],
    }


C1 = controle("C1", PCT, BOA)
C2 = controle("C2", PCT, BOA, locatie="L2")
C_ZONDER_PCT = controle("C4", BOA)
C_PUTTEN = controle("C9", PCT, BOA, gemeente="GM0273")
OM = omgeving(*(("controle", c) for c in (C1, C2, C_ZONDER_PCT, C_PUTTEN)))


def opgemaakt(
    door: Actor = PCT,
    soort: str = "bestuurlijke_rapportage",
    controles: tuple[str, ...] = ("C1",),
    **extra: str,
) -> Registratie:
    inhoud = {
        "soort": soort,
        "controles": [str(ident(c)) for c in controles],
        "gemeente": HARDERWIJK,
        "tekst": "Wat wij zagen.",
        **extra,
    }
    return registratie("rapportage.opgemaakt", inhoud, door=door, op="2023-02-13T09:00:00+01:00", rapportage="R1")


def vastgesteld(op: str = "2023-02-13") -> Registratie:
    return registratie("rapportage.vastgesteld", {"vastgesteldOp": op}, door=PCT, rapportage="R1")


def verstrekt(
    orgaan: str = "burgemeester",
    gemeente: str = HARDERWIJK,
    op: str = "2023-02-14",
    weergave: str = "volledig",
    **meer: str,
) -> Registratie:
    inhoud = {"aan": {"orgaan": orgaan, "gemeente": gemeente}, "weergave": weergave, "verstrektOp": op, **meer}
    return registratie("rapportage.verstrekt", inhoud, door=PCT, rapportage="R1")


def ontvangen(op: str = "2023-02-14", **extra: str) -> Registratie:
    return registratie("rapportage.ontvangen", {"ontvangenOp": op, **extra}, door=BURGEMEESTER, rapportage="R1")


REEKS = [opgemaakt(), vastgesteld(), verstrekt(), ontvangen()]


def readers(doc: Doc) -> set[str]:
    """Who can see it, by the policy."""
    known = AGGREGATEN["rapportage"].scopes(doc)
    everybody = {"pct": PCT, "boa": BOA, "wijkagent": WIJKAGENT, "regisseur": REGISSEUR, "jurist": JURIST}
    everybody |= {"burgemeester": BURGEMEESTER, "pct elders": PCT_ERMELO}
    return {name for name, who in everybody.items() if known & scopes_for(who, "rapportages:zien")}


@pytest.mark.parametrize(
    ("steps", "status", "who"),
    [
        (1, "opgemaakt", {"pct", "pct elders"}),
        (2, "vastgesteld", {"pct", "pct elders"}),
        (3, "verstrekt", {"pct", "pct elders", "burgemeester", "jurist", "regisseur"}),
        (4, "ontvangen", {"pct", "pct elders", "burgemeester", "jurist", "regisseur"}),
    ],
)
def test_steps_open_it_to_the_organ(steps: int, status: str, who: set[str]) -> None:
    doc = vouw(REEKS[:steps], OM)
    assert doc["status"] == status
    columns = AGGREGATEN["rapportage"].columns(doc)
    rests = sorted(UUID(ident) for ident in doc["controles"])
    assert columns == {"status": status, "soort": "bestuurlijke_rapportage", "rust_op": rests, "kenmerk": None}
    assert readers(doc) == who


def test_folds_are_total_and_repeatable() -> None:
    bestand("rapportage", REEKS, OM)


def test_what_the_document_holds() -> None:
    doc = vouw([opgemaakt(controles=("C1", "C2")), *REEKS[1:]], OM)
    assert doc["opgemaaktDoor"] == {"functionaris": str(PCT.functionaris), "rol": "pct"}
    assert doc["adres"] == C1["adres"]
    assert (doc["locatie"], doc["locaties"]) == (C1["locatie"], [C1["locatie"], C2["locatie"]])
    assert doc["vastgesteldOp"] == "2023-02-13"
    assert doc["verstrekkingen"][0]["aan"] == {"orgaan": "burgemeester", "gemeente": HARDERWIJK}
    assert {"op", "door", "waargenomenOp"} <= doc["verstrekkingen"][0].keys()
    assert doc["ontvangsten"][0]["ontvangenOp"] == "2023-02-14"
    assert not any("sha" in key.lower() or "hash" in key.lower() for key in doc)


def test_text_destroyed_folds_as_absent() -> None:
    r = opgemaakt()
    left = {name: getattr(r.inhoud, name) for name in ("soort", "controles", "gemeente")}
    emptied = ACTEN[r.soort].inhoud.model_construct(**left)
    object.__setattr__(r, "inhoud", emptied)
    doc = vouw([r], OM)
    assert "tekst" not in doc
    afgeleid("rapportage", doc)


@pytest.mark.parametrize(
    ("r", "door"),
    [
        (opgemaakt(), PCT),
        (opgemaakt(controles=("C1", "C2")), PCT),
        (opgemaakt(BOA, "controlerapport", ("C1", "C4")), BOA),
        (opgemaakt(BOA, "verslag_van_binnentreden"), BOA),
        (opgemaakt(PCT, "verslag_van_binnentreden"), PCT),
    ],
)
def test_a_rapportage_may_be_drawn_up(r: Registratie, door: Actor) -> None:
    toegelaten(None, r, door, OM)


@pytest.mark.parametrize(
    ("r", "door", "waarom"),
    [
        (opgemaakt(BOA), BOA, "door de politie"),
        (opgemaakt(PCT, "controlerapport"), PCT, "door een toezichthouder"),
        (opgemaakt(controles=("C1", "C4")), PCT, "deelgenomen"),
        (opgemaakt(REGISSEUR, "verslag_van_binnentreden"), REGISSEUR, "deelgenomen"),
        (opgemaakt(controles=("C1", "C9")), PCT, "gemeente"),
        (opgemaakt(gemeente="GM0273"), PCT, "gemeente"),
    ],
)
def test_a_rapportage_may_not_be_drawn_up(r: Registratie, door: Actor, waarom: str) -> None:
    assert waarom in geweigerd(None, r, door, OM)


@pytest.mark.parametrize(
    ("steps", "r", "waarom"),
    [
        (2, vastgesteld(), "al vastgesteld"),
        (4, vastgesteld(), "al vastgesteld"),
        (1, vastgesteld("2023-02-12"), "voordat zij is opgemaakt"),
        (1, verstrekt(), "eerst vast"),
        (2, verstrekt(gemeente="GM0233"), "de gemeente waarover zij gaat"),
        (2, verstrekt(op="2023-02-12"), "voordat zij is vastgesteld"),
        (2, ontvangen(), "niet aan dit orgaan"),
        (3, ontvangen(orgaan="college"), "niet aan dit orgaan"),
        (3, ontvangen("2023-02-13"), "voordat zij is verstrekt"),
    ],
)
def test_a_step_out_of_order_is_refused(steps: int, r: Registratie, waarom: str) -> None:
    assert waarom in geweigerd(vouw(REEKS[:steps], OM), r, PCT)


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_the_next_step_in_order_is_allowed(steps: int) -> None:
    toegelaten(vouw(REEKS[:steps], OM), REEKS[steps], PCT)


def test_disclosed_on_the_day_it_was_adopted() -> None:
    toegelaten(vouw(REEKS[:2], OM), verstrekt(op="2023-02-13"), PCT)


def test_second_organ_and_rendition() -> None:
    doc = vouw(REEKS, OM)
    r = verstrekt("college", weergave="gelakt", gelakteTekst="Op het adres: [gelakt].")
    toegelaten(doc, r, PCT)
    doc = vouw([r], OM, doc)
    assert doc["tekst"] == "Op het adres: [gelakt]."
    toegelaten(doc, ontvangen(orgaan="college"), BURGEMEESTER)
    assert f"orgaan:college:{HARDERWIJK}" in AGGREGATEN["rapportage"].scopes(doc)


def test_struck_rapportage_is_open_to_nobody() -> None:
    doc = vouw(REEKS[1:], OM)
    assert doc["status"] == "doorgehaald"
    assert AGGREGATEN["rapportage"].scopes(doc) == set()


@pytest.mark.parametrize(
    "wrong",
    [
        {"controles": []},
        {"controles": [str(UUID(int=1))] * 2},
        {"soort": "proces_verbaal"},
        {"tekst": ""},
        {"tekst": "x" * 20_001},
        {"gemeente": "0243"},
        {"naam": "verboden"},
        {"tekstSha256": "0" * 64},
    ],
)
def test_payload_is_refused(wrong: Doc) -> None:
    good = {"soort": "controlerapport", "controles": [str(UUID(int=1))], "gemeente": HARDERWIJK, "tekst": "x"}
    registratie("rapportage.opgemaakt", {**good, "tekst": "x" * 20_000}, rapportage="R1")
    assert ongeldig("rapportage.opgemaakt", {**good, **wrong})
