"""A git repository elsewhere: its tags, and the file names of a commit without the files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_flake.errors import RknnError
from rknn_flake.process import run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rknn_flake.process import Completed

# Seconds; the SDK's trees are a megabyte.
LISTING = 120
FETCHING = 600
# Nobody is there to be asked, and a sentence can be told from another in English only. A hook or a
# repository around us must not have a say either.
ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "true",
    "GIT_SSH_COMMAND": "ssh -oBatchMode=yes",
    "LC_ALL": "C",
    **dict.fromkeys(("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY")),
}
# A server that stops sending is given up; nothing goes on in the background of a scratch folder.
SETTINGS = ("http.lowSpeedLimit=1", "http.lowSpeedTime=60", "gc.auto=0", "maintenance.auto=false")
CONFIGURED = tuple(word for setting in SETTINGS for word in ("-c", setting))
LINK = "120000"
PEELED = "^{}"


class RepositoryError(RknnError):
    """git could not reach a repository, or it lacks what was asked for."""


def tags(url: str) -> Mapping[str, str]:
    """Return the tags of the repository at `url` and the commit of each."""
    found = _git("ls-remote", "--tags", "--", url, at=url, timeout=LISTING)
    commits: dict[str, str] = {}
    for line in found.stdout.splitlines():
        commit, _, ref = line.partition("\t")
        name = ref.removeprefix("refs/tags/")
        # An annotated tag is an object of its own; the commit comes after it, "peeled".
        commits[name.removesuffix(PEELED)] = commit
    return commits


@dataclass(frozen=True)
class Clone:
    """A bare repository in the scratch folder `folder` that fetches single files when asked."""

    url: str
    folder: Path

    @classmethod
    def make(cls, url: str, folder: Path) -> Clone:
        """Make it, with nothing in it yet."""
        _git("init", "--quiet", "--bare", "--", str(folder), at=url)
        _git("-C", str(folder), "remote", "add", "--", "origin", url, at=url)
        return cls(url, folder)

    def fetch(self, ref: str) -> str:
        """Fetch the trees of `ref` (a whole ref or a commit), no file; return the commit."""
        # --branch of `git clone` would take a branch before a tag of the same name: v1.5.2.
        fetching = ("fetch", "--quiet", "--depth", "1", "--no-tags", "--filter=blob:none")
        self._git(*fetching, "origin", ref, timeout=FETCHING)
        return self._git("rev-parse", "--verify", "FETCH_HEAD^{commit}").stdout.strip()

    def tree(self, commit: str) -> Mapping[str, str]:
        """Return path -> blob id of every file in `commit`; links are left out."""
        listed = self._git("ls-tree", "-r", "-z", "--full-tree", commit).stdout
        blobs = {}
        for line in filter(None, listed.split("\0")):
            about, _, path = line.partition("\t")
            mode, kind, blob = about.split()
            if kind == "blob" and mode != LINK:
                blobs[path] = blob
        return blobs

    def show(self, blob: str) -> str:
        """Return the text of a small file by its blob id; it is fetched now."""
        return self._git("cat-file", "blob", blob, timeout=FETCHING).stdout

    def _git(self, *words: str, timeout: float = LISTING) -> Completed:
        return _git("-C", str(self.folder), *words, at=self.url, timeout=timeout)


def _git(*words: str, at: str, timeout: float = LISTING) -> Completed:
    """Run git; raise RepositoryError, in one line, when it fails."""
    done = run(("git", *CONFIGURED, *words), env=ENVIRONMENT, check=False, timeout=timeout)
    if done.status:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        # What is wrong comes first; hints and "please make sure" follow.
        told = [line for line in lines if line.startswith(("fatal: ", "error: "))] or lines
        raise RepositoryError(f"{at}: git: {told[0] if told else f'exit status {done.status}'}")
    return done
