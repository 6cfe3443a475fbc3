"""What stands beside the code is true: settings, compose.yaml, publiccode.yml, and how to reach us."""

import re
from typing import Annotated, Any, Literal

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app import __version__
from app.cli import build_parser
from app.settings import Settings
from tests.hulp.opstarten import COMPOSE, ROOT

SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if name != "database"}
OF_UVICORN = {"FORWARDED_ALLOW_IPS"}
"""Read by the server that carries us."""


def test_every_setting_stands_in_the_tables_and_nothing_else() -> None:
    """Broken: a row away, or a field that nobody wrote down."""
    page = (ROOT / "docs" / "gebruik.md").read_text(encoding="utf-8")
    firsts = re.findall(r"^\| (`[A-Z][A-Z_0-9]+`(?:, `[A-Z][A-Z_0-9]+`)*) \|", page, re.MULTILINE)
    told = [name for first in firsts for name in re.findall(r"`(\w+)`", first)]
    assert sorted(told) == sorted({name.upper() for name in Settings.model_fields} | OF_UVICORN)


@pytest.mark.parametrize("naam", OURS)
def test_a_service_sets_what_there_is_and_reads_what_it_is_given(naam: str) -> None:
    """Broken: a setting misspelt, a secret that is not mounted, a command that does not exist."""
    service = OURS[naam]
    known = {name.upper() for name in Settings.model_fields} | OF_UVICORN
    assert service["environment"].keys() <= known
    paths = {value for value in service["environment"].values() if value.startswith("/run/secrets/")}
    assert paths == {f"/run/secrets/{secret}" for secret in service["secrets"]}
    assert set(service["secrets"]) <= COMPOSE["secrets"].keys()
    assert set(service["depends_on"]) <= SERVICES.keys()
    assert {volume.split(":")[0] for volume in service["volumes"]} <= COMPOSE["volumes"].keys()
    if "command" in service:
        assert service["command"][:3] == ["python", "-m", "app.cli"]
        assert build_parser().parse_args(service["command"][3:]).run


def test_the_api_holds_no_key_of_the_owner_and_listens_to_this_machine_only() -> None:
    assert "DATABASE_URL_BEHEER_BESTAND" not in OURS["api"]["environment"]
    assert "database_url_beheer" not in OURS["api"]["secrets"]
    assert OURS["api"]["ports"] == ["127.0.0.1:8000:8000"]
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["api"]
    assert OURS["api"]["depends_on"]["inrichten"] == {"condition": "service_completed_successfully"}
    assert OURS["inrichten"]["depends_on"]["database"] == {"condition": "service_healthy"}
    assert SERVICES["database"]["image"] == "postgres:17"
    assert SERVICES["database"]["healthcheck"]["test"][1] == "pg_isready"


def test_the_page_makes_every_secret_that_the_compose_file_mounts() -> None:
    page = (ROOT / "docs" / "gebruik.md").read_text(encoding="utf-8")
    for secret in COMPOSE["secrets"].values():
        assert f"> {secret['file']}" in page or f"-out {secret['file']}" in page, secret
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "--gid 10001" in dockerfile
    assert "root:10001" in page
    required = set(re.findall(r"\$\{(\w+):\?", (ROOT / "compose.yaml").read_text(encoding="utf-8")))
    assert required == {"PUBLIC_URL", "GROOTBOEK_NAAM", "FORWARDED_ALLOW_IPS"}
    assert all(f"{name}=" in page for name in required)


class Strict(BaseModel):
    """Of publiccode.yml 0.4 what we use, with its required keys and bounds; no package for Python validates it."""

    model_config = ConfigDict(extra="forbid")


class Description(Strict):
    genericName: Annotated[str, Field(max_length=35)]  # noqa: N815
    shortDescription: Annotated[str, Field(min_length=1, max_length=150)]  # noqa: N815
    longDescription: Annotated[str, Field(min_length=150, max_length=10_000)]  # noqa: N815
    features: Annotated[list[Annotated[str, Field(max_length=100)]], Field(min_length=1)]


class Legal(Strict):
    license: Literal["EUPL-1.2"]
    mainCopyrightOwner: str  # noqa: N815


class Contact(Strict):
    name: str
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]


class Maintenance(Strict):
    type: Literal["internal", "community"]
    contacts: Annotated[list[Contact], Field(min_length=1)]


class Localisation(Strict):
    localisationReady: bool  # noqa: N815
    availableLanguages: Annotated[list[Annotated[str, Field(pattern=r"^[a-z]{2}$")]], Field(min_length=1)]  # noqa: N815


class Dependency(Strict):
    name: str
    versionMin: str  # noqa: N815


class DependsOn(Strict):
    open: list[Dependency]


class Audience(Strict):
    scope: list[Literal["local-authorities", "security", "justice"]]
    countries: list[Annotated[str, Field(pattern=r"^[a-z]{2}$")]]


class Publiccode(Strict):
    publiccodeYmlVersion: Literal["0.4"]  # noqa: N815
    name: str
    url: Annotated[str, Field(pattern=r"^https://")]
    softwareVersion: str  # noqa: N815
    developmentStatus: Literal["concept", "development", "beta", "stable", "obsolete"]  # noqa: N815
    softwareType: Literal["standalone/backend"]  # noqa: N815
    platforms: Annotated[list[Literal["web", "windows", "mac", "linux", "ios", "android"]], Field(min_length=1)]
    categories: list[Literal["data-collection", "compliance-management", "workflow-management"]]
    intendedAudience: Audience  # noqa: N815
    description: dict[Literal["nl", "en"], Description]
    legal: Legal
    maintenance: Maintenance
    localisation: Localisation
    dependsOn: DependsOn  # noqa: N815


def test_publiccode_says_what_the_standard_asks() -> None:
    """Broken: a key away, a description that is too long, another version than the code has."""
    document = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    read = Publiccode.model_validate(document)
    assert read.softwareVersion == __version__
    assert read.description.keys() == {"nl", "en"}
    for key in Publiccode.model_fields:
        with pytest.raises(ValidationError):
            Publiccode.model_validate({name: value for name, value in document.items() if name != key})


def test_whoever_finds_a_leak_or_wants_to_help_finds_how() -> None:
    security = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    for needed in ("In scope", "Not in scope", "working days", "bounty", "security.txt", "Een lek melden"):
        assert needed in security
    helping = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    goals = re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = re.findall(r"`make ([\w-]+)`", helping + security)
    assert {"run", "check", "test"} <= set(named) <= set(goals)
    for place in re.findall(r"`((?:app|tests|docs|requirements)/[\w/.]+)`", helping):
        assert (ROOT / place).exists(), place
