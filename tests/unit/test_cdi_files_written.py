"""The files are replaced whole, only where something changed, and nothing is left beside them."""

from __future__ import annotations

import json
import os
import stat
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from rknn_cdi.errors import FaultsError
from rknn_cdi.files import put
from rknn_flake import readonly
from rknn_flake.paths import PROJECT
from rknn_flake.process import run
from unit.cdi_roots import HEADLESS
from unit.ready_roots import COMPATIBLE
from unit.unprivileged import own_folder, unprivileged

if TYPE_CHECKING:
    from pathlib import Path

    from unit.cdi_fixtures import Machine

pytest_plugins = ["unit.cdi_fixtures"]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def states(machine: Machine) -> list[tuple[int, int]]:
    told = [path.stat() for path in (machine.output, machine.soc_copy)]
    return [(one.st_ino, one.st_mtime_ns) for one in told]


def test_nothing_else_is_there_and_everybody_may_read(machine: Machine) -> None:
    before = os.umask(0o077)
    try:
        machine.has(HEADLESS).spec()
    finally:
        os.umask(before)
    for path in (machine.output, machine.soc_copy):
        assert names(path.parent) == [path.name]
        assert stat.S_IMODE(path.stat().st_mode) == 0o644, path


def test_what_is_as_it_was_stays(machine: Machine) -> None:
    machine.has(HEADLESS).spec()
    before = states(machine)
    outcome = machine.write()
    assert outcome.out.endswith(f"; {machine.output} is as it was\n"), outcome
    assert states(machine) == before


def test_what_changed_is_new(machine: Machine) -> None:
    machine.has(HEADLESS).spec()
    before = states(machine)
    (machine.root / COMPATIBLE).write_text("radxa,rock-5b\0rockchip,rk3588\0")
    machine.spec("--render-node=/dev/dri/renderD128")
    after = states(machine)
    assert before[0] != after[0]
    assert before[1] != after[1]


def test_a_link_is_replaced_and_what_it_leads_to_is_not(machine: Machine, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text("another's\n")
    machine.output.parent.mkdir()
    machine.output.symlink_to(other)
    machine.has(HEADLESS).spec()
    assert other.read_text() == "another's\n"
    assert not machine.output.is_symlink()


def test_a_link_to_the_same_text_is_replaced_too(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"same")
    (tmp_path / "link").symlink_to("other")
    assert put(tmp_path / "link", b"same")
    assert not (tmp_path / "link").is_symlink()


def test_what_a_killed_run_left_is_no_hindrance(machine: Machine) -> None:
    machine.output.parent.mkdir()
    (machine.output.parent / ".rknn-cdi.new").write_text('{"half')
    machine.has(HEADLESS).spec()
    assert names(machine.output.parent) == [machine.output.name]


def test_a_reader_finds_the_old_text_or_the_new(tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    texts = [json.dumps({"text": letter * 200_000}).encode() for letter in "ab"]
    put(path, texts[0])
    done = threading.Event()

    def write() -> None:
        for number in range(200):
            put(path, texts[number % 2])
        done.set()

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    seen = set()
    while not done.is_set():
        seen.add(path.read_bytes())
    for writer in writers:
        writer.join()
    assert seen <= set(texts), {len(text) for text in seen}
    assert names(tmp_path) == ["some.json"]


def test_a_file_in_place_of_the_folder(machine: Machine) -> None:
    machine.output.parent.write_text("in the way\n")
    outcome = machine.has(HEADLESS).write()
    assert (outcome.status, outcome.err.count("\n")) == (1, 1), outcome
    assert f"{machine.output}: File exists: a part of the path is no folder" in outcome.err


def test_a_folder_in_place_of_the_file(machine: Machine) -> None:
    machine.output.mkdir(parents=True)
    outcome = machine.has(HEADLESS).write()
    assert outcome.status == 1, outcome
    assert f"{machine.output}: Is a directory: a folder of that name is there" in outcome.err
    assert names(machine.output.parent) == [machine.output.name]


def test_no_folder_to_make_one_in(machine: Machine) -> None:
    machine.output.parent.parent.rmdir()
    outcome = machine.has(HEADLESS).write()
    assert (outcome.status, outcome.err.count("\n")) == (1, 1), outcome
    assert "No such file or directory: there is no such folder; make it" in outcome.err


def test_no_permission() -> None:
    with own_folder() as folder, unprivileged():
        folder.chmod(0o555)
        with pytest.raises(FaultsError, match="Permission denied: no permission to write there"):
            put(folder / "some.json", b"{}")
        assert names(folder) == []


def test_read_only_folder_with_a_stale_spec(machine: Machine) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make a file system read-only for a process")
    machine.has(HEADLESS).spec()
    (machine.root / "sys/class/drm/card0/device/driver").unlink()
    folder = machine.output.parent
    program = [sys.executable, "-m", "rknn_cdi.cli"]
    roots = [str(PROJECT / f"pkgs/rknn/{name}") for name in ("cdi", "ready")]
    done = run(
        [
            *(sys.executable, readonly.__file__, folder, "--"),
            *(*program, "write", *machine.places, f"--root={machine.root}"),
        ],
        check=False,
        env={"PYTHONPATH": os.pathsep.join(roots)},
    )
    first, second = done.stderr.splitlines()
    assert (done.status, done.stdout) == (1, "")
    assert first.startswith("rknn-cdi: the NPU's only node is /dev/dri/renderD128"), first
    assert second == (
        f"rknn-cdi: {machine.output}: Read-only file system: the file system is read-only; "
        "name a folder below /run"
    )
    assert machine.output.exists()
