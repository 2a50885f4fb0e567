"""Whether the file name of a wheel says the same as the keys beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from rknn_flake.errors import BadFileError
from rknn_flake.pins import versions, wheel_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rknn_flake.pins.entries import Entry

PYTHON = re.compile(r"cp3[0-9]+")


def faults(entry: Entry) -> Iterator[str]:
    """Yield what is wrong with the name of one file, if it is a wheel."""
    if entry.python is None:
        if entry.name.endswith(".whl"):
            yield f"name is {entry.name}, a wheel, and there is no python; write one as in cp312"
        return
    if not PYTHON.fullmatch(entry.python):
        yield f"python is {entry.python!r}; write a CPython tag such as cp312"
        return
    try:
        wheel = wheel_names.read(entry.name)
    except BadFileError as error:
        yield f"name is that of a file with a python, yet {error}; write the wheel's own"
        return
    said = {
        "component": (canonicalize_name(entry.component), wheel.component),
        "python": (entry.python, wheel.python),
        "arch": (entry.arch, wheel.arch),
    }
    if versions.release(entry.release) != wheel.version:
        yield f"name is {entry.name}, of version {wheel.version}; write that of {entry.release}"
    for key, (written, named) in said.items():
        if written != named:
            yield f"{key} is {getattr(entry, key)}, and name {entry.name} says {named}; write that"
    # cp36 and cp37 have the ABI cp36m and cp37m.
    if f"-{wheel.python}-{wheel.python}" not in entry.name:
        yield f"name is {entry.name}, of another ABI than {wheel.python}; no package can use it"
