"""Planting a bug: one line of one function replaced by another, in the process that is to have it."""

import importlib
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal


class MutatiePastNiet(Exception):
    """The line that a mutation replaces is not there any more, or more than once: bring the list up to date."""


@dataclass(frozen=True)
class Mutatie:
    """A bug to plant: in `waar` (module:function), `oud` becomes `nieuw`. `gevolg` says what is then wrong."""

    naam: str
    gevolg: str
    waar: str
    oud: str
    nieuw: str
    plek: Literal["api", "client"] = "api"
    """in the API, or on the phone"""
    nodig: tuple[str, ...] = ()
    """actions without which nothing can come of it: a schedule that lacks them is not played"""


def plant(mutatie: Mutatie) -> Callable[[], None]:
    """Plant it here; returns what takes it out again.

    The code of the function is replaced, not the function: whoever holds a reference to it has the bug too.
    """
    module_name, _, path = mutatie.waar.partition(":")
    module = importlib.import_module(module_name)
    found: Any = module
    for name in path.split("."):
        found = getattr(found, name)
    found = inspect.unwrap(found)
    source = textwrap.dedent(inspect.getsource(found))
    if source.count(mutatie.oud) != 1:
        raise MutatiePastNiet(f"{mutatie.naam}: {mutatie.waar} has {source.count(mutatie.oud)} × {mutatie.oud!r}")
    made: dict[str, Any] = {}
    exec(source.replace(mutatie.oud, mutatie.nieuw), module.__dict__, made)  # noqa: S102  # our own list of bugs
    original = found.__code__
    found.__code__ = made[path.rpartition(".")[2]].__code__

    def take_out() -> None:
        found.__code__ = original

    return take_out
