"""The reference that a document has in the system of whoever recorded it; where a signaal came from, and when."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from tests.hulp.keten import ERMELO, HARDERWIJK, build_keten
from tests.hulp.maatregelen import GROND
from tests.hulp.sync_proef import accepted, correctie, doorhaling, melding, verdict
from tests.hulp.wereld import Wereld

BRON = {"systeem": "zaaksysteem", "kenmerk": "2026-0012"}
BESTAAT = ("quarantined", "kenmerk_bestaat")
NEEM_OVER = {"bronkenmerk": BRON}


def meld(wereld: Wereld, wie: str, **inhoud: Any) -> Any:
    return melding(wereld, wie, inhoud={"bronkenmerk": BRON, **inhoud}, versie=2)


async def test_it_is_unique_within_organisation_and_system(wereld: Wereld) -> None:
    """Broken: `is_taken` always False; without the organisation, or the system, in `source_of`."""
    first, again = meld(wereld, "boa-1"), meld(wereld, "boa-2")
    others = [
        meld(wereld, "boa-2", bronkenmerk={**BRON, "systeem": "meldingen"}),
        meld(wereld, "boa-2", bronkenmerk={**BRON, "kenmerk": "2026-0013"}),
    ]
    assert [verdict(r) for r in await wereld.push("boa-1", first, meld(wereld, "boa-1"))] == [
        ("accepted", None),
        BESTAAT,
    ]
    assert [verdict(r) for r in await wereld.push("boa-2", again, *others)] == [BESTAAT, *[("accepted", None)] * 2]
    await accepted(wereld, "boa-ermelo", meld(wereld, "boa-ermelo", gemeente=ERMELO))
    await accepted(wereld, "pct-1", meld(wereld, "pct-1"))
    told = [change["doc"]["code"] for change in (await wereld.pull("boa-2"))[0] if change["collectie"] == "ontvangsten"]
    assert told == ["kenmerk_bestaat"]


async def test_online_it_is_told_at_once_and_nothing_of_the_other(wereld: Wereld) -> None:
    await accepted(wereld, "boa-1", first := meld(wereld, "boa-1", tekst="van een buurvrouw"))
    body = {"onderwerp": {"signaal": str(uuid7())}, "inhoud": {**first["inhoud"], "tekst": "nog een keer"}}
    answer = await wereld.post("boa-2", "/signalen", body)
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]) == (409, "kenmerk-bestaat")
    assert first["onderwerp"]["signaal"] not in answer.text
    assert "buurvrouw" not in answer.text
    await accepted(wereld, "boa-1", doorhaling(wereld, "boa-1", first, "signaal"))
    assert (await wereld.post("boa-2", "/signalen", body)).status_code == 201, "what is struck holds it no more"


async def test_a_colleague_does_not_learn_that_there_is_what_he_may_not_see(wereld: Wereld) -> None:
    """Boa-1 took in what the police told, which boa-2 does not read: for him it is not there, recording or correcting.

    Who sees it is told. Broken: `sees` out of `is_taken`.
    """
    await accepted(wereld, "boa-1", told := meld(wereld, "boa-1", bron="politie"))
    assert (await wereld.get("boa-2", f"/signalen/{told['onderwerp']['signaal']}")).status_code == 404
    body = {"onderwerp": {"signaal": str(uuid7())}, "inhoud": told["inhoud"]}
    assert (await wereld.post("boa-1", "/signalen", body)).status_code == 409
    own = melding(wereld, "boa-2", versie=2)
    await accepted(wereld, "boa-2", own, correctie(wereld, "boa-2", own, **NEEM_OVER))
    await accepted(wereld, "boa-2", doorhaling(wereld, "boa-2", own, "signaal"))
    for status in (201, 409):
        body = {"onderwerp": {"signaal": str(uuid7())}, "inhoud": meld(wereld, "boa-2")["inhoud"]}
        assert (await wereld.post("boa-2", "/signalen", body)).status_code == status, "then there is his own"


async def test_of_two_at_the_same_moment_one_gets_it(wereld: Wereld) -> None:
    """Broken: the lock out of `load_same_source`."""
    for n in range(4):
        bron = {**BRON, "kenmerk": f"gelijk-{n}"}
        both = [wereld.push(wie, meld(wereld, wie, bronkenmerk=bron)) for wie in ("boa-1", "boa-2")]
        found = [verdict(r) for results in await asyncio.gather(*both) for r in results]
        assert sorted(found, key=str) == [("accepted", None), BESTAAT]


async def test_a_reference_that_is_taken_cannot_be_taken_by_correcting(wereld: Wereld) -> None:
    taken, other = meld(wereld, "boa-1"), melding(wereld, "boa-1", versie=2)
    await accepted(wereld, "boa-1", taken, other)
    assert [verdict(r) for r in await wereld.push("boa-1", correctie(wereld, "boa-1", other, **NEEM_OVER))] == [BESTAAT]
    own = correctie(wereld, "boa-1", taken, tekst="beter")
    await accepted(wereld, "boa-1", own)


async def test_another_organisation_neither_changes_it_nor_learns_from_trying(wereld: Wereld) -> None:
    """Whether the reference that it tries is there or not, the answer is the same; an app that knows it not keeps it.

    Broken: `is_given_by_another` always False.
    """
    await accepted(
        wereld,
        "boa-1",
        first := meld(wereld, "boa-1"),
        hidden := meld(wereld, "boa-1", bronkenmerk={**BRON, "kenmerk": "2026-0099"}),
    )
    assert hidden["inhoud"]["bronkenmerk"]["kenmerk"] == "2026-0099"
    tries = [{**BRON, "kenmerk": kenmerk} for kenmerk in ("2026-0099", "2026-0100")]
    found = [await wereld.push("pct-1", correctie(wereld, "pct-1", first, bronkenmerk=bron)) for bron in tries]
    assert [verdict(r) for results in found for r in results] == [("quarantined", "recht_ontbreekt")] * 2
    old = correctie(wereld, "pct-1", first, tekst="beter") | {"versie": 1}
    del old["inhoud"]["bronkenmerk"]
    await accepted(wereld, "pct-1", old)
    doc = (await wereld.get("boa-1", f"/signalen/{first['onderwerp']['signaal']}")).json()
    assert (doc["tekst"], doc["bronkenmerk"]) == ("beter", BRON)


async def test_rapportage_and_maatregel_have_theirs(wereld: Wereld) -> None:
    """Each kind its own: the case number of the measure may be that of the signaal."""
    keten = await build_keten(wereld)
    await accepted(wereld, "boa-1", meld(wereld, "boa-1"))
    inhoud = {
        "soort": "bestuurlijke_rapportage",
        "controles": [str(keten["afgerond"])],
        "gemeente": HARDERWIJK,
        "tekst": "Gezien.",
        **NEEM_OVER,
    }
    for status in (201, 409):
        body = {"onderwerp": {"rapportage": str(uuid7())}, "inhoud": inhoud}
        assert (await wereld.post("pct-1", "/rapportages", body)).status_code == status
    voornemen = {
        "soort": "waarschuwing",
        "bevoegdOrgaan": "burgemeester",
        "grondslag": GROND,
        "adressaten": [{"hoedanigheid": "exploitant", "reden": "exploiteert het pand"}],
        "voorgenomenOp": "2026-08-20",
        "nietGehoordReden": "spoed",
        **NEEM_OVER,
    }
    for status in (201, 409):
        onderwerp = {"maatregel": str(uuid7()), "locatie": str(keten["pand"])}
        answer = await wereld.post("jurist-1", "/maatregelen", {"onderwerp": onderwerp, "inhoud": voornemen})
        assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"systeem": "a|b"},
        {"kenmerk": ""},
        {"kenmerk": "jan@voorbeeld.nl"},
        {"kenmerk": "Jan Jansen"},
        {"kenmerk": "06-12345678"},
        {"kenmerk": "123456782"},
        {"systeem": None},
    ],
)
async def test_what_is_no_reference_is_refused(wereld: Wereld, wrong: dict[str, Any]) -> None:
    body = {
        "onderwerp": {"signaal": str(uuid7())},
        "inhoud": {**meld(wereld, "boa-1")["inhoud"], "bronkenmerk": BRON | wrong},
    }
    answer = await wereld.post("boa-1", "/signalen", body)
    assert answer.status_code == 400
    assert "voorbeeld.nl" not in answer.text


async def test_a_signaal_says_who_took_it_in_and_the_moments_its_age_follows_from(wereld: Wereld) -> None:
    signaal = melding(wereld, "boa-1")
    await accepted(wereld, "boa-1", signaal)
    doc = (await wereld.get("regisseur-1", f"/signalen/{signaal['onderwerp']['signaal']}")).json()
    assert (doc["bron"], doc["organisatie"]) == ("overlastmelding", str(wereld.organisaties["harderwijk"]))
    assert doc["gemeldOp"] == "2026-08-19T21:10:00Z"
    received = datetime.fromisoformat(doc["ontvangenOp"])
    assert abs(datetime.now(received.tzinfo) - received) < timedelta(minutes=5)
    await accepted(wereld, "boa-1", correctie(wereld, "boa-1", signaal, overlastsoort="geluid"))
    again = (await wereld.get("regisseur-1", f"/signalen/{signaal['onderwerp']['signaal']}")).json()
    assert again["ontvangenOp"] == doc["ontvangenOp"], "of the report, not of its correction"
