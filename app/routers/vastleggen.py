"""Online vastleggen: one POST route for every act that declares a path. No act is named here."""

import inspect
import re
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from pydantic.alias_generators import to_camel

from app.access.actor import Actor
from app.access.beleid import may
from app.dependencies import Nu, Session, requires
from app.grootboek.canoniek import NietCanoniek
from app.grootboek.ontleden import GeenJson, parse
from app.openapi import PREFIX, problemen, says
from app.openapi.namen import tag_of
from app.problems import (
    HandtekeningOntbreekt,
    IdAndereInhoud,
    OngeldigVerzoek,
    RegelGeschonden,
    TijdelijkNietBeschikbaar,
)
from app.registraties.act import Act
from app.registraties.kern import bind_act
from app.registraties.register import ACTEN, AGGREGATEN
from app.routers.sync import as_resultaat
from app.routers.verzoeken import body_model
from app.schemas.uitwisselen import Resultaat
from app.services.boeken.online import record
from app.services.kluis.operatie import unsealable
from app.services.sync.collecties import LIJSTEN

router = APIRouter()

_PARAMETER = re.compile(r"{(\w+)}")
_UUID4 = "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
IdempotencyKey = Annotated[
    str,  # in a header everything is text: a generated client that takes it for something else cannot send it
    Header(
        alias="Idempotency-Key",
        description="Een UUIDv4; het kenmerk van deze registratie.",
        json_schema_extra={"pattern": _UUID4},
    ),
]
_READ = {collectie.pad: collectie for collectie in LIJSTEN}
"""Where documents are read one by one."""


def path_of(act: Act) -> str:
    """Where an act is recorded online; only for acts that are."""
    if act.pad is None:
        raise LookupError(f"{act.soort} is booked by the server only")
    return act.pad


def describe(act: Act) -> str:
    """What the documentation says of an act: earlier payload versions are read too, but only from devices."""
    if act.versie == 1:
        return act.titel
    told = " ".join(f"Versie {n}: {earlier.anders}" for n, earlier in enumerate(act.eerdere, start=2))
    return (
        f"{act.titel}\n\nHier geldt versie {act.versie} van de inhoud. Toestellen mogen ook eerdere versies versturen. "
        f"{told}"
    )


def read_key(given: str) -> UUID:
    """The id of an entry as its writer chose it. Raises OngeldigVerzoek."""
    try:
        key = UUID(given)
    except ValueError:
        key = None
    if key is None or key.version != 4:  # noqa: PLR2004
        raise OngeldigVerzoek("Idempotency-Key is een UUIDv4.", "Idempotency-Key")
    return key


def place_of(act: Act, actor: Actor, onderwerp: dict[str, str]) -> str | None:
    """Where the document is read that the act is about, by a role that may read such; else None."""
    bound = bind_act(act, {key: UUID(value) for key, value in onderwerp.items()})
    collectie = _READ.get(path_of(act).split("/")[1]) or _READ.get(AGGREGATEN[bound.aggregaat].model.collectie)
    if collectie is None or not may(actor.rol, collectie.needs):
        return None
    return f"{PREFIX}/{collectie.pad}/{onderwerp[next(iter(bound.onderwerp))]}"


def make_route(act: Act) -> None:
    """Add the POST route of one act."""
    parameters = _PARAMETER.findall(path_of(act))
    body = body_model(act, {*parameters})

    async def endpoint(
        request: Request, response: Response, session: Session, nu: Nu, actor: Actor, idempotency_key: str, **ids: Any
    ) -> Any:
        sleutel = read_key(idempotency_key)
        try:
            velden = parse(await request.body())
        except (GeenJson, NietCanoniek) as error:
            raise OngeldigVerzoek(unsealable(str(error))) from None
        velden = {name: value for name, value in velden.items() if value is not None}
        named = {key: str(UUID(value)) for key, value in velden.pop("onderwerp", {}).items() if value is not None}
        onderwerp = named | {to_camel(key): str(ids[key]) for key in parameters}
        uitslag = await record(session, actor, act, sleutel, onderwerp, velden, nu=nu)
        place = place_of(act, actor, onderwerp)
        if place is not None:
            response.headers["Location"] = place
        return {**as_resultaat(uitslag), "opId": str(sleutel)}

    positional = inspect.Parameter.KEYWORD_ONLY
    endpoint.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter("request", positional, annotation=Request),
            inspect.Parameter("response", positional, annotation=Response),
            *(inspect.Parameter(key, positional, annotation=UUID) for key in parameters),
            inspect.Parameter("_body", positional, annotation=body),
            inspect.Parameter("session", positional, annotation=Session),
            inspect.Parameter("nu", positional, annotation=Nu),
            inspect.Parameter("actor", positional, annotation=Annotated[Actor, requires(act.permissie)]),
            inspect.Parameter("idempotency_key", positional, annotation=IdempotencyKey),
        ]
    )
    endpoint.__name__ = "record_" + act.soort.replace(".", "_")
    endpoint.__doc__ = describe(act)
    router.add_api_route(
        path_of(act),
        endpoint,
        methods=["POST"],
        status_code=201,
        response_model=Resultaat,
        summary=act.titel.rstrip("."),
        tags=[tag_of(path_of(act)) or path_of(act).split("/")[1].capitalize()],
        responses=says(201, "Location")
        | problemen(RegelGeschonden, IdAndereInhoud, HandtekeningOntbreekt, TijdelijkNietBeschikbaar),
    )


for _act in sorted((act for act in ACTEN.values() if act.pad is not None), key=lambda a: (path_of(a), a.soort)):
    make_route(_act)
