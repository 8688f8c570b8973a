"""Finding organisations. Nothing is cached: the tables are small and may change."""

from uuid import UUID

from sqlmodel import select

from server.infrastructure.errors import NotFound, Unprocessable
from server.infrastructure.work import Work
from server.organisations.tables import KIOSK_LEVELS, OrgUnit


class Organisations:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def org(self, code: str) -> OrgUnit:
        """The organisation of that code. Raises NotFound `org_unknown`."""
        async with self._work.read() as session:
            found = await session.execute(select(OrgUnit).where(OrgUnit.code == code))
            org = found.scalar_one_or_none()
        if org is None:
            raise NotFound("org_unknown", org=code)
        return org

    async def org_by_id(self, org_id: UUID) -> OrgUnit:
        """The organisation of that id. Raises NotFound `org_unknown`."""
        async with self._work.read() as session:
            org = await session.get(OrgUnit, org_id)
        if org is None:
            raise NotFound("org_unknown", org=str(org_id))
        return org

    async def place(self, code: str) -> OrgUnit:
        """The organisation of that code, if a kiosk of ours can stand there.

        Raises Unprocessable `place_unknown`: also for a city, a province or a partner's
        organisation.
        """
        try:
            org = await self.org(code)
        except NotFound as error:
            raise Unprocessable("place_unknown", place=code) from error
        if org.level not in KIOSK_LEVELS or org.partner:
            raise Unprocessable("place_unknown", place=code)
        return org
