"""What a file is that is no .rknn file, by its first bytes."""

from __future__ import annotations

FIRST_BYTES = 64
STARTS = (
    (b"RKCE", "an encrypted .rknn model, which only the runtime can read"),
    (b"PK\x03\x04", "a zip archive, such as PyTorch's .pt files: convert it first"),
    (b"\x7fELF", "an ELF file: a program or a library"),
    (b"version https://git-lfs", "a git-lfs pointer in place of the file: run git lfs pull"),
    (b"\x89HDF", "an HDF5 file, such as Keras's .h5: convert it first"),
    (b"\x1f\x8b", "gzip-compressed: unpack it first"),
    (b"\xfd7zXZ", "xz-compressed: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed: unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive: unpack it first"),
    (b"\x93NUMPY", "a numpy array"),
    (b"GGUF", "a GGUF model, which the NPU's runtime can't use"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
)
# At byte 4, behind a flatbuffer's first offset.
IDENTIFIERS = (
    (b"TFL3", "a TFLite model: convert it first"),
    (b"RKNN", "the inner part of an .rknn file without its header"),
)
# ir_version 1 to 99, then the producer's name, its version, the domain, the graph or the opsets.
ONNX_SECOND_FIELDS = b"\x12\x1a\x22\x3a\x42"


def described(first: bytes) -> str:
    """Say what a file is that begins with the up to 64 bytes `first`, and what to do with it."""
    kind = next((kind for start, kind in STARTS if first.startswith(start)), None)
    kind = kind or next((kind for start, kind in IDENTIFIERS if first[4:8] == start), None)
    if kind:
        return f"not an .rknn file but {kind}"
    if first.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        return "not an .rknn file but an HTML page, often a download's error; download it again"
    if len(first) > 2 and first[0] == 8 and first[1] < 100 and first[2] in ONNX_SECOND_FIELDS:
        return "not an .rknn file but, by its look, an ONNX model; convert it first"
    if not any(first):
        return "not an .rknn file: it begins with zeros; copy or download it again"
    return f"not an .rknn file: it begins with {first[:8]!r}; check the name"
