"""A person reads aligned lines; nothing in a file can break them or move the cursor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from unit.inspect_files import DYNAMIC, QUANTIZED, VERSIONS, command, small_bytes
from unit.rknn_file import Model, Tensor, rknn_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.inspect_fixtures import Said

pytest_plugins = ["unit.inspect_fixtures"]

TABLE = {
    "attrs": {"a": {"mean": [1, 2, 3], "std": [4, 5, 6.5]}},
    "quant_tab": {"a": {"qmethod": "layer", "qtype": "asym", "min": [-1.0], "max": [1.0]}},
}


def test_all_of_it(inspected: Callable[..., Said]) -> None:
    content = rknn_bytes(replace(QUANTIZED, extra_slots={3: repr(TABLE), 7: VERSIONS, 21: "cst"}))
    said = inspected(content)
    assert (said.status, said.err) == (0, [])
    assert said.out[0].endswith("/some.rknn")
    assert said.out[1:] == [
        "  target      rk3588 (RKNPU v2)",
        "  toolkit     2.3.2",
        "  compiler    2.3.2, commit e045de294f, 2025-04-07T19:48:25",
        "  framework   ONNX",
        f"  file        {len(content)} bytes, .rknn format 6",
        "  quantized   int8, asymmetric, per layer (not all inputs and outputs)",
        "  shapes      static",
        "  input       a  1x3x4x4  int8  NHWC 1x4x4x3",
        "              mean 1, 2, 3",
        "              std 4, 5, 6.5",
        "              scale 0.00784314  zero point 0  range -1 to 1",
        "  input       b  1x2  int64  UNDEFINED 1x2",
        "  output      result  1x8x16x24  float16  NCHW 1x8x16x24",
        "  custom ops  cst: the loading program must bring them",
        "  custom text mine",
        "  runtime     2.3.0 may or may not load it: made by the newer toolkit 2.3.2",
        "  runtime     2.3.2 loads it: format 6, toolkit 2.3.2",
        "  driver      least version unknown",
    ]


def test_a_float_model_has_no_line_of_ranges(inspected: Callable[..., Said]) -> None:
    said = inspected(rknn_bytes(Model()))
    assert (
        "  quantized   no input or output is (inside, it may be: the file does not tell)"
        in said.out
    )
    assert not [line for line in said.out if "scale" in line or "mean" in line]


def test_dynamic_shapes(inspected: Callable[..., Said]) -> None:
    said = inspected(rknn_bytes(DYNAMIC))
    assert "  shapes      dynamic: one of those listed is chosen" in said.out
    assert "              shapes 1x3x8x8, 1x3x4x4" in said.out


def test_many_shapes_are_counted(inspected: Callable[..., Said]) -> None:
    rows = tuple((1, side) for side in range(40, 0, -1))
    model = Model(
        inputs=(Tensor("a", rows[0], dynamic=rows),), outputs=(Tensor("y", rows[0], dynamic=rows),)
    )
    listed = [
        line for line in inspected(rknn_bytes(model)).out if line.lstrip().startswith("shapes 1x")
    ]
    assert (
        listed
        == ["              shapes 1x40, 1x39, 1x38, 1x37, 1x36, 1x35, 1x34, 1x33 and 32 more"] * 2
    )


def test_model_for_an_rv1106(inspected: Callable[..., Said]) -> None:
    said = inspected(small_bytes())
    line = "  runtime     2.3.2 does not load it: not for librknnrt (rv1106 takes librknnmrt)"
    assert line in said.out


def test_names_cannot_break_lines_or_go_on_for_ever(inspected: Callable[..., Said]) -> None:
    names = ("evil\n  runtime\x1b[2J\u202e", "long" * 1000)
    inputs = tuple(Tensor(name, (1,)) for name in names)
    model = replace(QUANTIZED, inputs=inputs, custom_string="a\nb\rc")
    said = inspected(rknn_bytes(model))
    assert all(line.isprintable() for line in said.out), said.out
    assert max(map(len, said.out[1:])) < 300, said.out
    assert r"  input       evil\n  runtime\x1b[2J\u202e  1  float16  UNDEFINED 1" in said.out
    assert r"  custom text a\nb\rc" in said.out


def test_any_encoding_will_do(tmp_path: Path) -> None:
    path = tmp_path / "some.rknn"
    path.write_bytes(rknn_bytes(replace(QUANTIZED, custom_string="é")))
    done = command(path, PYTHONIOENCODING="ascii")
    assert (done.status, done.stderr) == (0, "")
    assert r"custom text \xe9" in done.stdout
    assert "custom text é" in command(path, PYTHONIOENCODING="utf-8").stdout
