"""All patches are applied by one import, and those that had something to do are named."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import toolkit_patches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytest_plugins = ["unit.toolkit_fixtures"]

FOLDER = Path(toolkit_patches.__file__).parent
NO_PATCHES = {"__init__", "applied", "importing"}
EACH = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in NO_PATCHES)


@pytest.fixture
def applied() -> Iterator[Callable[[], Any]]:
    """Return a function that imports toolkit_patches.applied anew."""

    def call() -> Any:  # noqa: ANN401
        sys.modules.pop("toolkit_patches.applied", None)
        return import_module("toolkit_patches.applied")

    yield call
    sys.modules.pop("toolkit_patches.applied", None)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("needed", [EACH, EACH[:2], []])
def test_those_that_were_needed_are_named(
    applied: Callable[[], Any], monkeypatch: pytest.MonkeyPatch, needed: list[str]
) -> None:
    asked = []
    for name in EACH:
        patch = import_module(f"toolkit_patches.{name}")

        def apply(name: str = name) -> bool:
            asked.append(name)
            return name in needed

        monkeypatch.setattr(patch, "apply", apply)
    assert sorted(applied().APPLIED) == needed
    assert sorted(asked) == EACH


@pytest.mark.parametrize("name", EACH)
def test_each_names_the_error_that_it_cures(name: str) -> None:
    text = import_module(f"toolkit_patches.{name}").__doc__
    assert text is not None
    assert '"' in text or "sys.path" in text, text
