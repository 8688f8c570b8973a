"""Fixtures for all tests; each is at home in a module of `tests/support`."""

import os

from hypothesis import HealthCheck, settings

pytest_plugins = (
    "tests.support.caches",
    "tests.support.databases",
    "tests.support.object_stores",
    "tests.support.people",
    "tests.support.systems",
)

# Two cores are shared by all workers: how long one example takes says nothing.
settings.register_profile("short", deadline=None, max_examples=100)
settings.register_profile(
    "soak", deadline=None, max_examples=5_000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("soak" if os.environ.get("SOAK") else "short")
