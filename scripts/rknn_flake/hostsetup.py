"""What the work needs of the host, and how a Debian machine gets it.

A program that is there is used as it is: an existing Nix keeps its configuration, store and daemon.
"""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rknn_flake.console import say
from rknn_flake.errors import MissingToolError, RknnError
from rknn_flake.paths import cache_dir
from rknn_flake.process import Completed, run, tail

if TYPE_CHECKING:
    from collections.abc import Iterable

GIGABYTE = 10**9
# Arm64 packages, a Nix store with its builds, the converter's environment and boot images.
FRESH_BYTES = 4 * GIGABYTE
# A second run writes test stores and boot images only.
AGAIN_BYTES = GIGABYTE
# In the cache once a run has come to its end.
FINISHED = ".set-up"


@dataclass(frozen=True)
class Need:
    """A program (looked up on PATH) or a file (absolute path), and its Debian package."""

    what: str
    package: str

    def met(self) -> bool:
        """Whether this machine has it."""
        if self.what.startswith("/"):
            return Path(self.what).exists()
        return shutil.which(self.what) is not None


NEEDS: dict[str, tuple[Need, ...]] = {
    "nix": (Need("nix", "nix-bin"), Need("git", "git"), Need("xz", "xz-utils")),
    # Where the sandbox of the builds has them: it shows them /usr, and their PATH is /usr/bin:/bin.
    "build": (
        Need("/etc/ssl/certs/ca-certificates.crt", "ca-certificates"),
        Need("/usr/bin/aarch64-linux-gnu-g++", "g++-aarch64-linux-gnu"),
        Need("/usr/bin/aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu"),
        Need("/usr/bin/cmake", "cmake"),
        Need("/usr/bin/curl", "curl"),
        Need("/usr/bin/g++", "g++"),
        Need("/usr/bin/gcc", "gcc"),
        Need("/usr/bin/make", "make"),
        Need("/usr/bin/patchelf", "patchelf"),
        Need("/usr/bin/pkg-config", "pkgconf"),
        Need("/usr/bin/python3", "python3"),
    ),
    "board": (
        Need("qemu-system-aarch64", "qemu-system-arm"),
        Need("dtc", "device-tree-compiler"),
        Need("dpkg-deb", "dpkg"),
        Need("/usr/bin/make", "make"),
        Need("/usr/bin/aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu"),
    ),
    "test": (
        Need("openssl", "openssl"),
        Need("shellcheck", "shellcheck"),
        Need("strace", "strace"),
    ),
}


def missing(purposes: Iterable[str]) -> tuple[Need, ...]:
    """Return what this machine lacks for `purposes` (keys of NEEDS), without repeats."""
    wanted = dict.fromkeys(need for purpose in purposes for need in NEEDS[purpose])
    return tuple(need for need in wanted if not need.met())


def ensure(purposes: Iterable[str]) -> None:
    """Install from Debian what this machine lacks for `purposes`.

    Raises MissingToolError, naming all that is missing, where there is no apt-get or no way to be
    root, and RknnError with the end of apt-get's output where it fails.
    """
    lacking = missing(purposes)
    if not lacking:
        return
    packages = tuple(dict.fromkeys(need.package for need in lacking))
    root = _as_root(lacking, packages)
    say(f"installing from Debian: {' '.join(packages)}")
    done = _apt(root, "install", "-y", "--no-install-recommends", *packages)
    before = ""
    if done.status != 0:
        # "E: Unable to locate package": the lists are absent, or older than what the mirror has.
        updated = _apt(root, "update")
        if updated.status != 0:  # perhaps of a source that has none of the packages
            before = f"\napt-get update failed; is a Debian mirror reachable?{tail(updated)}"
        done = _apt(root, "install", "-y", "--no-install-recommends", *packages)
    if done.status != 0:
        raise RknnError(f"apt-get could not install {' '.join(packages)}{tail(done)}{before}")
    still = [need.what for need in lacking if not need.met()]
    if still:
        raise MissingToolError(f"installed {' '.join(packages)}, but not found: {' '.join(still)}")


def _as_root(lacking: tuple[Need, ...], packages: tuple[str, ...]) -> tuple[str, ...]:
    names = ", ".join(need.what for need in lacking)
    if shutil.which("apt-get") is None:
        raise MissingToolError(f"not found: {names}; no apt-get here to install them: please do")
    if os.geteuid() == 0:
        return ()
    if shutil.which("sudo") is None:
        raise MissingToolError(
            f"not found: {names}; please have root run: apt-get install {' '.join(packages)}"
        )
    return ("sudo",)


def _apt(root: tuple[str, ...], *words: str) -> Completed:
    # Debian images run apt-get by themselves after boot; "Could not get lock /var/lib/dpkg/lock".
    wait = "DPkg::Lock::Timeout=300"
    quiet = ("env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C")
    for _ in range(12):
        # "dpkg was interrupted, you must manually run 'dpkg --configure -a'": Ctrl-C waits for it.
        done = run([*root, *quiet, "apt-get", "-q", "-o", wait, *words], check=False, grace=None)
        # DPkg::Lock::Timeout does not hold for the package lists' lock.
        if done.status == 0 or "/var/lib/apt/lists/lock" not in done.stderr:
            break
        time.sleep(5)
    return done


def check_disk(folder: Path | None = None) -> None:
    """Raise RknnError when the file system of `folder` (the cache) has too little room."""
    folder = folder or cache_dir()
    needed = AGAIN_BYTES if (folder / FINISHED).exists() else FRESH_BYTES
    present = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(present).free
    if free < needed:
        raise RknnError(
            f"{folder}: {free / GIGABYTE:.1f} GB free, {needed / GIGABYTE:.1f} GB needed; "
            "free some, or name another folder in RKNN_FLAKE_CACHE"
        )


def finished(folder: Path | None = None) -> None:
    """Note in `folder` (the cache) that a run came to its end, so that the next needs less room."""
    (folder or cache_dir()).joinpath(FINISHED).touch()
