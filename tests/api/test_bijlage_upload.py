"""Files come in over tus: resumable from any byte, checked, the newest connection wins, and only for who began."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from starlette.requests import ClientDisconnect
from uuid_utils.compat import uuid7

from tests.hulp.bijlage_proef import (
    MIB,
    STREAM,
    TUS,
    UPLOADS,
    announce,
    begin,
    big_photo,
    checksum,
    chunks,
    eventually,
    manifest,
    metadata,
    offset_of,
    patch,
    photo,
    send_file,
    stored,
    where,
)
from tests.hulp.http_proef import check_problem
from tests.hulp.sync_proef import second_device
from tests.hulp.wereld import Wereld


async def test_the_upload_says_which_tus_it_speaks(wereld: Wereld) -> None:
    answer = await wereld.http.options(UPLOADS)
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-extension"] == "creation,creation-with-upload,checksum,expiration,termination"
    limits = (await wereld.http.post("/sync/handshake", json=HALLO, headers=wereld.headers("boa-1"))).json()["limits"]
    assert int(answer.headers["tus-max-size"]) == limits["bijlageMax"]


HALLO = {"protocollen": [1], "appVersie": "proef", "toestelTijd": datetime.now(UTC).isoformat()}


async def test_a_file_in_pieces_lies_in_the_store_byte_for_byte(wereld: Wereld) -> None:
    """Broken: `names = [*self.vol, los]` without `self.vol` in services/bijlagen/ontvangen.py."""
    content = big_photo(3 * MIB + 12_345)
    answer = await send_file(wereld, "boa-1", manifest(content), content, per=700_001)
    assert (answer.headers["upload-offset"], answer.headers["bijlage-staat"]) == (str(len(content)), "compleet")
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert list(stored(wereld, "bestanden").values()) == [content]
    assert stored(wereld, "blokken") == {}


async def test_a_file_may_come_with_its_announcement(wereld: Wereld) -> None:
    content = photo()
    row = manifest(content)
    told = TUS | STREAM | {"Upload-Length": str(len(content))} | metadata(bijlage=row["id"], sha256=row["sha256"])
    answer = await wereld.http.post(UPLOADS, headers=wereld.headers("boa-1") | told, content=content)
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, str(len(content)))
    assert list(stored(wereld, "bestanden").values()) == [content]


async def test_the_same_file_again_goes_on_where_it_was(wereld: Wereld) -> None:
    """Broken: both looks for a running upload in `begin` (services/bijlagen/uploads.py)."""
    content = big_photo(2 * MIB)
    row = manifest(content)
    pad = await begin(wereld, "boa-1", row)
    await patch(wereld, "boa-1", pad, 0, content[:MIB])
    again = await announce(wereld, "boa-1", row)
    assert (again.status_code, again.headers["location"], again.headers["upload-offset"]) == (
        200,
        f"/v1{pad}",
        str(MIB),
    )
    await patch(wereld, "boa-1", pad, MIB, content[MIB:])
    done = await announce(wereld, "boa-1", row)
    assert (done.headers["location"], done.headers["upload-offset"]) == (f"/v1{pad}", str(2 * MIB))
    other = await announce(wereld, "boa-1", manifest(content))
    assert other.headers["location"] != f"/v1{pad}"


@pytest.mark.parametrize("cut", [1, 65_536, MIB - 1, MIB, MIB + 1, 2 * MIB + 77])
async def test_after_a_cut_it_goes_on_from_any_byte(wereld: Wereld, cut: int) -> None:
    """Fault 23. Broken: `await stuk.keep()` in the handler of `_fill` (services/bijlagen/ontvangen.py)."""
    content = big_photo(2 * MIB + 99)
    pad = await begin(wereld, "boa-1", manifest(content))

    async def breaks() -> AsyncIterator[bytes]:
        async for piece in chunks(content[:cut]):
            yield piece
        raise ClientDisconnect

    check_problem(await patch(wereld, "boa-1", pad, 0, breaks()), 400, "ongeldig-verzoek")
    assert await offset_of(wereld, "boa-1", pad) == cut
    answer = await patch(wereld, "boa-1", pad, cut, content[cut:])
    assert answer.headers["bijlage-staat"] == "compleet"
    assert list(stored(wereld, "bestanden").values()) == [content]


async def test_many_cuts_leave_few_pieces(wereld: Wereld) -> None:
    """However often it is cut, an upload has no more pieces than whole ones and a last. Broken: `los` in `resume`."""
    content = big_photo(MIB + 5_000)
    pad = await begin(wereld, "boa-1", manifest(content))
    for start in range(0, len(content), 50_000):
        assert len(stored(wereld, "blokken")) <= 2
        answer = await patch(wereld, "boa-1", pad, start, content[start : start + 50_000])
        assert answer.status_code == 204
    assert list(stored(wereld, "bestanden").values()) == [content]


async def test_bytes_at_another_place_are_refused(wereld: Wereld) -> None:
    """Broken: the comparison of `vanaf` in `receive` (services/bijlagen/ontvangen.py)."""
    content = photo()
    pad = await begin(wereld, "boa-1", manifest(content))
    await patch(wereld, "boa-1", pad, 0, content[:100])
    for offset in (0, 99, 101, len(content)):
        answer = await patch(wereld, "boa-1", pad, offset, content[offset:] or b"x")
        check_problem(answer, 409, "upload-loopt-anders")
        assert answer.headers["upload-offset"] == "100"
    assert await offset_of(wereld, "boa-1", pad) == 100


async def test_a_piece_that_came_damaged_is_460_and_leaves_no_trace(wereld: Wereld) -> None:
    """Fault 25. Broken: the comparison of `controlegetal` in `_fill` (services/bijlagen/ontvangen.py)."""
    content = big_photo(2 * MIB + 10)
    pad = await begin(wereld, "boa-1", manifest(content))
    first, rest = content[: MIB + 500], content[MIB + 500 :]
    await patch(wereld, "boa-1", pad, 0, first, **checksum(first))
    flipped = bytes([rest[0] ^ 1]) + rest[1:]
    check_problem(
        await patch(wereld, "boa-1", pad, len(first), flipped, **checksum(rest)), 460, "controlegetal-klopt-niet"
    )
    assert await offset_of(wereld, "boa-1", pad) == len(first)
    assert len(stored(wereld, "blokken")) == 2
    answer = await patch(wereld, "boa-1", pad, len(first), rest, **checksum(rest))
    assert answer.headers["bijlage-staat"] == "compleet"
    assert list(stored(wereld, "bestanden").values()) == [content]


async def test_a_checked_piece_counts_whole_or_not_at_all(wereld: Wereld) -> None:
    """Broken: `if controlegetal is None` in the handler of `_fill`: half of it counted, unchecked."""
    content = big_photo(2 * MIB)
    pad = await begin(wereld, "boa-1", manifest(content))

    async def breaks() -> AsyncIterator[bytes]:
        yield content[: MIB + 5]
        raise ClientDisconnect

    check_problem(await patch(wereld, "boa-1", pad, 0, breaks(), **checksum(content)), 400, "ongeldig-verzoek")
    assert await offset_of(wereld, "boa-1", pad) == 0
    assert stored(wereld, "blokken") == {}


@pytest.mark.parametrize("asks", ["HEAD", "PATCH"])
async def test_a_newer_connection_stops_the_older_at_once(wereld: Wereld, asks: str) -> None:
    """Fault 24: no waiting for a time-out, and what the older had sent counts. Broken: `earlier.stop.set()`."""
    content = big_photo(MIB + 3_000)
    pad = await begin(wereld, "boa-1", manifest(content))
    hangs, sent = asyncio.Event(), asyncio.Event()

    async def stale() -> AsyncIterator[bytes]:
        yield content[:2_000]
        sent.set()
        await hangs.wait()  # the old TCP connection is still open, and nobody is there

    older = asyncio.create_task(patch(wereld, "boa-1", pad, 0, stale()))
    await sent.wait()
    await asyncio.sleep(0.05)
    started = asyncio.get_running_loop().time()
    if asks == "HEAD":
        assert await offset_of(wereld, "boa-1", pad) == 2_000
    else:
        check_problem(await patch(wereld, "boa-1", pad, 5, b"x"), 409, "upload-loopt-anders")
    assert asyncio.get_running_loop().time() - started < 1.0
    answer = await patch(wereld, "boa-1", pad, 2_000, content[2_000:])
    assert answer.headers["bijlage-staat"] == "compleet"
    hangs.set()
    check_problem(await older, 409, "upload-loopt-anders")
    assert list(stored(wereld, "bestanden").values()) == [content]


async def test_a_connection_of_another_process_adds_nothing_once_it_was_taken_over(wereld: Wereld) -> None:
    """It is found out at its next piece. Broken: `AND schrijver = $2` in `_commit` (services/bijlagen/ontvangen.py)."""
    content = big_photo(3 * MIB)
    pad = await begin(wereld, "boa-1", manifest(content))
    on, sent = asyncio.Event(), asyncio.Event()

    async def stale() -> AsyncIterator[bytes]:
        yield content[:1_000]
        sent.set()
        await on.wait()
        yield bytes(2 * MIB)  # what it sends is not even the file

    older = asyncio.create_task(patch(wereld, "boa-1", pad, 0, stale()))
    await sent.wait()
    wereld.http.app.state.proces.ontvanger.schrijvers.clear()  # another process knows nothing of this one's senders
    assert await offset_of(wereld, "boa-1", pad) == 0
    on.set()
    check_problem(await older, 409, "upload-loopt-anders")
    assert await offset_of(wereld, "boa-1", pad) == 0, "what HEAD said holds"
    answer = await patch(wereld, "boa-1", pad, 0, content)
    assert answer.headers["bijlage-staat"] == "compleet"
    assert list(stored(wereld, "bestanden").values()) == [content]


async def test_only_who_began_may_go_on_on_whichever_device(wereld: Wereld) -> None:
    """Broken: `AND functionaris = $2` in `take_over` (services/bijlagen/uploads.py)."""
    content = photo()
    pad = await begin(wereld, "boa-1", manifest(content))
    await patch(wereld, "boa-1", pad, 0, content[:10])
    for method in ("HEAD", "PATCH", "DELETE"):
        headers = wereld.headers("boa-2") | TUS | (STREAM | {"Upload-Offset": "10"} if method == "PATCH" else {})
        assert (await wereld.http.request(method, pad, headers=headers)).status_code == 404
    assert (await where(wereld, "burgemeester-1", pad)).status_code == 403
    assert (await wereld.http.head(pad, headers=TUS)).status_code == 401
    tablet = await second_device(wereld, "boa-1")
    assert await offset_of(wereld, tablet, pad) == 10
    assert (await patch(wereld, tablet, pad, 10, content[10:])).headers["bijlage-staat"] == "compleet"


async def test_what_was_given_up_is_gone_and_what_arrived_is_not_given_up(wereld: Wereld) -> None:
    content = photo()
    row = manifest(content)
    pad = await begin(wereld, "boa-1", row)
    await patch(wereld, "boa-1", pad, 0, content[:10])
    headers = wereld.headers("boa-1") | TUS
    assert (await wereld.http.delete(pad, headers=headers)).status_code == 204
    assert stored(wereld, "blokken") == {}
    assert (await where(wereld, "boa-1", pad)).status_code == 410
    check_problem(await patch(wereld, "boa-1", pad, 10, content[10:]), 410, "upload-vervallen")
    await send_file(wereld, "boa-1", row, content)
    whole = await begin(wereld, "boa-1", row)
    assert whole != pad
    check_problem(await wereld.http.delete(whole, headers=headers), 409, "regel-geschonden")
    assert list(stored(wereld, "bestanden").values()) == [content]


REFUSED: dict[str, tuple[dict[str, str], int, str]] = {
    "no version": ({"Tus-Resumable": ""}, 412, "tus-versie"),
    "another version": ({"Tus-Resumable": "0.2.2"}, 412, "tus-versie"),
    "no length": ({"Upload-Length": ""}, 400, "ongeldig-verzoek"),
    "nothing": ({"Upload-Length": "0"}, 400, "ongeldig-verzoek"),
    "too large": ({"Upload-Length": "26214401"}, 413, "te-groot"),
    "no metadata": ({"Upload-Metadata": "bijlage"}, 400, "ongeldig-verzoek"),
    "no uuid": (metadata(bijlage="x", sha256="a" * 64), 400, "ongeldig-verzoek"),
    "no hash": (metadata(bijlage=str(uuid4()), sha256="A" * 64), 400, "ongeldig-verzoek"),
    "zipped": ({"Content-Encoding": "gzip"}, 415, "onbekend-mediatype"),
}


@pytest.mark.parametrize("wat", REFUSED)
async def test_announcements_that_are_refused(wereld: Wereld, wat: str) -> None:
    headers, status, slug = REFUSED[wat]
    answer = await announce(wereld, "boa-1", manifest(b"x"), **headers)
    check_problem(answer, status, slug)
    if status == 412:
        assert answer.headers["tus-version"] == "1.0.0"
    assert (await announce(wereld, "boa-1", manifest(b"x"))).status_code == 201


async def test_pieces_that_are_refused(wereld: Wereld) -> None:
    content = photo()
    pad = await begin(wereld, "boa-1", manifest(content))
    send: Any = lambda body, **headers: patch(wereld, "boa-1", pad, 0, body, **headers)  # noqa: E731
    check_problem(await send(content, **{"Content-Type": "image/jpeg"}), 415, "onbekend-mediatype")
    check_problem(await send(content, **{"Upload-Checksum": "md5 aaaa"}), 400, "ongeldig-verzoek")
    check_problem(await send(content, **{"Content-Length": "99999999"}), 413, "te-groot")
    check_problem(await send(content + b"x"), 413, "te-groot")
    check_problem(await send(chunks(content + b"x" * 70_000)), 413, "te-groot")
    check_problem(await patch(wereld, "boa-1", f"{UPLOADS}/{uuid7()}", 0, content), 404, "niet-gevonden")


@pytest.mark.parametrize("cut", [1_000, 2 * MIB])
async def test_an_upload_of_which_the_store_lost_a_piece_begins_again(wereld: Wereld, cut: int) -> None:
    """The phone has the bytes, so it can still deliver. Broken: `start_over` in `receive`
    (services/bijlagen/ontvangen.py: 503
    for ever) and in `finish` (services/bijlagen/keuren.py: HEAD said that all was in), `lost_piece` in
    `_take_in` (routers/bijlagen.py)."""
    content = big_photo(3 * MIB)
    row = manifest(content)
    pad = await begin(wereld, "boa-1", row)
    await patch(wereld, "boa-1", pad, 0, content[:cut])
    shutil.rmtree(wereld.http.app.state.settings.veldboek_home / "bijlagen/blokken")
    assert await offset_of(wereld, "boa-1", pad) == cut
    lost = await patch(wereld, "boa-1", pad, cut, content[cut:])
    check_problem(lost, 409, "upload-loopt-anders")
    assert await offset_of(wereld, "boa-1", pad) == 0
    answer = await send_file(wereld, "boa-1", row, content)
    assert answer.headers["bijlage-staat"] == "compleet"
    assert list(stored(wereld, "bestanden").values()) == [content]
    assert stored(wereld, "blokken") == {}


async def test_a_sender_that_falls_silent_is_given_up_and_keeps_what_it_sent(
    wereld: Wereld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken: the time-out in `_paced` (app/tus.py)."""
    monkeypatch.setattr("app.tus.STIL", 0.2)
    content = photo()
    pad = await begin(wereld, "boa-1", manifest(content))

    async def silent() -> AsyncIterator[bytes]:
        yield content[:500]
        await asyncio.sleep(5)

    check_problem(await patch(wereld, "boa-1", pad, 0, silent()), 408, "te-traag")
    assert await offset_of(wereld, "boa-1", pad) == 500


async def test_what_a_slow_sender_sent_is_kept_before_he_is_done(
    wereld: Wereld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash of the server then costs seconds. Broken: `keep_if_slow` (services/bijlagen/ontvangen.py)."""
    monkeypatch.setattr("app.services.bijlagen.ontvangen.BEWAAR_NA", 0.1)
    content = photo()
    pad = await begin(wereld, "boa-1", manifest(content))
    looked = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield content[:300]
        await looked.wait()
        yield content[300:]

    sending = asyncio.create_task(patch(wereld, "boa-1", pad, 0, slow()))

    async def kept() -> bool:
        return [len(each) for each in stored(wereld, "blokken").values()] == [300]

    await eventually(kept)
    looked.set()
    assert (await sending).headers["bijlage-staat"] == "compleet"
    assert list(stored(wereld, "bestanden").values()) == [content]


async def test_no_connection_to_the_database_waits_for_a_slow_sender(wereld: Wereld) -> None:
    """More senders than the pool has connections, and reading still works. Broken: `delivers` with `Session`."""
    content = photo()
    people = ["boa-1", "boa-2", "pct-1"]
    pads = [(wie, await begin(wereld, wie, manifest(content))) for wie in people * 7]
    hangs = asyncio.Event()

    async def stale() -> AsyncIterator[bytes]:
        yield content[:10]
        await hangs.wait()

    sending = [asyncio.create_task(patch(wereld, wie, pad, 0, stale())) for wie, pad in pads]
    o = wereld.http.app.state.proces.ontvanger

    async def all_send() -> bool:
        return len(o.schrijvers) == len(pads)

    await eventually(all_send)
    assert (await asyncio.wait_for(wereld.get("boa-1", "/ik"), 3)).status_code == 200
    hangs.set()
    answers = await asyncio.gather(*sending)
    assert [answer.headers["upload-offset"] for answer in answers] == ["10"] * len(pads)
