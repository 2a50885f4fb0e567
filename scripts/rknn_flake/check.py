"""scripts/test: set up what the chosen tests need, then run them with pytest's own arguments."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from rknn_flake import hostsetup, models
from rknn_flake.console import INTERRUPTED, guarded, say
from rknn_flake.lock import exclusive
from rknn_flake.paths import PROJECT, cache_dir

TESTS = PROJECT / "tests"
# What each folder of tests/ needs of the machine (keys of hostsetup.NEEDS).
NEEDS = {
    "unit": ("test", "build"),
    "eval": ("nix",),
    "build": ("nix", "build", "test"),
    "board": ("nix", "build", "board"),
    "style": ("test",),
}
NEED_MODELS = {"unit", "build", "board"}


class _Interrupted:
    """Tells Ctrl-C from a collection error: pytest returns 2 for both."""

    seen = False

    def pytest_keyboard_interrupt(self) -> None:
        """Note it; pytest calls this."""
        self.seen = True


def chosen_folders(arguments: list[str]) -> set[str]:
    """Return the folders of tests/ that the paths among `arguments` lie in; all, if one is outside.

    No path at all means every folder too.
    """
    folders = set()
    for path in _paths(arguments):
        inside = path.relative_to(TESTS).parts if path.is_relative_to(TESTS) else ()
        if not inside or inside[0] not in NEEDS:
            return set(NEEDS)
        folders.add(inside[0])
    return folders or set(NEEDS)


def _paths(arguments: list[str]) -> list[Path]:
    files = (word.partition("::")[0] for word in arguments if not word.startswith("-"))
    return [Path(file).resolve() for file in files if Path(file).exists()]


def main(argv: list[str]) -> int:
    """Run pytest with `argv` (every test, if it names none) and return its status."""
    return guarded("test", lambda: _run(argv))


def _run(argv: list[str]) -> int:
    folders = chosen_folders(argv)
    with exclusive(cache_dir() / "run.lock", "scripts/test"):
        hostsetup.check_disk()
        hostsetup.ensure(dict.fromkeys(need for name in sorted(folders) for need in NEEDS[name]))
        if folders & NEED_MODELS:
            os.environ["RKNN_MODELS"] = str(models.prepare())
        everything = [] if _paths(argv) else [str(TESTS)]
        interrupted = _Interrupted()
        status = pytest.main(
            ["-c", str(PROJECT / "pyproject.toml"), *argv, *everything], plugins=[interrupted]
        )
    if interrupted.seen:
        say("test: interrupted")
        return INTERRUPTED
    return int(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
