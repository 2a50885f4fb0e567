"""What was made: a few lines for a person, or inspect's JSON object with `seconds` beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_convert import loading, verdict
from rknn_convert.printing import cut, printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rknn_convert.container import Model
    from rknn_convert.tensors import Tensor
    from rknn_convert.verdict import Verdict

UNITS = ("bytes", "KiB", "MiB", "GiB")


@dataclass(frozen=True)
class Made:
    """A written file: where, what it says of itself, and how long it took.

    `notes` are what a user may not have expected of it.
    """

    output: Path
    model: Model
    seconds: float
    compared: Verdict | None = None
    notes: tuple[str, ...] = ()

    @property
    def runtimes(self) -> list[str]:
        """The releases of librknnrt that are known to load it."""
        return [one.runtime for one in loading.verdicts(self.model) if one.loads]


def as_lines(made: Made) -> str:
    """Return the lines."""
    return "".join(f"{line}\n" for line in _lines(made))


def as_json(made: Made) -> str:
    """Return one line of JSON."""
    from rknn_convert import inspect_json  # noqa: PLC0415  # only here

    told = inspect_json.as_json(made.output, made.model)
    told["seconds"] = round(made.seconds, 3)
    if made.compared:
        told["compared"] = verdict.as_json(made.compared)
    return json.dumps(told) + "\n"


def _lines(made: Made) -> Iterator[str]:
    model = made.model
    kind = "quantized" if model.is_quantized else "not quantized"
    yield f"{printable(str(made.output))}: {', '.join(model.targets)}, {kind}, {_size(model.size)}"
    rows = [("input", one) for one in model.inputs] + [("output", one) for one in model.outputs]
    width = max((len(cut(one.name)) for _, one in rows), default=0)
    for side, one in rows:
        yield f"  {side:6}  {cut(one.name):{width}}  {_tensor(one)}"
    compiler = f", compiler {model.compiler} ({model.compiler_commit})" if model.compiler else ""
    yield f"  made by rknn-toolkit2 {model.toolkit}{compiler} in {made.seconds:.1f} s"
    yield f"  needs {_needs(made)}"
    if made.compared:
        yield from (f"  {line}" for line in verdict.as_lines(made.compared))


def _needs(made: Made) -> str:
    if made.model.is_small or made.model.targets[0] in loading.SMALL_SOCS:
        return "librknnmrt"
    if not made.runtimes:
        why = dict.fromkeys(one.why for one in loading.verdicts(made.model))
        return f"a runtime that is not known here: {cut('; '.join(why))}"
    least = loading.LEAST_DRIVER
    driver = f"{least} or newer" if least else "(least version unknown)"
    return f"librknnrt {' or '.join(made.runtimes)}, driver rknpu {driver}"


def _tensor(tensor: Tensor) -> str:
    """Return the shape in the order that the runtime takes or gives."""
    shape = ",".join(map(str, tensor.runtime_shape)) or "scalar"
    layout = tensor.layout if tensor.layout != "UNDEFINED" else None
    return " ".join(word for word in (shape, layout, tensor.dtype) if word)


def _size(count: int) -> str:
    scaled, unit = float(count), 0
    while scaled >= 1024 and unit < len(UNITS) - 1:
        scaled, unit = scaled / 1024, unit + 1
    return f"{scaled:.1f} {UNITS[unit]}" if unit else f"{count} {UNITS[0]}"
