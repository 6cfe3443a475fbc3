"""What somebody hears who does something wrong: where, and what would be right. Nothing of what he sent."""

from typing import Any
from uuid import uuid4

import orjson
import pytest
from uuid_utils.compat import uuid7

from app.problems import ALLE, MetFouten
from app.services.lezen.cijfers import EEN_SNEDE, HELE_PERIODEN
from tests.hulp.sync_proef import melding
from tests.hulp.wereld import Wereld

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TWICE = "Een naam staat er twee keer in."
WRONG: dict[str, tuple[str, dict[str, Any], str]] = {
    "a cursor of a list": ("/signalen", {"cursor": "rommel"}, "cursor"),
    "a cursor of what has a name": ("/naslag", {"cursor": "rommel"}, "cursor"),
    "a cursor of changes": ("/sync/pull", {"cursor": "rommel"}, "cursor"),
    "a collection": ("/sync/pull", {"collecties": "dromen"}, "collecties"),
    "a collection of WatermelonDB": ("/sync/watermelon/pull", {"collecties": "dromen"}, "collecties"),
    "days that run back": ("/signalen", {"van": "2026-02-02", "totEnMet": "2026-01-31"}, "totEnMet"),
}


def told(answer: Any) -> dict[str, str]:
    assert answer.status_code == 400, answer.text
    return {fout["veld"]: fout["melding"] for fout in answer.json()["fouten"]}


@pytest.mark.parametrize("case", WRONG)
async def test_each_400_says_where(wereld: Wereld, case: str) -> None:
    """Broken: `veld` out of any of them; the `fouten` that `MetFouten` makes."""
    pad, asked, veld = WRONG[case]
    answer = await wereld.get("boa-1", pad, **asked)
    assert told(answer) == {veld: answer.json()["detail"]}


def test_whatever_answers_400_has_mistakes_to_name() -> None:
    """Broken: `MetFouten` out of one; any of them out of `ALLE`."""
    kinds = [kind for kind in ALLE if kind.status == 400]
    assert len(kinds) > 4
    assert [kind for kind in kinds if not issubclass(kind, MetFouten)] == []
    assert len({kind.slug for kind in ALLE}) == len(ALLE)


async def test_a_form_says_all_that_is_wrong_and_no_name_of_the_sender(wereld: Wereld) -> None:
    """Beside the code of RFC 6749. Broken: `fouten_of` in `_read_form`; `veld` of a `_malformed`."""
    for form, velden in (
        ("grant_type=refresh_token&jansen=1&client_ids=x", {"refresh_token"}),
        ("wachtwoord=x", {"grant_type"}),
        ("grant_type=magie", {"grant_type"}),
        ("grant_type=password&grant_type=password", {"verzoek"}),
        ("rommel", {"verzoek"}),
    ):
        answer = await wereld.http.post("/oauth/token", content=form, headers=FORM)
        assert told(answer).keys() == velden, form
        assert answer.json()["error"] in {"invalid_request", "unsupported_grant_type"}
        assert "jansen" not in answer.text


async def test_a_batch_says_all_that_is_wrong_around_it(wereld: Wereld) -> None:
    """Broken: `split_around` where there is no list; `by_name`; `told_of` in `read_batch`."""
    headers, required = wereld.headers("boa-1") | JSON, "Dit veld is verplicht."
    for batch, fouten in (
        ({}, {"batchId": required, "verzondenOp": required, "ops": required}),
        ({"batchId": 1, "verzondenOp": "gisteren", "ops": []}, {"batchId", "verzondenOp"}),
        ({"batch_id": "x", "verzondenOp": "2026-08-19T23:10:00Z", "ops": {}}, {"batchId", "verzoek", "ops"}),
        ([], {"verzoek": "Hier hoort een object met velden."}),
    ):
        found = told(await wereld.http.post("/sync/push", content=orjson.dumps(batch), headers=headers))
        assert (found if isinstance(fouten, dict) else found.keys()) == fouten, batch


async def test_figures_say_all_that_cannot_be_asked(wereld: Wereld) -> None:
    """Broken: each `bezwaren.say`; a `raise` for one; `unit or "jaar"`."""
    asked = {"gemeente": "GM0243", "van": "2026-03-05", "totEnMet": "2026-01-31"}
    both = {"locatiesoort": "woning", "thema": "prostitutie"}
    found = told(await wereld.get("jurist-1", "/cijfers", **asked, **both))
    assert found == {"totEnMet": "totEnMet ligt voor van.", "van": HELE_PERIODEN, "per": EEN_SNEDE}
    long = {"gemeente": "GM0243", "van": "1200-01-01", "totEnMet": "2026-01-31", "per": "maand"}
    assert told(await wereld.get("regisseur-1", "/cijfers", **long)).keys() == {"per"}


async def test_a_code_that_is_none_is_answered_with_one_that_is(wereld: Wereld) -> None:
    """In a question and in what is recorded. Broken: `zoals` of a `Vorm`; `Gemeentecode` as text only."""
    melding = "De waarde heeft niet de juiste vorm, zoals GM0243."
    assert told(await wereld.get("boa-1", "/signalen", gemeente="Harderwijk")) == {"gemeente": melding}
    days = {"van": "2026-01-01", "totEnMet": "2026-12-31"}
    figures = await wereld.get("regisseur-1", "/cijfers", gemeente="Harderwijk", **days)
    assert list(told(figures).values()) == [melding]
    body = {"onderwerp": {"signaal": str(uuid7())}, "inhoud": {"bron": "overlastmelding", "gemeente": "GM0243\n"}}
    assert told(await wereld.post("boa-1", "/signalen", body)) == {"inhoud.gemeente": melding}


async def test_a_name_that_is_there_twice_is_said_to_be(wereld: Wereld) -> None:
    """Through each door. Broken: a row of `_ONVERZEGELBAAR`; `why` out of an `unreadable`; `unsealable` out of one."""
    w, op = wereld, melding(wereld, "boa-1")
    twice = orjson.dumps(op).replace(b'"gemeente"', b'"bron":"overlastmelding","gemeente"')
    batch = b'{"batchId":"x","verzondenOp":"2026-08-19T23:10:00Z","ops":[' + twice + b"]}"
    (result,) = (await w.http.post("/sync/push", content=batch, headers=w.headers("boa-1") | JSON)).json()["resultaten"]
    assert (result["code"], result["fouten"]) == ("niet_canoniek", [{"veld": "verzoek", "melding": TWICE}])
    velden = orjson.dumps({name: op[name] for name in ("waargenomenOp", "onderwerp", "inhoud")})
    velden = velden.replace(b'"gemeente"', b'"bron":"overlastmelding","gemeente"')
    for pad, body in (
        ("/signalen", velden),
        ("/sync/push", batch.replace(b'"batchId"', b'"batchId":"y","batchId"')),
        ("/sync/watermelon/push?verzondenOp=2026-08-19T21:12:00Z", b'{"registraties":{},"registraties":{}}'),
    ):
        headers = w.headers("boa-1") | JSON | {"Idempotency-Key": str(uuid4())}
        assert told(await w.http.post(pad, content=body, headers=headers)) == {"verzoek": TWICE}, pad
