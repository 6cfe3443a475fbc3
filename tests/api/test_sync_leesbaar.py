"""What canonical JSON refuses is kept with its exact bytes, beside the others in its batch (ontwerp/sync.md)."""

import json

import pytest

from app.postgres import Server
from tests.hulp.sync_proef import head, melding, raw_op, results_of, select, verdict
from tests.hulp.wereld import Wereld

UNCANONICAL = {
    "a float": '{"bron": "politie", "bedrag": 1.0}',
    "an exponent": '{"bedrag": 1e2}',
    "not a number": '{"bedrag": NaN}',
    "infinity": '{"bedrag": -Infinity}',
    "2^53": '{"bedrag": 9007199254740992}',
    "five thousand digits": f'{{"bedrag": {"9" * 5000}}}',
    "NUL": '{"tekst": "a\\u0000b"}',
    "a lone surrogate": '{"tekst": "\\ud83d"}',
    "a lone surrogate in a name": '{"\\udc00": 1}',
    "a doubled name": '{"bron": "politie",\t"bron": "overlastmelding"}',
    "a doubled name, escaped": '{"bron": "politie", "b\\u0072on": "politie"}',
    "33 levels": '{"a":' * 33 + "1" + "}" * 33,
    "five thousand levels": '{"a":' * 5000 + "1" + "}" * 5000,
}


@pytest.mark.parametrize("inhoud", UNCANONICAL.values(), ids=UNCANONICAL)
async def test_it_is_kept_byte_for_byte(wereld: Wereld, database: Server, inhoud: str) -> None:
    before = await head(wereld)
    good, odd = melding(wereld, "boa-1"), melding(wereld, "boa-1")
    sent = raw_op(odd, inhoud)
    results = await results_of(wereld, "boa-1", json.dumps(good), f" \n {sent} ")
    assert [verdict(result) for result in results] == [("accepted", None), ("quarantined", "niet_canoniek")]
    assert (results[1]["opId"], results[1]["pos"]) == (odd["opId"], before + 2)
    ((kept, omslag, zaak),) = await select(
        database, "SELECT mensenhandel, omslag, zaak FROM kluis.inhoud WHERE pos = :pos", pos=before + 2
    )
    assert (kept.decode(), omslag, zaak) == (sent, None, None)
    (again,) = await results_of(wereld, "boa-1", sent)
    assert (again["status"], again["eerste"]["pos"]) == ("duplicate", before + 2)


async def test_large_numbers_that_are_safe_and_characters_beyond_the_bmp_are_read(wereld: Wereld) -> None:
    op = melding(wereld, "boa-1", inhoud={"tekst": "\U0001f6aa é \\u0000"}, deviceSeq=2**53 - 1)
    (result,) = await results_of(wereld, "boa-1", json.dumps(op))
    assert verdict(result) == ("accepted", None)
