"""The process that runs the toolkit, the job on its stdin.

The only file that imports rknn.api. Events go to a descriptor; what the toolkit prints, anywhere.
"""

from __future__ import annotations

import ctypes
import inspect
import os
import signal
import sys
from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any, NoReturn

from rknn_convert.job import Event, Job
from rknn_convert.steadiness import zero_fresh_memory, zero_while_compiling

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PACKAGE = "rknn-toolkit2"
PR_SET_PDEATHSIG = 1


class StepError(Exception):
    """A step of the toolkit's returned a failure; the message is its words, where it had any."""


class KeyUnknownError(StepError):
    """A setting that the toolkit's function has no parameter for."""


def main(argv: Sequence[str]) -> int:
    """Do the job, or say at which step it failed and why."""
    descriptor = int(argv[0])
    os.set_inheritable(descriptor, False)  # noqa: FBT003
    # Whatever ends the command without a word ends this too.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    steps = ["import"]

    def say(event: Event) -> None:
        os.write(descriptor, event.line())

    def step(name: str) -> None:
        steps.append(name)
        say(Event("step", name))

    try:
        convert(Job.read(sys.stdin.read()), say, step)
    # The toolkit raises, and returns -1, and may call exit().
    except StepError as error:
        is_usage = isinstance(error, KeyUnknownError)
        say(Event("failed", str(error), steps[-1], is_usage=is_usage))
    except BaseException as error:  # noqa: BLE001
        say(Event("failed", f"{type(error).__name__}: {error}", steps[-1]))
    else:
        say(Event("done"))
    return 0


def convert(job: Job, say: Callable[[Event], None], step: Callable[[str], None]) -> None:
    """Run the toolkit's steps one after the other."""
    rknn = import_module("rknn.api").RKNN(verbose=job.verbose)
    say(Event("toolkit", metadata.version(PACKAGE)))
    load = getattr(rknn, job.method)
    for call, given in ((load, job.load), (rknn.build, job.build), (rknn.config, job.config)):
        check_keys(call, given)
    step("config")
    configure(rknn, job.config)
    step("load")
    succeed(load(**job.load))
    step("build")
    if not zero_while_compiling():
        zero_fresh_memory()
    succeed(rknn.build(**job.build))
    step("export")
    succeed(rknn.export_rknn(job.output))
    if job.comparison:
        step("simulate")
        compare(rknn, job)


def succeed(status: object) -> None:
    """Raise StepError for what the toolkit returns when it failed."""
    if status not in {0, None}:
        raise StepError


def check_keys(call: Callable[..., object], given: dict[str, Any]) -> None:
    """Raise KeyUnknownError for a key that is no parameter of `call`."""
    parameters = inspect.signature(call).parameters
    if any(one.kind is one.VAR_KEYWORD for one in parameters.values()):
        # config(): takes more than it shows, and names it all when it refuses one.
        return
    for key in given:
        if key not in parameters:
            raise KeyUnknownError(f"{call.__name__}:{key}:{','.join(parameters)}")


def configure(rknn: Any, given: dict[str, Any]) -> None:  # noqa: ANN401
    """Call config(); where it refuses the target, have it name those that it knows."""
    try:
        succeed(rknn.config(**given))
    except ValueError as refusal:
        if "Invalid target_platform" not in str(refusal):
            raise
        try:
            rknn.config()
        except ValueError as known:
            raise ValueError(f"{refusal}\n{known}") from None
        raise


def compare(rknn: Any, job: Job) -> None:  # noqa: ANN401
    """Run the converted graph in the simulator beside the original."""
    comparing = import_module("rknn_convert.comparing")
    succeed(rknn.init_runtime())

    def simulate(arrays: list[Any]) -> list[Any]:
        layouts = ["nchw"] * len(arrays)
        answers: list[Any] | None = rknn.inference(inputs=arrays, data_format=layouts)
        if answers is None:
            raise StepError
        return answers

    comparing.run(job, simulate)


def leave(status: int) -> NoReturn:
    """End the process without taking torch apart, which is a fifth of a small conversion's time."""
    sys.stdout.flush()
    sys.stderr.flush()
    # The compiler's "No lowering found" is in C's buffer until now.
    ctypes.CDLL(None).fflush(None)
    os._exit(status)
