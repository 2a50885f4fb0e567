"""The options of a comparison."""

from __future__ import annotations

from pathlib import Path

from rknn_convert.options import add_settings
from rknn_convert.parser import Parser
from rknn_convert.verdict import SAMPLES
from rknn_convert.words import count, share


def parser(prog: str, description: str | None) -> Parser:
    """Return the parser of the command line."""
    made = Parser(
        prog=prog,
        description=description,
        usage="%(prog)s MODEL FILE.rknn [--inputs DATASET] [OPTION...]",
        allow_abbrev=False,
    )
    add = made.add_argument
    add("model", type=Path, metavar="MODEL", help="the model as it was")
    add("file", type=Path, metavar="FILE.rknn", help="what it was converted to")
    add(
        "--inputs",
        type=Path,
        metavar="DATASET",
        help="what to run, as for --quantize (default: the same samples, or else random ones)",
    )
    add("--samples", type=count, default=SAMPLES, metavar="N", help="how many (default: 4)")
    add(
        "--threshold",
        type=share,
        metavar="COSINE",
        help="the least similarity that will do (default: 0.999, and 0.98 for a quantized model)",
    )
    add(
        "--allow-different", action="store_true", help="though FILE.rknn is not what comes out here"
    )
    add("-v", "--verbose", action="store_true", help="show all that the toolkit prints")
    add("--quiet", action="store_true", help="no progress and no table")
    add("--json", action="store_true", help="the table as one JSON object")
    add_settings(add)
    return made
