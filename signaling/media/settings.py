"""How one worker runs: its part of the installation's settings."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from signaling.media.shelves import BucketShelf, FolderShelf, Shelf

RECORDED_KEYFRAME_S: Final = 10.0


class Installation(Protocol):
    """What a worker reads of the settings of the whole."""

    @property
    def data(self) -> Path: ...
    @property
    def redis(self) -> str: ...
    @property
    def media_host(self) -> str: ...
    @property
    def media_port(self) -> int: ...
    @property
    def media_rpc_host(self) -> str: ...
    @property
    def blob_url(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """name: of the worker's place on its machine, the same after every start; ids have it in front.
    data: the installation's folder. media_host: the address that clients send media to.
    media_port, rpc_port: 0 takes a free one. redis_url: as redis-py has it.
    recorded_keyframe_s: a recorded picture gets a keyframe about so often, to be sought by.
    blob_url: of the bucket that recordings go to; None: they stay below `data`.
    """

    data: Path
    redis_url: str
    name: str
    media_host: str = "127.0.0.1"
    media_port: int = 0
    rpc_host: str = "127.0.0.1"
    rpc_port: int = 0
    recorded_keyframe_s: float = RECORDED_KEYFRAME_S
    blob_url: str | None = None

    @classmethod
    def of(cls, installation: Installation, index: int) -> "WorkerSettings":
        """For the worker of that number on this machine; a fixed port is the first worker's."""
        first_port = installation.media_port
        return cls(
            data=installation.data.absolute(),
            redis_url=installation.redis,
            name=f"{socket.gethostname()}-{index}",
            media_host=installation.media_host,
            media_port=first_port + index if first_port else 0,
            rpc_host=installation.media_rpc_host,
            blob_url=installation.blob_url,
        )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "WorkerSettings":
        """As `VIRTUAL_WINDOW_...` say, with the installation's defaults."""
        get = environment.get
        data = Path(get("VIRTUAL_WINDOW_DATA", "data")).absolute()
        return cls(
            data=data,
            redis_url=get("VIRTUAL_WINDOW_REDIS_URL", f"unix://{data}/run/valkey.sock"),
            name=get("VIRTUAL_WINDOW_WORKER_NAME", f"{socket.gethostname()}-0"),
            media_host=get("VIRTUAL_WINDOW_MEDIA_HOST", "127.0.0.1"),
            media_port=int(get("VIRTUAL_WINDOW_MEDIA_PORT", "0")),
            rpc_host=get("VIRTUAL_WINDOW_MEDIA_RPC_HOST", "127.0.0.1"),
            recorded_keyframe_s=float(
                get("VIRTUAL_WINDOW_MEDIA_RECORDED_KEYFRAME_S", RECORDED_KEYFRAME_S)
            ),
            blob_url=get("VIRTUAL_WINDOW_BLOB_URL"),
        )

    @property
    def public_key(self) -> Path:
        """Of the application: what it signs its calls with can be checked by this."""
        return self.data / "keys" / "rpc.pub.pem"

    @property
    def recording_logs(self) -> Path:
        return self.data / "recording-logs"

    def shelf(self) -> Shelf:
        """Where sealed recordings are kept."""
        if self.blob_url is None:
            return FolderShelf(self.data / "blobs")
        return BucketShelf(self.blob_url, self.data / "sealed-recordings")
