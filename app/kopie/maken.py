"""Making a copy while the service runs: the database from one snapshot, then the files, the manifest last."""

import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from app import __version__
from app.database import create_engine
from app.inrichten import beheer_server
from app.kopie.bestanden import BOUND, copy_files
from app.kopie.manifest import (
    BESTANDEN,
    SCHEMAS,
    KopieGeweigerd,
    Manifest,
    Schrijver,
    explained,
    sync_directory,
)
from app.kopie.programma import run
from app.services.bijlagen.keuren import original
from app.settings import Settings

DEMO: Final = "demo.json"


async def make_kopie(settings: Settings, doel: Path, geheimen: Path | None = None) -> Manifest:
    """Copy everything to the new directory `doel`, and the secrets to the new directory `geheimen` if given.

    All of it is there at once, or nothing is. What is booked meanwhile is in the next copy. Raises KopieGeweigerd.
    """
    doel, apart = _judge_places(settings, doel, geheimen)
    made: list[Path] = []
    try:
        with explained(doel):
            folder = _begin(doel, made)
            secret = _copy_secrets(settings, _begin(apart, made)) if apart else None
            with beheer_server(settings) as (url, _):
                manifest, bound = await _copy_database(url, folder)
            kept, manifest.delen[BESTANDEN] = await copy_files(settings, folder)
            manifest.bestanden = len(kept)
            manifest.ontbrekend = [str(ident) for ident in bound if original(ident) not in kept]
            manifest.write(folder)
            for new, place in ((secret, apart), (folder, doel)):
                if new is not None and place is not None:
                    sync_directory(new)
                    new.rename(place)
                    sync_directory(place.parent)
    finally:
        for left in made:
            shutil.rmtree(left, ignore_errors=True)
    return manifest


def _judge_places(settings: Settings, doel: Path, geheimen: Path | None) -> tuple[Path, Path | None]:
    """Where they will be: new, and apart."""
    doel, apart = doel.absolute(), geheimen.absolute() if geheimen else None
    for place in filter(None, (doel, apart)):
        if place.exists():
            raise KopieGeweigerd(f"{place} bestaat al. Kies een nieuwe map.")
    if apart and (apart.is_relative_to(doel) or doel.is_relative_to(apart)):
        raise KopieGeweigerd("De geheimen horen niet bij de kopie. Kies met --geheimen een map op een andere plek.")
    if settings.embedded and settings.database_url_beheer is None and not (settings.veldboek_home / "data").exists():
        raise KopieGeweigerd(f"In {settings.veldboek_home} staat geen grootboek.")
    return doel, apart


def _begin(place: Path, made: list[Path]) -> Path:
    """A directory beside `place`, which it becomes when all is in it."""
    folder = place.with_name(f".{place.name}.bezig-{secrets.token_hex(4)}")
    folder.mkdir(0o700)
    made.append(folder)
    return folder


async def _copy_database(url: str, folder: Path) -> tuple[Manifest, list[UUID]]:
    """Each schema into its own part, all as of one moment; returns the manifest so far, and the bound uploads."""
    engine = create_engine(url, pool_size=1)
    try:
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            try:
                manifest = await _read_facts(connection)
            except DBAPIError:
                raise KopieGeweigerd("Deze database is nog niet ingericht; er is niets om te kopiëren.") from None
            known = await connection.scalar(text("SELECT to_regclass('bedrijf.alarm') IS NOT NULL"))  # not in 0.1.0
            if known and await connection.scalar(text("SELECT true FROM bedrijf.alarm WHERE soort = 'schade'")):
                raise KopieGeweigerd(
                    "Van dit grootboek is schade bekend; een kopie ervan is niet terug te zetten. "
                    "Herstel haar eerst; veldboek grootboek controleer heft het alarm dan op."
                )
            bound = list((await connection.scalars(text(BOUND))).all())
            snapshot = str(await connection.scalar(text("SELECT pg_export_snapshot()")))
            for schema in SCHEMAS:
                with Schrijver(folder / f"{schema}.sql.gz") as part:
                    options = ("--format=plain", "--compress=6", f"--schema={schema}", f"--snapshot={snapshot}")
                    await run(url, "pg_dump", *options, sink=part.write, place=folder.parent)
                manifest.delen[f"{schema}.sql.gz"] = part.deel
    finally:
        await engine.dispose()
    return manifest, bound


async def _read_facts(connection: AsyncConnection) -> Manifest:
    head = (await connection.execute(text("SELECT origin, epoch, size, root FROM grootboek.head"))).one()
    return Manifest(
        gemaakt_op=datetime.now(UTC).isoformat(timespec="seconds"),
        uitgave=__version__,
        migratie=str(await connection.scalar(text("SELECT version_num FROM bedrijf.alembic_version"))),
        naam=head.origin,
        tijdperk=head.epoch,
        regels=head.size,
        wortel=head.root.hex(),
        rijen=await count_rows(connection),
        ruimte=int(await connection.scalar(text("SELECT pg_database_size(current_database())")) or 0),
        bestanden=0,
        ontbrekend=[],
    )


async def count_rows(connection: AsyncConnection) -> dict[str, int]:
    """How many rows each table has."""
    query = "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname = ANY(:schemas) ORDER BY 1"
    names = (await connection.scalars(text(query), {"schemas": list(SCHEMAS)})).all()
    return {name: int(await connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0) for name in names}  # noqa: S608


def own_secrets(settings: Settings) -> dict[str, Path]:
    """The secrets that the embedded service keeps itself, by the name they have in a copy."""
    own = settings.veldboek_home / "sleutels"
    return {
        "token.pem": own / "token.pem",
        "ververs.geheim": own / "ververs.geheim",
        DEMO: settings.veldboek_home / DEMO,
    }


def _copy_secrets(settings: Settings, folder: Path) -> Path:
    given = {
        "token.pem": settings.token_sleutel,
        "ververs.geheim": settings.ververs_geheim,
        "bijlagen.geheim": settings.bijlagen_geheim,
    }
    for name, path in (own_secrets(settings) | {name: path for name, path in given.items() if path}).items():
        if path.exists():
            with Schrijver(folder / name) as file:
                file.write(path.read_bytes())
    return folder
