"""What the tests of devices share: real logins, codes, keys, and devices enrolled as a person would."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from httpx import Response

from app.dependencies import get_now
from tests.hulp.wereld import WACHTWOORD, Persona, Wereld, open_account
from veldboek_client.sleutel import Sleutel

ORIGIN = "veldboek.example/grootboek/test"


@dataclass
class Accounthouder:
    """A persona with an account, and the keys of devices."""

    wereld: Wereld
    wie: str

    @property
    def persona(self) -> Persona:
        return self.wereld.mensen[self.wie]

    async def sign_in(self, toestel: UUID | str | None = None, wachtwoord: str = WACHTWOORD) -> Response:
        form = {
            "grant_type": "password",
            "client_id": "veldboek",
            "gebruikersnaam": self.wie,
            "wachtwoord": wachtwoord,
            "roltoewijzing": str(self.persona.roltoewijzing),
        }
        return await self.wereld.http.post("/oauth/token", data=form | ({"toestel": str(toestel)} if toestel else {}))

    async def refresh(self, token: str) -> Response:
        form = {"grant_type": "refresh_token", "refresh_token": token}
        return await self.wereld.http.post("/oauth/token", data=form)

    async def fresh(self) -> dict[str, str]:
        """The header of somebody who gave his password just now."""
        answer = await self.sign_in()
        assert answer.status_code == 200, answer.text
        return bearer(answer)

    async def give_code(self, **velden: Any) -> dict[str, Any]:
        answer = await ask_code(self.wereld, self.wie, **velden)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def enrol(self, sleutel: Sleutel, code: str, headers: dict[str, str], **velden: Any) -> Response:
        body = invoer(sleutel, code) | velden
        return await self.wereld.http.post("/toestellen/inschrijving", json=body, headers=headers)

    async def enrolled(self, sleutel: Sleutel | None = None, *, goedgekeurd: bool = True, **velden: Any) -> UUID:
        """A device that went the whole way."""
        code = (await self.give_code())["code"]
        answer = await self.enrol(sleutel or Sleutel.generate(), code, await self.fresh(), **velden)
        assert answer.status_code == 201, answer.text
        toestel = UUID(answer.json()["toestel"])
        if goedgekeurd:
            await approve(self.wereld, toestel)
        return toestel


def bearer(answer: Response) -> dict[str, str]:
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def invoer(sleutel: Sleutel, code: str, origin: str = ORIGIN) -> dict[str, Any]:
    return {
        "code": code,
        "sleutel": sleutel.jwk,
        "bewijs": sleutel.prove(code, origin),
        "platform": "android",
        "appVersie": "proef 1",
        "opslagVersleuteld": True,
    }


async def make_accounthouder(wereld: Wereld, wie: str) -> Accounthouder:
    await open_account(wereld, wie)
    return Accounthouder(wereld, wie)


async def ask_code(wereld: Wereld, voor: str, *, door: str = "beheerder", **velden: Any) -> Response:
    persona = wereld.mensen[voor]
    body = {
        "functionaris": str(persona.functionaris),
        "roltoewijzing": str(persona.roltoewijzing),
        "omschrijving": "telefoon van de zaak",
    }
    return await wereld.http.post("/inschrijfcodes", json=body | velden, headers=wereld.headers(door))


async def approve(wereld: Wereld, toestel: UUID, door: str = "beheerder-2") -> None:
    await wereld.make(door, f"/toestellen/{toestel}/goedkeuring", {"inhoud": {}})


async def revoke(wereld: Wereld, toestel: UUID | None, reden: str = "gestolen", **velden: Any) -> None:
    await wereld.make("beheerder", f"/toestellen/{toestel}/intrekking", {"inhoud": {"reden": reden, **velden}})


async def shake(wereld: Wereld, wie: str, device_seq: int | None = None) -> Response:
    body = {"protocollen": [1], "appVersie": "proef 1", "toestelTijd": "2026-08-19T23:10:00+02:00"}
    if device_seq is not None:
        body["deviceSeq"] = device_seq
    return await wereld.http.post("/sync/handshake", json=body, headers=wereld.headers(wie))


def set_clock(wereld: Wereld, moment: Any) -> None:
    """Another time for the server; tokens that personas mint are not affected."""
    wereld.http.app.dependency_overrides[get_now] = lambda: moment


def problem(answer: Response) -> tuple[int, str]:
    return answer.status_code, str(answer.json().get("type", "")).rpartition("/")[2]
