"""The benchmark's own WebSocket framing."""

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.queueing.frames import frame, messages


def of_server(text: bytes) -> bytes:
    """As a server writes it: without a mask (RFC 6455, 5.2)."""
    if len(text) < 126:
        head = bytes((0x81, len(text)))
    elif len(text) < 2**16:
        head = bytes((0x81, 126)) + len(text).to_bytes(2, "big")
    else:
        head = bytes((0x81, 127)) + len(text).to_bytes(8, "big")
    return head + text


@given(
    st.lists(st.sampled_from([0, 1, 125, 126, 127, 300, 65_535, 65_536]), max_size=6),
    st.integers(min_value=1, max_value=70_000),
)
def test_messages_come_whole_however_they_are_cut(sizes: list[int], piece: int) -> None:
    sent = [bytes([65 + number]) * size for number, size in enumerate(sizes)]
    line = b"".join(map(of_server, sent))
    buffer, heard = bytearray(), []
    for start in range(0, len(line), piece):
        buffer += line[start : start + piece]
        heard += [text for _, text in messages(buffer)]
    assert heard == sent
    assert not buffer


def test_a_client_masks_its_frames() -> None:
    assert frame(b"2probe") == b"\x81\x86\x00\x00\x00\x002probe"
    assert frame(b"x" * 200)[:4] == b"\x81\xfe\x00\xc8"
