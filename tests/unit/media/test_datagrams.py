"""Many datagrams a call, in both directions."""

import socket
from collections.abc import Iterator

import pytest

from signaling.media.adapters.datagrams import (
    DATAGRAM_BYTES,
    RECEIVE_COUNT,
    SEND_COUNT,
    ReceiveBatch,
    SendBatch,
    open_socket,
)
from signaling.media.addresses import host_and_port


@pytest.fixture(params=["127.0.0.1", "::1"])
def pair(request: pytest.FixtureRequest) -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = open_socket(request.param, 0), open_socket(request.param, 0)
    yield ours, theirs
    ours.close()
    theirs.close()


def test_what_is_sent_comes_as_it_was(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    sending, receiving = SendBatch(ours), ReceiveBatch(theirs)
    theirs.sendto(b"where I am", ours.getsockname())
    back = ReceiveBatch(ours)
    assert back.receive() == 1
    address = back.address(0)
    datagrams = [bytes([number]) * (number * 7 % 1400) for number in range(100)]
    for datagram in datagrams:
        sending.send(datagram, address)
    sending.flush()
    assert receiving.receive() == 100
    for index, datagram in enumerate(datagrams):
        start = index * DATAGRAM_BYTES
        assert receiving.data[start : start + receiving.lengths[index]] == datagram
        assert host_and_port(receiving.address(index))[1] == ours.getsockname()[1]
    assert receiving.receive() == 0


def test_more_than_a_batch_is_flushed_on_the_way(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    theirs.sendto(b"x", ours.getsockname())
    back = ReceiveBatch(ours)
    back.receive()
    sending = SendBatch(ours)
    for _ in range(SEND_COUNT + 1):
        sending.send(b"", back.address(0))
    assert sending.sent == SEND_COUNT
    sending.flush()
    assert sending.sent == SEND_COUNT + 1
    receiving = ReceiveBatch(theirs)
    assert receiving.receive() == RECEIVE_COUNT


def test_a_datagram_that_was_cut_counts_as_empty(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    theirs.sendto(bytes(DATAGRAM_BYTES + 1), ours.getsockname())
    theirs.sendto(bytes(DATAGRAM_BYTES), ours.getsockname())
    receiving = ReceiveBatch(ours)
    assert receiving.receive() == 2
    assert receiving.lengths[:2] == [0, DATAGRAM_BYTES]


def test_one_address_out_of_reach_holds_up_no_other() -> None:
    ours, theirs = open_socket("127.0.0.1", 0), open_socket("127.0.0.1", 0)
    try:
        theirs.sendto(b"x", ours.getsockname())
        back = ReceiveBatch(ours)
        back.receive()
        good = back.address(0)
        nowhere = good[:2] + b"\x00\x00" + b"\xff\xff\xff\xff" + good[8:]
        sending = SendBatch(ours)
        for address in (good, nowhere, good):
            sending.send(b"hello", address)
        sending.flush()
        assert (sending.sent, sending.dropped) == (2, 1)
        assert ReceiveBatch(theirs).receive() == 2
    finally:
        ours.close()
        theirs.close()


def test_an_address_of_another_machine_is_only_what_clients_are_told() -> None:
    opened = open_socket("192.0.2.1", 0)
    try:
        assert opened.getsockname()[0] == "0.0.0.0"  # noqa: S104 (what is asserted)
    finally:
        opened.close()


def test_a_taken_port_is_an_error() -> None:
    first = open_socket("127.0.0.1", 0)
    try:
        with pytest.raises(OSError, match="in use"):
            open_socket("127.0.0.1", first.getsockname()[1])
    finally:
        first.close()
