"""Of de dienst het doet."""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel
from structlog import get_logger

from app import __version__
from app.openapi import problemen
from app.problems import TijdelijkNietBeschikbaar
from app.routers.openbaar import openbaar

router = APIRouter(tags=["Dienst"])
log = get_logger("veldboek.gezondheid")


class Gezondheid(BaseModel):
    """De dienst doet het, en de database ook."""

    status: Literal["ok"]
    versie: str


@router.get(
    "/gezondheid",
    summary="Kijken of de dienst het doet",
    responses=problemen(TijdelijkNietBeschikbaar),
)
@openbaar("Bewaking en verdeling van verkeer vragen dit zonder aanmelding; er staat niets in over gegevens.")
async def read_gezondheid(request: Request) -> Gezondheid:
    """Antwoordt 200 als ook de database antwoordt, en anders 503."""
    gezond = getattr(request.app.state, "gezond", None)
    try:
        answered = gezond is not None and await gezond()
    except Exception as exc:  # noqa: BLE001  # whatever is wrong, the answer is that it is not well
        log.warning("unhealthy", exception=type(exc).__qualname__)
        answered = False
    if not answered:
        raise TijdelijkNietBeschikbaar("De database antwoordt niet.")
    return Gezondheid(status="ok", versie=__version__)
