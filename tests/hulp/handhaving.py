"""The chain at one address for tests of what the law forbids: controles, rapportages, measures, by push and POST."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

from httpx import Response
from uuid_utils.compat import uuid7

from app.registraties.register import ACTEN
from tests.hulp.keten import HARDERWIJK, team
from tests.hulp.maatregelen import GROND, LOB, LOD, TOETS
from tests.hulp.sync_proef import accepted
from tests.hulp.wereld import ASKS, Wereld

BOA, PCT, JURIST = "boa-1", "pct-1", "jurist-1"
ANDERE = GROND | {"artikel": "3:4"}
BEDRAG = 500_000
Op = tuple[str, dict[str, UUID], dict[str, Any]]


def vandaag(later: int = 0) -> str:
    """The local date, some days later."""
    return (datetime.now(ZoneInfo("Europe/Amsterdam")).date() + timedelta(days=later)).isoformat()


@dataclass
class Adres:
    """One address, and what happens there. Dates are those of 2023 unless said otherwise."""

    wereld: Wereld
    locatie: UUID = field(default_factory=uuid7)
    ops: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What boa-1 pushed of each controle, by `<day>.<what>`."""

    async def record(self, *, bewoond: str = "nee", soort: str = "woning", wie: str = BOA, **meer: Any) -> "Adres":
        adres = {"straat": "Voorbeeldstraat", "huisnummer": "1", "postcode": "3841AA", "plaats": "Harderwijk"}
        inhoud = {"soort": soort, "feitelijkBewoond": bewoond, "gemeente": HARDERWIJK, "adres": adres, **meer}
        await accepted(self.wereld, wie, self.wereld.op(wie, "locatie.vastgelegd", {"locatie": self.locatie}, inhoud))
        return self

    async def controle(self, dag: str, *, afgerond: bool = True, overtreding: bool = True) -> UUID:
        """One visit on the evening of `dag`: a person, a bevinding, and the end with or without an overtreding."""
        w, ident, moment = self.wereld, uuid7(), {"waargenomenOp": f"{dag}T20:05:00+01:00"}
        here, persoon, bevinding = {"controle": ident}, uuid7(), bewijs(ident)
        start = {
            "benadering": "aangebeld",
            "situatie": "toegang_verleend",
            "binnentreden": {"binnentreden": "niet_binnengetreden"},
            "deelnemers": [*team(w, boa_1="coordineert", pct_1="voert_uit"), *self.regisseur()],
        }
        seen = {"code": "aanbod_tegen_betaling", "aard": "feit", "wijze": "waargenomen"}
        parts = {
            "start": ("controle.gestart", {**here, "locatie": self.locatie}, start),
            "persoon": ("persoon.aangetroffen", {**here, "persoon": persoon}, {"rol": "sekswerker"}),
            "bevinding": ("bevinding.vastgelegd", {**here, "bevinding": bevinding}, seen),
        }
        if afgerond:
            parts["afronding"] = closing(ident, overtreding=overtreding)
        made = {naam: w.op(BOA, *part, **moment) for naam, part in parts.items()}
        await accepted(w, BOA, *made.values())
        self.ops |= {f"{dag}.{naam}": op for naam, op in made.items()}
        return ident

    def regisseur(self) -> list[dict[str, str]]:
        """The regisseur takes part too."""
        w = self.wereld
        named = {"functionaris": w.mensen["regisseur-1"].functionaris, "organisatie": w.organisaties["harderwijk"]}
        return [{**{key: str(ident) for key, ident in named.items()}, "taak": "ondersteunt"}]

    async def rapportage(self, controle: UUID, *, vastgesteld: bool = True) -> UUID:
        w, ident = self.wereld, uuid7()
        inhoud = {
            "soort": "bestuurlijke_rapportage",
            "controles": [str(controle)],
            "gemeente": HARDERWIJK,
            "tekst": "Wat is gezien.",
        }
        moment = {"waargenomenOp": "2023-03-23T09:00:00+01:00"}
        await accepted(w, PCT, w.op(PCT, "rapportage.opgemaakt", {"rapportage": ident}, inhoud, **moment))
        if vastgesteld:
            await self.adopt(ident)
        return ident

    async def adopt(self, rapportage: UUID) -> tuple[dict[str, Any], dict[str, Any]]:
        """Adopted and disclosed: both entries."""
        w, about = self.wereld, {"rapportage": rapportage}
        aan = {"orgaan": "burgemeester", "gemeente": HARDERWIJK}
        told = {"aan": aan, "weergave": "volledig", "verstrektOp": "2023-03-27"}
        adopted = w.op(PCT, "rapportage.vastgesteld", about, {"vastgesteldOp": "2023-03-27"})
        disclosed = w.op(PCT, "rapportage.verstrekt", about, told)
        await accepted(w, PCT, adopted, disclosed)
        return adopted, disclosed

    async def maatregel(
        self, soort: str = LOD, *, stap: str = "bekend", rapportage: UUID | None = None, **besluit: Any
    ) -> UUID:
        """A measure, through voornemen and besluit to bekendmaking, as far as `stap` says."""
        ident = uuid7()
        await self.make(voornemen(ident, self.locatie, soort, rapportage))
        if stap != "voorgenomen":
            await self.make(opgelegd(ident, soort, **besluit))
        if stap == "bekend":
            await self.make(bekend(ident))
        return ident

    async def sluiting(self, *, begin: str, tot: str, **meer: Any) -> UUID:
        """A closure of so many days, on a last of its own."""
        controle = await self.controle("2023-03-22")
        maatregel = await self.maatregel(LOB, **meer)
        rapportage = await self.rapportage(controle)
        await self.make(toegepast(maatregel, controle, rapportage, op=begin, tot=tot, duurMaanden=None))
        return maatregel

    async def make(self, op: Op) -> dict[str, Any]:
        answer = await post(self.wereld, op)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def doc(self, maatregel: UUID, wie: str = JURIST) -> dict[str, Any]:
        answer = await self.wereld.get(wie, f"/maatregelen/{maatregel}")
        assert answer.status_code == 200, answer.text
        return answer.json()


async def post(wereld: Wereld, op: Op, wie: str = JURIST, *, sleutel: UUID | None = None, **velden: Any) -> Response:
    """An operation by the other door: the online route of its act, which asks for what its law follows from."""
    soort, onderwerp, inhoud = op
    pad = ACTEN[soort].pad
    assert pad is not None
    named = {key: str(ident) for key, ident in onderwerp.items() if f"{{{key}}}" not in pad}
    body = {"inhoud": ASKS.get(soort, {}) | inhoud, **({"onderwerp": named} if named else {}), **velden}
    return await wereld.post(wie, pad.format(**onderwerp), body, sleutel=sleutel)


async def choose(wereld: Wereld, wie: str, keuze: Any, verworpen: Any) -> Any:
    """The second person's word: which of two holds, about the document of `verworpen`."""
    kind = next(key for key in ("maatregel", "rapportage", "controle") if key in verworpen["onderwerp"])
    named = {"keuze": keuze["opId"], "verworpen": verworpen["opId"], "reden": "zo was het"}
    body = {"onderwerp": {kind: verworpen["onderwerp"][kind]}, "inhoud": named}
    return await wereld.post(wie, "/verschilbeoordelingen", body)


def closing(controle: UUID, *, overtreding: bool = True) -> Op:
    concluded = {"id": str(uuid4()), "soort": "illegale_prostitutie", "bevindingen": [str(bewijs(controle))]}
    inhoud: dict[str, Any] = {"overtredingen": [concluded]} if overtreding else {"uitkomst": "niet_vastgesteld"}
    return "controle.afgerond", {"controle": controle}, inhoud


def bewijs(controle: UUID) -> UUID:
    """The id of the bevinding on which the conclusion about a controle rests."""
    return uuid5(controle, "bewijs")


def voornemen(maatregel: UUID, locatie: UUID, soort: str = LOD, rapportage: UUID | None = None, **meer: Any) -> Op:
    inhoud = {
        "soort": soort,
        "bevoegdOrgaan": "burgemeester",
        "grondslag": GROND,
        "adressaten": [{"hoedanigheid": "verhuurder"}],
        "voorgenomenOp": "2023-02-14",
        "zienswijzeTotEnMet": "2023-02-28",
        **({"rapportage": str(rapportage)} if rapportage else {}),
        **meer,
    }
    return "maatregel.voorgenomen", {"maatregel": maatregel, "locatie": locatie}, inhoud


def opgelegd(maatregel: UUID, soort: str = LOD, **meer: Any) -> Op:
    """The besluit; a value of None leaves a field out."""
    last = {
        LOD: {
            "begunstigingTotEnMet": "2023-03-10",
            "dwangsom": {"modaliteit": "per_overtreding", "bedrag": BEDRAG, "maximum": BEDRAG},
        },
        LOB: {"begunstiging": "direct", "bijVolgendeOvertreding": "sluiting", "aangezegdeDuurMaanden": 3},
    }[soort]
    inhoud = {"soort": soort, "opgelegdOp": "2023-03-02", "beslotenDoor": {"door": "orgaan"}, **last, **meer}
    return "maatregel.opgelegd", {"maatregel": maatregel}, {k: v for k, v in inhoud.items() if v is not None}


def bekend(maatregel: UUID, datum: str = "2023-03-03", **meer: Any) -> Op:
    inhoud = {"adressaat": "verhuurder", "datum": datum, "wijze": "aangetekend", **meer}
    return "maatregel.bekendgemaakt", {"maatregel": maatregel}, inhoud


def verbeurd(maatregel: UUID, controle: UUID, op: str = "2023-03-22", verbeurte: UUID | None = None, **meer: Any) -> Op:
    about = {"maatregel": maatregel, "verbeurte": verbeurte or uuid7(), "controle": controle}
    return "dwangsom.verbeurd", about, {"op": op, "bedrag": BEDRAG, **meer}


def toegepast(maatregel: UUID, controle: UUID | None, rapportage: UUID | None, **meer: Any) -> Op:
    inhoud = {
        "op": "2023-06-05",
        "wijze": "sluiting",
        "duurMaanden": 3,
        "voorgenomenOp": "2023-05-23",
        "zienswijzeTotEnMet": "2023-05-30",
        "beslotenOp": "2023-06-01",
        "bekendgemaaktOp": "2023-06-02",
        "rapportage": str(rapportage) if rapportage else None,
        "evenredigheidstoets": TOETS,
        **meer,
    }
    about = {"maatregel": maatregel, **({"controle": controle} if controle else {})}
    return "bestuursdwang.toegepast", about, {k: v for k, v in inhoud.items() if v is not None}


def verlengd(maatregel: UUID, tot: str) -> Op:
    return "sluiting.verlengd", {"maatregel": maatregel}, {"tot": tot, "evenredigheidstoets": TOETS}


def dag(text: str, later: int) -> str:
    return (date.fromisoformat(text) + timedelta(days=later)).isoformat()
