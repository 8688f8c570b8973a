"""The sessions and connections of a worker, and who may change them: fenced by epoch.

Runs on the media thread: a change is whole between two batches, so nobody sees half of it.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from signaling.media.adapters.dtls import Identity
from signaling.media.checks import Credentials
from signaling.media.connections import Connection, Person, Recorder, Session
from signaling.media.forwarder import Forwarder
from signaling.media.plans import ConnectionPlan, SlotPlan, SourcePlan
from signaling.media.sdp.answer import SlotStream
from signaling.media.sdp.errors import Reason, SdpUnusable
from signaling.media.slots import Slot
from signaling.media.sources import Source
from signaling.media.streams import new_ssrc
from signaling.media.transport import Peer

REMEMBERED_EPOCHS: Final = 10_000


class Refused(Exception):
    """A call that does not fit what the worker knows.

    Refused
    ├── StaleEpoch         409  a newer epoch of the session has been seen
    ├── SessionUnknown     404
    └── ConnectionUnknown  404
    """

    status: ClassVar[int] = 409
    code: ClassVar[str] = "refused"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params


class StaleEpoch(Refused):
    code = "stale_epoch"

    def __init__(self, newest: int) -> None:
        super().__init__(newest=newest)
        self.newest = newest


class SessionUnknown(Refused):
    status = 404
    code = "session_unknown"


class ConnectionUnknown(Refused):
    status = 404
    code = "connection_unknown"


@dataclass(frozen=True, slots=True)
class Connected:
    """What an answer is written from. version: how many answers the connection has had."""

    credentials: Credentials
    version: int
    slots: Mapping[str, SlotStream]


class Registry:
    def __init__(self, forwarder: Forwarder, identity: Identity) -> None:
        self.sessions: dict[str, Session] = {}
        self._forwarder = forwarder
        self._identity = identity
        self._epochs: OrderedDict[str, int] = OrderedDict()

    def fence(self, session_id: str, epoch: int) -> None:
        """Note a caller's epoch; what lived under an older one ends. Raises StaleEpoch."""
        newest = self._epochs.get(session_id, epoch)
        if epoch < newest:
            raise StaleEpoch(newest)
        self._epochs[session_id] = epoch
        self._epochs.move_to_end(session_id)
        if len(self._epochs) > REMEMBERED_EPOCHS:
            oldest = next(iter(self._epochs))
            if oldest not in self.sessions:
                del self._epochs[oldest]
        session = self.sessions.get(session_id)
        if session is not None and session.epoch < epoch:
            self._end(session)

    def known(self, session_id: str, epoch: int) -> bool:
        """Whether the session is open under this epoch. Raises StaleEpoch."""
        self.fence(session_id, epoch)
        return session_id in self.sessions

    def open(self, session_id: str, epoch: int, recorder: Recorder | None) -> None:
        """Begin a session; one that is open under this epoch stays as it is. Raises StaleEpoch."""
        self.fence(session_id, epoch)
        if session_id not in self.sessions:
            self.sessions[session_id] = Session(session_id, epoch, recorder)

    def session(self, session_id: str, epoch: int) -> Session:
        """Raises StaleEpoch, SessionUnknown."""
        self.fence(session_id, epoch)
        session = self.sessions.get(session_id)
        if session is None:
            raise SessionUnknown
        return session

    def connect(
        self,
        session: Session,
        connection_id: str,
        person: Person,
        plan: ConnectionPlan,
    ) -> Connected:
        """Make or change a connection after an offer. Raises SdpUnusable; then nothing changed."""
        connection = session.connections.get(connection_id)
        if connection is None:
            connection = self._new(session, connection_id, person, plan)
        else:
            _check_again(connection, plan)
            newest = connection.peer.credentials
            if (plan.ufrag, plan.password) != (newest.remote_ufrag, newest.remote_password):
                connection.peer.restart(Credentials.against(plan.ufrag, plan.password))
        connection.mids = plan.mids
        connection.answers += 1
        self._place_sources(connection, plan.sources)
        self._place_slots(connection, plan.slots)
        streams = {
            slot.mid: SlotStream(slot.ssrc, slot.index) for slot in connection.slots.values()
        }
        return Connected(connection.peer.credentials, connection.answers, streams)

    def _new(
        self,
        session: Session,
        connection_id: str,
        person: Person,
        plan: ConnectionPlan,
    ) -> Connection:
        peer = Peer(
            self._identity,
            self._forwarder.directory,
            plan.fingerprint,
            Credentials.against(plan.ufrag, plan.password),
        )
        connection = Connection(session, connection_id, person, peer, self._forwarder.clock.now())
        session.connections[connection_id] = connection
        self._forwarder.connections[peer] = connection
        return connection

    def _place_sources(self, connection: Connection, plans: tuple[SourcePlan, ...]) -> None:
        wanted = {plan.source_id for plan in plans}
        for gone in [one for name, one in connection.sources.items() if name not in wanted]:
            _end_source(gone)
            del connection.sources[gone.source_id]
        for plan in plans:
            source = connection.sources.get(plan.source_id)
            if source is None:
                source = Source(
                    connection,
                    source_id=plan.source_id,
                    mid=plan.mid,
                    kind=plan.kind,
                    media=plan.media,
                )
                connection.sources[plan.source_id] = source
            if source.listen(plan.ssrc, plan.payload_type):
                recorder = connection.session.recorder
                source.recording_stream = None if recorder is None else recorder.begin(source)
        connection.by_ssrc = {source.ssrc: source for source in connection.sources.values()}

    def _place_slots(self, connection: Connection, plans: tuple[SlotPlan, ...]) -> None:
        wanted = {plan.mid for plan in plans}
        for gone in [one for mid, one in connection.slots.items() if mid not in wanted]:
            gone.fill(None)
            del connection.slots[gone.mid]
        for plan in plans:
            slot = connection.slots.get(plan.mid)
            if slot is None:
                slot = connection.slots[plan.mid] = Slot(
                    connection, mid=plan.mid, media=plan.media, index=plan.index, ssrc=new_ssrc()
                )
            slot.payload_type = plan.payload_type
            slot.send_time_id = plan.send_time_id
        connection.slots_by_ssrc = {slot.ssrc: slot for slot in connection.slots.values()}

    def route(
        self,
        session: Session,
        connection_id: str,
        generation: int,
        fills: Mapping[str, str | None],
    ) -> bool:
        """Fill a connection's slots by mid; what is not named, or unknown here, gets nothing.

        False if a newer map has come before. Raises ConnectionUnknown.
        """
        connection = session.connections.get(connection_id)
        if connection is None:
            raise ConnectionUnknown
        if generation < connection.generation:
            return False
        connection.generation = generation
        plan = []
        for mid, slot in connection.slots.items():
            source_id = fills.get(mid)
            source = session.source(source_id) if source_id is not None else None
            plan.append((slot, source if source and source.media == slot.media else None))
        # What ends ends first: at no time does a slot carry what its new audience excludes.
        for slot, source in plan:
            if slot.source is not source:
                slot.fill(None)
        for slot, source in plan:
            slot.fill(source)
        return True

    def disconnect(self, session: Session, connection_id: str) -> None:
        connection = session.connections.get(connection_id)
        if connection is not None:
            self.remove(connection)

    def remove(self, connection: Connection) -> None:
        """End a connection and all that flows from or to it."""
        for source in connection.sources.values():
            _end_source(source)
        for slot in connection.slots.values():
            slot.fill(None)
        connection.peer.close(self._forwarder.wire.outgoing)
        self._forwarder.connections.pop(connection.peer, None)
        connection.session.connections.pop(connection.connection_id, None)

    def close(self, session_id: str, epoch: int) -> bool:
        """End a session; False if there is none. Raises StaleEpoch."""
        self.fence(session_id, epoch)
        session = self.sessions.get(session_id)
        if session is None:
            return False
        self._end(session)
        return True

    def close_all(self) -> None:
        for session in list(self.sessions.values()):
            self._end(session)

    def _end(self, session: Session) -> None:
        for connection in list(session.connections.values()):
            self.remove(connection)
        del self.sessions[session.session_id]
        if session.recorder is not None:
            session.recorder.end()


def _end_source(source: Source) -> None:
    for slot in list(source.slots):
        slot.fill(None)
    recorder = source.connection.session.recorder
    if recorder is not None and source.recording_stream is not None:
        recorder.finished(source.recording_stream)


def _check_again(connection: Connection, plan: ConnectionPlan) -> None:
    if plan.fingerprint != connection.peer.fingerprint:
        raise SdpUnusable(Reason.FINGERPRINT_CHANGED)
    if plan.mids[: len(connection.mids)] != connection.mids:
        raise SdpUnusable(Reason.SECTIONS_REORDERED)
