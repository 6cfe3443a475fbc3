"""One signed-in person on the API: tokens, waiting when told to, problems as exceptions."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self
from uuid import UUID, uuid4

import httpx

CLIENT_ID: Final = "veldboek"
POGINGEN: Final = 5
LANGSTE_WACHT: Final = 60.0
"""Seconds. Whoever is told to wait longer is not waited for: the caller comes back later."""

Transport = httpx.AsyncBaseTransport
Slaap = Callable[[float], Awaitable[None]]


LEESBAAR: Final = frozenset({"application/json", "application/x-ndjson", "text/event-stream"})


def _is_ours(response: httpx.Response) -> bool:
    """A captive portal answers 200 too, with a page of its own."""
    return response.headers.get("content-type", "application/json").partition(";")[0].strip().lower() in LEESBAAR


class ApiProbleem(Exception):  # RFC 9457 calls it a problem
    """An answer that is not a success: RFC 9457, with the slug of its type."""

    def __init__(
        self, status: int, slug: str, detail: str, wacht: float | None = None, opdracht: str | None = None
    ) -> None:
        super().__init__(f"{status} {slug}: {detail}")
        self.status, self.slug, self.detail, self.wacht = status, slug, detail, wacht
        self.opdracht = opdracht
        """The signed order that came with `toestel-ingetrokken`."""

    @classmethod
    def read(cls, response: httpx.Response) -> Self:
        """Whatever answered: a proxy in between speaks no problem+json."""
        try:
            body = response.json()
            slug, detail = str(body["type"]).rpartition("/")[2], str(body.get("detail", ""))
            order = body.get("opdracht")
        except (ValueError, KeyError, TypeError, AttributeError):
            slug, detail, order = "onleesbaar-antwoord", "", None
        told = response.headers.get("retry-after", "")
        wait = float(told) if told.isascii() and told.isdigit() else 1.0
        busy = response.status_code in (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE)
        order = order if isinstance(order, str) else None
        return cls(response.status_code, slug, detail, wait if busy else None, order)


@dataclass(frozen=True, slots=True)
class Inlog:
    """With what somebody signs in, on which device, and in which role if it is not to be his only one."""

    gebruikersnaam: str
    wachtwoord: str = field(repr=False)
    toestel: UUID | None = None
    roltoewijzing: UUID | None = None


class Verbinding:
    """Requests as one person in one role; signs in when needed and keeps the login alive.

    A request that was cut off raises `httpx.TransportError`: whether the server got it is then unknown, so
    everything that writes carries an id of its own and may be sent again.
    """

    def __init__(
        self,
        base_url: str,
        inlog: Inlog,
        *,
        transport: Transport | None = None,
        slaap: Slaap = asyncio.sleep,
    ) -> None:
        self._client = httpx.AsyncClient(
            base_url=base_url, transport=transport or httpx.AsyncHTTPTransport(), timeout=30.0
        )
        self._inlog, self._slaap = inlog, slaap
        self._access: str | None = None
        self._refresh: str | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _exc: BaseException | None, _tb: TracebackType | None
    ) -> None:
        await self._client.aclose()

    @property
    def toestel(self) -> UUID | None:
        """The device that this connection signs in on."""
        return self._inlog.toestel

    def forget(self) -> None:
        """Forget the tokens: the next request signs in anew."""
        self._access = self._refresh = None

    async def sign_out(self) -> None:
        """End this login, here and at the server; what was recorded waits for the next one (RFC 7009)."""
        token = self._refresh or self._access
        if token is not None:
            await self._send("POST", "/v1/oauth/revoke", data={"client_id": CLIENT_ID, "token": token})
        self.forget()

    async def choose_password(self, code: str, *, roltoewijzing: UUID | None = None) -> None:
        """Change the code that an administrator handed over for the user name and password of this connection."""
        body = {"code": code, "gebruikersnaam": self._inlog.gebruikersnaam, "wachtwoord": self._inlog.wachtwoord}
        more = {"roltoewijzing": str(roltoewijzing)} if roltoewijzing else {}
        await self._send("POST", "/v1/oauth/toegang", json=body | more)

    async def report_done(self, order: str) -> None:
        """Hand back an order that was carried out. Needs no login: after an erasure there is none."""
        await self._send("POST", "/v1/toestelopdrachten/uitvoering", json={"opdracht": order})

    async def get(self, pad: str, **params: Any) -> Any:
        """The JSON at `pad`, below /v1."""
        return (await self.request("GET", pad, params=params)).json()

    async def post(self, pad: str, body: dict[str, Any], **headers: str) -> Any:
        """The JSON answer to a POST; use `record` for what books."""
        return (await self.request("POST", pad, json=body, headers=headers)).json()

    async def record(
        self,
        pad: str,
        waargenomen_op: datetime,
        inhoud: dict[str, Any],
        onderwerp: dict[str, UUID] | None = None,
    ) -> Any:
        """Book one registratie online. Cut off, it is sent again under the same key: it is booked once."""
        body: dict[str, Any] = {"waargenomenOp": waargenomen_op.isoformat(), "inhoud": inhoud}
        if onderwerp is not None:
            body["onderwerp"] = {key: str(ident) for key, ident in onderwerp.items()}
        key = {"Idempotency-Key": str(uuid4())}
        try:
            return await self.post(pad, body, **key)
        except httpx.TransportError:
            return await self.post(pad, body, **key)

    async def request(self, method: str, pad: str, **options: Any) -> httpx.Response:
        """Send as the signed-in person; a token that ran out is renewed. Raises ApiProbleem."""
        given = options.pop("headers", {})
        for _ in range(2):
            token = self._access or await self._enter()
            headers = {**given, "Authorization": f"Bearer {token}"}
            try:
                return await self._send(method, f"/v1{pad}", headers=headers, **options)
            except ApiProbleem as problem:
                if problem.status != httpx.codes.UNAUTHORIZED:
                    raise
                last, self._access = problem, None
                if problem.slug != "token-verlopen":  # not merely run out: the login is worth nothing any more
                    self._refresh = None
        raise last

    async def lines(self, pad: str, **params: Any) -> AsyncIterator[str]:
        """The lines of an answer as they come in. Cut off: `httpx.TransportError` after the last whole line."""
        response = await self.request("GET", pad, params=params, stream=True)
        try:
            async for line in response.aiter_lines():
                yield line
        finally:
            await response.aclose()

    async def _send(self, method: str, pad: str, *, stream: bool = False, **options: Any) -> httpx.Response:
        """Send, and wait as long as the server asks (429, 503): then nothing was processed."""
        for attempt in range(1, POGINGEN + 1):
            response = await self._client.send(self._client.build_request(method, pad, **options), stream=stream)
            if response.is_success and _is_ours(response):
                return response
            await response.aread()
            problem = ApiProbleem.read(response)
            if problem.wacht is None or problem.wacht > LANGSTE_WACHT or attempt == POGINGEN:
                break
            await self._slaap(problem.wacht)
        raise problem

    async def _sign_in(self) -> str:
        """Grant type `password`. A real app asks its user here, and keeps no password."""
        form = {
            "grant_type": "password",
            "client_id": CLIENT_ID,
            "username": self._inlog.gebruikersnaam,
            "password": self._inlog.wachtwoord,
        }
        for naam in ("toestel", "roltoewijzing"):
            if ident := getattr(self._inlog, naam):
                form[naam] = str(ident)
        return self._keep(await self._send("POST", "/v1/oauth/token", data=form))

    async def _enter(self) -> str:
        """An access token: from the login as long as it lives, since it outlives the role; else by signing in."""
        if self._refresh is not None:
            await self._renew()
        return self._access or await self._sign_in()

    async def _renew(self) -> None:
        """Grant type `refresh_token`. When the answer is lost the same token is good once more."""
        form = {"grant_type": "refresh_token", "client_id": CLIENT_ID, "refresh_token": self._refresh}
        try:
            try:
                answer = await self._send("POST", "/v1/oauth/token", data=form)
            except httpx.TransportError:
                answer = await self._send("POST", "/v1/oauth/token", data=form)
        except ApiProbleem as problem:
            if problem.slug not in {"aanmelden-mislukt", "toestel-andere-rol"}:
                raise
            self._refresh = None
            return
        self._keep(answer)

    def _keep(self, answer: httpx.Response) -> str:
        tokens = answer.json()
        access, self._refresh = str(tokens["access_token"]), str(tokens["refresh_token"])
        self._access = access
        return access
