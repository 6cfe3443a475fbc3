"""A maatregel from voornemen to end: how the measures of Harderwijk 2023 fold, count and show."""

from typing import Any
from uuid import UUID

import pytest

from app.access.beleid import scopes_for
from app.registraties.act import Doc, Feit, Omgeving, Registratie
from app.registraties.register import ACTEN, AGGREGATEN
from app.vocabulary import Vlag
from tests.hulp.bouw import (
    BOA,
    BURGEMEESTER,
    HARDERWIJK,
    JURIST,
    PCT,
    REGISSEUR,
    WIJKAGENT,
    afgeleid,
    bestand,
    geweigerd,
    ident,
    registratie,
    toegelaten,
    vouw,
)
from tests.hulp.maatregelen import (
    DWANGSOM,
    L1,
    LOB,
    LOD,
    M1,
    M3,
    OM,
    URGENT,
    V1,
    VERBEURD,
    WAARSCHUWING,
    bekend,
    betaald,
    invordering,
    opgelegd,
    voorgenomen,
)


@pytest.mark.parametrize("reeks", [M1, M3, URGENT], ids=["M1", "M3", "spoed"])
def test_whole_story_is_allowed_and_folds(reeks: list[Registratie]) -> None:
    doc: Doc | None = None
    for r in reeks:
        toegelaten(doc, r, JURIST, OM)
        doc = vouw([r], OM, doc)
    bestand("maatregel", reeks, OM)


@pytest.mark.parametrize(
    ("reeks", "statussen"),
    [
        (M1, ["voorgenomen", "voorgenomen", "opgelegd", "in_werking"] + ["uitgewerkt"] * 6),
        (M3, ["voorgenomen", "opgelegd", "in_werking"] + ["toegepast"] * 3 + ["verlopen"]),
        (URGENT, ["opgelegd", "toegepast", "toegepast", "opgeheven"]),
        ([voorgenomen("waarschuwing"), opgelegd(WAARSCHUWING), bekend()], ["voorgenomen"] + ["opgelegd"] * 2),
    ],
)
def test_the_status_after_each_step(reeks: list[Registratie], statussen: list[str]) -> None:
    assert [vouw(reeks[: n + 1], OM)["status"] for n in range(len(reeks))] == statussen


def facts(reeks: list[Registratie], om: Omgeving = OM) -> list[Feit]:
    return AGGREGATEN["maatregel"].facts(vouw(reeks, om))


def test_what_a_maatregel_counts_for() -> None:
    at = UUID(L1["canoniek"])
    imposed = Feit("maatregel", HARDERWIJK, "2023-03-02", 1, 500_000, LOD, at)
    assert facts(M1[:2]) == []
    assert facts(M1[:3]) == [imposed]
    for steps, kenmerk in ((5, "open"), (6, "open"), (7, "beschikt"), (9, "beschikt"), (10, "geind")):
        assert facts(M1[:steps]) == [
            imposed,
            Feit("verbeurd", HARDERWIJK, "2023-03-22", 1, 500_000, kenmerk, at),
        ]
    assert facts(M3) == [
        Feit("maatregel", HARDERWIJK, "2023-04-13", 1, 0, LOB, at),
        Feit("toegepast", HARDERWIJK, "2023-06-05", 3, 0, "sluiting", at),
    ]


@pytest.mark.parametrize("kept_out", [{"oefening": True}, {"vlaggen": (Vlag.DATUM_ONWAARSCHIJNLIJK,)}])
@pytest.mark.parametrize(("index", "left"), [(2, ["verbeurd"]), (4, ["maatregel"])])
def test_each_fact_counts_by_its_own_entry(kept_out: dict[str, Any], index: int, left: list[str]) -> None:
    reeks = list(M1)
    r = reeks[index]
    reeks[index] = registratie(
        r.soort,
        r.inhoud.as_doc(),
        door=JURIST,
        **kept_out,
        **r.onderwerp,
    )
    assert [feit.maatstaf for feit in facts(reeks)] == left


def test_nothing_counts_without_besluit() -> None:
    doc = vouw([*M1[:2], *M1[3:]], OM)
    assert doc["status"] == "voorgenomen"
    assert AGGREGATEN["maatregel"].facts(doc) == []


def test_what_the_document_holds() -> None:
    doc = vouw(M1, OM)
    assert (doc["locatie"], doc["gemeente"], doc["adres"]) == (L1["canoniek"], HARDERWIJK, L1["adres"])
    assert (doc["bekendgemaaktOp"], doc["begunstigingTotEnMet"]) == ("2023-03-03", "2023-03-10")
    assert doc["dwangsom"] == DWANGSOM
    assert doc["besluit"]["door"] == {"functionaris": str(JURIST.functionaris), "rol": "jurist"}
    (verbeurte,) = doc["verbeurten"]
    assert {key: verbeurte[key] for key in ("id", "controle", "datum", "bedrag", "betaald", "status")} == {
        "id": str(V1),
        "controle": str(ident("C2")),
        "datum": "2023-03-22",
        "bedrag": 500_000,
        "betaald": 500_000,
        "status": "geind",
    }
    assert verbeurte["op"] == str(M1[4].op)
    assert (verbeurte["voornemen"]["voorgenomenOp"], verbeurte["beschikking"]["beschiktOp"]) == (
        "2023-04-04",
        "2023-05-09",
    )
    assert [b["betreft"] for b in doc["bekendmakingen"]] == ["besluit", "invordering"]
    assert AGGREGATEN["maatregel"].columns(doc) == {
        "status": "uitgewerkt",
        "soort": LOD,
        "locatie": L1["canoniek"],
        "geldt_tot_en_met": None,
        "kenmerk": None,
        "rust_op": sorted([ident("R1"), ident("C2")]),
    }


@pytest.mark.parametrize(
    ("reeks", "boa"),
    [(M1[:1], False), (M1[:3], False), (M1[:4], True), (M1[:5], False), (M3[:4], True), (M3, False)],
)
def test_boa_sees_what_binds_now(reeks: list[Registratie], boa: bool) -> None:  # noqa: FBT001
    known = AGGREGATEN["maatregel"].scopes(vouw(reeks, OM))
    for reader in (BURGEMEESTER, JURIST, REGISSEUR, PCT):
        assert known & scopes_for(reader, "maatregelen:zien")
    assert bool(known & scopes_for(BOA, "maatregelen:zien")) is boa
    assert not known & scopes_for(WIJKAGENT, "maatregelen:zien")


def test_text_and_persons_destroyed_fold_as_absent() -> None:
    reeks = []
    for r in [*M1, *M3]:
        sections = r.inhoud.sections()
        kept = {
            name: getattr(r.inhoud, name)
            for name, info in type(r.inhoud).model_fields.items()
            if sections[info.alias or name].value == "zaak"
        }
        object.__setattr__(
            copied := registratie(r.soort, r.inhoud.as_doc(), door=JURIST, **r.onderwerp),
            "inhoud",
            ACTEN[r.soort].inhoud.model_construct(**kept),
        )
        reeks.append(copied)
    for story, status in ((reeks[: len(M1)], "uitgewerkt"), (reeks[len(M1) :], "verlopen")):
        doc = vouw(story, OM)
        assert (doc["status"], doc["adressaten"]) == (status, [])
        assert len(afgeleid("maatregel", doc)[2]) == 2


def test_waived_is_not_paid_and_counts_to_the_maximum() -> None:
    waived = invordering("afgezien", {"afgezienOp": "2023-06-01", "reden": "bijzondere_omstandigheden"})
    doc = vouw([*VERBEURD, waived], OM)
    assert (doc["status"], doc["verbeurten"][0]["status"]) == ("uitgewerkt", "afgezien")
    assert "afgezien" in geweigerd(doc, betaald(1, "2023-06-02"), JURIST)
    assert facts([*VERBEURD, waived])[1].kenmerk == "afgezien"
