"""Prometheus metrics of the application."""

import hmac
import time
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Final

from aiohttp import hdrs, web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

PROXY_HEADERS: Final = (hdrs.FORWARDED, hdrs.X_FORWARDED_FOR, hdrs.VIA, "X-Real-IP")
BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """One registry of its own, so that tests and replicas of one process never share."""

    def __init__(self, token: str | None = None) -> None:
        self._token = token
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "virtual_window_http_request_seconds",
            "Time to answer a request",
            ("method", "route", "status"),
            registry=self.registry,
            buckets=BUCKETS,
        )
        self.events = Counter(
            "virtual_window_events_total", "Events committed", ("type",), registry=self.registry
        )
        self.pages = Gauge(
            "virtual_window_open_pages", "Pages connected here", registry=self.registry
        )

    @web.middleware
    async def middleware(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        """Time each request by the pattern of its route, never by its path (ids are private)."""
        started = time.perf_counter()
        status = 500
        try:
            response = await handler(request)
            status = response.status
        except web.HTTPException as error:
            status = error.status
            raise
        finally:
            resource = request.match_info.route.resource
            route = resource.canonical if resource is not None else "unknown"
            self.requests.labels(request.method, route, str(status)).observe(
                time.perf_counter() - started
            )
        return response

    async def expose(self, request: web.Request) -> web.Response:
        """The figures, for operators: with the token if there is one, else for this machine alone
        (whoever comes through a proxy comes from elsewhere). For others there is no such page."""
        if not self._for_operator(request):
            raise web.HTTPNotFound
        body = generate_latest(self.registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    def _for_operator(self, request: web.Request) -> bool:
        if self._token is not None:
            given = request.headers.get(hdrs.AUTHORIZATION, "").encode(errors="surrogatepass")
            return hmac.compare_digest(given, f"Bearer {self._token}".encode())
        if any(name in request.headers for name in PROXY_HEADERS):
            return False
        try:
            return ip_address(request.remote or "").is_loopback
        except ValueError:
            return False
