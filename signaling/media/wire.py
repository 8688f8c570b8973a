"""The worker's one socket with its batches, and what is encrypted into them."""

import socket
from typing import Final

from signaling.media.adapters.datagrams import (
    DATAGRAM_BYTES,
    ReceiveBatch,
    SendBatch,
)
from signaling.media.adapters.srtp import LONGEST_TRAILER, Places
from signaling.media.transport import Peer

LARGEST_PLAIN: Final = DATAGRAM_BYTES - LONGEST_TRAILER


class Wire:
    """`incoming` and `outgoing` with pointers into them for SRTP, by index."""

    def __init__(self, owned: socket.socket) -> None:
        self.socket = owned
        self.incoming = ReceiveBatch(owned)
        self.outgoing = SendBatch(owned)
        self.incoming_places = Places(self.incoming.data, DATAGRAM_BYTES).pointers
        self.outgoing_places = Places(self.outgoing.data, DATAGRAM_BYTES).pointers

    def send_rtcp(self, peer: Peer, compound: bytes) -> None:
        """Encrypt a compound packet and queue it where the peer's media goes, if anywhere."""
        path, srtp = peer.selected, peer.srtp
        if path is None or srtp is None or len(compound) > LARGEST_PLAIN:
            return
        outgoing = self.outgoing
        at = outgoing.room()
        outgoing.data[at : at + len(compound)] = compound
        length = srtp.protect_rtcp(self.outgoing_places[outgoing.count], len(compound))
        if length > 0 and path.allows(length):
            outgoing.add(length, path.address)
