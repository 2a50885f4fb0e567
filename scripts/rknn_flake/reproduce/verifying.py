"""Builds held against what was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rknn_flake.reproduce.plan import Target
    from rknn_flake.reproduce.record import Entry, Package
    from rknn_flake.reproduce.running import Hashes


@dataclass(frozen=True)
class Checked:
    """A package held against the record: its status, and a line on it.

    same; differs (the same derivation came out otherwise); other-inputs (another derivation, so
    there is nothing to compare); other-tools (differs, and so do the machine's tools);
    missing (from the flake); unrecorded.
    """

    name: str
    status: str
    what: str = ""


# What makes --verify fail.
FAILURES = frozenset({"differs", "other-inputs", "missing"})


def other_tools(recorded: Entry, tools: dict[str, str]) -> list[str]:
    """Return a line for each of the machine's tools that is not what was recorded."""
    names = sorted(recorded.tools.keys() | tools.keys())
    return [
        f"{name}: recorded {recorded.tools.get(name, 'none')}, here {tools.get(name, 'none')}"
        for name in names
        if recorded.tools.get(name) != tools.get(name)
    ]


def check(
    recorded: Entry,
    targets: Sequence[Target],
    hashes: Hashes,
    *,
    tools: dict[str, str],
    all_asked: bool,
) -> list[Checked]:
    """Hold builds against the record; `hashes` are (target, output) -> NAR hash.

    With `all_asked` what the record has beyond the targets is missing.
    """
    unlike = bool(other_tools(recorded, tools))
    checked = [
        _check(recorded.packages.get(target.name), target, hashes, unlike_tools=unlike)
        for target in targets
    ]
    if all_asked:
        built = {target.name for target in targets}
        checked += [
            Checked(name, "missing", "recorded, but not in the flake")
            for name in sorted(recorded.packages.keys() - built)
        ]
    return checked


def _check(
    package: Package | None,
    target: Target,
    hashes: Hashes,
    *,
    unlike_tools: bool,
) -> Checked:
    if package is None:
        return Checked(target.name, "unrecorded", "the record has no such package")
    if package.drv != target.drv:
        what = f"made from other inputs: recorded {package.drv}, here {target.drv}"
        return Checked(target.name, "other-inputs", what)
    found = {output: hashes.get((target.name, output), "not built") for output in target.outputs}
    lines = [
        f"{output}: recorded {package.outputs.get(output)}, built {found[output]}"
        for output in sorted(found)
        if package.outputs.get(output) != found[output]
    ]
    if not lines:
        return Checked(target.name, "same")
    built = "not built" not in found.values()
    return Checked(
        target.name, "other-tools" if unlike_tools and built else "differs", "; ".join(lines)
    )
