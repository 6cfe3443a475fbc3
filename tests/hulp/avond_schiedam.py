"""An evening of Schiedam's team: who they are, what they record, and what each of them is shown. All over HTTP.

In the cellar the phone is the reference client (`veldboek_client`), on a line that breaks.
"""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from httpx import Response
from uuid_utils.compat import uuid7

from app.demo.gegevens import at_hour
from app.demo.veld import PUSH
from app.moment import local_day
from app.registraties.register import ACTEN
from tests.hulp.controles import TOESTEMMING
from tests.hulp.telefoon import line_to, new_toestel
from tests.hulp.toestel_proef import make_accounthouder
from tests.hulp.wereld import ASKS, Persona, Wereld, add_mens, confirm_role
from veldboek_client.storing import Storing
from veldboek_client.toestel import Toestel

Document = dict[str, Any]
GISTEREN = local_day(datetime.now(UTC)) - timedelta(days=1)
AVOND, DAG = at_hour(GISTEREN, 21), GISTEREN.isoformat()
SCHIEDAM, VLAARDINGEN = "GM0606", "GM0622"
ORGANISATIES = {
    "schiedam": {"soort": "gemeente", "naam": "Gemeente Schiedam", "gemeentecode": SCHIEDAM},
    "vlaardingen": {"soort": "gemeente", "naam": "Gemeente Vlaardingen", "gemeentecode": VLAARDINGEN},
    "avim": {"soort": "politie", "naam": "AVIM Rotterdam"},
}
INTERVENTIETEAM = {
    "boa-kelder": "boa",
    "boa-bureau": "boa",
    "boa-trap": "boa",
    "boa-straat": "boa",
    "regisseur-schiedam": "regisseur",
    "aandacht-schiedam": "aandachtsfunctionaris",
    "jurist-schiedam": "jurist",
}
"""Who they are and in which role. Whoever goes along to an address are the boa's."""
ADRES = {"straat": "Voorbeeldstraat", "huisnummer": "21", "postcode": "9999ZZ", "plaats": "Schiedam"}
WONING = {"soort": "woning", "feitelijkBewoond": "ja", "gemeente": SCHIEDAM, "adres": ADRES}
BINNEN = {"situatie": "toegang_verleend", "binnentreden": TOESTEMMING}
ALS_KLANT = {
    "benadering": "afspraak_als_klant",
    "hoedanigheidBekendgemaakt": {"op": AVOND.isoformat(), "waar": "in de gang"},
}
TOETS = {"geschikt": "ja", "noodzakelijk": "ja", "evenwichtig": "ja"}
REDEN = {"X-Audit-Toelichting": "Opvolging van het signaal"}
JAAR = {"gemeente": SCHIEDAM, "van": f"{GISTEREN.year}-01-01", "totEnMet": f"{GISTEREN.year}-12-31"}


@dataclass
class Avond:
    """The team, the police and the neighbours; what was recorded, by name; and a phone in the cellar."""

    wereld: Wereld
    telefoon: Toestel
    lijn: Storing
    ids: dict[str, UUID] = field(default_factory=dict)

    # what happens, in the order of the evening

    async def neighbours_report(self, overlastsoort: str) -> None:
        inhoud = {"bron": "overlastmelding", "overlastsoort": overlastsoort, "buurtcode": "BU06060100"}
        await self._report(overlastsoort, inhoud)

    async def team_finds_advertentie(self, *, op: str) -> None:
        await self._report(op, {"bron": "advertentie", "advertentie": {"site": op, "kenmerk": "advertentie 1"}})

    async def team_controls_a_pand_for(self, thema: str) -> None:
        await self._place(
            "boa-bureau", "ander pand", {"adres": ADRES | {"huisnummer": "99"}, "hoedanigheid": "toezicht"}
        )
        start = {**BINNEN, "benadering": "aangebeld", "thema": thema, "hoedanigheid": "toezicht"}
        await self._start("boa-bureau", thema, "ander pand", start)

    async def ambtenaren_may_not_pose_as_klant(self) -> None:
        await self._place("boa-bureau", "geweigerd", {"hoedanigheid": "toezicht"})
        answer = await self._post(
            "boa-bureau",
            "controle.gestart",
            {"controle": uuid7(), "locatie": self.ids["geweigerd"]},
            {**BINNEN, **ALS_KLANT, "hoedanigheid": "toezicht"},
        )
        assert answer.status_code == 409
        assert answer.json()["detail"] == "Een afspraak als klant maken is alleen voor de politie."

    async def avim_makes_an_appointment_as_klant(self) -> None:
        await self._place("avim-aan-de-deur", "pand van de politie", {"hoedanigheid": "opsporing"})
        start = {**BINNEN, **ALS_KLANT, "hoedanigheid": "opsporing"}
        await self._start("avim-aan-de-deur", "onderzoek", "pand van de politie", start)

    async def avim_finds_personen(self, **per_rol: int) -> None:
        for rol in [rol for rol, aantal in per_rol.items() for _ in range(aantal)]:
            about = {"controle": self.ids["onderzoek"], "persoon": uuid7()}
            inhoud = {"rol": rol, "hoedanigheid": "opsporing"}
            await self._record("avim-aan-de-deur", "persoon.aangetroffen", about, inhoud)

    def team_enters_the_woning_without_network(self) -> None:
        place = self._new("pand")
        self._write("locatie.vastgelegd", {"locatie": place}, {**WONING, "hoedanigheid": "toezicht"})
        team = [wie for wie, rol in INTERVENTIETEAM.items() if rol == "boa"]
        start = {
            **BINNEN,
            "benadering": "aangebeld",
            "thema": "prostitutie",
            "aanleidingen": [{"soort": "signaal", "signaal": str(ident)} for ident in self._signalen()],
            "deelnemers": [self._deelnemer(wie, "voert_uit" if n else "coordineert") for n, wie in enumerate(team)],
        }
        self._write("controle.gestart", {"controle": self._new("inval"), "locatie": place}, start)

    def team_counts(self, **per_rol: int) -> None:
        self._write("telling.vastgelegd", self._here(), {"perRol": per_rol})

    def team_finds(self, *codes: str) -> None:
        for code in codes:
            found = {"code": code, "aard": "feit", "wijze": "waargenomen", "uitkomst": "aangetroffen"}
            found |= {"uitkomst": "niet_in_orde"} if code == "werkomstandigheden" else {}
            self._write("bevinding.vastgelegd", {**self._here(), "bevinding": self._new(code)}, found)

    def team_finds_no_vergunning(self) -> None:
        inhoud = {"code": "vergunningcheck", "aard": "feit", "wijze": "register_geraadpleegd"}
        about = {**self._here(), "bevinding": self._new("vergunningcheck")}
        self._write("bevinding.vastgelegd", about, inhoud | {"uitkomst": "geen_vergunning"})

    def team_sees_a_sign_of(self, soort: str) -> None:
        indicatoren = [{"code": "slechte_arbeidsomstandigheden", "bron": "waargenomen"}]
        inhoud = {"gemeente": SCHIEDAM, "soort": soort, "indicatoren": indicatoren}
        self._write("mensenhandelsignaal.vastgelegd", {"mensenhandelsignaal": self._new(soort), **self._here()}, inhoud)

    def team_concludes(self, soort: str) -> None:
        proof = {"id": str(uuid7()), "soort": soort, "bevindingen": [str(self.ids["vergunningcheck"])]}
        self._write("controle.afgerond", self._here(), {"overtredingen": [proof]})

    async def nothing_left_the_phone(self) -> None:
        assert len(self.telefoon.opslag.waiting()) == self.telefoon.opslag.last_seq > 0
        assert await self._status("regisseur-schiedam", "controles", "inval") == 404

    async def team_sends_it_later_and_the_line_breaks(self) -> None:
        """The server had booked it all when the line broke, and the phone could not know."""
        self.lijn.cut_after_commit(PUSH)
        with pytest.raises(httpx.ReadError):
            await self.telefoon.sync()
        assert await self.telefoon.sync() == {"duplicate": self.telefoon.opslag.last_seq}

    async def everything_arrived_exactly_once(self, *, bevindingen: int, sekswerkers: int) -> None:
        assert self.telefoon.opslag.waiting() == []
        (doc,) = await self._read("regisseur-schiedam", "controles", thema="prostitutie")
        assert (doc["id"], doc["status"]) == (str(self.ids["inval"]), "afgerond")
        assert (len(doc["bevindingen"]), len(doc["overtredingen"])) == (bevindingen, 1)
        assert doc["personenPerRol"] == {"sekswerker": sekswerkers}

    async def burgemeester_receives_a_controlerapport(self) -> None:
        about = {"rapportage": self._new("rapportage")}
        inhoud = {"soort": "controlerapport", "controles": [str(self.ids["inval"])], "gemeente": SCHIEDAM}
        await self._record("boa-bureau", "rapportage.opgemaakt", about, inhoud | {"tekst": "Wat wij aantroffen."})
        await self._record("boa-bureau", "rapportage.vastgesteld", about, {"vastgesteldOp": DAG})
        to = {"aan": {"orgaan": "burgemeester", "gemeente": SCHIEDAM}, "weergave": "volledig", "verstrektOp": DAG}
        await self._record("boa-bureau", "rapportage.verstrekt", about, to)
        await self._record("burgemeester-schiedam", "rapportage.ontvangen", about, {"ontvangenOp": DAG})

    async def ambtenaren_close_the_pand(self, *, maanden: int) -> None:
        """At once (Awb 5:31), by the official with the burgemeester's mandate; with an order to enter (Awb 5:27, 2)."""
        about = {"maatregel": self._new("sluiting")}
        besluit = {
            "soort": "spoedeisende_bestuursdwang",
            "opgelegdOp": DAG,
            "beslotenDoor": {"door": "persoon_in_mandaat", "mandaatbesluit": "mandaat interventieteam"},
            "bevoegdOrgaan": "burgemeester",
            "grondslag": {"regeling": "APV (voorbeeld)", "artikel": "3:3", "versie": "2022-01-01"},
            "adressaten": [{"hoedanigheid": "exploitant"}],
            "nietGehoordReden": "spoed",
            "rapportage": str(self.ids["rapportage"]),
            "evenredigheidstoets": TOETS,
        }
        await self._record("jurist-schiedam", "maatregel.opgelegd", about | {"locatie": self.ids["pand"]}, besluit)
        applied = {"op": DAG, "wijze": "sluiting", "duurMaanden": maanden, "evenredigheidstoets": TOETS}
        applied |= {"machtigingTotBinnentredenOp": DAG}
        await self._record("jurist-schiedam", "bestuursdwang.toegepast", about, applied)
        told = {"adressaat": "exploitant", "datum": DAG, "wijze": "uitgereikt"}
        await self._record("jurist-schiedam", "maatregel.bekendgemaakt", about, told)

    async def team_hands_the_sign_over_to_avim(self) -> None:
        aan = {"aan": str(self.wereld.organisaties["avim"])}
        about = {"mensenhandelsignaal": self.ids["uitbuiting"]}
        assert await self._status("avim-bureau", "mensenhandelsignalen", "uitbuiting", REDEN) == 404
        await self._record("aandacht-schiedam", "mensenhandelsignaal.overgedragen", about, aan)

    async def avim_takes_it_into_its_investigation(self) -> None:
        assert await self._status("avim-bureau", "mensenhandelsignalen", "uitbuiting") == 400, "not without a reason"
        assert await self._status("avim-bureau", "mensenhandelsignalen", "uitbuiting", REDEN) == 200
        inhoud = {"status": "in_onderzoek", "zaaknummer": "PL1700-2026000021"}
        about = {"mensenhandelsignaal": self.ids["uitbuiting"]}
        await self._record("avim-bureau", "mensenhandelsignaal.opgevolgd", about, inhoud)

    # what each of them is shown of it

    async def regisseur_has_signalen(self, **per_bron: int) -> None:
        for bron, aantal in per_bron.items():
            assert len(await self._read("regisseur-schiedam", "signalen", bron=bron)) == aantal

    async def team_has_ambtenaren(self, aantal: int) -> None:
        known = await self._read("regisseur-schiedam", "naslag")
        schiedam = str(self.wereld.organisaties["schiedam"])
        team = {each["aanduiding"] for each in known if each.get("organisatie") == schiedam} & set(INTERVENTIETEAM)
        assert len(team) == aantal

    async def team_sees_the_pand_is_closed(self) -> None:
        for wie in ("boa-bureau", "regisseur-schiedam", "burgemeester-schiedam"):
            (doc,) = await self._read(wie, "maatregelen")
            assert (doc["id"], doc["status"]) == (str(self.ids["sluiting"]), "toegepast")

    async def gemeente_hears_only_that_the_police_were_there(self) -> None:
        told = {each["id"] for each in await self._read("regisseur-schiedam", "attenderingen")}
        assert str(self.ids["onderzoek"]) in told
        for wie in (*INTERVENTIETEAM, "burgemeester-schiedam"):
            answer = await self.wereld.get(wie, f"/controles/{self.ids['onderzoek']}")
            assert answer.status_code in {403, 404}, wie
            assert "afspraak_als_klant" not in answer.text

    async def gemeente_hears_only_how_far_the_investigation_is(self) -> None:
        (doc,) = await self._read("regisseur-schiedam", "mensenhandelsignalen")
        assert doc == {"id": str(self.ids["uitbuiting"]), "status": "in_onderzoek", "gemeente": SCHIEDAM}
        for wie in ("boa-kelder", "boa-bureau", "regisseur-schiedam", "burgemeester-schiedam"):
            assert await self._status(wie, "mensenhandelsignalen", "uitbuiting", REDEN) in {403, 404}, wie

    async def counts_sluitingen(self, aantal: int, *, maanden: int) -> None:
        cijfers = await self._cijfers()
        assert cijfers["bestuursdwangToegepast"]["aantal"] == aantal
        assert cijfers["bestuursdwangToegepast"]["sluitingen"] == [{"duurMaanden": maanden}] * aantal

    async def counts_controles(self, *, thema: str, aantal: int, sekswerkers: int) -> None:
        cijfers = await self._cijfers(thema=thema)
        assert (cijfers["controles"], cijfers["personenIllegaleProstitutie"]) == (aantal, sekswerkers)

    async def neighbours_see_nothing_of_it(self) -> None:
        assert await self._signalen_of("boa-vlaardingen") == {VLAARDINGEN}
        for collectie in ("locaties", "controles", "rapportages", "maatregelen"):
            assert await self._read("boa-vlaardingen", collectie) == []
        for collectie, naam in (("controles", "inval"), ("controles", "onderzoek"), ("maatregelen", "sluiting")):
            assert await self._status("boa-vlaardingen", collectie, naam) == 404

    async def lending_needs_a_besluit_and_an_end(self) -> None:
        for missing in ("aanwijzingsbesluit", "tot"):
            answer = await self._lend("boa-straat", **{missing: None})
            assert answer.status_code == 400, answer.text
            assert "inleen heeft een aanwijzingsbesluit en een einddatum nodig" in answer.text.lower()

    async def nobody_borrowed_so_he_sees_nothing_there(self) -> None:
        assert await self._signalen_of("boa-straat") == {SCHIEDAM}
        assert await self._status("boa-straat", "signalen", "signaal van de buren") == 404

    async def who_is_lent_sees_what_the_borrower_sees(self) -> None:
        """And only in the role of there: in his own he still sees his own municipality."""
        answer = await self._lend("boa-straat")
        assert answer.status_code == 201, answer.text
        await confirm_role(self.wereld, self.ids["leen"])
        own = self.wereld.mensen["boa-straat"]
        self.wereld.mensen["boa-te-leen"] = Persona(own.functionaris, self.ids["leen"])
        assert await self._signalen_of("boa-te-leen") == {VLAARDINGEN}
        await self.nobody_borrowed_so_he_sees_nothing_there()

    # how it is recorded and read

    def _new(self, naam: str) -> UUID:
        return self.ids.setdefault(naam, uuid7())

    def _here(self) -> dict[str, UUID]:
        return {"controle": self.ids["inval"]}

    def _signalen(self) -> list[UUID]:
        return [self.ids[naam] for naam in ("aangesproken", "kinky.nl")]

    def _deelnemer(self, wie: str, taak: str) -> dict[str, str]:
        organisatie = str(self.wereld.organisaties["schiedam"])
        return {"functionaris": str(self.wereld.mensen[wie].functionaris), "organisatie": organisatie, "taak": taak}

    def _write(self, soort: str, onderwerp: dict[str, UUID], inhoud: Document) -> None:
        """On the phone, without network."""
        given = {**ASKS.get(soort, {}), **inhoud}
        self.telefoon.record(soort, onderwerp, given, waargenomen_op=AVOND, versie=ACTEN[soort].versie)

    async def _post(self, wie: str, soort: str, onderwerp: dict[str, UUID], inhoud: Document) -> Response:
        """With a connection, at once."""
        pad = ACTEN[soort].pad
        about = {naam: str(ident) for naam, ident in onderwerp.items() if f"{{{naam}}}" not in pad}
        body = {"inhoud": {**ASKS.get(soort, {}), **inhoud}, "waargenomenOp": AVOND.isoformat()}
        path = pad.format(**onderwerp)
        return await self.wereld.post(wie, path, body | ({"onderwerp": about} if about else {}))

    async def _record(self, wie: str, soort: str, onderwerp: dict[str, UUID], inhoud: Document) -> None:
        answer = await self._post(wie, soort, onderwerp, inhoud)
        assert answer.status_code == 201, answer.text

    async def _report(self, naam: str, inhoud: Document, wie: str = "boa-bureau", gemeente: str = SCHIEDAM) -> None:
        await self._record(wie, "signaal.gemeld", {"signaal": self._new(naam)}, {"gemeente": gemeente, **inhoud})

    async def _place(self, wie: str, naam: str, inhoud: Document) -> None:
        await self._record(wie, "locatie.vastgelegd", {"locatie": self._new(naam)}, WONING | inhoud)

    async def _start(self, wie: str, naam: str, pand: str, inhoud: Document) -> None:
        about = {"controle": self._new(naam), "locatie": self.ids[pand]}
        await self._record(wie, "controle.gestart", about, inhoud)

    async def _lend(self, wie: str, **anders: None) -> Response:
        inhoud = {
            "functionaris": str(self.wereld.mensen[wie].functionaris),
            "rol": "boa",
            "organisatie": str(self.wereld.organisaties["vlaardingen"]),
            "gemeenten": [VLAARDINGEN],
            "van": AVOND.isoformat(),
            "tot": "2099-01-01T00:00:00+01:00",
            "grondslag": "inleen",
            "aanwijzingsbesluit": "aanwijzing Vlaardingen (verzonnen)",
        }
        given = {key: value for key, value in (inhoud | anders).items() if value is not None}
        about = {"roltoewijzing": self._new("leen")}
        return await self._post("beheerder", "roltoewijzing.verleend", about, given)

    async def _read(self, wie: str, collectie: str, **params: Any) -> list[Document]:
        answer = await self.wereld.get(wie, f"/{collectie}", **params)
        assert answer.status_code == 200, answer.text
        return answer.json()["resultaten"]

    async def _signalen_of(self, wie: str) -> set[str]:
        """Of which municipalities somebody sees what was reported."""
        return {each["gemeente"] for each in await self._read(wie, "signalen")}

    async def _status(self, wie: str, collectie: str, naam: str, headers: dict[str, str] | None = None) -> int:
        return (await self.wereld.get(wie, f"/{collectie}/{self.ids[naam]}", headers=headers)).status_code

    async def _cijfers(self, **params: str) -> Document:
        answer = await self.wereld.get("regisseur-schiedam", "/cijfers", **JAAR, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()


async def begin_avond(wereld: Wereld, stack: AsyncExitStack) -> Avond:
    """Everybody is there, two administrators let them in; the phone of who goes into the cellar is enrolled."""
    for sleutel, inhoud in ORGANISATIES.items():
        wereld.organisaties[sleutel] = uuid7()
        about = {"organisatie": str(wereld.organisaties[sleutel])}
        await wereld.make("beheerder", "/organisaties", {"onderwerp": about, "inhoud": inhoud})
    for wie, rol in {**INTERVENTIETEAM, "burgemeester-schiedam": "burgemeester"}.items():
        await add_mens(wereld, wie, rol, "schiedam", [SCHIEDAM], toestel=False)
    await add_mens(wereld, "boa-vlaardingen", "boa", "vlaardingen", [VLAARDINGEN], toestel=False)
    await add_mens(wereld, "avim-bureau", "avim", "avim", [SCHIEDAM, VLAARDINGEN], toestel=False)
    await add_mens(wereld, "avim-aan-de-deur", "pct", "avim", [SCHIEDAM, VLAARDINGEN], toestel=False)
    lijn = line_to(wereld)
    telefoon = await new_toestel(stack, await make_accounthouder(wereld, "boa-kelder"), lijn=lijn)
    avond = Avond(wereld, telefoon, lijn)
    theirs = {"bron": "overlastmelding", "overlastsoort": "geluid"}
    await avond._report("signaal van de buren", theirs, "boa-vlaardingen", VLAARDINGEN)
    return avond
