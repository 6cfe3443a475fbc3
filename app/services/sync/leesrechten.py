"""What somebody may pull, as data: so that a change can be answered with exactly the difference.

A cursor names the rights it was given under by their digest. They are kept, once per distinct set, because only
with the rights of then can be told which documents a device holds and may hold no longer.
"""

import hashlib
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from app.access.actor import Actor
from app.access.beleid import BLIJFT, scopes_for
from app.access.bereik import PER_GEMEENTE, kinds_of
from app.access.zicht import held, spelled
from app.models.base import Leesmodel
from app.services.sync.collecties import COLLECTIES, permission


@dataclass(frozen=True, slots=True)
class Leesrechten:
    """The rights of one person: pairs of scope and collection in the feed, in municipalities, through masks.

    `scopes` and `collecties` run parallel. `gevraagd` are the collections asked for, `maskers` what decides
    which parts are shown, per collection in the feed.
    """

    functionaris: str
    gevraagd: list[str]
    gemeenten: list[str]
    scopes: list[str]
    collecties: list[str]
    maskers: dict[str, list[str]]
    digest: str = field(default="", compare=False)

    def remasked(self, earlier: "Leesrechten") -> list[str]:
        """The collections that are shown otherwise than under `earlier`."""
        return [name for name, fields in self.maskers.items() if earlier.maskers.get(name) != fields]


def rights_of(actor: Actor, gevraagd: Collection[str]) -> Leesrechten:
    """What `actor` may pull of the collections `gevraagd`, now. Once his role has ended that is his own receipts."""
    pairs = sorted(
        (scope, model.collectie)
        for name in gevraagd
        for model in COLLECTIES[name]
        for scope in scopes_for(actor, permission(model))
        if actor.actief or permission(model) in BLIJFT
    )
    models = {model.collectie: model for name in gevraagd for model in COLLECTIES[name]}
    shown = sorted({collectie for _, collectie in pairs})
    rights: dict[str, Any] = {
        "functionaris": str(actor.functionaris),
        "gevraagd": sorted(gevraagd),
        "gemeenten": sorted(actor.gemeenten) if actor.actief else [],
        "scopes": [scope for scope, _ in pairs],
        "collecties": [collectie for _, collectie in pairs],
        "maskers": {collectie: parts_shown(actor, models[collectie]) for collectie in shown},
    }
    digest = hashlib.sha256(orjson.dumps(rights)).hexdigest()[:16]
    return Leesrechten(**rights, digest=digest)


def parts_shown(actor: Actor, model: type[Leesmodel]) -> list[str]:
    """What decides which parts of a document `actor` is shown: two that are equal show the same of every document.

    The rows of his role, and which scopes he holds as a person and as an organisation. Those of a municipality are not
    among them: a document is shown to him by those of its own, or not at all.
    """
    collectie, door = model.collectie, permission(model)
    own = (each for each in held(actor, collectie, door) if not kinds_of([each]) <= PER_GEMEENTE)
    return [*spelled(actor.rol, collectie, door), *sorted(own)]


NIETS = ""
"""The digest of no rights at all, for a device of which nothing is assumed any more."""


async def remember(raw: Any, rights: Leesrechten) -> None:
    """Keep `rights` for as long as somebody may come back with a cursor that names them.

    When the same is kept by another request at this moment, this one waits for its commit and is then told that
    its snapshot is older: the row is there, and that is all that was wanted.
    """
    kept = {name: value for name, value in asdict(rights).items() if name != "digest"}
    with suppress(asyncpg.SerializationError):
        async with raw.transaction():  # a savepoint
            await raw.execute(
                "INSERT INTO bedrijf.leesrecht (digest, functionaris, rechten) VALUES ($1, $2, $3::text::jsonb)"
                " ON CONFLICT (digest) DO NOTHING",
                rights.digest,
                UUID(rights.functionaris),
                orjson.dumps(kept).decode(),
            )


async def recall(raw: Any, actor: Actor, digest: str) -> Leesrechten | None:
    """The rights that `actor` was given a cursor under; None for what was never given to him."""
    if digest == NIETS:
        return Leesrechten(str(actor.functionaris), [], [], [], [], {})
    found = await raw.fetchval(
        "SELECT rechten::text FROM bedrijf.leesrecht WHERE digest = $1 AND functionaris = $2",
        digest,
        actor.functionaris,
    )
    return Leesrechten(**orjson.loads(found), digest=digest) if found is not None else None
