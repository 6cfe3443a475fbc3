"""One store, two places: the same promises for a directory and for an S3 bucket; and what is refused at the start."""

import resource
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient
from pydantic import ValidationError

from app.lifespan import make_lifespan
from app.main import create_app
from app.opslag import BestaatNiet, Opslag, open_opslag
from app.postgres import Server
from app.problems import OpslagVol, TijdelijkNietBeschikbaar
from app.settings import Settings
from tests.conftest import ORIGIN
from tests.hulp.bijlage_proef import (
    MIB,
    adding,
    begin,
    begun,
    big_photo,
    chunks,
    manifest,
    offset_of,
    outcome,
    patch,
    send_file,
    stored,
)
from tests.hulp.bucket import BUCKET_NAME, bucket_settings, s3
from tests.hulp.http_proef import check_problem
from tests.hulp.sync_proef import accepted
from tests.hulp.wereld import Wereld

__all__ = ["s3"]


@pytest.fixture(params=["directory", "s3"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "directory":
        return Settings(veldboek_home=tmp_path, grootboek_naam=ORIGIN)
    return bucket_settings(request.getfixturevalue("s3"), tmp_path)


@pytest.fixture
async def opslag(settings: Settings) -> Opslag:
    store = open_opslag(settings)
    await store.delete_all("blokken")
    await store.delete_all("bestanden")
    return store


async def whole(opslag: Opslag, name: str) -> bytes:
    return b"".join([piece async for piece in opslag.stream(name)])


async def test_pieces_become_one_object(opslag: Opslag) -> None:
    """Larger than one part of a multipart upload, and than one piece of a stream."""
    content = big_photo(12 * MIB + 7)
    names = []
    async for piece in chunks(content, 5 * MIB):
        names.append(f"blokken/a/{len(names)}")
        await opslag.put(names[-1], piece)
    await opslag.assemble("bestanden/a", names)
    assert await whole(opslag, "bestanden/a") == content
    await opslag.put("blokken/b/0", b"")
    await opslag.delete_all("blokken/a")
    with pytest.raises(BestaatNiet):
        await opslag.read(names[0])
    assert await opslag.read("blokken/b/0") == b""


async def test_nothing_is_made_of_pieces_that_are_gone(opslag: Opslag) -> None:
    await opslag.put("blokken/a/0", b"x" * 6 * MIB)
    with pytest.raises(BestaatNiet):
        await opslag.assemble("bestanden/a", ["blokken/a/0", "blokken/a/1"])
    with pytest.raises(BestaatNiet):
        await opslag.read("bestanden/a")


async def test_setting_apart_twice_is_once(opslag: Opslag) -> None:
    await opslag.put("bestanden/a", b"x")
    for _ in range(2):
        await opslag.set_apart("bestanden/a", "afgekeurd/a")
    assert await whole(opslag, "afgekeurd/a") == b"x"
    with pytest.raises(BestaatNiet):
        await opslag.read("bestanden/a")
    with pytest.raises(BestaatNiet):
        await opslag.set_apart("bestanden/b", "afgekeurd/b")
    await opslag.delete(["afgekeurd/a", "afgekeurd/a"])


async def test_a_file_goes_the_whole_way_in_either(database: Server, settings: Settings, bevolkt: Wereld) -> None:
    """Cut, resumed, looked at, bound, read back."""
    app = create_app(settings, lifespan=make_lifespan(settings, database.app_url))
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=transport, base_url="http://127.0.0.1:8000/v1") as http,
    ):
        http.app = app  # type: ignore[attr-defined]
        wereld = bevolkt.at(http)
        waar, content = await begun(wereld), big_photo(7 * MIB + 1)
        row = manifest(content)
        await accepted(wereld, "boa-1", adding(wereld, "boa-1", waar, row))
        await send_file(wereld, "boa-1", row, content, per=1_500_000)
        assert (await outcome(wereld, "boa-1", waar, row))["uitkomst"] == "gebonden"
        store = app.state.proces.ontvanger.opslag
        raw = app.state.proces.ontvanger
        async with raw.sessionmaker() as session:
            (ident,) = (await (await session.connection()).exec_driver_sql("SELECT id FROM bedrijf.upload")).one()
        assert await whole(store, f"bestanden/{ident}") == content


async def test_a_full_disk_is_507_and_nothing_is_acknowledged_that_is_not_there(wereld: Wereld) -> None:
    """Fault 27. It goes on by itself once there is room. Broken: `_FULL` (app/opslag.py), the order in `_commit`."""
    content = big_photo(2 * MIB + 500)
    pad = await begin(wereld, "boa-1", manifest(content))
    assert (await patch(wereld, "boa-1", pad, 0, content[:1_000])).status_code == 204
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, most[1]))
    try:
        check_problem(await patch(wereld, "boa-1", pad, 1_000, content[1_000:]), 507, "opslag-vol")
        assert await offset_of(wereld, "boa-1", pad) == 1_000
        assert sum(len(each) for each in stored(wereld, "blokken").values()) == 1_000
        assert (await wereld.get("boa-1", "/controles")).status_code == 200, "reading still works"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)
    answer = await patch(wereld, "boa-1", pad, 1_000, content[1_000:])
    assert answer.headers["bijlage-staat"] == "compleet"
    assert list(stored(wereld, "bestanden").values()) == [content]


async def test_a_store_that_does_not_answer_is_503(s3: str, tmp_path: Path) -> None:
    gone = bucket_settings(s3, tmp_path).model_copy(update={"bijlagen_endpoint": "http://127.0.0.1:9"})
    with pytest.raises(TijdelijkNietBeschikbaar):
        await open_opslag(gone).put("blokken/a/0", b"x")


async def test_what_is_full_and_what_is_broken_are_told_apart(tmp_path: Path) -> None:
    store = open_opslag(Settings(veldboek_home=tmp_path))
    (tmp_path / "bijlagen" / "blokken").write_text("not a directory")
    with pytest.raises(TijdelijkNietBeschikbaar):
        await store.put("blokken/a/0", b"x")
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, most[1]))
    try:
        with pytest.raises(OpslagVol):
            await store.put("bestanden/a", b"x" * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)


def test_the_directory_is_for_its_owner_only(tmp_path: Path) -> None:
    open_opslag(Settings(veldboek_home=tmp_path))
    assert (tmp_path / "bijlagen").stat().st_mode & 0o777 == 0o700


PRODUCTIE = {
    "database_url": "postgresql://app@db/veldboek",
    "database_url_beheer": "postgresql://eigenaar@db/veldboek",
    "token_sleutel": "sleutel.pem",
    "ververs_geheim": "geheim",
    "public_url": "https://veldboek.gemeente.nl",
    "grootboek_naam": "veldboek.gemeente.nl/grootboek",
}
BUCKET = {
    "bijlagen_bucket": BUCKET_NAME,
    "bijlagen_endpoint": "https://opslag.gemeente.nl",
    "bijlagen_regio": "nl-1",
    "bijlagen_sleutel_id": "id",
    "bijlagen_geheim": "s3-geheim",
}


def test_a_bucket_is_named_whole_and_reached_over_https() -> None:
    """Broken: each of the three rules in `refuse_insecure` (app/settings.py)."""
    assert Settings(**PRODUCTIE, **BUCKET).bijlagen_bucket == BUCKET_NAME
    for wrong in (
        {"bijlagen_endpoint": "http://opslag.gemeente.nl"},
        {"bijlagen_geheim": None},
        {"bijlagen_sleutel_id": None},
        {"bijlagen_endpoint": ""},
        {"bijlagen_regio": ""},
    ):
        with pytest.raises(ValidationError, match="BIJLAGEN_"):
            Settings(**PRODUCTIE, **(BUCKET | wrong))
