"""Accounts, new passwords, and the door that passwords are computed behind."""

import asyncio
import threading
from uuid import uuid4

import pytest
from pydantic import SecretStr
from sqlmodel import select

from app.models.account import Account
from app.problems import NietGevonden, OngeldigVerzoek, RegelGeschonden, TijdelijkNietBeschikbaar
from app.services.toegang.accounts import set_password
from app.services.toegang.wachtwoorden import Wachtwoorddeur
from tests.hulp.oauth_proef import NU, WACHTWOORD, TweeRollen, make_account, persoon, refused, server_url, sessies
from tests.hulp.proces import GOEDKOOP

__all__ = ["persoon", "server_url", "sessies"]


async def test_a_new_password_ends_every_login(persoon: TweeRollen) -> None:
    tokens = [await persoon.signed_in(), await persoon.signed_in(toestel=persoon.toestel)]
    async with persoon.sessies.begin() as session:
        account = (await session.exec(select(Account.id))).one()
        await make_account(persoon, session, gebruikersnaam="een.ander")
    ander = await persoon.signed_in(gebruikersnaam="een.ander")
    async with persoon.sessies.begin() as session:
        nieuw = SecretStr("acht koeien in de wei")
        await set_password(session, account, nieuw, nu=NU, deur=persoon.app.state.proces.wachtwoorddeur)
    for token in tokens:
        refused(await persoon.refresh(token), "invalid_grant")
    refused(await persoon.sign_in(roltoewijzing=persoon.rollen["boa"]), "invalid_grant")
    assert (await persoon.sign_in("acht koeien in de wei", roltoewijzing=persoon.rollen["boa"])).status_code == 200
    await persoon.refreshed(ander)


async def test_a_new_password_for_nobody(persoon: TweeRollen) -> None:
    async with persoon.sessies() as session:
        with pytest.raises(NietGevonden):
            await set_password(
                session, uuid4(), SecretStr(WACHTWOORD), nu=NU, deur=persoon.app.state.proces.wachtwoorddeur
            )


async def test_a_name_is_given_once(persoon: TweeRollen) -> None:
    async with persoon.sessies() as session:
        with pytest.raises(RegelGeschonden):
            await make_account(persoon, session, gebruikersnaam="j.JANSEN")
        ander = await make_account(persoon, session, gebruikersnaam="k.jansen", roltoewijzing=persoon.rollen["boa"])
        await session.commit()
        stored = (await session.exec(select(Account).where(Account.id == ander.id))).one()
    assert (stored.gebruikersnaam, stored.functionaris) == ("k.jansen", persoon.functionaris)
    assert (stored.roltoewijzing, stored.aangemaakt_op) == (persoon.rollen["boa"], NU)


@pytest.mark.parametrize("naam", ["", "ab", ".abc", "a b c", "a" * 65, "abc\0", "abc\n\n!", "j.jánsen", "a/../b"])
async def test_names_that_no_account_can_have(persoon: TweeRollen, naam: str) -> None:
    async with persoon.sessies() as session:
        with pytest.raises(OngeldigVerzoek) as caught:
            await make_account(persoon, session, gebruikersnaam=naam)
    assert not naam or naam not in caught.value.detail


@pytest.mark.parametrize(
    ("wachtwoord", "good"),
    [("x" * 11, False), ("x" * 12, True), ("x" * 256, True), ("x" * 257, False), ("e\u0301" * 6, False)],
)
async def test_how_long_a_password_is(persoon: TweeRollen, wachtwoord: str, *, good: bool) -> None:
    async with persoon.sessies() as session:
        if good:
            assert await make_account(persoon, session, gebruikersnaam="nieuw", wachtwoord=SecretStr(wachtwoord))
            return
        with pytest.raises(OngeldigVerzoek) as caught:
            await make_account(persoon, session, gebruikersnaam="nieuw", wachtwoord=SecretStr(wachtwoord))
    assert wachtwoord not in caught.value.detail


async def test_two_computations_at_once_and_twenty_waiting() -> None:
    deur, go = Wachtwoorddeur(GOEDKOOP), threading.Event()
    busy, peak, lock = 0, 0, threading.Lock()

    def compute() -> None:
        nonlocal busy, peak
        with lock:
            busy += 1
            peak = max(peak, busy)
        go.wait(10)
        with lock:
            busy -= 1

    async def one() -> None:
        with deur.reserve() as plaats:
            plaats.gebruikt = True
            await deur._run(None, compute)

    tasks = [asyncio.create_task(one()) for _ in range(22)]
    await asyncio.sleep(0.05)
    with pytest.raises(TijdelijkNietBeschikbaar), deur.reserve():
        pass
    go.set()
    await asyncio.gather(*tasks)
    assert peak == 2
    with deur.reserve():
        pass


async def test_a_client_that_leaves_does_not_free_a_place_that_still_computes() -> None:
    deur, go = Wachtwoorddeur(GOEDKOOP, gelijktijdig=1, wachtrij=0), threading.Event()

    async def one() -> None:
        with deur.reserve() as plaats:
            plaats.gebruikt = True
            await deur._run(None, go.wait, 10)

    task = asyncio.create_task(one())
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(TijdelijkNietBeschikbaar), deur.reserve():
        pass
    go.set()
    for _ in range(100):
        if deur._bezet == 0:
            break
        await asyncio.sleep(0.01)
    assert deur._bezet == 0


async def test_an_unknown_user_is_never_right() -> None:
    deur = Wachtwoorddeur(GOEDKOOP)
    deur._niemand = deur._hasher.hash(WACHTWOORD)
    with deur.reserve() as plaats:
        assert await plaats.verify(None, SecretStr(WACHTWOORD)) is False
