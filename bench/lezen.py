"""Reading: a first pull page by page, and the figures over a year as the ledger grows."""

import statistics
import time
from typing import Any

from bench.opstelling import Mens, Opstelling


async def pull_everything(o: Opstelling, mens: Mens, *, limit: int = 500) -> dict[str, Any]:
    """A first pull of all that one officer may see."""
    headers, cursor, documents, size, pages = o.headers(mens), None, 0, 0, []
    while True:
        params = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        started = time.perf_counter()
        answer = await o.http.get("/sync/pull", params=params, headers=headers)
        pages.append(time.perf_counter() - started)
        page = answer.json()
        documents += len(page["wijzigingen"])
        size += int(answer.headers.get("content-length", 0))
        cursor = page["cursor"]
        if not page["meer"]:
            break
    seconds = sum(pages)
    return {
        "documenten": documents,
        "bladzijden": len(pages),
        "documenten per s": round(documents / seconds),
        "p50 ms per bladzijde": round(statistics.median(pages) * 1000, 1),
        "KiB over de lijn": size // 1024,
    }


async def time_cijfers(o: Opstelling, headers: dict[str, str], gemeente: str, jaar: int, *, times: int = 60) -> float:
    """Median milliseconds of `GET /v1/cijfers` over one year of one municipality."""
    params = {"gemeente": gemeente, "van": f"{jaar}-01-01", "totEnMet": f"{jaar}-12-31"}
    found = []
    for _ in range(times):
        started = time.perf_counter()
        answer = await o.http.get("/cijfers", params=params, headers=headers)
        found.append(time.perf_counter() - started)
        answer.raise_for_status()
    return statistics.median(found[5:]) * 1000
