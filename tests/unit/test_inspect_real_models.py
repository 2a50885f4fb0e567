"""Files that the vendor's converter wrote, our own and those of a folder that RKNN_MODELS names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rknn_convert.container import read
from rknn_convert.errors import ConvertError
from rknn_convert.loading import verdicts
from rknn_flake import models
from rknn_flake.errors import BadFileError
from rknn_flake.rknn_file import describe

FOLDER = os.environ.get("RKNN_MODELS")
FILES = sorted(Path(FOLDER).rglob("*.rknn")) if FOLDER else []


@pytest.mark.network
@pytest.mark.parametrize(("name", "soc"), models.MODELS.items())
def test_models_of_ours(name: str, soc: str) -> None:
    model = read(models.get(name))
    assert (model.targets, model.toolkit, model.compiler) == ((soc,), "2.3.2", "2.3.2")
    assert (model.framework, model.format, model.is_dynamic) == ("ONNX", 6, False)
    assert model.is_quantized == name.startswith("quantized")
    assert {verdict.runtime: verdict.loads for verdict in verdicts(model)}["2.3.2"] is True


@pytest.mark.network
def test_quantized_tensors_have_scales() -> None:
    model = read(models.get("quantized-rk3588"))
    affine = [tensor.quantization and tensor.quantization.affine for tensor in model.inputs]
    assert all(found and found[0] > 0 for found in affine), affine


@pytest.mark.skipif(not FILES, reason="RKNN_MODELS names no folder with .rknn files")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_models_of_others(path: Path) -> None:
    model = read(path)
    assert model.inputs
    assert model.outputs
    assert model.compiler
    assert model.size == path.stat().st_size


def test_this_project_reads_with_its_own_errors(tmp_path: Path) -> None:
    with pytest.raises(ConvertError, match="/none: no such file"):
        read(tmp_path / "none")
    with pytest.raises(BadFileError, match="/none: no such file"):
        describe(tmp_path / "none")
