"""First letters of a Chinese name, as the kiosk's letter pad finds it: 居住证 by J, Z, Z."""

import re
from typing import Final

from pypinyin import lazy_pinyin, load_phrases_dict

_RUNS: Final = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")

# Words of the service that the library's own list lacks, and so would read wrongly.
load_phrases_dict({"长三角": [["cháng"], ["sān"], ["jiǎo"]]})


def initials_of(name: str) -> str:
    """The first pinyin letter of each character, lower case; Latin letters and digits stay.

    Punctuation is dropped. Characters with several readings are read by the words they stand in.
    """
    return "".join(
        run if run.isascii() else "".join(syllable[0] for syllable in lazy_pinyin(run))
        for run in _RUNS.findall(name.lower())
    )
