"""Uitwisselen met toestellen."""

from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import ValidationError

from app.access.actor import Actor
from app.access.tokens import LEVENSDUUR
from app.database import raw_connection
from app.dependencies import Gever, Nu, Session, Snapshot, follows, on_device
from app.grootboek.canoniek import NietCanoniek, b64u
from app.grootboek.ontleden import GeenJson, Stuk, TeVeel, VerkeerdeVorm, parse, split_ops
from app.openapi import leest, problemen, says
from app.problems import (
    CursorVerlopen,
    EpochGewijzigd,
    OngeldigVerzoek,
    ProtocolTeOud,
    TeGroot,
    TijdelijkNietBeschikbaar,
    ToestelIngetrokken,
    ToestelNietGoedgekeurd,
)
from app.registraties.act import iso
from app.registraties.register import ACTEN
from app.routers.antwoorden import PullUit, make, many
from app.routers.verzoeken import MAX_OPS, PushIn
from app.schemas import verzoeken
from app.schemas.uitwisselen import DeviceAckUit, HandshakeIn, HandshakeUit, Limits, OpdrachtUit, PushUit
from app.services.bijlagen.uploads import BIJLAGE_MAX
from app.services.boeken.beloofd import name_missing
from app.services.boeken.boeking import Uitslag
from app.services.boeken.overnieuw import boek_with_retry
from app.services.boeken.voortgang import DeviceAck, read_ack
from app.services.kluis.head import read_head
from app.services.kluis.operatie import Operatie, lenient, read_operatie, told_of, unreadable, unsealable
from app.services.sync.collecties import COLLECTIES
from app.services.sync.pull import PROTOCOL, offset_ms, page_etag, pull
from app.services.toegang.toestellen import note_seen, open_orders
from app.vocabulary import Code

router = APIRouter(prefix="/sync", tags=["Uitwisselen"])

AtCursor = Annotated[str | None, Query(max_length=200, description="Van het vorige antwoord; leeg: alles.")]
_Batch = make("Batch", verzoeken.PushIn, ops=(many(Any), ...))
LIMITS = Limits(max_ops=MAX_OPS, max_bytes=2_097_152, bijlage_max=BIJLAGE_MAX)


@router.post(
    "/handshake",
    summary="Kennismaken",
    responses=problemen(ToestelIngetrokken, ToestelNietGoedgekeurd, ProtocolTeOud),
)
async def shake_hands(
    body: HandshakeIn,
    session: Session,
    nu: Nu,
    gever: Gever,
    actor: Annotated[Actor, on_device(ended=True, reading=False, berging=True)],
) -> HandshakeUit:
    """Welke soorten en grenzen gelden, hoe de klok loopt, wat is ontvangen en wat het toestel moet doen."""
    if PROTOCOL not in body.protocollen:
        raise ProtocolTeOud("Deze app spreekt geen protocol dat hier wordt gesproken.", protocollen=[PROTOCOL])
    head = await read_head(session)
    assert actor.toestel is not None  # noqa: S101  # on_device
    ack = await read_ack(await raw_connection(session), actor.toestel)
    orders = [] if actor.berging else await open_orders(session, gever, actor.toestel, nu)
    await note_seen(session, actor.toestel, verteld=body.device_seq, app_versie=body.app_versie, nu=nu)
    return HandshakeUit(
        protocol=PROTOCOL,
        soorten={soort: list(range(1, act.versie + 1)) for soort, act in sorted(ACTEN.items()) if act.pad},
        server_tijd=nu,
        clock_offset_ms=offset_ms(nu, body.toestel_tijd),
        epoch=head.epoch,
        origin=head.origin,
        head=head.size,
        limits=LIMITS,
        token_expires_in=LEVENSDUUR,
        device_ack=as_out(ack),
        orders=[OpdrachtUit(soort=soort, opdracht=order) for soort, order in orders],
        opdrachtsleutel=gever.bos.jwk,
    )


@router.post(
    "/push",
    summary="Registraties versturen",
    response_model=PushUit,
    responses=problemen(ToestelIngetrokken, ToestelNietGoedgekeurd, TeGroot, TijdelijkNietBeschikbaar),
)
@leest(PushIn, "Hoogstens 100 registraties; mag met gzip. Eén foute registratie houdt de andere niet tegen.")
async def push(
    request: Request,
    session: Session,
    nu: Nu,
    actor: Annotated[Actor, on_device(ended=True, reading=False, berging=True)],
) -> Response:
    """Verstuur wat is vastgelegd; elke registratie wordt precies één keer geboekt, hoe vaak u haar ook stuurt."""
    verzonden_op, operaties = read_batch(await request.body())
    uitslagen, ack = await boek_with_retry(session, actor, operaties, nu=nu, verzonden_op=verzonden_op)
    assert ack is not None  # noqa: S101  # on_device: there is a device
    await name_missing(session, actor, operaties, uitslagen)
    answer = {
        "serverTijd": iso(nu),
        "head": max((u.pos for u in uitslagen if u.pos is not None), default=0) or (await read_head(session)).size,
        "deviceAck": as_out(ack).model_dump(by_alias=True),
        "resultaten": [as_resultaat(uitslag) for uitslag in uitslagen],
    }
    return Response(orjson.dumps(answer), media_type="application/json")


def read_batch(body: bytes) -> tuple[datetime, list[Operatie]]:
    """The envelope and each operation by itself. Raises OngeldigVerzoek or TeGroot for the whole."""
    try:
        around, stukken = split_around(body)
        batch = _Batch.model_validate(around, by_alias=True, by_name=False)
    except TeVeel:
        raise TeGroot("Stuur hoogstens 100 registraties per keer.", limits=LIMITS.model_dump(by_alias=True)) from None
    except (GeenJson, NietCanoniek) as error:
        raise OngeldigVerzoek(unsealable(str(error))) from None
    except ValidationError as error:
        raise OngeldigVerzoek("Kijk de genoemde velden na.", fouten=told_of(error, _Batch)) from None
    return batch.verzonden_op, [read_stuk(stuk) for stuk in stukken]


def split_around(body: bytes) -> tuple[Any, list[Stuk]]:
    """A batch without what is in its list, and that; where it has no list, all that it has. Raises as `split_ops`."""
    try:
        around, stukken = split_ops(body, max_ops=LIMITS.max_ops)
    except VerkeerdeVorm:
        return parse(body), []
    return {**around, "ops": []}, stukken


def read_stuk(stuk: Stuk) -> Operatie:
    """One element of the batch as an operation, whatever is wrong with it."""
    if stuk.fout is not None:
        return unreadable(*lenient(stuk.omslag), stuk.raw, Code.NIET_CANONIEK, stuk.fout)
    return read_operatie(stuk.value, lambda: stuk.raw)


def as_out(ack: DeviceAck) -> DeviceAckUit:
    """The wire form of what a device delivered."""
    return DeviceAckUit(contiguous_through=ack.contiguous_through, missing=ack.missing)


def as_resultaat(uitslag: Uitslag) -> dict[str, Any]:
    """The wire form of one outcome."""
    return {
        "opId": str(uitslag.op_id) if uitslag.op_id else None,
        **as_outcome(uitslag),
        "fouten": list((uitslag.eerste or uitslag).waarom.fouten),
        "vlaggen": list(uitslag.vlaggen),
        "eerste": as_outcome(uitslag.eerste) if uitslag.eerste else None,
        "wissen": uitslag.wissen,
        "wachtOpBijlagen": [str(ident) for ident in uitslag.wacht_op_bijlagen],
    }


def as_outcome(uitslag: Uitslag) -> dict[str, Any]:
    """Status, code and place in the ledger."""
    return {
        "status": uitslag.status.value,
        "code": uitslag.code.value if uitslag.code else None,
        "pos": uitslag.pos,
        "leafHash": b64u(uitslag.leaf_hash) if uitslag.leaf_hash else None,
        "uitleg": uitslag.waarom.uitleg or None,
    }


@router.get(
    "/pull",
    summary="Wijzigingen ophalen",
    response_model=PullUit,
    responses=problemen(ToestelIngetrokken, ToestelNietGoedgekeurd, EpochGewijzigd, CursorVerlopen)
    | says(200, "ETag")
    | {304: {"description": "Niets nieuws.", **says(304, "ETag")[304]}},
)
async def pull_changes(
    session: Snapshot,
    actor: Annotated[Actor, follows()],
    cursor: AtCursor = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="Ongeveer zoveel documenten.")] = 500,
    collecties: Annotated[str | None, Query(max_length=200, description="Namen met komma's; leeg: alle.")] = None,
    if_none_match: Annotated[str | None, Header(description="De ETag van het vorige antwoord.")] = None,
) -> Response:
    """Wat er voor u veranderde na de cursor; wat u niet meer mag zien komt als revoke, zonder inhoud."""
    wanted = collecties.split(",") if collecties else None
    if wanted is not None and not set(wanted) <= COLLECTIES.keys():
        raise OngeldigVerzoek("Een van deze collecties bestaat niet.", "collecties")
    pagina = await pull(session, actor, cursor=cursor, limit=limit, collecties=wanted)
    etag = page_etag(pagina, cursor, limit, collecties)
    if if_none_match == etag:
        return Response(status_code=304, headers={"ETag": etag})
    answer = {
        "wijzigingen": pagina.wijzigingen,
        "cursor": pagina.cursor,
        "head": pagina.head,
        "meer": pagina.meer,
    }
    if pagina.device_ack is not None:
        answer["deviceAck"] = as_out(pagina.device_ack).model_dump(by_alias=True)
    return Response(orjson.dumps(answer), media_type="application/json", headers={"ETag": etag})
