"""Keep sources.toml, which pins what the packages download: list, check and fill in its files."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from rknn_flake.console import guarded
from rknn_flake.errors import UsageError
from rknn_flake.pins import sources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NAME = "rknn-pins"
MOST_JOBS = 64
JOBS = 8


class Command(NamedTuple):
    """A module of this package with `arguments(parser)` and `run(options) -> int`, and its help."""

    module: str
    help: str


# A module's own words, noted here so that --help imports none of them.
COMMANDS = {
    "list": Command(
        "listing", "List what sources.toml pins, and how well each file is vouched for."
    ),
    "check": Command(
        "checking", "Hold files against the hash, size and witnesses of sources.toml."
    ),
    "prefetch": Command(
        "prefetching",
        "Fill in missing hashes of files that a witness vouches for; Nix downloads them.",
    ),
    "update": Command(
        "updating",
        "Find newer releases on PyPI and newer tags of the SDK, and bring them into sources.toml.",
    ),
    "add": Command("adding", "Add one more file to sources.toml, with its mirrors and witnesses."),
}


def main(argv: Sequence[str]) -> int:
    """Run the command that `argv` begins with and return its exit status."""
    return guarded(NAME, lambda: _run(argv))


def _run(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog=NAME, description=__doc__)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    wanted = argv[0] if argv else ""
    for name, command in COMMANDS.items():
        own = commands.add_parser(name, help=command.help, description=command.help)
        if name == wanted:
            module = import_module(f"rknn_flake.pins.{command.module}")
            module.arguments(own)
            _common(own)
    if not wanted.startswith("-") and wanted not in COMMANDS:
        parser.error(_unknown(wanted))
    options = parser.parse_args(argv)
    options.file = _file(options.file)
    return int(module.run(options))


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--file",
        metavar="FILE",
        help=f"another sources.toml (default: the checkout's {sources.PLACE})",
    )
    parser.add_argument(
        "--jobs",
        type=_jobs,
        default=JOBS,
        metavar="N",
        help=f"how many downloads at a time, 1 to {MOST_JOBS} (default: {JOBS})",
    )


def _jobs(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= MOST_JOBS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {MOST_JOBS}")
    return int(text)


def _unknown(wanted: str) -> str:
    if not wanted:
        return f"name a command: {', '.join(COMMANDS)}"
    # Ten milliseconds that only a slip pays.
    near = import_module("difflib").get_close_matches(wanted, COMMANDS, 1)
    meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(COMMANDS)}"
    return f"no command {wanted!r}; {meant}"


def _file(named: str | None) -> Path:
    try:
        return sources.find(named)
    except OSError as error:
        where = error.filename or "the current folder"
        raise UsageError(f"{where}: {error.strerror}; name a sources.toml in --file") from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
