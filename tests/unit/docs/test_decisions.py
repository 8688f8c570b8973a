"""Whoever looks for a decision finds it in the index, by its title."""

from pathlib import Path

DECISIONS = Path(__file__).parents[3] / "docs" / "decisions"


def test_every_decision_is_in_the_index_by_its_title() -> None:
    titles = {path.name: _title(path) for path in DECISIONS.glob("[0-9]*.md")}
    index = (DECISIONS / "README.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in index if line.startswith("- ")] == [
        f"- {number}. [{title}]({name})" for name, (number, title) in sorted(titles.items())
    ]


def _title(path: Path) -> tuple[str, str]:
    number, _, title = path.read_text(encoding="utf-8").splitlines()[0][2:].partition(". ")
    return number, title
