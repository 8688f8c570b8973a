"""`python -m benchmarks [NAME...]`: measure the named subjects, or all that there are."""

import importlib
import pkgutil
import sys

import benchmarks
from benchmarks.results import Figure, table, write


def subjects() -> list[str]:
    """Modules here that measure: those named `measure_<subject>`."""
    names = [module.name for module in pkgutil.iter_modules(benchmarks.__path__)]
    return sorted(name.removeprefix("measure_") for name in names if name.startswith("measure_"))


def main(asked: list[str]) -> int:
    known = subjects()
    unknown = [name for name in asked if name not in known]
    if unknown:
        print(f"no benchmark named {', '.join(unknown)}; there are: {', '.join(known) or 'none'}")
        return 2
    figures: list[Figure] = []
    for name in asked or known:
        module = importlib.import_module(f"benchmarks.measure_{name}")
        figures += module.measure()
    if figures:
        write(figures)
    print(table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
