"""Renditions of a photo without what it tells of where and by whom it was taken; a program of its own.

`python -m app.weergaven <mediatype>` reads an original on stdin and writes on stdout one line of JSON and then
the renditions. Decoders are where hostile files strike, so they run here: without environment, with bounded
memory and time, and cannot write a file. Only the pixels go over into a new picture.
"""

import io
import json
import resource
import sys
from typing import IO, Any

from PIL import Image, ImageCms, ImageFile, ImageOps

MATEN = {"scherm": 1_600, "klein": 320}
"""Longest side in pixels."""
MAX_BEELDPUNTEN = 64_000_000
"""More is refused before anything is decoded: no phone makes it unasked, and a few kilobytes can claim it."""
GEHEUGEN = 1_610_612_736
"""Bytes of address space."""
SECONDEN = 30
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/heic": "HEIF"}


class TeVeelBeeldpunten(Exception):
    """The picture claims to be larger than is decoded here."""


def bound_process() -> None:
    """Limits that this process cannot lift again."""
    for what, most in (
        (resource.RLIMIT_AS, GEHEUGEN),
        (resource.RLIMIT_CPU, SECONDEN),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def open_picture(source: IO[bytes], mediatype: str) -> Image.Image:
    """The picture, decoded by the one decoder that its kind asks for. Raises TeVeelBeeldpunten."""
    if mediatype == "image/heic":
        import pi_heif  # noqa: PLC0415  # only this kind needs it, and it is large

        pi_heif.register_heif_opener(thumbnails=False)
    picture = Image.open(source, formats=[_FORMATS[mediatype]])
    width, height = picture.size
    if width * height > MAX_BEELDPUNTEN:
        raise TeVeelBeeldpunten
    picture.load()
    return picture


def pixels_only(picture: Image.Image) -> Image.Image:
    """The same picture, upright, in sRGB and on white, with nothing of the original but its pixels."""
    upright = ImageOps.exif_transpose(picture)
    if "A" in upright.getbands() or "transparency" in upright.info:
        layered = upright.convert("RGBA")
        upright = Image.new("RGBA", layered.size, "white")
        upright.alpha_composite(layered)
    plain = in_srgb(upright, picture.info.get("icc_profile")).convert("RGB")
    bare = Image.new("RGB", plain.size)
    bare.paste(plain)
    return bare


def in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as the camera meant them; a profile that cannot be used is left out of account."""
    if not profile or picture.mode != "RGB":
        return picture
    try:
        converted = ImageCms.profileToProfile(
            picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        )
    except (ImageCms.PyCMSError, OSError):
        return picture
    return converted or picture


def render(source: IO[bytes], mediatype: str) -> dict[str, bytes]:
    """The renditions by their size, as JPEG."""
    bare = pixels_only(open_picture(source, mediatype))
    made: dict[str, bytes] = {}
    for maat, longest in MATEN.items():  # the larger first: the smaller is made of it
        bare.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        target = io.BytesIO()
        bare.save(target, "JPEG", quality=82, optimize=True)
        made[maat] = target.getvalue()
    return made


def main(mediatype: str) -> None:
    """Answer with the renditions, or with why there are none."""
    bound_process()
    Image.MAX_IMAGE_PIXELS = None  # our own limit stands in open_picture
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    answer: dict[str, Any] = {"afkeuring": None, "weergaven": {}}
    made: dict[str, bytes] = {}
    try:
        made = render(io.BytesIO(sys.stdin.buffer.read()), mediatype)
    except TeVeelBeeldpunten:
        answer["afkeuring"] = "te_veel_beeldpunten"
    except Exception:  # noqa: BLE001  # whatever a decoder stumbles over, it is not a picture that can be shown
        answer["afkeuring"] = "onleesbaar"
    answer["weergaven"] = {maat: len(content) for maat, content in made.items()}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + b"".join(made.values()))


if __name__ == "__main__":
    main(sys.argv[1])
