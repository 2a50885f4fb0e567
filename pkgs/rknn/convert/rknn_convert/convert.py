"""One conversion from its settings to the file in its place."""

from __future__ import annotations

import os
import stat
import time
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from rknn_convert import dataset, output, session
from rknn_convert.errors import ConvertError, UsageError
from rknn_convert.heard import FailedError
from rknn_convert.job import Job
from rknn_convert.scratch import scratch_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rknn_convert.ends import Ends
    from rknn_convert.heard import Listener
    from rknn_convert.settings import Settings
    from rknn_convert.summary import Made
    from rknn_convert.verdict import Verdict

MADE = "out.rknn"
# Imported while the toolkit starts, which else would begin so much later.
LATER = ("canonical", "container", "ends", "reasons", "summary")


@dataclass(frozen=True)
class Manner:
    """How it is converted: with all of the toolkit's noise, and compared before it is written.

    `threshold` is the least cosine similarity, None for the one that the kind of model has.
    """

    verbose: bool = False
    verify: bool = False
    threshold: float | None = None


def convert(settings: Settings, manner: Manner, listener: Listener) -> Made:
    """Write the output; raise ConvertError, with the output as it was, where that can't be."""
    started = time.monotonic()
    compared: Verdict | None = None
    check_files(settings)
    output.check(settings.output)
    rows = dataset.read(settings.dataset, settings.shapes) if settings.dataset else []
    with scratch_folder() as scratch:
        samples = dataset.hand_on(rows, scratch) if rows else {}
        job = job_of(settings, verbose=manner.verbose)
        if manner.verify:
            from rknn_convert import verdict  # noqa: PLC0415  # only here

            job = verdict.prepared(job, settings, scratch)
        try:
            begun = session.run(job, scratch, listener, lambda: look_ahead(settings))
        except FailedError as failed:
            from rknn_convert import reasons  # noqa: PLC0415  # see LATER

            names = reasons.Names(str(settings.model), settings.target, samples)
            raise reasons.explain(failed.failure, names) from None
        from rknn_convert import container, ends, summary  # noqa: PLC0415  # see LATER

        made = scratch / "run" / MADE
        if manner.verify:
            compared = verdict.reached(job, scratch, manner.threshold, samples)
            verdict.check(compared, settings.model)
        model = container.read(made)
        check_means(settings.config, len(model.inputs))
        output.put(made, settings.output)
    notes = tuple(ends.lost(begun, settings.load, model))
    return summary.Made(settings.output, model, time.monotonic() - started, compared, notes)


def look_ahead(settings: Settings) -> Ends | None:
    """Return what `ends.checked` does, and import what is needed once the toolkit is done."""
    for name in LATER:
        import_module(f"rknn_convert.{name}")
    from rknn_convert import ends  # noqa: PLC0415  # see LATER

    return ends.checked(settings)


def job_of(settings: Settings, *, verbose: bool = False) -> Job:
    """Return what the process is to do, its files below its own folder but for the model."""
    kind = settings.kind
    load = {kind.model: str(settings.model.absolute()), **settings.load}
    if kind.weights and settings.weights:
        load[kind.weights] = str(settings.weights.absolute())
    build = dict(settings.build)
    if settings.dataset:
        build["dataset"] = "dataset.txt"
    return Job(kind.method, dict(settings.config), load, build, MADE, verbose)


def check_files(settings: Settings) -> None:
    """Raise for a model that can't be read, or that is also the output."""
    for path in filter(None, (settings.model, settings.weights)):
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                raise ConvertError(f"{path} is no file; name the model's file")
            # Not opened: whoever reads it says what is wrong with it.
            if not os.access(path, os.R_OK):
                raise ConvertError(f"{path}: no permission to read it")
            if _is_same(path, settings.output):
                raise UsageError(f"-o {settings.output}: this is the model itself; name another")
        except OSError as error:
            raise ConvertError(f"{path}: {error.strerror}; name the model's file") from None


def check_means(config: Mapping[str, object], inputs: int) -> None:
    """Raise for means of more inputs than the model has: the toolkit passes over them."""
    for key in ("mean_values", "std_values"):
        said = config.get(key)
        # A flat list is the means of one input's channels.
        if isinstance(said, list) and len(said) > inputs and isinstance(said[0], list):
            raise ConvertError(f"{key}: found them for {len(said)} inputs, and there are {inputs}")


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return False
