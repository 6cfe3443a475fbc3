"""`veldboek …` with something wrong around it: one plain Dutch sentence, status 1, and never a traceback."""

import asyncio
import io
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from app.access.tokens import Sleutelbos
from app.cli import main
from app.database import async_url
from app.postgres import Server
from app.settings import Settings, get_settings
from bench.opstelling import wait_until_healthy
from tests.conftest import _sql, copy_database

ROOT = Path(__file__).parents[2]
NAAM = "veldboek.test/grootboek/opdrachtregel"


class Omgeving(NamedTuple):
    """What a command finds around it, in production: a database that was set up, and files with secrets."""

    server: Server
    map: Path
    port: int

    @property
    def settings(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.server.app_url,
            "DATABASE_URL_BEHEER": self.server.beheer_url,
            "TOKEN_SLEUTEL": str(self.map / "token.pem"),
            "VERVERS_GEHEIM": str(self.map / "ververs.geheim"),
            "PUBLIC_URL": "https://veldboek.test",
            "GROOTBOEK_NAAM": NAAM,
            "VELDBOEK_HOME": str(self.map / "home"),
            "PORT": str(self.port),
        }


def exit_code() -> Any:
    """What `main` leaves with: Python writes a text to stderr, and ends with 1."""
    try:
        main()
    except SystemExit as ended:
        return ended.code
    return 0


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Runs a command as typed, in this process: starting an interpreter costs seconds, and there are many rows."""

    async def typed(arguments: list[str], settings: dict[str, str]) -> tuple[int, str]:
        for name in Settings.model_fields:
            monkeypatch.delenv(name.upper(), raising=False)
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["veldboek", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO())
        get_settings.cache_clear()
        code = await asyncio.wait_for(asyncio.to_thread(exit_code), 60)
        get_settings.cache_clear()
        said = capsys.readouterr().out
        return (1, said + code) if isinstance(code, str) else (code or 0, said)

    return typed


def replaced(url: str, **parts: Any) -> str:
    return async_url(url).set(drivername="postgresql", **parts).render_as_string(hide_password=False)


def mode(pad: str, bits: int) -> Callable[[Omgeving], dict[str, str]]:
    def change(o: Omgeving) -> dict[str, str]:
        (o.map / pad).chmod(bits)
        return {}

    return change


def instead(pad: str, inhoud: bytes) -> Callable[[Omgeving], dict[str, str]]:
    def change(o: Omgeving) -> dict[str, str]:
        (o.map / pad).write_bytes(inhoud)
        return {}

    return change


def addresses(**parts: Any) -> Callable[[Omgeving], dict[str, str]]:
    """Both addresses with something else in them."""
    return lambda o: {
        "DATABASE_URL": replaced(o.server.app_url, **parts),
        "DATABASE_URL_BEHEER": replaced(o.server.beheer_url, **parts),
    }


def given(**settings: str) -> Callable[[Omgeving], dict[str, str]]:
    return lambda _o: settings


def demo_account(o: Omgeving) -> dict[str, str]:
    (o.map / "home").mkdir()
    account = {"gebruikersnaam": "regisseur-1", "wachtwoord": "kanarie"}
    (o.map / "home" / "demo.json").write_text(json.dumps({"accounts": {"regisseur-1": account}}))
    return {}


Change = Callable[[Omgeving], dict[str, str]]
START, INRICHTEN, HERBOUW = ["start"], ["database", "inrichten"], ["herbouw"]
BEHEERDER = ["beheerder", "aanmaken", "--gebruikersnaam", "beheerder"]
HERSTELLEN = ["beheerder", "herstellen", "--gebruikersnaam", "beheerder"]
CIJFERS = ["cijfers", "--gemeente", "GM0243", "--jaar", "2023"]
WRONG: dict[str, tuple[list[str], Change, str]] = {
    "as superuser": (
        START, lambda o: {"DATABASE_URL": o.server.beheer_url}, "DATABASE_URL moet als rol app verbinden",
    ),
    "nobody answers": (START, addresses(port=1), "DATABASE_URL: op dat adres antwoordt geen PostgreSQL"),
    "no such machine": (START, addresses(host="nergens.invalid"), "DATABASE_URL: op dat adres antwoordt geen Post"),
    "another password": (START, addresses(password="kanarie"), "DATABASE_URL: de database weigert deze gebruiker"),
    "another user": (START, addresses(username="kanarie"), "DATABASE_URL: de database weigert deze gebruiker"),
    "another database": (START, addresses(database="kanarie"), "DATABASE_URL: deze database bestaat niet"),
    "no address": (START, given(DATABASE_URL="kanarie"), "DATABASE_URL is geen adres van PostgreSQL"),
    "no port": (START, given(DATABASE_URL="postgresql://app@db:kanarie/x"), "DATABASE_URL is geen adres van Post"),
    "not set up": (START, addresses(database="leeg"), "Voer eerst uit: veldboek database inrichten"),
    "set up by a newer one": (START, addresses(database="nieuwer"), "Voer eerst uit: veldboek database inrichten"),
    "no key": (START, given(TOKEN_SLEUTEL="/kanarie/x"), "TOKEN_SLEUTEL: /kanarie/x is niet te lezen"),
    "another kind of key": (START, instead("token.pem", b"kanarie"), "is geen PEM-bestand met een P-256-sleutel"),
    "a short secret": (START, instead("ververs.geheim", b"kanarie"), "moet minstens 32 willekeurige bytes bevatten"),
    "a key for all": (START, mode("token.pem", 0o644), "Herstel dat met: chmod 600"),
    "an address for all": (
        START, lambda o: {"DATABASE_URL": "", "DATABASE_URL_BESTAND": str(o.map / "open")}, "anderen kunnen bij",
    ),
    "both addresses": (START, lambda o: {"DATABASE_URL_BESTAND": str(o.map / "open")}, "niet allebei"),
    "another's address": (START, given(HOST="192.0.2.1"), "kan Veldboek niet luisteren"),
    "the name of the demo": (START, given(GROOTBOEK_NAAM="veldboek.example/x"), "de waarde van de demo"),
    "no name": (START, given(GROOTBOEK_NAAM=" "), "GROOTBOEK_NAAM is leeg"),
    "set up without a name": (INRICHTEN, given(DATABASE_URL="", GROOTBOEK_NAAM=" "), "GROOTBOEK_NAAM is leeg"),
    "one port for two": (START, given(PORT="8321", METINGEN_POORT="8321"), "METINGEN_POORT en PORT zijn dezelfde"),
    "no host": (START, given(PUBLIC_URL="https://"), "PUBLIC_URL moet buiten de demo met https:// beginnen, en"),
    "no workers": (START, given(WORKERS="0"), "een instelling klopt niet: WORKERS De waarde moet minstens 1 zijn."),
    "too many workers": ([*START, "--workers", "17"], given(), "WORKERS De waarde mag hoogstens 16 zijn."),
    "no secure address": (START, given(PUBLIC_URL="http://x"), "PUBLIC_URL moet buiten de demo met https:// beginnen"),
    "a disk that takes nothing": (
        START, given(DATABASE_URL="", VELDBOEK_HOME="/proc/kanarie"), "PostgreSQL kan niet starten in /proc/kanarie",
    ),
    "set up as the demo": (
        INRICHTEN,
        given(DATABASE_URL="", GROOTBOEK_NAAM="veldboek.example/grootboek/demo"),
        "GROOTBOEK_NAAM heeft nog de waarde van de demo",
    ),
    "no owner": (INRICHTEN, given(DATABASE_URL_BEHEER=""), "Zet DATABASE_URL_BEHEER"),
    "not the owner": (
        INRICHTEN, lambda o: {"DATABASE_URL_BEHEER": o.server.app_url}, "DATABASE_URL_BEHEER: deze gebruiker mag dit",
    ),
    "older than the database": (INRICHTEN, addresses(database="nieuwer"), "is van een nieuwere versie van Veldboek"),
    "another ledger": (INRICHTEN, given(GROOTBOEK_NAAM="veldboek.test/ander"), "Dit grootboek heet"),
    "rebuild, nobody answers": (HERBOUW, addresses(port=1), "DATABASE_URL_BEHEER: op dat adres antwoordt geen Post"),
    "rebuild, not set up": (HERBOUW, addresses(database="leeg"), "De database is nog niet ingericht."),
    "restored, not set up": (["database", "hersteld"], addresses(database="leeg"), "is nog niet ingericht."),
    "no password": (BEHEERDER, given(), "Er kwam geen wachtwoord"),
    "no file": ([*BEHEERDER, "--wachtwoord-bestand", "/kanarie/x"], given(), "/kanarie/x: hier is niet te lezen"),
    "no such administrator": (HERSTELLEN, given(), "Er is geen functioneel beheerder met deze gebruikersnaam"),
    "no account": (CIJFERS, given(), "Er zijn geen demo-accounts"),
    "nothing runs": (CIJFERS, demo_account, "antwoordt niets. Start Veldboek met: make run"),
}  # fmt: skip


@pytest.fixture(scope="session")
async def database(server: Server, template: str) -> Server:
    """One that was set up; beside it two that are empty, and one that a newer version set up."""
    await _sql(server.beheer_url, "CREATE DATABASE leeg OWNER beheer")
    await _sql(server.beheer_url, "CREATE DATABASE vers OWNER beheer")
    await _sql(server.beheer_url, "GRANT CONNECT ON DATABASE leeg TO app")
    newer = await copy_database(server, template, "nieuwer")
    await _sql(newer.beheer_url, "UPDATE bedrijf.alembic_version SET version_num = '9999'")
    return await copy_database(server, template, "ingericht")


@pytest.fixture
async def omgeving(database: Server, tmp_path: Path) -> Omgeving:
    (tmp_path / "token.pem").write_bytes(Sleutelbos.generate().to_pem())
    (tmp_path / "ververs.geheim").write_bytes(bytes(range(32)))
    (tmp_path / "open").write_text(database.app_url)
    for pad, bits in (("token.pem", 0o600), ("ververs.geheim", 0o600), ("open", 0o644)):
        (tmp_path / pad).chmod(bits)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return Omgeving(database, tmp_path, int(probe.getsockname()[1]))


@pytest.mark.parametrize("geval", WRONG)
async def test_what_is_wrong_is_said_in_one_sentence(omgeving: Omgeving, run: Any, geval: str) -> None:
    """Broken: any row of `_BY_SQLSTATE`; `refuse_unfit` away, and keys and roles end in a traceback of uvicorn."""
    arguments, change, sentence = WRONG[geval]
    changed = change(omgeving)
    settings = {name: value for name, value in (omgeving.settings | changed).items() if value}
    status, told = await run(arguments, settings)
    assert status == 1, told
    *before, last = told.splitlines()
    assert last.startswith("veldboek: "), told
    assert before in ([], ["Eerste start: de database wordt aangemaakt …"]), told
    assert sentence in told
    shown = " ".join(changed.values()) + " ".join(arguments)
    assert "kanarie" not in told or "kanarie" in shown, "no password, no content of a file"
    assert async_url(omgeving.server.app_url).password not in told


async def test_a_taken_port_is_said_in_production_too(omgeving: Omgeving, run: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", omgeving.port))
        taken.listen()
        status, told = await run(START, omgeving.settings)
    assert (status, told.count("\n")) == (1, 0)
    assert "is bezet" in told


async def test_with_nothing_wrong_it_works(omgeving: Omgeving, run: Any) -> None:
    """The settings that the table above changes one of."""
    settings = omgeving.settings | addresses(database="vers")(omgeving)
    assert await run(INRICHTEN, settings) == (0, "De database is ingericht.\n")
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.cli", "start"), cwd=ROOT, env={**os.environ, **settings}
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{omgeving.port}/v1") as http:
            await wait_until_healthy(http, lambda: server.returncode is None)
    finally:
        server.terminate()
        assert await asyncio.wait_for(server.wait(), 30) == 0


async def test_who_reads_only_the_beginning_sees_no_error(omgeving: Omgeving) -> None:
    """`veldboek beleid | head`: Python would end with a traceback. Broken: `except BrokenPipeError` in `main`."""
    shell = await asyncio.create_subprocess_exec(
        *("sh", "-c", f"{sys.executable} -m app.cli beleid | true"),
        cwd=ROOT, env={**os.environ, **omgeving.settings}, stderr=subprocess.PIPE,
    )  # fmt: skip
    _, complaints = await asyncio.wait_for(shell.communicate(), 60)
    assert complaints == b""


async def test_a_full_disk_is_one_sentence_too(omgeving: Omgeving) -> None:
    process = await asyncio.create_subprocess_exec(
        *("sh", "-c", f"{sys.executable} -m app.cli beleid > /dev/full"),
        cwd=ROOT, env={**os.environ, **omgeving.settings}, stderr=subprocess.PIPE,
    )  # fmt: skip
    _, told = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    assert told.decode().splitlines() == ["veldboek: Het systeem weigert: No space left on device."]
