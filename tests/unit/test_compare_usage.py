"""What `rknn-convert compare` can't do is said in one line before the toolkit is started."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from unit.compare_fixtures import quantized

if TYPE_CHECKING:
    from unit.compare_fixtures import Pair

pytest_plugins = ["unit.compare_fixtures"]


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (("--samples", "0"), 2, "'0' is no whole number above 0"),
        (("--threshold", "1.1"), 2, "'1.1' is no number above 0 and at most 1"),
        (("--format", "tflite"), 2, "only models of format onnx and pytorch can be compared"),
        (("--inputs", "/nonexistent"), 1, "/nonexistent: No such file or directory"),
        (("--mystery",), 2, "unrecognized arguments: --mystery"),
    ],
)
def test_refused(pair: Pair, options: tuple[str, ...], status: int, said: str) -> None:
    outcome = pair.compare(*options)
    assert (outcome.status, outcome.out) == (status, ""), outcome
    assert said in outcome.err, outcome
    assert outcome.err.count("\n") == 1, outcome
    assert not pair.toolkit.was_used


BATCH = ("--set", "build.rknn_batch_size=4")


def test_another_batch(pair: Pair) -> None:
    for outcome in (pair.compare(*BATCH), pair.verify(*BATCH)):
        assert (outcome.status, outcome.out, outcome.err.count("\n")) == (2, "", 1), outcome
        assert "build.rknn_batch_size = 4: a graph of another batch can't be" in outcome.err
    assert not pair.toolkit.was_used
    assert pair.compare("--set", "build.rknn_batch_size=1").status == 0


def test_quantized_without_samples(pair: Pair) -> None:
    pair.converts(quantized())
    outcome = pair.compare()
    assert outcome.status == 2, outcome
    assert f"{pair.file} is quantized, and does not hold the samples" in outcome.err, outcome


@pytest.mark.parametrize("content", [b"", b"RKNN", b"\x08\x08\x12\x00"])
def test_no_rknn_file(pair: Pair, content: bytes) -> None:
    pair.file.write_bytes(content)
    outcome = pair.compare()
    assert (outcome.status, outcome.err.count("\n")) == (1, 1), outcome
    assert str(pair.file) in outcome.err, outcome


def test_verify_of_what_can_not_be_compared(pair: Pair) -> None:
    outcome = pair.verify("--format", "tflite")
    assert outcome.status == 2, outcome
    assert "only models of format onnx and pytorch can be compared" in outcome.err, outcome
    assert not (pair.folder / "out.rknn").exists()
