"""The options of a conversion."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rknn_convert import __version__
from rknn_convert.formats import NAMES
from rknn_convert.parser import Parser
from rknn_convert.words import divisors, model_input, numbers, setting, share

if TYPE_CHECKING:
    from collections.abc import Callable


def parser(prog: str, description: str | None) -> Parser:
    """Return the parser of a conversion's command line."""
    made = Parser(
        prog=prog,
        description=description,
        usage="%(prog)s MODEL [WEIGHTS] -o OUT.rknn --target SOC [OPTION...]",
        epilog=f"{prog} inspect --help and {prog} compare --help tell of the other two commands.",
        allow_abbrev=False,
    )
    add = made.add_argument
    add("model", type=Path, metavar="MODEL", help="the model's file")
    add("weights", type=Path, metavar="WEIGHTS", nargs="?", help="second file of Caffe and Darknet")
    add("-o", "--output", type=Path, metavar="OUT.rknn", required=True, help="what to write")
    add_settings(add)
    add("--verify", action="store_true", help="compare with the original before OUT is written")
    add("--threshold", type=share, metavar="COSINE", help="the least similarity that will do")
    add("-v", "--verbose", action="store_true", help="show all that the toolkit prints")
    add("--quiet", action="store_true", help="no progress and no summary")
    add("--json", action="store_true", help="the summary as one JSON object")
    add("--version", action="version", version=f"{prog} {__version__}")
    return made


def add_settings(add: Callable[..., object]) -> None:
    """Add what settings.gather() takes, but for the files."""
    add("--target", metavar="SOC", help="the SoC to convert for, such as rk3588")
    add("--format", choices=NAMES, help="the model's format (default: by the file's suffix)")
    add(
        *("--quantize", "-q"),
        type=Path,
        metavar="DATASET",
        help="int8, with samples: a folder of images, or a text of image or .npy files, one sample "
        "(a file for each input) a line",
    )
    add("--mean", type=numbers, action="append", metavar="M,M,M", help="of channels; per input")
    add("--std", type=divisors, action="append", metavar="S,S,S", help="of channels; per input")
    add(
        "--input",
        type=model_input,
        action="append",
        metavar="NAME:SHAPE",
        help="an input and its shape, such as x:1,3,224,224; per input",
    )
    add("--output-tensor", action="append", metavar="NAME", help="where to end the model")
    add("--layout", choices=("nchw", "nhwc"), help="the model's own (TFLite, TensorFlow)")
    add(
        "--set",
        type=setting,
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="of the toolkit's config(); build.KEY and load.KEY of build() and load_…()",
    )
    add("--settings", type=Path, metavar="FILE.toml", help="tables [config], [build] and [load]")
