"""Typed settings, read once from the environment (`VIRTUAL_WINDOW_*`)."""

import re
import secrets
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import Field, IPvAnyNetwork, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from recordings import bucket

CHILD_ENVIRONMENT_PREFIX: Final = "VIRTUAL_WINDOW_"
# Whom waiting strains most comes two to three minutes earlier: past a few others, never past a
# full hall. An appointment was promised for its time; up to ten minutes of a queue give way to it.
PRIORITY_SECONDS: Final = {
    "elderly": 120,
    "disabled": 180,
    "pregnant": 180,
    "veteran": 120,
    "appointment": 600,
}


class Settings(BaseSettings):
    """How one installation runs. Every figure of design and contracts that may differ is here."""

    model_config = SettingsConfigDict(env_prefix=CHILD_ENVIRONMENT_PREFIX, extra="ignore")

    data: Path = Field(default=Path("data"), description="Folder for everything that is written")
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str | None = Field(
        default=None, description="Address under which residents reach it"
    )
    allowed_origins: list[str] = Field(default_factory=list)
    trusted_proxies: list[IPvAnyNetwork] = Field(
        default_factory=list, description="Reverse proxies whose X-Forwarded-For counts"
    )
    demo: bool = False
    replica_id: str = Field(default_factory=lambda: f"app-{secrets.token_hex(4)}")

    database_url: SecretStr | None = None
    redis_url: SecretStr | None = None
    blob_url: str | None = Field(
        default=None,
        description="s3://BUCKET/PREFIX?endpoint=...&region=... for papers and recordings",
    )
    blob_access_key: SecretStr | None = Field(
        default=None, description="With blob_secret_key; without both AWS_... of the environment"
    )
    blob_secret_key: SecretStr | None = None
    metrics_token: SecretStr | None = Field(
        default=None, description="Bearer token of /metrics; without one it is for this machine"
    )

    media_host: str = Field(default="127.0.0.1", description="Address that clients send media to")
    media_port: int = Field(default=0, ge=0, le=65535, description="0 takes a free port")
    media_workers: int = Field(default=1, ge=0, le=64)
    media_rpc_host: str = "127.0.0.1"

    offer_lease_seconds: int = Field(default=20, ge=1)
    wrap_up_seconds: int = Field(default=60, ge=1)
    wrap_up_extension_seconds: int = Field(default=120, ge=1)
    place_kept_seconds: int = Field(default=120, ge=1)
    undo_seconds: int = Field(default=30, ge=0)
    presence_grace_seconds: int = Field(
        default=10, ge=1, description="How long an agent's page may be gone before it counts"
    )
    reject_pause_seconds: int = Field(
        default=15, ge=0, description="How long a ticket is kept from an agent who rejected it"
    )
    missed_offers_to_break: int = Field(default=3, ge=1)
    priority_seconds: dict[str, int] = Field(
        default=PRIORITY_SECONDS, description="Head start in the queue, by reason"
    )
    priority_cap_seconds: int = Field(
        default=600, ge=0, description="How far all reasons together move one forward"
    )

    booking_slot_minutes: int = Field(default=15, ge=5, le=240)
    booking_slot_places: int = Field(
        default=1, ge=1, description="People who can book one slot, for each window that is open"
    )
    booking_days: int = Field(default=14, ge=1, le=60, description="How far ahead one can book")
    booking_lead_minutes: int = Field(
        default=15, ge=0, description="How soon the first slot that can be booked begins"
    )
    booking_hours: list[str] = Field(
        default=["09:00-11:30", "13:30-17:00"],
        description="Slots on working days of windows open at all hours; [] is at all hours too",
    )
    booking_early_minutes: int = Field(
        default=15, ge=0, description="How long before an appointment one can arrive"
    )
    booking_grace_minutes: int = Field(
        default=30, ge=0, description="How long after its time an appointment is kept"
    )
    booking_code_tries: int = Field(
        default=10, ge=1, description="Wrong booking codes an address may try in a minute"
    )
    callback_tries: int = Field(default=3, ge=1)
    callback_again_minutes: int = Field(
        default=15, ge=1, description="When one who was not reached is called again"
    )
    callback_countries: list[Annotated[str, Field(pattern=r"^\+[1-9]\d{0,3}$")]] = Field(
        default=["+852", "+853", "+886"],
        description="Whose numbers are called back, beside the mainland's",
    )
    area_code: str = Field(
        default="021",
        pattern=r"^0(10|2\d)$",
        description="Of telephone numbers that are written without one",
    )
    contact_days: int = Field(
        default=30, ge=1, le=30, description="When a number to call back is deleted at the latest"
    )

    answer_seconds: int = Field(
        default=60, ge=1, description="Within which a first answer is promised"
    )
    answer_warning_seconds: int = Field(
        default=45, ge=1, description="When supervisors are warned that it nears"
    )
    nobody_on_seconds: int = Field(
        default=60, ge=0, description="How long a queue may wait without anybody able on duty"
    )
    level_low_share: float = Field(
        default=0.8, ge=0, le=1, description="Share of the last answers in time that is too low"
    )
    level_low_answers: int = Field(
        default=20, ge=1, description="How many of the last answers are looked at"
    )

    login_tries: int = Field(default=5, ge=1)
    login_window_seconds: int = Field(default=900, ge=1)
    staff_session_seconds: int = Field(default=12 * 3600, ge=60)
    resident_session_seconds: int = Field(default=4 * 3600, ge=60)
    access_token_seconds: int = Field(default=600, ge=10)
    playback_seconds: int = Field(default=300, ge=10)

    recording_retention_years: int = Field(default=3, ge=1)
    upload_bytes: int = Field(default=20_000_000, ge=1)
    upload_pixels: int = Field(default=50_000_000, ge=1)
    json_bytes: int = Field(default=1_000_000, ge=1)
    event_retention_seconds: int = Field(default=24 * 3600, ge=60)

    @field_validator("priority_seconds")
    @classmethod
    def _whole_priorities(cls, given: dict[str, int]) -> dict[str, int]:
        """Reasons that are left out keep their usual head start."""
        if unknown := sorted(given.keys() - PRIORITY_SECONDS.keys()):
            raise ValueError(f"no such reason: {', '.join(unknown)}")
        if any(seconds < 0 for seconds in given.values()):
            raise ValueError("a head start is 0 seconds or more")
        return PRIORITY_SECONDS | given

    @field_validator("booking_hours")
    @classmethod
    def _times_of_a_day(cls, given: list[str]) -> list[str]:
        hour = r"(?:[01]\d|2[0-3]):[0-5]\d|24:00"
        if any(not re.fullmatch(f"(?:{hour})-(?:{hour})", times) for times in given):
            raise ValueError("times are written as 09:00-11:30")
        ends = [end for times in given for end in times.split("-")]
        if any(end <= start for start, end in pairwise(ends)):
            raise ValueError("times follow one another")
        return given

    @field_validator("blob_url")
    @classmethod
    def _is_a_bucket(cls, url: str | None) -> str | None:
        if url is not None:
            bucket.parse(url)
        return url

    @model_validator(mode="after")
    def _both_blob_keys(self) -> Self:
        if (self.blob_access_key is None) != (self.blob_secret_key is None):
            raise ValueError("blob_access_key and blob_secret_key go together")
        return self

    @property
    def keys(self) -> Path:
        return self.data / "keys"

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def blobs(self) -> Path:
        return self.data / "blobs"

    @property
    def recording_logs(self) -> Path:
        return self.data / "recording-logs"

    @property
    def database(self) -> str:
        """SQLAlchemy URL; the embedded SQLite file unless one is set."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.data.absolute() / 'virtual-window.sqlite3'}"

    @property
    def redis(self) -> str:
        """redis-py URL; the embedded Valkey's socket unless one is set."""
        if self.redis_url is not None:
            return self.redis_url.get_secret_value()
        return f"unix://{self.run.absolute() / 'valkey.sock'}"

    @property
    def origins(self) -> frozenset[str]:
        """Origins from which changes by cookie and sockets are taken."""
        own = {f"http://{name}:{self.port}" for name in ("localhost", "127.0.0.1")}
        if self.public_url is not None:
            own.add(self.public_url.rstrip("/"))
        return frozenset(own | {origin.rstrip("/") for origin in self.allowed_origins})

    @property
    def secure(self) -> bool:
        """Whether pages are reached over TLS, so cookies can be bound to it."""
        return self.public_url is not None and self.public_url.startswith("https://")
