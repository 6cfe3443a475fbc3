"""Clients that others wrote run as they are: installed from the lock file, talking to a real socket."""

from httpx import AsyncClient

from tests.node_device import node_device, on_socket


async def test_the_stock_clients_are_there_and_reach_the_server(client: AsyncClient) -> None:
    """Broken to see it fail: the import of `synchronize` in hallo.mjs (`synchronise`), and the port in `on_socket`."""
    async with on_socket(client.app) as adres, node_device("hallo.mjs", adres=adres) as toestel:
        assert await toestel("clients") == {
            "rxdb": ["17.6.0", "function"],
            "watermelondb": ["0.28.0", "function"],
            "tus": ["4.3.1", "function"],
        }
        assert await toestel("gezond") == 200
