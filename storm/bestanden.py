"""Files in the storm: promised and sent in any order, cut anywhere, wrong or never; each is bound once, or listed."""

import asyncio
import hashlib
import json
import random
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from storm.handelingen import handeling, known_controles
from storm.journaal import Bestand, Inzending
from storm.lijn import UPLOAD
from storm.schakelbord import Daad, Punt
from storm.telefoon import Telefoon
from storm.wereld import Run
from veldboek_client.bijlagen import Bijlagen

GEBONDEN, AFGEKEURD = "gebonden", "afgekeurd"
LIJNFOUTEN = ("verbroken_voor_ontvangst", "verbroken_na_commit", "verbroken_halverwege", "dubbel_na_elkaar",
              "captive_portal", "token_verlopen")  # fmt: skip
LANGST = 20
"""Seconds that binding may take: real ones, it happens beside everything."""
TWEE = 2
"""The round that is under way may have looked before; the next has not."""


@handeling("bestand", 5)
async def promise_file(run: Run, t: Telefoon, kans: random.Random) -> str:
    """A finding that promises a file: one that comes, one with another hash than was said, or one that never comes."""
    known = known_controles(t)
    if not known:
        return "niets"
    soort = kans.choice(("goed", "goed", "goed", "bestand_andere_hash", "bestand_nooit"))
    content = b"%PDF-1.7\n" + kans.randbytes(kans.randint(1, 40_000))
    ident = t.new_id()
    row = {"id": str(ident), "sha256": sha256(content), "grootte": len(content), "mediatype": "application/pdf"}
    if soort != "bestand_nooit":
        Bijlagen(t.verbinding, t.opslag).add(ident, content, "application/pdf")
    if soort == "bestand_andere_hash":
        row["sha256"] = sha256(content + b"!")
    run.journaal.bestanden[str(ident)] = Bestand(
        t.naam, content, AFGEKEURD if soort == "bestand_andere_hash" else GEBONDEN
    )
    inhoud = {"code": "drugs", "aard": "feit", "wijze": "waargenomen", "tekst": f"bestand {kans.randrange(10**6)}"}
    onderwerp = {"controle": UUID(kans.choice(known)), "bevinding": t.new_id()}
    t.record("bevinding.vastgelegd", onderwerp, inhoud, bijlagen=[row])
    if soort != "goed":
        run.journaal.note(soort)
    return soort


@handeling("bestanden_versturen", 6)
async def send_files(run: Run, t: Telefoon, kans: random.Random) -> str:
    """Files over a line with a fault, in pieces of any size; before or after what promises them, and then bound."""
    await promise_file(run, t, kans)
    eerst = kans.choice(("bestand_eerst", "registratie_eerst"))
    if eerst == "registratie_eerst":
        await t.sync()
    t.lijn.order(UPLOAD, kans.choice(LIJNFOUTEN))
    ended = [await t.send_files(kans.randint(500, 20_000))]
    t.lijn.clear()
    if kans.random() < 0.5:
        ended.append(await t.send_files(kans.randint(500, 20_000)))
    run.journaal.note(eerst)
    if kans.random() < 0.5:
        await bind(run)
    return " ".join(ended)


@handeling("binden_gedood", 3)
async def killed_while_binding(run: Run, t: Telefoon, kans: random.Random) -> str:
    """`kill -9` of the API between storing a file and binding it, at any point of that."""
    await promise_file(run, t, kans)
    ended = f"{await t.sync()} {await t.send_files(20_000)}"
    punt = kans.choice((Punt.GEEN, Punt.VOOR_KOP, Punt.VOOR_COMMIT, Punt.NA_COMMIT))
    if punt is not Punt.GEEN:
        run.o.bord.arm(punt, Daad.API_DOOD)
        await bind(run)
    died = punt is Punt.GEEN or not run.o.bord.armed
    run.o.bord.disarm()
    if died:
        run.o.dienst.kill()
        run.o.start_api()
        run.journaal.note("api_gedood_bij_binden")
    return f"{punt.name} {ended}"


async def bind(run: Run) -> None:
    """Let the API bind all that can be bound now, or die of it."""
    bord = run.o.bord
    until, begun, bord.binds = time.monotonic() + LANGST, bord.rounds, True
    while bord.rounds < begun + TWEE and run.o.dienst.alive():
        if time.monotonic() > until:
            raise TimeoutError("files are not bound")
        await asyncio.sleep(0.01)
    bord.binds = False


def sha256(content: bytes) -> str:
    """In hex."""
    return hashlib.sha256(content).hexdigest()


def as_sent(run: Run, row: Any) -> Inzending | None:
    """What the server must have booked of itself when this entry of the ledger says that a file came."""
    if not is_receipt(row):
        return None
    omslag = json.loads(row["omslag"])
    bestand = run.journaal.bestanden[omslag["onderwerp"]["bijlage"]]
    inhoud = {"sha256": sha256(bestand.inhoud), "grootte": len(bestand.inhoud), "mediatype": "application/pdf"}
    inhoud["uitkomst"] = bestand.uitkomst
    if bestand.uitkomst == AFGEKEURD:
        inhoud["afkeuring"] = "andere_hash"
    op = {**omslag, "opId": row["op"], "inhoud": inhoud, "bijlagen": []}
    return Inzending(op, bestand.telefoon, klok={False})


async def check_files(run: Run, rows: Sequence[Any]) -> None:
    """Bound once and with the bytes that were sent, or listed; and what a phone was told of its files is so."""
    entries = [json.loads(row["omslag"])["onderwerp"]["bijlage"] for row in rows if is_receipt(row, GEBONDEN)]
    run.check(len(set(entries)) == len(entries), "a file was bound twice")
    refused = {json.loads(row["omslag"])["onderwerp"]["bijlage"] for row in rows if is_receipt(row)} - set(entries)
    promised = await read_promised(run)
    for ident, (item, upload) in promised.items():
        bestand, bound = run.journaal.bestanden[ident], item.get("ontvangst", {}).get("uitkomst") == GEBONDEN
        if bound:
            stored = run.o.home / "bijlagen" / "bestanden" / upload
            run.check(stored.read_bytes() == bestand.inhoud, f"file {ident} is not what was sent")
        run.check(not bound or bestand.uitkomst == GEBONDEN, f"file {ident} is bound, with another hash")
    for t in run.telefoons:
        for kept in t.opslag.files():
            item, _ = promised.get(kept.id, ({}, ""))
            bound = item.get("ontvangst", {}).get("uitkomst") == GEBONDEN
            if kept.staat == GEBONDEN:
                waits = kept.id in refused  # its sender had lost his role: it is safe, and the desk decides
                run.check(bound or waits or not item or run.restored, f"{t.naam}: file {kept.id} is not bound")
            if kept.staat == "compleet":
                run.check(bound or not item or kept.id in refused, f"{t.naam}: file {kept.id} came and was left")
    await check_listed(run, promised)


def is_receipt(row: Any, uitkomst: str | None = None) -> bool:
    """Whether an entry says that a file came, and, where asked, was accepted with that outcome."""
    if row["omslag"] is None or json.loads(row["omslag"]).get("soort") != "bijlage.ontvangen":
        return False
    if uitkomst is None:
        return True
    accepted = json.loads(row["oordeel"])["status"] == "accepted"
    return accepted and bool(json.loads(row["zaak"])["uitkomst"] == uitkomst)


async def read_promised(run: Run) -> dict[str, tuple[dict[str, Any], str]]:
    """Every file that stands in a document: how, where it is open, and with which upload it came."""
    async with run.o.connect() as connection:
        found = await connection.fetch(
            "SELECT b ->> 'id' AS id, b::text AS item, u.id::text AS upload"
            ", CASE WHEN NOT c.scopes @> ARRAY['politie:' || c.gemeente] THEN c.gemeente END AS gemeente"
            " FROM lees.controle c, jsonb_array_elements(c.doc -> 'bijlagen') b"
            " LEFT JOIN bedrijf.upload u ON u.op::text = b -> 'ontvangst' ->> 'op'"
        )
    return {row["id"]: ({**json.loads(row["item"]), "gemeente": row["gemeente"]}, row["upload"] or "") for row in found}


async def check_listed(run: Run, promised: dict[str, tuple[dict[str, Any], str]]) -> None:
    """What is not bound stands on the list of the regisseur, if he still is one; and nothing else."""
    (role, *_), mens = await run.roles_of(run.o.mensen.mensen["regisseur-1"]) or [None], "regisseur-1"
    if role is None or role["rol"] != "regisseur":
        return
    unbound = {
        ident
        for ident, (item, _) in promised.items()
        if item.get("ontvangst", {}).get("uitkomst") != GEBONDEN and item["gemeente"] in role["gemeenten"]
    }
    listed: set[str] = set()
    async with run.o.sign_in(mens) as regisseur:
        cursor: dict[str, str] = {}
        while True:
            page = await regisseur.get("/bijlagen/ontbrekend", **cursor)
            listed |= {each["bijlage"] for each in page["resultaten"]}
            if not page["volgende"]:
                break
            cursor = {"cursor": page["volgende"]}
    run.check(listed == unbound, f"listed as missing {sorted(listed)}, must be {sorted(unbound)}")
