"""An evening of two officers, drawn from a seed: what each writes down and when, in one controle or two."""

import random
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from app.registraties.register import ACTEN
from storm.journaal import Bron
from storm.mensen import Mensen
from tests.hulp.wereld import ASKS

EERSTE, TWEEDE = "boa-1", "wijkagent-1"
"""Two who sign nothing, of a municipality and of the police; the first coordinates."""
DAG = "2026-08-19"
BEGIN = int(datetime.fromisoformat(f"{DAG}T19:30:00+02:00").timestamp()) * 1000
BEWIJS = {"code": "aanbod_tegen_betaling", "aard": "feit", "wijze": "waargenomen"}


@dataclass(frozen=True)
class Regel:
    """One registratie: whose, at what moment (ms), and the operation without its times."""

    wie: str
    moment: int
    op: dict[str, Any]

    def timed(self) -> dict[str, Any]:
        """As it is sent when nothing disturbs its writer or his clock."""
        seen = datetime.fromtimestamp(self.moment / 1000).astimezone().isoformat()
        return {**self.op, "waargenomenOp": seen, "vastgelegdOp": seen}


@dataclass
class Avond:
    """Both writers, one clock that is right, and what they know of each other's ids by word of mouth."""

    zaad: int
    mensen: Mensen
    regels: list[Regel] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.kans = random.Random(f"avond {self.zaad}")  # noqa: S311  # chance, not a secret
        self.bron, self.moment = Bron(f"avond {self.zaad}"), BEGIN
        for _ in range(self.kans.randint(1, 2)):
            self.visit()

    def new_id(self) -> UUID:
        return self.bron.uuid7(datetime.fromtimestamp(self.moment / 1000).astimezone())

    def note(self, wie: str, soort: str, onderwerp: dict[str, UUID], inhoud: dict[str, Any], **meer: Any) -> str:
        """Write something down; returns its opId."""
        self.moment += self.kans.randint(3_000, 30_000)
        op = {
            "opId": str(self.bron.uuid4()),
            "soort": soort,
            "versie": ACTEN[soort].versie,
            "onderwerp": {key: str(ident) for key, ident in onderwerp.items()},
            "inhoud": ASKS.get(soort, {}) | inhoud,
            **meer,
        }
        self.regels.append(Regel(wie, self.moment, op))
        return str(op["opId"])

    def visit(self) -> None:
        """From the place to the end, as two do it: each finds something, one concludes, one closes."""
        kans, place, here = self.kans, self.new_id(), {"controle": self.new_id()}
        pand = {"soort": "bedrijfspand", "feitelijkBewoond": "nee", "gemeente": "GM0243", "hoedanigheid": "toezicht"}
        self.note(EERSTE, "locatie.vastgelegd", {"locatie": place}, {**pand, "bagId": f"{place.int % 10**16:016}"})
        team = [(EERSTE, "coordineert"), (TWEEDE, "voert_uit")]
        deelnemers = [
            {"functionaris": mens.functionaris, "organisatie": mens.organisatie, "taak": taak}
            for mens, taak in ((self.mensen.mensen[naam], taak) for naam, taak in team)
        ]
        plan = {
            "venster": {"van": f"{DAG}T18:00:00+02:00", "tot": f"{DAG}T23:00:00+02:00"},
            "aanleidingen": [{"soort": "eigen_waarneming"}],
            "initiatief": self.mensen.mensen[EERSTE].organisatie,
            "coordinator": self.mensen.mensen[EERSTE].functionaris,
            "deelnemers": deelnemers,
        }
        self.note(EERSTE, "controle.gepland", {**here, "locatie": place}, plan)
        start = {"benadering": "aangebeld", "situatie": "toegang_verleend"}
        for wie in kans.choice([(EERSTE,), (EERSTE, TWEEDE), (TWEEDE, EERSTE)]):
            self.note(wie, "controle.gestart", {**here, "locatie": place}, start)
        seen = [self.find(kans.choice((EERSTE, TWEEDE)), here) for _ in range(kans.randint(1, 3))]
        people = [self.meet(EERSTE, here) for _ in range(kans.choice((2, 9, 54)))]
        people += [self.meet(TWEEDE, here) for _ in range(kans.randint(0, 3))]
        for wie in (EERSTE, EERSTE, TWEEDE)[: kans.randint(0, 3)]:
            counted = {"perRol": {"klant": kans.randint(0, 4)}, "hulpAangeboden": kans.randint(0, 2)}
            self.note(wie, "telling.vastgelegd", here, counted)
        for who in kans.sample(people, min(2, len(people))):
            self.note(kans.choice((EERSTE, TWEEDE)), "hulp.aangeboden", {**here, "persoon": who}, {})
        about = {"soort": "illegale_prostitutie", "bevindingen": [str(kans.choice(seen))]}
        if kans.random() < 0.5:
            self.note(TWEEDE, "overtreding.vastgesteld", {**here, "overtreding": self.new_id()}, about)
            self.note(EERSTE, "controle.afgerond", here, {})
        else:
            self.note(EERSTE, "controle.afgerond", here, {"overtredingen": [{"id": str(self.new_id()), **about}]})

    def find(self, wie: str, here: dict[str, UUID]) -> UUID:
        ident = self.new_id()
        self.note(wie, "bevinding.vastgelegd", {**here, "bevinding": ident}, BEWIJS)
        return ident

    def meet(self, wie: str, here: dict[str, UUID]) -> UUID:
        """Somebody is found; now and then his rol is mended, and mended again."""
        whom, roles = {**here, "persoon": self.new_id()}, ("sekswerker", "klant", "bewoner")
        first = basis = self.note(wie, "persoon.aangetroffen", whom, {"rol": self.kans.choice(roles)})
        for _ in range(self.kans.choice((0, 0, 0, 1, 2))):
            said = {"corrigeert": first, "basis": basis, "reden": "beter gezien"}
            basis = self.note(wie, "persoon.aangetroffen", whom, {"rol": self.kans.choice(roles)}, **said)
        return whom["persoon"]
