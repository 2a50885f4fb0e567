"""A file is made canonical in its place, whatever its size, and no other file is touched."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from pathlib import Path

import pytest

import rknn_convert
from rknn_convert.canonical import canonical, canonical_file
from unit.canonical_files import PAIRS_8, PAIRS_9, registers_file

HALF_A_GIGABYTE = 512 << 20
# Prints how many bytes changed, and the process's peak memory before and after in bytes.
MEASURED = """
import json, resource, sys
from pathlib import Path
from rknn_convert.canonical import canonical_file
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
before = peak()
changed = canonical_file(Path(sys.argv[1]))
print(json.dumps([changed, before, peak()]))
"""


@pytest.fixture
def content() -> bytes:
    """Return an rk3588 file; its pairs' values are not 0, and 6 of each record's are unset."""
    in_8, in_9 = (tuple((7, 1 + n) for n in range(count)) for count in (PAIRS_8, PAIRS_9))
    return registers_file(in_8, in_9)


def test_a_file_gets_the_bytes_that_its_content_gets(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.rknn"
    path.write_bytes(content)
    expected = bytearray(content)
    changed = canonical(expected)
    assert canonical_file(path) == changed == 2 * 6 * 2
    assert path.read_bytes() == expected != content


@pytest.mark.parametrize(
    "content", [b"", b"RKNN", b"\0" * 100, struct.pack("<8sQQ", b"RKNN", 6, 2**63).ljust(99, b"x")]
)
def test_a_file_that_is_no_model_is_left_alone(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.rknn"
    path.write_bytes(content)
    assert canonical_file(path) == 0
    assert path.read_bytes() == content


def test_a_file_cut_short_is_left_alone(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.rknn"
    path.write_bytes(content[:-20])  # its text and some of its body
    assert canonical_file(path) == 0
    assert path.read_bytes() == content[:-20]


def test_a_big_file_takes_little_memory(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.rknn"
    (body,) = struct.unpack_from("<Q", content, 16)
    with path.open("wb") as file:  # the body ends in a hole
        file.write(content[:16] + struct.pack("<Q", HALF_A_GIGABYTE) + content[24 : 64 + body])
        file.truncate(64 + HALF_A_GIGABYTE)
    run = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)],
        env={"PYTHONPATH": str(Path(str(rknn_convert.__file__)).parents[1])},
        stdout=subprocess.PIPE,
        check=True,
    )
    changed, before, after = json.loads(run.stdout)
    assert changed == 2 * 6 * 2
    assert after - before < 10 << 20, f"{(after - before) >> 20} MB"
