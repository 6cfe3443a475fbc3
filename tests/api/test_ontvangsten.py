"""What an officer hears afterwards of what he recorded offline: the same words as he would have heard online."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from uuid_utils.compat import uuid7

from app.postgres import Server
from tests.hulp.ingehouden import REASON, receipt, the_same_again
from tests.hulp.sync_proef import accepted, controle, correctie, doorhaling, melding, mensenhandel
from tests.hulp.wereld import Wereld

CANARY = "Xq7janjansen"
START = {"benadering": "aangebeld", "situatie": "toegang_verleend", "hoedanigheid": "toezicht"}
FEIT = {"code": "aanbod_tegen_betaling", "aard": "feit", "wijze": "waargenomen", "hoedanigheid": "toezicht"}

REFUSED = {
    "a rule": ("bevinding.vastgelegd", "bevinding", FEIT, "regel_geschonden"),
    "a field too few": ("bevinding.vastgelegd", "bevinding", {k: v for k, v in FEIT.items() if k != "code"}, None),
    "a wrong value": ("bevinding.vastgelegd", "bevinding", FEIT | {"aard": CANARY, "wijze": 3}, None),
    "a field that is not there": ("bevinding.vastgelegd", "bevinding", FEIT | {CANARY: CANARY}, None),
    "what does not go together": ("controle.afgerond", "", {"hoedanigheid": "toezicht", "overtredingen": [],
        "uitkomst": "niet_vastgesteld"}, None),
}  # fmt: skip
PAD = {"bevinding.vastgelegd": "bevindingen", "controle.afgerond": "afronding"}


async def visited(w: Wereld) -> tuple[UUID, UUID]:
    """A controle that was started, and the id of a bevinding in it."""
    locatie, start = controle(w, "boa-1")
    here = {"controle": UUID(start["onderwerp"]["controle"]), "bevinding": uuid7()}
    await accepted(w, "boa-1", locatie, start, w.op("boa-1", "bevinding.vastgelegd", here, FEIT))
    return here["controle"], here["bevinding"]


@pytest.mark.parametrize("case", REFUSED)
async def test_the_receipt_says_what_somebody_online_hears(wereld: Wereld, database: Server, case: str) -> None:
    """And nothing of what was sent. Broken: `waarom` out of the verdict; `fouten` of `read_operatie`; `need_reason`."""
    w, (ident, bevinding) = wereld, await visited(wereld)
    soort, minted, inhoud, code = REFUSED[case]
    op = w.op("boa-1", soort, {"controle": ident} | ({minted: bevinding} if minted else {}), inhoud)
    (result,) = await w.push("boa-1", op)
    assert (result["status"], result["code"]) == ("quarantined", code or "schema_ongeldig")
    online: dict[str, Any] = {"waargenomenOp": op["waargenomenOp"], "inhoud": inhoud}
    online |= {"onderwerp": {minted: str(bevinding)}} if minted else {}
    headers = w.headers("boa-1") | {"Idempotency-Key": str(uuid4())}
    problem = (await w.http.post(f"/controles/{ident}/{PAD[soort]}", json=online, headers=headers)).json()
    told = await receipt(w, "boa-1", op["opId"])
    assert told.get("fouten") == problem.get("fouten")
    assert (told["uitleg"], result["uitleg"]) == ((problem["detail"] if code else "De inhoud klopt niet."),) * 2
    (again,) = await w.push("boa-1", op)
    assert again["eerste"]["uitleg"] == told["uitleg"]
    assert CANARY not in str(told)
    if code is not None:
        unasked = (await w.get("regisseur-1", f"/quarantaine/{op['opId']}")).json()
        assert [fout["veld"] for fout in unasked["fouten"]] == ["X-Audit-Toelichting"]
        desk = (await w.get("regisseur-1", f"/quarantaine/{op['opId']}", headers=REASON)).json()
        assert desk["uitleg"] == told["uitleg"]
    await the_same_again(w, database)


ENVELOPES: dict[str, tuple[dict[str, Any], str]] = {
    "no correction has a part only": ({"corrigeert": str(uuid4())}, "corrigeert"),
    "it names what it is about": ({"onderwerp": {"controle": str(uuid4())}}, "onderwerp"),
    "a moment has its offset": ({"waargenomenOp": "2026-08-19T23:10:00"}, "waargenomenOp"),
    "a version is a number": ({"versie": "een"}, "versie"),
}


@pytest.mark.parametrize("case", ENVELOPES)
async def test_what_is_wrong_around_it_is_named(wereld: Wereld, case: str) -> None:
    """Broken: each line of `_misfits`."""
    changed, veld = ENVELOPES[case]
    op = melding(wereld, "boa-1") | changed
    await wereld.push("boa-1", op)
    assert [fout["veld"] for fout in (await receipt(wereld, "boa-1", op["opId"]))["fouten"]] == [veld]


async def test_what_is_wrong_around_it_and_in_it_is_told_at_once(wereld: Wereld) -> None:
    """In the version that was sent. Broken: `_told_of_payload`."""
    op = melding(wereld, "boa-1", inhoud={"gemeente": 5}) | {"waargenomenOp": "gisteren"}
    (result,) = await wereld.push("boa-1", op)
    assert {fout["veld"] for fout in result["fouten"]} == {"waargenomenOp", "inhoud.gemeente"}
    assert (await receipt(wereld, "boa-1", op["opId"]))["fouten"] == result["fouten"]


TYPED = {
    "adres": {"straat": "Havendam", "huisnumer": "1", "postcode": "3841AA", "plaats": "Harderwijk"},
    "gemeentes": "GM0243",
    "Jan Jansen": "0612345678",
    "taal": "nl",
}
UNKNOWN = "Hier staat een onbekend veld."
"""A slip of the pen in the payload of a place; a name that only another object has; one that is nobody's business."""


async def test_a_name_that_looks_like_one_of_ours_is_understood(wereld: Wereld) -> None:
    """In the object where it stands, and the same at a desk; what was written is not repeated.

    Broken: `_names_at`; `body` out of a `fouten_of`; the line in `_fout` that keeps an unknown name.
    """
    w, ident = wereld, uuid7()
    inhoud = {"soort": "woning", "feitelijkBewoond": "ja", "gemeente": "GM0243", "hoedanigheid": "toezicht"} | TYPED
    op = w.op("boa-1", "locatie.vastgelegd", {"locatie": ident}, inhoud, versie=2) | {"waargenomenOpp": "x"}
    (result,) = await w.push("boa-1", op)
    wrong = [
        ("verzoek", f"{UNKNOWN} Bedoelt u waargenomenOp?"),
        ("inhoud.adres.huisnummer", "Dit veld is verplicht."),
        ("inhoud.adres", f"{UNKNOWN} Bedoelt u huisnummer?"),
        ("inhoud", f"{UNKNOWN} Bedoelt u gemeente?"),
        ("inhoud", UNKNOWN),
        ("inhoud.taal", "Dit veld hoort hier niet."),
    ]
    told = [(each["veld"], each["melding"]) for each in result["fouten"]]
    assert sorted(told) == sorted(wrong)
    assert (await receipt(w, "boa-1", op["opId"]))["fouten"] == result["fouten"]
    sent = {"onderwerp": {"locatie": str(ident)}, "waargenomenOpp": "x", "inhoud": op["inhoud"]}
    problem = await w.post("boa-1", "/locaties", sent)
    online = [(each["veld"], each["melding"]) for each in problem.json()["fouten"]]
    assert sorted(online) == sorted(wrong)
    for text in (str(result), problem.text):
        assert not [
            name for name in ("huisnumer", "gemeentes", "Jansen", "0612345678", "waargenomenOpp") if name in text
        ]


async def test_only_so_many_names_are_weighed(wereld: Wereld) -> None:
    """Each takes time. Broken: `_WEIGHED`."""
    w, smallest = wereld, {"bron": "overlastmelding", "gemeente": "GM0243"}
    many = {f"{n}{'x' * 9}": 1 for n in range(20)}
    for extra, meldingen in (
        (many | {"buurtcod": 1}, {UNKNOWN}),
        ({"buurtcod": 1} | many, {UNKNOWN, f"{UNKNOWN} Bedoelt u buurtcode?"}),
    ):
        body = {"onderwerp": {"signaal": str(uuid7())}, "inhoud": smallest | extra}
        told = (await w.post("boa-1", "/signalen", body)).json()["fouten"]
        assert {each["melding"] for each in told} == meldingen


async def test_each_verdict_has_its_words(wereld: Wereld) -> None:
    """Whatever the code. Broken: a line out of `WAAROM`."""
    w, op = wereld, melding(wereld, "boa-1")
    await accepted(w, "boa-1", op)
    sent = {
        "id_andere_inhoud": melding(w, "boa-1", opId=op["opId"]),
        "volgnummer_dubbel": melding(w, "boa-1", deviceSeq=op["deviceSeq"]),
        "onbekende_soort": melding(w, "boa-1") | {"soort": "iets.anders"},
        "recht_ontbreekt": melding(w, "boa-1", inhoud={"gemeente": "GM0233"}),
        "voorganger_ontbreekt": doorhaling(w, "boa-1", melding(w, "boa-1"), "signaal"),
        "handtekening_ongeldig": melding(w, "boa-1") | {"kop": {}, "hand": "", "zouten": []},
    }
    results = {result["code"]: result["uitleg"] for result in await w.push("boa-1", *sent.values())}
    first, second = correctie(w, "boa-1", op, tekst="een"), correctie(w, "boa-2", op, tekst="twee")
    await accepted(w, "boa-1", first)
    (result,) = await w.push("boa-2", second)
    results[result["code"]] = result["uitleg"]
    assert results.keys() == sent.keys() | {"basis_gewijzigd"}
    assert len(set(results.values())) == len(results)
    assert all(uitleg and uitleg.endswith(".") for uitleg in results.values())


async def test_a_count_that_does_not_count_says_so(wereld: Wereld, database: Server) -> None:
    """After a reinstall, or from a second phone: its clock is behind. Its writer hears it, nobody else.

    Broken: `is_older`; `is_told`; `ACCEPTED` out of the scopes of a receipt.
    """
    w, (ident, _) = wereld, await visited(wereld)
    noted = ("2026-08-19T21:20:00Z", "2026-08-19T21:10:00Z", "2026-08-19T21:30:00Z")
    counts = [
        w.op("boa-1", "telling.vastgelegd", {"controle": ident}, {"perRol": {"klant": n}}, vastgelegdOp=moment)
        for n, moment in enumerate(noted, 1)
    ]
    results = [(await accepted(w, "boa-1", op))[0] for op in counts]
    assert [result["vlaggen"] for result in results] == [[], ["telt_niet"], []]
    told = await receipt(w, "boa-1", counts[1]["opId"])
    assert (told["status"], told["vlaggen"], told["soort"]) == ("accepted", ["telt_niet"], "telling.vastgelegd")
    assert told.keys().isdisjoint({"code", "stand", "uitleg"})
    [standing] = (await w.get("boa-1", f"/controles/{ident}")).json()["tellingen"]
    assert standing["perRol"] == {"klant": 3}
    for wie in ("boa-2", "regisseur-1", "pct-1"):
        changes, _ = await w.pull(wie, collecties="ontvangsten")
        assert counts[1]["opId"] not in {change["id"] for change in changes}
        answer = await w.get(wie, f"/quarantaine/{counts[1]['opId']}", headers=REASON)
        assert answer.status_code == 404
    headers = w.headers("boa-1")
    stock = (await w.http.get("/sync/rxdb/ontvangsten/pull", params={"limit": 50}, headers=headers)).json()
    assert counts[1]["opId"] in {row["id"] for row in stock["documents"]}
    await the_same_again(w, database)


async def test_of_a_sign_of_trafficking_nothing_odd_lies_on_the_phone(wereld: Wereld) -> None:
    """Broken: `VERBERGT` out of `is_told`."""
    w, day = wereld, {"waargenomenOp": "1999-01-01T00:00:00Z"}
    for op in (mensenhandel(w, "boa-1") | day, melding(w, "boa-1") | day):
        (result,) = await accepted(w, "boa-1", op)
        assert result["vlaggen"] == ["datum_onwaarschijnlijk"]
    changes, _ = await w.pull("boa-1", collecties="ontvangsten")
    assert [change["doc"]["soort"] for change in changes] == ["signaal.gemeld"]
