"""Settings come from the environment and nowhere else; outside the embedded demo insecure values are refused."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.geheimbestand import read_private
from app.problems import Onjuist

_HTTPS = re.compile(r"https://[^\s/?#]+[!-~]*")
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")


class Settings(BaseSettings):
    """What an operator sets. Without ``DATABASE_URL`` this is the embedded demo on the loopback address."""

    model_config = SettingsConfigDict(env_prefix="", hide_input_in_errors=True, extra="ignore")

    database_url: SecretStr | None = Field(default=None, description="PostgreSQL as role app; empty: embedded")
    database_url_beheer: SecretStr | None = Field(default=None, description="for migrations and rebuilds")
    database_url_bestand: Path | None = Field(default=None, description="file with what DATABASE_URL would be")
    database_url_beheer_bestand: Path | None = Field(default=None, description="the same for DATABASE_URL_BEHEER")
    veldboek_home: Path = Path(".veldboek")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65_535)
    workers: int = Field(default=1, ge=1, le=16, description="API processes that `veldboek start` runs")
    metingen_poort: int = Field(default=0, ge=0, le=65_535, description="numbers for Prometheus, on 127.0.0.1; 0: none")
    public_url: str = Field(default="", description="base address in openapi.yaml and tokens; https outside the demo")
    cors_oorsprongen: str = Field(
        default="",
        description="origins of web pages of others that may call, with commas; with a token, never a cookie",
    )
    auth_local: bool | None = Field(default=None, description="local accounts; on by default only when embedded")
    token_sleutel: Path | None = Field(default=None, description="PEM file with the P-256 key that signs tokens")
    ververs_geheim: Path | None = Field(default=None, description="file with ≥ 32 random bytes for refresh tokens")
    merkteken: Path | None = Field(
        default=None,
        description="file with how far the ledger was; on other storage than the database. Empty: in VELDBOEK_HOME",
    )
    controle_bij_start: int = Field(default=10_000, ge=1, description="so many of the newest entries, up to twice")
    grootboek_naam: str = Field(default="veldboek.example/grootboek/demo", description="origin of the ledger")
    meldpunt: str = Field(default="", pattern=r"^$|^(mailto:|https://)[!-~]+$", description="Contact in security.txt")
    contact_naam: str = Field(default="Team Veldboek", description="who answers questions about the API")
    contact_email: str = Field(default="team@veldboek.example", description="and where")
    contact_url: str = Field(default="", description="page about the API; empty: its documentation")
    verzoeken_per_seconde: float = Field(default=50, gt=0, description="per toestel of persoon, per proces")
    demo: bool = Field(default=True, description="load the Harderwijk year into an empty embedded home")

    bijlagen_bucket: str = Field(default="", description="S3 bucket for files; empty: a directory in VELDBOEK_HOME")
    bijlagen_endpoint: str = Field(default="", description="address of the S3 service; https outside the demo")
    bijlagen_regio: str = Field(default="", description="region of the bucket")
    bijlagen_sleutel_id: SecretStr | None = Field(default=None, description="access key id of the bucket")
    bijlagen_geheim: Path | None = Field(default=None, description="file with the secret access key of the bucket")

    @property
    def embedded(self) -> bool:
        """True when this process starts its own PostgreSQL."""
        return self.database_url is None

    @property
    def local_accounts(self) -> bool:
        """Local accounts are on in the embedded demo, elsewhere only when asked for."""
        return self.embedded if self.auth_local is None else self.auth_local

    @property
    def issuer(self) -> str:
        """The `iss` and `aud` of access tokens."""
        return self.public_url or f"http://127.0.0.1:{self.port}"

    @model_validator(mode="after")
    def read_addresses(self) -> Self:
        """The addresses that were given as files: they hold passwords, so they are read as secrets are.

        Raises SleutelbestandOnbruikbaar.
        """
        for veld in ("database_url", "database_url_beheer"):
            pad: Path | None = getattr(self, f"{veld}_bestand")
            if pad is not None:
                naam = f"{veld.upper()}_BESTAND"
                if getattr(self, veld) is not None:
                    raise Onjuist(f"geef {veld.upper()} of {naam}, niet allebei")
                inhoud = read_private(pad, naam).decode(errors="replace").strip()
                setattr(self, veld, SecretStr(inhoud))
        return self

    @property
    def origins(self) -> frozenset[str]:
        """The origins of our own pages, as a browser spells them; the embedded demo has both names of this machine."""
        parts = urlsplit(self.issuer)
        plain = {"https": ":443", "http": ":80"}.get(parts.scheme, "")
        own = f"{parts.scheme}://{parts.netloc}".lower().removesuffix(plain)
        local = [f"http://{name}:{self.port}" for name in ("127.0.0.1", "localhost")] if self.embedded else []
        return frozenset([own, *local])

    @property
    def cors(self) -> list[str]:
        """The origins of pages of others."""
        return [each.strip() for each in self.cors_oorsprongen.split(",") if each.strip()]

    @model_validator(mode="after")
    def refuse_every_origin(self) -> Self:
        """Each is an origin as browsers spell it; outside the demo over https."""
        for each in self.cors:
            if not _ORIGIN.fullmatch(each) or not (self.embedded or each.startswith("https://")):
                raise Onjuist("CORS_OORSPRONGEN noemt oorsprongen als https://dashboard.gemeente.nl, met komma's")
        return self

    @model_validator(mode="after")
    def refuse_one_port_for_two(self) -> Self:
        """Numbers for monitoring never come out where the API answers."""
        if self.metingen_poort == self.port:
            raise Onjuist("METINGEN_POORT en PORT zijn dezelfde; kies twee poorten")
        return self

    @model_validator(mode="after")
    def refuse_insecure(self) -> Self:
        """Outside the embedded demo every secret is given and the public address is https."""
        if self.bijlagen_bucket and (self.bijlagen_sleutel_id is None or self.bijlagen_geheim is None):
            raise Onjuist("met BIJLAGEN_BUCKET zijn ook nodig: BIJLAGEN_SLEUTEL_ID, BIJLAGEN_GEHEIM")
        if self.bijlagen_bucket and not (self.bijlagen_endpoint and self.bijlagen_regio):
            raise Onjuist("met BIJLAGEN_BUCKET zijn ook nodig: BIJLAGEN_ENDPOINT, BIJLAGEN_REGIO")
        if self.bijlagen_bucket and not self.embedded and not self.bijlagen_endpoint.startswith("https://"):
            raise Onjuist("BIJLAGEN_ENDPOINT moet buiten de demo met https:// beginnen")
        if self.embedded:
            if self.host not in ("127.0.0.1", "localhost", "::1"):
                raise Onjuist("zonder DATABASE_URL luistert Veldboek alleen op 127.0.0.1")
            return self
        missing = [
            name
            for name, given in (
                ("TOKEN_SLEUTEL", self.token_sleutel),
                ("VERVERS_GEHEIM", self.ververs_geheim),
            )
            if given is None
        ]
        if missing:
            raise Onjuist(f"met DATABASE_URL zijn ook nodig: {', '.join(missing)}")
        if not _HTTPS.fullmatch(self.public_url):
            raise Onjuist("PUBLIC_URL moet buiten de demo met https:// beginnen, en daarna een adres noemen")
        self.refuse_demo_name()
        return self

    def refuse_demo_name(self) -> None:
        """A ledger keeps its name for ever: a real one never begins under that of the demo, or none. Raises Onjuist."""
        if not self.grootboek_naam.strip():
            raise Onjuist("GROOTBOEK_NAAM is leeg; kies de naam die dit grootboek houdt")
        if "example" in self.grootboek_naam:
            raise Onjuist("GROOTBOEK_NAAM heeft nog de waarde van de demo; kies de naam die dit grootboek houdt")


@lru_cache
def get_settings() -> Settings:
    """Read once; a wrong setting stops the start with a clear message."""
    return Settings()
