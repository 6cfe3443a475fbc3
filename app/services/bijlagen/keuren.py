"""Looking at a file that arrived whole: is it what was announced, and is it something that may be attached?

Judged is what lies in the store, read back, never what went by. The kind follows from the content; a name is not
even asked for. An outcome is written in the row of the upload first, so doing it again after a crash ends the same.
"""

import asyncio
import hashlib
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

import orjson
import structlog

from app.database import raw_connection
from app.opslag import BestaatNiet
from app.services.bijlagen.uploads import Ontvanger, Stand, folder, start_over
from app.vocabulary import Afkeuring, Mediatype
from app.weergaven import MATEN, SECONDEN

_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_ROOT = Path(__file__).parents[2]

log = structlog.get_logger("veldboek.bijlagen")


@dataclass(frozen=True, slots=True)
class Keuring:
    """What a file turned out to be."""

    sha256: str
    mediatype: Mediatype | None
    afkeuring: Afkeuring | None
    weergaven: Mapping[str, bytes] = field(default_factory=dict)


def original(ident: UUID) -> str:
    """Where the file lies, unchanged, once it was looked at and found good."""
    return f"bestanden/{ident}"


def apart(ident: UUID) -> str:
    """Where a file lies that is not what was announced. Nothing serves it."""
    return f"afgekeurd/{ident}"


def rendition(ident: UUID, maat: str) -> str:
    """Where the rendition of one size lies."""
    return f"weergaven/{ident}/{maat}"


def sniff(start: bytes) -> Mediatype | None:
    """The kind of a file by its first bytes; None for what may not be attached."""
    if start.startswith(b"\xff\xd8\xff"):
        return Mediatype.JPEG
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return Mediatype.PNG
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return Mediatype.WEBP
    if start[4:8] == b"ftyp" and start[8:12] in _HEIC:
        return Mediatype.HEIC
    return Mediatype.PDF if start.startswith(b"%PDF-") else None


async def finish(o: Ontvanger, stand: Stand, *, nu: datetime) -> None:
    """Put the pieces together, look at the whole, keep it or set it apart, and write down which.

    Idempotent: the pieces go last, and only the first outcome is written. When a piece is lost the upload begins
    again: its row is then `bezig` and not whole.
    """
    name = original(stand.id)
    try:
        async with o.keurplaatsen:
            found = await put_together(o, stand)
    except BestaatNiet as gone:
        if gone.naam in stand.blokken:
            await start_over(o, stand)
        return  # otherwise another process set the whole apart meanwhile
    for maat, content in found.weergaven.items():
        await o.opslag.put(rendition(stand.id, maat), content)
    if found.afkeuring is not None:
        await o.opslag.set_apart(name, apart(stand.id))
    async with o.sessionmaker() as session:
        raw = await raw_connection(session)
        await raw.execute(
            "UPDATE bedrijf.upload SET staat = $2, gemeten_sha256 = $3, mediatype = $4, afkeuring = $5,"
            " voltooid_op = $6, ontvangen = grootte, blokken = '{}', schrijver = NULL"
            " WHERE id = $1 AND staat = 'bezig'",
            stand.id,
            "compleet" if found.afkeuring is None else "afgekeurd",
            found.sha256,
            found.mediatype,
            found.afkeuring,
            nu,
        )
        await session.commit()
    await o.opslag.delete_all(folder(stand.id))


async def put_together(o: Ontvanger, stand: Stand) -> Keuring:
    """Make the whole of its pieces and look at it. Raises BestaatNiet for a piece that is gone.

    Unless the whole is there and good: so it is when an older copy of the database was put back, which does not
    know yet that the file was done.
    """
    try:
        await o.opslag.assemble(original(stand.id), stand.blokken)
    except BestaatNiet as gone:
        with suppress(BestaatNiet):
            found = await examine(o, stand)
            if found.afkeuring is None:
                return found
        raise gone from None
    return await examine(o, stand)


async def examine(o: Ontvanger, stand: Stand) -> Keuring:
    """Read the file back from the store: its hash, its kind, and for a photo the renditions."""
    digest, start, size = hashlib.sha256(), b"", 0
    async for piece in o.opslag.stream(original(stand.id)):
        digest.update(piece)
        start, size = start or piece[:16], size + len(piece)
    sha256, mediatype = digest.hexdigest(), sniff(start)
    if size != stand.grootte:
        return Keuring(sha256, mediatype, Afkeuring.ANDERE_GROOTTE)
    if sha256 != stand.sha256:
        return Keuring(sha256, mediatype, Afkeuring.ANDERE_HASH)
    if mediatype is None:
        return Keuring(sha256, None, Afkeuring.ONBEKEND_SOORT)
    if mediatype is Mediatype.PDF:
        return Keuring(sha256, mediatype, None)
    afkeuring, weergaven = await render(o, stand.id, mediatype)
    return Keuring(sha256, mediatype, afkeuring, weergaven)


async def render(o: Ontvanger, ident: UUID, mediatype: Mediatype) -> tuple[Afkeuring | None, dict[str, bytes]]:
    """Have a photo decoded by a process of its own, that gets nothing but its bytes (:mod:`app.weergaven`)."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.weergaven",
        mediatype.value,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    try:
        answer = await asyncio.wait_for(_feed(o, ident, child), 2 * SECONDEN)
    except TimeoutError:
        answer = b""
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return read_answer(answer)


async def _feed(o: Ontvanger, ident: UUID, child: asyncio.subprocess.Process) -> bytes:
    assert child.stdin is not None  # noqa: S101  # PIPE
    assert child.stdout is not None  # noqa: S101
    try:
        async for piece in o.opslag.stream(original(ident)):
            child.stdin.write(piece)
            await child.stdin.drain()
        child.stdin.close()
    except (BrokenPipeError, ConnectionResetError):
        log.warning("decoder stopped reading")  # it ran into a limit; its answer, or none, says what that means
    answer = await child.stdout.read()
    await child.wait()
    return answer


def read_answer(answer: bytes) -> tuple[Afkeuring | None, dict[str, bytes]]:
    """What the decoder said. A decoder that died over a file could not read it."""
    head, _, rest = answer.partition(b"\n")
    if not head:
        return Afkeuring.ONLEESBAAR, {}
    told = orjson.loads(head)
    if told["afkeuring"] is not None:
        return Afkeuring(told["afkeuring"]), {}
    weergaven: dict[str, bytes] = {}
    for maat in MATEN:
        size = told["weergaven"][maat]
        weergaven[maat], rest = rest[:size], rest[size:]
    return None, weergaven
