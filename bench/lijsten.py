"""Lists: a page of fifty while municipalities are added, and with a heap of controles in one more.

The controles are put there by SQL, shaped as folding leaves them (scopes, columns, feed), for a hundred
thousand controles take an hour to push. They are read over HTTP, by roles that are booked as anywhere.
"""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import asyncpg

from bench.opstelling import Mens, Opstelling, Rol, opstelling

HOOP = "GM0999"
"""The municipality of the heap."""
ELK = 100
"""Controles in each of the others."""
MAAL, WARM = 40, 5
FILTERS: dict[str, dict[str, Any]] = {
    "a status that one in fifty has": {"status": "gestart"},
    "a status that none has": {"status": "afgelast"},
    "a thema that one in forty has": {"thema": "hennep"},
    "an address": {"adres": "Dijk 77"},
    "a postcode": {"postcode": "1077 ZA"},
    "a month": {"van": "2024-03-01", "totEnMet": "2024-03-31"},
    "gewijzigdNa": {"gewijzigdNa": (datetime.now(UTC) + timedelta(hours=1)).isoformat(timespec="seconds")},
    "totaal=true": {"totaal": "true"},
}
"""What is asked besides. The moment lies behind all that was booked; a few filled rows are told as if booked later."""
VUL = """
WITH made AS (
    SELECT gen_random_uuid() AS id, gen_random_uuid() AS wie, code, n, (date '2022-01-01' + n * 37 % 1500)::text AS dag,
        CASE WHEN n % 50 = 0 THEN 'gestart' ELSE 'afgerond' END AS status,
        CASE WHEN n % 40 = 0 THEN 'hennep' ELSE 'prostitutie' END AS thema
    FROM unnest($1::text[]) code, generate_series(1, $2::int) n
), filled AS (
    INSERT INTO lees.controle (id, gemeente, scopes, status, thema, doc)
    SELECT id, code, ARRAY['attendering:' || code, 'deelnemer:' || wie, 'gebied:' || code, 'gemeente:' || code,
            'organisatie:' || md5(code)::uuid, 'team:' || wie], status, thema,
        jsonb_build_object('id', id, 'status', status, 'thema', thema, 'gemeente', code, 'hoedanigheid', 'toezicht',
            'datum', dag, 'begonnenOp', dag || 'T20:00:00Z', 'locatie', gen_random_uuid(), 'locatieSoort', 'woning',
            'coordinator', wie, '_schrijvers', jsonb_build_array(wie), '_telt', true,
            'adres', jsonb_build_object('straat', 'Dijk', 'huisnummer', (n % 200)::text,
                'postcode', (1000 + n % 200)::text || 'ZA', 'plaats', 'Dorp'),
            'bevindingen', (SELECT jsonb_agg(jsonb_build_object('id', gen_random_uuid(), 'op', gen_random_uuid(),
                'code', 'drugs', 'aard', 'feit', 'wijze', 'waargenomen', 'tekst', repeat('wat wij daar zagen ', 12),
                'door', jsonb_build_object('functionaris', wie, 'rol', 'boa'),
                'waargenomenOp', dag || 'T20:1' || m || ':00Z')) FROM generate_series(1, 6) m))
    FROM made RETURNING id, gemeente, scopes, doc
)
INSERT INTO lees.feed (scope, collectie, id, pos, op, gemeente, eerste)
SELECT scope, 'controles', id, pos, 'upsert', gemeente, pos FROM filled, unnest(scopes) scope,
    LATERAL (SELECT CASE WHEN doc ->> 'datum' > '2026-01-31' THEN 1000000000 ELSE 1 END AS pos) p
"""


class Lezer(NamedTuple):
    """Who reads: what he is called in the table, his role, and where it holds."""

    naam: str
    rol: Rol


@dataclass
class Tabel:
    """Medians in milliseconds, by question and by stage."""

    stadia: list[str] = field(default_factory=list)
    rijen: dict[str, dict[str, str]] = field(default_factory=dict)

    def put(self, vraag: str, waarde: str) -> None:
        """One cell, in the newest stage."""
        self.rijen.setdefault(vraag, {})[self.stadia[-1]] = waarde

    def show(self) -> str:
        """As the page has it."""
        head = f"| a page of 50 | {' | '.join(self.stadia)} |\n|---|{'---|' * len(self.stadia)}"
        rows = {vraag: " | ".join(row.get(of, "") for of in self.stadia) for vraag, row in self.rijen.items()}
        return "\n".join([head, *(f"| {vraag} | {row} |" for vraag, row in rows.items())])


def make_lezers(codes: Sequence[str]) -> dict[str, Lezer]:
    """Everybody who reads, by a short name."""
    one, twenty = [codes[0]], list(codes[:20])
    return {
        "regisseur": Lezer("regisseur of one", Rol("regisseur", one)),
        "boa": Lezer("boa of one", Rol("boa", one)),
        "pct": Lezer("PCT of twenty", Rol("pct", twenty)),
        "niets": Lezer("wijkagent of one, who took part in nothing", Rol("wijkagent", one)),
        "allen": Lezer("regisseur of all", Rol("regisseur", list(codes))),
        "hoop": Lezer("regisseur of the heap", Rol("regisseur", [HOOP])),
        "boa-hoop": Lezer("boa of the heap", Rol("boa", [HOOP])),
        "niets-hoop": Lezer("wijkagent of the heap, who took part in nothing", Rol("wijkagent", [HOOP])),
        "alles": Lezer("regisseur of all and of the heap", Rol("regisseur", [*codes, HOOP])),
    }


async def fill(o: Opstelling, codes: Sequence[str], each: int) -> None:
    """So many controles in each of these municipalities."""
    owner = await asyncpg.connect(o.server.beheer_url)
    try:
        await owner.execute("SET ROLE eigenaar")
        await owner.execute(VUL, list(codes), each)
        await owner.execute("RESET ROLE")
        for table in ("controle", "feed"):
            await owner.execute(f"VACUUM ANALYZE lees.{table}")
    finally:
        await owner.close()


async def time_list(o: Opstelling, mens: Mens, maal: int, **asked: Any) -> str:
    """Median milliseconds of one page and how many documents it has; how many there are where that was asked."""
    headers, found = o.headers(mens), []
    for _ in range(maal + WARM):
        started = time.perf_counter()
        answer = await o.http.get("/controles", params={"limit": 50, **asked}, headers=headers)
        found.append(time.perf_counter() - started)
        answer.raise_for_status()
    page = answer.json()
    held = page.get("totaal") or len(page["resultaten"])
    return f"{statistics.median(found[WARM:]) * 1000:.1f} ({held:,})"


async def bench_lijsten(*, aantallen: Sequence[int] = (10, 100, 342), hoop: int = 60_000, maal: int = MAAL) -> None:
    """Municipalities are added, and then the heap; the same questions each time."""
    codes = [f"GM{n + 1:04d}" for n in range(aantallen[-1])]
    lezers, tabel, filled = make_lezers(codes), Tabel(), 0
    async with opstelling(rollen=[lezer.rol for lezer in lezers.values()]) as o:
        mensen = dict(zip(lezers, [*o.mensen, o.regisseur], strict=True))

        async def ask(*names: str) -> None:
            """A page for each of these readers, and for the first of them every filter."""
            for name in names:
                tabel.put(lezers[name].naam, await time_list(o, mensen[name], maal))
            for vraag, asked in FILTERS.items():
                found = await time_list(o, mensen[names[0]], maal, **asked)
                tabel.put(f"{lezers[names[0]].naam}: {vraag}", found)

        for upto in aantallen:
            await fill(o, codes[filled:upto], ELK)
            filled = upto
            tabel.stadia.append(f"{upto} municipalities")
            await ask("regisseur", "boa", "pct", "niets", "allen")
        await fill(o, [HOOP], hoop)
        tabel.stadia.append(f"and {hoop:,} in one more")
        await ask("regisseur", "boa", "pct", "niets", "allen")
        await ask("hoop", "boa-hoop", "niets-hoop")
        await ask("alles")
    print(f"\n### Lists: median ms (documents), {ELK} controles in each municipality, over HTTP\n\n{tabel.show()}")
