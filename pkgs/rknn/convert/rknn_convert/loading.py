"""Which of this flake's runtimes can load a model, as far as that is known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rknn_convert.container import Model

# The releases in sources.toml that have a librknnrt.so.
RUNTIMES = ("2.3.0", "2.3.2")
# SoC to the NPU's kind as models name it, and the first of RUNTIMES for it.
SOCS = {
    "rk3562": ("RKNPU t4", "2.3.0"),
    "rk3566": ("RKNPU lite", "2.3.0"),
    "rk3568": ("RKNPU lite", "2.3.0"),
    "rk3576": ("RKNPU f2", "2.3.0"),
    "rk3588": ("RKNPU v2", "2.3.0"),
    # "Support for RV1126B platform" is in the SDK's list of changes of 2.3.2.
    "rv1126b": ("RKNPU f3", "2.3.2"),
}
SMALL_SOCS = ("rv1103", "rv1103b", "rv1106", "rv1106b")
# None of the releases says; 1.6.0 was seen to refuse a driver below 0.7.0.
LEAST_DRIVER: str | None = None
LEADING = re.compile(r"(\d{1,4})\.(\d{1,4})\.(\d{1,4})")


@dataclass(frozen=True)
class Verdict:
    """Whether librknnrt of the release `runtime` loads a model, None where it is unknown."""

    runtime: str
    loads: bool | None
    why: str


def verdicts(model: Model) -> tuple[Verdict, ...]:
    """Return what is known of each of RUNTIMES."""
    return tuple(Verdict(runtime, *_judged(model, runtime)) for runtime in RUNTIMES)


def _judged(model: Model, runtime: str) -> tuple[bool | None, str]:
    soc = model.targets[0]
    if model.is_small or soc in SMALL_SOCS:
        return False, f"not for librknnrt ({soc} takes librknnmrt)"
    if soc not in SOCS:
        return None, f"nothing is known of librknnrt on {soc}"
    hardware, first = SOCS[soc]
    if _ordered(first) > _ordered(runtime):
        return False, f"{soc} came with {first}"
    doubt = _doubt(model, runtime, hardware)
    return (None, doubt) if doubt else (True, f"format {model.format}, toolkit {model.toolkit}")


def _doubt(model: Model, runtime: str, hardware: str) -> str | None:
    if model.hardware not in {"", hardware}:  # a published file of toolkit 1.1.2 is like that
        return f"it names {model.targets[0]}, but its network is for {model.hardware}"
    made_by = _ordered(model.toolkit)
    if not made_by:
        return f"made by toolkit {model.toolkit!r}"
    return f"made by the newer toolkit {model.toolkit}" if made_by > _ordered(runtime) else None


def _ordered(version: str) -> tuple[int, ...]:
    """Return the numbers that `version` begins with, () for another text."""
    found = LEADING.match(version)
    return tuple(map(int, found.groups())) if found else ()
