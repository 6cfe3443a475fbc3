"""Two storms for all of these tests: each has a PostgreSQL and an API of its own, in processes of their own."""

from collections.abc import Iterator

import pytest

from storm.reeks import Reeks


@pytest.fixture(scope="session")
def reeks() -> Iterator[Reeks]:
    with Reeks() as running:
        yield running
