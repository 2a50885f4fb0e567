"""Say whether an overlay fits a device tree, or whether what came of them describes the NPU.

Ends with one line: status 0 and what was checked, 1 and the first check that failed, or 2 for wrong
usage. Needs Python only.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from check_device_tree.errors import TreeError
from check_device_tree.fits import check_fits
from check_device_tree.npu import Expected, check
from check_device_tree.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Sequence


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one line, like every other."""

    def error(self, message: str) -> NoReturn:
        """Print the line and exit with status 2."""
        self.exit(2, f"{self.prog}: {message} (--help lists the options)\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Check what `argv` names; 0 all good, 1 a check failed, 2 wrong usage."""
    parser = Parser(prog="check_device_tree", description=__doc__, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    fits = commands.add_parser("fits", help="whether fdtoverlay can apply OVERLAY to TREE")
    fits.add_argument("tree", type=Path)
    fits.add_argument("overlay", type=Path)
    merged = commands.add_parser("merged", help="whether TREE describes the NPU for rknpu")
    merged.add_argument("tree", type=Path)
    merged.add_argument("--compatible", required=True, help="the board's, in the tree's root")
    merged.add_argument("--supply", required=True, metavar="LABEL")
    merged.add_argument("--mem-supply", required=True, metavar="LABEL")
    merged.add_argument("--clock-rate", required=True, type=int, metavar="HZ")
    options = parser.parse_args(argv)
    try:
        tree = Tree.read(options.tree)
        if options.command == "fits":
            done = check_fits(tree, Tree.read(options.overlay))
        else:
            wanted = (options.compatible, options.supply, options.mem_supply, options.clock_rate)
            done = check(tree, Expected(*wanted))
    except TreeError as error:
        print(f"check_device_tree: {error}", file=sys.stderr)
        return 1
    print(f"check_device_tree: {options.tree}: {done}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
