"""The OpenAPI document, under the NL API Design Rules 2.2 (developer.overheid.nl).

FastAPI describes the routes; this module then turns its habits into the rules: the version in the address of
the server and not in the paths, 400 instead of 422, problems for every refusal, API-Version on every answer.
"""

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from app import __version__
from app.dependencies import SESSIE
from app.error_handlers import MAX_FOUTEN, MEDIA_TYPE
from app.problems import Problem

PREFIX = "/v1"
EXAMPLE_ADDRESS = "https://veldboek.example"
CONTACT = {
    "name": "Team Veldboek",
    "url": f"{EXAMPLE_ADDRESS}/v1/documentatie",
    "email": "team@veldboek.example",
}
DESCRIPTION = (
    "Veldboek legt vast wat toezichthouders aan de deur zien, en bewaart dat in één gezamenlijk grootboek. "
    "Wie daarin achteraf iets verandert, wordt opgemerkt. "
    "Vernietigen als de bewaartermijn voorbij is, is nog niet gebouwd. "
    "Geen jurist, FG of privacyfunctionaris heeft dit getoetst: gebruik het niet voor echte gegevens. "
    "Tijden zijn in UTC. "
    f"Een fout is altijd een probleem volgens RFC 9457. Beginnen? Lees {PREFIX}/documentatie."
)

STANDARD_ERRORS = {
    "400": ("OngeldigVerzoek", f"Het verzoek klopt niet; `fouten` noemt alle fouten, hoogstens {MAX_FOUTEN}."),
    "401": ("NietAangemeld", "U bent niet aangemeld, of uw aanmelding is verlopen."),
    "403": ("GeenRecht", "Uw rol mag dit niet."),
    "404": ("NietGevonden", "Het bestaat niet, of niet voor u."),
    "default": ("AndereFout", "Elke andere fout, bijvoorbeeld een storing (500) of drukte (429, 503)."),
}
_PROBLEM = {
    "type": "object",
    "description": "Een probleem volgens RFC 9457. Sommige problemen hebben extra velden.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "Het soort probleem."},
        "title": {"type": "string", "description": "Wat er is, in het kort."},
        "status": {"type": "integer", "description": "De HTTP-statuscode."},
        "detail": {"type": "string", "description": "Wat er is en wat u kunt doen."},
        "fouten": {
            "type": "array",
            "description": f"Bij 400: alle fouten, hoogstens {MAX_FOUTEN}.",
            "items": {"$ref": "#/components/schemas/Fout"},
        },
        "error": {"type": "string", "description": "Bij aanmelden: de code van RFC 6749, paragraaf 5.2."},
        "rollen": {
            "type": "array",
            "description": "Bij aanmelden met meer dan één rol: waaruit u kiest.",
            "items": {"$ref": "#/components/schemas/Rolkeuze"},
        },
        "artikel": {"type": "string", "description": "Bij 409, als de wet het verbiedt: het artikel."},
        "reden": {"type": "string", "description": "Bij 409, als de wet het verbiedt: wat er ontbreekt of niet mag."},
        "watNu": {"type": "string", "description": "Bij 409, als de wet het verbiedt: wat het wel mogelijk maakt."},
    },
    "example": {
        "type": "/problemen/niet-gevonden",
        "title": "Niet gevonden",
        "status": 404,
        "detail": "Dit adres bestaat niet.",
    },
}
_FOUT = {
    "type": "object",
    "description": "Een fout in het verzoek. De ingevulde waarde staat er nooit in.",
    "required": ["veld", "melding"],
    "properties": {
        "veld": {"type": "string", "description": "Waar, zoals `personen[0].naam`; `verzoek` is het geheel."},
        "melding": {"type": "string", "description": "Wat er niet klopt."},
    },
}
_ROLKEUZE = {
    "type": "object",
    "description": "Een rol waarmee u zich kunt aanmelden.",
    "required": ["roltoewijzing", "rol", "organisatie", "gemeenten"],
    "properties": {
        "roltoewijzing": {"type": "string", "format": "uuid", "description": "Stuur dit mee bij het aanmelden."},
        "rol": {"type": "string", "description": "Welke rol."},
        "organisatie": {"type": "string", "format": "uuid", "description": "Voor welke organisatie."},
        "gemeenten": {"type": "array", "items": {"type": "string"}, "description": "Voor welke gemeenten."},
    },
}
_VERSION_HEADER = {"description": "De volledige versie van deze API.", "schema": {"type": "string"}}
_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": f"Een toegangstoken van `POST {PREFIX}/oauth/token`; het geldt kort.",
}
_COOKIE = {
    "type": "apiKey",
    "in": "cookie",
    "name": SESSIE,
    "description": f"De aanmelding van een browser, van `POST {PREFIX}/oauth/sessie`. Telt alleen bij een verzoek van "
    "een eigen pagina: stuur bij alles behalve GET en HEAD de header `Origin` mee.",
}
_PROBLEM_CONTENT = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_METHODS_WITH_BODY = frozenset({"post", "put", "patch"})


class DescribedApp(FastAPI):
    """A FastAPI whose document follows the design rules; `address` is where it is published."""

    address: str = EXAMPLE_ADDRESS

    def openapi(self) -> dict[str, Any]:
        """The document, built once."""
        if self.openapi_schema is None:
            self.openapi_schema = build_document(self, self.address)
        return self.openapi_schema


def problemen(*kinds: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """For a route's ``responses=``: the problems it can answer with, besides the ones every route has."""
    responses: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        text = f"{kind.title} (`{kind.slug}`)."
        known = responses.setdefault(kind.status, {"description": ""})
        known["description"] = f"{known['description']} {text}".strip()
    return responses


def build_document(app: FastAPI, address: str = EXAMPLE_ADDRESS) -> dict[str, Any]:
    """Describe the routes under :data:`PREFIX`; others are no part of the API."""
    routes = [r for r in iter_route_contexts(app.routes) if (r.path or "").startswith(PREFIX)]
    document = get_openapi(
        title="Veldboek",
        version=__version__,
        description=DESCRIPTION,
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        servers=[{"url": address.rstrip("/") + PREFIX}],
        routes=routes,
        separate_input_output_schemas=False,
    )
    document["info"]["contact"] = dict(CONTACT)  # afterwards: FastAPI's own check wants email-validator for it
    public = {
        (r.path_format, method.lower())
        for r in routes
        if getattr(r.endpoint, "openbaar", None)
        for method in r.methods or ()
    }
    for path, method, operation in operations(document):
        _complete(operation, method, public=(path, method) in public, has_path_parameters="{" in path)
    document["paths"] = {path.removeprefix(PREFIX) or "/": item for path, item in document["paths"].items()}
    _complete_components(document)
    _tidy(document)
    return document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each operation with its path and method."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def _complete(operation: dict[str, Any], method: str, *, public: bool, has_path_parameters: bool) -> None:
    """Add what every operation must say: refusals as problems, the version header, who may call it."""
    responses = operation["responses"]
    responses.pop("422", None)
    wanted = [] if public else ["401", "403", "404"]
    if operation.get("parameters") or method in _METHODS_WITH_BODY:
        wanted.insert(0, "400")
    if has_path_parameters and public:
        wanted.append("404")
    for status in [*wanted, "default"]:
        responses.setdefault(status, {"$ref": f"#/components/responses/{STANDARD_ERRORS[status][0]}"})
    for status, response in responses.items():
        if "$ref" in response:
            continue
        if status[0] in "23":
            response.setdefault("headers", {})["API-Version"] = {"$ref": "#/components/headers/ApiVersion"}
            if response["description"] == "Successful Response":
                response["description"] = "Gelukt."
            for part in response.get("content", {}).values():
                if "$ref" in part.get("schema", {}):
                    part["schema"].pop("type", None)  # text, by default, for what FastAPI does not write itself
        else:
            response["content"] = _PROBLEM_CONTENT
    operation["responses"] = {status: responses[status] for status in sorted(responses)}
    operation["security"] = [] if public else [{"bearer": []}, {"cookie": []}]


def _complete_components(document: dict[str, Any]) -> None:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas.update(Fout=_FOUT, Problem=_PROBLEM, Rolkeuze=_ROLKEUZE)
    components["schemas"] = {name: schemas[name] for name in sorted(schemas)}
    components["headers"] = {"ApiVersion": _VERSION_HEADER}
    components["responses"] = {
        name: {"description": text, "content": _PROBLEM_CONTENT} for name, text in STANDARD_ERRORS.values()
    }
    components["securitySchemes"] = {"bearer": _BEARER, "cookie": _COOKIE}
    document["components"] = dict(sorted(components.items()))


def _tidy(document: dict[str, Any]) -> None:
    """Lift the format of optional dates (a design rule); drop what is not for readers of the document."""
    for schema in document["components"]["schemas"].values():
        if "enum" in schema:  # its words speak for themselves; the docstring behind it is for programmers
            schema.pop("description", None)
    _each_schema(document, _lift_format)
    for _, _, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            parameter["schema"].pop("title", None)
    _each_schema(document["components"]["schemas"], _drop_property_titles)


def _each_schema(node: Any, change: Callable[[dict[str, Any]], None]) -> None:
    if isinstance(node, dict):
        change(node)
        for value in node.values():
            _each_schema(value, change)
    elif isinstance(node, list):
        for value in node:
            _each_schema(value, change)


def _lift_format(schema: dict[str, Any]) -> None:
    """``anyOf: [{type: string, format: date}, {type: null}]`` gets ``format: date`` beside it."""
    choices = schema.get("anyOf")
    if not isinstance(choices, list) or "format" in schema:
        return
    formats = {choice.get("format") for choice in choices if choice != {"type": "null"}}
    if len(formats) == 1 and formats != {None}:
        schema["format"] = formats.pop()


def _drop_property_titles(schema: dict[str, Any]) -> None:
    properties = schema.get("properties")
    if isinstance(properties, dict):
        for value in properties.values():
            if isinstance(value, dict) and isinstance(value.get("title"), str):
                del value["title"]
