"""What a comparison found for one output, and whether that will do."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

THRESHOLD_FLOAT = 0.999
THRESHOLD_QUANTIZED = 0.98


@dataclass(frozen=True)
class Measure:
    """The worst over all samples: cosine similarity, and the largest error in the output's units.

    `relative` is that error over the original's largest value; `wrong` says why nothing could be
    measured, or is "".
    """

    name: str
    cosine: float = 0.0
    error: float = 0.0
    relative: float = 0.0
    wrong: str = ""


@dataclass(frozen=True)
class Found:
    """All outputs' measures over `samples` samples; `refused` says why there are none, or is "".

    `left_out` are outputs of the original that the converted graph was not to have.
    """

    outputs: tuple[Measure, ...] = ()
    samples: int = 0
    is_random: bool = False
    left_out: tuple[str, ...] = ()
    refused: str = ""

    def text(self) -> str:
        """Return this as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Found:
        """Return what that JSON says."""
        values = json.loads(text)
        outputs = tuple(Measure(**one) for one in values.pop("outputs"))
        return cls(outputs, **{**values, "left_out": tuple(values["left_out"])})


def threshold(said: float | None, *, is_quantized: bool) -> float:
    """Return the least cosine similarity that will do."""
    if said is not None:
        return said
    return THRESHOLD_QUANTIZED if is_quantized else THRESHOLD_FLOAT


def failing(outputs: Sequence[Measure], least: float) -> tuple[Measure, ...]:
    """Return the outputs that won't do."""
    return tuple(one for one in outputs if one.wrong or one.cosine < least)
