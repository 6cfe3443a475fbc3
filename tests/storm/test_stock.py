"""One evening on each stock client, disturbed; `make stock` plays fifty. It ends as if nothing had disturbed it."""

import asyncio
import re
import sys

LANGST = 300
"""Seconds."""


async def test_an_evening_on_stock_clients_ends_as_if_nothing_had_disturbed_it() -> None:
    """Broken: `DEFERRED` out of `is_unsent`; `wacht=true` out of the handler of RxDB.

    A process of its own, for it forks the API before there is a loop.
    """
    command = (sys.executable, "-m", "tests.hulp.stock_reeks", "--runs", "1", "--first", "3")
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    out, _ = await asyncio.wait_for(process.communicate(), LANGST)
    said = out.decode()
    assert process.returncode == 0, said
    ended = re.findall(r"^(\w+): 1 of 1 runs equal the undisturbed one", said, re.MULTILINE)
    assert ended == ["rxdb", "watermelon"], said
