"""The year at the town hall: rapportages from the police, measures by the burgemeester and his jurist."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from app.demo.gegevens import Gegevens, at_hour, find
from app.demo.veld import Veld
from app.demo.verhaal import write_rapportage

BURGEMEESTER: Final = "burgemeester-1"
JURIST: Final = "jurist-1"
ORGAAN: Final = {"door": "orgaan"}


async def play_rapportage(veld: Veld, rapportage: Gegevens) -> str:
    """The PCT writes and discloses it from a device; the burgemeester confirms that it came."""
    dag, door = rapportage["vastgesteldOp"], rapportage["opgemaaktDoor"]
    veld.record(write_rapportage(rapportage, veld.ids, [at_hour(dag, hour) for hour in (9, 11, 13)]))
    await veld.deliver(door)
    pad = f"/rapportages/{veld.ids(rapportage['sleutel'])}/ontvangst"
    await veld.bureaus[BURGEMEESTER].record(pad, at_hour(dag, 15), {"ontvangenOp": dag})
    over = ", ".join(rapportage["controles"])
    return f"Rapportage {rapportage['sleutel']} over {over}: verstrekt door {door}, ontvangen."


async def play_voornemen(veld: Veld, maatregel: Gegevens) -> str:
    """The jurist announces the measure; whoever is concerned may give a view (Awb 4:8)."""
    keys = (
        "soort",
        "bevoegdOrgaan",
        "grondslag",
        "adressaten",
        "voorgenomenOp",
        "zienswijzeTotEnMet",
    )
    inhoud = {key: maatregel[key] for key in keys} | {"rapportage": str(veld.ids(maatregel["rapportage"]))}
    about = {"maatregel": veld.ids(maatregel["sleutel"]), "locatie": veld.ids(maatregel["locatie"])}
    moment = at_hour(maatregel["voorgenomenOp"], 10)
    await veld.bureaus[JURIST].record("/maatregelen", moment, inhoud, about)
    return f"Maatregel {maatregel['sleutel']} ({_say_soort(maatregel)}) voorgenomen."


async def play_besluit(veld: Veld, maatregel: Gegevens) -> str:
    """The burgemeester decides, looking at what he imposed there before."""
    term = ("begunstiging", "begunstigingTotEnMet")
    keys = ("soort", "bevoegdOrgaan", "opgelegdOp", *term, "bijVolgendeOvertreding", "aangezegdeDuurMaanden")
    inhoud: dict[str, Any] = {key: maatregel[key] for key in keys if key in maatregel}
    inhoud["beslotenDoor"] = ORGAAN
    if dwangsom := maatregel.get("dwangsom"):
        inhoud["dwangsom"] = {key: dwangsom[key] for key in ("modaliteit", "bedrag", "maximum")}
    earlier = [
        str(veld.ids(other["sleutel"]))
        for other in veld.gegevens["maatregelen"]
        if other["locatie"] == maatregel["locatie"] and other["opgelegdOp"] < maatregel["opgelegdOp"]
    ]
    if earlier:
        inhoud["eerdereMaatregelen"] = earlier
    pad, moment = _path(veld, maatregel, "besluit"), at_hour(maatregel["opgelegdOp"], 10)
    await veld.bureaus[BURGEMEESTER].record(pad, moment, inhoud, {})
    return f"Maatregel {maatregel['sleutel']} ({_say_soort(maatregel)}) opgelegd."


async def play_bekendmaking(veld: Veld, maatregel: Gegevens) -> str:
    """From here on it binds (Awb 3:40)."""
    await _make_known(veld, maatregel, maatregel["bekendgemaaktOp"], {"betreft": "besluit"})
    return f"Maatregel {maatregel['sleutel']} bekendgemaakt."


async def play_verbeurte(veld: Veld, maatregel: Gegevens) -> str:
    """A controle proves that the last was broken; the sum was forfeited on the day of that fact."""
    verbeurd = maatregel["verbeurd"]
    controle = find(veld.gegevens["controles"], verbeurd["controle"])
    about = {
        "verbeurte": veld.ids(f"{maatregel['sleutel']}.verbeurte"),
        "controle": veld.ids(controle["sleutel"]),
    }
    inhoud = {"op": verbeurd["op"], "bedrag": verbeurd["bedrag"], **_organ(maatregel)}
    moment = datetime.fromisoformat(controle["aanvang"])
    await veld.bureaus[JURIST].record(_path(veld, maatregel, "verbeurten"), moment, inhoud, about)
    return f"Dwangsom van {maatregel['sleutel']} verbeurd, bewezen door controle {controle['sleutel']}."


async def play_invordering(veld: Veld, maatregel: Gegevens) -> str:
    """The jurist announces that the sum will be collected."""
    dag = maatregel["verbeurd"]["invorderingVoorgenomenOp"]
    pad = _verbeurte_path(veld, maatregel, "invordering-voornemen")
    await veld.bureaus[JURIST].record(pad, at_hour(dag, 10), {"voorgenomenOp": dag, **_organ(maatregel)})
    return f"Invordering bij {maatregel['sleutel']} voorgenomen."


async def play_beschikking(veld: Veld, maatregel: Gegevens) -> str:
    """The burgemeester decides on it, and it is made known (Awb 5:37)."""
    verbeurd = maatregel["verbeurd"]
    dag = verbeurd["invorderingBeschiktOp"]
    pad = _verbeurte_path(veld, maatregel, "invorderingsbeschikking")
    inhoud = {"beschiktOp": dag, "beslotenDoor": ORGAAN, **_organ(maatregel)}
    await veld.bureaus[BURGEMEESTER].record(pad, at_hour(dag, 10), inhoud)
    about = {"betreft": "invordering", "verbeurte": str(veld.ids(f"{maatregel['sleutel']}.verbeurte"))}
    await _make_known(veld, maatregel, verbeurd["bekendgemaaktOp"], about)
    return f"Invordering bij {maatregel['sleutel']} beschikt en bekendgemaakt."


async def play_toepassing(veld: Veld, maatregel: Gegevens) -> str:
    """The dwelling is closed, after a weighing of its own (Awb 5:21; RVS:2025:1156)."""
    given = maatregel["toegepast"]
    inhoud = {key: value for key, value in given.items() if key not in ("controle", "rapportage")}
    inhoud |= {"rapportage": str(veld.ids(given["rapportage"])), "beslotenDoor": ORGAAN, **_organ(maatregel)}
    pad, about = _path(veld, maatregel, "toepassing"), {"controle": veld.ids(given["controle"])}
    await veld.bureaus[BURGEMEESTER].record(pad, at_hour(given["op"], 10), inhoud, about)
    return f"Maatregel {maatregel['sleutel']} toegepast: woning {given['duurMaanden']} maanden gesloten."


def verbeurte_known(veld: Veld, maatregel: Gegevens) -> date:
    """The day after the rapportage on the controle that proves it."""
    proof = maatregel["verbeurd"]["controle"]
    reports = veld.gegevens["bestuurlijkeRapportages"]
    dag = next(each["vastgesteldOp"] for each in reports if proof in each["controles"])
    return date.fromisoformat(dag) + timedelta(days=1)


async def _make_known(veld: Veld, maatregel: Gegevens, dag: str, about: dict[str, str]) -> None:
    pad = _path(veld, maatregel, "bekendmakingen")
    for adressaat in maatregel["adressaten"]:
        told = {"adressaat": adressaat["hoedanigheid"], "datum": dag, "wijze": "aangetekend"}
        inhoud = {**about, **told, **_organ(maatregel)}
        await veld.bureaus[JURIST].record(pad, at_hour(dag, 10), inhoud)


def _organ(maatregel: Gegevens) -> dict[str, str]:
    """Whose decision it is: every entry on a maatregel says so."""
    return {"bevoegdOrgaan": maatregel["bevoegdOrgaan"]}


def _path(veld: Veld, maatregel: Gegevens, part: str) -> str:
    return f"/maatregelen/{veld.ids(maatregel['sleutel'])}/{part}"


def _verbeurte_path(veld: Veld, maatregel: Gegevens, part: str) -> str:
    return _path(veld, maatregel, f"verbeurten/{veld.ids(maatregel['sleutel'] + '.verbeurte')}/{part}")


def _say_soort(maatregel: Gegevens) -> str:
    return str(maatregel["soort"]).replace("_", " ")
