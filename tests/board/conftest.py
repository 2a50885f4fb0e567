"""Boards that many tests share: booting one takes seconds, so there are as few as can be."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import module_systems
from board import binding_board as binding
from board import container_board as containers
from board import systemd_board as systemd
from rknn_flake.board import Board, BoardSpec, DeviceTree, PretendDriver
from rknn_flake.nix import HOSTPKGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rknn_flake.nix import Nix

RASPBERRY = DeviceTree("Raspberry Pi 4 Model B", ("raspberrypi,4-model-b", "brcm,bcm2711"))
ROCK_3A = DeviceTree("Radxa ROCK3 Model A", ("radxa,rock3a", "rockchip,rk3568"))
# A store as Nix lays it out, with the kinds of file a closure holds.
STORE_PATH = "/nix/store/00000000000000000000000000000000-example"


@pytest.fixture(scope="session")
def npu_board() -> Iterator[Board]:
    """Boot an Orange Pi 5 Plus with the pretend driver; a test that reloads it restores it."""
    with Board(BoardSpec(driver=PretendDriver())) as board:
        yield board


@pytest.fixture(scope="session")
def other_board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """Boot a board of another maker and chip: no driver, one small store path, a few files."""
    store = tmp_path_factory.mktemp("store")
    made = store / STORE_PATH.removeprefix("/")
    (made / "bin").mkdir(parents=True)
    program = made / "bin/greet"
    program.write_text("#!/bin/sh\necho greetings from $0\n")
    program.chmod(0o555)
    (made / "link").symlink_to(f"{STORE_PATH}/bin/greet")
    files: dict[str, Path | bytes] = {
        "/lib/placed/bytes": bytes(range(256)),
        "/srv/folder": made / "bin",
    }
    spec = BoardSpec(store=store, closure=(STORE_PATH,), files=files, device_tree=ROCK_3A)
    with Board(spec) as board:
        yield board


@pytest.fixture(scope="session")
def wheel(nix: Nix, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the binding's wheel, unpacked as pip would."""
    folder = tmp_path_factory.mktemp("wheel")
    packed = nix.physical(nix.build_expression(binding.wheel_expression())["out"])
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="session")
def binding_board(nix: Nix, wheel: Path) -> Iterator[binding.BindingBoard]:
    """Boot an Orange Pi 5 Plus with the bindings and tools that Nix built, and the plain wheel."""
    root = nix.build_expression(binding.closures_expression(binding.closures()))["out"]
    spec = BoardSpec(
        store=nix.store,
        closure=nix.closure(root),
        files={**binding.guest_files(), binding.WHEEL: wheel},
        driver=PretendDriver(),
    )
    with Board(spec) as board:
        yield binding.BindingBoard(board, root)


@pytest.fixture
def changing_board(binding_board: binding.BindingBoard) -> Iterator[binding.BindingBoard]:
    """Yield that board, for a test that changes its driver or nodes; they are set right after."""
    yield binding_board
    binding_board.board.load_driver(PretendDriver())


@pytest.fixture(scope="session")
def container_board(nix: Nix, wheel: Path) -> Iterator[containers.ContainerBoard]:
    """Boot an Orange Pi 5 Plus with container engines, a display, and the NPU's spec."""
    root = nix.build_expression(containers.closures_expression())["out"]
    with Board(containers.spec(nix, root, wheel)) as board:
        made = containers.ContainerBoard(board, root)
        made.set_up()
        made.set_right()
        yield made


@pytest.fixture
def changing_container_board(
    container_board: containers.ContainerBoard,
) -> Iterator[containers.ContainerBoard]:
    """Yield that board, for a test that changes its nodes; they are set right after."""
    yield container_board
    container_board.set_right()


@pytest.fixture
def other_spec_board(
    container_board: containers.ContainerBoard,
) -> Iterator[containers.ContainerBoard]:
    """Yield that board, for a test that writes another spec; the right one is put back after."""
    container_board.board.check(f"cp {containers.SPEC} /run/right-spec")
    yield container_board
    container_board.board.check(f"cp /run/right-spec {containers.SPEC}")


@pytest.fixture(scope="session")
def npu_container(container_board: containers.ContainerBoard) -> containers.Container:
    """Run rknnlite in a container that is given the NPU and nothing else."""
    return container_board.podman("--device", containers.ALL)


@pytest.fixture(scope="session")
def bare_container(container_board: containers.ContainerBoard) -> containers.Container:
    """Run the same container without the NPU."""
    return container_board.podman()


@pytest.fixture(scope="session")
def written(nix: Nix) -> dict[str, str]:
    """Return the module's files, on the simulator: udev rules, units, tmpfiles' lines."""
    simulated = "runtimePackage = board.rknn.simulator;"
    containers = 'cdi.extraNodes = [ "/dev/rga" ]; kubernetes.enable = true;'
    cases = {
        "rules": "rules (on { })",
        "devfreq rules": (
            'rulesIn "72-rknn-devfreq.rules" (on { devfreq = { governor = "rknpu_ondemand"; '
            "minFrequency = 300; maxFrequency = 600; }; })"
        ),
        **{
            unit: f'text (on {{ {simulated} {containers} }}).systemd.units."{unit}".text'
            for unit in (systemd.READY, systemd.UDEV, systemd.CDI, systemd.PLUGIN)
        },
        "CDI rules": f'rulesIn "73-rknn-cdi.rules" (on {{ {containers} }})',
        "link": f"tmpfiles (on {{ {simulated} linkUsrLib = true; }})",
        "no link": f"tmpfiles (on {{ {simulated} }})",
    }
    return dict(module_systems.evaluated(nix, HOSTPKGS, cases)["sets"])


@pytest.fixture(scope="session")
def udev_rules(written: dict[str, str]) -> str:
    """Return the file of udev rules that the module writes."""
    return written["rules"]


@pytest.fixture(scope="session")
def systemd_root(nix: Nix) -> str:
    """Return the folder of links to what the boards with systemd get from Nix."""
    return nix.build_expression(systemd.closures_expression())["out"]


@pytest.fixture(scope="session")
def units(written: dict[str, str]) -> dict[str, str]:
    """Return the unit files that these boards have, by their names."""
    return {name: written[name] for name in (systemd.READY, systemd.UDEV)}


@pytest.fixture(scope="session")
def tmpfiles_rules(written: dict[str, str]) -> dict[bool, str]:
    """Return the module's file for systemd-tmpfiles, with the link to the library and without."""
    return {True: written["link"], False: written["no link"]}


@pytest.fixture(scope="session")
def systemd_spec(
    nix: Nix,
    systemd_root: str,
    udev_rules: str,
    units: dict[str, str],
    tmpfiles_rules: dict[bool, str],
) -> BoardSpec:
    """Return a board that systemd runs, with what the module writes for it."""
    return BoardSpec(
        store=nix.store,
        closure=nix.closure(systemd_root),
        files=systemd.guest_files(udev_rules, units, tmpfiles_rules[True]),
        systemd=True,
    )


@pytest.fixture(scope="session")
def systemd_board(systemd_spec: BoardSpec, systemd_root: str) -> Iterator[binding.BindingBoard]:
    """Boot an Orange Pi 5 Plus whose display takes the first card's number."""
    with Board(replace(systemd_spec, driver=systemd.DRIVER, display=True)) as board:
        board.run("systemctl is-system-running --wait", timeout=binding.SECONDS)
        yield binding.BindingBoard(board, systemd_root)


@pytest.fixture
def changing_systemd_board(systemd_board: binding.BindingBoard) -> Iterator[binding.BindingBoard]:
    """Yield that board, for a test that changes its driver; it is set right after."""
    yield systemd_board
    systemd_board.board.load_driver(systemd.DRIVER)
    systemd_board.board.check(f"udevadm settle; systemctl restart {systemd.READY}")


@pytest.fixture
def displayless_board(systemd_spec: BoardSpec) -> Iterator[Board]:
    """Boot an Orange Pi 5 Plus without a display, on which only the NPU's driver needs DRM."""
    with Board(replace(systemd_spec, driver=PretendDriver())) as board:
        board.run("systemctl is-system-running --wait", timeout=binding.SECONDS)
        yield board


@pytest.fixture(scope="session")
def raspberry(systemd_spec: BoardSpec) -> Iterator[Board]:
    """Boot a Raspberry Pi on which the module is on by mistake."""
    with Board(replace(systemd_spec, device_tree=RASPBERRY)) as board:
        board.run("systemctl is-system-running --wait", timeout=binding.SECONDS)
        yield board
