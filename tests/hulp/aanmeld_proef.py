"""Signing in really, against the whole application: what the tests of logins share."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pytest
from httpx import ASGITransport, AsyncClient, Response
from pydantic import SecretStr
from sqlmodel import select

from app.dependencies import get_now
from app.models.account import Aanmelding, Account
from tests.hulp.wereld import Wereld

WACHTWOORD = "zeven koeien in de wei"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
HIER = "http://127.0.0.1:8000"
"""The server's own origin."""


def slug(answer: Response) -> tuple[int, str]:
    """Status, and of a problem its slug."""
    is_problem = answer.headers.get("content-type") == "application/problem+json"
    return answer.status_code, answer.json()["type"].rpartition("/")[2] if is_problem else ""


def bearer(answer: Response) -> dict[str, str]:
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@dataclass
class Aanmeldproef:
    """The people, accounts for them, a clock that we turn, and clients at several addresses."""

    wereld: Wereld
    nu: datetime = field(default_factory=lambda: datetime.now(UTC))
    accounts: dict[str, UUID] = field(default_factory=dict)

    def later(self, **duration: float) -> None:
        self.nu += timedelta(**duration)

    def at(self, address: str = "127.0.0.1", base: str = HIER) -> AsyncClient:
        """A client at this address."""
        transport = ASGITransport(self.wereld.http.app, client=(address, 50_000), raise_app_exceptions=False)
        return AsyncClient(transport=transport, base_url=f"{base}/v1")

    async def give_account(self, wie: str) -> None:
        deur = self.wereld.http.app.state.proces.wachtwoorddeur
        with deur.reserve() as plaats:
            gehasht = await plaats.hash(SecretStr(WACHTWOORD))
        persona = self.wereld.mensen[wie]
        account = Account(
            gebruikersnaam=wie, wachtwoord_hash=gehasht, functionaris=persona.functionaris, aangemaakt_op=self.nu
        )
        async with self.wereld.http.app.state.proces.sessionmaker.begin() as session:
            session.add(account)
        self.accounts[wie] = account.id

    async def token(self, client: AsyncClient | None = None, **velden: Any) -> Response:
        form = {"client_id": "veldboek", **{naam: str(waarde) for naam, waarde in velden.items()}}
        return await (client or self.wereld.http).post("/oauth/token", content=urlencode(form), headers=FORM)

    async def sign_in(
        self, wie: str, wachtwoord: str = WACHTWOORD, *, client: AsyncClient | None = None, **velden: Any
    ) -> Response:
        return await self.token(client, grant_type="password", gebruikersnaam=wie, wachtwoord=wachtwoord, **velden)

    async def on_phone(self, wie: str) -> Response:
        """Signed in on his own device."""
        answer = await self.sign_in(wie, toestel=self.wereld.mensen[wie].toestel)
        assert answer.status_code == 200, answer.text
        return answer

    async def refresh(self, earlier: Response) -> Response:
        return await self.token(grant_type="refresh_token", refresh_token=earlier.json()["refresh_token"])

    async def revoke(self, **velden: str) -> Response:
        return await self.wereld.http.post("/oauth/revoke", content=urlencode(velden), headers=FORM)

    async def me(self, headers: dict[str, str]) -> tuple[int, str]:
        return slug(await self.wereld.http.get("/ik", headers=headers))

    async def families(self, wie: str) -> list[Aanmelding]:
        query = select(Aanmelding).where(Aanmelding.account == self.accounts[wie])
        async with self.wereld.http.app.state.proces.sessionmaker() as session:
            return list(await session.exec(query.order_by(Aanmelding.id)))  # type: ignore[arg-type]


@pytest.fixture
async def proef(wereld: Wereld) -> AsyncIterator[Aanmeldproef]:
    """Accounts for an officer, a colleague and somebody at a desk."""
    app = wereld.http.app
    made = Aanmeldproef(wereld)
    app.dependency_overrides[get_now] = lambda: made.nu
    for wie in ("boa-1", "boa-2", "regisseur-1"):
        await made.give_account(wie)
    yield made
    app.dependency_overrides.clear()


__all__ = ["Aanmeldproef", "bearer", "httpx", "proef", "slug"]
