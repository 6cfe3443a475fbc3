"""The high-water mark: how far the ledger has been, kept in a file outside the database.

A copy of the database that was put back without a word is behind it, whatever epoch it says it has. The file is
sealed with a secret of the service, so whoever can write there but does not hold the secrets cannot move it. It also
keeps two trees of a little earlier (`ankers`): from the elder of them a start recomputes the newest leaves, without
reading all others.
"""

import base64
import fcntl
import hmac
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from app.access.geheimen import Geheimen
from app.grootboek.boom import Frontier
from app.services.bewaken.controleren import Head
from app.settings import Settings

VERSIE: Final = 1


class MerktekenOnbruikbaar(RuntimeError):
    """The file cannot be read, was changed by somebody else, or cannot be written. The message is plain Dutch."""


@dataclass(frozen=True, slots=True)
class Merkteken:
    """Once the ledger `origin` had `size` entries under `root`. `ankers` are trees of before, elder first."""

    origin: str
    epoch: str
    size: int
    root: bytes
    ankers: tuple[Frontier, Frontier] = (Frontier(), Frontier())

    def advanced(self, head: Head, keep: int) -> "Merkteken":
        """The mark at `head`, with an elder tree that is at least `keep` entries back where there are so many."""
        elder, younger = self.ankers
        if head.size - younger.size >= keep:
            elder, younger = younger, Frontier.from_bytes(head.size, head.frontier)
        return Merkteken(head.origin, head.epoch, head.size, head.root, (elder, younger))

    def spell(self, zegel: bytes) -> bytes:
        """The bytes of the file, sealed with the secret `zegel`."""
        body = {
            "versie": VERSIE,
            "origin": self.origin,
            "epoch": self.epoch,
            "size": self.size,
            "root": self.root.hex(),
            "ankers": [[tree.size, tree.to_bytes().hex()] for tree in self.ankers],
        }
        return orjson.dumps(
            body | {"zegel": _seal(body, zegel)}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        )

    @classmethod
    def read(cls, raw: bytes, zegel: bytes) -> "Merkteken":
        """Read what :meth:`spell` wrote; ValueError for anything else."""
        body = orjson.loads(raw)
        if not isinstance(body, dict) or not hmac.compare_digest(str(body.pop("zegel", "")), _seal(body, zegel)):
            raise ValueError("the seal does not fit")
        trees = [Frontier.from_bytes(size, bytes.fromhex(hashes)) for size, hashes in body["ankers"]]
        return cls(body["origin"], body["epoch"], body["size"], bytes.fromhex(body["root"]), (trees[0], trees[1]))


def _seal(body: dict[str, Any], zegel: bytes) -> str:
    tag = hmac.digest(zegel, orjson.dumps(body, option=orjson.OPT_SORT_KEYS), "sha256")
    return base64.urlsafe_b64encode(tag).decode()


@dataclass(frozen=True)
class Merkplaats:
    """Where the mark is kept, and with which secret. `keep` is how many entries a start recomputes at least."""

    pad: Path
    zegel: bytes
    keep: int

    def read(self) -> Merkteken | None:
        """The mark, or None where there is no file. Raises MerktekenOnbruikbaar."""
        try:
            return Merkteken.read(self.pad.read_bytes(), self.zegel)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise MerktekenOnbruikbaar(f"Het merkteken {self.pad} is niet te lezen ({error.strerror}).") from None
        except (ValueError, KeyError, TypeError, IndexError):
            raise MerktekenOnbruikbaar(
                f"Het merkteken {self.pad} is beschadigd, door iemand anders gemaakt of met een ander VERVERS_GEHEIM. "
                "Zet het goede bestand terug; is dat er niet meer, voer dan uit: veldboek database hersteld"
            ) from None

    def advance(self, head: Head) -> None:
        """Move the mark to `head`; it never goes back, whichever process comes last. Raises MerktekenOnbruikbaar.

        Where the mark is gone none is made: that is for a start, or for who says that the ledger was restored.
        """
        with self._alone():
            mark = self.read()
            if mark is None:
                raise MerktekenOnbruikbaar(f"Het merkteken {self.pad} is weg. Zet het bestand terug.")
            if mark.size <= head.size and (mark.size, mark.epoch) != (head.size, head.epoch):
                self._replace(mark.advanced(head, self.keep))

    def put(self, mark: Merkteken) -> None:
        """Set the mark, backwards too. Raises MerktekenOnbruikbaar."""
        with self._alone():
            self._replace(mark)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            self.pad.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self.pad.with_name(f".{self.pad.name}.slot"), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
            finally:
                os.close(lock)
        except OSError as error:
            raise MerktekenOnbruikbaar(
                f"Het merkteken {self.pad} is niet te schrijven ({error.strerror}). Geef Veldboek daar een map waarin "
                "het mag schrijven, met MERKTEKEN=…"
            ) from None

    def _replace(self, mark: Merkteken) -> None:
        """Whole or not at all, and still there after a power cut."""
        beside = self.pad.with_name(f".{self.pad.name}.nieuw")
        number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(number, "wb") as file:
            file.write(mark.spell(self.zegel))
            file.flush()
            os.fsync(number)
        beside.replace(self.pad)
        directory = os.open(self.pad.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def mark_place(settings: Settings, geheimen: Geheimen) -> Merkplaats:
    """Where the mark of this ledger is kept, sealed with a secret of the service."""
    pad = settings.merkteken or settings.veldboek_home / "merkteken.json"
    return Merkplaats(pad, geheimen.derive(b"merkteken"), settings.controle_bij_start)
