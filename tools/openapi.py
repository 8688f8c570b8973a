"""Prints the OpenAPI document, drawn from the declared routes; no server is started."""

import json
import sys

from server import api


def main() -> int:
    json.dump(api.document(api.declared()), sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
