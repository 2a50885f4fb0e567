"""A user whom the node's permissions leave out reads which node and which group."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from rknn_ready.access import Access, access
from rknn_ready.cli import main
from unit.commands import Outcome, command
from unit.ready_roots import BOARD, fill
from unit.unprivileged import own_folder, unprivileged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# Of no name, and nobody is in it.
GROUP = 54322


@pytest.fixture
def root() -> Iterator[Path]:
    """Give a root that nobody can look into; its files are ours."""
    with own_folder() as folder:
        yield fill(folder, BOARD)


@pytest.fixture
def as_nobody(root: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Return rknn-ready, run without privilege, as a function of the node's mode and options."""
    run_on = command(main, capsys)

    def call(mode: int, *options: str) -> Outcome:
        (root / "dev/dri/card1").chmod(mode)
        with unprivileged():
            return run_on("--root", root, *options)

    return call


def test_left_out_of_the_group(as_nobody: Callable[..., Outcome], root: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("whoever owns the files is not left out by their group; run as root")
    os.chown(root / "dev/dri/card1", 0, GROUP)
    outcome = as_nobody(0o660)
    assert outcome.status == 1, outcome
    assert f"node: /dev/dri/card1, root:{GROUP} 0660" in outcome.out.splitlines()
    assert outcome.err == (
        f"rknn-ready: /dev/dri/card1 is root:{GROUP} 0660 and can't be opened: Permission denied: "
        f"who uses the NPU has to be in group {GROUP} (mySystem.rknn.users, or "
        "SupplementaryGroups= of a service; a login begun before does not count)\n"
    )
    assert access(root / "dev/dri/card1") == Access("root", str(GROUP), 0o660, 0)
    assert as_nobody(0o660, f"--group={GROUP}").err == outcome.err


@pytest.mark.parametrize(("mode", "group"), [(0o660, "render"), (0o600, str(GROUP))])
def test_not_as_configured(
    as_nobody: Callable[..., Outcome], root: Path, mode: int, group: str
) -> None:
    """The node of a built-in driver that was there before the rules were."""
    if os.geteuid() != 0:
        pytest.skip("whoever owns the files is not left out by their group; run as root")
    os.chown(root / "dev/dri/card1", 0, GROUP)
    outcome = as_nobody(mode, f"--group={group}")
    assert outcome.status == 1, outcome
    assert f"Permission denied: udev has not given it to group {group}: " in outcome.err
    assert "udevadm trigger" in outcome.err


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o000])
def test_of_no_group(as_nobody: Callable[..., Outcome], mode: int) -> None:
    if os.geteuid() != 0 and mode == 0o600:
        pytest.skip("whoever owns the files may open them; run as root")
    outcome = as_nobody(mode)
    assert outcome.status == 1, outcome
    assert "Permission denied: no udev rule gave it to a group" in outcome.err


def test_open_to_the_user(as_nobody: Callable[..., Outcome]) -> None:
    outcome = as_nobody(0o666)
    assert (outcome.status, outcome.err) == (0, ""), outcome


@pytest.mark.parametrize(
    ("refusal", "words"),
    [(errno.EPERM, "DeviceAllow= of this service"), (errno.ENODEV, "look for rknpu in `dmesg`")],
)
def test_other_refusals(refusal: int, words: str) -> None:
    refused = Access("root", "render", 0o660, refusal).why("render", "rknpu")
    assert refused.startswith(f"{os.strerror(refusal)}: "), refused
    assert words in refused
    assert "in group" not in refused


def test_ids_without_names(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    node = tmp_path / "node"
    node.touch()
    node.chmod(0o660)
    os.chown(node, 54321, GROUP)
    assert str(access(node)) == f"54321:{GROUP} 0660"
    assert access(tmp_path / "missing") is None
