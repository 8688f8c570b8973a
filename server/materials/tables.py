"""Papers and requests for papers. The bytes lie in the blob store, named by the rows."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.infrastructure.database import UtcDateTime, enum_check
from server.infrastructure.ids import new_id
from server.materials.states import CaptureState, MaterialState


class Material(SQLModel, table=True):
    """One captured page.

    Three blobs under `folder`: the bytes as they came (never served), the page and a thumbnail,
    both made anew by the decoder. upload_key: the sender's Idempotency-Key, so that a repeated
    upload is one paper. `width`, `height`: of the page.
    """

    __tablename__ = "material"
    __table_args__ = (
        CheckConstraint(enum_check("state", MaterialState), name="state"),
        CheckConstraint("page BETWEEN 1 AND 200", name="page"),
        UniqueConstraint("session_id", "captured_by", "upload_key"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    session_id: UUID = Field(index=True)
    case_id: UUID | None = Field(default=None, index=True)
    state: str = Field(default=MaterialState.KEPT, max_length=16)
    material_code: str | None = Field(default=None, max_length=80)
    page: int = Field(default=1)
    captured_at: dt.datetime = Field(sa_type=UtcDateTime)
    captured_by: UUID
    captured_by_role: str = Field(max_length=32)
    upload_key: str | None = Field(default=None, max_length=128)
    folder: str = Field(max_length=160)
    original_type: str = Field(max_length=32)
    original_bytes: int
    original_sha256: bytes = Field(sa_type=LargeBinary)
    page_bytes: int
    page_sha256: bytes = Field(sa_type=LargeBinary)
    thumbnail_bytes: int
    thumbnail_sha256: bytes = Field(sa_type=LargeBinary)
    width: int
    height: int
    removed_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    removed_reason: str | None = Field(default=None, max_length=500)
    version: int = Field(default=1)


class CaptureRequest(SQLModel, table=True):
    """The agent asks for a page. No material_code: any paper answers it."""

    __tablename__ = "capture_request"
    __table_args__ = (CheckConstraint(enum_check("state", CaptureState), name="state"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    session_id: UUID = Field(index=True)
    state: str = Field(default=CaptureState.OPEN, max_length=16)
    material_code: str | None = Field(default=None, max_length=80)
    page: int = Field(default=1)
    requested_by: UUID
    requested_at: dt.datetime = Field(sa_type=UtcDateTime)
    material_id: UUID | None = Field(default=None)
