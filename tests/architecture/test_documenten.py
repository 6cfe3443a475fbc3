"""A document declares itself: what is shown has a section, and nobody names what no document has.

That every folded document fits its class, whole and as each role sees it, is held after every test of the API
(tests/hulp/documenten.py); here that such a check can fail.
"""

from pathlib import Path
from typing import Annotated
from uuid import UUID, uuid4

import pytest
import yaml
from pydantic import ValidationError

from app.access.actor import Actor
from app.access.beleid import BELEID
from app.access.bereik import Bereik
from app.access.zicht import ZICHT, zicht
from app.openapi import operations
from app.registraties.document import OMSLAG, Document, Kopie, check, opened, shown
from app.registraties.model import Model
from app.registraties.register import DOCUMENTEN, check_doors, check_names
from app.services.lezen.lezen import project
from app.vocabulary import Rol, Sectie

DOC = {"id": str(uuid4()), "naslag": "organisatie", "soort": "gemeente", "naam": "Gemeente", "gemeentecode": "GM0243"}


def test_every_field_has_a_section() -> None:
    """Broken: `Annotated` around any field of a document."""
    assert len(DOCUMENTEN) > 12

    class Open(Document):
        telefoon: str

    with pytest.raises(TypeError, match="telefoon has no section"):
        Open.sections()
    for document in DOCUMENTEN.values():
        assert document.sections().keys() == set(shown(document))
        assert document.sections()["id"] is OMSLAG


def test_a_part_lies_in_its_own_section_or_in_that_of_what_holds_it() -> None:
    """Broken: `enclosing` or the own section out of `_below`; `[]` out of `parts`."""
    paths = DOCUMENTEN["controles"].paths()
    assert {path: paths[path] for path in ("bevindingen", "bevindingen[].door.rol", "bevindingen[].tekst")} == {
        "bevindingen": Sectie.ZAAK,
        "bevindingen[].door.rol": Sectie.ZAAK,
        "bevindingen[].tekst": Sectie.TEKST,
    }
    assert paths["tellingen[].hulpPerSoort"] is paths["hulp[].door.functionaris"] is Sectie.HULP
    for document in DOCUMENTEN.values():
        of = document.sections()
        assert [path for path in document.paths() if "." not in path] == list(of)
        assert {path: document.paths()[path] for path in of} == of


def test_what_is_opened_follows_from_what_is_shown() -> None:
    """Broken: `below` out of `_says`; its parts are what the access log has to name."""
    document, tolk = DOCUMENTEN["controles"], {"code": "drugs", "tolk": "geen"}
    assert opened(document, {"id": "x", "bevindingen": []}) == {OMSLAG}
    assert opened(document, {"id": "x", "bevindingen": [tolk]}) == {OMSLAG, Sectie.ZAAK}
    assert opened(document, {"bevindingen": [tolk, {"tekst": "hier"}]}) == {Sectie.ZAAK, Sectie.TEKST}
    assert opened(document, {"tellingen": [{"hulpPerSoort": {"ggd": 1}}]}) == {Sectie.PERSOON, Sectie.HULP}


def test_one_path_never_lies_in_two_sections() -> None:
    """The start says so, of parts that stand at one place. Broken: the TypeError out of `paths`."""

    class Open(Model):
        naam: str

    class Besloten(Model):
        naam: Annotated[str, Sectie.PERSOON]

    class Dubbel(Document):
        wie: Annotated[Open | Besloten, OMSLAG]

    with pytest.raises(TypeError, match=r"wie\.naam has two sections"):
        check_names({"dubbel": Dubbel}, [])


def test_what_is_copied_comes_from_a_kind_of_document_that_there_is() -> None:
    """Broken: the LookupError out of `check_names`."""

    class Dubbel(Document):
        class Intern(Model):
            adres: Annotated[str, Kopie("lokatie")]

    with pytest.raises(LookupError, match="dubbel copies from lokatie"):
        check_names({"dubbel": Dubbel}, [])


def test_a_row_opens_parts_that_there_are() -> None:
    """Misspelt, or of another collection, it would open nothing. Broken: the first LookupError of `check_names`."""
    row = next(z for z in ZICHT if z.collectie == "attenderingen")
    check_names(DOCUMENTEN, [row])
    with pytest.raises(LookupError, match="hulp, which attenderingen have not"):
        check_names(DOCUMENTEN, [row._replace(delen=row.delen | {Sectie.HULP})])


@pytest.mark.parametrize(
    ("collectie", "deel", "field"),
    [("signalen", Sectie.ZAAK, "bron"), ("maatregelen", Sectie.ZAAK, "bekendmakingen")],
)
def test_what_is_always_there_is_never_hidden(collectie: str, deel: Sectie, field: str) -> None:
    """Clients rely on it. Broken: `sure` out of `check_names`."""
    row = next(z for z in ZICHT if z.collectie == collectie)
    with pytest.raises(LookupError, match=f"{field}.* of {collectie} is hidden"):
        check_names(DOCUMENTEN, [row._replace(delen=row.delen - {deel})])


def test_who_may_know_of_a_document_is_shown_that_it_is_there() -> None:
    """Broken: each LookupError of `check_doors`."""
    check_doors(BELEID, ZICHT)
    row = next(z for z in ZICHT if z.collectie == "attenderingen")
    with pytest.raises(LookupError, match=r"regisseur may see attenderingen \(gebied\) and is shown nothing"):
        check_doors(BELEID, [row._replace(delen=frozenset()) if z is row else z for z in ZICHT])
    with pytest.raises(LookupError, match=r"boa is shown attenderingen \(gebied\) without attenderingen:zien"):
        check_doors(BELEID, [row._replace(rollen=row.rollen | {Rol.BOA}) if z is row else z for z in ZICHT])
    with pytest.raises(LookupError, match="no row says what attenderingen:zien shows"):
        check_doors(BELEID, [z for z in ZICHT if z is not row])


def test_what_is_always_there_in_a_part_is_never_hidden() -> None:
    """Broken: the parts out of `sure`."""

    class Deel(Model):
        naam: Annotated[str, Sectie.PERSOON]

    class Heel(Document):
        wie: Annotated[Deel | None, OMSLAG] = None

    row = zicht("accounts", (Rol.BOA,), (Bereik.GEMEENTE,), ())
    with pytest.raises(LookupError, match=r"wie\.naam of accounts is hidden"):
        check_names({"accounts": Heel}, [row])


@pytest.mark.parametrize("change", [{"telefoon": "06"}, {"soort": "iets"}, {"_telefoon": "06"}])
def test_a_document_that_does_not_fit_is_seen(change: dict[str, str]) -> None:
    """Negative control. Broken: `extra` made `ignore` in Model."""
    document = DOCUMENTEN["organisaties"]
    check(document, DOC)
    with pytest.raises(ValidationError):
        check(document, DOC | change)


def test_what_no_class_declares_is_shown_to_nobody_and_the_rest_in_its_order() -> None:
    """Broken: `shown` out of the projection."""
    nobody = UUID(int=0)
    actor = Actor(nobody, nobody, Rol.REGISSEUR, nobody, frozenset())
    doc = {"telefoon": "06", "_x": 1, **dict(reversed(DOC.items()))}
    told, _ = project(actor, "organisaties", doc, ["allen"], "naslag:zien")
    assert list(told.items()) == [(name, DOC[name]) for name in shown(DOCUMENTEN["organisaties"]) if name in DOC]


def test_lists_and_single_reads_say_what_they_answer() -> None:
    """Broken: `response_model` out of either in routers/lezen."""
    document = yaml.load((Path(__file__).parents[2] / "openapi.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    named = {}
    for path, method, operation in operations(document):
        answer = operation["responses"].get("200", {})
        answer = document["components"]["responses"].get(answer.get("$ref", "").rpartition("/")[2], answer)
        schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
        if method == "get":
            named[path] = schema.get("$ref", "").rpartition("/")[2]
    pads = {"accounts": "Account", "controles": "Controle", "maatregelen": "Maatregel", "signalen": "Signaal"}
    for pad, name in pads.items():
        assert (named[f"/{pad}"], named[f"/{pad}/{{id}}"]) == (f"{name}Lijst", name)
    assert not [name for name in document["components"]["schemas"] if "__" in name]
