"""What an entry on a maatregel may say by itself, whatever was recorded before."""

import pytest

from app.registraties.act import Doc
from tests.hulp.bouw import (
    ongeldig,
    registratie,
)
from tests.hulp.maatregelen import (
    BEVEL,
    DWANGSOM,
    M1,
    ORGAAN,
    SPOED,
    TOEPASSING,
    TOETS,
    V1,
    WAARSCHUWING,
    bekend,
    lob,
    lod,
    opgelegd,
    voorgenomen,
)

GOOD: dict[str, Doc] = {
    "maatregel.voorgenomen": voorgenomen().inhoud.as_doc(),
    "maatregel.opgelegd": lod(),
    "bestuursdwang.toegepast": TOEPASSING,
    "maatregel.bekendgemaakt": bekend().inhoud.as_doc(),
    "invordering.voorgenomen": M1[5].inhoud.as_doc(),
}
BESLUIT, TOEPASSEN = "maatregel.opgelegd", "bestuursdwang.toegepast"
NO_LOD = {"dwangsom": None, "begunstigingTotEnMet": None}


@pytest.mark.parametrize(
    ("soort", "wrong", "waarom"),
    [
        ("maatregel.voorgenomen", {"zienswijzeTotEnMet": None}, "geef de termijn"),
        ("maatregel.voorgenomen", {"nietGehoordReden": "spoed"}, "geef de termijn"),
        ("maatregel.voorgenomen", {"zienswijzeTotEnMet": "2023-02-13"}, "eindigt voor het voornemen"),
        ("maatregel.voorgenomen", {"adressaten": []}, "at least 1 item"),
        ("maatregel.voorgenomen", {"adressaten": [{"hoedanigheid": "sekswerker"}]}, "should be 'verhuurder'"),
        ("maatregel.voorgenomen", {"adressaten": [{"hoedanigheid": "bewoner", "naam": "X"}]}, "not permitted"),
        ("maatregel.voorgenomen", {"grondslag": {"regeling": "APV", "artikel": "3:3"}}, "required"),
        (BESLUIT, {"dwangsom": None}, "dwangsom hoort bij"),
        (BESLUIT, {"dwangsom": {"modaliteit": "per_overtreding", "bedrag": 500_000}}, "required"),
        (BESLUIT, {"dwangsom": {**DWANGSOM, "maximum": 499_999}}, "ten minste het bedrag"),
        (BESLUIT, {"dwangsom": {**DWANGSOM, "modaliteit": "ineens", "maximum": 600_000}}, "zelf het maximum"),
        (BESLUIT, {"dwangsom": {**DWANGSOM, "modaliteit": "per_tijdseenheid"}}, "tijdseenheid hoort"),
        (BESLUIT, {"dwangsom": {**DWANGSOM, "tijdseenheid": "week"}}, "tijdseenheid hoort"),
        (BESLUIT, {"dwangsom": {**DWANGSOM, "bedrag": 5000.5}}, "valid integer"),
        (BESLUIT, {"begunstigingTotEnMet": None}, "één begunstiging"),
        (BESLUIT, {"begunstiging": "direct"}, "één begunstiging"),
        (BESLUIT, {"begunstigingTotEnMet": "2023-03-01"}, "eindigt voor het besluit"),
        (BESLUIT, {"bijVolgendeOvertreding": "sluiting"}, "volgende overtreding"),
        (BESLUIT, {"beslotenDoor": {"door": "persoon_in_mandaat"}}, "mandaatbesluit"),
        (BESLUIT, {"beslotenDoor": {"door": "orgaan", "mandaatbesluit": "MB"}}, "mandaatbesluit"),
        (BESLUIT, {**lob(), **NO_LOD, "dwangsom": DWANGSOM}, "dwangsom hoort bij"),
        (
            BESLUIT,
            {**NO_LOD, **lob(bijVolgendeOvertreding="ontruiming", aangezegdeDuurMaanden=3)},
            "aangezegde sluiting",
        ),
        (BESLUIT, {**NO_LOD, **WAARSCHUWING, "herstelmaatregelen": ["anders"]}, "horen bij een last"),
        (BESLUIT, {**NO_LOD, **WAARSCHUWING, "begunstiging": "direct"}, "één begunstiging"),
        (BESLUIT, {**NO_LOD, "soort": BEVEL}, "evenredigheidstoets"),
        (BESLUIT, {**NO_LOD, "soort": SPOED}, "evenredigheidstoets"),
        ("invordering.voorgenomen", {"zienswijzeTotEnMet": "2023-04-03"}, "eindigt voor het voornemen"),
        ("maatregel.bekendgemaakt", {"betreft": "invordering"}, "noem de verbeurte"),
        ("maatregel.bekendgemaakt", {"verbeurte": str(V1)}, "noem de verbeurte"),
        (TOEPASSEN, {"evenredigheidstoets": None}, "required"),
        (TOEPASSEN, {"evenredigheidstoets": {"geschikt": "ja", "noodzakelijk": "ja"}}, "required"),
        (TOEPASSEN, {"tot": "2023-09-06"}, "past niet bij de duur"),
        (TOEPASSEN, {"tot": None, "duurMaanden": None}, "een duur of een einddag"),
        (TOEPASSEN, {"tot": "2023-06-05", "duurMaanden": None}, "na de dag van toepassing"),
        (TOEPASSEN, {"voorgenomenOp": None}, "hoort bij een voornemen"),
        (TOEPASSEN, {"voorgenomenOp": "2023-05-31"}, "eindigt voor het voornemen"),
        (TOEPASSEN, {"beslotenOp": "2023-05-22"}, "voor het voornemen"),
        (TOEPASSEN, {"bekendgemaaktOp": "2023-05-31"}, "voor het besluit"),
        (TOEPASSEN, {"machtigingTotBinnentredenOp": "2023-06-01"}, "Awbi 6"),
        (TOEPASSEN, {"machtigingTotBinnentredenOp": "2023-06-06"}, "van na de toepassing"),
    ],
)
def test_payload_is_refused(soort: str, wrong: Doc, waarom: str) -> None:
    registratie(soort, GOOD[soort], maatregel="M")
    inhoud = {key: value for key, value in {**GOOD[soort], **wrong}.items() if value is not None}
    assert waarom in ongeldig(soort, inhoud)


@pytest.mark.parametrize(
    "inhoud",
    [
        lod(dwangsom={"modaliteit": "per_tijdseenheid", "tijdseenheid": "week", "bedrag": 1, "maximum": 10}),
        lod(dwangsom={"modaliteit": "ineens", "bedrag": 1, "maximum": 1}),
        lod(herstelmaatregelen=["exploitatie_staken"]),
        lob(herstelmaatregelen=["exploitatie_staken", "anders"], aangezegdeDuurMaanden=3),
        WAARSCHUWING,
        {"soort": BEVEL, "opgelegdOp": "2023-03-02", "beslotenDoor": ORGAAN, "evenredigheidstoets": TOETS},
    ],
)
def test_payload_is_accepted(inhoud: Doc) -> None:
    assert opgelegd(inhoud).inhoud.as_doc()["soort"] == inhoud["soort"]
