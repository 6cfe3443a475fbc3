"""Lezen: a list and a single read for every collection, all through the one door of `services/lezen/lezen`."""

import hashlib
import inspect
from functools import cache
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Header, Query, Response
from pydantic import create_model

from app.access.actor import Actor
from app.access.beleid import may
from app.dependencies import Nu, Session, Snapshot, any_role, reads_one, requires
from app.fouten import Vorm
from app.moment import Datum, Moment, local_day
from app.openapi import problemen, says
from app.problems import ToelichtingOntbreekt
from app.registraties.act import Gemeentecode
from app.registraties.document import Document
from app.registraties.lezing import ADRES, GEZIEN, ID, KENMERK, POSTCODE
from app.registraties.register import AGGREGATEN
from app.routers.antwoorden import ANTWOORDEN, Aantallen, MensenhandelsignaalUit, NaslagLijst, QuarantaineUit, exactly
from app.schemas.lezen import DocumentLijst
from app.schemas.wire import Wire
from app.services.lezen.inzage import read_content, read_held
from app.services.lezen.lezen import count_documents, get_document
from app.services.lezen.lijsten import Vraag, list_documents
from app.services.lezen.namen import NASLAG, list_naslag, name_all
from app.services.sync.collecties import LIJSTEN, Collectie

router = APIRouter()


@cache
def as_list(document: type[Document]) -> type[Wire]:
    """What a list of such documents answers: `SignaalLijst`."""
    return create_model(
        f"{document.__name__}Lijst",
        __base__=DocumentLijst,
        __doc__="Eén bladzijde van een lijst.",
        resultaten=(list[document], ...),  # type: ignore[valid-type]  # a class that is made here
    )


IfNoneMatch = Annotated[str | None, Header(max_length=200, description="De ETag van het vorige antwoord.")]
NIETS_NIEUWS: Any = says(200, "ETag") | {
    304: {"description": "Hetzelfde als het vorige antwoord.", **says(304, "ETag")[304]}
}


def as_json(content: dict[str, Any]) -> Response:
    """Documents go out as they were folded: a test holds each against its class, so no answer is checked again."""
    return Response(orjson.dumps(content), media_type="application/json")


def unless_known(content: dict[str, Any], known: str | None) -> Response:
    """The same with its ETag; nothing but that where whoever asks has it already."""
    body = orjson.dumps(content)
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    if known is not None and etag in {each.strip() for each in known.split(",")}:
        return Response(status_code=304, headers={"ETag": etag})
    return Response(body, media_type="application/json", headers={"ETag": etag})


_GEMEENTE = Annotated[Gemeentecode | None, Query(description="CBS-code.")]
_CURSOR = Annotated[str | None, Query(max_length=200, description="Van de vorige bladzijde.")]
_LIMIT = Annotated[int, Query(ge=1, le=200, description="Zoveel per bladzijde.")]
_ID = Annotated[list[UUID] | None, Query(max_length=100, description="Alleen deze documenten; mag vaker.")]
_EVERY = {
    ID: _ID,
    "totaal": Annotated[bool, Query(description="Tel ook hoeveel het er zijn.")],
    "namen": Annotated[bool, Query(description="Noem ook hoe de mensen en organisaties heten die erin staan.")],
}
_PERIODE = {
    "van": Annotated[Datum | None, Query(description="Vanaf deze dag.")],
    "totEnMet": Annotated[Datum | None, Query(description="Tot en met deze dag.")],
}
_ASKED: dict[str, Any] = {
    "gemeente": _GEMEENTE,
    ADRES: Annotated[
        str | None, Query(min_length=2, max_length=100, description="Woorden uit het adres: `havendam 12`.")
    ],
    POSTCODE: Annotated[
        Annotated[str, Vorm(r"^[0-9]{4} ?[A-Za-z]{2}$", "3841 AB")] | None, Query(description="Zoals `3841 AB`.")
    ],
    KENMERK: Annotated[str | None, Query(min_length=1, max_length=64, description="Het kenmerk in het eigen systeem.")],
    GEZIEN: Annotated[bool | None, Query(description="Of u dit hebt gezien.")],
}
_Naslagsoort: Any = exactly(*NASLAG)
_GEWIJZIGD = Annotated[
    Moment | None,
    Query(description="Wat na dit moment veranderde, en soms iets van de minuut ervoor. Alles volgen? Gebruik pull."),
]


def questions(collectie: Collectie) -> dict[str, tuple[Any, Any]]:
    """What a list may be asked, beside which page: the name of each parameter, its type and its default."""
    lijst = collectie.lijst
    found = {name: _ASKED.get(name) or Annotated[collectie.values(name) | None, Query()] for name in lijst.filters}
    found |= _PERIODE if lijst.volgorde else {}
    if lijst.sleutels:
        words = tuple(mark + name for name in lijst.sleutels for mark in ("-", ""))
        told = Query(description=f"Met `-` het nieuwste eerst; anders het oudste. Zonder: `-{lijst.sleutels[0]}`.")
        found["sorteer"] = Annotated[Literal[words] | None, told]
    if collectie.volgt:
        found["gewijzigdNa"] = _GEWIJZIGD
    defaults = {"totaal": False, "namen": False}
    return {name: (hint, defaults.get(name)) for name, hint in (found | _EVERY).items()}


def _signature(collectie: Collectie) -> inspect.Signature:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Signature(
        [
            inspect.Parameter("session", kind, annotation=Snapshot),
            inspect.Parameter("nu", kind, annotation=Nu),
            inspect.Parameter("actor", kind, annotation=Annotated[Actor, requires(collectie.needs, reading=True)]),
            *(
                inspect.Parameter(name, kind, annotation=hint, default=default)
                for name, (hint, default) in questions(collectie).items()
            ),
            inspect.Parameter("cursor", kind, annotation=_CURSOR, default=None),
            inspect.Parameter("limit", kind, annotation=_LIMIT, default=50),
            inspect.Parameter("if_none_match", kind, annotation=IfNoneMatch, default=None),
        ]
    )


def add_list(collectie: Collectie) -> None:
    """`GET /<pad>`: one page, filtered."""

    async def endpoint(
        session: Snapshot, nu: Nu, actor: Actor, cursor: str | None, limit: int, if_none_match: str | None, **asked: Any
    ) -> Response:
        totaal, namen, sorteer = asked.pop("totaal"), asked.pop("namen"), asked.pop("sorteer", None)
        vraag = Vraag(
            limit,
            cursor,
            van=asked.pop("van", None),
            tot=asked.pop("totEnMet", None),
            gewijzigd_na=asked.pop("gewijzigdNa", None),
            sorteer=sorteer,
            totaal=totaal,
            filters=dict(collectie.lijst.alleen) | asked,
        )
        page = await list_documents(
            session, actor, collectie.model, vraag, permissie=collectie.needs, dag=local_day(nu)
        )
        answer: dict[str, Any] = {"resultaten": page.resultaten, "volgende": page.volgende}
        if page.totaal is not None:
            answer["totaal"] = page.totaal
        if namen:
            answer["namen"] = await name_all(session, actor, page.resultaten)
        return unless_known(answer, if_none_match)

    endpoint.__signature__ = _signature(collectie)  # type: ignore[attr-defined]
    endpoint.__name__ = f"list_{collectie.pad.replace('-', '_')}"
    endpoint.__doc__ = f"{collectie.lijst.titel} die u mag zien, een bladzijde tegelijk, het nieuwste eerst."
    router.add_api_route(
        f"/{collectie.pad}",
        endpoint,
        response_model=as_list(ANTWOORDEN[collectie.model.collectie]),
        responses=NIETS_NIEUWS,
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
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        today = local_day(nu)
        doc = await get_document(session, actor, collectie.model, id, permissie=collectie.needs, dag=today)
        return unless_known(doc, if_none_match)

    endpoint.__name__ = f"get_{collectie.pad.replace('-', '_')}"
    endpoint.__doc__ = "Eén document met zijn onderdelen; 404 als het niet bestaat of niet voor u is."
    router.add_api_route(
        f"/{collectie.pad}/{{id}}",
        endpoint,
        response_model=ANTWOORDEN[collectie.model.collectie],
        responses=NIETS_NIEUWS,
        summary=f"Eén uit {collectie.lijst.titel.lower()} opvragen",
        tags=[collectie.lijst.titel],
    )


for _collectie in LIJSTEN:
    add_list(_collectie)
    if _collectie.lijst.enkel:
        add_one(_collectie)


@router.get(
    "/naslag",
    summary="Namen en gronden opvragen",
    tags=["Naslag"],
    response_model=NaslagLijst,
    responses=NIETS_NIEUWS,
)
async def list_reference(
    session: Snapshot,
    actor: Annotated[Actor, requires("naslag:zien", reading=True)],
    naslag: Annotated[_Naslagsoort | None, Query(description="Alleen deze soort.")] = None,
    id: _ID = None,  # noqa: A002
    cursor: _CURSOR = None,
    limit: _LIMIT = 50,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Organisaties en functionarissen die u mag kennen, en welke gemeenten personen apart mogen vastleggen."""
    page = await list_naslag(session, actor, soort=naslag, ids=id, cursor=cursor, limit=limit)
    return unless_known({"resultaten": page.resultaten, "volgende": page.volgende}, if_none_match)


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
