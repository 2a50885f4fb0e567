"""Say what an .rknn file holds, without the vendor's library.

rknn-convert inspect FILE.rknn [--json]

JSON: one object with these keys, null where the file does not say.

file, size, format      the path as given, bytes, number of the .rknn format
targets, hardware       SoCs, such as ["rk3588"], and the NPU's kind, such as "RKNPU v2"
toolkit, compiler       versions; compiler is {"version", "commit", "date"}
framework               what the model came from, such as "ONNX"
quantized               whether an input or an output is; one that is so only inside doesn't tell
dynamic                 whether its shapes may be chosen from the lists `shapes`
custom_string           what --set custom_string= put in
custom_ops              operations that the loading program brings
inputs, outputs         lists of {"name", "shape" (the network's), "dtype", "layout",
                        "runtime_shape" (in that layout), "shapes", "mean", "std",
                        "quantization"}; the last is null or {"method", "kind", "min",
                        "max", "scale", "zero_point"}
runtimes                list of {"version", "loads": true, false or null for unknown, "why"}
least_driver            version of the kernel's driver that it needs, null for unknown
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from rknn_convert import parser
from rknn_convert.container import read
from rknn_convert.errors import ConvertError
from rknn_convert.inspect_json import as_json
from rknn_convert.inspect_text import as_text
from rknn_convert.printing import printable, write

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 130


class Parser(parser.Parser):
    """An argument parser that complains in the whole command's name."""

    def error(self, message: str) -> NoReturn:
        """Print the line and exit with status 2."""
        self.exit(2, f"rknn-convert: {printable(message)} ({self.prog} --help lists the options)\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Tell of the file that `argv` names; 1 where it is no sound .rknn file."""
    about, _, keys = (__doc__ or "").partition("JSON: ")
    parsing = Parser(
        prog="rknn-convert inspect",
        description=about.partition("\n")[0],
        epilog=f"JSON: {keys}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parsing.add_argument("file", type=Path, metavar="FILE.rknn")
    parsing.add_argument("--json", action="store_true", help="for a machine; keys: see below")
    options = parsing.parse_args(argv)
    try:
        model = read(options.file)
        if options.json:
            told = json.dumps(as_json(options.file, model), indent=2)
        else:
            told = as_text(options.file, model)
        write(sys.stdout, f"{told}\n")
    except ConvertError as error:
        return _failed(str(error), error.exit_status)
    except OSError as error:
        return _failed(f"standard output: {error.strerror}", 1)
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _failed(reason: str, status: int) -> int:
    write(sys.stderr, f"rknn-convert: {printable(reason)}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
