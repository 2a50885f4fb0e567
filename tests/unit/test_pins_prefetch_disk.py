"""Where sources.toml can't be written, one line says so, and it stays whole."""

from __future__ import annotations

import errno
from itertools import repeat
from typing import TYPE_CHECKING

import pytest

from rknn_flake import atomic
from rknn_flake.pins import prefetching
from rknn_flake.process import run
from unit import pins_fixtures
from unit.prefetch_files import answering, body, filled_in, first, missing, only
from unit.unprivileged import own_folder, unprivileged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from unit.commands import Outcome
    from unit.prefetch_fixtures import Fetching

pytest_plugins = ["unit.prefetch_fixtures"]

FILES = 60
URL = "https://example.org/part{}.so"
BLOCK = 4096


def serve(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a stand-in for Nix on PATH that has every file; it lies in `folder`."""
    bodies = {f"part{number}.so": body(number) for number in range(FILES)}
    script = answering(folder / "answers", bodies)
    first(monkeypatch, folder / "programs", nix=script)


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a sources.toml of the user that `unprivileged` is, with a file to fetch."""
    # What commands import late may be where only root gets at it.
    assert prefetching.__doc__
    text = pins_fixtures.text([missing(0, URL.format(0))])
    with own_folder() as folder:
        serve(folder, monkeypatch)
        with unprivileged():
            (folder / "sources.toml").write_text(text)
        yield folder / "sources.toml"


def prefetch(fetching: Fetching, file: Path) -> Outcome:
    return fetching.call("prefetch", "--file", file, "--store", "default")


def refused(done: Outcome, file: Path, what: str, cure: int) -> list[str]:
    """Check that one line says so; return those before it."""
    assert (done.status, done.out) == (1, ""), done
    *before, line = done.err.splitlines()
    assert line == f"rknn-pins: {file}: {what}: {atomic.CURES[cure]}"
    return before


def without_nix(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    """Have whatever would be fetched fail in other words than those of the refusal."""
    only(monkeypatch, file.parent / "nothing")


def test_read_only_file(fetching: Fetching, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = file.read_bytes()
    file.chmod(0o444)
    without_nix(monkeypatch, file)
    with unprivileged():
        done = prefetch(fetching, file)
    assert refused(done, file, "Permission denied", errno.EACCES) == []
    assert file.read_bytes() == before


def test_read_only_folder(fetching: Fetching, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = file.read_bytes()
    without_nix(monkeypatch, file)
    file.parent.chmod(0o555)
    with unprivileged():
        done = prefetch(fetching, file)
    assert refused(done, file, "Permission denied", errno.EACCES) == []
    assert file.read_bytes() == before


def test_file_of_ones_own(fetching: Fetching, file: Path) -> None:
    with unprivileged():
        done = prefetch(fetching, file)
    assert (done.status, done.err) == (0, ""), done


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system of 100 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = run(["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", folder], check=False)
    if mounted.status != 0:
        pytest.skip(f"may not mount: {mounted.stderr.strip()}")
    yield folder
    run(["umount", folder])


def fill_up(folder: Path) -> Path:
    """Leave no room."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as opened, pytest.raises(OSError, match="No space left"):
        opened.writelines(repeat(bytes(BLOCK)))
    return filler


def test_full_disk_and_some_room_later(
    fetching: Fetching, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = disk / "sources.toml"
    serve(fetching.folder, monkeypatch)
    entries = [missing(number, URL.format(number)) for number in range(FILES)]
    written = pins_fixtures.write(file, entries)
    before = file.read_text()
    assert len(before) > 2 * BLOCK
    filler = fill_up(disk)
    done = prefetch(fetching, file)
    *_, said = refused(done, file, "No space left on device", errno.ENOSPC)
    assert said == f"0 of {FILES} hashes are in {file}; the rest is as it was"
    assert file.read_text() == before
    assert sorted(path.name for path in disk.iterdir()) == ["filler", "sources.toml"]
    filler.unlink()
    assert prefetch(fetching, file).status == 0
    assert file.read_text() == filled_in(before, written.entries)
