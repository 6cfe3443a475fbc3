"""Bijlagen: bestanden versturen (tus 1.0), bekijken, en wat nog ontbreekt."""

import base64
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect

from app import tus
from app.access.actor import Actor
from app.dependencies import Nu, Session, Snapshot, delivers, reads_one, requires
from app.models.base import Leesmodel
from app.openapi import problemen, says
from app.openapi.delen import TUS
from app.problems import (
    ControlegetalKloptNiet,
    OnbekendMediatype,
    OngeldigVerzoek,
    OpslagVol,
    RegelGeschonden,
    TeGroot,
    TeTraag,
    TeVeelVerzoeken,
    ToelichtingOntbreekt,
    TusVersie,
    UploadLooptAnders,
    UploadVervallen,
)
from app.proces import proces_of
from app.registraties.register import AGGREGATEN
from app.routers.antwoorden import exactly
from app.routers.openbaar import openbaar
from app.schemas.lezen import OntbrekendeBijlagen
from app.services.bijlagen import uploads
from app.services.bijlagen.keuren import finish
from app.services.bijlagen.ontvangen import Afgebroken, Overgenomen, lost_piece, receive
from app.services.bijlagen.uploads import Ontvanger, Stand
from app.services.bijlagen.zien import Bestand, find_bestand, list_missing
from app.vocabulary import Mediatype

router = APIRouter(tags=["Bijlagen"])
MODELLEN = {a.model.collectie: a.model for a in AGGREGATEN.values() if a.bijlagen}
_Collectie: Any = exactly(*MODELLEN)
_EERSTE = next(iter(MODELLEN))

Verzender = Annotated[Actor, delivers("bijlage:toevoegen")]
_BODY = {"requestBody": {"content": {tus.OFFSET_TYPE: {"schema": {"type": "string", "format": "binary"}}}}}
_RECEIVING = problemen(
    ControlegetalKloptNiet, OnbekendMediatype, OpslagVol, TeGroot, TeTraag, TusVersie, UploadLooptAnders
)
Checksum = Annotated[
    str | None,
    Header(alias="Upload-Checksum", max_length=80, description="`sha256` en de hash van dit stuk in base64."),
]


@router.options(
    "/bijlagen/uploads",
    status_code=204,
    response_class=Response,
    summary="Vragen wat er van tus wordt gesproken",
    responses=says(204, *tus.DISCOVERY, "Tus-Resumable"),
)
@openbaar("Zegt alleen welk protocol hier wordt gesproken.")
async def discover_uploads() -> Response:
    """Welke versie en welke uitbreidingen, en hoe groot een bestand mag zijn."""
    return Response(status_code=204, headers=tus.DISCOVERY)


@router.post(
    "/bijlagen/uploads",
    status_code=201,
    response_class=Response,
    summary="Een bestand aanmelden",
    openapi_extra=_BODY,
    responses=_RECEIVING
    | problemen(RegelGeschonden, TeVeelVerzoeken)
    | says(201, "Location", *TUS)
    | {200: {"description": "Die upload was er al.", **says(200, "Location", *TUS)[200]}},
)
async def begin_upload(
    request: Request,
    nu: Nu,
    actor: Verzender,
    upload_length: Annotated[int, Header(alias="Upload-Length", gt=0, description="Grootte in bytes.")],
    upload_metadata: Annotated[
        str, Header(alias="Upload-Metadata", max_length=2_000, description="`bijlage` en `sha256`, in base64.")
    ],
    upload_checksum: Checksum = None,
) -> Response:
    """Begin een upload volgens tus 1.0; voor hetzelfde bestand krijgt u dezelfde upload terug."""
    o: Ontvanger = proces_of(request).ontvanger
    bijlage, sha256 = tus.read_metadata(upload_metadata)
    stand, new = await uploads.begin(o, actor, bijlage=bijlage, sha256=sha256, grootte=upload_length, nu=nu)
    if new and request.headers.get("content-type") == tus.OFFSET_TYPE:
        stand = await _take_in(request, actor, stand.id, 0, upload_checksum, nu)
    told = {"Location": f"{tus.PAD}/{stand.id}", **tus.headers_of(stand)}
    return Response(status_code=201 if new else 200, headers=told)


@router.head(
    "/bijlagen/uploads/{upload}",
    response_class=Response,
    summary="Vragen tot waar een bestand is ontvangen",
    responses=says(200, *TUS, "Upload-Length") | problemen(TusVersie, UploadVervallen),
)
async def see_upload(request: Request, nu: Nu, upload: UUID, actor: Verzender) -> Response:
    """Wie dit vraagt, wil verder: een oudere verbinding die nog bezig was, houdt op."""
    o: Ontvanger = proces_of(request).ontvanger
    stand = await uploads.take_over(o, actor, upload, nu=nu)
    if stand.heel:
        await finish(o, stand, nu=nu)
        stand = await uploads.take_over(o, actor, upload, nu=nu)
    return Response(headers={**tus.headers_of(stand), "Upload-Length": str(stand.grootte)})


@router.patch(
    "/bijlagen/uploads/{upload}",
    status_code=204,
    response_class=Response,
    summary="Een stuk van een bestand versturen",
    openapi_extra=_BODY,
    responses=_RECEIVING | problemen(UploadVervallen, TeVeelVerzoeken) | says(204, *TUS),
)
async def extend_upload(
    request: Request,
    nu: Nu,
    upload: UUID,
    actor: Verzender,
    upload_offset: Annotated[int, Header(alias="Upload-Offset", ge=0, description="Vanaf welke byte dit verdergaat.")],
    upload_checksum: Checksum = None,
) -> Response:
    """Ga verder waar de upload was. Wat binnen is, blijft; de nieuwste verbinding wint."""
    stand = await _take_in(request, actor, upload, upload_offset, upload_checksum, nu)
    return Response(status_code=204, headers=tus.headers_of(stand))


@router.delete(
    "/bijlagen/uploads/{upload}",
    status_code=204,
    response_class=Response,
    summary="Een upload opgeven",
    responses=problemen(RegelGeschonden, TusVersie, UploadVervallen) | says(204, "Tus-Resumable"),
)
async def give_up_upload(request: Request, nu: Nu, upload: UUID, actor: Verzender) -> Response:
    """Alleen zolang het bestand niet compleet is; wat is aangekomen, blijft bewaard."""
    await uploads.give_up(proces_of(request).ontvanger, actor, upload, nu=nu)
    return Response(status_code=204)


@router.get("/bijlagen/ontbrekend", summary="Bestanden die nog ontbreken")
async def list_missing_files(
    session: Snapshot,
    actor: Annotated[Actor, requires("bijlagen:raadplegen", reading=True)],
    collectie: Annotated[_Collectie, Query(description="Waar de bestanden bij horen.")] = _EERSTE,
    cursor: Annotated[str | None, Query(max_length=200, description="Van de vorige bladzijde.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Zoveel documenten per bladzijde.")] = 50,
) -> OntbrekendeBijlagen:
    """Aangekondigd en niet aangekomen, of aangekomen en afgekeurd; de regisseur ziet alles, u uw eigen bestanden."""
    page = await list_missing(session, actor, MODELLEN[collectie], cursor=cursor, limit=limit)
    return OntbrekendeBijlagen.model_validate({"resultaten": page.resultaten, "volgende": page.volgende})


def add_weergave(collectie: str, model: type[Leesmodel]) -> None:
    """`GET /<collectie>/{id}/bijlagen/{bijlage}/weergave`: seen through the door of the document it hangs on."""

    async def endpoint(
        request: Request,
        session: Session,
        nu: Nu,
        id: UUID,  # noqa: A002
        bijlage: UUID,
        actor: Annotated[Actor, reads_one(f"{collectie}:zien")],
        maat: Annotated[Literal["klein", "scherm", "origineel"], Query(description="Hoe groot.")] = "scherm",
        x_audit_toelichting: Annotated[
            str | None, Header(description="Waarom u dit inziet, in minstens 10 tekens.", max_length=500)
        ] = None,
    ) -> Response:
        gevonden = await find_bestand(
            session, actor, (model, id), bijlage, maat, toelichting=x_audit_toelichting, nu=nu
        )
        o: Ontvanger = proces_of(request).ontvanger
        if maat != "origineel":
            content = await o.opslag.read(gevonden.naam)
            return Response(content, media_type=gevonden.mediatype, headers=_shown(gevonden))
        pieces = o.opslag.stream(gevonden.naam)
        first = await anext(pieces)  # what is not there is found out before the answer begins
        return StreamingResponse(_after(first, pieces), media_type=gevonden.mediatype, headers=_shown(gevonden))

    endpoint.__name__ = f"show_bijlage_{collectie}"
    endpoint.__doc__ = (
        "Een foto zonder gegevens over plaats en maker; het origineel alleen met een reden."
        " Elke inzage wordt vastgelegd."
    )
    router.add_api_route(
        f"/{collectie}/{{id}}/bijlagen/{{bijlage}}/weergave",
        endpoint,
        response_class=Response,
        summary="Een bijlage bekijken",
        responses=problemen(ToelichtingOntbreekt)
        | {200: {"content": _MEDIA, "description": "Het bestand.", **says(200, *_SHOWN)[200]}},
    )


_SHOWN = ("Content-Disposition", "Repr-Digest")
_MEDIA = {kind.value: {"schema": {"type": "string", "format": "binary"}} for kind in Mediatype}
for _collectie, _model in MODELLEN.items():
    add_weergave(_collectie, _model)


def _shown(bestand: Bestand) -> dict[str, str]:
    """Nothing of it runs, is framed, or stays behind; and who receives it can check that it is whole."""
    digest = base64.b64encode(bytes.fromhex(bestand.sha256)).decode() if bestand.sha256 else None
    kind = "attachment" if bestand.mediatype == Mediatype.PDF else "inline"
    return {
        "Content-Disposition": f'{kind}; filename="{bestand.bestandsnaam}"',
        "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
        "Cache-Control": "no-store",
        **({"Repr-Digest": f"sha-256=:{digest}:"} if digest else {}),
    }


async def _after(first: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in pieces:
        yield piece


async def _take_in(
    request: Request, actor: Actor, upload: UUID, vanaf: int, checksum: str | None, nu: datetime
) -> Stand:
    """Receive the body, and when the file is whole look at it; how it stands then."""
    o: Ontvanger = proces_of(request).ontvanger
    controlegetal = tus.read_checksum(checksum)
    pieces = request.stream()

    async def lezen() -> bytes | None:
        try:
            return await anext(pieces, None)
        except ClientDisconnect:
            raise Afgebroken from None

    try:
        stand = await receive(o, actor, upload, lezen, vanaf=vanaf, controlegetal=controlegetal, nu=nu)
    except Overgenomen:
        raise UploadLooptAnders(
            "Een nieuwere verbinding heeft deze upload overgenomen.", headers={"Connection": "close"}
        ) from None
    except Afgebroken:
        raise OngeldigVerzoek("De verbinding is verbroken. Ga verder waar u was.") from None
    if stand.heel:
        await finish(o, stand, nu=nu)
        stand = await uploads.take_over(o, actor, upload, nu=nu)
        if stand.ontvangen < stand.grootte:
            raise lost_piece()
    return stand
