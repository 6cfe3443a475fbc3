"""A day's work with the client that openapi-python-client made (package `gemaakt`); ends with a line of JSON."""

import json
import sys
from datetime import UTC, datetime
from uuid import UUID, uuid4

from gemaakt.api.aanmelden import oauth_token
from gemaakt.api.cijfers import cijfers_get
from gemaakt.api.controles import controles_get, controles_list, controles_start
from gemaakt.api.signalen import signalen_create
from gemaakt.api.uitwisselen import sync_handshake, sync_pull, sync_push
from gemaakt.client import AuthenticatedClient, Client
from gemaakt.models import (
    AanmeldIn,
    BevindingVastgelegdOperatie,
    ControleAfgerondOperatie,
    ControleGestartOperatie,
    ControleGestartVastleggen,
    HandshakeIn,
    LocatieVastgelegdOperatie,
    OvertredingVastgesteldOperatie,
    PersoonAangetroffenOperatie,
    Problem,
    PushIn,
    PushUit,
    SignaalGemeldVastleggen,
)

given = json.loads(sys.argv[1])
V1, GEMEENTE = f"{given['adres']}/v1", given["gemeente"]


def uuid7() -> str:
    time = int(datetime.now(UTC).timestamp() * 1000)
    return str(UUID(int=(time << 80) | (7 << 76) | (2 << 62) | (uuid4().int & ((1 << 62) - 1))))


def nu() -> str:
    return datetime.now(UTC).isoformat()


body = AanmeldIn.from_dict(
    {
        "grant_type": "password",
        "client_id": "veldboek",
        "gebruikersnaam": given["naam"],
        "wachtwoord": given["wachtwoord"],
        "toestel": given["toestel"],
    }
)
token = oauth_token.sync(client=Client(base_url=V1), body=body)
client = AuthenticatedClient(base_url=V1, token=token.access_token)
hand = sync_handshake.sync(
    client=client,
    body=HandshakeIn.from_dict({"protocollen": [1], "appVersie": "proef", "toestelTijd": nu(), "deviceSeq": 0}),
)
hoe, controle, bevinding, locatie = {"hoedanigheid": "toezicht"}, uuid7(), uuid7(), uuid7()
PAND = {"soort": "bedrijfspand", "feitelijkBewoond": "nee", "gemeente": GEMEENTE, "bagId": "0243010000000001", **hoe}
START = {"benadering": "aangebeld", "situatie": "toegang_verleend", **hoe}
GEZIEN = {"code": "aanbod_tegen_betaling", "aard": "feit", "wijze": "waargenomen", **hoe}
OVER = {"soort": "illegale_prostitutie", "bevindingen": [bevinding], **hoe}
PARTS = [
    (LocatieVastgelegdOperatie, "locatie.vastgelegd", {"locatie": locatie}, PAND),
    (ControleGestartOperatie, "controle.gestart", {"controle": controle, "locatie": locatie}, START),
    (
        PersoonAangetroffenOperatie,
        "persoon.aangetroffen",
        {"controle": controle, "persoon": uuid7()},
        {"rol": "sekswerker", **hoe},
    ),
    (BevindingVastgelegdOperatie, "bevinding.vastgelegd", {"controle": controle, "bevinding": bevinding}, GEZIEN),
    (OvertredingVastgesteldOperatie, "overtreding.vastgesteld", {"controle": controle, "overtreding": uuid7()}, OVER),
    (ControleAfgerondOperatie, "controle.afgerond", {"controle": controle}, hoe),
]
ops = [
    kind.from_dict(
        {
            "opId": str(uuid4()),
            "deviceSeq": hand.device_ack.contiguous_through + n,
            "soort": soort,
            "versie": given["versies"][soort],
            "onderwerp": onderwerp,
            "waargenomenOp": nu(),
            "inhoud": inhoud,
        }
    )
    for n, (kind, soort, onderwerp, inhoud) in enumerate(PARTS, start=1)
]


def push() -> list[str]:
    batch = PushIn(batch_id=str(uuid4()), verzonden_op=datetime.now(UTC), ops=ops)
    answer = sync_push.sync(client=client, body=batch)
    assert isinstance(answer, PushUit), answer
    return sorted({resultaat.status.value for resultaat in answer.resultaten})


first, again = push(), push()
gehaald = [w.doc for w in sync_pull.sync(client=client, limit=1000).wijzigingen if str(w.id) == controle and w.doc]
lijst = controles_list.sync(client=client, gemeente=GEMEENTE, limit=200)
one = controles_get.sync(id=UUID(controle), client=client)
vandaag = datetime.now(UTC).date()
cijfers = cijfers_get.sync(client=client, van=vandaag, tot_en_met=vandaag, gemeente=[GEMEENTE])
melding = signalen_create.sync_detailed(
    client=client,
    idempotency_key=str(uuid4()),
    body=SignaalGemeldVastleggen.from_dict(
        {
            "waargenomenOp": nu(),
            "onderwerp": {"signaal": uuid7()},
            "inhoud": {"bron": "overlastmelding", "gemeente": GEMEENTE},
        }
    ),
)
geweigerd = controles_start.sync(
    controle=UUID(uuid7()),
    client=client,
    idempotency_key=str(uuid4()),
    body=ControleGestartVastleggen.from_dict(
        {
            "waargenomenOp": nu(),
            "onderwerp": {"locatie": locatie},
            "inhoud": {**START, "benadering": "afspraak_als_klant"},
        }
    ),
)
assert isinstance(geweigerd, Problem), geweigerd
print(  # noqa: T201  # read by the test
    json.dumps(
        {
            "spreekt": hand.protocol,
            "soorten": first,
            "weer": again,
            "gehaald": [doc.status.value for doc in gehaald],
            "lijst": any(str(each.id) == controle for each in lijst.resultaten),
            "overtredingen": [each.soort.value for each in one.overtredingen],
            "cijfers": cijfers.type_.value,
            "melding": [int(melding.status_code), melding.parsed.status.value],
            "geweigerd": [geweigerd.type_.value, geweigerd.fouten[0].veld],
        }
    )
)
