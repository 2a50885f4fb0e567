"""CDI's own schema and parser, of Debian's packages: what engines are built with.

The package has the parser as source, so a program around it is built once, with Debian's Go, in
half a minute.
"""

from __future__ import annotations

import json
import shutil
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rknn_flake import debian
from rknn_flake.errors import RknnError
from rknn_flake.process import run

if TYPE_CHECKING:
    from collections.abc import Sequence

PROGRAM = Path(__file__).with_suffix(".go")
PACKAGE = "usr/share/gocode/src/tags.cncf.io/container-device-interface"


def _build(root: Path) -> None:
    """Leave of Go and the sources the program alone, as `root`/engine, and CDI's schema."""
    (go,) = root.glob("usr/lib/go-*")
    scratch = root / "scratch"
    env = {
        "GOROOT": str(go),
        "GOPATH": str(root / "usr/share/gocode"),
        "GO111MODULE": "off",
        "GOTOOLCHAIN": "local",
        "GOENV": "off",
        "GOFLAGS": "",
        "CGO_ENABLED": "0",
        "GOCACHE": str(scratch),
        "HOME": str(scratch),
    }
    made = root / "engine"
    done = run([go / "bin/go", "build", "-trimpath", "-o", made, PROGRAM], env=env, check=False)
    if done.status != 0:
        # A CommandError would be apt's.
        raise RknnError(f"{PROGRAM.name} could not be built with Debian's Go: {done.stderr}")
    for name in ("schema.json", "defs.json"):
        (root / PACKAGE / "schema" / name).rename(root / name)
    for folder in ("usr", "scratch"):
        shutil.rmtree(root / folder)


def request() -> debian.Request:
    """Return what is fetched: Go and CDI of Debian's newest release, 50 MB."""
    return debian.Request(
        "cdi-engine",
        ("golang-go", "golang-tags.cncf-container-device-interface-dev"),
        only="golang-.*",
        keep=("usr/lib/go-*", "usr/share/go*"),
        finish=_build,
        recipe=zlib.crc32(PROGRAM.read_bytes()),
        suite="trixie",
        architecture=debian.native(),
    )


@dataclass(frozen=True)
class Engine:
    """What engines do with specs."""

    folder: Path

    def refusals(self, files: Sequence[Path]) -> dict[Path, str]:
        """Return which of the files are refused, and why."""
        told = run([self.folder / "engine", "parse", *files]).stdout.splitlines()
        pairs = (line.partition(": ") for line in told)
        return {Path(path): reason for path, _, reason in pairs}

    def container(self, folder: Path, *devices: str) -> dict[str, Any]:
        """Return what a container is made of that is given devices of the folder's specs."""
        done = run([self.folder / "engine", "inject", folder, *devices])
        made: dict[str, Any] = json.loads(done.stdout)
        return made


def engine() -> Engine:
    """Return the engine, built if need be."""
    return Engine(debian.tree(request()))
