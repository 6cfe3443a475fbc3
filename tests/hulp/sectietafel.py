"""Which section each field of each act lies in, per version, against secties.json."""

import json
from pathlib import Path

from app.registraties.register import ACTEN

LIJST = Path(__file__).parents[1] / "domain" / "secties.json"


def sections_now() -> dict[str, str]:
    """`act·version·field` → section, of this build."""
    return {
        f"{soort}·{versie}·{veld}": sectie.value
        for soort, act in sorted(ACTEN.items())
        for versie in range(1, act.versie + 1)
        for veld, sectie in sorted(act.schema(versie).sections().items())
    }


def changed_sections() -> list[str]:
    """The lines of secties.json that this build does not keep."""
    kept: dict[str, str] = json.loads(LIJST.read_text(encoding="utf-8"))
    now = sections_now()
    return sorted(name for name, sectie in kept.items() if now.get(name) != sectie)
