"""What the client signs against what the server and the ledger compute: two hands, one arithmetic."""

import base64
import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from app.access.beleid import may
from app.access.sleutels import as_jwk, challenge, is_signed, load_point, read_point, thumbprint
from app.grootboek.blad import INHOUD, commitment, kop, leaf
from app.grootboek.canoniek import canonical, unb64u
from app.registraties.register import ACTEN
from app.services.boeken.ondertekening import KOP_DOMEIN, Ondertekenaar, verify
from app.services.kluis.operatie import hash_of, read_operatie
from app.services.kluis.verzegelen import sections_of as sections_of_server
from app.vocabulary import Klasse, Rol
from veldboek_client.kop import ELDERS, SECTIES, commit, sections_of, sign_op
from veldboek_client.sleutel import Sleutel, b64u, jcs

SLEUTEL = Sleutel.generate()
PUNT = read_point(SLEUTEL.jwk["x"], SLEUTEL.jwk["y"])
ORIGIN = "veldboek.example/grootboek/proef"
tekst = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
sleutels = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0", max_codepoint=0xFFFF), max_size=8)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | tekst,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(sleutels, inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_one_canonical_form(value):
    assert jcs(value) == canonical(value) == rfc8785.dumps(value)


@given(st.binary(max_size=200), st.sampled_from(SECTIES), st.binary(min_size=32, max_size=32).filter(any))
def test_client_and_server_commit_alike(content, section, salt):
    op = uuid4()
    assert commit(section, op, salt, content) == commitment(section, op, salt, content)


def test_one_key_id_and_one_challenge():
    assert as_jwk(PUNT) == SLEUTEL.jwk
    assert thumbprint(PUNT) == SLEUTEL.id
    message = challenge(code="A" * 26, origin=ORIGIN, point=PUNT)
    assert is_signed(PUNT, unb64u(SLEUTEL.prove("A" * 26, ORIGIN)), message)
    assert load_point(PUNT).curve.name == "secp256r1"
    kept = Sleutel.from_pem(SLEUTEL.to_pem())
    assert (kept.id, repr(kept)) == (SLEUTEL.id, f"Sleutel(id='{SLEUTEL.id}')")


def test_the_names_of_the_sections_are_those_of_the_ledger():
    assert SECTIES == INHOUD


def test_the_table_of_the_client_is_that_of_the_acts():
    """Every kind that a role in the field records can be signed, in every version there is."""
    field = [
        act
        for act in ACTEN.values()
        if act.pad
        and act.klasse in (Klasse.OPERATIE, Klasse.CORRECTIE)
        and any(may(rol, act.permissie) for rol in (Rol.BOA, Rol.WIJKAGENT, Rol.PCT, Rol.REGISSEUR, Rol.AVIM))
    ]
    assert len(field) > 15
    differs = {act.soort for act in field} ^ ELDERS.keys()
    assert differs == set(), "ELDERS of veldboek_client/kop.py: a line for each kind, with its fields outside zaak"
    for act in field:
        for versie in range(1, act.versie + 1):
            sections = act.schema(versie).sections()
            elsewhere = {name: sectie.value for name, sectie in sections.items() if sectie.value != "zaak"}
            assert elsewhere.items() <= dict(ELDERS[act.soort]).items(), (act.soort, versie)
            assert {name for name in ELDERS[act.soort] if name in sections} <= elsewhere.keys(), (act.soort, versie)


def make_op(**velden):
    return {
        "opId": str(uuid4()),
        "deviceSeq": 5,
        "soort": "signaal.gemeld",
        "versie": 1,
        "onderwerp": {"signaal": str(uuid4())},
        "waargenomenOp": "2026-08-19T23:10:00+02:00",
        "inhoud": {"bron": "overlastmelding", "gemeente": "GM0243"},
        **velden,
    }


teksten = st.none() | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40
)


@given(
    teksten,
    st.booleans(),
    st.none() | st.just("2026-08-19T23:12:00.123+02:00"),
    st.booleans(),
    st.lists(st.integers(1, 10**9), max_size=2),
    st.none() | st.binary(min_size=32, max_size=32),
)
def test_what_the_client_signs_holds_at_the_server(tekst_, oefening, vastgelegd, correctie, bijlagen, prev):
    """Sections, commitments, KOP, hash and signature agree, whatever the operation holds."""
    inhoud = {"bron": "overlastmelding", "gemeente": "GM0243"} | ({"tekst": tekst_} if tekst_ else {})
    changes = {"corrigeert": str(uuid4()), "basis": str(uuid4()), "reden": "vergissing"} if correctie else {}
    files = [
        {"id": str(uuid4()), "sha256": "a" * 64, "grootte": grootte, "mediatype": "image/jpeg"} for grootte in bijlagen
    ]
    op = make_op(inhoud=inhoud, oefening=oefening, vastgelegdOp=vastgelegd, bijlagen=files, **changes)
    made = sign_op(SLEUTEL, ORIGIN, op, seq=5, prev=b64u(prev) if prev else None)
    operatie = read_operatie(json.loads(json.dumps(op | made.velden)))
    assert operatie.fout is None
    sections = sections_of_server(operatie, None)
    assert sections == sections_of(op)
    signed = verify(operatie, Ondertekenaar(SLEUTEL.id, PUNT, belofte=True), ORIGIN, sections)
    assert signed is not None
    assert signed.kop == made.velden["kop"]
    assert signed.kop_hash == made.kop_hash == hash_of(signed.kop)
    assert signed.prev == (b64u(prev) if prev else None)


def test_the_kop_of_the_client_is_the_kop_of_the_ledger():
    op = make_op()
    made = sign_op(SLEUTEL, ORIGIN, op, seq=5, prev=None, random=lambda n: bytes(range(n)))
    sent = made.velden["kop"]
    built = kop(ORIGIN, UUID(op["opId"]), 1, SLEUTEL.id, 5, None, [unb64u(each) for each in sent["c"]])
    assert built == sent
    assert is_signed(PUNT, unb64u(made.velden["hand"]), KOP_DOMEIN + canonical(built))
    whole = json.loads(leaf(built, unb64u(made.velden["hand"]), bytes(32)))
    assert whole["kop"] == sent
    assert [salt is None for salt in made.velden["zouten"]] == [False, False, True, True, True, True, True]


@pytest.mark.parametrize("soort", ["toestel.goedgekeurd", "maatregel.opgelegd", "iets.nieuws"])
def test_a_kind_that_the_app_does_not_know_goes_unsigned(soort):
    assert sign_op(SLEUTEL, ORIGIN, make_op(soort=soort), seq=1, prev=None) is None


def test_no_two_signatures_tell_that_two_entries_say_the_same():
    """Salts are random: equal content gives other commitments, so nobody can guess at it by comparing."""
    op = make_op(waargenomenOp=datetime(2026, 8, 19, tzinfo=UTC).isoformat())
    first, second = (sign_op(SLEUTEL, ORIGIN, op, seq=5, prev=None) for _ in range(2))
    assert not set(first.velden["kop"]["c"]) & set(second.velden["kop"]["c"])
    drawn = [base64.urlsafe_b64decode(salt + "=") for salt in first.velden["zouten"] if salt]
    assert len(set(drawn)) == len(drawn) == 2
