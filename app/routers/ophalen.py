"""Uitwisselen, wat een toestel nog meer ophaalt dan bladzijden: alles ineens, een vergelijking, een seintje."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from app.access.actor import Actor
from app.access.tokens import LEVENSDUUR
from app.dependencies import Announcing, Nu, Opnames, Sessions, Snapshot, follows
from app.openapi import problemen
from app.problems import CursorVerlopen, EpochGewijzigd, TeVeelVerzoeken, ToestelIngetrokken
from app.routers.antwoorden import Snapshotregel, VergelijkingIn, VergelijkingUit
from app.routers.sync import AtCursor
from app.schemas import uitwisselen
from app.services.sync.announcing import listen, read_place
from app.services.sync.comparing import compare
from app.services.sync.snapshots import read_first, write_snapshot

router = APIRouter(prefix="/sync", tags=["Uitwisselen"])


class Ndjson(StreamingResponse):
    """JSON, one value per line."""

    media_type = "application/x-ndjson"


@router.get(
    "/snapshot",
    summary="Alles ineens ophalen",
    response_class=Ndjson,
    responses=problemen(ToestelIngetrokken, EpochGewijzigd, CursorVerlopen, TeVeelVerzoeken)
    | {
        200: {
            "description": "Een wijziging per regel, als in pull; na elke bladzijde een regel met de cursor.",
            "model": Snapshotregel,
        }
    },
)
async def get_snapshot(
    session: Snapshot,
    sessions: Sessions,
    places: Opnames,
    actor: Annotated[Actor, follows()],
    cursor: AtCursor = None,
) -> Ndjson:
    """Voor een eerste keer. Afgebroken? Ga met de laatste cursor verder, hier of met pull."""
    places.refuse_if_full(actor.plek)
    first = await read_first(session, actor, cursor)
    return Ndjson(write_snapshot(sessions, places, actor, first))


@router.post(
    "/verify",
    summary="Vergelijken wat het toestel heeft",
    response_model=VergelijkingUit,
    responses=problemen(ToestelIngetrokken, EpochGewijzigd, CursorVerlopen),
)
async def verify(
    body: VergelijkingIn,  # made for these collections
    session: Snapshot,
    actor: Annotated[Actor, follows()],
) -> uitwisselen.VergelijkingUit:
    """Klopt wat het toestel heeft met wat u mag zien? Wat verschilt, komt als lijst van kenmerken en versies."""
    given: uitwisselen.VergelijkingIn = body
    return await compare(session, actor, given.cursor, given.collecties)


@router.get(
    "/stroom",
    summary="Horen wanneer er iets op te halen is",
    response_class=StreamingResponse,
    responses=problemen(ToestelIngetrokken, EpochGewijzigd, CursorVerlopen, TeVeelVerzoeken)
    | {200: {"description": "Server-sent events: `haal` zegt dat pull iets zal brengen, en verder niets."}},
)
async def stream(
    session: Snapshot,
    announcer: Announcing,
    nu: Nu,
    actor: Annotated[Actor, follows()],
    cursor: AtCursor = None,
) -> StreamingResponse:
    """Blijf luisteren tot `einde` en verbind dan opnieuw, met een nieuw token."""
    announcer.places.refuse_if_full(actor.plek)
    place = await read_place(session, actor, cursor)
    events = listen(announcer, actor, place, nu + timedelta(seconds=LEVENSDUUR))
    return StreamingResponse(events, media_type="text/event-stream")
