"""What a route declares: its session, the time, and who may call it."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final, get_args, get_origin

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.routing import APIRoute
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.access.beleid import PERMISSIES, may
from app.access.tokens import Toegang, read_access_token, signed_for
from app.database import Sessionmaker, snapshot
from app.fouten import fouten_of, meant
from app.problems import (
    VERZOEK,
    AanmeldingBeeindigd,
    AndereHerkomst,
    Fout,
    GeenRecht,
    NietAangemeld,
    NietGevonden,
    OngeldigVerzoek,
    ToestelIngetrokken,
)
from app.proces import proces_of
from app.services.rechten.aanmeldingen import note_end
from app.services.rechten.rechten import load_actor
from app.services.sync.announcing import Announcer
from app.services.sync.pacing import Places
from app.services.toegang.aanmelden import Aanmelder, Herkomst
from app.services.toegang.browsers import find_login
from app.services.toegang.inschrijven import refuse_stale_login
from app.services.toegang.toestellen import Opdrachtgever, revoked

SESSIE: Final = "__Host-veldboek"
BEKEND: Final = "__Host-veldboek-bekend"
"""The cookies of a browser: its login, and that it signed in here before."""
_NAAM: Final = re.compile(r"[A-Za-z_-]{1,30}")
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    """One request, one transaction: commit on return, roll back on any exception."""
    async with proces_of(request).sessionmaker() as session:
        yield session
        await session.commit()  # not `begin()` as a context: a booking may roll back and start afresh


async def get_snapshot(request: Request) -> AsyncIterator[AsyncSession]:
    """One request, one REPEATABLE READ transaction: position and rows from the same moment."""
    async with snapshot(proces_of(request).sessionmaker) as session:
        yield session


async def get_now() -> datetime:
    """The time of this request; tests put another clock here."""
    return datetime.now(UTC)


# scope="function": commit *before* the response leaves. The default commits after the client already holds its
# 200, and turns a failed commit into a silent lie.
Session = Annotated[AsyncSession, Depends(get_session, scope="function")]
Snapshot = Annotated[AsyncSession, Depends(get_snapshot, scope="function")]
Nu = Annotated[datetime, Depends(get_now)]


async def get_sessions(request: Request) -> Sessionmaker:
    """For an answer that goes on after the route returned: it opens what it needs itself."""
    return proces_of(request).sessionmaker


async def get_announcer(request: Request) -> Announcer:
    """Who says that there is something to fetch."""
    return proces_of(request).announcer


async def get_opnames(request: Request) -> Places:
    """How many first syncs are open."""
    return proces_of(request).opnames


Sessions = Annotated[Sessionmaker, Depends(get_sessions)]
Announcing = Annotated[Announcer, Depends(get_announcer)]
Opnames = Annotated[Places, Depends(get_opnames)]


def get_aanmelder(request: Request) -> Aanmelder:
    """What signing in needs; a test puts a cheaper door there."""
    proces, issuer = proces_of(request), request.app.state.settings.issuer
    return Aanmelder(proces.sessionmaker, proces.geheimen, issuer, proces.wachtwoorddeur)


def get_herkomst(request: Request) -> Herkomst:
    """From where somebody signs in: his address as the trusted proxies tell it, and whether his browser is known."""
    return Herkomst(request.client.host if request.client else None, request.cookies.get(BEKEND))


def get_opdrachtgever(request: Request) -> Opdrachtgever:
    """Who signs orders to devices."""
    return Opdrachtgever(proces_of(request).geheimen.bos, request.app.state.settings.issuer)


Gever = Annotated[Opdrachtgever, Depends(get_opdrachtgever)]


def refuse_elsewhere(request: Request) -> None:
    """A cookie counts only in a request that a page of ours sent: browsers say where each comes from.

    They send `Origin` with everything that can change something; without it such a request is refused. For the rest
    `Sec-Fetch-Site` tells, where the browser has it: SameSite lets in our neighbours on the same domain. Raises
    AndereHerkomst.
    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    ours = request.app.state.settings.origins
    foreign = origin not in ours if origin is not None else request.method not in _SAFE
    if foreign or site in {"cross-site", "same-site"}:
        raise AndereHerkomst("Doe dit op de pagina van Veldboek zelf, en probeer het daar opnieuw.")


async def read_login(request: Request, nu: datetime) -> Toegang:
    """The one door: what the bearer token says, or else the cookie of a browser. With both, the token alone counts.

    Raises NietAangemeld, TokenVerlopen, AanmeldingBeeindigd, AndereHerkomst.
    """
    cookie = request.cookies.get(SESSIE)
    if cookie is None or "authorization" in request.headers:
        return read_token(request, nu)
    refuse_elsewhere(request)
    return await find_login(proces_of(request).poort, proces_of(request).geheimen, cookie, nu)


def read_token(request: Request, nu: datetime) -> Toegang:
    """What the bearer token says; raises NietAangemeld, TokenVerlopen."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NietAangemeld("Stuur uw toegangstoken mee in de header Authorization.")
    issuer = request.app.state.settings.issuer
    return read_access_token(proces_of(request).geheimen.bos, token.strip(), issuer=issuer, nu=nu)


def read_sender(request: Request) -> str:
    """Who sends this, as far as a signature of ours tells: enough to hold much of his body. Raises NietAangemeld."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise NietAangemeld("Een groot verzoek kan alleen wie zijn toegangstoken meestuurt.")
    return signed_for(proces_of(request).geheimen.bos, token.strip())


async def authenticate(request: Request, session: AsyncSession, nu: datetime, *, berging: bool = False) -> Actor:
    """Who the token or cookie speaks for, now. With `berging`, also a revoked device in its salvage window.

    Raises NietAangemeld, TokenVerlopen, AanmeldingBeeindigd, AndereHerkomst, TeVeelVerzoeken, ToestelNietGoedgekeurd,
    and ToestelIngetrokken with the order to erase.
    """
    toegang = await read_login(request, nu)
    proces_of(request).pacer.take(toegang.toestel or toegang.functionaris)
    try:
        actor = await load_actor(session, toegang, nu)
    except ToestelIngetrokken:
        refused = True
    except AanmeldingBeeindigd:
        await note_end(proces_of(request).poort, toegang.sid, nu)
        raise
    else:
        refused = actor.berging and not berging
    if refused:
        assert toegang.toestel is not None  # noqa: S101  # it was revoked
        raise await revoked(session, get_opdrachtgever(request), toegang.toestel, nu)
    return actor


def _every_dependant(route: APIRoute) -> Iterator[Dependant]:
    """Of a route and its guards, at any depth."""
    left = [route.dependant]
    while left:
        yield (one := left.pop())
        left += one.dependencies


def asked_of(route: APIRoute) -> Mapping[str, bool]:
    """The query parameters that a route and its guards declare → whether each may be given more than once.

    Worked out once, and kept with its endpoint.
    """
    known: Mapping[str, bool] | None = getattr(route.endpoint, "gevraagd", None)
    if known is not None:
        return known
    found = dict[str, bool]()
    for one in _every_dependant(route):
        for field in one.query_params:
            hint = field.field_info.annotation
            found[field.alias] = any(get_origin(each) is list for each in (hint, *get_args(hint)))
    route.endpoint.gevraagd = found  # type: ignore[attr-defined]  # as `openbaar` is
    return found


async def refuse_unknown(request: Request) -> None:
    """No query parameter is ignored: one that is mistyped would widen the answer. Raises OngeldigVerzoek.

    Of a name that is not ours only letters are repeated. What is wrong with the others is told along with it.
    """
    route: APIRoute = request.scope["route"]
    known, given = asked_of(route), Counter(name for name, _ in request.query_params.multi_items())
    fouten: list[Fout] = [
        {"veld": name, "melding": "Deze parameter mag één keer."}
        for name, times in given.items()
        if times > 1 and known.get(name) is False
    ]
    for name in sorted(given.keys() - known.keys()):
        shown = name if _NAAM.fullmatch(name) else VERZOEK
        fouten.append({"veld": shown, "melding": f"Deze parameter bestaat hier niet.{meant(name, known)}"})
    if fouten:
        wrong: list[Any] = []
        for one in _every_dependant(route):
            wrong += request_params_to_args(one.path_params, request.path_params)[1]
            wrong += request_params_to_args(one.query_params, request.query_params)[1]
            wrong += request_params_to_args(one.header_params, request.headers)[1]
        raise OngeldigVerzoek("Kijk de genoemde parameters na.", fouten=fouten + fouten_of(wrong))


def _guard(check: Callable[[Actor], None], bewaking: str, *, reading: bool, berging: bool = False) -> Any:
    session_type: Any = Snapshot if reading else Session

    async def guarded(request: Request, session: session_type, nu: Nu) -> Actor:
        actor = await authenticate(request, session, nu, berging=berging)
        check(actor)
        return actor

    guarded.bewaking = bewaking  # type: ignore[attr-defined]  # create_app refuses routes without one
    return Depends(guarded)


def _refuse_ended(actor: Actor) -> None:
    if not actor.actief:
        raise GeenRecht("Uw rol is beëindigd. Versturen wat u vastlegde kan nog wel.")


def requires(permissie: str, *, reading: bool = False) -> Any:
    """Declare the permission a route needs, and hand the route its actor; 403 `geen-recht` without it."""
    if permissie not in PERMISSIES:
        raise LookupError(f"no row in the policy for {permissie}")

    def check(actor: Actor) -> None:
        _refuse_ended(actor)
        if not may(actor.rol, permissie):
            raise GeenRecht("Uw rol mag dit niet.")

    return _guard(check, permissie, reading=reading)


def reads_one(permissie: str) -> Any:
    """The same for one document by its id: for a role without the permission it does not exist either."""
    if permissie not in PERMISSIES:
        raise LookupError(f"no row in the policy for {permissie}")

    def check(actor: Actor) -> None:
        _refuse_ended(actor)
        if not may(actor.rol, permissie):
            raise NietGevonden("Dit bestaat niet, of niet voor u.")

    return _guard(check, permissie, reading=True)


def any_role(*, reading: bool = True) -> Any:
    """Whoever is signed in with a role that is running."""
    return _guard(_refuse_ended, "aangemeld", reading=reading)


def signed_in(*, reading: bool) -> Any:
    """Whoever is signed in, also when his role is over or his device is being salvaged: for his own logins."""
    return _guard(lambda _: None, "aangemeld", reading=reading, berging=True)


def delivers(permissie: str) -> Any:
    """Uploads: somebody whose role is over may still deliver, and so may a revoked device that is being salvaged.

    Rights are read in a transaction of their own: no connection to the database waits while a slow phone sends.
    """
    if permissie not in PERMISSIES:
        raise LookupError(f"no row in the policy for {permissie}")

    async def guarded(request: Request, nu: Nu) -> Actor:
        async with proces_of(request).sessionmaker() as session:
            actor = await authenticate(request, session, nu, berging=True)
        if not may(actor.rol, permissie):
            raise GeenRecht("Uw rol mag dit niet.")
        return actor

    guarded.bewaking = permissie  # type: ignore[attr-defined]  # create_app refuses routes without one
    return Depends(guarded)


def _refuse_without_device(actor: Actor) -> None:
    if actor.toestel is None:
        raise GeenRecht("Meld u aan met een toestel om uit te wisselen.")


def on_device(*, ended: bool, reading: bool, berging: bool = False) -> Any:
    """Sync: the token names a device. `ended` lets in whose role is over, `berging` a device in a salvage window."""

    def check(actor: Actor) -> None:
        if not ended:
            _refuse_ended(actor)
        _refuse_without_device(actor)

    return _guard(check, "sync:uitwisselen", reading=reading, berging=berging)


def follows() -> Any:
    """Who is told of changes: a device, also after its role; without one whoever is signed in with a role that runs."""

    def check(actor: Actor) -> None:
        if actor.toestel is None:
            _refuse_ended(actor)

    return _guard(check, "sync:uitwisselen", reading=True)


def signed_in_just_now() -> Any:
    """Enrolling a device: whoever gave his password minutes ago, with a role that is running and on no device."""

    async def guarded(request: Request, session: Session, nu: Nu) -> Actor:
        await refuse_stale_login(session, await read_login(request, nu), nu)
        actor = await authenticate(request, session, nu)
        _refuse_ended(actor)
        return actor

    guarded.bewaking = "aangemeld"  # type: ignore[attr-defined]  # create_app refuses routes without one
    return Depends(guarded)
