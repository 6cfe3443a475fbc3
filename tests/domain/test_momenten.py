"""Moments are RFC 3339 with an offset, days are a full date, and nothing that only looks like it is one."""

from datetime import UTC, date, datetime
from typing import Any, get_args
from uuid import UUID, uuid4

import orjson
import pytest
from pydantic import BaseModel, PlainValidator, TypeAdapter, ValidationError

from app.moment import Datum, Moment
from app.registraties.register import ACTEN
from app.routers.verzoeken import body_model
from app.schemas.uitwisselen import HandshakeIn
from app.services.kluis.operatie import Envelop, read_operatie
from app.services.kluis.verzegelen import entry_from_sections, raw_sections, reopen, sections_of
from app.vocabulary import Code, Sectie

MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)
DATUM: TypeAdapter[date] = TypeAdapter(Datum)

GOOD = {
    "2026-08-19T23:10:00+02:00": "2026-08-19T21:10:00+00:00",
    "2026-08-19T21:10:00Z": "2026-08-19T21:10:00+00:00",
    "2026-08-19T21:10:00.000Z": "2026-08-19T21:10:00+00:00",  # JavaScript, toISOString
    "2026-08-19T21:10:00.123456+00:00": "2026-08-19T21:10:00.123456+00:00",  # Python, isoformat: the phone of 0.1.0
    "2026-08-19T21:10:00.5Z": "2026-08-19T21:10:00.500000+00:00",
    "2026-08-19T21:10:00.1234567891Z": "2026-08-19T21:10:00.123456+00:00",
    "2026-08-19t21:10:00z": "2026-08-19T21:10:00+00:00",  # 5.6: may be lower case
    "2026-08-19T21:10:00-00:00": "2026-08-19T21:10:00+00:00",  # 4.3: the local offset is not known
    "2026-08-19T21:10:00+23:59": "2026-08-18T21:11:00+00:00",
    "2024-02-29T00:00:00Z": "2024-02-29T00:00:00+00:00",
    "0001-01-02T00:00:00+00:00": "0001-01-02T00:00:00+00:00",
    "9999-12-31T00:00:00+00:00": "9999-12-31T00:00:00+00:00",
}
NO_OFFSET = ["2026-08-19T23:10:00", "2026-08-19T23:10:00.5"]
OFF_THE_CALENDAR = [
    "9999-12-31T23:59:59-05:00",  # the year 10000 in UTC
    "9999-12-31T23:30:00Z",  # and in Amsterdam
    "0001-01-01T00:00:00+05:00",  # the year 0 in UTC
]
BAD: list[Any] = [
    "20260819",  # seconds, in 1970
    "1755637200",
    "1755637200000",
    "-1",
    "1.5",
    "infinity",
    "NaN",
    "",
    "gisteren",
    "2026-08-19",
    "23:10:00Z",
    "2026-08-19 23:10:00+02:00",
    "2026-08-19_23:10:00Z",
    "2026-08-19T23:10+02:00",
    "2026-08-19T23+02:00",
    "2026-08-19T231000Z",
    "20260819T231000Z",
    "20260819T23:10:00Z",
    "2026-W34-3T23:10:00Z",
    "2026-231T23:10:00Z",
    "2026-8-19T23:10:00Z",
    "26-08-19T23:10:00Z",
    "+2026-08-19T23:10:00Z",
    "12026-08-19T23:10:00Z",
    "2026-08-19T23:10:00,5Z",
    "2026-08-19T23:10:00.Z",
    "2026-08-19T23:10:00+0200",
    "2026-08-19T23:10:00+02",
    "2026-08-19T23:10:00+2:00",
    "2026-08-19T23:10:00+24:00",
    "2026-08-19T23:10:00+02:60",
    "2026-08-19T23:10:00+02:00:30",
    "2026-08-19T23:10:00−02:00",  # a minus, not a hyphen
    "2026-08-19T23:10:00 +02:00",
    "2026-08-19T23:10:00UTC",
    "2026-08-19T23:10:00Z[Europe/Amsterdam]",
    "2026-08-19T24:00:00Z",
    "2026-08-19T23:60:00Z",
    "2016-12-31T23:59:60Z",  # a leap second that was
    "2026-02-30T00:00:00Z",
    "2025-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-00-10T00:00:00Z",
    "0000-01-01T00:00:00Z",
    " 2026-08-19T23:10:00Z",
    "2026-08-19T23:10:00Z\n",
    "２０２６-08-19T23:10:00Z",  # digits all the same, to `\d` and to int()
    "٢٠٢٦-08-19T23:10:00Z",
    20260819,
    1755637200.5,
    True,
    None,
    [],
    {"moment": "2026-08-19T23:10:00Z"},
]
BAD_DAYS: list[Any] = [
    *("20260819", "86400", "1755648000", "2026-W34-3", "2026-231", "2026-8-19", "26-08-19", "2026-02-30", "0000-01-01"),
    *("2026-08-19T00:00:00Z", "2026-08-19 ", "２０２６-08-19", "", 86400, 1.0, True, None),
]


@pytest.mark.parametrize(("told", "meant"), GOOD.items(), ids=GOOD)
def test_a_moment_of_rfc_3339_is_read(told: str, meant: str) -> None:
    for read in (MOMENT.validate_python, lambda text: MOMENT.validate_json(orjson.dumps(text), strict=True)):
        assert read(told).astimezone(UTC).isoformat() == meant


@pytest.mark.parametrize("told", [*BAD, *NO_OFFSET, *OFF_THE_CALENDAR], ids=ascii)
def test_nothing_else_is_a_moment(told: Any) -> None:
    """Broken: `Moment = AwareDatetime`, and a third of these pass."""
    for read in (MOMENT.validate_python, lambda value: MOMENT.validate_json(orjson.dumps(value), strict=True)):
        with pytest.raises(ValidationError) as refused:
            read(told)
        kind = refused.value.errors()[0]["type"]
        expected = "timezone_aware" if told in NO_OFFSET else "value_error" if told in OFF_THE_CALENDAR else "datetime"
        assert kind == expected


def test_a_plus_that_became_a_space_is_told_so() -> None:
    """As an address without %2B arrives. Broken: `_PLUS` away."""
    with pytest.raises(ValidationError) as refused:
        MOMENT.validate_python("2026-08-19T23:10:00 02:00")
    (error,) = refused.value.errors()
    assert (error["type"], "%2B" in error["msg"]) == ("melding", True)


@pytest.mark.parametrize("told", BAD_DAYS, ids=ascii)
def test_nothing_else_is_a_day(told: Any) -> None:
    for read in (DATUM.validate_python, lambda value: DATUM.validate_json(orjson.dumps(value), strict=True)):
        with pytest.raises(ValidationError):
            read(told)
    assert DATUM.validate_json('"2026-08-19"', strict=True) == date(2026, 8, 19)


def parts_of(model: type[BaseModel]) -> set[type[BaseModel]]:
    """The model and all models in its fields, at any depth."""
    found, rest = {model}, list(model.model_fields.values())
    pending: list[Any] = [info.annotation for info in rest]
    while pending:
        each = pending.pop()
        if isinstance(each, type) and issubclass(each, BaseModel) and each not in found:
            found.add(each)
            pending += [info.annotation for info in each.model_fields.values()]
        pending += get_args(each)
    return found


def is_loose(annotation: Any, metadata: Any = ()) -> bool:
    """Whether a bare date or date-time is read somewhere in a type: one without a validator of ours around it."""
    if any(isinstance(each, PlainValidator) for each in metadata):
        return False
    if isinstance(annotation, type) and issubclass(annotation, date):
        return True
    inner = getattr(annotation, "__metadata__", ())
    if inner:
        return is_loose(annotation.__origin__, inner)
    return any(is_loose(each) for each in get_args(annotation))


def test_no_field_from_outside_reads_a_moment_otherwise() -> None:
    """Broken: `op: Annotated[date, Sectie.ZAAK]` in any act; `toestel_tijd: AwareDatetime`."""
    incoming: set[type[BaseModel]] = {Envelop, HandshakeIn}
    for act in ACTEN.values():
        incoming |= {act.schema(versie) for versie in range(1, act.versie + 1)}
        incoming |= {body_model(act, set())} if act.pad else set()
    models = {part for model in incoming for part in parts_of(model)}
    fields = {f"{model.__name__}.{name}": info for model in models for name, info in model.model_fields.items()}
    held = [name for name, info in fields.items() if "date" in repr(info.annotation)]
    assert len(held) > 30
    assert [name for name, info in fields.items() if is_loose(info.annotation, info.metadata)] == []


def sealed(moment: str) -> tuple[UUID, dict[str, bytes | None]]:
    """The end of a role as 0.1.0 sealed it, with a moment in a spelling of that time."""
    act, op = ACTEN["roltoewijzing.beeindigd"], uuid4()
    value = {
        "opId": str(op),
        "soort": act.soort,
        "versie": 1,
        "onderwerp": {"roltoewijzing": str(uuid4())},
        "waargenomenOp": moment,
        "inhoud": {"op": moment},
    }
    operatie = read_operatie(value, folding=True)
    assert operatie.fout is None
    empty: dict[str, bytes | None] = dict.fromkeys(sectie.value for sectie in Sectie)
    return op, empty | sections_of(operatie, {"regime": "AVG"})


def test_what_an_earlier_release_booked_still_folds() -> None:
    """Sealed is sealed: it means what it meant. Broken: `AS_SEALED` away from `read_sealed`, or from `MOMENT`."""
    op, sections = sealed("20260819")
    oordeel = {
        **{name: str(uuid4()) for name in ("functionaris", "roltoewijzing", "organisatie")},
        "rol": "boa",
        "ontvangenOp": "2026-08-19T21:10:00+00:00",
        "vlaggen": [],
    }
    registratie, _ = entry_from_sections(op, sections | {"oordeel": orjson.dumps(oordeel)})
    assert registratie.waargenomen_op == registratie.inhoud.op == datetime(1970, 8, 23, 12, 0, 19, tzinfo=UTC)
    assert reopen(op, sections, folding=True).fout is None


def test_what_lies_in_quarantine_is_judged_as_of_now() -> None:
    """Broken: `folding=True` in `fetch_held` would let a desk take in a moment in 1970."""
    op, sections = sealed("20260819")
    assert reopen(op, sections).fout is Code.SCHEMA_ONGELDIG
    unread = read_operatie({"opId": str(op), "soort": "signaal.gemeld"})
    empty: dict[str, bytes | None] = dict.fromkeys(sectie.value for sectie in Sectie)
    assert reopen(op, empty | raw_sections(unread)).fout is Code.SCHEMA_ONGELDIG
