"""What a check found, as a table with a summary below it or as JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rknn_flake.pins import tables
from rknn_flake.pins.checked import CACHE
from rknn_flake.pins.entries import SOURCES, host
from rknn_flake.pins.listing import size
from rknn_flake.pins.tables import Column, Row

if TYPE_CHECKING:
    from rknn_flake.pins.checked import Checked
    from rknn_flake.pins.form import Finding

COLUMNS = (
    Column("release"),
    Column("component"),
    Column("arch"),
    Column("Python"),
    Column("size", right=True),
    Column("from"),
    Column("state", styled=True),
)
# The states in the order in which the summary counts them.
STYLES = {
    "ok": "green",
    "disagrees": "bold red",
    "unreachable": "bold red",
    "malformed": "bold red",
    "disputed": "bold red",
    "missing": "yellow",
}
WORDS = {"disagrees": "disagreed"}
# Those that it counts even where there are none.
ALWAYS = ("ok", "disagrees", "unreachable")


@dataclass(frozen=True)
class Report:
    """The rows of a check of `files` files; `left` are those that Ctrl-C left unchecked."""

    files: int
    findings: tuple[Finding, ...]
    rows: tuple[Checked, ...]
    left: int
    offline: bool
    seconds: float

    @property
    def failed(self) -> bool:
        """Whether anything disagrees, is malformed or could not be had."""
        return bool(self.findings) or any(row.failed for row in self.rows)

    @property
    def had(self) -> list[Checked]:
        """The rows of files whose bytes were here to be held against something."""
        return [row for row in self.rows if row.origin is not None]

    def summary(self) -> dict[str, Any]:
        """Return the figures."""
        cached = sum(row.origin == CACHE for row in self.had)
        states = Counter[str](row.state for row in self.rows)
        return {
            "files": self.files,
            "findings": len(self.findings),
            **({} if self.offline else {state: states[state] for state in STYLES}),
            "bytes": sum(row.size for row in self.had),
            "cached": cached,
            "fetched": len(self.had) - cached,
            "left": self.left,
            "seconds": round(self.seconds, 3),
        }


def show(report: Report, *, as_json: bool) -> None:
    """Print what was found to stdout."""
    if as_json:
        tables.show_json(
            {
                "findings": [
                    {"entry": one.entry and one.entry.label, "what": one.what}
                    for one in report.findings
                ],
                "files": [row.described() for row in report.rows],
                "summary": report.summary(),
            }
        )
        return
    for finding in report.findings:
        tables.say(str(finding))
    if report.rows:
        tables.show(COLUMNS, [_row(row) for row in report.rows])
    tables.say(_summary(report))


def _row(row: Checked) -> Row:
    entry = row.entry
    origin = row.origin or row.mirror or ""
    place = host(origin) or origin
    cells = (
        entry.release,
        entry.component,
        entry.arch,
        entry.python or "",
        size(row.size) if row.origin else "",
        # PyPI's URLs are longer than a terminal is wide.
        SOURCES.get(place, place),
        row.state,
    )
    whole = origin if row.mirror or (row.failed and row.origin not in (None, CACHE)) else None
    # A mirror whose bytes are held against the pin here said less about them.
    refused = [line for line in row.refused if not line.startswith(f"{origin}: ")]
    remarks = (*map(str, row.differences), row.why, whole, *refused)
    return Row(entry.label, cells, tuple(filter(None, remarks)), STYLES[row.state], entry.release)


def _summary(report: Report) -> str:
    figures = report.summary()
    found = f"{tables.counted(len(report.findings), 'finding')} on the form"
    if report.offline:
        return f"{tables.counted(report.files, 'file')}: {found}"
    shown = [state for state in STYLES if state in ALWAYS or figures[state]]
    states = ", ".join(f"{figures[state]} {WORDS.get(state, state)}" for state in shown)
    count = figures["bytes"]
    size_ = f" ({tables.human(count)})" if tables.on_terminal() else ""
    stopped = f"; stopped with {report.left} unchecked" if report.left else ""
    return (
        f"{tables.counted(report.files, 'file')}: {states}; {found}; {count} bytes{size_}, "
        f"{figures['cached']} from the cache, {figures['fetched']} fetched; "
        f"{report.seconds:.1f} s{stopped}"
    )
