"""The command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rknn_cdi import values
from rknn_ready.arguments import Parser, seconds
from rknn_ready.machine import KNOWN

if TYPE_CHECKING:
    import argparse

LIBRARY_PATH = "/usr/lib/librknnrt.so"
RENDER_NODE = "/dev/dri/renderD129"


def parser(description: str | None) -> Parser:
    """Return the parser of rknn-cdi's four commands."""
    made = Parser(prog="rknn-cdi", description=description, allow_abbrev=False)
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    written = _command(commands, "write", "look at the machine and write its spec")
    _add_files(written)
    written.add_argument("--driver", choices=("rknpu", "rocket"), default="rknpu")
    written.add_argument(
        "--group", metavar="NAME", help="whose the nodes are inside (default: as outside)"
    )
    written.add_argument(
        "--wait",
        type=seconds,
        default=0.0,
        metavar="SECONDS",
        help="how long, for the nodes",
    )
    written.add_argument(
        "--root", type=Path, default=Path("/"), help="look at /proc, /sys and /dev below it"
    )
    _add_contents(written)
    static = _command(commands, "static", "write the spec of a driver built for DMA heaps")
    _add_files(static)
    static.add_argument("--soc", required=True, choices=sorted(set(KNOWN.values())))
    static.add_argument(
        "--gid", type=values.group, metavar="NUMBER", help="the group whose the nodes are inside"
    )
    static.set_defaults(driver="rknpu")
    _add_contents(static)
    _add_files(_command(commands, "remove", "remove what write wrote"))
    check = _command(commands, "check", "hold specs to CDI's rules")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    return made


def refuse(made: Parser, options: argparse.Namespace) -> None:
    """End with a usage error where options do not go together."""
    if options.command not in {"write", "static"}:
        return
    if options.output.suffix != ".json":
        made.error(f"--output {options.output}: engines read files that end in .json")
    if options.library is None and (options.closure or options.library_paths):
        made.error("--closure and --library-path are of a --library, and there is none")
    if options.library and options.driver == "rocket":
        made.error("--library is for rknpu: librknnrt can't use rocket")
    options.library_paths = options.library_paths or [LIBRARY_PATH]


def _command(commands: argparse._SubParsersAction[Parser], name: str, does: str) -> Parser:
    return commands.add_parser(name, help=does, description=does, allow_abbrev=False)


def _add_files(made: Parser) -> None:
    made.add_argument("--output", required=True, type=values.file, metavar="FILE", help="the spec")
    made.add_argument(
        "--soc-copy",
        required=True,
        type=values.file,
        metavar="FILE",
        help="a copy of /proc/device-tree/compatible, which engines hide",
    )


def _add_contents(made: Parser) -> None:
    made.add_argument(
        "--library", type=values.file, metavar="FILE", help="the librknnrt.so to mount"
    )
    made.add_argument(
        "--library-path",
        dest="library_paths",
        action="append",
        type=values.absolute,
        metavar="PATH",
        help=f"where it is inside (default: {LIBRARY_PATH})",
    )
    made.add_argument(
        "--closure", type=Path, metavar="LIST", help="paths that the library needs, one a line"
    )
    made.add_argument(
        "--without-gids",
        dest="gids",
        action="store_false",
        help="do not put the container's user into the group",
    )
    made.add_argument(
        "--render-node",
        type=values.node,
        default=RENDER_NODE,
        metavar="PATH",
        help=f"the render node's name inside (default: {RENDER_NODE}, rknnlite's)",
    )
    heaps = made.add_mutually_exclusive_group()
    heaps.add_argument(
        "--dma-heap",
        dest="dma_heaps",
        action="append",
        type=values.heap,
        metavar="NAME",
        help="a heap below /dev/dma_heap, of a driver built for heaps (default: system)",
    )
    heaps.add_argument("--no-dma-heaps", dest="dma_heaps", action="store_const", const=[])
    made.add_argument(
        "--node",
        dest="nodes",
        action="append",
        type=values.node,
        default=[],
        metavar="PATH",
        help="one more node where there is such, as /dev/rga",
    )
