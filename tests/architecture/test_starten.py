"""`veldboek start` as a user meets it: signals, a taken port, an address that is not ours alone."""

import os
import signal
import socket
from pathlib import Path

import pytest

from tests.hulp.opstarten import free_port, home, launch, wait_until_healthy

__all__ = ["home"]


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
