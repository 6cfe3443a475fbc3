"""What a device keeps: an outbox of what was recorded, and the documents its user may see.

Everything is in SQLite before anything is sent, and is marked sent only after the server said so: a crash
or an empty battery at any moment loses nothing. On a real phone the file is encrypted (SQLCipher, key in the
hardware keystore).
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

WACHT, VERSTUURD, GEWEIGERD, GEWIST = "wacht", "verstuurd", "geweigerd", "gewist"
SENT: Final = frozenset({"accepted", "conflict", "quarantined"})
"""Outcomes that stand: the server has it, and does not want it again."""

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, op_id TEXT NOT NULL UNIQUE, op BLOB, staat TEXT NOT NULL,
    status TEXT, code TEXT, pos INTEGER);
CREATE INDEX IF NOT EXISTS outbox_wacht ON outbox (seq) WHERE staat = 'wacht';
CREATE TABLE IF NOT EXISTS document (
    collectie TEXT NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, doc TEXT NOT NULL, gezien INTEGER NOT NULL,
    PRIMARY KEY (collectie, id));
CREATE TABLE IF NOT EXISTS bestand (
    id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, grootte INTEGER NOT NULL, inhoud BLOB, adres TEXT, staat TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS stand (naam TEXT PRIMARY KEY, waarde TEXT);
"""


class Wachtend(NamedTuple):
    """One operation that is still to be sent, exactly as it was written down."""

    seq: int
    op: bytes


class Bestand(NamedTuple):
    """A file to be sent, without its bytes. `adres` is where the server takes it in, once it was announced."""

    id: str
    sha256: str
    grootte: int
    adres: str | None
    staat: str


class Uitkomst(NamedTuple):
    """What the server said of one operation."""

    op_id: str
    staat: str
    status: str | None
    code: str | None


class Opslag:
    """The store of one device. Every method is one transaction."""

    def __init__(self, pad: str | Path = ":memory:") -> None:
        if pad != ":memory:":
            os.close(os.open(pad, os.O_CREAT | os.O_RDWR, 0o600))
        self._db = sqlite3.connect(pad)
        self._db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {_SCHEMA}")

    def close(self) -> None:
        """Close the file; what is in it stays."""
        self._db.close()

    def put(self, op_id: UUID, make_op: Callable[[int, str | None], tuple[bytes, str | None]]) -> None:
        """Append an operation. Gapless and in one chain: a failure takes no number.

        `make_op` gets its sequence number and the hash of the KOP before it, and gives the bytes to send with the
        hash of its own KOP (None: unsigned).
        """
        with self._db:
            added = self._db.execute("INSERT INTO outbox (op_id, staat) VALUES (?, ?)", (str(op_id), WACHT))
            seq = added.lastrowid or 0
            op, kop_hash = make_op(seq, self.get("kop"))
            self._db.execute("UPDATE outbox SET op = ? WHERE seq = ?", (op, seq))
            if kop_hash is not None:
                self._set("kop", kop_hash)

    def waiting(self) -> list[Wachtend]:
        """What is still to be sent, in the order in which it was recorded."""
        rows = self._db.execute("SELECT seq, op FROM outbox WHERE staat = ? ORDER BY seq", (WACHT,))
        return [Wachtend(*row) for row in rows]

    def outcomes(self) -> list[Uitkomst]:
        """How every operation stands, to show to the user."""
        rows = self._db.execute("SELECT op_id, staat, status, code FROM outbox ORDER BY seq")
        return [Uitkomst(*row) for row in rows]

    @property
    def last_seq(self) -> int:
        """The highest sequence number given out."""
        row = self._db.execute("SELECT coalesce(max(seq), 0) FROM outbox").fetchone()
        return int(row[0])

    def settle(self, batch: Iterable[Wachtend], resultaten: Iterable[Mapping[str, Any]]) -> None:
        """Note what became of a batch: one result per operation, in the same order.

        `duplicate` counts as the first outcome. `deferred`, and any status this app is too old to know,
        keeps the operation for the next time. `wissen` erases our copy: writing gave no right to read it.
        """
        with self._db:
            for waiting, resultaat in zip(batch, resultaten, strict=True):
                first = resultaat["eerste"] or resultaat
                status, code, pos = first["status"], first["code"], first["pos"]
                staat = VERSTUURD if status in SENT else GEWEIGERD if status == "rejected" else WACHT
                self._db.execute(
                    "UPDATE outbox SET staat = ?, status = ?, code = ?, pos = ?,"
                    " op = CASE WHEN ? THEN NULL ELSE op END WHERE seq = ?",
                    (staat, status, code, pos, bool(resultaat["wissen"]) and staat == VERSTUURD, waiting.seq),
                )

    def refuse(self, waiting: Wachtend, code: str) -> None:
        """Keep an operation that can never be sent, and show it; it must not hold up the others."""
        with self._db:
            self._db.execute(
                "UPDATE outbox SET staat = ?, status = 'rejected', code = ? WHERE seq = ?",
                (GEWEIGERD, code, waiting.seq),
            )

    def misses(self, ack: Mapping[str, Any]) -> bool:
        """Whether `deviceAck` says of something that we sent, and still have, that it did not arrive.

        Beyond its gaps it names no numbers, so about those it says nothing; without gaps nothing arrived beyond.
        """
        through, missing = ack["contiguousThrough"], set(ack["missing"])
        rows = self._db.execute(
            "SELECT seq FROM outbox WHERE staat = ? AND op IS NOT NULL AND seq > ?", (VERSTUURD, through)
        )
        return any(not missing or seq in missing for (seq,) in rows)

    def send_again(self) -> None:
        """The ledger went back to an older state: offer all that we still have; what it knows is a duplicate.

        What it refused too: a refusal counts as received, and the restored ledger has forgotten it.
        """
        with self._db:
            self._db.execute("UPDATE outbox SET staat = ? WHERE op IS NOT NULL", (WACHT,))

    def put_file(self, ident: UUID, sha256: str, inhoud: bytes) -> None:
        """Keep a file until the server has bound it to its entry."""
        with self._db:
            self._db.execute(
                "INSERT INTO bestand (id, sha256, grootte, inhoud, staat) VALUES (?, ?, ?, ?, ?)",
                (str(ident), sha256, len(inhoud), inhoud, WACHT),
            )

    def files(self) -> list[Bestand]:
        """Every file and how it stands, in the order in which they were made (ids are UUIDv7)."""
        rows = self._db.execute("SELECT id, sha256, grootte, adres, staat FROM bestand ORDER BY id")
        return [Bestand(*row) for row in rows]

    def read_piece(self, ident: str, offset: int, size: int) -> bytes:
        """Some bytes of a file that is still kept."""
        row = self._db.execute("SELECT substr(inhoud, ?, ?) FROM bestand WHERE id = ?", (offset + 1, size, ident))
        return bytes(row.fetchone()[0])

    def note_file(self, ident: str, staat: str, adres: str | None) -> None:
        """How a file stands now; once it is `gebonden` its bytes are let go."""
        with self._db:
            self._db.execute(
                "UPDATE bestand SET staat = ?, adres = ?, inhoud = CASE WHEN ? = 'gebonden' THEN NULL ELSE inhoud END"
                " WHERE id = ?",
                (staat, adres, staat, ident),
            )

    def get(self, naam: str) -> str | None:
        """A remembered word: `cursor`, `epoch`, `volledig`, `opdrachtsleutel`, `origin`, `kop`."""
        row = self._db.execute("SELECT waarde FROM stand WHERE naam = ?", (naam,)).fetchone()
        return row[0] if row else None

    def set(self, naam: str, waarde: str | None) -> None:
        """Remember a word."""
        with self._db:
            self._set(naam, waarde)

    def _set(self, naam: str, waarde: str | None) -> None:
        self._db.execute("INSERT OR REPLACE INTO stand VALUES (?, ?)", (naam, waarde))

    def rising(self, moment: datetime) -> datetime:
        """`moment`, or just after the last one given: what is written down later says so, whatever the clock does."""
        last = self.get("vastgelegd")
        later = moment if last is None else max(moment, datetime.fromisoformat(last) + timedelta(milliseconds=1))
        self._set("vastgelegd", later.isoformat())
        return later

    def erase(self, *, onverzonden: bool) -> None:
        """Erase all that could be read here. What the server does not have yet stays, unless `onverzonden`.

        Sequence numbers go on where they were: the server counts on them. Nothing stays in free pages of the file.
        """
        with self._db:
            self._db.execute("DELETE FROM document")
            self._db.execute("DELETE FROM stand WHERE naam IN ('cursor', 'volledig')")
            self._db.execute("UPDATE outbox SET op = NULL WHERE staat = ? OR ?", (VERSTUURD, onverzonden))
            self._db.execute("UPDATE outbox SET staat = ? WHERE staat <> ? AND op IS NULL", (GEWIST, VERSTUURD))
        self._db.execute("VACUUM")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def begin_full_pull(self) -> None:
        """Pull from the start. Until the last page came nothing is dropped, also when it is cut halfway."""
        with self._db:
            self._set("cursor", None)
            self._set("volledig", "ja")
            self._db.execute("UPDATE document SET gezien = 0")

    def apply(self, page: Mapping[str, Any]) -> None:
        """Take in one page and its cursor, together; after the last page of a full pull, drop the unlisted."""
        with self._db:
            for change in page["wijzigingen"]:
                key = (change["collectie"], change["id"])
                if change["op"] == "upsert":
                    self._db.execute(
                        "INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?, 1)",
                        (*key, change["rev"], json.dumps(change["doc"])),
                    )
                else:
                    self._db.execute("DELETE FROM document WHERE collectie = ? AND id = ?", key)
            self._set("cursor", page["cursor"])
            if not page["meer"] and self.get("volledig") == "ja":
                self._db.execute("DELETE FROM document WHERE gezien = 0")
                self._set("volledig", None)

    def sums(self) -> dict[str, dict[str, Any]]:
        """Per collection how many documents we hold, and XOR of SHA-256 of `<id>:<rev>`: what `verify` compares."""
        found: dict[str, dict[str, Any]] = {}
        for collectie, ident, rev in self._db.execute("SELECT collectie, id, rev FROM document"):
            held = found.setdefault(collectie, {"aantal": 0, "som": "0" * 64})
            own = int.from_bytes(hashlib.sha256(f"{ident}:{rev}".encode()).digest(), "big")
            held["aantal"], held["som"] = held["aantal"] + 1, f"{int(held['som'], 16) ^ own:064x}"
        return found

    def documents(self, collectie: str) -> dict[str, dict[str, Any]]:
        """What the user may see of one collection, by id."""
        rows = self._db.execute("SELECT id, doc FROM document WHERE collectie = ? ORDER BY id", (collectie,))
        return {ident: json.loads(doc) for ident, doc in rows}
