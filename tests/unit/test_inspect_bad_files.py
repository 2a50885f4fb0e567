"""A file that is no sound .rknn file gets one line that says what it is, and what to do."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from unit.inspect_files import DYNAMIC, QUANTIZED, cut_apart, small_bytes
from unit.rknn_file import container, json_text, rknn_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.inspect_fixtures import Said

pytest_plugins = ["unit.inspect_fixtures"]

WHOLE = rknn_bytes(QUANTIZED)
BODY, TEXT = cut_apart(WHOLE)
TOLD = json_text(QUANTIZED)


def refused(said: Said) -> str:
    """Return the one line of a refusal, behind the file's name."""
    assert (said.status, said.out) == (1, []), said
    assert len(said.err) == 1, said.err
    start, _, reason = said.err[0].partition("some.rknn: ")
    assert start.startswith("rknn-convert: "), start
    return reason


def test_the_whole_file_is_no_such(inspected: Callable[..., Said]) -> None:
    said = inspected(WHOLE)
    assert (said.status, said.err) == (0, [])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"RK", "cut short: only 2 bytes"),
        (b"RKCE" + bytes(99), "an encrypted .rknn model"),
        (b"PK\3\4" + bytes(99), "a zip archive"),
        (b"\x7fELF" + bytes(99), "an ELF file"),
        (b"\n<!DOCTYPE html><html>", "an HTML page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "run git lfs pull"),
        (b"\x1c\0\0\0TFL3" + bytes(99), "a TFLite model"),
        (b"\x08\x08\x12\x07pytorch\x1a\x053.0.0:", "an ONNX model"),
        (BODY, "the inner part of an .rknn file"),
        (bytes(99), "begins with zeros"),
        (b"RKNN\1" + WHOLE[5:], r"it begins with b'RKNN\x01\x00\x00\x00'"),
        (b"\xff\n\x1b[2J", r"it begins with b'\xff\n\x1b[2J'"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_it_is_instead(inspected: Callable[..., Said], content: bytes, says: str) -> None:
    assert says in refused(inspected(content))


@pytest.mark.parametrize("number", [0, 7, 0x1003, 2**64 - 1])
def test_unknown_format_is_told_by_its_number(inspected: Callable[..., Said], number: int) -> None:
    reason = refused(inspected(container(number, BODY, TEXT)))
    assert reason.startswith(f"its .rknn format {number} is unknown (those read are 1 to 6"), reason


def test_cut_short_tells_how_long_it_was(inspected: Callable[..., Said]) -> None:
    reason = refused(inspected(WHOLE[:-1]))
    assert reason.startswith(f"cut short: {len(WHOLE) - 1} bytes of {len(WHOLE)};"), reason


@pytest.mark.parametrize("at", [16, 64 + len(BODY)], ids=["body", "text"])
@pytest.mark.parametrize("length", [2**63, 2**64 - 1, len(WHOLE)])
def test_length_past_the_end(inspected: Callable[..., Said], at: int, length: int) -> None:
    content = WHOLE[:at] + struct.pack("<Q", length) + WHOLE[at + 8 :]
    assert refused(inspected(content)).startswith(f"cut short: {len(WHOLE)} bytes of ")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "is no JSON"),
        (b"{", "is no JSON"),
        (b"\xff{}", "is not UTF-8"),
        (b"[" * 100_000, "is nested too deeply"),
        (b'{"version":' + b"9" * 5000 + b"}", "has too long a number"),
        (b" " * (3 << 20), "would be 3145728 bytes"),
        (b"[]", "no table where"),
        (b'{"graph": 1}', "damaged"),
    ],
    ids=["empty", "half", "bytes", "deep", "huge number", "large", "list", "wrong kind"],
)
def test_text_at_the_end(inspected: Callable[..., Said], text: bytes, says: str) -> None:
    assert says in refused(inspected(container(6, BODY, text)))


@pytest.mark.parametrize(
    "key", ["graph", "norm_tensor", "target_platform", "input_num", "output_num"]
)
def test_description_without_a_part(inspected: Callable[..., Said], key: str) -> None:
    text = json.dumps({name: value for name, value in TOLD.items() if name != key}).encode()
    assert f"its description has no {key!r}" in refused(inspected(container(6, BODY, text)))


@pytest.mark.parametrize("table", ["[" * 100_000, "{'a': 'b", "{'a': object()}", "\\" * 99, "1"])
def test_table_of_tensors_that_is_none(inspected: Callable[..., Said], table: str) -> None:
    content = rknn_bytes(replace(QUANTIZED, extra_slots={3: table}))
    assert refused(inspected(content)).startswith("damaged: ")


def test_parts_that_contradict_each_other(inspected: Callable[..., Said]) -> None:
    content = rknn_bytes(replace(QUANTIZED, extra_slots={8: "rk\n3566"}))
    assert "it is for rk3588 in one place and for rk\\n3566 in another" in refused(
        inspected(content)
    )


def test_fewer_tensors_than_counted(inspected: Callable[..., Said]) -> None:
    content = rknn_bytes(replace(QUANTIZED, extra_json={"input_num": 3}))
    assert "2 of 3 inputs are described" in refused(inspected(content))


@pytest.mark.parametrize("size", [[-1], [2**40], [1.5], [True], [1] * 99, "1"])
def test_shape_that_is_none(inspected: Callable[..., Said], size: object) -> None:
    entries = [{**entry, "size": size} for entry in TOLD["norm_tensor"]]  # type: ignore[attr-defined]
    content = rknn_bytes(replace(QUANTIZED, extra_json={"norm_tensor": entries}))
    assert refused(inspected(content)).startswith("damaged: ")


def test_dynamic_model_without_shapes(inspected: Callable[..., Said]) -> None:
    content = rknn_bytes(replace(DYNAMIC, extra_slots={3: "{}"}))
    assert "no dynamic shapes of 'a'" in refused(inspected(content))


def test_flatbuffer_of_an_rv1106_that_is_not_inside(inspected: Callable[..., Said]) -> None:
    whole = small_bytes()
    content = whole[:64] + struct.pack("<I", 10**6) + whole[68:]
    assert refused(inspected(content)).startswith("damaged: ")
