"""Converts a model (ONNX, TFLite, TorchScript, TensorFlow, Caffe, Darknet) for Rockchip's NPU.

Exit status 0: OUT.rknn is written; 1: it is not, and one line says why; 2: wrong usage.
"""

from __future__ import annotations

import signal
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from rknn_convert.errors import ConvertError, UsageError
from rknn_convert.printing import printable, write

if TYPE_CHECKING:
    from collections.abc import Sequence

PROG = "rknn-convert"
INTERRUPTED = 130
COMMANDS = ("inspect", "compare")


def main(argv: Sequence[str] | None = None) -> int:
    """Convert, or hand on to the command that the first word names."""
    words = list(sys.argv[1:] if argv is None else argv)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    for number, handler in before.items():
        # Else the toolkit goes on without us. nohup has it ignored, and that is to stay.
        if handler is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    try:
        if words and words[0] in COMMANDS:
            status: int = import_module(f"rknn_convert.{words[0]}").main(words[1:])
            return status
        return _convert(words)
    except ConvertError as error:
        return _complain(str(error), error.exit_status)
    except KeyboardInterrupt:
        return _complain("interrupted", INTERRUPTED)
    except OSError as error:
        return _complain(f"{error.filename or 'the disk'}: {error.strerror}", 1)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _convert(words: Sequence[str]) -> int:
    # None of it is for `inspect`, which has to be quick.
    from rknn_convert import convert, options, progress, settings  # noqa: PLC0415

    parsed = options.parser(PROG, __doc__).parse_intermixed_args(words)
    if parsed.threshold is not None and not parsed.verify:
        raise UsageError("--threshold: nothing is compared without --verify; say that too")
    gathered = settings.gather(parsed)
    manner = convert.Manner(parsed.verbose, parsed.verify, parsed.threshold)
    with progress.listening(verbose=parsed.verbose, quiet=parsed.quiet) as listener:
        made = convert.convert(gathered, manner, listener)
    from rknn_convert import summary  # noqa: PLC0415  # imported while the toolkit started

    for note in made.notes:
        write(sys.stderr, f"{PROG}: note: {printable(f'{parsed.model}: {note}')}\n")
    if not parsed.quiet or parsed.json:
        try:
            write(sys.stdout, summary.as_json(made) if parsed.json else summary.as_lines(made))
        except OSError as error:
            return _complain(f"{made.output} is written, but not its summary: {error.strerror}", 1)
    return 0


def _complain(message: str, status: int) -> int:
    write(sys.stderr, f"{PROG}: {printable(message)}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
