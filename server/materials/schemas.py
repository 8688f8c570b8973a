"""Papers and requests for papers, as they go over HTTP."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from server.infrastructure.http.schemas import In, Out, WireTime
from server.materials.states import CaptureState
from server.materials.tables import CaptureRequest, Material
from server.sessions.states import ParticipantRole

PAGE_MAX = 200


class Rendition(In):
    rendition: Literal["page", "thumbnail"] = "page"


class UploadFields(In):
    """What comes beside the file. material_code: of the item's list; absent for any other paper."""

    material_code: str | None = Field(default=None, min_length=1, max_length=80)
    page: int = Field(default=1, ge=1, le=PAGE_MAX)


class CaptureIn(In):
    material_code: str | None = Field(default=None, min_length=1, max_length=80)
    page: int = Field(default=1, ge=1, le=PAGE_MAX)


class RemoveIn(In):
    reason: str | None = Field(default=None, max_length=500)


class MaterialOut(Out):
    """sha256: of the bytes as they were captured. width, height: pixels of the page picture."""

    id: UUID
    material_code: str | None
    page: int
    captured_at: WireTime
    captured_by: UUID
    captured_by_role: ParticipantRole
    sha256: str
    width: int
    height: int
    version: int


class CaptureRequestOut(Out):
    id: UUID
    material_code: str | None
    page: int
    state: CaptureState
    requested_at: WireTime
    material_id: UUID | None


def material_out(material: Material) -> MaterialOut:
    fields = material.model_dump() | {"sha256": material.original_sha256.hex()}
    return MaterialOut.model_validate(fields)


def capture_out(request: CaptureRequest) -> CaptureRequestOut:
    return CaptureRequestOut.model_validate(request)
