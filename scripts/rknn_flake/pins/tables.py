"""What commands print: a drawn table on a terminal, aligned plain text in a pipe, or JSON."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from rknn_flake.errors import RknnError

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP = "  "
NOTHING = "-"


@dataclass(frozen=True)
class Column:
    """A column's heading; numbers go to the right, and a row's style shows where `styled`."""

    head: str
    right: bool = False
    styled: bool = False


@dataclass(frozen=True)
class Row:
    """Cells, and remarks: in a pipe the last column, on a terminal lines below the table.

    There `label` says again what they are about, `style` is a colour, and a line is drawn where
    `group` changes.
    """

    label: str
    cells: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    style: str = ""
    group: str = ""


def show(columns: Sequence[Column], rows: Sequence[Row]) -> None:
    """Write the table to stdout; `columns` are those of the cells."""
    write(_drawn(columns, rows) if on_terminal() else _plain(columns, rows))


def on_terminal() -> bool:
    """Say whether a person looks at stdout, rather than a program."""
    return sys.stdout.isatty()


def show_json(value: Any) -> None:  # noqa: ANN401  # whatever JSON holds
    """Write `value` to stdout as one JSON document."""
    write(f"{import_module('json').dumps(value, indent=2)}\n")


def say(line: str) -> None:
    """Write one line to stdout, below or above a table."""
    write(f"{clean(line)}\n")


def human(size: int) -> str:
    """Return a number of bytes for a person: 7.7 MB."""
    if size < 1000:
        return f"{size} B"
    scaled = size / 1000
    for unit in ("kB", "MB"):
        if scaled < 999.95:
            return f"{scaled:.1f} {unit}"
        scaled /= 1000
    return f"{scaled:.1f} GB"


def counted(count: int, noun: str) -> str:
    """Return "1 file" or "2 files"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def clean(text: str) -> str:
    """Return `text` with what would move the cursor written out; a server's words may hold it."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def write(text: str) -> None:
    """Write to stdout at once; raise RknnError where it can't take it."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # Python would try the same text once more as it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise RknnError(f"standard output: {error.strerror}; write it elsewhere") from error


def _plain(columns: Sequence[Column], rows: Sequence[Row]) -> str:
    lines = [[*(column.head for column in columns), "remarks"]]
    for row in rows:
        remarks = "; ".join(map(clean, row.remarks))
        lines.append([*(clean(cell) or NOTHING for cell in row.cells), remarks])
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    texts = []
    for line in lines:
        padded = (
            cell.rjust(width) if column.right else cell.ljust(width)
            for cell, width, column in zip(line, widths, [*columns, Column("")], strict=True)
        )
        texts.append(GAP.join(padded).rstrip())
    return "".join(f"{text}\n" for text in texts)


def _drawn(columns: Sequence[Column], rows: Sequence[Row]) -> str:
    # A fifth of a second to import, which a pipe need not wait for.
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table()
    for column in columns:
        table.add_column(column.head, justify="right" if column.right else "left", overflow="fold")
    for number, row in enumerate(rows):
        texts = [
            Text(clean(cell), row.style if column.styled else "")
            for cell, column in zip(row.cells, columns, strict=True)
        ]
        last = number + 1 == len(rows) or rows[number + 1].group != row.group
        table.add_row(*texts, end_section=last)
    console = Console(highlight=False, soft_wrap=True)
    with console.capture() as drawn:
        console.print(table, soft_wrap=False)
        for row in rows:
            if row.remarks:
                console.print(Text(clean(row.label), row.style))
            for remark in row.remarks:
                console.print(Text(f"  {clean(remark)}"))
    return drawn.get()
