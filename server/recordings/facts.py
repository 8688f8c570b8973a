"""What topics tell of recordings."""

from uuid import UUID

from server.infrastructure.events.facts import EntityFacts
from server.recordings.states import RecordingState


class RecordingFacts(EntityFacts):
    id: UUID
    state: RecordingState
