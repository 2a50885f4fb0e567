"""Whether two .rknn files hold the same, and else in what they differ, as far as they tell."""

from __future__ import annotations

import mmap
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from rknn_convert import container
from rknn_convert.canonical import canonical, refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rknn_convert.container import Model


def between(path: Path, again: Path) -> str:
    """Return in what the file `path` differs from `again`, converted here; "" for nothing.

    Bytes that the compiler left to chance are passed over, where it is known which these are.
    """
    with ExitStack() as ends:
        one, other = (ends.enter_context(_private(file)) for file in (path, again))
        unknown = refusal(other)
        if canonical(one) >= 0 and canonical(other) >= 0 and one == other:
            return ""
    words = "; ".join(told(container.read(path), container.read(again)))
    if not words and unknown:
        return f"bytes of which it is not known whether they matter ({unknown})"
    return words or (
        "the network: another model, settings that no file records, or a file that was not made by "
        "rknn-convert, and so has bytes left to chance"
    )


@contextmanager
def _private(path: Path) -> Iterator[memoryview]:
    """Give the file's bytes to be changed; what is changed are pages of memory only."""
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) as mapped,
        memoryview(mapped) as view,
    ):
        yield view


def told(file: Model, again: Model) -> Iterator[str]:
    """Yield in what `file` differs from the model `again`, converted here."""
    for what, one, other in (
        ("toolkit", file.toolkit, again.toolkit),
        ("compiler", file.compiler_commit, again.compiler_commit),
        ("SoC", ", ".join(file.targets), ", ".join(again.targets)),
        ("quantized", _yes(file.is_quantized), _yes(again.is_quantized)),
    ):
        if one != other:
            yield f"{what} {one or 'unknown'}, here {other or 'unknown'}"
    for side, ones, others in (
        ("inputs", file.inputs, again.inputs),
        ("outputs", file.outputs, again.outputs),
    ):
        for what, parts in (
            ("names", lambda tensor: tensor.name),
            ("shapes", lambda tensor: tensor.shape),
            ("types", lambda tensor: tensor.dtype),
            ("means", lambda tensor: (tensor.mean, tensor.std)),
            ("ranges (of another dataset?)", lambda tensor: tensor.quantization),
        ):
            if [parts(one) for one in ones] != [parts(one) for one in others]:
                yield f"{what} of {side}"
                break


def _yes(value: bool) -> str:  # noqa: FBT001
    return "yes" if value else "no"
