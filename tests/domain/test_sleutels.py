"""The keys and secrets of the service: which are read, from which files, and who makes them."""

import os
import stat
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from joserfc.jwk import ECKey

from app.access.geheimen import load_geheimen
from app.access.tokens import Sleutelbos
from app.geheimbestand import SleutelbestandOnbruikbaar, is_private
from app.settings import Settings
from tests.hulp.tokens import BOS, DER, ISSUER, JWK, PEM, PRIVE


def test_the_kid_is_the_thumbprint_and_the_jwk_is_public() -> None:
    assert BOS.kid == ECKey.import_key(BOS.to_pem()).thumbprint()
    assert set(BOS.jwk) == {"kty", "crv", "x", "y", "kid", "alg", "use"}
    assert "PRIVATE" not in repr(BOS)


def pem(key: Any, encryption: Any = None) -> bytes:
    kind = serialization.PrivateFormat.PKCS8
    return bytes(key.private_bytes(serialization.Encoding.PEM, kind, encryption or serialization.NoEncryption()))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        PEM,
        pem(ec.generate_private_key(ec.SECP384R1())),
        pem(ec.generate_private_key(ec.SECP256K1())),
        pem(ed25519.Ed25519PrivateKey.generate()),
        pem(PRIVE, serialization.BestAvailableEncryption(b"geheim")),
        DER,
        JWK,
    ],
)
def test_only_an_open_p256_pem_is_a_key(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"P-256|PEM"):
        Sleutelbos(content)


@pytest.fixture
def productie(tmp_path: Any) -> dict[str, Any]:
    (tmp_path / "token.pem").write_bytes(BOS.to_pem())
    (tmp_path / "ververs").write_bytes(bytes(range(32)))
    for naam in ("token.pem", "ververs"):
        (tmp_path / naam).chmod(0o600)
    return {
        "database_url": "postgresql://app@db/veldboek",
        "database_url_beheer": "postgresql://beheer@db/veldboek",
        "public_url": ISSUER,
        "grootboek_naam": "veldboek.test/grootboek",
        "token_sleutel": tmp_path / "token.pem",
        "ververs_geheim": tmp_path / "ververs",
    }


def test_the_demo_makes_its_own_keys_once(tmp_path: Any) -> None:
    settings = Settings(database_url=None, veldboek_home=tmp_path / "thuis")
    eerst, later = load_geheimen(settings), load_geheimen(settings)
    assert eerst.bos.kid == later.bos.kid
    assert eerst.ververs == later.ververs
    assert len(eerst.ververs) >= 32
    made = sorted((tmp_path / "thuis" / "sleutels").iterdir())
    assert [pad.name for pad in made] == ["token.pem", "ververs.geheim"]
    assert {stat.S_IMODE(pad.stat().st_mode) for pad in made} == {0o600}
    assert stat.S_IMODE(made[0].parent.stat().st_mode) == 0o700
    assert str(eerst.ververs) not in repr(eerst)


def test_production_reads_the_files_it_was_given(productie: dict[str, Any]) -> None:
    geheimen = load_geheimen(Settings(**productie))
    assert (geheimen.bos.kid, geheimen.ververs) == (BOS.kid, bytes(range(32)))


def test_production_makes_nothing(productie: dict[str, Any]) -> None:
    productie["token_sleutel"].unlink()
    with pytest.raises(SleutelbestandOnbruikbaar, match="TOKEN_SLEUTEL"):
        load_geheimen(Settings(**productie))
    assert not productie["token_sleutel"].exists()


def test_only_the_demo_makes_keys(productie: dict[str, Any], tmp_path: Any) -> None:
    """Even when the settings were not validated."""
    settings = Settings.model_construct(
        **productie | {"token_sleutel": None, "ververs_geheim": None, "veldboek_home": tmp_path / "thuis"}
    )
    with pytest.raises(SleutelbestandOnbruikbaar, match="TOKEN_SLEUTEL en VERVERS_GEHEIM"):
        load_geheimen(settings)
    assert not (tmp_path / "thuis").exists()


@pytest.mark.parametrize("mode", [0o604, 0o620, 0o602, 0o644, 0o666, 0o444, 0o460, 0o450])
@pytest.mark.parametrize("naam", ["token_sleutel", "ververs_geheim"])
def test_a_key_file_that_others_can_touch_is_refused(productie: dict[str, Any], naam: str, mode: int) -> None:
    productie[naam].chmod(mode)
    with pytest.raises(SleutelbestandOnbruikbaar, match=f"{naam.upper()}.*chmod 600"):
        load_geheimen(Settings(**productie))


PRIVATE = {  # the rule of PostgreSQL for its own keys: (mode, owner) → whether it is read
    (0o400, 10001): True,
    (0o600, 10001): True,
    (0o600, 0): True,
    (0o440, 0): True,  # Kubernetes: root's, for the group of the pod
    (0o640, 0): True,
    (0o440, 10001): False,  # his own group, which root did not choose
    (0o640, 10001): False,
    (0o660, 0): False,
    (0o444, 0): False,
    (0o644, 0): False,
    (0o441, 0): False,
    (0o450, 0): False,
    (0o2440, 0): False,
}


@pytest.mark.parametrize(("mode", "owner"), PRIVATE, ids=lambda each: f"{each:o}")
def test_a_secret_is_read_by_its_owner_and_the_group_root_gave_it_to(mode: int, owner: int) -> None:
    """Broken: any cell of the table; the rule of before refused 0440 of root, so no secret could be mounted."""
    assert is_private(stat.S_IFREG | mode, owner) is PRIVATE[mode, owner]


def test_a_secret_that_kubernetes_mounts_is_read(productie: dict[str, Any], tmp_path: Any) -> None:
    """Symbolic links to a folder that is replaced as a whole, and files with mode 0440, which are root's."""
    folder = tmp_path / "..2026_08_19_23_10_00.1"
    folder.mkdir()
    for naam in ("token_sleutel", "ververs_geheim"):
        productie[naam].rename(folder / naam)
        (folder / naam).chmod(0o440)
        (tmp_path / naam).symlink_to(f"..data/{naam}")
    (tmp_path / "..data").symlink_to(folder.name)
    settings = Settings(**productie | {naam: tmp_path / naam for naam in ("token_sleutel", "ververs_geheim")})
    if os.geteuid() == 0:
        assert load_geheimen(settings).ververs == bytes(range(32))
    else:  # then they are ours, for a group that root did not choose
        with pytest.raises(SleutelbestandOnbruikbaar, match="chmod 600"):
            load_geheimen(settings)


@pytest.mark.parametrize(
    ("naam", "inhoud"),
    [
        ("token_sleutel", b""),
        ("token_sleutel", PEM),
        ("token_sleutel", pem(ec.generate_private_key(ec.SECP384R1()))),
        ("token_sleutel", b"x" * 100_000),
        ("ververs_geheim", b""),
        ("ververs_geheim", bytes(31)),
        ("ververs_geheim", b"x" * 100_000),
    ],
)
def test_a_key_file_with_something_else_is_refused(productie: dict[str, Any], naam: str, inhoud: bytes) -> None:
    productie[naam].write_bytes(inhoud)
    with pytest.raises(SleutelbestandOnbruikbaar, match=naam.upper()) as caught:
        load_geheimen(Settings(**productie))
    assert caught.value.__cause__ is None


def test_a_pipe_or_directory_is_refused_without_waiting(productie: dict[str, Any], tmp_path: Any) -> None:
    os.mkfifo(tmp_path / "pijp", 0o600)
    for pad in (tmp_path / "pijp", tmp_path):
        with pytest.raises(SleutelbestandOnbruikbaar, match="VERVERS_GEHEIM"):
            load_geheimen(Settings(**productie | {"ververs_geheim": pad}))
