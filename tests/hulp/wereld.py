"""The people of the tests: personas, not tokens. Everything is recorded through the public API."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from httpx import AsyncClient, Response
from pydantic import SecretStr
from sqlalchemy import update
from sqlmodel import col
from uuid_utils.compat import uuid7

from app.access.tokens import mint_access_token
from app.database import raw_connection
from app.models.account import Aanmelding, Account
from app.registraties.act import HOEDANIGHEID, ORGAAN
from app.registraties.register import ACTEN
from app.services.beheer.bootstrap import create_beheerder

ORGANISATIES = {
    "harderwijk": {"soort": "gemeente", "naam": "Gemeente Harderwijk", "gemeentecode": "GM0243"},
    "ermelo": {"soort": "gemeente", "naam": "Gemeente Ermelo", "gemeentecode": "GM0233"},
    "pct-oost": {"soort": "politie", "naam": "PCT Oost-Nederland"},
    "basisteam": {"soort": "politie", "naam": "Basisteam Veluwe-West"},
}
ASKS = {
    soort: {name: value}
    for name, value, kind in ((HOEDANIGHEID, "toezicht", "controle"), (ORGAAN, "burgemeester", "maatregel"))
    for soort, act in ACTEN.items()
    if act.aggregaat == kind and name in act.secties
}
"""What entries on a controle and on a maatregel say, which their law follows from."""
BEHEER_WACHTWOORD = "een lang wachtwoord"
WACHTWOORD = "zeven koeien in de wei"
DRIE = ["GM0233", "GM0243", "GM0273"]
MENSEN: dict[str, tuple[str, str, list[str]]] = {
    "boa-1": ("boa", "harderwijk", ["GM0243"]),
    "boa-2": ("boa", "harderwijk", ["GM0243"]),
    "boa-ermelo": ("boa", "ermelo", ["GM0233"]),
    "wijkagent-1": ("wijkagent", "basisteam", DRIE),
    "pct-1": ("pct", "pct-oost", DRIE),
    "avim-1": ("avim", "pct-oost", DRIE),
    "regisseur-1": ("regisseur", "harderwijk", DRIE),
    "aandachtsfunctionaris-1": ("aandachtsfunctionaris", "harderwijk", ["GM0243"]),
    "burgemeester-1": ("burgemeester", "harderwijk", ["GM0243"]),
    "jurist-1": ("jurist", "harderwijk", ["GM0243"]),
}


@dataclass
class Persona:
    """One person in one role on one device."""

    functionaris: UUID
    roltoewijzing: UUID
    toestel: UUID | None = None
    seq: int = 0


@dataclass
class Wereld:
    """The API and everybody who uses it. `mensen` survives a copy of the database."""

    http: AsyncClient
    mensen: dict[str, Persona] = field(default_factory=dict)
    organisaties: dict[str, UUID] = field(default_factory=dict)

    def at(self, http: AsyncClient) -> "Wereld":
        """The same people in front of another ledger, each counting on by himself from here."""
        return Wereld(http, {wie: replace(persona) for wie, persona in self.mensen.items()}, dict(self.organisaties))

    def headers(self, wie: str, *, toestel: bool = True, nu: datetime | None = None) -> dict[str, str]:
        persona, state = self.mensen[wie], self.http.app.state
        token = mint_access_token(
            state.proces.geheimen.bos,
            issuer=state.settings.issuer,
            functionaris=persona.functionaris,
            roltoewijzing=persona.roltoewijzing,
            toestel=persona.toestel if toestel else None,
            sid=persona.functionaris,
            nu=nu or datetime.now(UTC),
        )
        return {"Authorization": f"Bearer {token}"}

    async def get(self, wie: str, pad: str, *, headers: dict[str, str] | None = None, **params: Any) -> Response:
        return await self.http.get(pad, params=params, headers={**self.headers(wie), **(headers or {})})

    async def post(self, wie: str, pad: str, velden: dict[str, Any], *, sleutel: UUID | None = None) -> Response:
        body = {"waargenomenOp": "2026-08-19T23:10:00+02:00", **velden}
        return await self.http.post(
            pad, json=body, headers={**self.headers(wie), "Idempotency-Key": str(sleutel or uuid4())}
        )

    async def make(self, wie: str, pad: str, velden: dict[str, Any]) -> dict[str, Any]:
        answer = await self.post(wie, pad, velden)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def op(
        self, wie: str, soort: str, onderwerp: dict[str, UUID], inhoud: dict[str, Any], **velden: Any
    ) -> dict[str, Any]:
        """One operation of a phone: of the first version, unless the newest says what its law follows from."""
        persona, versie = self.mensen[wie], 1
        persona.seq += 1
        if soort in ASKS and "versie" not in velden:
            versie, inhoud = ACTEN[soort].versie, ASKS[soort] | inhoud
        return {
            "opId": str(uuid4()),
            "deviceSeq": persona.seq,
            "soort": soort,
            "versie": versie,
            "onderwerp": {key: str(ident) for key, ident in onderwerp.items()},
            "waargenomenOp": "2026-08-19T23:10:00+02:00",
            "vastgelegdOp": "2026-08-19T23:12:00+02:00",
            "inhoud": inhoud,
            **velden,
        }

    async def push(self, wie: str, *ops: dict[str, Any], verzonden_op: str | None = None) -> list[dict[str, Any]]:
        body = {
            "batchId": str(uuid4()),
            "verzondenOp": verzonden_op or datetime.now(UTC).isoformat(),
            "ops": list(ops),
        }
        answer = await self.http.post("/sync/push", json=body, headers=self.headers(wie))
        assert answer.status_code == 200, answer.text
        return answer.json()["resultaten"]

    async def pull(self, wie: str, cursor: str | None = None, **params: Any) -> tuple[list[dict[str, Any]], str]:
        found: list[dict[str, Any]] = []
        while True:
            answer = await self.get(wie, "/sync/pull", **({"cursor": cursor} if cursor else {}), **params)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            found += page["wijzigingen"]
            cursor = page["cursor"]
            if not page["meer"]:
                return found, cursor


async def build_wereld(http: AsyncClient) -> Wereld:
    wereld = Wereld(http)
    await make_beheerders(http, "beheerder", "beheerder-2")
    await _adopt_beheerders(wereld)
    for sleutel, inhoud in ORGANISATIES.items():
        wereld.organisaties[sleutel] = uuid7()
        await wereld.make(
            "beheerder",
            "/organisaties",
            {"onderwerp": {"organisatie": str(wereld.organisaties[sleutel])}, "inhoud": inhoud},
        )
    for gemeente in DRIE:
        await add_grondslag(wereld, gemeente)
    for sleutel, (rol, organisatie, gemeenten) in MENSEN.items():
        await add_mens(wereld, sleutel, rol, organisatie, gemeenten)
    return wereld


async def add_grondslag(wereld: Wereld, gemeente: str, **velden: str) -> UUID:
    """That a municipality may keep rows about persons, which most tests record: off unless two people said so."""
    ident, inhoud = uuid7(), {"gemeentecode": gemeente, "van": "2019-01-01", "bepaling": "een wet", **velden}
    body = {"onderwerp": {"grondslagbijzonder": str(ident)}, "inhoud": inhoud}
    await wereld.make("beheerder", "/grondslagen-bijzonder", body)
    await wereld.make("beheerder-2", f"/grondslagen-bijzonder/{ident}/bevestiging", {"inhoud": {}})
    return ident


async def make_beheerders(http: AsyncClient, *namen: str) -> None:
    """The first two administrators, as the command line makes them."""
    for naam in namen:
        async with http.app.state.proces.sessionmaker() as session:
            await create_beheerder(
                session,
                gebruikersnaam=naam,
                wachtwoord=SecretStr(BEHEER_WACHTWOORD),
                organisatie="Beheer",
                nu=datetime(2022, 1, 1, tzinfo=UTC),
            )
            await session.commit()


async def add_beheerder(wereld: Wereld, sleutel: str) -> None:
    """One more administrator."""
    if "beheer" not in wereld.organisaties:
        wereld.organisaties["beheer"] = uuid7()
        onderwerp = {"organisatie": str(wereld.organisaties["beheer"])}
        inhoud = {"soort": "beheer", "naam": "Beheer Veluwe"}
        await wereld.make("beheerder", "/organisaties", {"onderwerp": onderwerp, "inhoud": inhoud})
    await add_mens(wereld, sleutel, "functioneel_beheerder", "beheer", [], toestel=False)


async def open_login(wereld: Wereld, wie: str) -> None:
    """The login that a persona's tokens come from: one for all his roles and devices, with his own id.

    It hangs on an account of nobody, so that a test may give a persona the one account that he can have.
    """
    persona, nobody, nu = wereld.mensen[wie], UUID(int=1), datetime.now(UTC)
    account = Account(
        id=nobody, gebruikersnaam="personas", wachtwoord_hash="geen", functionaris=nobody, aangemaakt_op=nu
    )
    login = Aanmelding(
        id=persona.functionaris,
        account=nobody,
        functionaris=persona.functionaris,
        roltoewijzing=persona.roltoewijzing,
        begonnen_op=nu - timedelta(hours=1),  # not just now: that is for who signs in really
        laatst_gebruikt_op=nu,
        huidig_hash=b"",
    )
    async with wereld.http.app.state.proces.sessionmaker.begin() as session:
        await session.merge(account)
        await session.flush()
        session.add(login)


async def sign_in_again(wereld: Wereld) -> None:
    """Everybody's tokens count again, as after a restore once all have signed in anew."""
    own = update(Aanmelding).where(col(Aanmelding.id) == col(Aanmelding.functionaris)).values(ingetrokken_op=None)
    async with wereld.http.app.state.proces.sessionmaker.begin() as session:
        await (await session.connection()).execute(own)


async def _adopt_beheerders(wereld: Wereld) -> None:
    async with wereld.http.app.state.proces.sessionmaker() as session:
        raw = await raw_connection(session)
        query = "SELECT r.id, a.functionaris, gebruikersnaam FROM lees.roltoewijzing r JOIN bedrijf.account a ON"
        rows = await raw.fetch(f"{query} a.roltoewijzing = r.id")
    wereld.mensen |= {row["gebruikersnaam"]: Persona(row["functionaris"], row["id"]) for row in rows}
    for row in rows:
        await open_login(wereld, row["gebruikersnaam"])


async def add_mens(
    wereld: Wereld, sleutel: str, rol: str, organisatie: str, gemeenten: list[str], *, toestel: bool = True, **meer: Any
) -> None:
    persona = wereld.mensen[sleutel] = Persona(uuid7(), uuid7())
    await open_login(wereld, sleutel)
    org = str(wereld.organisaties[organisatie])
    await wereld.make(
        "beheerder",
        "/functionarissen",
        {
            "onderwerp": {"functionaris": str(persona.functionaris)},
            "inhoud": {"aanduiding": sleutel, "organisatie": org},
        },
    )
    await wereld.make(
        "beheerder",
        "/roltoewijzingen",
        {
            "onderwerp": {"roltoewijzing": str(persona.roltoewijzing)},
            "inhoud": {
                "functionaris": str(persona.functionaris),
                "rol": rol,
                "organisatie": org,
                "gemeenten": gemeenten,
                "van": "2022-01-01T00:00:00+01:00",
                "grondslag": "aanstelling",
                **meer,
            },
        },
    )
    await confirm_role(wereld, persona.roltoewijzing)
    if toestel:
        persona.toestel = await add_toestel(wereld, sleutel)


async def confirm_role(wereld: Wereld, roltoewijzing: UUID | str) -> None:
    """The second person whom every role needs."""
    await wereld.make("beheerder-2", f"/roltoewijzingen/{roltoewijzing}/bevestiging", {"inhoud": {}})


async def open_account(wereld: Wereld, wie: str) -> None:
    """Asked by one administrator, confirmed by the other, and a password that its owner chose."""
    persona = wereld.mensen[wie]
    mens = str(persona.functionaris)
    await wereld.make("beheerder", "/accounts", {"onderwerp": {"account": mens}, "inhoud": {"functionaris": mens}})
    code = await confirm_account(wereld, persona.functionaris)
    chosen = {"code": code, "gebruikersnaam": wie, "wachtwoord": WACHTWOORD}
    body = chosen | {"roltoewijzing": str(persona.roltoewijzing)}
    answer = await wereld.http.post("/oauth/toegang", json=body)
    assert answer.status_code == 200, answer.text


async def confirm_account(wereld: Wereld, account: UUID, door: str = "beheerder-2") -> str:
    """The code that comes with it."""
    await wereld.make(door, f"/accounts/{account}/bevestiging", {"inhoud": {}})
    answer = await wereld.http.post(f"/accounts/{account}/toegangscode", headers=wereld.headers(door))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["code"])


async def add_toestel(wereld: Wereld, wie: str, *, goedgekeurd: bool = True, omschrijving: str = "telefoon") -> UUID:
    """A device of `wie` without a key, enrolled by one administrator and approved by the other."""
    persona, ident = wereld.mensen[wie], uuid7()
    inhoud = {
        "functionaris": str(persona.functionaris),
        "roltoewijzing": str(persona.roltoewijzing),
        "omschrijving": omschrijving,
    }
    await wereld.make("beheerder", "/toestellen", {"onderwerp": {"toestel": str(ident)}, "inhoud": inhoud})
    if goedgekeurd:
        await wereld.make("beheerder-2", f"/toestellen/{ident}/goedkeuring", {"inhoud": {}})
    return ident
