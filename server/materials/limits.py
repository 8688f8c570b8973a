"""Figures that the decoder's process and the application both know."""

from typing import Final

# Pixels of the longer side: enough for a page of A4 at 256 pixels an inch, and for a list.
PAGE_SIDE: Final = 3_000
THUMBNAIL_SIDE: Final = 480
PAGE_QUALITY: Final = 90
THUMBNAIL_QUALITY: Final = 80

EXIT_UNREADABLE: Final = 2
EXIT_NOT_CONFINED: Final = 4
