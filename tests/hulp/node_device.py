"""Programs of others in Node, run as devices: a script in `tests/node/` that answers JSON lines, over a real socket."""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from app.verbinding import server_config

MAP = Path(__file__).parents[1] / "node"
WEB = Path(__file__).parents[2] / "web"
NODE = str(Path(sys.executable).parent / "node")
"""The one that is pinned."""
PATIENCE = 30.0
"""Seconds that one command may take."""
LINE = 64 * 1024 * 1024
"""Bytes that one answer may count."""


class DeviceFailed(AssertionError):
    """The script answered with an error, or ended."""


class NodeDevice:
    """One running script: each line in is `{"doe": <command>, …}`, each line out `{"uit": …}` or `{"fout": …}`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def __call__(self, doe: str, **velden: Any) -> Any:
        """Give a command and wait for its answer. Raises DeviceFailed."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"doe": doe, **velden}).encode() + b"\n")
        await self.process.stdin.drain()
        line = await asyncio.wait_for(self.process.stdout.readline(), PATIENCE)
        if not line:
            raise DeviceFailed(f"{doe}: the script ended")
        answer = json.loads(line)
        if "fout" in answer:
            raise DeviceFailed(f"{doe}: {answer['fout']}")
        return answer["uit"]


@asynccontextmanager
async def node_device(
    script: str, *, cwd: Path = MAP, stderr: int | None = None, **begin: Any
) -> AsyncIterator[NodeDevice]:
    """Start `<cwd>/<script>` with `begin` as its first line; what it says on stderr is shown with the test."""
    assert (cwd / "node_modules" / ".ready").exists(), f"run `make test`, or `make {cwd.name}/node_modules/.ready`"
    process = await asyncio.create_subprocess_exec(
        NODE,
        script,
        cwd=cwd,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=stderr,
        limit=LINE,
    )
    device = NodeDevice(process)
    try:
        await device("begin", **begin)
        yield device
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 5)
        except TimeoutError:
            process.kill()
            await process.wait()


async def run(*command: str, cwd: Path) -> tuple[int | None, str]:
    """Run a program to its end: its code, and what it said."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await asyncio.wait_for(process.communicate(), 120)
    return process.returncode, said.decode()


@asynccontextmanager
async def on_socket(app: FastAPI) -> AsyncIterator[str]:
    """Serve an app that has already started on a free port of 127.0.0.1; yields its address, without /v1."""
    server = uvicorn.Server(server_config(app, host="127.0.0.1", port=0, lifespan="off"))
    server.capture_signals = nullcontext  # type: ignore[method-assign,assignment]  # Ctrl-C belongs to pytest
    task = asyncio.create_task(server.serve())
    while not server.started:
        assert not task.done(), "the server did not start"
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


def write_handlers(page: Path, where: Path = MAP / "uit_docs") -> list[str]:
    """Write the code blocks of a page that carry a file name, as they stand there; return the names."""
    blocks = re.findall(r"^```js (\S+)\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)
    where.mkdir(exist_ok=True)
    for name, code in blocks:
        (where / name).write_text(code)
    return [name for name, _ in blocks]
