"""What goes between the command and the process that runs the toolkit: a job in, events out."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

STEPS = ("import", "config", "load", "build", "export", "simulate")


@dataclass(frozen=True)
class Comparison:
    """What the simulator is held against after the export: the model `original`, called `name`.

    `samples` are files, one list a sample and a file an input; where there are none, `count` random
    ones are made. What was found is written to `found`, in the process's folder.
    """

    original: str
    name: str
    samples: list[list[str]] = field(default_factory=list)
    count: int = 4
    found: str = "compared.json"


@dataclass(frozen=True)
class Job:
    """Calls of the toolkit's, in JSON's types; `output` is in the process's folder."""

    method: str
    config: dict[str, Any]
    load: dict[str, Any]
    build: dict[str, Any]
    output: str
    verbose: bool = False
    comparison: Comparison | None = None

    def text(self) -> str:
        """Return this as JSON."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def read(cls, text: str) -> Job:
        """Return the job of that JSON."""
        values = json.loads(text)
        asked = values.pop("comparison")
        return cls(**values, comparison=Comparison(**asked) if asked else None)


@dataclass(frozen=True)
class Event:
    """What the process says: a step has begun, the toolkit's version, the end or a failure.

    `kind` is "toolkit" (text: its version), "step" (text: one of STEPS), "failed" (text: the
    toolkit's words or "", step: where) or "done".
    """

    kind: str
    text: str = ""
    step: str = ""
    is_usage: bool = False

    def line(self) -> bytes:
        """Return this as a line of JSON."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def read(cls, line: bytes) -> Event:
        """Return the event of that line."""
        return cls(**json.loads(line))


@dataclass(frozen=True)
class Failure:
    """A conversion that failed: at which step, and what was said.

    `text` is what the toolkit raised, `errors` are the last lines that it printed as errors,
    `unsupported` the (node, type) pairs that the NPU has no operation for, `signal` what ended the
    process.
    """

    step: str
    toolkit: str = ""
    text: str = ""
    errors: tuple[str, ...] = ()
    unsupported: tuple[tuple[str, str], ...] = ()
    signal: int | None = None
    is_usage: bool = False
