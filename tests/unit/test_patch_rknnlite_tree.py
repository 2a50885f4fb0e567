"""What the patch writes: two files and their lines in RECORD, and nothing the second time."""

from __future__ import annotations

import csv
import py_compile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.commands import Outcome
    from unit.rknnlite_fixtures import Tree

pytest_plugins = ["unit.rknnlite_fixtures"]

INIT = "rknnlite/api/__init__.py"
MODULE = "rknnlite/api/store_runtime.py"


def assert_record_holds(tree: Tree) -> None:
    contents = tree.contents()
    lines = tree.record().read_text(encoding="utf-8").splitlines()
    names = [row[0] for row in csv.reader(lines)]
    assert sorted(names) == sorted(contents), names
    for name, data in contents.items():
        if not name.endswith("/RECORD"):
            assert tree.record_line(name, data) in lines


def test_only_the_init_record_and_the_new_module_change(
    wheel: Tree, patch: Callable[..., Outcome]
) -> None:
    before = wheel.contents()
    outcome = patch(wheel.root, "--library", wheel.library)
    assert outcome.status == 0, outcome
    assert outcome.out.count("\n") == 1, outcome.out
    assert f"rknnlite now opens {wheel.library}" in outcome.out
    after = wheel.contents()
    assert after.keys() - before.keys() == {MODULE}
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {INIT, wheel.record().relative_to(wheel.root).as_posix()}
    assert repr(str(wheel.library)).encode() in after[MODULE]
    assert b"@librknnrt@" not in after[MODULE]
    assert_record_holds(wheel)


def test_a_second_run_changes_nothing(patched: Tree, patch: Callable[..., Outcome]) -> None:
    before = patched.contents()
    outcome = patch(patched.root, "--library", patched.library)
    assert outcome.status == 0, outcome
    assert "already opens" in outcome.out
    assert patched.contents() == before


def test_a_run_cut_short_before_its_last_step_is_run_again(
    patched: Tree, patch: Callable[..., Outcome]
) -> None:
    done = patched.contents()
    plain = b"from rknnlite.api.rknn_lite import RKNNLite"
    (patched.root / INIT).write_bytes(plain)
    outcome = patch(patched.root, "--library", patched.library)
    assert "now opens" in outcome.out, outcome
    assert patched.contents() == done


def test_old_bytecode_goes_with_its_lines_in_record(
    wheel: Tree, patch: Callable[..., Outcome]
) -> None:
    # Unchecked bytecode, as reproducible builds make it, would hide the patched file for good.
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    cached = [
        wheel.root / "rknnlite/api/__pycache__" / f"{stem}.cpython-311.pyc"
        for stem in ("__init__", "rknn_lite")
    ]
    with wheel.record().open("a", encoding="utf-8") as record:
        for path in cached:
            source = wheel.root / "rknnlite/api" / f"{path.name.split('.')[0]}.py"
            py_compile.compile(str(source), str(path), invalidation_mode=mode)
            name = path.relative_to(wheel.root).as_posix()
            record.write(wheel.record_line(name, path.read_bytes()) + "\n")
    assert_record_holds(wheel)
    assert patch(wheel.root, "--library", wheel.library).status == 0
    assert [path.exists() for path in cached] == [False, True]
    assert_record_holds(wheel)


def test_bytecode_that_a_run_cut_short_removed_leaves_record(
    wheel: Tree, patch: Callable[..., Outcome]
) -> None:
    with wheel.record().open("a", encoding="utf-8") as record:
        record.write("rknnlite/api/__pycache__/__init__.cpython-311.pyc,sha256=x,1\n")
    assert patch(wheel.root, "--library", wheel.library).status == 0
    assert_record_holds(wheel)


def test_a_path_with_quotes_stays_a_path(wheel: Tree, patch: Callable[..., Outcome]) -> None:
    odd = wheel.library.with_name('it\'s "odd"\\.so')
    wheel.library.rename(odd)
    assert patch(wheel.root, "--library", odd).status == 0
    code = "import rknnlite.api.rknn_runtime as r; print(r.LIBRKNNRT_PATH, end='')"
    assert wheel.python(code).stdout == str(odd)
