"""What a copy says of itself. Written last: without it, or with a part that differs from it, it is no copy."""

import errno
import hashlib
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, NoReturn, Self

from pydantic import BaseModel, ValidationError

from app.grootboek.canoniek import canonical

BESTAND: Final = "MANIFEST.json"
FORMAAT: Final = 1
SCHEMAS: Final = ("grootboek", "kluis", "lees", "bedrijf")
BESTANDEN: Final = "bestanden.tar"
DELEN: Final = (*(f"{schema}.sql.gz" for schema in SCHEMAS), BESTANDEN)
AWAY: Final = (ConnectionError, TimeoutError, socket.gaierror)
"""Errors of the system that are not the disk's."""
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class KopieGeweigerd(RuntimeError):
    """No copy was made, or none was put back; the sentence says why and what to do. Nothing was changed."""


class Deel(BaseModel):
    """One file of a copy."""

    bytes: int
    sha256: str


class Manifest(BaseModel):
    """The whole of MANIFEST.json but for `keursom`, which is the SHA-256 of the rest in canonical JSON."""

    formaat: int = FORMAAT
    gemaakt_op: str
    uitgave: str
    migratie: str
    naam: str
    tijdperk: str
    regels: int
    wortel: str
    rijen: dict[str, int]
    """Per table how many."""
    ruimte: int
    """Bytes that the database took."""
    bestanden: int
    ontbrekend: list[str]
    """Uploads of which the store had lost the file."""
    delen: dict[str, Deel] = {}

    @property
    def size(self) -> int:
        """Bytes of all parts."""
        return sum(deel.bytes for deel in self.delen.values())

    def write(self, folder: Path) -> None:
        """Put it beside its parts."""
        doc = self.model_dump(mode="json")
        with Schrijver(folder / BESTAND) as file:
            file.write(json.dumps({**doc, "keursom": _keursom(doc)}, indent=1).encode() + b"\n")


def read_kopie(folder: Path) -> Manifest:
    """The manifest of a whole copy: every part is there and is what it was. Raises KopieGeweigerd."""
    try:
        raw = (folder / BESTAND).read_bytes()
    except OSError:
        raise KopieGeweigerd(f"{folder} is geen hele kopie: {BESTAND} ontbreekt of is niet te lezen.") from None
    try:
        doc: dict[str, Any] = json.loads(raw)
        told = doc.pop("keursom")
        if doc["formaat"] != FORMAAT:
            raise KopieGeweigerd(f"{folder} heeft een indeling die deze uitgave niet kent. Gebruik een nieuwere.")
        manifest = Manifest.model_validate(doc)
        intact = told == _keursom(doc) and set(manifest.delen) == set(DELEN)
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError):
        intact = False
    if not intact:
        raise KopieGeweigerd(f"{folder / BESTAND} is beschadigd of veranderd; neem een andere kopie.")
    for name, deel in manifest.delen.items():
        if _measure(folder / name) != deel:
            raise KopieGeweigerd(f"{folder / name} ontbreekt, is niet heel of is veranderd; neem een andere kopie.")
    return manifest


def _keursom(doc: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(doc)).hexdigest()


def _measure(path: Path) -> Deel | None:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
            return Deel(bytes=file.tell(), sha256=digest.hexdigest())
    except OSError:
        return None


class Schrijver:
    """A new file for its owner only, on disk when it is closed; `deel` says what went in."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")
        self._digest, self._bytes = hashlib.sha256(), 0

    def write(self, content: bytes) -> int:
        """Add."""
        self._digest.update(content)
        self._bytes += len(content)
        return self._file.write(content)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failed: object) -> None:
        with self._file:
            if failed[0] is None:
                self._file.flush()
                os.fsync(self._file.fileno())

    @property
    def deel(self) -> Deel:
        """What was written so far."""
        return Deel(bytes=self._bytes, sha256=self._digest.hexdigest())


def sync_directory(path: Path) -> None:
    """Make names in it durable."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """What the disk refuses, as a sentence."""
    try:
        yield
    except AWAY:
        raise
    except OSError as error:
        if error.errno in _FULL:
            refuse_full(path)
        raise KopieGeweigerd(f"{path} is niet te schrijven ({error.strerror}).") from None


def refuse_full(path: Path | str) -> NoReturn:
    """The disk is full."""
    raise KopieGeweigerd(f"De schijf van {path} is vol. Er is niets veranderd; maak ruimte en begin opnieuw.")
