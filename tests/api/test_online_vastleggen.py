"""Recording from a desk: the same engine, but what cannot hold is a problem at once and nothing is stored."""

from typing import Any
from uuid import uuid1, uuid4

import pytest
from httpx import Response
from uuid_utils.compat import uuid7

from tests.hulp.sync_proef import accepted, head, melding, mensenhandel
from tests.hulp.wereld import Wereld

NOW = "2026-08-19T23:10:00+02:00"


def signaal(**inhoud: Any) -> dict[str, Any]:
    smallest = {"bron": "overlastmelding", "gemeente": "GM0243"}
    return {"onderwerp": {"signaal": str(uuid7())}, "inhoud": smallest | inhoud}


def problem(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problemen/")


async def test_it_is_booked_like_what_a_device_sends(wereld: Wereld) -> None:
    before, sleutel = await head(wereld), uuid4()
    answer = await wereld.post("boa-1", "/signalen", signaal(), sleutel=sleutel)
    assert (answer.status_code, answer.json()["status"], answer.json()["pos"]) == (201, "accepted", before + 1)
    assert answer.json()["opId"] == str(sleutel)


@pytest.mark.parametrize(
    "sleutel", [None, "", "abc", str(uuid1()), str(uuid7())], ids=["none", "empty", "text", "version 1", "version 7"]
)
async def test_every_post_needs_a_key_of_version_4(wereld: Wereld, sleutel: str | None) -> None:
    before = await head(wereld)
    headers = wereld.headers("boa-1") | ({} if sleutel is None else {"Idempotency-Key": sleutel})
    answer = await wereld.http.post("/signalen", json={"waargenomenOp": NOW} | signaal(), headers=headers)
    assert problem(answer) == (400, "ongeldig-verzoek")
    assert await head(wereld) == before


async def test_a_replay_gets_the_first_answer(wereld: Wereld) -> None:
    velden, sleutel = signaal() | {"waargenomenOp": "1970-01-01T00:00:00Z"}, uuid4()
    first = await wereld.post("boa-1", "/signalen", velden, sleutel=sleutel)
    assert first.json()["vlaggen"] == ["datum_onwaarschijnlijk"]
    before = await head(wereld)
    again = await wereld.post("boa-1", "/signalen", velden, sleutel=sleutel)
    assert (again.status_code, again.json()) == (201, first.json())
    assert await head(wereld) == before


async def test_a_replay_says_again_what_to_erase(wereld: Wereld) -> None:
    op = mensenhandel(wereld, "boa-1")
    velden = {"onderwerp": op["onderwerp"], "inhoud": op["inhoud"]}
    answers = [await wereld.post("boa-1", "/mensenhandelsignalen", velden, sleutel=op["opId"]) for _ in range(2)]
    assert [answer.json()["wissen"] for answer in answers] == [True, True]


async def test_a_key_stands_for_one_content_of_one_person(wereld: Wereld) -> None:
    velden, sleutel = signaal(), uuid4()
    await wereld.post("boa-1", "/signalen", velden, sleutel=sleutel)
    before = await head(wereld)
    for wie, other in (("boa-1", signaal()), ("boa-2", velden)):
        answer = await wereld.post(wie, "/signalen", other, sleutel=sleutel)
        assert problem(answer) == (409, "id-andere-inhoud")
        assert velden["onderwerp"]["signaal"] not in answer.text
    assert await head(wereld) == before


async def test_what_a_device_sent_is_not_booked_again_online(wereld: Wereld) -> None:
    op = melding(wereld, "boa-1", versie=2, vastgelegdOp=None)
    (pushed,) = await accepted(wereld, "boa-1", {key: of for key, of in op.items() if key != "vastgelegdOp"})
    velden = {key: op[key] for key in ("onderwerp", "waargenomenOp", "inhoud")}
    answer = await wereld.post("boa-1", "/signalen", velden, sleutel=op["opId"])
    assert (answer.status_code, answer.json()["pos"]) == (201, pushed["pos"])


@pytest.mark.parametrize(
    ("wie", "pad", "velden", "expected"),
    [
        ("burgemeester-1", "/signalen", signaal(), (403, "geen-recht")),
        ("boa-1", "/signalen", signaal(gemeente="GM0233"), (403, "geen-recht")),
        ("boa-1", f"/signalen/{uuid7()}/beoordeling", {"inhoud": {"uitkomst": "onvoldoende"}}, (404, "niet-gevonden")),
        (
            "boa-1",
            "/signalen",
            signaal() | {"corrigeert": str(uuid4()), "basis": str(uuid4()), "reden": "fout"},
            (404, "niet-gevonden"),
        ),
        ("boa-1", "/signalen", signaal() | {"corrigeert": str(uuid4())}, (400, "ongeldig-verzoek")),
        ("boa-1", "/signalen", signaal() | {"waargenomenOp": "9999-12-31T23:59:59-12:00"}, (400, "ongeldig-verzoek")),
        ("boa-1", "/signalen", signaal() | {"waargenomen_op": NOW}, (400, "ongeldig-verzoek")),
        ("boa-1", "/signalen", signaal(tekst="x" * 70_000), (400, "ongeldig-verzoek")),
        ("boa-1", "/droomvelden", signaal(), (404, "niet-gevonden")),
    ],
)
async def test_a_refusal_is_a_problem_and_leaves_nothing(
    wereld: Wereld, wie: str, pad: str, velden: dict[str, Any], expected: tuple[int, str]
) -> None:
    before, sleutel = await head(wereld), uuid4()
    for _ in range(4):
        assert problem(await wereld.post(wie, pad, velden, sleutel=sleutel)) == expected
    assert await head(wereld) == before
    assert (await wereld.post("boa-2", "/signalen", signaal(), sleutel=sleutel)).status_code == 201


async def test_a_broken_rule_is_409_with_its_sentence(wereld: Wereld) -> None:
    velden = signaal()
    ident = velden["onderwerp"]["signaal"]
    await wereld.make("boa-1", "/signalen", velden)
    judged = {"inhoud": {"uitkomst": "onvoldoende"}}
    await wereld.make("boa-1", f"/signalen/{ident}/beoordeling", judged)
    before = await head(wereld)
    answer = await wereld.post("boa-1", f"/signalen/{ident}/beoordeling", judged)
    assert problem(answer) == (409, "regel-geschonden")
    assert answer.json()["detail"] == "Dit signaal is al beoordeeld."
    assert problem(await wereld.post("boa-1", "/signalen", velden)) == (409, "regel-geschonden")
    assert await head(wereld) == before
    assert (await wereld.get("regisseur-1", "/quarantaine")).json()["resultaten"] == []


async def test_what_is_not_yours_to_know_of_is_404_to_write_to(wereld: Wereld) -> None:
    velden = signaal(gemeente="GM0233")
    await wereld.make("boa-ermelo", "/signalen", velden)
    pad = f"/signalen/{velden['onderwerp']['signaal']}/beoordeling"
    answers = [
        await wereld.post("boa-1", of, {"inhoud": {"uitkomst": "onvoldoende"}})
        for of in (pad, f"/signalen/{uuid7()}/beoordeling")
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()


async def test_all_errors_are_named_at_once_and_nothing_is_repeated(wereld: Wereld) -> None:
    velden = {
        "waargenomenOp": "gisteren-0612345678",
        "onderwerp": {"signaal": "geen-uuid-0612345678"},
        "inhoud": {"bron": "roddel-0612345678", "gemeente": "Harderwijk", "telefoon0612345678": "0612345678"},
        "oefening": "misschien-0612345678",
    }
    answer = await wereld.post("boa-1", "/signalen", velden)
    assert problem(answer) == (400, "ongeldig-verzoek")
    named = {fout["veld"] for fout in answer.json()["fouten"]}
    assert named == {"waargenomenOp", "onderwerp.signaal", "inhoud", "inhoud.bron", "inhoud.gemeente", "oefening"}
    assert "0612345678" not in answer.text


ODD = {
    "a float": '"versienummer": 1.0',
    "an exponent": '"bedrag": 1e2',
    "NaN": '"bedrag": NaN',
    "2^53": '"bedrag": 9007199254740992',
    "a doubled name": '"tekst": "een", "tekst": "twee"',
    "NUL": '"tekst": "\\u0000"',
    "a lone surrogate": '"tekst": "\\ud800"',
    "40 levels": f'"tekst": {"[" * 40}{"]" * 40}',
    "five thousand levels": f'"tekst": {"[" * 5000}{"]" * 5000}',
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
async def test_what_cannot_be_sealed_is_400(wereld: Wereld, odd: str) -> None:
    before = await head(wereld)
    inhoud = f'{{"bron": "overlastmelding", "gemeente": "GM0243", {odd}}}'
    body = f'{{"waargenomenOp": "{NOW}", "onderwerp": {{"signaal": "{uuid7()}"}}, "inhoud": {inhoud}}}'
    headers = wereld.headers("boa-1") | {"Idempotency-Key": str(uuid4()), "Content-Type": "application/json"}
    assert problem(await wereld.http.post("/signalen", content=body, headers=headers)) == (400, "ongeldig-verzoek")
    assert await head(wereld) == before


EDGES = ("9999-12-31T23:59:59-05:00", "9999-12-31T23:30:00Z", "0001-01-01T00:00:00+05:00")


@pytest.mark.parametrize("moment", EDGES)
async def test_a_moment_over_the_edge_of_the_calendar_is_refused(wereld: Wereld, moment: str) -> None:
    """Broken: `Moment` without its look at UTC is a 500 online, and never an answer about what is wrong."""
    pad = f"/roltoewijzingen/{wereld.mensen['avim-1'].roltoewijzing}/beeindiging"
    for velden in ({"inhoud": {"op": moment}}, {"inhoud": {"op": "2026-09-01T00:00:00Z"}, "waargenomenOp": moment}):
        answer = await wereld.post("beheerder", pad, velden)
        assert (answer.status_code, answer.json()["type"]) == (400, "/problemen/ongeldig-verzoek"), answer.text
        assert moment not in answer.text
