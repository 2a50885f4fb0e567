"""The original and the converted graph on the same samples, in the process of the toolkit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rknn_convert import container, feeds, originals
from rknn_convert.measure import Found
from rknn_convert.measures import measure, worst
from rknn_convert.originals import ComparisonError, SampleError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rknn_convert.job import Comparison, Job
    from rknn_convert.measure import Measure

    Simulate = Callable[[list[Any]], Sequence[Any]]


def run(job: Job, simulate: Simulate) -> None:
    """Run both graphs on the samples of `job` and write down what is found.

    `simulate` takes and returns arrays.
    """
    asked = job.comparison
    if asked is None:
        return
    try:
        found = _found(job, asked, simulate)
    except SampleError as error:
        found = Found(refused=str(error))
    except ComparisonError as error:
        found = Found(refused=f"{asked.name}: {error}")
    Path(asked.found).write_text(found.text(), encoding="utf-8")


def _found(job: Job, asked: Comparison, simulate: Simulate) -> Found:
    model = container.read(Path(job.output))
    names = [tensor.name for tensor in model.outputs]
    original = originals.load(job.method, asked.original, model.inputs, names)
    if original.left_out and not job.load.get("outputs"):
        # Nobody asked for that.
        lost = ", ".join(map(repr, original.left_out))
        raise ComparisonError(
            f"its output {lost} is missing from the converted graph; say all that are to be in it "
            "(--output-tensor)"
        )
    if asked.samples:
        samples = feeds.from_files(
            asked.samples, model.inputs, original.inputs, is_bgr=_is_bgr(job.config)
        )
    else:
        samples = feeds.random(model.inputs, original.inputs, asked.count)
    rows: list[list[Measure]] = []
    for sample in samples:
        expected = original.run(sample.original)
        answers = simulate(list(sample.converted))
        if len(answers) != len(names):
            raise ComparisonError(
                f"the simulator gave {len(answers)} outputs, and the graph has {len(names)}"
            )
        rows.append([measure(*one) for one in zip(names, expected, answers, strict=True)])
    outputs = tuple(worst(column) for column in zip(*rows, strict=True))
    return Found(outputs, len(rows), not asked.samples, original.left_out)


def _is_bgr(config: Mapping[str, Any]) -> bool:
    """Say whether the toolkit was told to read images as blue, green, red."""
    said = config.get("quant_img_RGB2BGR")
    return bool(said[0] if isinstance(said, list) and said else said)
