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
# Options of pytest with which no test is run, and those whose value may be the name of a file.
OUTSIDE_TESTS = {"-h", "--help", "-V", "--version", "--collect-only", "--co", "--markers"}
WITH_VALUE = {"--ignore", "--deselect", "-c", "-k", "-m", "-o", "-p", "--junitxml", "--rootdir"}
NEED_MODELS = {"unit", "build", "board"}

# pytest's 4 is wrong usage; its 2 is also a failed collection, 3 and 5 mean nothing was shown.
STATUS = {0: 0, 4: 2}


class _Interrupted:
    """Tells Ctrl-C from a collection error: pytest returns 2 for both."""

    seen = False

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Note it; pytest calls this, also with its own exception for a collection that failed."""
        self.seen = excinfo.type is KeyboardInterrupt


def chosen_folders(arguments: list[str]) -> set[str]:
    """Return the folders of tests/ that the paths among `arguments` lie in; without any, all."""
    if OUTSIDE_TESTS & set(arguments):
        return set()
    folders = set()
    for path in _paths(arguments):
        inside = path.relative_to(TESTS).parts
        if not inside or inside[0] not in NEEDS:
            return set(NEEDS)
        folders.add(inside[0])
    return folders or set(NEEDS)


def _paths(arguments: list[str]) -> list[Path]:
    """Return the words that name something below tests/ and are not an option's value."""
    before = ["", *arguments]
    files = [
        Path(word.partition("::")[0]).resolve()
        for word, option in zip(arguments, before, strict=False)
        if not word.startswith("-") and option not in WITH_VALUE
    ]
    return [file for file in files if file.exists() and file.is_relative_to(TESTS)]


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
        # In the cache, not in the checkout: with sudo they would be root's.
        os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(cache_dir() / "hypothesis")
        own = ["-c", str(PROJECT / "pyproject.toml"), "-o", f"cache_dir={cache_dir() / 'pytest'}"]
        status = pytest.main([*own, *argv, *everything], plugins=[interrupted])
        if folders == set(NEEDS) and not interrupted.seen:
            hostsetup.finished()
    if interrupted.seen:
        say("test: interrupted")
        return INTERRUPTED
    return STATUS.get(int(status), 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
