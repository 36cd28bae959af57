"""Nothing inside is ever connected to, however it is spelt, whenever it shows what it is."""

import ipaddress
import socket
import threading
from dataclasses import replace

import pytest

from festoon.webhooks import address
from festoon.webhooks.post import post
from tests.webhooks.receiver import receiving

INSIDE = [
    "127.0.0.1", "127.1", "127.0.1", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.1", "2130706433", "127.255.255.254",
    "localhost", "LOCALHOST", "localhost.", "0.0.0.0", "0", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "[fe80::1]",
    "10.0.0.1", "10.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "[fd00::1]", "[fd00:ec2::254]", "100.64.0.1",
    "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "[ff02::1]", "[2001:db8::1]",
]  # fmt: skip
BY_TEXT = [
    "https://user@example.com/", "https://user:secret@example.com/", "https://example.com@127.0.0.1/", "https://127.0.0.1#@example.com/",
    "https://example.com/#there", "http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/",
    "https://example.com:22/", "https://example.com:8000/", "https://example.com:99999/", "https:///nowhere", "https://",
    "https://exa mple.com/", "https://example.com/\r\nHost: x", "https://example.com\\@127.0.0.1/", "//example.com/", "",
    "https://[::1", "https://例子.example/", "https://%31%32%37.0.0.1/", "javascript:alert(1)", "https://[fe80::1%25lo]/",
]  # fmt: skip


@pytest.mark.parametrize("url", BY_TEXT)
def test_what_shows_in_the_text_is_refused_at_once(url):
    with pytest.raises(address.Refused):
        address.GUARD.read(url)


@pytest.fixture
def any_port(monkeypatch):
    """Only what an address leads to is left to refuse it."""
    monkeypatch.setattr(address, "GUARD", replace(address.GUARD, schemes=("http", "https"), ports=()))


@pytest.mark.parametrize("host", INSIDE)
def test_no_spelling_of_a_place_inside_is_connected_to(host, any_port):
    with receiving() as four, receiving(host="::1") as six:
        for there in (four, six):
            answer = post(f"http://{host}:{there.port}/hook", {}, b"{}", seconds=2)
            assert answer.error.startswith("refused"), answer
        assert (four.connections, six.connections) == (0, 0), "counted at the listener"


def test_without_the_look_at_the_address_it_would_be(any_port, monkeypatch):
    monkeypatch.setattr(address, "GUARD", replace(address.GUARD, allows=lambda _: True))
    with receiving() as there:
        assert post(f"http://127.1:{there.port}/hook", {}, b"{}").status == 204
        assert there.connections == 1


class Names:
    """A name server that says something else each time it is asked."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), 0

    def __call__(self, host, port, **_):
        self.asked += 1
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]


def test_a_name_that_is_public_when_subscribed_and_inside_when_sent_to_is_not_connected_to(any_port, monkeypatch):
    with receiving() as there:
        monkeypatch.setattr(socket, "getaddrinfo", Names(["127.0.0.1"]))
        assert "refused" in post(f"http://rebind.example:{there.port}/", {}, b"{}").error
        monkeypatch.setattr(socket, "getaddrinfo", Names(["93.184.215.14", "127.0.0.1"]))
        assert "refused" in post(f"http://rebind.example:{there.port}/", {}, b"{}").error, "one of several is enough"
        assert there.connections == 0


def test_a_name_is_asked_for_once_and_the_connection_goes_to_what_was_looked_at(monkeypatch):
    names, looked_at = Names(["127.0.0.1"], ["127.0.0.2"]), []
    with receiving() as there:

        def allows(ip):
            looked_at.append(ip)
            return True

        monkeypatch.setattr(address, "GUARD", replace(address.GUARD, schemes=("http",), ports=(), allows=allows))
        monkeypatch.setattr(socket, "getaddrinfo", names)
        assert post(f"http://rebind.example:{there.port}/", {}, b"{}").status == 204
    assert (names.asked, looked_at) == (1, [ipaddress.ip_address("127.0.0.1")])


def test_a_redirect_is_a_refusal_and_is_not_followed(loopback):
    with (
        receiving() as inside,
        receiving(
            f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{inside.port}/\r\nContent-Length: 0\r\n\r\n".encode()
        ) as there,
    ):
        answer = post(there.url, {}, b"{}")
        assert (answer.status, answer.taken, inside.connections) == (302, False, 0)


def test_an_answer_without_end_is_cut_and_one_that_drips_is_left(loopback):
    sent, told = [], threading.Event()

    def floods(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        try:
            while True:
                sent.append(connection.send(b"x" * 8192))
        except OSError:
            told.set()

    def drips(connection):
        for sign in b"HTTP/1.1 200 OK":
            connection.send(bytes([sign]))
            told.wait(0.2)

    with receiving(floods) as there:
        assert post(there.url, {}, b"{}").status == 200
        assert told.wait(5), "we hung up"
    told.clear()
    with receiving(drips) as there:
        assert "TimeoutError" in post(there.url, {}, b"{}", seconds=0.5).error


def test_what_is_no_answer_is_no_answer(loopback):
    with receiving(b"\x16\x03\x01 not http \r\n\r\n") as there:
        assert post(there.url, {}, b"{}").error == "not an answer in HTTP"
        assert post(there.url.replace("http:", "https:"), {}, b"{}", seconds=0.5).error, "no TLS spoken there"
    assert post("http://127.0.0.1:9/", {}, b"{}").error.startswith("ConnectionRefusedError")
