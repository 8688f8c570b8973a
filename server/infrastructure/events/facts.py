"""The base of what topics tell of an entity, and of momentary values."""

from typing import Any, Self

from server.infrastructure.http.schemas import Out


class EntityFacts(Out):
    """Ids, states, codes, versions and times; never personal data. Documents are drawn from it."""

    @classmethod
    def of(cls, source: object) -> Self:
        """The facts of a row, or of a mapping with the same names."""
        return cls.model_validate(source)

    def wire(self) -> dict[str, Any]:
        """As snapshots and events carry them, in JSON's own types."""
        return self.model_dump(mode="json")
