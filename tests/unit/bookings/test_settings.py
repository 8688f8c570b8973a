"""What an installation may set about bookings."""

import pytest
from pydantic import ValidationError

from server.bookings.calendar import BookingCalendar
from server.infrastructure.settings import Settings


@pytest.mark.parametrize("times", ["9-11", "09:00", "09:00-25:00", "09:60-10:00", "24:30-24:40"])
def test_times_of_a_day_are_written_in_full(times: str) -> None:
    with pytest.raises(ValidationError):
        Settings(booking_hours=[times])


@pytest.mark.parametrize("times", [["11:30-09:00"], ["09:00-12:00", "11:00-13:00"]])
def test_times_of_a_day_follow_one_another(times: list[str]) -> None:
    with pytest.raises(ValidationError):
        Settings(booking_hours=times)


def test_the_usual_hours_can_be_others_or_all() -> None:
    BookingCalendar(Settings(booking_hours=["08:30-24:00"]))
    BookingCalendar(Settings(booking_hours=[]))
