"""`python -m signaling.media`: a media worker with the settings of the environment."""

import logging

from server.infrastructure.settings import Settings
from signaling.media.settings import WorkerSettings
from signaling.media.worker import run


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    settings = Settings()
    run(
        WorkerSettings(
            data=settings.data,
            redis_url=settings.redis,
            media_host=settings.media_host,
            media_port=settings.media_port,
            rpc_host=settings.media_rpc_host,
        )
    )


if __name__ == "__main__":
    main()
