"""The dataset of a quantization: every file looked at, and handed on under names without spaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rknn_convert import samples
from rknn_convert.errors import ConvertError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rknn_convert.samples import Sample

Rows = list[list["Sample"]]


def read(path: Path, shapes: Sequence[tuple[int, ...]]) -> Rows:
    """Return the samples, a file for each input in a row; raise ConvertError for the first bad one.

    `shapes` are those of the inputs, where they are known.
    """
    try:
        rows = _folder(path) if path.is_dir() else _listed(path)
    except OSError as error:
        raise ConvertError(
            f"{path}: {error.strerror}; a dataset is a folder of images, or a text of their paths"
        ) from None
    for row in rows:
        _check(row, rows[0], shapes)
    return rows


def hand_on(rows: Rows, scratch: Path) -> dict[str, str]:
    """Write dataset.txt for the toolkit; return, for the names in it, what the user calls them.

    The toolkit splits its lines at spaces, so that a path with one would be two files. The links
    are told relative to dataset.txt: the temporary folder's own path may have one.
    """
    names: dict[str, str] = {}
    links = scratch / "run" / "samples"
    links.mkdir()
    text = []
    for number, row in enumerate(rows):
        line = []
        for column, sample in enumerate(row):
            link = links / f"{number:06}-{column}{sample.path.suffix.lower()}"
            link.symlink_to(sample.path.absolute())
            told = f"{links.name}/{link.name}"
            names |= dict.fromkeys((str(link), f"./{told}", told), f"{sample.at}: {sample.path}")
            line.append(told)
        text.append(" ".join(line) + "\n")
    (scratch / "run" / "dataset.txt").write_text("".join(text), encoding="utf-8")
    return names


def _folder(folder: Path) -> Rows:
    kinds = {*samples.IMAGES, ".npy"}
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in kinds)
    if not files:
        raise ConvertError(f"{folder}: holds no {', '.join(samples.IMAGES)} or .npy file")
    return [[samples.look(path, str(folder))] for path in files]


def _listed(file: Path) -> Rows:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ConvertError(
            f"{file}: no text; a dataset is a text with the paths of a sample's files on each line"
        ) from None
    rows = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            at = f"{file}:{number}"
            rows.append([samples.look(path, at) for path in _paths(line.strip(), file.parent)])
    if not rows:
        raise ConvertError(f"{file}: names no file; write a sample's paths on each line")
    return rows


def _paths(line: str, folder: Path) -> list[Path]:
    whole = folder / line
    words = line.split()
    try:
        if len(words) > 1 and whole.is_file():
            return [whole]
    except (OSError, ValueError):
        pass
    return [folder / word for word in words]


def _check(row: list[Sample], first: list[Sample], shapes: Sequence[tuple[int, ...]]) -> None:
    at = row[0].at
    if len(row) != len(first):
        raise ConvertError(
            f"{at}: found {len(row)} files, and {len(first)} at {first[0].at}; a sample is a file "
            "for each input"
        )
    if shapes and len(row) != len(shapes):
        raise ConvertError(f"{at}: found {len(row)} files, and --input says {len(shapes)} inputs")
    for column, sample in enumerate(row):
        expected, source = first[column].shape, first[column].at
        if shapes and sample.shape is not None:
            expected, source = shapes[column], "--input"
        if expected is None or sample.shape is None:
            continue
        # The toolkit puts the leading 1 there where only that is absent.
        if expected not in (sample.shape, (1, *sample.shape)):
            raise ConvertError(
                f"{at}: {sample.path} has the shape {_words(sample.shape)}, and {source} says "
                f"{_words(expected)}"
            )


def _words(shape: tuple[int, ...] | None) -> str:
    return ",".join(map(str, shape or ())) or "of one number"
