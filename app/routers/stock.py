"""Uitwisselen met RxDB en WatermelonDB zoals ze zijn (docs/offline-clients.md)."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response

from app.access.actor import Actor
from app.dependencies import Nu, Session, Snapshot, on_device
from app.grootboek.canoniek import NietCanoniek
from app.grootboek.ontleden import GeenJson, Stuk, TeVeel, split_ops
from app.moment import Moment
from app.openapi import leest, problemen
from app.problems import (
    CursorVerlopen,
    EpochGewijzigd,
    OngeldigVerzoek,
    TeGroot,
    TijdelijkNietBeschikbaar,
    ToestelIngetrokken,
)
from app.routers.antwoorden import RXDB, WatermelonPullUit
from app.routers.sync import LIMITS, AtCursor
from app.routers.verzoeken import RxdbPushIn, WatermelonPushIn
from app.schemas.stock import RxdbRegistratie, WatermelonPushUit
from app.services.kluis.operatie import unsealable
from app.services.stock import rxdb, watermelon
from app.services.sync.collecties import COLLECTIES

router = APIRouter(prefix="/sync", tags=["Uitwisselen"])

Lezer = Annotated[Actor, on_device(ended=True, reading=True)]
Schrijver = Annotated[Actor, on_device(ended=True, reading=False, berging=True)]
VerzondenOp = Annotated[Moment, Query(alias="verzondenOp", description="De klok van het toestel bij het versturen.")]
Wacht = Annotated[
    bool, Query(description="Wat moet wachten komt terug met `syncStatus` `deferred`; zonder dit is het 503.")
]


def add_rxdb(collectie: str) -> None:
    """`GET /rxdb/<collectie>/pull`: a path of its own, for what it answers is of its own."""

    async def endpoint(
        session: Snapshot,
        actor: Lezer,
        cursor: AtCursor = None,
        limit: Annotated[int, Query(ge=1, le=1000, description="De batchSize van RxDB.")] = 100,
    ) -> Response:
        answer = await rxdb.pull_collectie(session, actor, collectie, cursor=cursor or None, limit=limit)
        return Response(orjson.dumps(answer), media_type="application/json")

    endpoint.__name__ = f"pull_rxdb_{collectie}"
    endpoint.__doc__ = "Wat hierin voor u veranderde, in de vorm die de pull-handler van RxDB teruggeeft."
    router.add_api_route(
        f"/rxdb/{collectie}/pull",
        endpoint,
        response_model=RXDB[collectie],
        summary=f"Ophalen met RxDB: {collectie}",
        responses=problemen(ToestelIngetrokken, EpochGewijzigd, CursorVerlopen),
    )


for _collectie in RXDB:
    add_rxdb(_collectie)


@router.post(
    "/rxdb/registraties/push",
    summary="Versturen met RxDB",
    response_model=list[RxdbRegistratie],
    responses=problemen(ToestelIngetrokken, TeGroot, TijdelijkNietBeschikbaar),
)
@leest(RxdbPushIn, "De rijen van de push-handler van RxDB.")
async def push_rxdb(
    request: Request, session: Session, nu: Nu, actor: Schrijver, verzonden_op: VerzondenOp, *, wacht: Wacht = False
) -> Response:
    """Verstuur registraties. Het antwoord zijn de documenten die op het toestel anders moeten worden."""
    stukken = read_rows(await request.body())
    answer = await rxdb.push_rows(session, actor, stukken, nu=nu, verzonden_op=verzonden_op, wacht=wacht)
    return Response(orjson.dumps(answer), media_type="application/json")


def read_rows(body: bytes) -> list[Stuk]:
    """The elements of a JSON array, each by itself. Raises OngeldigVerzoek, TeGroot."""
    try:
        around, stukken = split_ops(b'{"ops":' + body + b"}", max_ops=LIMITS.max_ops)
    except TeVeel:
        raise TeGroot("Stuur hoogstens 100 rijen per keer.", limits=LIMITS.model_dump(by_alias=True)) from None
    except (GeenJson, NietCanoniek) as error:
        raise OngeldigVerzoek(unsealable(str(error), "Het verzoek is geen lijst van rijen.")) from None
    if around:
        raise OngeldigVerzoek("Het verzoek is geen lijst van rijen.")
    return stukken


@router.get(
    "/watermelon/pull",
    summary="Ophalen met WatermelonDB",
    response_model=WatermelonPullUit,
    responses=problemen(ToestelIngetrokken, EpochGewijzigd),
)
async def pull_watermelon(
    session: Snapshot,
    actor: Lezer,
    cursor: AtCursor = None,
    last_pulled_at: Annotated[
        int, Query(alias="lastPulledAt", ge=0, lt=2**52, description="Van WatermelonDB; 0 als er nog niets is.")
    ] = 0,
    collecties: Annotated[str | None, Query(max_length=200, description="Namen met komma's; leeg: alle.")] = None,
) -> Response:
    """Alles wat voor u veranderde, in één keer, in de vorm die `pullChanges` teruggeeft; `cursor` bewaart u ernaast."""
    wanted = collecties.split(",") if collecties else None
    if wanted is not None and not set(wanted) <= COLLECTIES.keys():
        raise OngeldigVerzoek("Een van deze collecties bestaat niet.", "collecties")
    answer = await watermelon.pull_changes(
        session, actor, last_pulled_at=last_pulled_at, cursor=cursor or None, collecties=wanted
    )
    return Response(orjson.dumps(answer), media_type="application/json")


@router.post(
    "/watermelon/push",
    summary="Versturen met WatermelonDB",
    response_model=WatermelonPushUit,
    responses=problemen(ToestelIngetrokken, TeGroot, TijdelijkNietBeschikbaar),
)
@leest(WatermelonPushIn, "De `changes` van `pushChanges`; hoogstens 1000 rijen.")
async def push_watermelon(
    request: Request, session: Session, nu: Nu, actor: Schrijver, verzonden_op: VerzondenOp
) -> Response:
    """Verstuur registraties. Het antwoord noemt wat WatermelonDB moet bewaren en later opnieuw verstuurt."""
    body = await request.body()
    answer = await watermelon.push_changes(session, actor, body, nu=nu, verzonden_op=verzonden_op)
    return Response(orjson.dumps(answer), media_type="application/json")
