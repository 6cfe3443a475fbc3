"""Of de dienst het doet."""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from structlog import get_logger

from app import __version__
from app.openapi import problemen
from app.problems import GrootboekBevroren, TijdelijkNietBeschikbaar
from app.routers.openbaar import openbaar

router = APIRouter(tags=["Dienst"])
log = get_logger("veldboek.gezondheid")


class Gezondheid(BaseModel):
    """De dienst doet het, en de database ook."""

    status: Literal["ok"]
    versie: str
    meldingen: list[str] = Field(description="Waar een beheerder naar moet kijken; de dienst werkt wel.")


@router.get(
    "/gezondheid",
    summary="Kijken of de dienst het doet",
    responses=problemen(TijdelijkNietBeschikbaar, GrootboekBevroren),
)
@openbaar("Bewaking en verdeling van verkeer vragen dit zonder aanmelding; er staat niets in over gegevens.")
async def read_gezondheid(request: Request) -> Gezondheid:
    """Antwoordt 200 als ook de database antwoordt, en anders 503; ook als er schade aan het grootboek is gevonden."""
    waker = getattr(request.app.state, "waker", None)
    try:
        toestand = await waker.look() if waker is not None else None
    except Exception as exc:  # noqa: BLE001  # whatever is wrong, the answer is that it is not well
        log.warning("unhealthy", exception=type(exc).__qualname__)
        toestand = None
    if toestand is None:
        raise TijdelijkNietBeschikbaar("De database antwoordt niet.")
    if toestand.schade is not None:
        raise GrootboekBevroren(toestand.schade)
    return Gezondheid(status="ok", versie=__version__, meldingen=list(toestand.meldingen))
