"""How one worker runs."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """data: the installation's folder. media_host: the address that clients send media to.
    media_port, rpc_port: 0 takes a free one. redis_url: as redis-py has it.
    """

    data: Path
    redis_url: str
    media_host: str = "127.0.0.1"
    media_port: int = 0
    rpc_host: str = "127.0.0.1"
    rpc_port: int = 0
    worker_id: str = field(default_factory=lambda: f"media-{secrets.token_hex(4)}")

    @property
    def public_key(self) -> Path:
        """Of the application: what it signs its calls with can be checked by this."""
        return self.data / "keys" / "rpc.pub.pem"

    @property
    def recording_logs(self) -> Path:
        return self.data / "recording-logs"

    @property
    def sealed_recordings(self) -> Path:
        return self.data / "blobs" / "recordings"
