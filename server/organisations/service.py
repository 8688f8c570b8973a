"""Finding organisations and windows. Nothing is cached: the tables are small and may change."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import col, select

from server.infrastructure.errors import NotFound, Unprocessable
from server.infrastructure.work import Work
from server.organisations.tables import KIOSK_LEVELS, OrgUnit, Window


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

    async def ancestors(self, org: OrgUnit) -> list[OrgUnit]:
        """What lies above `org`, nearest first, without `org` itself."""
        codes = org.path.strip("/").split("/")[:-1]
        if not codes:
            return []
        async with self._work.read() as session:
            found = await session.execute(select(OrgUnit).where(col(OrgUnit.code).in_(codes)))
            by_code = {above.code: above for above in found.scalars()}
        return [by_code[code] for code in reversed(codes)]

    async def windows_for(
        self, channel: str, skills: Collection[str]
    ) -> list[tuple[Window, OrgUnit]]:
        """Windows of `channel` that have all `skills`, each with its organisation, by code."""
        query = (
            select(Window, OrgUnit)
            .join(OrgUnit, col(OrgUnit.id) == col(Window.org_id))
            .where(Window.channel == channel)
            .order_by(col(Window.code))
        )
        async with self._work.read() as session:
            rows = (await session.execute(query)).all()
        return [(window, org) for window, org in rows if set(skills) <= set(window.skills)]

    async def window(self, window_id: UUID) -> Window:
        """The window of that id. Raises NotFound `window_unknown`."""
        async with self._work.read() as session:
            window = await session.get(Window, window_id)
        if window is None:
            raise NotFound("window_unknown", window=str(window_id))
        return window
