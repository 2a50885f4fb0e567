"""What Nix built for the emulated board, and the ways in which the tests try it there."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from expressions import pkgs_expression
from rknn_flake import models
from rknn_flake.errors import BoardError
from rknn_flake.paths import PROJECT
from rknn_flake.rknn_file import describe

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.board import Board

RELEASES = ("2.3.0", "2.3.2", "2.5.0")
DEFAULT = "2.3.2"
# A Python with what the wheel needs, and the wheel itself as PyPI has it.
PLAIN = "plain"
NHWC = (0, 2, 3, 1)

MODELS = "/srv/models"
GUEST = "/srv/guest"
WHEEL = "/srv/wheel"
FIRST_PORT = 7000
LOG = "/run/attempts.log"
# No run on the board takes a tenth of this on an idle machine.
SECONDS = 120.0


def closures() -> dict[str, str]:
    """Return what the board gets from Nix: names, and expressions for closures_expression()."""
    return {
        **{release: python_with(release) for release in RELEASES},
        PLAIN: "python (with p.python311Packages; [ numpy psutil ruamel-yaml ])",
        "npu-load": "p.rknn.npu-load",
        "simulator": "p.rknn.simulator",
    }


def python_with(release: str) -> str:
    """Return an expression for the Python with the binding of `release`."""
    return f'python [ (binding "{release}") ]'


def closures_expression(links: dict[str, str]) -> str:
    """Return a Nix expression for a folder of `links`: names, and what they lead to."""
    commands = "\n".join(f"ln -s ${{{package}}} $out/{name}" for name, package in links.items())
    return f"""
      let
        p = {pkgs_expression()};
        python = packages: p.python311.withPackages (_: packages);
        plain = p.rknn.simulated.toolkitLiteFor p.python311Packages;
        binding = release: plain.override {{ inherit release; }};
      in p.runCommand "board" {{ }} ''
        mkdir $out
        {commands}
      ''
    """


def wheel_expression() -> str:
    """Return a Nix expression for the binding's wheel, as it was downloaded."""
    return f"let p = {pkgs_expression()}; in (p.rknn.toolkitLiteFor p.python311Packages).src"


def guest_files() -> dict[str, Path | bytes]:
    """Return the models, whole and damaged, and the scripts that try them."""
    made = {name: models.get(name) for name in models.MODELS}
    whole = made["conv-rk3588"].read_bytes()
    return {
        **{f"{MODELS}/{name}.rknn": path for name, path in made.items()},
        f"{MODELS}/cut-short.rknn": whole[: len(whole) // 2],
        f"{MODELS}/no-model.rknn": b"<!DOCTYPE html>" + bytes(4096),
        GUEST: PROJECT / "tests/board/guest",
    }


@dataclass(frozen=True)
class Attempt:
    """A try of rknnlite: a model of the board, the inputs' shapes (images have channels last).

    The shapes are the model's own unless given; `release` is a Python of closures().
    """

    model: str = "conv-rk3588"
    shapes: tuple[tuple[int, ...], ...] | None = None
    environment: dict[str, str] = field(default_factory=dict)
    user: str = "root"
    release: str = DEFAULT

    def asked(self) -> str:
        """Return this as attempt.py takes it."""
        shapes = self.shapes
        if shapes is None and self.model in models.MODELS:
            told = [tensor.shape for tensor in describe(models.get(self.model)).inputs]
            shapes = tuple(tuple(shape[axis] for axis in NHWC) for shape in told)
        line = {"model": f"{MODELS}/{self.model}.rknn", "shapes": shapes or ()}
        return json.dumps({**line, "environment": self.environment, "user": self.user})


@dataclass(frozen=True)
class Outcome:
    """What came of an Attempt: what rknnlite returned, what it printed, which library it opened.

    `tensors` is [name, shape, rknn_tensor_type] of the inputs, and of the outputs; `outputs` is
    [shape, dtype] of each array. What was not reached is None.
    """

    load: int | None
    init: int | None
    said: str
    libraries: list[str]
    versions: str | None
    tensors: list[list[list[Any]]] | None
    outputs: list[list[Any]] | None


@dataclass(frozen=True)
class BindingBoard:
    """A board with packages of closures(), by their names, below `root`."""

    board: Board
    root: str
    _ports: dict[str, int] = field(default_factory=dict)

    @property
    def library(self) -> str:
        """The simulator's librknnrt.so, by its place in the store."""
        return self.board.check(f"readlink -f {self.root}/simulator/lib/librknnrt.so").strip()

    def attempt(self, attempt: Attempt) -> Outcome:
        """Try rknnlite on the board, in a process of its own."""
        port = self._ports.get(attempt.release) or self._serve(attempt.release)
        command = f"echo {shlex.quote(attempt.asked())} | nc 127.0.0.1 {port}"
        said = self.board.check(command, timeout=SECONDS)
        if not said:
            why = self.board.check(f"cat {LOG}")
            raise BoardError(f"{attempt}: its process on the board died without an answer:\n{why}")
        return Outcome(**json.loads(said))

    def rknn_init(self, model: str = "conv-rk3588", *, user: str = "root") -> tuple[int, str]:
        """Call the library's rknn_init on the board; return its status and what it printed."""
        call = f"python3 -IS {GUEST}/rknn_init.py {self.root}/simulator/lib/librknnrt.so"
        command = f"su {user} -c '{call} {MODELS}/{model}.rknn'"
        said = self.board.check(command, timeout=SECONDS)
        return int(said.splitlines()[-1]), said

    def _serve(self, release: str) -> int:
        """Start attempt.py under the Python of `release`; return its port."""
        port = FIRST_PORT + len(self._ports)
        path = WHEEL if release == PLAIN else ""
        start = f"{self.root}/{release}/bin/python3 {GUEST}/attempt.py {port}"
        # The server must not write into what later commands print.
        command = f"PYTHONPATH={path} {start} >>{LOG} 2>&1 || {{ cat {LOG}; exit 1; }}"
        self.board.check(command, timeout=SECONDS)
        self._ports[release] = port
        return port
