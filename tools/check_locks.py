"""Fails when a Python lock file names a registry, lacks a hash, or is older than pyproject.toml.

Works offline: it compares pins with requirements, it does not resolve anew (`make lock` does).
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

ROOT: Final = Path(__file__).resolve().parent.parent
PIN: Final = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^]]*\])?==(?P<version>[^\s;]+)")
NAMES_A_HOST: Final = re.compile(r"://|^\s*(-i|-f|--(extra-)?index-url|--find-links)\b")

Pins = dict[NormalizedName, str]


def read_lock(name: str, problems: list[str]) -> Pins:
    """Pins of a lock file; what is wrong with its lines goes to `problems`."""
    pins: Pins = {}
    hashed: set[NormalizedName] = set()
    current: NormalizedName | None = None
    lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if NAMES_A_HOST.search(line):
            problems.append(f"{name}:{number} names a registry or an address")
        if found := PIN.match(line):
            current = canonicalize_name(found["name"])
            pins[current] = found["version"]
        elif "--hash=sha256:" in line and current is not None:
            hashed.add(current)
    problems += [f"{name}: {package} has no hash" for package in pins.keys() - hashed]
    return pins


def stale(name: str, pins: Pins, requirements: Iterable[str]) -> Iterator[str]:
    """What the lock lacks of `requirements`, or pins outside of what they allow."""
    for text in requirements:
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue
        version = pins.get(canonicalize_name(requirement.name))
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            yield f"{name}: {text} is not locked; run `make lock`"


def disagreements(name: str, pins: Pins, dev: Pins) -> Iterator[str]:
    """Pins that the development lock sets otherwise: tests would try another version than runs."""
    for package in pins.keys() & dev.keys():
        if pins[package] != dev[package]:
            yield f"{name}: {package} {pins[package]}, but {dev[package]} in dev.txt"


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    build = (ROOT / "requirements" / "build.in").read_text(encoding="utf-8").splitlines()
    needed = {
        "base.txt": project["dependencies"],
        "dev.txt": project["dependencies"] + project["optional-dependencies"]["dev"],
        "build.txt": build,
    }
    problems: list[str] = []
    locks = {name: read_lock(name, problems) for name in needed}
    for name, requirements in needed.items():
        problems += stale(name, locks[name], requirements)
        problems += disagreements(name, locks[name], locks["dev.txt"])
    problems += [
        f"dev.txt lacks {one} of base.txt"
        for one in locks["base.txt"].keys() - locks["dev.txt"].keys()
    ]
    for problem in problems:
        print(f"requirements/{problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
