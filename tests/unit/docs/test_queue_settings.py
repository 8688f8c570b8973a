"""What docs/queue.md tells operators of the queue's settings is what the settings are."""

import json
import re
from pathlib import Path

from server.infrastructure.settings import Settings

PAGE = Path(__file__).parents[3] / "docs" / "queue.md"
OF_THE_QUEUE = re.compile(
    r"offer_|missed_|reject_|presence_|place_|undo_|wrap_up_|priority_|booking_|callback_|area_"
    r"|contact_|answer_|nobody_|level_"
)


def told() -> dict[str, str]:
    """The settings of the page's table, with what it calls usual."""
    settings = PAGE.read_text(encoding="utf-8").partition("## Settings")[2].partition("\n## ")[0]
    return dict(re.findall(r"^\| `([a-z_]+)` \| (.+?) \| ", settings, re.MULTILINE))


def test_every_setting_of_the_queue_is_told_with_its_usual_value() -> None:
    usual = {
        name: field.default if isinstance(field.default, str) else json.dumps(field.default)
        for name, field in Settings.model_fields.items()
        if OF_THE_QUEUE.match(name)
    }
    assert told() == usual
