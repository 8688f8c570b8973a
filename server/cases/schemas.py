"""Cases and notes as they go over HTTP."""

from uuid import UUID

from pydantic import Field

from server.cases.forms import FieldProblem, Fields
from server.cases.states import CaseState
from server.infrastructure.http.schemas import In, Out, Text, WireTime
from server.materials.schemas import MaterialOut
from server.recordings.schemas import RecordingBrief
from server.sessions.states import Outcome, SessionState

NOTE_MAX = 10_000
ROWS_MAX = 200
QUERY_MAX = 100


class CaseIn(In):
    """All of the form's values; what is left out is empty. version: None for the first save."""

    fields: Fields
    version: int | None = Field(default=None, ge=1)


class VersionIn(In):
    version: int = Field(ge=1)


class NoteIn(In):
    text: str = Field(min_length=1, max_length=NOTE_MAX)


class RevealIn(In):
    reason: str = Field(min_length=2, max_length=500)


class ListQuery(In):
    cursor: str | None = Field(default=None, max_length=200)
    limit: int = Field(default=50, ge=1, le=ROWS_MAX)
    state: CaseState | None = None
    item: str | None = Field(default=None, max_length=80)
    place: str | None = Field(default=None, max_length=60)
    q: str | None = Field(default=None, min_length=1, max_length=QUERY_MAX)


class CaseOut(Out):
    """masked: sensitive fields are starred. problems: what hinders submitting."""

    id: UUID
    number: str
    state: CaseState
    item_code: str
    fields: Fields
    problems: list[FieldProblem]
    masked: bool
    version: int
    created_at: WireTime
    updated_at: WireTime


class AuthorOut(Out):
    id: UUID
    name: Text


class NoteOut(Out):
    id: UUID
    text: str
    author: AuthorOut
    at: WireTime


class PlaceOut(Out):
    code: str
    name: Text


class CaseSummary(Out):
    """A row of the library. applicant: masked."""

    id: UUID
    number: str
    state: CaseState
    item_code: str
    applicant: str | None
    place: PlaceOut
    version: int
    created_at: WireTime
    updated_at: WireTime


class CaseList(Out):
    items: list[CaseSummary]
    next: str | None


class CaseSessionOut(Out):
    id: UUID
    state: SessionState
    opened_at: WireTime
    ended_at: WireTime | None
    outcome: Outcome | None
    agents: list[AuthorOut]
    recording: RecordingBrief | None


class CaseDetail(CaseOut):
    place: PlaceOut
    sessions: list[CaseSessionOut]
    materials: list[MaterialOut]
    notes: list[NoteOut]
