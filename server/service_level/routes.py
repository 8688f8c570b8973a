"""Service level, board and alarms by HTTP."""

from server.infrastructure.http.routing import Access, Call, Route
from server.service_level.facts import AlarmFacts
from server.service_level.schemas import BoardIn, BoardOut, LevelIn, LevelOut
from server.service_level.service import ServiceLevels


def routes(levels: ServiceLevels) -> list[Route]:
    async def level(call: Call) -> LevelOut:
        """How many got a first answer in time, by both usual formulas.

        `level_answered` is answered within / answered; `level_offered` is answered within /
        (answered + abandoned after the threshold). Who left before it counts in neither.
        """
        return await levels.level(call.principal, call.query)

    async def board(call: Call) -> BoardOut:
        """An organisation and all below it, now: figures, who waits, agents, open alarms."""
        return await levels.board(call.principal, call.query.org)

    async def see(call: Call) -> AlarmFacts:
        """Say that somebody sees to an alarm."""
        return await levels.see(call.principal, call.id())

    staff = Access.STAFF
    return [
        Route("GET", "/service-level", level, staff, query=LevelIn, answer=LevelOut),
        Route("GET", "/board", board, staff, query=BoardIn, answer=BoardOut),
        Route("POST", "/alarms/{id}/seen", see, staff, answer=AlarmFacts),
    ]
