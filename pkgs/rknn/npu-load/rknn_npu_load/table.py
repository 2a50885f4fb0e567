"""A sample on a terminal: a table that is drawn again for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from rknn_npu_load.show import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rknn_npu_load.driver import Sample


def show_live(samples: Iterator[Sample]) -> None:
    """Draw each sample over the one before."""
    with Live(as_table(next(samples)), auto_refresh=False) as live:
        for sample in samples:
            live.update(as_table(sample), refresh=True)


def as_table(sample: Sample) -> Group:
    """Return what a terminal shows: a bar for each core, and the clock below."""
    table = Table(title=f"{sample.driver.name} {sample.driver.version or '(version unknown)'}")
    table.add_column("core", justify="right")
    table.add_column("load", justify="right")
    table.add_column("", width=40)
    for one in sample.cores:
        bar = ProgressBar(total=100, completed=one.load_percent, width=40, finished_style="red")
        table.add_row(str(one.core), f"{one.load_percent}%", bar)
    return Group(table, Text(clock(sample.frequency)))
