"""One phone in the storm: the reference client on a real SQLite file, with a clock and a line that can be wrong."""

import json
import os
import signal
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from storm.journaal import Bron, Journaal
from storm.lijn import Lijn
from storm.mensen import Mens, inlog
from storm.opstelling import BASE, no_waiting
from storm.schakelbord import Schakelbord
from veldboek_client.bijlagen import Bijlagen
from veldboek_client.inschrijving import Ingeschreven
from veldboek_client.opslag import Opslag
from veldboek_client.sleutel import Sleutel
from veldboek_client.toestel import Correctie, Toestel
from veldboek_client.verbinding import ApiProbleem, Verbinding

GEZEGD = {
    "controle.gestart": 2, "persoon.aangetroffen": 2, "bevinding.vastgelegd": 3, "controle.afgerond": 2,
    "telling.vastgelegd": 2, "overtreding.vastgesteld": 1, "controle.gepland": 3, "controle.afgelast": 1,
}  # fmt: skip
"""The versions that say in which capacity."""
ALTIJD_NIEUW = frozenset({"telling.vastgelegd", "overtreding.vastgesteld", "controle.afgerond", "controle.gepland",
                          "controle.afgelast"})  # fmt: skip
"""What everybody's app records in the newest version, unless it is said to be old; of the rest only the police's."""
NORMAAL = frozenset({"geen-recht", "toestel-ingetrokken", "tijdelijk-niet-beschikbaar", "te-veel-verzoeken",
                     "aanmelden-mislukt", "onleesbaar-antwoord", "epoch-gewijzigd"})  # fmt: skip
"""Problems that a fault may end a sync with; what is left at the end is looked at then."""


class Telefoon:
    """One device of one person. `record` is offline; `sync` never raises what a fault may cause."""

    def __init__(
        self, naam: str, mens: Mens, toestel: str, map_: Path, socket: str, journaal: Journaal, bord: Schakelbord
    ) -> None:
        self.naam, self.mens, self.ident = naam, mens, toestel
        self.pad = map_ / f"{naam}.sqlite"
        self.journaal, self.bord = journaal, bord
        self.afwijking = timedelta()
        self.bron = Bron(naam)
        self.lijn = Lijn(socket, naam, toestel, journaal, bord)
        self.reserve: bytes | None = None
        self.teruggezet = False
        self.sleutel: Sleutel | None = None
        self.ingeschreven: Ingeschreven | None = None
        self.open()

    def open(self) -> None:
        """Start the app: what is on disk is all it knows; its user signs in again."""
        self.opslag = Opslag(self.pad)
        self.sign_in()

    def enrolled(self, sleutel: Sleutel | None, ingeschreven: Ingeschreven | None) -> None:
        """With a key it signs all that it records from now on."""
        self.sleutel, self.ingeschreven = sleutel, ingeschreven
        self.sign_in()

    def sign_in(self) -> None:
        """Forget the login; the next request signs in, in the role its user has then."""
        self.verbinding = Verbinding(BASE, inlog(self.mens.naam, self.ident), transport=self.lijn, slaap=no_waiting)
        self.toestel = Toestel(
            self.verbinding,
            self.opslag,
            klok=self.now,
            maak_id=self.mint,
            sleutel=self.sleutel,
            ingeschreven=self.ingeschreven,
        )

    @property
    def signed_in(self) -> bool:
        """Whether it holds a login."""
        return self.verbinding._refresh is not None

    def now(self) -> Any:
        """The clock of the device."""
        return self.bord.now() + self.afwijking

    def mint(self) -> UUID:
        """An id of an operation."""
        return self.bron.uuid4()

    def new_id(self) -> UUID:
        """An id of a thing."""
        return self.bron.uuid7(self.now())

    def record(
        self,
        soort: str,
        onderwerp: Mapping[str, UUID],
        inhoud: Mapping[str, Any],
        correctie: Correctie | None = None,
        bijlagen: Iterable[Mapping[str, Any]] = (),
        versie: int = 1,
        *,
        oud: bool = False,
    ) -> str:
        """Write down, and remember it in the journal. Returns the op id.

        The police have an app that says in which capacity (toezicht), the municipalities one from before that.
        """
        newest = self.mens.naam.startswith(("pct", "wijkagent")) or soort in ALTIJD_NIEUW
        if soort in GEZEGD and newest and not oud:
            inhoud, versie = {**inhoud, "hoedanigheid": "toezicht"}, GEZEGD[soort]
        made = self.toestel.record(
            soort, onderwerp, inhoud, waargenomen_op=self.now(), correctie=correctie, bijlagen=bijlagen, versie=versie
        )
        self.journaal.write(json.loads(self.opslag.waiting()[-1].op), self.naam)
        return str(made)

    def record_raw(self, spoil: Any, onleesbaar: str) -> None:
        """Put an operation in the outbox that the server cannot read; `spoil` makes its bytes from a good one."""
        op_id = self.bron.uuid4()
        good = {
            "opId": str(op_id), "soort": "signaal.gemeld", "versie": 1, "onderwerp": {"signaal": str(self.new_id())},
            "waargenomenOp": self.now().isoformat(), "vastgelegdOp": self.now().isoformat(), "basis": None,
            "corrigeert": None, "inhoud": {"bron": "eigen_waarneming", "gemeente": "GM0243"}, "bijlagen": [],
        }  # fmt: skip
        self.opslag.put(op_id, lambda seq, _prev: (spoil({"deviceSeq": seq, **good}), None))
        self.journaal.write(json.loads(self.opslag.waiting()[-1].op), self.naam, onleesbaar)

    async def sync(self) -> str:
        """Deliver and fetch. Returns in a word how it ended; what must never happen goes into the journal."""
        return await self.attempt(self.toestel.sync())

    async def send_files(self, stuk: int) -> str:
        """Send what is left of the files, in pieces of that many bytes."""
        return await self.attempt(Bijlagen(self.verbinding, self.opslag, stuk=stuk).send(tegelijk=1))

    async def attempt(self, work: Awaitable[Counter[str] | int]) -> str:
        """The same, for a part of a sync."""
        try:
            done = await work
        except httpx.TransportError:
            return "verbroken"
        except sqlite3.OperationalError:
            return "toestel vol"
        except ApiProbleem as problem:
            if problem.slug not in NORMAAL:
                self.journaal.find(f"{self.naam}: sync ended with {problem}")
            return problem.slug
        except (TypeError, KeyError, ValueError, LookupError) as error:  # what a mistake of ours raises
            self.journaal.find(f"{self.naam}: the app broke down: {type(error).__name__}: {error}")
            return "stuk"
        if isinstance(done, int):
            return "gelezen"
        return " ".join(f"{status}={done[status]}" for status in sorted(done)) or "niets"

    def documents(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Everything on the device that was pulled."""
        rows = self.opslag._db.execute("SELECT collectie, id, doc FROM document")
        return {(collectie, ident): json.loads(doc) for collectie, ident, doc in rows}

    def die_while_writing(self) -> None:
        """`kill -9` of the app in the middle of a local write, in a process of its own."""
        child = os.fork()
        if child == 0:
            Opslag(self.pad).put(self.bron.uuid4(), _die)
            os._exit(1)
        os.waitpid(child, 0)
        self.opslag.close()
        self.open()

    def back_up(self) -> None:
        """Somebody makes a copy of the phone."""
        self.opslag._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.reserve = self.pad.read_bytes()

    def put_back(self) -> dict[str, str]:
        """The copy is put back over the phone. Returns how what is gone with that stood, by op id."""
        assert self.reserve is not None  # the action looked
        mine = {u.op_id: u.staat for u in self.opslag.outcomes()}
        self.opslag.close()
        for extra in ("-wal", "-shm"):
            self.pad.with_name(self.pad.name + extra).unlink(missing_ok=True)
        self.pad.write_bytes(self.reserve)
        self.teruggezet = True
        self.open()
        kept = {u.op_id for u in self.opslag.outcomes()}
        return {op: staat for op, staat in mine.items() if op not in kept}

    def fill(self) -> None:
        """Not one page of storage is left."""
        pages = self.opslag._db.execute("PRAGMA page_count").fetchone()[0]
        self.opslag._db.execute(f"PRAGMA max_page_count = {pages}")

    def make_room(self) -> None:
        """Storage again."""
        self.opslag._db.execute("PRAGMA max_page_count = 1073741823")

    async def close(self) -> None:
        """Put it away."""
        self.opslag.close()
        await self.lijn.aclose()


def _die(_seq: int, _prev: str | None) -> tuple[bytes, str | None]:
    os.kill(os.getpid(), signal.SIGKILL)
    return b"", None
