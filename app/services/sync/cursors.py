"""Where a reader of the feed is. Opaque on the wire: an epoch, a position, and the rights it was given under.

Sealed with a secret of the server: whoever could make one up, for rights that he lost and a position after that,
would be told by the revokes which documents came since.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass, replace

import orjson

from app.problems import CursorVerlopen, OngeldigVerzoek


@dataclass(frozen=True, slots=True)
class Cursor:
    """All up to `pos` was read, with the rights that `digest` names (:mod:`app.services.sync.leesrechten`).

    A reading may take many pages. It began when the ledger had size `begin`, by a device that had read up to
    `gelezen`: so what came after that and left before `begin` was never on it. A change of rights begins a reading
    up to the size of that moment, once all was told that the device may hold no longer: `oud` names the rights of
    before, and what is new since `gelezen` or newly opened is sent through `inhaal`, up to `pos`.
    """

    epoch: str
    pos: int
    digest: str
    begin: int = 0
    gelezen: int = 0
    oud: str | None = None
    inhaal: int = 0
    blad: str | None = None
    """The beginning of the leaf hash at `top`, which no other ledger has there; None at 0, and in those of 0.1.0."""

    @property
    def top(self) -> int:
        """The last place that this cursor says was there."""
        return max(self.pos, self.begin)

    def spell(self, zegel: bytes) -> str:
        """The cursor as it goes over the wire, sealed with the secret `zegel`."""
        rest = [] if self.oud is None else [self.oud, self.inhaal]
        rest += [] if self.blad is None else [self.blad]
        raw = orjson.dumps([self.epoch, self.pos, self.digest, self.begin, self.gelezen, *rest])
        return base64.urlsafe_b64encode(_tag(zegel, raw) + raw).rstrip(b"=").decode()

    @classmethod
    def read(cls, text: str, zegel: bytes) -> "Cursor":
        """Raises OngeldigVerzoek for what is no cursor at all, CursorVerlopen for one of another seal or version."""
        try:
            sealed = base64.urlsafe_b64decode(text.encode() + b"==")
            tag, raw = sealed[:_TAG], sealed[_TAG:]
            fields = orjson.loads(raw)
        except (ValueError, TypeError, binascii.Error):
            raise OngeldigVerzoek("De cursor is niet van deze dienst.", "cursor") from None
        if not hmac.compare_digest(tag, _tag(zegel, raw)):  # ours once, before the secret was replaced; or made up
            raise expired()
        if len(fields) not in range(5, 9):
            raise expired()
        blad = fields.pop() if len(fields) % 2 == 0 else None
        return replace(cls(*fields), blad=blad)


def spell_leaf(leaf_hash: bytes) -> str:
    """So much of a leaf hash as a cursor has room for: 64 bits, under the seal."""
    return base64.urlsafe_b64encode(leaf_hash[:8]).rstrip(b"=").decode()


_TAG = 12
"""Bytes of the seal."""


def _tag(zegel: bytes, raw: bytes) -> bytes:
    return hmac.digest(zegel, raw, "sha256")[:_TAG]


def expired() -> CursorVerlopen:
    """The 410: the difference cannot be told any more."""
    return CursorVerlopen("Verstuur eerst, haal dan alles op en wis wat niet meer komt.")
