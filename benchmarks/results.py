"""One measured figure, and where the figures of a run are written."""

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

LATEST: Final = Path(__file__).parent / "results" / "latest.json"


@dataclass(frozen=True, slots=True)
class Figure:
    """A record of latest.json. `value` is the median of `runs` runs between `min` and `max`."""

    name: str
    value: float
    unit: str
    better: Literal["lower", "higher"]
    target: float | None
    runs: int
    min: float
    max: float
    note: str = ""


def figure(
    name: str,
    values: Sequence[float],
    unit: str,
    *,
    better: Literal["lower", "higher"],
    target: float | None = None,
    note: str = "",
) -> Figure:
    """The figure of several runs; at least one value."""
    return Figure(
        name=name,
        value=statistics.median(values),
        unit=unit,
        better=better,
        target=target,
        runs=len(values),
        min=min(values),
        max=max(values),
        note=note,
    )


def write(figures: Iterable[Figure], path: Path = LATEST) -> None:
    """Write the records; those of other subjects in an earlier file stay."""
    new = {one.name: asdict(one) for one in figures}
    subjects = {name.split(".")[0] for name in new}
    old = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    kept = [record for record in old if record["name"].split(".")[0] not in subjects]
    path.parent.mkdir(exist_ok=True)
    text = json.dumps([*kept, *new.values()], ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def table(figures: Iterable[Figure]) -> str:
    """The figures as lines for a terminal."""
    rows = [("name", "value", "unit", "min", "max", "runs", "target", "note")]
    for one in figures:
        target = "" if one.target is None else f"{one.target:g}"
        numbers = (f"{one.min:.4g}", f"{one.max:.4g}", str(one.runs))
        rows.append((one.name, f"{one.value:.4g}", one.unit, *numbers, target, one.note))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
