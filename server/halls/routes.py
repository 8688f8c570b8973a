"""Joined numbering by HTTP, for a hall's own calling system."""

from server.halls.schemas import CallIn, DrawIn, HallNumberOut, HallNumbersOut
from server.halls.service import Halls
from server.infrastructure.http.routing import Access, Call, Route


def routes(halls: Halls) -> list[Route]:
    async def draw(call: Call) -> HallNumberOut:
        """Draw a number of the hall's queue.

        The same reference and item again give the same number.
        """
        body = call.body
        return await halls.draw(
            call.principal, call.text("org"), body.item_code, body.reference, body.priority
        )

    async def numbers(call: Call) -> HallNumbersOut:
        """The hall's numbers that wait or are served."""
        return HallNumbersOut(items=await halls.numbers(call.principal, call.text("org")))

    async def look(call: Call) -> HallNumberOut:
        """A number, what is ahead of it, and the expected wait."""
        return await halls.look(call.principal, call.text("org"), call.text("reference"))

    async def call_next(call: Call) -> HallNumberOut | None:
        """Call the next number to a counter; 204 if nobody waits for it.

        It is the first by rank that the window's skills can serve. Send an Idempotency-Key, so that
        an answer that was lost can be had again.
        """
        return await halls.call_next(
            call.principal, call.text("org"), call.body.counter, call.body.window_code
        )

    async def call_this(call: Call) -> HallNumberOut:
        """Call this very number to a counter: its holder stands there."""
        return await halls.call(
            call.principal,
            call.text("org"),
            call.text("reference"),
            call.body.counter,
            call.body.window_code,
        )

    async def put_back(call: Call) -> HallNumberOut:
        """Put a number that nobody came with back to its old place."""
        return await halls.put_back(call.principal, call.text("org"), call.text("reference"))

    async def done(call: Call) -> HallNumberOut:
        """Say that a number was served."""
        return await halls.done(call.principal, call.text("org"), call.text("reference"))

    async def cancel(call: Call) -> HallNumberOut:
        """Drop a number."""
        return await halls.cancel(call.principal, call.text("org"), call.text("reference"))

    staff, hall = Access.STAFF, "/halls/{org}"
    number = f"{hall}/numbers/{{reference}}"
    return [
        Route(
            "POST",
            f"{hall}/numbers",
            draw,
            staff,
            body=DrawIn,
            answer=HallNumberOut,
            status=201,
        ),
        Route("GET", f"{hall}/numbers", numbers, staff, answer=HallNumbersOut),
        Route("GET", number, look, staff, answer=HallNumberOut),
        Route(
            "POST",
            f"{hall}/call-next",
            call_next,
            staff,
            body=CallIn,
            answer=HallNumberOut,
            also=(204,),
        ),
        Route(
            "POST",
            f"{number}/call",
            call_this,
            staff,
            body=CallIn,
            answer=HallNumberOut,
        ),
        Route("POST", f"{number}/return", put_back, staff, answer=HallNumberOut),
        Route("POST", f"{number}/done", done, staff, answer=HallNumberOut),
        Route("POST", f"{number}/cancel", cancel, staff, answer=HallNumberOut),
    ]
