"""What operations share stands once in the document: parameters, refusals with their headers, answers."""

from collections.abc import Iterator
from typing import Any, Final

from pydantic import TypeAdapter

from app.error_handlers import MEDIA_TYPE
from app.problems import ALLE, MAX_FOUTEN, Fout, Problem
from app.vocabulary import Rol

Part = dict[str, Any]
PROBLEM: Final = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
STANDARD: Final = {
    "400": ("OngeldigVerzoek", f"Het verzoek klopt niet; `fouten` noemt alle fouten, hoogstens {MAX_FOUTEN}."),
    "401": ("NietAangemeld", "U bent niet aangemeld, of uw aanmelding is verlopen."),
    "403": ("GeenRecht", "U mag dit niet, of niet zoals u zich aanmeldde."),
    "404": ("NietGevonden", "Het bestaat niet, of niet voor u."),
    "default": ("AndereFout", "Elke andere fout, bijvoorbeeld een storing (500) of drukte (429, 503)."),
}
"""Refusals that operations have without saying so."""
_TEXT: Final = {"type": "string"}
_NUMBER: Final = {"type": "integer"}
HEADERS: Final[dict[str, tuple[str, Part]]] = {
    "API-Version": ("De volledige versie van deze API.", _TEXT),
    "Accept": ("Het soort inhoud dat hier wel wordt gelezen.", _TEXT),
    "Accept-Encoding": ("De codering waarin een bestand wel wordt gelezen.", _TEXT),
    "Allow": ("De methoden die hier bestaan.", _TEXT),
    "Bijlage-Afkeuring": ("Waarom het bestand is afgekeurd.", {"$ref": "#/components/schemas/Afkeuring"}),
    "Bijlage-Staat": ("Hoe het met het bestand staat.", _TEXT),
    "Content-Disposition": ("Hoe het bestand heet.", _TEXT),
    "ETag": ("Stuur dit mee als `If-None-Match`: is er niets nieuws, dan is het antwoord 304.", _TEXT),
    "Location": ("Waar staat wat u aanmaakte of waar dit over gaat.", {"type": "string", "format": "uri-reference"}),
    "RateLimit": ("Hoeveel er nog mag (`r`) en over hoeveel seconden er weer meer mag (`t`).", _TEXT),
    "RateLimit-Policy": ("Hoeveel er mag (`q`) in hoeveel seconden (`w`).", _TEXT),
    "Repr-Digest": ("De SHA-256 van het bestand.", _TEXT),
    "Retry-After": ("Wacht zoveel seconden en stuur dan hetzelfde nog eens.", _NUMBER),
    "Tus-Checksum-Algorithm": ("Waarmee stukken worden nagerekend.", _TEXT),
    "Tus-Extension": ("Wat er van tus wordt gesproken.", _TEXT),
    "Tus-Max-Size": ("Hoe groot een bestand mag zijn, in bytes.", _NUMBER),
    "Tus-Resumable": ("De versie van tus.", _TEXT),
    "Tus-Version": ("De versies van tus die worden gesproken.", _TEXT),
    "Upload-Expires": ("Tot wanneer u verder kunt gaan.", _TEXT),
    "Upload-Length": ("Grootte van het bestand in bytes.", _NUMBER),
    "Upload-Offset": ("Zoveel bytes zijn ontvangen.", _NUMBER),
    "WWW-Authenticate": ("Hoe u zich aanmeldt.", _TEXT),
    "X-Request-Id": ("Noem dit als u een fout meldt.", _TEXT),
}
"""Every header of an answer that means something here → what."""
ALWAYS: Final = ("API-Version", "X-Request-Id")
WITH_STATUS: Final = {
    "401": ("WWW-Authenticate",),
    "429": ("Retry-After", "RateLimit", "RateLimit-Policy"),
    "503": ("Retry-After",),
    "412": ("Tus-Version", "Tus-Extension", "Tus-Max-Size", "Tus-Checksum-Algorithm"),
    "415": ("Accept", "Accept-Encoding"),
    "default": (
        "Accept",
        "Accept-Encoding",
        "Allow",
        "Retry-After",
        "RateLimit",
        "RateLimit-Policy",
        "WWW-Authenticate",
        "Tus-Resumable",
    ),
}
"""Headers that answers with a status have, or can have."""


def header_name(name: str) -> str:
    """What a header is called among the components: `ApiVersion`."""
    return "".join(word.capitalize() for word in name.split("-"))


def headers(*names: str) -> dict[str, Part]:
    """These headers, for an answer."""
    return {name: {"$ref": f"#/components/headers/{header_name(name)}"} for name in names if name in HEADERS}


def says(status: int, *names: str) -> dict[int | str, Part]:
    """For a route's ``responses=``: the headers of the answer with this status."""
    return {status: {"headers": headers(*names)}}


TUS: Final = ("Tus-Resumable", "Upload-Offset", "Upload-Expires", "Bijlage-Staat", "Bijlage-Afkeuring")
"""Headers of every answer about an upload."""


def problemen(*kinds: type[Problem]) -> dict[int | str, Part]:
    """For a route's ``responses=``: the problems it can answer with, besides the ones every route has."""
    responses: dict[int | str, Part] = {}
    for kind in kinds:
        known = responses.setdefault(kind.status, {"description": "", "x-problemen": []})
        known["description"] = f"{known['description']} {kind.title} (`{kind.slug}`).".strip()
        known["x-problemen"].append(kind.slug)
    return responses


def refusal(status: str, response: Part) -> tuple[str, Part]:
    """The name and the form of a refusal that a route declares with :func:`problemen`."""
    slugs = response["x-problemen"]
    names = ["".join(word.capitalize() for word in slug.split("-")) for slug in slugs]
    name = "Of".join(names) if len(names) < 3 else f"{names[0]}EnMeer{status}"  # noqa: PLR2004
    told = {"description": response["description"], **_problem(status)}
    if any(slug.startswith("upload-") for slug in slugs):
        told["headers"] |= headers(*TUS)
    return name, told


def standard() -> dict[str, Part]:
    """The refusals that every operation has, by name."""
    return {name: {"description": text, **_problem(status)} for status, (name, text) in STANDARD.items()}


def _problem(status: str) -> Part:
    return {"headers": headers(*ALWAYS, *WITH_STATUS.get(status, ())), "content": PROBLEM}


def share(document: Part) -> None:
    """Put what operations have alike among the components, and point to it."""
    components = document["components"]
    found = [operation for item in document["paths"].values() for operation in item.values()]
    components["parameters"] = dict(sorted(_shared_parameters(document["paths"]).items()))
    components["responses"] = dict(sorted((components["responses"] | _shared_answers(found)).items()))


def _shared_parameters(paths: Part) -> dict[str, Part]:
    operations = [(path, operation) for path, item in paths.items() for operation in item.values()]
    shared = dict(_named(operations))
    for _, operation in operations:
        for at, parameter in enumerate(operation.get("parameters", ())):
            known = [name for name, given in shared.items() if given == parameter]
            if known:
                operation["parameters"][at] = {"$ref": f"#/components/parameters/{known[0]}"}
    return shared


def _named(operations: list[tuple[str, Part]]) -> Iterator[tuple[str, Part]]:
    """Each parameter that comes twice or more, under its name: `Limit`; what only devices send `SyncLimit`.

    In a query it is `IdQuery` beside the `Id` of a path.
    Raises ValueError where two would be called the same: say them alike.
    """
    seen: list[tuple[Part, list[str]]] = []
    for path, operation in operations:
        for parameter in operation.get("parameters", ()):
            known = [paths for given, paths in seen if given == parameter]
            if known:
                known[0].append(path)
            else:
                seen.append((parameter, [path]))
    taken: set[str] = set()
    for parameter, paths in seen:
        if len(paths) > 1:
            name = "".join(word[0].upper() + word[1:] for word in parameter["name"].split("-"))
            if parameter["in"] == "query" and all(path.startswith("/sync/") for path in paths):
                name = f"Sync{name}"
            if name in taken:
                name += parameter["in"].capitalize()
            if name in taken:
                raise ValueError(f"two parameters are called {name}")
            taken.add(name)
            yield name, parameter


def _shared_answers(found: list[Part]) -> dict[str, Part]:
    """Answers that come twice or more, by what they hold."""
    shared: dict[str, Part] = {}
    answers = [(o["responses"], s) for o in found for s in o["responses"] if "$ref" not in o["responses"][s]]
    for responses, at_status in answers:
        response = responses[at_status]
        if sum(other[at] == response for other, at in answers if "$ref" not in other[at]) < 2:  # noqa: PLR2004
            continue
        schemas = [part.get("schema", {}).get("$ref", "") for part in response.get("content", {}).values()]
        named = schemas[0].rpartition("/")[2] or "Bestand" if schemas else f"Leeg{at_status}"
        name = f"{named}Antwoord"
        if shared.setdefault(name, response) != response:
            continue
        for other, at in answers:
            if other[at] == response:
                other[at] = {"$ref": f"#/components/responses/{name}"}
    return shared


_LIMITS: Final = {
    "type": "object",
    "properties": {name: {"type": "integer"} for name in ("maxOps", "maxBytes", "bijlageMax")},
}
_ROLKEUZE: Final = {
    "type": "object",
    "description": "Een rol waarmee u zich kunt aanmelden.",
    "required": ["roltoewijzing", "rol", "organisatie", "gemeenten"],
    "properties": {
        "roltoewijzing": {"type": "string", "format": "uuid", "description": "Stuur dit mee bij het aanmelden."},
        "rol": {"$ref": "#/components/schemas/Rol"},
        "organisatie": {"type": "string", "format": "uuid"},
        "gemeenten": {"type": "array", "items": {"type": "string"}},
    },
}
OAUTH: Final = (
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
)
"""The codes of RFC 6749, 5.2."""
PROBLEEM: Final = {
    "type": "object",
    "description": "Een probleem volgens RFC 9457. Achter `type` staat wat het betekent en wat u kunt doen.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"$ref": "#/components/schemas/Probleemsoort"},
        "title": {"type": "string", "description": "Wat er is, in het kort."},
        "status": {"type": "integer", "description": "De HTTP-statuscode."},
        "detail": {"type": "string", "description": "Wat er is en wat u kunt doen."},
        "fouten": {
            "type": "array",
            "description": f"Bij 400: alle fouten, hoogstens {MAX_FOUTEN}.",
            "items": {"$ref": "#/components/schemas/Fout"},
        },
        "error": {"type": "string", "enum": list(OAUTH), "description": "Bij aanmelden: RFC 6749, paragraaf 5.2."},
        "rollen": {
            "type": "array",
            "description": "Bij aanmelden met meer dan één rol: waaruit u kiest.",
            "items": {"$ref": "#/components/schemas/Rolkeuze"},
        },
        "artikel": {"type": "string", "description": "Als de wet het verbiedt: het artikel."},
        "reden": {"type": "string", "description": "Als de wet het verbiedt: wat er ontbreekt of niet mag."},
        "watNu": {"type": "string", "description": "Als de wet het verbiedt: wat het wel mogelijk maakt."},
        "limits": {**_LIMITS, "description": "Bij 413: hoeveel er tegelijk mag."},
        "protocollen": {
            "type": "array",
            "items": {"type": "integer"},
            "description": "Bij 426: wat hier wordt gesproken.",
        },
        "epoch": {"type": "string", "description": "Bij 409 `epoch-gewijzigd`: het tijdperk van nu."},
        "opdracht": {"type": "string", "description": "Bij een ingetrokken toestel: de ondertekende opdracht (JWS)."},
    },
    "example": {
        "type": "/problemen/niet-gevonden",
        "title": "Niet gevonden",
        "status": 404,
        "detail": "Dit adres bestaat niet.",
    },
}
SCHEMAS: Final = {
    "Fout": TypeAdapter(Fout).json_schema(),
    "Problem": PROBLEEM,
    "Probleemsoort": {"type": "string", "enum": sorted(f"/problemen/{kind.slug}" for kind in ALLE)},
    "Rol": {"type": "string", "enum": [rol.value for rol in Rol]},
    "Rolkeuze": _ROLKEUZE,
}
