"""Differences between versions, and deciding on them."""

from typing import Any

from tests.hulp.wereld import Wereld


def besluit(wereld: Wereld, wie: str, onderwerp: dict[str, Any], keuze: Any, verworpen: Any) -> Any:
    named = {"keuze": keuze["opId"], "verworpen": verworpen["opId"], "reden": "zo stond het in het logboek"}
    return wereld.op(wie, "verschil.beoordeeld", onderwerp, named)


async def read(wereld: Wereld, op: Any, wie: str = "regisseur-1") -> dict[str, Any]:
    (kind,) = [key for key in op["onderwerp"] if key in {"signaal", "controle"}]
    pad = {"signaal": "signalen", "controle": "controles"}[kind]
    answer = await wereld.get(wie, f"/{pad}/{op['onderwerp'][kind]}")
    assert answer.status_code == 200, answer.text
    return answer.json()
