"""A wrong password slows its source, not its owner."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import timedelta

import pytest
from httpx import AsyncClient, Response

from app.access.geheimen import Geheimen
from app.access.tokens import Sleutelbos
from app.problems import TijdelijkNietBeschikbaar
from app.services.toegang.browsers import known_browser, remember_browser
from app.services.toegang.pogingen import (
    LANGSTE_WACHT,
    TUSSEN,
    TUSSEN_PER_ADRES,
    TUSSEN_PER_BLOK,
    TUSSEN_PER_NETWERK,
    VRIJ_PER_ADRES,
    VRIJ_PER_NAAM,
    VRIJ_PER_NETWERK,
    address_row,
)
from app.services.toegang.wachtwoorden import Wachtwoorddeur
from tests.hulp.aanmeld_proef import HIER, WACHTWOORD, Aanmeldproef, proef, slug
from tests.hulp.proces import GOEDKOOP

__all__ = ["proef"]

A, B = "203.0.113.7", "198.51.100.9"
FOUT = "niet het wachtwoord"
MAX_WACHT = int(LANGSTE_WACHT.total_seconds())
PER_UUR = 300


def elsewhere(number: int) -> str:
    """An address in a block of its own."""
    return f"10.{number}.0.1"


async def guess(p: Aanmeldproef, address: str, times: int = 1, wie: str = "boa-1") -> Counter[int]:
    """Wrong passwords from one address, one after another."""
    async with p.at(address) as client:
        return Counter([(await p.sign_in(wie, FOUT, client=client)).status_code for _ in range(times)])


async def enter(p: Aanmeldproef, address: str, wie: str = "boa-1", **velden: object) -> Response:
    """The right password from this address."""
    async with p.at(address) as client:
        return await p.sign_in(wie, client=client, **velden)


async def in_browser(p: Aanmeldproef, address: str, wie: str, wachtwoord: str, cookie: str = "") -> Response:
    async with p.at(address) as client:
        body, headers = {"gebruikersnaam": wie, "wachtwoord": wachtwoord}, {"Origin": HIER, "Cookie": cookie}
        return await client.post("/oauth/sessie", json=body, headers=headers)


def known(answer: Response) -> str:
    """The cookie by which a browser is known; its login is over and gone."""
    assert answer.status_code == 200, answer.text
    return next(
        line.partition(";")[0] for line in answer.headers.get_list("set-cookie") if line.startswith("__Host-veldboek-b")
    )


# The owner gets in


async def test_two_hundred_wrong_passwords_lock_out_only_who_typed_them(proef: Aanmeldproef) -> None:
    """Broken: `address_row` that returns the same for every address; then B waits as well."""
    assert await guess(proef, A, 200) == {400: 5, 429: 195}
    assert (await enter(proef, B)).status_code == 200
    assert (await enter(proef, A)).status_code == 429
    phone = proef.wereld.mensen["boa-1"].toestel
    assert (await enter(proef, A, toestel=phone)).status_code == 200, "on his own device"


async def test_a_browser_that_signed_in_here_before_has_a_row_of_its_own(proef: Aanmeldproef) -> None:
    """The way in of whoever has no device, an administrator for one. Broken: `browser` out of `_own_rows`."""
    cookie = known(await in_browser(proef, A, "boa-1", WACHTWOORD))
    await guess(proef, A, 200)
    assert (await in_browser(proef, A, "boa-1", WACHTWOORD)).status_code == 429
    again = await in_browser(proef, A, "boa-1", WACHTWOORD, cookie)
    assert known(again) == cookie, "it is the same browser"


async def test_a_browser_is_known_to_the_account_that_signed_in_and_no_other(proef: Aanmeldproef) -> None:
    """Or a colleague's browser would give guesses at everybody. Broken: `+ naam_hash` in `_sign`."""
    cookie = known(await in_browser(proef, A, "boa-2", WACHTWOORD))
    await guess(proef, A, 6)
    assert (await in_browser(proef, A, "boa-1", FOUT, cookie)).status_code == 429
    both = known(await in_browser(proef, B, "boa-1", WACHTWOORD, cookie))
    await guess(proef, A, 6, "boa-2")
    for wie in ("boa-1", "boa-2"):
        assert (await in_browser(proef, A, wie, WACHTWOORD, both)).status_code == 200, "colleagues share a desk"


async def test_a_device_of_his_own_slows_down_too_and_then_the_address_counts(proef: Aanmeldproef) -> None:
    phone = proef.wereld.mensen["boa-1"].toestel
    async with proef.at(A) as client:
        answers = [(await proef.sign_in("boa-1", FOUT, client=client, toestel=phone)).status_code for _ in range(12)]
    assert answers == [400] * 10 + [429] * 2
    assert (await enter(proef, B, toestel=phone)).status_code == 200, "whoever knows its id blocks no other row"


async def test_the_device_of_another_helps_nobody(proef: Aanmeldproef) -> None:
    await guess(proef, A, 6)
    assert (await enter(proef, A, toestel=proef.wereld.mensen["boa-2"].toestel)).status_code == 429


async def test_the_loopback_address_is_a_way_in_that_the_rate_of_a_name_does_not_close(proef: Aanmeldproef) -> None:
    """For whoever can log in on the server. Broken: `not address.is_loopback`."""
    for number in range(1, 80):
        await guess(proef, elsewhere(number), 3)
    assert (await enter(proef, B)).status_code == 429
    for address in ("127.0.0.1", "::1"):
        assert (await enter(proef, address)).status_code == 200


# From everywhere


async def attack(p: Aanmeldproef, addresses: Iterable[str], minutes: int, wie: str = "boa-1") -> Counter[int]:
    """Every address tries again as soon as it may, for so long."""
    found: Counter[int] = Counter()
    clients = [p.at(address) for address in addresses]
    due = [p.nu] * len(clients)
    until = p.nu + timedelta(minutes=minutes)
    while (now := min(due)) < until:
        p.nu = max(p.nu, now)
        number = due.index(now)
        answer = await p.sign_in(wie, FOUT, client=clients[number])
        found[answer.status_code] += 1
        due[number] = p.nu + timedelta(seconds=int(answer.headers.get("retry-after", "0")))
    for client in clients:
        await client.aclose()
    return found


async def test_fifty_addresses_guess_no_faster_than_the_rate_of_the_name(proef: Aanmeldproef) -> None:
    """Nor does the owner at a strange address wait longer than for one appointment. Broken: `_NAAM` out of `_rates`."""
    assert timedelta(hours=1) / TUSSEN == PER_UUR
    began = proef.nu
    found = await attack(proef, [elsewhere(number) for number in range(1, 51)], 30)
    hours = (proef.nu - began) / timedelta(hours=1)
    assert 100 < found[400] <= VRIJ_PER_NAAM + PER_UUR * hours + 1
    answer = await enter(proef, B)
    if answer.status_code == 429:
        wait = int(answer.headers["retry-after"])
        assert wait <= MAX_WACHT
        proef.later(seconds=wait)
        answer = await enter(proef, B)
    assert answer.status_code == 200


SEVEN = [f"2001:db{number}:1:{{:x}}::1" for number in range(6)] + ["192.0.2.{}"]
FIVE = [f"2001:db{number}:{{:x}}::1" for number in range(4)] + ["192.0.{}.1"]


@pytest.mark.parametrize(
    ("sources", "wait"),
    [(SEVEN[:1], 0), (FIVE[:1], 0), (FIVE[-1:], 0), (SEVEN, 864), (FIVE, 792)],
    ids=["a network", "a block", "a block of IPv4", "seven networks", "five blocks"],
)
async def test_fresh_addresses_of_few_networks_never_fill_the_book(
    proef: Aanmeldproef, sources: list[str], wait: int
) -> None:
    """One does not make the owner wait, more for one appointment. Broken: `netwerk` or `blok` out of `_rates`."""
    fresh = iter(range(1, 255))

    async def flood(times: int) -> int:
        addresses = [one.format(number) for number in [next(fresh) for _ in range(times)] for one in sources]
        return sum([(await guess(proef, address))[400] for address in addresses])

    assert await flood(100 // len(sources)) == min(VRIJ_PER_NETWERK * len(sources), VRIJ_PER_NAAM)
    until = proef.nu
    for _ in range(20):
        if proef.nu >= until:
            answer = await enter(proef, B)
            until = proef.nu + timedelta(seconds=int(answer.headers.get("retry-after", "0")))
            if answer.status_code == 200:
                break
            assert until <= proef.nu + timedelta(seconds=wait)
            wait = 0
        proef.later(minutes=1)
        await flood(7 // len(sources))
    assert answer.status_code == 200


async def test_from_many_blocks_the_book_can_be_kept_full_but_not_at_his_own_device(proef: Aanmeldproef) -> None:
    """What stays, and docs/adr/0014 says: it takes ten blocks and 25 networks to use the whole rate of a name."""
    assert TUSSEN_PER_BLOK / TUSSEN == 10
    assert TUSSEN_PER_NETWERK / TUSSEN == 25
    for number in range(110):
        await guess(proef, f"10.{number}.0.1")
    for turn in range(2):
        assert int((await enter(proef, B)).headers["retry-after"]) == MAX_WACHT
        for minute in range(15):
            proef.later(minutes=1)
            for number in range(7):
                await guess(proef, f"11.{(turn * 15 + minute) * 7 + number}.0.1")
    phone = proef.wereld.mensen["boa-1"].toestel
    assert (await enter(proef, B, toestel=phone)).status_code == 200


@pytest.mark.parametrize(
    ("near", "far", "wait"), [("203.0.113.{}", "203.0.114.1", 480), ("203.0.{}.1", "203.1.0.1", None)]
)
async def test_a_network_and_a_block_have_a_rate_of_their_own_at_a_name(
    proef: Aanmeldproef, near: str, far: str, wait: int | None
) -> None:
    """Who is in the next network waits for an appointment, in the next block for nothing. Broken: a cell of `_BITS`."""
    found: Counter[int] = Counter()
    for number in range(1, 30):
        found += await guess(proef, near.format(number))
    assert found == {400: VRIJ_PER_NETWERK, 429: 29 - VRIJ_PER_NETWERK}
    assert await guess(proef, near.format(99), wie="boa-2") == {400: 1}, "at another name it has not guessed"
    answer = await enter(proef, far)
    if wait is not None:
        assert int(answer.headers["retry-after"]) == wait
        proef.later(seconds=wait)
        answer = await enter(proef, far)
    assert answer.status_code == 200


async def test_one_password_at_each_of_many_names_slows_down_its_address(proef: Aanmeldproef) -> None:
    """Names that nobody has as well as others. Broken: `_ALLE_NAMEN` out of `_rates`."""
    found: Counter[int] = Counter()
    for number in range(VRIJ_PER_ADRES + 20):
        found += await guess(proef, A, wie=f"naam-{number}")
    assert found == {400: VRIJ_PER_ADRES, 429: 20}
    colleague = await enter(proef, A)
    wait = int(colleague.headers["retry-after"])
    assert wait == 21 * TUSSEN_PER_ADRES.total_seconds(), "behind the appointments that were given"
    phone = proef.wereld.mensen["boa-2"].toestel
    assert (await enter(proef, A, "boa-2", toestel=phone)).status_code == 200, "on his own device"
    assert (await enter(proef, "203.0.113.8")).status_code == 200, "next door"
    proef.later(seconds=wait)
    assert (await enter(proef, A)).status_code == 200


async def test_an_appointment_is_kept_for_who_got_it(proef: Aanmeldproef) -> None:
    """Others who come in between wait behind it. Broken: `afspraak=True` in `_enter`; then it is given again."""
    for number in range(1, 5):
        assert await guess(proef, elsewhere(number), 5) == {400: 5}
    first = await enter(proef, B)
    second = await enter(proef, "198.51.100.10")
    waits = [int(answer.headers["retry-after"]) for answer in (first, second)]
    assert waits == [12, 24]
    assert int((await enter(proef, B)).headers["retry-after"]) == 12, "asking again moves nothing"
    proef.later(seconds=12)
    for number in range(20, 60):
        await guess(proef, elsewhere(number))
    assert (await enter(proef, B)).status_code == 200


async def test_the_book_of_appointments_ends_a_quarter_of_an_hour_ahead(proef: Aanmeldproef) -> None:
    """What does not fit takes no place, so it does not grow. Broken: `if slot <= …` in `_take_slot`."""
    for number in range(110):
        await guess(proef, elsewhere(number))
    full = await enter(proef, B)
    assert (full.status_code, int(full.headers["retry-after"])) == (429, MAX_WACHT)
    proef.later(seconds=MAX_WACHT)
    soon = await enter(proef, B)
    assert int(soon.headers["retry-after"]) == TUSSEN.total_seconds()
    proef.later(seconds=TUSSEN.total_seconds())
    assert (await enter(proef, B)).status_code == 200


async def test_a_right_password_uses_nothing_of_the_rate(proef: Aanmeldproef) -> None:
    """A whole town hall arrives behind one address. Broken: `- tempo.tussen` in clear_attempts."""
    times = max(VRIJ_PER_NAAM, VRIJ_PER_NETWERK, VRIJ_PER_ADRES) + 5
    assert [(await enter(proef, B)).status_code for _ in range(times)] == [200] * times


async def test_after_right_passwords_a_clock_that_goes_back_makes_nobody_wait(proef: Aanmeldproef) -> None:
    """Found by the storm. Broken: the `case` in clear_attempts; then what was used of a rate lies in the future."""
    assert (await enter(proef, B)).status_code == 200
    proef.later(minutes=-13)
    assert (await enter(proef, B)).status_code == 200


async def test_names_that_nobody_has_look_the_same_from_everywhere(proef: Aanmeldproef) -> None:
    async def row(wie: str) -> list[tuple[int, str | None, dict[str, object]]]:
        seen = []
        for number in [*range(1, 8), *range(1, 12)]:
            async with proef.at(elsewhere(number)) as client:
                for _ in range(4 if number < 8 else 2):
                    answer = await proef.sign_in(wie, FOUT, client=client)
                    seen.append((answer.status_code, answer.headers.get("retry-after"), answer.json()))
        return seen

    rows = [await row(wie) for wie in ("boa-1", "bestaat.niet", "kan niet bestaan!\0")]
    assert rows[0] == rows[1] == rows[2]
    assert {status for status, _, _ in rows[0]} == {400, 429}


async def test_a_clock_that_was_set_back_locks_nobody_out(proef: Aanmeldproef) -> None:
    """Broken: `<= nu + LANGSTE_WACHT` in `_enter`; then B waits for a month."""
    proef.later(days=30)
    await guess(proef, B, 8)
    for number in range(1, 60):
        await guess(proef, elsewhere(number), 2)
    proef.later(days=-30)
    assert (await enter(proef, B)).status_code == 200


# Where somebody is, and at the door


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.8", False),
        ("203.0.113.7", "::ffff:203.0.113.7", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("2001:db8:1:2::1", None, False),
        ("geen adres", "geen adres", True),
        ("::1", "127.0.0.1", False),
    ],
)
def test_which_addresses_count_as_one(one: str, other: str | None, *, same: bool) -> None:
    assert (address_row(b"x", one).hash == address_row(b"x", other).hash) is same
    assert address_row(b"x", one).hash != address_row(b"y", one).hash


@pytest.mark.parametrize(
    ("address", "stranger"),
    [("127.0.0.1", False), ("127.9.9.9", False), ("::1", False), ("::ffff:127.0.0.1", False), ("10.0.0.1", True),
     ("2001:db8::1", True), ("::2", True), (None, True), ("localhost", True)],
)  # fmt: skip
def test_only_this_machine_is_no_stranger(address: str | None, *, stranger: bool) -> None:
    assert (address_row(b"x", address).netwerken != ()) is stranger


def test_one_source_leaves_the_door_open_for_others() -> None:
    """Broken: `self._per_bron[bron] >= free` in reserve."""
    deur = Wachtwoorddeur(GOEDKOOP)
    with ExitStack() as taken:
        for _ in range(11):
            taken.enter_context(deur.reserve(b"a"))
        with pytest.raises(TijdelijkNietBeschikbaar):
            taken.enter_context(deur.reserve(b"a"))
        for number in range(10):
            taken.enter_context(deur.reserve(bytes([number])))
        taken.enter_context(deur.reserve(b"nieuw"))
        with pytest.raises(TijdelijkNietBeschikbaar):
            taken.enter_context(deur.reserve(b"nog een"))
    assert deur._bezet == 0
    assert deur._per_bron.total() == 0


async def test_a_flood_from_one_address_does_not_keep_another_waiting(proef: Aanmeldproef) -> None:
    """Of many names, so none of them is blocked."""
    async with proef.at(A) as client:
        flood = [proef.sign_in(f"naam-{number}", FOUT, client=client) for number in range(30)]
        answers = await asyncio.gather(*flood, enter(proef, B))
    assert answers[-1].status_code == 200
    assert {slug(answer)[0] for answer in answers[:-1]} <= {400, 503}


def test_a_browser_remembers_five_accounts_and_believes_nobody_else() -> None:
    geheimen = Geheimen(bos=Sleutelbos.generate(), ververs=bytes(32))
    other = Geheimen(bos=geheimen.bos, ververs=bytes(31) + b"x")
    cookie = None
    for number in range(7):
        cookie = remember_browser(geheimen, cookie, bytes([number]))
    known_to = [known_browser(geheimen, cookie, bytes([number])) is not None for number in range(7)]
    assert known_to == [False] * 2 + [True] * 5
    assert cookie is not None
    for wrong in (None, "", "x", "é", cookie[:-8], "A" * len(cookie), cookie * 9):
        assert known_browser(geheimen, wrong, bytes([0])) is None
    assert known_browser(other, cookie, bytes([6])) is None


async def test_proxies_tell_the_address_only_where_they_are_trusted(proef: Aanmeldproef) -> None:
    """What a client says of itself in a header gives it no new row: the server reads it, from who it trusts."""
    async with proef.at(A) as client:
        client.headers["X-Forwarded-For"] = "192.0.2.1"
        assert [await status(proef, client) for _ in range(7)] == [400] * 5 + [429] * 2
        client.headers["X-Forwarded-For"] = "192.0.2.2"
        assert await status(proef, client) == 429


async def status(p: Aanmeldproef, client: AsyncClient) -> int:
    return (await p.sign_in("boa-1", FOUT, client=client)).status_code
