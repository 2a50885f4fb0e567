"""The toolkit runs in a folder of its own, sees nothing of the user's, and leaves nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rknn_convert.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from unit.commands import Outcome
    from unit.convert_toolkit import Toolkit

pytest_plugins = ["unit.convert_fixtures"]

HEAVY = ("numpy", "onnx", "onnxruntime", "rich", "rknn", "torch")


def test_environment_is_the_same_for_everybody(
    convert: Callable[..., Outcome], stand_in: Toolkit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setenv("SECRET", "x")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert convert("fine").status == 0
    seen = stand_in.calls["environment"]
    assert "SECRET" not in seen
    assert (seen["PYTHONHASHSEED"], seen["LC_ALL"], seen["OMP_NUM_THREADS"]) == (
        "0",
        "C.UTF-8",
        "3",
    )
    folder = Path(stand_in.calls["folder"]).parent
    assert (seen["HOME"], seen["TMPDIR"]) == (str(folder / "home"), str(folder / "tmp"))


def test_threads_are_not_set_where_the_user_did_not(
    convert: Callable[..., Outcome], stand_in: Toolkit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert convert("fine").status == 0
    assert "OMP_NUM_THREADS" not in stand_in.calls["environment"]


def test_its_folder_is_no_place_of_the_users_and_of_one_length(
    convert: Callable[..., Outcome], stand_in: Toolkit, scratch: Path
) -> None:
    folders = set()
    for _ in range(3):
        assert convert("fine").status == 0
        folders.add(stand_in.calls["folder"])
    assert len(folders) == 3
    assert len({len(folder) for folder in folders}) == 1
    assert all(Path(folder).parent.parent == scratch for folder in folders), folders


def test_modules_of_the_current_folder_are_not_imported(
    convert: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = tmp_path / "trap"
    trap.mkdir()
    (trap / "json.py").write_text("raise SystemExit('trapped')")
    monkeypatch.chdir(trap)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    assert convert("fine").status == 0


def test_relative_paths_are_those_of_the_users_folder(
    stand_in: Toolkit, scratch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "m.onnx").write_text("fine")
    monkeypatch.chdir(tmp_path)
    assert main(["m.onnx", "-o", "o.rknn", "--target", "rk3588", "--quiet"]) == 0
    assert (tmp_path / "o.rknn").exists()
    assert stand_in.calls["load"]["path"] == str(tmp_path / "m.onnx")
    assert list(scratch.iterdir()) == []


def test_no_room_for_temporary_files(
    convert: Callable[..., Outcome], scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(scratch / "absent"))
    outcome = convert("fine")
    assert outcome.status == 1
    assert str(scratch / "absent") in outcome.err
    assert outcome.err.endswith("No such file or directory; TMPDIR can name another folder\n")


def test_the_command_itself_imports_nothing_heavy(stand_in: Toolkit, tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_text("fine")
    words = [str(tmp_path / "m.onnx"), "-o", str(tmp_path / "o.rknn"), "--target", "rk3588"]
    script = (
        "import sys; from rknn_convert.cli import main; status = main(sys.argv[1:]); "
        f"print(sorted(set(sys.modules) & set({HEAVY!r})), file=sys.stderr); sys.exit(status)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "[]\n"), done
    assert stand_in.calls["load"]["method"] == "load_onnx"
