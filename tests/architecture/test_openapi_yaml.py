"""The command that keeps openapi.yaml equal to what the application serves."""

from typing import Any

import pytest

from app.openapi import __main__ as command
from tests.hulp.antwoorden import contract


@pytest.fixture(scope="module")
def text() -> str:
    return command.current_yaml()


def test_the_yaml_is_the_document_and_always_the_same(text: str) -> None:
    assert text == command.to_yaml(contract())
    assert command.yaml.load(text, command.yaml.CSafeLoader) == contract()
    assert "één" in text
    assert "&id" not in text


def test_check_tells_a_difference(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "openapi.yaml"
    assert command.main(["check"], file) == 1
    assert command.main(["write"], file) == 0
    assert command.main(["check"], file) == 0
    file.write_text(file.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")
    assert command.main(["check"], file) == 1
    assert "python -m app.openapi write" in capsys.readouterr().err
    assert command.main([]) == 2


def test_the_environment_does_not_change_the_yaml(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://elders.test")
    assert command.current_yaml() == text
