"""Modules in the place of the toolkit's libraries, and an unpacked wheel shaped like its own."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

import patch_toolkit
from unit.commands import Outcome, command
from unit.toolkit_wheel import ADB, BASE, INFO, METADATA, record_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """Return the folder of a wheel as it is unpacked, nothing patched."""
    files = {
        "rknn/api/__init__.py": b"from rknn.api.rknn import RKNN",
        "rknn/api/rknn.py": b"class RKNN: pass\n",
        BASE: b"\x7fELF compiled",
        ADB: b"\x7fELF adb",
        f"{INFO}/METADATA": METADATA.encode(),
    }
    lines = [record_line(name, data) for name, data in files.items()]
    files[f"{INFO}/RECORD"] = "\n".join([*lines, f"{INFO}/RECORD,,", ""]).encode()
    root = tmp_path / "site-packages"
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


@pytest.fixture
def patch(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Return patch_toolkit as a function of its arguments; usage errors are outcomes too."""
    return command(patch_toolkit.main, capsys)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield an empty folder that is all of sys.path; what a test imports is forgotten after it."""
    site = tmp_path / "installed"
    site.mkdir()
    monkeypatch.setattr(sys, "path", [str(site)])
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    libraries = ("numpy", "onnx", "pkg_resources", "rknn", "torch")
    kept = {name: sys.modules.pop(name) for name in list(sys.modules) if _is_of(name, libraries)}
    yield site
    for name in [name for name in sys.modules if _is_of(name, libraries)]:
        del sys.modules[name]
    sys.modules.update(kept)


def _is_of(name: str, libraries: tuple[str, ...]) -> bool:
    return name.partition(".")[0] in libraries


@pytest.fixture
def module(installed: Path) -> Callable[..., Any]:
    """Return a function that makes an importable module with the names it is given."""
    del installed

    def make(name: str, **names: object) -> Any:  # noqa: ANN401 (tests set and ask what they like)
        made = ModuleType(name)
        made.__dict__.update(names)
        sys.modules[name] = made
        return made

    return make
