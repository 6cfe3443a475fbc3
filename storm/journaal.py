"""What the storm remembers: everything that was written down, sent, answered and done. Faults are counted by kind."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from storm.fouten import NAMEN

TOLERANTIE = timedelta(minutes=10)


class Bron:
    """Ids as an app mints them, drawn from a seed."""

    def __init__(self, zaad: object) -> None:
        self.kans = random.Random(str(zaad))  # noqa: S311  # chance, not a secret

    def uuid4(self) -> UUID:
        """An id of an operation."""
        return UUID(int=self.kans.getrandbits(128), version=4)

    def uuid7(self, moment: datetime) -> UUID:
        """An id of a thing, that carries its time."""
        raw = int(moment.timestamp() * 1000) % 2**48 << 80 | self.kans.getrandbits(76)
        return UUID(int=raw & ~(0xF << 76) & ~(0x3 << 62) | 7 << 76 | 2 << 62)


@dataclass
class Inzending:
    """One operation as its writer wrote it down."""

    op: dict[str, Any]
    telefoon: str | None
    onleesbaar: str | None = None
    """the code it must get because it cannot be read"""
    klok: set[bool] = field(default_factory=set)
    """whether the clock of the device was off, each time it was sent"""
    gewist: bool = False
    """the device erased it, as it was told"""
    kantoor: bool = False
    """recorded online, by somebody who is no administrator"""


@dataclass(frozen=True)
class Bestand:
    """One file as its writer meant it: whose it is, its bytes, and what must come of it once it arrives."""

    telefoon: str
    inhoud: bytes
    uitkomst: str


@dataclass(frozen=True)
class Vraag:
    """Something asked online and answered at once, which leaves no entry: what the answer must be, follows."""

    omvang: int
    """how long the ledger was"""
    wie: str
    """functionaris"""
    moment: datetime
    soort: str
    """besluit, lijst or inzage"""
    inzending: dict[str, Any]
    """what was asked, as an operation"""
    gehoord: Any
    """status of the answer, or the documents in it"""


@dataclass
class Journaal:
    """The memory of one run."""

    ops: dict[str, Inzending] = field(default_factory=dict)
    """by op id"""
    dubbelgangers: list[Inzending] = field(default_factory=list)
    """other content under an id that was used"""
    bestanden: dict[str, Bestand] = field(default_factory=dict)
    """files by id"""
    beloofd: dict[str, tuple[str, str | None, int]] = field(default_factory=dict)
    """op id → status, code and position: what a device was told is in the ledger"""
    eerst: dict[str, datetime] = field(default_factory=dict)
    """when an operation was sent off first, whether or not it arrived, by the clock of the server"""
    gestuurd: dict[str, set[int]] = field(default_factory=dict)
    """device → the sequence numbers that it ever sent off"""
    vragen: list[Vraag] = field(default_factory=list)
    """what was asked and refused, or only read, in the order of the ledger"""
    vervallen: set[str] = field(default_factory=set)
    """op ids that were on a phone only, when an older copy was put back over it"""
    afgevoerd: set[str] = field(default_factory=set)
    """op ids that were then gone from the phone, sent or not"""
    fouten: Counter[str] = field(default_factory=Counter)
    """faults that really happened, by name"""
    bevindingen: list[str] = field(default_factory=list)
    """what is not as it must be"""
    spoor: list[Any] = field(default_factory=list)
    """what happened, in words that are the same at each run of a seed"""

    def note(self, fout: str) -> None:
        """A fault happened. LookupError for a name that is not in the list of faults."""
        if fout not in NAMEN:
            raise LookupError(fout)
        self.fouten[fout] += 1

    def find(self, wat: str) -> None:
        """Something is wrong."""
        self.bevindingen.append(wat)

    def write(self, op: dict[str, Any], telefoon: str | None, onleesbaar: str | None = None) -> None:
        """An operation was written down."""
        self.ops[op["opId"]] = Inzending(op, telefoon, onleesbaar)

    def send(self, toestel: str, ops: list[Any], verzonden: datetime, server: datetime) -> None:
        """A batch left a device, whether or not it arrived."""
        off = abs(verzonden - server) > TOLERANTIE
        for op in ops:
            if isinstance(op, dict) and op.get("opId") in self.ops:
                self.ops[op["opId"]].klok.add(off)
                self.eerst.setdefault(op["opId"], server)
                self.gestuurd.setdefault(toestel, set()).add(op["deviceSeq"])

    def hear(self, naam: str, toestel: str, answer: dict[str, Any]) -> None:
        """A device hears what became of a batch: a promise, the same each time it is made."""
        through, sent = answer["deviceAck"]["contiguousThrough"], self.gestuurd.get(toestel, set())
        if not sent.issuperset(range(1, through + 1)):
            self.find(
                f"{naam}: deviceAck through {through}, of which {sorted(set(range(1, through + 1)) - sent)} never left"
            )
        for resultaat in answer["resultaten"]:
            first, op = resultaat["eerste"] or resultaat, resultaat["opId"]
            inzending = self.ops.get(op)
            if inzending is None:
                continue
            if first["status"] == "deferred" and inzending.op["deviceSeq"] <= through:
                self.find(f"{naam}: deviceAck through {through}, and {op} was deferred")
            if first["pos"] is None or first["code"] == "id_andere_inhoud":
                continue
            told = (first["status"], first["code"], first["pos"])
            if self.beloofd.setdefault(op, told) != told:
                self.find(f"{naam}: {op} was {self.beloofd[op]} and is now {told}")
            inzending.gewist |= resultaat["wissen"]
