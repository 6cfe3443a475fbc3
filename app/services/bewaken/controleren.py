"""Is the ledger what was sealed? Every leaf recomputed from the kluis, every position, and the tree up to the head.

Reads only, in the snapshot of the caller, so it may run beside a service that books. Raises :class:`Schade` at the
first difference. What a superuser rewrote in all tables alike, with the head, shows against the mark that is kept
outside (:mod:`app.services.bewaken.merkteken`); with that mark too, only in checkpoints that others hold.
"""

import time
from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from app.grootboek.blad import SECTIES, leaf_hash
from app.grootboek.boom import Frontier
from app.services.bewaken.schade import ENTRY, HEAD, KLUIS, Schade, at, refuse_damaged

PAGE = 2_000
"""Entries in memory at once."""
OTHER = "staat een ander blad dan er is geboekt"
Told = Callable[[int, int, float], None]
"""Hears how many entries were done, of how many, and how many seconds that took."""

_ROWS = f"""
SELECT e.pos, e.op, e.leaf, e.leaf_hash, {", ".join(SECTIES)}, zouten
FROM grootboek.entry e LEFT JOIN kluis.inhoud i USING (pos) WHERE e.pos > $1 AND e.pos <= $2 ORDER BY e.pos
"""  # noqa: S608  # our own names
_HASHES = "SELECT leaf_hash FROM grootboek.entry WHERE pos > $1 AND pos <= $2 ORDER BY pos"
_OTHER_THAN_BOOKED = """
SELECT e.pos FROM grootboek.entry e LEFT JOIN bedrijf.sync_op s USING (op)
WHERE e.pos > $1 AND s.leaf_hash IS DISTINCT FROM e.leaf_hash ORDER BY e.pos LIMIT 1
"""
"""What was answered to the writer. No evidence by itself: it only helps to name the place."""


class Head(NamedTuple):
    """The head row as it is stored; nothing of it is proven yet."""

    origin: str
    epoch: str
    size: int
    root: bytes
    frontier: bytes


async def read_stored_head(raw: Any) -> Head:
    """The one head row. Raises Schade when it is not there."""
    row = await raw.fetchrow("SELECT origin, epoch, size, root, frontier FROM grootboek.head")
    if row is None:
        raise Schade(HEAD, f"In {HEAD} ontbreekt de stand van het grootboek.")
    return Head(*row)


def nothing_told(_done: int, _of: int, _seconds: float) -> None:
    """Progress is for who looks at a terminal."""


async def check_ledger(
    raw: Any, *, stops: Collection[int] = (), told: Told = nothing_told
) -> tuple[Head, dict[int, Frontier]]:
    """Check all of it, from the first entry to the head.

    Returns the head, proven, and the tree at each of `stops` and at the end. Raises Schade. Call it inside one
    REPEATABLE READ transaction.
    """
    head = await read_stored_head(raw)
    await refuse_loose_rows(raw, head.size)
    trees = await walk_leaves(raw, head, Frontier(), stops, told)
    await hold_against_head(raw, head, 0, trees[head.size])
    return head, trees


async def refuse_loose_rows(raw: Any, size: int) -> None:
    """Raise Schade unless entries and kluis both end where the head says, and begin at 1."""
    for tabel in (ENTRY, KLUIS):
        low, high = await raw.fetchrow(f"SELECT min(pos), max(pos) FROM {tabel}")  # noqa: S608  # our own name
        if (high or 0) != size:
            raise Schade(tabel, f"In {HEAD} staat plaats {size}, maar {tabel} loopt tot en met plaats {high or 0}.")
        if size and low != 1:
            raise at(tabel, min(low, 1), "begint het grootboek niet bij 1")


async def walk_leaves(raw: Any, head: Head, start: Frontier, stops: Collection[int], told: Told) -> dict[int, Frontier]:
    """The tree at each of `stops` and at the head, of leaves that open; raises Schade for the first that does not."""
    tree, begun = start, time.perf_counter()
    trees = {start.size: start}
    for stop in sorted({*(s for s in stops if start.size < s < head.size), head.size}):
        while tree.size < stop:
            rows = await raw.fetch(_ROWS, tree.size, min(tree.size + PAGE, stop))
            refuse_gaps(rows, tree.size, min(tree.size + PAGE, stop))
            try:
                refuse_damaged(rows, head.origin)
            except Schade as found:
                raise await name_side(raw, found) from None
            hashes = [leaf_hash(row["leaf"]) for row in rows]
            for row, computed in zip(rows, hashes, strict=True):
                if row["leaf_hash"] != computed:
                    raise at(ENTRY, row["pos"], "hoort leaf_hash niet bij het blad")
            tree = tree.append(hashes)
            told(tree.size - start.size, head.size - start.size, time.perf_counter() - begun)
        trees[stop] = tree
    return trees


async def name_side(raw: Any, found: Schade) -> Schade:
    """A leaf and its kluis row that do not fit: which of the two is not what was booked."""
    if found.tabel == KLUIS and await raw.fetchval(_OTHER_THAN_BOOKED, (found.pos or 0) - 1) == found.pos:
        return at(ENTRY, found.pos or 0, OTHER)
    return found


def refuse_gaps(rows: list[Any], after: int, upto: int) -> None:
    """Raise Schade unless `rows` are the positions after `after` up to `upto`, each once."""
    for expected in range(after + 1, upto + 1):
        if expected - after > len(rows) or rows[expected - after - 1]["pos"] != expected:
            raise at(ENTRY, expected, "ontbreekt het blad")


async def hold_against_head(raw: Any, head: Head, after: int, tree: Frontier) -> None:
    """Raise Schade unless the tree over the leaves, of which those beyond `after` were read, is that of the head."""
    if head.root == tree.root() and head.frontier == tree.to_bytes():
        return
    try:
        stored = Frontier.from_bytes(head.size, head.frontier)
    except ValueError:
        raise Schade(HEAD, f"In {HEAD} hoort de frontier niet bij plaats {head.size}.") from None
    if stored.root() != head.root:
        wrong = "frontier" if head.root == tree.root() else "root"
        raise Schade(HEAD, f"In {HEAD} is de {wrong} niet die van de bladen tot en met plaats {head.size}.")
    pos = await raw.fetchval(_OTHER_THAN_BOOKED, after)
    if pos is not None:
        raise at(ENTRY, pos, OTHER)
    low, high = first_other(stored, tree)
    raise Schade(ENTRY, f"In {ENTRY} is een van de bladen op plaats {max(low, after + 1)} tot en met {high} een ander.")


def tree_of(head: Head) -> Frontier:
    """The tree that the head row names. Raises Schade when it contradicts itself."""
    try:
        stored = Frontier.from_bytes(head.size, head.frontier)
    except ValueError:
        raise Schade(HEAD, f"In {HEAD} hoort de frontier niet bij plaats {head.size}.") from None
    if stored.root() != head.root:
        raise Schade(HEAD, f"In {HEAD} horen root en frontier op plaats {head.size} niet bij elkaar.")
    return stored


async def grow(raw: Any, tree: Frontier, head: Head) -> Frontier:
    """The tree at `head`, from `tree` of before and the leaf hashes since. Raises Schade when it is not the head's."""
    rows = await raw.fetch(_HASHES, tree.size, head.size)
    grown = tree.append([row["leaf_hash"] for row in rows])
    if grown.size != head.size:
        raise Schade(ENTRY, f"In {HEAD} staat plaats {head.size}, maar {ENTRY} heeft daarvoor te weinig bladen.")
    await hold_against_head(raw, head, tree.size, grown)
    return grown


def first_other(stored: Frontier, tree: Frontier) -> tuple[int, int]:
    """The positions under the first subtree in which two different trees of one size differ."""
    low = 0
    for bit, (ours, theirs) in zip(_bits(tree.size), zip(tree.hashes, stored.hashes, strict=True), strict=True):
        if ours != theirs:
            return low + 1, low + bit
        low += bit
    raise ValueError("the trees are the same")


def _bits(size: int) -> list[int]:
    """The sizes of the complete subtrees, largest first."""
    return [1 << at for at in reversed(range(size.bit_length())) if size >> at & 1]
