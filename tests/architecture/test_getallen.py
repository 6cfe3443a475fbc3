"""What the pages promise as a number is the number: each sentence is made of the constant, and stands there so."""

from datetime import timedelta
from pathlib import Path

import pytest

from app import lichaam, verbinding
from app.services.bewaken import waken
from app.services.boeken import verlopen
from app.services.rechten.aanmeldingen import TERMIJNEN
from app.services.toegang import pogingen, toegangscodes
from app.services.toegang.pogingen import LANGSTE_WACHT
from app.settings import Settings
from app.vocabulary import Aanmeldsoort

DOCS = Path(__file__).parents[2] / "docs"
GEBRUIK, GROOTBOEK, POGINGEN = "gebruik.md", "grootboek.md", "adr/0014-a-login-is-looked-up.md"
UUR, MINUUT, SECONDE = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
WOORD = {
    1: "one", 5: "five", 10: "ten", 12: "twelve", timedelta(minutes=15): "a quarter of an hour",
    timedelta(days=1): "a day", timedelta(days=7): "a week",
}  # fmt: skip
VIER, ZES = pogingen._BITS[4], pogingen._BITS[6]
BROWSER = TERMIJNEN[Aanmeldsoort.BROWSER]
NIEUWSTE = Settings.model_fields["controle_bij_start"].default


def places(vrij: int, tussen: timedelta) -> int:
    """How many fit in the book of one name."""
    return vrij + LANGSTE_WACHT // tussen


NETWERK = places(pogingen.VRIJ_PER_NETWERK, pogingen.TUSSEN_PER_NETWERK)
BLOK = places(pogingen.VRIJ_PER_NETWERK, pogingen.TUSSEN_PER_BLOK)


def woord(key: object) -> str:
    """A number as a page writes it; one that no page writes is in no sentence."""
    return WOORD.get(key, str(key))  # type: ignore[call-overload, no-any-return]


ZINNEN = {
    "KOP": (GEBRUIK, f"A head has {verbinding.KOP:g} seconds."),
    "AANLOOP": (GEBRUIK, f"A body has {verbinding.AANLOOP:g}, and after that"),
    "AANLOOP, silence": (GEBRUIK, f"without {verbinding.AANLOOP:g} seconds of silence"),
    "TEMPO": (GEBRUIK, f"come at {verbinding.TEMPO / 1024:g} KiB a second or more"),
    "VREEMD": (GEBRUIK, f"no token of ours is held {lichaam.VREEMD / 1024:g} KiB (more is 401)"),
    "EEN": (GEBRUIK, f"one of us {lichaam.EEN / 2**20:g} MiB at one moment (429)"),
    "EEN, strangers": (GEBRUIK, f"all strangers together {lichaam.EEN / 2**20:g}, a process"),
    "ALLES": (GEBRUIK, f"a process {lichaam.ALLES / 2**20:g} (503"),
    "GRATIS_POGINGEN": (GEBRUIK, f"{woord(pogingen.GRATIS_POGINGEN)} in a row cost nothing"),
    "EERSTE_WACHT": (GEBRUIK, f"then {pogingen.EERSTE_WACHT // SECONDE} seconds, doubling up to"),
    "LANGSTE_WACHT": (GEBRUIK, f"doubling up to {woord(LANGSTE_WACHT)},"),
    "LANGSTE_WACHT, later": (GEBRUIK, f"let through, at most {LANGSTE_WACHT // MINUUT} minutes later"),
    "VRIJ_PER_NAAM": (GEBRUIK, f"together get {pogingen.VRIJ_PER_NAAM} guesses at a name"),
    "TUSSEN": (GEBRUIK, f"guesses at a name and then {UUR // pogingen.TUSSEN} an hour"),
    "VRIJ_PER_NETWERK": (GEBRUIK, f"of IPv6 a /48) {pogingen.VRIJ_PER_NETWERK} at a name"),
    "TUSSEN_PER_NETWERK": (GEBRUIK, f"at a name and then {UUR // pogingen.TUSSEN_PER_NETWERK} an hour, in one block"),
    "TUSSEN_PER_BLOK": (GEBRUIK, f"{pogingen.VRIJ_PER_NETWERK} and then {UUR // pogingen.TUSSEN_PER_BLOK}; one"),
    "VRIJ_PER_ADRES": (GEBRUIK, f"one address {pogingen.VRIJ_PER_ADRES} over all names"),
    "TUSSEN_PER_ADRES": (GEBRUIK, f"names and then one in {pogingen.TUSSEN_PER_ADRES // SECONDE} seconds"),
    "POGINGEN_BEWAARD": (GEBRUIK, f"kept as keyed hashes, for {woord(pogingen.POGINGEN_BEWAARD)}."),
    "_BITS, customer": (GEBRUIK, f"(of IPv6 the first {ZES[0]} bits)"),
    "_BITS, network": (GEBRUIK, f"in one network (a /{VIER[1]}, of IPv6 a /{ZES[1]})"),
    "_BITS, block": (GEBRUIK, f"in one block (a /{VIER[2]}, a /{ZES[2]})"),
    "the book": (POGINGEN, f"{woord(LANGSTE_WACHT)} long: {places(pogingen.VRIJ_PER_NAAM, pogingen.TUSSEN)} places."),
    "the book, network": (
        POGINGEN,
        f"one in {pogingen.TUSSEN_PER_NETWERK // MINUUT} minutes, which is {NETWERK} places.",
    ),
    "the book, block": (
        POGINGEN,
        f"one in {pogingen.TUSSEN_PER_BLOK // MINUUT} minutes, which is {BLOK}.",
    ),
    "one address": (
        POGINGEN,
        f"{pogingen.VRIJ_PER_ADRES} at once, then one in {pogingen.TUSSEN_PER_ADRES // SECONDE} seconds.",
    ),
    "VRIJ_PER_NETWERK, at once": (POGINGEN, f"at a name: {pogingen.VRIJ_PER_NETWERK} at once"),
    "TERMIJNEN, browser": (
        POGINGEN,
        f"{woord(BROWSER.stil // UUR).capitalize()} hour unused and {woord(BROWSER.langst // UUR)} in all",
    ),
    "toegangscodes.GELDIG": (GEBRUIK, f"It works once, for {woord(toegangscodes.GELDIG)}."),
    "toegangscodes.UITGIFTE": (GEBRUIK, f"may ask for a new one for {woord(toegangscodes.UITGIFTE)}, as long as"),
    "verlopen.RITME": (GEBRUIK, f"that day, within {woord(int(verlopen.RITME // 60))} minutes after midnight"),
    "controle_bij_start": (GEBRUIK, f"| `CONTROLE_BIJ_START` | {NIEUWSTE}: at least so many"),
    "controle_bij_start, page": (
        GROOTBOEK,
        f"the newest {NIEUWSTE:,} to {2 * NIEUWSTE:,} entries (`CONTROLE_BIJ_START` = {NIEUWSTE:,})",
    ),
    "waken.RITME": (GROOTBOEK, f"written at most {'a second' if waken.RITME == 1 else waken.RITME} after the head"),
}


@pytest.mark.parametrize("naam", ZINNEN)
def test_the_page_says_the_number_that_holds(naam: str) -> None:
    """Broken: any constant that is named here, or the number on its page."""
    page, zin = ZINNEN[naam]
    assert zin in " ".join((DOCS / page).read_text(encoding="utf-8").split()), zin
