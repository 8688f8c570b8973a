"""`virtual-window serve --demo` with its real parts."""

import json
import signal
import urllib.request
from functools import partial
from http import HTTPStatus

from tests.support.processes import kill, processes_of
from tests.support.systems import StartSystem, System
from tests.support.waiting import wait_until


def get(system: System, path: str) -> tuple[int, str]:
    with urllib.request.urlopen(system.url + path, timeout=5) as answer:  # noqa: S310 - our own
        return answer.status, answer.read().decode()


def ready_parts(system: System) -> dict[str, bool]:
    try:
        _status, body = get(system, "/readyz")
    except OSError:  # not up again yet, or not ready
        return {}
    parts: dict[str, bool] = json.loads(body)["parts"]
    return parts


def all_ready(system: System) -> bool:
    parts = ready_parts(system)
    return bool(parts) and all(parts.values())


def replaced(system: System, part: str, before: int) -> bool:
    return system.pids(part) not in ([], [before])


def test_addresses_and_accounts_are_printed_and_pages_are_served(system: System) -> None:
    assert f"{system.url}/console/" in system.output
    for name in ("agent1", "town1", "delta1", "lead1", "admin", "demo-PASS-2024"):
        assert name in system.output
    for path in ("/kiosk/", "/console/", "/docs", "/openapi.json", "/healthz", "/metrics"):
        assert get(system, path)[0] == HTTPStatus.OK, path


def test_the_next_start_keeps_the_data_however_the_last_one_ended(system: System) -> None:
    database = system.data / "virtual-window.sqlite3"
    made = database.stat().st_ino
    assert system.end(signal.SIGINT) < 5
    assert processes_of(system.data) == []

    system.start()
    system.end(signal.SIGKILL)
    wait_until(lambda: not processes_of(system.data), seconds=2, what="all are gone")

    system.start()
    assert database.stat().st_ino == made
    assert all_ready(system)


def test_killed_parts_come_back(system: System) -> None:
    for part in ("command app", "media-worker", "valkey-server"):
        (before,) = system.pids(part)
        kill(before)
        wait_until(partial(replaced, system, part, before), seconds=20, what=part)
        wait_until(partial(all_ready, system), seconds=20, what="ready again")


def test_demo_data_is_refused_in_production(start_system: StartSystem) -> None:
    system = start_system()
    system.end()
    system.demo = False
    system.start(wait=False)

    assert system.process is not None
    assert system.process.wait(60) == 1
    said = [line for line in system.output.splitlines() if "demo accounts" in line]
    assert len(said) == 1
    assert "app ended with exit code 78" in system.output.splitlines()[-1]
