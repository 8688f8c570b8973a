"""What may be wrong with a case that is saved."""

from typing import Any

from server.infrastructure.errors import Conflict, TooLarge, Unprocessable


class CaseChanged(Conflict):
    """Somebody else saved in between: `current` is the case as it stands, None if there is none."""

    def __init__(self, current: dict[str, Any] | None) -> None:
        super().__init__("case_changed", current=current)


class CaseNotEditable(Conflict):
    """Its form is no longer a draft."""

    def __init__(self, state: str) -> None:
        super().__init__("case_not_editable", state=state)


class CaseIncomplete(Unprocessable):
    """It can't be submitted yet: `problems` says what each field lacks."""

    def __init__(self, problems: list[dict[str, Any]]) -> None:
        super().__init__("case_incomplete", problems=problems, count=len(problems))


class FieldsUnknown(Unprocessable):
    """The item's form has no such fields."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__("case_fields_unknown", fields=fields, names=", ".join(fields))


class FieldsTooLarge(TooLarge):
    def __init__(self, limit: int) -> None:
        super().__init__("case_fields_too_large", limit=limit)
