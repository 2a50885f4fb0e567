"""rknn-cdi static writes the spec from its options alone, where no machine can be looked at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from unit.cdi_roots import HEAP, TREE, mounts, nodes, variables
from unit.ready_roots import MISC

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.cdi_fixtures import Machine
    from unit.commands import Outcome

pytest_plugins = ["unit.cdi_fixtures"]

NAMED = {"/dev/dri/renderD129": "/dev/null"}


@pytest.fixture
def static(cdi: Callable[..., Outcome], tmp_path: Path) -> Callable[..., dict[str, Any]]:
    def call(*options: str) -> dict[str, Any]:
        output = tmp_path / "static.json"
        places = ["--output", output, "--soc-copy=/nix/store/some-compatible"]
        outcome = cdi("static", *places, *options)
        assert (outcome.status, outcome.err) == (0, ""), outcome
        made: dict[str, Any] = json.loads(output.read_text())
        return made

    return call


def test_it_is_what_write_writes_on_such_a_machine(
    machine: Machine, cdi: Callable[..., Outcome]
) -> None:
    written = machine.has({**TREE, **MISC, **HEAP}).spec("--group=root", "--render-node=/dev/x")
    options = ["--soc=rk3588", "--gid=0", "--render-node=/dev/x"]
    assert cdi("static", *machine.places, *options).status == 0
    assert machine.read() == written


def test_nodes(static: Callable[..., dict[str, Any]]) -> None:
    heap = "/dev/dma_heap/system"
    assert nodes(static("--soc=rk3588")) == {"/dev/rknpu": "/dev/rknpu", heap: heap, **NAMED}
    fewer = static("--soc=rk3588", "--no-dma-heaps", "--node=/dev/rga")
    assert nodes(fewer) == {"/dev/rknpu": "/dev/rknpu", "/dev/rga": "/dev/rga", **NAMED}


@pytest.mark.parametrize(("soc", "count"), [("rk3588", 3), ("rk3576", 2), ("rk3562", 1)])
def test_cores(static: Callable[..., dict[str, Any]], soc: str, count: int) -> None:
    assert list(variables(static(f"--soc={soc}"))) == ["all", *(f"core{n}" for n in range(count))]


def test_group(static: Callable[..., dict[str, Any]]) -> None:
    joined = static("--soc=rk3588", "--gid=303")
    assert (joined["cdiVersion"], joined["containerEdits"]["additionalGids"]) == ("0.7.0", [303])
    apart = static("--soc=rk3588", "--gid=303", "--without-gids")
    assert (apart["cdiVersion"], "additionalGids" in apart["containerEdits"]) == ("0.5.0", False)
    assert {node["gid"] for node in apart["containerEdits"]["deviceNodes"]} == {303}


def test_without_a_group_the_engine_chooses_the_owner(
    static: Callable[..., dict[str, Any]],
) -> None:
    spec = static("--soc=rk3588")
    for node in spec["containerEdits"]["deviceNodes"]:
        assert {"uid", "gid"}.isdisjoint(node), node
    assert "additionalGids" not in spec["containerEdits"]


def test_the_copy_is_the_callers(static: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    spec = static("--soc=rk3588")
    assert mounts(spec) == {"/run/rknn/compatible": "/nix/store/some-compatible"}
    assert [path.name for path in tmp_path.iterdir()] == ["static.json"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "--soc"),
        (["--soc=rk3399"], "rk3399"),
        (["--soc=rk3588", "--gid=render"], "'render' is no number of a group"),
        (["--soc=rk3588", "--gid=4294967295"], "is no number of a group"),
        (["--soc=rk3588", "--gid=-1"], "is no number of a group"),
        (["--soc=rk3588", "--group=render"], "--group=render"),
        (["--soc=rk3588", "--wait=1"], "--wait=1"),
        (["--soc=rk3588", "--driver=rocket"], "--driver=rocket"),
    ],
)
def test_wrong_options(machine: Machine, options: list[str], words: str) -> None:
    outcome = machine.run("static", *machine.places, *options)
    assert (outcome.status, outcome.out) == (2, ""), outcome
    assert words in outcome.err, outcome
    assert outcome.err.count("\n") == 1, outcome
