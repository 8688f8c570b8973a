"""Cases and notes by HTTP."""

from server.cases.library import Library
from server.cases.schemas import (
    CaseDetail,
    CaseIn,
    CaseList,
    CaseOut,
    ListQuery,
    NoteIn,
    NoteOut,
    RevealIn,
    VersionIn,
)
from server.cases.service import Cases
from server.infrastructure.http.routing import Access, Call, Route


def routes(cases: Cases, library: Library) -> list[Route]:
    return [*_writing(cases), *_reading(library)]


def _writing(cases: Cases) -> list[Route]:
    async def save(call: Call) -> CaseOut:
        """Keep the form as it is filled so far; the first save makes the case."""
        return await cases.save(
            call.principal, call.id(), dict(call.body.fields), call.body.version
        )

    async def note_in_session(call: Call) -> NoteOut:
        """Add a note to a session."""
        return await cases.note_in_session(call.principal, call.id(), call.body.text)

    async def note_in_case(call: Call) -> NoteOut:
        """Add a note to a case."""
        return await cases.note_in_case(call.principal, call.id(), call.body.text)

    async def submit(call: Call) -> CaseOut:
        """Hand the form in, complete."""
        return await cases.submit(call.principal, call.id(), call.body.version)

    async def accept(call: Call) -> CaseOut:
        """Accept what was submitted."""
        return await cases.accept(call.principal, call.id(), call.body.version)

    staff = Access.STAFF
    return [
        Route("PUT", "/sessions/{id}/case", save, staff, body=CaseIn, answer=CaseOut),
        Route(
            "POST",
            "/sessions/{id}/notes",
            note_in_session,
            staff,
            body=NoteIn,
            answer=NoteOut,
            status=201,
        ),
        Route(
            "POST",
            "/cases/{id}/notes",
            note_in_case,
            staff,
            body=NoteIn,
            answer=NoteOut,
            status=201,
        ),
        Route("POST", "/cases/{id}/submit", submit, staff, body=VersionIn, answer=CaseOut),
        Route("POST", "/cases/{id}/accept", accept, staff, body=VersionIn, answer=CaseOut),
    ]


def _reading(library: Library) -> list[Route]:
    async def find(call: Call) -> CaseList:
        """Cases, newest change first; `next` is the cursor of the following page."""
        return await library.list(call.principal, call.query)

    async def read(call: Call) -> CaseDetail:
        """A case with its sessions, papers and notes; sensitive fields masked."""
        return await library.read(call.principal, call.id())

    async def reveal(call: Call) -> CaseDetail:
        """The same case unmasked, for a reason that is kept."""
        return await library.reveal(call.principal, call.id(), call.body.reason)

    return [
        Route("GET", "/cases", find, Access.STAFF, query=ListQuery, answer=CaseList),
        Route("GET", "/cases/{id}", read, Access.STAFF, answer=CaseDetail),
        Route("POST", "/cases/{id}/reveal", reveal, Access.STAFF, body=RevealIn, answer=CaseDetail),
    ]
