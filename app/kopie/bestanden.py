"""The files of a copy: one tar with every object of the store, by its name there."""

import io
import re
import tarfile
from contextlib import suppress
from pathlib import Path
from typing import Final

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.kopie.manifest import BESTANDEN, Deel, KopieGeweigerd, Schrijver
from app.opslag import BestaatNiet, open_opslag
from app.problems import OpslagVol, Problem
from app.settings import Settings

BOUND: Final = "SELECT id FROM bedrijf.upload WHERE staat = 'compleet' ORDER BY id"
"""Uploads of which the file is whole, so lies in the store under `bestanden/<id>`."""
ARRIVED: Final = (
    "SELECT (to_jsonb(u) || '{\"geboekt\": false}')::text FROM bedrijf.upload u"
    " WHERE staat IN ('compleet', 'afgekeurd') ORDER BY id"
)
"""Uploads that are done, as they would stand before anything of them was booked."""
_COLUMNS: Final = (
    "SELECT column_name FROM information_schema.columns WHERE table_schema = 'bedrijf' AND table_name = 'upload'"
)
_MAKE_WAY: Final = (
    "DELETE FROM bedrijf.upload u USING jsonb_populate_record(NULL::bedrijf.upload, CAST(:row AS jsonb)) n"
    " WHERE u.staat = 'bezig' AND (u.id = n.id OR"
    " (u.functionaris, u.bijlage, u.sha256) = (n.functionaris, n.bijlage, n.sha256))"
)
_KEEP: Final = (
    "INSERT INTO bedrijf.upload SELECT n.* FROM jsonb_populate_record(NULL::bedrijf.upload, CAST(:row AS jsonb)) n"
    " ON CONFLICT DO NOTHING"
)
_NAME: Final = re.compile(r"(bestanden|weergaven|afgekeurd|blokken)(/[A-Za-z0-9][A-Za-z0-9._-]*)+")


async def copy_files(settings: Settings, folder: Path) -> tuple[set[str], Deel]:
    """Put every object into the copy in `folder`; returns their names. Objects never change, so none is half."""
    opslag, kept = open_opslag(settings), set[str]()
    try:
        with Schrijver(folder / BESTANDEN) as part, tarfile.open(fileobj=part, mode="w|") as archive:  # type: ignore[call-overload]
            for name in await opslag.names():
                with suppress(BestaatNiet):  # a piece of an upload that was put together meanwhile
                    content = await opslag.read(name)
                    member = tarfile.TarInfo(name)
                    member.size, member.mode = len(content), 0o600
                    archive.addfile(member, io.BytesIO(content))
                    kept.add(name)
    except Problem as problem:
        raise KopieGeweigerd(f"{problem.detail} Er is geen kopie gemaakt.") from None
    return kept, part.deel


async def restore_files(settings: Settings, bron: Path) -> None:
    """Put every object of the copy in `bron` in the store; nothing that is there goes."""
    opslag = open_opslag(settings)
    try:
        with tarfile.open(bron / BESTANDEN, "r:") as archive:
            for member in archive:
                content = archive.extractfile(member)
                if content is None or not _NAME.fullmatch(member.name):
                    raise KopieGeweigerd(f"{bron / BESTANDEN} bevat iets dat geen bestand van Veldboek is.")
                await opslag.put(member.name, content.read())
    except OpslagVol:
        raise KopieGeweigerd("De opslag voor bestanden is vol. Aan het grootboek is niets veranderd.") from None
    except Problem as problem:
        raise KopieGeweigerd(f"{problem.detail} Aan het grootboek is niets veranderd.") from None


async def keep_uploads(engine: AsyncEngine, held: list[str]) -> None:
    """Let files that arrived after the copy wait for their entry: phones let go of them, and the store still has them.

    `held` are rows of `ARRIVED`. One of a release with other columns is left; its file stays in the store.
    """
    async with engine.begin() as connection:
        columns = set((await connection.scalars(text(_COLUMNS))).all())
        for row in held:
            if set(orjson.loads(row)) == columns:
                await connection.execute(text(_MAKE_WAY), {"row": row})
                await connection.execute(text(_KEEP), {"row": row})
