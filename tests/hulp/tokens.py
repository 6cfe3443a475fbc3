"""Tokens made by hand, good and hostile, with joserfc as oracle.

`KWAAD` maps a name to a function that makes one hostile token. `sign` and `pack` build tokens from bytes with
`cryptography` alone, so a case differs from a good token in exactly one respect, and its signature is right unless the
signature is the point. `oracle` is a second judge: joserfc for form and signature, our claim rules spelled with
joserfc's claims registry. Long by one table.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OctKey
from joserfc.jwt import JWTClaimsRegistry

from app.access.tokens import Sleutelbos, Toegang, read_access_token
from app.problems import NietAangemeld

BOS, ANDERE_BOS = Sleutelbos.generate(), Sleutelbos.generate()
ISSUER = "https://veldboek.test"
NU = datetime(2026, 8, 19, 21, 10, tzinfo=UTC)
T = int(NU.timestamp())
TOEGANG = Toegang(
    functionaris=UUID("0199f0a0-0000-7000-8000-000000000001"),
    roltoewijzing=UUID("0199f0a0-0000-7000-8000-000000000002"),
    toestel=UUID("0199f0a0-0000-7000-8000-000000000003"),
    sid=UUID("0199f0a0-0000-7000-8000-000000000004"),
)
HEADER = {"alg": "ES256", "typ": "at+jwt", "kid": BOS.kid}
CLAIMS = {
    "iss": ISSUER,
    "aud": ISSUER,
    "sub": str(TOEGANG.functionaris),
    "exp": T + 300,
    "iat": T,
    "jti": "0199f0a0-0000-4000-8000-000000000005",
    "sid": str(TOEGANG.sid),
    "rtw": str(TOEGANG.roltoewijzing),
    "client_id": "veldboek",
    "device_id": str(TOEGANG.toestel),
}
ALFABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # the order of P-256
PRIVE = serialization.load_pem_private_key(BOS.to_pem(), password=None)
assert isinstance(PRIVE, ec.EllipticCurvePrivateKey)
PUBLIEK = PRIVE.public_key()
SPKI = serialization.PublicFormat.SubjectPublicKeyInfo
PEM = PUBLIEK.public_bytes(serialization.Encoding.PEM, SPKI)
DER = PUBLIEK.public_bytes(serialization.Encoding.DER, SPKI)
PUNT = PUBLIEK.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
JWK = json.dumps(BOS.jwk).encode()
ANDERE = serialization.load_pem_private_key(ANDERE_BOS.to_pem(), password=None)
BETROUWBAAR = "https://veldboek.test/sleutels"
UUIDS = {"sub", "sid", "rtw", "jti", "device_id"}


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def dump(value: Any) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()


def raw_signature(key: ec.EllipticCurvePrivateKey, message: bytes, algorithm: hashes.HashAlgorithm) -> bytes:
    size = (key.key_size + 7) // 8
    return b"".join(n.to_bytes(size, "big") for n in decode_dss_signature(key.sign(message, ec.ECDSA(algorithm))))


def sign(header: Any = HEADER, claims: Any = CLAIMS, key: Any = PRIVE, algorithm: Any = None) -> str:
    """Sign right, whatever the header says; bytes are taken as they are."""
    message = f"{b64(dump(header))}.{b64(dump(claims))}"
    return f"{message}.{b64(raw_signature(key, message.encode(), algorithm or hashes.SHA256()))}"


def pack(header_segment: str, claims_segment: str) -> str:
    """Sign over segments that are already spelled."""
    message = f"{header_segment}.{claims_segment}"
    return f"{message}.{b64(raw_signature(PRIVE, message.encode(), hashes.SHA256()))}"


def hs(key: bytes, alg: str = "HS256") -> str:
    message = f"{b64(dump(HEADER | {'alg': alg}))}.{b64(dump(CLAIMS))}"
    return f"{message}.{b64(hmac.digest(key, message.encode(), {'HS256': 'sha256', 'HS512': 'sha512'}[alg]))}"


def resign(change: Callable[[bytes], bytes]) -> str:
    """A good token whose 64 signature bytes are changed."""
    message, _, signature = sign().rpartition(".")
    return f"{message}.{b64(change(unb64(signature)))}"


def spare_bits(token: str) -> str:
    """The last character carries 2 bits of the signature and 4 that decoders ignore: set another of those."""
    return token[:-1] + ALFABET[ALFABET.index(token[-1]) ^ 1]


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in CLAIMS.items() if key != name}


def with_header(**extra: Any) -> str:
    return sign(HEADER | extra)


def with_claims(**extra: Any) -> str:
    return sign(claims=CLAIMS | extra)


def to_der(raw: bytes) -> bytes:
    """Spell r and s as ASN.1, the form that X.509 uses and JWS does not."""
    return encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))


def nested_jwe() -> str:
    key = OctKey.import_key(hashlib.sha256(DER).digest())
    return jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM", "cty": "JWT"}, sign(), key)


def flattened_json() -> str:
    header, claims, signature = sign().split(".")
    return json.dumps({"protected": header, "payload": claims, "signature": signature})


def other_curve(curve: ec.EllipticCurve, alg: str, algorithm: hashes.HashAlgorithm) -> str:
    return sign(HEADER | {"alg": alg}, key=ec.generate_private_key(curve), algorithm=algorithm)


def rsa_signed() -> str:
    message = f"{b64(dump(HEADER | {'alg': 'RS256'}))}.{b64(dump(CLAIMS))}"
    key = rsa.generate_private_key(65537, 2048)
    return f"{message}.{b64(key.sign(message.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def eddsa_signed() -> str:
    message = f"{b64(dump(HEADER | {'alg': 'EdDSA'}))}.{b64(dump(CLAIMS))}"
    return f"{message}.{b64(ed25519.Ed25519PrivateKey.generate().sign(message.encode()))}"


def embedded_key() -> str:
    """The forger brings the key along, in the header (CVE-2018-0114)."""
    assert isinstance(ANDERE, ec.EllipticCurvePrivateKey)
    return sign(HEADER | {"jwk": ANDERE_BOS.jwk}, key=ANDERE)


LEEG = b64(b"")
KWAAD: dict[str, Callable[[], str]] = {
    # no algorithm
    **{
        f"alg {alg!r}, {kind}": lambda alg=alg, tail=tail: (
            f"{b64(dump(HEADER | {'alg': alg}))}.{b64(dump(CLAIMS))}.{tail()}"
        )
        for alg in ("none", "None", "NONE", "nOnE", "", " none", "none\u0000")
        for kind, tail in (("no signature", lambda: LEEG), ("old signature", lambda: sign().split(".")[2]))
    },
    "alg missing": lambda: sign({"typ": "at+jwt", "kid": BOS.kid}),
    "alg null": lambda: with_header(alg=None),
    "alg as list": lambda: with_header(alg=["ES256"]),
    "alg in lower case": lambda: with_header(alg="es256"),
    "alg with a space": lambda: with_header(alg="ES256 "),
    # confusion of keys and algorithms
    "HS256 with the DER public key": lambda: hs(DER),
    "HS256 with the PEM public key": lambda: hs(PEM),
    "HS256 with the PEM without its last newline": lambda: hs(PEM.rstrip()),
    "HS256 with the JWK": lambda: hs(JWK),
    "HS256 with the bare point": lambda: hs(PUNT),
    "HS256 with the kid": lambda: hs(BOS.kid.encode()),
    "HS256 with an empty key": lambda: hs(b""),
    "HS512 with the DER public key": lambda: hs(DER, "HS512"),
    "ES384 on P-384": lambda: other_curve(ec.SECP384R1(), "ES384", hashes.SHA384()),
    "ES512 on P-521": lambda: other_curve(ec.SECP521R1(), "ES512", hashes.SHA512()),
    "ES256 on P-384": lambda: other_curve(ec.SECP384R1(), "ES256", hashes.SHA256()),
    "ES256K": lambda: other_curve(ec.SECP256K1(), "ES256K", hashes.SHA256()),
    "ES256K said to be ES256": lambda: other_curve(ec.SECP256K1(), "ES256", hashes.SHA256()),
    "ES384 said, signed with our key": lambda: with_header(alg="ES384"),
    "SHA-384 under our key": lambda: sign(algorithm=hashes.SHA384()),
    "RS256": rsa_signed,
    "EdDSA": eddsa_signed,
    "another P-256 key": lambda: sign(key=ANDERE),
    # headers
    "typ missing": lambda: sign({"alg": "ES256", "kid": BOS.kid}),
    "typ JWT": lambda: with_header(typ="JWT"),
    "typ of a DPoP proof": lambda: with_header(typ="dpop+jwt"),
    "typ in capitals": lambda: with_header(typ="AT+JWT"),
    "typ null": lambda: with_header(typ=None),
    "kid missing": lambda: sign({"alg": "ES256", "typ": "at+jwt"}),
    "kid unknown": lambda: with_header(kid=ANDERE_BOS.kid),
    "kid is a path": lambda: with_header(kid="../../dev/null"),
    "kid is a query": lambda: with_header(kid="' UNION SELECT 'x"),
    "kid as number": lambda: with_header(kid=1),
    "crit of something unknown": lambda: with_header(crit=["veldboek"], veldboek=1),
    "crit empty": lambda: with_header(crit=[]),
    "crit of b64": lambda: with_header(crit=["b64"], b64=True),
    "jku": lambda: with_header(jku=BETROUWBAAR),
    "x5u": lambda: with_header(x5u=BETROUWBAAR),
    "x5c": lambda: with_header(x5c=[base64.b64encode(DER).decode()]),
    "x5t": lambda: with_header(x5t=b64(hashlib.sha1(DER).digest())),  # noqa: S324
    "jwk of ours": lambda: with_header(jwk=BOS.jwk),
    "jwk of the forger, who signed": embedded_key,
    "zip": lambda: with_header(zip="DEF"),
    "cty of a nested token": lambda: with_header(cty="JWT"),
    "unknown header": lambda: with_header(rol="burgemeester"),
    "header is a list": lambda: sign([HEADER]),
    "header is null": lambda: sign(b"null"),
    "header is empty": lambda: sign(b"{}"),
    "header nested deep": lambda: sign(b"[" * 1500),
    "alg twice in the header": lambda: sign(
        b'{"alg":"none","alg":"ES256","typ":"at+jwt","kid":' + dump(BOS.kid) + b"}"
    ),
    # claims
    **{f"{name} missing": lambda name=name: sign(claims=without(name)) for name in CLAIMS if name != "device_id"},
    **{f"{name} null": lambda name=name: with_claims(**{name: None}) for name in CLAIMS},
    **{f"{name} a list": lambda name=name: with_claims(**{name: [CLAIMS[name]]}) for name in CLAIMS},
    **{f"{name} an object": lambda name=name: with_claims(**{name: {"x": CLAIMS[name]}}) for name in CLAIMS},
    **{f"{name} a float": lambda name=name: with_claims(**{name: CLAIMS[name] + 0.0}) for name in ("exp", "iat")},
    **{f"{name} a string": lambda name=name: with_claims(**{name: str(CLAIMS[name])}) for name in ("exp", "iat")},
    **{f"{name} true": lambda name=name: with_claims(**{name: True}) for name in CLAIMS},
    **{
        f"{name} no UUID": lambda name=name: with_claims(**{name: "burgemeester"})
        for name in ("sub", "sid", "rtw", "jti", "device_id")
    },
    **{
        f"{name} a UUID spelled otherwise ({kind})": lambda name=name, spell=spell: with_claims(
            **{name: spell(CLAIMS[name])}
        )
        for name in ("sub", "rtw")
        for kind, spell in (
            ("capitals", str.upper),
            ("braces", "{{{}}}".format),
            ("urn", "urn:uuid:{}".format),
        )
    },
    "iss of another": lambda: with_claims(iss="https://elders.test"),
    "iss with a slash": lambda: with_claims(iss=ISSUER + "/"),
    "iss with a zero-width space": lambda: with_claims(iss=ISSUER + "\u200b"),
    "iss in Cyrillic look-alikes": lambda: with_claims(iss=ISSUER.replace("e", "е")),
    "aud of another": lambda: with_claims(aud="https://elders.test"),
    "aud of us and another": lambda: with_claims(aud=[ISSUER, "https://elders.test"]),
    "client_id of another": lambda: with_claims(client_id="elders"),
    "iat 6 s ahead": lambda: with_claims(iat=T + 6, exp=T + 300),
    "iat a day ahead": lambda: with_claims(iat=T + 86400, exp=T + 86700),
    "iat zero": lambda: with_claims(iat=0, exp=T + 300),
    "iat negative": lambda: with_claims(iat=-1, exp=200),
    "exp 301 s after iat": lambda: with_claims(exp=T + 301),
    "exp in a thousand years": lambda: with_claims(exp=T + 10**11),
    "exp before iat": lambda: with_claims(iat=T, exp=T - 1),
    "exp equal to iat": lambda: with_claims(exp=T),
    "exp of 1900 digits": lambda: sign(claims=dump(CLAIMS).replace(str(T + 300).encode(), b"9" * 1900)),
    "exp NaN": lambda: sign(claims=dump(CLAIMS | {"exp": float("nan")})),
    "exp Infinity": lambda: sign(claims=dump(CLAIMS | {"exp": float("inf")})),
    "exp in exponent notation": lambda: sign(claims=dump(CLAIMS).replace(str(T + 300).encode(), b"2e9")),
    "nbf, which we do not use": lambda: with_claims(nbf=T),
    "a role": lambda: with_claims(rol="burgemeester"),
    "a name": lambda: with_claims(name="A. de Vries"),
    "a key of nothing": lambda: with_claims(**{"": "x"}),
    "sub twice": lambda: sign(claims=b'{"sub":"x",' + dump(CLAIMS)[1:]),
    "sub twice, once escaped": lambda: sign(claims=b'{"\\u0073ub":' + dump(CLAIMS["sub"]) + b"," + dump(CLAIMS)[1:]),
    "sub with a lone surrogate": lambda: with_claims(sub="\ud800"),
    "sub with NUL": lambda: with_claims(sub=CLAIMS["sub"] + "\u0000"),
    "claims a list": lambda: sign(claims=[CLAIMS]),
    "claims a string": lambda: sign(claims=dump(json.dumps(CLAIMS))),
    "claims null": lambda: sign(claims=b"null"),
    "claims empty": lambda: sign(claims=b"{}"),
    "claims no JSON": lambda: sign(claims=b"burgemeester"),
    "claims nested deep": lambda: sign(claims=b'{"a":' * 500),
    "claims nested beyond the stack": lambda: sign(claims=b"[" * 2500),
    "claims with more behind them": lambda: sign(claims=dump(CLAIMS) + b"{}"),
    "claims with a comment": lambda: sign(claims=dump(CLAIMS) + b"//"),
    "claims in UTF-16": lambda: sign(claims=json.dumps(CLAIMS).encode("utf-16")),
    "claims with a BOM": lambda: sign(claims=b"\xef\xbb\xbf" + dump(CLAIMS)),
    "claims in bad UTF-8": lambda: sign(claims=dump(CLAIMS)[:-1] + b',"x":"\xff"}'),
    "claims a token themselves": lambda: sign(claims=sign().encode()),
    # signatures
    "signature in DER": lambda: resign(to_der),
    "signature of zeros": lambda: resign(lambda _: bytes(64)),
    "r zero": lambda: resign(lambda raw: bytes(32) + raw[32:]),
    "s zero": lambda: resign(lambda raw: raw[:32] + bytes(32)),
    "r and s the order of the curve": lambda: resign(lambda _: N.to_bytes(32, "big") * 2),
    "r + n": lambda: resign(
        lambda raw: ((int.from_bytes(raw[:32], "big") + N) % 2**256).to_bytes(32, "big") + raw[32:]
    ),
    "r and s swapped": lambda: resign(lambda raw: raw[32:] + raw[:32]),
    "one bit of the signature": lambda: resign(lambda raw: bytes([raw[0] ^ 1]) + raw[1:]),
    "signature a byte short": lambda: resign(lambda raw: raw[:-1]),
    "signature a byte long": lambda: resign(lambda raw: raw + b"\0"),
    "signature padded to 96 bytes": lambda: resign(lambda raw: bytes(16) + raw[:32] + bytes(16) + raw[32:]),
    "signature twice": lambda: resign(lambda raw: raw * 2),
    "signature of other claims": lambda: ".".join(
        [*sign(claims=CLAIMS | {"rtw": CLAIMS["sub"]}).split(".")[:2], sign().split(".")[2]]
    ),
    # spelling
    "header padded": lambda: pack(b64(dump(HEADER | {"kid": BOS.kid})) + "==", b64(dump(CLAIMS))),
    "claims padded": lambda: pack(b64(dump(HEADER)), base64.urlsafe_b64encode(dump(CLAIMS) + b" ").decode() + "="),
    "signature padded": lambda: sign() + "==",
    "signature with other spare bits": lambda: spare_bits(sign()),
    "claims with a newline inside": lambda: pack(
        b64(dump(HEADER)), b64(dump(CLAIMS))[:8] + "\n" + b64(dump(CLAIMS))[8:]
    ),
    "claims in the other base64": lambda: pack(
        b64(dump(HEADER)), b64(dump(CLAIMS | {"x": "???>>>"})).replace("_", "/")
    ),
    "claims with junk that decoders skip": lambda: pack(b64(dump(HEADER)), "!" + b64(dump(CLAIMS))),
    "space before": lambda: " " + sign(),
    "newline behind": lambda: sign() + "\n",
    "Bearer before": lambda: "Bearer " + sign(),
    "byte order mark before": lambda: "\ufeff" + sign(),
    "full-width digits": lambda: sign().replace("0", "\uff10").replace("1", "\uff11"),
    "lone surrogate": lambda: sign() + "\ud800",
    "NUL behind": lambda: sign() + "\x00",
    "truncated by one": lambda: sign()[:-1],
    "truncated to half": lambda: sign()[: len(sign()) // 2],
    "no signature segment": lambda: sign().rpartition(".")[0],
    "empty signature": lambda: sign().rpartition(".")[0] + ".",
    "four segments": lambda: sign() + "." + b64(b"x"),
    "empty claims segment": lambda: pack(b64(dump(HEADER)), ""),
    "detached payload": lambda: "..".join(sign().split(".")[::2]),
    "empty header segment": lambda: pack("", b64(dump(CLAIMS))),
    "only dots": lambda: "..",
    "empty": lambda: "",
    "nested JWE": nested_jwe,
    "five segments": lambda: ".".join(["x"] * 5),
    "flattened JSON": flattened_json,
    "general JSON": lambda: json.dumps({"payload": b64(dump(CLAIMS)), "signatures": [json.loads(flattened_json())]}),
    "over the size cap, claims": lambda: sign(claims=dump(CLAIMS)[:-1] + b" " * 3000 + b"}"),
    "over the size cap, a megabyte": lambda: "A" * 2**20,
}
SIGNED = sign()


def accepts(token: str, nu: datetime = NU) -> Toegang | None:
    try:
        return read_access_token(BOS, token, issuer=ISSUER, nu=nu)
    except NietAangemeld:
        return None


def oracle(token: str, nu: int = T) -> dict[str, Any] | None:
    """The second judge: returns the claims of a token that joserfc and our claim rules let pass."""
    try:
        judged = jws.deserialize_compact(token, ECKey.import_key(BOS.jwk), algorithms=["ES256"])
        claims = json.loads(judged.payload.decode("utf-8"), parse_constant=lambda _: None)
        assert judged.headers() == HEADER
        assert {"iss", "aud", "sub", "exp", "iat", "jti", "sid", "rtw", "client_id"} <= set(claims) <= set(CLAIMS)
        ours = {"essential": True, "value": ISSUER}
        JWTClaimsRegistry(now=nu, leeway=5, iss=ours, aud=ours, exp={"essential": True}).validate(claims)
        assert all(isinstance(claims[name], str) for name in claims.keys() - {"exp", "iat"})
        assert all(str(UUID(claims[name])) == claims[name] for name in claims.keys() & UUIDS)
        assert type(claims["exp"]) is type(claims["iat"]) is int
        assert claims["client_id"] == "veldboek"
        assert claims["iat"] > 0
        assert 0 < claims["exp"] - claims["iat"] <= 300
    except (JoseError, AssertionError, ValueError, RecursionError, AttributeError, TypeError):
        return None
    return dict(claims)
