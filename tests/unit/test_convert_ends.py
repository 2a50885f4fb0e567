"""An ONNX graph's inputs and outputs are read from its file without onnx, and ranks held to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rknn_convert import ends
from unit import onnx_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.commands import Outcome

pytest_plugins = ["unit.convert_fixtures"]

MODEL = onnx_bytes.model({"image": 4, "w": 1, "any": None, "scalar": 0}, ["a", "b"], ["w"])


def read(folder: Path, content: bytes) -> ends.Ends | None:
    file = folder / "m.onnx"
    file.write_bytes(content)
    return ends.of_file(file)


def test_inputs_and_outputs(tmp_path: Path) -> None:
    found = read(tmp_path, MODEL)
    assert found == ends.Ends({"image": 4, "any": None, "scalar": 0}, ["a", "b"])


def test_fields_of_other_kinds_are_stepped_over(tmp_path: Path) -> None:
    fixed = onnx_bytes.varint(100 << 3 | 5) + bytes(4) + onnx_bytes.varint(101 << 3 | 1) + bytes(8)
    assert read(tmp_path, fixed + MODEL) == read(tmp_path, MODEL)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no model at all",
        MODEL[:40],
        onnx_bytes.number(1, 8),  # no graph
        b"\xff" * 20,  # a number without an end
        onnx_bytes.varint(3 << 3 | 3),  # a group, which protocol buffers had once
        onnx_bytes.part(7, onnx_bytes.part(12, onnx_bytes.part(1, b"\xff"))),  # no UTF-8
    ],
)
def test_no_model(tmp_path: Path, content: bytes) -> None:
    assert read(tmp_path, content) is None


def test_absent(tmp_path: Path) -> None:
    assert ends.of_file(tmp_path / "absent.onnx") is None


@given(st.integers(0, len(MODEL) - 1), st.integers(0, 255), st.integers(0, len(MODEL)))
@example(0, 0, 0)
@settings(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged(tmp_path: Path, at: int, byte: int, end: int) -> None:
    """Whatever is damaged, it is read or it is not: no other exception, and no hang."""
    content = bytearray(MODEL)
    content[at] = byte
    found = read(tmp_path, bytes(content[:end]))
    assert found is None or len(found.outputs) <= len(content)


@pytest.mark.parametrize(
    ("inputs", "shape", "said"),
    [
        ({"x": 4}, "1,3,8", "its input 'x' has 4 dimensions, and --input says [1, 3, 8]"),
        ({"x": 4}, "1,3,8,8", ""),
        ({"x": None}, "1,3,8", ""),
        ({"y": 4}, "1,3,8", ""),
    ],
)
def test_shape_of_another_rank(
    convert: Callable[..., Outcome],
    tmp_path: Path,
    inputs: dict[str, int | None],
    shape: str,
    said: str,
) -> None:
    """The toolkit's compiler is ended by an assertion of its own."""
    outcome = convert(onnx_bytes.model(inputs, ["result"]), "--input", f"x:{shape}", "--quiet")
    assert outcome.status == bool(said), outcome
    line = f"rknn-convert: {tmp_path}/model.onnx: {said}\n"
    assert outcome.err == (line if said else ""), outcome
