"""Sessions, connections and wrap-ups by HTTP."""

from server.infrastructure.errors import TooMany, Unavailable, Unprocessable
from server.infrastructure.http.routing import Access, Call, Route
from server.sessions.connections import Connections
from server.sessions.ports import SourceKind
from server.sessions.schemas import (
    AnswerOut,
    CompleteIn,
    ConnectionIn,
    ConnectionOut,
    EngagementOut,
    OutcomeIn,
    SessionOut,
    SourceStateIn,
)
from server.sessions.service import Sessions
from server.sessions.tables import Engagement, VideoSession
from server.sessions.views import SessionViews
from server.sessions.wrap_up import WrapUps

CONNECTION_BYTES = 200_000


def routes(
    sessions: Sessions, connections: Connections, wrap_ups: WrapUps, views: SessionViews
) -> list[Route]:
    async def view(call: Call) -> SessionOut:
        """A session, its people, papers, case and recording."""
        return await views.view(call.principal, call.id())

    async def hang_up(call: Call) -> SessionOut:
        """End the call at once; `resume` undoes it for a while."""
        await sessions.hang_up(call.principal, call.id())
        return await views.view(call.principal, call.id())

    async def resume(call: Call) -> SessionOut:
        """Undo a hang-up: back into the same session."""
        await sessions.resume(call.principal, call.id())
        return await views.view(call.principal, call.id())

    return [
        Route("GET", "/sessions/{id}", view, Access.ANYONE_KNOWN, answer=SessionOut),
        Route("POST", "/sessions/{id}/hang-up", hang_up, Access.RESIDENT, answer=SessionOut),
        Route("POST", "/sessions/{id}/end", hang_up, Access.STAFF, answer=SessionOut),
        Route("POST", "/sessions/{id}/resume", resume, Access.ANYONE_KNOWN, answer=SessionOut),
        *_connection_routes(connections),
        *_wrap_up_routes(wrap_ups),
    ]


def _connection_routes(connections: Connections) -> list[Route]:
    async def connect(call: Call) -> ConnectionOut:
        """Connect a page by WebRTC: the client offers, the server answers."""
        connection_id, answer = await connections.connect(call.principal, call.id(), call.body)
        return ConnectionOut(connection_id=connection_id, answer=answer, ice_servers=[])

    async def renegotiate(call: Call) -> AnswerOut:
        """Restart ICE, or add sections, on the same connection."""
        answer = await connections.renegotiate(
            call.principal, call.id(), call.id("connection"), call.body
        )
        return AnswerOut(answer=answer)

    async def disconnect(call: Call) -> None:
        """End a connection."""
        await connections.disconnect(call.principal, call.id(), call.id("connection"))

    async def set_source(call: Call) -> None:
        """Say that a source is on or off."""
        try:
            kind = SourceKind(call.text("kind"))
        except ValueError:
            raise Unprocessable("source_kind_unknown") from None
        await connections.set_source(
            call.principal, call.id(), call.id("connection"), kind, active=call.body.active
        )

    everyone = Access.ANYONE_KNOWN
    path = "/sessions/{id}/connections/{connection}"
    return [
        Route(
            "POST",
            "/sessions/{id}/connections",
            connect,
            everyone,
            body=ConnectionIn,
            answer=ConnectionOut,
            status=201,
            command=False,
            max_bytes=CONNECTION_BYTES,
            problems=(TooMany, Unavailable),
        ),
        Route(
            "PUT",
            path,
            renegotiate,
            everyone,
            body=ConnectionIn,
            answer=AnswerOut,
            command=False,
            max_bytes=CONNECTION_BYTES,
            problems=(Unavailable,),
        ),
        Route("DELETE", path, disconnect, everyone, status=204),
        Route(
            "PUT", path + "/sources/{kind}", set_source, everyone, body=SourceStateIn, status=204
        ),
    ]


def engagement_out(found: tuple[Engagement, VideoSession]) -> EngagementOut:
    engagement, session = found
    return EngagementOut.model_validate(
        engagement.model_dump() | {"undo_until": session.undo_until}
    )


def _wrap_up_routes(wrap_ups: WrapUps) -> list[Route]:
    async def outcome(call: Call) -> EngagementOut:
        """Say how the session went."""
        return engagement_out(
            await wrap_ups.set_outcome(call.principal, call.id(), call.body.outcome)
        )

    async def extend(call: Call) -> EngagementOut:
        """Two more minutes for the wrap-up."""
        return engagement_out(await wrap_ups.extend(call.principal, call.id()))

    async def complete(call: Call) -> EngagementOut:
        """The wrap-up is done; the next one may come."""
        return engagement_out(
            await wrap_ups.complete(call.principal, call.id(), call.body.outcome, call.body.summary)
        )

    path, staff = "/engagements/{id}", Access.STAFF
    return [
        Route("POST", path + "/outcome", outcome, staff, body=OutcomeIn, answer=EngagementOut),
        Route("POST", path + "/extend", extend, staff, answer=EngagementOut),
        Route("POST", path + "/complete", complete, staff, body=CompleteIn, answer=EngagementOut),
    ]
