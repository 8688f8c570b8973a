"""A place of an S3-compatible store, as one URL says it. Pure.

    s3://papers/putuo?endpoint=https://objects.example.org:9000&region=cn-east-1
    s3://papers?endpoint=https://oss-cn-shanghai.aliyuncs.com&region=oss-cn-shanghai&style=virtual

Without an endpoint it is Amazon's. Credentials never stand in it.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit, urlunsplit

SCHEME: Final = "s3"
DEFAULT_REGION: Final = "us-east-1"  # what stores without regions expect to be signed for
PREFIX_MAX: Final = 200
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PART: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
_REGION: Final = re.compile(r"[a-z0-9-]{1,40}")
_KNOWN: Final = frozenset({"endpoint", "region", "style"})


class BucketUrlBad(ValueError):
    """Not an address of a bucket; the text says why, and repeats nothing that may be secret."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """prefix: plain names between slashes, or empty. endpoint: without the bucket's name."""

    name: str
    prefix: str = ""
    endpoint: str | None = None
    region: str = DEFAULT_REGION
    virtual_hosted: bool = False

    @property
    def plain_http(self) -> bool:
        return self.endpoint is not None and self.endpoint.startswith("http://")

    @property
    def requests_to(self) -> str | None:
        """Where requests go: with `virtual_hosted` the bucket's name is the host's first part."""
        if self.endpoint is None or not self.virtual_hosted:
            return self.endpoint
        parts = urlsplit(self.endpoint)
        return urlunsplit(parts._replace(netloc=f"{self.name}.{parts.netloc}"))


def parse(url: str) -> Bucket:
    """The place that `url` names. Raises BucketUrlBad."""
    try:
        parts = urlsplit(url)
        options = parse_qs(parts.query, strict_parsing=bool(parts.query))
    except ValueError as error:
        raise BucketUrlBad("it is no URL") from error
    if parts.scheme != SCHEME or parts.fragment:
        raise BucketUrlBad("it must be s3://BUCKET/PREFIX?endpoint=...&region=...")
    if not _NAME.fullmatch(parts.netloc):
        raise BucketUrlBad("the bucket's name is none; credentials are settings of their own")
    prefix = parts.path.strip("/")
    if len(prefix) > PREFIX_MAX or not all(
        map(_PART.fullmatch, prefix.split("/") if prefix else ())
    ):
        raise BucketUrlBad("the prefix must be plain names between slashes")
    if unknown := options.keys() - _KNOWN:
        raise BucketUrlBad(f"unknown options: {', '.join(sorted(unknown))}")
    if any(len(values) > 1 for values in options.values()):
        raise BucketUrlBad("an option stands twice")
    region = options.get("region", [DEFAULT_REGION])[0]
    if not _REGION.fullmatch(region):
        raise BucketUrlBad("the region is none")
    style = options.get("style", ["path"])[0]
    if style not in ("path", "virtual"):
        raise BucketUrlBad("the style is path or virtual")
    endpoint = _endpoint(options["endpoint"][0]) if "endpoint" in options else None
    return Bucket(parts.netloc, prefix, endpoint, region, style == "virtual")


def _endpoint(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or "@" in parts.netloc or parts.path.strip("/") or parts.query or parts.fragment:
        raise BucketUrlBad("the endpoint must be http(s)://HOST:PORT, without credentials")
    return f"{parts.scheme}://{parts.netloc}"
