"""locatie.vastgelegd."""

from uuid import UUID

import pytest

from app.registraties.register import AGGREGATEN
from app.vocabulary import Sectie
from tests.hulp.bouw import BOA, PCT, afgeleid, ident, omgeving, ongeldig, registratie, vernietigd, vouw

ADRES = {
    "straat": "Testlaan",
    "huisnummer": "7",
    "toevoeging": "B",
    "postcode": "9999ZB",
    "plaats": "Harderwijk",
}
WONING = {"soort": "woning", "feitelijkBewoond": "ja", "gemeente": "GM0243", "hoedanigheid": "toezicht"}
KIND = AGGREGATEN["locatie"]


def _vastgelegd(inhoud, **kwargs):
    return registratie("locatie.vastgelegd", inhoud, **{"locatie": "L"} | kwargs)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"bagId": "123"},
        {"bagId": 1234567890123456},
        {"bagId": "٠١٢٣٤٥٦٧٨٩٠١٢٣٤٥"},
        {"adres": ADRES | {"postcode": "9999 ZB"}},
        {"adres": ADRES | {"postcode": "9999zb"}},
        {"adres": ADRES | {"huisnummer": 7}},
        {"adres": ADRES | {"huisnummer": "7B"}},
        {"adres": ADRES | {"huisletter": "BB"}},
        {"adres": ADRES | {"bewoner": "iemand"}},
        {"adres": ADRES, "telefoon": "iets"},
    ],
)
def test_a_place_can_be_found_and_is_nothing_else(wrong):
    assert ongeldig("locatie.vastgelegd", WONING | wrong)


@pytest.mark.parametrize(
    ("where", "sleutel"),
    [
        ({"bagId": "0243010000000001"}, "GM0243|bag:0243010000000001"),
        ({"bagId": "0243010000000001", "adres": ADRES}, "GM0243|bag:0243010000000001"),
        ({"adres": ADRES}, "gm0243|9999zb|7|b"),
        ({"adres": ADRES | {"toevoeging": " b "}}, "gm0243|9999zb|7|b"),
        ({"adres": {**ADRES, "huisletter": "B", "toevoeging": None}}, "gm0243|9999zb|7|b"),
        ({"adres": ADRES | {"huisletter": "A", "toevoeging": "2-hg"}}, "gm0243|9999zb|7|a2hg"),
        ({"adres": ADRES | {"toevoeging": None}}, "gm0243|9999zb|7|"),
        ({"plaatsaanduiding": "camper op het parkeerterrein"}, None),
    ],
)
def test_the_same_address_has_the_same_key(where, sleutel):
    r = _vastgelegd(WONING | where)
    assert KIND.sleutel(r) == sleutel
    assert KIND.sleutels(r.inhoud) == ((sleutel, f"politie|{sleutel}", f"opsporing|{sleutel}") if sleutel else ())
    assert KIND.columns(vouw([r])) == {
        "sleutel": sleutel or f"id:{ident('L')}",
        "soort": "woning",
        "canoniek": ident("L"),
    }


def test_a_place_as_it_goes_over_the_wire():
    doc = vouw([_vastgelegd(WONING | {"adres": ADRES})])
    assert {key: value for key, value in doc.items() if not key.startswith("_")} == {
        "id": str(ident("L")),
        "canoniek": str(ident("L")),
        **WONING,
        "adres": ADRES,
    }
    assert KIND.scopes(doc) == {
        "gebied:GM0243",
        f"deelnemer:{BOA.functionaris}",
        f"organisatie:{BOA.organisatie}",
    }


def test_the_first_in_the_ledger_is_canonical():
    first = UUID("01890000-0000-7000-8000-000000000001")
    doc = vouw([_vastgelegd(WONING | {"adres": ADRES})], omgeving(canoniek=first))
    assert (doc["id"], doc["canoniek"]) == (str(ident("L")), str(first))


def test_others_copy_an_address_that_is_always_there():
    said = {"plaatsaanduiding": "woonboot bij de sluis"}
    assert vouw([_vastgelegd(WONING | said)])["adres"] == said
    assert vouw([_vastgelegd(WONING | {"bagId": "0243010000000001"})])["adres"] == {}


@pytest.mark.parametrize("gone", [Sectie.ZAAK, Sectie.TEKST])
def test_what_was_destroyed_folds_as_absent(gone):
    whole = [_vastgelegd(WONING | {"adres": ADRES, "plaatsaanduiding": "achterom"})]
    doc = vernietigd("locatie", whole, gone)
    assert doc["adres"] == ({"plaatsaanduiding": "achterom"} if gone is Sectie.ZAAK else ADRES)
    afgeleid("locatie", doc)


@pytest.mark.parametrize(
    ("door", "hoedanigheid", "begin"),
    [
        (BOA, "toezicht", ""), (BOA, "opsporing", "opsporing|"), (PCT, "toezicht", ""), (PCT, "opsporing", "politie|"),
        (PCT, "vreemdelingentoezicht", "politie|"),
    ],
)  # fmt: skip
def test_the_first_of_an_address_is_the_first_in_its_compartment(door, hoedanigheid, begin):
    r = _vastgelegd(WONING | {"adres": ADRES, "hoedanigheid": hoedanigheid}, door=door)
    assert KIND.sleutel(r) == KIND.columns(vouw([r]))["sleutel"] == f"{begin}gm0243|9999zb|7|b"
