"""The examples of the contract are taken from the demo, and hold as long as it says the same."""

import json

from app.openapi.voorbeelden import FILE
from app.postgres import Server
from tests.conftest import own_database, serving
from tests.hulp.contractvoorbeelden import live_on
from tests.hulp.gespeeld_jaar import Demo
from tests.hulp.opname import names_in


async def test_the_examples_of_the_contract_are_what_it_says_today(gespeeld_jaar: Demo, server: Server) -> None:
    """Each field of each example went over the line now, in the year or the days after it.

    Broken: `"thema": "prostitutie"` in voorbeelden.json made `"themas"`. Then: `make voorbeelden`.
    """
    opname = gespeeld_jaar.opname
    assert opname is not None
    source = gespeeld_jaar.database.app_url.rpartition("/")[2]
    async with own_database(server, source) as database, serving(database, gespeeld_jaar.home) as http:
        await live_on(gespeeld_jaar, http, opname)
    told = json.loads(FILE.read_text())
    said = {name: {*names_in([*example.values()])} for name, example in told.items()}
    strange = {name: sorted(fields - opname.said.get(name, set())) for name, fields in said.items()}
    assert {name: fields for name, fields in strange.items() if fields} == {}
    assert told.keys() == opname.taken.keys()
