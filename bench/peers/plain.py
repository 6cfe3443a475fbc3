"""A server that only sends one file: what the bytes of an answer cost without anybody who makes them.

Run as a script, `plain.py PORT FILE`: it imports nothing of ours, so that it is there at once.
"""

import contextlib
import socket
import sys
from pathlib import Path


def serve(port: int, body: bytes) -> None:
    """Answer every request with `body`, until killed."""
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
    with socket.create_server(("127.0.0.1", port)) as server:
        while True:
            connection, _ = server.accept()
            with connection, contextlib.suppress(ConnectionError):
                if connection.recv(65536):
                    connection.sendall(head + body)


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]).read_bytes())
