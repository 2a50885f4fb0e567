"""What the file name of a wheel says: component, version, Python and architecture."""

from __future__ import annotations

import re
from dataclasses import dataclass

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from rknn_flake.errors import BadFileError

# The end of a platform tag -> arch of sources.toml.
ARCHES = {"_aarch64": "aarch64", "_x86_64": "x86_64", "_armv7l": "armhf"}
PYTHON = re.compile(r"cp3[0-9]+")


@dataclass(frozen=True)
class Wheel:
    """What tells one wheel from another; `python` is a tag such as cp312."""

    component: str
    version: Version
    python: str
    arch: str


def read(name: str) -> Wheel:
    """Return what the file name `name` says; raise BadFileError where it is of another kind."""
    try:
        project, version, _, tags = parse_wheel_filename(name)
    except (InvalidWheelFilename, InvalidVersion) as error:
        raise BadFileError(f"{name}: no wheel's file name") from error
    pythons = {tag.interpreter for tag in tags}
    if len(pythons) != 1 or not PYTHON.fullmatch(python := pythons.pop()):
        raise BadFileError(f"{name}: not for one CPython 3 alone")
    arches = {
        next((arch for end, arch in ARCHES.items() if tag.platform.endswith(end)), tag.platform)
        for tag in tags
    }
    if len(arches) != 1 or (arch := arches.pop()) not in {*ARCHES.values(), "any"}:
        raise BadFileError(f"{name}: for none of the architectures {', '.join(ARCHES.values())}")
    return Wheel(canonicalize_name(project), version, python, arch)
