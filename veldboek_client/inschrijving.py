"""Enrolling this device: scan the code, sign in, prove the key. Then a second person has to approve it."""

from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from veldboek_client.sleutel import Sleutel
from veldboek_client.verbinding import Verbinding

SCHEMA: Final = "veldboek"


@dataclass(frozen=True, slots=True)
class Uitnodiging:
    """What the QR code of the administrator holds."""

    adres: str
    origin: str
    code: str

    @classmethod
    def read(cls, qr: str) -> Self:
        """ValueError when the text is no invitation of Veldboek."""
        parts = urlsplit(qr)
        found = parse_qs(parts.query, strict_parsing=True)
        if parts.scheme != SCHEMA or parts.path != "inschrijven" or found.keys() != {"adres", "origin", "code"}:
            raise ValueError("no invitation of Veldboek")
        return cls(*(found[name][0] for name in ("adres", "origin", "code")))


@dataclass(frozen=True, slots=True)
class Ingeschreven:
    """Keep all of it: which device this is now, on which ledger, and the key by which to know an order."""

    toestel: UUID
    origin: str
    opdrachtsleutel: dict[str, str]


async def enrol(
    verbinding: Verbinding,
    uitnodiging: Uitnodiging,
    sleutel: Sleutel,
    *,
    platform: str,
    app_versie: str,
    ondertekent: bool = True,
) -> Ingeschreven:
    """Use the code on a connection that signs in without a device. Cut off: simply call it again.

    Raises ApiProbleem: `inschrijfcode-ongeldig` (ask for a new code), `aanmelding-niet-vers` (sign in anew).
    The app states here that it keeps everything encrypted; one that does not must not enrol.
    """
    body = {
        "code": uitnodiging.code,
        "sleutel": sleutel.jwk,
        "bewijs": sleutel.prove(uitnodiging.code, uitnodiging.origin),
        "platform": platform,
        "appVersie": app_versie,
        "opslagVersleuteld": True,
        "ondertekent": ondertekent,
    }
    answer = await verbinding.post("/toestellen/inschrijving", body)
    return Ingeschreven(UUID(answer["toestel"]), answer["origin"], answer["opdrachtsleutel"])
