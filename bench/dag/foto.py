"""Photos of nothing, as heavy as a phone's after the app made them smaller: 1600 × 1200, about 350 kB."""

import io
import random

from PIL import Image, ImageFilter

WIDE, HIGH, QUALITY = 1600, 1200, 80
GRAIN = 0.24
"""How much of the picture is noise: the weight of the file."""


def make_photo(seed: int) -> bytes:
    """A JPEG of blurred shapes under the grain of a cheap sensor; the same seed gives the same bytes."""
    chance = random.Random(seed)  # noqa: S311  # a picture, not a secret
    shapes = Image.frombytes("RGB", (16, 12), chance.randbytes(16 * 12 * 3))
    scene = shapes.resize((WIDE, HIGH), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(8))
    grain = Image.frombytes("RGB", (WIDE // 2, HIGH // 2), chance.randbytes(WIDE * HIGH // 4 * 3))
    photo = Image.blend(scene, grain.resize((WIDE, HIGH), Image.Resampling.BILINEAR), GRAIN)
    target = io.BytesIO()
    photo.save(target, "JPEG", quality=QUALITY)
    return target.getvalue()
