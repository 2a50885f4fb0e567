"""Start a command of this package: `python -m rknn_flake.start demo`.

Its imports take half a second, and Ctrl-C then is one line too.
"""

from __future__ import annotations

import sys
from importlib import import_module

from rknn_flake.console import guarded


def main(argv: list[str]) -> int:
    """Run rknn_flake.NAME's main on the other arguments and return its status."""
    name, *arguments = argv

    def work() -> int:
        return int(import_module(f"rknn_flake.{name}").main(arguments))

    # A package with a cli is a command of its own: pins.cli is rknn-pins.
    command, _, cli = name.partition(".")
    return guarded(f"rknn-{command}" if cli else command, work)


def pins() -> int:
    """Run rknn-pins, as an installed program."""
    return main(["pins.cli", *sys.argv[1:]])


def reproduce() -> int:
    """Run rknn-reproduce, as an installed program."""
    return main(["reproduce.cli", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
