"""A tree that is not shaped as known is left alone, with one line that says what was found."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from unit.toolkit_wheel import BASE, INFO, contents

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.commands import Outcome

pytest_plugins = ["unit.toolkit_fixtures"]


def another_init(root: Path) -> None:
    (root / "rknn/api/__init__.py").write_text("from .rknn import RKNN, Other\n")


def patched_already(root: Path) -> None:
    (root / "rknn/api/__init__.py").write_text(
        "import rknn.api.compatibility.applied\nfrom rknn.api.rknn import RKNN\n"
    )


def no_init(root: Path) -> None:
    (root / "rknn/api/__init__.py").unlink()


def no_info(root: Path) -> None:
    shutil.rmtree(root / INFO)


def two_infos(root: Path) -> None:
    (root / "rknn_toolkit2-2.5.0.dist-info").mkdir()


def no_metadata(root: Path) -> None:
    (root / INFO / "METADATA").unlink()


def no_compiled_module(root: Path) -> None:
    (root / BASE).unlink()


def init_not_in_record(root: Path) -> None:
    record = root / INFO / "RECORD"
    lines = record.read_text().splitlines(keepends=True)
    record.write_text("".join(line for line in lines if "__init__" not in line))


def record_in_latin_1(root: Path) -> None:
    with (root / INFO / "RECORD").open("ab") as record:
        record.write("rknn/é.py,,\n".encode("latin-1"))


def metadata_in_latin_1(root: Path) -> None:
    (root / INFO / "METADATA").write_bytes("Author: é\n\n".encode("latin-1"))


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (another_init, "__init__.py: found b'from .rknn import RKNN, Other"),
        (patched_already, "__init__.py: found b'import rknn.api.compatibility.applied"),
        (no_init, "__init__.py: No such file or directory; expected an unpacked wheel"),
        (no_info, "found 0 rknn_toolkit2-*.dist-info, expected 1"),
        (two_infos, "found 2 rknn_toolkit2-*.dist-info, expected 1"),
        (no_metadata, "METADATA: No such file or directory"),
        (no_compiled_module, "api: found 0 files rknn_base.*, expected 1"),
        (init_not_in_record, "RECORD: found no line for rknn/api/__init__.py"),
        (record_in_latin_1, "RECORD: not a wheel's RECORD: 'utf-8' codec can't decode"),
        (metadata_in_latin_1, "METADATA: not a wheel's METADATA: 'utf-8' codec can't decode"),
    ],
)
def test_an_unknown_shape_is_refused_untouched(
    wheel: Path, patch: Callable[..., Outcome], spoil: Callable[[Path], None], complaint: str
) -> None:
    spoil(wheel)
    before = contents(wheel)
    outcome = patch(wheel, "--python", "cp311")
    assert (outcome.status, outcome.err.count("\n")) == (1, 1), outcome
    assert complaint in outcome.err
    assert contents(wheel) == before


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--python", "cp312"], "the wheel is for another Python than cp312"),
        (["--python", "cp31"], "the wheel is for another Python than cp31"),
        (["--python", "cp311", "--without", "tensorflow"], "tensorflow is not required"),
        (["--python", "cp311", "--patches", "/"], "/: found no applied.py"),
    ],
)
def test_what_does_not_suit_the_wheel_is_refused_untouched(
    wheel: Path, patch: Callable[..., Outcome], words: list[str], complaint: str
) -> None:
    before = contents(wheel)
    outcome = patch(wheel, *words)
    assert (outcome.status, outcome.err.count("\n")) == (1, 1), outcome
    assert complaint in outcome.err
    assert contents(wheel) == before


def test_wrong_usage_is_one_line(patch: Callable[..., Outcome], wheel: Path) -> None:
    outcome = patch(wheel)
    assert (outcome.status, outcome.err.count("\n")) == (2, 1), outcome
    assert "--python" in outcome.err
