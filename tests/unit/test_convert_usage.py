"""Words that do not fit each other get one line and status 2, before the toolkit is started."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import rknn_convert
from rknn_convert.cli import main
from unit.commands import command

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.commands import Outcome
    from unit.convert_toolkit import Toolkit

pytest_plugins = ["unit.convert_fixtures"]

USAGE = [
    ("m.onnx", ("--mean", "1,x"), "say a number a channel"),
    ("m.onnx", ("--mean", "1,nan"), "say a number a channel"),
    ("m.onnx", ("--std", "1,0"), "none can be 0"),
    ("m.onnx", ("--input", "1,3,8,8"), "say the input's name too"),
    ("m.onnx", ("--input", "x"), "say the input's shape too"),
    ("m.onnx", ("--input", ""), "names no input"),
    ("m.onnx", ("--input", ":1,2"), "names no input"),
    ("m.onnx", ("--set", "word"), "say KEY=VALUE"),
    ("m.onnx", ("--set", "export.x=1"), "say KEY=VALUE"),
    ("m.onnx", ("--layout", "nhwc"), "models of format onnx are nchw"),
    ("m.onnx", ("--set", "build.do_quantization=true"), "say --quantize DATASET"),
    ("m.onnx", ("--set", "build.dataset=3"), "build.dataset = 3"),
    ("m.onnx", ("--quantize", "x", "--set", "build.do_quantization=false"), "say one of the two"),
    ("m.onnx", ("--threshold", "1.5"), "at most 1"),
    ("m.onnx", ("--threshold", "0.9"), "nothing is compared without --verify"),
    ("m.onnx", ("--set", "load.model=a.onnx"), "load.model: the model is the first word; take"),
    ("m.pb", ("--set", "load.tf_pb=a.pb"), "load.tf_pb: the model is the first word; take"),
    ("m.cfg", ("--set", "load.weight=w"), "load.weight: the weights are WEIGHTS; take"),
    ("m.cfg", ("w", "--set", "load.weight=v"), "load.weight: the weights are WEIGHTS; take"),
    ("m.onnx", ("--mean", "-x,0"), "expected one argument"),
    ("m.onnx", ("--std", "-1,0,1"), "none can be 0"),
    ("m.onnx", ("second.bin",), "a model of format onnx is one file"),
    ("m.onnx", ("-o", "out.onnx"), "has to end in .rknn"),
    ("m.xyz", (), "its suffix is none of .onnx, .tflite, "),
    ("m.pt", (), "needs --input SHAPE"),
    ("m.pb", ("--input", "x:1,8"), "needs --output-tensor NAME"),
    ("m.tflite", ("--input", "x:1,8"), "says its inputs itself"),
    ("m.cfg", ("w", "--output-tensor", "y"), "can't cut models of format darknet"),
    ("m.onnx", ("--nonsense",), "--nonsense"),
]


@pytest.mark.parametrize(("name", "words", "said"), USAGE)
def test_refused(
    convert: Callable[..., Outcome],
    stand_in: Toolkit,
    name: str,
    words: tuple[str, ...],
    said: str,
) -> None:
    outcome = convert("fine", *words, name=name)
    assert (outcome.status, outcome.out) == (2, ""), outcome
    assert outcome.err.startswith("rknn-convert: "), outcome
    assert said in outcome.err, outcome
    assert outcome.err.count("\n") == 1, outcome
    assert not stand_in.was_used


def test_no_target(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    outcome = command(main, capsys)(tmp_path / "m.onnx", "-o", tmp_path / "o.rknn")
    assert outcome.status == 2
    assert (
        outcome.err
        == "rknn-convert: no SoC to convert for; say --target, such as --target rk3588\n"
    )


def test_the_model_as_output(convert: Callable[..., Outcome], tmp_path: Path) -> None:
    words = ("--format", "onnx", "-o", tmp_path / "m.rknn")
    outcome = convert("fine", *words, name="m.rknn")
    assert outcome.status == 2
    assert "this is the model itself" in outcome.err
    assert (tmp_path / "m.rknn").read_text() == "fine"


SETTINGS = [
    ("[config\n", "no TOML: "),
    ("\x00", "no TOML: "),
    ("target = 1\n", "found 'target' at the top; it has the tables [config], [build] and [load]"),
    ("[confg]\n", "found 'confg' at the top"),
]


@pytest.mark.parametrize(("text", "said"), SETTINGS)
def test_bad_settings_file(
    convert: Callable[..., Outcome], tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text)
    outcome = convert("fine", "--settings", file)
    assert outcome.status == 1
    assert outcome.err.startswith(f"rknn-convert: {file}: "), outcome
    assert said in outcome.err
    assert outcome.err.count("\n") == 1


def test_model_in_the_settings_file(
    convert: Callable[..., Outcome], stand_in: Toolkit, tmp_path: Path
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[load]\nmodel = "a.onnx"\n')
    outcome = convert("fine", "--settings", file)
    assert outcome.status == 2
    assert outcome.err == "rknn-convert: load.model: the model is the first word; take it out\n"
    assert not stand_in.was_used


def test_absent_settings_file(convert: Callable[..., Outcome], tmp_path: Path) -> None:
    outcome = convert("fine", "--settings", tmp_path / "absent.toml")
    assert outcome.status == 1
    assert "absent.toml: No such file or directory; --settings names" in outcome.err


@pytest.mark.parametrize("words", [("--help",), ("inspect", "--help")])
def test_help(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    outcome = command(main, capsys)(*words)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.startswith("usage: rknn-convert "), outcome


def test_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    project = tomllib.loads((Path(rknn_convert.__file__).parents[1] / "pyproject.toml").read_text())
    outcome = command(main, capsys)("--version")
    expected = f"rknn-convert {project['project']['version']}\n"
    assert (outcome.status, outcome.out, outcome.err) == (0, expected, "")


@pytest.mark.parametrize("kind", ["absent", "folder"])
def test_no_model(capsys: pytest.CaptureFixture[str], tmp_path: Path, kind: str) -> None:
    model = tmp_path / "m.onnx"
    if kind == "folder":
        model.mkdir()
    outcome = command(main, capsys)(model, "-o", tmp_path / "o.rknn", "--target", "rk3588")
    assert outcome.status == 1
    reason = " is no file" if kind == "folder" else ": No such file or directory"
    assert outcome.err == f"rknn-convert: {model}{reason}; name the model's file\n"
