"""``python -m app.openapi write|check``: keep ``openapi.yaml`` equal to what the application serves.

For developers: PyYAML is not there in production, and nothing else imports this module.
"""

import json
import sys
from pathlib import Path
from typing import Any

import yaml

from app.main import create_app
from app.settings import Settings

WIDE, DEEP = 130, 3
"""Characters and levels of what stands on one line."""
FILE = Path(__file__).resolve().parents[2] / "openapi.yaml"


class _PlainDumper(yaml.CSafeDumper):
    """Writes a shared part out in full each time: anchors are for machines, this file is read."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True

    def represent_data(self, data: Any) -> yaml.Node:
        """What is short stands on one line, words and examples on as few as it takes."""
        node: yaml.Node = super().represent_data(data)
        if isinstance(node, yaml.CollectionNode) and node.value:
            short = _depth(data) <= DEEP and len(_in_flow(data)) <= WIDE
            node.flow_style = short or (isinstance(data, list) and _plain(data)) or _has_example(data)
        return node


def _plain(data: list[Any]) -> bool:
    """Whether a list is of words, or of names of shapes."""
    return all(not isinstance(each, list) and (not isinstance(each, dict) or [*each] == ["$ref"]) for each in data)


def _has_example(data: Any) -> bool:
    """Whether it is the content of a body or an answer with an example."""
    return isinstance(data, dict) and any("/" in name and "example" in each for name, each in data.items())


def _depth(data: Any) -> int:
    inside = data.values() if isinstance(data, dict) else data if isinstance(data, list) else None
    return 0 if inside is None else 1 + max((_depth(each) for each in inside), default=0)


def _in_flow(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)


def to_yaml(document: dict[str, Any]) -> str:
    """The document as YAML, the same bytes for the same document."""
    return yaml.dump(document, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=120)


def current_yaml() -> str:
    """What the file should hold. The example address stands in it, whatever the environment says."""
    return to_yaml(create_app(plain_settings()).openapi())


def plain_settings() -> Settings:
    """Settings in which nothing of the environment shows in the document."""
    said = {name: Settings.model_fields[name].default for name in ("contact_naam", "contact_email", "contact_url")}
    return Settings(database_url=None, public_url="", **said)


def main(arguments: list[str], file: Path = FILE) -> int:
    """Write or check; 0 is well, 1 is different or missing, 2 is a wrong call."""
    match arguments:
        case ["write"]:
            file.write_text(current_yaml(), encoding="utf-8")
            return 0
        case ["check"]:
            if file.exists() and file.read_text(encoding="utf-8") == current_yaml():
                return 0
            sys.stderr.write(f"{file.name} differs from what the app serves: run `python -m app.openapi write`\n")
            return 1
        case _:
            sys.stderr.write("usage: python -m app.openapi write|check\n")
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
