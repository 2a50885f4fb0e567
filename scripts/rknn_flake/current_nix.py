"""A current Nix from Debian's stable release, to run beside this machine's own, not installed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rknn_flake import debian, own_loader
from rknn_flake.console import guarded
from rknn_flake.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SUITE = "trixie"
WRAPPER = "bin/nix"

# As a build hook it would start itself without its loader: "nix: error while loading shared
# libraries". It evaluates and builds nothing (max-jobs): a current Nix binds the machine's
# certificates to /etc/ssl/certs/ca-certificates.crt of a fetch, and where the sandbox has /etc/ssl
# from outside, root empties the machine's file by that.
OPTIONS = ' \\\n  --option max-jobs 0 --option build-hook ""'


def program() -> Path:
    """Return the program `nix`, fetched if need be; raise MissingToolError where that fails."""
    architecture = debian.native()
    request = debian.Request(
        "nix",
        ("nix-bin",),
        # What nix-bin depends on for its Perl scripts and its daemon's user.
        only=r"(?!(perl|debconf|passwd|login|libpam|libdb|libgdbm|curl$|.*-perl$|.*-static$)).*",
        keep=("usr/bin/nix", "usr/lib/*-linux-gnu*/*.so*"),
        finish=_wrap,
        suite=SUITE,
        architecture=architecture,
    )
    return debian.tree(request) / WRAPPER


def _wrap(root: Path) -> None:
    own_loader.wrap(root, "usr/bin/nix", options=OPTIONS)


def main(argv: Sequence[str]) -> int:
    """Print the program's path."""

    def work() -> int:
        if argv:
            raise UsageError("usage: python -m rknn_flake.current_nix")
        sys.stdout.write(f"{program()}\n")
        return 0

    return guarded("current-nix", work)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
