"""Plays the Harderwijk year into an empty Veldboek, as its people would: over HTTP, in the order of 2023."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from app.demo.bestuur import (
    play_bekendmaking,
    play_beschikking,
    play_besluit,
    play_invordering,
    play_rapportage,
    play_toepassing,
    play_verbeurte,
    play_voornemen,
    verbeurte_known,
)
from app.demo.cijfers import render_table
from app.demo.gegevens import Gegevens, Kenmerken, at_hour, read_gegevens
from app.demo.mensen import (
    MET_DE_HAND,
    REGISSEUR,
    ZONDER,
    Account,
    Beheer,
    record_grondslag,
    record_mensen,
    record_organisaties,
    save_accounts,
)
from app.demo.veld import Veld, check_devices, play_afgelasting, play_controle, play_open_ends, play_plan, play_signaal
from app.demo.verhaal import VOORAF
from app.vocabulary import Rol
from veldboek_client.storing import Storing
from veldboek_client.toestel import Toestel, read_clock
from veldboek_client.verbinding import Inlog, Transport, Verbinding

GEZIEN: Final = 3
"""So many attenderingen the regisseur marks as seen."""

Say = Callable[[str], None]
Play = Callable[[Veld, Gegevens], Coroutine[Any, Any, str]]


class Stap(NamedTuple):
    """One step of the story: when, what, about which row of the data set."""

    moment: datetime
    play: Play
    row: Gegevens


async def load_demo(
    base_url: str,
    beheerders: tuple[Inlog, Inlog],
    home: Path,
    *,
    say: Say = print,
    transport: Callable[[], Transport] | None = None,
    personen_apart: bool = False,
) -> None:
    """Fill an empty Veldboek at `base_url` with the year; `home`/demo.json then says who can sign in.

    With `personen_apart` the municipality has a ground to keep rows about persons, otherwise it counts them. The
    figures are the same.

    `beheerders` are the first two administrators, whom the command line makes. Raises `DemoMislukt` when anything
    is not simply accepted, `ApiProbleem` when the API refuses, `httpx.TransportError` when it is not there.
    """
    gegevens = read_gegevens()
    ids = Kenmerken(gegevens)
    async with AsyncExitStack() as stack:

        def connect(inlog: Inlog) -> Verbinding:
            return Verbinding(base_url, inlog, transport=transport() if transport else None)

        eerste, tweede = [await stack.enter_async_context(connect(inlog)) for inlog in beheerders]
        say(f"{await record_organisaties(eerste, gegevens, ids)} organisaties vastgelegd.")
        beheer = Beheer(eerste, tweede, connect)
        if personen_apart:
            await record_grondslag(beheer, gegevens["verwacht"]["gemeentecode"])
        accounts = await record_mensen(beheer, gegevens, ids)
        say(f"{len(accounts)} rollen verleend en door een tweede beheerder bevestigd, net als de accounts.")
        enrolled = sum(account.toestel is not None for account in accounts.values())
        say(f"{enrolled} toestellen ingeschreven met een code; een tweede beheerder keurde ze goed.")
        say(f"Die van {' en '.join(sorted(MET_DE_HAND))} ondertekenen niet: voor {ZONDER}.")
        rol = Rol.FUNCTIONEEL_BEHEERDER.value
        own = {inlog.gebruikersnaam: Account(inlog.gebruikersnaam, inlog.wachtwoord, rol) for inlog in beheerders}
        say(f"Accounts staan in {save_accounts(home, accounts | own)}.")
        veld = await _open_veld(stack, base_url, ids, accounts, transport)
        veld.personen_apart = personen_apart
        for stap in sorted(tell_year(veld), key=lambda stap: stap.moment):
            say(f"{stap.moment:%d-%m-%Y}  {await stap.play(veld, stap.row)}")
        say(await play_open_ends(veld))
        await check_devices(veld)
        say(f"{len(veld.toestellen)} toestellen leverden alles af; niets is kwijt en niets telt dubbel.")
        say(f"{await see_attenderingen(veld)} attenderingen gezien door {REGISSEUR}.")
        say("\n" + render_table(await read_cijfers(veld), gegevens["verwacht"]))


async def _open_veld(
    stack: AsyncExitStack,
    base_url: str,
    ids: Kenmerken,
    accounts: dict[str, Account],
    transport: Callable[[], Transport] | None,
) -> Veld:
    """Everybody's connection; who signs in and when, the connection finds out by itself."""
    veld = Veld(ids.gegevens, ids, {}, {}, {})
    for sleutel, account in accounts.items():
        storing = Storing(transport() if transport else None)
        inlog = Inlog(account.gebruikersnaam, account.wachtwoord, account.toestel, account.roltoewijzing)
        verbinding = await stack.enter_async_context(Verbinding(base_url, inlog, transport=storing))
        veld.bureaus[sleutel] = verbinding
        if account.toestel is not None and _takes_part(ids.gegevens, sleutel):
            toestel = Toestel(verbinding, sleutel=account.sleutel, ingeschreven=account.ingeschreven)
            veld.toestellen[sleutel] = toestel
            stack.callback(toestel.opslag.close)
            veld.storingen[sleutel] = storing
    return veld


def _takes_part(gegevens: Gegevens, sleutel: str) -> bool:
    return any(sleutel in controle["deelnemers"] for controle in gegevens["controles"])


def tell_year(veld: Veld) -> Iterator[Stap]:
    """Every step of the year with its moment, in no order."""
    for signaal in veld.gegevens["signalen"]:
        yield Stap(datetime.fromisoformat(signaal["gemeldOp"]), play_signaal, signaal)
    for controle in veld.gegevens["controles"]:
        aanvang = datetime.fromisoformat(controle["aanvang"])
        yield Stap(aanvang - VOORAF, play_plan, controle)
        yield Stap(aanvang, play_controle, controle)
    for controle in veld.gegevens["afgelast"]:
        yield Stap(datetime.fromisoformat(controle["aanvang"]) - VOORAF, play_plan, controle)
        yield Stap(datetime.fromisoformat(controle["afgelastOp"]), play_afgelasting, controle)
    for rapportage in veld.gegevens["bestuurlijkeRapportages"]:
        yield Stap(at_hour(rapportage["vastgesteldOp"], 9), play_rapportage, rapportage)
    for maatregel in veld.gegevens["maatregelen"]:
        yield from _tell_maatregel(veld, maatregel)


def _tell_maatregel(veld: Veld, maatregel: Gegevens) -> Iterator[Stap]:
    yield Stap(at_hour(maatregel["voorgenomenOp"], 10), play_voornemen, maatregel)
    yield Stap(at_hour(maatregel["opgelegdOp"], 10), play_besluit, maatregel)
    yield Stap(at_hour(maatregel["bekendgemaaktOp"], 10), play_bekendmaking, maatregel)
    if verbeurd := maatregel.get("verbeurd"):
        yield Stap(at_hour(verbeurte_known(veld, maatregel), 9), play_verbeurte, maatregel)
        yield Stap(at_hour(verbeurd["invorderingVoorgenomenOp"], 10), play_invordering, maatregel)
        yield Stap(at_hour(verbeurd["invorderingBeschiktOp"], 10), play_beschikking, maatregel)
    if toegepast := maatregel.get("toegepast"):
        yield Stap(at_hour(toegepast["op"], 10), play_toepassing, maatregel)


async def read_cijfers(veld: Veld) -> dict[str, Any]:
    """The figures as the regisseur gets them, over the year that was published."""
    asked = veld.gegevens["verwacht"]
    period = {"van": asked["van"], "totEnMet": asked["totEnMet"]}
    found: dict[str, Any] = await veld.bureaus[REGISSEUR].get("/cijfers", gemeente=asked["gemeentecode"], **period)
    return found


async def see_attenderingen(veld: Veld) -> int:
    """The regisseur looks through what he was told, and marks the first few as seen; returns how many."""
    bureau = veld.bureaus[REGISSEUR]
    first = (await bureau.get("/attenderingen"))["resultaten"][:GEZIEN]
    for attendering in first:
        await bureau.record(f"/attenderingen/{attendering['controle']}/gezien", read_clock(), {})
    return len(first)
