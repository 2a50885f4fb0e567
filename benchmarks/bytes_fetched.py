"""Bytes fetched for the runtime and the binding, against a clone of the SDK's repository."""

from __future__ import annotations

import base64
import json
import os
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rknn_flake.errors import BadFileError, CommandError
from rknn_flake.nix import Nix
from rknn_flake.paths import PROJECT

from .report import Report, ratio
from .sdk_clone import RECORDED, RECORDED_SHALLOW, REPOSITORY, Clone, best, clone_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NEEDS = ("nix",)
TARGET = 0.01
MOST_BYTES = 9_000_000
SOURCES = PROJECT / "pkgs/rknn/sources.toml"
PACKAGES = ("packages.aarch64-linux.rknn-runtime", "packages.aarch64-linux.rknn-toolkit-lite")
# Without these two nothing of weight was counted.
COMPONENTS = {"librknnrt", "rknn-toolkit-lite2"}


def measure() -> Report:
    """Ask Nix what it fetches for the two packages, and git (or the record) for the clone."""
    nix = Nix.private()
    pins = pinned(tomllib.loads(SOURCES.read_text()))
    ours, others = split(_fetches(nix), pins)
    for path, size in nix.fetched(PACKAGES[1]).items():
        name = Path(path).name.partition("-")[2]
        if ours.get(name, size) != size:
            raise BadFileError(f"{SOURCES}: {name} is {size} bytes, not {ours[name]}; correct it")
    named = os.environ.get(REPOSITORY)
    return report(ours, others, best(clone_of(named)) if named else RECORDED)


def pinned(sources: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the entries of sources.toml that have a hash, by its hex digits."""
    return {
        hex_digest(entry["hash"]): entry
        for release in sources["releases"].values()
        for entry in release["files"]
        if "hash" in entry
    }


def hex_digest(digest: str) -> str:
    """Return a sha256 in hex, given so or as SRI (sha256-BASE64)."""
    if digest.startswith("sha256-"):
        return base64.b64decode(digest.removeprefix("sha256-")).hex()
    return digest.removeprefix("sha256:")


def split(
    fetches: Mapping[str, str], pins: Mapping[str, dict[str, Any]]
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Part `fetches` (hex hash -> name) into those the pins have, with bytes, and other names."""
    ours = {}
    for digest, entry in pins.items():
        if digest in fetches:
            if "size" not in entry:
                raise BadFileError(f"{SOURCES}: {entry['name']} has no size; write its bytes")
            ours[entry["name"]] = int(entry["size"])
    found = {pins[digest]["component"] for digest in fetches if digest in pins}
    if not found >= COMPONENTS:
        raise CommandError(
            f"nix fetches {', '.join(sorted(ours)) or 'nothing'} of sources.toml for the two "
            f"packages; expected {', '.join(sorted(COMPONENTS - found))} as well"
        )
    return ours, tuple(sorted(name for digest, name in fetches.items() if digest not in pins))


def report(ours: Mapping[str, int], others: tuple[str, ...], clone: Clone) -> Report:
    """Turn the sizes into a report."""
    total = sum(ours.values())
    shallow = ratio(total, RECORDED_SHALLOW.size, "shallow clone")
    files = ", ".join(f"{name} {size}" for name, size in sorted(ours.items(), key=_by_size))
    least = "" if clone.complete else "at least "
    most = "" if clone.complete else "at most "
    failures = () if total <= MOST_BYTES else (f"{total} bytes are more than {MOST_BYTES}",)
    against = (
        f"{total} bytes in {len(ours)} files ({files}), target {MOST_BYTES}; "
        f"a clone: {least}{clone.size} bytes, so the ratio is {most}that ({clone.origin})"
    )
    one_release = (
        f"a clone of v2.3.2 alone (--depth 1): at least {RECORDED_SHALLOW.size} bytes, "
        f"ratio at most {shallow:.4f}"
    )
    counted = (
        "the files: fixed-output derivations below rknn-runtime and rknn-toolkit-lite, by Nix, "
        "that sources.toml has, with its sizes; "
        f"{len(others)} more are the package set's own (numpy, ...) and not counted"
    )
    return Report(
        "bytes",
        ratio(total, clone.size, "clone"),
        TARGET,
        (against, one_release, counted),
        {
            "files": dict(ours),
            "bytes": total,
            "not_counted": list(others),
            "clone": asdict(clone),
            "shallow_clone": {**asdict(RECORDED_SHALLOW), "ratio": shallow},
        },
        failures,
    )


def _by_size(item: tuple[str, int]) -> int:
    return -item[1]


def _fetches(nix: Nix) -> dict[str, str]:
    """Return every download below the packages: hex hash -> name."""
    words = ("--recursive", *nix.flake_options(), *(nix.installable(name) for name in PACKAGES))
    done = nix.call("derivation", "show", *words, check=False)
    if done.status != 0:
        # Nix before 2.14 has it under its old name.
        done = nix.call("show-derivation", *words)
    derivations = json.loads(done.stdout)
    return fixed_outputs(derivations.get("derivations", derivations).values())


def fixed_outputs(derivations: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the fixed-output derivations among those of `nix derivation show`: hash -> name."""
    outputs = ((drv, drv["outputs"].get("out", {})) for drv in derivations)
    return {hex_digest(out["hash"]): _name(drv) for drv, out in outputs if "hash" in out}


def _name(derivation: Mapping[str, Any]) -> str:
    # Structured attributes leave the environment without it; newer Nix has it beside that.
    return str(derivation.get("name") or derivation.get("env", {}).get("name", "?"))
