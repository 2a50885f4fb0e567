"""Applies every patch when it is imported, which rknn.api does before anything else."""

from __future__ import annotations

from . import (
    numpy_cast,
    numpy_scalars,
    onnx_mapping,
    package_versions,
    protobuf_label,
    search_path,
    torch_absent,
)

PATCHES = (
    torch_absent,
    package_versions,
    numpy_cast,
    numpy_scalars,
    onnx_mapping,
    protobuf_label,
    search_path,
)

# The names of those that had something to do here.
APPLIED = tuple(patch.__name__.rpartition(".")[2] for patch in PATCHES if patch.apply())
