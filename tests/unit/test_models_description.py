"""An .rknn file says what it is for; a file that is none says so in one line."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rknn_flake.errors import BadFileError
from rknn_flake.rknn_file import Model, Tensor, describe

if TYPE_CHECKING:
    from pathlib import Path

TOLD = {
    "graph": [
        {"left": "output", "left_tensor_id": 0, "right_tensor_id": 2},
        {"left": "input", "left_tensor_id": 1, "right_tensor_id": 1},
        {"left": "input", "left_tensor_id": 0, "right_tensor_id": 0},
    ],
    "norm_tensor": [
        {"tensor_id": 0, "url": "x", "size": [1, 3], "dtype": {"qnt_type": "int8"}},
        {"tensor_id": 1, "url": "mask", "size": [2], "dtype": {"qnt_type": ""}},
        {"tensor_id": 2, "url": "y", "size": [1, 8], "dtype": {"qnt_type": "int8"}},
    ],
    "target_platform": ["rk3588"],
    "version": "2.3.2",
}


def rknn(told: object, npu_part: bytes = b"npu", *, number: int = 6, header: int = 64) -> bytes:
    text = json.dumps(told).encode()
    head = struct.pack("<8sQQ", b"RKNN", number, len(npu_part)).ljust(header, b"\0")
    return head + npu_part + struct.pack("<Q", len(text)) + text


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where a test may write its model."""
    return tmp_path_factory.mktemp("model") / "some.rknn"


def test_targets_version_and_tensors_are_read(path: Path) -> None:
    path.write_bytes(rknn(TOLD))
    assert describe(path) == Model(
        targets=("rk3588",),
        version="2.3.2",
        inputs=(Tensor("x", (1, 3), "int8"), Tensor("mask", (2,), "float")),
        outputs=(Tensor("y", (1, 8), "int8"),),
    )


@pytest.mark.parametrize("number", range(2, 7))
def test_formats_2_to_6_are_read(path: Path, number: int) -> None:
    path.write_bytes(rknn(TOLD, number=number))
    assert describe(path).targets == ("rk3588",)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (rknn(TOLD, b"npu" * 40, number=1, header=24), "format 1 is too old"),
        (rknn(TOLD, number=0), "format 0 is too old"),
        (rknn(TOLD, number=7), "format 7 is unknown"),
        (rknn(TOLD, number=2**64 - 1), f"format {2**64 - 1} is unknown"),
    ],
    ids=["toolkit 1.1.2", "0", "7", "2^64 - 1"],
)
def test_another_format_is_refused_by_its_number(path: Path, content: bytes, says: str) -> None:
    path.write_bytes(content)
    with pytest.raises(BadFileError) as caught:
        describe(path)
    said = str(caught.value)
    assert f"its .rknn {says} (formats 2 to 6 are read)" in said, said
    assert said.startswith(f"{path}: "), said
    assert len(said.splitlines()) == 1, said


@given(st.data())
def test_any_shortened_file_is_refused(path: Path, data: st.DataObject) -> None:
    whole = rknn(TOLD)
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(BadFileError, match=r"some\.rknn: (cut short|not an \.rknn file)"):
        describe(path)


@given(st.binary(max_size=300))
def test_any_other_bytes_are_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(BadFileError):
        describe(path)


@given(st.binary(max_size=60))
def test_any_bytes_behind_the_magic_are_refused(path: Path, content: bytes) -> None:
    path.write_bytes(b"RKNN" + content)
    with pytest.raises(BadFileError):
        describe(path)


@pytest.mark.parametrize("absent", sorted(TOLD))
def test_description_without_a_part_is_refused(path: Path, absent: str) -> None:
    path.write_bytes(rknn({key: value for key, value in TOLD.items() if key != absent}))
    with pytest.raises(BadFileError, match=f"not what an .rknn file has: KeyError.'{absent}'"):
        describe(path)
