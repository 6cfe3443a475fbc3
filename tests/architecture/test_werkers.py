"""`veldboek start --workers 2`: both serve, one may fall, nothing is lost, and all stop together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.access.geheimen import load_geheimen
from app.access.tokens import mint_access_token
from app.postgres import running_server
from app.settings import Settings
from bench.opstelling import Mens, day_of_work, people, usual
from tests.hulp.opstarten import free_port, home, launch, wait_until_healthy  # noqa: F401  # a fixture

PATIENCE = 30.0


@dataclass
class Dienst:
    """A running service with two workers, and a boa to use it."""

    process: subprocess.Popen[str]
    home: Path
    port: int
    boa: Mens

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def headers(self) -> dict[str, str]:
        settings = Settings(veldboek_home=self.home, port=self.port)
        token = mint_access_token(
            load_geheimen(settings).bos,
            issuer=settings.issuer,
            functionaris=self.boa.functionaris,
            roltoewijzing=self.boa.roltoewijzing,
            toestel=self.boa.toestel,
            sid=self.boa.functionaris,
            nu=datetime.now(UTC),
        )
        return {"Authorization": f"Bearer {token}"}

    def workers(self) -> set[int]:
        return {pid for pid, parent, command in processes() if parent == self.process.pid and "spawn_main" in command}

    def push(self, ops: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """On a connection of its own, so that whoever is free takes it."""
        body = {"batchId": str(uuid4()), "verzondenOp": datetime.now(UTC).isoformat(), "ops": ops}
        answer = httpx.post(f"{self.address}/sync/push", json=body, headers=self.headers(), timeout=10)
        answer.raise_for_status()
        return answer.json()["resultaten"]


def processes() -> Iterator[tuple[int, int, str]]:
    listed = subprocess.run(["ps", "-Aww", "-o", "pid=,ppid=,command="], capture_output=True, text=True, check=True)  # noqa: S607
    for line in listed.stdout.splitlines():
        pid, parent, command = line.split(None, 2)
        yield int(pid), int(parent), command


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@contextmanager
def only(dienst: Dienst, worker: int) -> Iterator[None]:
    """A while in which no other worker does anything."""
    others = dienst.workers() - {worker}
    for each in others:
        os.kill(each, signal.SIGSTOP)
    try:
        yield
    finally:
        for each in others:
            os.kill(each, signal.SIGCONT)


@pytest.fixture
async def dienst(home: Path) -> AsyncIterator[Dienst]:  # noqa: F811  # the fixture
    port = free_port()
    process = launch(home, port, WORKERS="2")
    try:
        wait_until_healthy(port, process)
        server = running_server(home)
        assert server is not None
        boa, _ = await people(server, usual(1))
        yield Dienst(process, home, port, boa)
    finally:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=30)


def test_two_workers_serve_and_a_dead_one_is_replaced(dienst: Dienst) -> None:
    """Broken: `_look` that replaces nobody; an announcer that hears only of its own process."""
    wait_for(lambda: len(dienst.workers()) == 2)
    first, second = sorted(dienst.workers())
    ops = day_of_work(dienst.boa, controles=12)
    batches = [ops[at : at + 11] for at in range(0, len(ops), 11)]
    with only(dienst, first), httpx.stream("GET", f"{dienst.address}/sync/stroom", headers=dienst.headers()) as stroom:
        lines = stroom.iter_lines()
        assert next(lines) == ": ik luister"
        assert {result["status"] for result in dienst.push(batches[0])} == {"accepted"}
        heard = next(line for line in lines if line.startswith("event"))
        assert heard == "event: haal"
    with httpx.Client(timeout=30) as listener:
        with only(dienst, first):
            asked = listener.build_request("GET", f"{dienst.address}/sync/stroom", headers=dienst.headers())
            stroom = listener.send(asked, stream=True)
            lines = stroom.iter_lines()
            assert next(lines) == ": ik luister"
        with only(dienst, second):
            assert {result["status"] for result in dienst.push(batches[1])} == {"accepted"}
        assert next(line for line in lines if line.startswith("event")) == "event: haal", "booked by the other one"
        stroom.close()
    acknowledged = batches[:2]
    for number, batch in enumerate(batches[2:]):
        if number == 3:
            os.kill(second, signal.SIGKILL)
        try:
            dienst.push(batch)
        except httpx.TransportError:
            continue  # it was under way in the one that fell: not acknowledged
        acknowledged.append(batch)
    assert len(acknowledged) >= len(batches) - 1
    repeats = [result for batch in acknowledged for result in dienst.push(batch)]
    assert {result["status"] for result in repeats} == {"duplicate"}
    wait_for(lambda: len(dienst.workers()) == 2 and second not in dienst.workers())
    assert first in dienst.workers(), "the other one went on"
    (newcomer,) = dienst.workers() - {first}
    wait_for(lambda: serves(dienst, newcomer))


def serves(dienst: Dienst, worker: int) -> bool:
    with only(dienst, worker):
        try:
            return httpx.get(f"{dienst.address}/gezondheid", timeout=2).status_code == 200
        except httpx.TransportError:
            return False


def test_workers_and_database_stop_together(dienst: Dienst) -> None:
    """Broken: `terminate` away from `_stop`, and the workers are killed after their time only."""
    wait_for(lambda: len(dienst.workers()) == 2)
    workers, postgres = dienst.workers(), int((dienst.home / "data" / "postmaster.pid").read_text().split()[0])
    begun = time.monotonic()
    dienst.process.send_signal(signal.SIGTERM)
    told, _ = dienst.process.communicate(timeout=30)
    assert dienst.process.returncode == 0, told
    assert time.monotonic() - begun < 10
    assert "Traceback" not in told
    assert not workers & {pid for pid, _, _ in processes()}
    assert postgres not in {pid for pid, _, _ in processes()}


def test_nobody_outlives_whoever_started_them(dienst: Dienst) -> None:
    """`kill -9` on the first process. Broken: `add_reader(parent.sentinel)` in `serve_as_worker`."""
    wait_for(lambda: len(dienst.workers()) == 2)
    workers = dienst.workers()
    dienst.process.kill()
    dienst.process.communicate(timeout=30)
    wait_for(lambda: not workers & {pid for pid, _, _ in processes()})
    again = launch(dienst.home, dienst.port, WORKERS="2")  # stops the PostgreSQL that was left, and goes on
    try:
        wait_until_healthy(dienst.port, again)
    finally:
        again.terminate()
        again.communicate(timeout=30)


def test_workers_that_cannot_start_stop_all(home: Path) -> None:  # noqa: F811  # the fixture
    """A process that falls before it serves will fall again. Broken: `_said_so` that always says yes."""
    code = (
        "import asyncio, socket\n"
        "from app.werkers import Werkers, WerkersVallen\n"
        "async def main():\n"
        "    try:\n"
        "        await asyncio.wait_for(Werkers(int, ('no number',), 2).serve([]), 20)\n"
        "    except WerkersVallen as fell:\n"
        "        print(fell)\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    script = home.parent / "valt.py"
    script.write_text(code)
    done = subprocess.run(  # noqa: S603  # our own code
        [sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert "Een van de processen stopt steeds, of al bij de start." in done.stdout
