"""The node's labels, as a file that Node Feature Discovery's local source reads."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from rknn_cdi.cores import KIND, cores
from rknn_ready import runtime

if TYPE_CHECKING:
    from pathlib import Path

VERSION = "sys/module/rknpu/version"
LONGEST = 63


def labels(root: Path, soc: str, driver: str, library: Path | None) -> dict[str, str]:
    """Return the labels of this node, without those of which nothing is known."""
    told = {
        "soc": soc,
        "driver": driver,
        "driver-version": _read(root / VERSION) if driver == "rknpu" else "",
        "runtime-version": _release(library) if library else "",
        "cores": str(len(cores(soc))),
    }
    values = {name: value(text) for name, text in told.items()}
    return {f"{KIND}.{name}": text for name, text in values.items() if text}


def value(text: str) -> str:
    """Return what may be a label's value: letters, digits and, inside, -, _ and dots."""
    allowed = re.sub(r"[^A-Za-z0-9._-]+", "-", text)
    return allowed.lstrip("._-")[:LONGEST].rstrip("._-")


def write(path: Path, told: dict[str, str]) -> bool:
    """Replace the file where it says something else; say whether it did. Raises OSError."""
    text = "".join(f"{name}={one}\n" for name, one in told.items())
    if _read(path, strip=False) == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    # NFD reads every file in the folder but those that begin with a dot.
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, encoding="utf-8")
    # nfd-worker is not root.
    new.chmod(0o644)
    new.replace(path)
    return True


def remove(path: Path) -> None:
    """Remove the file, if there is one. Raises OSError."""
    path.unlink(missing_ok=True)


def _read(path: Path, *, strip: bool = True) -> str:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return text.strip() if strip else text


# Looked for at each turn, in 8 MB that do not change under this name.
@cache
def _release(library: Path) -> str:
    try:
        return (runtime.version(library) or "").partition(" ")[0]
    except OSError:
        return ""
