"""A canary in every field: what each role hears of it at all doors is exactly what zicht.json says.

Every text that stands once in the documents of the ledger is a canary, also what a document keeps for the server. Its
place and the scopes of its document say, through zicht.json and nothing of the policy, to whom it is shown: by role,
also for whoever has a second role, was lent, or had a role that ended.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import asyncpg
from uuid_utils.compat import uuid7

from app.postgres import Server
from tests.hulp.inzage import COLLECTIES
from tests.hulp.keten import HARDERWIJK, START, build_keten, team
from tests.hulp.sync_proef import accepted, controle, correctie, verdict
from tests.hulp.wereld import MENSEN, Wereld, add_mens, add_toestel, confirm_role
from tests.hulp.zichttafel import expected

EXTRA = {
    "boa-oud": ("boa", "harderwijk", [HARDERWIJK]),
    "boa-geleend": ("boa", "ermelo", [HARDERWIJK]),
    "dubbel": ("aandachtsfunctionaris", "harderwijk", [HARDERWIJK]),
}
WIE = MENSEN | EXTRA
TABELLEN = dict(zip(COLLECTIES, ("signaal", "locatie", "controle", "rapportage", "maatregel", "attendering",
                                 "mensenhandelsignaal"), strict=True))  # fmt: skip


EIGEN = re.compile(r"kanarie.*|[0-9a-f]{8}-[0-9a-f-]{27}")
"""What nobody says by chance: a text of the chain, an id."""


class Kanarie(NamedTuple):
    """One text: where it stands, in a document with which scopes, and who recorded the part that holds it."""

    tekst: str
    collectie: str
    pad: str
    scopes: frozenset[str]
    van: str | None


def leaves(value: Any, at: str = "", van: str | None = None) -> Iterator[tuple[str, str, str | None]]:
    """Each text in a document: its path, itself, and who recorded the part that holds it."""
    if isinstance(value, dict):
        if "op" in value and "door" in value:
            van = value["door"]["functionaris"]
        for name, of in value.items():
            yield from leaves(of, f"{at}.{name}" if at else name, van)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, f"{at}[]", van)
    elif isinstance(value, str):
        yield at, value, van


async def canaries(database: Server) -> list[Kanarie]:
    """Every text that stands in one place only."""
    connection = await asyncpg.connect(database.beheer_url)
    found: list[Kanarie] = []
    for collectie, tabel in TABELLEN.items():
        for row in await connection.fetch(f"SELECT doc::text AS doc, scopes FROM lees.{tabel}"):  # noqa: S608  # ours
            scopes = frozenset(row["scopes"])
            found += [Kanarie(tekst, collectie, pad, scopes, van) for pad, tekst, van in leaves(json.loads(row["doc"]))]
    await connection.close()
    often = Counter(kanarie.tekst for kanarie in found)
    return [k for k in found if often[k.tekst] == 1 and EIGEN.fullmatch(k.tekst) and not _told_elsewhere(k)]


def _told_elsewhere(kanarie: Kanarie) -> bool:
    """Who works where is known to his colleagues, and a phone hears the ids of what it pushed."""
    return kanarie.pad.rpartition(".")[2] in {"functionaris", "organisatie"} or kanarie.pad == "_op"


def held(wereld: Wereld, wie: str, scopes: frozenset[str]) -> set[str]:
    """The kinds of scope of a document that somebody holds, by who he is and where he works: no policy is asked."""
    _, organisatie, gemeenten = WIE[wie]
    mine = {str(wereld.mensen[wie].functionaris), str(wereld.organisaties[organisatie]), *gemeenten}
    kinds = set()
    for each in scopes:
        kind, _, of = each.partition(":")
        if of.rpartition(":")[2] in mine:
            kinds.add(kind)
    return kinds


def meant_for(wereld: Wereld, wie: str, kanarie: Kanarie) -> bool:
    """What zicht.json says."""
    told = expected()[kanarie.collectie].get(kanarie.pad, [])
    rol, kinds = WIE[wie][0], held(wereld, wie, kanarie.scopes)
    labels = {f"{rol} {kind}" for kind in kinds} | {f"{rol} {one}+{other}" for one in kinds for other in kinds}
    own = kanarie.van == str(wereld.mensen[wie].functionaris)
    return bool(labels & {*told}) or (own and bool({f"{label} eigen" for label in labels} & {*told}))


async def doors(wereld: Wereld, wie: str) -> dict[str, str]:
    """All that somebody hears: lists, single reads, sync and both stock clients."""
    heard: dict[str, str] = {}
    for collectie in COLLECTIES:
        answer = await wereld.get(wie, f"/{collectie}", limit="200")
        heard[f"list {collectie}"] = answer.text
        rows = answer.json().get("resultaten", []) if answer.is_success else []
        singles = [(await wereld.get(wie, f"/{collectie}/{row['id']}")).text for row in rows]
        if collectie != "mensenhandelsignalen":  # one of those asks for a reason
            heard[f"single {collectie}"] = "".join(singles)
    heard["pull"] = json.dumps((await wereld.pull(wie))[0], ensure_ascii=False)
    travels = [c for c in COLLECTIES if (await wereld.get(wie, f"/sync/rxdb/{c}/pull", limit="1")).is_success]
    rxdb = [(await wereld.get(wie, f"/sync/rxdb/{c}/pull", limit="1000")).text for c in travels]
    heard["rxdb"] = "".join(rxdb)
    water = await wereld.get(wie, "/sync/watermelon/pull")
    heard["watermelon"] = water.text.replace('\\"', '"') if water.is_success else ""
    return heard


async def build(wereld: Wereld) -> None:
    """The chain, with a difference in it, and a controle of somebody whose role has ended since."""
    for naam in ("boa-oud", "boa-geleend"):
        lent = {"grondslag": "inleen", "aanwijzingsbesluit": "besluit 14", "tot": "2030-01-01T00:00:00+01:00"}
        await add_mens(wereld, naam, *EXTRA[naam], **(lent if naam == "boa-geleend" else {}))
    await build_keten(wereld, "kanarie")
    locatie, start = controle(wereld, "boa-oud")
    there = dict.fromkeys(("boa_geleend", "wijkagent_1", "avim_1"), "voert_uit")
    start["inhoud"] |= {**START, "deelnemers": team(wereld, boa_oud="coordineert", **there)}
    here = {"controle": start["onderwerp"]["controle"]}
    tekst = {"code": "drugs", "aard": "feit", "wijze": "waargenomen", "tekst": "kanarie van boa-oud"}
    found = wereld.op("boa-oud", "bevinding.vastgelegd", {**here, "bevinding": uuid7()}, tekst)
    row = wereld.op("boa-oud", "persoon.aangetroffen", {**here, "persoon": uuid7()}, {"rol": "sekswerker"})
    await accepted(wereld, "boa-oud", locatie, start, found, row)
    better = correctie(wereld, "boa-oud", found, tekst="kanarie, beter")
    await accepted(wereld, "boa-oud", better)
    other = correctie(wereld, "boa-oud", found, tekst="kanarie, anders")
    assert verdict((await wereld.push("boa-oud", other))[0])[0] == "conflict"
    late = wereld.op("boa-geleend", "telling.vastgelegd", here, {"perRol": {"klant": 2}, "hulpAangeboden": 1})
    await accepted(wereld, "boa-geleend", late)
    ended = {"inhoud": {"op": (datetime.now(UTC) - timedelta(minutes=1)).isoformat()}}
    await wereld.make("beheerder", f"/roltoewijzingen/{wereld.mensen['boa-oud'].roltoewijzing}/beeindiging", ended)
    boa, second = wereld.mensen["boa-1"], uuid7()
    inhoud = {
        "functionaris": str(boa.functionaris),
        "rol": EXTRA["dubbel"][0],
        "organisatie": str(wereld.organisaties["harderwijk"]),
        "gemeenten": EXTRA["dubbel"][2],
        "van": "2022-01-01T00:00:00+01:00",
        "grondslag": "aanwijzing",
    }
    await wereld.make("beheerder", "/roltoewijzingen", {"onderwerp": {"roltoewijzing": str(second)}, "inhoud": inhoud})
    await confirm_role(wereld, second)
    wereld.mensen["dubbel"] = type(boa)(boa.functionaris, second)
    wereld.mensen["dubbel"].toestel = await add_toestel(wereld, "dubbel")


async def test_each_hears_what_zicht_json_says_and_nothing_else(wereld: Wereld, database: Server) -> None:
    """Broken: a part more or less in any row of app/access/zicht.py that the chain reaches; one door's projection."""
    await build(wereld)
    birds = await canaries(database)
    assert len({(k.collectie, k.pad) for k in birds}) > 30
    wrong: list[str] = []
    shown = Counter[str]()
    for wie in WIE:
        heard = await doors(wereld, wie)
        everything = "".join(heard.values())
        over = wie == "boa-oud"  # of what he sent he still hears what became of it, and nothing else
        receipts = (await wereld.pull(wie))[0] if over else []
        assert {change["collectie"] for change in receipts} == ({"ontvangsten"} if over else set())
        for kanarie in birds:
            text = json.dumps(kanarie.tekst, ensure_ascii=False)[1:-1]
            meant = text in json.dumps(receipts) if over else meant_for(wereld, wie, kanarie)
            shown[wie] += meant
            if meant != (text in everything):
                at = sorted(door for door, told in heard.items() if text in told)
                wrong.append(
                    f"{wie}: {kanarie.collectie} {kanarie.pad} {'is missing' if meant else f'is heard at {at}'}"
                )
            if meant and not over:
                here = {f"{door} {kanarie.collectie}" for door in ("list", "single")} | {"pull", "rxdb", "watermelon"}
                silent = [door for door in sorted(here & heard.keys()) if heard[door] and text not in heard[door]]
                wrong += [f"{wie}: {kanarie.collectie} {kanarie.pad} not at {door}" for door in silent]
    assert sorted({*wrong}) == []
    assert shown["boa-oud"] == 1, "which of his corrections waits"
    assert all(shown[wie] for wie in WIE if wie not in {"boa-oud", "dubbel"}), shown
