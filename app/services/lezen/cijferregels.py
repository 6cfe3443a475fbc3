"""The figures in long form, one row for each: made of the answer itself, so that table, screen and API say the same."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from app.access.kleine_aantallen import MAATSTAVEN
from app.vocabulary import Cijfer

KOLOMMEN = (
    "gemeente", "vanaf", "totEnMet", "maatstaf", "kenmerk", "waarde", "onderdrukt", "eenheid", "definitie", "peildatum",
    "grootboekPositie",
)  # fmt: skip
_EENHEID = {"duurMaanden": "maanden"}
JA, NEE, ONBEKEND = "ja", "nee", "geen_gegevens"


def as_csv(answer: dict[str, Any]) -> Iterator[str]:
    """RFC 4180: first the names of the columns, then a line for each figure."""
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    for row in (KOLOMMEN, *rows(answer)):
        writer.writerow(row)
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def rows(answer: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Every figure of the whole, of its steps of time, and of each municipality; `gemeente` names all it is of."""
    moment = (answer["peildatum"], answer["grootboekPositie"])
    whole = {**answer, "gemeentecode": " ".join(answer["gemeentecodes"])}
    for part in (whole, *answer["gemeenten"]):
        days = {"vanaf": answer["van"], "totEnMet": answer["totEnMet"]}
        for block in ({**part, **days}, *part["perioden"]):
            for figure in _figures(block, answer["weggelaten"]):
                yield (part["gemeentecode"], block["vanaf"], block["totEnMet"], *figure, *moment)


def _figures(block: dict[str, Any], left_out: list[str]) -> Iterator[tuple[Any, ...]]:
    for cijfer, row in MAATSTAVEN.items():
        if cijfer in left_out:
            continue
        if cijfer not in block:
            why = ONBEKEND if block["geenGegevens"] else JA
            yield (cijfer.value, "", "", why, row.eenheid, row.definitie)
        else:
            for kenmerk, waarde in _flat(block[cijfer.value]):
                yield (cijfer.value, kenmerk, waarde, NEE, _unit(cijfer, kenmerk), row.definitie)


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The numbers in a figure, each with what it is of."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _flat(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for n, each in enumerate(value, start=1):
            yield from _flat(each, f"{path}.{n}")
    else:
        yield path, "" if value is None else value


def _unit(cijfer: Cijfer, kenmerk: str) -> str:
    last = kenmerk.rpartition(".")[2]
    return "eurocent" if last.startswith("bedrag") else _EENHEID.get(last, MAATSTAVEN[cijfer].eenheid)
