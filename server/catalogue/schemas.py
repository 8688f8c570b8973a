"""The catalogue by HTTP. What is read from a document is checked here, once, on its way out."""

from typing import Any, Self

from pydantic import ConfigDict, Field

from server.catalogue.tables import ServiceItem, Subject
from server.infrastructure.http.schemas import Out, Text
from server.organisations.tables import Channel

# The application is made from the signed form, so that nobody is asked for it on paper.
MADE_BY_FORM = "application"


class ItemOut(Out):
    """An item in a list. initials: of the zh-CN name's pinyin."""

    code: str
    name: Text
    channel: Channel
    subject: Subject
    high_frequency: bool
    handling_minutes: int
    initials: str
    promised_working_days: int
    fee_fen: int

    @classmethod
    def of(cls, item: ServiceItem) -> Self:
        return cls.model_validate(_columns(item))


class ItemsOut(Out):
    items: list[ItemOut]


class RequiredMaterialOut(Out):
    """A paper that the item needs. when: in which case, for one that is not always required."""

    code: str
    name: Text
    required: bool
    pages: int
    paper_type: str
    made_by_form: bool
    when: Text | None


class LimitOut(Out):
    """assumed: a plausible figure, to be replaced by the office's own."""

    working_days: int
    assumed: bool = False


class LimitsOut(Out):
    legal: LimitOut | None
    promised: LimitOut


class FormOut(Out):
    """form_schema: JSON Schema draft 2020-12. example: a made-up filled form that it accepts."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True, frozen=True)

    form_schema: dict[str, Any] = Field(alias="schema")
    example: dict[str, Any]


class ItemDetailOut(ItemOut):
    """An item with all that its guide and its form show."""

    description: Text
    authority: Text
    proxy_allowed: bool
    default_partner_window: str | None
    materials: list[RequiredMaterialOut]
    guide_steps: list[Text]
    limits: LimitsOut
    form: FormOut
    version: int

    @classmethod
    def of(cls, item: ServiceItem) -> Self:
        document = item.document
        return cls.model_validate(
            {
                **_columns(item),
                "description": document["description"]["text"],
                "authority": document["authority"]["name"],
                "proxy_allowed": document["proxy_allowed"],
                "default_partner_window": item.default_partner_window,
                "materials": [_material(entry) for entry in document["materials"]],
                "guide_steps": [step["text"] for step in document["guide"]["steps"]],
                "limits": {
                    "legal": _limit(document["limits"].get("legal")),
                    "promised": _limit(document["limits"]["promised"]),
                },
                "form": {name: document["form"][name] for name in ("schema", "example")},
                "version": item.version,
            }
        )


def _columns(item: ServiceItem) -> dict[str, Any]:
    return {
        "code": item.code,
        "name": Text(zh_cn=item.name_zh, en=item.name_en),
        "channel": item.channel,
        "subject": item.subject,
        "high_frequency": item.high_frequency,
        "handling_minutes": item.handling_minutes,
        "initials": item.initials,
        "promised_working_days": item.promised_working_days,
        "fee_fen": item.fee_fen,
    }


def _material(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": entry["code"],
        "name": entry["name"],
        "required": entry["required"],
        "pages": entry["pages"],
        "paper_type": entry["paper_type"],
        "made_by_form": entry["code"] == MADE_BY_FORM,
        "when": entry.get("when"),
    }


def _limit(entry: dict[str, Any] | None) -> dict[str, Any] | None:
    if entry is None or entry.get("working_days") is None:
        return None
    return {"working_days": entry["working_days"], "assumed": entry.get("assumed", False)}
