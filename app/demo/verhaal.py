"""What is recorded in the field, from the data set: pure, so the same story every time but for its ids."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

from app.demo.gegevens import Gegevens, Kenmerken, at_hour, find
from app.vocabulary import POLITIEROLLEN, Hoedanigheid, Rol, Thema

VOORAF: Final = timedelta(days=5)
"""So long before it begins a controle is planned."""
NA_AFLOOP: Final = "boa-2"
"""Who leaves something for others to do."""


class Vastlegging(NamedTuple):
    """One registratie: on whose device, what, about what, when it was seen."""

    door: str
    soort: str
    onderwerp: dict[str, UUID]
    inhoud: dict[str, Any]
    waargenomen_op: datetime
    versie: int = 1
    bijlagen: tuple[dict[str, Any], ...] = ()


def minutes_after(moment: datetime, minutes: int) -> datetime:
    """Some minutes later."""
    return moment + timedelta(minutes=minutes)


def melder(signaal: Gegevens) -> str:
    """Who records a signaal: tips and half of the advertisements come in at the regisseur's."""
    by_hand = {"S1": "boa-1", "S4": "boa-1", "S5": "boa-2"}
    return by_hand.get(signaal["sleutel"], "regisseur-1")


def tell_signaal(signaal: Gegevens, locatie: Gegevens, ids: Kenmerken, *, known: bool) -> list[Vastlegging]:
    """The location, if it is not `known` yet, and what was reported about it."""
    door, moment = melder(signaal), datetime.fromisoformat(signaal["gemeldOp"])
    where = {"locatie": ids(locatie["sleutel"])}
    parts = ("straat", "huisnummer", "toevoeging", "postcode", "plaats")
    place: dict[str, Any] = {
        "soort": locatie["soort"],
        "feitelijkBewoond": locatie["feitelijkBewoond"],
        "gemeente": locatie["gemeentecode"],
        "adres": {part: locatie[part] for part in parts if part in locatie},
        "hoedanigheid": Hoedanigheid.TOEZICHT.value,
    }
    keys = ("bron", "overlastsoort", "advertentie", "bronkenmerk")
    inhoud: dict[str, Any] = {key: signaal[key] for key in keys if key in signaal}
    inhoud["gemeente"] = locatie["gemeentecode"]
    told = Vastlegging(door, "signaal.gemeld", {"signaal": ids(signaal["sleutel"]), **where}, inhoud, moment, versie=2)
    placed = Vastlegging(door, "locatie.vastgelegd", where, place, moment, versie=2)
    return [told] if known else [placed, told]


def judge_signaal(signaal: Gegevens, ids: Kenmerken) -> Vastlegging:
    """The regisseur finds that a controle is needed."""
    moment = minutes_after(datetime.fromisoformat(signaal["gemeldOp"]), 60)
    about = {"signaal": ids(signaal["sleutel"])}
    return Vastlegging("regisseur-1", "signaal.beoordeeld", about, {"uitkomst": "controle_nodig"}, moment)


def leave_open(ids: Kenmerken) -> Iterator[Vastlegging]:
    """After the year, for who steers to find: a report with a photo that stays on its way, and one of elsewhere.

    The writer of the second has no role in that municipality, so somebody has to decide on it.
    """
    photo = {"id": str(uuid4()), "sha256": "ab" * 32, "grootte": 4_183_321, "mediatype": "image/jpeg"}
    for n, (gemeente, bijlagen) in enumerate((("GM0243", (photo,)), ("GM0233", ()))):
        inhoud = {"bron": "eigen_waarneming", "gemeente": gemeente}
        about, moment = {"signaal": ids(f"open.{n}")}, minutes_after(at_hour("2024-01-05", 16), n)
        yield Vastlegging(NA_AFLOOP, "signaal.gemeld", about, inhoud, moment, versie=2, bijlagen=bijlagen)


def plan_controle(controle: Gegevens, ids: Kenmerken) -> Vastlegging:
    """Where, when, why and with whom, by its coördinator."""
    van, tot = (datetime.fromisoformat(controle[key]) for key in ("aanvang", "einde"))
    inhoud = {
        "venster": {"van": minutes_after(van, -30).isoformat(), "tot": minutes_after(tot, 60).isoformat()},
        "aanleidingen": [_reason(text, ids) for text in controle["aanleiding"]],
        "initiatief": str(ids(controle["initiatief"])),
        "coordinator": str(ids.person(controle["coordinator"])),
        "deelnemers": [_participant(sleutel, controle, ids) for sleutel in controle["deelnemers"]],
        "hoedanigheid": controle["hoedanigheid"],
        "thema": controle.get("thema", Thema.PROSTITUTIE.value),
    }
    about = {"controle": ids(controle["sleutel"]), "locatie": ids(controle["locatie"])}
    return Vastlegging(controle["coordinator"], "controle.gepland", about, inhoud, van - VOORAF, versie=3)


def call_off(controle: Gegevens, ids: Kenmerken) -> Vastlegging:
    """It is not held, and why: by its coördinator."""
    about, moment = {"controle": ids(controle["sleutel"])}, datetime.fromisoformat(controle["afgelastOp"])
    inhoud = {"reden": controle["reden"]}
    return _at(controle, controle["coordinator"], "controle.afgelast", about, inhoud, moment, versie=1)


def _at(controle: Gegevens, *fact: Any, versie: int = 2) -> Vastlegging:
    """One entry on a controle. A device copies from the controle in which capacity it is."""
    door, soort, about, inhoud, moment = fact
    return Vastlegging(door, soort, about, inhoud | {"hoedanigheid": controle["hoedanigheid"]}, moment, versie)


def _reason(text: str, ids: Kenmerken) -> dict[str, str]:
    if text == "thema":
        return {"soort": text}
    kind, _, earlier = text.rpartition(":")
    if kind == "hercontrole":
        return {"soort": "hercontrole", "controle": str(ids(earlier))}
    return {"soort": "signaal", "signaal": str(ids(text))}


def _participant(sleutel: str, controle: Gegevens, ids: Kenmerken) -> dict[str, str]:
    row = find(ids.gegevens["functionarissen"], sleutel)
    supports = row["rol"] == Rol.REGISSEUR
    taak = "ondersteunt" if supports else "coordineert" if sleutel == controle["coordinator"] else "voert_uit"
    return {
        "functionaris": str(ids.person(sleutel)),
        "organisatie": str(ids(row["organisatie"])),
        "taak": taak,
    }


def start_controle(controle: Gegevens, ids: Kenmerken) -> Vastlegging:
    """At the door."""
    inhoud = {key: controle[key] for key in ("situatie", "binnentreden")} | {"benadering": "aangebeld"}
    about = {"controle": ids(controle["sleutel"]), "locatie": ids(controle["locatie"])}
    return _at(
        controle,
        controle["coordinator"],
        "controle.gestart",
        about,
        inhoud,
        datetime.fromisoformat(controle["aanvang"]),
    )


def work_inside(controle: Gegevens, ids: Kenmerken, *, personen_apart: bool) -> Iterator[Vastlegging]:
    """What the participants find, each on his own device; nobody waits for another.

    Whether the municipality keeps rows about persons is `personen_apart`; the police do, others count then.
    """
    sleutel, team = controle["sleutel"], controle["deelnemers"]
    aanvang = datetime.fromisoformat(controle["aanvang"])
    about = {"controle": ids(sleutel)}
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for n, persoon in enumerate(controle["personen"]):
        door, who = team[n % len(team)], about
        if personen_apart or find(ids.gegevens["functionarissen"], door)["rol"] in POLITIEROLLEN:
            who = about | {"persoon": ids(f"{sleutel}.persoon.{n}")}
            yield _at(controle, door, "persoon.aangetroffen", who, persoon, minutes_after(aanvang, 5 + n))
        else:
            counted[door][persoon["rol"]] += 1
        if n < controle["hulpAangeboden"]:
            offered = {"aangeboden": True}
            yield _at(controle, door, "hulp.aangeboden", who, offered, minutes_after(aanvang, 25 + n))
    for n, bevinding in enumerate(controle["bevindingen"]):
        door, what = team[(n + 1) % len(team)], about | {"bevinding": ids(f"{sleutel}.bevinding.{n}")}
        yield _at(controle, door, "bevinding.vastgelegd", what, bevinding, minutes_after(aanvang, 10 + n), versie=3)
    for door in team:
        telling = (controle["telling"] if door == team[-1] else {}) | (
            {"perRol": dict(counted[door])} if counted[door] else {}
        )
        if telling:
            yield _at(controle, door, "telling.vastgelegd", about, telling, minutes_after(aanvang, 30))
    if seen := controle.get("mensenhandelsignaal"):
        gemeente = find(ids.gegevens["locaties"], controle["locatie"])["gemeentecode"]
        inhoud = {"gemeente": gemeente, "soort": seen["soort"], "indicatoren": seen["indicatoren"]}
        about = about | {"mensenhandelsignaal": ids(f"{sleutel}.mensenhandelsignaal")}
        moment = minutes_after(aanvang, 35)
        yield Vastlegging(seen["vastgelegdDoor"], "mensenhandelsignaal.vastgelegd", about, inhoud, moment)


def close_controle(controle: Gegevens, ids: Kenmerken) -> Vastlegging:
    """What it concluded, once everybody's findings are in."""
    sleutel, found = controle["sleutel"], controle["overtreding"]
    inhoud: dict[str, Any] = {"uitkomst": found}
    if found != "niet_vastgesteld":
        count, ident = len(controle["bevindingen"]), str(ids(f"{sleutel}.overtreding"))
        proof = [str(ids(f"{sleutel}.bevinding.{n}")) for n in range(count)]
        inhoud = {"overtredingen": [{"id": ident, "soort": found["soort"], "bevindingen": proof}]}
    einde = datetime.fromisoformat(controle["einde"])
    about = {"controle": ids(sleutel)}
    return _at(controle, controle["coordinator"], "controle.afgerond", about, inhoud, einde)


def write_rapportage(rapportage: Gegevens, ids: Kenmerken, moments: list[datetime]) -> list[Vastlegging]:
    """Drawn up, adopted, disclosed; `moments` are those of the three."""
    door, about = rapportage["opgemaaktDoor"], {"rapportage": ids(rapportage["sleutel"])}
    controles = [find(ids.gegevens["controles"], sleutel) for sleutel in rapportage["controles"]]
    dag, aan = rapportage["vastgesteldOp"], rapportage["verstrektAan"]
    inhouden: list[tuple[str, dict[str, Any]]] = [
        (
            "rapportage.opgemaakt",
            {
                "soort": "bestuurlijke_rapportage",
                "controles": [str(ids(controle["sleutel"])) for controle in controles],
                "gemeente": aan["gemeentecode"],
                "tekst": "\n".join(_summary(controle) for controle in controles),
            },
        ),
        ("rapportage.vastgesteld", {"vastgesteldOp": dag}),
        (
            "rapportage.verstrekt",
            {
                "aan": {"orgaan": aan["orgaan"], "gemeente": aan["gemeentecode"]},
                "weergave": "volledig",
                "verstrektOp": dag,
            },
        ),
    ]
    return [
        Vastlegging(door, soort, about, inhoud, moment)
        for (soort, inhoud), moment in zip(inhouden, moments, strict=True)
    ]


def _summary(controle: Gegevens) -> str:
    day = datetime.fromisoformat(controle["aanvang"]).strftime("%d-%m-%Y")
    return (
        f"Controle op {day}: {len(controle['personen'])} personen aangetroffen die tegen betaling seksuele"
        " diensten aanboden; voor het adres is geen vergunning verleend."
    )
