"""A runtime is said to load a model only where format, SoC and toolkit are known to fit."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from rknn_convert.container import Model
from rknn_convert.loading import RUNTIMES, verdicts
from rknn_flake.paths import PROJECT

MODEL = Model(1000, 6, ("rk3588",), "2.3.2", (), (), hardware="RKNPU v2")


def loads(model: Model) -> dict[str, bool | None]:
    return {verdict.runtime: verdict.loads for verdict in verdicts(model)}


def why(model: Model, runtime: str) -> str:
    return next(verdict.why for verdict in verdicts(model) if verdict.runtime == runtime)


def test_runtimes_are_the_releases_with_a_library() -> None:
    pins = tomllib.loads((PROJECT / "pkgs/rknn/sources.toml").read_text())
    having = {
        release
        for release, table in pins["releases"].items()
        for entry in table["files"]
        if entry["component"] == "librknnrt" and entry["arch"] == "aarch64"
    }
    assert sorted(RUNTIMES) == sorted(having)


def test_same_toolkit_loads() -> None:
    assert loads(replace(MODEL, toolkit="2.3.0")) == {"2.3.0": True, "2.3.2": True}


@pytest.mark.parametrize("toolkit", ["1.3.4-source_code", "1.5.0+1fa95b5c", "2.3.0"])
def test_older_toolkit_loads(toolkit: str) -> None:
    assert loads(replace(MODEL, toolkit=toolkit))["2.3.2"] is True


def test_newer_toolkit_is_unknown() -> None:
    assert loads(MODEL) == {"2.3.0": None, "2.3.2": True}
    assert why(MODEL, "2.3.0") == "made by the newer toolkit 2.3.2"
    assert loads(replace(MODEL, toolkit="2.10.0"))["2.3.2"] is None


def test_toolkit_that_tells_no_version_is_unknown() -> None:
    assert loads(replace(MODEL, toolkit="today's"))["2.3.2"] is None


def test_soc_that_came_with_a_release_does_not_load_before_it() -> None:
    model = replace(MODEL, targets=("rv1126b",), hardware="RKNPU f3", toolkit="2.3.0")
    assert loads(model) == {"2.3.0": False, "2.3.2": True}


@pytest.mark.parametrize("soc", ["rv1103", "rv1103b", "rv1106", "rv1106b"])
def test_small_socs_have_another_runtime(soc: str) -> None:
    model = replace(MODEL, targets=(soc,), format=0x1004)
    assert loads(model) == {"2.3.0": False, "2.3.2": False}
    assert why(model, "2.3.2") == f"not for librknnrt ({soc} takes librknnmrt)"


def test_unheard_of_soc_is_unknown() -> None:
    assert loads(replace(MODEL, targets=("rk9999",)))["2.3.2"] is None


def test_network_for_another_npu_than_it_says_is_unknown() -> None:
    model = replace(MODEL, targets=("rk3566",))
    assert loads(model)["2.3.2"] is None
    assert why(model, "2.3.2") == "it names rk3566, but its network is for RKNPU v2"
