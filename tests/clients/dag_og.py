"""The same day's work with the Python client that openapi-generator made (package `gemaakt`)."""

import json
import sys
from datetime import UTC, datetime
from uuid import UUID, uuid4

import gemaakt
from gemaakt import models

given = json.loads(sys.argv[1])
V1, GEMEENTE = f"{given['adres']}/v1", given["gemeente"]


def uuid7() -> str:
    time = int(datetime.now(UTC).timestamp() * 1000)
    return str(UUID(int=(time << 80) | (7 << 76) | (2 << 62) | (uuid4().int & ((1 << 62) - 1))))


def nu() -> str:
    return datetime.now(UTC).isoformat()


stranger = gemaakt.ApiClient(gemaakt.Configuration(host=V1))
token = gemaakt.AanmeldenApi(stranger).oauth_token(
    grant_type="password",
    client_id="veldboek",
    gebruikersnaam=given["naam"],
    wachtwoord=given["wachtwoord"],
    toestel=given["toestel"],
    refresh_token=None,
)
client = gemaakt.ApiClient(gemaakt.Configuration(host=V1, access_token=token.access_token))
sync, controles = gemaakt.UitwisselenApi(client), gemaakt.ControlesApi(client)
hand = sync.sync_handshake(
    models.HandshakeIn.from_dict({"protocollen": [1], "appVersie": "proef", "toestelTijd": nu(), "deviceSeq": 0})
)
hoe, controle, bevinding, locatie = {"hoedanigheid": "toezicht"}, uuid7(), uuid7(), uuid7()
PAND = {"soort": "bedrijfspand", "feitelijkBewoond": "nee", "gemeente": GEMEENTE, "bagId": "0243010000000001", **hoe}
START = {"benadering": "aangebeld", "situatie": "toegang_verleend", **hoe}
GEZIEN = {"code": "aanbod_tegen_betaling", "aard": "feit", "wijze": "waargenomen", **hoe}
OVER = {"soort": "illegale_prostitutie", "bevindingen": [bevinding], **hoe}
PARTS = [
    ("LocatieVastgelegdOperatie", "locatie.vastgelegd", {"locatie": locatie}, PAND),
    ("ControleGestartOperatie", "controle.gestart", {"controle": controle, "locatie": locatie}, START),
    (
        "PersoonAangetroffenOperatie",
        "persoon.aangetroffen",
        {"controle": controle, "persoon": uuid7()},
        {"rol": "sekswerker", **hoe},
    ),
    ("BevindingVastgelegdOperatie", "bevinding.vastgelegd", {"controle": controle, "bevinding": bevinding}, GEZIEN),
    ("OvertredingVastgesteldOperatie", "overtreding.vastgesteld", {"controle": controle, "overtreding": uuid7()}, OVER),
    ("ControleAfgerondOperatie", "controle.afgerond", {"controle": controle}, hoe),
]
ops = [
    models.Operatie(
        getattr(models, kind).from_dict(
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
    )
    for n, (kind, soort, onderwerp, inhoud) in enumerate(PARTS, start=1)
]


def push() -> list[str]:
    answer = sync.sync_push(models.PushIn(batch_id=str(uuid4()), verzonden_op=datetime.now(UTC), ops=ops))
    return sorted({resultaat.status.value for resultaat in answer.resultaten})


first, again = push(), push()
changes = [each.actual_instance for each in sync.sync_pull(limit=1000).wijzigingen]
lijst = controles.controles_list(gemeente=GEMEENTE, limit=200)
one = controles.controles_get(id=controle)
vandaag = datetime.now(UTC).date()


def refused(call) -> dict:
    try:
        call()
    except gemaakt.ApiException as problem:
        return problem.data.to_dict()
    raise AssertionError("it was not refused")


cijfers = refused(lambda: gemaakt.CijfersApi(client).cijfers_get(van=vandaag, tot_en_met=vandaag, gemeente=[GEMEENTE]))
body = {
    "waargenomenOp": nu(),
    "onderwerp": {"signaal": uuid7()},
    "inhoud": {"bron": "overlastmelding", "gemeente": GEMEENTE},
}
melding = gemaakt.SignalenApi(client).signalen_create_with_http_info(
    idempotency_key=str(uuid4()), signaal_gemeld_vastleggen=models.SignaalGemeldVastleggen.from_dict(body)
)
start = models.ControleGestartVastleggen.from_dict(
    {"waargenomenOp": nu(), "onderwerp": {"locatie": locatie}, "inhoud": {**START, "benadering": "afspraak_als_klant"}}
)
geweigerd = refused(
    lambda: controles.controles_start(uuid7(), idempotency_key=str(uuid4()), controle_gestart_vastleggen=start)
)
print(  # noqa: T201  # read by the test
    json.dumps(
        {
            "spreekt": hand.protocol,
            "soorten": first,
            "weer": again,
            "gehaald": [each.doc.status for each in changes if str(each.id) == controle and each.doc],
            "lijst": any(str(each.id) == controle for each in lijst.resultaten),
            "overtredingen": [each.soort for each in one.overtredingen],
            "cijfers": cijfers["type"],
            "melding": [melding.status_code, melding.data.status],
            "geweigerd": [geweigerd["type"], geweigerd["fouten"][0]["veld"]],
        }
    )
)
