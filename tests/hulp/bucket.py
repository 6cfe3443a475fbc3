"""An S3 bucket for a test: a real server of it, and how the service is told of it."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer
from pydantic import SecretStr

from app.settings import Settings
from tests.conftest import ORIGIN

BUCKET_NAME = "veldboek-bijlagen"


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """An S3 service of others, on this machine; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    address = f"http://127.0.0.1:{port}"
    client = boto3.client(
        "s3", endpoint_url=address, region_name="eu-test-1", aws_access_key_id="x", aws_secret_access_key="y"
    )
    with suppress(client.exceptions.BucketAlreadyOwnedByYou):  # by another file in this process
        client.create_bucket(Bucket=BUCKET_NAME, CreateBucketConfiguration={"LocationConstraint": "eu-test-1"})
    yield address
    server.stop()


def bucket_settings(address: str, home: Path) -> Settings:
    geheim = home / "s3-geheim"
    geheim.write_text("een geheim\n")
    geheim.chmod(0o600)
    return Settings(
        veldboek_home=home,
        grootboek_naam=ORIGIN,
        bijlagen_bucket=BUCKET_NAME,
        bijlagen_endpoint=address,
        bijlagen_regio="eu-test-1",
        bijlagen_sleutel_id=SecretStr("sleutel"),
        bijlagen_geheim=geheim,
    )
