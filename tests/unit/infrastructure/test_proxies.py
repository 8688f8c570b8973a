"""Behind a listed proxy the caller is who the proxy says; nobody else's word counts."""

from ipaddress import ip_network

import pytest

from server.infrastructure.http.proxies import TrustedProxies

OURS = TrustedProxies([ip_network("10.0.0.0/8"), ip_network("::1/128")])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["203.0.113.9, 10.0.0.2"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1", "203.0.113.9"], "203.0.113.9"),
        ("::1", ["2001:db8::7"], "2001:db8::7"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.1", ["not an address"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.9, junk"], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        (None, ["203.0.113.9"], None),
    ],
)
def test_the_caller_is_the_last_that_is_no_proxy(
    peer: str | None, forwarded: list[str], client: str | None
) -> None:
    assert OURS.client_of(peer, forwarded) == client
