"""Downloads through Nix, so that a later build finds the file in the store and its hash is Nix's.

The store is the machine's own where it can be used: its daemon answers, or /nix/store may be
written. Otherwise it is the project's private one, and a path Nix prints (/nix/store/…) lies below
the private store's folder.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rknn_flake.errors import BadFileError, CommandError, MissingToolError, UsageError
from rknn_flake.lock import exclusive
from rknn_flake.nix import Nix, reason
from rknn_flake.pins import digests, hashes
from rknn_flake.process import Completed, run

if TYPE_CHECKING:
    from rknn_flake.pins.digests import Digests

Store = Literal["auto", "default", "private"]
STORES: tuple[Store, ...] = ("auto", "default", "private")
STORE = Path("/nix/store")
SOCKET = "/nix/var/nix/daemon-socket/socket"

INSTALL = "install it (https://nixos.org/download, or Debian's package nix-bin) and run it again"
# Nix's own default is to wait for ever.
# Nix makes one attempt where no interface but loopback is up, as in a build's sandbox.
PATIENCE = (*("--option", "connect-timeout", "30"), *("--option", "download-attempts", "5"))
# Before 2.4: "unrecognised flag '--extra-experimental-features'", "'store' is not a recognised
# command"; of the nix-prefetch-url before 1.7 "unknown option".
UNKNOWN = re.compile(r"unrecogni[sz]ed|not a recogni[sz]ed|unknown (?:option|flag|command)")
URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")


@dataclass(frozen=True)
class Fetched:
    """A download in the store: where its bytes are on this machine, and what they say."""

    path: Path
    digests: Digests


class Prefetcher:
    """Downloads into a store; safe to use from several threads. Setting `halt` ends them all."""

    def __init__(self, store: Store = "auto") -> None:
        """Choose the store; raise MissingToolError where there is no Nix at all."""
        if not (shutil.which("nix") or shutil.which("nix-prefetch-url")):
            raise MissingToolError(f"nix: not found on PATH; {INSTALL}")
        private = store == "private" or (store == "auto" and not machine_store_usable())
        self.halt = threading.Event()
        self._private = Nix.private() if private else None
        self._environment = self._private.environment if self._private else {}
        self._where = ("--store", str(self._private.store)) if self._private else ()
        self._old = shutil.which("nix") is None
        if self._private:
            self._make(self._private.store)

    def fetch(self, url: str, name: str) -> Fetched:
        """Download `url` into the store under `name`.

        Raises CommandError with Nix's own reason, and BadFileError where it answers what makes
        no sense.
        """
        if not URL.fullmatch(url):
            raise UsageError(f"{url!r} is no URL; write https://…")
        answered = None if self._old else self._by_nix(url, name)
        told, at = answered or self._by_nix_prefetch_url(url, name)
        path = self._private.physical(at) if self._private else Path(at)
        try:
            found = digests.read(path)
        except OSError as error:
            raise BadFileError(
                f"Nix put it in {at}, but {path}: {error.strerror}; try --store private"
            ) from error
        if hashes.sha256_hex(told) != found.sha256:
            raise BadFileError(f"Nix says {told}, but {path} has sha256 {found.sha256}; fsck it")
        return Fetched(path, found)

    @cached_property
    def version(self) -> str:
        """What Nix calls itself: "nix (Nix) 2.8.0"."""
        done = self._run("nix" if shutil.which("nix") else "nix-prefetch-url", "--version")
        return done.stdout.strip().partition("\n")[0] or "an unknown Nix"

    def _by_nix(self, url: str, name: str) -> tuple[str, str] | None:
        """Return hash and path; None where this Nix is older than the command."""
        done = self._run(
            *("nix", "--extra-experimental-features", "nix-command", "store", "prefetch-file"),
            *(*self._where, *PATIENCE, "--json", "--name", name, url),
        )
        if done.status != 0 and UNKNOWN.search(reason(done)):
            self._old = True
            return None
        _check(done)
        try:
            answer: Any = json.loads(done.stdout)
            return str(answer["hash"]), str(answer["storePath"])
        except (ValueError, TypeError, KeyError) as error:
            raise BadFileError(
                f"nix answered {done.stdout[:80]!r}, not a hash and a path"
            ) from error

    def _by_nix_prefetch_url(self, url: str, name: str) -> tuple[str, str]:
        if shutil.which("nix-prefetch-url") is None:
            raise MissingToolError(
                f"{self.version} has no `nix store prefetch-file`, and there is no nix-prefetch-url"
                f" on PATH; {INSTALL}"
            )
        done = self._run(
            *("nix-prefetch-url", *self._where, *PATIENCE),
            *("--print-path", "--type", "sha256", "--name", name, url),
        )
        if done.status != 0 and UNKNOWN.search(reason(done)):
            raise MissingToolError(f"{self.version} is too old ({reason(done)}); take 2.3 or newer")
        _check(done)
        match done.stdout.split():
            case [told, at]:
                return f"sha256:{told}", at
        raise BadFileError(f"nix-prefetch-url answered {done.stdout[:80]!r}, not a hash and a path")

    def _make(self, store: Path) -> None:
        """Make the private store where there is none yet.

        "error: '…/nix/var/nix/db/schema' is corrupt": several Nix at once can't make one.
        """
        with exclusive(store.parent / f"{store.name}.lock", "making a Nix store"):
            if not (store / "nix/var/nix/db/schema").exists() and shutil.which("nix-store"):
                self._run("nix-store", *self._where, "--init")

    def _run(self, *words: str) -> Completed:
        return run(words, env=self._environment, check=False, halt=self.halt)


def machine_store_usable() -> bool:
    """Say whether Nix can put files into the machine's own store."""
    if os.environ.get("NIX_REMOTE") not in {None, "", "auto", "daemon", "local"}:
        return True  # Somebody has told Nix where to go.
    with socket.socket(socket.AF_UNIX) as daemon:
        try:
            daemon.connect(os.environ.get("NIX_DAEMON_SOCKET_PATH", SOCKET))
        except OSError:
            return os.access(STORE, os.W_OK)
        return True


def _check(done: Completed) -> None:
    if done.status != 0:
        raise CommandError(reason(done))
