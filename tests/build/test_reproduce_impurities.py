"""Each way in which a build can be different each time is caught and named; what is pure agrees."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from reproducing import Told, compare, impure
from rknn_flake.reproduce import probe

if TYPE_CHECKING:
    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

several = pytest.mark.skipif(
    len(os.sched_getaffinity(0)) < 2, reason="one processor is one in every round"
)
IMPURITIES = ["time", "clock", "folder", "cores", "zone", "random", "order"]
PURE = ["pure", "text"]


@pytest.fixture(scope="module")
def twice(nix: Nix, tmp_path_factory: pytest.TempPathFactory) -> Told:
    names = (*IMPURITIES, *PURE, "processors", "dependent", "failing")
    return compare(nix, impure(nix, *names), tmp_path_factory.mktemp("twice"))


@pytest.fixture(scope="module")
def thrice(nix: Nix, tmp_path_factory: pytest.TempPathFactory) -> Told:
    return compare(nix, impure(nix, "late", "pure"), tmp_path_factory.mktemp("thrice"), rounds=3)


@pytest.mark.parametrize("name", IMPURITIES)
def test_impurity_is_caught(twice: Told, name: str) -> None:
    assert twice.verdicts[name].status == "differs"
    assert " from byte " in f" {twice.contents(name)}", twice.verdicts[name]


@pytest.mark.parametrize("name", PURE)
def test_pure_build_agrees(twice: Told, name: str) -> None:
    verdict = twice.verdicts[name]
    assert (verdict.status, verdict.unlike, verdict.causes) == ("same", (), ())
    (hashes,) = verdict.hashes.values()
    assert len(set(hashes)) == 1
    assert hashes[0].startswith("sha256-")


@several
def test_number_of_processors_is_caught(twice: Told) -> None:
    assert twice.verdicts["processors"].status == "differs"


def test_bytes_are_shown(twice: Told) -> None:
    shown = f"7 and 24 bytes, from byte 1 (0x1): {b'build'.hex(' ')} 0a | {b'another'.hex(' ')} 2f"
    assert shown in twice.contents("folder")


def test_impurity_of_a_dependency_is_named_as_the_cause(twice: Told) -> None:
    (cause,) = twice.verdicts["dependent"].causes
    assert cause.endswith("-time")
    assert "noted: from byte" in twice.contents("dependent")
    assert "own:" not in twice.contents("dependent")
    assert twice.verdicts["time"].causes == ()


def test_build_that_fails_in_one_round_is_a_difference(twice: Told) -> None:
    verdict = twice.verdicts["failing"]
    assert verdict.status == "differs"
    assert list(verdict.errors) == [2]
    assert "this is /another/place/to/build" in verdict.errors[2]


def test_probe_saw_the_conditions_differ(twice: Told) -> None:
    unlike, held = probe.differed([one.seen for one in twice.result.rounds])
    one_cpu = len(os.sched_getaffinity(0)) < 2
    assert unlike == [
        "build folder",
        "NIX_BUILD_CORES",
        *([] if one_cpu else ["processors"]),
        "clock",
        "/etc/localtime",
        "order in folders",
    ]
    assert {"host name", "umask", "locale", "time zone"} <= set(held)


@several
def test_a_third_round_can_tell(thrice: Told) -> None:
    late = thrice.verdicts["late"]
    (hashes,) = late.hashes.values()
    assert late.status == "differs"
    assert hashes[0] == hashes[1] != hashes[2]
    assert [one.round for one in late.unlike] == [3]


def test_pure_build_agrees_over_three_rounds(thrice: Told) -> None:
    (hashes,) = thrice.verdicts["pure"].hashes.values()
    assert len(hashes) == 3
    assert len(set(hashes)) == 1
