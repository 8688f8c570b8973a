"""A district resident is served over video, through both pages: the whole line, for real."""

from pathlib import Path

import pytest

from tests.support.people import People
from tests.support.systems import System
from tests.support.whole_line import served_from_number_to_recording

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


async def test_resident_is_served_from_number_to_recording(
    system: System, people: People, tmp_path: Path
) -> None:
    await served_from_number_to_recording(people, tmp_path, kiosk=system, console=system)
