"""What may be wrong with a paper that is sent, or with the wish for one."""

from server.infrastructure.errors import (
    Conflict,
    TooLarge,
    Unavailable,
    Unprocessable,
    UnsupportedMedia,
)


class ImageTypeUnknown(UnsupportedMedia):
    """By its first bytes it is no JPEG and no PNG, whatever its name says."""

    def __init__(self) -> None:
        super().__init__("image_type_unknown")


class ImageUnreadable(Unprocessable):
    """It begins like an image, but can't be decoded within the limits of memory and time."""

    def __init__(self) -> None:
        super().__init__("image_unreadable")


class ImageTooLarge(TooLarge):
    """More bytes, or more pixels, than are taken. `limit` in that `unit`."""

    def __init__(self, *, limit: int, unit: str) -> None:
        super().__init__("image_too_large", limit=limit, unit=unit)


class DecoderBusy(Unavailable):
    """More uploads wait for decoding than is good for anybody."""

    def __init__(self) -> None:
        super().__init__("decoder_busy")


class DecoderUnavailable(Unavailable):
    """This machine can't decode safely: the process could not be confined, or not be started."""

    def __init__(self) -> None:
        super().__init__("decoder_unavailable")


class MaterialUnknown(Unprocessable):
    """The item asks for no such paper."""

    def __init__(self, material_code: str) -> None:
        super().__init__("material_unknown", material_code=material_code)


class TooManyMaterials(Conflict):
    def __init__(self, limit: int) -> None:
        super().__init__("too_many_materials", limit=limit)


class SessionClosed(Conflict):
    """The session is over, or the agent's part in it completed: its papers stay as they are."""

    def __init__(self) -> None:
        super().__init__("session_closed")
