"""Who takes part: two municipalities, police, one officer with two phones. Recorded once, through the API."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from storm.journaal import Bron
from storm.orakel.recht import Toewijzing
from veldboek_client.inschrijving import Ingeschreven, Uitnodiging, enrol
from veldboek_client.sleutel import Sleutel
from veldboek_client.verbinding import Inlog, Verbinding

WACHTWOORD = "een lang wachtwoord voor iedereen"
SINDS = "2022-01-01T00:00:00+01:00"
ORGANISATIES = {
    "harderwijk": {"soort": "gemeente", "naam": "Gemeente Harderwijk", "gemeentecode": "GM0243"},
    "ermelo": {"soort": "gemeente", "naam": "Gemeente Ermelo", "gemeentecode": "GM0233"},
    "pct-oost": {"soort": "politie", "naam": "PCT Oost"},
    "basisteam": {"soort": "politie", "naam": "Basisteam Veluwe"},
}
BEIDE = ("GM0233", "GM0243")
MENSEN: dict[str, tuple[str, str, tuple[str, ...], int]] = {
    "boa-1": ("boa", "harderwijk", ("GM0243",), 2),
    "boa-2": ("boa", "harderwijk", ("GM0243",), 1),
    "boa-3": ("boa", "ermelo", ("GM0233",), 1),
    "wijkagent-1": ("wijkagent", "basisteam", BEIDE, 1),
    "pct-1": ("pct", "pct-oost", BEIDE, 1),
    "regisseur-1": ("regisseur", "harderwijk", BEIDE, 1),
}
"""Name → role, organisation, municipalities, number of devices."""
APART = "GM0243"
"""The municipality that keeps rows about persons; the other counts them."""
ONDERTEKENT = frozenset({("boa-1", 1), ("boa-2", 0), ("pct-1", 0)})
"""Devices that were enrolled with a key, and promised to sign."""


@dataclass
class Mens:
    """One person, the role he has now, and his devices."""

    naam: str
    functionaris: str
    organisatie: str
    roltoewijzing: str
    toestellen: dict[int, str]
    sleutels: dict[int, tuple[Sleutel, Ingeschreven]] = field(default_factory=dict)
    """of the devices that sign"""


@dataclass
class Mensen:
    """Everybody as the template has them, and what the oracle has to know of it."""

    mensen: dict[str, Mens] = field(default_factory=dict)
    organisaties: dict[str, str] = field(default_factory=dict)
    naslag: dict[str, dict[str, Any]] = field(default_factory=dict)
    toewijzingen: dict[str, Toewijzing] = field(default_factory=dict)
    omvang: int = 0
    """entries in the template's ledger"""


async def record_people(eerste: Verbinding, moment: datetime) -> Mensen:
    """Record them all as the first administrator; what he asks waits for the second."""
    bron, found = Bron("mensen"), Mensen()

    async def record(pad: str, onderwerp: str, inhoud: dict[str, Any]) -> str:
        ident = str(bron.uuid7(moment))
        body = {"waargenomenOp": SINDS, "onderwerp": {onderwerp: ident}, "inhoud": inhoud}
        await eerste.post(pad, body, **{"Idempotency-Key": str(bron.uuid4())})
        return ident

    for naam, inhoud in ORGANISATIES.items():
        ident = await record("/organisaties", "organisatie", inhoud)
        found.organisaties[naam], found.naslag[ident] = ident, {"id": ident, "naslag": "organisatie", **inhoud}
    for naam, (rol, team, gemeenten, aantal) in MENSEN.items():
        organisatie = found.organisaties[team]
        wie = {"aanduiding": naam, "organisatie": organisatie}
        mens = await record("/functionarissen", "functionaris", wie)
        found.naslag[mens] = {"id": mens, "naslag": "functionaris", **wie}
        toewijzing = await record("/roltoewijzingen", "roltoewijzing", grant(mens, rol, organisatie, gemeenten, SINDS))
        found.toewijzingen[toewijzing] = Toewijzing(mens, rol, organisatie, frozenset(gemeenten))
        phone = {"functionaris": mens, "roltoewijzing": toewijzing, "omschrijving": "telefoon"}
        unsigned = [number for number in range(aantal) if (naam, number) not in ONDERTEKENT]
        toestellen = {number: await record("/toestellen", "toestel", phone) for number in unsigned}
        found.mensen[naam] = Mens(naam, mens, organisatie, toewijzing, toestellen)
    return found


async def confirm_roles(tweede: Verbinding, mensen: Mensen) -> None:
    """The second administrator confirms every role that the first granted."""
    for toewijzing in mensen.toewijzingen:
        body = {"waargenomenOp": SINDS, "inhoud": {}}
        await tweede.post(f"/roltoewijzingen/{toewijzing}/bevestiging", body, **{"Idempotency-Key": str(uuid4())})


async def enrol_phones(eerste: Verbinding, mensen: Mensen, connect: Callable[[str], Verbinding]) -> None:
    """The devices that sign: the administrator gives a code, its user scans it and proves the key."""
    for naam, number in sorted(ONDERTEKENT):
        mens, sleutel = mensen.mensen[naam], Sleutel.generate()
        phone = {"functionaris": mens.functionaris, "roltoewijzing": mens.roltoewijzing, "omschrijving": "telefoon"}
        code = Uitnodiging.read((await eerste.post("/inschrijfcodes", phone))["qr"])
        async with connect(naam) as verbinding:
            done = await enrol(verbinding, code, sleutel, platform="android", app_versie="storm 1")
        mens.toestellen[number], mens.sleutels[number] = str(done.toestel), (sleutel, done)


async def record_ground(eerste: Verbinding) -> str:
    """That one municipality keeps rows about persons: recorded by the first administrator."""
    ident = str(uuid4())
    inhoud = {"gemeentecode": APART, "van": "1900-01-01", "bepaling": "een wet"}
    body = {"waargenomenOp": SINDS, "onderwerp": {"grondslagbijzonder": ident}, "inhoud": inhoud}
    await eerste.post("/grondslagen-bijzonder", body, **{"Idempotency-Key": str(uuid4())})
    return ident


async def confirm_ground(tweede: Verbinding, ident: str) -> dict[str, Any]:
    """The second administrator confirms it; returns what phones are told of it."""
    body = {"waargenomenOp": SINDS, "inhoud": {}}
    pad = f"/grondslagen-bijzonder/{ident}/bevestiging"
    await tweede.post(pad, body, **{"Idempotency-Key": str(uuid4())})
    found: dict[str, Any] = await tweede.get(f"/grondslagen-bijzonder/{ident}")
    return found


async def approve_phones(tweede: Verbinding, mensen: Mensen) -> None:
    """The second administrator approves what the first enrolled."""
    for mens in mensen.mensen.values():
        for toestel in mens.toestellen.values():
            body = {"waargenomenOp": SINDS, "inhoud": {}}
            await tweede.post(f"/toestellen/{toestel}/goedkeuring", body, **{"Idempotency-Key": str(uuid4())})


def grant(mens: str, rol: str, organisatie: str, gemeenten: tuple[str, ...], van: str) -> dict[str, Any]:
    """The content of a roltoewijzing."""
    return {
        "functionaris": mens,
        "rol": rol,
        "organisatie": organisatie,
        "gemeenten": list(gemeenten),
        "van": van,
        "grondslag": "aanstelling",
    }


def inlog(naam: str, toestel: str | None = None) -> Inlog:
    """How somebody signs in."""
    return Inlog(naam, WACHTWOORD, UUID(toestel) if toestel else None)
