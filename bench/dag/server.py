"""The server's end of the line: `python -m bench.dag.server`, inside its namespace.

Prints one line of JSON (where it is and who may sign in) when it answers, and stops when its input is closed.
"""

import asyncio
import json
import sys

from bench.dag.line import SERVER
from bench.opstelling import opstelling
from veldboek_client.verbinding import Inlog, Verbinding

WACHTWOORD = "een ander lang wachtwoord"


async def main() -> None:
    """One boa with an account and a device."""
    async with opstelling(host=SERVER) as o:
        (boa,), base = o.mensen, f"http://{SERVER}:{o.ports[0]}"
        account = {
            "gebruikersnaam": "boa-1",
            "wachtwoord": WACHTWOORD,
            "functionaris": str(boa.functionaris),
            "roltoewijzing": str(boa.roltoewijzing),
        }
        async with Verbinding(base, Inlog("beheerder", "een lang wachtwoord")) as beheer:
            await beheer.post("/accounts", account)
        told = {"base": base, "toestel": str(boa.toestel), "gemeente": boa.gemeente}
        print(json.dumps(account | told), flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
