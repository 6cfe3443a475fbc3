"""Key files: made on first use by the embedded demo, given by the operator everywhere else."""

import contextlib
import hmac
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.access.tokens import Sleutelbos
from app.geheimbestand import SleutelbestandOnbruikbaar, read_private
from app.settings import Settings

MIN_GEHEIM: Final = 32


@dataclass(frozen=True, slots=True)
class Geheimen:
    """The key that signs access tokens and the secret that refresh tokens are derived with."""

    bos: Sleutelbos
    ververs: bytes = field(repr=False)

    def derive(self, use: bytes) -> bytes:
        """A secret for one `use` alone, the same in every process."""
        return hmac.digest(self.ververs, b"gebruik\0" + use, "sha256")


def load_geheimen(settings: Settings) -> Geheimen:
    """Read both secrets; the embedded demo makes what it was not given, in ``VELDBOEK_HOME/sleutels``.

    Raises `SleutelbestandOnbruikbaar`. Replacing the first costs nothing (tokens live five minutes);
    replacing the second ends every login.
    """
    token_pad, ververs_pad = settings.token_sleutel, settings.ververs_geheim
    if settings.embedded:
        eigen = settings.veldboek_home / "sleutels"
        token_pad = token_pad or _ensure(eigen / "token.pem", lambda: Sleutelbos.generate().to_pem())
        ververs_pad = ververs_pad or _ensure(eigen / "ververs.geheim", lambda: secrets.token_bytes(MIN_GEHEIM))
    if token_pad is None or ververs_pad is None:
        raise SleutelbestandOnbruikbaar("TOKEN_SLEUTEL en VERVERS_GEHEIM moeten allebei naar een bestand wijzen.")
    return Geheimen(bos=_read_bos(token_pad), ververs=_read_ververs(ververs_pad))


def _read_bos(pad: Path) -> Sleutelbos:
    try:
        return Sleutelbos(read_private(pad, "TOKEN_SLEUTEL"))
    except ValueError:
        raise SleutelbestandOnbruikbaar(
            f"TOKEN_SLEUTEL: {pad} is geen PEM-bestand met een P-256-sleutel zonder wachtwoord. "
            "Maak er een met: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256"
        ) from None


def _read_ververs(pad: Path) -> bytes:
    geheim = read_private(pad, "VERVERS_GEHEIM")
    if len(geheim) < MIN_GEHEIM:
        raise SleutelbestandOnbruikbaar(
            f"VERVERS_GEHEIM: {pad} moet minstens {MIN_GEHEIM} willekeurige bytes bevatten. Maak het met: "
            f"openssl rand -out {pad} {MIN_GEHEIM}"
        )
    return geheim


def _ensure(pad: Path, make: Callable[[], bytes]) -> Path:
    """Create the file when there is none: whole or not at all, never over one that appeared meanwhile."""
    if pad.exists():
        return pad
    try:
        pad.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        tijdelijk = pad.with_name(f".{pad.name}.{secrets.token_hex(8)}")
        descriptor = os.open(tijdelijk, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as bestand:
                bestand.write(make())
                bestand.flush()
                os.fsync(descriptor)
            with contextlib.suppress(FileExistsError):
                os.link(tijdelijk, pad)
        finally:
            tijdelijk.unlink()
        _sync_directory(pad.parent)
    except OSError as error:
        raise SleutelbestandOnbruikbaar(f"{pad} is niet te maken ({error.strerror}).") from None
    return pad


def _sync_directory(directory: Path) -> None:
    """Make the new name itself durable; Windows has no such call and does not need it."""
    if os.name != "posix":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
