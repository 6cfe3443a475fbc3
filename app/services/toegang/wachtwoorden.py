"""Passwords: how they are hashed. Every Argon2id computation goes through one bounded door."""

import base64
import secrets
import threading
import unicodedata
from asyncio import wrap_future
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final, NamedTuple, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import SecretStr

from app.problems import OngeldigVerzoek, TijdelijkNietBeschikbaar

MIN_WACHTWOORD: Final = 12
MAX_WACHTWOORD: Final = 256
WACHT_SECONDEN: Final = 5
"""`Retry-After` when the queue is full: about what 20 waiting computations take."""

_ZOUT, _UITKOMST = 16, 32  # bytes of salt and of hash
_T = TypeVar("_T")


def _spell_bytes(raw: bytes) -> str:
    return base64.b64encode(raw).rstrip(b"=").decode("ascii")


class Kosten(NamedTuple):
    """What one Argon2id computation costs; memory in KiB."""

    time_cost: int
    memory_cost: int
    parallelism: int

    def spell_dummy(self) -> str:
        """Spell a hash that no password has: an unknown user costs one computation, from the first on."""
        salt, tag = (_spell_bytes(secrets.token_bytes(size)) for size in (_ZOUT, _UITKOMST))
        return f"$argon2id$v=19$m={self.memory_cost},t={self.time_cost},p={self.parallelism}${salt}${tag}"


KOSTEN: Final = Kosten(time_cost=3, memory_cost=64 * 1024, parallelism=4)
"""RFC 9106, section 4, second recommended option (low memory)."""


class Wachtwoorddeur:
    """At most `gelijktijdig` computations at once and `wachtrij` waiting; who comes next is told to wait.

    One source takes no more places than it leaves free: half of them when it is alone, and never the last one.
    The bound holds when requests are cancelled too: a place is free only when its computation really ended.
    """

    def __init__(self, kosten: Kosten = KOSTEN, *, gelijktijdig: int = 2, wachtrij: int = 20) -> None:
        """Cheaper `kosten` are for tests."""
        self._hasher = PasswordHasher(*kosten, hash_len=_UITKOMST, salt_len=_ZOUT)
        self._niemand = kosten.spell_dummy()
        self._threads = ThreadPoolExecutor(gelijktijdig, thread_name_prefix="wachtwoord")
        self._plaatsen = gelijktijdig + wachtrij
        self._lock = threading.Lock()
        self._bezet = 0
        self._per_bron: Counter[bytes] = Counter()

    @contextmanager
    def reserve(self, bron: bytes | None = None) -> Iterator["Plaats"]:
        """Take a place for one computation, before anything else is done for it; `bron` is who asks, None ourselves.

        Raises `TijdelijkNietBeschikbaar` when the queue is full, or as full as one source may make it.
        """
        with self._lock:
            free = self._plaatsen - self._bezet
            if free <= 0 or (bron is not None and self._per_bron[bron] >= free):
                raise TijdelijkNietBeschikbaar(
                    "Er melden zich te veel mensen tegelijk aan. Probeer het zo weer.",
                    headers={"Retry-After": str(WACHT_SECONDEN)},
                )
            self._bezet += 1
            if bron is not None:
                self._per_bron[bron] += 1
        plaats = Plaats(self, bron)
        try:
            yield plaats
        finally:
            if not plaats.gebruikt:
                self._free(bron)

    async def _run(self, bron: bytes | None, fn: Callable[..., _T], *args: object) -> _T:
        future: Future[_T] = self._threads.submit(fn, *args)
        future.add_done_callback(lambda _: self._free(bron))
        return await wrap_future(future)

    def _free(self, bron: bytes | None) -> None:
        with self._lock:
            self._bezet -= 1
            if bron is not None:
                self._per_bron -= Counter({bron: 1})

    def _verify(self, opgeslagen: str | None, wachtwoord: str) -> bool:
        try:
            self._hasher.verify(opgeslagen or self._niemand, wachtwoord)
        except (VerificationError, InvalidHashError):
            return False
        return opgeslagen is not None


class Plaats:
    """The right to one computation."""

    def __init__(self, deur: Wachtwoorddeur, bron: bytes | None) -> None:
        self._deur, self._bron = deur, bron
        self.gebruikt = False

    async def hash(self, wachtwoord: SecretStr) -> str:
        """Hash a new password; `OngeldigVerzoek` when it is too short or too long."""
        tekst = _normalise(wachtwoord)
        if not MIN_WACHTWOORD <= len(tekst) <= MAX_WACHTWOORD:
            raise OngeldigVerzoek(
                f"Kies een wachtwoord van minstens {MIN_WACHTWOORD} en hoogstens {MAX_WACHTWOORD} tekens.",
                "wachtwoord",
            )
        self.gebruikt = True
        return await self._deur._run(self._bron, self._deur._hasher.hash, tekst)  # noqa: SLF001  # two halves of one thing

    async def verify(self, opgeslagen: str | None, wachtwoord: SecretStr) -> bool:
        """Compare; without a stored hash (unknown user) it costs the same and is always False."""
        self.gebruikt = True
        return await self._deur._run(  # noqa: SLF001  # two halves of one thing
            self._bron,
            self._deur._verify,  # noqa: SLF001
            opgeslagen,
            _normalise(wachtwoord),
        )


WACHTWOORDDEUR: Final = Wachtwoorddeur()
"""The door of this process."""


def _normalise(wachtwoord: SecretStr) -> str:
    """One spelling for what looks the same: keyboards differ in how they compose é."""
    return unicodedata.normalize("NFC", wachtwoord.get_secret_value())
