from tests.api.keten import build_keten
from tests.wereld import Wereld
async def test_x(wereld: Wereld) -> None:
    k = await build_keten(wereld)
    for wie in wereld.mensen:
        r = await wereld.get(wie, "/aantallen")
        print(wie, r.text)
