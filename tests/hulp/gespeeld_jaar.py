"""The Harderwijk year as the demo plays it over HTTP: played once for every test that looks at it."""

import json
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from httpx import ASGITransport, AsyncClient

from app.demo.laden import load_demo
from app.postgres import Server
from tests.hulp.opname import Opname
from tests.hulp.wereld import BEHEER_WACHTWOORD, make_beheerders
from veldboek_client.verbinding import Inlog

JAAR = {"gemeente": "GM0243", "van": "2023-01-01", "totEnMet": "2023-12-31"}


@dataclass
class Demo:
    """The year as played, and who can sign in."""

    http: AsyncClient
    database: Server
    home: Path
    verteld: list[str]
    accounts: dict[str, dict[str, str]]
    opname: Opname | None = None
    """What went over the line while it was played."""

    def at(self, http: AsyncClient) -> "Demo":
        """The same year behind another application, where everybody signs in anew."""
        return replace(self, http=http, accounts={wie: dict(account) for wie, account in self.accounts.items()})

    async def get(self, wie: str, pad: str, *, headers: dict[str, str] | None = None, **params: Any) -> Any:
        account = self.accounts[wie]
        login = {
            "grant_type": "password",
            "client_id": "veldboek",
            "gebruikersnaam": account["gebruikersnaam"],
            "wachtwoord": account["wachtwoord"],
            **{name: account[name] for name in ("toestel", "roltoewijzing") if name in account},
        }
        if "token" not in account:
            account["token"] = (await self.http.post("/oauth/token", data=login)).json()["access_token"]
        own = {"Authorization": f"Bearer {account['token']}"}
        return await self.http.get(pad, params=params, headers={**own, **(headers or {})})

    async def read_list(self, wie: str, collectie: str, **params: Any) -> list[dict[str, Any]]:
        """What somebody finds in a collection."""
        return (await self.get(wie, f"/{collectie}", **params)).json()["resultaten"]

    async def ids(self, wie: str, collectie: str) -> list[str]:
        return [doc["id"] for doc in await self.read_list(wie, collectie)]


async def play_year(
    http: AsyncClient, database: Server, home: Path, opname: Opname | None = None, *, personen_apart: bool = False
) -> Demo:
    """The year, played through `http` into its empty ledger."""
    verteld: list[str] = []
    below = partial(ASGITransport, http.app, raise_app_exceptions=False)
    await make_beheerders(http, "beheerder", "beheerder-2")
    await load_demo(
        "http://127.0.0.1:8000",
        (Inlog("beheerder", BEHEER_WACHTWOORD), Inlog("beheerder-2", BEHEER_WACHTWOORD)),
        home,
        say=verteld.append,
        transport=lambda: opname.wrap(below()) if opname else below(),
        personen_apart=personen_apart,
    )
    return Demo(http, database, home, verteld, json.loads((home / "demo.json").read_text())["accounts"], opname)
