"""What a person reads at the terminal once everything serves."""

from server.infrastructure.settings import Settings


def addresses(settings: Settings) -> str:
    """The pages' addresses, and where the data lies."""
    base = settings.public_url or f"http://localhost:{settings.port}"
    base = base.rstrip("/")
    rows = [
        ("Kiosk page", f"{base}/kiosk/"),
        ("Agents' console", f"{base}/console/"),
        ("API", f"{base}/docs"),
        ("Data folder", str(settings.data)),
    ]
    lines = [f"  {name:<16} {value}" for name, value in rows]
    return "\n".join(["Remote Virtual Window is ready.", *lines])
