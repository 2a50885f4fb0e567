"""What counts as fetched."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from typing import Any

import pytest
from benchmarks.bytes_fetched import (
    fixed_outputs,
    hex_digest,
    pinned,
    report,
    split,
)
from benchmarks.sdk_clone import Clone

from rknn_flake.errors import BadFileError, CommandError

CLONE = Clone(10**9, complete=True, origin="here")


def sri(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def hexed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def entry(component: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"component": component, "name": component, "hash": sri(component), "size": 7, **more}


FILES = [entry("librknnrt"), entry("rknn-toolkit-lite2"), entry("rknn-server")]
FETCHED = {hexed(name): name for name in ("librknnrt", "rknn-toolkit-lite2", "numpy")}


def pins(files: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return pinned({"releases": {"1": {"files": files}}})


@pytest.mark.parametrize("digest", [sri("x"), hexed("x"), f"sha256:{hexed('x')}"])
def test_digests_in_every_form(digest: str) -> None:
    assert hex_digest(digest) == hexed("x")


def test_only_what_is_fetched_and_pinned_counts() -> None:
    ours, others = split(FETCHED, pins(FILES))
    assert ours == {"librknnrt": 7, "rknn-toolkit-lite2": 7}
    assert others == ("numpy",)


@pytest.mark.parametrize("absent", ["librknnrt", "rknn-toolkit-lite2"])
def test_a_count_without_runtime_or_binding_is_refused(absent: str) -> None:
    fetched = {digest: name for digest, name in FETCHED.items() if name != absent}
    with pytest.raises(CommandError, match=f"expected {absent} as well"):
        split(fetched, pins(FILES))


def test_a_file_without_size_is_named() -> None:
    files = [*FILES]
    files[0] = {key: value for key, value in FILES[0].items() if key != "size"}
    with pytest.raises(BadFileError, match="librknnrt has no size"):
        split(FETCHED, pins(files))


def test_files_without_hash_are_not_looked_for() -> None:
    unhashed = {key: value for key, value in entry("new").items() if key != "hash"}
    assert pins([unhashed]) == {}


def test_fixed_outputs_among_derivations() -> None:
    derivations: list[dict[str, Any]] = [
        {"name": "a", "outputs": {"out": {"hash": sri("a")}}, "env": {}},
        {"outputs": {"out": {"hash": hexed("b")}}, "env": {"name": "b"}},
        {"name": "built", "outputs": {"out": {"path": "/x"}, "dev": {}}, "env": {}},
    ]
    assert fixed_outputs(derivations) == {hexed("a"): "a", hexed("b"): "b"}


def test_ratio_is_bytes_over_the_clone() -> None:
    made = report({"a": 3_000_000, "b": 5_000_000}, (), CLONE)
    assert (made.ratio, made.met) == (0.008, True)
    assert "8000000 bytes in 2 files (b 5000000, a 3000000)" in made.lines[0]
    assert "at least" not in made.lines[0]


def test_a_part_of_a_clone_bounds_the_ratio() -> None:
    made = report({"a": 8_000_000}, (), replace(CLONE, complete=False))
    assert "at least 1000000000 bytes, so the ratio is at most that" in made.lines[0]


@pytest.mark.parametrize(("size", "clone"), [(9_000_001, 10**10), (8_000_000, 10**8)])
def test_each_target_can_be_missed(size: int, clone: int) -> None:
    assert not report({"a": size}, (), replace(CLONE, size=clone)).met
