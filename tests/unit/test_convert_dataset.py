"""A dataset's files are looked at before the toolkit starts, and the first bad one is named."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rknn_convert.errors import ConvertError
from rknn_convert.samples import look
from unit.convert_samples import BMP, JPEG, PNG, fill, npy

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.commands import Outcome
    from unit.convert_toolkit import Toolkit

pytest_plugins = ["unit.convert_fixtures"]

GOOD: dict[str, bytes | str] = {
    "a.jpg": JPEG,
    "b.PNG": PNG,
    "c.bmp": BMP,
    "x.npy": npy((1, 3, 8, 8)),
    "y.npy": npy((1, 3, 8, 8), "<f8", version=2),
    "z.npy": npy((1, 5)),
}
# Text of set/list.txt, and what is said of its first bad line.
LISTS = [
    ("a.jpg\nabsent.jpg\n", "list.txt:2: {set}/absent.jpg: No such file or directory; paths are"),
    ("a.jpg\n\n\nlist.txt\n", "list.txt:4: {set}/list.txt: the toolkit reads .jpg, .jpeg, .png"),
    ("text.jpg", "list.txt:1: {set}/text.jpg is no JPG image by its first bytes"),
    ("text.npy", "list.txt:1: {set}/text.npy is no .npy file by its first bytes"),
    ("cut.npy", "list.txt:1: {set}/cut.npy: 3 bytes are missing at its end"),
    ("object.npy", "list.txt:1: {set}/object.npy: its values are of type '|O'"),
    ("header.npy", "list.txt:1: {set}/header.npy: its header is damaged"),
    ("pipe.jpg", "list.txt:1: {set}/pipe.jpg is no file"),
    ("folder.jpg", "list.txt:1: {set}/folder.jpg is no file"),
    (
        "x.npy\nz.npy\n",
        "list.txt:2: {set}/z.npy has the shape 1,5, and {set}/list.txt:1 says 1,3,8,8",
    ),
    ("x.npy z.npy\nx.npy\n", "list.txt:2: found 1 files, and 2 at {set}/list.txt:1; a sample is"),
    ("\n \n", "list.txt: names no file"),
    (b"\xff\xfe", "list.txt: no text"),
    ("a\x00.jpg", "list.txt:1: "),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder of samples, good ones and bad ones."""
    bad: dict[str, bytes | str] = {
        "text.jpg": "<html>",
        "text.npy": "<html>",
        "cut.npy": npy((1, 5))[:-3],
        "object.npy": npy((1, 5), "|O"),
        "header.npy": npy((1, 5)).replace(b"'shape'", b"'shade'"),
    }
    made = fill(tmp_path / "set", {**GOOD, **bad})
    os.mkfifo(made / "pipe.jpg")
    (made / "folder.jpg").mkdir()
    return made


@pytest.mark.parametrize(("text", "said"), LISTS)
def test_bad_line(
    convert: Callable[..., Outcome],
    stand_in: Toolkit,
    folder: Path,
    text: str | bytes,
    said: str,
) -> None:
    fill(folder, {"list.txt": text})
    outcome = convert("fine", "--quantize", folder / "list.txt")
    assert (outcome.status, outcome.out) == (1, ""), outcome
    expected = f"{folder}/{said.replace('{set}', str(folder))}"
    assert outcome.err.startswith(f"rknn-convert: {expected}"), outcome
    assert outcome.err.count("\n") == 1
    assert not stand_in.was_used, "the toolkit was started"


@pytest.mark.parametrize("text", ["a.jpg\nb.PNG\nc.bmp\n", "x.npy\n\ny.npy\n", "x.npy z.npy"])
def test_good_list(
    convert: Callable[..., Outcome], stand_in: Toolkit, folder: Path, text: str
) -> None:
    fill(folder, {"list.txt": text})
    outcome = convert("fine", "--quantize", folder / "list.txt")
    assert outcome.status == 0, outcome
    assert stand_in.calls["build"]["do_quantization"] is True
    rows = [row.split() for row in stand_in.calls["samples"]]
    words = [line.split() for line in text.splitlines() if line]
    assert [[Path(one).suffix for one in row] for row in rows] == [
        [Path(one).suffix.lower() for one in row] for row in words
    ]


def test_list_with_a_byte_order_mark(
    convert: Callable[..., Outcome], stand_in: Toolkit, folder: Path
) -> None:
    fill(folder, {"list.txt": b"\xef\xbb\xbfx.npy\n"})
    assert convert("fine", "--quantize", folder / "list.txt").status == 0
    assert len(stand_in.calls["samples"]) == 1


@pytest.mark.parametrize("content", [JPEG, PNG, BMP])
def test_image_of_another_suffix(tmp_path: Path, content: bytes) -> None:
    folder = fill(tmp_path / "set", {"a.jpg": content, "b.bmp": content})
    assert [look(folder / name, "x").shape for name in ("a.jpg", "b.bmp")] == [None, None]


def test_folder_of_images(
    convert: Callable[..., Outcome], stand_in: Toolkit, tmp_path: Path
) -> None:
    images = fill(tmp_path / "my pictures", {"2 b.png": PNG, "1.jpg": JPEG, "notes.txt": "no"})
    assert convert("fine", "--quantize", images).status == 0
    assert [Path(row).suffix for row in stand_in.calls["samples"]] == [".jpg", ".png"]
    empty = fill(tmp_path / "empty", {"notes.txt": "no"})
    outcome = convert("fine", "--quantize", empty)
    assert outcome.err == f"rknn-convert: {empty}: holds no .jpg, .jpeg, .png, .bmp or .npy file\n"


def test_spaces_in_a_path_are_not_seen_by_the_toolkit(
    convert: Callable[..., Outcome], stand_in: Toolkit, tmp_path: Path
) -> None:
    folder = fill(tmp_path / "my set", {"my image.jpg": JPEG, "list.txt": "my image.jpg\n"})
    assert convert("fine", "--quantize", folder / "list.txt").status == 0
    assert [len(row.split()) for row in stand_in.calls["samples"]] == [1]


def test_what_the_toolkit_says_of_a_sample_names_the_users_line(
    convert: Callable[..., Outcome], stand_in: Toolkit, tmp_path: Path
) -> None:
    folder = fill(tmp_path / "set", {"a.jpg": JPEG, "list.txt": "\na.jpg\n"})
    stand_in.refuses_the_first_sample()
    outcome = convert("fine", "--quantize", folder / "list.txt")
    assert outcome.err == (
        f"rknn-convert: {folder}/list.txt:2: {folder}/a.jpg: no image that can be decoded; is all "
        "of it there?\n"
    )


def test_dataset_of_the_settings_file_is_beside_it(
    convert: Callable[..., Outcome], stand_in: Toolkit, tmp_path: Path
) -> None:
    folder = fill(tmp_path / "set", {"a.jpg": JPEG, "list.txt": "a.jpg"})
    (folder / "s.toml").write_text('[build]\ndataset = "list.txt"\n')
    assert convert("fine", "--settings", folder / "s.toml").status == 0
    assert stand_in.calls["build"] == {"do_quantization": True, "dataset": "dataset.txt"}


@pytest.mark.parametrize(("shape", "said"), [("1,3,8,9", "--input says 1,3,8,9"), ("1,3,8,8", "")])
def test_shape_that_was_said(
    convert: Callable[..., Outcome], tmp_path: Path, shape: str, said: str
) -> None:
    folder = fill(tmp_path / "set", {"x.npy": npy((1, 3, 8, 8)), "y.npy": npy((3, 8, 8))})
    outcome = convert("fine", "--quantize", folder, "--input", f"x:{shape}")
    assert said in outcome.err
    assert (outcome.status == 0) == (not said), outcome


def test_absent_dataset(convert: Callable[..., Outcome], tmp_path: Path) -> None:
    outcome = convert("fine", "--quantize", tmp_path / "absent.txt")
    assert outcome.status == 1
    assert outcome.err.startswith(
        f"rknn-convert: {tmp_path}/absent.txt: No such file or directory;"
    )


@given(st.data())
def test_damaged_arrays_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = npy((1, 2, 3))
    content = bytearray(whole[: data.draw(st.integers(0, len(whole)))])
    for _ in range(data.draw(st.integers(0, 4)) if content else 0):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    file = tmp_path_factory.getbasetemp() / "damaged.npy"
    file.write_bytes(content)
    refused = None
    try:
        assert look(file, "list.txt:1").shape is not None
    except ConvertError as refusal:
        refused = str(refusal)
    assert refused is None or refused.startswith(f"list.txt:1: {file}")
