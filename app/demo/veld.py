"""The year in the field: devices that record without a network and deliver later, faults included."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import httpx

from app.demo.gegevens import Gegevens, Kenmerken, find
from app.demo.verhaal import (
    NA_AFLOOP,
    Vastlegging,
    call_off,
    close_controle,
    judge_signaal,
    leave_open,
    minutes_after,
    plan_controle,
    start_controle,
    tell_signaal,
    work_inside,
)
from veldboek_client.storing import Storing
from veldboek_client.toestel import Toestel
from veldboek_client.verbinding import Verbinding

PUSH: Final = "/v1/sync/push"
TWEE_KEER: Final = {"C1": "boa-1", "C3": "wijkagent-1"}
"""In these controles this device's push arrives two times."""
AFGEBROKEN: Final = {"C7": "pct-2"}
"""Here the connection of this device is cut after the server had booked its push."""
ACHTERSTEVOREN: Final = frozenset({"C4"})
"""Here the coördinator planned without a network too, and his last batch arrives first."""
TE_VROEG: Final = {"C6": "boa-1"}
"""Here this device delivers before the coördinator's, so before the controle is known."""


class DemoMislukt(RuntimeError):
    """Something in the story was not simply accepted; then the figures would not hold."""


@dataclass(slots=True)
class Veld:
    """Everybody of the story: devices with faults to order, desks, and ids."""

    gegevens: Gegevens
    ids: Kenmerken
    toestellen: dict[str, Toestel]
    storingen: dict[str, Storing]
    bureaus: dict[str, Verbinding]
    personen_apart: bool = False
    """Whether the municipality keeps rows about persons: off, as everywhere unless somebody records a ground."""
    gekend: set[str] = field(default_factory=set)
    """The locations that were recorded."""

    def record(self, acts: Iterable[Vastlegging]) -> None:
        """Write down, each on its own device. Needs no network."""
        for act in acts:
            self.toestellen[act.door].record(
                act.soort,
                act.onderwerp,
                act.inhoud,
                waargenomen_op=act.waargenomen_op,
                vastgelegd_op=minutes_after(act.waargenomen_op, 1),
                versie=act.versie,
                bijlagen=act.bijlagen,
            )

    async def deliver(self, sleutel: str) -> Counter[str]:
        """Sync one device, again when the connection broke; all that it recorded must be accepted."""
        toestel = self.toestellen[sleutel]
        try:
            done = await toestel.sync()
        except httpx.TransportError:
            done = Counter({"afgebroken": 1}) + await toestel.sync()
        for outcome in toestel.opslag.outcomes():
            if outcome.status != "accepted":
                raise DemoMislukt(f"{sleutel}: {outcome.status} ({outcome.code})")
        return done


async def play_signaal(veld: Veld, signaal: Gegevens) -> str:
    """Somebody reports; the regisseur judges."""
    locatie = find(veld.gegevens["locaties"], signaal["locatie"])
    told = tell_signaal(signaal, locatie, veld.ids, known=locatie["sleutel"] in veld.gekend)
    veld.gekend.add(locatie["sleutel"])
    veld.record(told)
    await veld.deliver(told[0].door)
    veld.record([judge_signaal(signaal, veld.ids)])
    await veld.deliver("regisseur-1")
    return f"Signaal {signaal['sleutel']} ({signaal['bron']}), gemeld door {told[0].door}: controle nodig."


async def play_plan(veld: Veld, controle: Gegevens) -> str:
    """The coördinator plans; the others find it on their devices, except where the story says otherwise."""
    veld.record([plan_controle(controle, veld.ids)])
    if controle["sleutel"] in ACHTERSTEVOREN or controle["sleutel"] in TE_VROEG:
        return f"Controle {controle['sleutel']} gepland, nog zonder verbinding."
    await veld.deliver(controle["coordinator"])
    await _others_read(veld, controle, "gepland")
    return f"Controle {controle['sleutel']} gepland; de deelnemers zien haar op hun toestel."


async def play_afgelasting(veld: Veld, controle: Gegevens) -> str:
    """The coördinator calls it off; whoever would come reads so on his device before he goes."""
    veld.record([call_off(controle, veld.ids)])
    await veld.deliver(controle["coordinator"])
    await _others_read(veld, controle, "afgelast")
    return f"Controle {controle['sleutel']} afgelast ({controle['reden'].replace('_', ' ')}); zij telt niet mee."


async def _others_read(veld: Veld, controle: Gegevens, status: str) -> None:
    """The other participants sync, and their devices show the controle so."""
    ident = str(veld.ids(controle["sleutel"]))
    for sleutel in _others(controle):
        await veld.deliver(sleutel)
        found = veld.toestellen[sleutel].opslag.documents("controles").get(ident, {}).get("status")
        if found != status:
            raise DemoMislukt(f"{sleutel} ziet controle {controle['sleutel']} als {found}, niet als {status}")


async def play_controle(veld: Veld, controle: Gegevens) -> str:
    """At the door nobody has a network. Afterwards all deliver, and the coördinator closes."""
    sleutel, coordinator = controle["sleutel"], controle["coordinator"]
    veld.record(
        [start_controle(controle, veld.ids), *work_inside(controle, veld.ids, personen_apart=veld.personen_apart)]
    )
    done: Counter[str] = Counter()
    if sleutel in TE_VROEG:
        done += await veld.toestellen[TE_VROEG[sleutel]].push()
    if sleutel in ACHTERSTEVOREN:
        done += await veld.toestellen[coordinator].push(per_keer=3, achterstevoren=True)
    if sleutel in TWEE_KEER:
        veld.storingen[TWEE_KEER[sleutel]].send_twice(PUSH)
    if sleutel in AFGEBROKEN:
        veld.storingen[AFGEBROKEN[sleutel]].cut_after_commit(PUSH)
    for each in (coordinator, *_others(controle)):
        done += await veld.deliver(each)
    _expect_faults(sleutel, done)
    veld.record([close_controle(controle, veld.ids)])
    done += await veld.deliver(coordinator)
    found, devices = len(controle["personen"]), len(controle["deelnemers"])
    people = "1 persoon" if found == 1 else f"{found or 'geen'} personen"
    return f"Controle {sleutel}: {people} aangetroffen, {devices} toestellen. {_tell(done)}"


def _others(controle: Gegevens) -> list[str]:
    return [sleutel for sleutel in controle["deelnemers"] if sleutel != controle["coordinator"]]


async def play_open_ends(veld: Veld) -> str:
    """What waits for somebody when the year is over, so that those lists are not empty."""
    veld.record(leave_open(veld.ids))
    done = await veld.toestellen[NA_AFLOOP].sync()
    if done != Counter(accepted=1, quarantined=1):
        raise DemoMislukt(f"{NA_AFLOOP}: {dict(done)}")
    return f"{NA_AFLOOP} meldt nog een signaal, met een foto die nog komt, en een uit Ermelo: dat wacht op een besluit."


def _expect_faults(sleutel: str, done: Counter[str]) -> None:
    """A fault that was ordered but did not happen shows nothing."""
    wanted = {
        "duplicate": sleutel in TWEE_KEER or sleutel in AFGEBROKEN,
        "deferred": sleutel in TE_VROEG or sleutel in ACHTERSTEVOREN,
        "afgebroken": sleutel in AFGEBROKEN,
    }
    missing = [status for status, ordered in wanted.items() if ordered and not done[status]]
    if missing:
        raise DemoMislukt(f"controle {sleutel}: {', '.join(missing)} bleef uit")


def _tell(done: Counter[str]) -> str:
    words = {
        "accepted": "{} geboekt",
        "duplicate": "{} twee keer ontvangen en één keer geboekt",
        "deferred": "{} kwamen eerst te vroeg",
        "afgebroken": "verbinding {} keer afgebroken",
    }
    return ", ".join(text.format(done[status]) for status, text in words.items() if done[status]) + "."


async def check_devices(veld: Veld) -> None:
    """The server itself says of every device that it delivered everything (`deviceAck`)."""
    for sleutel, toestel in veld.toestellen.items():
        ack = (await toestel.shake_hands())["deviceAck"]
        if ack != {"contiguousThrough": toestel.opslag.last_seq, "missing": []}:
            raise DemoMislukt(f"{sleutel} leverde niet alles af: {ack}")
