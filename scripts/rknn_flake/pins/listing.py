"""List what sources.toml pins, and how well each file is vouched for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from rknn_flake.pins import choosing, sources, tables
from rknn_flake.pins.tables import Column, Row

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from rknn_flake.pins.entries import Entry

COLUMNS = (
    Column("release"),
    Column("component"),
    Column("arch"),
    Column("Python"),
    Column("size", right=True),
    Column("witnesses", right=True),
    Column("source"),
    Column("state", styled=True),
)
STYLES = {"pinned": "green", "missing": "yellow", "disputed": "bold red"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `list` takes."""
    choosing.argument(parser)
    parser.add_argument("--json", action="store_true", help="every field, for a machine")


def run(options: argparse.Namespace) -> int:
    """Print the chosen files."""
    entries = choosing.chosen(sources.read(options.file), options.selection)
    if options.json:
        tables.show_json([described(entry) for entry in entries])
    else:
        tables.show(COLUMNS, [_row(entry) for entry in entries])
        tables.say(_summary(entries))
    return 0


def described(entry: Entry) -> dict[str, Any]:
    """Return all that is known of the entry, by the keys of sources.toml."""
    fields = {key: getattr(entry, field) for key, field in sources.KEYS.items()}
    told = {"state": entry.state, "source": entry.source, "witnesses": entry.witnesses}
    return {"release": entry.release, **fields, **told}


def size(count: int | None) -> str:
    """Return a size for a table: easy to read on a terminal, exact in a pipe."""
    if count is None:
        return ""
    return tables.human(count) if tables.on_terminal() else str(count)


def _row(entry: Entry) -> Row:
    cells = (
        entry.release,
        entry.component,
        entry.arch,
        entry.python or "",
        size(entry.size),
        str(entry.witnesses),
        entry.source,
        entry.state,
    )
    trusted = entry.trust_on_first_use
    remarks = (*entry.disputes, *([f"trusted on first use: {trusted}"] if trusted else []))
    return Row(entry.label, cells, remarks, STYLES[entry.state], entry.release)


def _summary(entries: Sequence[Entry]) -> str:
    states = Counter[str](entry.state for entry in entries)
    unsized = sum(entry.size is None for entry in entries)
    states_ = ", ".join(f"{states[state]} {state}" for state in STYLES)
    total = sum(entry.size or 0 for entry in entries)
    unknown = f" and {unsized} of unknown size" if unsized else ""
    bytes_ = f"{total} bytes" + (f" ({tables.human(total)})" if tables.on_terminal() else "")
    return f"{tables.counted(len(entries), 'file')}: {states_}; {bytes_}{unknown}"
