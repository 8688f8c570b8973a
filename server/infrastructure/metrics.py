"""Prometheus metrics of the application."""

import time
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """One registry of its own, so that tests and replicas of one process never share."""

    def __init__(self) -> None:
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

    async def expose(self, _: web.Request) -> web.Response:
        body = generate_latest(self.registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})
