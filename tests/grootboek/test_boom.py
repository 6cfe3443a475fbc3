"""The tree against RFC 6962: its eight test inputs, and the shared vectors where they are present."""

from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.grootboek.blad import leaf_hash
from app.grootboek.boom import Frontier

INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Of the eight inputs and their prefixes, as published with the tests of Certificate Transparency (RFC 6962)."""


def root_of(leaf_hashes):
    """RFC 6962 §2.1, word for word."""
    if not leaf_hashes:
        return sha256(b"").digest()
    if len(leaf_hashes) == 1:
        return leaf_hashes[0]
    k = 1
    while k * 2 < len(leaf_hashes):
        k *= 2
    return sha256(b"\x01" + root_of(leaf_hashes[:k]) + root_of(leaf_hashes[k:])).digest()


def leaves(count):
    return [sha256(count.to_bytes(4) + index.to_bytes(4)).digest() for index in range(count)]


@pytest.mark.parametrize("size", range(9))
def test_the_roots_of_rfc_6962(size):
    hashes = [leaf_hash(bytes.fromhex(each)) for each in INPUTS[:size]]

    assert Frontier().append(hashes).root().hex() == ROOTS[size]
    assert root_of(hashes).hex() == ROOTS[size]


@settings(max_examples=60, deadline=None, database=None)
@given(count=st.integers(0, 300), cuts=st.lists(st.integers(0, 300), max_size=12))
def test_any_split_into_batches_gives_the_root_of_the_definition(count, cuts):
    hashes = leaves(count)
    edges = [0, *sorted(min(cut, count) for cut in cuts), count]

    frontier = Frontier()
    for start, end in pairwise(edges):
        frontier = frontier.append(hashes[start:end])
        frontier = Frontier.from_bytes(frontier.size, frontier.to_bytes())

    assert frontier.size == count
    assert frontier.root() == root_of(hashes)
    assert frontier == Frontier().append(hashes)


def test_the_root_holds_for_every_size_up_to_300():
    hashes, frontier = leaves(300), Frontier()
    for size in range(1, 301):
        frontier = frontier.append(hashes[size - 1 : size])
        assert frontier.root() == root_of(hashes[:size])
        assert len(frontier.to_bytes()) == 32 * size.bit_count()


def test_appending_leaves_the_old_frontier_as_it_was():
    before = Frontier().append(leaves(3))
    root = before.root()

    before.append(leaves(5))

    assert (before.size, before.root()) == (3, root)


@pytest.mark.parametrize(
    ("size", "raw"),
    [
        (0, bytes(32)),
        (1, b""),
        (1, bytes(31)),
        (1, bytes(33)),
        (2, bytes(64)),
        (3, bytes(32)),
        (-1, bytes(32)),
    ],
)
def test_a_frontier_that_belongs_to_no_tree_is_refused(size, raw):
    with pytest.raises(ValueError, match="frontier"):
        Frontier.from_bytes(size, raw)
