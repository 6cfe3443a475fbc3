"""What was heard online at one moment, against what the oracle says once it has read the ledger up to there."""

from storm.documenten import differences
from storm.journaal import Vraag
from storm.orakel.bureau import Geboekt
from storm.orakel.oordeel import ACCEPTED, ONBEKEND, Orakel
from storm.orakel.recht import Lezer
from storm.wereld import Run

STATUS = {"recht_ontbreekt": 403, "regel_geschonden": 409, "onderwerp_onbekend": 404}
"""What somebody online hears at once, of what a phone would hear later."""


class Antwoorden:
    """All that was asked in a run, in the order of the ledger."""

    def __init__(self, run: Run, orakel: Orakel) -> None:
        self._run, self._orakel = run, orakel
        self._left = list(run.journaal.vragen)

    def check_before(self, pos: int | None) -> None:
        """Everything that was answered before the entry at `pos` was there; None: everything."""
        while self._left and (pos is None or self._left[0].omvang < pos):
            self._check(self._left.pop(0))

    def _check(self, vraag: Vraag) -> None:
        at = [r.at(vraag.moment) for r in self._orakel.toewijzingen.values() if r.functionaris == vraag.wie]
        lezer = next(r for r in at if r.actief)  # he signed in with it
        label = f"after pos {vraag.omvang}: {vraag.soort} of {lezer.rol} {vraag.inzending.get('onderwerp', '')}"
        must = self._answer(vraag, lezer)
        heard = vraag.gehoord
        told = f"heard {heard}, must be {must}"
        if isinstance(heard, dict) and isinstance(must, dict):
            told = f"(must be, heard) {differences(must, heard)}"
        self._run.check(heard == must, f"{label}: {told}")

    def _answer(self, vraag: Vraag, lezer: Lezer) -> object:
        if vraag.soort == "lijst":
            return self._orakel.desk(lezer)
        if vraag.soort == "inzage":
            held = self._orakel.bureau.get(vraag.inzending["onderwerp"]["ontvangst"])
            if held is None or not held.lists(lezer):
                return STATUS[ONBEKEND.code or ""]
            return 200 if held.decides(lezer) else STATUS["recht_ontbreekt"]
        verdict, _ = self._orakel.judge(Geboekt("", lezer, None, vraag.moment, vraag.inzending))
        return 201 if verdict == ACCEPTED else STATUS[verdict.code or ""]
