"""Many pages in a process of their own: `python -m benchmarks.queueing.crowd`.

Told by lines of JSON on standard input, answered by one line each on standard output:
`{"open": [[cookie, topics], ...]}`, `{"report": true}` (what was heard since the last one),
`{"hang": index}` (a page that reads no more). The end of the input ends it.
"""

import asyncio
import json
import sys
import time
from typing import Any, Final

import uvloop

from benchmarks.queueing.frames import PageSocket

AT_ONCE: Final = 20
STAMP: Final = b'"sent_ns":"'
STAMP_DIGITS: Final = 20


class Crowd:
    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._pages: list[PageSocket] = []
        self._latencies_ns: list[int] = []

    def _heard(self, event: bytes) -> None:
        """Keep how long an event took that says when it was sent, by the machine's one clock."""
        at = event.find(STAMP)
        if at >= 0:
            start = at + len(STAMP)
            sent = int(event[start : start + STAMP_DIGITS])
            self._latencies_ns.append(time.monotonic_ns() - sent)

    async def open(self, pages: list[tuple[str, list[str]]]) -> dict[str, Any]:
        """Let them come, AT_ONCE at a time; how many came, and whether anything is compressed."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def come(cookie: str, topics: list[str]) -> PageSocket:
            async with gate:
                loop = asyncio.get_running_loop()
                _, page = await loop.create_connection(
                    lambda: PageSocket(cookie, topics, self._heard), self._host, self._port
                )
                await page.ready
                return page

        self._pages += await asyncio.gather(*(come(cookie, topics) for cookie, topics in pages))
        compressed = any(page.compressed for page in self._pages)
        return {"open": len(self._pages), "compressed": compressed}

    async def answer(self, order: dict[str, Any]) -> dict[str, Any]:
        if "open" in order:
            return await self.open(order["open"])
        if "hang" in order:
            self._pages[order["hang"]].stop_reading()
            return {"hangs": order["hang"]}
        heard, self._latencies_ns = self._latencies_ns, []
        left = sum(1 for page in self._pages if page.gone.done())
        return {"latencies_ms": [round(one / 1e6, 3) for one in heard], "left": left}

    def close(self) -> None:
        for page in self._pages:
            page.close()


async def main(host: str, port: int) -> None:
    loop = asyncio.get_running_loop()
    orders = asyncio.StreamReader(limit=2**26)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    crowd = Crowd(host, port)
    try:
        while line := await orders.readline():
            print(json.dumps(await crowd.answer(json.loads(line))), flush=True)
    finally:
        crowd.close()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2])))
