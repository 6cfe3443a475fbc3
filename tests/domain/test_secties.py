"""Which section of the vault each field of each act lies in, per version: secties.json, a line for each field.

What was booked is sealed so, read by who may read that section, and erased with it. To change it on purpose, give the
act a new version and add the lines of that version (`sections_now`); a line that stands there never changes.
"""

import json
from pathlib import Path

from app.registraties.register import ACTEN

LIJST = Path(__file__).parent / "secties.json"


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


def test_every_field_lies_in_the_section_in_which_it_was_sealed() -> None:
    """Broken: any field of any version to another section, gone, or added without a version."""
    kept: dict[str, str] = json.loads(LIJST.read_text(encoding="utf-8"))
    now = sections_now()
    assert {name: now.get(name) for name in kept} == kept, "what was shipped stays: give the act a new version"
    assert sorted(now.keys() - kept.keys()) == [], "add these lines to secties.json, of a new version only"
