"""Opens an S3-compatible bucket, and says of its failures what the callers can act on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from recordings.bucket import Bucket

if TYPE_CHECKING:
    from obstore.store import S3Config

REQUEST_SECONDS: Final = 60.0  # one request moves a few megabytes at most
CONNECT_SECONDS: Final = 5.0
NO_BUCKET: Final = "NoSuchBucket"  # the error's code in S3's own answers; the client has no class
RETRIES: Final = 4
RETRY_SECONDS: Final = 20.0


class ObjectStoreRefuses(OSError):
    """The store knows us not, or lets us not: only an operator can mend that."""

    def __init__(self) -> None:
        super().__init__(
            "The object store refuses our credentials; see VIRTUAL_WINDOW_BLOB_ACCESS_KEY."
        )


class BucketMissing(OSError):
    """There is no such bucket. It is the operator who makes it."""

    def __init__(self) -> None:
        super().__init__(
            "The object store has no bucket of the name in VIRTUAL_WINDOW_BLOB_URL; make it first."
        )


class ObjectStoreAway(OSError):
    """The store can't be reached, or fails: it may be asked again later."""

    def __init__(self) -> None:
        super().__init__("The object store does not answer as it should.")


def open_bucket(
    bucket: Bucket, *, access_key: str | None = None, secret_key: str | None = None
) -> S3Store:
    """A client; connects on first use.

    Without keys the environment says them (AWS_ACCESS_KEY_ID and so on, or the machine's role).
    """
    config: S3Config = {
        "region": bucket.region,
        "virtual_hosted_style_request": bucket.virtual_hosted,
        "checksum_algorithm": "SHA256",  # the store checks what it was sent
    }
    if bucket.requests_to is not None:
        config["endpoint"] = bucket.requests_to
    if access_key is not None and secret_key is not None:
        config["access_key_id"] = access_key
        config["secret_access_key"] = secret_key
    return S3Store(
        bucket.name,
        prefix=bucket.prefix or None,
        config=config,
        client_options={
            "allow_http": bucket.plain_http,
            "timeout": timedelta(seconds=REQUEST_SECONDS),
            "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
        },
        retry_config={"max_retries": RETRIES, "retry_timeout": timedelta(seconds=RETRY_SECONDS)},
    )


@contextmanager
def failures_told() -> Iterator[None]:
    """Within it the client's errors are OSErrors: FileNotFoundError for what is absent,
    BucketMissing, ObjectStoreRefuses, ObjectStoreAway. The client's own texts hold addresses, and
    stay inside."""
    try:
        yield
    except FileNotFoundError as error:
        if NO_BUCKET in str(error):
            raise BucketMissing from None
        raise
    except (PermissionDeniedError, UnauthenticatedError, PermissionError):
        raise ObjectStoreRefuses from None
    except BaseError as error:
        if NO_BUCKET in str(error):
            raise BucketMissing from None
        raise ObjectStoreAway from None
