"""Damage: what is stored is not what was sealed. Found on any way into a fold, it stops there.

Nothing repairs itself: whoever put the bytes right, or put a copy back, says so by checking all of it again.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import asyncpg
from sqlalchemy.exc import DBAPIError

from app.grootboek.blad import SECTIES
from app.grootboek.nagaan import find_leaf_fault, find_vault_fault

ENTRY, KLUIS, HEAD = "grootboek.entry", "kluis.inhoud", "grootboek.head"
GROOTBOEK, LEES = "grootboek", "lees."
_DAMAGED = frozenset({"XX001", "XX002", "58P01"})
"""SQLSTATE of a page with a wrong checksum, of a broken index, and of a file that is gone."""
_FILE = re.compile(r'(?:relation|file) "?(?:base|global)/(?:\d+/)?(\d+)|index "([^"]+)"')


class Schade(Exception):
    """One difference, as a sentence of plain Dutch that names table and position and repeats no content.

    `tabel` and `pos` are where it was found; `naar_buiten` is the same without the id of a document, for who is not
    signed in.
    """

    def __init__(self, tabel: str, zin: str, naar_buiten: str | None = None, *, pos: int | None = None) -> None:
        super().__init__(zin)
        self.tabel = tabel
        self.pos = pos
        self.zin = zin
        self.naar_buiten = naar_buiten or zin


def at(tabel: str, pos: int, wat: str) -> Schade:
    """Damage to the row of one position."""
    return Schade(tabel, f"In {tabel}, plaats {pos}, {wat}.", pos=pos)


def refuse_damaged(rows: Iterable[Any], origin: str | None = None) -> None:
    """Hold entries against the kluis before they are folded or shown. Raises Schade.

    Rows have `pos`, `op`, `leaf`, the eight sections and `zouten`. Without `origin` that name is not compared.
    """
    for row in rows:
        pos, leaf, op = row["pos"], row["leaf"], row["op"]
        if fault := find_leaf_fault(leaf, op, origin):
            raise at(ENTRY, pos, f"het blad {fault}")
        if fault := find_vault_fault(leaf, op, [row[name] for name in SECTIES], row["zouten"]):
            raise at(KLUIS, pos, fault)


def is_damage(exc: BaseException) -> bool:
    """Whether PostgreSQL says that it cannot trust its own files."""
    raised = exc.orig if isinstance(exc, DBAPIError) else exc
    return getattr(raised, "sqlstate", None) in _DAMAGED


async def name_damage(raw: Any, exc: BaseException) -> Schade:
    """What PostgreSQL found damaged, by the name of its table; `raw` is a connection that still works."""
    found = _FILE.search(str(exc.orig if isinstance(exc, DBAPIError) else exc))
    tabel: str | None = None
    if found:
        with suppress(asyncpg.PostgresError, OSError):  # even that may not be there to be asked
            async with raw.transaction():  # a savepoint where there is one: the caller goes on
                tabel = await raw.fetchval(_OWNER, int(found[1]) if found[1] else None, found[2])
    tabel = tabel or "een tabel"
    return Schade(tabel, f"PostgreSQL vond een beschadigde bladzijde in {tabel}.")


_OWNER = """
SELECT coalesce(owner.oid, t.oid, c.oid)::regclass::text FROM pg_class c
LEFT JOIN pg_index i ON i.indexrelid = c.oid LEFT JOIN pg_class t ON t.oid = i.indrelid
LEFT JOIN pg_class owner ON owner.reltoastrelid = coalesce(t.oid, c.oid)
WHERE pg_relation_filenode(c.oid) = $1::bigint::oid OR c.relname = $2 LIMIT 1
"""
"""The table to which a file or an index belongs, also when it is the store for its large values."""
