"""Packages of Debian, by default of its arm64 port, fetched by apt and unpacked into a cache.

apt resolves, downloads and verifies with a state of its own: the sources and keyrings are this
machine's, its package database and configuration are neither read nor changed, and no root is
needed.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote

from rknn_flake.console import say
from rknn_flake.errors import CommandError, MissingToolError, RknnError
from rknn_flake.lock import exclusive
from rknn_flake.paths import cache_dir
from rknn_flake.process import Completed, run, tool
from rknn_flake.sums import remove_stale, sha256

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
GUEST = "arm64"
ARCHIVE = "http://deb.debian.org/debian/"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
SCRATCH = "unpack-"
FULL = re.compile("No space left|enough free space")


@dataclass(frozen=True)
class Request:
    """What is wanted: `names` and all that they depend on, of which packages that match `only`.

    `native` matches packages taken for this machine's processor (programs that run here). `keep`
    are globs of the paths kept after unpacking. `finish` works on the unpacked folder before it
    takes its name: a change of the file it stands in makes another folder, and so does another
    `recipe`, for what it calls elsewhere. `suite` is a release of Debian to take the packages from;
    without it they come from whatever this machine's sources name. `hashed` are globs of the files
    whose content is checked at each use, where of others it is the size.
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
    hashed: tuple[str, ...] = ()

    def digest(self, *more: str) -> str:
        """Return a short hash of everything that decides what the folder holds, and of `more`."""
        origin = (self.suite, self.architecture)
        finish = _text(self.finish.__module__) if self.finish else ""
        shape = (self.names, self.only, self.native, self.keep, finish, self.recipe, *origin, *more)
        return hashlib.sha256(repr(shape).encode()).hexdigest()[:16]


@cache
def _text(module: str) -> str:
    return inspect.getsource(sys.modules[module])


def tree(request: Request) -> Path:
    """Return the unpacked folder for `request`; fetch what is missing, repair what is damaged."""
    folder = cache_dir() / "debian"
    folder.mkdir(parents=True, exist_ok=True)
    pointer = folder / f"{request.label}-{request.digest()}"
    with exclusive(folder / "lock", "fetching packages from Debian"):
        if pointer.exists():
            found = _pointed(folder, request, pointer)
            if found and _intact(found, request):
                return found
            say(f"{found or pointer} is not as it was unpacked: fetching it again")
            if found:
                shutil.rmtree(found, ignore_errors=True)
        say(f"fetching from Debian ({request.architecture}): {' '.join(request.names)}")
        try:
            made = _with_fresh_lists(folder, request, lambda: _make(folder, request))
        except CommandError as error:
            reason = _reason(error)
            raise MissingToolError(
                f"Debian's {request.architecture} packages {' '.join(request.names)} could not be "
                f"fetched ({reason}); {_cure(folder, request, reason)}"
            ) from error
        _write(pointer, made.name)
    return made


def _pointed(folder: Path, request: Request, pointer: Path) -> Path | None:
    """Return the folder that `pointer` names; None where it is damaged and names anything else."""
    name = pointer.read_text(errors="replace").strip()
    named = re.fullmatch(rf"{re.escape(request.label)}-[0-9a-f]{{16}}\.tree", name)
    return folder / name if named else None


def _cure(folder: Path, request: Request, reason: str) -> str:
    if FULL.search(reason):
        return f"{folder} needs more room"
    if request.suite:
        return f"{request.suite} must be at {_archive()}"
    limit = f" and not limited to {native()}" if request.architecture != native() else ""
    return f"main of Debian 12 must be among the sources in /etc/apt{limit}"


def _make(folder: Path, request: Request) -> Path:
    packages = _resolve(folder, request)
    made = folder / f"{request.label}-{request.digest(*packages)}.tree"
    remove_stale(folder, SCRATCH)
    with tempfile.TemporaryDirectory(dir=folder, prefix=SCRATCH) as scratch:
        debs, root = Path(scratch, "debs"), Path(scratch, "root")
        debs.mkdir()
        _apt(folder, request, "download", *packages, cwd=debs)
        for deb in sorted(debs.glob("*.deb")):
            _unpack(deb, root)
        for path in _files(root):
            if not any(fnmatch(path.relative_to(root).as_posix(), glob) for glob in request.keep):
                path.unlink()
        for emptied, _, _ in os.walk(root, topdown=False):
            if not any(os.scandir(emptied)):
                Path(emptied).rmdir()
        if request.finish:
            request.finish(root)
        _write(made.with_suffix(".manifest"), _manifest(root, request))
        shutil.rmtree(made, ignore_errors=True)
        root.rename(made)
    return made


def _unpack(deb: Path, root: Path) -> None:
    """Unpack `deb` into `root`; raise no CommandError, which is apt's and blames the lists."""
    done = run([tool("dpkg-deb"), "-x", deb, root], check=False)
    if done.status != 0:
        said = (done.stderr.splitlines() or [f"exit status {done.status}"])[0]
        raise RknnError(f"{deb.name} could not be unpacked below {root.parents[1]}: {said}")


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
    # By itself apt calls an update a success that reached no mirror.
    strict = "-oAPT::Update::Error-Mode=any"
    updated = _apt(folder, request, "-qq", strict, "update", check=False)
    if updated.status == 0:
        return work()
    # A source that fails need not be one that has our packages.
    failed = next(iter(_complaints(updated.stderr)), f"exit status {updated.status}")
    say(f"apt-get update: {failed}")
    try:
        return work()
    except CommandError as error:
        raise CommandError(f"{_reason(error)}; before, apt-get update: {failed}") from error


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
    errors = (line for line in _complaints(str(error)) if line.startswith("E:"))
    return next(errors, str(error).splitlines()[0])


def _complaints(said: str) -> list[str]:
    """Return apt's warnings and errors among the lines of `said`."""
    lines = (line.strip() for line in said.splitlines())
    return [line for line in lines if line.startswith(("W:", "E:"))]


def _files(root: Path) -> list[Path]:
    """Return every file and link below `root`, sorted."""
    found = []
    for folder, below, names in os.walk(root):
        links = [name for name in below if Path(folder, name).is_symlink()]
        found += [Path(folder, name) for name in (*names, *links)]
    return sorted(found)


def _manifest(root: Path, request: Request) -> str:
    """Return a line for each file: its size, its path, and its sha256 where that is wanted."""
    lines = []
    for path in _files(root):
        name = path.relative_to(root).as_posix()
        hashed = not path.is_symlink() and any(fnmatch(name, glob) for glob in request.hashed)
        lines.append(f"{path.lstat().st_size} {name}{f' {sha256(path)}' if hashed else ''}\n")
    return "".join(lines)


def _intact(root: Path, request: Request) -> bool:
    listed = root.with_suffix(".manifest")
    return listed.exists() and listed.read_text(errors="replace") == _manifest(root, request)


def _write(path: Path, text: str) -> None:
    new = path.with_name(f"{path.name}.new")
    new.write_text(text)
    new.replace(path)
