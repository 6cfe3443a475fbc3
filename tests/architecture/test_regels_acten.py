"""Rules over the registry: every act is sealed, guarded, folded and rebuilt, without anybody naming it."""

import fnmatch
import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import pytest
from sqlmodel import SQLModel

from app.access.beleid import BELEID, PERMISSIES
from app.models.base import Leesmodel
from app.registraties.act import ANY_AGGREGAAT, Act, Inhoud
from app.registraties.register import ACTEN, AGGREGATEN
from app.services.beheer import herbouw
from app.services.kluis.verzegelen import ONLEESBAAR
from app.services.lezen import cijfers
from app.services.sync.collecties import COLLECTIES, LIJSTEN, Collectie, lists
from app.vocabulary import Sectie

FOR_FEW = {
    "mensenhandelsignaal.vastgelegd": {"soort", "indicatoren", "mogelijkMinderjarig", "tekst"},
    "signaal.gemeld": {"triagetekst", "advertentie"},
}
"""Fields that are shown to few: they are sealed in the sections that are shown, and destroyed, apart."""


def lees_tables() -> set[str]:
    return {table.name for table in SQLModel.metadata.tables.values() if table.schema == "lees"}


@pytest.mark.parametrize("act", ACTEN.values(), ids=ACTEN.keys())
def test_an_act_is_whole(act: Act) -> None:
    assert act.permissie in PERMISSIES
    assert act.titel.endswith(".")
    assert act.pad is None or act.pad.startswith("/")
    sections = act.inhoud.sections()
    assert sections.keys() == {info.alias for info in act.inhoud.model_fields.values()}
    assert all(isinstance(sectie, Sectie) and sectie is not Sectie.OMSLAG for sectie in sections.values())
    assert "redenCorrectie" not in sections, "that name is taken, in section tekst"
    if act.aggregaat != ANY_AGGREGAAT:
        assert next(iter(act.onderwerp)) == act.aggregaat
        assert {kind for kind in act.onderwerp.values() if kind} <= AGGREGATEN.keys()
    assert act.optioneel <= act.onderwerp.keys() - {act.aggregaat}
    assert act.inhoud.model_config["extra"] == "forbid"
    assert act.inhoud.model_config["hide_input_in_errors"]


WITH_HISTORY = [(act, n) for act in ACTEN.values() for n in range(1, act.versie)]


def samples(schema: dict[str, Any], defs: dict[str, Any]) -> list[Any]:
    """Two or more different values of one payload field."""
    if "$ref" in schema:
        return samples(defs[schema["$ref"].rpartition("/")[2]], defs)
    if "anyOf" in schema:
        return [value for each in schema["anyOf"] if each.get("type") != "null" for value in samples(each, defs)]
    if "enum" in schema:
        return list(schema["enum"])
    of_type: dict[str, list[Any]] = {
        "boolean": [True, False],
        "integer": [1, 2],
        "string": ["een", "twee"],
        "object": [{"een": 1}, {}],
    }
    if schema["type"] == "array":
        return [[value] for value in samples(schema["items"], defs)]
    if "properties" in schema:
        parts = {name: samples(field, defs) for name, field in schema["properties"].items()}
        return [{name: values[n] for name, values in parts.items()} for n in (0, 1)]
    return of_type[schema["type"]]


@pytest.mark.parametrize(("act", "versie"), WITH_HISTORY, ids=[f"{act.soort}-{n}" for act, n in WITH_HISTORY])
def test_an_upcaster_drops_nothing(act: Act, versie: int) -> None:
    """Whatever a field said can still be told from the outcome, field by field; absent fields are taken.

    Broken: `from_1` of a bevinding that maps both answers to one, or leaves the field out.
    """
    earlier = act.eerdere[versie - 1]
    schema = earlier.inhoud.model_json_schema(by_alias=True)
    assert schema["properties"]
    following = set(act.schema(versie + 1).sections())
    for name, field in schema["properties"].items():
        values = samples(field, schema.get("$defs", {}))
        assert len(values) > 1, name
        outcomes = [earlier.omzetten({}), *(earlier.omzetten({name: value}) for value in values)]
        assert all(outcome.keys() <= following for outcome in outcomes), name
        assert len({repr(sorted(outcome.items())) for outcome in outcomes}) == len(outcomes), name
        given = {name: values[0]}
        earlier.omzetten(given)
        assert given == {name: values[0]}, "an upcaster is pure"


@pytest.mark.parametrize("act", ACTEN.values(), ids=ACTEN.keys())
def test_every_version_of_an_act_is_declared_whole(act: Act) -> None:
    """Versions count from 1 without a gap; each has its own fields, each in a section, in the one it was sealed in."""
    assert act.versie == len(act.eerdere) + 1
    newest = act.secties
    for n in range(1, act.versie + 1):
        schema = act.schema(n)
        assert schema.model_config["extra"] == "forbid"
        moved = {name for name, sectie in schema.sections().items() if newest.get(name, sectie) is not sectie}
        assert not moved, "a field that moves to another section needs another name"
    for n in (0, act.versie + 1):
        with pytest.raises(LookupError):
            act.schema(n)
    assert all(earlier.anders.endswith(".") for earlier in act.eerdere)


def test_there_is_an_act_with_history() -> None:
    assert WITH_HISTORY


def test_the_protocol_says_what_each_version_lacked() -> None:
    """The table of versions in docs/sync.md. Broken: a row away; a version 3 of an act that is not in it."""
    page = (Path(__file__).parents[2] / "docs" / "sync.md").read_text(encoding="utf-8")
    table = page.partition("| soort | version | what the next one changed |\n")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (`[^|]+`) \| (\d+) \| \S", table, re.MULTILINE)
    named = [(name, int(versie)) for names, versie in rows for name in re.findall("`(.+?)`", names)]
    told = [(soort, versie) for name, versie in named for soort in fnmatch.filter(ACTEN, name)]
    earlier = {(act.soort, n) for act, n in WITH_HISTORY}
    assert earlier - set(told) == set(), "add a row for these versions to the table in docs/sync.md"
    assert sorted(told) == sorted(earlier), "the table in docs/sync.md has a row twice, or of a version that is not"


@pytest.mark.parametrize("collectie", [each for each in LIJSTEN if each.lijst.volgorde], ids=lambda each: each.pad)
def test_a_list_declares_the_order_of_its_table(collectie: Collectie) -> None:
    """The start says so. Broken: `"venster.van"` out of the volgorde of controles; the LookupError out of `lists`."""
    of = collectie.lijst
    for order in (of.volgorde[:-1], (*of.volgorde, "id")):
        other = type("Anders", (collectie.document,), {"lijst": replace(of, volgorde=order)})
        with pytest.raises(LookupError, match=f"the list {collectie.pad} declares the order"):
            lists({collectie.model.collectie: other})
    other = type("Anders", (collectie.document,), {"lijst": replace(of, duurt_tot="venster.einde")})
    with pytest.raises(LookupError, match=r"is asked for venster\.einde"):
        lists({collectie.model.collectie: other})


def test_the_walk_found_the_chain() -> None:
    assert len(ACTEN) > 30
    assert AGGREGATEN.keys() >= {"signaal", "locatie", "controle", "rapportage", "maatregel", "mensenhandelsignaal"}
    online = [act.pad for act in ACTEN.values() if act.pad is not None]
    assert len(set(online)) == len(online)
    assert len(online) < len(ACTEN), "some only the server books"
    written = {act.aggregaat for act in ACTEN.values()} - {ANY_AGGREGAAT}
    assert written == AGGREGATEN.keys()


def test_a_field_without_a_section_stops_the_start() -> None:
    class Los(Inhoud):
        met: Annotated[str, Sectie.ZAAK]
        zonder: str

    with pytest.raises(TypeError, match=r"Los\.zonder has no section"):
        Los.sections()


def test_text_and_what_few_may_read_lie_in_sections_of_their_own() -> None:
    for soort, fields in FOR_FEW.items():
        sections = ACTEN[soort].secties
        assert {name for name, sectie in sections.items() if sectie in {Sectie.MENSENHANDEL, Sectie.MELDER}} == fields
    assert ONLEESBAAR is Sectie.MENSENHANDEL
    named = {name: sectie for act in ACTEN.values() for name, sectie in act.secties.items() if "tekst" in name}
    assert set(named.values()) <= {Sectie.TEKST, Sectie.MELDER, Sectie.MENSENHANDEL}
    assert ACTEN["persoon.aangetroffen"].secties == {"rol": Sectie.PERSOON, "hoedanigheid": Sectie.ZAAK}


def test_everything_folded_is_rebuilt() -> None:
    tables = lees_tables()
    assert len(tables) > 10
    assert set(herbouw.TABLES) == tables
    assert len(herbouw.TABLES) == len(tables)


def test_every_document_hangs_behind_the_one_door() -> None:
    """A read model has a permission of its own, is listed or pulled, and no other code names its table."""
    models = {model for model in Leesmodel.__subclasses__() if model.__tablename__ in lees_tables()}
    assert len(models) > 10
    listed = {collectie.model for collectie in LIJSTEN}
    pulled = {model for group in COLLECTIES.values() for model in group}
    assert models == listed | pulled
    assert pulled < listed
    assert callable(cijfers.count)


def test_the_policy_is_rows_without_doubles_and_without_code() -> None:
    pairs: list[Any] = [(rol, row.permissie) for row in BELEID for rol in row.rollen]
    assert len(pairs) > 150
    assert len(pairs) == len(set(pairs)), "two rows give one role one permission: which of them counts?"
    assert all(row.bereik for row in BELEID)
    used = {act.permissie for act in ACTEN.values()}
    reading = {p for p in PERMISSIES if p.rpartition(":")[2] in {"zien", "verwijzen", "inzien", "raadplegen"}}
    assert used | reading | {"sync:uitwisselen"} == PERMISSIES
