"""`veldboek start` as a user meets it: signals, a taken port, an address that is not ours alone."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="veldboek-start-"))
    directory.chmod(0o755)
    yield directory / "home"
    shutil.rmtree(directory, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def launch(home: Path, port: int, **settings: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "VELDBOEK_HOME": str(home), "PORT": str(port), "DEMO": "false", **settings}
    command = [sys.executable, "-m", "app.cli", "start"]
    return subprocess.Popen(  # noqa: S603  # our own service
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def wait_until_healthy(port: int, process: subprocess.Popen[str]) -> None:
    for _ in range(600):
        assert process.poll() is None, process.stdout and process.stdout.read()
        try:
            with urlopen(f"http://127.0.0.1:{port}/v1/gezondheid", timeout=1) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the service did not start")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_the_service_and_its_database(home: Path, number: int) -> None:
    """uvicorn raises the signal again when it is done; broken: a plain uvicorn.Server leaves PostgreSQL running."""
    port = free_port()
    process = launch(home, port)
    wait_until_healthy(port, process)
    postgres = int((home / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
    process.send_signal(number)
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert not (home / "data" / "postmaster.pid").exists()
    with pytest.raises(ProcessLookupError):
        os.kill(postgres, 0)
    assert (home / "veldboek.log").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"HOST": "0.0.0.0"}, "alleen op 127.0.0.1"),  # noqa: S104
        ({"PORT": "99999"}, "een instelling klopt niet: PORT"),
        ({"DATABASE_URL": "postgresql://app@127.0.0.1/x"}, "nodig: TOKEN_SLEUTEL, VERVERS_GEHEIM"),
    ],
)
def test_a_wrong_setting_is_one_sentence(home: Path, settings: dict[str, str], sentence: str) -> None:
    process = launch(home, free_port(), **settings)
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert sentence in told
    assert "Traceback" not in told
    assert not home.exists()


def test_a_taken_port_is_said_before_anything_is_made(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = launch(home, taken.getsockname()[1])
        told, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "is bezet" in told
    assert not home.exists()
