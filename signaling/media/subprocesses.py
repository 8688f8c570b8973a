"""Runs a module of ours as a process that ends with the worker, and tells how it ended."""

import asyncio
import contextlib
import json
import sys
from dataclasses import dataclass
from typing import Final

END_S: Final = 0.3


@dataclass(frozen=True, slots=True)
class Ended:
    """error: of a failure, in a stable word; `died` where it said none."""

    code: int
    output: bytes = b""
    error: str = ""


async def run_module(module: str, *arguments: str, seconds: float) -> Ended:
    """`python -m MODULE ARGUMENTS`. Cancelled, it is killed, and can be run again.

    Raises OSError if it can't be started, TimeoutError once its time is over.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(seconds):
            output, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            # It may hang in the kernel, on a disk; killed it is all the same.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(END_S):
                    await process.wait()
    code = process.returncode or 0
    return Ended(code, output) if code == 0 else Ended(code, output, _reason(errors))


def _reason(errors: bytes) -> str:
    try:
        return str(json.loads(errors.splitlines()[-1])["error"])
    except (ValueError, LookupError, TypeError):
        return "died"
