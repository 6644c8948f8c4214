"""The end of a process with an attached session."""

import socket
from dataclasses import dataclass

import pytest

from lakewright.engine.session import close_if_the_engine_is_gone

pytestmark = pytest.mark.unit


@dataclass
class Client:
    """A client of Spark Connect, as far as its end is concerned."""

    is_closed: bool = False

    def close(self) -> None:
        """Close it."""
        assert not self.is_closed
        self.is_closed = True


def test_a_client_is_closed_only_if_its_engine_is_gone():
    client = Client()
    with socket.create_server(("localhost", 0)) as engine:
        remote = f"sc://localhost:{engine.getsockname()[1]}/;session_id=1"
        close_if_the_engine_is_gone(client, remote)
        assert not client.is_closed
    close_if_the_engine_is_gone(client, remote)
    assert client.is_closed


def test_a_closed_client_is_left_alone():
    close_if_the_engine_is_gone(Client(is_closed=True), "sc://localhost:1")
