"""A conversion writes what the toolkit made, and says what that is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from unit.rknn_file import Model, Tensor, rknn_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.commands import Outcome
    from unit.convert_toolkit import Toolkit

pytest_plugins = ["unit.convert_fixtures"]

QUANTIZED = Model(
    inputs=(Tensor("picture", (1, 3, 16, 24), "int8", span=(0.0, 1.0)),),
    outputs=(Tensor("scores", (1, 10), "int8", span=(0.0, 1.0)),),
    platform="rk3566",
)


def test_file_and_summary(convert: Callable[..., Outcome], tmp_path: Path) -> None:
    outcome = convert("fine")
    assert (outcome.status, outcome.err) == (0, ""), outcome
    assert (tmp_path / "out.rknn").read_bytes() == rknn_bytes(Model())
    first, *rest = outcome.out.splitlines()
    size = len(rknn_bytes(Model()))
    assert first == f"{tmp_path}/out.rknn: rk3588, not quantized, {size / 1024:.1f} KiB"
    assert rest[:2] == [
        "  input   data    1,16,24,3 NHWC float16",
        "  output  result  1,8,16,24 NCHW float16",
    ]
    assert rest[2].startswith("  made by rknn-toolkit2 2.3.2 in "), rest
    assert rest[3] == "  needs librknnrt 2.3.2, driver rknpu (least version unknown)"


def test_quantized_for_another_soc(
    convert: Callable[..., Outcome], stand_in: Toolkit, tmp_path: Path
) -> None:
    stand_in.makes(QUANTIZED)
    outcome = convert("fine")
    assert outcome.out.startswith(f"{tmp_path}/out.rknn: rk3566, quantized, "), outcome
    assert "  input   picture  1,16,24,3 NHWC int8\n" in outcome.out


def test_runtime_of_the_small_ones(convert: Callable[..., Outcome], stand_in: Toolkit) -> None:
    stand_in.makes(Model(platform="rv1106"))
    assert convert("fine").out.endswith("\n  needs librknnmrt\n")


def test_json(convert: Callable[..., Outcome], tmp_path: Path) -> None:
    outcome = convert("fine", "--json")
    told = json.loads(outcome.out)
    assert outcome.err == ""
    assert told["file"] == f"{tmp_path}/out.rknn"
    assert told["targets"] == ["rk3588"]
    assert [one["name"] for one in told["inputs"]] == ["data"]
    assert 0 < told["seconds"] < 60


def test_quiet(convert: Callable[..., Outcome], tmp_path: Path) -> None:
    outcome = convert("fine", "--quiet")
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "")
    assert (tmp_path / "out.rknn").exists()


def test_verbose_shows_the_noise(convert: Callable[..., Outcome], stand_in: Toolkit) -> None:
    outcome = convert("fine", "-v")
    assert outcome.status == 0
    assert "I rknn building ..." in outcome.err
    assert stand_in.calls["verbose"] is True


def test_without_v_nothing_of_it(convert: Callable[..., Outcome], stand_in: Toolkit) -> None:
    outcome = convert("fine")
    assert "rknn building" not in outcome.err + outcome.out
    assert stand_in.calls["verbose"] is False


def test_a_file_that_is_no_rknn_is_not_written(
    convert: Callable[..., Outcome], stand_in: Toolkit, tmp_path: Path
) -> None:
    (stand_in.api / "made.rknn").write_bytes(rknn_bytes(Model())[:-3])
    outcome = convert("fine")
    assert (outcome.status, outcome.out) == (1, ""), outcome
    assert outcome.err.startswith("rknn-convert: "), outcome
    assert outcome.err.count("\n") == 1
    assert not (tmp_path / "out.rknn").exists()


@pytest.mark.parametrize("words", [("--mean", "1", "--mean", "2"), ("--std", "3", "--std", "4")])
def test_means_of_more_inputs_than_there_are(
    convert: Callable[..., Outcome], tmp_path: Path, words: tuple[str, ...]
) -> None:
    outcome = convert("fine", *words)
    assert outcome.status == 1
    assert "found them for 2 inputs, and there are 1" in outcome.err
    assert not (tmp_path / "out.rknn").exists()
    assert convert("fine", *words[:2]).status == 0
