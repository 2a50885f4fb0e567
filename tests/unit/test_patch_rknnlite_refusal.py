"""A tree that is not shaped as known is left alone, with one line that says what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.commands import Outcome
    from unit.rknnlite_fixtures import Tree

pytest_plugins = ["unit.rknnlite_fixtures"]

API = "rknnlite/api"


def another_init(tree: Tree) -> None:
    (tree.root / API / "__init__.py").write_text("from .rknn_lite import RKNNLite, Other\n")


def no_init(tree: Tree) -> None:
    (tree.root / API / "__init__.py").unlink()


def no_runtime_module(tree: Tree) -> None:
    (tree.root / API / "rknn_runtime.py").unlink()


def two_runtime_modules(tree: Tree) -> None:
    (tree.root / API / "rknn_runtime.cpython-312-aarch64-linux-gnu.so").write_bytes(b"")


def another_runtime_module(tree: Tree) -> None:
    module = tree.root / API / "rknn_runtime.py"
    module.write_text(module.read_text().replace("_get_rknn_api_lib_path", "_find_library"))


def no_record(tree: Tree) -> None:
    tree.record().unlink()


def init_not_in_record(tree: Tree) -> None:
    lines = tree.record().read_text().splitlines(keepends=True)
    tree.record().write_text("".join(line for line in lines if f"{API}/__init__" not in line))


def record_in_latin_1(tree: Tree) -> None:
    with tree.record().open("ab") as record:
        record.write("rknnlite/é.py,,\n".encode("latin-1"))


def folder_for_bytecode(tree: Tree) -> None:
    cache = tree.root / API / "__pycache__"
    (cache / "store_runtime.cpython-311.pyc").mkdir(parents=True)
    (cache / "__init__.cpython-311.pyc").write_bytes(b"")


def folder_for_a_new_file(tree: Tree) -> None:
    (tree.root / API / ".store_runtime.py.new").mkdir()


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (another_init, "__init__.py: found b'from .rknn_lite import RKNNLite, Other"),
        (no_init, "__init__.py: No such file or directory; expected an unpacked wheel"),
        (no_runtime_module, "api: found 0 files rknn_runtime.*, expected 1"),
        (two_runtime_modules, "api: found 2 files rknn_runtime.*, expected 1"),
        (another_runtime_module, "found no '_get_rknn_api_lib_path', expected the module of"),
        (no_record, "found 0 rknn_toolkit_lite2-*.dist-info/RECORD, expected 1"),
        (record_in_latin_1, "RECORD: not a wheel's RECORD: 'utf-8' codec can't decode"),
        (folder_for_bytecode, "store_runtime.cpython-311.pyc: found a folder, expected bytecode"),
        (folder_for_a_new_file, "store_runtime.py: cannot be written: Is a directory"),
        (init_not_in_record, "RECORD: found no line for rknnlite/api/__init__.py"),
    ],
)
def test_an_unknown_shape_is_refused_untouched(
    wheel: Tree, patch: Callable[..., Outcome], spoil: Callable[[Tree], None], complaint: str
) -> None:
    spoil(wheel)
    before = wheel.contents()
    outcome = patch(wheel.root, "--library", wheel.library)
    assert outcome.status == 1, outcome
    assert outcome.err.count("\n") == 1, outcome.err
    assert complaint in outcome.err
    assert wheel.contents() == before


def test_a_module_that_is_not_utf_8_is_refused(
    wheel: Tree, patch: Callable[..., Outcome], tmp_path: Path
) -> None:
    module = tmp_path / "store_runtime.py"
    module.write_bytes(b'LIBRARY = "@librknnrt@"  # \xe9')
    before = wheel.contents()
    outcome = patch(wheel.root, "--library", wheel.library, "--module", module)
    assert outcome.status == 1, outcome
    assert outcome.err.count("\n") == 1, outcome.err
    assert f"{module}: cannot be read: 'utf-8' codec can't decode" in outcome.err
    assert wheel.contents() == before


def rename_module(tree: Tree, tag: str) -> None:
    """Call the runtime module what a wheel for another Python calls it."""
    old, new = "rknn_runtime.py", f"rknn_runtime.cpython-{tag}-aarch64-linux-gnu.so"
    (tree.root / API / old).rename(tree.root / API / new)
    text = tree.record().read_text(encoding="utf-8")
    tree.record().write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("tag", "python"), [("37m", "cp37"), ("38", "cp38"), ("311", "cp311"), ("312", "cp312")]
)
def test_a_wheel_for_the_python_that_was_named_is_patched(
    wheel: Tree, patch: Callable[..., Outcome], tag: str, python: str
) -> None:
    rename_module(wheel, tag)
    outcome = patch(wheel.root, "--library", wheel.library, "--python", python)
    assert outcome.status == 0, outcome


@pytest.mark.parametrize(("tag", "python"), [("37m", "cp3"), ("37m", "cp38"), ("311", "cp31")])
def test_a_wheel_for_another_python_is_refused(
    wheel: Tree, patch: Callable[..., Outcome], tag: str, python: str
) -> None:
    rename_module(wheel, tag)
    outcome = patch(wheel.root, "--library", wheel.library, "--python", python)
    assert outcome.status == 1, outcome
    assert f"the wheel is for another Python than {python}" in outcome.err


def test_a_wheel_patched_for_another_library_is_refused(
    patched: Tree, patch: Callable[..., Outcome]
) -> None:
    before = patched.contents()
    other = patched.library.with_name("other.so")
    other.write_bytes(b"")
    outcome = patch(patched.root, "--library", other)
    assert outcome.status == 1, outcome
    assert "store_runtime.py: the wheel is already patched, for another library" in outcome.err
    assert patched.contents() == before


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--library", "lib/librknnrt.so"], "--library lib/librknnrt.so: not an absolute path"),
        (["--library", "/nowhere/librknnrt.so"], "/nowhere/librknnrt.so: no such file"),
        (["--library", "{library}", "--module", "/nowhere.py"], "--module /nowhere.py: no such"),
        ([], "required: --library"),
    ],
)
def test_wrong_usage(
    wheel: Tree, patch: Callable[..., Outcome], options: list[str], complaint: str
) -> None:
    outcome = patch(wheel.root, *(word.format(library=wheel.library) for word in options))
    assert outcome.status == 2, outcome
    assert outcome.err.count("\n") == 1, outcome.err
    assert complaint in outcome.err
