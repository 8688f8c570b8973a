"""What pages are told of papers: facts, and their part of the snapshots of session and case."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from server.infrastructure.events.topics import Change, Facts, Snapshot
from server.infrastructure.work import Transaction
from server.materials.facts import CaptureFacts, MaterialFacts
from server.materials.states import CaptureState, MaterialState
from server.materials.tables import CaptureRequest, Material


def session_topic(session_id: UUID) -> str:
    return f"session:{session_id}"


def case_topic(case_id: UUID) -> str:
    return f"case:{case_id}"


def material_facts(material: Material) -> Facts:
    return MaterialFacts.of(material).wire()


def capture_facts(request: CaptureRequest) -> Facts:
    return CaptureFacts.of(request).wire()


def material_change(material: Material) -> Change:
    """The paper as it is now; gone once it was removed."""
    kept = material.state == MaterialState.KEPT
    return Change("material", str(material.id), material_facts(material) if kept else None)


def capture_change(request: CaptureRequest) -> Change:
    """The request as it is now; gone once it was withdrawn."""
    told = request.state != CaptureState.WITHDRAWN
    return Change("capture_request", str(request.id), capture_facts(request) if told else None)


def announce_material(tx: Transaction, type_: str, material: Material) -> None:
    change = material_change(material)
    tx.publish(session_topic(material.session_id), type_, change)
    if material.case_id is not None:
        tx.publish(case_topic(material.case_id), type_, change)


def announce_capture(tx: Transaction, type_: str, request: CaptureRequest) -> None:
    tx.publish(session_topic(request.session_id), type_, capture_change(request))


async def kept_in_session(session: AsyncSession, session_id: UUID) -> list[Material]:
    """The session's papers, in the order in which they came."""
    query = select(Material).where(
        Material.session_id == session_id, Material.state == MaterialState.KEPT
    )
    return list((await session.execute(query.order_by(col(Material.id)))).scalars())


async def kept_in_case(session: AsyncSession, case_id: UUID) -> list[Material]:
    query = select(Material).where(
        Material.case_id == case_id, Material.state == MaterialState.KEPT
    )
    return list((await session.execute(query.order_by(col(Material.id)))).scalars())


async def requests_in_session(session: AsyncSession, session_id: UUID) -> list[CaptureRequest]:
    """Requests that were not withdrawn, oldest first."""
    query = select(CaptureRequest).where(
        CaptureRequest.session_id == session_id,
        CaptureRequest.state != CaptureState.WITHDRAWN,
    )
    return list((await session.execute(query.order_by(col(CaptureRequest.id)))).scalars())


async def session_snapshot(session: AsyncSession, session_id: UUID) -> Snapshot:
    """Entities `material` and `capture_request` of `session:<id>`."""
    requests = await requests_in_session(session, session_id)
    return {
        "material": _by_id(map(material_facts, await kept_in_session(session, session_id))),
        "capture_request": _by_id(map(capture_facts, requests)),
    }


async def case_snapshot(session: AsyncSession, case_id: UUID) -> Snapshot:
    """Entity `material` of `case:<id>`."""
    return {"material": _by_id(map(material_facts, await kept_in_case(session, case_id)))}


def _by_id(facts: Iterable[Facts]) -> dict[str, Facts]:
    return {str(value["id"]): value for value in facts}
