"""What browser tests lean on: fake cameras show their clips, fake microphones hear their tones."""

import pytest

from tests.support.people import People

pytestmark = pytest.mark.browser

MIRROR = """<!doctype html><video data-testid="remote-video" data-role="self" autoplay></video>
<script>
navigator.mediaDevices.getUserMedia({audio: true, video: true})
  .then(stream => { document.querySelector('video').srcObject = stream })
</script>"""


@pytest.mark.parametrize("paper", [False, True])
async def test_a_person_is_known_by_colour_and_tone(people: People, paper: bool) -> None:
    person = await people.come("lin", colour="blue", hertz=660, paper=paper)
    await person.page.route(
        "http://localhost:9/", lambda route: route.fulfill(body=MIRROR, content_type="text/html")
    )
    await person.page.goto("http://localhost:9/")

    await person.sees("self", "blue")
    await person.hears(660)


async def test_complaints_of_a_page_are_kept(people: People) -> None:
    person = await people.come("wu", colour="red", hertz=440)
    person.expect_error("boom|missing")

    await person.page.evaluate("console.error('boom'); setTimeout(() => { missing() })")
    await person.page.wait_for_timeout(100)

    assert len(person.errors) == 2
    assert person.unexpected_errors() == []
