"""A current Nix from Debian's stable release, to run beside this machine's own, not installed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rknn_flake import debian
from rknn_flake.console import guarded
from rknn_flake.errors import BadFileError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SUITE = "trixie"
WRAPPER = "bin/nix"

# Its libraries are newer than this machine's, so it runs on the loader it came with. As a build
# hook it would start itself without that: "nix: error while loading shared libraries".
# It evaluates and builds nothing (max-jobs): a current Nix binds the machine's certificates to
# /etc/ssl/certs/ca-certificates.crt of a fetch, and where the sandbox has /etc/ssl from outside,
# root empties the machine's file by that.
SCRIPT = """#!/bin/sh
here=$(dirname -- "$(readlink -f -- "$0")")/..
exec "$here/{loader}" --library-path "$here/{libraries}" "$here/usr/bin/nix" \\
  --option max-jobs 0 --option build-hook "" "$@"
"""


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
    """Write the wrapper into the unpacked packages; it works wherever they lie."""
    loaders = sorted(root.glob("usr/lib/*-linux-gnu*/ld-linux-*.so.*"))
    if len(loaders) != 1:
        raise BadFileError(f"{root}: found {len(loaders)} files ld-linux-*.so.*, expected 1")
    loader = loaders[0].relative_to(root)
    wrapper = root / WRAPPER
    wrapper.parent.mkdir()
    wrapper.write_text(SCRIPT.format(loader=loader, libraries=loader.parent))
    wrapper.chmod(0o755)


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
