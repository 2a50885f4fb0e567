"""What an .rknn file says of itself: rknn-convert's reader, with this package's errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rknn_convert import container
from rknn_convert.errors import ConvertError
from rknn_flake.errors import BadFileError

if TYPE_CHECKING:
    from pathlib import Path


def describe(path: Path) -> container.Model:
    """Read the .rknn file `path`; BadFileError for anything that is not a whole one."""
    try:
        return container.read(path)
    except ConvertError as error:
        raise BadFileError(str(error)) from None
