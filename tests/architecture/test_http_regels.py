"""The NL API Design Rules 2.2 over our own OpenAPI document, and the rule that every route is guarded.

Each design rule is a function that lists its violations. Every one is run against the document of the
application, where it must find none, and against a document spoiled on purpose, where it must find something:
a rule that cannot fail proves nothing.
"""

import copy
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

import pytest
from fastapi import APIRouter, Depends, FastAPI
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from app.main import create_app
from app.openapi import operations, problemen
from app.problems import RegelGeschonden, TeVeelVerzoeken
from app.routers.documentatie import router as documentatie
from app.routers.gezondheid import router as gezondheid
from app.settings import Settings

Document = dict[str, Any]
PATH = re.compile(
    r"^(/|(/_[a-z0-9]+|/(([a-z0-9\-]+|{[^}]+})(/([a-z0-9\-.]+|{[^}]+}))*)(/_[a-z]+)?)/?)$",
)
QUERY_KEY = re.compile(r"^\$?[a-z][a-z\d]*([A-Z][a-z\d]*)*$")
CAMEL = re.compile(r"^[a-z][a-zA-Z\d]*$")
PASCAL = re.compile(r"^[A-Z][A-Za-z\d]*$")
SEMVER = re.compile(r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[\w.-]+)?(\+[\w.-]+)?$")
A_DATE = re.compile(r"^(date|datum)$|(\w+D|_[dD])(ate|atum)")
CLIENT_NAMES = frozenset({"_deleted", "_status", "_changed"})
"""Of RxDB and WatermelonDB."""
PER_WORD = re.compile(r"^/components/schemas/Per[A-Z]\w+$")
"""Numbers by word: their fields are the words, as they are stored."""
OAUTH_NAMES = frozenset(
    {
        "access_token",
        "token_type",
        "token_type_hint",
        "expires_in",
        "refresh_token",
        "grant_type",
        "client_id",
        "error_description",
    }
)


def settings() -> Settings:
    return Settings(database_url=None, public_url="")


async def bewaker() -> None: ...


bewaker.bewaking = "test:zien"  # type: ignore[attr-defined]


Ja = Literal["ja"] | None


class Zaak(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)

    begin_datum: date
    eind_datum: date | None = None
    gemeld_op: datetime | None = None


def sample_app() -> FastAPI:
    """Routes that have everything the rules look at."""
    app = create_app(settings(), routers=(documentatie, gezondheid))
    router = APIRouter(prefix="/test-zaken", tags=["Test"], dependencies=[Depends(bewaker)])

    @router.get("/{zaakId}")
    async def read_zaak(zaakId: int, metBijlagen: Ja = None) -> Zaak: ...  # noqa: N803

    @router.post("", status_code=201, responses=problemen(RegelGeschonden, TeVeelVerzoeken))
    async def add_zaak(zaak: Zaak) -> Zaak: ...

    @router.delete("/{zaakId}", status_code=204)
    async def remove_zaak(zaakId: int) -> None: ...  # noqa: N803

    app.include_router(router, prefix="/v1")
    return app


@cache
def our_document() -> Document:
    return create_app(settings()).openapi()


@cache
def sample_document() -> Document:
    return sample_app().openapi()


def resolve(document: Document, node: Any) -> Any:
    while isinstance(node, dict) and "$ref" in node:
        target = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def responses(document: Document) -> Iterator[tuple[str, str, Any]]:
    for path, method, operation in operations(document):
        for status, response in operation["responses"].items():
            yield f"{method} {path}", status, resolve(document, response)


def properties(document: Document) -> Iterator[tuple[str, str, Any]]:
    def walk(where: str, node: Any) -> Iterator[tuple[str, str, Any]]:
        if isinstance(node, dict):
            if isinstance(node.get("properties"), dict):
                for name, schema in node["properties"].items():
                    yield where, name, schema
            for key, value in node.items():
                yield from walk(f"{where}/{key}", value)
        elif isinstance(node, list):
            for value in node:
                yield from walk(where, value)

    yield from walk("", document)


def parameters(document: Document) -> Iterator[Any]:
    for _, _, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            yield resolve(document, parameter)


def formats_in(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["format"]} if isinstance(node.get("format"), str) else set()
        return own.union(*(formats_in(value) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(formats_in(value) for value in node))
    return set()


def rule_version_3(document: Document) -> list[str]:
    return [] if re.fullmatch(r"3(\.\d+){1,2}", document["openapi"]) else [document["openapi"]]


def rule_semver(document: Document) -> list[str]:
    return [] if SEMVER.match(document["info"]["version"]) else [document["info"]["version"]]


def rule_contact(document: Document) -> list[str]:
    return [name for name in ("name", "email", "url") if not document["info"].get("contact", {}).get(name)]


def rule_https_server_with_major_version(document: Document) -> list[str]:
    urls = [server["url"] for server in document.get("servers", [])]
    return [url for url in urls if not re.match(r"https://.+/v\d+$", url)] or ([] if urls else ["no servers"])


def rule_kebab_case_paths(document: Document) -> list[str]:
    return [path for path in document["paths"] if not PATH.match(path)]


def rule_version_not_in_paths(document: Document) -> list[str]:
    return [path for path in document["paths"] if re.match(r"/v\d", path)]


def rule_no_trailing_slash(document: Document) -> list[str]:
    return [path for path in document["paths"] if path != "/" and path.endswith("/")]


def rule_standard_methods(document: Document) -> list[str]:
    allowed = {"get", "post", "put", "patch", "delete", "head", "options"}
    return [m for _, m, _ in operations(document) if m not in allowed]


def rule_unique_operation_ids(document: Document) -> list[str]:
    ids = [operation.get("operationId", "") for _, _, operation in operations(document)]
    return [name for name in ids if not name or ids.count(name) > 1]


def rule_camel_case_query_keys(document: Document) -> list[str]:
    return [
        parameter["name"]
        for parameter in parameters(document)
        if parameter["in"] == "query" and not QUERY_KEY.match(parameter["name"])
    ]


def rule_camel_case_properties(document: Document) -> list[str]:
    allowed = OAUTH_NAMES | CLIENT_NAMES
    found = [(where, name) for where, name, _ in properties(document) if not CAMEL.match(name) and name not in allowed]
    return [name for where, name in found if not PER_WORD.match(where)]


def rule_pascal_case_schemas(document: Document) -> list[str]:
    return [name for name in document["components"]["schemas"] if not PASCAL.match(name)]


def rule_version_header(document: Document) -> list[str]:
    return [
        f"{where} {status}"
        for where, status, response in responses(document)
        if status[0] in "23" and "API-Version" not in response.get("headers", {})
    ]


def rule_problem_content(document: Document) -> list[str]:
    return [
        f"{where} {status}"
        for where, status, response in responses(document)
        if status[0] in "45d" and list(response.get("content", {})) != ["application/problem+json"]
    ]


def rule_problem_members(document: Document) -> list[str]:
    wanted = {"type", "title", "status", "detail"}
    return [
        f"{where} {status}"
        for where, status, response in responses(document)
        for part in response.get("content", {}).values()
        if status[0] in "45d" and not wanted <= set(resolve(document, part["schema"]).get("properties", ()))
    ]


def rule_no_422(document: Document) -> list[str]:
    found = [f"{where} {status}" for where, status, _ in responses(document) if status == "422"]
    return found + [name for name in document["components"]["schemas"] if name.endswith("ValidationError")]


def rule_400_where_something_can_be_wrong(document: Document) -> list[str]:
    return [
        f"{method} {path}"
        for path, method, operation in operations(document)
        if (operation.get("parameters") or method in {"post", "put", "patch"}) and "400" not in operation["responses"]
    ]


def rule_refusals_of_guarded_operations(document: Document) -> list[str]:
    return [
        f"{method} {path}"
        for path, method, operation in operations(document)
        if operation.get("security") != [] and not {"401", "403", "404"} <= set(operation["responses"])
    ]


def rule_other_errors_documented(document: Document) -> list[str]:
    return [f"{m} {path}" for path, m, operation in operations(document) if "default" not in operation["responses"]]


def rule_security_is_said(document: Document) -> list[str]:
    schemes = document["components"].get("securitySchemes", {})
    everywhere = document.get("security")
    found = [] if everywhere == [{"bearer": []}, {"cookie": []}] else ["everywhere"]
    found += [name for need in everywhere or () for name in need if name not in schemes]
    return found + [
        f"{method} {path}" for path, method, operation in operations(document) if operation.get("security", []) != []
    ]


def rule_date_has_format_on_top(document: Document) -> list[str]:
    return [
        f"{where} {name}"
        for where, name, schema in properties(document)
        if A_DATE.search(name) and "format" not in schema
    ]


def rule_date_is_no_moment(document: Document) -> list[str]:
    return [
        f"{where} {name}"
        for where, name, schema in properties(document)
        if A_DATE.search(name) and "date-time" in formats_in(schema)
    ]


def rule_moment_is_named_op(document: Document) -> list[str]:
    found = [(w, n) for w, n, s in properties(document) if resolve(document, s).get("format") == "date-time"]
    return [f"{where} {name}" for where, name in found if not re.search(r"(Op|Tijd|Tot|Van)$|^(op|tot|van)$", name)]


def rule_op_is_a_day_or_a_moment(document: Document) -> list[str]:
    found = [
        (w, n) for w, n, s in properties(document) if n.endswith("Op") and not formats_in(s) & {"date", "date-time"}
    ]
    return [f"{where} {name}" for where, name in found]


def rule_no_bare_times(document: Document) -> list[str]:
    return [f"{w} {n}" for w, n, s in properties(document) if formats_in(s) & {"time", "date-time-local"}]


def rule_no_example_reads_as_an_operation(document: Document) -> list[str]:
    """The linter looks for methods by a part of their names, in examples too: `postcode`; and for `openapi`."""

    def names(node: Any) -> set[str]:
        if isinstance(node, dict):
            return {*node}.union(*(names(value) for value in node.values()))
        return set().union(*(names(value) for value in node)) if isinstance(node, list) else set()

    def examples(node: Any) -> Iterator[Any]:
        if isinstance(node, dict):
            yield from (node[name] for name in ("example", "examples") if name in node)
        for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            yield from examples(value)

    found = set().union(*(names(each) for each in examples([document["paths"], document["components"]])))
    return sorted(name for name in found if re.search(r"post|put|patch|^openapi$", name))


RULES = {name: rule for name, rule in globals().items() if name.startswith("rule_")}


def zaak(document: Document) -> Document:
    return document["components"]["schemas"]["Zaak"]["properties"]


def spoil_answers(status: str, change: Callable[[Document], Any]) -> Callable[[Document], Any]:
    return lambda document: change(resolve(document, document["paths"]["/test-zaken"]["post"]["responses"][status]))


SPOILED: dict[str, Callable[[Document], Any]] = {
    "rule_version_3": lambda d: d.update(openapi="2.0"),
    "rule_semver": lambda d: d["info"].update(version="1.0"),
    "rule_contact": lambda d: d["info"]["contact"].pop("email"),
    "rule_https_server_with_major_version": lambda d: d["servers"][0].update(url="http://veldboek.example/v1"),
    "rule_kebab_case_paths": lambda d: d["paths"].update({"/testZaken": {}}),
    "rule_version_not_in_paths": lambda d: d["paths"].update({"/v1/test-zaken": {}}),
    "rule_no_trailing_slash": lambda d: d["paths"].update({"/test-zaken/": {}}),
    "rule_standard_methods": lambda d: d["paths"]["/"].update(trace=d["paths"]["/"]["get"]),
    "rule_unique_operation_ids": lambda d: d["paths"]["/"]["get"].update(operationId="testZaken.get"),
    "rule_camel_case_query_keys": lambda d: d["paths"]["/test-zaken/{zaakId}"]["get"]["parameters"][1].update(
        name="met_bijlagen"
    ),
    "rule_camel_case_properties": lambda d: zaak(d).update(begin_op={"type": "string"}),
    "rule_pascal_case_schemas": lambda d: d["components"]["schemas"].update(zaak={}),
    "rule_version_header": spoil_answers("201", lambda response: response.pop("headers")),
    "rule_problem_content": spoil_answers("409", lambda response: response.update(content={"application/json": {}})),
    "rule_problem_members": lambda d: d["components"]["schemas"]["Problem"]["properties"].pop("detail"),
    "rule_no_422": lambda d: d["paths"]["/"]["get"]["responses"].update({"422": {}}),
    "rule_400_where_something_can_be_wrong": lambda d: d["paths"]["/test-zaken"]["post"]["responses"].pop("400"),
    "rule_refusals_of_guarded_operations": lambda d: d["paths"]["/test-zaken"]["post"]["responses"].pop("403"),
    "rule_other_errors_documented": lambda d: d["paths"]["/"]["get"]["responses"].pop("default"),
    "rule_security_is_said": lambda d: d["components"].pop("securitySchemes"),
    "rule_date_has_format_on_top": lambda d: zaak(d)["eindDatum"].pop("format"),
    "rule_date_is_no_moment": lambda d: zaak(d).update(beginDatum={"type": "string", "format": "date-time"}),
    "rule_moment_is_named_op": lambda d: zaak(d).update(gemeld={"type": "string", "format": "date-time"}),
    "rule_op_is_a_day_or_a_moment": lambda d: zaak(d).update(gemeldOp={"type": "string"}),
    "rule_no_example_reads_as_an_operation": lambda d: d["paths"]["/"]["get"].update(example={"postcode": "3841AA"}),
    "rule_no_bare_times": lambda d: zaak(d).update(begin={"type": "string", "format": "time"}),
}


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("document_of", [our_document, sample_document], ids=["ours", "sample"])
def test_the_document_keeps_the_design_rules(name: str, document_of: Callable[[], Document]) -> None:
    document = document_of()
    assert len(list(operations(document))) >= 2
    assert RULES[name](document) == []


@pytest.mark.parametrize("name", RULES)
def test_each_design_rule_can_fail(name: str) -> None:
    document = copy.deepcopy(sample_document())
    assert RULES[name](document) == []
    SPOILED[name](document)
    assert RULES[name](document) != []


def test_the_rules_see_what_they_should() -> None:
    document = sample_document()
    assert len(RULES) == len(SPOILED) >= 20
    assert {name for _, name, _ in properties(document)} >= {"beginDatum", "eindDatum", "gemeldOp", "fouten"}
    assert {status for _, status, _ in responses(document)} >= {
        "200",
        "201",
        "204",
        "400",
        "409",
        "429",
        "default",
    }


def test_public_operations_need_no_token_and_guarded_ones_do() -> None:
    paths = sample_document()["paths"]
    assert paths["/gezondheid"]["get"]["security"] == []
    assert "security" not in paths["/test-zaken"]["post"]
    assert sample_document()["security"] == [{"bearer": []}, {"cookie": []}]


def test_the_address_follows_the_settings() -> None:
    given = settings().model_copy(update={"public_url": "https://veldboek.harderwijk.test"})
    assert create_app(given).openapi()["servers"] == [{"url": "https://veldboek.harderwijk.test/v1"}]


def test_a_name_used_twice_is_noticed() -> None:
    app = sample_app()
    app.add_api_route("/v1/tweede", bewaker, name="read_zaak")
    with pytest.warns(UserWarning, match="Duplicate Operation ID"):
        app.openapi()
