"""A resident's visit, without a name: open it, agree to what a call needs, end it."""

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import ceil
from typing import Final
from uuid import UUID

from server.identity.accounts import org_out
from server.identity.consent import Consent, ConsentText
from server.identity.cookies import new_secret, secret_hash
from server.identity.limits import Limits
from server.identity.ports import ResidentVisits, ServiceStatus, Visit
from server.identity.principals import Resident
from server.identity.schemas import ConsentOut, Language, ResidentOut, StatusOut
from server.identity.tables import ResidentSession
from server.infrastructure.errors import Conflict, Unprocessable
from server.infrastructure.settings import Settings
from server.infrastructure.work import Transaction, Work
from server.organisations.service import Organisations
from server.organisations.tables import OrgUnit

DEMO_PLACE: Final = "caoyang-xincun"
VISITS_PER_MINUTE: Final = 6
DEMO_VISITS_PER_MINUTE: Final = 300 * 60

Ended = Callable[[UUID], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Opened:
    """secret: for the cookie, told this once; None if the visit was open already."""

    visit: ResidentOut
    secret: str | None


class Residents:
    """on_ended: told the id of each visit that ended, once that is committed."""

    def __init__(
        self,
        work: Work,
        settings: Settings,
        organisations: Organisations,
        consent: Consent,
        limits: Limits,
        visits: ResidentVisits,
        status: ServiceStatus,
        on_ended: Ended,
    ) -> None:
        self._work = work
        self._settings = settings
        self._organisations = organisations
        self._consent = consent
        self._limits = limits
        self._visits = visits
        self._status = status
        self._on_ended = on_ended

    async def open(
        self, place: str | None, language: Language, *, known: Resident | None, address: str
    ) -> Opened:
        """A visit at a place; the one that is open, if it is there or under way.

        Raises Unprocessable `place_unknown`, TooMany `too_many_visits`.
        """
        if known is not None:
            visit = await self._visits.current(known.resident_id)
            if visit.under_way or place in (None, known.org_code):
                return Opened(await self._view(known.resident_id, visit), None)
        org = await self._place(place)
        per_minute = DEMO_VISITS_PER_MINUTE if self._settings.demo else VISITS_PER_MINUTE
        await self._limits.take("too_many_visits", address, per_minute=per_minute)
        secret = new_secret()
        now = self._work.clock.now()
        row = ResidentSession(
            secret_hash=secret_hash(secret),
            org_id=org.id,
            language=language,
            created_at=now,
            expires_at=now + dt.timedelta(seconds=self._settings.resident_session_seconds),
        )
        actor = _resident(row, org)
        async with self._work.write(actor) as tx:
            if known is not None:
                await self._end(tx, known.resident_id)
            tx.session.add(row)
            tx.audit("visit.open", ("resident_session", str(row.id)), place=org.code)
        return Opened(_view(row, org, Visit(None, None, under_way=False)), secret)

    async def current(self, resident: Resident) -> ResidentOut:
        return await self._view(
            resident.resident_id, await self._visits.current(resident.resident_id)
        )

    async def speak(self, resident: Resident, language: Language) -> ResidentOut:
        """Change the visit's language."""
        async with self._work.write(resident) as tx:
            row = await tx.session.get_one(ResidentSession, resident.resident_id)
            row.language = language
            tx.audit("visit.language", ("resident_session", resident.id), language=language)
        return await self.current(resident)

    async def agree(self, resident: Resident, version: str, language: Language) -> ConsentOut:
        """Keep that the resident agreed, when, and to which very words. Twice is once.

        Raises Conflict `consent_outdated` for another version than the one in force.
        """
        if version != self._consent.version:
            raise Conflict("consent_outdated", current=self._consent.version)
        async with self._work.write(resident) as tx:
            row = await tx.session.get_one(ResidentSession, resident.resident_id)
            if row.consent_at is None or row.consent_version != version:
                text = self._consent.text(language)
                row.consent_version, row.consent_at = version, tx.now
                row.consent_language, row.consent_sha256 = language, text.sha256
                tx.audit(
                    "visit.consent",
                    ("resident_session", resident.id),
                    version=version,
                    language=language,
                    sha256=text.sha256.hex(),
                )
            return ConsentOut(version=version, at=row.consent_at)

    async def end(self, resident: Resident) -> None:
        """End the visit and give up its place; its cookie and sockets end with it."""

        async def step() -> None:
            async with self._work.write(resident) as tx:
                await self._end(tx, resident.resident_id)

        # An offer may be made of the place in this very moment.
        await self._work.tried(step)

    async def status(
        self, place: str | None, known: Resident | None, item_code: str | None = None
    ) -> StatusOut:
        """What the idle screen says of a place, or the guide of an item there.

        Raises Unprocessable `place_unknown`, NotFound `item_unknown`, Conflict `no_window_serves`.
        """
        org = await self._place(place or (known.org_code if known is not None else None))
        opening = await self._status.opening(org, item_code)
        wait = await self._status.expected_wait_seconds(org.path)
        return StatusOut(
            place=org_out(org),
            open=opening.open,
            opens_at=opening.opens_at,
            reason=opening.reason,
            windows_open=await self._status.open_windows(org.path),
            expected_wait_minutes=ceil(wait / 60),
            consent_version=self._consent.version,
            recording_years=self._settings.recording_retention_years,
            demo=self._settings.demo,
        )

    def consent_text(self, language: Language) -> ConsentText:
        return self._consent.text(language)

    async def _place(self, code: str | None) -> OrgUnit:
        if code is None and self._settings.demo:
            code = DEMO_PLACE
        if code is None:
            raise Unprocessable("place_unknown", place="")
        return await self._organisations.place(code)

    async def _view(self, resident_id: UUID, visit: Visit) -> ResidentOut:
        async with self._work.read() as session:
            row = await session.get_one(ResidentSession, resident_id)
            org = await session.get_one(OrgUnit, row.org_id)
        return _view(row, org, visit)

    async def _end(self, tx: Transaction, resident_id: UUID) -> None:
        row = await tx.session.get_one(ResidentSession, resident_id)
        if row.ended_at is not None:
            return
        await self._visits.leave(tx, resident_id)
        row.ended_at = tx.now
        tx.audit("visit.end", ("resident_session", str(resident_id)))
        tx.after_commit(lambda: self._on_ended(resident_id))


def _resident(row: ResidentSession, org: OrgUnit) -> Resident:
    return Resident(
        resident_id=row.id,
        org_id=org.id,
        org_code=org.code,
        org_path=org.path,
        language=row.language,
        consent_version=row.consent_version,
    )


def _view(row: ResidentSession, org: OrgUnit, visit: Visit) -> ResidentOut:
    agreed = row.consent_version is not None and row.consent_at is not None
    return ResidentOut(
        id=row.id,
        place=org_out(org),
        language=Language(row.language),
        consent=ConsentOut(version=row.consent_version, at=row.consent_at) if agreed else None,
        ticket=visit.ticket,
        session_id=visit.session_id,
    )
