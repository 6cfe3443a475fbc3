"""The lists, asked at a desk by the people of the storm: every page by its cursor, and with a filter."""

import random
from typing import Any

from storm.telefoon import Telefoon
from storm.wereld import Run
from veldboek_client.verbinding import ApiProbleem, Verbinding

LIJSTEN = ("controles", "attenderingen", "signalen", "locaties", "mensenhandelsignalen")
STATUSSEN = ("gepland", "afgelast", "gestart", "afgerond")
Gelezen = dict[str, dict[str, Any]]


async def read_list(desk: Verbinding, collectie: str, limit: int, **filters: str) -> tuple[list[str], Gelezen]:
    """Every page of a list: the ids in the order in which they came, and the documents. Nothing without the right."""
    ids: list[str] = []
    found: Gelezen = {}
    asked: dict[str, Any] = {**filters, "limit": limit}
    while True:
        try:
            page = await desk.get(f"/{collectie}", **asked)
        except ApiProbleem as problem:
            if problem.slug == "geen-recht" and "cursor" not in asked:
                return [], {}
            raise
        ids += [doc["id"] for doc in page["resultaten"]]
        found |= {doc["id"]: doc for doc in page["resultaten"]}
        if (cursor := page.get("volgende")) is None:
            return ids, found
        asked["cursor"] = cursor


async def check_lists(run: Run, t: Telefoon) -> None:
    """At his desk its user reads what his phone shows: nothing missing, nothing extra, nothing twice.

    Who has no role is not let in; that his phone shows nothing either is looked at elsewhere.
    """
    if not await run.roles_of(t.mens):
        return
    kans, has = random.Random(f"{run.seed} {t.naam}"), t.documents()  # noqa: S311  # chance, not a secret
    async with run.o.sign_in(t.mens.naam) as desk:
        for collectie in LIJSTEN:
            mine = {ident: doc for (kind, ident), doc in has.items() if kind == collectie}
            wanted: list[dict[str, str]] = [{}]
            if collectie == "controles":
                wanted += [{"status": kans.choice(STATUSSEN[:2])}, {"status": kans.choice(STATUSSEN[2:])}]
            for filters in wanted:
                must = {ident: doc for ident, doc in mine.items() if filters.items() <= doc.items()}
                ids, found = await read_list(desk, collectie, kans.choice((2, 5, 50)), **filters)
                label = f"{t.naam}: list of {collectie} {filters or ''}"
                run.check(len(ids) == len(found), f"{label} has {len(ids) - len(found)} twice")
                for ident in sorted({*must, *found}):
                    one, other = must.get(ident), found.get(ident)
                    run.check(one == other, f"{label}: {ident} is {other}, on the phone {one}")
