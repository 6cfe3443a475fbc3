"""Hostile tokens against `app.access.tokens`. Three things must hold:

1. what the oracle refuses, ours refuses (also for random mutations of a good token);
2. every hostile token is refused by ours, with `NietAangemeld`;
3. where joserfc lets something pass that we refuse, the name stands in `STRENGER`, so that list is a fact.
"""

import json
from typing import Any

import hypothesis
import jose.jws
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.access.tokens import Toegang, read_access_token
from app.problems import NietAangemeld, TokenVerlopen
from tests.hulp.tokens import (
    ANDERE_BOS,
    BOS,
    CLAIMS,
    DER,
    ISSUER,
    KWAAD,
    NU,
    SIGNED,
    T,
    accepts,
    dump,
    embedded_key,
    hs,
    oracle,
    sign,
)

STRENGER = {
    "alg twice in the header",
    "sub twice",
    "sub twice, once escaped",
    "over the size cap, claims",
}


def test_there_are_enough_hostile_tokens_and_they_differ() -> None:
    assert len(KWAAD) >= 60
    assert KWAAD.keys() >= STRENGER
    assert all(accepts(sign()) for _ in range(3))


@pytest.mark.parametrize("naam", KWAAD)
def test_hostile_token_is_refused(naam: str) -> None:
    token = KWAAD[naam]()
    with pytest.raises(NietAangemeld) as caught:
        read_access_token(BOS, token, issuer=ISSUER, nu=NU)
    assert caught.value.detail == "Het token is niet geldig."
    assert caught.value.__cause__ is None
    assert (oracle(token) is not None) == (naam in STRENGER), "the oracle thinks otherwise than STRENGER says"


@pytest.mark.parametrize("token", [None, 1, b"", SIGNED.encode(), [SIGNED], {"token": SIGNED}])
def test_what_is_no_text_is_refused(token: Any) -> None:
    with pytest.raises(NietAangemeld):
        read_access_token(BOS, token, issuer=ISSUER, nu=NU)


def test_the_confusion_tokens_are_well_made() -> None:
    """The forgeries fool python-jose when it is used without care: the refusal above is not luck."""
    claims = jose.jws.verify(hs(DER), DER, algorithms=None)
    assert json.loads(claims) == CLAIMS
    assert json.loads(jose.jws.verify(hs(b""), b"", algorithms=["HS256"])) == CLAIMS
    assert json.loads(jose.jws.verify(embedded_key(), ANDERE_BOS.jwk, algorithms=["ES256"])) == CLAIMS


@hypothesis.settings(deadline=None)
@given(
    st.integers(0, len(SIGNED) - 1),
    st.sampled_from("ABCXYZabcxyz0189-_.= \n+/é"),
    st.sampled_from(["replace", "insert", "delete", "cut", "swap"]),
)
@example(len(SIGNED) - 1, "A", "replace")
def test_mutations_pass_only_where_the_oracle_agrees(place: int, text: str, kind: str) -> None:
    mutated = {
        "replace": SIGNED[:place] + text + SIGNED[place + 1 :],
        "insert": SIGNED[:place] + text + SIGNED[place:],
        "delete": SIGNED[:place] + SIGNED[place + 1 :],
        "cut": SIGNED[:place],
        "swap": SIGNED[:place] + SIGNED[place : place + 2][::-1] + SIGNED[place + 2 :],
    }[kind]
    read = accepts(mutated)
    assert (read is not None) == (mutated == SIGNED)
    if read is not None:
        assert oracle(mutated) == CLAIMS


@hypothesis.settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*CLAIMS, "nbf", "scope"]),
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(T - 400, T + 400),
            st.text("ab0-", max_size=8),
            st.just([ISSUER]),
        ),
        max_size=3,
    )
)
def test_signed_claims_pass_only_where_the_oracle_agrees(changes: dict[str, Any]) -> None:
    token = sign(claims=dump(CLAIMS | changes))
    try:
        read: Toegang | None = read_access_token(BOS, token, issuer=ISSUER, nu=NU)
    except (NietAangemeld, TokenVerlopen):
        read = None
    if oracle(token) is None:
        assert read is None
