"""A comparison as the command sees it: what is asked for, what was found, and if it will do."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from rknn_convert import reasons
from rknn_convert.errors import ConvertError, UsageError
from rknn_convert.job import Comparison
from rknn_convert.measure import Found, failing, threshold
from rknn_convert.printing import cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from rknn_convert.formats import Format
    from rknn_convert.job import Job
    from rknn_convert.measure import Measure
    from rknn_convert.settings import Settings

# The ones whose own framework the toolkit needs, and so is there.
COMPARED = ("onnx", "pytorch")
SAMPLES = 4
CURES = {
    True: "quantize with more samples, more like the real ones, or try --set "
    "quantized_algorithm=mmse",
    False: "does it have values that float16 can't hold (above 65504)?",
}
RANDOM = "random samples may not suit it: rknn-convert compare --inputs takes others"


@dataclass(frozen=True)
class Verdict:
    """What was found, and the least cosine similarity that will do."""

    found: Found
    least: float
    is_quantized: bool

    @property
    def passed(self) -> bool:
        """Whether every output will do."""
        return not failing(self.found.outputs, self.least)


def check_comparable(kind: Format, model: Path) -> None:
    """Raise UsageError for a kind of model that can't be run as it is."""
    if kind.name not in COMPARED:
        raise UsageError(
            f"{model}: only models of format {' and '.join(COMPARED)} can be compared, and this is "
            f"{kind.name}"
        )


def prepared(job: Job, settings: Settings, scratch: Path) -> Job:
    """Return the job with a comparison on the samples it quantizes with, or on random ones."""
    check_comparable(settings.kind, settings.model)
    rows = []
    if settings.dataset:
        lines = (scratch / "run" / "dataset.txt").read_text(encoding="utf-8").splitlines()
        rows = [line.split() for line in lines[:SAMPLES]]
    return with_samples(job, settings, rows, SAMPLES)


def with_samples(job: Job, settings: Settings, rows: list[list[str]], count: int) -> Job:
    """Return the job with a comparison on `rows` of files, or on `count` random samples."""
    batch = job.build.get("rknn_batch_size")
    if batch not in (None, 1):
        raise UsageError(
            f"build.rknn_batch_size = {batch!r}: a graph of another batch can't be compared with "
            f"{settings.model}; take one of the two out"
        )
    original = str(job.load[settings.kind.model])
    return replace(job, comparison=Comparison(original, str(settings.model), rows, count))


def reached(
    job: Job, scratch: Path, least: float | None, names: Mapping[str, str] | None = None
) -> Verdict:
    """Return what the process found; raise ConvertError where the two can't be compared.

    `names` are what the user calls samples, by the names handed on.
    """
    if job.comparison is None:
        raise ConvertError("nothing was compared")
    found = Found.read((scratch / "run" / job.comparison.found).read_text(encoding="utf-8"))
    if found.refused:
        raise ConvertError(reasons.renamed(found.refused, names or {}))
    is_quantized = bool(job.build.get("do_quantization") or job.build.get("auto_hybrid"))
    return Verdict(found, threshold(least, is_quantized=is_quantized), is_quantized)


def check(verdict: Verdict, model: Path) -> None:
    """Raise ConvertError where an output won't do."""
    bad = failing(verdict.found.outputs, verdict.least)
    if not bad:
        return
    said = "; ".join(f"output {cut(one.name)!r}: {_fault(one, verdict.least)}" for one in bad)
    cure = CURES[verdict.is_quantized]
    if any(one.wrong for one in bad):
        cure = RANDOM if verdict.found.is_random else "does the model suit these samples?"
    raise ConvertError(f"{model}: {said}; {cure}")


def as_lines(verdict: Verdict) -> Iterator[str]:
    """Yield the table's lines."""
    rows = [("output", "cosine", "largest error", "of largest value")]
    for one in verdict.found.outputs:
        numbers = (f"{one.cosine:.6f}", f"{one.error:.3g}", f"{one.relative:.3g}")
        rows.append((cut(one.name), *((one.wrong, "", "") if one.wrong else numbers)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = zip(row, widths, strict=True)
        yield "  ".join(f"{cell:{width}}" for cell, width in cells).rstrip()
    kind = "random" if verdict.found.is_random else "given"
    count = verdict.found.samples
    yield f"the worst of {kind} samples, {count}; a cosine of {verdict.least:g} will do"
    for name in verdict.found.left_out:
        yield f"not compared: the original's output {cut(name)}, which the converted graph has not"


def as_json(verdict: Verdict) -> dict[str, Any]:
    """Return the same in JSON's types."""
    return {
        "passed": verdict.passed,
        "threshold": verdict.least,
        "samples": verdict.found.samples,
        "random": verdict.found.is_random,
        "left_out": list(verdict.found.left_out),
        "outputs": [
            {**asdict(one), **dict.fromkeys(("cosine", "error", "relative"))}
            if one.wrong
            else {**asdict(one), "wrong": None}
            for one in verdict.found.outputs
        ],
    }


def _fault(one: Measure, least: float) -> str:
    shown = f"{one.cosine:.6f}"
    # 0.9999999 is shown as what it is below.
    shown = shown if float(shown) < least else repr(one.cosine)
    return one.wrong or f"cosine {shown} is below {least:g}"
