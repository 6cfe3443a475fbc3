"""Online vastleggen: one POST route for every act that declares a path. No act is named here."""

import inspect
import re
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Request
from pydantic import Field, create_model
from pydantic.alias_generators import to_camel

from app.access.actor import Actor
from app.dependencies import Nu, Session, requires
from app.grootboek.canoniek import NietCanoniek
from app.grootboek.ontleden import GeenJson, parse
from app.moment import Moment
from app.openapi import problemen
from app.problems import (
    HandtekeningOntbreekt,
    IdAndereInhoud,
    OngeldigVerzoek,
    RegelGeschonden,
    TijdelijkNietBeschikbaar,
)
from app.registraties.act import ANY_AGGREGAAT, Act
from app.registraties.register import ACTEN
from app.routers.sync import as_resultaat
from app.schemas.uitwisselen import Resultaat
from app.schemas.wire import Wire
from app.services.boeken.online import record

router = APIRouter()

_PARAMETER = re.compile(r"{(\w+)}")
IdempotencyKey = Annotated[
    UUID, Header(alias="Idempotency-Key", description="Een UUIDv4; het kenmerk van deze registratie.")
]


def tag_of(act: Act) -> str:
    """The resource an act belongs to, as the documentation groups it."""
    return path_of(act).split("/")[1].replace("-", " ").capitalize()


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


def body_model(act: Act) -> type[Wire]:
    """The body of an act's route: what is not in the path of `onderwerp`, the moment, the payload."""
    name = act.inhoud.__name__
    in_path = set(_PARAMETER.findall(path_of(act)))
    open_keys = [key for key in act.onderwerp if key not in in_path]
    fields: dict[str, Any] = {
        "waargenomen_op": (Moment, Field(description="Wanneer het gebeurde, met tijdzone.")),
        "inhoud": (act.inhoud, ...),
        "oefening": (bool, Field(default=False, description="Een oefening telt nergens mee.")),
        "corrigeert": (UUID | None, Field(default=None, description="De registratie die dit verbetert.")),
        "basis": (UUID | None, Field(default=None, description="De nieuwste versie die u kende.")),
        "reden": (
            Annotated[str, Field(min_length=1, max_length=500)] | None,
            Field(default=None, description="Waarom u verbetert."),
        ),
    }
    if act.aggregaat == ANY_AGGREGAAT:
        fields["onderwerp"] = (
            dict[str, UUID],
            Field(description="Het document waar de registratie over gaat."),
        )
    elif open_keys:
        keys: dict[str, Any] = {key: (UUID | None, None) if key in act.optioneel else (UUID, ...) for key in open_keys}
        subject = create_model(f"Onderwerp{name}", __base__=Wire, **keys)
        told = "De kenmerken; een nieuw kenmerk (UUIDv7) maakt u zelf."
        optional = act.optioneel.issuperset(open_keys)
        fields["onderwerp"] = (
            (subject | None, Field(default=None, description=told)) if optional else (subject, Field(description=told))
        )
    return create_model(f"{name}Vastleggen", __base__=Wire, **fields)


def make_route(act: Act) -> None:
    """Add the POST route of one act."""
    parameters = _PARAMETER.findall(path_of(act))
    body = body_model(act)

    async def endpoint(request: Request, session: Session, nu: Nu, actor: Actor, sleutel: UUID, **ids: Any) -> Any:
        if sleutel.version != 4:  # noqa: PLR2004
            raise OngeldigVerzoek("Idempotency-Key is een UUIDv4.")
        try:
            velden = parse(await request.body())
        except (GeenJson, NietCanoniek):
            raise OngeldigVerzoek("Het verzoek bevat getallen of tekens die niet vast te leggen zijn.") from None
        velden = {name: value for name, value in velden.items() if value is not None}
        named = {key: str(UUID(value)) for key, value in velden.pop("onderwerp", {}).items() if value is not None}
        onderwerp = named | {to_camel(key): str(ids[key]) for key in parameters}
        uitslag = await record(session, actor, act, sleutel, onderwerp, velden, nu=nu)
        return {**as_resultaat(uitslag), "opId": str(sleutel)}

    positional = inspect.Parameter.KEYWORD_ONLY
    endpoint.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter("request", positional, annotation=Request),
            *(inspect.Parameter(key, positional, annotation=UUID) for key in parameters),
            inspect.Parameter("_body", positional, annotation=body),
            inspect.Parameter("session", positional, annotation=Session),
            inspect.Parameter("nu", positional, annotation=Nu),
            inspect.Parameter("actor", positional, annotation=Annotated[Actor, requires(act.permissie)]),
            inspect.Parameter("sleutel", positional, annotation=IdempotencyKey),
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
        tags=[tag_of(act)],
        responses=problemen(RegelGeschonden, IdAndereInhoud, HandtekeningOntbreekt, TijdelijkNietBeschikbaar),
    )


for _act in sorted((act for act in ACTEN.values() if act.pad is not None), key=lambda a: (path_of(a), a.soort)):
    make_route(_act)
