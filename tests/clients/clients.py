"""Generators that others wrote make clients of the contract: a day's work with each in Python, the text of the others.

Not among the tests of `make test`: `make test-clients` runs it, and needs Java 17.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient

from app.registraties.register import ACTEN
from tests.hulp.aanmeld_proef import WACHTWOORD, Aanmeldproef, proef
from tests.hulp.node_device import on_socket, run

__all__ = ["proef"]
HIER = Path(__file__).parent
BIN = HIER.parents[1] / ".clients" / "bin"
DONE = {
    "spreekt": 1,
    "soorten": ["accepted"],
    "weer": ["duplicate"],
    "gehaald": ["afgerond"],
    "lijst": True,
    "overtredingen": ["illegale_prostitutie"],
    "cijfers": "/problemen/geen-recht",
    "melding": [201, "accepted"],
    "geweigerd": ["/problemen/ongeldig-verzoek", "inhoud"],
}
LEFT_OUT = {
    "GET /sync/snapshot": "lines of JSON",
    "GET /sync/stroom": "events",
    "POST /bijlagen/uploads": "bytes of a file, which a tus client sends",
    "PATCH /bijlagen/uploads/{upload}": "the same",
    "GET /controles/{id}/bijlagen/{bijlage}/weergave": "an image",
    "GET /signalen/{id}/bijlagen/{bijlage}/weergave": "an image",
}
"""What openapi-python-client says that it cannot make, each with what it is."""
MODELS: dict[str, tuple[str, tuple[str, ...]]] = {
    "kotlin": (
        "**/OvertredingVastgesteldOperatie.kt",
        (
            "val soort: OvertredingVastgesteldOperatie.Soort",
            '@Json(name = "overtreding.vastgesteld")',
            "val versie: OvertredingVastgesteldOperatie.Versie",
            "val onderwerp: OnderwerpControleOvertreding",
            "val inhoud: OvertredingVastgesteld,",
            "val opId: java.util.UUID",
            "val deviceSeq: kotlin.Long? = null",
        ),
    ),
    "swift6": (
        "**/OvertredingVastgesteldOperatie.swift",
        (
            'case overtredingPeriodVastgesteld = "overtreding.vastgesteld"',
            "public var soort: Soort",
            "public var versie: Versie",
            "public var onderwerp: OnderwerpControleOvertreding",
            "public var inhoud: OvertredingVastgesteld\n",
            "public var opId: UUID",
            "public var deviceSeq: Int64?",
        ),
    ),
    "csharp": (
        "**/Model/OvertredingVastgesteldOperatie.cs",
        (
            "public SoortEnum Soort",
            '"overtreding.vastgesteld"',
            "public VersieEnum Versie",
            "public OnderwerpControleOvertreding Onderwerp",
            "public OvertredingVastgesteld Inhoud",
            "public Guid OpId",
            "public long? DeviceSeq",
        ),
    ),
}


@pytest.fixture
def contract(client: AsyncClient, tmp_path: Path) -> Path:
    """The document of the application, beside which clients are made."""
    assert (BIN / "openapi-generator-cli").exists(), "run `make test-clients`"
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(client.app.openapi()), encoding="utf-8")  # type: ignore[attr-defined]
    return file


async def works(proef: Aanmeldproef, script: str, cwd: Path) -> dict[str, Any]:
    """What became of the day's work of `script`, in a folder with the package that it uses."""
    (cwd / script).write_text((HIER / script).read_text(encoding="utf-8"), encoding="utf-8")
    async with on_socket(proef.wereld.http.app) as adres:  # type: ignore[attr-defined]
        given = {
            "adres": adres,
            "naam": "boa-1",
            "wachtwoord": WACHTWOORD,
            "toestel": str(proef.wereld.mensen["boa-1"].toestel),
            "gemeente": "GM0243",
            "versies": {soort: act.versie for soort, act in ACTEN.items()},
        }
        code, said = await run("env", "-u", "PYTHONPATH", str(BIN / "python"), script, json.dumps(given), cwd=cwd)
    assert code == 0, said
    return dict(json.loads(said.splitlines()[-1]))


async def test_openapi_python_client_does_a_days_work(proef: Aanmeldproef, contract: Path) -> None:
    """Broken: `format: uuid` of `Idempotency-Key`, with which every write crashed."""
    make = ("generate", "--path", "openapi.json", "--meta", "none", "--output-path", "gemaakt")
    code, said = await run(str(BIN / "openapi-python-client"), *make, cwd=contract.parent)
    assert code == 0, said
    assert {*re.findall(r"WARNING parsing (.+) within", said)} <= LEFT_OUT.keys(), said
    assert await works(proef, "dag_opc.py", contract.parent) == DONE


async def generate(generator: str, contract: Path, *more: str) -> Path:
    made = contract.parent / generator
    command = (
        str(BIN / "openapi-generator-cli"),
        "generate",
        "-i",
        contract.name,
        "-g",
        generator,
        "-o",
        generator,
        *more,
    )
    code, said = await run(*command, cwd=contract.parent)
    assert code == 0, said[-4000:]
    assert "ERROR" not in said
    return made


async def test_openapi_generator_does_a_days_work_in_python(proef: Aanmeldproef, contract: Path) -> None:
    made = await generate("python", contract, "--additional-properties", "packageName=gemaakt")
    assert await works(proef, "dag_og.py", made) == DONE


@pytest.mark.parametrize("generator", MODELS)
async def test_an_overtreding_can_be_stated_in_other_languages(generator: str, contract: Path) -> None:
    """No compiler of these is needed: the text of the model of one operation of a push says all that it holds."""
    where, words = MODELS[generator]
    (model,) = (await generate(generator, contract)).glob(where)
    text = model.read_text(encoding="utf-8")
    assert [word for word in words if word not in text] == []
