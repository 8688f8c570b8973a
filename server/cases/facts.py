"""What topics tell of cases and notes; what is in them is read by HTTP."""

from uuid import UUID

from server.cases.states import CaseState
from server.infrastructure.events.facts import EntityFacts
from server.infrastructure.http.schemas import WireTime


class CaseFacts(EntityFacts):
    id: UUID
    number: str
    state: CaseState
    version: int


class NoteFacts(EntityFacts):
    id: UUID
    at: WireTime
