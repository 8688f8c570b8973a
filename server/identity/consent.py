"""What a resident agrees to before a call: its words, their version, their digest."""

import hashlib
import json
from dataclasses import dataclass
from importlib import resources
from typing import Any

from server.infrastructure.settings import Settings


@dataclass(frozen=True, slots=True)
class ConsentText:
    """title and points as they are shown. sha256: of the version and these very words."""

    version: str
    language: str
    title: str
    points: tuple[str, ...]

    @property
    def sha256(self) -> bytes:
        lines = (self.version, self.language, self.title, *self.points)
        return hashlib.sha256("\n".join(lines).encode()).digest()


class Consent:
    """The text in force. A change of words needs a new version in `consent.json`."""

    def __init__(self, settings: Settings) -> None:
        source = resources.files("server.identity").joinpath("consent.json")
        document: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
        self.version: str = document["version"]
        self._texts = {
            language: ConsentText(
                version=self.version,
                language=language,
                title=words["title"],
                points=tuple(
                    point.format(years=settings.recording_retention_years)
                    for point in words["points"]
                ),
            )
            for language, words in document["texts"].items()
        }

    def text(self, language: str) -> ConsentText:
        return self._texts[language]
