"""The scripts of the NixOS VM tests hold on boards that are like their machines, and only there."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from board.nixos_board import ELSEWHERE, FOLDER, BoardMachine, VmTest, VmTests, play
from rknn_flake import guest_system, guest_systemd
from rknn_flake.errors import BoardError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rknn_flake.nix import Nix

pytestmark = [pytest.mark.board, pytest.mark.nix]

NAMES = sorted(path.stem for path in FOLDER.glob("*.nix") if path.name != "default.nix")
# Each has one processor, and waits for its console and for time-outs of the scripts.
TOGETHER = 3


@dataclass(frozen=True)
class Fault:
    """What to do to a machine before its script runs once more, and what is then said."""

    machine: str
    command: str
    words: str


BARE_NODES = """
rm /etc/udev/rules.d/*-rknn.rules
udevadm control --reload
rmmod rknpu
modprobe rknpu
udevadm settle
"""
AS_ROOT = """
mkdir -p /run/systemd/system/detector.service.d
printf '[Service]\\nDynamicUser=no\\nUser=root\\n' >/run/systemd/system/detector.service.d/root.conf
systemctl daemon-reload
systemctl restart detector
while systemctl is-active -q detector; do sleep 0.2; done
journalctl --sync
"""
A_BOARD = """
mkdir /run/tree
printf 'xunlong,orangepi-5-plus\\0rockchip,rk3588\\0' >/run/tree/compatible
mount --bind /run/tree /sys/firmware/devicetree/base
"""
WITHOUT_RULES = """
rm /etc/udev/rules.d/73-rknn-cdi.rules
udevadm control --reload
systemctl start rknn-cdi
"""
READ_ONLY = """
mkdir -p /run/systemd/system/rknn-device-plugin.service.d
printf '[Service]\\nReadWritePaths=\\n' >/run/systemd/system/rknn-device-plugin.service.d/none.conf
systemctl daemon-reload
systemctl start rknn-device-plugin
"""
FAULTS = {
    "cdi": Fault("machine", WITHOUT_RULES, "test ! -e /run/cdi/rockchip.com-npu.json"),
    "device-plugin": Fault("machine", READ_ONLY, "test -e /etc/kubernetes"),
    "foreign-programs": Fault("linked", "rm /usr/lib/librknnrt.so", "cannot open shared object"),
    "module-off": Fault(
        "machine", "touch /etc/tmpfiles.d/10-rknn.conf", "10-rknn.conf` ended with"
    ),
    "module-on": Fault("machine", BARE_NODES, "root:video 660"),
    "service": Fault("machine", AS_ROOT, '"_UID":"0"'),
    "users": Fault("machine", BARE_NODES, "su - member"),
    "wrong-machine": Fault("machine", A_BOARD, "no driver rknpu"),
}

# Scripts that expect what is not so, for a machine on which rknn-ready.service has failed.
FAILED = "wrong-machine"
FALSE = {
    "machine.succeed('echo found; echo why >&2; exit 7')": "ended with status 7: found\nwhy\n",
    "machine.succeed('true', 'false')": "`false` ended with status 1",
    "machine.succeed('false | cat')": "ended with status 1",
    "machine.succeed('echo $unset_variable')": "unbound variable",
    "machine.fail('true')": "`true` ended with status 0",
    "assert machine.execute('echo a >&2; exit 3') != (3, ''), 'stderr is apart'": "stderr is apart",
    "machine.wait_until_succeeds('false', timeout=1)": "did not succeed in 1 s",
    "machine.wait_for_unit('rknn-ready.service')": "rknn-ready.service is failed: ",
    "machine.wait_for_unit('rescue.target')": "rescue.target is inactive",
    "with subtest('a part'):\n    assert False, 'said'": "said",
}


@dataclass(frozen=True)
class Outcome:
    """How a script ended; how it ended after its fault, and how the false ones did."""

    error: Exception | None
    faulty: Exception | None
    false: Mapping[str, Exception | None]


def ended(script: str, machines: Mapping[str, BoardMachine]) -> Exception | None:
    """Return what `script` fails with, or None."""
    try:
        play(script, machines)
    except (AssertionError, BoardError) as error:
        return error
    return None


def outcome(test: VmTest) -> Outcome:
    """Run the script, what is false of its machine, and the script again after a fault."""
    with ExitStack() as boots:
        machines = {name: BoardMachine(spec, boots) for name, spec in test.specs.items()}
        error = ended(test.script, machines)
        false = {script: ended(script, machines) for script in FALSE if test.name == FAILED}
        fault = FAULTS.get(test.name)
        if error or fault is None:
            return Outcome(error, None, false)
        machines[fault.machine].succeed(fault.command)
        return Outcome(None, ended(test.script, machines), false)


@pytest.fixture(scope="module")
def outcomes(nix: Nix, request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Outcome]]]:
    """Run the scripts that are asked for side by side, each on boards of its own."""
    tests = VmTests(nix)
    # Fetched by one thread: a lock of ours keeps other processes out, not other threads.
    guest_system.base_entries()
    guest_systemd.entries(())
    items = [item for item in request.session.items if item.path == request.path]
    asked = {
        item.callspec.params.get("name", FAILED) for item in items if hasattr(item, "callspec")
    }
    with ThreadPoolExecutor(TOGETHER) as pool:
        names = [name for name in tests.names() if name in asked]
        yield {name: pool.submit(outcome, tests.of(name)) for name in names}
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("name", NAMES)
def test_script(outcomes: dict[str, Future[Outcome]], name: str) -> None:
    if name in ELSEWHERE:
        pytest.skip(f"{name} runs in NixOS's VMs only: {ELSEWHERE[name]}")
    if name not in outcomes:
        pytest.skip(f"{name} is not for aarch64-linux: its machine cannot be this board")
    error = outcomes[name].result().error
    if error:
        raise error


def test_scripts_that_are_left_out_are_there() -> None:
    assert set(ELSEWHERE) < set(NAMES), NAMES


@pytest.mark.parametrize("name", FAULTS)
def test_script_notices(outcomes: dict[str, Future[Outcome]], name: str) -> None:
    found = outcomes[name].result()
    assert found.error is None, "it fails without a fault"
    assert isinstance(found.faulty, AssertionError), found.faulty
    assert FAULTS[name].words in str(found.faulty), found.faulty


@pytest.mark.parametrize("script", FALSE)
def test_false_expectation(outcomes: dict[str, Future[Outcome]], script: str) -> None:
    false = outcomes[FAILED].result().false[script]
    assert isinstance(false, AssertionError), false
    assert FALSE[script] in str(false), false
