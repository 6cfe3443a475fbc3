"""The feed: what readers are told of documents, per scope. A row is where a document last changed, or left.

Only in the scopes by which somebody may pull: who opens another kind in the policy has the feed made again
(`veldboek herbouw`).
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.access.beleid import kinds_for
from app.registraties.register import DOCUMENTEN, permission_to_pull
from app.services.kluis.setsql import as_json

GEVOED = {
    collectie: frozenset(str(kind) for kind in kinds_for(permissie))
    for collectie in DOCUMENTEN
    if (permissie := permission_to_pull(collectie)) is not None
}
"""Collection → the kinds of scope by which somebody may pull it."""


@dataclass(slots=True)
class Melding:
    """What is to be told of one document: where it lies, in which scopes, and since which place of the run."""

    gemeente: str | None = None
    volgnr: int = 0
    nu: frozenset[str] = frozenset()
    weg: dict[str, tuple[int, str | None]] = field(default_factory=dict)
    """The scopes that it left: at which place of the run, and in which municipality it lay there."""
    eerste: dict[str, int] = field(default_factory=dict)
    """Of each scope where the run first told of it."""


@dataclass(slots=True)
class Meldingen:
    """What is to be told of a run of entries, by document (collection and id)."""

    over: dict[tuple[str, UUID], Melding] = field(default_factory=dict)

    def announce(
        self,
        collectie: str,
        ident: UUID,
        before: frozenset[str],
        after: frozenset[str],
        volgnr: int,
        gemeente: str | None,
    ) -> None:
        """A document was seen in the scopes `before` and is now in those `after`, since place `volgnr` of the run."""
        told = self.over.setdefault((collectie, ident), Melding())
        told.gemeente, told.volgnr = gemeente, volgnr
        if before == after == told.nu:
            return
        for scope in before | after:
            told.eerste.setdefault(scope, volgnr)
        told.weg |= dict.fromkeys((before | told.nu) - after, (volgnr, gemeente))
        told.nu = after

    def as_json(self) -> str:
        """The feed rows as JSON; positions are places in this run, counted from 1, still to be added to the head."""
        rows = []
        for (collectie, ident), told in self.over.items():
            for scope, eerste in told.eerste.items():
                if scope.partition(":")[0] not in GEVOED.get(collectie, ()):
                    continue
                here = scope in told.nu
                volgnr, gemeente = (told.volgnr, told.gemeente) if here else told.weg[scope]
                rows.append(
                    {
                        "scope": scope,
                        "collectie": collectie,
                        "id": ident,
                        "pos": volgnr + 1,
                        "op": "upsert" if here else "revoke",
                        "gemeente": gemeente,
                        "eerste": eerste + 1,
                    }
                )
        return as_json(rows)

    async def write(self, raw: Any, base: int) -> None:
        """Put the feed rows down for a run whose first entry stands at position `base` + 1."""
        if self.over:
            await raw.execute(put_feed("$2"), base, self.as_json())


def put_feed(rows: str) -> str:
    """The statement that puts feed rows down; `rows` names the parameter with their JSON.

    Positions in it are counted from $1. Where a document first came into a scope is never forgotten.
    """
    return f"""
    INSERT INTO lees.feed (scope, collectie, id, pos, op, gemeente, eerste)
    SELECT scope, collectie, id, $1::bigint + pos, op, gemeente, $1::bigint + eerste
    FROM jsonb_to_recordset({rows}::text::jsonb)
        AS f(scope varchar, collectie varchar, id uuid, pos bigint, op varchar, gemeente varchar, eerste bigint)
    ON CONFLICT (scope, collectie, id) DO UPDATE SET pos = excluded.pos, op = excluded.op, gemeente = excluded.gemeente
    """  # noqa: S608  # a parameter's name of our own
