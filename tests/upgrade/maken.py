"""Makes the fixtures of a release, with the code of that release: `PYTHONPATH=. python <here>/maken.py DOEL`.

Run it in a checkout of the release, with its packages. It starts the release as it was shipped, lets it play the
demo year, adds what the demo does not have (quarantine, differences, strikes, files, devices that were lost or
wait), and leaves two phones with work that was never sent. DOEL then holds what the drill reads:

- `grootboek.sql.xz`: the database (pg_dump);
- `thuis.tar.xz`: keys (of this fixture alone: TEST), files, the accounts of the demo;
- `telefoons.tar.xz`: the outbox of each phone as it lay on it, and with what it signed in;
- `verwacht.json.xz`: what every account could read at that moment.
"""

import asyncio
import io
import json
import lzma
import os
import signal
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from PIL import Image
from uuid_utils.compat import uuid7
from vragen import ask_all

from app.postgres import find_binaries, running_server
from veldboek_client.bijlagen import Bijlagen
from veldboek_client.inschrijving import Uitnodiging, enrol
from veldboek_client.opslag import Opslag
from veldboek_client.sleutel import Sleutel
from veldboek_client.storing import Storing
from veldboek_client.toestel import Correctie, Toestel, read_clock
from veldboek_client.verbinding import Inlog, Verbinding

PORT = int(os.environ.get("PORT", "18080"))
ADRES = f"http://127.0.0.1:{PORT}"
MOMENT = datetime(2023, 12, 1, 20, 15, tzinfo=UTC)
"""When all this was seen: after the year of the demo, so that its figures stay what they are."""
BEVINDING = {"code": "drugs", "aard": "feit", "wijze": "waargenomen"}
AFGEBROKEN = "/v1/sync/push"


class Telefoon:
    """A phone of one of the demo's people, enrolled by the two administrators."""

    def __init__(self, naam: str, toestel: Toestel, sleutel: Sleutel, inlog: Inlog, storing: Storing) -> None:
        self.naam, self.toestel, self.sleutel, self.inlog, self.storing = naam, toestel, sleutel, inlog, storing

    def record(self, soort: str, onderwerp: dict[str, UUID], inhoud: dict[str, Any], **meer: Any) -> UUID:
        """Write one down."""
        return self.toestel.record(soort, onderwerp, inhoud, waargenomen_op=MOMENT, **meer)

    async def send(self, **expected: int) -> None:
        """Sync; the outcome must be what this story needs."""
        done = dict(await self.toestel.sync())
        if done != expected:
            raise SystemExit(f"{self.naam}: {done}, not {expected}: {self.toestel.opslag.outcomes()[-9:]}")


class Verhaal:
    """The running release, and who can sign in."""

    def __init__(self, stack: AsyncExitStack, accounts: dict[str, Any], home: Path) -> None:
        self.stack, self.accounts, self.home = stack, accounts, home
        self.telefoons: list[Telefoon] = []
        self.open: dict[str, Verbinding] = {}

    async def at(self, wie: str) -> Verbinding:
        """The desk of somebody, without a device."""
        if wie not in self.open:
            account = self.accounts[wie]
            inlog = Inlog(account["gebruikersnaam"], account["wachtwoord"])
            self.open[wie] = await self.stack.enter_async_context(Verbinding(ADRES, inlog))
        return self.open[wie]

    async def enrol(self, wie: str, naam: str, *, goedgekeurd: bool = True) -> Telefoon:
        """A new phone for somebody."""
        ik = await (await self.at(wie)).get("/ik")
        who = {"functionaris": ik["functionaris"], "roltoewijzing": ik["roltoewijzing"], "omschrijving": naam}
        given = await (await self.at("beheerder")).post("/inschrijfcodes", who)
        account, sleutel = self.accounts[wie], Sleutel.generate()
        fresh = await self.stack.enter_async_context(
            Verbinding(ADRES, Inlog(account["gebruikersnaam"], account["wachtwoord"]))
        )
        found = await enrol(fresh, Uitnodiging.read(given["qr"]), sleutel, platform="android", app_versie="0.1.0")
        if goedgekeurd:
            await (await self.at("beheerder-2")).record(f"/toestellen/{found.toestel}/goedkeuring", MOMENT, {})
        storing = Storing()
        inlog = Inlog(account["gebruikersnaam"], account["wachtwoord"], found.toestel)
        verbinding = await self.stack.enter_async_context(Verbinding(ADRES, inlog, transport=storing))
        toestel = Toestel(verbinding, Opslag(self.home / f"{naam}.db"), sleutel=sleutel, ingeschreven=found)
        self.telefoons.append(Telefoon(naam, toestel, sleutel, inlog, storing))
        return self.telefoons[-1]


def signaal(gemeente: str = "GM0243", **velden: Any) -> dict[str, Any]:
    return {"bron": "overlastmelding", "gemeente": gemeente, **velden}


def photo(seed: int) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (64, 48), (seed * 40 % 256, 90, 160)).save(target, "JPEG", quality=40)
    return target.getvalue()


async def start_controle(t: Telefoon, huisnummer: str) -> dict[str, UUID]:
    """A place and a controle that starts there; returns what it is about."""
    controle, locatie = uuid7(), uuid7()
    adres = {"straat": "Voorbeeldstraat", "huisnummer": huisnummer, "postcode": "3841AA", "plaats": "Harderwijk"}
    pand = {"soort": "bedrijfspand", "feitelijkBewoond": "nee", "gemeente": "GM0243", "adres": adres}
    t.record("locatie.vastgelegd", {"locatie": locatie}, pand)
    gestart = {"benadering": "aangebeld", "situatie": "toegang_verleend"}
    t.record("controle.gestart", {"controle": controle, "locatie": locatie}, gestart)
    return {"controle": controle}


async def differ_and_settle(v: Verhaal, een: Telefoon, twee: Telefoon) -> None:
    """Two corrections of one signaal; the regisseur chooses. Another one is struck."""
    about, other = {"signaal": uuid7()}, {"signaal": uuid7()}
    first = een.record("signaal.gemeld", about, signaal(tekst="een"))
    gone = een.record("signaal.gemeld", other, signaal(tekst="dubbel"))
    tip = een.record("signaal.gemeld", about, signaal(tekst="twee"), correctie=Correctie(first, first, "vergissing"))
    een.record("doorhaling", other, {"registratie": str(gone), "reden": "dubbel vastgelegd"})
    await een.send(accepted=4)
    branch = twee.record("signaal.gemeld", about, signaal(tekst="drie"), correctie=Correctie(first, first, "gezien"))
    await twee.send(conflict=1)
    settled = {"keuze": str(branch), "verworpen": str(tip), "reden": "zo stond het in het logboek"}
    await (await v.at("regisseur-1")).record("/verschilbeoordelingen", MOMENT, settled, about)
    left = {"signaal": uuid7()}
    first = een.record("signaal.gemeld", left, signaal(tekst="vier"))
    een.record("signaal.gemeld", left, signaal(tekst="vijf"), correctie=Correctie(first, first, "vergissing"))
    await een.send(accepted=2)
    twee.record("signaal.gemeld", left, signaal(tekst="zes"), correctie=Correctie(first, first, "gezien"))
    await twee.send(conflict=1)


async def quarantine(v: Verhaal, t: Telefoon) -> None:
    """Outside one's municipality: one waits, one is taken in, one refused. And a kind that nobody knows."""
    held = [t.record("signaal.gemeld", {"signaal": uuid7()}, signaal("GM0233")) for _ in range(3)]
    t.record("iets.nieuws", {"iets": uuid7()}, {"a": 1})
    await t.send(quarantined=4)
    for op, besluit in zip(held, ("aanvaard", "geweigerd"), strict=False):
        inhoud = {"besluit": besluit, "reden": "nagevraagd bij de schrijver"}
        await (await v.at("regisseur-1")).record(f"/quarantaine/{op}/beoordeling", MOMENT, inhoud)


async def visit(t: Telefoon) -> dict[str, UUID]:
    """A controle with all kinds of findings, an older payload version, a strike, and a photo that arrives."""
    here = await start_controle(t, "12")
    persoon = {**here, "persoon": uuid7()}
    t.record("persoon.aangetroffen", persoon, {"rol": "sekswerker"})
    t.record("hulp.aangeboden", persoon, {"aangeboden": True, "aanvaard": "nee"})
    vertaald = BEVINDING | {"wijze": "verklaard", "tolk": True}
    t.record("bevinding.vastgelegd", {**here, "bevinding": uuid7()}, vertaald, versie=1)
    fout = t.record("bevinding.vastgelegd", {**here, "bevinding": uuid7()}, BEVINDING | {"tekst": "fout"}, versie=2)
    t.record("doorhaling", here, {"registratie": str(fout), "reden": "vergissing"})
    t.record("telling.vastgelegd", here, {"leeftijdsband": {"21+": 1}})
    add_photo(t, here, 1)
    gemist = {"sha256": "ab" * 32, "grootte": 9, "mediatype": "image/png", "geenPersonenInBeeld": True}
    t.record("bijlage.toegevoegd", {**here, "bijlage": uuid7()}, gemist)
    zorg = {"gemeente": "GM0243", "soort": "uitbuiting", "indicatoren": [{"code": "angst", "bron": "waargenomen"}]}
    t.record("mensenhandelsignaal.vastgelegd", {**here, "mensenhandelsignaal": uuid7()}, zorg)
    await t.send(accepted=11)
    bijlagen = Bijlagen(t.toestel.verbinding, t.toestel.opslag)
    for _ in range(100):
        if (await bijlagen.send())["gebonden"] == 1:
            return here
        await asyncio.sleep(0.2)
    raise SystemExit("the photo was not bound")


def add_photo(t: Telefoon, here: dict[str, UUID], seed: int) -> None:
    ident = uuid7()
    row = Bijlagen(t.toestel.verbinding, t.toestel.opslag).add(ident, photo(seed), "image/jpeg")
    inhoud = {name: row[name] for name in ("sha256", "grootte", "mediatype")} | {"geenPersonenInBeeld": True}
    t.record("bijlage.toegevoegd", {**here, "bijlage": ident}, inhoud)


async def send_half(t: Telefoon) -> None:
    """The last file of a phone gets as far as its first piece."""
    bijlagen = Bijlagen(t.toestel.verbinding, t.toestel.opslag, stuk=256)
    bestand = t.toestel.opslag.files()[-1]
    adres, _ = await bijlagen._find(bestand, None)  # cut between two pieces
    await bijlagen._send_piece(bestand, adres, 0)


async def leave_unsent(een: Telefoon, twee: Telefoon, known: dict[str, UUID]) -> None:
    """What lies on the phones: sent without hearing so, about what the other still has, a file, a correction."""
    een.record("telling.vastgelegd", known, {"leeftijdsband": {"21+": 2}})
    een.storing.cut_after_commit(AFGEBROKEN)
    with suppress(httpx.ReadError):
        await een.toestel.push()
    about = {"signaal": uuid7()}
    twee.record("signaal.beoordeeld", about, {"uitkomst": "onvoldoende"})
    await twee.send(deferred=1)
    melding = een.record("signaal.gemeld", about, signaal(tekst="wat op de telefoon ligt"))
    beter = signaal(tekst="wat op de telefoon lag")
    een.record("signaal.gemeld", about, beter, correctie=Correctie(melding, melding, "vergissing"))
    here = await start_controle(een, "14")
    een.record("bevinding.vastgelegd", {**here, "bevinding": uuid7()}, BEVINDING, versie=1)
    een.record("bevinding.vastgelegd", {**known, "bevinding": uuid7()}, BEVINDING, versie=2)
    add_photo(een, here, 2)
    await send_half(een)
    zorg = {"gemeente": "GM0243", "soort": "uitbuiting", "indicatoren": [{"code": "angst", "bron": "waargenomen"}]}
    een.record("mensenhandelsignaal.vastgelegd", {**here, "mensenhandelsignaal": uuid7()}, zorg)
    geen = {"uitkomst": "niet_vastgesteld"}
    een.record("controle.afgerond", here, geen)


async def tell(v: Verhaal) -> dict[str, Any]:
    """Everything that the demo does not have; then what everybody sees."""
    een, twee = await v.enrol("boa-1", "telefoon-1"), await v.enrol("regisseur-1", "telefoon-2")
    lost = await v.enrol("boa-2", "verloren")
    await differ_and_settle(v, een, lost)
    await quarantine(v, een)
    known = await visit(een)
    await v.enrol("boa-2", "wacht-op-goedkeuring", goedgekeurd=False)
    pad = f"/toestellen/{lost.inlog.toestel}/intrekking"
    await (await v.at("beheerder")).record(pad, MOMENT, {"reden": "verloren"})
    ermelo = await (await v.at("boa-ermelo")).get("/ik")
    pad = f"/roltoewijzingen/{ermelo['roltoewijzing']}/beeindiging"
    await (await v.at("beheerder")).record(pad, MOMENT, {"op": MOMENT.isoformat()})
    await een.toestel.sync()
    await leave_unsent(een, twee, known)
    v.open.clear()  # everybody signs in anew, as after the upgrade
    return {wie: await ask_all(await v.at(wie)) for wie in sorted(v.accounts)}


def pack(target: Path, files: dict[str, bytes]) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in sorted(files.items()):
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(content), 0o600
            archive.addfile(info, io.BytesIO(content))
    target.write_bytes(lzma.compress(buffer.getvalue(), preset=9))


def read_store(pad: Path) -> bytes:
    """The file of a phone, with what is still in its log put in."""
    db = sqlite3.connect(pad)
    db.executescript("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE; VACUUM;")
    db.close()
    return pad.read_bytes()


def keep(v: Verhaal, doel: Path, verwacht: dict[str, Any], dump: bytes) -> None:
    """Write the four fixtures."""
    doel.mkdir(parents=True, exist_ok=True)
    (doel / "grootboek.sql.xz").write_bytes(lzma.compress(dump, preset=9))
    names = [v.home / "demo.json", *(v.home / "sleutels").iterdir()]
    names += [path for path in (v.home / "bijlagen").rglob("*") if path.is_file()]
    pack(doel / "thuis.tar.xz", {str(path.relative_to(v.home)): path.read_bytes() for path in names})
    phones: dict[str, bytes] = {}
    for t in v.telefoons:
        refresh = t.toestel.verbinding._refresh  # as an app would have kept it
        t.toestel.opslag.close()
        told = {"gebruikersnaam": t.inlog.gebruikersnaam, "wachtwoord": t.inlog.wachtwoord}
        told |= {"toestel": str(t.inlog.toestel), "sleutel": t.sleutel.to_pem().decode(), "refresh_token": refresh}
        phones |= {f"{t.naam}.db": read_store(v.home / f"{t.naam}.db"), f"{t.naam}.json": json.dumps(told).encode()}
    pack(doel / "telefoons.tar.xz", phones)
    whole = {"moment": read_clock().isoformat(), "accounts": verwacht}
    (doel / "verwacht.json.xz").write_bytes(lzma.compress(json.dumps(whole, sort_keys=True).encode(), preset=9))


async def main(doel: Path, home: Path) -> None:
    accounts = json.loads((home / "demo.json").read_text())["accounts"]
    async with AsyncExitStack() as stack:
        v = Verhaal(stack, accounts, home)
        verwacht = await tell(v)
        running = running_server(home)
        if running is None:
            raise SystemExit("the database is gone")
        dump = subprocess.run(  # noqa: ASYNC221, S603
            [str(find_binaries() / "pg_dump"), "--format=plain", running.beheer_url], check=True, stdout=subprocess.PIPE
        ).stdout
        keep(v, doel, verwacht, dump)


def wait_for_demo(home: Path, service: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        if service.poll() is not None:
            raise SystemExit("the service stopped")
        if (home / "demo.json").exists() and not (home / "demo.bezig").exists():
            return
        time.sleep(0.1)
    raise SystemExit("the demo did not finish")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="veldboek-uitgave-") as directory:
        Path(directory).chmod(0o755)
        home = Path(directory) / "home"
        environment = {**os.environ, "VELDBOEK_HOME": str(home), "PORT": str(PORT)}
        service = subprocess.Popen([sys.executable, "-m", "app.cli", "start"], env=environment)
        try:
            wait_for_demo(home, service)
            asyncio.run(main(Path(sys.argv[1]).resolve(), home))
        finally:
            service.send_signal(signal.SIGTERM)
            service.wait()
