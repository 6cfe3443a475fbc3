"""What the tests of files share: photos made here, entries that promise them, and a small tus client by hand."""

import asyncio
import base64
import hashlib
import io
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

from httpx import Response
from PIL import Image
from uuid_utils.compat import uuid7

from tests.hulp.keten import team
from tests.hulp.sync_proef import accepted, controle
from tests.hulp.wereld import Wereld

UPLOADS = "/bijlagen/uploads"
TUS = {"Tus-Resumable": "1.0.0"}
STREAM = {"Content-Type": "application/offset+octet-stream"}
GPS_DEGREES = (52.0, 20.0, 31.0)
MIB = 1_048_576


def photo(kind: str = "JPEG", size: tuple[int, int] = (1_200, 900), *, fill: int = 0) -> bytes:
    """A photo as a phone makes it: with a position, a maker and a thumbnail of words in it; `fill` pads it."""
    picture = Image.effect_noise(size, 60).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "Kanarie-telefoon"
    exif[0x0132] = "2026:08:19 23:10:00"
    position = exif.get_ifd(0x8825)
    position[1], position[2] = "N", GPS_DEGREES
    position[3], position[4] = "E", (5.0, 37.0, 11.0)
    target = io.BytesIO()
    if kind == "HEIF":
        import pillow_heif  # noqa: PLC0415  # large, and for one test

        pillow_heif.register_heif_opener()
        picture.save(target, kind, quality=60, exif=exif.tobytes())
    elif kind == "PNG":
        picture.save(target, kind, exif=exif)
    else:
        picture.save(target, kind, quality=90, exif=exif, xmp=b"<x:xmpmeta>kanarie-xmp</x:xmpmeta>")
    return target.getvalue() + bytes(fill)


def big_photo(size: int, seed: int = 1) -> bytes:
    """A photo of exactly `size` bytes: what follows the end of a JPEG is no part of the picture."""
    head = photo(size=(320, 240))
    block = hashlib.sha256(seed.to_bytes(4, "big")).digest() * 32_768
    return (head + block * (size // len(block) + 1))[:size]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def manifest(content: bytes, ident: UUID | None = None, mediatype: str = "image/jpeg") -> dict[str, Any]:
    return {
        "id": str(ident or uuid7()),
        "sha256": sha256(content),
        "grootte": len(content),
        "mediatype": mediatype,
    }


async def begun(wereld: Wereld, wie: str = "boa-1", **taken: str) -> UUID:
    """A controle that `wie` started; `taken` names who takes part (`_` for `-`), each with a task."""
    ops = controle(wereld, wie)
    if taken:
        ops[1]["inhoud"]["deelnemers"] = team(wereld, **taken)
    await accepted(wereld, wie, *ops)
    return UUID(ops[1]["onderwerp"]["controle"])


def adding(wereld: Wereld, wie: str, waar: UUID, row: dict[str, Any], **velden: Any) -> dict[str, Any]:
    """An op that adds the file in `row` to a controle."""
    inhoud = {name: row[name] for name in ("sha256", "grootte", "mediatype")} | {"geenPersonenInBeeld": True}
    return wereld.op(wie, "bijlage.toegevoegd", {"controle": waar, "bijlage": UUID(row["id"])}, inhoud, **velden)


def metadata(**pairs: str) -> dict[str, str]:
    written = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())
    return {"Upload-Metadata": written}


def checksum(content: bytes) -> dict[str, str]:
    return {"Upload-Checksum": f"sha256 {base64.b64encode(hashlib.sha256(content).digest()).decode()}"}


async def announce(wereld: Wereld, wie: str, row: dict[str, Any], **headers: str) -> Response:
    told = TUS | {"Upload-Length": str(row["grootte"])} | metadata(bijlage=row["id"], sha256=row["sha256"])
    return await wereld.http.post(UPLOADS, headers=wereld.headers(wie) | told | headers)


async def begin(wereld: Wereld, wie: str, row: dict[str, Any]) -> str:
    """Announce a file; the path of its upload below /v1."""
    answer = await announce(wereld, wie, row)
    assert answer.status_code in (200, 201), answer.text
    return answer.headers["location"].removeprefix("/v1")


async def patch(wereld: Wereld, wie: str, pad: str, offset: int, content: Any, **headers: str) -> Response:
    told = TUS | STREAM | {"Upload-Offset": str(offset)} | headers
    return await wereld.http.patch(pad, headers=wereld.headers(wie) | told, content=content)


async def where(wereld: Wereld, wie: str, pad: str) -> Response:
    return await wereld.http.head(pad, headers=wereld.headers(wie) | TUS)


async def offset_of(wereld: Wereld, wie: str, pad: str) -> int:
    answer = await where(wereld, wie, pad)
    assert answer.status_code == 200, answer.status_code
    return int(answer.headers["upload-offset"])


async def send_file(wereld: Wereld, wie: str, row: dict[str, Any], content: bytes, *, per: int = 5 * MIB) -> Response:
    """The whole file in pieces; the last answer."""
    pad, offset = await begin(wereld, wie, row), 0
    answer = None
    while offset < len(content):
        answer = await patch(wereld, wie, pad, offset, content[offset : offset + per])
        assert answer.status_code == 204, answer.text
        offset = int(answer.headers["upload-offset"])
    assert answer is not None
    return answer


async def chunks(content: bytes, per: int = 65_536) -> AsyncIterator[bytes]:
    for start in range(0, len(content), per):
        yield content[start : start + per]


async def eventually(look: Callable[[], Awaitable[Any]], seconds: float = 10.0) -> Any:
    """What `look` says once it says anything: binding happens beside the requests."""
    until = time.monotonic() + seconds
    while True:
        found = await look()
        if found or time.monotonic() > until:
            assert found, "it did not come about"
            return found
        await asyncio.sleep(0.05)


async def item(wereld: Wereld, wie: str, waar: UUID, row: dict[str, Any]) -> dict[str, Any]:
    """The file as it stands in the document of the controle."""
    doc = (await wereld.get(wie, f"/controles/{waar}")).json()
    (found,) = (each for each in doc["bijlagen"] if each["id"] == row["id"])
    return dict(found)


async def outcome(wereld: Wereld, wie: str, waar: UUID, row: dict[str, Any]) -> dict[str, Any]:
    """What became of the file, once something did."""

    async def look() -> Any:
        return (await item(wereld, wie, waar, row)).get("ontvangst")

    return dict(await eventually(look))


def stored(wereld: Wereld, folder: str) -> dict[str, bytes]:
    """What lies in the store of this test below `folder`, by name."""
    root = wereld.http.app.state.settings.veldboek_home / "bijlagen" / folder
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def new_id() -> UUID:
    return uuid4()
