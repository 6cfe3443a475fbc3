"""The feed: what readers are told of documents, per scope. A row is where a document last changed, or left."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from app.services.kluis.setsql import as_json


class Melding(NamedTuple):
    """A feed row in the making: where in this run the document last changed, and where it first came into the scope."""

    volgnr: int
    op: str
    gemeente: str | None
    eerste: int


@dataclass(slots=True)
class Meldingen:
    """What is to be told of a run of entries, by document (collection and id) and scope."""

    over: dict[tuple[str, UUID], dict[str, Melding]] = field(default_factory=dict)

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
        told = self.over.setdefault((collectie, ident), {})
        for scope in before | after:
            eerste = told[scope].eerste if scope in told else volgnr
            told[scope] = Melding(volgnr, "upsert" if scope in after else "revoke", gemeente, eerste)

    def as_json(self) -> str:
        """The feed rows as JSON; positions are places in this run, counted from 1, still to be added to the head."""
        rows = [
            {
                "scope": scope,
                "collectie": collectie,
                "id": ident,
                "pos": melding.volgnr + 1,
                "op": melding.op,
                "gemeente": melding.gemeente,
                "eerste": melding.eerste + 1,
            }
            for (collectie, ident), told in self.over.items()
            for scope, melding in told.items()
        ]
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
