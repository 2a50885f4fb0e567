"""What an .rknn file says of itself, read without the vendor's library.

Only the texts are read, wherever in the file they lie: the network is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_convert import frame, literal, told
from rknn_convert.errors import ConvertError
from rknn_convert.flatbuffer import root_text, text
from rknn_convert.printing import cut
from rknn_convert.span import AGAIN, DamagedError, Span, opened
from rknn_convert.tensors import Tensor, Texts, side

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# Slots of the flatbuffer's root table by what they hold.
SLOTS = {
    "hardware": 1,
    "tables": 3,
    "toolkit": 7,
    "platform": 8,
    "framework": 9,
    "custom_string": 11,
    "inputs": 12,
    "outputs": 13,
    "shape_kind": 16,
    "custom_ops": 21,
}
SMALL_SLOTS = {
    "hardware": 1,
    "tables": 3,
    "toolkit": 5,
    "platform": 6,
    "framework": 7,
    "custom_string": 8,
}
# Such as 2.3.2(compiler version: 2.3.2 (e045de294f@2025-04-07T19:48:25))
VERSIONS = re.compile(r"([^(]*)\(compiler version: ([^( ]*) \(([^@)]*)@([^)]*)\)\)")
REMARK = "Generated from "  # toolkit 1.1 has it in place of the tables


@dataclass(frozen=True)
class Model:
    """What an .rknn file says of itself; texts are "" where it does not say.

    `hardware` names the NPU's kind, such as "RKNPU v2"; `custom_ops` are operations that the
    program which loads the model brings itself.
    """

    size: int
    format: int
    targets: tuple[str, ...]
    toolkit: str
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    hardware: str = ""
    compiler: str = ""
    compiler_commit: str = ""
    compiler_date: str = ""
    framework: str = ""
    custom_string: str = ""
    custom_ops: str = ""
    is_dynamic: bool = False

    @property
    def is_small(self) -> bool:
        """Whether it is for librknnmrt, the runtime of the RV1106 and its kin."""
        return self.format == frame.SMALL_FORMAT

    @property
    def is_quantized(self) -> bool:
        """Whether an input or an output is; what happens inside is not told in what is read."""
        return any(tensor.quantization for tensor in (*self.inputs, *self.outputs))


def read(path: Path) -> Model:
    """Read what the .rknn file `path` says of itself.

    Raises ConvertError, in one line with the path, for anything that is not a whole .rknn file.
    """
    with opened(path) as file:
        try:
            return _read(file)
        except DamagedError as error:
            raise ConvertError(f"{path}: {error}") from None


def _read(file: Span) -> Model:
    parts = frame.find(file)
    at_end = parts.description
    description = literal.from_json(
        text(at_end, 0, at_end.length, "the text at its end"), "the text at its end"
    )
    slots = SMALL_SLOTS if parts.is_small else SLOTS
    texts = {key: root_text(parts.flatbuffer, slots[key]) if key in slots else "" for key in SLOTS}
    return _model(parts, description, texts)


def _model(parts: frame.Frame, description: object, texts: Mapping[str, str]) -> Model:
    is_dynamic = texts["shape_kind"] == "dynamic_shape"
    parsed = Texts(
        description,
        {**_edges(texts["inputs"], "inputs"), **_edges(texts["outputs"], "outputs")},
        _tables(texts["tables"]),
        is_dynamic=is_dynamic,
    )
    versions = VERSIONS.fullmatch(texts["toolkit"])
    return Model(
        size=parts.size,
        format=parts.format,
        targets=_targets(description, texts["platform"]),
        toolkit=versions[1] if versions else told.member(description, "version", str),
        inputs=side(parsed, "input"),
        outputs=side(parsed, "output"),
        hardware=texts["hardware"],
        compiler=versions[2] if versions else "",
        compiler_commit=versions[3] if versions else "",
        compiler_date=versions[4] if versions else "",
        framework=texts["framework"],
        custom_string=texts["custom_string"],
        custom_ops=texts["custom_ops"],
        is_dynamic=is_dynamic,
    )


def _targets(description: object, platform: str) -> tuple[str, ...]:
    targets = told.texts(description, "target_platform")
    if not targets or platform not in {"", *targets}:
        raise DamagedError(
            f"damaged: it is for {cut(', '.join(targets), 80) or 'no SoC'} in one place and for "
            f"{cut(platform, 80) or 'none'} in another; {AGAIN}"
        )
    return targets


def _edges(content: str, what: str) -> dict[str, object]:
    found = literal.from_json(content or "{}", f"its text on {what}")
    if not isinstance(found, dict):
        raise DamagedError(f"damaged: its text on {what} is no table; {AGAIN}")
    return found


def _tables(content: str) -> object:
    if not content or content.startswith(REMARK):
        return {}
    return literal.from_python(content, "its table of tensors")
