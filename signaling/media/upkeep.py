"""What time alone makes due: repeats, reports, estimates, and states that have run out."""

from typing import Final

from signaling.media import rate
from signaling.media.connections import Connection, Session
from signaling.media.feedback import REPORT_EVERY_S, Feedback
from signaling.media.forwarder import Forwarder
from signaling.media.notices import Notice, Notify
from signaling.media.registry import Registry
from signaling.media.settings import RECORDED_KEYFRAME_S
from signaling.media.slots import Slot
from signaling.media.sources import Source
from signaling.media.transport import GIVEN_UP_S, INTERRUPTED_S, Change

TICK_S: Final = 0.04
ESTIMATE_EVERY_S: Final = 0.25
ESTIMATE_STEP: Final = 0.05


class Upkeep:
    """Runs on the media thread, every TICK_S while there are connections."""

    def __init__(
        self,
        forwarder: Forwarder,
        feedback: Feedback,
        registry: Registry,
        notify: Notify,
        *,
        recorded_keyframe_s: float = RECORDED_KEYFRAME_S,
    ) -> None:
        """recorded_keyframe_s: how long a recording may go without one that can be sought."""
        self._forwarder = forwarder
        self._feedback = feedback
        self._registry = registry
        self._notify = notify
        self._keyframe_s = recorded_keyframe_s
        self._estimates_at = 0.0

    def tick(self, now: float) -> None:
        estimates = now - self._estimates_at >= ESTIMATE_EVERY_S
        if estimates:
            self._estimates_at = now
        for session in list(self._registry.sessions.values()):
            for connection in list(session.connections.values()):
                self._connection(connection, now)
            if estimates:
                self._estimates(session, now)

    def changed(self, connection: Connection, change: Change) -> None:
        """A datagram has changed a peer's state."""
        now = self._forwarder.clock.now()
        if Change.CLOSED in change:
            self._close(connection)
            return
        if connection.peer.connected:
            self._tell_state(connection, now)
            for slot in connection.filled("video"):
                source = slot.source
                if source is not None:
                    source.requests.complain(urgent=True)
                    self._feedback.ask_keyframe(source, now)
            for slot in connection.slots.values():
                slot.report_due = True

    def mend(self, source: Source, now: float) -> None:
        """A hole has opened in a source: ask at once."""
        self._feedback.ask_missing(source, now)
        self._feedback.ask_keyframe(source, now)

    def flowing(self, source: Source) -> None:
        """A source's media has begun."""
        self._tell_flow(source)
        self._feedback.ask_keyframe(source, self._forwarder.clock.now())

    def _connection(self, connection: Connection, now: float) -> None:
        peer = connection.peer
        if peer.repeat_handshake(now, self._forwarder.wire.outgoing) or peer.closed:
            self._close(connection)
            return
        if now - max(peer.last_heard, connection.made_at) > GIVEN_UP_S:
            self._registry.remove(connection)
            self._tell_state(connection, now)
            return
        self._tell_state(connection, now)
        if not peer.connected:
            return
        self._consent(connection, peer.may_send(now))
        report = now - connection.report_at >= REPORT_EVERY_S
        if report:
            connection.report_at = now
            self._feedback.report_sources(connection, now)
        for source in connection.sources.values():
            self._source(source, now)
        for slot in connection.slots.values():
            if slot.source is not None and (report or slot.report_due):
                self._feedback.report_slot(slot, now)

    def _source(self, source: Source, now: float) -> None:
        if source.missing.pending:
            self._feedback.ask_missing(source, now)
        recording = source.filmed and source.seek_points.due(now, self._keyframe_s)
        self._feedback.ask_keyframe(source, now, recording=recording)
        if source.still(now):
            self._tell_flow(source)

    def _consent(self, connection: Connection, fresh: bool) -> None:
        if connection.silenced and fresh:
            for slot in connection.slots.values():
                slot.begin_anew()
        connection.silenced = not fresh

    def _estimates(self, session: Session, now: float) -> None:
        shares: dict[Slot, int] = {}
        for connection in session.connections.values():
            shares.update(self._shares(connection, now))
        for connection in session.connections.values():
            sources = [one for one in connection.sources.values() if one.media == "video"]
            if not sources or not connection.peer.connected:
                continue
            flowing = [one for one in sources if one.flowing] or sources
            total = rate.SPEECH_BPS + sum(
                rate.allowed(
                    source.kind,
                    [shares.get(slot, 0) for slot in source.slots],
                    session.recorder is not None,
                )
                for source in flowing
            )
            self._tell_estimate(connection, max(total, rate.FLOOR_BPS), now)

    def _shares(self, connection: Connection, now: float) -> dict[Slot, int]:
        filled = connection.filled("video")
        if not filled or not connection.peer.connected:
            return {}
        kinds = [slot.source.kind for slot in filled if slot.source is not None]
        octets = sum(one.octets for one in connection.slots.values() if one.media == "video")
        connection.link.sent(octets, now)
        limit = connection.link.limit(sum(rate.CAPS_BPS[kind] for kind in kinds), now)
        result = dict(zip(filled, rate.shares(limit, kinds), strict=True))
        for slot, share in result.items():
            before = slot.patience.paused
            paused = slot.patience.judge(share, now)
            if before and not paused:
                slot.begin_anew()
            if share == 0 and not paused:
                result[slot] = rate.FLOOR_BPS
        return result

    def _tell_estimate(self, connection: Connection, bits_per_second: int, now: float) -> None:
        change = abs(bits_per_second - connection.told_estimate)
        due = now - connection.told_estimate_at >= REPORT_EVERY_S
        if not due and change <= ESTIMATE_STEP * connection.told_estimate:
            return
        connection.told_estimate = bits_per_second
        connection.told_estimate_at = now
        self._feedback.tell_estimate(connection, bits_per_second)

    def _close(self, connection: Connection) -> None:
        self._registry.remove(connection)
        self._tell_state(connection, self._forwarder.clock.now())

    def _tell_state(self, connection: Connection, now: float) -> None:
        peer = connection.peer
        if peer.closed:
            state = "closed"
        elif not peer.connected and not connection.state:
            return
        else:
            heard = now - peer.last_heard < INTERRUPTED_S
            state = "connected" if heard else "interrupted"
        if state == connection.state:
            return
        connection.state = state
        session = connection.session
        if session.recorder is not None and state != "closed":
            session.recorder.interrupted(connection, state == "interrupted")
        details: dict[str, object] = {"connection_id": connection.connection_id, "state": state}
        self._notify(Notice("connection.state", session.session_id, session.epoch, details))

    def _tell_flow(self, source: Source) -> None:
        session = source.connection.session
        details: dict[str, object] = {"source_id": source.source_id, "flowing": source.flowing}
        self._notify(Notice("source.flow", session.session_id, session.epoch, details))
