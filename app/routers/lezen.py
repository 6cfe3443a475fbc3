"""Lezen: a list and a single read for every collection, all through the one door of `services/lezen/lezen`."""

import inspect
from functools import cache
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Header, Query, Response
from pydantic import create_model

from app.access.actor import Actor
from app.access.beleid import may
from app.dependencies import Nu, Session, Snapshot, any_role, reads_one, requires
from app.moment import Datum, local_day
from app.openapi import problemen
from app.problems import ToelichtingOntbreekt
from app.registraties.act import Gemeentecode
from app.registraties.document import Document
from app.registraties.lezing import PERIODE
from app.registraties.register import AGGREGATEN
from app.routers.antwoorden import ANTWOORDEN, Aantallen, MensenhandelsignaalUit, QuarantaineUit
from app.schemas.wire import Lijst, Wire
from app.services.lezen.inzage import read_content, read_held
from app.services.lezen.lezen import count_documents, get_document, list_documents
from app.services.sync.collecties import LIJSTEN, Collectie

router = APIRouter()


@cache
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


_PERIODE = {
    "van": Annotated[Datum | None, Query(description="Vanaf deze dag.")],
    "totEnMet": Annotated[Datum | None, Query(description="Tot en met deze dag.")],
}
_GEMEENTE = Annotated[Gemeentecode | None, Query(description="CBS-code.")]
_CURSOR = Annotated[str | None, Query(max_length=64, description="Van de vorige bladzijde.")]
_LIMIT = Annotated[int, Query(ge=1, le=200, description="Zoveel per bladzijde.")]


def _asked(collectie: Collectie, name: str) -> dict[str, Any]:
    """The parameters of one filter, with the type of their values."""
    if name == PERIODE:
        return _PERIODE
    return {name: _GEMEENTE if name == "gemeente" else Annotated[collectie.values(name) | None, Query()]}


def _signature(collectie: Collectie) -> inspect.Signature:
    kind = inspect.Parameter.KEYWORD_ONLY
    asked = {name: hint for each in collectie.lijst.filters for name, hint in _asked(collectie, each).items()}
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
        filters: dict[str, Any] = dict(collectie.lijst.alleen)
        if PERIODE in collectie.lijst.filters:
            filters["datum"] = (asked.pop("van"), asked.pop("totEnMet"))
        page = await list_documents(
            session,
            actor,
            collectie.model,
            filters=filters | asked,
            cursor=cursor,
            limit=limit,
            permissie=collectie.needs,
            dag=local_day(nu),
        )
        return as_json({"resultaten": page.resultaten, "volgende": page.volgende})

    endpoint.__signature__ = _signature(collectie)  # type: ignore[attr-defined]
    endpoint.__name__ = f"list_{collectie.pad.replace('-', '_')}"
    endpoint.__doc__ = f"{collectie.lijst.titel} die u mag zien, een bladzijde tegelijk."
    router.add_api_route(
        f"/{collectie.pad}",
        endpoint,
        response_model=as_list(ANTWOORDEN[collectie.model.collectie]),
        summary=f"{collectie.lijst.titel} opvragen",
        tags=[collectie.lijst.titel],
    )


def add_one(collectie: Collectie) -> None:
    """`GET /<pad>/{id}`: one document; what is not the actor's is a 404."""

    async def endpoint(
        session: Snapshot,
        nu: Nu,
        actor: Annotated[Actor, reads_one(collectie.needs)],
        id: UUID,  # noqa: A002
    ) -> Response:
        today = local_day(nu)
        doc = await get_document(session, actor, collectie.model, id, permissie=collectie.needs, dag=today)
        return as_json(doc)

    endpoint.__name__ = f"get_{collectie.pad.replace('-', '_')}"
    endpoint.__doc__ = "Eén document met zijn onderdelen; 404 als het niet bestaat of niet voor u is."
    router.add_api_route(
        f"/{collectie.pad}/{{id}}",
        endpoint,
        response_model=ANTWOORDEN[collectie.model.collectie],
        summary=f"Eén uit {collectie.lijst.titel.lower()} opvragen",
        tags=[collectie.lijst.titel],
    )


for _collectie in LIJSTEN:
    add_list(_collectie)
    if _collectie.lijst.enkel:
        add_one(_collectie)


@router.get(
    "/mensenhandelsignalen/{id}",
    summary="De inhoud van een signaal inzien",
    tags=["Mensenhandelsignalen"],
    response_model=MensenhandelsignaalUit,
    responses=problemen(ToelichtingOntbreekt),
)
async def get_mensenhandelsignaal(
    session: Session,
    nu: Nu,
    id: UUID,  # noqa: A002
    actor: Annotated[Actor, reads_one("mensenhandelsignalen:zien")],
    x_audit_toelichting: Annotated[
        str | None, Header(description="Waarom u dit inziet, in minstens 10 tekens.", max_length=500)
    ] = None,
) -> Response:
    """Alleen met een reden, en elke inzage wordt vastgelegd."""
    aggregaat = AGGREGATEN["mensenhandelsignaal"]
    return as_json(await read_content(session, actor, aggregaat, id, toelichting=x_audit_toelichting, nu=nu))


@router.get(
    "/quarantaine/{id}",
    summary="Inzien wat in quarantaine staat",
    tags=["Quarantaine"],
    response_model=QuarantaineUit,
    responses=problemen(ToelichtingOntbreekt),
)
async def get_quarantaine(
    session: Session,
    nu: Nu,
    id: UUID,  # noqa: A002
    actor: Annotated[Actor, reads_one("quarantaine:zien")],
    x_audit_toelichting: Annotated[
        str | None, Header(description="Waarom u dit inziet, in minstens 10 tekens.", max_length=500)
    ] = None,
) -> Response:
    """Wat er is verstuurd, zoals het kwam. Alleen met een reden, en elke inzage wordt vastgelegd."""
    return as_json(await read_held(session, actor, id, toelichting=x_audit_toelichting, nu=nu))


@router.get("/aantallen", summary="Hoeveel u van alles mag zien", tags=["Dienst"], response_model=Aantallen)
async def count_everything(session: Snapshot, actor: Annotated[Actor, any_role()]) -> Response:
    """Per collectie het aantal documenten dat u mag zien; wat uw rol niet ziet, staat er niet in."""
    return as_json(
        {
            collectie.model.collectie: await count_documents(session, actor, collectie.model)
            for collectie in LIJSTEN
            if collectie.model.collectie in Aantallen.model_fields and may(actor.rol, collectie.needs)
        }
    )
