"""Packages of Debian, by default of its arm64 port, fetched by apt and unpacked into a cache.

apt resolves, downloads and verifies with a state of its own: the sources and keyrings are this
machine's, its package database and configuration are neither read nor changed, and no root is
needed.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote

from rknn_flake.console import say
from rknn_flake.errors import CommandError, MissingToolError
from rknn_flake.lock import exclusive
from rknn_flake.paths import cache_dir
from rknn_flake.process import Completed, run, tool

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
GUEST = "arm64"
ARCHIVE = "http://deb.debian.org/debian/"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


@dataclass(frozen=True)
class Request:
    """What is wanted: `names` and all that they depend on, of which packages that match `only`.

    `native` matches packages taken for this machine's processor (programs that run here). `keep`
    are globs of the paths kept after unpacking. `finish` works on the unpacked folder before it
    takes its name; raise `recipe` when what it does changes. `suite` is a release of Debian to take
    the packages from; without it they come from whatever this machine's sources name.
    """

    label: str
    names: tuple[str, ...]
    only: str = ".*"
    native: str = "$^"
    keep: tuple[str, ...] = ("*",)
    finish: Callable[[Path], None] | None = None
    recipe: int = 1
    suite: str = ""
    architecture: str = GUEST

    def digest(self, *more: str) -> str:
        """Return a short hash of everything that decides what the folder holds, and of `more`."""
        origin = (self.suite, self.architecture)
        shape = (self.names, self.only, self.native, self.keep, self.recipe, *origin, *more)
        return hashlib.sha256(repr(shape).encode()).hexdigest()[:16]


def tree(request: Request) -> Path:
    """Return the unpacked folder for `request`; fetch what is missing, repair what is damaged."""
    folder = cache_dir() / "debian"
    folder.mkdir(parents=True, exist_ok=True)
    pointer = folder / f"{request.label}-{request.digest()}"
    with exclusive(folder / "lock", "fetching packages from Debian"):
        if pointer.exists():
            found = folder / pointer.read_text().strip()
            if _intact(found):
                return found
            say(f"{found} is not as it was unpacked: fetching it again")
            shutil.rmtree(found, ignore_errors=True)
        say(f"fetching from Debian ({request.architecture}): {' '.join(request.names)}")
        try:
            made = _with_fresh_lists(folder, request, lambda: _make(folder, request))
        except CommandError as error:
            cure = f"{request.suite} must be at {_archive()}"
            if not request.suite:
                cure = "main of Debian 12 must be among the sources in /etc/apt"
            raise MissingToolError(
                f"Debian's {request.architecture} packages {' '.join(request.names)} could not be "
                f"fetched ({_reason(error)}); {cure}"
            ) from error
        _write(pointer, made.name)
    return made


def _make(folder: Path, request: Request) -> Path:
    packages = _resolve(folder, request)
    made = folder / f"{request.label}-{request.digest(*packages)}.tree"
    with tempfile.TemporaryDirectory(dir=folder, prefix="unpack-") as scratch:
        debs, root = Path(scratch, "debs"), Path(scratch, "root")
        debs.mkdir()
        _apt(folder, request, "download", *packages, cwd=debs)
        for deb in sorted(debs.glob("*.deb")):
            run([tool("dpkg-deb"), "-x", deb, root])
        for path in _files(root):
            if not any(fnmatch(path.relative_to(root).as_posix(), glob) for glob in request.keep):
                path.unlink()
        for emptied, _, _ in os.walk(root, topdown=False):
            if not any(os.scandir(emptied)):
                Path(emptied).rmdir()
        if request.finish:
            request.finish(root)
        _write(made.with_suffix(".manifest"), _manifest(root))
        shutil.rmtree(made, ignore_errors=True)
        root.rename(made)
    return made


def _resolve(folder: Path, request: Request) -> list[str]:
    """Return `name:architecture=version` of each package to take, sorted."""
    words = ("-qq", "--yes", "--no-install-recommends", "--print-uris", "install", *request.names)
    simulated = _apt(folder, request, *words)
    found = []
    # One line a package: 'URL' name_version_architecture.deb size hash
    for line in re.findall(r"^'\S+' (\S+)\.deb ", simulated.stdout, re.MULTILINE):
        name, version, architecture = unquote(line).split("_")
        if re.fullmatch(request.only, name):
            ours = native() if re.fullmatch(request.native, name) else architecture
            found.append(f"{name}:{ours}={version}" if ours != "all" else f"{name}={version}")
    if not found:
        raise CommandError(f"apt-get named no package that matches {request.only}")
    return sorted(found)


def _with_fresh_lists(folder: Path, request: Request, work: Callable[[], T]) -> T:
    """Do `work`; where apt knows no lists yet, or names files that are gone, update them first."""
    if any((_home(folder, request) / "state/lists").glob("*_Packages*")):
        try:
            return work()
        except CommandError:
            say("the package lists may be old: fetching them again")
    updated = _apt(folder, request, "-qq", "update", check=False)
    if updated.status != 0:
        # A source that fails need not be one that has our packages.
        say(f"apt-get update: {(updated.stderr.splitlines() or ['failed'])[0]}")
    return work()


def _home(folder: Path, request: Request) -> Path:
    """Return where apt keeps its state for the request's suite and architecture."""
    return folder / (f"apt-{request.suite}-{request.architecture}" if request.suite else "apt")


def _apt(
    folder: Path, request: Request, *words: str, cwd: Path | None = None, check: bool = True
) -> Completed:
    home = _home(folder, request)
    state, archives = home / "state", home / "cache"
    for made in (state / "lists/partial", archives / "archives/partial"):
        made.mkdir(parents=True, exist_ok=True)
    (state / "status").touch()
    architectures = dict.fromkeys((request.architecture, native()))
    options = (
        f"APT::Architecture={request.architecture}",
        # A list: what is named here is all there is, whatever the machine's dpkg was told.
        *(f"APT::Architectures::={name}" for name in architectures),
        # _apt, the user that apt drops to when root runs it, may not write under a private cache.
        "APT::Sandbox::User=root",
        "Acquire::Languages=none",
        f"Dir::State={state}",
        f"Dir::State::status={state / 'status'}",
        f"Dir::Cache={archives}",
        "Dir::Cache::pkgcache=pkgcache.bin",
        *_sources(home, request),
    )
    set_options = [f"-o{option}" for option in options]
    return run(
        [tool("apt-get"), *set_options, *words], cwd=cwd, check=check, env={"LC_ALL": "C.UTF-8"}
    )


def _sources(home: Path, request: Request) -> tuple[str, ...]:
    """Return apt's options for the request's suite in place of this machine's sources."""
    if not request.suite:
        return ()
    parts = home / "sources"
    parts.mkdir(exist_ok=True)
    line = f"deb [signed-by={KEYRING}] {_archive()} {request.suite} main\n"
    _write(parts / "suite.list", line)
    return ("Dir::Etc::SourceList=/dev/null", f"Dir::Etc::SourceParts={parts}")


@cache
def _archive() -> str:
    """Return the Debian archive that this machine's sources name, or Debian's own address."""
    named = run([tool("apt-get"), "indextargets", "--format", "$(REPO_URI)"], check=False)
    return next((uri for uri in named.stdout.split() if uri.endswith("/debian/")), ARCHIVE)


@cache
def native() -> str:
    """Return Debian's name for this machine's architecture."""
    return run([tool("dpkg"), "--print-architecture"]).stdout.strip()


def _reason(error: CommandError) -> str:
    """Return the first line in which apt says what is wrong, or all of the message's first line."""
    lines = [line.strip() for line in str(error).splitlines()]
    return next((line for line in lines if line.startswith("E:")), lines[0])


def _files(root: Path) -> list[Path]:
    """Return every file and link below `root`, sorted."""
    found = []
    for folder, below, names in os.walk(root):
        links = [name for name in below if Path(folder, name).is_symlink()]
        found += [Path(folder, name) for name in (*names, *links)]
    return sorted(found)


def _manifest(root: Path) -> str:
    lines = (f"{path.lstat().st_size} {path.relative_to(root)}\n" for path in _files(root))
    return "".join(lines)


def _intact(root: Path) -> bool:
    listed = root.with_suffix(".manifest")
    return listed.exists() and listed.read_text() == _manifest(root)


def _write(path: Path, text: str) -> None:
    new = path.with_name(f"{path.name}.new")
    new.write_text(text)
    new.replace(path)
