"""SELECTION on a command line, for every command that takes one."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from rknn_flake.pins import selection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rknn_flake.pins.entries import Entry
    from rknn_flake.pins.sources import Sources


def argument(parser: argparse.ArgumentParser) -> None:
    """Add SELECTION… to a command, with what may be written there below its help."""
    parser.add_argument(
        "selection", nargs="*", metavar="SELECTION", help="which files (default: all); see below"
    )
    parser.epilog = selection.HELP
    parser.formatter_class = argparse.RawDescriptionHelpFormatter


def chosen(known: Sources, words: Sequence[str]) -> tuple[Entry, ...]:
    """Return the entries that fit, in the file's order; raise UsageError where none does."""
    return selection.chosen(known.entries, words)
