"""What the article of Harderwijk claims, each claim one method: read over HTTP by those who may, and asserted.

Nothing is recorded here. The year was played by the demo (`app/demo`), over HTTP, on devices that lost their line.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from uuid_utils.compat import uuid7

from tests.hulp.gespeeld_jaar import JAAR, Demo

Document = dict[str, Any]
REGISSEUR, BURGEMEESTER = "regisseur-1", "burgemeester-1"
PCT_OOST = "Prostitutie Controle Team Oost-Nederland"
REDEN = {"X-Audit-Toelichting": "Voorbereiding van een overdracht"}
COLLECTIES = ("controles", "attenderingen", "signalen", "locaties", "rapportages", "maatregelen", "naslag", "ik/rollen")


@dataclass(frozen=True)
class Jaar:
    """The year as the regisseur reads it, and the figures that he is given over it."""

    demo: Demo
    cijfers: Document
    controles: list[Document]
    """Those that were held."""
    ook_afgelast: list[Document]
    attenderingen: list[Document]
    signalen: list[Document]
    locaties: list[Document]
    rapportages: list[Document]
    maatregelen: list[Document]
    naslag: list[Document]
    rollen: list[Document]

    # the figures

    def counts_controles(self, aantal: int, *, adressen: int) -> None:
        same((self.cijfers["controles"], self.cijfers["locaties"]), (aantal, adressen))
        same((len(self.controles), len({each["locatie"] for each in self.controles})), (aantal, adressen))

    def counts_woningen(self, aantal: int) -> None:
        same(self.cijfers["locatiesPerSoort"], {"woning": aantal})

    def counts_personen(self, aantal: int, *, illegaal: int) -> None:
        same(self.cijfers["gecontroleerdePersonen"], aantal)
        same(self.cijfers["personenIllegaleProstitutie"], illegaal)
        roles: Counter[str] = sum((Counter(each["personenPerRol"]) for each in self._with_personen()), Counter())
        same(roles, {"sekswerker": aantal})

    def counts_lasten_onder_dwangsom(self, aantal: int, *, euro: int) -> None:
        same(self.cijfers["lastOnderDwangsom"]["aantal"], aantal)
        same(self.cijfers["lastOnderDwangsom"]["bedragPerLast"], euro * 100)

    def counts_lasten_onder_bestuursdwang(self, aantal: int, *, volgende_keer: str) -> None:
        same(self.cijfers["lastOnderBestuursdwang"]["aantal"], aantal)
        same([each["bijVolgendeOvertreding"] for each in self._bestuursdwang()], [volgende_keer] * aantal)

    def counts_dwangsommen_verbeurd(self, aantal: int, *, euro: int) -> None:
        same(self.cijfers["dwangsomVerbeurd"]["aantal"], aantal)
        same(self.cijfers["dwangsomVerbeurd"]["bedrag"], euro * 100)
        same(self.cijfers["dwangsomVerbeurd"]["perStand"]["beschikt"]["aantal"], aantal)

    def counts_sluitingen(self, aantal: int, *, maanden: int) -> None:
        same(self.cijfers["bestuursdwangToegepast"]["aantal"], aantal)
        same(self.cijfers["bestuursdwangToegepast"]["sluitingen"], [{"duurMaanden": maanden}] * aantal)

    # what was found

    def imposed_maatregelen_of_several_kinds(self) -> None:
        assert all(each["opgelegdOp"] and each["bekendgemaaktOp"] for each in self.maatregelen)
        same({each["soort"] for each in self.maatregelen}, {"last_onder_dwangsom", "last_onder_bestuursdwang"})

    def closed_one_woning_for_a_while(self) -> None:
        (closed,) = [each for each in self._bestuursdwang() if each.get("toepassing")]
        assert closed["toepassing"]["wijze"] == "sluiting"
        same((closed["sluitingTot"], closed["status"]), (closed["toepassing"]["tot"], "verlopen"))
        (place,) = [each for each in self.locaties if each["id"] == closed["locatie"]]
        same(place["soort"], "woning")

    async def found_everybody_to_come_from(self, regio: str) -> None:
        """Who counted where people came from reads it himself: in the figures it is not."""
        told: dict[str, Counter[str]] = {}
        for wie in ("boa-1", "boa-2", "wijkagent-1", REGISSEUR):
            for controle in await self.demo.read_list(wie, "controles"):
                for telling in controle.get("tellingen", ()):
                    told[telling["op"]] = Counter(telling.get("regioHerkomst", {}))
        same(sum(told.values(), Counter()), {regio: self.cijfers["gecontroleerdePersonen"]})

    def found_stays_of_a_few_days(self) -> None:
        for controle in self._with_personen():
            (stay,) = [each for each in controle["bevindingen"] if each["code"] == "verblijf"]
            same(stay["uitkomst"], "enkele_dagen")

    def found_signals_of_mensenhandel(self, aantal: int) -> None:
        same(self.cijfers["mensenhandelsignalen"], aantal)

    # who hears of it

    def regisseur_works_for(self, *gemeenten: str) -> None:
        codes = {each["gemeentecode"]: each["naam"] for each in self.naslag if each.get("gemeentecode")}
        (own,) = [each for each in self.rollen if each["rol"] == "regisseur"]
        same({codes[code] for code in own["gemeenten"]}, {f"Gemeente {naam}" for naam in gemeenten})

    def regisseur_was_told_of_every_controle(self) -> None:
        """Also of one that was called off, which counts nowhere."""
        same({each["controle"] for each in self.attenderingen}, {each["id"] for each in self.ook_afgelast})

    def regisseur_is_also_aandachtsfunctionaris_of(self, gemeente: str) -> None:
        (own,) = [each for each in self.rollen if each["rol"] == "aandachtsfunctionaris"]
        same((own["organisatieNaam"], own["gemeenten"]), (f"Gemeente {gemeente}", [JAAR["gemeente"]]))

    def controle_followed_on(self, bron: str) -> None:
        """Every signaal from there led to a controle at its address, later."""
        signalen = {each["id"]: each for each in self.signalen if each["bron"] == bron}
        followed = {
            reason["signaal"]: controle
            for controle in self.controles
            for reason in controle["aanleidingen"]
            if reason.get("signaal") in signalen
        }
        assert signalen
        same(set(followed), set(signalen))
        for ident, controle in followed.items():
            same(controle["locatie"], signalen[ident]["locatie"])
            assert controle["begonnenOp"] > signalen[ident]["gemeldOp"]

    async def has_no_place_for_who_reported_anonymously(self) -> None:
        """No field for a name or a number, nor a reference that leads to who reported."""
        headers = {"Authorization": f"Bearer {self.demo.accounts[REGISSEUR]['token']}"}
        kenmerk = {"systeem": "De Vries", "kenmerk": "2023-1"}
        for field in ("melder", "telefoon", "tekst", "bronkenmerk"):
            told = kenmerk if field == "bronkenmerk" else "mevrouw De Vries"
            inhoud = {"bron": "meld_misdaad_anoniem", "gemeente": JAAR["gemeente"], field: told}
            body = {"waargenomenOp": "2023-04-11T12:00:00+02:00", "onderwerp": {"signaal": str(uuid7())}}
            key = {"Idempotency-Key": str(uuid4())}
            answer = await self.demo.http.post("/signalen", json=body | {"inhoud": inhoud}, headers=headers | key)
            same((answer.status_code, "De Vries" in answer.text), (400, False))

    # who works together

    def pct_took_the_initiative_and_coordinated(self) -> None:
        for controle in self.controles:
            same((self._name(controle["initiatief"]), self._name(controle["coordinator"])[:3]), (PCT_OOST, "pct"))

    def pct_told_the_gemeente_before_each_controle(self) -> None:
        plans = {each["id"]: each["planning"]["door"]["rol"] for each in self.controles}
        same(set(plans.values()), {"pct"})
        for told in self.attenderingen:
            assert told["aangemaakt"] == "planning"
            assert told["status"] == "afgelast" or told["aangemaaktOp"] < told["begonnenOp"]

    def gemeente_supported_each_controle(self) -> None:
        for controle in self.controles:
            assert "Gemeente Harderwijk" in {self._name(wie["organisatie"]) for wie in controle["deelnemers"]}

    def worked_together(self, *rollen: str) -> None:
        people = {self._name(wie["functionaris"]) for each in self.controles for wie in each["deelnemers"]}
        same({naam.rpartition("-")[0] for naam in people}, set(rollen))

    async def burgemeester_received_a_rapportage_on_every_illegal_one(self) -> None:
        illegal = {each["id"] for each in self.controles if each.get("overtredingen")}
        received = await self.demo.read_list(BURGEMEESTER, "rapportages")
        for rapportage in received:
            same((rapportage["soort"], rapportage["opgemaaktDoor"]["rol"]), ("bestuurlijke_rapportage", "pct"))
            same({each["aan"]["orgaan"] for each in rapportage["verstrekkingen"]}, {"burgemeester"})
            assert rapportage["ontvangsten"]
        same({ident for each in received for ident in each["controles"]}, illegal)
        assert (await self.demo.get(BURGEMEESTER, "/controles")).status_code == 403

    async def signals_are_read_only_by_who_follows_them_up(self) -> None:
        for signaal in await self.demo.read_list("pct-1", "mensenhandelsignalen"):
            pad = f"/mensenhandelsignalen/{signaal['id']}"
            for wie, status in {"pct-1": 200, REGISSEUR: 403, "boa-1": 404, BURGEMEESTER: 404}.items():
                answer = await self.demo.get(wie, pad, headers=REDEN)
                same((wie, answer.status_code), (wie, status))

    def offered_help_to_everybody(self) -> None:
        same(self.cijfers["hulpAangeboden"], self.cijfers["gecontroleerdePersonen"])

    def each_maatregel_rests_on_a_rapportage(self) -> None:
        reports = {each["id"]: each for each in self.rapportages}
        for maatregel in self.maatregelen:
            report = reports[maatregel["rapportage"]]
            assert maatregel["locatie"] in report["locaties"]
            assert report["vastgesteldOp"] < maatregel["opgelegdOp"]

    def nobody_reported_overlast_after_the_last_controle(self) -> None:
        last = {each["locatie"]: each["begonnenOp"] for each in sorted(self.controles, key=_began)}
        reported = [each for each in self.signalen if each["bron"] != "eigen_waarneming"]
        assert reported
        for signaal in reported:
            assert signaal["gemeldOp"] < last[signaal["locatie"]]

    def _with_personen(self) -> Iterator[Document]:
        return (each for each in self.controles if each.get("personenPerRol"))

    def _bestuursdwang(self) -> list[Document]:
        return [each for each in self.maatregelen if each["soort"] == "last_onder_bestuursdwang"]

    def _name(self, ident: str) -> str:
        (found,) = [each for each in self.naslag if each["id"] == ident]
        return found.get("naam") or found["aanduiding"]


def _began(controle: Document) -> str:
    return controle["begonnenOp"]


def same(found: Any, told: Any) -> None:
    """What is read is what the article tells."""
    assert found == told, f"{found!r} is not {told!r}"


async def read_jaar(demo: Demo) -> Jaar:
    """The year, read by the regisseur."""
    lists = {each.rpartition("/")[2]: await demo.read_list(REGISSEUR, each) for each in COLLECTIES}
    every = lists.pop("controles")
    held = [each for each in every if each["status"] == "afgerond"]
    cijfers = (await demo.get(REGISSEUR, "/cijfers", **JAAR)).json()
    return Jaar(demo, cijfers, controles=held, ook_afgelast=every, **lists)
