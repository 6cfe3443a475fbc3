"""De cijfers op een rij: what `GET /v1/cijfers` answers, in words, beside what the municipality published."""

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

Cijfers = dict[str, Any]

_WHOLE: Final = frozenset({"locatiesPerSoort"})
"""Objects whose keys are part of the figure: a kind too many is a difference too."""
_SOORTEN: Final = {
    "woning": "een woning",
    "bedrijfspand": "een bedrijfspand",
    "hotel": "een hotel",
    "salon": "een salon",
    "vakantiepark": "een vakantiepark",
}
MISSING: Final = object()
"""Stands for a figure that was published but not computed; equal to nothing."""


class Vergelijking(NamedTuple):
    """One published figure beside the computed one."""

    pad: str
    gepubliceerd: Any
    berekend: Any
    gelijk: bool


class Cijferregel(NamedTuple):
    """One line of the published list: what it says, and the figures it rests on."""

    titel: str
    paden: tuple[str, ...]
    tekst: Callable[[Cijfers], str]


def in_euro(cent: int) -> str:
    """Euro cents as people write euros: 500000 is `5.000`, 500050 is `5.000,50`."""
    euro, rest = divmod(cent, 100)
    whole = f"{euro:,}".replace(",", ".")
    return f"{whole},{rest:02}" if rest else whole


def _tell_personen(cijfers: Cijfers) -> str:
    found, illegal = cijfers["gecontroleerdePersonen"], cijfers["personenIllegaleProstitutie"]
    return f"{found}, waarvan {illegal}x illegale prostitutie"


def _tell_locaties(cijfers: Cijfers) -> str:
    kinds = [f"{n}x {_SOORTEN.get(soort, soort)}" for soort, n in cijfers["locatiesPerSoort"].items()]
    return ", ".join([str(cijfers["locaties"]), *kinds])


def _tell_dwangsom(cijfers: Cijfers) -> str:
    last = cijfers["lastOnderDwangsom"]
    each = last["bedragPerLast"]
    if each is not None:
        return f"{last['aantal']}x ({in_euro(each)} euro)"
    return f"{last['aantal']}x" + (" (verschillende bedragen)" if last["aantal"] else "")


def _tell_verbeurd(cijfers: Cijfers) -> str:
    verbeurd = cijfers["dwangsomVerbeurd"]
    amount = f" ({in_euro(verbeurd['bedrag'])} euro)" if verbeurd["aantal"] else ""
    return f"{verbeurd['aantal']}x{amount}"


def _tell_toegepast(cijfers: Cijfers) -> str:
    applied = cijfers["bestuursdwangToegepast"]
    closures = [_tell_months(sluiting["duurMaanden"]) for sluiting in applied["sluitingen"]]
    return f"{applied['aantal']}x" + (f" (gesloten voor {', '.join(closures)})" if closures else "")


def _tell_day(dag: str) -> str:
    year, month, day = dag.split("-")
    return f"{int(day)}-{int(month)}-{year}"


def _tell_months(months: int) -> str:
    return f"{months} maand" if months == 1 else f"{months} maanden"


REGELS: Final = (
    Cijferregel("Controles uitgevoerd", ("controles",), lambda c: str(c["controles"])),
    Cijferregel("Personen gecontroleerd", ("gecontroleerdePersonen", "personenIllegaleProstitutie"), _tell_personen),
    Cijferregel("Locaties", ("locaties", "locatiesPerSoort"), _tell_locaties),
    Cijferregel(
        "Last onder dwangsom",
        ("lastOnderDwangsom.aantal", "lastOnderDwangsom.bedragPerLast"),
        _tell_dwangsom,
    ),
    Cijferregel(
        "Last onder bestuursdwang",
        ("lastOnderBestuursdwang.aantal",),
        lambda c: f"{c['lastOnderBestuursdwang']['aantal']}x",
    ),
    Cijferregel("Last onder dwangsom verbeurd", ("dwangsomVerbeurd.aantal", "dwangsomVerbeurd.bedrag"), _tell_verbeurd),
    Cijferregel(
        "Last onder bestuursdwang toegepast",
        ("bestuursdwangToegepast.aantal", "bestuursdwangToegepast.sluitingen"),
        _tell_toegepast,
    ),
)
"""The list of the article, in its order."""


def compare(cijfers: Cijfers, verwacht: Cijfers) -> list[Vergelijking]:
    """Every published figure beside the computed one, in the order in which they were published.

    `pad` names it with dots. Both come as they are: amounts in euro cents.
    """
    return [
        Vergelijking(pad, published, computed, published == computed)
        for pad, published in _walk(verwacht)
        for computed in (look_up(cijfers, pad),)
    ]


def _tell(regel: Cijferregel, cijfers: Cijfers) -> str:
    """A line; of what is held back from who asks that it is."""
    held = {pad.partition(".")[0] for pad in regel.paden} & {*cijfers.get("onderdrukt", ())}
    return "niet getoond: te klein, of daaruit te berekenen" if held else regel.tekst(cijfers)


def _walk(figures: Cijfers, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in figures.items():
        if isinstance(value, dict) and key not in _WHOLE:
            yield from _walk(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def look_up(figures: Any, pad: str) -> Any:
    """The figure at a path with dots; MISSING where there is none."""
    for key in pad.split("."):
        if not isinstance(figures, dict) or key not in figures:
            return MISSING
        figures = figures[key]
    return figures


def render_table(cijfers: Cijfers, verwacht: Cijfers | None) -> str:
    """The list as text, one line each; with `verwacht` the published figure beside it, and ✓ or ✗."""
    van, tot = (_tell_day(cijfers[key]) for key in ("van", "totEnMet"))
    head = f"De cijfers op een rij, van {van} tot en met {tot}"
    if cijfers.get("geenGegevens"):
        return f"{head}\n\n  Geen gegevens: daar is niets over bekend."
    rows = [(regel.titel, _tell(regel, cijfers)) for regel in REGELS]
    wide, broad = (max(len(row[column]) for row in rows) for column in (0, 1))
    if verwacht is None:
        return "\n".join([head, "", *(f"  {titel:<{wide}}  {computed}" for titel, computed in rows)])
    broad = max(broad, len("Veldboek"))
    lines = [f"    {'':<{wide}}  {'Veldboek':<{broad}}  Gepubliceerd"]
    for regel, (titel, computed) in zip(REGELS, rows, strict=True):
        same = all(look_up(cijfers, pad) == look_up(verwacht, pad) for pad in regel.paden)
        published = regel.tekst(verwacht)
        lines.append(f"  {'✓' if same else '✗'} {titel:<{wide}}  {computed:<{broad}}  {published}")
    return "\n".join([head, "", *lines])
