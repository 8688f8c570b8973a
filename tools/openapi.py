"""Prints the API's documents, drawn from the code; no server is started.

`python -m tools.openapi` prints the OpenAPI document; `python -m tools.openapi topics` what topics
tell, as the schemas of an OpenAPI document without operations, for generators of types.
"""

import json
import sys
from typing import Any

import server.cases.events as case_events
from server import api
from server.sessions.lookup import SessionDirectory
from server.topics import all_topics
from signaling.gateway import asyncapi


def topics() -> dict[str, Any]:
    kinds = all_topics(case_events.topic_kind(SessionDirectory())).kinds
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{api.TITLE}: topics", "version": api.VERSION},
        "paths": {},
        "components": {"schemas": asyncapi.schemas(kinds)},
    }


def main(arguments: list[str]) -> int:
    document = topics() if arguments == ["topics"] else api.document(api.declared())
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
