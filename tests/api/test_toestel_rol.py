"""A device is approved for its carrier in a role: in a role of another kind he does not sign in on it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.hulp.replica import grant
from tests.hulp.sync_proef import melding
from tests.hulp.toestel_proef import Accounthouder, bearer, make_accounthouder, problem, revoke
from tests.hulp.toestellen import approve_role, end, enter
from tests.hulp.wereld import Wereld

ANDERS = (403, "toestel-andere-rol")
GEEN = (400, "aanmelden-mislukt")


@pytest.fixture
async def houder(wereld: Wereld) -> Accounthouder:
    return await make_accounthouder(wereld, "boa-1")


async def deliver(houder: Accounthouder, headers: dict[str, str]) -> list[tuple[str, str | None]]:
    body = {"batchId": "x", "verzondenOp": "2026-08-19T23:10:00Z", "ops": [melding(houder.wereld, houder.wie)]}
    answer = await houder.wereld.http.post("/sync/push", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return [(each["status"], each["code"]) for each in answer.json()["resultaten"]]


async def test_in_a_wider_role_the_device_is_refused_until_a_second_person_approved(houder: Accounthouder) -> None:
    """Broken: `(role.rol, role.organisatie) in soorten` made `True` in choose_role; then the first answer is 200."""
    wereld, toestel = houder.wereld, houder.persona.toestel
    regisseur = await grant(wereld, "boa-1", "regisseur", ["GM0243"])
    refused = await enter(houder, regisseur)
    assert problem(refused) == ANDERS
    assert refused.json()["error"] == "invalid_grant"
    assert (await enter(houder, houder.persona.roltoewijzing)).status_code == 200, "in his own role as before"
    assert (await enter(houder)).status_code == 200, "unnamed: the only one that runs and fits"
    assert await approve_role(wereld, toestel, regisseur) == (201, "")
    assert (await enter(houder, regisseur)).status_code == 200
    doc = (await wereld.get("beheerder", f"/toestellen/{toestel}")).json()
    assert [held["rol"] for held in doc["rollen"]] == ["boa", "regisseur"], "who approves sees what for"


async def test_the_same_role_elsewhere_is_another_role(houder: Accounthouder) -> None:
    """Broken: `role.organisatie` out of the pair."""
    ermelo = str(houder.wereld.organisaties["ermelo"])
    assert (
        problem(await enter(houder, await grant(houder.wereld, "boa-1", "boa", ["GM0233"], organisatie=ermelo)))
        == ANDERS
    )


async def test_a_role_granted_anew_needs_nothing(houder: Accounthouder) -> None:
    """Longer, or for more municipalities: who carries it, as what and for whom stays as it was approved."""
    anew = await grant(houder.wereld, "boa-1", "boa", ["GM0233", "GM0243"])
    await end(houder.wereld, houder.persona.roltoewijzing)
    for answer in (await enter(houder, anew), await enter(houder)):
        assert answer.status_code == 200
        assert await deliver(houder, bearer(answer)) == [("accepted", None)]


async def test_after_another_role_the_old_one_still_delivers(houder: Accounthouder) -> None:
    """Promise 4. Nobody lands in the ended role unasked, for what he delivers goes to quarantine then.

    Broken: `or gevraagd in ended` in choose_role; then what waits on the phone can only be delivered as another.
    """
    wereld, boa = houder.wereld, houder.persona.roltoewijzing
    await grant(wereld, "boa-1", "regisseur", ["GM0243"])
    await end(wereld, boa)
    assert problem(await enter(houder)) == ANDERS
    old = await enter(houder, boa)
    assert old.status_code == 200
    assert await deliver(houder, bearer(old)) == [("quarantined", "recht_ontbreekt")]
    assert problem(await wereld.http.get("/signalen", headers=bearer(old))) == (403, "geen-recht"), "it reads nothing"


async def test_without_any_role_left_a_device_still_delivers(houder: Accounthouder) -> None:
    """Also when the login is long over. Broken: `ended[0]` in choose_role made the refusal."""
    await end(houder.wereld, houder.persona.roltoewijzing)
    answer = await enter(houder)
    assert answer.status_code == 200
    assert await deliver(houder, bearer(answer)) == [("quarantined", "recht_ontbreekt")]
    assert problem(await houder.sign_in()) == GEEN, "without the device there is nothing to deliver"


async def test_a_device_found_again_delivers_in_the_role_that_ended(houder: Accounthouder) -> None:
    toestel, wereld = houder.persona.toestel, houder.wereld
    await revoke(wereld, toestel, "uit_dienst")
    await end(wereld, houder.persona.roltoewijzing)
    assert problem(await enter(houder)) == (403, "toestel-ingetrokken")
    soon = datetime.now(UTC) + timedelta(days=1)
    await wereld.make("beheerder-2", f"/toestellen/{toestel}/berging", {"inhoud": {"tot": soon.isoformat()}})
    assert await deliver(houder, bearer(await enter(houder))) == [("quarantined", "recht_ontbreekt")]


async def test_a_role_that_is_not_his_or_not_begun(houder: Accounthouder) -> None:
    """Broken: `Roltoewijzing.van <= nu` out of choose_role."""
    later = await grant(houder.wereld, "boa-1", "boa", ["GM0243"], van="2199-01-01T00:00:00Z")
    for rol in (later, houder.wereld.mensen["boa-2"].roltoewijzing):
        assert problem(await enter(houder, rol)) == GEEN


async def test_a_device_that_was_enrolled_for_no_role_is_for_none(houder: Accounthouder) -> None:
    wereld, persona, toestel = houder.wereld, houder.persona, UUID("0190aaaa-0000-7000-8000-00000000000b")
    inhoud = {"functionaris": str(persona.functionaris), "omschrijving": "tablet"}
    await wereld.make("beheerder", "/toestellen", {"onderwerp": {"toestel": str(toestel)}, "inhoud": inhoud})
    assert await approve_role(wereld, toestel, persona.roltoewijzing) == (409, "regel-geschonden"), "not approved yet"
    await wereld.make("beheerder-2", f"/toestellen/{toestel}/goedkeuring", {"inhoud": {}})
    wereld.mensen["boa-1"] = replace(persona, toestel=toestel)
    assert problem(await enter(houder)) == ANDERS
    assert await approve_role(wereld, toestel, persona.roltoewijzing) == (201, "")
    assert (await enter(houder)).status_code == 200


async def test_who_approves_a_further_role(houder: Accounthouder) -> None:
    """Broken: the `actor.beslissers & {…}` of the act's guard; then whoever granted the role approves it too."""
    wereld, toestel = houder.wereld, houder.persona.toestel
    regisseur = await grant(wereld, "boa-1", "regisseur", ["GM0243"])
    assert await approve_role(wereld, toestel, regisseur, "beheerder") == (409, "regel-geschonden")
    for door in ("regisseur-1", "boa-1", "pct-1"):
        assert await approve_role(wereld, toestel, regisseur, door) == (403, "geen-recht")
    theirs = wereld.mensen["pct-1"].roltoewijzing
    assert await approve_role(wereld, toestel, theirs) == (409, "regel-geschonden"), "a role of somebody else"
    assert await approve_role(wereld, toestel, regisseur) == (201, "")
    assert await approve_role(wereld, toestel, regisseur) == (409, "regel-geschonden"), "once"
    await revoke(wereld, toestel)
    pct = await grant(wereld, "boa-1", "pct", ["GM0243"])
    assert await approve_role(wereld, toestel, pct) == (409, "regel-geschonden"), "it was revoked"


async def test_with_a_further_role_the_regisseur_there_sees_the_device(houder: Accounthouder) -> None:
    """Broken: `gemeenten` out of with_role."""
    ermelo = await grant(houder.wereld, "boa-1", "pct", ["GM0233"])
    assert await approve_role(houder.wereld, houder.persona.toestel, ermelo) == (201, "")
    doc = (await houder.wereld.get("beheerder", f"/toestellen/{houder.persona.toestel}")).json()
    assert doc["gemeenten"] == ["GM0233", "GM0243"]
