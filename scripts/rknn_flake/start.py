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
    return guarded(
        name.removesuffix(".cli"), lambda: int(import_module(f"rknn_flake.{name}").main(arguments))
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
