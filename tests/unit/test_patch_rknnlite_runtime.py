"""The patched binding opens its library, or the one a variable names, and says which it tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rknn_flake.process import Completed
    from unit.rknnlite_fixtures import Tree

pytest_plugins = ["unit.rknnlite_fixtures"]

IMPORTS = (
    "from rknnlite.api import RKNNLite",
    "from rknnlite.api.rknn_lite import RKNNLite",
    "import rknnlite.api.rknn_runtime; from rknnlite.api.rknn_lite import RKNNLite",
)
INIT = "print('status', RKNNLite().init_runtime())"


def start(tree: Tree, code: str = f"{IMPORTS[0]}\n{INIT}", **environment: str | Path) -> Completed:
    return tree.on_board(code, **environment)


@pytest.mark.parametrize("statement", IMPORTS)
def test_the_library_is_opened_however_it_is_imported(
    patched: Tree, build: Callable[[Path, str], Path], statement: str
) -> None:
    build(patched.library, "int rknn_init;")
    done = start(patched, f"{statement}\n{INIT}")
    assert done.stdout.strip() == "status 0", done


def test_the_plain_wheel_does_not_open_it(wheel: Tree, build: Callable[[Path, str], Path]) -> None:
    build(wheel.library, "int rknn_init;")
    code = f"import rknnlite.api.rknn_runtime as r; r.DEVICE_COMPATIBLE_NODE = {str(wheel.board)!r}"
    done = start(wheel, f"{code}\n{IMPORTS[0]}\n{INIT}")
    assert "Can not find dynamic library on RK3588!" in done.stdout, done
    assert done.stdout.endswith("status -1\n"), done


def test_a_variable_names_another_library(
    patched: Tree, build: Callable[[Path, str], Path]
) -> None:
    other = build(patched.library.with_name("other.so"), "int rknn_init;")
    done = start(patched, RKNN_LIBRKNNRT_PATH=other)
    assert done.stdout.strip() == "status 0", done


def test_variables_are_read_when_the_runtime_is_made(
    patched: Tree, build: Callable[[Path, str], Path]
) -> None:
    build(patched.library, "int rknn_init;")
    code = f"""{IMPORTS[0]}
import os, rknnlite.api.rknn_runtime as r
for name in ("/nowhere.so", ""):
    os.environ["RKNN_LIBRKNNRT_PATH"] = name
    print("status", RKNNLite().init_runtime(), r.LIBRKNNRT_PATH)
"""
    done = start(patched, code)
    assert "status -1 /nowhere.so\n" in done.stdout, done
    assert f"status 0 {patched.library}\n" in done.stdout, done


def test_an_assigned_node_is_kept_where_the_variable_is_empty(
    patched: Tree, build: Callable[[Path, str], Path]
) -> None:
    build(patched.library, "int rknn_init;")
    code = f"""{IMPORTS[0]}
import os, rknnlite.api.rknn_runtime as r
print("status", RKNNLite().init_runtime(), r.DEVICE_COMPATIBLE_NODE)
r.DEVICE_COMPATIBLE_NODE = {str(patched.board)!r}
print("status", RKNNLite().init_runtime(), r.DEVICE_COMPATIBLE_NODE)
os.environ["RKNN_DEVICE_COMPATIBLE_NODE"] = "/nowhere"
print("status", RKNNLite().init_runtime(), r.DEVICE_COMPATIBLE_NODE)
"""
    done = start(patched, code, RKNN_DEVICE_COMPATIBLE_NODE="")
    states = [line for line in done.stdout.splitlines() if line.startswith("status")]
    assert states == [
        "status -1 /proc/device-tree/compatible",
        f"status 0 {patched.board}",
        "status -1 /nowhere",
    ], done


def test_a_file_that_is_no_library_is_named(patched: Tree) -> None:
    done = start(patched)
    assert done.stdout.endswith("status -1\n"), done
    expected = (
        f"rknnlite: library {patched.library} (RKNN_LIBRKNNRT_PATH would set another): "
        "cannot be opened, "
    )
    assert expected in done.stdout
    assert "file too short" in done.stdout.partition(expected)[2]


@pytest.mark.parametrize(
    ("make", "reason"), [(False, "ENOENT: No such file"), (True, "EISDIR: Is a")]
)
def test_a_library_that_cannot_be_opened_is_named(
    patched: Tree, tmp_path: Path, reason: str, *, make: bool
) -> None:
    path = tmp_path / "absent.so"
    if make:
        path.mkdir()
    done = start(patched, RKNN_LIBRKNNRT_PATH=path)
    assert f"library {path} (set by RKNN_LIBRKNNRT_PATH): cannot be opened, {reason}" in done.stdout


def test_a_library_that_lacks_a_function_keeps_the_loaders_words(
    patched: Tree, build: Callable[[Path, str], Path]
) -> None:
    build(patched.library, "int other;")
    done = start(patched)
    assert f"{patched.library}: undefined symbol: rknn_init" in done.stdout, done
    assert done.stdout.endswith("status -1\n"), done


def test_an_soc_file_that_cannot_be_opened_is_named(patched: Tree, tmp_path: Path) -> None:
    path = tmp_path / "masked"
    done = start(patched, RKNN_DEVICE_COMPATIBLE_NODE=path)
    assert "Please specify the target in init_runtime!" in done.stdout, done
    head = f"rknnlite: SoC file {path} (set by RKNN_DEVICE_COMPATIBLE_NODE): cannot be opened, "
    assert f"{head}ENOENT: No such file or directory" in done.stdout
    assert done.stdout.endswith("status -1\n"), done


def test_an_soc_file_of_another_board_is_quoted(patched: Tree, tmp_path: Path) -> None:
    path = tmp_path / "compatible-of-another"
    path.write_bytes(b"pine64,rockpro64\0rockchip,rk3399\0")
    done = start(patched, RKNN_DEVICE_COMPATIBLE_NODE=path)
    assert f"{path} (set by RKNN_DEVICE_COMPATIBLE_NODE): says " in done.stdout, done
    assert "'pine64,rockpro64 rockchip,rk3399'" in done.stdout


def test_a_given_target_is_refused_as_upstream_refuses_it(
    patched: Tree, build: Callable[[Path, str], Path]
) -> None:
    build(patched.library, "int rknn_init;")
    done = start(patched, f"{IMPORTS[0]}\nprint('status', RKNNLite().init_runtime('rk3588'))")
    assert "Unsupported run platform: Linux aarch64" in done.stdout, done
    assert done.stdout.endswith("status -1\n"), done


def test_a_reload_changes_nothing(patched: Tree, build: Callable[[Path, str], Path]) -> None:
    build(patched.library, "int rknn_init;")
    code = f"""{IMPORTS[0]}
import importlib, os, rknnlite.api.rknn_runtime as r, rknnlite.api.store_runtime as s
print("status", RKNNLite().init_runtime(), r.LIBRKNNRT_PATH)
for _ in range(2):
    importlib.reload(s)
print("status", RKNNLite().init_runtime(), r.LIBRKNNRT_PATH)
del os.environ["RKNN_DEVICE_COMPATIBLE_NODE"]
print("status", RKNNLite().init_runtime(), r.DEVICE_COMPATIBLE_NODE)
"""
    states = [line for line in start(patched, code).stdout.splitlines() if line[:6] == "status"]
    assert states == [
        f"status 0 {patched.library}",
        f"status 0 {patched.library}",
        "status -1 /proc/device-tree/compatible",
    ]


def test_threads_do_not_take_each_others_values_for_assignments(patched: Tree) -> None:
    # Each assignment of a constant takes a while, so that a second thread meets it half done.
    code = """
import os, threading, time, types
import rknnlite.api, rknnlite.api.rknn_runtime as r
class Slow(types.ModuleType):
    def __setattr__(self, name, value):
        time.sleep(0.2)
        super().__setattr__(name, value)
def make():
    try:
        r.RKNNRuntime()
    except Exception:
        pass
os.environ["RKNN_LIBRKNNRT_PATH"] = "/one.so"
make()
os.environ["RKNN_LIBRKNNRT_PATH"] = "/two.so"
r.__class__ = Slow
threads = [threading.Thread(target=make) for _ in range(2)]
threads[0].start()
time.sleep(0.1)
threads[1].start()
for thread in threads:
    thread.join()
del os.environ["RKNN_LIBRKNNRT_PATH"]
make()
print(r.LIBRKNNRT_PATH, end="")
"""
    done = start(patched, code)
    assert done.stdout == str(patched.library), done
