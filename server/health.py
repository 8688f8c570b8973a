"""Alive, and able to serve: what a load balancer and an operator ask."""

from typing import Any

from aiohttp import web
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from server.infrastructure.database import Database
from signaling.media.registration import KEY_PREFIX


class Health:
    """Ready once database, Redis and a media worker were there together; a worker that is lost
    later makes it degraded, still serving."""

    def __init__(self, database: Database, redis: Redis) -> None:
        self._database = database
        self._redis = redis
        self._had_worker = False

    def mount(self, app: web.Application) -> None:
        app.router.add_get("/healthz", self.alive)
        app.router.add_get("/readyz", self.ready)

    async def alive(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def ready(self, _: web.Request) -> web.Response:
        parts = {
            "database": await self._database_answers(),
            "redis": await self._redis_answers(),
            "media_worker": await self._worker_there(),
        }
        self._had_worker |= parts["media_worker"]
        serving = parts["database"] and parts["redis"] and self._had_worker
        status = "ready" if all(parts.values()) else "degraded" if serving else "not_ready"
        body: dict[str, Any] = {"status": status, "parts": parts}
        return web.json_response(body, status=200 if serving else 503)

    async def _database_answers(self) -> bool:
        try:
            async with self._database.read() as session:
                await session.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError):
            return False
        return True

    async def _redis_answers(self) -> bool:
        try:
            return bool(await self._redis.ping())
        except (RedisError, OSError):
            return False

    async def _worker_there(self) -> bool:
        try:
            async for _ in self._redis.scan_iter(KEY_PREFIX + "*", count=200):
                return True
        except (RedisError, OSError):
            return False
        return False
