"""A small device: records while offline, and syncs so that nothing is lost and nothing counts twice.

The example for whoever builds an app. In short: mint ids yourself, write to the outbox first, send the exact
bytes you wrote, keep what is not answered, let the server judge, and take from its feed what you may see.
"""

import gzip
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

import httpx

from veldboek_client.inschrijving import Ingeschreven
from veldboek_client.kop import sign_op
from veldboek_client.opslag import Opslag, Wachtend
from veldboek_client.sleutel import Sleutel, read_order
from veldboek_client.verbinding import ApiProbleem, Verbinding

PROTOCOLLEN: Final = [1]
APP_VERSIE: Final = "veldboek-demo 1"
RONDES: Final = 3
"""So often a sync begins anew when the ground moves under it (epoch, rights); then it is for the next time."""
_OMSLAG: Final = 200
"""Bytes of a push around its operations, amply."""


def read_clock() -> datetime:
    """The time of the device."""
    return datetime.now(UTC)


class Correctie(NamedTuple):
    """What a correction replaces: an original, the newest version of it that the writer knew, and why."""

    corrigeert: UUID
    basis: UUID
    reden: str


class Toestel:
    """One enrolled device of one functionaris. `record` works without a network; `sync` needs one.

    A connection that breaks raises `httpx.TransportError` from `sync`: simply call it again later.
    """

    def __init__(
        self,
        verbinding: Verbinding,
        opslag: Opslag | None = None,
        *,
        klok: Callable[[], datetime] = read_clock,
        sleutel: Sleutel | None = None,
        ingeschreven: Ingeschreven | None = None,
        maak_id: Callable[[], UUID] = uuid4,
    ) -> None:
        """With `sleutel`, the key of the enrolment, all that is recorded is signed.

        What came with the enrolment needs to be given once: the store keeps it, and the handshake repeats it.
        """
        self.verbinding, self.opslag, self._klok, self._sleutel = verbinding, opslag or Opslag(), klok, sleutel
        self._maak_id = maak_id
        if ingeschreven is not None:
            self.opslag.set("origin", ingeschreven.origin)
            self.opslag.set("opdrachtsleutel", json.dumps(ingeschreven.opdrachtsleutel))
        self._max_ops, self._max_bytes = 100, 2_097_152

    def record(
        self,
        soort: str,
        onderwerp: Mapping[str, UUID],
        inhoud: Mapping[str, Any],
        *,
        waargenomen_op: datetime,
        vastgelegd_op: datetime | None = None,
        versie: int = 1,
        bijlagen: Iterable[Mapping[str, Any]] = (),
        correctie: Correctie | None = None,
    ) -> UUID:
        """Write down one registratie and return its opId. It never changes after this.

        `bijlagen` are the manifest rows of its files, from :meth:`Bijlagen.add`: add the files first.

        `onderwerp` names what it is about, including what it creates: an id (UUIDv7) that the caller minted.
        With `correctie` it takes the place of an earlier one: `inhoud` is then the whole new content.
        """
        op_id = self._maak_id()
        op: dict[str, Any] = {
            "opId": str(op_id),
            "soort": soort,
            "versie": versie,
            "onderwerp": {key: str(ident) for key, ident in onderwerp.items()},
            "waargenomenOp": waargenomen_op.isoformat(),
            "vastgelegdOp": "",
            "basis": str(correctie.basis) if correctie else None,
            "corrigeert": str(correctie.corrigeert) if correctie else None,
            **({"reden": correctie.reden} if correctie else {}),
            "inhoud": inhoud,
            "bijlagen": list(bijlagen),
        }

        def write(seq: int, prev: str | None) -> tuple[bytes, str | None]:
            op["vastgelegdOp"] = (vastgelegd_op or self.opslag.rising(self._klok())).isoformat()
            return self._write(op, seq, prev)

        self.opslag.put(op_id, write)
        return op_id

    def _write(self, op: Mapping[str, Any], seq: int, prev: str | None) -> tuple[bytes, str | None]:
        """The bytes that will be sent, signed if this device has a key; and the hash of the KOP."""
        origin = self.opslag.get("origin")
        signed = sign_op(self._sleutel, origin, op, seq=seq, prev=prev) if self._sleutel and origin else None
        whole = {"deviceSeq": seq, **op, **(signed.velden if signed else {})}
        return json.dumps(whole, allow_nan=False).encode(), signed.kop_hash if signed else None

    async def sync(self) -> Counter[str]:
        """Deliver, do what was ordered, then fetch. Returns how many operations got which status.

        Raises ApiProbleem. `toestel-niet-goedgekeurd`, `toestel-andere-rol`: nothing is lost, try later. In the role
        that the device is for, though it ended, a login still delivers. `toestel-ingetrokken`: if the server ordered
        so, this device has just erased itself. In a salvage window it comes after delivering.
        """
        try:
            return await self._sync()
        except ApiProbleem as problem:
            if problem.slug == "toestel-ingetrokken" and problem.opdracht is not None:
                await self._obey(problem.opdracht)
            raise

    async def _sync(self) -> Counter[str]:
        done: Counter[str] = Counter()
        for _ in range(RONDES):
            told = await self.shake_hands()
            done += await self.push()
            for order in told["orders"]:
                await self._obey(order["opdracht"])
            try:
                await self.pull()
            except ApiProbleem as problem:
                if problem.slug != "epoch-gewijzigd":
                    raise
                last = problem
                self._begin_anew()
            else:
                return done
        raise last

    async def shake_hands(self) -> dict[str, Any]:
        """Learn the limits, and whether the ledger is still the one we knew (`epoch`, `deviceAck`)."""
        body = {
            "protocollen": PROTOCOLLEN,
            "appVersie": APP_VERSIE,
            "toestelTijd": self._klok().isoformat(),
            "deviceSeq": self.opslag.last_seq,
            "cursor": self.opslag.get("cursor"),
        }
        answer: dict[str, Any] = await self.verbinding.post("/sync/handshake", body)
        limits = answer["limits"]
        self._max_ops, self._max_bytes = limits["maxOps"], limits["maxBytes"]
        if self.opslag.get("epoch") not in {None, answer["epoch"]}:
            self._begin_anew()
        elif self.opslag.misses(answer["deviceAck"]):  # put back under the same epoch; our cursor may still fit
            self.opslag.send_again()
        self.opslag.set("epoch", answer["epoch"])
        self.opslag.set("origin", answer["origin"])
        self.opslag.set("opdrachtsleutel", json.dumps(answer["opdrachtsleutel"]))
        return answer

    def _begin_anew(self) -> None:
        """The ledger is not the one that our cursor and our outbox know: offer everything, fetch everything."""
        self.opslag.send_again()
        self.opslag.begin_full_pull()

    async def _obey(self, brief: str) -> None:
        """Carry out an order of our own server for this device, and say so; ignore any other.

        When the report does not get through, the order comes again and is carried out again: that does no harm.
        """
        server, toestel = self.opslag.get("opdrachtsleutel"), self.verbinding.toestel
        order = read_order(brief, server=json.loads(server), toestel=toestel) if server and toestel else None
        if order is None:
            return
        if order.soort == "wissen":
            self.opslag.erase(onverzonden=order.onverzonden_wissen)
            self.verbinding.forget()
        elif order.soort == "opnieuw_ophalen":
            self.opslag.begin_full_pull()
        else:
            return  # a later server asks what this app cannot do: it stays open, for all to see
        await self.verbinding.report_done(order.brief)

    async def push(self, *, per_keer: int | None = None, achterstevoren: bool = False) -> Counter[str]:
        """Send what waits; every operation is tried once. Returns how many got which status.

        Batches may arrive in any order and more than once. `per_keer` and `achterstevoren` are here to show
        that: smaller batches, the last one first. Nothing is sent before the epoch is known: or nobody would
        notice later that the ledger it was sent to is not there any more.
        """
        if self.opslag.get("epoch") is None:
            await self.shake_hands()
        batches = list(self._cut_batches(self.opslag.waiting(), per_keer or self._max_ops))
        done: Counter[str] = Counter()
        for batch in reversed(batches) if achterstevoren else batches:
            done += await self._send(batch)
        return done

    def _cut_batches(self, waiting: Iterable[Wachtend], per_keer: int) -> Iterator[list[Wachtend]]:
        batch: list[Wachtend] = []
        size = _OMSLAG
        for each in waiting:
            if batch and (len(batch) == per_keer or size + len(each.op) + 1 > self._max_bytes):
                yield batch
                batch, size = [], _OMSLAG
            batch.append(each)
            size += len(each.op) + 1
        if batch:
            yield batch

    async def _send(self, batch: list[Wachtend]) -> Counter[str]:
        """One batch. What is too large for the server altogether is kept and shown, and blocks nothing."""
        head = json.dumps({"batchId": str(uuid4()), "verzondenOp": self._klok().isoformat()}).encode()
        body = head[:-1] + b', "ops":[' + b",".join(each.op for each in batch) + b"]}"
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        try:
            answer = await self.verbinding.request(
                "POST", "/sync/push", content=gzip.compress(body, mtime=0), headers=headers
            )
        except ApiProbleem as problem:
            if problem.slug != "te-groot":
                raise
            if len(batch) == 1:
                self.opslag.refuse(batch[0], "te_groot")
                return Counter({"rejected": 1})
            half = len(batch) // 2
            return await self._send(batch[:half]) + await self._send(batch[half:])
        resultaten = answer.json()["resultaten"]
        self.opslag.settle(batch, resultaten)
        return Counter(resultaat["status"] for resultaat in resultaten)

    async def pull(self) -> int:
        """Fetch what changed until there is no more; returns how many documents did.

        When our rights changed (410) everything is fetched anew, and what is no longer listed is dropped.
        Call it after `push`. Raises ApiProbleem: with `epoch-gewijzigd` push and pull once more, as `sync` does.
        """
        seen, restarts = 0, 0
        while True:
            try:
                async for page in self._pages():
                    self.opslag.apply(page)
                    seen += len(page["wijzigingen"])
                    if not page["meer"]:
                        return seen
            except ApiProbleem as problem:
                if problem.slug != "cursor-verlopen" or restarts == RONDES:
                    raise
                restarts += 1
                self.opslag.begin_full_pull()

    async def _pages(self) -> AsyncIterator[dict[str, Any]]:
        """The first time all in one answer, a page for each line with a cursor; from then on one page at a time.

        A snapshot that ends early leaves the cursor of its last whole page: the next round goes on from there.
        """
        cursor = self.opslag.get("cursor")
        if cursor is not None:
            yield await self.verbinding.get("/sync/pull", cursor=cursor)
            return
        changes: list[dict[str, Any]] = []
        begun = False
        async for line in self.verbinding.lines("/sync/snapshot"):
            row = json.loads(line)
            if "op" in row:
                changes.append(row)
            else:
                yield {"wijzigingen": changes, "cursor": row["cursor"], "meer": not row["compleet"]}
                changes, begun = [], True
        if not begun:
            raise httpx.RemoteProtocolError("the snapshot ended before its first page did")

    async def verify(self) -> bool:
        """Ask whether we hold what the user may see; where not, fetch everything anew. Call it after `sync`.

        Returns whether it was right. Raises ApiProbleem; a revoked or restored state is for `sync`.
        """
        for _ in range(RONDES):
            body = {"cursor": self.opslag.get("cursor"), "collecties": self.opslag.sums()}
            answer = await self.verbinding.post("/sync/verify", body)
            if answer["stand"] == "gelijk":
                return True
            if answer["stand"] == "verschilt":
                self.opslag.begin_full_pull()
                await self.pull()
                return False
            await self.pull()
        return False

    async def listen(self) -> AsyncIterator[None]:
        """Yield whenever there is something to fetch, until the server ends it; then simply listen again."""
        cursor = self.opslag.get("cursor")
        async for line in self.verbinding.lines("/sync/stroom", **({"cursor": cursor} if cursor else {})):
            if line == "event: haal":
                yield
