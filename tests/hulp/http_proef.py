"""Routes that exist for the tests of the HTTP edge only, and what those tests share."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from fastapi import APIRouter, FastAPI, Header, HTTPException, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.access.geheimen import Geheimen
from app.access.tokens import Sleutelbos, mint_access_token
from app.main import create_app
from app.problems import (
    NietAangemeld,
    Problem,
    RegelGeschonden,
    TeVeelVerzoeken,
    TijdelijkNietBeschikbaar,
)
from app.routers.documentatie import router as documentatie
from app.routers.gezondheid import router as gezondheid
from app.settings import Settings
from tests.hulp.proces import make_proces

BOS = Sleutelbos.generate()
TOKEN = mint_access_token(
    BOS,
    issuer="https://test",
    functionaris=uuid4(),
    roltoewijzing=uuid4(),
    toestel=uuid4(),
    sid=uuid4(),
    nu=datetime.now(UTC),
)
JSON = {"content-type": "application/json", "authorization": f"Bearer {TOKEN}"}
ALLES, VRIJ = "/v1/test/alles", "/v1/test/vrij"
CANARY = "Kanarie-van-Testen"


class Kleur(StrEnum):
    ROOD = "rood"
    BLAUW = "blauw"


class Deel(BaseModel):
    model_config = ConfigDict(extra="forbid")

    aantal: int = Field(gt=0, le=10)


class Alles(BaseModel):
    model_config = ConfigDict(extra="forbid")

    naam: str = Field(max_length=5)
    id: UUID | None = None
    kleur: Kleur = Kleur.ROOD
    soort: Literal["a", "b"] = "a"
    gemeldOp: AwareDatetime | None = None  # noqa: N815
    beginDatum: date | None = None  # noqa: N815
    delen: list[Deel] = Field(default=[], max_length=200)
    kort: tuple[Deel, ...] | None = Field(default=None, min_length=1)
    tellingen: dict[str, int] = {}
    eind: str = ""
    vorm: str = Field(default="aa", pattern="^a+$", min_length=1)

    @field_validator("eind")
    @classmethod
    def check_eind(cls, value: str) -> str:
        if value == "fout":
            raise PydanticCustomError("melding", "Het einde ligt voor het begin.")
        if value:
            raise ValueError(f"niet {value}")
        return value


def raising(exc: Exception) -> Callable[[], Awaitable[None]]:
    async def endpoint() -> None:
        raise exc

    return endpoint


def postgres_error(sqlstate: str) -> asyncpg.PostgresError:
    return asyncpg.PostgresError.new({"C": sqlstate, "M": CANARY})


class DriverError(Exception):
    def __init__(self, sqlstate: str | None) -> None:
        super().__init__(CANARY)
        self.sqlstate = sqlstate


def wrapped(sqlstate: str | None, kind: type[DBAPIError] = DBAPIError, *, invalidated: bool = False) -> DBAPIError:
    return kind("select 1", {"naam": CANARY}, DriverError(sqlstate), connection_invalidated=invalidated)


UNAVAILABLE = {
    "invalidated": wrapped(None, invalidated=True),
    "lock-timeout": wrapped("55P03", OperationalError),
    "deadlock": wrapped("40P01"),
    "shutting-down": wrapped("57P01"),
    "starting": postgres_error("57P03"),
    "raw-lock-timeout": postgres_error("55P03"),
    "too-many-connections": postgres_error("53300"),
    "connection-gone": postgres_error("08003"),
    "raw-closed": asyncpg.InterfaceError("cannot perform operation: connection is closed"),
    "refused": ConnectionRefusedError(111, "Connect call failed"),
    "refused-twice": OSError("Multiple exceptions: [Errno 111] Connect call failed, [Errno 111] Connect call failed"),
    "pool-empty": PoolTimeoutError("QueuePool limit"),
    "slow": TimeoutError(),
}
BROKEN = {
    "plain": ValueError(CANARY),
    "unique": wrapped("23505", IntegrityError),
    "syntax": postgres_error("42601"),
    "statement-timeout": wrapped("57014"),
    "no-file": FileNotFoundError(2, CANARY),
    "misuse": asyncpg.InterfaceError(f"another operation is in progress {CANARY}"),
}


def make_router() -> APIRouter:
    router = APIRouter(prefix="/test")

    @router.post("/alles")
    async def add_alles(alles: Alles) -> dict[str, Any]:
        return {"naam": alles.naam}

    @router.post("/vrij")
    async def add_vrij(inhoud: dict[str, Any]) -> dict[str, int]:
        return {"lengte": len(json.dumps(inhoud))}

    @router.post("/koppen")
    async def add_koppen(request: Request) -> list[list[str]]:
        assert await request.json() == {}
        return sorted([name, value] for name, value in request.headers.items() if "content" in name)

    @router.get("/zaken/{zaakId}")
    async def read_zaak(
        zaakId: UUID,  # noqa: N803
        paginaGrootte: Annotated[int, Query(le=100)] = 10,  # noqa: N803, ARG001
        sleutel: Annotated[UUID | None, Header(alias="Idempotency-Key")] = None,  # noqa: ARG001
    ) -> dict[str, str]:
        return {"id": str(zaakId)}

    @router.delete("/zaken/{zaakId}", status_code=204)
    async def remove_zaak(zaakId: UUID) -> None: ...  # noqa: N803

    @router.get("/groot")
    async def read_groot() -> list[str]:
        return ["een gewone zin die goed te comprimeren is"] * 200

    @router.get("/breekt-af")
    async def read_breekt_af() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"begin"
            raise ValueError(CANARY)

        return StreamingResponse(parts())

    problems: dict[str, Exception] = {
        "regel": RegelGeschonden("Zo niet.", headers={"X-Extra": "1"}, regel="5:6"),
        "afgemeld": NietAangemeld("Meld u aan."),
        "druk": TeVeelVerzoeken("Rustig aan.", '"proef";q=3;w=60'),
        "later": TijdelijkNietBeschikbaar("Straks.", headers={"Retry-After": "77"}),
        "teapot": HTTPException(418, detail=CANARY),
        "kapot-502": HTTPException(502, detail=CANARY),
        "misleidend": Problem("Echt.", type=CANARY, status=200, title=CANARY),
    }
    for name, exc in {**problems, **UNAVAILABLE, **BROKEN}.items():
        router.add_api_route(f"/fout/{name}", raising(exc), name=f"fout {name}")
    return router


def check_problem(response: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["type"] == f"/problemen/{slug}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert "instance" not in problem
    assert CANARY not in response.text
    return problem


def make_app() -> FastAPI:
    """The application, with the routes above under ``/v1/test``."""
    app = create_app(Settings(database_url=None, public_url=""), routers=(documentatie, gezondheid))
    app.include_router(make_router(), prefix="/v1")
    app.state.proces = make_proces(geheimen=Geheimen(BOS, bytes(32)))
    return app


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://test")


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]
