"""openapi-typescript and openapi-fetch: a day's work by types that were made of the contract, and typing errors."""

import json
import shutil
from pathlib import Path

import pytest
from httpx import AsyncClient

from tests.hulp.aanmeld_proef import WACHTWOORD, Aanmeldproef, proef
from tests.hulp.node_device import MAP, NODE, on_socket, run

__all__ = ["proef"]
TIKFOUTEN = 20


@pytest.fixture
async def gemaakt(client: AsyncClient, tmp_path: Path) -> Path:
    """A project with types that were made of the document of the application."""
    assert (MAP / "node_modules" / ".ready").exists(), "run `make test`, or `make tests/node/node_modules/.ready`"
    for file in (MAP / "contract").iterdir():
        shutil.copy(file, tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (tmp_path / "node_modules").symlink_to(MAP / "node_modules")
    (tmp_path / "openapi.json").write_text(json.dumps(client.app.openapi()), encoding="utf-8")  # type: ignore[attr-defined]
    made = (NODE, "node_modules/openapi-typescript/bin/cli.js", "openapi.json", "-o", "api.d.ts")
    code, said = await run(*made, cwd=tmp_path)
    assert (code, "warn" in said.lower()) == (0, False), said
    return tmp_path


async def test_a_days_work_compiles_and_runs_and_no_typing_error_does(proef: Aanmeldproef, gemaakt: Path) -> None:
    """Strict. A line below `@ts-expect-error` that does compile is an error as well.

    Broken: `versie` in `sent` of routers/verzoeken as `int`; `soort: Status` in `Resultaat` as text; `directions` left
    out of `complete`.
    """
    errors = (gemaakt / "tikfouten.ts").read_text(encoding="utf-8").count("// @ts-expect-error")
    assert errors == TIKFOUTEN
    code, said = await run(NODE, "node_modules/typescript/bin/tsc", "-p", ".", cwd=gemaakt)
    assert (code, said) == (0, "")
    wereld = proef.wereld
    persona = wereld.mensen["boa-1"]
    async with on_socket(wereld.http.app) as adres:  # type: ignore[attr-defined]
        given = {
            "adres": adres,
            "naam": "boa-1",
            "wachtwoord": WACHTWOORD,
            "toestel": str(persona.toestel),
            "gemeente": "GM0243",
        }
        code, said = await run(NODE, "uit/dag.js", json.dumps(given), cwd=gemaakt)
    assert code == 0, said
    assert json.loads(said.splitlines()[-1]) == {
        "spreekt": 1,
        "soorten": ["accepted"],
        "weer": ["duplicate"],
        "gehaald": ["afgerond"],
        "lijst": True,
        "overtredingen": ["illegale_prostitutie"],
        "cijfers": "/problemen/geen-recht",
        "melding": [201, "accepted", ["", "v1", "signalen"]],
        "geweigerd": ["/problemen/ongeldig-verzoek", "inhoud"],
    }
