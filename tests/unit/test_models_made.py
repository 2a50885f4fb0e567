"""Models are real, made for the SoC their name says, checked before use, made again if corrupt."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

import pytest

from rknn_flake import models, venvs
from rknn_flake.errors import BadFileError, MissingToolError, UsageError
from rknn_flake.rknn_file import describe

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.network


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a new cache that holds nothing but this machine's converter environment."""
    python = venvs.ensure("converter", models.CONVERTER, models.converter_python())
    environment = python.parents[1]
    (tmp_path / environment.name).symlink_to(environment)
    monkeypatch.setenv("RKNN_FLAKE_CACHE", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(("name", "target"), models.MODELS.items())
def test_model_is_for_the_target_its_name_says(name: str, target: str) -> None:
    model = describe(models.get(name))
    assert (model.targets, model.toolkit) == ((target,), "2.3.2")
    assert name.endswith(f"-{target}")


def test_models_differ_where_their_names_do() -> None:
    add, conv, quantized = (
        describe(models.get(f"{name}-rk3588")) for name in ("add-two-inputs", "conv", "quantized")
    )
    assert [tensor.name for tensor in add.inputs] == ["left", "right"]
    assert [tensor.shape for tensor in conv.outputs] == [(1, 8, 1, 1)]
    assert ([t.dtype for t in conv.inputs], [t.dtype for t in quantized.inputs]) == (
        ["float16"],
        ["int8"],
    )


def test_corrupt_model_is_made_again_and_sound_ones_are_kept(
    own_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = models.prepare()
    assert folder.is_relative_to(own_cache)
    assert capsys.readouterr().err.count("converting") == 1, "not one converter run for all"
    sound, corrupt = folder / "conv-rk3566.rknn", folder / "conv-rk3588.rknn"
    made_at = sound.stat().st_mtime_ns
    corrupt.write_bytes(corrupt.read_bytes()[:-1])
    with pytest.raises(BadFileError):
        describe(corrupt)
    assert describe(models.get("conv-rk3588")).targets == ("rk3588",)
    assert capsys.readouterr().err == "converting with rknn-toolkit2==2.3.2: conv-rk3588\n"
    assert sound.stat().st_mtime_ns == made_at, "an intact model was made again"
    assert not list(folder.parent.glob("new-*")), "half-made models were left behind"


def test_what_a_killed_run_left_is_removed(own_cache: Path) -> None:
    left = own_cache / "models/new-killed"
    left.mkdir(parents=True)
    (left / "check0_base_optimize.onnx").touch()
    models.prepare()
    assert not left.exists(), list(left.parent.iterdir())


def test_unknown_name_lists_the_models() -> None:
    with pytest.raises(UsageError, match="no model named 'resnet'; there are: conv-rk3588, "):
        models.get("resnet")


def test_machine_without_a_wheel_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(MissingToolError, match="no wheel for riscv64"):
        models.converter_python()


def test_python_without_a_wheel_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "PYTHONS", ((2, 7),))
    with pytest.raises(MissingToolError, match=r"no wheel for Python 3.*install Python 3\.11"):
        models.converter_python()
