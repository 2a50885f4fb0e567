"""A package index and the SDK's repository on loopback, and a sources.toml with their 2.3.2."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from rknn_flake.paths import cache_dir
from rknn_flake.pins import sources
from rknn_flake.process import Completed, run
from unit.pins_commands import Pins
from unit.pins_fixtures import REV, entry, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rknn_flake.pins.entries import Entry
    from unit.loopback import Server

OWNER = "airockchip/rknn-toolkit2"
FOREIGN = f"https://raw.githubusercontent.com/Somebody/Mirror/{'5' * 40}/librknnrt.so"
LINUX = "rknpu2/runtime/Linux/librknn_api"
ANDROID = "rknpu2/runtime/Android/librknn_api/arm64-v8a/librknnrt.so"
WHEELS = "rknn-toolkit-lite2/packages"
PROJECT = "rknn-toolkit-lite2"
HEADER = """\
/* int rknn_commented(int); */
#define RKNN_SUCC 0
typedef enum { RKNN_A = 0, RKNN_B } rknn_kind;
typedef struct { int n; } rknn_thing;
int rknn_init(rknn_thing* thing, int size);
int rknn_run(rknn_thing* thing);
void rknn_stop(int a);
"""
# (component, arch) -> path in the SDK.
PATHS = {
    ("librknnrt", "aarch64"): f"{LINUX}/aarch64/librknnrt.so",
    ("librknnrt", "armhf"): f"{LINUX}/armhf/librknnrt.so",
    ("rknn_api.h", "any"): f"{LINUX}/include/rknn_api.h",
    ("rknn_matmul_api.h", "any"): f"{LINUX}/include/rknn_matmul_api.h",
    ("rknn_custom_op.h", "any"): f"{LINUX}/include/rknn_custom_op.h",
    ("license", "any"): "LICENSE",
}


def wheel_name(release: str, python: str = "cp312", arch: str = "aarch64") -> str:
    abi = f"{python}m" if python == "cp37" else python
    platform = f"manylinux_2_17_{arch}.manylinux2014_{arch}"
    return f"rknn_toolkit_lite2-{release}-{python}-{abi}-{platform}.whl"


def wheel_body(release: str, python: str = "cp312") -> bytes:
    return f"wheel {release} {python}".encode()


def sdk_files(release: str, pythons: tuple[str, ...] = ("cp311", "cp312")) -> dict[str, bytes]:
    """Return what the SDK holds at a release, by path."""
    files = {path: f"{path} {release}".encode() for path in PATHS.values()}
    for name in ("rknn_api.h", "rknn_matmul_api.h", "rknn_custom_op.h"):
        files[f"{LINUX}/include/{name}"] = HEADER.encode()
    files["LICENSE"] = b"Use it.\n"
    files[ANDROID] = f"android {release}".encode()
    lines = []
    for python in pythons:
        name = wheel_name(release, python)
        files[f"{WHEELS}/{name}"] = body = wheel_body(release, python)
        lines.append(f"{hashlib.md5(body, usedforsecurity=False).hexdigest()}  {name}\n")
    files[f"{WHEELS}/packages.md5sum"] = "".join(lines).encode()
    return files


class Upstream:
    """The index and the repository; `file` is the sources.toml that knows release 2.3.2 of it."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        self.file = folder / "sources.toml"
        self.clone = folder / "sdk"
        self.repository = self.clone.as_uri()
        self.index = f"{server.url}/simple"
        self.raw = f"{server.url}/raw"
        self._listed: dict[str, list[dict[str, Any]]] = {PROJECT: [], "rknn-toolkit2": []}
        self._git("init", "--quiet", "--initial-branch=master", ".", make=True)
        self._git("config", "uploadpack.allowFilter", "true")
        self._git("config", "uploadpack.allowAnySHA1InWant", "true")
        self.old = self.tag("2.3.2", sdk_files("2.3.2"))
        self.wheel("2.3.2")
        self.file.write_text(
            text(list(self._entries()), {"runtime": "2.3.2", "toolkit-lite": "2.3.2"}).replace(
                REV, self.old
            )
        )
        self.before = self.file.read_bytes()

    def tag(self, release: str, files: Mapping[str, bytes], *, annotated: bool = False) -> str:
        """Make the tree of a tag, and serve its raw files; return its commit."""
        self._git("rm", "-rq", "--ignore-unmatch", ".")
        for path, body in files.items():
            (self.clone / path).parent.mkdir(parents=True, exist_ok=True)
            (self.clone / path).write_bytes(body)
        commit = self.commit(release)
        self._git("tag", *(("-a", "-m", release) if annotated else ()), f"v{release}")
        for path, body in files.items():
            self.server.route(self.raw_path(commit, path), body)
        return commit

    def commit(self, message: str) -> str:
        """Commit what is in the work tree; return the commit."""
        self._git("add", "--all")
        self._git("commit", "--quiet", "--allow-empty", "-m", message)
        return self._git("rev-parse", "HEAD").strip()

    def wheel(
        self,
        release: str,
        python: str = "cp312",
        arch: str = "aarch64",
        *,
        body: bytes | None = None,
        **changes: Any,  # noqa: ANN401
    ) -> str:
        """List a wheel on the index, with `changes` to what is listed; return its URL."""
        name = wheel_name(release, python, arch)
        published = wheel_body(release, python)
        url = self.server.route(f"/files/{name}", published if body is None else body)
        listed = {
            "filename": name,
            "url": url,
            "size": len(published),
            "hashes": {"sha256": hashlib.sha256(published).hexdigest()},
            "yanked": False,
        }
        self._listed[PROJECT].append(listed | changes)
        for project, files in self._listed.items():
            page = json.dumps({"meta": {"api-version": "1.1"}, "files": files}).encode()
            self.server.route(f"/simple/{project}/", page)
        return url

    def pins(self, command: str, *words: str, **environment: str) -> Completed:
        """Run a command of rknn-pins on the file; `words` override the places."""
        places = ("--index", self.index, "--raw-base", self.raw, "--repository", self.repository)
        pins = Pins(self.file, cache_dir())
        return pins(command, *places, "--store", "private", *words, **environment)

    def update(self, *words: str, **environment: str) -> Completed:
        """Run `rknn-pins update`."""
        return self.pins("update", *words, **environment)

    def succeeds(self, *words: str) -> str:
        """Run `rknn-pins update` and return what it printed; its status has to be 0."""
        done = self.update(*words)
        assert done.status == 0, done
        assert not done.stderr, done
        return done.stdout

    @property
    def entries(self) -> dict[tuple[str, ...], Entry]:
        """What the file says by now: (release, component, arch or Python) -> entry."""
        return {
            (one.release, one.component, one.python or one.arch): one
            for one in sources.read(self.file).entries
        }

    def raw_path(self, commit: str, path: str) -> str:
        """Return the path on the server of a raw file."""
        return f"/raw/{OWNER}/{commit}/{quote(path)}"

    def _entries(self) -> list[Entry]:
        made = []
        for (component, arch), path in PATHS.items():
            url = f"https://raw.githubusercontent.com/{OWNER}/{REV}/{path}"
            urls = (FOREIGN, url) if (component, arch) == ("librknnrt", "aarch64") else (url,)
            body = sdk_files("2.3.2")[path]
            name = Path(path).name
            made.append(entry(component=component, arch=arch, name=name, urls=urls, body=body))
        for python in ("cp311", "cp312"):
            name = wheel_name("2.3.2", python)
            url = f"https://raw.githubusercontent.com/{OWNER}/{REV}/{WHEELS}/{name}"
            values = {"component": PROJECT, "arch": "aarch64", "python": python, "name": name}
            made.append(entry(urls=(url,), body=wheel_body("2.3.2", python), **values))
        return made

    def _git(self, *words: str, make: bool = False) -> str:
        if make:
            self.clone.mkdir()
        people = (
            "GIT_AUTHOR_NAME",
            "GIT_AUTHOR_EMAIL",
            "GIT_COMMITTER_NAME",
            "GIT_COMMITTER_EMAIL",
        )
        alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        known = dict.fromkeys(people, "test") | alone
        return run(["git", *words], cwd=self.clone, env=known).stdout
