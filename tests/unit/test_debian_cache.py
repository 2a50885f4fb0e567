"""Fetching from Debian: a damaged cache is repaired, a failure is named after what failed."""

from __future__ import annotations

import importlib
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rknn_flake import debian
from rknn_flake.errors import MissingToolError, RknnError

if TYPE_CHECKING:
    from pathlib import Path

SMALL = debian.Request("small", ("some",), hashed=("kernel",))
# What a mirror offers: one package, and lists that name it.
APT_GET = """
case "$*" in
  *" update") : > {lists}/x_Packages ;;
  *--print-uris*) echo "'http://mirror/some.deb' some_1_arm64.deb 1 SHA256:0" ;;
  *" download "*) : > some_1_arm64.deb ;;
esac
"""
UNPACK = 'mkdir -p "$3" && printf content > "$3/kernel"'
NO_PACKAGE = "echo 'E: Unable to locate package some' >&2; exit 100"


class Mirror:
    """A cache, and an apt-get and dpkg-deb that do what a test says."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.cache = folder / "cache/debian"
        self.program("apt-get", APT_GET)
        self.program("dpkg-deb", UNPACK)

    def program(self, name: str, text: str) -> None:
        """Put a shell script on PATH; {lists} in it is the folder of apt's lists."""
        text = text.replace("{lists}", str(self.cache / "apt/state/lists"))
        (self.bin / name).write_text(f"#!/bin/sh\n{text}\n")
        (self.bin / name).chmod(0o755)

    def pointer(self) -> Path:
        """Return the file that names the unpacked folder."""
        return self.cache / f"small-{SMALL.digest()}"


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mirror:
    """Return a mirror that works, and an empty cache."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    monkeypatch.setenv("RKNN_FLAKE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(debian, "native", lambda: "amd64")
    return Mirror(tmp_path)


def failure() -> str:
    with pytest.raises(RknnError) as caught:
        debian.tree(SMALL)
    said = str(caught.value)
    assert "\n" not in said, said
    return said


@pytest.mark.parametrize("damage", [b"", b"..", b"/tmp", b"small-0.tree", b"\xff\xfe"])
def test_damaged_pointer_removes_nothing_and_is_written_again(
    mirror: Mirror, damage: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    made = debian.tree(SMALL)
    other = mirror.cache / "other"
    other.touch()
    mirror.pointer().write_bytes(damage)
    assert debian.tree(SMALL) == made
    assert other.exists(), "the whole cache was removed"
    assert mirror.pointer().read_text() == made.name
    assert f"{mirror.pointer()} is not as it was unpacked" in capsys.readouterr().err


def test_change_that_keeps_the_size_is_noticed_where_it_matters(mirror: Mirror) -> None:
    made = debian.tree(SMALL)
    (made / "kernel").write_text("CONTENT")
    mirror.program("dpkg-deb", UNPACK)
    assert (debian.tree(SMALL) / "kernel").read_text() == "content"


FINISH = "def finish(root): (root / 'finished').write_text('{}')"


def test_a_changed_finish_makes_another_folder(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(mirror.bin)
    finished = []
    for text in ("one", "one", "two"):
        (mirror.bin / f"finish_{text}.py").write_text(FINISH.format(text))
        module = importlib.import_module(f"finish_{text}")
        made = debian.tree(replace(SMALL, finish=module.finish))
        finished.append((made.name, (made / "finished").read_text()))
    first, again, changed = finished
    assert [text for _, text in finished] == ["one", "one", "two"], finished
    assert first == again != changed, finished


def test_manifest_that_is_no_text_is_damage(mirror: Mirror) -> None:
    made = debian.tree(SMALL)
    made.with_suffix(".manifest").write_bytes(b"\xff\xfe")
    assert debian.tree(SMALL) == made
    assert mirror.pointer().exists()


def test_what_a_killed_run_left_is_removed(mirror: Mirror) -> None:
    left = mirror.cache / "unpack-killed"
    (left / "root").mkdir(parents=True)
    debian.tree(SMALL)
    assert not left.exists()


def test_package_that_no_source_has(mirror: Mirror) -> None:
    mirror.program("apt-get", f'case "$*" in *" update") ;; *) {NO_PACKAGE} ;; esac')
    assert failure() == (
        "Debian's arm64 packages some could not be fetched (E: Unable to locate package some); "
        "main of Debian 12 must be among the sources in /etc/apt and not limited to amd64"
    )


def test_mirror_out_of_reach_is_the_reason(mirror: Mirror) -> None:
    dead = "W: Failed to fetch http://mirror  Could not connect to proxy"
    update = f"echo 'Ign:1' >&2; echo '{dead}' >&2; exit 100"
    mirror.program("apt-get", f'case "$*" in *" update") {update} ;; *) {NO_PACKAGE} ;; esac')
    assert f"; before, apt-get update: {dead})" in failure()


def test_update_is_told_that_any_error_counts(mirror: Mirror) -> None:
    strict = '*"Error-Mode=any update") : ;; *" update") exit 9 ;;'
    mirror.program("apt-get", f'case "$*" in {strict} esac\n{APT_GET}')
    assert debian.tree(SMALL).exists()


def test_broken_source_of_others_does_not_stop_the_fetch(mirror: Mirror) -> None:
    mirror.program("apt-get", f'{APT_GET}\ncase "$*" in *" update") exit 100 ;; esac')
    assert debian.tree(SMALL).exists()


def test_full_disk_while_unpacking_is_not_blamed_on_the_sources(mirror: Mirror) -> None:
    full = "tar: ./kernel: Cannot write: No space left on device"
    mirror.program("dpkg-deb", f"echo '{full}' >&2; echo 'dpkg-deb: error' >&2; exit 2")
    said = failure()
    assert said == f"some_1_arm64.deb could not be unpacked below {mirror.cache}: {full}"


def test_full_disk_while_downloading_is_not_blamed_on_the_sources(mirror: Mirror) -> None:
    full = "E: You don't have enough free space in /x."
    mirror.program(
        "apt-get", f'{APT_GET}\ncase "$*" in *" download "*) echo "{full}" >&2; exit 1; esac'
    )
    with pytest.raises(MissingToolError):
        debian.tree(SMALL)
    assert failure().endswith(f"({full}); {mirror.cache} needs more room")
