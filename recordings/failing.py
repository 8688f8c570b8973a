"""How a program of the recorder says that it has failed."""

import json
import sys


def fail(exit_code: int, code: str, error: Exception) -> int:
    """Write one line of JSON for whoever started it; gives `exit_code`."""
    sys.stderr.write(json.dumps({"error": code, "detail": str(error)}, ensure_ascii=False) + "\n")
    return exit_code
