"""rknn-cdi makes the nodes the group's, and the container's user a member of it."""

from __future__ import annotations

import grp
import os
from typing import TYPE_CHECKING, Any

import pytest

from unit.cdi_roots import HEADLESS

if TYPE_CHECKING:
    from unit.cdi_fixtures import Machine

pytest_plugins = ["unit.cdi_fixtures"]

# Of no name on any machine.
NUMBER = 54322


@pytest.fixture
def group() -> grp.struct_group:
    """Return a group of this machine that is not root's."""
    found = next((one for one in grp.getgrall() if one.gr_gid), None)
    if found is None:
        pytest.skip("this machine has no group but root")
    return found


def told(spec: dict[str, Any]) -> tuple[str, set[int], list[int] | None]:
    edits = spec["containerEdits"]
    gids = {node["gid"] for node in edits["deviceNodes"]}
    return spec["cdiVersion"], gids, edits.get("additionalGids")


def test_named_group_is_joined(machine: Machine, group: grp.struct_group) -> None:
    spec = machine.has(HEADLESS).spec(f"--group={group.gr_name}")
    assert told(spec) == ("0.7.0", {group.gr_gid}, [group.gr_gid])


def test_for_engines_that_know_no_groups(machine: Machine, group: grp.struct_group) -> None:
    spec = machine.has(HEADLESS).spec(f"--group={group.gr_name}", "--without-gids")
    assert told(spec) == ("0.5.0", {group.gr_gid}, None)


def test_the_nodes_own_group_where_none_is_named(machine: Machine) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    machine.has(HEADLESS)
    os.chown(machine.root / "dev/dri/card0", 0, NUMBER)
    assert told(machine.spec()) == ("0.7.0", {NUMBER}, [NUMBER])


def test_roots_group_needs_no_joining(machine: Machine) -> None:
    assert told(machine.has(HEADLESS).spec("--group=root")) == ("0.5.0", {0}, None)


def test_unknown_group(machine: Machine) -> None:
    outcome = machine.has(HEADLESS).write("--group=no-such-group")
    assert outcome.status == 1, outcome
    assert outcome.err == (
        "rknn-cdi: no group no-such-group on this machine; name another --group "
        "(mySystem.rknn.device.group)\n"
    )
    assert not machine.output.exists()
