"""Renditions tell nothing of where and by whom; who sees a file is written down; and what is missing is listed."""

import base64
import hashlib
import io
import shutil
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from app.postgres import Server
from tests.hulp.bijlage_proef import adding, begun, manifest, outcome, photo, send_file, stored
from tests.hulp.http_proef import check_problem, lines
from tests.hulp.sync_proef import accepted, melding, select
from tests.hulp.wereld import Wereld

REDEN = {"X-Audit-Toelichting": "voor het proces-verbaal van bevindingen"}
KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "HEIF": "image/heic"}


async def bound(wereld: Wereld, content: bytes, mediatype: str = "image/jpeg", wie: str = "boa-1") -> tuple[UUID, Any]:
    waar, row = await begun(wereld, wie), manifest(content, mediatype=mediatype)
    await accepted(wereld, wie, adding(wereld, wie, waar, row))
    await send_file(wereld, wie, row, content)
    assert (await outcome(wereld, wie, waar, row))["uitkomst"] == "gebonden"
    return waar, row


async def show(wereld: Wereld, wie: str, waar: UUID, bijlage: str, maat: str = "scherm", **headers: str) -> Any:
    return await wereld.get(wie, f"/controles/{waar}/bijlagen/{bijlage}/weergave", maat=maat, headers=headers)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_rendition_has_nothing_of_the_original_but_its_pixels(wereld: Wereld, kind: str) -> None:
    """No position, no maker, no time, no preview. Broken: `bare.paste` (app/weergaven.py), by saving `picture` with
    its `exif`."""
    content = photo(kind, (2_400, 1_200))
    before = Image.open(io.BytesIO(content)) if kind != "HEIF" else None
    assert before is None or before.getexif().get_ifd(0x8825), "there is a position in the original"
    assert b"Kanarie" in content
    waar, row = await bound(wereld, content, KINDS[kind])
    for maat, longest in (("scherm", 1_600), ("klein", 320)):
        answer = await show(wereld, "boa-1", waar, row["id"], maat)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
        shown = Image.open(io.BytesIO(answer.content))
        assert shown.size == (longest, longest // 2)
        assert dict(shown.getexif()) == {}
        assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not any(word in answer.content for word in (b"Kanarie", b"kanarie", b"Exif", b"xmpmeta", b"2026:08"))
    assert list(stored(wereld, "bestanden").values()) == [content], "the original is unchanged"


async def test_a_photo_held_upright_stays_upright(wereld: Wereld) -> None:
    """Its turn stood in what was removed. Broken: `exif_transpose` (app/weergaven.py)."""
    picture, exif, target = Image.new("RGB", (80, 40), "red"), Image.Exif(), io.BytesIO()
    exif[0x0112] = 6
    picture.save(target, "JPEG", exif=exif)
    waar, row = await bound(wereld, target.getvalue())
    answer = await show(wereld, "boa-1", waar, row["id"])
    assert Image.open(io.BytesIO(answer.content)).size == (40, 80)


async def test_what_is_sent_cannot_run_and_does_not_stay(wereld: Wereld) -> None:
    waar, row = await bound(wereld, photo())
    headers = (await show(wereld, "boa-1", waar, row["id"])).headers
    assert headers["content-disposition"] == f'inline; filename="{row["id"]}-scherm.jpg"'
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "sandbox" in headers["content-security-policy"]


async def test_the_original_comes_whole_with_a_reason_and_is_written_down_first(
    wereld: Wereld, database: Server
) -> None:
    """Broken: `note_inzage` and `need_reason` in `find_bestand` (services/bijlagen/zien.py)."""
    content = photo()
    waar, row = await bound(wereld, content)
    check_problem(await show(wereld, "boa-1", waar, row["id"], "origineel"), 400, "toelichting-ontbreekt")
    assert await looks(database, row["id"]) == []
    answer = await show(wereld, "boa-1", waar, row["id"], "origineel", **REDEN)
    assert answer.content == content
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    assert answer.headers["repr-digest"] == f"sha-256=:{digest}:"
    await show(wereld, "boa-1", waar, row["id"], "klein")
    who = wereld.mensen["boa-1"].functionaris
    assert await looks(database, row["id"]) == [
        (who, "origineel", ["zaak"], REDEN["X-Audit-Toelichting"]),
        (who, "klein", ["zaak"], ""),
    ]


async def looks(database: Server, bijlage: str) -> list[Any]:
    rows = await select(
        database,
        "SELECT functionaris, weergave, veldklassen, toelichting FROM bedrijf.inzage WHERE object = :id ORDER BY op",
        id=UUID(bijlage),
    )
    return [tuple(row) for row in rows]


async def test_who_does_not_see_the_controle_does_not_see_its_files(wereld: Wereld, database: Server) -> None:
    """Broken: the first `get_raw_document` in `find_bestand` (services/bijlagen/zien.py)."""
    waar, row = await bound(wereld, photo())
    for wie in ("boa-ermelo", "wijkagent-1", "burgemeester-1", "aandachtsfunctionaris-1", "beheerder"):
        for maat in ("klein", "origineel"):
            check_problem(await show(wereld, wie, waar, row["id"], maat, **REDEN), 404, "niet-gevonden")
    assert (await wereld.http.get(f"/controles/{waar}/bijlagen/{row['id']}/weergave")).status_code == 401
    assert await looks(database, row["id"]) == []
    other = await begun(wereld)
    check_problem(await show(wereld, "boa-1", other, row["id"]), 404, "niet-gevonden")


async def test_who_sees_the_controle_without_taking_part_sees_no_original(wereld: Wereld) -> None:
    """Broken: the permission in the second `get_raw_document` of `find_bestand` (services/bijlagen/zien.py)."""
    content = photo()
    waar, row = await bound(wereld, content)
    for wie in ("regisseur-1", "pct-1"):
        assert (await show(wereld, wie, waar, row["id"], "scherm")).status_code == 200
        check_problem(await show(wereld, wie, waar, row["id"], "origineel", **REDEN), 403, "geen-recht")
    for maat in ("scherm", "origineel"):  # at the door one needs no picture of inside
        check_problem(await show(wereld, "boa-2", waar, row["id"], maat, **REDEN), 404, "niet-gevonden")


async def test_a_pdf_has_no_rendition(wereld: Wereld) -> None:
    content = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
    waar, row = await bound(wereld, content, "application/pdf")
    check_problem(await show(wereld, "boa-1", waar, row["id"], "scherm"), 404, "niet-gevonden")
    answer = await show(wereld, "boa-1", waar, row["id"], "origineel", **REDEN)
    assert answer.content == content
    assert answer.headers["content-disposition"].startswith("attachment")


async def test_what_has_not_arrived_or_was_refused_is_not_there(wereld: Wereld) -> None:
    """Broken: the outcome in `bound` (services/bijlagen/zien.py)."""
    waar, waits, bad = await begun(wereld), manifest(photo()), b"%PDF-1.7 geen foto"
    refused = manifest(bad)
    await accepted(wereld, "boa-1", *(adding(wereld, "boa-1", waar, row) for row in (waits, refused)))
    await send_file(wereld, "boa-1", refused, bad)
    assert (await outcome(wereld, "boa-1", waar, refused))["uitkomst"] == "afgekeurd"
    for row in (waits, refused):
        for maat in ("klein", "origineel"):
            check_problem(await show(wereld, "boa-1", waar, row["id"], maat, **REDEN), 404, "niet-gevonden")


async def missing(wereld: Wereld, wie: str, **params: Any) -> list[tuple[str, str]]:
    answer = await wereld.get(wie, "/bijlagen/ontbrekend", **params)
    assert answer.status_code == 200, answer.text
    return [(each["bijlage"], each["uitkomst"]) for each in answer.json()["resultaten"]]


async def test_what_is_missing_is_listed_for_who_steers_and_who_promised_it(wereld: Wereld) -> None:
    """Fault 26, a file that never comes. Broken: `lacks_files` (services/lezen/lezen.py), `own` in `list_missing`."""
    waar, bad = await begun(wereld, boa_1="voert_uit", boa_2="ondersteunt"), b"%PDF-1.7 geen foto"
    waits, refused, good = manifest(photo()), manifest(bad), photo()
    fine = manifest(good)
    await accepted(wereld, "boa-1", *(adding(wereld, "boa-1", waar, row) for row in (waits, refused, fine)))
    await send_file(wereld, "boa-1", refused, bad)
    await send_file(wereld, "boa-1", fine, good)
    assert (await outcome(wereld, "boa-1", waar, refused))["uitkomst"] == "afgekeurd"
    assert (await outcome(wereld, "boa-1", waar, fine))["uitkomst"] == "gebonden"
    expected = [(waits["id"], "verwacht"), (refused["id"], "afgekeurd")]
    assert await missing(wereld, "regisseur-1") == expected
    assert await missing(wereld, "boa-1") == expected
    assert await missing(wereld, "boa-2") == [], "he took part, and promised nothing"
    assert await missing(wereld, "boa-ermelo") == []
    for wie in ("burgemeester-1", "avim-1", "beheerder"):
        assert (await wereld.get(wie, "/bijlagen/ontbrekend")).status_code == 403
    line = (await wereld.get("regisseur-1", "/bijlagen/ontbrekend")).json()["resultaten"][1]
    assert (line["document"], line["rol"], line["afkeuring"]) == (str(waar), "boa", "ander_soort")
    assert line["aangekondigdOp"].startswith("20")


async def test_the_list_is_cut_into_pages(wereld: Wereld) -> None:
    rows = []
    for _ in range(3):
        waar, row = await begun(wereld), manifest(photo())
        await accepted(wereld, "boa-1", adding(wereld, "boa-1", waar, row))
        rows.append((row["id"], "verwacht"))
    await begun(wereld)  # waits for nothing
    first = (await wereld.get("regisseur-1", "/bijlagen/ontbrekend", limit=2)).json()
    rest = (await wereld.get("regisseur-1", "/bijlagen/ontbrekend", limit=2, cursor=first["volgende"])).json()
    assert [(e["bijlage"], e["uitkomst"]) for e in first["resultaten"] + rest["resultaten"]] == rows[::-1]
    assert rest["volgende"] is None


async def test_files_of_a_police_signal_are_no_business_of_the_regisseur(wereld: Wereld) -> None:
    """Broken: `visible` under the permission of the collection in `list_documents` (services/lezen/lijsten.py)."""
    open_one, police = manifest(photo()), manifest(photo())
    await accepted(wereld, "boa-1", melding(wereld, "boa-1", bijlagen=[open_one]))
    inhoud = {"bron": "politie"}
    await accepted(wereld, "pct-1", melding(wereld, "pct-1", inhoud=inhoud, bijlagen=[police]))
    assert await missing(wereld, "regisseur-1", collectie="signalen") == [(open_one["id"], "verwacht")]
    assert await missing(wereld, "pct-1", collectie="signalen") == [(police["id"], "verwacht")]


@pytest.mark.parametrize("maat", ["klein", "origineel"])
async def test_a_file_that_the_store_lost_is_said_to_be_lost(
    wereld: Wereld, maat: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not a 500, and not a 404: the ledger says that it was there; and the log tells the operator which one. Broken:
    `_on_missing_file` (app/error_handlers.py), and its `upload=`."""
    waar, row = await bound(wereld, photo())
    (upload,) = stored(wereld, "bestanden")
    root = wereld.http.app.state.settings.veldboek_home / "bijlagen"
    for folder in ("weergaven", "bestanden"):
        shutil.rmtree(root / folder)
    answer = await show(wereld, "boa-1", waar, row["id"], maat, **REDEN)
    check_problem(answer, 503, "tijdelijk-niet-beschikbaar")
    assert "uw beheerder" in answer.json()["detail"]
    (line,) = [line for line in lines(capsys) if line["event"] == "file missing from the store"]
    assert line["upload"] == upload
