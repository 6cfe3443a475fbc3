"""What a release is asked, before the upgrade and after: every list, figure and sheet that an account may see.

Run by two releases, the old one in `maken.py` and this one in the drill: so it needs only the reference client.
"""

from typing import Any, Final

from veldboek_client.verbinding import ApiProbleem, Verbinding

LIJSTEN: Final = (
    "signalen", "locaties", "controles", "rapportages", "maatregelen", "attenderingen", "mensenhandelsignalen",
    "quarantaine", "organisaties", "functionarissen", "roltoewijzingen", "toestellen", "toestelstanden",
    "bijlagen/ontbrekend",
)  # fmt: skip
JAREN: Final = {
    "cijfers 2023": {"van": "2023-01-01", "totEnMet": "2023-12-31"},
    "cijfers altijd": {"van": "1900-01-01", "totEnMet": "2199-12-31", "per": "jaar"},
}
REDEN: Final = {"X-Audit-Toelichting": "Oefening van de bijwerking naar een nieuwe uitgave"}


async def ask_all(verbinding: Verbinding) -> dict[str, Any]:
    """Every answer by its name; a refusal is its status and slug. Rows stand by their id."""
    found: dict[str, Any] = {}
    for naam in LIJSTEN:
        found[naam] = await _ask(_list(verbinding, naam))
    for naam, periode in JAREN.items():
        found[naam] = await _ask(verbinding.get("/cijfers", gemeente="GM0243", **periode))
    for naam in ("ik", "aantallen"):
        found[naam] = await _ask(verbinding.get(f"/{naam}"))
    seen = found["mensenhandelsignalen"]
    for ident in seen if "probleem" not in seen else ():
        found[f"mensenhandelsignalen/{ident}"] = await _ask(_with_reason(verbinding, f"/mensenhandelsignalen/{ident}"))
    return found


async def _list(verbinding: Verbinding, naam: str) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    cursor: dict[str, str] = {}
    while True:
        page = await verbinding.get(f"/{naam}", **cursor)
        rows |= {_ident(row): row for row in page["resultaten"]}
        if page["volgende"] is None:
            return rows
        cursor = {"cursor": page["volgende"]}


def _ident(row: dict[str, Any]) -> str:
    return str(row.get("id") or row.get("toestel") or row.get("controle") or row.get("document"))


async def _with_reason(verbinding: Verbinding, pad: str) -> Any:
    return (await verbinding.request("GET", pad, headers=REDEN)).json()


async def _ask(asked: Any) -> Any:
    try:
        return await asked
    except ApiProbleem as problem:
        return {"probleem": [problem.status, problem.slug]}
