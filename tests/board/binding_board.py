"""What Nix built for the emulated board, and the ways in which the tests try it there."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from expressions import pkgs_expression
from rknn_flake import models
from rknn_flake.paths import PROJECT
from rknn_flake.rknn_file import describe

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.board import Board

RELEASES = ("2.3.0", "2.3.2", "2.5.0")
DEFAULT = "2.3.2"
NHWC = (0, 2, 3, 1)

MODELS = "/srv/models"
GUEST = "/srv/guest"
# The wheel as PyPI has it.
WHEEL = "/srv/wheel"
# No run on the board takes a tenth of this on an idle machine.
SECONDS = 120.0


def closures_expression() -> str:
    """Return a Nix expression for a folder of links to all that the board gets from Nix."""
    links = {release: f'python [ (binding "{release}") ]' for release in RELEASES}
    links["no-binding"] = "python (with p.python311Packages; [ numpy psutil ruamel-yaml ])"
    links["npu-load"] = "p.rknn.npu-load"
    links["simulator"] = "p.rknn.simulator"
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
    """A try of rknnlite: a model of the board, the inputs' shapes (images have channels last)."""

    model: str = "conv-rk3588"
    shapes: tuple[tuple[int, ...], ...] | None = None
    environment: dict[str, str] = field(default_factory=dict)

    def asked(self) -> dict[str, object]:
        """Return this as attempt.py takes it; the shapes are the model's own unless given."""
        shapes = self.shapes
        if shapes is None and self.model in models.MODELS:
            told = [tensor.shape for tensor in describe(models.get(self.model)).inputs]
            shapes = tuple(tuple(shape[axis] for axis in NHWC) for shape in told)
        path = f"{MODELS}/{self.model}.rknn"
        return {"model": path, "shapes": shapes or (), "environment": self.environment}


@dataclass(frozen=True)
class Outcome:
    """What came of an Attempt: what rknnlite returned, what it printed, what the process opened.

    `tensors` is [name, shape, rknn_tensor_type] of the inputs, and of the outputs; `outputs` is
    [shape, dtype] of each array. What was not reached is None.
    """

    load: int
    init: int
    said: str
    libraries: list[str]
    versions: str | None
    tensors: list[list[list[Any]]] | None
    outputs: list[list[Any]] | None


@dataclass(frozen=True)
class BindingBoard:
    """A board with the packages of closures_expression() below `root`."""

    board: Board
    root: str

    @property
    def library(self) -> str:
        """The simulator's librknnrt.so, by its place in the store."""
        return self.board.check(f"readlink -f {self.root}/simulator/lib/librknnrt.so").strip()

    def attempt(
        self, *attempts: Attempt, release: str = DEFAULT, unpatched: bool = False, user: str = ""
    ) -> list[Outcome]:
        """Try rknnlite in one process on the board; `user` makes it somebody else's than root's."""
        asked = json.dumps([attempt.asked() for attempt in attempts])
        command = [f"{self.root}/{release}/bin/python3", f"{GUEST}/attempt.py", asked]
        if unpatched:
            command = ["env", f"PYTHONPATH={WHEEL}", f"{self.root}/no-binding/bin/python3"]
            command += [f"{GUEST}/attempt.py", asked]
        said = self.board.check(_as(user, command), timeout=SECONDS)
        return [Outcome(**told) for told in json.loads(said.splitlines()[-1])]

    def rknn_init(self, model: str = "conv-rk3588", *, user: str = "") -> tuple[int, str]:
        """Call the library's rknn_init on the board; return its status and what it printed."""
        script, path = f"{GUEST}/rknn_init.py", f"{MODELS}/{model}.rknn"
        command = ["python3", script, f"{self.root}/simulator/lib/librknnrt.so", path]
        said = self.board.check(_as(user, command), timeout=SECONDS)
        return int(said.splitlines()[-1]), said


def _as(user: str, command: list[str]) -> str:
    words = shlex.join(command)
    return f"su {user} -c {shlex.quote(words)}" if user else words
