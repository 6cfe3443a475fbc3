"""Orders to devices: signed, for one device, carried by the refusal or the handshake, reported when done."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.access.tokens import Opdrachtbrief, Sleutelbos, mint_access_token, sign_order
from tests.hulp.sync_proef import accepted, head, melding
from tests.hulp.toestel_proef import make_accounthouder, problem, revoke, set_clock, shake
from tests.hulp.toestellen import give_order, stand
from tests.hulp.wereld import Wereld
from veldboek_client.sleutel import read_order


async def report(wereld: Wereld, brief: str) -> Any:
    return await wereld.http.post("/toestelopdrachten/uitvoering", json={"opdracht": brief})


async def test_a_stolen_device_is_told_to_erase_itself_on_every_call(wereld: Wereld) -> None:
    """Also at refresh and sign-in, for its access token is soon over. Then it says that it did.

    Broken: `raise await revoked(…)` in authenticate made `raise`; then no order comes with the refusal.
    """
    houder = await make_accounthouder(wereld, "boa-1")
    toestel = houder.persona.toestel
    assert toestel is not None
    signed_in = await houder.sign_in(toestel)
    server = (await shake(wereld, "boa-1")).json()["opdrachtsleutel"]
    await revoke(wereld, toestel, "gestolen")
    refused = [
        await wereld.get("boa-1", "/ik"),
        await wereld.get("boa-1", "/sync/pull"),
        await shake(wereld, "boa-1"),
        await houder.sign_in(toestel),
        await houder.refresh(signed_in.json()["refresh_token"]),
    ]
    assert [problem(answer) for answer in refused] == [(403, "toestel-ingetrokken")] * 5
    orders = [read_order(answer.json()["opdracht"], server=server, toestel=toestel) for answer in refused]
    assert [(order.soort, order.onverzonden_wissen) for order in orders if order] == [("wissen", False)] * 5
    assert (await stand(wereld))["gewistOp"] is None
    done = await report(wereld, refused[0].json()["opdracht"])
    assert done.status_code == 200
    found = await stand(wereld)
    assert found["gewistOp"] == done.json()["uitgevoerdOp"] == found["opdrachten"][0]["uitgevoerdOp"]
    again = await report(wereld, refused[1].json()["opdracht"])
    assert again.json() == done.json(), "the first moment stands"
    after = await wereld.get("boa-1", "/ik")
    assert problem(after) == (403, "toestel-ingetrokken")
    assert "opdracht" not in after.json(), "it did already"


async def test_a_replaced_device_is_only_refused(wereld: Wereld) -> None:
    await revoke(wereld, wereld.mensen["boa-1"].toestel, "vervangen")
    assert "opdracht" not in (await wereld.get("boa-1", "/ik")).json()
    await give_order(wereld, "wissen")
    assert "opdracht" in (await wereld.get("boa-1", "/ik")).json(), "asked for afterwards"


async def test_a_live_device_hears_its_orders_at_the_handshake(wereld: Wereld) -> None:
    """Oldest first, until it reports them done, and nobody else hears them."""
    toestel = wereld.mensen["boa-1"].toestel
    assert toestel is not None
    fetch, erase = await give_order(wereld, "opnieuw_ophalen"), await give_order(wereld, "wissen")
    told = (await shake(wereld, "boa-1")).json()
    assert [order["soort"] for order in told["orders"]] == ["opnieuw_ophalen", "wissen"]
    assert (await shake(wereld, "boa-2")).json()["orders"] == []
    server = told["opdrachtsleutel"]
    first = told["orders"][0]["opdracht"]
    assert read_order(first, server=server, toestel=toestel) is not None
    assert read_order(first, server=server, toestel=uuid4()) is None, "bound to the device"
    claims = json.loads(base64.urlsafe_b64decode(first.split(".")[1] + "=="))
    assert (claims["jti"], claims["sub"]) == (fetch, str(toestel))
    assert (await report(wereld, first)).status_code == 200
    assert [order["soort"] for order in (await shake(wereld, "boa-1")).json()["orders"]] == ["wissen"]
    assert [order["id"] for order in (await stand(wereld))["opdrachten"]] == [fetch, erase]
    assert (await stand(wereld))["gewistOp"] is None
    await accepted(wereld, "boa-1", melding(wereld, "boa-1"))


@pytest.mark.parametrize("door", ["boa-1", "boa-2", "regisseur-1", "burgemeester-1"])
async def test_only_an_administrator_gives_orders(wereld: Wereld, door: str) -> None:
    before, pad = await head(wereld), f"/toestellen/{wereld.mensen['boa-1'].toestel}/opdrachten"
    assert problem(await wereld.post(door, pad, {"inhoud": {"opdracht": "wissen"}})) == (403, "geen-recht")
    assert await head(wereld) == before


async def test_orders_that_make_no_sense_are_refused(wereld: Wereld) -> None:
    pad = f"/toestellen/{wereld.mensen['boa-1'].toestel}/opdrachten"
    for inhoud in ({"opdracht": "logboek_sturen"}, {"opdracht": "opnieuw_ophalen", "onverzondenWissen": True}, {}):
        assert (await wereld.post("beheerder", pad, {"inhoud": inhoud})).status_code == 400
    await revoke(wereld, wereld.mensen["boa-1"].toestel, "vervangen")
    late = await wereld.post("beheerder", pad, {"inhoud": {"opdracht": "opnieuw_ophalen"}})
    assert problem(late) == (409, "regel-geschonden")


async def test_what_was_never_delivered_is_destroyed_by_two_people(wereld: Wereld) -> None:
    """It can be evidence. Broken: the call of refuse_alone in opgedragen, and that in ingetrokken."""
    toestel = wereld.mensen["boa-1"].toestel
    order, revocation = f"/toestellen/{toestel}/opdrachten", f"/toestellen/{toestel}/intrekking"
    all_of_it = {"inhoud": {"opdracht": "wissen", "onverzondenWissen": True}}
    stolen = {"inhoud": {"reden": "gestolen", "onverzondenWissen": True}}

    async def ask(door: str, pad: str, body: Any) -> tuple[int, str]:
        return problem(await wereld.post(door, pad, body))

    alone = (409, "regel-geschonden")
    assert await ask("beheerder", order, all_of_it) == alone
    assert await ask("beheerder", revocation, stolen) == alone
    await give_order(wereld, "wissen")
    await give_order(wereld, "opnieuw_ophalen", door="beheerder-2")
    assert await ask("beheerder", order, all_of_it) == alone, (
        "his own order does not count, nor another one of somebody"
    )
    assert await ask("beheerder", revocation, stolen) == alone
    assert await ask("beheerder-2", revocation, stolen) == (201, "")
    orders = (await stand(wereld))["opdrachten"]
    assert [each["onverzondenWissen"] for each in orders if each["soort"] == "wissen"] == [False, True]


async def test_the_order_that_goes_with_a_theft_is_the_first_of_two(wereld: Wereld) -> None:
    await revoke(wereld, wereld.mensen["boa-1"].toestel, "gestolen")
    await give_order(wereld, "wissen", door="beheerder-2", onverzondenWissen=True)
    assert "opdracht" in (await wereld.get("boa-1", "/ik")).json()


ANDER = Sleutelbos.generate()
NU = datetime.now(UTC)
BRIEF = Opdrachtbrief(uuid4(), uuid4(), "wissen", onverzonden_wissen=False)
ISSUER = "http://127.0.0.1:8000"


def edited(brief: str, part: int, **changes: Any) -> str:
    parts = brief.split(".")
    value = json.loads(base64.urlsafe_b64decode(parts[part] + "==")) | changes
    parts[part] = base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
    return ".".join(parts)


HOSTILE: dict[str, Callable[[Sleutelbos], str]] = {
    "nothing": lambda _: "",
    "no order": lambda _: "a.b.c",
    "of another server": lambda _: sign_order(ANDER, BRIEF, issuer=ISSUER, nu=NU),
    "of another address": lambda bos: sign_order(bos, BRIEF, issuer="https://elders.test", nu=NU),
    "too old": lambda bos: sign_order(bos, BRIEF, issuer=ISSUER, nu=NU - timedelta(days=31)),
    "of tomorrow": lambda bos: sign_order(bos, BRIEF, issuer=ISSUER, nu=NU + timedelta(days=1)),
    "for another device": lambda bos: edited(sign_order(bos, BRIEF, issuer=ISSUER, nu=NU), 1, sub=str(uuid4())),
    "alg none": lambda bos: edited(sign_order(bos, BRIEF, issuer=ISSUER, nu=NU), 0, alg="none"),
    "typ of a token": lambda bos: edited(sign_order(bos, BRIEF, issuer=ISSUER, nu=NU), 0, typ="at+jwt"),
    "an access token": lambda bos: mint_access_token(
        bos, issuer=ISSUER, functionaris=uuid4(), roltoewijzing=uuid4(), toestel=uuid4(), sid=uuid4(), nu=NU
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_report_needs_an_order_of_ours(wereld: Wereld, name: str) -> None:
    answer = await report(wereld, HOSTILE[name](wereld.http.app.state.proces.geheimen.bos))
    assert problem(answer) == (403, "opdracht-ongeldig")


async def test_an_order_is_no_token(wereld: Wereld) -> None:
    """Both are signed with one key; the `typ` keeps them apart. Broken: `typ` out of _header."""
    await give_order(wereld, "wissen")
    brief = (await shake(wereld, "boa-1")).json()["orders"][0]["opdracht"]
    answer = await wereld.http.get("/ik", headers={"Authorization": f"Bearer {brief}"})
    assert problem(answer) == (401, "niet-aangemeld")


async def test_an_order_stays_good_for_as_long_as_a_login(wereld: Wereld) -> None:
    await give_order(wereld, "wissen")
    brief = (await shake(wereld, "boa-1")).json()["orders"][0]["opdracht"]
    set_clock(wereld, datetime.now(UTC) + timedelta(days=29))
    assert (await report(wereld, brief)).status_code == 200


def test_a_device_believes_its_own_server_only() -> None:
    bos, toestel = Sleutelbos.generate(), UUID("0190aaaa-0000-7000-8000-00000000000c")
    brief = sign_order(bos, Opdrachtbrief(uuid4(), toestel, "wissen", onverzonden_wissen=True), issuer=ISSUER, nu=NU)
    order = read_order(brief, server=bos.jwk, toestel=toestel)
    assert order is not None
    assert (order.soort, order.onverzonden_wissen, order.brief) == ("wissen", True, brief)
    assert read_order(brief, server=ANDER.jwk, toestel=toestel) is None
    assert read_order(brief, server=ANDER.jwk | {"kid": bos.kid}, toestel=toestel) is None
    for part, changes in ((1, {"onverzonden_wissen": False}), (0, {"typ": "at+jwt"}), (0, {"crit": ["x"]})):
        assert read_order(edited(brief, part, **changes), server=bos.jwk, toestel=toestel) is None
    for text in ("", "..", "a.b", "é.é.é", brief + "A", brief.rpartition(".")[0] + "."):
        assert read_order(text, server=bos.jwk, toestel=toestel) is None
