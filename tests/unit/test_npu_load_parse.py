"""The driver's text becomes loads, byte for byte as rknpu writes it; any other text is refused."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rknn_npu_load.errors import FormatError
from rknn_npu_load.load import CoreLoad, parse_load, parse_version


def as_the_driver_writes(loads: list[int]) -> str:
    """Return the text of rknpu_debugger.c: "%2.d%%" a core, no name where there is one core."""
    if len(loads) == 1:
        return f"NPU load: {loads[0]:2d}%\n"
    return "NPU load: " + "".join(f" Core{i}: {load:2d}%," for i, load in enumerate(loads)) + "\n"


@pytest.mark.parametrize(
    ("text", "loads"),
    [
        ("NPU load:  0%\n", [0]),
        ("NPU load:  Core0:  0%, Core1: 50%,\n", [0, 50]),
        ("NPU load:  Core0:  0%, Core1: 50%, Core2: 100%,\n", [0, 50, 100]),
    ],
)
def test_known_texts(text: str, loads: list[int]) -> None:
    assert as_the_driver_writes(loads) == text
    assert parse_load(text) == tuple(CoreLoad(i, load) for i, load in enumerate(loads))


@given(st.lists(st.integers(0, 100), min_size=1, max_size=3))
def test_what_the_driver_writes_is_read_back(loads: list[int]) -> None:
    assert [one.load_percent for one in parse_load(as_the_driver_writes(loads))] == loads


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NPU load:\n",
        "NPU load: %\n",
        "NPU load:  101%\n",
        "NPU load:  Core0:  0%, Core1: 999%,\n",
        "NPU load:  Core0:  0%, Core1:",
        "47@200000000Hz\n",
        "NPU load:  0%\nmore\n",
        f"NPU load:  Core{'9' * 5000}:  0%,\n",
    ],
)
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(FormatError, match=r"found .*, expected "):
        parse_load(text)


@given(st.text(max_size=60))
def test_no_text_ends_in_another_error(text: str) -> None:
    with suppress(FormatError):
        assert parse_load(text)


@pytest.mark.parametrize("text", ["0.9.8\n", "RKNPU driver: v0.9.8\n"])
def test_the_version_is_the_same_from_every_file(text: str) -> None:
    assert parse_version(text) == "0.9.8"
