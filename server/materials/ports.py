"""What papers, cases and recordings need to know of a session. `server.sessions` implements it."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from server.identity.permissions import Resource
from server.infrastructure.actors import Actor


@dataclass(frozen=True, slots=True)
class SessionParticipant:
    """A person in the session. `actor_kind`, `actor_id`: the principal's `kind` and `id`."""

    id: UUID
    role: str
    actor_kind: str
    actor_id: str


@dataclass(frozen=True, slots=True)
class SessionContext:
    """A session as those see it who keep something with it.

    open: people may still meet in it (any state before `ended`). account_ids: staff with an
    engagement in it, at any time. active_account_ids: those whose engagement is not completed, so
    also who wraps up. participants: all who ever were in it.
    """

    id: UUID
    state: str
    open: bool
    item_code: str
    owner_org_id: UUID
    owner_org_path: str
    serving_org_path: str
    resident_id: UUID
    account_ids: frozenset[UUID]
    active_account_ids: frozenset[UUID]
    participants: tuple[SessionParticipant, ...]
    case_id: UUID | None

    @property
    def resource(self) -> Resource:
        """The session as `can` sees it."""
        return Resource(
            kind="session",
            owner_org_path=self.owner_org_path,
            serving_org_path=self.serving_org_path,
            resident_id=self.resident_id,
            account_ids=self.account_ids,
        )

    def participant_of(self, actor: Actor) -> SessionParticipant | None:
        """Who `actor` is in this session; the newest, for one who left and came again."""
        for participant in reversed(self.participants):
            if (participant.actor_kind, participant.actor_id) == (actor.kind, actor.id):
                return participant
        return None

    def in_hand_of(self, actor: Actor) -> bool:
        """Whether `actor` works on it now: the resident while it is open, staff until wrap-up ends.

        They alone change its papers and see its form unmasked.
        """
        if actor.kind == "staff":
            return any(str(account_id) == actor.id for account_id in self.active_account_ids)
        return self.open and actor.id == str(self.resident_id)


class SessionLookup(Protocol):
    async def context(
        self, session: AsyncSession, session_id: UUID, *, lock: bool = False
    ) -> SessionContext:
        """The session's context. Raises NotFound for an unknown one.

        lock: within a transaction, hold the session's row (FOR UPDATE) until its end, so that of
        two who first save a case, or save and add a paper, one waits for the other. It asks
        nobody's permission: the caller does.
        """
        ...
