"""`veldboek cijfers`: the same table that the demo prints, asked over HTTP by somebody who may."""

import getpass
import json
from pathlib import Path

import httpx

from app.demo.cijfers import render_table


class CijfersNietBeschikbaar(RuntimeError):
    """The message is plain Dutch and says what to do."""


async def print_cijfers(address: str, home: Path, *, gemeente: str, jaar: int, gebruikersnaam: str | None) -> None:
    """Sign in at `address`, ask the figures of one municipality over one year, and print them."""
    naam, wachtwoord = (gebruikersnaam, getpass.getpass("Wachtwoord: ")) if gebruikersnaam else _demo_account(home)
    try:
        async with httpx.AsyncClient(base_url=f"{address}/v1", timeout=30) as http:
            answer = await http.post(
                "/oauth/token",
                data={
                    "grant_type": "password",
                    "client_id": "veldboek",
                    "gebruikersnaam": naam,
                    "wachtwoord": wachtwoord,
                },
            )
            if answer.is_success and "access_token" in answer.text:
                answer = await http.get(
                    "/cijfers",
                    params={"gemeente": gemeente, "van": f"{jaar}-01-01", "totEnMet": f"{jaar}-12-31"},
                    headers={"Authorization": f"Bearer {answer.json()['access_token']}"},
                )
    except httpx.TransportError:
        raise CijfersNietBeschikbaar(f"Op {address} antwoordt niets. Start Veldboek met: make run") from None
    if "json" not in answer.headers.get("content-type", ""):
        raise CijfersNietBeschikbaar(f"Wat op {address} antwoordt, is geen Veldboek.")
    if not answer.is_success:
        raise CijfersNietBeschikbaar(answer.json().get("detail", "De cijfers zijn niet te krijgen."))
    print(render_table(answer.json(), None))  # noqa: T201


def _demo_account(home: Path) -> tuple[str, str]:
    try:
        account = json.loads((home / "demo.json").read_text(encoding="utf-8"))["accounts"]["regisseur-1"]
    except (OSError, ValueError, KeyError):
        raise CijfersNietBeschikbaar(
            f"Er zijn geen demo-accounts in {home}. Noem een account met --gebruikersnaam."
        ) from None
    return account["gebruikersnaam"], account["wachtwoord"]
