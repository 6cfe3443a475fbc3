"""Of de dienst het doet."""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import Field
from structlog import get_logger

from app import __version__
from app.openapi import problemen
from app.problems import GrootboekBevroren, TijdelijkNietBeschikbaar
from app.proces import Proces
from app.routers.openbaar import openbaar
from app.schemas.wire import Wire
from app.services.bewaken.waken import Toestand

router = APIRouter(tags=["Dienst"])
log = get_logger("veldboek.gezondheid")


class Gezondheid(Wire):
    """De dienst doet het, en de database ook."""

    status: Literal["ok"]
    versie: str
    meldingen: list[str] = Field(description="Waar een beheerder naar moet kijken; de dienst werkt wel.")
    niet_verwerkt: int = Field(description="Zoveel registraties wachten door een fout van de dienst zelf.")


class Levend(Wire):
    """Het proces antwoordt."""

    status: Literal["levend"]
    versie: str


class Gereed(Wire):
    """De dienst kan verzoeken verwerken."""

    status: Literal["gereed"]
    versie: str


@router.get(
    "/gezondheid",
    summary="Kijken of de dienst het doet",
    responses=problemen(TijdelijkNietBeschikbaar, GrootboekBevroren),
)
@openbaar("Bewaking en verdeling van verkeer vragen dit zonder aanmelding; er staat niets in over gegevens.")
async def read_gezondheid(request: Request) -> Gezondheid:
    """Antwoordt 200 als ook de database antwoordt, en anders 503; ook als er schade aan het grootboek is gevonden."""
    found = await _look(request)
    return Gezondheid(
        status="ok", versie=__version__, meldingen=list(found.meldingen), niet_verwerkt=found.niet_verwerkt
    )


@router.get("/gezondheid/levend", summary="Kijken of het proces leeft")
@openbaar("Wie het proces bewaakt, vraagt dit zonder aanmelding.")
async def read_levend() -> Levend:
    """Antwoordt altijd 200, ook als de database weg is: opnieuw starten helpt daar niet tegen."""
    return Levend(status="levend", versie=__version__)


@router.get(
    "/gezondheid/gereed",
    summary="Kijken of er verkeer heen kan",
    responses=problemen(TijdelijkNietBeschikbaar, GrootboekBevroren),
)
@openbaar("Verdeling van verkeer vraagt dit zonder aanmelding.")
async def read_gereed(request: Request) -> Gereed:
    """Antwoordt 503 als de database niet antwoordt, nog niet is bijgewerkt, of het grootboek stilstaat."""
    if not (await _look(request)).ingericht:
        raise TijdelijkNietBeschikbaar("De database is nog niet voor deze versie ingericht.")
    return Gereed(status="gereed", versie=__version__)


async def _look(request: Request) -> Toestand:
    """How the ledger is, when nothing stops it. Raises TijdelijkNietBeschikbaar, GrootboekBevroren."""
    proces: Proces | None = getattr(request.app.state, "proces", None)
    try:
        toestand: Toestand | None = await proces.waker.look() if proces is not None else None
    except Exception as exc:  # noqa: BLE001  # whatever is wrong, the answer is that it is not well
        log.warning("unhealthy", exception=type(exc).__qualname__)
        toestand = None
    if toestand is None:
        raise TijdelijkNietBeschikbaar("De database antwoordt niet.")
    if toestand.schade is not None:
        raise GrootboekBevroren(toestand.schade)
    return toestand
