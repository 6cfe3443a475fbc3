"""What the tests of copies share: the command line as an operator types it, in this process or in one of its own."""

import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from app.cli import build_parser
from app.kopie.manifest import BESTAND, Manifest, read_kopie
from app.postgres import Server
from app.settings import Settings
from tests.conftest import ORIGIN

ROOT = Path(__file__).parents[2]


def beside(database: Server, home: Path, **given: Any) -> Settings:
    """Settings of an operator whose PostgreSQL is not the embedded one."""
    beheer = SecretStr(database.beheer_url)
    return Settings(**{"veldboek_home": home, "grootboek_naam": ORIGIN, "database_url_beheer": beheer, **given})


async def veldboek(settings: Settings, *words: object) -> None:
    """`veldboek <words>`, without the process around it."""
    args = build_parser().parse_args([str(word) for word in words])
    await args.run(settings, args)


def run_veldboek(*words: object, limit: int | None = None, **environment: str) -> tuple[int, str]:
    """`veldboek <words>` as a process; its status and what it said. No file of it gets larger than `limit` bytes."""

    def confine() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "app.cli", *(str(word) for word in words)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=confine,  # no threads of ours run here
    )
    return done.returncode, done.stdout


def rewrite(kopie: Path, **changed: Any) -> None:
    """A manifest that says something else, and is whole."""
    manifest: Manifest = read_kopie(kopie)
    (kopie / BESTAND).unlink()
    manifest.model_copy(update=changed).write(kopie)
