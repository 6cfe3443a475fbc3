"""What a list is asked has an index behind it, as long as the list can be long.

That an index is made as its model says, `make check` holds; here stands which there have to be.
"""

from collections import defaultdict
from typing import Any

import asyncpg

from app.postgres import Server
from app.registraties.lezing import ADRES, ID, POSTCODE, column_of
from app.services.sync.collecties import LIJSTEN, Collectie
from tests.hulp.antwoorden import contract

KEYS = """
SELECT t.relname, array(SELECT pg_get_indexdef(i.indexrelid, n, true) FROM generate_series(1, i.indnkeyatts) n) AS keys
FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid WHERE t.relnamespace = 'lees'::regnamespace
"""
SHORT = {"accounts", "functionarissen", "grondslagen-bijzonder", "organisaties", "roltoewijzingen", "toestellen"}
"""As long as there are people and devices: all are read."""
Keys = list[list[str]]


def few(collectie: Collectie, name: str) -> bool:
    """Whether a filter asks for one of some words, so for a good part of a municipality: found along the order."""
    shared = contract()["components"]["parameters"]
    given = contract()["paths"][f"/{collectie.pad}"]["get"]["parameters"]
    found = [shared.get(each.get("$ref", "").rpartition("/")[2], each) for each in given]
    schema: dict[str, Any] = next(each["schema"] for each in found if each["name"] == name)
    schema = contract()["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)
    return schema.get("type") == "boolean" or bool({"enum", "anyOf"} & schema.keys())


def has_index(collectie: Collectie, name: str, indexes: Keys) -> bool:
    """Whether one of the indexes finds what a filter asks."""
    if name in {ADRES, POSTCODE}:
        return any("jsonb_to_tsvector" in first for first, *_ in indexes)
    own = column_of(name)
    return any(own == first for first, *_ in indexes) or (own != "gemeente" and few(collectie, name))


def lacks(collectie: Collectie, indexes: Keys) -> list[str]:
    """What of a list can be asked without an index."""
    order = "volgorde" if collectie.lijst.volgorde else ID
    found = [] if any(keys[:2] == ["gemeente", order] for keys in indexes) else [f"sorteer={order}"]
    found += [f"sorteer={n}" for n in collectie.lijst.sorteer if not any(column_of(n) in keys for keys in indexes)]
    return found + [name for name in collectie.lijst.filters if not has_index(collectie, name, indexes)]


async def test_what_a_list_is_asked_has_an_index(database: Server) -> None:
    """Broken, as dropped by a migration: signaal_volgorde, signaal_adres, signaal_kenmerk, controle_locatie,

    maatregel_einde, locatie_gemeente.
    """
    connection = await asyncpg.connect(database.beheer_url)
    indexes: dict[str, Keys] = defaultdict(list)
    for table, keys in await connection.fetch(KEYS):
        indexes[table].append(keys)
    await connection.close()
    lacking = {each.pad: lacks(each, indexes[str(each.model.__tablename__)]) for each in LIJSTEN}
    bare = {pad: asked for pad, asked in lacking.items() if asked and pad not in SHORT}
    assert bare == {}, "no index for this list and this filter or order: add one to its model, and in a migration"
    assert lacking.keys() > SHORT
    assert len(lacking) - len(SHORT) > 6
