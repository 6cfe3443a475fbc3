"""What can happen in a storm, as a registry of actions: the work of the day here, the faults in `tegenslag`."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from storm.telefoon import Telefoon
from storm.wereld import Run
from veldboek_client.toestel import Correctie

Doen = Callable[[Run, Telefoon, random.Random], Awaitable[object]]
GEEN_BEVINDING = frozenset({"id", "op", "door", "waargenomenOp", "nagekomen", "uitQuarantaine"})


@dataclass(frozen=True)
class Handeling:
    """One kind of action: how often it is drawn, and how it is done."""

    gewicht: float
    doen: Doen


HANDELINGEN: dict[str, Handeling] = {}


def handeling(soort: str, gewicht: float) -> Callable[[Doen], Doen]:
    """Register an action under the name that the schedule uses."""

    def register(doen: Doen) -> Doen:
        HANDELINGEN[soort] = Handeling(gewicht, doen)
        return doen

    return register


@handeling("bezoek", 10)
async def visit(run: Run, t: Telefoon, kans: random.Random) -> None:
    """A location (often an address that others record too), a controle there, and what was found."""
    gemeenten = await run.gemeenten(t.mens)
    if not gemeenten:
        return
    locatie, here = t.new_id(), {"controle": t.new_id()}
    record_place(t, locatie, gemeenten, kans)
    t.record("controle.gestart", {**here, "locatie": locatie}, start_of(run, t, kans))
    for _ in range(kans.randint(0, 3)):
        kans.choice((add_person, add_person, add_count))(t, here["controle"], kans)
    for _ in range(kans.randint(0, 2)):
        add_finding(t, here["controle"], kans)
    if kans.random() < 0.3:
        close_controle(t, here["controle"], kans)


def start_of(run: Run, t: Telefoon, kans: random.Random) -> dict[str, Any]:
    """How a controle starts, often with colleagues."""
    start: dict[str, Any] = {
        "benadering": "aangebeld",
        "situatie": kans.choice(("niemand_aanwezig", "toegang_verleend")),
    }
    if kans.random() < 0.7:
        others = [m for m in run.o.mensen.mensen.values() if m is not t.mens]
        team = [t.mens, *kans.sample(others, kans.randint(1, 3))]
        start["deelnemers"] = [
            {
                "functionaris": m.functionaris,
                "organisatie": m.organisatie,
                "taak": kans.choice(("voert_uit", "ondersteunt")),
            }
            for m in team
        ]
    return start


def add_person(t: Telefoon, controle: UUID, kans: random.Random) -> None:
    """Somebody was found."""
    rol = kans.choice(("sekswerker", "klant", "bewoner", "exploitant"))
    t.record("persoon.aangetroffen", {"controle": controle, "persoon": t.new_id()}, {"rol": rol})


def add_count(t: Telefoon, controle: UUID, kans: random.Random) -> None:
    """Whoever keeps no rows counts; who counts again replaces what he counted."""
    per_rol = {rol: kans.randrange(4) for rol in kans.sample(("sekswerker", "klant", "bewoner"), kans.randint(1, 2))}
    inhoud: dict[str, Any] = {"perRol": per_rol}
    if kans.random() < 0.3:
        inhoud |= {"hulpAangeboden": 2, "hulpPerSoort": {"ggd": kans.randint(0, 2)}, "toestemming": True}
    t.record("telling.vastgelegd", {"controle": controle}, inhoud)


def add_finding(t: Telefoon, controle: UUID, kans: random.Random) -> None:
    """Something was found; the text has what a text can have."""
    tekst = f"{kans.choice(('gezien', 'نص', 'naïef 🚪', 'é'))} {kans.randrange(10**6)}"
    inhoud = {"code": kans.choice(("drugs", "onveilig")), "aard": "feit", "wijze": "waargenomen", "tekst": tekst}
    t.record("bevinding.vastgelegd", {"controle": controle, "bevinding": t.new_id()}, inhoud)


def close_controle(t: Telefoon, controle: UUID, kans: random.Random) -> None:
    """It is over: something was concluded from a finding, now or before, or nothing."""
    choices: list[dict[str, Any]] = [{"uitkomst": "niet_vastgesteld"}, {}]
    if (found := conclusion(t, controle, kans)) is not None:
        choices.append({"overtredingen": [{"id": str(t.new_id()), **found}]})
    if kans.random() < 0.3 and not t.mens.naam.startswith(("pct", "wijkagent")):
        everybody = {"overtredingen": [{"soort": "illegale_prostitutie", "personen": "alle"}]}
        t.record("controle.afgerond", {"controle": controle}, everybody, oud=True)
    else:
        t.record("controle.afgerond", {"controle": controle}, kans.choice(choices))


def conclude(t: Telefoon, controle: UUID, kans: random.Random) -> None:
    """An overtreding before the end, or after it."""
    if (found := conclusion(t, controle, kans)) is not None:
        t.record("overtreding.vastgesteld", {"controle": controle, "overtreding": t.new_id()}, found)


def conclusion(t: Telefoon, controle: UUID, kans: random.Random) -> dict[str, Any] | None:
    """What was concluded from a finding that the phone knows of: about all that were found, some, or a number."""
    findings = sorted({both.split()[1] for ident, _, both, _ in known_findings(t) if ident == str(controle)})
    if not findings:
        return None
    persons = [i.op["onderwerp"]["persoon"] for i in own_ops(t, "persoon.aangetroffen")]
    about: list[dict[str, Any]] = [{}, {}, {"aantal": kans.randint(1, 3)}]
    about += [{"alleen": [kans.choice(persons)]}] if persons else []
    return {"soort": "illegale_prostitutie", "bevindingen": [kans.choice(findings)], **kans.choice(about)}


def known_controles(t: Telefoon) -> list[str]:
    """What the phone can add to: what it pulled, and what it planned or started itself."""
    made = [*own_ops(t, "controle.gestart"), *own_ops(t, "controle.gepland")]
    own = {i.op["onderwerp"]["controle"] for i in made}
    return sorted(own | {ident for collectie, ident in t.documents() if collectie == "controles"})


def own_ops(t: Telefoon, soort: str) -> list[Any]:
    """What was written down on this phone, of one kind."""
    return [i for i in t.journaal.ops.values() if i.telefoon == t.naam and not i.onleesbaar and i.op["soort"] == soort]


@handeling("aanvulling", 12)
async def add(_run: Run, t: Telefoon, kans: random.Random) -> None:
    """More about a controle that the phone knows of."""
    known = known_controles(t)
    for _ in range(kans.randint(1, 4) if known else 0):
        kans.choice((add_person, add_finding, add_count, conclude))(t, UUID(kans.choice(known)), kans)


@handeling("afronding", 2)
async def close(_run: Run, t: Telefoon, kans: random.Random) -> None:
    """Closing what may be closed already, or what somebody else leads."""
    if known := known_controles(t):
        close_controle(t, UUID(kans.choice(known)), kans)


@handeling("tweede_start", 2)
async def start_known(run: Run, t: Telefoon, kans: random.Random) -> None:
    """Two phones start the same controle."""
    start_again(run, t, kans, set(known_controles(t)))


def start_again(run: Run, t: Telefoon, kans: random.Random, which: set[str]) -> None:
    """One of these controles is started once more, where the phone shows that it is."""
    controles = [doc for (_, ident), doc in sorted(t.documents().items()) if ident in which and "locatie" in doc]
    if controles:
        doc = kans.choice(controles)
        onderwerp = {"controle": UUID(doc["id"]), "locatie": UUID(doc["locatie"])}
        t.record("controle.gestart", onderwerp, start_of(run, t, kans))


def known_findings(t: Telefoon) -> list[tuple[str, dict[str, Any], str, str]]:
    """Findings that the phone can correct: (controle, content as it knows it, original op, newest version it knows)."""
    found = {}
    for inzending in own_ops(t, "bevinding.vastgelegd"):
        op = inzending.op
        if op["corrigeert"] is None:
            found[op["opId"]] = (op["onderwerp"]["controle"], op["inhoud"], op["onderwerp"]["bevinding"], op["opId"])
    for (collectie, ident), doc in t.documents().items():
        for item in doc.get("bevindingen", ()) if collectie == "controles" else ():
            tips = [
                c["opId"]
                for c in doc.get("correcties", ())
                if c["registratie"] == item["op"] and c["soort"] != "doorhaling"
            ]
            inhoud = {name: value for name, value in item.items() if name not in GEEN_BEVINDING}
            found[item["op"]] = (ident, inhoud, item["id"], tips[-1] if tips else item["op"])
    return [
        (controle, inhoud, f"{op} {bevinding}", tip) for op, (controle, inhoud, bevinding, tip) in sorted(found.items())
    ]


@handeling("correctie", 10)
async def correct(_run: Run, t: Telefoon, kans: random.Random) -> None:
    """Another text or another outcome, from what the phone knew: two of them from one version differ."""
    if known := known_findings(t):
        correct_finding(t, kans.choice(known), kans)


def correct_finding(t: Telefoon, of: tuple[str, dict[str, Any], str, str], kans: random.Random) -> None:
    """One correction of one of `known_findings`."""
    controle, inhoud, both, tip = of
    original, bevinding = both.split()
    change = kans.choice(
        ({"tekst": f"verbeterd {kans.randrange(10**6)}"}, {"uitkomst": kans.choice(("aangetroffen", "onbekend"))})
    )
    correctie = Correctie(UUID(original), UUID(tip), "verkeerd getypt")
    onderwerp = {"controle": UUID(controle), "bevinding": UUID(bevinding)}
    t.record("bevinding.vastgelegd", onderwerp, {**inhoud, **change}, correctie)


@handeling("doorhaling", 3)
async def strike(_run: Run, t: Telefoon, kans: random.Random) -> None:
    """What should not have been written down; now and then what a colleague wrote."""
    mine = [(i.op["onderwerp"]["controle"], i.op["opId"]) for i in own_ops(t, "persoon.aangetroffen")]
    known = sorted([*mine, *((controle, both.split()[0]) for controle, _, both, _ in known_findings(t))])
    if known:
        controle, op = kans.choice(known)
        t.record("doorhaling", {"controle": UUID(controle)}, {"registratie": op, "reden": "vergissing"})


GEHEEL = (("signaal.gemeld", "signaal"), ("signaal.beoordeeld", "signaal"), ("locatie.vastgelegd", "locatie"))
"""Acts of which little or nothing is left in the document once they are struck."""


@handeling("doorhaling_document", 5)
async def strike_whole(run: Run, t: Telefoon, kans: random.Random) -> str:
    """A signaal, its judgement or a locatie that should not have been recorded; also one that others stand on."""
    if kans.random() < 0.4:
        await mistake(run, t, kans)
    own = [(i.op, kind) for soort, kind in GEHEEL for i in own_ops(t, soort)]
    known = [(op["onderwerp"][kind], op["opId"]) for op, kind in own if not op["corrigeert"]]
    docs = [doc for (collectie, _), doc in sorted(t.documents().items()) if collectie == "signalen"]
    known += [(doc["id"], doc["beoordeling"]["op"]) for doc in docs if "beoordeling" in doc]
    if not known:
        return "niets"
    ident, op = kans.choice(known)
    kind = "locatie" if t.journaal.ops[op].op["soort"].startswith("locatie") else "signaal"
    t.record("doorhaling", {kind: UUID(ident)}, {"registratie": op, "reden": "dubbel vastgelegd"})
    return str(t.journaal.ops[op].op["soort"])


async def mistake(run: Run, t: Telefoon, kans: random.Random) -> None:
    """A locatie that nobody goes to, or a signaal, judged at once perhaps: recorded, and struck perhaps."""
    gemeenten = await run.gemeenten(t.mens)
    if not gemeenten:
        return
    if kans.random() < 0.4:
        record_place(t, t.new_id(), gemeenten, kans)
        return
    await report(run, t, kans)
    signaal = own_ops(t, "signaal.gemeld")[-1].op["onderwerp"]["signaal"]
    if kans.random() < 0.5:
        t.record("signaal.beoordeeld", {"signaal": UUID(signaal)}, {"uitkomst": "onvoldoende"})


def is_police(t: Telefoon) -> bool:
    """Whether its officer is of the police."""
    return t.mens.naam.startswith(("pct", "wijkagent"))


def record_place(t: Telefoon, locatie: UUID, gemeenten: list[str], kans: random.Random) -> None:
    """A place, from an app that says for what (the police for opsporing too) or from an older one that does not."""
    said = kans.choice(("toezicht", "opsporing", None) if is_police(t) else ("toezicht", None))
    inhoud = place(gemeenten, kans) | ({"hoedanigheid": said} if said else {})
    t.record("locatie.vastgelegd", {"locatie": locatie}, inhoud, versie=2 if said else 1)


def place(gemeenten: list[str], kans: random.Random) -> dict[str, Any]:
    """An address, often one that others record too."""
    adres = {"straat": "Havenstraat", "huisnummer": str(kans.randint(1, 4)), "postcode": "3841AB", "plaats": "Veluwe"}
    pand = {"soort": kans.choice(("woning", "hotel")), "feitelijkBewoond": "nee", "gemeente": kans.choice(gemeenten)}
    return {**pand, "adres": adres}


@handeling("melding", 5)
async def report(run: Run, t: Telefoon, kans: random.Random) -> None:
    """A signaal, from the police or with text that only triage may see."""
    gemeenten = await run.gemeenten(t.mens)
    if not gemeenten:
        return
    bronnen = ("overlastmelding", "politie", "meld_misdaad_anoniem", "eigen_waarneming")
    bron = kans.choice(bronnen[: 3 if is_police(t) else 4])  # what an officer of the police saw is theirs already
    text = {"triagetekst" if bron == "meld_misdaad_anoniem" else "tekst": f"melding {kans.randrange(10**6)}"}
    t.record("signaal.gemeld", {"signaal": t.new_id()}, {"bron": bron, "gemeente": kans.choice(gemeenten), **text})


@handeling("signaal_verbeterd", 4)
async def correct_report(_run: Run, t: Telefoon, kans: random.Random) -> None:
    """A signaal turns out to come from the police, or not: others may see it no more, or now they may."""
    known = [i.op for i in own_ops(t, "signaal.gemeld") if not i.op["corrigeert"] and "tekst" in i.op["inhoud"]]
    if known:
        op = kans.choice(known)
        mine = [i.op["opId"] for i in own_ops(t, "signaal.gemeld") if i.op["corrigeert"] == op["opId"]]
        inhoud = {**op["inhoud"], "bron": kans.choice(("politie", "overlastmelding"))}
        basis = kans.choice(([op["opId"], *mine][-1], op["opId"]))  # of what he wrote first, it differs from his second
        correctie = Correctie(UUID(op["opId"]), UUID(basis), "andere bron")
        t.record("signaal.gemeld", {"signaal": UUID(op["onderwerp"]["signaal"])}, inhoud, correctie)


@handeling("beoordeling", 3)
async def judge(_run: Run, t: Telefoon, kans: random.Random) -> None:
    """What becomes of a signaal; two may judge the same."""
    known = sorted(ident for collectie, ident in t.documents() if collectie == "signalen")
    if known:
        inhoud = {"uitkomst": kans.choice(("controle_nodig", "geen_opvolging")), "tekst": f"want {kans.randrange(99)}"}
        t.record("signaal.beoordeeld", {"signaal": UUID(kans.choice(known))}, inhoud)


@handeling("mensenhandelsignaal", 2)
async def report_trafficking(run: Run, t: Telefoon, kans: random.Random) -> None:
    """Writing gives no right to read: the phone erases its copy."""
    gemeenten = await run.gemeenten(t.mens)
    if gemeenten:
        inhoud = {
            "gemeente": kans.choice(gemeenten),
            "soort": "uitbuiting",
            "indicatoren": [{"code": "angst", "bron": "waargenomen"}],
        }
        t.record("mensenhandelsignaal.vastgelegd", {"mensenhandelsignaal": t.new_id()}, inhoud)


@handeling("sync", 22)
async def sync(_run: Run, t: Telefoon, kans: random.Random) -> str:
    """Deliver and fetch, in pages of any size."""
    t.lijn.bladzijde = kans.choice((None, None, 1, 2, 7))
    if t.lijn.bladzijde == 1:
        t.journaal.note("kleine_bladzijden")
    return await t.sync()
