"""The URL of a bucket says all of it, or is refused with the reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.bucket import Bucket, BucketUrlBad, parse


def test_amazon_needs_no_endpoint() -> None:
    assert parse("s3://papers") == Bucket("papers")
    assert parse("s3://papers/a/b/?region=cn-north-1") == Bucket(
        "papers", "a/b", region="cn-north-1"
    )


def test_other_stores_have_an_endpoint() -> None:
    found = parse("s3://papers/putuo?endpoint=http://10.0.0.7:9000/")
    assert found == Bucket("papers", "putuo", "http://10.0.0.7:9000")
    assert found.plain_http
    assert found.requests_to == "http://10.0.0.7:9000"


def test_the_bucket_can_be_a_part_of_the_host_name() -> None:
    url = "s3://papers?endpoint=https://oss-cn-shanghai.aliyuncs.com&style=virtual"
    found = parse(url)
    assert found.requests_to == "https://papers.oss-cn-shanghai.aliyuncs.com"
    assert not found.plain_http


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "must be s3"),
        ("file:///tmp", "must be s3"),
        ("s3://papers#x", "must be s3"),
        ("s3://", "name is none"),
        ("s3://Papers", "name is none"),
        ("s3://key:secret@papers", "name is none"),
        ("s3://papers/../other", "plain names"),
        ("s3://papers/a//b", "plain names"),
        ("s3://papers/" + "x" * 300, "plain names"),
        ("s3://papers?acl=public", "unknown options: acl"),
        ("s3://papers?region=a&region=b", "stands twice"),
        ("s3://papers?region=A_B", "region is none"),
        ("s3://papers?style=other", "path or virtual"),
        ("s3://papers?endpoint=ftp://host", "endpoint must be"),
        ("s3://papers?endpoint=https://key:secret@host", "endpoint must be"),
        ("s3://papers?endpoint=https://host/path", "endpoint must be"),
        ("s3://papers?endpoint=https://host:99999", "endpoint must be"),
        ("s3://papers?endpoint", "no URL"),
        ("s3://[papers", "no URL"),
    ],
)
def test_what_is_no_bucket_is_refused(url: str, reason: str) -> None:
    with pytest.raises(BucketUrlBad, match=reason) as told:
        parse(url)
    assert "secret" not in str(told.value)


@given(st.text(max_size=80))
def test_any_text_is_a_bucket_or_refused(text: str) -> None:
    for url in (text, f"s3://{text}", f"s3://papers?endpoint={text}"):
        try:
            found = parse(url)
        except BucketUrlBad:
            continue
        assert found.name
        assert ".." not in found.prefix
