"""Programs of another release run on the loader beside them, wherever both lie."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rknn_flake import own_loader
from rknn_flake.errors import BadFileError
from rknn_flake.process import run

LIBRARIES = "usr/lib/x86_64-linux-gnu"
# Stands in for a loader: shows what it was asked to do.
SHOW = '#!/bin/sh\nprintf "%s\\n" "$@"\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "made"
    loader = made / LIBRARIES / "ld-linux-x86-64.so.2"
    loader.parent.mkdir(parents=True)
    loader.write_text(SHOW)
    loader.chmod(0o755)
    own_loader.wrap(made, "usr/bin/tool", below=("more",), options=" --calm")
    return made


def started(program: Path, *words: str) -> list[str]:
    return run([program, *words]).stdout.splitlines()


@pytest.mark.parametrize("way", ["in place", "moved", "by a link"])
def test_the_program_is_started(root: Path, tmp_path: Path, way: str) -> None:
    program = root / "bin/tool"
    if way == "moved":
        program = Path(shutil.move(root, tmp_path / "moved to")) / "bin/tool"
    if way == "by a link":
        program = tmp_path / "link"
        program.symlink_to(root / "bin/tool")
    option, libraries, tool, *rest = started(program, "a b", "c")
    assert option == "--library-path"
    here = (tmp_path / "moved to" if way == "moved" else root).resolve()
    found = [Path(folder).resolve() for folder in libraries.split(":")]
    assert found == [here / LIBRARIES, here / LIBRARIES / "more"]
    assert Path(tool).resolve() == here / "usr/bin/tool"
    assert rest == ["--calm", "a b", "c"]


@pytest.mark.parametrize("loaders", [[], ["ld-linux-x86-64.so.2", "ld-linux-other.so.2"]])
def test_not_one_loader(tmp_path: Path, loaders: list[str]) -> None:
    (tmp_path / LIBRARIES).mkdir(parents=True)
    for name in loaders:
        (tmp_path / LIBRARIES / name).touch()
    with pytest.raises(BadFileError, match=f"found {len(loaders)} files ld-linux"):
        own_loader.wrap(tmp_path, "usr/bin/tool")
