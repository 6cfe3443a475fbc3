"""The service as a process: where its files lie, how it is started, and when it is there."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
import yaml

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


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
