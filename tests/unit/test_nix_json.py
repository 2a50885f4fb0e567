"""What several releases of Nix print, read as one form."""

from __future__ import annotations

from typing import Any

import pytest

from rknn_flake import nix_json

PLACE = "/nix/store/"
A, B, OUT = "a" * 32 + "-a.drv", "b" * 32 + "-b.drv", "c" * 32 + "-a"
HASH = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
KNOWN = {"narHash": HASH, "ultimate": True}
PREFIXED = {**KNOWN, "narHash": HASH.replace("-", ":")}


def derivation(place: str, inputs: dict[str, Any]) -> dict[str, Any]:
    outputs = {"out": {"path": f"{place}{OUT}"}, "floating": {"hashAlgo": "sha256"}}
    return {"builder": f"{PLACE}bash", "outputs": outputs, **inputs}


@pytest.mark.parametrize(
    "told",
    [
        {PLACE + A: derivation(PLACE, {"inputDrvs": {PLACE + B: ["out"]}})},
        {A: derivation("", {"inputDrvs": {B: ["out"]}})},
        {
            "version": 4,
            "derivations": {A: derivation("", {"inputs": {"srcs": [], "drvs": {B: ["out"]}}})},
        },
    ],
    ids=["2.31", "2.32", "2.33"],
)
def test_derivations(told: dict[str, Any]) -> None:
    ((drv, found),) = nix_json.derivations(told).items()
    assert drv == PLACE + A
    assert found["inputDrvs"] == {PLACE + B: ["out"]}
    assert found["outputs"] == {"out": {"path": PLACE + OUT}, "floating": {"hashAlgo": "sha256"}}
    assert found["builder"] == f"{PLACE}bash"


@pytest.mark.parametrize(
    "told",
    [
        [{"path": PLACE + OUT, **KNOWN}],
        {PLACE + OUT: KNOWN},
        {"version": 1, "storeDir": "/nix/store", PLACE + OUT: PREFIXED},
        {"version": 2, "storeDir": "/nix/store", "info": {OUT: KNOWN}},
    ],
    ids=["2.18", "2.19", "2.33 as before", "2.33"],
)
def test_path_info(told: Any) -> None:  # noqa: ANN401
    ((path, found),) = nix_json.path_info(told).items()
    assert path == PLACE + OUT
    assert found["narHash"] == HASH
    assert found["ultimate"]


@pytest.mark.parametrize(
    "told", [[{"path": PLACE + OUT, "valid": False}], {PLACE + OUT: None}], ids=["2.18", "2.19"]
)
def test_what_is_not_there_is_left_out(told: Any) -> None:  # noqa: ANN401
    assert nix_json.path_info(told) == {}
