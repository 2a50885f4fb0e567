"""rknn-cdi gives the library, what it needs and the SoC's name, all of it read-only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from unit.cdi_roots import HEADLESS, mounts

if TYPE_CHECKING:
    from pathlib import Path

    from unit.cdi_fixtures import Machine

pytest_plugins = ["unit.cdi_fixtures"]

INSIDE = "/run/rknn/compatible"
USUAL = "/usr/lib/librknnrt.so"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    made = tmp_path / "librknnrt.so"
    made.write_bytes(b"\x7fELF")
    return made


@pytest.fixture
def closure(tmp_path: Path) -> Path:
    paths = [tmp_path / "store/one", tmp_path / "store/two"]
    for path in paths:
        path.mkdir(parents=True)
    made = tmp_path / "store-paths"
    made.write_text("".join(f"{path}\n" for path in paths))
    return made


def test_the_socs_name_only(machine: Machine) -> None:
    assert mounts(machine.has(HEADLESS).spec()) == {INSIDE: str(machine.soc_copy)}


def test_library_at_its_usual_path(machine: Machine, library: Path) -> None:
    spec = machine.has(HEADLESS).spec(f"--library={library}")
    assert mounts(spec) == {USUAL: str(library), INSIDE: str(machine.soc_copy)}


def test_library_at_other_paths(machine: Machine, library: Path) -> None:
    paths = ["/opt/lib/librknnrt.so", "/usr/lib64/librknnrt.so"]
    options = [f"--library-path={path}" for path in (*paths, paths[0])]
    spec = machine.has(HEADLESS).spec(f"--library={library}", *options)
    assert list(mounts(spec)) == [*paths, INSIDE]


def test_library_with_what_it_needs(machine: Machine, library: Path, closure: Path) -> None:
    spec = machine.has(HEADLESS).spec(f"--library={library}", f"--closure={closure}")
    needed = closure.read_text().splitlines()
    assert mounts(spec) == {
        USUAL: str(library),
        **{path: path for path in needed},
        INSIDE: str(machine.soc_copy),
    }
    assert len(needed) == 2
    assert (
        "2 paths of the store" in machine.write(f"--library={library}", f"--closure={closure}").out
    )


def test_nothing_can_be_written_and_only_libraries_mapped(
    machine: Machine, library: Path, closure: Path
) -> None:
    spec = machine.has(HEADLESS).spec(f"--library={library}", f"--closure={closure}")
    for mount in spec["containerEdits"]["mounts"]:
        barred = {"noexec"} if mount["containerPath"] == INSIDE else set()
        assert set(mount["options"]) == {"ro", "nosuid", "nodev", "bind"} | barred, mount


def test_a_library_that_is_not_there(machine: Machine, tmp_path: Path) -> None:
    outcome = machine.has(HEADLESS).write(f"--library={tmp_path}/none.so")
    assert outcome.status == 1, outcome
    assert outcome.err.startswith(f"rknn-cdi: {tmp_path}/none.so: no such file"), outcome
    assert not machine.output.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/nix/store/not-there\n", "/nix/store/not-there: no such file"),
        ("nix/store/one\n", "'nix/store/one' is no absolute path"),
        ("\xff", "not a text"),
    ],
)
def test_a_list_that_is_wrong(
    machine: Machine, library: Path, closure: Path, text: str, words: str
) -> None:
    closure.write_bytes(text.encode("latin-1"))
    outcome = machine.has(HEADLESS).write(f"--library={library}", f"--closure={closure}")
    assert outcome.status == 1, outcome
    assert words in outcome.err, outcome
    assert outcome.err.count("\n") == 1, outcome


def test_a_list_that_is_not_there(machine: Machine, library: Path, tmp_path: Path) -> None:
    outcome = machine.has(HEADLESS).write(f"--library={library}", f"--closure={tmp_path}/none")
    assert outcome.status == 1, outcome
    assert f"--closure {tmp_path}/none: No such file" in outcome.err
