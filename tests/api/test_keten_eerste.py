from uuid_utils.compat import uuid7

from tests.hulp.wereld import Wereld


async def test_a_signaal_goes_from_http_to_read_model_and_back(wereld: Wereld) -> None:
    ident = uuid7()
    answer = await wereld.post(
        "boa-1",
        "/signalen",
        {
            "onderwerp": {"signaal": str(ident)},
            "inhoud": {"bron": "overlastmelding", "gemeente": "GM0243", "overlastsoort": "aanloop"},
        },
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["status"] == "accepted"
    found = await wereld.get("boa-1", f"/signalen/{ident}")
    assert found.status_code == 200, found.text
    assert found.json()["overlastsoort"] == "aanloop"
    assert (await wereld.get("boa-ermelo", f"/signalen/{ident}")).status_code == 404
    assert (await wereld.get("boa-1", "/signalen")).json()["resultaten"] == [found.json()]
    changes, _ = await wereld.pull("boa-1", collecties="signalen")
    assert [change["doc"] for change in changes] == [found.json()]
