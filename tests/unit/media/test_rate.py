"""What a sender may send, and when a thin link gives up a picture."""

from hypothesis import given
from hypothesis import strategies as st

from signaling.media.links import CALM_S, PATIENCE_S, LinkLimit, Patience
from signaling.media.police import Police
from signaling.media.rate import CAPS_BPS, FLOOR_BPS, allowed, shares

KINDS = st.lists(st.sampled_from(sorted(CAPS_BPS)), max_size=6)


def feed(link: LinkLimit, bits_per_second: int, since: float, until: float) -> None:
    octets = 0
    at = since
    while at < until:
        link.sent(octets, at)
        octets += bits_per_second // 8 // 4
        at += 0.25


def test_a_link_that_has_shown_no_limit_carries_all_caps() -> None:
    assert shares(None, ["face", "document"]) == [1_500_000, 4_000_000]


def test_a_thin_link_gives_up_faces_before_papers() -> None:
    assert shares(FLOOR_BPS, ["face", "document"]) == [0, FLOOR_BPS]
    assert shares(FLOOR_BPS - 1, ["face", "document"]) == [0, 0]


@given(st.integers(0, 10_000_000), KINDS)
def test_shares_lie_between_floor_and_cap_or_are_nothing(limit: int, kinds: list[str]) -> None:
    for kind, share in zip(kinds, shares(limit, kinds), strict=True):
        assert share == 0 or FLOOR_BPS <= share <= CAPS_BPS[kind]


@given(st.integers(0, 10_000_000), KINDS)
def test_shares_fit_the_link_but_for_the_floor(limit: int, kinds: list[str]) -> None:
    given_shares = shares(limit, kinds)
    above_floor = [share for share in given_shares if share > FLOOR_BPS]
    assert sum(above_floor) <= limit


def test_the_weakest_watcher_decides_unless_it_has_given_up() -> None:
    assert allowed("face", [900_000, 400_000], recorded=False) == 400_000
    assert allowed("face", [900_000, 0], recorded=False) == 900_000


def test_who_is_watched_by_nobody_sends_little_unless_recorded() -> None:
    assert allowed("document", [], recorded=False) == FLOOR_BPS
    assert allowed("document", [], recorded=True) == CAPS_BPS["document"]


def test_a_low_estimate_of_a_still_picture_is_no_limit() -> None:
    link = LinkLimit()
    feed(link, 60_000, 0.0, 5.0)
    link.estimated(60_000, 5.0)
    link.estimated(64_000, 6.0)
    assert link.limit(1_500_000, 6.0) is None


def test_a_falling_estimate_is_a_limit() -> None:
    link = LinkLimit()
    feed(link, 800_000, 0.0, 5.0)
    link.estimated(800_000, 5.0)
    link.estimated(500_000, 6.0)
    assert link.limit(1_500_000, 6.0) == 500_000


def test_a_first_estimate_far_below_what_was_sent_is_a_limit() -> None:
    link = LinkLimit()
    feed(link, 1_500_000, 0.0, 5.0)
    link.estimated(300_000, 1.0)
    assert link.limit(1_500_000, 1.0) == 300_000


def test_heavy_loss_is_a_limit() -> None:
    link = LinkLimit()
    feed(link, 1_000_000, 0.0, 10.0)
    link.lost(128, 10.0)
    limit = link.limit(1_500_000, 10.0)
    assert limit is not None
    assert 700_000 < limit < 800_000


def test_a_limit_grows_after_a_calm_until_it_is_gone() -> None:
    link = LinkLimit()
    feed(link, 800_000, 0.0, 5.0)
    link.estimated(800_000, 5.0)
    link.estimated(400_000, 6.0)
    now, last = 6.0, 0
    while (limit := link.limit(1_500_000, now)) is not None:
        assert limit >= last
        last = limit
        now += 0.25
        assert now < 60
    assert now > 6.0 + CALM_S


def test_a_picture_is_given_up_only_after_patience_and_comes_back_at_once() -> None:
    patience = Patience()
    assert not patience.judge(0, 0.0)
    assert not patience.judge(0, PATIENCE_S - 0.1)
    assert patience.judge(0, PATIENCE_S)
    assert not patience.judge(FLOOR_BPS, PATIENCE_S + 1)
    assert not patience.judge(0, PATIENCE_S + 2)


def test_a_source_passes_up_to_one_and_a_half_times_its_cap() -> None:
    police = Police(800_000)
    passed = sum(police.allows(1000, 100 + at / 1000) for at in range(10_000)) * 8000 / 10
    assert 1_200_000 <= passed <= 1_500_000
    assert police.allows(1000, 112.0)
