"""Recording from a desk: the same `boek()`, but a broken rule is a problem at once and nothing is stored."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.problems import (
    GeenRecht,
    IdAndereInhoud,
    KenmerkBestaat,
    NietGevonden,
    OngeldigVerzoek,
    Problem,
    RegelGeschonden,
    TeGroot,
)
from app.registraties.act import Act
from app.services.boeken.beloofd import name_missing
from app.services.boeken.boeking import Uitslag
from app.services.boeken.overnieuw import boek_with_retry
from app.services.kluis.operatie import read_operatie
from app.vocabulary import Code, Status

_PROBLEMS: dict[Code, type[Problem]] = {
    Code.RECHT_ONTBREEKT: GeenRecht,
    Code.REGEL_GESCHONDEN: RegelGeschonden,
    Code.KENMERK_BESTAAT: KenmerkBestaat,
    Code.VOORGANGER_ONTBREEKT: NietGevonden,
    Code.ONDERWERP_ONBEKEND: NietGevonden,
    Code.ID_ANDERE_INHOUD: IdAndereInhoud,
    Code.TE_GROOT: TeGroot,
}


async def record(
    session: AsyncSession,
    actor: Actor,
    act: Act,
    op_id: UUID,
    onderwerp: dict[str, str],
    velden: dict[str, Any],
    *,
    nu: datetime,
) -> Uitslag:
    """Book one act; `velden` are `waargenomenOp`, `inhoud` and the optional parts, exactly as sent.

    A repeat of `op_id` returns the first outcome. Raises the problem that fits the verdict.
    """
    op = {"opId": str(op_id), "soort": act.soort, "versie": act.versie, **velden, "onderwerp": onderwerp}
    operatie = read_operatie(op)
    uitslagen, _ = await boek_with_retry(session, actor, [operatie], nu=nu, check=refuse)
    await name_missing(session, actor, [operatie], uitslagen)
    return uitslagen[0].eerste or uitslagen[0]


def refuse(uitslagen: Sequence[Uitslag]) -> None:
    """Turn a verdict that a device would hear later into the problem that somebody online hears now."""
    for uitslag in uitslagen:
        first = uitslag.eerste or uitslag
        if first.status in (Status.QUARANTINED, Status.DEFERRED, Status.REJECTED):
            assert first.code is not None  # noqa: S101  # every refusal has one
            uitleg, weigering, fouten = first.waarom
            if weigering is not None:
                raise RegelGeschonden(uitleg, **weigering)
            kind = _PROBLEMS.get(first.code, OngeldigVerzoek)
            extra: dict[str, Any] = {"fouten": [*fouten]} if fouten else {}
            raise kind(uitleg or "Het verzoek kan niet worden verwerkt.", **extra)
