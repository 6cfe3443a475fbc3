"""Access tokens: what we mint is what we read, from when and until when, and whose it is."""

import json
from datetime import timedelta, timezone

import pytest

from app.access.tokens import mint_access_token, read_access_token
from app.problems import NietAangemeld, TokenVerlopen
from tests.hulp.tokens import (
    ANDERE_BOS,
    BOS,
    CLAIMS,
    HEADER,
    ISSUER,
    KWAAD,
    NU,
    SIGNED,
    TOEGANG,
    accepts,
    oracle,
    sign,
    unb64,
    without,
)


def test_a_good_token_is_read_by_both() -> None:
    assert accepts(sign()) == TOEGANG
    assert oracle(sign()) == CLAIMS
    zonder = accepts(sign(claims=without("device_id")))
    assert zonder is not None
    assert zonder.toestel is None


def test_what_we_mint_is_what_we_read() -> None:
    token = mint_access_token(
        BOS,
        issuer=ISSUER,
        functionaris=TOEGANG.functionaris,
        roltoewijzing=TOEGANG.roltoewijzing,
        toestel=TOEGANG.toestel,
        sid=TOEGANG.sid,
        nu=NU,
    )
    assert accepts(token) == TOEGANG
    claims = oracle(token)
    assert claims is not None
    assert claims | {"jti": CLAIMS["jti"]} == CLAIMS
    assert json.loads(unb64(token.split(".")[0])) == HEADER


def test_minting_without_a_device_and_unique_jti() -> None:
    made = [
        mint_access_token(
            BOS,
            issuer=ISSUER,
            functionaris=TOEGANG.functionaris,
            roltoewijzing=TOEGANG.roltoewijzing,
            toestel=None,
            sid=TOEGANG.sid,
            nu=NU,
        )
        for _ in range(2)
    ]
    read = [oracle(token) for token in made]
    assert all(claims is not None and "device_id" not in claims for claims in read)
    assert len({claims["jti"] for claims in read if claims}) == 2


@pytest.mark.parametrize(("seconds", "good"), [(-6, False), (-5, True), (0, True), (299, True)])
def test_a_token_is_good_from_five_seconds_before_its_making(seconds: int, *, good: bool) -> None:
    assert (accepts(SIGNED, NU + timedelta(seconds=seconds)) is not None) == good


@pytest.mark.parametrize("seconds", [300, 301, 10**8])
def test_a_good_token_that_is_late_is_called_expired(seconds: int) -> None:
    with pytest.raises(TokenVerlopen):
        read_access_token(BOS, SIGNED, issuer=ISSUER, nu=NU + timedelta(seconds=seconds))


@pytest.mark.parametrize("naam", [n for n in KWAAD if n not in {"iat 6 s ahead", "iat a day ahead"}])
def test_a_bad_token_that_is_late_is_not_called_expired(naam: str) -> None:
    """`TokenVerlopen` makes a client refresh and try again: not for a token that never held."""
    with pytest.raises(NietAangemeld):
        read_access_token(BOS, KWAAD[naam](), issuer=ISSUER, nu=NU + timedelta(days=1))


def test_time_has_a_zone() -> None:
    elsewhere = NU.astimezone(timezone(timedelta(hours=9)))
    assert accepts(SIGNED, elsewhere) == TOEGANG
    with pytest.raises(ValueError, match="aware"):
        read_access_token(BOS, SIGNED, issuer=ISSUER, nu=NU.replace(tzinfo=None))


def test_another_issuer_or_key_is_not_ours() -> None:
    for bos, issuer in ((ANDERE_BOS, ISSUER), (BOS, "https://elders.test")):
        with pytest.raises(NietAangemeld):
            read_access_token(bos, SIGNED, issuer=issuer, nu=NU)
