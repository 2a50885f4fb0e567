"""What the options and the machine come to: the contents of the spec."""

from __future__ import annotations

import grp
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rknn_cdi.contents import SOC_FILE, Contents, Device, Group, Mount
from rknn_cdi.errors import FaultsError
from rknn_cdi.looking import Found, look, missing

if TYPE_CHECKING:
    from argparse import Namespace

PAUSE = 0.2
MISC = "/dev/rknpu"
HEAP = "system"
# rknnlite only asks whether there is something of the render node's name.
NOTHING = "/dev/null"


def waited(options: Namespace) -> tuple[Contents, bytes]:
    """Return the contents and what the device tree says of the SoC, as soon as all is there."""
    end = time.monotonic() + options.wait
    while True:
        try:
            return found(options)
        except FaultsError as error:
            if not error.may_pass or time.monotonic() >= end:
                raise
        except OSError as error:
            # It was there a moment ago.
            if time.monotonic() >= end:
                raise FaultsError(f"{error.filename}: {error.strerror}; try again") from None
        time.sleep(PAUSE)


def found(options: Namespace) -> tuple[Contents, bytes]:
    """Return the contents that the machine below `options.root` has."""
    machine = look(options.root, options.driver)
    mounts = shared(options)
    group = _group(options, machine)
    more = [path for path in options.nodes if os.path.lexists(options.root / path[1:])]
    devices = _distinct([*_devices(options, machine), *_same(more)])
    faults = [fault for one in devices if (fault := _missing(options.root, one))]
    if faults:
        raise FaultsError(*faults, may_pass=True)
    absent = tuple(path for path in options.nodes if path not in more)
    contents = Contents(machine.soc, options.driver, devices, mounts, group, absent)
    return contents, machine.compatible


def told(options: Namespace) -> Contents:
    """Return the contents that the options alone tell, of a driver built for DMA heaps."""
    group = None if options.gid is None else Group(options.gid, options.gids)
    devices = _distinct([*_of_heaps(options, HEAP), *_same(options.nodes)])
    return Contents(options.soc, "rknpu", devices, shared(options), group)


def shared(options: Namespace) -> tuple[Mount, ...]:
    """Return the library, what it needs, and the SoC's name."""
    closure = _closure(options.closure) if options.closure else ()
    files = [options.library] if options.library else []
    absent = [path for path in (*files, *closure) if not Path(path).exists()]
    if absent:
        raise FaultsError(*(f"{path}: no such file: no container could have it" for path in absent))
    library = [
        Mount(str(file), path) for file in files for path in dict.fromkeys(options.library_paths)
    ]
    return (
        *library,
        *(Mount(path, path) for path in closure),
        Mount(str(options.soc_copy), SOC_FILE, is_mapped=False),
    )


def _devices(options: Namespace, machine: Found) -> list[Device]:
    if machine.node == MISC:
        there = (options.root / f"dev/dma_heap/{HEAP}").exists()
        return _of_heaps(options, *([HEAP] if there else []))
    devices = _same([machine.node])
    if options.driver == "rknpu":
        devices.append(Device(options.render_node, machine.render or NOTHING))
    return devices


def _of_heaps(options: Namespace, *default: str) -> list[Device]:
    heaps = options.dma_heaps if options.dma_heaps is not None else default
    paths = [MISC, *(f"/dev/dma_heap/{name}" for name in heaps)]
    return [*_same(paths), Device(options.render_node, NOTHING)]


def _same(paths: list[str]) -> list[Device]:
    return [Device(path, path) for path in paths]


def _distinct(devices: list[Device]) -> tuple[Device, ...]:
    """Return the devices, each once; refuse two of one name."""
    once = tuple(dict.fromkeys(devices))
    taken: dict[str, Device] = {}
    for device in once:
        other = taken.setdefault(device.path, device)
        if other != device:
            raise FaultsError(
                f"{other.host} and {device.host} would both be {device.path} inside: "
                "name another --render-node"
            )
    return once


def _missing(root: Path, device: Device) -> str | None:
    # Every machine has it, and a root to look below need not.
    return None if device.host == NOTHING else missing(root, device.host)


def _group(options: Namespace, machine: Found) -> Group:
    if options.group is None:
        number = (options.root / machine.node[1:]).stat().st_gid
        return Group(number, options.gids)
    try:
        return Group(grp.getgrnam(options.group).gr_gid, options.gids)
    except KeyError:
        raise FaultsError(
            f"no group {options.group} on this machine; name another --group "
            "(mySystem.rknn.device.group)"
        ) from None


def _closure(file: Path) -> tuple[str, ...]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a text"
        raise FaultsError(f"--closure {file}: {reason}; name a list of paths, one a line") from None
    paths = dict.fromkeys(line for line in lines if line)
    odd = [path for path in paths if not path.startswith("/")]
    if odd:
        raise FaultsError(f"--closure {file}: {odd[0]!r} is no absolute path")
    return tuple(paths)
