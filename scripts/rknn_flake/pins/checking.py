"""Hold files against the hash, size and witnesses of sources.toml."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from rknn_flake.errors import RknnError
from rknn_flake.pins import checked, choosing, form, hashes, report, sources
from rknn_flake.pins.cache import Cache
from rknn_flake.pins.client import DownloadError
from rknn_flake.pins.download import Wanted, download_all
from rknn_flake.pins.entries import host
from rknn_flake.progress import bars

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from rknn_flake.pins.checked import Checked
    from rknn_flake.pins.entries import Entry


class Task(NamedTuple):
    """A file to check; `mirror` is the one of its URLs that is meant, if one is."""

    entry: Entry
    mirror: str | None = None


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `check` takes."""
    choosing.argument(parser)
    parser.add_argument(
        "--offline", action="store_true", help="only the form of sources.toml; nothing is fetched"
    )
    parser.add_argument(
        "--all-mirrors", action="store_true", help="fetch from every URL of a file, not from one"
    )
    parser.add_argument("--json", action="store_true", help="rows and summary, for a machine")


def run(options: argparse.Namespace) -> int:
    """Check the chosen files; 1 where anything disagrees or could not be had."""
    started = time.monotonic()
    known = sources.read(options.file)
    entries = choosing.chosen(known, options.selection)
    found = [one for one in form.findings(known) if one.entry is None or one.entry in entries]
    tasks = [] if options.offline else _tasks(entries, all_mirrors=options.all_mirrors)
    rows: dict[int, Checked] = {}
    stopped = None
    try:
        rows.update(_rows(tasks, options.jobs))
    except (KeyboardInterrupt, RknnError) as stop:
        # Ctrl-C, or a full disk; what is known up to here is told first.
        stopped = stop
    done = report.Report(
        files=len(entries),
        findings=tuple(found),
        rows=tuple(rows[number] for number in sorted(rows)),
        left=len(tasks) - len(rows),
        offline=options.offline,
        seconds=time.monotonic() - started,
    )
    report.show(done, as_json=options.json)
    if stopped is not None:
        raise stopped
    return 1 if done.failed else 0


def _tasks(entries: Sequence[Entry], *, all_mirrors: bool) -> list[Task]:
    tasks = []
    for entry in entries:
        apart = all_mirrors and entry.urls and checked.unfetched(entry) is None
        mirrors = entry.urls if apart else (None,)
        tasks += [Task(entry, mirror) for mirror in mirrors]
    return tasks


def _rows(tasks: Sequence[Task], jobs: int) -> Iterator[tuple[int, Checked]]:
    """Yield each task's number and its row, as they are done."""
    fetched = []
    for number, task in enumerate(tasks):
        row = checked.unfetched(task.entry)
        if row is None:
            fetched.append(number)
        else:
            yield number, row
    if not fetched:
        return
    wanted = [_wanted(tasks[number]) for number in fetched]
    with (
        bars(count_bytes=True) as shown,
        closing(download_all(wanted, cache=Cache(), jobs=jobs, bars=shown)) as arriving,
    ):
        whole = shown.bar(f"0 of {len(wanted)}", sum(one.size or 0 for one in wanted))
        for done, (at, got) in enumerate(arriving, start=1):
            entry, mirror = tasks[fetched[at]]
            if isinstance(got, DownloadError):
                yield fetched[at], checked.unreached(entry, got, mirror)
            elif isinstance(got, RknnError):
                raise got
            else:
                yield fetched[at], checked.held(entry, got, mirror)
                whole.advance(got.digests.size)
            whole.text(f"{done} of {len(wanted)}")


def _wanted(task: Task) -> Wanted:
    entry, mirror = task
    if mirror is None:
        sha256 = hashes.sha256_hex(entry.hash) if entry.hash else None
        return Wanted(entry.label, entry.urls, entry.size, sha256)
    # Asked for by its hash, it would come from the cache.
    return Wanted(f"{entry.label} from {host(mirror)}", (mirror,), entry.size)
