"""The OpenAPI document, under the NL API Design Rules 2.2 (developer.overheid.nl).

FastAPI describes the routes; this module then turns its habits into the rules: the version in the address of
the server and not in the paths, 400 instead of 422, problems for every refusal, API-Version on every answer. What the
schemas become is in :mod:`app.openapi.vormen`, what operations share in :mod:`app.openapi.delen`, what they are called
in :mod:`app.openapi.namen`.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from app import __version__
from app.dependencies import SESSIE
from app.openapi import delen, namen, verwant, voorbeelden, vormen, wegwijzer
from app.openapi.delen import problemen, says
from app.settings import Settings

__all__ = [
    "DESCRIPTION",
    "EXAMPLE_ADDRESS",
    "PREFIX",
    "DescribedApp",
    "guard_of",
    "leest",
    "operations",
    "problemen",
    "says",
]

PREFIX = "/v1"
EXAMPLE_ADDRESS = "https://veldboek.example"
DESCRIPTION = (
    "Veldboek legt vast wat toezichthouders aan de deur zien, en bewaart dat in één gezamenlijk grootboek. "
    "Wie daarin achteraf iets verandert, wordt opgemerkt. "
    "Vernietigen als de bewaartermijn voorbij is, is nog niet gebouwd. "
    "Geen jurist, FG of privacyfunctionaris heeft dit getoetst: gebruik het niet voor echte gegevens. "
    "Tijden zijn in UTC. "
    f"Een fout is altijd een probleem volgens RFC 9457. Beginnen? Lees {PREFIX}/documentatie."
)


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
_METHODS_WITH_BODY = frozenset({"post", "put", "patch"})
_OTHERS = frozenset({"parameters", "summary", "description", "servers"})

Endpoint = TypeVar("Endpoint", bound=Callable[..., object])


class DescribedApp(FastAPI):
    """A FastAPI whose document follows the design rules; `described` says where it is published, and by whom."""

    described: Settings

    def openapi(self) -> dict[str, Any]:
        """The document, built once."""
        if self.openapi_schema is None:
            self.openapi_schema = build_document(self, self.described)
        return self.openapi_schema


def leest(model: Any, text: str, media: str = "application/json") -> Callable[[Endpoint], Endpoint]:
    """Mark an endpoint that reads its body itself with what should be in it: ``endpoint.leest``. Below the route."""

    def mark(endpoint: Endpoint) -> Endpoint:
        vars(endpoint)["leest"] = (model, text, media)
        return endpoint

    return mark


def build_document(app: FastAPI, settings: Settings) -> dict[str, Any]:
    """Describe the routes under :data:`PREFIX`; others are no part of the API."""
    routes = [r for r in iter_route_contexts(app.routes) if (r.path or "").startswith(PREFIX)]
    document = get_openapi(
        title="Veldboek",
        version=__version__,
        description=DESCRIPTION,
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        servers=[{"url": (settings.public_url or EXAMPLE_ADDRESS).rstrip("/") + PREFIX}],
        routes=routes,
        separate_input_output_schemas=False,
    )
    document["info"]["contact"] = {  # afterwards: FastAPI's own check wants email-validator for it
        "name": settings.contact_naam,
        "url": settings.contact_url or f"{settings.public_url or EXAMPLE_ADDRESS}{PREFIX}/documentatie",
        "email": settings.contact_email,
    }
    _add_bodies(document, routes)
    public = {
        (r.path_format, m.lower()) for r in routes if getattr(r.endpoint, "openbaar", None) for m in r.methods or ()
    }
    guards = {(r.path_format, m.lower()): guard_of(r.dependant) for r in routes for m in r.methods or ()}
    for path, method, operation in operations(document):
        if wegwijzer.is_for_some(permissie := guards[path, method]):
            operation["x-permissie"] = permissie
        _complete(document, path.removeprefix(PREFIX), method, operation, public=(path, method) in public)
    document["paths"] = {path.removeprefix(PREFIX) or "/": item for path, item in document["paths"].items()}
    _merge_paths(document)
    document["security"] = [{"bearer": []}, {"cookie": []}]
    used = {tag for _, _, operation in operations(document) for tag in operation["tags"]}
    document["tags"] = namen.sorted_tags(used)
    _complete_components(document)
    vormen.complete(document)
    delen.share(document)
    voorbeelden.add(document, [operation for _, _, operation in operations(document)])
    document["components"] = {name: part for name, part in sorted(document["components"].items()) if part}
    document["components"]["schemas"] = dict(sorted(document["components"]["schemas"].items()))
    return document


def guard_of(dependant: Any) -> str | None:
    """What it takes to call a route: the permission that a dependency of it carries as `bewaking`."""
    found = (getattr(each.call, "bewaking", None) or guard_of(each) for each in dependant.dependencies)
    return next(filter(None, found), None)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each operation with its path and method."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method not in _OTHERS:
                yield path, method, operation


def _merge_paths(document: dict[str, Any]) -> None:
    """Paths that differ in the names of their parameters only are one path; the first says what those are called."""
    first: dict[str, str] = {}
    for path in list(document["paths"]):
        known = first.setdefault(re.sub(r"{\w+}", "{}", path), path)
        if known != path:
            item = document["paths"].pop(path)
            names = dict(zip(re.findall(r"{(\w+)}", path), re.findall(r"{(\w+)}", known), strict=True))
            for operation in item.values():
                for parameter in operation.get("parameters", ()):
                    if parameter["in"] == "path":
                        parameter["name"] = names[parameter["name"]]
            document["paths"][known] |= item


def _add_bodies(document: dict[str, Any], routes: list[Any]) -> None:
    """What endpoints read themselves, with its schemas among the others."""
    read = {
        (r.path_format, m.lower()): r.endpoint.leest for r in routes if hasattr(r.endpoint, "leest") for m in r.methods
    }
    inputs: Any = [(at, "validation", TypeAdapter(model).core_schema) for at, (model, _, _) in read.items()]
    made, shared = GenerateJsonSchema(ref_template=verwant.REF + "{model}").generate_definitions(inputs)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    vormen.each(shared, vormen.drop_null_default)
    for name, schema in shared.items():
        if schemas.setdefault(name, schema) != schema:
            raise ValueError(f"two schemas are called {name}")
    for (path, method), (_, text, media) in read.items():
        schema = made[((path, method), "validation")]
        document["paths"][path][method]["requestBody"] = {
            "required": True,
            "description": text,
            "content": {media: {"schema": schema}},
        }


def _complete(document: dict[str, Any], path: str, method: str, operation: dict[str, Any], *, public: bool) -> None:
    """Add what every operation must say: refusals as problems, headers, its name, who may call it."""
    responses = operation["responses"]
    responses.pop("422", None)
    wanted = [] if public else ["401", "403", "404"]
    if operation.get("parameters") or method in _METHODS_WITH_BODY:
        wanted.insert(0, "400")
    if "{" in path and public:
        wanted.append("404")
    for status in [*wanted, "default"]:
        responses.setdefault(status, {"$ref": f"#/components/responses/{delen.STANDARD[status][0]}"})
    for status, response in responses.items():
        if "x-problemen" in response:
            name, refusal = delen.refusal(status, response)
            if document["components"].setdefault("responses", {}).setdefault(name, refusal) != refusal:
                raise ValueError(f"two refusals are called {name}")
            responses[status] = {"$ref": f"#/components/responses/{name}"}
        elif "$ref" not in response:
            _complete_answer(response)
    operation["responses"] = {status: responses[status] for status in sorted(responses)}
    if public:
        operation["security"] = []
    for parameter in operation.get("parameters", ()):
        _complete_parameter(parameter)
    tag = namen.tag_of(path) if len(operation.get("tags", ())) < 1 else None
    operation["tags"] = [tag] if tag else operation.get("tags", ["Dienst"])
    operation["operationId"] = namen.operation_id(path, method, many=_is_page(document, responses))


def _complete_answer(response: dict[str, Any]) -> None:
    response["headers"] = delen.headers("API-Version") | response.get("headers", {})
    if response["description"] == "Successful Response":
        response["description"] = "Gelukt."
    for part in response.get("content", {}).values():
        if "$ref" in part.get("schema", {}):
            part["schema"].pop("type", None)  # text, by default, for what FastAPI does not write itself


def _complete_parameter(parameter: dict[str, Any]) -> None:
    """A parameter says once what it is; left out, it is not null; and in a header everything is text."""
    schema = parameter["schema"]
    schema.pop("title", None)
    if schema.get("description") == parameter.get("description"):
        schema.pop("description", None)
    if not parameter.get("required"):
        parameter.pop("required", None)
        parameter["schema"] = vormen.without_null(schema)


def _is_page(document: dict[str, Any], responses: dict[str, Any]) -> bool:
    """Whether the answer is a list: it has `resultaten`."""
    schema = responses.get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").removeprefix(verwant.REF)
    return "resultaten" in document["components"]["schemas"].get(name, {}).get("properties", {})


def _complete_components(document: dict[str, Any]) -> None:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas.update(delen.SCHEMAS)
    components["headers"] = {
        delen.header_name(name): {"description": text, "schema": schema}
        for name, (text, schema) in delen.HEADERS.items()
    }
    components["responses"] = components.get("responses", {}) | delen.standard()
    components["securitySchemes"] = {"bearer": _BEARER, "cookie": _COOKIE}
