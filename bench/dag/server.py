"""The server's end of the line: `python -m bench.dag.server`, inside its namespace.

Prints one line of JSON (where it is and who may sign in) when it answers, and stops when its input is closed.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime

from bench.dag.line import SERVER
from bench.opstelling import BEHEERDERS, opstelling
from bench.opstelling import WACHTWOORD as BEHEERWACHTWOORD
from veldboek_client.verbinding import Inlog, Verbinding

WACHTWOORD = "een ander lang wachtwoord"


async def main() -> None:
    """One boa with an account and a device."""
    async with opstelling(host=SERVER) as o:
        (boa,), base = o.mensen, f"http://{SERVER}:{o.ports[0]}"
        account = {"gebruikersnaam": "boa-1", "wachtwoord": WACHTWOORD}
        mens, nu = boa.functionaris, datetime.now(UTC)
        eerste, tweede = (Verbinding(base, Inlog(naam, BEHEERWACHTWOORD)) for naam in BEHEERDERS)
        async with eerste, tweede, Verbinding(base, Inlog(**account)) as own:
            await eerste.record("/accounts", nu, {"functionaris": str(mens)}, {"account": mens})
            await tweede.record(f"/accounts/{mens}/bevestiging", nu, {})
            await own.choose_password((await tweede.post(f"/accounts/{mens}/toegangscode", {}))["code"])
        told = {"base": base, "toestel": str(boa.toestel), "gemeente": boa.gemeente}
        print(json.dumps(account | told), flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
