"""Packs the built web pages into the wheel; there is no wheel without them."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGES = ("kiosk_client/web/dist", "agent_console/web/dist", "server/api_docs/web/dist")


class PagesHook(BuildHookInterface[Any]):
    """Refuses to build before `npm run build`; an editable install serves the work tree's pages."""

    PLUGIN_NAME = "pages"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the pages to what is packed. Raises FileNotFoundError when they are not built."""
        if version == "editable":
            return
        for pages in PAGES:
            folder = Path(self.root) / pages
            if not (folder / "index.html").is_file():
                raise FileNotFoundError(f"{pages} has no index.html: run `npm run build` first")
            build_data["force_include"][str(folder)] = pages
