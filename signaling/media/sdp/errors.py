"""Why an offer can't be answered."""

from enum import StrEnum


class Reason(StrEnum):
    """Stable words; the application passes them on to the client."""

    NOT_SDP = "not_sdp"
    TOO_LARGE = "too_large"
    TOO_MANY_SECTIONS = "too_many_sections"
    NO_SECTIONS = "no_sections"
    BUNDLE_MISSING = "bundle_missing"
    RTCP_MUX_MISSING = "rtcp_mux_missing"
    MID_MISSING = "mid_missing"
    MID_TWICE = "mid_twice"
    ICE_CREDENTIALS_MISSING = "ice_credentials_missing"
    ICE_LITE_OFFERED = "ice_lite_offered"
    FINGERPRINT_MISSING = "fingerprint_missing"
    FINGERPRINT_CHANGED = "fingerprint_changed"
    SETUP_UNUSABLE = "setup_unusable"
    NO_VP8 = "no_vp8"
    NO_OPUS = "no_opus"
    SECTION_UNKNOWN = "section_unknown"
    DIRECTION_WRONG = "direction_wrong"
    MEDIA_WRONG = "media_wrong"
    SSRC_MISSING = "ssrc_missing"
    SSRC_TWICE = "ssrc_twice"
    SECTIONS_REORDERED = "sections_reordered"


class SdpUnusable(ValueError):
    """`reason` is for the client; nothing has changed."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
