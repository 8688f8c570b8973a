"""Every reason of a standing has a sentence in each language, with the same parameters."""

import string
from typing import Final

import pytest

from server.infrastructure.http.problems import LANGUAGES
from server.texts import sentences
from server.tickets.priority import PriorityReason
from server.tickets.standing.reasons import Why

# How a moment is told, what joins two reasons, and first come where it holds for all or for none.
OTHERS: Final = {"between_reasons", "first_come_all", "first_come_none", "moment"}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_and_every_reason_has_words_and_nothing_else_has(language: str) -> None:
    reasons = {f"reason_{reason}" for reason in PriorityReason}
    assert set(sentences("standing", language)) == {*Why, *reasons, *OTHERS}


def test_both_languages_say_the_same_with_the_same_parameters() -> None:
    chinese, english = (sentences("standing", language) for language in ("zh-CN", "en"))
    assert list(chinese) == list(english) == sorted(english)
    assert [code for code in english if places(chinese[code]) != places(english[code])] == []
