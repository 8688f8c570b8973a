"""Media time in the server's clock, however wrong the senders' clocks are."""

# mypy: no-warn-unreachable
# (it takes a property that was false for false ever after)

import pytest

from signaling.media.clocks import (
    FRACTION,
    NTP_EPOCH_S,
    MediaClock,
    SenderClock,
    ServerClock,
    middle,
    ntp_of,
)
from signaling.media.reception import Reception


def ntp(seconds: float) -> int:
    return int(seconds * FRACTION)


def test_ntp_counts_from_1900() -> None:
    assert ntp_of(0.5) == (NTP_EPOCH_S << 32) + (1 << 31)
    assert middle(0x0001_0002_0003_0004) == 0x0002_0003


def test_the_server_clock_is_on_the_calendar() -> None:
    clock = ServerClock()
    now = clock.now()
    assert clock.ntp(now + 1.0) - clock.ntp(now) == pytest.approx(FRACTION, abs=2**12)
    assert clock.ntp(now) >> 32 > 3_900_000_000


@pytest.mark.parametrize("wrong_s", [-4000.0, 0.0, 86_400.0])
def test_lips_stay_in_step_whatever_the_senders_clock_says(wrong_s: float) -> None:
    """Sound and picture of one moment of the sender get one server time."""
    sender = SenderClock()
    sound, picture = MediaClock(48_000, sender), MediaClock(90_000, sender)
    for at, delay in ((10.0, 0.08), (11.0, 0.03), (12.0, 0.2)):
        sender.heard(ntp(at + wrong_s + 10_000), at + delay)
        sound.heard_report(int(at * 48_000) & 0xFFFFFFFF, ntp(at + wrong_s + 10_000))
        sender.heard(ntp(at + 0.5 + wrong_s + 10_000), at + 0.5 + delay)
        picture.heard_report(int((at + 0.5) * 90_000), ntp(at + 0.5 + wrong_s + 10_000))
    assert sound.timestamp_at(20.03) == pytest.approx(20 * 48_000, abs=48)
    assert picture.timestamp_at(20.03) == pytest.approx(20 * 90_000, abs=90)


def test_old_offsets_are_forgotten_as_clocks_drift() -> None:
    sender = SenderClock()
    for second in range(300):
        sender.heard(ntp(1000 + second), 5000 + second * 1.001)
    assert sender.offset_s == pytest.approx(4000 + 0.270, abs=0.005)


def test_until_a_report_comes_the_earliest_arrival_counts() -> None:
    clock = MediaClock(90_000, SenderClock())
    assert not clock.known
    clock.heard_packet(0xFFFFFF00, 10.1)  # waited 100 ms
    clock.heard_packet((0xFFFFFF00 + 9000) & 0xFFFFFFFF, 10.1)  # 100 ms later, at once
    clock.heard_packet((0xFFFFFF00 + 18_000) & 0xFFFFFFFF, 10.35)
    assert clock.known
    assert clock.timestamp_at(11.0) == (0xFFFFFF00 + 90_000) & 0xFFFFFFFF


def test_time_goes_on_without_reports_past_half_the_wrap() -> None:
    clock = MediaClock(90_000, SenderClock())
    for minute in range(0, 60 * 8, 1):
        clock.heard_packet(minute * 60 * 90_000 & 0xFFFFFFFF, 5.0 + minute * 60)
    now = 5.0 + 479 * 60 + 1
    assert clock.timestamp_at(now) == (479 * 60 + 1) * 90_000 & 0xFFFFFFFF


def test_reception_counts_losses_between_reports() -> None:
    reception = Reception()
    for number in (65_536, 65_537, 65_539, 65_540):
        reception.received(number, 100, 0.0)
    report = reception.report(5, 1.0)
    assert (report.lost, report.fraction_lost, report.highest) == (1, 256 // 5, 65_540)
    reception.received(65_541, 100, 0.0)
    assert reception.report(5, 2.0).fraction_lost == 0


def test_repeated_packets_give_no_negative_fraction() -> None:
    reception = Reception()
    for number in (10, 11, 11, 11):
        reception.received(number, 100, 0.0)
    report = reception.report(5, 1.0)
    assert (report.lost, report.fraction_lost) == (-2, 0)


def test_reports_say_when_the_last_sender_report_came() -> None:
    reception = Reception()
    reception.received(1, 100, 0.0)
    assert reception.report(5, 1.0).lsr == 0
    reception.reported(0x0001_0002_0003_0004, 2.0)
    report = reception.report(5, 2.5)
    assert (report.lsr, report.dlsr) == (0x0002_0003, 32_768)


def test_jitter_grows_with_uneven_arrival() -> None:
    even, uneven = Reception(), Reception()
    for number in range(100):
        even.received(number, 100, 50.0)
        uneven.received(number, 100, 50.0 + (number % 2) * 160)
    assert even.report(1, 1.0).jitter == 0
    assert 100 < uneven.report(1, 1.0).jitter <= 160
