"""What Nix's releases print as JSON, each in another form, as one."""

from __future__ import annotations

from typing import Any

from rknn_flake.pins import hashes

STORE = "/nix/store"


def derivations(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what `nix derivation show` told: path -> derivation, with `inputDrvs` and `outputs`.

    All paths are whole: from 2.32 on Nix leaves the store's folder out. From 2.33 on the inputs
    are a set of their own, and all of it is below a version.
    """
    return {_whole(drv): _derivation(of) for drv, of in told.get("derivations", told).items()}


def _derivation(of: dict[str, Any]) -> dict[str, Any]:
    inputs = of["inputDrvs"] if "inputDrvs" in of else of["inputs"]["drvs"]
    outputs = {
        name: {**output, **({"path": _whole(output["path"])} if output.get("path") else {})}
        for name, output in of["outputs"].items()
    }
    return {**of, "inputDrvs": {_whole(drv): need for drv, need in inputs.items()}} | {
        "outputs": outputs
    }


def path_info(told: list[dict[str, Any]] | dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what `nix path-info --json` told: path -> what is known of it.

    What is not valid is left out. It was a list up to Nix 2.18; from 2.33 on there is a version
    beside the paths, and they may be a set of their own, without the store's folder.
    """
    if isinstance(told, list):
        named = {entry["path"]: entry for entry in told}
    else:
        named = told["info"] if isinstance(told.get("info"), dict) else told
    return {
        _whole(path): {**known, "narHash": hashes.to_sri(hashes.parse(known["narHash"]))}
        for path, known in named.items()
        if isinstance(known, dict) and known.get("valid", True)
    }


def _whole(path: str) -> str:
    return path if path.startswith("/") else f"{STORE}/{path}"
