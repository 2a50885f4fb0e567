"""What every benchmark hands back: a ratio, how it was taken, and the figures behind it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

from rknn_flake.errors import RknnError

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Sample:
    """The runs of one side: their median, and their spread as (max - min) / median."""

    median: float
    spread: float
    runs: int


@dataclass(frozen=True)
class Report:
    """One benchmark's outcome; `target` is the most that `ratio` may be, None where there is none.

    `failures` are further targets that were missed, in words.
    """

    name: str
    ratio: float
    target: float | None
    lines: tuple[str, ...]
    figures: dict[str, Any] = field(default_factory=dict)
    failures: tuple[str, ...] = ()

    @property
    def met(self) -> bool:
        """Whether no target was missed."""
        return not self.failures and (self.target is None or self.ratio <= self.target)


def sample(values: Sequence[float]) -> Sample:
    """Return median and spread of `values`; an empty sequence is an RknnError."""
    if not values:
        raise RknnError("no runs: nothing was measured; ask for 1 run at least")
    middle = median(values)
    return Sample(middle, (max(values) - min(values)) / middle if middle else 0.0, len(values))


def ratio(new: float, old: float, what: str) -> float:
    """Return new / old; an `old` that is not above 0 is an RknnError."""
    if old <= 0:
        raise RknnError(f"{what}: nothing to compare with, {old:g} was measured; expected above 0")
    return new / old


def verdict(report: Report) -> str:
    """Say in one line whether the targets were met."""
    if report.target is None and not report.failures:
        return "no target"
    if report.met:
        return f"target met: at most {report.target:g}"
    missed = [*report.failures]
    if report.target is not None and report.ratio > report.target:
        missed.insert(0, f"the ratio is to be at most {report.target:g}")
    return f"target MISSED: {'; '.join(missed)}"


def as_text(report: Report) -> str:
    """Return the report for a human, its ratio and the verdict first."""
    lines = (f"{report.name}: ratio {report.ratio:.4f} ({verdict(report)})", *report.lines)
    return "\n  ".join(lines)


def as_json(reports: Sequence[Report]) -> str:
    """Return the reports for a machine."""
    return json.dumps([{**asdict(report), "met": report.met} for report in reports], indent=2)
