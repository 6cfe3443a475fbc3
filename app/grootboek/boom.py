"""The Merkle tree of RFC 6962 §2.1 over SHA-256, kept as its frontier: all that is needed to append."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self

HASH_SIZE: Final = 32


def hash_node(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right), RFC 6962 §2.1."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The roots of the complete subtrees of a tree with `size` leaves, largest (leftmost) first.

    One 32-byte hash per set bit of `size`, so at most 63 for the sizes a head row can hold. Immutable.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a frontier that belongs to no tree: ValueError."""
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise ValueError("a frontier has one hash per set bit of its size")
        if any(len(each) != HASH_SIZE for each in self.hashes):
            raise ValueError("a frontier holds SHA-256 hashes")

    def append(self, leaf_hashes: Sequence[bytes]) -> "Frontier":
        """Return the frontier after these leaves (hashes of 32 bytes, not leaves), in this order.

        Appending in one batch or in many gives the same frontier.
        """
        left, right = list(self.hashes), []
        full, level = self.size, list(leaf_hashes)
        while left or level:  # level by level, from the leaves up
            if full & 1:
                level.insert(0, left.pop())
            if len(level) & 1:
                right.append(level.pop())
            level = [sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=True)]
            full >>= 1
        return Frontier(self.size + len(leaf_hashes), tuple(reversed(right)))

    def root(self) -> bytes:
        """The Merkle tree head of RFC 6962 §2.1; for the empty tree SHA-256 of nothing."""
        if not self.hashes:
            return sha256().digest()
        node = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            node = hash_node(left, node)
        return node

    def to_bytes(self) -> bytes:
        """The hashes one after another: 32 × popcount(size) bytes. The size is kept beside it."""
        return b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, size: int, raw: bytes) -> Self:
        """Read what :meth:`to_bytes` wrote for `size` leaves; ValueError if the length does not fit."""
        return cls(size, tuple(raw[at : at + HASH_SIZE] for at in range(0, len(raw), HASH_SIZE)))
