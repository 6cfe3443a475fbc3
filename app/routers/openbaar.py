"""The mark of a route that anybody may call; with neither mark nor guard the application does not start."""

from collections.abc import Callable
from typing import TypeVar

Endpoint = TypeVar("Endpoint", bound=Callable[..., object])


def openbaar(reden: str) -> Callable[[Endpoint], Endpoint]:
    """Mark an endpoint as public, with the reason why: ``endpoint.openbaar`` is that reason.

    Stands below the route decorator; marks a mounted application too: ``openbaar("…")(StaticFiles(…))``.
    """
    if not reden.strip():
        raise ValueError("a public route says why it is public")

    def mark(endpoint: Endpoint) -> Endpoint:
        vars(endpoint)["openbaar"] = reden
        return endpoint

    return mark
