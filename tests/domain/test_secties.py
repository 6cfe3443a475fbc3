"""Which section of the vault each field of each act lies in, per version: secties.json, a line for each field.

What was booked is sealed so, read by who may read that section, and erased with it. To change it on purpose, give the
act a new version; `make tafels` adds its lines. A line that stands there never changes.
"""

import json

from tests.hulp.sectietafel import LIJST, sections_now


def test_every_field_lies_in_the_section_in_which_it_was_sealed() -> None:
    """Broken: any field of any version to another section, gone, or added without a version."""
    kept: dict[str, str] = json.loads(LIJST.read_text(encoding="utf-8"))
    now = sections_now()
    assert {name: now.get(name) for name in kept} == kept, "what was shipped stays: docs/uitbreiden.md, a new version"
    assert sorted(now.keys() - kept.keys()) == [], "make tafels adds these, of a new version only"
