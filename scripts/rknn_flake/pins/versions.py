"""Order of releases and of Python versions: 2.10.0 after 2.9.0, 2.0.0-beta0 before 2.0.0."""

from __future__ import annotations

import re

from packaging.version import InvalidVersion, Version

from rknn_flake.errors import UsageError

# As in cp312, py3.12 and 3.12.
PYTHON = re.compile(r"(?:cp|py)?(?P<major>[0-9])\.?(?P<minor>[0-9]{1,2})", re.ASCII)


def release(text: str) -> Version | None:
    """Return the version that a release's name is; None where it is none."""
    try:
        return Version(text)
    except InvalidVersion:
        return None


def wanted(text: str, place: str) -> Version:
    """Return the version that `text` is; raise UsageError, naming `place`, where it isn't one."""
    version = release(text)
    if version is None:
        raise UsageError(f"{place}: {text!r} is no version; write it like 2.3.2")
    return version


def python(text: str) -> tuple[int, int] | None:
    """Return major and minor version of a Python named as in cp312 or 3.12; None where it isn't."""
    found = PYTHON.fullmatch(text)
    return (int(found["major"]), int(found["minor"])) if found else None
