"""What a spec gives, in a line for the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rknn_cdi.cores import KIND
from rknn_cdi.spec import names, spec

if TYPE_CHECKING:
    from rknn_cdi.contents import Contents


def said(contents: Contents) -> str:
    """Return the devices' names, and the nodes and files that come with each."""
    made = "|".join(names(spec(contents)))
    nodes = ", ".join(str(device) for device in contents.devices)
    files = [mount.path for mount in contents.mounts if mount.path != mount.host]
    store = len(contents.mounts) - len(files)
    given = ", ".join([*files, *([f"{store} paths of the store"] if store else [])])
    group = f", as group {contents.group.number}" if contents.group else ""
    absent = f"; not there: {', '.join(contents.absent)}" if contents.absent else ""
    return f"{KIND}={made} ({contents.soc}, {contents.driver}): {nodes}{group}; {given}{absent}"
