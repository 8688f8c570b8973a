"""Fails when what runs imports a package that pyproject.toml does not name.

It may be there all the same, as a dependency of another or of the tests, until it is not.
"""

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

ROOT: Final = Path(__file__).resolve().parent.parent


def imported(path: Path) -> Iterator[str]:
    """Top-level names that a module imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0]


def main() -> int:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named: set[NormalizedName] = {
        canonicalize_name(Requirement(text).name) for text in document["project"]["dependencies"]
    }
    ours = document["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    known = packages_distributions()
    problems = set()
    for path in (path for package in ours for path in (ROOT / package).rglob("*.py")):
        if "node_modules" in path.parts:
            continue
        for name in imported(path):
            if name in sys.stdlib_module_names or name in ours:
                continue
            owners = {canonicalize_name(owner) for owner in known.get(name, [name])}
            if not owners & named:
                problems.add(f"{path.relative_to(ROOT)} imports {name}, not in pyproject.toml")
    for problem in sorted(problems):
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
