"""What the toolkit raises, returns or prints becomes one line, and nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.commands import Outcome
    from unit.convert_toolkit import Toolkit

pytest_plugins = ["unit.convert_fixtures"]

LOADED, BUILT, WRITTEN = "load_onnx", "build", "export"
# Each as rknn-toolkit2 2.3.2 says it.
RAISED = [
    (LOADED, "Model file /x/m.onnx not exists!", "the toolkit can't open it"),
    (
        LOADED,
        "The input shape ['N', 3, 'H', 'W'] of 'x' is not support!\n      Please set the 'inputs'",
        "the shape of its input 'x' is open, ['N', 3, 'H', 'W']; say it, such as --input x:1,3,",
    ),
    (LOADED, "The 'nope' in inputs=['nope'] is invalid!", "has no tensor 'nope' to be an input"),
    (LOADED, "The 'nope' in outputs=['nope'] is invalid!", "has no tensor 'nope' to be an output"),
    (
        LOADED,
        "The len of mean_values ([1.0, 2.0]) for input 0 is wrong, expect 3!",
        "mean_values: found [1.0, 2.0] for input 0 of ",
    ),
    (
        BUILT,
        "The input 0 of NonMaxSuppression('nms') need to be constant! It will cause",
        "NonMaxSuppression (node 'nms') makes sizes that are not known beforehand",
    ),
    (
        BUILT,
        "The input num: 2 in dataset.txt not match input num: 1 in model !",
        "the dataset names 2 file(s) a line, and ",
    ),
    (WRITTEN, "[Errno 28] No space left on device", "no space left in the folder for temporary"),
    (BUILT, "KeyError: 'q_mm'", "rknn-toolkit2 2.3.2 gave up while building: KeyError: 'q_mm'"),
]


@pytest.mark.parametrize(("step", "words", "said"), RAISED)
def test_raised(
    convert: Callable[..., Outcome], tmp_path: Path, step: str, words: str, said: str
) -> None:
    outcome = convert(f"raises {step} {words}")
    assert (outcome.status, outcome.out) == (1, ""), outcome
    assert outcome.err.startswith("rknn-convert: "), outcome
    assert said in outcome.err
    assert outcome.err.count("\n") == 1
    assert "Traceback" not in outcome.err
    assert not (tmp_path / "out.rknn").exists()


@pytest.mark.parametrize("step", [LOADED, BUILT, WRITTEN])
def test_returned(convert: Callable[..., Outcome], tmp_path: Path, step: str) -> None:
    outcome = convert(f"returns {step} The reason of {step} is this!")
    assert outcome.status == 1
    doing = {LOADED: "reading the model", BUILT: "building", WRITTEN: "writing"}[step]
    reason = f"rknn-toolkit2 2.3.2 gave up while {doing}: The reason of {step} is this!"
    assert outcome.err == f"rknn-convert: {tmp_path}/model.onnx: {reason}\n"
    assert not (tmp_path / "out.rknn").exists()


def test_silent(convert: Callable[..., Outcome], tmp_path: Path) -> None:
    outcome = convert(f"returns {BUILT}")
    assert outcome.status == 1
    assert "gave up while building: it does not say why; -v shows" in outcome.err
    assert not (tmp_path / "out.rknn").exists()


def test_operations_that_the_npu_lacks(convert: Callable[..., Outcome], tmp_path: Path) -> None:
    """The toolkit says 0 to every step, and writes a file that no runtime runs."""
    outcome = convert("lacks")
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == (
        f"rknn-convert: {tmp_path}/model.onnx: no operation of the NPU's of rk3588 for Det (node "
        "'det a'), Inv (node 'b'); end the model before it (--output-tensor), or write it with "
        "other operations\n"
    )
    assert not (tmp_path / "out.rknn").exists()


def test_unknown_target(convert: Callable[..., Outcome]) -> None:
    outcome = convert("fine", "--target", "rk3589")
    assert outcome.status == 2
    assert outcome.err == (
        "rknn-convert: --target rk3589: rknn-toolkit2 2.3.2 knows rk3566, rk3588, rv1106; did you "
        "mean rk3588?\n"
    )
    assert "did you mean" not in convert("fine", "--target", "x").err


def test_only_quantized(convert: Callable[..., Outcome]) -> None:
    words = "Current target_platform(rv1106) not support do_quantization = False!"
    outcome = convert(f"returns {BUILT} {words}", "--target", "rv1106")
    assert outcome.err == (
        "rknn-convert: rv1106 runs quantized models only; say --quantize DATASET\n"
    )


def test_calling_exit(convert: Callable[..., Outcome], tmp_path: Path) -> None:
    outcome = convert("exits")
    assert outcome.status == 1
    assert "gave up while building: SystemExit: 7" in outcome.err
    assert not (tmp_path / "out.rknn").exists()


def test_absent_toolkit(convert: Callable[..., Outcome], stand_in: Toolkit) -> None:
    (stand_in.api / "__init__.py").unlink()
    stand_in.api.joinpath("made.rknn").unlink()
    stand_in.api.rmdir()
    outcome = convert("fine")
    assert outcome.status == 1
    assert "rknn-toolkit2 is not installed for " in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_part_of_the_toolkit_is_absent(
    convert: Callable[..., Outcome], stand_in: Toolkit
) -> None:
    (stand_in.api / "__init__.py").write_text("import no_such_part\n")
    outcome = convert("fine")
    assert outcome.status == 1
    assert outcome.err.endswith(": No module named 'no_such_part'\n"), outcome
