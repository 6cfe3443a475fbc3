"""What we say, and the test that holds it. README's table and docs/beloften.md are made of this, and of nothing else.

``python -m tests.hulp.beloften write|check``; `make check` holds both pages equal.
`tests/architecture/test_beloften.py` looks whether each
test is there, each sentence still stands, and no sentence that sounds like a promise is missing.
"""

import html
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.hulp.antwoorden import contract
from tests.hulp.zinnen import GEEN_BELOFTE, ZINNEN

ROOT: Final = Path(__file__).resolve().parents[2]
PAGINA: Final = ROOT / "app" / "static" / "documentatie" / "pagina.html"
BEGIN, EIND = "<!-- promises: `make openapi` writes this table -->\n", "<!-- end of the promises -->\n"
STERK: Final = re.compile(
    r"\b(nooit|altijd|niemand|meteen|precies|één keer|elke?|veilig|ongemerkt|dubbel|alle fouten|zonder inhoud|"
    r"geen token|hoe vaak)\b",
    re.IGNORECASE,
)
"""Words with which a sentence sounds like a promise."""


class Belofte(NamedTuple):
    """A promise of README: the tests that hold it, what was measured, and what it does not promise."""

    belofte: str
    toetsen: tuple[str, ...]
    gemeten: str
    niet: str


STORM: Final = "in [1,000 seeds](docs/bench/storm.md) of `make storm`"
BELOFTEN: Final = (
    Belofte(
        "What is recorded arrives exactly once, through cut lines, killed processes and full disks.",
        ("tests/api/test_sync_beloften.py", "tests/storm/test_storm.py"),
        f"0 lost, 0 doubled of 88,551 operations under 18,440 faults, {STORM}; 0 of 23,400 lost by `kill -9` "
        "([`make bench-peers`](docs/bench/peers.md))",
        "A phone that is destroyed before it delivered. After going back to a copy: a sign of trafficking that its "
        "phone had erased already.",
    ),
    Belofte(
        "What an officer saw or did is never refused: what does not fit is kept, and a person decides.",
        ("tests/api/test_sync_beloften.py", "tests/api/test_quarantaine.py"),
        "not measured",
        "One operation of more than 128 KiB stays on the phone, with its error. Recorded online, what breaks a rule "
        "is a 409, and nothing is kept. A row about a person from a municipality without a ground waits too, but the "
        "desk can only refuse it: the officer counts instead.",
    ),
    Belofte(
        "It is seen by who may see it: lists, single reads, counts and sync show what an independent oracle says.",
        ("tests/api/test_zichtbaarheid.py", "tests/domain/test_beleid.py"),
        f"0 missed, 0 stale, 0 leaked {STORM}",
        "One predicate stands alone: row-level security is not there yet. Looking is logged for signs of trafficking, "
        "quarantine and files only. A phone that is offline keeps what it has.",
    ),
    Belofte(
        "An answer depends on nothing that its asker may not see.",
        ("tests/api/test_onzichtbaar_locatie.py", "tests/api/test_onzichtbaar_naslag.py"),
        "not measured",
        "Compared between two worlds: answers, sizes and database statements, not seconds.",
    ),
    Belofte(
        "Nobody opens content alone: accounts, roles and devices take two people, and nobody chooses the password of "
        "another.",
        ("tests/api/test_twee_mensen.py", "tests/api/test_alleen.py"),
        "not measured; the test plays 200 random sequences of one administrator",
        "Two who agree can open everything, and the ledger then says who. Who confirmed could use the code himself, "
        "until the officer says that his does not work. Who holds the machine holds the database.",
    ),
    Belofte(
        "A login that was ended is out at its next request. Wrong passwords slow down who types them, and lock out no "
        "owner.",
        ("tests/api/test_aanmeldingen.py", "tests/api/test_sessie.py", "tests/api/test_pogingen.py"),
        "not measured",
        "Passwords only: no TOTP, no OIDC. Guesses from ten blocks (/16, /32) with 25 networks in all, or from its own "
        "block, can keep a strange address out while they last; a known device or browser never.",
    ),
    Belofte(
        "A change to what was recorded, and an older copy put back, are noticed, named and stop everything.",
        ("tests/api/test_schade.py", "tests/api/test_merkteken.py"),
        "not measured",
        "Who rewrites everything alike, the mark and its secret included, is not noticed. A start looks at the newest "
        "10,000 entries; older ones wait for `veldboek grootboek controleer`. No court has judged it.",
    ),
    Belofte(
        "What a device signed can be checked by who has the leaf, the salts and its key, without us.",
        ("tests/api/test_toestel_ondertekening.py", "tests/api/test_grootboek_bladen.py"),
        "not measured",
        "What lies on a phone before it is signed, and what a forged app signs. Work at a desk is not signed.",
    ),
    Belofte(
        "A copy can be made while the service runs and put back; phones then offer again what they hold.",
        ("tests/api/test_kopie.py", "tests/api/test_kopie_oefening.py"),
        "not measured",
        "Everybody signs in again. What was done at a desk since the copy is gone; what an administrator decided is "
        "named, and done again by hand. A copy is not encrypted.",
    ),
    Belofte(
        "The gravest decisions that the law forbids are refused, with article, reason and what then.",
        ("tests/api/test_weigeringen.py", "tests/api/test_herstelsancties.py"),
        "not measured",
        "The whole law: only [what stands here](docs/weigeringen.md). No jurist has confirmed it.",
    ),
    Belofte(
        "What others rely on is changed by two people, and a closure past its last day is over everywhere.",
        ("tests/api/test_staat_vast.py", "tests/api/test_sluiting_einde.py"),
        "not measured",
        "Who relied on what was changed hears of it; what he then has to do, nobody tells him.",
    ),
    Belofte(
        "All that people read can be folded again from the ledger, and the published figures of Harderwijk come out.",
        ("tests/api/test_sync_herbouw.py", "tests/api/test_demo.py"),
        "every figure of 2023 equal ([picture](docs/beeld/cijfers.png))",
        "The year is made up so that it counts as published: it says nothing about what happened there.",
    ),
    Belofte(
        "A bad line is enough, and slow or large senders keep nobody out.",
        ("tests/api/test_verbinding.py", "tests/api/test_aanval_drukte.py"),
        "40 controls and 60 photos over 1 Mbit/s with 2 % loss: 1.07 × what the line needs "
        "([`make bench-dag`](docs/bench/dag.md), as root)",
        "How many connections one address opens is for the proxy to limit.",
    ),
    Belofte(
        "RxDB, WatermelonDB and tus-js-client work unmodified.",
        ("tests/api/test_stock_clients.py", "tests/api/test_bijlage_tus_js.py"),
        "not measured",
        "Other versions than those in `tests/node/package.json`. They sign nothing.",
    ),
    Belofte(
        "An update goes on with what release 0.1.0 left: database, files, phones with work that was never sent.",
        ("tests/upgrade/test_upgrade.py",),
        "not measured",
        "Anything older, and going back to an older release.",
    ),
    Belofte(
        "What was recorded disappears when its term ends: **not built yet**.",
        (),
        "nothing",
        "Nothing is destroyed today. A strike hides; it destroys nothing.",
    ),
)


def render_table() -> str:
    """The table of README."""
    rows = "".join(f"| {r.belofte} | {_command(r.toetsen)} | {r.gemeten} | {r.niet} |\n" for r in BELOFTEN)
    return f"| promise | check it yourself | measured | what it does not promise |\n|---|---|---|---|\n{rows}"


def _command(toetsen: tuple[str, ...]) -> str:
    return f'`make test T="{" ".join(toetsen)}"`' if toetsen else "nothing to check"


def render_page() -> str:
    """docs/beloften.md: the sentences of the API document and of its page, each beside its test."""
    rows = "".join(
        f"| {zin.replace('|', '·')} | {', '.join(f'`tests/{toets}`' for toets in toetsen.split())} |\n"
        for zin, toetsen in ZINNEN.items()
    )
    return (
        "# Promises, sentence by sentence\n\n"
        "What `openapi.yaml` and the page at `/v1/documentatie` promise, and the tests that hold each sentence.\n"
        "Generated from `tests/hulp/zinnen.py`; `make check` holds them equal, and a test finds every other sentence\n"
        "that says never, always, nobody, at once or the like. Try one: `make test T=tests/…`. README has a table of\n"
        "its own.\n\n"
        "| sentence | test |\n|---|---|\n" + rows
    )


def document_texts() -> Iterator[str]:
    """Every text of the API document that a person reads, and those of the page in front of it."""
    yield from _texts(contract())
    page = re.sub(r"<pre.*?</pre>", " ", PAGINA.read_text(encoding="utf-8"), flags=re.DOTALL)
    for block in re.split(r"</?(?:p|dd|dt|h\d|li|div)\b[^>]*>", page):
        if text := " ".join(html.unescape(re.sub(r"<[^>]+>", "", block)).split()):
            yield text


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in {"summary", "description"} and isinstance(value, str):
                yield " ".join(value.replace("`", "").split())
            else:
                yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


def unheld(texts: list[str]) -> list[str]:
    """Sentences that sound like a promise, and of which nothing says which test holds them."""
    known = [*ZINNEN, *GEEN_BELOFTE]
    sentences = {s for text in texts for s in re.split(r"(?<=[.;:?!])\s+", text) if STERK.search(s)}
    return sorted(s for s in sentences if not any(zin in s or s.rstrip(".;:") in zin for zin in known))


def with_table(readme: str) -> str:
    """README with the table as it has to be. Raises ValueError when its place is not marked."""
    before, rest = readme.split(BEGIN)
    _, after = rest.split(EIND)
    return f"{before}{BEGIN}{render_table()}{EIND}{after}"


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Write or check; 0 is well, 1 is different, 2 is a wrong call."""
    if arguments not in (["write"], ["check"]):
        sys.stderr.write("usage: python -m tests.hulp.beloften write|check\n")
        return 2
    readme, page = root / "README.md", root / "docs" / "beloften.md"
    wanted = {readme: with_table(readme.read_text(encoding="utf-8")), page: render_page()}
    for file, text in wanted.items():
        if arguments == ["write"]:
            file.write_text(text, encoding="utf-8")
        elif not file.exists() or file.read_text(encoding="utf-8") != text:
            sys.stderr.write(f"{file.name} differs from tests/hulp/{{beloften,zinnen}}.py: run `make openapi`\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
