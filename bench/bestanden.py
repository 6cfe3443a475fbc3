"""`python -m bench.bestanden`: four phones send 20 MB each at once; how fast, and what it costs in memory."""

import asyncio
import base64
import hashlib
import io
import os
import time
from collections.abc import AsyncIterator

import httpx
from PIL import Image
from uuid_utils.compat import uuid7

from bench.opstelling import Mens, Opstelling, opstelling

TELEFOONS = 4
GROOTTE = 20_000_000
STUK = 1_048_576
TUS = {"Tus-Resumable": "1.0.0"}


def big_photo(size: int) -> bytes:
    """A photo of 12 megapixels, padded to `size` bytes."""
    target = io.BytesIO()
    Image.effect_noise((4_000, 3_000), 40).convert("RGB").save(target, "JPEG", quality=60)
    return target.getvalue() + os.urandom(size - target.tell())


async def send(http: httpx.AsyncClient, headers: dict[str, str], content: bytes) -> tuple[float, float]:
    """One file in pieces; seconds until the last byte but one piece is kept, and until it was looked at."""
    told = {"bijlage": str(uuid7()), "sha256": hashlib.sha256(content).hexdigest()}
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())
    own = {"Authorization": headers["Authorization"], **TUS}
    begun = time.perf_counter()
    answer = await http.post(
        "/bijlagen/uploads", headers={**own, "Upload-Length": str(len(content)), "Upload-Metadata": metadata}
    )
    answer.raise_for_status()
    pad, before_last = answer.headers["location"].removeprefix("/v1"), begun
    for offset in range(0, len(content), STUK):
        piece = content[offset : offset + STUK]
        before_last = time.perf_counter()
        answer = await http.patch(
            pad,
            content=piece,
            headers={
                **own,
                "Content-Type": "application/offset+octet-stream",
                "Upload-Offset": str(offset),
                "Upload-Checksum": f"sha256 {base64.b64encode(hashlib.sha256(piece).digest()).decode()}",
            },
        )
        answer.raise_for_status()
    if answer.headers["bijlage-staat"] != "compleet":
        raise RuntimeError(f"the file was not taken in: {dict(answer.headers)}")
    return before_last - begun, time.perf_counter() - begun


async def watch(o: Opstelling, peak: list[int]) -> None:
    """Keep the highest resident memory of a worker."""
    while True:
        peak[0] = max(peak[0], o.rss())
        await asyncio.sleep(0.02)


async def phones(o: Opstelling, people: list[Mens], content: bytes) -> AsyncIterator[tuple[float, float]]:
    """All at once, spread over the workers."""

    async def one(number: int, mens: Mens) -> tuple[float, float]:
        async with httpx.AsyncClient(base_url=o.bases[number % len(o.bases)], timeout=120) as http:
            return await send(http, o.headers(mens), content)

    for found in await asyncio.gather(*(one(number, mens) for number, mens in enumerate(people))):
        yield found


async def run() -> None:
    """Small files first, to know what a worker weighs that has done this before."""
    async with opstelling(gemeenten=TELEFOONS) as o:
        for name, size in (("warm", 5_000_000), ("5 MB", 5_000_000), ("20 MB", GROOTTE)):
            content, peak = big_photo(size), [0]
            watching = asyncio.create_task(watch(o, peak))
            begun = time.perf_counter()
            each = [found async for found in phones(o, o.mensen[:TELEFOONS], content)]
            took = time.perf_counter() - begun
            watching.cancel()
            print(
                f"{name}: {TELEFOONS * size / took / 1e6:.1f} MB/s together, everything kept, hashed and rendered;"
                f" sending alone {TELEFOONS * size / max(kept for kept, _ in each) / 1e6:.1f} MB/s;"
                f" resident memory of the largest worker at most {peak[0]} MiB"
            )


if __name__ == "__main__":
    asyncio.run(run())
