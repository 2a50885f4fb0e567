"""What an .rknn file says of itself, read without the vendor's library.

Behind a header of 64 bytes lies the NPU's part, then 8 bytes with the length of a JSON text, then
that text: the network's tensors, the SoC it is for and the converter's version.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rknn_flake.errors import BadFileError

if TYPE_CHECKING:
    from pathlib import Path

MAGIC = b"RKNN"
HEADER_BYTES = 64
FORMAT_AND_NPU_PART_BYTES = struct.Struct("<8xQQ")
# Toolkit 1.1.2 wrote format 1, whose header is shorter; 1.3 wrote 2; 1.6 to 2.3.2 write 6.
FORMATS = range(2, 7)
JSON_BYTES = struct.Struct("<Q")


@dataclass(frozen=True)
class Tensor:
    """A model's input or output: its name, its shape as the network has it, its type."""

    name: str
    shape: tuple[int, ...]
    kind: str


@dataclass(frozen=True)
class Model:
    """What an .rknn file says of itself."""

    targets: tuple[str, ...]
    version: str
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]


def describe(path: Path) -> Model:
    """Read what the .rknn file `path` says of itself: the JSON text behind the NPU's part.

    Raises BadFileError for anything that is not a whole .rknn file.
    """
    content = path.read_bytes()
    if content[: len(MAGIC)] != MAGIC:
        raise BadFileError(f"{path}: not an .rknn file: it begins with {content[:4]!r}")
    try:
        number, npu_part = FORMAT_AND_NPU_PART_BYTES.unpack_from(content)
        if number not in FORMATS:
            raise BadFileError(f"{path}: {_foreign(number)}")
        (length,) = JSON_BYTES.unpack_from(content, HEADER_BYTES + npu_part)
    except (struct.error, OverflowError):  # a length past the end, or past what an offset can be
        raise BadFileError(f"{path}: cut short: {len(content)} bytes, without the end") from None
    start = HEADER_BYTES + npu_part + JSON_BYTES.size
    text = content[start : start + length]
    if len(text) < length:
        raise BadFileError(f"{path}: cut short: {len(content)} bytes of {start + length}")
    try:
        return _model(json.loads(text))
    except (ValueError, KeyError, TypeError) as error:
        raise BadFileError(
            f"{path}: its description is not what an .rknn file has: {error!r}"
        ) from error


def _foreign(number: int) -> str:
    read = f"formats {FORMATS[0]} to {FORMATS[-1]} are read"
    if number < FORMATS[0]:
        return f"its .rknn format {number} is too old ({read}): convert the network anew"
    return f"its .rknn format {number} is unknown ({read}): damaged, or of a newer converter"


def _model(told: Any) -> Model:  # noqa: ANN401
    tensors = {entry["tensor_id"]: entry for entry in told["norm_tensor"]}

    def side(which: str) -> tuple[Tensor, ...]:
        linked = sorted(
            (link for link in told["graph"] if link["left"] == which),
            key=lambda link: int(link["left_tensor_id"]),
        )
        entries = [tensors[link["right_tensor_id"]] for link in linked]
        # A float tensor's type is left empty.
        return tuple(
            Tensor(entry["url"], tuple(entry["size"]), entry["dtype"]["qnt_type"] or "float")
            for entry in entries
        )

    return Model(tuple(told["target_platform"]), told["version"], side("input"), side("output"))
