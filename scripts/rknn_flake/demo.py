"""scripts/demo: build with Nix, boot the emulated board, run an inference through rknnlite."""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from rknn_flake import demo_guest, hostsetup, models
from rknn_flake.board import Board, BoardSpec, PretendDriver
from rknn_flake.console import guarded
from rknn_flake.errors import CommandError
from rknn_flake.lock import exclusive
from rknn_flake.nix import Nix
from rknn_flake.paths import cache_dir
from rknn_flake.rknn_file import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rknn_convert.container import Model

MODEL = "conv-rk3588"
RUNTIME = "packages.aarch64-linux.rknn-runtime"
# The board runs Debian's Python 3.11; where the vendor's library would be, it has the simulator.
ENVIRONMENT = "legacyPackages.aarch64-linux.rknn.simulated.envs.python311"
# Seconds for a build that downloads 8 MB: a firewall that drops packets must not hold the demo up.
FETCH_SECONDS = "30"
NO_MIRROR = re.compile(r"cannot download (\S+) from any mirror: (.+)")
VERSION = re.compile(r"(?:API|DRV): .+")
GUEST_MODEL = "/root/model.rknn"
GUEST_SCRIPT = "/root/demo_guest.py"

out = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class Built:
    """What Nix built: store paths with their closures' bytes, and the downloads behind them."""

    environment: str
    closure: tuple[str, ...]
    sizes: dict[str, int]
    fetched: dict[str, int]


@dataclass(frozen=True)
class Ran:
    """What happened on the board."""

    boot_seconds: float
    board: str
    told: dict[str, Any]


@contextmanager
def step(what: str, *, live: bool = True) -> Iterator[None]:
    """Show `what` with a spinner on a terminal, and a line with the seconds once it is done.

    Without `live` there is no spinner, which would draw over what the block asks on the terminal.
    """
    started = time.monotonic()
    # A status draws nothing where stdout is no terminal.
    with out.status(what) if live else nullcontext():
        yield
    out.print(f"{what}: {time.monotonic() - started:.1f} s")


def build(nix: Nix) -> Built:
    """Build a Python that has the binding, on the simulator."""
    environment = nix.build(ENVIRONMENT)["out"]
    closure = nix.closure(environment)
    ours = [path for path in closure if "rknn" in path]
    sizes = {path: nix.path_size(path) for path in [*ours, environment]}
    return Built(environment, closure, sizes, nix.fetched(ENVIRONMENT))


def vendor_runtime(nix: Nix) -> str:
    """Return one line on the vendor's own librknnrt.so: where it is, or why it is not here."""
    try:
        # The library first: of several downloads that fail, Nix tells of whichever failed first.
        for attr in (f"{RUNTIME}.src", RUNTIME):
            built = nix.build(attr, "--option", "timeout", FETCH_SECONDS)
    except CommandError as error:
        refused = dict(NO_MIRROR.findall(str(error)))
        if not refused and "timed out after" not in str(error):
            raise
        why = "; ".join(f"{name} from {urls}" for name, urls in refused.items())
        return f"not built, could not be fetched: {why or f'no answer in {FETCH_SECONDS} s'}"
    return f"{built['out']}  closure {megabytes(nix.path_size(built['out']))}"


def infer(nix: Nix, built: Built, model: Path) -> Ran:
    """Boot the board with the closure and the model and run one inference on zeros."""
    shapes = " ".join(",".join(map(str, tensor.shape)) for tensor in describe(model).inputs)
    spec = BoardSpec(
        store=nix.store,
        closure=built.closure,
        files={GUEST_MODEL: model, GUEST_SCRIPT: Path(demo_guest.__file__)},
        driver=PretendDriver(),
    )
    with Board(spec) as board:
        base = "/proc/device-tree"
        named = board.check(f"tr '\\0' ' ' < {base}/model; echo; tr '\\0' ' ' < {base}/compatible")
        told = board.check(
            f"{built.environment}/bin/python3 {GUEST_SCRIPT} {GUEST_MODEL} {shapes}", timeout=120
        )
        return Ran(board.boot_seconds, named, json.loads(told.splitlines()[-1]))


def megabytes(size: int) -> str:
    """Return a number of bytes for a human."""
    return f"{size / 1e6:.1f} MB"


def account(built: Built, vendor: str, model: Model, ran: Ran) -> None:
    """Print what was built, on which board it ran, with which model and what came out."""
    name, compatible = ran.board.splitlines()
    fetched = sum(built.fetched.values())
    rows = [
        ("built with Nix", f"{path}  closure {megabytes(size)}")
        for path, size in built.sizes.items()
    ]
    rows += [
        ("fetched", f"{megabytes(fetched)} ({fetched} bytes) in {len(built.fetched)} files"),
        ("vendor's runtime", vendor),
        ("board", f"{name.strip()} ({compatible.strip()}), booted in {ran.boot_seconds:.1f} s"),
        ("model", f"{MODEL}.rknn for {', '.join(model.targets)}, by rknn-toolkit2 {model.toolkit}"),
        ("library opened", " ".join(ran.told["library"])),
        ("versions", ", ".join(VERSION.findall(ran.told["versions"]))),
        *(("output", f"shape {shape} of {kind}") for shape, kind in ran.told["outputs"]),
    ]
    before = ""
    for label, text in rows:
        out.print(f"{'' if label == before else label:17} {text}", markup=False)
        before = label


def main(argv: list[str]) -> int:
    """Run the demo; 0 only if the inference worked."""
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.parse_args(argv)
    return guarded("demo", _run)


def _run() -> int:
    with exclusive(cache_dir() / "run.lock", "scripts/demo"):
        # sudo may ask for a password.
        with step("setting up this machine", live=False):
            hostsetup.check_disk()
            hostsetup.ensure(("nix", "build", "board"))
        nix = Nix.private()
        with step("building the Python binding with Nix"):
            built = build(nix)
        with step("building the vendor's own runtime with Nix"):
            vendor = vendor_runtime(nix)
        with step("making a model with the vendor's converter"):
            path = models.get(MODEL)
        with step("running an inference on an emulated Orange Pi 5 Plus"):
            ran = infer(nix, built, path)
        hostsetup.finished()
    account(built, vendor, describe(path), ran)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
