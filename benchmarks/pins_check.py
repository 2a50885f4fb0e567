"""Wall time of `rknn-pins check` of 24 wheels against a loop of nix-prefetch-url over them."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from rknn_flake.paths import PROJECT, cache_dir
from rknn_flake.process import tool

from .pins_served import COMPONENT, served, timed
from .report import Report, ratio, sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .pins_served import Run, Served
    from .report import Sample

NEEDS = ("nix", "build", "test")
FILES = 24
LATENCY = 0.05
RUNS = 5
# At least five times as fast.
TARGET = 0.2
HOOKS = PROJECT / "pkgs/rknn/hooks"
LOOP = "set -e; while read -r url hash; do nix-prefetch-url --type sha256 $url $hash; done < $1"
SETTINGS = "build-users-group =\nsubstituters =\n"


def measure(runs: int = RUNS) -> Report:
    """Serve files of the pinned wheels' sizes, and time both on them in turn, each from nothing."""
    with tempfile.TemporaryDirectory(dir=folder()) as made:
        scratch = Path(made)
        bodies = [os.urandom(size) for size in sizes()]
        with served(scratch, bodies, LATENCY) as files:
            times: dict[str, list[float]] = {"loop": [], "check": []}
            for turn in range(runs + 1):
                spent = {"loop": _loop(files, scratch), "check": check(files, scratch).seconds}
                if turn > 0:  # the first is for the caches of the machine
                    for side, seconds in spent.items():
                        times[side].append(seconds)
    return report(sample(times["check"]), sample(times["loop"]), sum(map(len, bodies)))


def report(check_time: Sample, loop_time: Sample, size: int) -> Report:
    """Turn the timed runs of both sides into a report."""
    taken = (
        f"medians of {check_time.runs} runs each, in turn, after a warm-up; wall time, spread "
        f"(max - min) / median: {check_time.spread:.0%} and {loop_time.spread:.0%}"
    )
    how = (
        f"{FILES} files, {size} bytes, from a server on loopback that speaks TLS and answers "
        f"{LATENCY * 1000:.0f} ms after each request; caches and stores empty at the start"
    )
    faster = (
        f"rknn-pins check {check_time.median:.2f} s, loop of nix-prefetch-url "
        f"{loop_time.median:.2f} s: {loop_time.median / check_time.median:.1f} times as fast"
    )
    return Report(
        "pins",
        ratio(check_time.median, loop_time.median, "nix-prefetch-url"),
        TARGET,
        (
            faster,
            taken,
            how,
        ),
        {"check": check_time.median, "loop": loop_time.median, "bytes": size, "files": FILES},
    )


def sizes() -> Sequence[int]:
    """Return the sizes of the pinned wheels of the binding, over again up to FILES."""
    pins = tomllib.loads((PROJECT / "pkgs/rknn/sources.toml").read_text())
    pinned = [
        entry["size"]
        for release in pins["releases"].values()
        for entry in release["files"]
        if entry["component"] == COMPONENT
    ]
    return [pinned[number % len(pinned)] for number in range(FILES)]


def check(files: Served, scratch: Path) -> Run:
    """Run `rknn-pins check` as an installed program would, with an empty cache."""
    return timed(
        [sys.executable, "-P", "-m", "rknn_flake.start", "pins.cli", "check", "--file", files.pins],
        {
            **environment(files),
            "RKNN_FLAKE_CACHE": str(_empty(scratch / "cache")),
            "PYTHONPATH": f"{PROJECT / 'scripts'}:{HOOKS}",
            "PYTHONDONTWRITEBYTECODE": None,
        },
        scratch / "check.log",
    )


def _loop(files: Served, scratch: Path) -> float:
    wanted = scratch / "wanted"
    wanted.write_text(
        "".join(f"{entry.urls[0]} {entry.hash}\n" for entry in files.entries), encoding="utf-8"
    )
    store = _empty(scratch / "store")
    return timed(
        [tool("sh"), "-c", LOOP, "loop", wanted],
        {
            **environment(files),
            "NIX_REMOTE": str(store),
            "NIX_CONFIG": SETTINGS,
            "NIX_CONF_DIR": str(scratch),
            "NIX_USER_CONF_FILES": "",
        },
        scratch / "loop.log",
    ).seconds


def environment(files: Served) -> dict[str, str | None]:
    """Return what makes both sides trust the server and reach it without a proxy."""
    variables: dict[str, str | None] = dict.fromkeys(
        ("http_proxy", "https_proxy", "HTTPS_PROXY", "HTTP_PROXY")
    )
    trusted = str(files.certificate)
    return {**variables, "NIX_SSL_CERT_FILE": trusted, "SSL_CERT_FILE": trusted}


def folder() -> Path:
    """Return the folder of the cache in which benchmarks make their scratch folders."""
    place = cache_dir() / "benchmark"
    place.mkdir(parents=True, exist_ok=True)
    return place


def _empty(folder: Path) -> Path:
    # Files in a Nix store are read-only, and so are its folders.
    if folder.exists():
        for path in folder.rglob("*"):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
        shutil.rmtree(folder)
    folder.mkdir()
    return folder
