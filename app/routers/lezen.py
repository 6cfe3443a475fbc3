"""Lezen: a list and a single read for every collection, all through the one door of `services/lezen`."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Header, Query, Response
from pydantic import create_model

from app.access.actor import Actor
from app.access.beleid import may
from app.dependencies import Nu, Session, Snapshot, any_role, reads_one, requires
from app.models.base import Leesmodel
from app.models.keten import (
    Attendering,
    Controle,
    Locatie,
    Maatregel,
    Mensenhandelsignaal,
    Ontvangst,
    Rapportage,
    Signaal,
)
from app.models.mensen import Accountstand, Functionaris, Organisatie, Roltoewijzing, Toestel
from app.moment import Datum
from app.openapi import problemen
from app.problems import ToelichtingOntbreekt
from app.registraties.act import AMSTERDAM
from app.registraties.document import Document
from app.registraties.register import DOCUMENTEN
from app.schemas.wire import Lijst, MensenhandelsignaalUit, QuarantaineUit, Wire
from app.services.inzage import read_held, read_mensenhandelsignaal
from app.services.lezen import count_documents, get_document, list_documents
from app.vocabulary import Code, LocatieSoort, MaatregelSoort, SignaalBron

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Collectie:
    """One resource: its path, table, permission and what it can be filtered on."""

    pad: str
    model: type[Leesmodel]
    titel: str
    filters: tuple[str, ...] = ()
    waarden: Mapping[str, Any] = field(default_factory=dict)
    """Filters whose values differ by collection: name → the type of its values."""
    permissie: str | None = None
    vast: tuple[tuple[str, str], ...] = ()
    enkel: bool = True

    @property
    def document(self) -> type[Document]:
        """What its documents look like."""
        return DOCUMENTEN[self.model.collectie]

    @property
    def needs(self) -> str:
        """The permission to see it."""
        return self.permissie or f"{self.model.collectie}:zien"


def as_list(document: type[Document]) -> type[Wire]:
    """What a list of such documents answers: `SignaalLijst`."""
    return create_model(
        f"{document.__name__}Lijst",
        __base__=Lijst,
        __doc__="Eén bladzijde van een lijst.",
        resultaten=(list[document], ...),  # type: ignore[valid-type]  # a class that is made here
    )


def as_json(content: dict[str, Any]) -> Response:
    """Documents go out as they were folded: a test holds each against its class, so no answer is checked again."""
    return Response(orjson.dumps(content), media_type="application/json")


SignaalStatus = Literal["gemeld", "beoordeeld"]
ControleStatus = Literal["gepland", "gestart", "afgerond", "vervallen", "doorgehaald"]
RapportageStatus = Literal["opgemaakt", "vastgesteld", "verstrekt", "ontvangen", "doorgehaald"]
SeinStatus = Literal["vastgelegd", "overgedragen", "in_onderzoek", "hulp_gestart", "afgesloten"]
MaatregelStatus = Literal[
    "voorgenomen", "opgelegd", "in_werking", "uitgewerkt", "toegepast", "opgeheven", "verlopen", "doorgehaald"
]
Stand = Literal["open", "aanvaard", "geweigerd"]
RapportageSoort = Literal["bestuurlijke_rapportage", "controlerapport", "verslag_van_binnentreden"]

COLLECTIES = (
    Collectie("signalen", Signaal, "Signalen", ("gemeente", "bron", "periode"), {"status": SignaalStatus}),
    Collectie("locaties", Locatie, "Locaties", ("gemeente",), {"soort": LocatieSoort}),
    Collectie("controles", Controle, "Controles", ("gemeente", "locatie", "periode"), {"status": ControleStatus}),
    Collectie(
        "rapportages",
        Rapportage,
        "Rapportages",
        ("gemeente",),
        {"status": RapportageStatus, "soort": RapportageSoort},
    ),
    Collectie(
        "maatregelen",
        Maatregel,
        "Maatregelen",
        ("gemeente", "locatie"),
        {"status": MaatregelStatus, "soort": MaatregelSoort},
    ),
    Collectie("attenderingen", Attendering, "Attenderingen", ("gemeente",)),
    Collectie(
        "mensenhandelsignalen",
        Mensenhandelsignaal,
        "Mensenhandelsignalen",
        ("gemeente",),
        {"status": SeinStatus},
        enkel=False,
    ),
    Collectie(
        "quarantaine",
        Ontvangst,
        "Quarantaine",
        ("code",),
        {"stand": Stand},
        permissie="quarantaine:zien",
        vast=(("status", "quarantined"),),
        enkel=False,
    ),
    Collectie("organisaties", Organisatie, "Organisaties"),
    Collectie("functionarissen", Functionaris, "Functionarissen"),
    Collectie("roltoewijzingen", Roltoewijzing, "Roltoewijzingen"),
    Collectie("accounts", Accountstand, "Accounts"),
    Collectie("toestellen", Toestel, "Toestellen"),
)

_FILTERS: dict[str, dict[str, Any]] = {
    "gemeente": {"gemeente": Annotated[str | None, Query(pattern=r"^GM[0-9]{4}$", description="CBS-code.")]},
    "bron": {"bron": Annotated[SignaalBron | None, Query()]},
    "code": {"code": Annotated[Code | None, Query()]},
    "locatie": {"locatie": Annotated[UUID | None, Query()]},
    "periode": {
        "van": Annotated[Datum | None, Query(description="Vanaf deze dag.")],
        "totEnMet": Annotated[Datum | None, Query(description="Tot en met deze dag.")],
    },
}
_CURSOR = Annotated[str | None, Query(max_length=64, description="Van de vorige bladzijde.")]
_LIMIT = Annotated[int, Query(ge=1, le=200, description="Zoveel per bladzijde.")]


def _signature(collectie: Collectie) -> inspect.Signature:
    kind = inspect.Parameter.KEYWORD_ONLY
    asked = {name: hint for group in collectie.filters for name, hint in _FILTERS[group].items()}
    asked |= {name: Annotated[values | None, Query()] for name, values in collectie.waarden.items()}
    return inspect.Signature(
        [
            inspect.Parameter("session", kind, annotation=Snapshot),
            inspect.Parameter("nu", kind, annotation=Nu),
            inspect.Parameter("actor", kind, annotation=Annotated[Actor, requires(collectie.needs, reading=True)]),
            *(inspect.Parameter(name, kind, annotation=hint, default=None) for name, hint in asked.items()),
            inspect.Parameter("cursor", kind, annotation=_CURSOR, default=None),
            inspect.Parameter("limit", kind, annotation=_LIMIT, default=50),
        ]
    )


def add_list(collectie: Collectie) -> None:
    """`GET /<pad>`: one page, filtered."""

    async def endpoint(
        session: Snapshot, nu: Nu, actor: Actor, cursor: str | None, limit: int, **asked: Any
    ) -> Response:
        filters: dict[str, Any] = dict(collectie.vast)
        if "periode" in collectie.filters:
            filters["datum"] = (asked.pop("van"), asked.pop("totEnMet"))
        page = await list_documents(
            session,
            actor,
            collectie.model,
            filters=filters | asked,
            cursor=cursor,
            limit=limit,
            permissie=collectie.permissie,
            dag=nu.astimezone(AMSTERDAM).date(),
        )
        return as_json({"resultaten": page.resultaten, "volgende": page.volgende})

    endpoint.__signature__ = _signature(collectie)  # type: ignore[attr-defined]
    endpoint.__name__ = f"list_{collectie.pad}"
    endpoint.__doc__ = f"{collectie.titel} die u mag zien, een bladzijde tegelijk."
    router.add_api_route(
        f"/{collectie.pad}",
        endpoint,
        response_model=as_list(collectie.document),
        summary=f"{collectie.titel} opvragen",
        tags=[collectie.titel],
    )


def add_one(collectie: Collectie) -> None:
    """`GET /<pad>/{id}`: one document; what is not the actor's is a 404."""

    async def endpoint(
        session: Snapshot,
        nu: Nu,
        actor: Annotated[Actor, reads_one(collectie.needs)],
        id: UUID,  # noqa: A002
    ) -> Response:
        today = nu.astimezone(AMSTERDAM).date()
        doc = await get_document(session, actor, collectie.model, id, permissie=collectie.permissie, dag=today)
        return as_json(doc)

    endpoint.__name__ = f"get_{collectie.pad}"
    endpoint.__doc__ = "Eén document met zijn onderdelen; 404 als het niet bestaat of niet voor u is."
    router.add_api_route(
        f"/{collectie.pad}/{{id}}",
        endpoint,
        response_model=collectie.document,
        summary=f"Eén uit {collectie.titel.lower()} opvragen",
        tags=[collectie.titel],
    )


for _collectie in COLLECTIES:
    add_list(_collectie)
    if _collectie.enkel:
        add_one(_collectie)


@router.get(
    "/mensenhandelsignalen/{id}",
    summary="De inhoud van een signaal inzien",
    tags=["Mensenhandelsignalen"],
    responses=problemen(ToelichtingOntbreekt),
)
async def get_mensenhandelsignaal(
    session: Session,
    nu: Nu,
    id: UUID,  # noqa: A002
    actor: Annotated[Actor, reads_one("mensenhandelsignalen:zien")],
    x_audit_toelichting: Annotated[str | None, Header(description="Waarom u dit inziet.", max_length=500)] = None,
) -> MensenhandelsignaalUit:
    """Alleen met een reden, en elke inzage wordt vastgelegd."""
    doc = await read_mensenhandelsignaal(session, actor, id, toelichting=x_audit_toelichting, nu=nu)
    return MensenhandelsignaalUit(**doc)


@router.get(
    "/quarantaine/{id}",
    summary="Inzien wat in quarantaine staat",
    tags=["Quarantaine"],
    responses=problemen(ToelichtingOntbreekt),
)
async def get_quarantaine(
    session: Session,
    nu: Nu,
    id: UUID,  # noqa: A002
    actor: Annotated[Actor, reads_one("quarantaine:zien")],
    x_audit_toelichting: Annotated[str | None, Header(description="Waarom u dit inziet.", max_length=500)] = None,
) -> QuarantaineUit:
    """Wat er is verstuurd, zoals het kwam. Alleen met een reden, en elke inzage wordt vastgelegd."""
    return QuarantaineUit(**await read_held(session, actor, id, toelichting=x_audit_toelichting, nu=nu))


@router.get("/aantallen", summary="Hoeveel u van alles mag zien", tags=["Dienst"])
async def count_everything(session: Snapshot, actor: Annotated[Actor, any_role()]) -> dict[str, int]:
    """Per collectie het aantal documenten dat u mag zien; wat uw rol niet ziet, staat er niet in."""
    return {
        collectie.pad: await count_documents(session, actor, collectie.model)
        for collectie in COLLECTIES
        if collectie.permissie is None and may(actor.rol, collectie.needs)
    }
