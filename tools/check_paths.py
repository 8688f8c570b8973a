"""Fails on what must not be in the repository: by name, by size, by what it says of a machine."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
LARGEST_BYTES: Final = 1_000_000
LONGEST_MODULE_LINES: Final = 500  # 400 is the aim

# A helper lives with its idea, so these names say nothing.
NAMELESS: Final = re.compile(r"(^|/)(utils?|helpers?|common|manager|misc)(\.|/)")
MADE_OR_SECRET: Final = re.compile(
    r"\.(whl|pyc|pem|key|sqlite3|mkv|webm|y4m|wav)$|(^|/)(dist|data/keys)/"
)
# A folder under a script's own folder would hide the standard library's module of that name.
STANDARD: Final = sys.stdlib_module_names
MACHINE: Final = re.compile(r"(?<![\w.~-])/(work|root|opt/(wheels|pypi[\w-]*)|home/\w+)/")


def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def problems_of(name: str) -> Iterator[str]:
    path = ROOT / name
    if NAMELESS.search(name):
        yield "is named for no idea"
    if MADE_OR_SECRET.search(name):
        yield "is made by a tool, or secret"
    if "/" in name and name.split("/", 1)[0] in STANDARD:
        yield "lies in a folder that hides a module of the standard library"
    if path.stat().st_size > LARGEST_BYTES:
        yield f"is larger than {LARGEST_BYTES} bytes"
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    if name != "tools/check_paths.py" and (found := MACHINE.search(text)):
        yield f"names a path of one machine: {found[0]}"
    generated = name.startswith("server/migrations/versions/")
    if name.endswith(".py") and not generated and text.count("\n") > LONGEST_MODULE_LINES:
        yield f"has more than {LONGEST_MODULE_LINES} lines: more than one idea"


def main() -> int:
    problems = [f"{name} {problem}" for name in tracked() for problem in problems_of(name)]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
