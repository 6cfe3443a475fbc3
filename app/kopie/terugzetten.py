"""Putting a copy back: looked through first, into a database of its own, and only then in the place of what is here.

Guarantees: until the swap, which is one transaction, nothing of what is here has changed; files are only added, for
objects never change and their names are drawn at random. The restored ledger begins a new epoch, so that devices
offer again what they recorded since, and every leaf of it was recomputed.
"""

import asyncio
import gzip
import secrets
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import asyncpg
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.access.geheimen import load_geheimen
from app.database import create_engine
from app.inrichten import ROOT, beheer_server, ensure_head, make_roles, migrate
from app.kopie.bestanden import ARRIVED, keep_uploads, restore_files
from app.kopie.maken import DEMO, count_rows, own_secrets
from app.kopie.manifest import AWAY, BESTANDEN, SCHEMAS, KopieGeweigerd, Manifest, Schrijver, explained, read_kopie
from app.kopie.programma import run
from app.kopie.resten import NIEUW, WEG, beside, drop_left, refuse_second
from app.kopie.toegang import Toegang, Verschil, close_again, read_toegang
from app.services.beheer.nakijken import accept_restored
from app.services.bewaken.merkteken import mark_place
from app.settings import Settings

T = TypeVar("T")
IN_GEBRUIK: Final = "De database is nog in gebruik. Stop alle processen van Veldboek eerst."
MB: Final = 1_048_576
OVER: Final = 64 * MB
"""Bytes that stay free beside what is restored: the log of the database grows with it."""


class Teruggezet(NamedTuple):
    """What was put back, under which new epoch, and what its files lack."""

    manifest: Manifest
    tijdperk: str
    herbouwen: bool
    """It was made by a release with other migrations: what is folded may fold otherwise now."""
    verschil: Verschil | None
    """Who was put out since; None where what was here could not be read."""


class Vervangen(NamedTuple):
    """What the database that is replaced knows and no phone brings back; None where that cannot be read."""

    uploads: list[str] | None = None
    toegang: Toegang | None = None


async def restore_kopie(
    settings: Settings,
    bron: Path,
    *,
    told: Callable[[Teruggezet], None],
    geheimen: Path | None = None,
    vervang: bool = False,
) -> None:
    """Put the copy in `bron` in the place of what is here; `vervang` when that may hold later data.

    `told` hears it as soon as it is there: with the old database goes what only that knew. Raises KopieGeweigerd or
    Schade, and then what was here is as it was; MerktekenOnbruikbaar when only the mark could not be set.
    """
    manifest = await asyncio.to_thread(read_kopie, bron)
    migratie = _refuse_newer(manifest)
    if settings.grootboek_naam != manifest.naam:
        raise KopieGeweigerd(
            f"Dit is een kopie van grootboek {manifest.naam}, en GROOTBOEK_NAAM is {settings.grootboek_naam}."
        )
    secret = _read_secrets(settings, geheimen, vervang=vervang) if geheimen else {}
    _refuse_full(settings, manifest)
    with beheer_server(settings, alone=True) as (url, _):
        held = await _refuse_target(url, manifest, vervang=vervang)
        async with _own_database(url) as (nieuw, engine):
            await make_roles(engine)
            await _fill(nieuw, engine, bron, manifest)
            await migrate(engine)
            await ensure_head(engine, manifest.naam)
            mark = await accept_restored(engine, settings.controle_bij_start)
            await keep_uploads(engine, held.uploads or [])
            verschil = None if held.toegang is None else await close_again(engine, held.toegang)
            await engine.dispose()
            await restore_files(settings, bron)
            with _ready(secret) as put_in_place:
                await _swap(url, nieuw)
                put_in_place()
            told(Teruggezet(manifest, mark.epoch, manifest.migratie != migratie, verschil))
            mark_place(settings, load_geheimen(settings)).put(mark)


def _refuse_newer(manifest: Manifest) -> str:
    """The newest migration of this build; a copy of one that it does not know is not for this build."""
    known = ScriptDirectory.from_config(Config(ROOT / "alembic.ini"))
    try:
        known.get_revision(manifest.migratie)
    except CommandError:
        raise KopieGeweigerd(
            f"Deze kopie is gemaakt met een nieuwere uitgave ({manifest.uitgave}, migratie {manifest.migratie})."
            " Zet haar terug met die uitgave."
        ) from None
    return str(known.get_current_head())


def _read_secrets(settings: Settings, geheimen: Path, *, vervang: bool) -> dict[Path, bytes]:
    """What each secret file will hold. Only the embedded service keeps its own; elsewhere they are given to it."""
    if settings.database_url_beheer is not None:
        raise KopieGeweigerd("Met een eigen PostgreSQL zet u de geheimen zelf terug, waar de instellingen ze zoeken.")
    here = own_secrets(settings)
    found = {path: geheimen / name for name, path in here.items() if name != DEMO or (geheimen / name).exists()}
    try:
        contents = {path: source.read_bytes() for path, source in found.items()}
    except OSError as error:
        raise KopieGeweigerd(f"{error.filename} is niet te lezen ({error.strerror}).") from None
    if not vervang and any(path.exists() and path.read_bytes() != content for path, content in contents.items()):
        raise KopieGeweigerd("Hier zijn al andere sleutels in gebruik. Met --vervang komen die van de kopie ervoor.")
    return contents


@contextmanager
def _ready(secret: dict[Path, bytes]) -> Iterator[Callable[[], None]]:
    """Write the secrets beside their places; the call puts them there. Not called: they go."""
    beside = {path: path.with_name(f".{path.name}.{secrets.token_hex(4)}") for path in secret}

    def put_in_place() -> None:
        for path, new in beside.items():
            new.replace(path)

    try:
        for path, new in beside.items():
            with explained(path):
                path.parent.mkdir(0o700, exist_ok=True)
                with Schrijver(new) as file:
                    file.write(secret[path])
        yield put_in_place
    finally:
        for new in beside.values():
            new.unlink(missing_ok=True)


def _refuse_full(settings: Settings, manifest: Manifest) -> None:
    """As far as it can be known beforehand: the disk of the embedded database, and of files in a directory."""
    needed = OVER
    needed += manifest.ruimte if settings.database_url_beheer is None else 0
    needed += manifest.delen[BESTANDEN].bytes if not settings.bijlagen_bucket else 0
    place = settings.veldboek_home.absolute()
    there = next(each for each in (place, *place.parents) if each.exists())
    free = shutil.disk_usage(there).free
    if free < needed:
        raise KopieGeweigerd(
            f"Op de schijf van {place} is te weinig ruimte: nodig {needed // MB} MB, vrij {free // MB} MB."
        )


async def _refuse_target(url: str, manifest: Manifest, *, vervang: bool) -> Vervangen:
    """Nobody else is connected, and what is here is empty, or the same ledger and may be replaced: then it is read."""
    engine = create_engine(url, pool_size=1)
    try:
        async with engine.connect() as connection:
            others = await connection.scalar(
                text(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
                )
            )
            if others:
                raise KopieGeweigerd(IN_GEBRUIK)
            if await connection.scalar(text("SELECT to_regclass('grootboek.head')")) is None:
                return Vervangen()
            head = (await connection.execute(text("SELECT origin, size FROM grootboek.head"))).one_or_none()
            if head is None or not head.size:
                return Vervangen()
        if head.origin != manifest.naam:
            raise KopieGeweigerd(f"Hier staat een ander grootboek: {head.origin}. De kopie is van {manifest.naam}.")
        if not vervang:
            raise KopieGeweigerd(
                f"Hier staan {head.size} registraties, in de kopie {manifest.regels}. Terugzetten vervangt alles wat"
                " hier staat, ook accounts en het inzagelogboek. Maak er eerst een kopie van, en zet dan terug met"
                " --vervang."
            )
        return Vervangen(await _readable(engine, _read_uploads), await _readable(engine, read_toegang))
    finally:
        await engine.dispose()


async def _read_uploads(connection: AsyncConnection) -> list[str]:
    return list((await connection.scalars(text(ARRIVED))).all())


async def _readable(engine: AsyncEngine, read: Callable[[AsyncConnection], Awaitable[T]]) -> T | None:
    """What `read` finds; None where PostgreSQL cannot give it: that may be why a copy is put back."""
    try:
        async with engine.connect() as connection:
            return await read(connection)
    except DBAPIError:
        return None


@asynccontextmanager
async def _own_database(url: str) -> AsyncIterator[tuple[str, AsyncEngine]]:
    """An empty database beside the one at `url`, with its sort order; what is left of it, or of others, goes."""
    nieuw = f"{NIEUW}{secrets.token_hex(4)}"
    async with beside(url) as server:
        await refuse_second(server)
        await drop_left(server)
        create = (
            "SELECT format('CREATE DATABASE %I TEMPLATE template0 LC_COLLATE %L LC_CTYPE %L', $1::text, datcollate,"
            " datctype) FROM pg_database WHERE datname = $2"
        )
        await server.execute(await server.fetchval(create, nieuw, make_url(url).database))
        there = make_url(url).set(database=nieuw).render_as_string(hide_password=False)
        engine = create_engine(there, pool_size=1)
        try:
            yield there, engine
        except BaseException:
            await engine.dispose()
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, *AWAY):
                await drop_left(server)
            raise
        await drop_left(server)


def _read_sql(part: Path) -> Iterator[bytes]:
    """The statements of one part, without the setting at its head that servers before 17 do not know."""
    with gzip.open(part) as file:
        yield file.read(MB).replace(b"\nSET transaction_timeout = 0;\n", b"\n", 1)
        while piece := file.read(MB):
            yield piece


async def _fill(url: str, engine: AsyncEngine, bron: Path, manifest: Manifest) -> None:
    """Load every part, and hold what came out against the manifest."""
    for schema in SCHEMAS:
        options = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1")
        await run(url, "psql", *options, source=_read_sql(bron / f"{schema}.sql.gz"), sink=len, place="de database")
    async with engine.connect() as connection:
        head = (await connection.execute(text("SELECT origin, epoch, size, root FROM grootboek.head"))).one()
        told = (manifest.naam, manifest.tijdperk, manifest.regels, manifest.wortel)
        if (head.origin, head.epoch, head.size, head.root.hex()) != told:
            raise KopieGeweigerd(
                "Het grootboek in de kopie is een ander dan haar manifest noemt. Er is niets veranderd."
            )
        if await count_rows(connection) != manifest.rijen:
            raise KopieGeweigerd("In de kopie ontbreken regels. Er is niets veranderd; neem een andere kopie.")


async def _swap(url: str, nieuw: str) -> None:
    """Give the new database the name of the old one, in one transaction; the old one goes afterwards."""
    name, new = make_url(url).database, make_url(nieuw).database
    try:
        async with beside(url) as server, server.transaction():
            await server.execute(f'ALTER DATABASE "{name}" RENAME TO "{WEG}{secrets.token_hex(4)}"')
            await server.execute(f'ALTER DATABASE "{new}" RENAME TO "{name}"')
    except asyncpg.ObjectInUseError:
        raise KopieGeweigerd(IN_GEBRUIK) from None  # somebody came while we were at it
