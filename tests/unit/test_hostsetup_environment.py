"""A private Python environment is complete, or made again."""

from __future__ import annotations

import tarfile
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from rknn_flake import venvs
from rknn_flake.errors import CommandError, UsageError
from rknn_flake.process import Completed, run

if TYPE_CHECKING:
    from pathlib import Path

METADATA = "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have pip know one package, tiny 1.0, and nothing of PyPI; return the empty cache folder."""
    with zipfile.ZipFile(tmp_path / "tiny-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny.py", "value = 42\n")
        wheel.writestr("tiny-1.0.dist-info/METADATA", METADATA)
        wheel.writestr("tiny-1.0.dist-info/WHEEL", WHEEL)
        wheel.writestr("tiny-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    monkeypatch.setenv("RKNN_FLAKE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_environment_is_made_once_and_remade_when_incomplete(
    offline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    python = venvs.ensure("env", ("tiny==1.0",))
    assert run([python, "-c", "import tiny; print(tiny.value)"]).stdout == "42\n"
    assert capsys.readouterr().err.count("installing from PyPI") == 1
    assert venvs.ensure("env", ("tiny==1.0",)) == python
    assert capsys.readouterr().err == "", "a complete environment was made again"
    (python.parents[1] / venvs.COMPLETE).unlink()
    assert venvs.ensure("env", ("tiny==1.0",)) == python
    assert "installing from PyPI" in capsys.readouterr().err
    assert [path.name for path in offline.glob("env-*")] == [python.parents[1].name]


def test_failed_install_is_not_taken_for_complete(offline: Path) -> None:
    with pytest.raises(CommandError, match="pip could not install into"):
        venvs.ensure("env", ("absent==1.0",))
    assert list(offline.glob("env-*")), "nothing was tried"
    assert not list(offline.glob(f"env-*/{venvs.COMPLETE}"))


def test_full_disk_is_not_blamed_on_pypi(offline: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(argv: list[str], **options: Any) -> Completed:  # noqa: ANN401
        if "pip" in argv:
            return Completed(tuple(argv), 1, "", "ERROR: [Errno 28] No space left on device")
        return run(argv, **options)

    monkeypatch.setattr(venvs, "run", full)
    with pytest.raises(CommandError, match=r"the disk is full\n.*No space left") as caught:
        venvs.ensure("env", ("tiny==1.0",))
    assert "PyPI" not in str(caught.value)
    assert not list(offline.glob(f"env-*/{venvs.COMPLETE}"))


@pytest.mark.usefixtures("offline")
def test_users_pip_settings_do_not_move_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_USER", "1")
    python = venvs.ensure("env", ("tiny==1.0",))
    assert run([python, "-c", "import tiny; print(tiny.value)"]).stdout == "42\n"


def test_source_is_not_compiled(offline: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "compiled-1.0.tar.gz", "w:gz") as archive:
        setup = tmp_path / "setup.py"
        setup.write_text("raise SystemExit('it ran')\n")
        archive.add(setup, "compiled-1.0/setup.py")
    with pytest.raises(CommandError, match="No matching distribution found for compiled"):
        venvs.ensure("env", ("compiled==1.0",))
    assert not list(offline.glob(f"env-*/{venvs.COMPLETE}"))


def test_unpinned_requirement_is_refused(tmp_path: Path) -> None:
    listed = tmp_path / "requirements.txt"
    listed.write_text("# why\ntiny==1.0  # comment\n\nloose>=2\n")
    with pytest.raises(UsageError, match=r"'loose>=2' is not pinned"):
        venvs.read_requirements(listed)
    listed.write_text("# why\ntiny==1.0  # comment\n\n")
    assert venvs.read_requirements(listed) == ("tiny==1.0",)
