"""`supervised.py DATA PORT`: the real supervisor over two small processes in the parts' place.

Run by the supervisor's tests, that kill it. The app's place answers /readyz; a worker's only waits.
FAIL (environment) names the word whose process ends at once with exit code 7. STUBBORN makes both
ignore SIGTERM.
"""

import os
import sys
from pathlib import Path

from server.infrastructure.settings import Settings
from server.supervisor.errors import SupervisorError
from server.supervisor.service import serve

PART = """
import http.server, os, signal, sys
word, port = sys.argv[1], int(os.environ["VIRTUAL_WINDOW_PORT"])
if word == os.environ.get("FAIL"):
    sys.exit(7)
if os.environ.get("STUBBORN"):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if word in ("demo", "migrate"):
    sys.exit(0)
print("part", word, os.getpid(), os.environ["VIRTUAL_WINDOW_REDIS_URL"], flush=True)
if word == "media-worker":
    signal.pause()
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        alone = os.environ.get("FAIL") == "media-worker"  # as the app without a worker says
        self.send_response(503 if alone else 200); self.end_headers()
    def log_message(self, *arguments):
        return
http.server.HTTPServer(("127.0.0.1", port), Answer).serve_forever()
"""


def part(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-c", PART, *words)


def main() -> None:
    settings = Settings(data=Path(sys.argv[1]), port=int(sys.argv[2]), media_workers=2, demo=True)
    try:
        serve(
            settings,
            say=lambda text: print(text, flush=True),
            note=lambda text: print("note:", text, flush=True),
            command=part,
        )
    except SupervisorError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    os.chdir("/")
    main()
