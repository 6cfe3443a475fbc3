"""Every operation has examples, and each is what the contract says of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from app.openapi import operations
from app.openapi.voorbeelden import shown
from tests.hulp.antwoorden import contract
from tests.hulp.opname import ZONDER

TOLD = {"application/json", "application/x-www-form-urlencoded", "application/x-ndjson", "text/csv"}
"""What can be shown; files cannot."""
Part = dict[str, Any]


def contents() -> Iterator[tuple[str, Part]]:
    """Everything that is sent and answered, with where."""
    document = contract()
    shared = document["components"]["responses"]
    for _, _, operation in operations(document):
        name = operation["operationId"]
        parts = {"vraag": operation.get("requestBody", {})}
        for status, given in operation["responses"].items():
            if status[0] == "2":
                parts[status] = shared.get(given.get("$ref", "").rpartition("/")[2], given)
        for where, part in parts.items():
            for media, each in part.get("content", {}).items():
                if media in TOLD:
                    told = shown(document, each)
                    yield f"{name} {where}", each | ({} if told is None else {"example": told})


def mistakes(content: Part) -> list[str]:
    """Where an example is not as its schema."""
    whole = Resource.from_contents(contract(), default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource("urn:contract", whole)
    validator = Draft202012Validator(_absolute(content["schema"]), registry=registry)
    errors = validator.iter_errors(content["example"]) if "example" in content else ()
    return [f"{list(error.path)}: {error.validator}" for error in errors]


def _absolute(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {key: f"urn:contract{value}" if key == "$ref" else _absolute(value) for key, value in schema.items()}
    return [_absolute(each) for each in schema] if isinstance(schema, list) else schema


def test_everything_has_an_example() -> None:
    """Broken: one taken out of voorbeelden.json; `examples` of a field of Plaatsen."""
    assert {f"{ZONDER} 200", *(f"{of}.onderbouwing.list 200" for of in ("rapportages", "maatregelen"))} <= {
        where for where, _ in contents()
    }
    without = [where for where, content in contents() if "example" not in content]
    assert without == [], "write them: `make voorbeelden`"
    lists = [content["example"] for where, content in contents() if where == "controles.list 200"]
    assert {"totaal", "namen"} <= lists[0].keys()


def test_each_example_is_as_the_contract_says() -> None:
    """Broken: a field of voorbeelden.json renamed, a number made text."""
    wrong = {where: found for where, content in contents() if (found := mistakes(content))}
    assert wrong == {}


@pytest.mark.parametrize("spoil", [lambda e: e.update(erbij=1), lambda e: e.pop("waargenomenOp")])
def test_an_example_that_is_not_is_found(spoil: Any) -> None:
    content = dict(dict(contents())["controles.afronding vraag"])
    assert mistakes(content) == []
    content["example"] = dict(content["example"])
    spoil(content["example"])
    assert mistakes(content) != []
