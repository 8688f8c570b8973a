"""The media worker loads the log alone: no decoder, nothing of the application."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("recordings.log", ("av", "numpy", "pydantic", "server", "signaling")),
        ("recordings.manifest", ("av", "server", "signaling")),
        ("recordings.seal", ("server", "signaling")),
    ],
)
def test_what_a_module_brings_along(module: str, absent: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print([m for m in {absent!r} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
