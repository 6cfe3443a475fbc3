"""One booking in progress, and what its writer hears."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from app.access.actor import Actor
from app.services.boeken.ondertekening import Ondertekenaar
from app.services.boeken.oordeel import ZONDER_MEER, Waarom
from app.services.boeken.quarantaine import Ingehouden
from app.services.boeken.voortgang import Voortgang
from app.services.kluis.operatie import Operatie
from app.services.kluis.toevoegen import Regel, SyncOp
from app.services.vouwen.vouwer import Vouwer
from app.vocabulary import Code, Status

NO_ID = UUID(int=0)
"""Stands in `botst_met` for an operation that carried no usable id."""


@dataclass(slots=True)
class Uitslag:
    """What the writer hears about one operation."""

    op_id: UUID | None
    status: Status
    code: Code | None = None
    pos: int | None = None
    leaf_hash: bytes | None = None
    vlaggen: tuple[str, ...] = ()
    eerste: "Uitslag | None" = None
    wissen: bool = False
    wacht_op_bijlagen: list[UUID] = field(default_factory=list)
    waarom: Waarom = ZONDER_MEER


class Bewaard(NamedTuple):
    """What is stored of an entry that was booked before: enough to say whether something else is the same."""

    pos: int
    op: UUID
    leaf: bytes
    zouten: bytes | None
    omslag: bytes | None
    oordeel: bytes


@dataclass(slots=True)
class Boeking:
    """One call in progress. `eerdere` holds the first outcomes of ids and sequence numbers seen before."""

    raw: Any
    actor: Actor
    nu: datetime
    vlaggen: tuple[str, ...]
    klokafwijking_ms: int | None
    vouwer: Vouwer
    origin: str = ""
    toestel: Ondertekenaar = field(default_factory=Ondertekenaar)
    voortgang: Voortgang | None = None
    geduld: timedelta | None = None
    """How long something may wait, where that is shorter than it always is."""
    gedeeld: dict[str, Any] = field(default_factory=dict)
    eerdere: dict[UUID, SyncOp] = field(default_factory=dict)
    botsingen: dict[UUID, list[SyncOp]] = field(default_factory=dict)
    volgnummers: dict[int, set[UUID]] = field(default_factory=dict)
    kluis: dict[int, Bewaard] = field(default_factory=dict)
    gezien: dict[UUID, list[tuple[Operatie, Uitslag]]] = field(default_factory=dict)
    regels: list[tuple[Regel, Uitslag]] = field(default_factory=list)
    sync_ops: dict[UUID, SyncOp] = field(default_factory=dict)
    ingehouden: dict[UUID, Ingehouden] = field(default_factory=dict)
    """What decisions in this call take in from quarantine, by op."""
