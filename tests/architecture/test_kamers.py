"""The rooms of app/services: every arrow goes down, and the page says so. Broken: `from app.services.sync.pull import
PROTOCOL` in boeken/boek.py (an arrow up; a page that is not so), and a room without a floor."""

from tests.hulp.kamers import PAGE, arrows, floors, render, rooms


def test_every_room_has_one_floor_and_asks_only_lower_ones() -> None:
    floor = {room: n for n, layer in enumerate(floors()) for room in layer}
    assert sorted(floor) == sorted(rooms())
    found = arrows()
    assert sum(map(len, found.values())) > 20
    assert [(room, asked) for room, others in found.items() for asked in others if floor[asked] <= floor[room]] == []


def test_the_page_is_drawn_from_the_imports() -> None:
    assert PAGE.read_text(encoding="utf-8") == render()
