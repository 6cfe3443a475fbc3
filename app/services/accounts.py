"""Local accounts and their passwords. Every Argon2id computation goes through one bounded door."""

import base64
import re
import secrets
import threading
import unicodedata
from asyncio import wrap_future
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from math import ceil
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import SecretStr
from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from app.database import Sessionmaker
from app.models.account import Aanmelding, Aanmeldpoging, Account
from app.problems import (
    NietGevonden,
    OngeldigVerzoek,
    RegelGeschonden,
    TeVeelVerzoeken,
    TijdelijkNietBeschikbaar,
)

MIN_WACHTWOORD: Final = 12
MAX_WACHTWOORD: Final = 256
GEBRUIKERSNAAM: Final = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}", re.ASCII)
WACHT_SECONDEN: Final = 5
"""`Retry-After` when the queue is full: about what 20 waiting computations take."""
GRATIS_POGINGEN: Final = 5
"""So many failures in a row cost nothing; from then on each doubles the wait, up to `LANGSTE_WACHT`."""
EERSTE_WACHT: Final = timedelta(seconds=15)
LANGSTE_WACHT: Final = timedelta(minutes=15)
POGINGEN_BEWAARD: Final = timedelta(hours=24)

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

    @contextmanager
    def reserve(self) -> Iterator["Plaats"]:
        """Take a place for one computation, before anything else is done for it.

        Raises `TijdelijkNietBeschikbaar` when the queue is full.
        """
        with self._lock:
            if self._bezet >= self._plaatsen:
                raise TijdelijkNietBeschikbaar(
                    "Er melden zich te veel mensen tegelijk aan. Probeer het zo weer.",
                    headers={"Retry-After": str(WACHT_SECONDEN)},
                )
            self._bezet += 1
        plaats = Plaats(self)
        try:
            yield plaats
        finally:
            if not plaats.gebruikt:
                self._free()

    async def _run(self, fn: Callable[..., _T], *args: object) -> _T:
        future: Future[_T] = self._threads.submit(fn, *args)
        future.add_done_callback(lambda _: self._free())
        return await wrap_future(future)

    def _free(self) -> None:
        with self._lock:
            self._bezet -= 1

    def _verify(self, opgeslagen: str | None, wachtwoord: str) -> bool:
        try:
            self._hasher.verify(opgeslagen or self._niemand, wachtwoord)
        except (VerificationError, InvalidHashError):
            return False
        return opgeslagen is not None


class Plaats:
    """The right to one computation."""

    def __init__(self, deur: Wachtwoorddeur) -> None:
        self._deur = deur
        self.gebruikt = False

    async def hash(self, wachtwoord: SecretStr) -> str:
        """Hash a new password; `OngeldigVerzoek` when it is too short or too long."""
        tekst = _normalise(wachtwoord)
        if not MIN_WACHTWOORD <= len(tekst) <= MAX_WACHTWOORD:
            raise OngeldigVerzoek(
                f"Kies een wachtwoord van minstens {MIN_WACHTWOORD} en hoogstens {MAX_WACHTWOORD} tekens."
            )
        self.gebruikt = True
        return await self._deur._run(self._deur._hasher.hash, tekst)  # noqa: SLF001  # two halves of one thing

    async def verify(self, opgeslagen: str | None, wachtwoord: SecretStr) -> bool:
        """Compare; without a stored hash (unknown user) it costs the same and is always False."""
        self.gebruikt = True
        return await self._deur._run(  # noqa: SLF001  # two halves of one thing
            self._deur._verify,  # noqa: SLF001
            opgeslagen,
            _normalise(wachtwoord),
        )


WACHTWOORDDEUR: Final = Wachtwoorddeur()
"""The door of this process."""


async def refuse_second_account(session: AsyncSession, functionaris: UUID, roltoewijzing: UUID | None) -> None:
    """One account per person and role: a second would let whoever made it act in his name. RegelGeschonden."""
    query = select(Account.id).where(Account.functionaris == functionaris, Account.roltoewijzing == roltoewijzing)
    if (await session.exec(query)).first() is not None:
        raise RegelGeschonden("Deze functionaris heeft voor deze rol al een account.")


async def create_account(
    session: AsyncSession,
    *,
    gebruikersnaam: str,
    wachtwoord: SecretStr,
    functionaris: UUID,
    roltoewijzing: UUID | None = None,
    nu: datetime,
    deur: Wachtwoorddeur = WACHTWOORDDEUR,
) -> Account:
    """Make an account; the caller commits.

    Whether the roltoewijzing is the functionaris's own and active is judged at every login, not here.
    Raises `OngeldigVerzoek`, `RegelGeschonden` when the name is taken, `TijdelijkNietBeschikbaar`.
    """
    naam = fold_gebruikersnaam(gebruikersnaam)
    if naam is None:
        raise OngeldigVerzoek(
            "Een gebruikersnaam heeft 3 tot 64 tekens: kleine letters, cijfers, punt, streepje of liggend "
            "streepje. Het eerste teken is een letter of cijfer."
        )
    with deur.reserve() as plaats:
        gehasht = await plaats.hash(wachtwoord)
    account = Account(
        id=uuid7(),
        gebruikersnaam=naam,
        wachtwoord_hash=gehasht,
        functionaris=functionaris,
        roltoewijzing=roltoewijzing,
        aangemaakt_op=nu,
    )
    made = await session.exec(
        insert(Account)
        .values(account.model_dump())
        .on_conflict_do_nothing(index_elements=["gebruikersnaam"])
        .returning(col(Account.id))
    )
    if made.scalar_one_or_none() is None:
        raise RegelGeschonden("Deze gebruikersnaam is al in gebruik.")
    return account


async def set_password(
    session: AsyncSession,
    account: UUID,
    wachtwoord: SecretStr,
    *,
    nu: datetime,
    deur: Wachtwoorddeur = WACHTWOORDDEUR,
) -> None:
    """Replace the password and end every login of the account; the caller commits.

    The account row is updated first and a login locks it before it adds a family, so none slips through
    with the old password. Raises `NietGevonden`, `OngeldigVerzoek`, `TijdelijkNietBeschikbaar`.
    """
    with deur.reserve() as plaats:
        gehasht = await plaats.hash(wachtwoord)
    changed = await session.exec(
        update(Account)
        .where(col(Account.id) == account)
        .values(wachtwoord_hash=gehasht)
        .returning(col(Account.id))
        .execution_options(synchronize_session=False)
    )
    if changed.scalar_one_or_none() is None:
        raise NietGevonden("Dit account bestaat niet.")
    await session.exec(
        update(Aanmelding)
        .where(col(Aanmelding.account) == account, col(Aanmelding.ingetrokken_op).is_(None))
        .values(ingetrokken_op=nu)
        .execution_options(synchronize_session=False)
    )


async def count_attempt(sessies: Sessionmaker, naam_hash: bytes, nu: datetime) -> None:
    """Count this attempt as failed until it proves right; refuse it, uncounted, while the name is blocked."""
    async with sessies.begin() as session:
        oud = (
            select(Aanmeldpoging.naam_hash)
            .where(Aanmeldpoging.laatst_op < nu - POGINGEN_BEWAARD)
            .limit(100)
            .with_for_update(skip_locked=True)
        )
        await session.exec(delete(Aanmeldpoging).where(col(Aanmeldpoging.naam_hash).in_(oud)))
        poging = await session.exec(
            insert(Aanmeldpoging)
            .values(naam_hash=naam_hash, mislukt=0, laatst_op=nu)
            .on_conflict_do_update(index_elements=["naam_hash"], set_={"laatst_op": nu})
            .returning(col(Aanmeldpoging.mislukt), col(Aanmeldpoging.geblokkeerd_tot))
        )
        mislukt, geblokkeerd_tot = poging.one()
        if geblokkeerd_tot is not None and geblokkeerd_tot > nu:
            raise TeVeelVerzoeken(
                "Het aanmelden mislukte te vaak achter elkaar. Wacht even en probeer het dan opnieuw.",
                headers={"Retry-After": str(ceil((geblokkeerd_tot - nu).total_seconds()))},
            )
        te_veel = mislukt + 1 - GRATIS_POGINGEN
        wacht = min(EERSTE_WACHT * 2 ** min(te_veel, 10), LANGSTE_WACHT) if te_veel >= 0 else None
        await session.exec(
            update(Aanmeldpoging)
            .where(col(Aanmeldpoging.naam_hash) == naam_hash)
            .values(mislukt=mislukt + 1, geblokkeerd_tot=wacht and nu + wacht)
        )


async def clear_attempts(sessies: Sessionmaker, naam_hash: bytes) -> None:
    """Forget the failures: the password was right."""
    async with sessies.begin() as session:
        await session.exec(delete(Aanmeldpoging).where(col(Aanmeldpoging.naam_hash) == naam_hash))


def fold_gebruikersnaam(gebruikersnaam: str) -> str | None:
    """Return the name as it is stored, or None when no account can have it."""
    naam = gebruikersnaam.strip().casefold()
    return naam if GEBRUIKERSNAAM.fullmatch(naam) else None


def _normalise(wachtwoord: SecretStr) -> str:
    """One spelling for what looks the same: keyboards differ in how they compose é."""
    return unicodedata.normalize("NFC", wachtwoord.get_secret_value())
