"""What release 0.1.0 left, unpacked: its database, its home, its phones, and what everybody read."""

import json
import lzma
import subprocess
import tarfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from app.postgres import find_binaries
from veldboek_client.opslag import Opslag
from veldboek_client.sleutel import Sleutel
from veldboek_client.toestel import Toestel
from veldboek_client.verbinding import Inlog, Verbinding

UITGAVE = "0.1.0"
HIER = Path(__file__).parents[1] / "upgrade" / UITGAVE
ORIGIN = "veldboek.example/grootboek/demo"
OVERGESLAGEN = frozenset({"definities", "gepeildOp"})
"""Texts for people, and the moment of asking."""

Connect = Callable[[Inlog], Awaitable[Verbinding]]


def read(name: str) -> bytes:
    return lzma.decompress((HIER / name).read_bytes())


def read_verwacht() -> dict[str, Any]:
    """The moment at which the release was asked, and by account what it answered."""
    return dict(json.loads(read("verwacht.json.xz")))


def unpack(name: str, target: Path) -> Path:
    with lzma.open(HIER / name) as packed, tarfile.open(fileobj=packed) as archive:
        archive.extractall(target, filter="data")
    return target


def load_dump(url: str) -> None:
    """Put the database of the release into the empty one at `url`."""
    subprocess.run(  # noqa: S603
        [str(find_binaries() / "psql"), "--quiet", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", url],
        input=read("grootboek.sql.xz"),
        stdout=subprocess.DEVNULL,
        check=True,
    )


@dataclass
class Telefoons:
    """The phones as they were left: their stores, keys and logins, in the folder `map`."""

    map: Path
    connect: Connect
    stack: AsyncExitStack

    async def __call__(self, naam: str) -> Toestel:
        told = self.told(naam)
        verbinding = await self.connect(Inlog(told["gebruikersnaam"], told["wachtwoord"], UUID(told["toestel"])))
        verbinding._refresh = told["refresh_token"]
        sleutel = Sleutel.from_pem(told["sleutel"].encode())
        toestel = Toestel(verbinding, Opslag(self.map / f"{naam}.db"), sleutel=sleutel)
        self.stack.callback(toestel.opslag.close)
        return toestel

    def told(self, naam: str) -> dict[str, str]:
        return dict(json.loads((self.map / f"{naam}.json").read_text()))


def differences(was: Any, now: Any, place: str = "") -> set[str]:
    """Where `now` says something else than `was`, by the names of fields. What was added is none."""
    if isinstance(was, dict) and isinstance(now, dict):
        found = {f"{place}{_name(key)} weg" for key in was.keys() - now.keys()}
        if not place:
            found |= {f"{_name(key)} erbij" for key in now.keys() - was.keys() if _is_id(key)}
        for key in was.keys() & now.keys() - OVERGESLAGEN:
            found |= differences(was[key], now[key], f"{place}{_name(key)}.")
        return found
    if place.endswith("permissies."):
        return {f"{place[:-1]} {name} weg" for name in set(was) - set(now)}
    if isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        return set().union(*(differences(a, b, place) for a, b in zip(was, now, strict=True)))
    return set() if was == now else {f"{place[:-1]} anders"}


def _is_id(key: str) -> bool:
    return len(key) == 36 and key.count("-") == 4


def _name(key: str) -> str:
    """Rows stand by their id: which of them differs does not matter."""
    return "rij" if _is_id(key) else key
