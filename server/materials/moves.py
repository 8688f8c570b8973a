"""Steps of papers and requests, saved conditionally: of two that race, one changes no row."""

from typing import Any
from uuid import UUID

from sqlmodel import col, update

from server.infrastructure.errors import Raced
from server.infrastructure.rows import save_if_unchanged
from server.infrastructure.work import Transaction
from server.materials import events
from server.materials.states import (
    CaptureEvent,
    CaptureState,
    MaterialEvent,
    MaterialState,
    next_capture_state,
    next_material_state,
)
from server.materials.tables import CaptureRequest, Material


async def attach_to_case(tx: Transaction, session_id: UUID, case_id: UUID) -> list[Material]:
    """Let the session's papers be the case's. The caller announces the new facts."""
    await tx.session.execute(
        update(Material)
        .where(
            col(Material.session_id) == session_id,
            col(Material.case_id).is_(None),
            col(Material.state) == MaterialState.KEPT,
        )
        .values(case_id=case_id, version=Material.version + 1)
        .execution_options(synchronize_session=False)
    )
    materials = await events.kept_in_session(tx.session, session_id)
    for material in materials:
        await tx.session.refresh(material)
    return [material for material in materials if material.case_id == case_id]


async def fulfil(tx: Transaction, material: Material) -> None:
    """The oldest open request that this paper answers is fulfilled: of its kind and page, or of
    any paper."""
    for request in await events.requests_in_session(tx.session, material.session_id):
        same = (request.material_code, request.page) == (material.material_code, material.page)
        if request.state == CaptureState.OPEN and (same or request.material_code is None):
            await move_request(tx, request, CaptureEvent.FULFILLED, material_id=material.id)
            return


async def move_material(
    tx: Transaction, material: Material, event: MaterialEvent, **values: Any
) -> None:
    """Take `material` along `event`, announced and audited. Raises TransitionRefused, Raced."""
    state = next_material_state(MaterialState(material.state), event)
    await save_if_unchanged(tx, material, state=state, **values)
    events.announce_material(tx, f"material.{event}", material)
    tx.audit(f"material.{event}", ("material", str(material.id)), session=str(material.session_id))


async def move_request(
    tx: Transaction, request: CaptureRequest, event: CaptureEvent, **values: Any
) -> None:
    """Take `request` along `event`, announced and audited. Raises TransitionRefused, Raced."""
    state = next_capture_state(CaptureState(request.state), event)
    result = await tx.session.execute(
        update(CaptureRequest)
        .where(col(CaptureRequest.id) == request.id, col(CaptureRequest.state) == request.state)
        .values(state=state, **values)
        .execution_options(synchronize_session=False)
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]
        raise Raced("capture_request")
    await tx.session.refresh(request)
    events.announce_capture(tx, f"capture_request.{event}", request)
    tx.audit(f"capture_request.{event}", ("capture_request", str(request.id)))
