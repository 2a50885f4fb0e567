"""A build held against the record: another result, another input and other tools are told apart."""

from __future__ import annotations

from rknn_flake.reproduce import verifying
from rknn_flake.reproduce.plan import Target
from rknn_flake.reproduce.record import Entry, Package

TOOLS = {"gcc": "gcc 12"}
TARGET = Target("tool", "/nix/store/a.drv", {"out": "/nix/store/a", "dev": "/nix/store/a-dev"})
HASHES = {("tool", "out"): "sha256-1", ("tool", "dev"): "sha256-2"}
PACKAGES = {"tool": Package("/nix/store/a.drv", {"out": "sha256-1", "dev": "sha256-2"})}
RECORDED = Entry("somebody", "2026-11-22", 2, {}, TOOLS, PACKAGES)


def statuses(
    hashes: dict[tuple[str, str], str] = HASHES,
    *,
    target: Target = TARGET,
    tools: dict[str, str] = TOOLS,
    all_asked: bool = True,
) -> dict[str, str]:
    checked = verifying.check(RECORDED, [target], hashes, tools=tools, all_asked=all_asked)
    return {one.name: one.status for one in checked}


def fails(told: dict[str, str]) -> bool:
    return bool(verifying.FAILURES.intersection(told.values()))


def test_same() -> None:
    assert statuses() == {"tool": "same"}
    assert not fails(statuses())


def test_another_result_of_the_same_derivation() -> None:
    told = statuses({**HASHES, ("tool", "dev"): "sha256-3"})
    assert told == {"tool": "differs"}
    assert fails(told)


def test_another_derivation_is_not_another_result() -> None:
    other = Target("tool", "/nix/store/b.drv", TARGET.outputs)
    assert statuses(target=other) == {"tool": "other-inputs"}


def test_another_result_of_other_tools_is_no_alarm() -> None:
    told = statuses({**HASHES, ("tool", "dev"): "sha256-3"}, tools={"gcc": "gcc 13"})
    assert told == {"tool": "other-tools"}
    assert not fails(told)


def test_the_same_result_of_other_tools_is_the_same() -> None:
    assert statuses(tools={"gcc": "gcc 13"}) == {"tool": "same"}


def test_what_was_not_built_differs_with_any_tools() -> None:
    told = statuses({("tool", "out"): "sha256-1"}, tools={"gcc": "gcc 13"})
    assert told == {"tool": "differs"}


def test_missing_and_unrecorded_packages() -> None:
    new = Target("new", "/nix/store/n.drv", {"out": "/nix/store/n"})
    assert statuses(target=new) == {"new": "unrecorded", "tool": "missing"}


def test_what_was_not_asked_for_is_not_missing() -> None:
    new = Target("new", "/nix/store/n.drv", {"out": "/nix/store/n"})
    assert statuses(target=new, all_asked=False) == {"new": "unrecorded"}


def test_tools_that_differ_are_named() -> None:
    assert verifying.other_tools(RECORDED, {"gcc": "gcc 13", "ld": "2.40"}) == [
        "gcc: recorded gcc 12, here gcc 13",
        "ld: recorded none, here 2.40",
    ]
    assert verifying.other_tools(RECORDED, TOOLS) == []
