"""Shows how busy Rockchip's NPU is, and its clock; writes nothing and does not wake the NPU.

On a terminal a table until Ctrl-C, in a pipe one line a sample, with --json one object.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from rknn_npu_load.driver import Sample, read_sample
from rknn_npu_load.errors import NpuLoadError
from rknn_npu_load.show import as_json, as_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one line."""

    def error(self, message: str) -> NoReturn:
        """Print the line and exit with status 2."""
        self.exit(2, f"{self.prog}: {message} (--help lists the options)\n")


def seconds(text: str) -> float:
    """Return a positive number of seconds, at most a day."""
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value <= 86400:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected seconds above 0, at most 86400")
    return value


def times(text: str) -> int:
    """Return a number of samples, 1 or more."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a number from 1 up")
    return int(text)


def samples(root: Path, interval: float, count: int | None) -> Iterator[Sample]:
    """Yield `count` samples, or samples without end, `interval` seconds apart."""
    for number in itertools.count(1):
        yield read_sample(root)
        if number == count:
            return
        time.sleep(interval)


def show(options: argparse.Namespace) -> None:
    """Print what was asked for."""
    if options.json:
        sys.stdout.write(as_json(read_sample(options.root)) + "\n")
    elif sys.stdout.isatty():
        # Here, because rich takes longer to import than all the rest takes to run.
        from rknn_npu_load.table import show_live  # noqa: PLC0415

        show_live(samples(options.root, options.interval, options.count))
    else:
        for sample in samples(options.root, options.interval, options.count):
            sys.stdout.write(as_line(sample) + "\n")
            sys.stdout.flush()


def complain(message: str) -> int:
    """Print one line; return the exit status 1."""
    if sys.stderr is not None:
        sys.stderr.write(f"rknn-npu-load: {message}\n")
    return 1


def forget_output() -> None:
    """Keep Python's last flush from complaining about what cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main(argv: Sequence[str] | None = None) -> int:
    """Show the NPU's load; 0 shown, 1 it cannot be read, 2 wrong usage."""
    parser = Parser(prog="rknn-npu-load", description=__doc__, allow_abbrev=False)
    parser.add_argument("--json", action="store_true", help="print one object and end")
    parser.add_argument("--interval", type=seconds, help="seconds between samples (default: 1)")
    parser.add_argument("--count", type=times, help="end after this many samples")
    parser.add_argument(
        "--root", type=Path, default=Path("/"), help="look at the /proc and /sys below this folder"
    )
    options = parser.parse_args(argv)
    if options.json and (options.interval or options.count):
        parser.error("--json prints one sample: leave out --interval and --count")
    options.interval = options.interval or 1.0
    if not os.path.isdir(options.root):  # noqa: PTH112 (its is_dir raises PermissionError)
        parser.error(f"--root {options.root}: no such folder")
    if sys.stdout is None:
        return complain("standard output is closed; give it a file or a pipe")
    try:
        show(options)
        sys.stdout.flush()
    except NpuLoadError as error:
        return complain(str(error))
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:
        # The reader went away (`| head -1`).
        forget_output()
        return 0
    except OSError as error:
        forget_output()
        return complain(f"standard output cannot be written: {error.strerror}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
