"""Who really calls when a reverse proxy stands in front: told by proxies that are listed."""

from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from aiohttp import web

Network = IPv4Network | IPv6Network
FORWARDED = "X-Forwarded-For"


class TrustedProxies:
    """networks: addresses of proxies that write X-Forwarded-For. Nobody else's word counts, else
    anyone could pass for another address and slip under the limits by address."""

    def __init__(self, networks: Sequence[Network]) -> None:
        self._networks = tuple(networks)

    @web.middleware
    async def middleware(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        remote = self.client_of(request.remote, request.headers.getall(FORWARDED, []))
        if remote is not None and remote != request.remote:
            request = request.clone(remote=remote)
        return await handler(request)

    def client_of(self, peer: str | None, forwarded: Sequence[str]) -> str | None:
        """The address of the caller: the last one of the chain that is no proxy of ours.

        peer: whom the connection comes from. forwarded: the headers' values, in order.
        """
        client = peer
        for hop in reversed([hop.strip() for line in forwarded for hop in line.split(",")]):
            if not self._trusted(client):
                return client
            if not _is_address(hop):
                return client
            client = hop
        return client

    def _trusted(self, address: str | None) -> bool:
        if address is None or not _is_address(address):
            return False
        return any(ip_address(address) in network for network in self._networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
