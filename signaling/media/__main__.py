"""`python -m signaling.media`: a media worker with the settings of the environment."""

import asyncio
import logging

from signaling.media.settings import WorkerSettings
from signaling.media.worker import serve

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    asyncio.run(serve(WorkerSettings.from_environment()))
