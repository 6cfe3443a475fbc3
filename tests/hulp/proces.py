"""All that a process works with, for an application that a test opens without its lifespan."""

from typing import Any

from obstore.store import MemoryStore

from app.access.geheimen import Geheimen
from app.access.tokens import Sleutelbos
from app.database import Sessionmaker, create_engine, create_sessionmaker
from app.opslag import Opslag
from app.proces import Proces
from app.services.bewaken.waken import Waker
from app.services.bijlagen.uploads import Ontvanger
from app.services.sync.announcing import Announcer
from app.services.sync.pacing import Pacer, Places
from app.services.toegang.wachtwoorden import Kosten

NERGENS = "postgresql://niemand@127.0.0.1:1/niets"
"""No database listens there."""
GOEDKOOP = Kosten(time_cost=1, memory_cost=8, parallelism=1)
"""What hashing a password costs in tests; what it costs elsewhere, test_oauth says."""


def make_proces(sessies: Sessionmaker | None = None, **parts: Any) -> Proces:
    """A whole one; `parts` are put in the place of its own."""
    sessies = sessies or create_sessionmaker(create_engine(NERGENS))
    own = {
        "geheimen": Geheimen(Sleutelbos.generate(), bytes(range(32))),
        "sessionmaker": sessies,
        "poort": sessies,
        "pacer": Pacer(10_000),
        "announcer": Announcer(sessies),
        "opnames": Places(1, 1),
        "waker": Waker(sessies, None),
        "ontvanger": Ontvanger(sessies, Opslag(MemoryStore())),
    }
    return Proces(**own | parts)
