"""Reading with a reason, what the log of accesses says of it, and the collections there are."""

from typing import Any

import asyncpg

from app.postgres import Server

REASON = {"X-Audit-Toelichting": "Overdracht aan AVIM voorbereiden"}
COLLECTIES = (
    "signalen", "locaties", "controles", "rapportages", "maatregelen", "attenderingen", "mensenhandelsignalen",
)  # fmt: skip


async def accesses(database: Server) -> list[Any]:
    connection = await asyncpg.connect(database.beheer_url)
    rows = await connection.fetch("SELECT * FROM bedrijf.inzage ORDER BY id")
    await connection.close()
    return rows
