"""Do the read models follow from the ledger? Folded again beside them, compared row by row, and thrown away.

The tables keep serving meanwhile: in this transaction alone schema `lees` is another, empty one. Nobody else sees it,
nothing of theirs is locked, and the rollback leaves no trace.
"""

from typing import Any

from sqlmodel import SQLModel

from app.services.beheer.herbouw import TABLES, fold_ledger
from app.services.bewaken.schade import LEES, Schade

KEPT = "lees_van_nu"


async def compare_lees(raw: Any) -> None:
    """Raise Schade for the first row of a read model that is not what the ledger gives.

    `raw` is a connection of the owner inside a REPEATABLE READ transaction that the caller rolls back.
    """
    await raw.execute(f"ALTER SCHEMA lees RENAME TO {KEPT}")
    await raw.execute("CREATE SCHEMA lees")
    for name in TABLES:
        await raw.execute(f"CREATE UNLOGGED TABLE lees.{name} (LIKE {KEPT}.{name} INCLUDING ALL)")
    await fold_ledger(raw)
    for name in TABLES:
        await compare_table(raw, name)


async def compare_table(raw: Any, name: str) -> None:
    """Raise Schade when one table is not the same in both schemas, naming the document."""
    table = SQLModel.metadata.tables[f"{LEES}{name}"]
    same = " AND ".join(f"n.{column.name} = o.{column.name}" for column in table.primary_key)
    document = "document" if "document" in table.columns else "id"
    row = await raw.fetchrow(
        f"SELECT coalesce(n.{document}, o.{document}) AS document FROM lees.{name} n"  # noqa: S608  # our own names
        f" FULL JOIN {KEPT}.{name} o ON {same} WHERE n::text IS DISTINCT FROM o::text LIMIT 1"
    )
    if row is not None:
        told = "anders dan wat uit het grootboek volgt; herstel dat met: veldboek herbouw"
        raise Schade(
            f"{LEES}{name}",
            f"In {LEES}{name} is document {row['document']} {told}.",
            f"In {LEES}{name} is een document {told}.",
        )
