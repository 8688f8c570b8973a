"""Who can log in to the demo, for the terminal's greeting; `seed` makes their accounts."""

import json
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any, Final

PASSWORD: Final = "demo-PASS-2024"  # noqa: S105 - public by intent; see guard.py


def people() -> Sequence[Mapping[str, Any]]:
    """The accounts: username, role, org (a code), windows (codes), display_name by language."""
    source = resources.files("server.demo").joinpath("data", "organisations.json")
    document = json.loads(source.read_text(encoding="utf-8"))
    found: Sequence[Mapping[str, Any]] = document["demo_accounts"]["accounts"]
    return found
