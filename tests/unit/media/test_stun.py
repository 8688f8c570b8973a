"""STUN as RFC 8489 has it, with RFC 5769's own vectors; what a check leads to."""

import pytest
from aioice import stun as reference
from hypothesis import given
from hypothesis import strategies as st

from signaling.media import checks, stun
from signaling.media.checks import Credentials, Transactions, judge
from signaling.media.stun import Attribute, MessageType, StunMalformed

# RFC 5769, 2.1
SAMPLE_REQUEST = bytes.fromhex(
    "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74"
    "002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020"
    "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf"
)
SAMPLE_PASSWORD = b"VOkJxbRl1RmTxUk/WvJxBt"

ADDRESS = bytes.fromhex("0200c0007f000001") + bytes(8)
HOST, PORT = bytes([127, 0, 0, 1]), 49_152
OURS = Credentials("ours", "p" * 22, "theirs", "q" * 22)


def request(
    *extra: tuple[int, bytes],
    password: str = OURS.local_password,
    username: str = "ours:theirs",
    transaction: bytes = b"t" * 12,
) -> bytes:
    attributes: list[tuple[int, bytes]] = [
        (Attribute.USERNAME, username.encode()),
        (Attribute.ICE_CONTROLLING, bytes(8)),
        (Attribute.PRIORITY, bytes(4)),
        *extra,
    ]
    return stun.build(MessageType.REQUEST, transaction, attributes, password.encode())


def verdict(
    raw: bytes, transactions: Transactions | None = None, address: bytes = ADDRESS
) -> checks.Verdict | None:
    return judge(stun.parse(raw), OURS, transactions or Transactions(), address, HOST, PORT)


def proved(raw: bytes, password: str) -> reference.Message:
    """The message as aioice reads it; fails if its integrity is not right there."""
    message = reference.parse_message(raw)
    message.check_message_integrity(password.encode())
    return message


def test_the_rfcs_own_request_is_read_and_proved() -> None:
    message = stun.parse(SAMPLE_REQUEST)
    assert message.type == MessageType.REQUEST
    assert message.username == ("evtj", "h6vY")
    assert message.fingerprint
    assert message.proves(SAMPLE_PASSWORD)
    assert not message.proves(b"another password")


def test_what_we_write_another_implementation_reads() -> None:
    raw = request((Attribute.USE_CANDIDATE, b""))
    parsed = proved(raw, OURS.local_password)
    assert parsed.attributes["USERNAME"] == "ours:theirs"
    assert "USE-CANDIDATE" in parsed.attributes


def test_a_right_check_is_answered_with_the_address_it_came_from() -> None:
    found = verdict(request())
    assert found is not None
    assert found.accepted
    assert not found.nominated
    parsed = proved(found.answer, OURS.local_password)
    assert parsed.attributes["XOR-MAPPED-ADDRESS"] == ("127.0.0.1", PORT)


def test_an_ipv6_address_is_answered_too() -> None:
    raw = request()
    found = judge(stun.parse(raw), OURS, Transactions(), b"six", bytes(15) + b"\x01", PORT)
    assert found is not None
    parsed = reference.parse_message(found.answer)
    assert parsed.attributes["XOR-MAPPED-ADDRESS"] == ("::1", PORT)


def test_use_candidate_nominates() -> None:
    found = verdict(request((Attribute.USE_CANDIDATE, b"")))
    assert found is not None
    assert found.nominated


@pytest.mark.parametrize(
    "raw",
    [
        request(password="wrong" * 5),
        request(username="ours:somebody"),
        request(username="another:theirs"),
        stun.build(MessageType.SUCCESS, b"t" * 12, [], OURS.local_password.encode()),
        stun.build(MessageType.INDICATION, b"t" * 12, [], OURS.local_password.encode()),
    ],
)
def test_what_proves_nothing_gets_no_answer(raw: bytes) -> None:
    assert verdict(raw) is None


def test_a_check_without_integrity_or_fingerprint_gets_no_answer() -> None:
    whole = request()
    without_fingerprint = whole[:2] + (len(whole) - 28).to_bytes(2, "big") + whole[4:-8]
    assert verdict(without_fingerprint) is None
    bare = stun.HEADER.pack(1, 0, stun.MAGIC_COOKIE, b"t" * 12)
    assert verdict(bare) is None


def test_an_unknown_attribute_that_must_be_understood_is_refused_by_name() -> None:
    found = verdict(request((0x7777, b"what")))
    assert found is not None
    assert not found.accepted
    parsed = reference.parse_message(found.answer)
    assert parsed.attributes["ERROR-CODE"][0] == 420
    assert stun.parse(found.answer).attributes[Attribute.UNKNOWN_ATTRIBUTES] == b"\x77\x77"


def test_a_client_that_claims_to_be_controlled_is_told_of_the_conflict() -> None:
    found = verdict(request((Attribute.ICE_CONTROLLED, bytes(8))))
    assert found is not None
    assert not found.accepted
    assert reference.parse_message(found.answer).attributes["ERROR-CODE"][0] == 487


def test_a_check_that_is_replayed_from_elsewhere_counts_for_nothing() -> None:
    transactions = Transactions()
    raw = request((Attribute.USE_CANDIDATE, b""))
    assert verdict(raw, transactions) is not None
    assert verdict(raw, transactions) is not None  # a retransmission
    assert verdict(raw, transactions, address=b"elsewhere") is None


def test_answers_are_not_larger_than_questions_by_much() -> None:
    raw = request()
    found = verdict(raw)
    assert found is not None
    assert len(found.answer) <= len(raw)


def test_only_the_receiver_of_a_probe_can_answer_it() -> None:
    raw = checks.probe(OURS, b"x" * 12)
    parsed = proved(raw, OURS.remote_password)
    assert parsed.attributes["USERNAME"] == "theirs:ours"
    answer = stun.build(MessageType.SUCCESS, b"x" * 12, [], OURS.remote_password.encode())
    assert checks.answers_probe(stun.parse(answer), OURS, b"x" * 12)
    assert not checks.answers_probe(stun.parse(answer), OURS, b"y" * 12)
    forged = stun.build(MessageType.SUCCESS, b"x" * 12, [], b"guessed")
    assert not checks.answers_probe(stun.parse(forged), OURS, b"x" * 12)


@given(st.binary(max_size=80))
def test_random_bytes_give_a_message_or_the_typed_error(raw: bytes) -> None:
    try:
        stun.parse(raw)
    except StunMalformed:
        return


@given(st.integers(0, len(SAMPLE_REQUEST) - 1), st.integers(1, 255))
def test_one_changed_byte_proves_nothing(at: int, change: int) -> None:
    changed = bytearray(SAMPLE_REQUEST)
    changed[at] ^= change
    try:
        message = stun.parse(bytes(changed))
    except StunMalformed:
        return
    assert not (message.fingerprint and message.proves(SAMPLE_PASSWORD))


@given(st.integers(0, len(SAMPLE_REQUEST) - 1))
def test_a_cut_message_is_malformed(length: int) -> None:
    with pytest.raises(StunMalformed):
        stun.parse(SAMPLE_REQUEST[:length])


def test_credentials_are_long_enough_and_speakable_in_sdp() -> None:
    made = Credentials.against("u", "p")
    assert len(made.local_ufrag) >= 4
    assert len(made.local_password) >= 22
    text = made.local_ufrag + made.local_password
    assert all(letter.isalnum() or letter in "+/" for letter in text)
