"""Why there is no file, in one line: what, where, what to do."""

from __future__ import annotations

import ast
import difflib
import re
import signal
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rknn_convert import phrases
from rknn_convert.errors import ConvertError, UsageError
from rknn_convert.traceback_end import raised

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rknn_convert.job import Failure

LONGEST = 500
UNKNOWN_KEY = re.compile(
    r"Valid input is (?P<known>\[[^\]]*\]).*'(?P<key>[^']*)' is not support!", re.DOTALL
)
UNKNOWN_TARGET = re.compile(
    r"Invalid target_platform '(?P<target>[^']*)'.*valid values are (?P<known>\[[^\]]*\])",
    re.DOTALL,
)
# What worker.check_keys says.
CHECKED_KEY = re.compile(r"(?P<call>\w+):(?P<key>[^:]*):(?P<known>[\w,]*)")
DOING = {
    "import": "while starting",
    "config": "over the settings",
    "load": "while reading the model",
    "build": "while building",
    "export": "while writing",
    "simulate": "in its simulator",
}


@dataclass(frozen=True)
class Names:
    """What the user calls things: the model, the SoC, and samples by the names handed on."""

    model: str
    target: str
    samples: Mapping[str, str] = field(default_factory=dict)


def explain(failure: Failure, names: Names) -> ConvertError:
    """Return the error that says it."""
    said = failure.text or (failure.errors[-1] if failure.errors else "")
    if failure.signal is not None:
        return ConvertError(_crash(failure, failure.signal, names.model))
    if failure.unsupported and not failure.text:
        return ConvertError(_unsupported(failure, names))
    if failure.is_usage and (found := CHECKED_KEY.fullmatch(said)):
        return _unknown_key(found["call"], found["key"], found["known"].split(","), failure)
    if found := UNKNOWN_TARGET.search(said):
        return _unknown_target(found["target"], _list(found["known"]), failure)
    if found := UNKNOWN_KEY.search(said):
        return _unknown_key("config", found["key"], _list(found["known"]), failure)
    text = renamed(raised(said), names.samples)
    line = phrases.line(text, names.model, names.target, sys.executable)
    return ConvertError(line or _other(failure, text, names))


def renamed(text: str, samples: Mapping[str, str]) -> str:
    """Return the text with samples called what the user calls them."""
    for link, name in samples.items():
        text = text.replace(link, name)
    return text


def _crash(failure: Failure, number: int, model: str) -> str:
    name = signal.Signals(number).name
    where = DOING[failure.step]
    if number == signal.SIGKILL:
        return (
            f"{model}: the toolkit was killed (SIGKILL) {where}: the machine ran out of "
            "memory, most likely; free some, or convert on a bigger one"
        )
    return (
        f"{model}: the toolkit crashed ({name}) {where}: a fault of {_toolkit(failure)}; try "
        "another of its releases, or end the model earlier (--output-tensor)"
    )


def _unsupported(failure: Failure, names: Names) -> str:
    ops = ", ".join(f"{kind} (node {node!r})" for node, kind in failure.unsupported)
    return (
        f"{names.model}: no operation of the NPU's of {names.target} for {ops}; end the model "
        "before it (--output-tensor), or write it with other operations"
    )


def _unknown_target(target: str, known: Sequence[str], failure: Failure) -> UsageError:
    all_known = ", ".join(sorted(known))
    return UsageError(
        f"--target {target}: {_toolkit(failure)} knows {all_known}{_near(target, known)}"
    )


def _unknown_key(call: str, key: str, known: Sequence[str], failure: Failure) -> UsageError:
    return UsageError(
        f"{key!r} is no setting of {call}(){_near(key, known)}; {_toolkit(failure)} has "
        f"{', '.join(sorted(known))}"
    )


def _other(failure: Failure, text: str, names: Names) -> str:
    words = " ".join(text.split()) or "it does not say why; -v shows all that it prints"
    if len(words) > LONGEST:
        words = f"{words[:LONGEST]}…"
    return f"{names.model}: {_toolkit(failure)} gave up {DOING[failure.step]}: {words}"


def _near(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, 1, 0.5)
    return f"; did you mean {near[0]}?" if near else ""


def _toolkit(failure: Failure) -> str:
    return f"rknn-toolkit2 {failure.toolkit}" if failure.toolkit else "rknn-toolkit2"


def _list(text: str) -> list[str]:
    try:
        return [str(one) for one in ast.literal_eval(text)]
    except (ValueError, SyntaxError):
        return []
