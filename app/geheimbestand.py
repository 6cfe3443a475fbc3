"""Files with a secret in them: who may be able to read one, and how it is read."""

import os
import stat
from pathlib import Path
from typing import Final

MAX_BESTAND: Final = 16 * 1024


class SleutelbestandOnbruikbaar(Exception):  # Dutch, as all that an operator reads
    """A file with a secret is missing, readable by others, or not what it should be; the start stops on it."""


def read_private(pad: Path, naam: str) -> bytes:
    """The content of the file that setting `naam` points at. The open file is judged, so it cannot be swapped.

    Raises SleutelbestandOnbruikbaar, without anything of the content.
    """
    try:
        descriptor = os.open(pad, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise SleutelbestandOnbruikbaar(f"{naam}: {pad} is niet te lezen ({error.strerror}).") from None
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise SleutelbestandOnbruikbaar(f"{naam}: {pad} is geen gewoon bestand.")
        if os.name == "posix" and not is_private(found.st_mode, found.st_uid):
            raise SleutelbestandOnbruikbaar(f"{naam}: anderen kunnen bij {pad}. Herstel dat met: chmod 600 {pad}")
        inhoud = os.read(descriptor, MAX_BESTAND + 1)
    finally:
        os.close(descriptor)
    if len(inhoud) > MAX_BESTAND:
        raise SleutelbestandOnbruikbaar(f"{naam}: {pad} is te groot voor een geheim.")
    return inhoud


def is_private(mode: int, owner: int) -> bool:
    """Whether nobody can read or change it but its owner, and the group that root gave it to.

    The rule of PostgreSQL for its own keys: mounted secrets (Kubernetes, Docker) are root's, with mode 0440 and a
    group that the process is in.
    """
    allowed = stat.S_IRWXU | (stat.S_IRGRP if owner == 0 else 0)
    return stat.S_IMODE(mode) & ~allowed == 0
