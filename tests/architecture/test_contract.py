"""The contract as a product: what a client is generated from can be used as it is.

Each rule lists what breaks it, and is run against the document of the application and against one spoiled on purpose.
"""

import copy
import inspect
import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from app import vocabulary
from app.error_handlers import MEDIA_TYPE
from app.openapi import operations
from app.openapi.namen import TAGS
from app.problems import ALLE
from app.registraties.register import ACTEN
from tests.hulp.antwoorden import contract

Part = dict[str, Any]
Document = dict[str, Any]
NAMEN = Path(__file__).with_name("operaties.txt")
VRIJE_SLEUTELS = {
    "CijferVerbeurd.perStand": "counted by word",
    "Cijfers.locatiesPerSoort": "counted by word",
    "Cijfers.overigeMaatregelen": "counted by word",
    "Cijfers.signalenPerBron": "counted by word",
    "Periode.locatiesPerSoort": "counted by word",
    "Periode.overigeMaatregelen": "counted by word",
    "Periode.signalenPerBron": "counted by word",
    "Cijfers.definities": "by what is counted, for people to read",
    "Namen": "by the id of who is named in the answer",
    "HandshakeUit.soorten": "grows with every version: an app looks up the kinds that it knows",
    "WatermelonPushUit.geweigerd": "by the id of what was refused",
    "VerstuurdeRegistratie.onderwerp": "as an app of any version sent it",
}
"""Maps with keys that are no closed list, each with its reason."""
OPEN_VERZOEKEN = {
    "AanmeldIn": "RFC 6749, 3.2: what is not known is ignored",
    "VerversIn": "the same",
    "IntrekIn": "the same",
    "RxdbRegistratie": "what the client assumed: not read",
}
LEEG = {"AttenderingGezien", "AttenderingGezienUit"}
"""Payloads that say all by being there."""


def document() -> Document:
    return contract()


def schemas_of(d: Document) -> Iterator[tuple[str, Part]]:
    """Every schema in the components, parts of them included, under a name such as `Signaal.bron`."""

    def walk(at: str, node: Any) -> Iterator[tuple[str, Part]]:
        if not isinstance(node, dict):
            return
        yield at, node
        for name, given in node.get("properties", {}).items():
            yield from walk(f"{at}.{name}", given)
        for each in ("anyOf", "oneOf", "allOf"):
            for choice in node.get(each, ()):
                yield from walk(at, choice)
        for each in ("items", "additionalProperties", "contentSchema"):
            yield from walk(f"{at}[]", node.get(each))

    for name, schema in d["components"]["schemas"].items():
        yield from walk(name, schema)


def reached(d: Document, parts: Iterator[Any]) -> set[str]:
    """The components that these parts are made of."""
    seen: set[str] = set()
    waiting = [name for part in parts for name in refs(part)]
    while waiting:
        kind, name = waiting.pop()
        if f"{kind}/{name}" not in seen:
            seen.add(f"{kind}/{name}")
            waiting += refs(d["components"][kind][name])
    return {name.removeprefix("schemas/") for name in seen if name.startswith("schemas/")}


def refs(node: Any) -> list[tuple[str, str]]:
    found = re.findall(r"'#/components/(\w+)/(\w+)'", repr(node))
    return list(dict.fromkeys(found))


def asked(d: Document) -> set[str]:
    return reached(d, (operation.get("requestBody") for _, _, operation in operations(d)))


def told(d: Document) -> set[str]:
    return reached(d, (operation["responses"] for _, _, operation in operations(d)))


def root(at: str) -> str:
    return re.split(r"[.\[]", at)[0]


def rule_every_choice_says_which(d: Document) -> list[str]:
    """Without an exception, and in the operations as well."""
    found = []
    for at, schema in (*schemas_of(d), *inline(d)):
        choices = [c for each in ("anyOf", "oneOf") for c in schema.get(each, ()) if c != {"type": "null"}]
        if len(choices) > 1 and "discriminator" not in schema:
            found.append(at)
    return found


def inline(d: Document) -> Iterator[tuple[str, Part]]:
    """What operations, parameters and answers say themselves, examples aside."""

    def walk(at: str, node: Any) -> Iterator[tuple[str, Part]]:
        if isinstance(node, dict):
            yield at, node
            for name, value in node.items():
                yield from walk(f"{at} {name}", value) if name not in {"example", "examples"} else ()
        elif isinstance(node, list):
            for value in node:
                yield from walk(at, value)

    for name, part in {"paths": d["paths"], **d["components"]}.items():
        yield from walk(name, part) if name != "schemas" else ()


def rule_a_discriminator_names_a_word_of_each_choice_at_once(d: Document) -> list[str]:
    """One level: each word leads to an object that has it as a constant, and needs it."""
    found = []
    for at, schema in schemas_of(d):
        if "discriminator" in schema:
            name, mapping = schema["discriminator"]["propertyName"], schema["discriminator"]["mapping"]
            if {c["$ref"] for c in schema["oneOf"]} != {*mapping.values()}:
                found.append(at)
            for word, ref in mapping.items():
                whole = merged(d, ref)
                if whole["properties"].get(name, {}).get("const") != word or name not in whole["required"]:
                    found.append(f"{at}: {word}")
    return found


def merged(d: Document, ref: str) -> Part:
    schema = d["components"]["schemas"][ref.rpartition("/")[2]]
    parts = [merged(d, p["$ref"]) if "$ref" in p else p for p in schema.get("allOf", ())] or [schema]
    return {
        "properties": {n: g for part in parts for n, g in part.get("properties", {}).items()},
        "required": [n for part in parts for n in part.get("required", ())],
    }


def rule_what_may_be_absent_is_never_null(d: Document) -> list[str]:
    found = []
    for at, schema in schemas_of(d):
        for name, given in schema.get("properties", {}).items():
            nullable = {"type": "null"} in given.get("anyOf", ()) or "null" in as_list(given.get("type"))
            if nullable and name not in schema.get("required", ()):
                found.append(f"{at}.{name}")
    for _, _, operation in operations(d):
        found += [repr(p) for p in operation.get("parameters", ()) if "'null'" in repr(p)]
    return found


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def rule_answers_may_grow(d: Document) -> list[str]:
    closed = ("additionalProperties", "unevaluatedProperties")
    answers = told(d)
    return [at for at, schema in schemas_of(d) if root(at) in answers and any(schema.get(c) is False for c in closed)]


def rule_requests_are_closed(d: Document) -> list[str]:
    """Every object that is sent says all its fields: itself, or where it is the part of one that does."""
    requests, parts = asked(d), {ref for _, s in schemas_of(d) for p in s.get("allOf", ()) for _, ref in refs(p)}
    found = []
    for at, schema in schemas_of(d):
        name = root(at)
        if (
            name not in requests
            or name in parts
            or name in OPEN_VERZOEKEN
            or name.startswith("Rxdb")
            or "oneOf" in schema
        ):
            continue
        whole = d["components"]["schemas"][name]
        closed = schema.get("additionalProperties", True) is not True or "allOf" in whole
        if schema.get("type") == "object" and not closed:
            found.append(at)
        if "allOf" in schema and schema.get("unevaluatedProperties") is not False and not name.endswith("RxdbOperatie"):
            found.append(at)
    return found


ENUMS = [e for _, e in inspect.getmembers(vocabulary, inspect.isclass) if issubclass(e, StrEnum) and e is not StrEnum]
SAID_IN_WORDS = re.compile(r"^`?[a-z_]+`?(, `?[a-z_]+`?)+,? of `?[a-z_]+`?\b|^`?[a-z_]+`? of `?[a-z_]+`?[.:]")
WOORDEN = {
    name[0].lower() + name[1:]
    for name in (
        "Rol",
        "Status",
        "Code",
        "Vlag",
        "Vlaggen",
        "Mediatype",
        "Ernst",
        "Soort",
        "Permissies",
        "Bewijs",
        "Stand",
    )
} | {"uitkomst", "platform", "hoedanigheid", "bron", "situatie", "over"}
"""Names of fields that hold words of a closed list wherever they stand."""
GEEN_WOORD = {
    "InschrijfcodeUit.code": "a secret, shown once",
    "InschrijvingIn.code": "the same",
    "ToegangscodeUit.code": "the same",
    "ToegangIn.code": "the same",
    "Ontvangst.soort": "as it was sent: perhaps a kind that there is not",
    "QuarantaineUit.soort": "the same",
    "VerstuurdeRegistratie.soort": "the same",
    "InschrijvingIn.bewijs": "a signature",
    "LocatieRij.status": "always null: a place has none",
    "VerstuurdeBijlage.mediatype": "as it was sent",
}


def rule_words_of_a_closed_list_are_an_enum(d: Document) -> list[str]:
    found = []
    for at, schema in schemas_of(d):
        for name, given in schema.get("properties", {}).items():
            where = f"{at}.{name}"
            item = given.get("items", given)
            free = "string" in as_list(item.get("type")) and not item.keys() & {
                "enum",
                "const",
                "format",
                "contentSchema",
            }
            listed = name in WOORDEN or SAID_IN_WORDS.match(given.get("description", ""))
            if free and listed and where not in GEEN_WOORD:
                found.append(where)
    return found


def rule_keys_that_are_words_are_fields(d: Document) -> list[str]:
    return [
        at
        for at, schema in schemas_of(d)
        if "propertyNames" in schema
        or (isinstance(schema.get("additionalProperties"), dict) and at not in VRIJE_SLEUTELS)
    ]


def rule_a_push_names_every_kind_that_comes_from_outside(d: Document) -> list[str]:
    wanted = {act.soort: act for act in ACTEN.values() if act.pad is not None}
    found = []
    for union in ("Operatie", "RxdbOperatie"):
        mapping = d["components"]["schemas"].get(union, {}).get("discriminator", {}).get("mapping", {})
        found += sorted(mapping.keys() ^ wanted.keys())
        for soort, ref in mapping.items():
            whole = merged(d, ref)
            if whole["properties"]["versie"].get("const") != wanted[soort].versie:
                found.append(f"{soort}: versie")
            if not whole["properties"]["inhoud"]["$ref"].endswith(f"/{wanted[soort].inhoud.__name__}"):
                found.append(f"{soort}: inhoud")
            if not {"soort", "versie", "onderwerp", "inhoud", "waargenomenOp"} <= {*whole["required"]}:
                found.append(f"{soort}: required")
    return found


def rule_payload_fields_name_their_section(d: Document) -> list[str]:
    found = []
    for act in ACTEN.values():
        schema = d["components"]["schemas"].get(act.inhoud.__name__)
        if act.pad is not None:
            given = {} if schema is None else schema["properties"] if act.secties else {}
            found += [f"{act.soort}.{n}" for n, s in act.secties.items() if given.get(n, {}).get("x-sectie") != s.value]
    return found


def rule_every_problem_is_a_type(d: Document) -> list[str]:
    types = {*d["components"]["schemas"]["Probleemsoort"]["enum"]}
    return sorted(types ^ {f"/problemen/{kind.slug}" for kind in ALLE})


def rule_refusals_say_their_headers(d: Document) -> list[str]:
    wanted = {
        "429": {"Retry-After", "RateLimit", "RateLimit-Policy"},
        "503": {"Retry-After"},
        "401": {"WWW-Authenticate"},
    }
    return [
        f"{at} {status}"
        for at, status, answer in answers_of(d)
        if not wanted.get(status, set()) <= answer.get("headers", {}).keys() and MEDIA_TYPE in answer["content"]
    ]


def answers_of(d: Document) -> Iterator[tuple[str, str, Part]]:
    for _, _, operation in operations(d):
        for status, given in operation["responses"].items():
            name = given.get("$ref", "").rpartition("/")[2]
            yield operation["operationId"], status, d["components"]["responses"].get(name, given)


ZONDER_PLAATS = {
    "inschrijfcodes.create": "a code is shown once, and is nowhere to be read",
    "accounts.toegangscode": "the same",
    "oauth.sessie": "the session is the cookie",
}


def rule_what_was_made_has_a_place(d: Document) -> list[str]:
    return [
        at
        for at, status, answer in answers_of(d)
        if status == "201" and "Location" not in answer["headers"] and at not in ZONDER_PLAATS
    ]


def rule_tags_have_texts_and_one_resource_has_one(d: Document) -> list[str]:
    used = {tag for _, _, operation in operations(d) for tag in operation["tags"]}
    found = sorted(used ^ {tag["name"] for tag in d["tags"] if tag.get("description")})
    by_path: dict[str, set[str]] = {}
    for path, _, operation in operations(d):
        found += [path] if len(operation["tags"]) != 1 else []
        by_path.setdefault(path, set()).update(operation["tags"])
    return found + [path for path, tags in by_path.items() if len(tags) > 1]


def rule_headers_that_are_sent_are_text(d: Document) -> list[str]:
    """A generated client that takes a header for a UUID cannot send it."""
    given = [*d["components"]["parameters"].values()]
    given += [p for _, _, operation in operations(d) for p in operation.get("parameters", ()) if "in" in p]
    return [p["name"] for p in given if p["in"] == "header" and p["schema"].get("format") == "uuid"]


RULES = {name: rule for name, rule in globals().items() if name.startswith("rule_")}


def S(d: Document) -> Part:  # noqa: N802  # short, for a table
    found: Part = d["components"]["schemas"]
    return found


SPOILED: dict[str, Callable[[Document], Any]] = {
    "rule_every_choice_says_which": lambda d: S(d)["Wijziging"].pop("discriminator"),
    "rule_a_discriminator_names_a_word_of_each_choice_at_once": lambda d: S(d)["Naslag"]["discriminator"].update(
        mapping={"organisatie": "#/components/schemas/Wijziging"}
    ),
    "rule_what_may_be_absent_is_never_null": lambda d: S(d)["Signaal"]["properties"]["tekst"].update(
        type=["string", "null"]
    ),
    "rule_answers_may_grow": lambda d: S(d)["Door"].update(additionalProperties=False),
    "rule_requests_are_closed": lambda d: S(d)["Adres"].pop("additionalProperties"),
    "rule_words_of_a_closed_list_are_an_enum": lambda d: S(d)["Resultaat"]["properties"].update(
        status={"type": "string"}
    ),
    "rule_keys_that_are_words_are_fields": lambda d: S(d)["Telling"]["properties"].update(
        perRol={"type": "object", "additionalProperties": {"type": "integer"}}
    ),
    "rule_a_push_names_every_kind_that_comes_from_outside": lambda d: S(d)["Operatie"]["discriminator"]["mapping"].pop(
        "signaal.gemeld"
    ),
    "rule_payload_fields_name_their_section": lambda d: S(d)["SignaalGemeld"]["properties"]["tekst"].pop("x-sectie"),
    "rule_every_problem_is_a_type": lambda d: S(d)["Probleemsoort"]["enum"].pop(),
    "rule_refusals_say_their_headers": lambda d: d["components"]["responses"]["TeVeelVerzoeken"]["headers"].pop(
        "Retry-After"
    ),
    "rule_what_was_made_has_a_place": lambda d: d["components"]["responses"]["ResultaatAntwoord"]["headers"].pop(
        "Location"
    ),
    "rule_tags_have_texts_and_one_resource_has_one": lambda d: d["paths"]["/controles"]["get"].update(tags=["Cijfers"]),
    "rule_headers_that_are_sent_are_text": lambda d: d["components"]["parameters"]["IdempotencyKey"]["schema"].update(
        format="uuid"
    ),
}


def test_a_choice_that_does_not_say_which_is_seen_wherever_it_stands() -> None:
    """As `Snapshotregel` and `Signaal.bron` were; and one in an operation. Broken: `inline` out of the rule."""
    spoiled = copy.deepcopy(document())
    S(spoiled)["Snapshotregel"].pop("discriminator")
    words = S(spoiled)["SignaalBronOfLeeg"]["enum"]
    S(spoiled)["Signaal"]["properties"]["bron"] = {"anyOf": [{"enum": words}, {"const": ""}]}
    spoiled["paths"]["/ik"]["get"]["parameters"] = [{"schema": {"oneOf": [{"type": "string"}, {"type": "integer"}]}}]
    found = rule_every_choice_says_which(spoiled)
    assert {"Snapshotregel", "Signaal.bron"} <= set(found)
    assert [at for at in found if at.startswith("paths /ik get parameters")]


@pytest.mark.parametrize("name", RULES)
def test_the_contract_keeps_its_rules(name: str) -> None:
    assert RULES[name](document()) == []


@pytest.mark.parametrize("name", RULES)
def test_each_rule_of_the_contract_can_fail(name: str) -> None:
    spoiled = copy.deepcopy(document())
    SPOILED[name](spoiled)
    assert RULES[name](spoiled) != []


def test_no_exception_is_listed_that_nothing_needs() -> None:
    """An entry in a table of exceptions that nothing needs any more."""
    at = {where for where, _ in schemas_of(document())}
    assert {*VRIJE_SLEUTELS, *LEEG, *GEEN_WOORD} <= at
    assert ZONDER_PLAATS.keys() <= {operation["operationId"] for _, _, operation in operations(document())}
    assert {*TAGS} == {tag["name"] for tag in document()["tags"]}


def test_operations_are_called_what_they_were_called() -> None:
    """Ids never change: a generated client calls by them. A new one is one more line in the file. Broken: any line."""
    lines = [f"{o['operationId']} {method.upper()} {path}" for path, method, o in operations(document())]
    assert sorted(lines) == NAMEN.read_text(encoding="utf-8").splitlines()


def test_it_is_shorter_than_when_it_was_untyped() -> None:
    """openapi.yaml of 0.1.0 had 11,185 lines, and no examples. A line is broken where it has a space."""
    text = (Path(__file__).parents[2] / "openapi.yaml").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 11_185
    assert max(map(len, text.splitlines())) < 250
