"""Where files are kept, behind one API: a directory by default, an S3 bucket in production.

Guarantees: `put` and `assemble` return when the object is durable, and until then nobody sees any of it; an
object never changes. A name that does not exist raises :class:`BestaatNiet`.
"""

import asyncio
import errno
import os
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, S3Store

from app.geheimbestand import read_private
from app.problems import OpslagVol, TijdelijkNietBeschikbaar
from app.settings import Settings

STUK = 1_048_576
"""Bytes that are read or written in one go, so what one file costs in memory."""
PART = 5_242_880
"""Bytes per part of a large object: the least that S3 takes."""
_FULL_ERRNO = frozenset({errno.EFBIG, errno.ENOSPC, errno.EDQUOT})
_FULL = re.compile(rf"os error ({'|'.join(str(number) for number in sorted(_FULL_ERRNO))})\b")
"""As the store words them."""


class BestaatNiet(Exception):
    """There is no object of this name. Names are made by the server, of the id of an upload."""

    def __init__(self, naam: str) -> None:
        super().__init__(naam)
        self.naam = naam

    @property
    def upload(self) -> str:
        """The upload it belongs to: what stands behind the folder in every name."""
        return self.naam.split("/")[1]


class Opslag:
    """One object store. `directory` is where it lies when it is a directory of our own."""

    def __init__(self, store: ObjectStore, directory: Path | None = None) -> None:
        self._store, self._directory = store, directory

    async def put(self, name: str, content: bytes) -> None:
        """Keep `content` under `name`. Raises OpslagVol, TijdelijkNietBeschikbaar."""
        with translated(name):
            await obstore.put_async(self._store, name, content, use_multipart=False)
            await self._settle(name)

    async def assemble(self, name: str, parts: Sequence[str]) -> None:
        """Make one object of the `parts`, in their order. Raises BestaatNiet when one of them is gone."""
        with translated(name):
            await obstore.put_async(self._store, name, self._joined(parts), chunk_size=PART, max_concurrency=1)
            await self._settle(name)

    async def _joined(self, parts: Sequence[str]) -> AsyncIterator[bytes]:
        for part in parts:
            yield await self.read(part)

    async def read(self, name: str) -> bytes:
        """The whole of a small object."""
        with translated(name):
            found = await obstore.get_async(self._store, name)
            return bytes(await found.bytes_async())

    async def stream(self, name: str) -> AsyncIterator[bytes]:
        """A large object, piece by piece. Raises before the first piece when there is no such object."""
        with translated(name):
            found = await obstore.get_async(self._store, name)
            async for piece in found.stream(min_chunk_size=STUK):
                yield bytes(piece)

    async def names(self) -> list[str]:
        """The name of every object, in order."""
        with translated(""):
            found = await obstore.list(self._store).collect_async()
        return sorted(meta["path"] for meta in found)

    async def delete(self, names: Sequence[str]) -> None:
        """Forget these objects; what is not there is no error."""
        for name in names:
            try:
                with translated(name):
                    await obstore.delete_async(self._store, name)
            except BestaatNiet:
                continue

    async def delete_all(self, prefix: str) -> None:
        """Forget every object below `prefix`."""
        with translated(prefix):
            found = await obstore.list(self._store, prefix).collect_async()
        await self.delete([meta["path"] for meta in found])

    async def set_apart(self, name: str, to: str) -> None:
        """Give an object another name. Done before: nothing happens."""
        with translated(name):
            try:
                await obstore.rename_async(self._store, name, to)
            except (NotFoundError, FileNotFoundError):
                await obstore.head_async(self._store, to)
            await self._settle(to)

    async def _settle(self, name: str) -> None:
        """A directory store writes through the cache of the system: wait until it is on the disk."""
        if self._directory is not None:
            await asyncio.to_thread(_sync, self._directory, name)


def open_opslag(settings: Settings) -> Opslag:
    """The store that the settings name."""
    if not settings.bijlagen_bucket:
        directory = settings.veldboek_home / "bijlagen"
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Opslag(LocalStore(directory, automatic_cleanup=True), directory)
    assert settings.bijlagen_sleutel_id is not None  # noqa: S101  # Settings looked
    assert settings.bijlagen_geheim is not None  # noqa: S101
    return Opslag(
        S3Store(
            settings.bijlagen_bucket,
            endpoint=settings.bijlagen_endpoint,
            region=settings.bijlagen_regio,
            access_key_id=settings.bijlagen_sleutel_id.get_secret_value(),
            secret_access_key=read_private(settings.bijlagen_geheim, "BIJLAGEN_GEHEIM").decode().strip(),
            client_options={
                "allow_http": settings.bijlagen_endpoint.startswith("http://"),
                "timeout": timedelta(seconds=30),
                "connect_timeout": timedelta(seconds=5),
            },
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=10)},
        )
    )


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Errors of the store as problems that say what to do; its messages hold paths and addresses, so they end here.

    `name` is what was asked for.
    """
    try:
        yield
    except (NotFoundError, FileNotFoundError):
        raise BestaatNiet(name) from None
    except (BaseError, OSError) as error:
        if _FULL.search(str(error)) or getattr(error, "errno", None) in _FULL_ERRNO:
            raise OpslagVol("Er is geen ruimte om het bestand te bewaren. Probeer het later opnieuw.") from None
        raise TijdelijkNietBeschikbaar("De opslag voor bestanden antwoordt niet.") from None


def _sync(directory: Path, name: str) -> None:
    """The file, and each directory in which its name may be new."""
    path = directory / name
    for each in (path, *path.parents):
        number = os.open(each, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
        if each == directory:
            return
