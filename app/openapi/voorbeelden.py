"""Examples of what is asked and answered, by operation: taken from the demo, and kept in `voorbeelden.json`."""

import json
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("voorbeelden.json")
Part = dict[str, Any]


def add(document: Part, operations: list[Part]) -> None:
    """Give each body and each answer of these operations its example; an answer that is shared, the first."""
    told: dict[str, Part] = json.loads(FILE.read_bytes())
    shared = document["components"]["responses"]
    for operation in operations:
        known = told.get(operation["operationId"], {})
        _give(operation.get("requestBody", {}), known.get("vraag"))
        for status, given in operation["responses"].items():
            if status[0] == "2":
                _give(shared.get(given.get("$ref", "").rpartition("/")[2], given), known.get("antwoord"))


def _give(part: Part, example: Any) -> None:
    content = part.get("content", {})
    if example is not None and len(content) == 1:
        (media,) = content.values()
        media.setdefault("example", example)


def shown(document: Part, content: Part) -> Any:
    """The example of a body or an answer: as it stands there, or put together from those of its fields; or None."""
    return content["example"] if "example" in content else _of_fields(document, content.get("schema", {}))


def _of_fields(document: Part, schema: Part) -> Any:
    """None unless each field has one."""
    schema = document["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)
    if "examples" in schema:
        return schema["examples"][0]
    made = {name: _of_fields(document, given) for name, given in schema.get("properties", {}).items()}
    return made if made and None not in made.values() else None
