"""Brings tickets and agents together: tells the line-up what was committed, and writes the offers
of the pairs that it gives.

SQL decides. An offer stands only if ticket and agent are as they were when the pair was made, so
neither a replica that was frozen with a pair in its hands, nor a line-up that was lost, nor two
replicas at once can do harm.
"""

import asyncio
import datetime as dt
import logging
from collections.abc import Collection, Iterable, Sequence
from typing import Final
from uuid import UUID

from redis.exceptions import RedisError
from sqlalchemy.exc import IntegrityError

from server.infrastructure.actors import System
from server.infrastructure.database import AWAY
from server.infrastructure.errors import Conflict, Raced
from server.infrastructure.events.topics import Event
from server.infrastructure.settings import Settings
from server.infrastructure.tasks import Loop
from server.infrastructure.work import Work
from server.queueing.lineup import AT_ONCE, LineUp, LineUpLost
from server.queueing.values import Claim, Kept, Left, Move, Refusal, Settled, Stood
from server.tickets import events
from server.tickets.dispatch.mending import Mender
from server.tickets.dispatch.news import News
from server.tickets.dispatch.queue_rows import read_agents, read_places, read_refusals
from server.tickets.moves import move_presence, move_ticket, seconds_after
from server.tickets.states import OfferKind, PresenceEvent, TicketEvent, TicketKind
from server.tickets.tables import AgentPresence, Offer, Ticket

TICK_SECONDS: Final = 0.5
"""At least so often the line-up is told the time, at which refusals end, and which claims are in
hand."""
AGAIN_SECONDS: Final = 0.3
OFFER_SECONDS: Final = 2.0
"""A row that is locked for so long is held by a replica that does not run."""
BLOCKED_SECONDS: Final = 5.0
WRITERS: Final = 4

_log = logging.getLogger(__name__)


class Dispatch:
    """Runs in every replica: each tells the line-up of its own commits, and whoever gets a pair
    writes its offer."""

    def __init__(self, work: Work, settings: Settings, line_up: LineUp) -> None:
        self._work = work
        self._settings = settings
        self._line_up = line_up
        self._news = News()
        self._woken = asyncio.Event()
        self._claims: asyncio.Queue[Claim] = asyncio.Queue()
        self._in_hand: set[str] = set()
        self._kept_at = 0.0
        self._away: type[Exception] | None = None
        self._pause = dt.timedelta(seconds=settings.reject_pause_seconds)
        self._mender = Mender(work, line_up, self._news, self._take_on, self._pause)

    def heard(self, committed: Iterable[Event]) -> None:
        """What a commit of this replica has changed. To be called with each commit's events."""
        self._news.hear(committed)
        if self._news:
            self._woken.set()

    def loops(self) -> dict[str, Loop]:
        """What must run while the replica serves. SQLite has one writer, whoever waits for it."""
        writers = 1 if self._work.database.sqlite else WRITERS
        names = [f"dispatch-offers-{number}" for number in range(1, writers + 1)]
        return {
            "dispatch": self._tell,
            "dispatch-mend": self._mend,
            **dict.fromkeys(names, self._write),
        }

    async def offer_all(self) -> int:
        """Compare with SQL, then make all offers that can be made now; how many stood. For who
        runs no loops."""
        await self.mend()
        return await self.offer()

    async def mend(self) -> None:
        """Compare the line-up with SQL, or bring all of it anew if it was lost; end the claims of
        who is no more. What is to be brought is brought by the next `offer`."""
        await self._mender.look()

    async def offer(self) -> int:
        """Tell the line-up what was heard and make offers of what it gives, until there is no more
        of either; how many stood. Raises RedisError, LineUpLost, and what SQL says while away."""
        made = 0
        while True:
            await self._bring()
            if self._claims.empty():
                return made
            while not self._claims.empty():
                made += await self._answer(self._claims.get_nowait())

    async def _tell(self) -> None:
        """Bring what is heard, at once, until cancelled. While Redis or SQL is away, it waits."""
        while True:
            try:
                async with asyncio.timeout(TICK_SECONDS):
                    await self._woken.wait()
            except TimeoutError:
                pass
            self._woken.clear()
            try:
                await self._bring()
            except (RedisError, LineUpLost, *AWAY) as away:
                self._say_away(away)
                self._mender.heed(away)
                await asyncio.sleep(AGAIN_SECONDS)
                self._woken.set()
            else:
                self._away = None

    async def _mend(self) -> None:
        while True:
            try:
                await self._mender.look()
            except (RedisError, LineUpLost, *AWAY) as away:
                self._say_away(away)
                self._mender.heed(away)
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            if self._news:
                self._woken.set()
            await self._mender.rest()

    def _say_away(self, away: Exception) -> None:
        """Once for each time, not three times a second."""
        if self._away is not type(away):
            self._away = type(away)
            _log.warning("the line-up can't be told: %s", type(away).__name__)

    async def _write(self) -> None:
        while True:
            await self._answer(await self._claims.get())
            self._woken.set()

    async def _bring(self) -> None:
        """Tell the line-up all that was heard, and take the pairs on that it gives."""
        news = self._news.take()
        try:
            moves = [*await self._moves(news), *self._still_in_hand()]
            for start in range(0, max(len(moves), 1), AT_ONCE):
                now = self._work.clock.now()
                some = moves[start : start + AT_ONCE]
                self._take_on(await self._line_up.apply(some, now, anew=news.anew))
        except BaseException:
            self._news.put_back(news)
            raise
        self._in_hand.difference_update(news.settled)

    def _still_in_hand(self) -> list[Kept]:
        """Told once in a while of each claim that waits to be written, so that nobody takes it for
        left behind."""
        monotonic = self._work.clock.monotonic()
        if monotonic - self._kept_at < TICK_SECONDS:
            return []
        self._kept_at = monotonic
        return [Kept(name) for name in self._in_hand]

    async def _moves(self, news: News) -> list[Move]:
        """Refusals before the tickets that come back from them; claims end last, when what became
        of their tickets and agents is known."""
        moves: list[Move] = [*news.refusals]
        moves += [Left(key, gone) for key, gone in news.tickets.items() if gone is not None]
        moves += [Stood(key, gone) for key, gone in news.agents.items() if gone is not None]
        tickets = [key for key, gone in news.tickets.items() if gone is None]
        agents = [key for key, gone in news.agents.items() if gone is None]
        if tickets or agents:
            moves += await self._read(news, tickets, agents)
        return [*moves, *map(Settled, news.settled)]

    async def _read(
        self, news: News, tickets: Collection[UUID], agents: Collection[UUID]
    ) -> list[Move]:
        """The rows as they are now. One that is not there at all leaves, whatever was known."""
        now = self._work.clock.now()
        async with self._work.read() as session:
            pause = self._pause if news.rejected else dt.timedelta(0)
            refusals = await read_refusals(session, pause, now, tickets) if pause else []
            places = await read_places(session, tickets)
            seats = await read_agents(session, now, agents)
        lost = set(tickets).difference(place.ticket_id for place in places)
        idle = set(agents).difference(seat.account_id for seat in seats)
        news.anew |= lost | idle
        gone: list[Move] = [*(Left(key, 0) for key in lost), *(Stood(key, 0) for key in idle)]
        return [*refusals, *gone, *places, *seats]

    def _take_on(self, claims: Sequence[Claim]) -> None:
        for claim in claims:
            self._in_hand.add(claim.name)
            self._claims.put_nowait(claim)

    async def _answer(self, claim: Claim) -> bool:
        """Write the offer of a claim; whether it stands. If it does, its own commit tells the
        line-up; if not, ticket and agent are brought anew."""
        stands = False
        # On SQLite a wait is for this replica's own other writers.
        limit = asyncio.timeout(None if self._work.database.sqlite else OFFER_SECONDS)
        try:
            async with limit:
                await self._offer(claim)
            stands = True
        except (Conflict, IntegrityError) as raced:
            _log.info("offer: somebody was quicker", extra={"reason": type(raced).__name__})
        except AWAY as away:
            _log.warning("an offer can't be written now: %s", type(away).__name__)
            if limit.expired():
                self._put_off(claim)
        except Exception:  # noqa: BLE001 - one pair's fault, logged with its trace; others go on
            _log.exception("an offer can't be made")
            self._put_off(claim)
        if not stands:
            self._news.read(ticket=claim.ticket_id, agent=claim.account_id)
        self._news.settled.append(claim.name)
        return stands

    def _put_off(self, claim: Claim) -> None:
        """Not this pair again at once: it would hold up others."""
        until = seconds_after(self._work.clock.now(), BLOCKED_SECONDS)
        self._news.refusals.append(Refusal(claim.ticket_id, claim.account_id, until))

    async def _offer(self, claim: Claim) -> None:
        """Raises Raced if ticket or agent have changed since the claim was made."""
        async with self._work.write(System("dispatch")) as tx:
            ticket = await tx.session.get_one(Ticket, claim.ticket_id)
            presence = await tx.session.get_one(AgentPresence, claim.account_id)
            if ticket.version != claim.ticket_version:
                raise Raced("ticket")
            if presence.version != claim.account_version:
                raise Raced("presence")
            await move_ticket(tx, ticket, TicketEvent.OFFERED)
            called_back = ticket.kind == TicketKind.CALLBACK
            offer = Offer(
                kind=OfferKind.CALLBACK if called_back else OfferKind.SERVE,
                ticket_id=ticket.id,
                account_id=claim.account_id,
                window_id=claim.window_id,
                offered_at=tx.now,
                deadline_at=seconds_after(tx.now, self._settings.offer_lease_seconds),
            )
            tx.session.add(offer)
            await tx.session.flush()
            events.announce_offer(tx, "offer.made", offer, ticket)
            tx.audit("offer.make", ("offer", str(offer.id)), ticket=str(ticket.id))
            # The place among the idle is kept in case the resident leaves.
            await move_presence(
                tx, presence, PresenceEvent.OFFERED, available_since=presence.available_since
            )
