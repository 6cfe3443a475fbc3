"""What the page for developers says beside the reference: ten questions, who may do what, which problems there are.

What it shows of ids and moments is filled in whenever it is shown, so that whoever copies a step records something of
his own, of now. The questions ask for what the demo holds, on any day. A test does every step and asks every question.
"""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from html import escape
from typing import Any, Final, NamedTuple
from uuid import uuid4

from uuid_utils.compat import uuid7

from app.access.beleid import PERMISSIES, may
from app.moment import AMSTERDAM, local_day
from app.problems import ALLE
from app.vocabulary import Rol


class Vraag(NamedTuple):
    """What is asked, where, and with which parameters."""

    zin: str
    pad: str
    vraagt: Mapping[str, str]


VRAGEN: Final = (
    Vraag(
        "Welke controles waren er in een week in Harderwijk?",
        "/controles",
        {"gemeente": "GM0243", "van": "2023-10-09", "totEnMet": "2023-10-15"},
    ),
    Vraag(
        "Wie deden er mee aan de laatste controle? Met hun namen.",
        "/controles",
        {"status": "afgerond", "limit": "1", "namen": "true"},
    ),
    Vraag("Wat heb ik nog niet gezien, en hoeveel is dat?", "/attenderingen", {"gezien": "false", "totaal": "true"}),
    Vraag(
        "Welke signalen wachten op een beoordeling? De oudste eerst.",
        "/signalen",
        {"status": "gemeld", "sorteer": "gemeldOp"},
    ),
    Vraag("Wat is er gevonden aan dit adres?", "/controles", {"adres": "Voorbeeldstraat 22"}),
    Vraag(
        "Welke maatregelen lopen er, en welke eindigt het eerst?",
        "/maatregelen",
        {"status": "in_werking", "sorteer": "geldtTotEnMet"},
    ),
    Vraag("Wat staat er in quarantaine en wacht op een besluit?", "/quarantaine", {"stand": "open", "totaal": "true"}),
    Vraag(
        "Welke bestanden bij signalen zijn beloofd en nog niet gekomen?",
        "/bijlagen/ontbrekend",
        {"collectie": "signalen"},
    ),
    Vraag("Wat veranderde er sinds ik keek?", "/controles", {"gewijzigdNa": "2024-01-01T00:00:00+01:00"}),
    Vraag(
        "Hoe was het jaar, per maand?",
        "/cijfers",
        {"gemeente": "GM0243", "van": "2023-01-01", "totEnMet": "2023-12-31", "per": "maand"},
    ),
)


_LEEST: Final = ("zien", "inzien", "raadplegen")
_VERWIJST: Final = "verwijzen"
"""Who may name something in a decision; it is no act of its own."""
_ID: Final = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-([47])[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b")
"""An id in an example; the 13th digit is its version."""
_PLEK: Final = re.compile(r"\{\{(\w+)\}\}")


def fill_in(page: str, nu: datetime) -> str:
    """The page with ids, moments and a case number that nobody had before."""
    fresh: dict[str, str] = {}
    filled = {
        "nu": _moment(nu),
        "begin": _moment(nu - timedelta(minutes=40)),
        "einde": _moment(nu - timedelta(minutes=15)),
        "zaaknummer": f"Z-{local_day(nu).year}-{secrets.randbelow(10**8):08d}",
    }
    page = _PLEK.sub(lambda found: filled[found[1]], page)
    return _ID.sub(lambda found: fresh.setdefault(found[0], str(uuid7() if found[1] == "7" else uuid4())), page)


def _moment(moment: datetime) -> str:
    return moment.replace(microsecond=0).astimezone(AMSTERDAM).isoformat()


def render_questions() -> str:
    """The questions as a list, each with the command that answers it."""
    return "".join(
        f'<li><h3>{escape(each.zin)}</h3><pre tabindex="0"><code>{_command(each)}</code></pre></li>' for each in VRAGEN
    )


def _command(vraag: Vraag) -> str:
    asked = [f'  --data-urlencode "{name}={value}"' for name, value in vraag.vraagt.items()]
    lines = [f'curl --get "$VELDBOEK/v1{vraag.pad}"', '  --header "Authorization: Bearer $TOKEN"', *asked]
    return escape(" \\\n".join(lines), quote=False)


VERVERSEN: Final = """<li>
<h3>Na vijf minuten: vraag een nieuw token</h3>
<p>Neem beide tokens over uit het antwoord, zoals bij het aanmelden: ook het <code>refresh_token</code> is nieuw.</p>
<pre tabindex="0"><code>curl "$VELDBOEK/v1/oauth/token" \\
  --data grant_type=refresh_token \\
  --data client_id=veldboek \\
  --data-urlencode "refresh_token=$REFRESH"</code></pre>
</li>"""
"""The last step of each start."""


def render_rights(paths: Mapping[str, Mapping[str, Any]]) -> str:
    """Each role with what it reads, as far as a path says that word, and what it does, from the policy."""
    words = {word.replace("-", "") for path, item in paths.items() if "get" in item for word in path.split("/")}
    rows = []
    for rol in Rol:
        his = [each.partition(":") for each in sorted(PERMISSIES) if may(rol, each)]
        reads = ", ".join(dict.fromkeys(what for what, _, how in his if how in _LEEST and what in words))
        acts = ", ".join(f"{what} {how}" for what, _, how in his if how not in (*_LEEST, _VERWIJST))
        name = escape(rol.value.replace("_", " "))
        rows.append(f'<tr><th scope="row">{name}</th><td>{escape(reads)}</td><td>{escape(acts)}</td></tr>')
    return "".join(rows)


def render_problems() -> str:
    """Every problem that an answer can be, with where it is explained."""
    return "".join(
        f'<dt><a href="/problemen/{kind.slug}">{escape(kind.title)}</a> <span class="soort">{kind.status}</span></dt>'
        f"<dd><code>{kind.slug}</code></dd>"
        for kind in sorted(ALLE, key=lambda each: (each.status, each.slug))
    )


def is_for_some(permissie: str | None) -> bool:
    """Whether a permission is for some roles and not for all."""
    return permissie in PERMISSIES and not all(may(rol, permissie) for rol in Rol)


def render_callers(permissie: str | None, *, public: bool) -> str:
    """Who may call an operation that asks for `permissie`, if for any."""
    if public:
        return "Zonder aanmelding."
    roles = [rol.value.replace("_", " ") for rol in Rol if permissie is not None and may(rol, permissie)]
    return f"Wie dit mag: {', '.join(roles)}." if roles else "Wie is aangemeld."
