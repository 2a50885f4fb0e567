"""Runs a model as it was (in onnxruntime) and as it was converted (in the toolkit's simulator).

Both get the same samples; the outputs' cosine similarity and largest error are printed. The
simulator runs no .rknn file, so MODEL is converted again with the settings that FILE.rknn records,
and what comes out is held against FILE.rknn: it has to be the same. Settings that it does not
record are said as at the conversion.

Exit status 0: all outputs are alike; 1: one is not, or something failed; 2: wrong usage.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from rknn_convert import (
    compare_options,
    container,
    convert,
    dataset,
    difference,
    ends,
    formats,
    progress,
    reasons,
    recorded,
    session,
    verdict,
)
from rknn_convert import settings as settings_of
from rknn_convert.errors import ConvertError, UsageError
from rknn_convert.heard import FailedError
from rknn_convert.printing import printable, write
from rknn_convert.scratch import scratch_folder

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from rknn_convert.container import Model
    from rknn_convert.heard import Listener
    from rknn_convert.settings import Settings
    from rknn_convert.verdict import Verdict

PROG = "rknn-convert compare"
# What the toolkit says of inputs and outputs that a model has not.
OTHER_MODEL = re.compile(r"in (?:input|output)s=.* is invalid!", re.DOTALL)


def main(argv: Sequence[str]) -> int:
    """Compare, print, and return the exit status; ConvertError for all that prevents it."""
    said = compare_options.parser(PROG, __doc__).parse_intermixed_args(argv)
    file = container.read(said.file)
    if not said.allow_different:
        _check_toolkit(said.file, file)
    settings = _settings(said, file)
    with progress.listening(verbose=said.verbose, quiet=said.quiet) as listener:
        found, differs = _run(said, settings, listener)
    if differs:
        differs = f"{said.file} is not what {said.model} becomes here; they differ in {differs}"
        if not said.allow_different:
            raise ConvertError(f"{differs} (--allow-different compares nevertheless)")
        write(sys.stderr, f"rknn-convert: note: {printable(differs)}\n")
    if said.json:
        told = {"model": str(said.model), "file": str(said.file), "same_file": not differs}
        write(sys.stdout, json.dumps({**told, **verdict.as_json(found)}) + "\n")
    elif not said.quiet:
        write(sys.stdout, "".join(f"{line}\n" for line in verdict.as_lines(found)))
    verdict.check(found, said.model)
    return 0


def _settings(said: argparse.Namespace, file: Model) -> Settings:
    kind = formats.find(said.model, said.format)
    verdict.check_comparable(kind, said.model)
    said.weights, said.output = None, said.file
    settings = settings_of.gather(said, recorded.tables(file, kind))
    if not settings.dataset and any(
        tensor.quantization and tensor.quantization.low for tensor in (*file.inputs, *file.outputs)
    ):
        raise UsageError(
            f"{said.file} is quantized, and does not hold the samples; say --quantize DATASET, the "
            "one that it was converted with"
        )
    return settings


def _check_toolkit(path: Path, file: Model) -> None:
    """Raise ConvertError, before any work, for a file of another release of the toolkit."""
    try:
        here = metadata.version("rknn-toolkit2")
    except metadata.PackageNotFoundError:  # the process says so, with what to do
        return
    if file.toolkit not in {"", here}:
        raise ConvertError(
            f"{path}: made by rknn-toolkit2 {file.toolkit}, and here is {here}, which makes "
            "something else; take that release, or say --allow-different"
        )


def _run(said: argparse.Namespace, settings: Settings, listener: Listener) -> tuple[Verdict, str]:
    """Return what was found, and in what FILE is not what was converted here ("" for nothing)."""
    convert.check_files(replace(settings, output=Path("/nonexistent")))
    rows = dataset.read(settings.dataset, settings.shapes) if settings.dataset else []
    samples = dataset.read(said.inputs, ()) if said.inputs else rows
    files = [[str(one.path.absolute()) for one in row] for row in samples[: said.samples]]
    with scratch_folder() as scratch:
        linked = dataset.hand_on(rows, scratch) if rows else {}
        job = convert.job_of(settings, verbose=said.verbose)
        job = verdict.with_samples(job, settings, files, said.samples)
        other_model = ConvertError(
            f"{said.file} was not made from {said.model}, which has other inputs and outputs"
        )
        try:
            session.run(job, scratch, listener, lambda: ends.checked(settings))
        except ends.RankError:
            if said.input:
                raise
            raise other_model from None
        except FailedError as failed:
            names = reasons.Names(str(settings.model), settings.target, linked)
            refusal = reasons.explain(failed.failure, names)
            if said.input or said.output_tensor or not OTHER_MODEL.search(failed.failure.text):
                raise refusal from None
            raise other_model from None
        made = scratch / "run" / job.output
        found = verdict.reached(job, scratch, said.threshold)
        return found, difference.between(said.file, made)
