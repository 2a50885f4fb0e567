"""The surroundings of the toolkit's process: fresh memory is zero while it compiles."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

import rknn_convert
from rknn_convert.steadiness import ENVIRONMENT, zero_fresh_memory

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = {"PYTHONPATH": str(Path(str(rknn_convert.__file__)).parents[1])}
BYTES = 200
# Fills pieces of memory, gives them back, and prints what the next pieces of their size hold.
REUSED = f"""
import ctypes, sys
from rknn_convert.steadiness import zero_fresh_memory
c = ctypes.CDLL(None)
c.malloc.restype, c.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
if "zero" in sys.argv:
    assert zero_fresh_memory()
pieces = [c.malloc({BYTES}) for _ in range(5)]
for piece in pieces:
    ctypes.memset(piece, 0xAB, {BYTES})
for piece in pieces:
    c.free(piece)
held = b"".join(ctypes.string_at(c.malloc({BYTES}), {BYTES}) for _ in pieces)
print(sum(byte != 0 for byte in held))
"""
# A toolkit of one class, whose compiler says what fresh memory holds; then again, outside of it.
COMPILING = """
import sys, types
from rknn_convert.steadiness import zero_while_compiling
compiler = types.ModuleType("rknn.api.rknn_compiler")
sys.modules |= {name: types.ModuleType(name) for name in ("rknn", "rknn.api")}
sys.modules[compiler.__name__] = compiler
class RKNNCompiler:
    def build(self, said):
        print(said, held() != 0)
compiler.RKNNCompiler = RKNNCompiler
assert zero_while_compiling()
RKNNCompiler().build("inside")
print("outside", held() != 0)
"""


def printed(program: str, *arguments: str, env: Mapping[str, str] | None = None) -> str:
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={**FOLDER, **(env or {})},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    ).stdout.strip()


def test_reused_memory_is_zero() -> None:
    assert printed(REUSED, "zero", env=ENVIRONMENT) == "0"


@pytest.mark.parametrize(("arguments", "env"), [((), ENVIRONMENT), (("zero",), {})])
def test_reused_memory_is_not_zero_without_the_call_or_the_variables(
    arguments: tuple[str, ...], env: dict[str, str]
) -> None:
    assert printed(REUSED, *arguments, env=env) != "0"


def test_memory_is_zero_while_the_compiler_runs_and_not_after() -> None:
    held, _, _ = REUSED.partition("pieces = ")
    pieces = REUSED.removeprefix(held).replace("print(", "return (").replace("\n", "\n    ")
    program = f"{held}\ndef held():\n    {pieces}\n{COMPILING}"
    assert printed(program, env=ENVIRONMENT).split("\n") == ["inside False", "outside True"]


def test_a_toolkit_whose_compiler_is_elsewhere() -> None:
    program = "from rknn_convert.steadiness import *; print(zero_while_compiling())"
    assert printed(program) == "False"


def test_the_environment_fixes_the_order_of_sets() -> None:
    orders = {printed("print({'a', 'b', 'c', 'd', 'e', 'f'})", env=ENVIRONMENT) for _ in range(6)}
    assert len(orders) == 1


@pytest.mark.parametrize("library", [SimpleNamespace(), None])
def test_another_c_library_is_no_error(
    library: SimpleNamespace | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def loaded(_: None) -> SimpleNamespace:
        if library is None:
            raise OSError("not found")
        return library

    monkeypatch.setattr(ctypes, "CDLL", loaded)
    assert zero_fresh_memory() is False
