"""What the tests of signing in share: one person with two roles on tables of our own, and a clock that we turn."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import text
from sqlmodel import SQLModel, select

from app import error_handlers
from app.access.tokens import read_access_token
from app.database import Sessionmaker, create_engine, create_sessionmaker
from app.dependencies import get_now
from app.models.account import Aanmelding, Account
from app.models.mensen import Roltoewijzing, Toestel
from app.postgres import EmbeddedPostgres
from app.routers.oauth import FORMULIER, router
from app.services.toegang.accounts import create_account
from app.services.toegang.wachtwoorden import Wachtwoorddeur
from app.settings import Settings
from tests.hulp.proces import GOEDKOOP, make_proces

ALFABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
NU = datetime(2026, 8, 19, 21, 10, tzinfo=UTC)
ORGANISATIE = UUID("0199f0a0-0000-7000-8000-00000000000a")
WACHTWOORD = "zeven koeien in de wei é"
TABELLEN = [
    SQLModel.metadata.tables[name]
    for name in (
        "lees.roltoewijzing",
        "lees.account",
        "lees.toestel",
        "bedrijf.account",
        "bedrijf.aanmelding",
        "bedrijf.aanmeldpoging",
        "bedrijf.opdracht_uitgevoerd",
    )
]


@pytest.fixture(scope="module")
def server_url() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="veldboek-oauth-") as place:
        Path(place).chmod(0o755)  # as root, PostgreSQL runs as another user
        embedded = EmbeddedPostgres(Path(place) / "home")
        yield embedded.start().beheer_url
        embedded.stop()


@pytest.fixture(scope="module")
async def sessies(server_url: str) -> AsyncIterator[Sessionmaker]:
    engine = create_engine(server_url)
    async with engine.begin() as connection:
        for schema in ("lees", "bedrijf"):
            await connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
        await connection.run_sync(SQLModel.metadata.create_all, tables=TABELLEN)
    yield create_sessionmaker(engine)
    await engine.dispose()


@dataclass
class TweeRollen:
    """One functionaris with an account and two roles, and a colleague who has a device too."""

    sessies: Sessionmaker
    app: FastAPI
    client: httpx.AsyncClient
    nu: datetime = NU
    functionaris: UUID = field(default_factory=uuid4)
    collega: UUID = field(default_factory=uuid4)
    rollen: dict[str, UUID] = field(default_factory=dict)
    toestel: UUID = field(default_factory=uuid4)
    toestel_collega: UUID = field(default_factory=uuid4)

    async def token(self, **velden: Any) -> httpx.Response:
        body = urlencode({naam: str(waarde) for naam, waarde in velden.items()})
        return await self.client.post("/v1/oauth/token", content=body, headers={"Content-Type": FORMULIER})

    async def sign_in(self, wachtwoord: str = WACHTWOORD, **velden: Any) -> httpx.Response:
        basis = {"grant_type": "password", "client_id": "veldboek", "gebruikersnaam": "j.jansen"}
        return await self.token(**basis | {"wachtwoord": wachtwoord} | velden)

    async def signed_in(self, **velden: Any) -> str:
        """Sign in and return the refresh token."""
        answer = await self.sign_in(**{"roltoewijzing": self.rollen["boa"]} | velden)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["refresh_token"])

    async def refresh(self, token: str) -> httpx.Response:
        return await self.token(grant_type="refresh_token", refresh_token=token)

    async def refreshed(self, token: str) -> str:
        answer = await self.refresh(token)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["refresh_token"])

    def later(self, **duration: float) -> None:
        self.nu += timedelta(**duration)

    def read(self, answer: httpx.Response) -> Any:
        state = self.app.state
        token = answer.json()["access_token"]
        return read_access_token(state.proces.geheimen.bos, token, issuer=state.settings.issuer, nu=self.nu)

    async def change(self, statement: Any) -> None:
        async with self.sessies.begin() as session:
            await (await session.connection()).execute(statement)

    async def family(self) -> Aanmelding:
        async with self.sessies() as session:
            return (await session.exec(select(Aanmelding))).one()

    async def give_role(
        self, naam: str, *, van: datetime = NU - timedelta(days=1), tot: datetime | None = None
    ) -> UUID:
        self.rollen[naam] = uuid4()
        rij = lees(self.rollen[naam], self.functionaris)
        async with self.sessies.begin() as session:
            session.add(Roltoewijzing(**rij, rol=naam, organisatie=ORGANISATIE, gemeenten=["0243"], van=van, tot=tot))
        return self.rollen[naam]


def toestel_rij(persoon: TweeRollen) -> Toestel:
    """A device that was approved for both roles."""
    rollen = [{"rol": rol, "organisatie": str(ORGANISATIE)} for rol in ("boa", "regisseur")]
    return Toestel(**lees(persoon.toestel, persoon.functionaris), goedgekeurd=True, rollen=rollen)


def lees(id_: UUID, functionaris: UUID) -> dict[str, Any]:
    return {"id": id_, "pos": 1, "scopes": [], "doc": {}, "functionaris": functionaris}


@pytest.fixture
async def persoon(sessies: Sessionmaker) -> AsyncIterator[TweeRollen]:
    async with sessies.begin() as session:
        connection = await session.connection()
        await connection.execute(text("TRUNCATE " + ", ".join(tabel.fullname for tabel in TABELLEN)))
    app = FastAPI()
    app.include_router(router, prefix="/v1")
    error_handlers.install(app)
    app.state.settings = Settings(database_url=None)
    app.state.proces = make_proces(sessies, wachtwoorddeur=Wachtwoorddeur(GOEDKOOP))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        persoon = TweeRollen(sessies, app, client)
        app.dependency_overrides[get_now] = lambda: persoon.nu
        await persoon.give_role("boa")
        await persoon.give_role("regisseur")
        async with sessies.begin() as session:
            session.add(toestel_rij(persoon))
            session.add(Toestel(**lees(persoon.toestel_collega, persoon.collega), goedgekeurd=True))
            await make_account(persoon, session)
        yield persoon


async def make_account(persoon: TweeRollen, session: Any, **afwijkend: Any) -> Account:
    basis = {
        "gebruikersnaam": "J.Jansen",
        "wachtwoord": SecretStr(WACHTWOORD),
        "functionaris": persoon.functionaris,
    }
    return await create_account(session, **basis | afwijkend, nu=NU, deur=persoon.app.state.proces.wachtwoorddeur)


def refused(answer: httpx.Response, error: str, status: int = 400) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["error"] == error
