"""The server's sockets send at once, those that are open and those that come."""

from __future__ import annotations

import socket

import pytest

import app
from lessons.shared.sockets import send_at_once
from tests.lessons.app_page import run


@pytest.fixture
def listening():
    """A socket as Streamlit opens it: without a word that it is for TCP."""
    with socket.socket(family=socket.AF_INET) as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server


def at_once(connection: socket.socket) -> bool:
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def connected(server: socket.socket) -> tuple[socket.socket, socket.socket]:
    client = socket.create_connection(server.getsockname())
    return client, server.accept()[0]


def test_connections_before_and_after_send_at_once(listening):
    client, before = connected(listening)
    assert not at_once(before)
    send_at_once()
    assert at_once(before) and at_once(listening)
    another, after = connected(listening)
    assert at_once(after), "a new connection takes after the socket that listens"
    for each in (client, before, another, after):
        each.close()


def test_closed_sockets_and_those_of_other_kinds_do_not_keep_the_others_from_it(listening):
    closed, other = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
    closed.close()
    send_at_once()
    assert at_once(listening) and closed.fileno() == -1
    other.close()


def test_the_server_of_the_course_does_so_before_its_first_visitor(listening):
    async def begin():
        async with app.app._user_lifespan(app.app):
            assert at_once(listening)

    run(begin())
