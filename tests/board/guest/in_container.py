"""Runs in a container on the emulated board: tells, as JSON, what is there and what rknnlite does.

    python3 in_container.py [MODEL.rknn]

The JSON is a line of its own; the others are what rknnlite says.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

SOC_FILE = Path("/proc/device-tree/compatible")
NODES = ("/dev/accel/", "/dev/dri/", "/dev/rknpu")
# Those of every container, by the runtime specification.
USUAL = {
    f"/dev/{name}" for name in ("full", "null", "pts/ptmx", "random", "tty", "urandom", "zero")
}
STATUS = ("Uid", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp")


def nodes() -> dict[str, str]:
    """Return the device nodes that not every container has: number, owner, group, permissions."""
    found = {}
    for folder, _, names in os.walk("/dev"):
        for path in (Path(folder, name) for name in names):
            told = path.lstat()
            if str(path) not in USUAL and stat.S_IFMT(told.st_mode) in {stat.S_IFCHR, stat.S_IFBLK}:
                number = f"{os.major(told.st_rdev)}:{os.minor(told.st_rdev)}"
                owner = f"{told.st_uid}:{told.st_gid}"
                found[str(path)] = f"{number} {owner} {stat.S_IMODE(told.st_mode):o}"
    return found


def mounts() -> dict[str, list[str]]:
    """Return the options of each mount."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    return {line.split()[4]: sorted(line.split()[5].split(",")) for line in lines}


def status() -> dict[str, str]:
    """Return what the kernel says of this process's rights."""
    lines = Path("/proc/self/status").read_text().splitlines()
    fields = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return {name: fields[name] for name in STATUS}


def soc() -> str | None:
    """Return what the device tree says of the board; None where it is hidden."""
    try:
        return SOC_FILE.read_bytes().decode()
    except FileNotFoundError:
        return None


def opened() -> list[str]:
    """Return the NPU's nodes that this process holds."""
    # Except that of the listing itself, which is closed by then.
    links = [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    held = {str(link.readlink()) for link in links}
    return sorted(path for path in held if path.startswith(NODES))


def attempt(told: dict[str, Any], model: str) -> None:
    """Run a model once on zeros; `told` gets what is reached."""
    numpy, binding = import_module("numpy"), import_module("rknnlite.api").RKNNLite()
    binding.load_rknn(model)
    told["init"] = binding.init_runtime()
    if told["init"] == 0:
        outputs = binding.inference(inputs=[numpy.zeros((1, 16, 16, 3), dtype=numpy.float32)])
        told["outputs"] = outputs and [[list(array.shape), str(array.dtype)] for array in outputs]
    # Before release(), which unloads the library.
    mapped = {line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines()}
    told["libraries"] = sorted(path for path in mapped if path.endswith("/librknnrt.so"))
    told["opened"] = opened()
    binding.release()


def main(argv: list[str]) -> int:
    """Print what is there, and what came of the model that `argv` names."""
    told: dict[str, Any] = {
        "groups": sorted(os.getgroups()),
        "nodes": nodes(),
        "mounts": mounts(),
        "status": status(),
        "soc": soc(),
        "environment": {name: os.environ[name] for name in os.environ if name.startswith("RKNN_")},
    }
    for model in argv:
        attempt(told, model)
    sys.stdout.write(f"\n{json.dumps(told)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
