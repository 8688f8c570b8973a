"""Put a sealed folder into an S3-compatible bucket: `python -m recordings.keep FOLDER URL KEY`.

URL as in `recordings.bucket`; KEY is what the files' keys begin with. Credentials come from the
environment: VIRTUAL_WINDOW_BLOB_ACCESS_KEY and _SECRET_KEY, else AWS's own. The manifest goes last:
a key that has one is whole. Run again it sends what is missing. Exit codes: 0 kept; 2 wrong use;
5 the store or the disk failed, come again. An error is one line of JSON on stderr.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import obstore
from obstore.store import S3Store

from recordings.bucket import BucketUrlBad, parse
from recordings.failing import fail
from recordings.manifest import MANIFEST_NAME
from recordings.object_store import failures_told, open_bucket

NICENESS: Final = 10
ACCESS_KEY: Final = "VIRTUAL_WINDOW_BLOB_ACCESS_KEY"
SECRET_KEY: Final = "VIRTUAL_WINDOW_BLOB_SECRET_KEY"  # noqa: S105 - a name, not a secret


async def keep(store: S3Store, folder: Path, key: str) -> None:
    """Send the files of a sealed folder. Raises OSError; what was sent by then stays."""
    for path, size in await asyncio.to_thread(_files, folder):
        target = f"{key}/{path.name}"
        # A file appears whole or not at all, and never changes: of that size it is there.
        if path.name == MANIFEST_NAME or await _size(store, target) != size:
            with failures_told():
                await obstore.put_async(store, target, path)


def _files(folder: Path) -> list[tuple[Path, int]]:
    """With their sizes in bytes, the manifest last."""
    found = sorted(
        (path for path in folder.iterdir() if path.is_file()),
        key=lambda path: (path.name == MANIFEST_NAME, path.name),
    )
    return [(path, path.stat().st_size) for path in found]


async def _size(store: S3Store, key: str) -> int | None:
    try:
        with failures_told():
            return int((await obstore.head_async(store, key))["size"])
    except FileNotFoundError:
        return None


def main(
    arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ
) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m recordings.keep", description="Put a sealed recording into a bucket."
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("url")
    parser.add_argument("key")
    chosen = parser.parse_args(arguments)
    os.nice(NICENESS)
    try:
        store = open_bucket(
            parse(chosen.url),
            access_key=environment.get(ACCESS_KEY),
            secret_key=environment.get(SECRET_KEY),
        )
        asyncio.run(keep(store, chosen.folder, chosen.key))
    except BucketUrlBad as error:
        return fail(2, "bucket_url_bad", error)
    except OSError as error:
        return fail(5, "system_failed", error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
