"""Whatever the source says is wrong has a sentence in each language, with the same parameters."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import server
from server.infrastructure import errors
from server.infrastructure.http.problems import LANGUAGES, texts

ROOT = Path(server.__file__).parents[1]
SOURCES = [
    path
    for folder in ("server", "signaling", "recordings")
    for path in sorted((ROOT / folder).rglob("*.py"))
]


def problem_classes(trees: dict[Path, ast.Module]) -> set[str]:
    """Names of all subclasses of Problem, by the names of their bases."""
    found = {"Problem"}
    while True:
        new = {
            node.name
            for tree in trees.values()
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
            and any(_last_name(base) in found for base in node.bases)
        }
        if new <= found:
            return found
        found |= new


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def codes_in(tree: ast.Module, classes: set[str]) -> Iterator[tuple[str, int]]:
    """First arguments of Problem(...) calls, and of super().__init__ in their bodies."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name in classes:
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and _is_super_init(call.func):
                    yield from _code_of(call)
        elif isinstance(node, ast.Call) and _last_name(node.func) in classes - OWN_ARGUMENTS:
            yield from _code_of(node)


def _is_super_init(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr == "__init__"


def _code_of(call: ast.Call) -> Iterator[tuple[str, int]]:
    if call.args and isinstance(call.args[0], ast.Constant):
        value = call.args[0].value
        if isinstance(value, str):
            yield value, call.lineno


def classes_with_own_arguments(trees: dict[Path, ast.Module], classes: set[str]) -> set[str]:
    """Those whose constructor takes something else than the code."""
    return {
        node.name
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name in classes
        for part in node.body
        if isinstance(part, ast.FunctionDef) and part.name == "__init__"
        if "code" not in [argument.arg for argument in part.args.args]
    }


TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}
CLASSES = problem_classes(TREES)
OWN_ARGUMENTS = classes_with_own_arguments(TREES, CLASSES)
USED = {
    code: f"{path.relative_to(ROOT)}:{line}"
    for path, tree in TREES.items()
    for code, line in codes_in(tree, CLASSES)
}


def test_the_walk_finds_what_is_known_to_be_there() -> None:
    assert {"offer_gone", "undo_over", "login_wrong", "sdp_unusable", "too_fast"} <= set(USED)
    assert {"Raced", "OfferGone", "LoginLocked", "MediaUnavailable"} <= CLASSES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_sentence(language: str) -> None:
    missing = {code: where for code, where in USED.items() if code not in texts(language)}
    assert missing == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_status_has_a_title(language: str) -> None:
    statuses = {500} | {
        value.status
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, errors.Problem)
    }
    assert {f"status_{status}" for status in statuses} <= set(texts(language))


def places(text: str) -> set[str | Any]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_say_the_same_codes_with_the_same_parameters() -> None:
    chinese, english = texts("zh-CN"), texts("en")
    assert list(chinese) == list(english) == sorted(english)
    different = [code for code in english if places(chinese[code]) != places(english[code])]
    assert different == []
