"""What one process of the service works with: opened when it starts, and never changed after that."""

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from app.access.geheimen import Geheimen
from app.database import Sessionmaker
from app.services.bewaken.waken import Waker
from app.services.bijlagen.uploads import Ontvanger
from app.services.sync.announcing import Announcer
from app.services.sync.pacing import Pacer, Places
from app.services.toegang.wachtwoorden import WACHTWOORDDEUR, Wachtwoorddeur


@dataclass(frozen=True, slots=True)
class Proces:
    """All of it, by name and type; what is not open yet is not there at all."""

    geheimen: Geheimen
    sessionmaker: Sessionmaker
    poort: Sessionmaker
    """With connections of its own: whoever asks here holds one of the others."""
    pacer: Pacer
    announcer: Announcer
    opnames: Places
    """How many first syncs are open."""
    waker: Waker
    ontvanger: Ontvanger
    wachtwoorddeur: Wachtwoorddeur = WACHTWOORDDEUR


def proces_of(connection: HTTPConnection) -> Proces:
    """The process that answers this request."""
    proces: Proces = connection.app.state.proces
    return proces
