"""Flags, --set and the TOML file reach the toolkit's functions, the flags before all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.commands import Outcome
    from unit.convert_toolkit import Toolkit

pytest_plugins = ["unit.convert_fixtures"]

TOML = """
[config]
target_platform = "rk3566"
optimization_level = 1
custom_string = "from the file"
[load]
outputs = ["from the file"]
"""

LOADERS = [
    ("m.onnx", (), {"method": "load_onnx", "inputs": None, "outputs": None}),
    (
        "m.onnx",
        ("--input", "a:b:1,3,8,8", "--input", "c:2", "--output-tensor", "y"),
        {"inputs": ["a:b", "c"], "input_size_list": [[1, 3, 8, 8], [2]], "outputs": ["y"]},
    ),
    ("m.PT", ("--input", "1,3,8,8"), {"method": "load_pytorch", "input_size_list": [[1, 3, 8, 8]]}),
    ("m.bin", ("--format", "pytorch", "--input", "x:1,2"), {"input_size_list": [[1, 2]]}),
    ("m.tflite", (), {"method": "load_tflite", "input_is_nchw": False}),
    ("m.tflite", ("--layout", "nchw"), {"input_is_nchw": True}),
    (
        "m.pb",
        ("--input", "x:1,8,8,3", "--output-tensor", "y", "--layout", "nhwc"),
        {"method": "load_tensorflow", "inputs": ["x"], "outputs": ["y"], "input_is_nchw": False},
    ),
]


@pytest.mark.parametrize(("name", "options", "expected"), LOADERS)
def test_each_format_is_loaded_by_its_function(
    convert: Callable[..., Outcome],
    stand_in: Toolkit,
    name: str,
    options: tuple[str, ...],
    expected: dict[str, object],
) -> None:
    outcome = convert("fine", *options, name=name)
    assert outcome.status == 0, outcome
    load = stand_in.calls["load"]
    assert {key: load[key] for key in expected} == expected
    assert load["path"].endswith(f"/{name}")


@pytest.mark.parametrize(("name", "parameter"), [("net.prototxt", "blobs"), ("net.cfg", "weight")])
def test_second_file(
    convert: Callable[..., Outcome],
    stand_in: Toolkit,
    tmp_path: Path,
    name: str,
    parameter: str,
) -> None:
    weights = tmp_path / "net.weights"
    weights.write_text("weights")
    assert convert("fine", weights, name=name).status == 0
    assert stand_in.calls["load"][parameter] == str(weights)
    refused = convert("fine", name=name)
    assert refused.status == 2
    assert "needs WEIGHTS" in refused.err


def test_means_and_divisors(convert: Callable[..., Outcome], stand_in: Toolkit) -> None:
    assert convert("fine", "--mean", "1,2.5,3", "--std", "4,5,6").status == 0
    config = stand_in.calls["config"]
    assert (config["mean_values"], config["std_values"]) == ([[1, 2.5, 3]], [[4, 5, 6]])


@pytest.mark.parametrize("said", ["-1,0,1", "-.5,-2,3e1", "-7"])
def test_means_that_begin_with_a_minus(
    convert: Callable[..., Outcome], stand_in: Toolkit, said: str
) -> None:
    expected = [float(word) for word in said.split(",")]
    assert convert("fine", "--mean", said, "--std", said.replace("0", "4")).status == 0
    assert stand_in.calls["config"]["mean_values"] == [expected]
    assert convert("fine", f"--mean={said}").status == 0
    assert stand_in.calls["config"]["mean_values"] == [expected]


def test_flag_wins_over_set_and_set_over_the_file(
    convert: Callable[..., Outcome], stand_in: Toolkit, tmp_path: Path
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(TOML)
    words = ("--settings", file, "--set", "target_platform=rv1106", "--set", "optimization_level=2")
    assert convert("fine", *words, "--target", "rk3588").status == 0
    config = stand_in.calls["config"]
    assert config["target_platform"] == "rk3588"
    assert config["optimization_level"] == 2
    assert config["custom_string"] == "from the file"
    assert stand_in.calls["load"]["outputs"] == ["from the file"]


def test_settings_file_with_a_byte_order_mark(
    convert: Callable[..., Outcome], stand_in: Toolkit, tmp_path: Path
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(TOML, encoding="utf-8-sig")
    assert convert("fine", "--settings", file).status == 0
    assert stand_in.calls["config"]["optimization_level"] == 1


def test_set_of_the_other_functions(convert: Callable[..., Outcome], stand_in: Toolkit) -> None:
    words = ("--set", "build.do_quantization=False", "--set", 'load.outputs=["y", "z"]')
    assert convert("fine", *words).status == 0
    assert stand_in.calls["build"] == {"do_quantization": False, "dataset": None}
    assert stand_in.calls["load"]["outputs"] == ["y", "z"]


@pytest.mark.parametrize(
    ("word", "near", "known"),
    [
        ("optimisation_level=1", "; did you mean optimization_level?", "custom_string, "),
        ("build.auto_hybird=true", "; did you mean auto_hybrid?", "auto_hybrid, dataset, "),
        ("load.qqqqqq=1", "", "input_initial_val, input_size_list, inputs, model, outputs"),
    ],
)
def test_unknown_setting(convert: Callable[..., Outcome], word: str, near: str, known: str) -> None:
    outcome = convert("fine", "--set", word)
    assert outcome.status == 2
    assert f"rknn-convert: {word.partition('=')[0].rpartition('.')[2]!r} is no " in outcome.err
    assert near in outcome.err
    assert known in outcome.err
    assert ("did you mean" in outcome.err) == bool(near)
    assert outcome.err.count("\n") == 1
