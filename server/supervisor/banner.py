"""What a person reads at the terminal once everything serves."""

from server.demo.people import PASSWORD, people
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


def accounts() -> str:
    """Who can log in to the demo, and how."""
    rows = [(one["username"], one["role"], one["display_name"]["zh-CN"]) for one in people()]
    lines = [f"  {name:<16} {role:<14} {title}" for name, role, title in rows]
    return "\n".join([f"Demo accounts, password {PASSWORD} for all:", *lines])
