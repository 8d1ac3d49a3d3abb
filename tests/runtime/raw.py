"""Bytes sent to a server as they are: what a client made by others would never send."""

from __future__ import annotations

import contextlib
import socket
from typing import Optional


def connect(port: int, timeout: float = 10.0) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=timeout)


def status_of(connection: socket.socket) -> Optional[int]:
    """The status of the next answer; None where the connection ends without one."""
    said = b""
    with contextlib.suppress(ConnectionError):
        while b"\r\n" not in said and (part := connection.recv(4096)):
            said += part
    return int(said.split(b" ")[1]) if said.startswith(b"HTTP/") else None


def exchange(port: int, sent: bytes, timeout: float = 10.0) -> Optional[int]:
    with connect(port, timeout) as connection:
        connection.sendall(sent)
        return status_of(connection)
