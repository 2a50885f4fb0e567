"""The machines of the NixOS VM tests as emulated boards, and their scripts' driver.

Nix evaluates and builds what lies in their /etc, on their system path and who their users are.
Kernel, systemd, udev, shell and tools are Debian's; there is no activation and no stage 1.
"""

from __future__ import annotations

import json
import shlex
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from expressions import pkgs_expression
from rknn_flake import debian, guest_system, pretend_driver
from rknn_flake.board import Board, BoardSpec, DeviceTree
from rknn_flake.paths import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from rknn_flake.nix import Nix
    from vm_driver import Machine

FOLDER = PROJECT / "tests" / "nixos"
# What these need is not on the boards, and why.
ELSEWHERE = {
    "kubernetes": "k3s is in no package of Debian's",
    "podman": "its image has an interpreter from nixpkgs; test_container_*.py have podman here",
}
# What QEMU's virtual machine calls itself. What makes it a board is in the tests.
QEMU_VIRT = DeviceTree("linux,dummy-virt", ("linux,dummy-virt",))
TOOLS = debian.Request(
    "nixos-tools",
    ("bash", "coreutils", "grep", "kmod", "libpam-modules", "util-linux"),
    only="bash|coreutils|grep|kmod|libattr1|libgmp10|libpam-modules|libtinfo6|util-linux",
    keep=(
        "bin/*",
        "sbin/depmod",
        "sbin/modprobe",
        "sbin/rmmod",
        "usr/bin/*",
        "lib/aarch64-linux-gnu/*",
        "usr/lib/aarch64-linux-gnu/*",
    ),
)
PATH = "/run/current-system/sw/bin:/usr/sbin:/usr/bin"
# depmod first: on NixOS it ran when the system was built. After the display, as in QEMU's machine.
DEPMOD = """[Unit]
DefaultDependencies=no
After=board-modules.service
Before=systemd-modules-load.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/depmod -a
"""
# All devices would take half of the boot.
TRIGGER = """[Service]
ExecStart=
ExecStart=udevadm trigger --action=add SUBSYSTEMS
""".replace(
    "SUBSYSTEMS",
    " ".join(f"--subsystem-match={name}" for name in ("accel", "dma_heap", "drm", "misc")),
)
PAM = """auth sufficient pam_rootok.so
account required pam_permit.so
session required pam_permit.so
"""
STDERR = "/run/board/stderr"
SECONDS = 120.0
POLL = 0.5

# hostpkgs builds packages for Debian's Python 3.11 only, and its environments are not to be called
# through links as nixpkgs' are. rknn_benchmark is made of sources that only GitHub has. Nothing
# else of the machines is changed.
EXPRESSION = """
let
  pkgs = PKGS;
  inherit (pkgs) lib;
  python = pkgs.python311 // {
    withPackages = select:
      pkgs.runCommand "python3-env" { } ''
        mkdir -p $out/bin
        printf '#!/bin/sh\\nexec %s "$@"\\n' ${pkgs.python311.withPackages select}/bin/python3 \\
          >$out/bin/python3
        chmod +x $out/bin/python3
      '';
  };
  benchmark = pkgs.runCommand "rknn_benchmark" { inherit (pkgs.rknn.benchmark) meta version; } ''
    mkdir -p $out/bin
    ln -s /usr/bin/false $out/bin/rknn_benchmark
  '';
  runNixOSTest = test: pkgs.testers.runNixOSTest {
    imports = [ test ];
    defaults.mySystem.rknn = {
      pythonPackage = lib.mkForce python;
      toolsPackage = lib.mkForce (pkgs.rknn.tools.override { inherit benchmark; });
    };
  };
  tests = removeAttrs (import FOLDER {
    inherit lib;
    pkgs = pkgs // { testers = pkgs.testers // { inherit runNixOSTest; }; };
  }) [ ELSEWHERE ];
  told = node: {
    users = map (user: { inherit (user) name uid group home isNormalUser; })
      (lib.attrValues node.users.users);
    groups = map (group: { inherit (group) name gid members; }) (lib.attrValues node.users.groups);
    hasModule = node.boot.extraModulePackages != [ ];
  };
  machine = name: node: ''
    mkdir -p $out/${name}
    ln -s ${node.system.build.etc} $out/${name}/etc
    ln -s ${node.system.path} $out/${name}/path
    ln -s ${pkgs.writeText "told" (builtins.toJSON (told node))} $out/${name}/told
  '';
  built = name: test: pkgs.runCommand name { } ''
    mkdir $out
    ln -s ${pkgs.writeText "script" test.config.testScriptString} $out/script
    ${toString (lib.mapAttrsToList (name: node: "\\n${machine name node}") test.config.nodes)}
  '';
in
pkgs.runCommand "vm-tests" { } ''
  mkdir $out
  ${toString (lib.mapAttrsToList (name: test: "\\nln -s ${built name test} $out/${name}") tests)}
''
"""


@dataclass(frozen=True)
class VmTest:
    """A VM test: its script, and what its machines are made of."""

    name: str
    script: str
    specs: dict[str, BoardSpec]


class VmTests:
    """The VM tests for the board's system."""

    def __init__(self, nix: Nix) -> None:
        text = EXPRESSION.replace("PKGS", pkgs_expression()).replace("FOLDER", str(FOLDER))
        text = text.replace("ELSEWHERE", " ".join(f'"{name}"' for name in ELSEWHERE))
        self._nix = nix
        self._root = nix.physical(nix.build_expression(text)["out"])

    def names(self) -> list[str]:
        """Return the names of the tests for this system."""
        return sorted(path.name for path in self._root.iterdir())

    def of(self, name: str) -> VmTest:
        """Return the test `name`."""
        folder = self._target(self._root / name)
        script = self._target(folder / "script").read_text()
        machines = sorted(path for path in folder.iterdir() if path.name != "script")
        return VmTest(name, script, {path.name: self._spec(path) for path in machines})

    def _target(self, link: Path) -> Path:
        """Return where the store path that `link` leads to really lies."""
        return self._nix.physical(str(link.readlink()))

    def _spec(self, machine: Path) -> BoardSpec:
        told = json.loads(self._target(machine / "told").read_text())
        etc, path = (str((machine / name).readlink()) for name in ("etc", "path"))
        files: dict[str, Path | bytes] = {
            f"/{top.name}": top for top in debian.tree(TOOLS).iterdir()
        }
        files |= dict(self._etc(self._target(machine / "etc") / "etc", "/etc"))
        files |= {
            place: text.encode() for place, text in {**_guest(path), **_accounts(told)}.items()
        }
        if told["hasModule"]:
            files |= _modules()
        return BoardSpec(
            store=self._nix.store,
            closure=self._nix.closure(etc, path),
            files=files,
            display=True,
            systemd=True,
            device_tree=QEMU_VIRT,
            processors=1,
        )

    def _etc(self, folder: Path, at: str) -> Iterator[tuple[str, Path]]:
        """Yield the files of `folder`. A linked folder is unfolded: Debian's files join there."""
        for child in folder.iterdir():
            place = f"{at}/{child.name}"
            target = str(child.readlink()) if child.is_symlink() else ""
            real = self._nix.physical(target) if target.startswith("/nix/store/") else child
            if real.is_dir() and not real.is_symlink():
                yield from self._etc(real, place)
            else:
                yield place, child


def _guest(path: str) -> dict[str, str]:
    """Return what takes the place of NixOS's own set-up, for the system path `path`."""
    return {
        "/etc/profile": f"export PATH={PATH}\n",
        "/etc/pam.d/su": PAM,
        "/etc/pam.d/su-l": PAM,
        "/etc/systemd/system/depmod.service": DEPMOD,
        "/etc/systemd/system/sysinit.target.d/depmod.conf": "[Unit]\nWants=depmod.service\n",
        "/etc/systemd/system/systemd-udev-trigger.service.d/fewer.conf": TRIGGER,
        "/etc/tmpfiles.d/system.conf": f"L+ /run/current-system/sw - - - - {path}\n",
    }


def _accounts(told: dict[str, Any]) -> dict[str, str]:
    """Return the machine's users and groups; who has no number gets one."""
    gids = {group["name"]: group["gid"] for group in told["groups"]}
    gids = {
        name: 900 + index if gid is None else gid for index, (name, gid) in enumerate(gids.items())
    }
    passwd, home = [], []
    for index, user in enumerate(told["users"]):
        uid = 1000 + index if user["uid"] is None else user["uid"]
        shell = "/bin/bash" if user["isNormalUser"] or uid == 0 else "/usr/sbin/nologin"
        passwd.append(f"{user['name']}:x:{uid}:{gids[user['group']]}::{user['home']}:{shell}\n")
        if user["isNormalUser"]:
            home.append(f"d {user['home']} 0700 {uid} {gids[user['group']]}\n")
    group = [
        f"{one['name']}:x:{gids[one['name']]}:{','.join(one['members'])}\n"
        for one in told["groups"]
    ]
    return {
        "/etc/passwd": "".join(passwd),
        "/etc/group": "".join(group),
        "/etc/tmpfiles.d/home.conf": "".join(home),
    }


def _modules() -> dict[str, Path | bytes]:
    """Return the pretend driver and what it needs, where modprobe looks for them."""
    kernel = guest_system.kernel()
    folder = f"/lib/modules/{kernel.release}"
    return {f"{folder}/rknpu.ko": pretend_driver.module(kernel), f"{folder}/drm.ko": kernel.drm}


class BoardMachine:
    """A machine of a test, which boots when it is first spoken to."""

    def __init__(self, spec: BoardSpec, boots: ExitStack) -> None:
        self._spec = spec
        self._boots = boots
        self._board: Board | None = None

    @property
    def board(self) -> Board:
        """The board itself."""
        if self._board is None:
            self._board = self._boots.enter_context(Board(self._spec))
        return self._board

    def execute(self, command: str) -> tuple[int, str]:
        """Run a shell command as root; return its status, and what it wrote to stdout."""
        line = f"bash -c {shlex.quote(f'set -euo pipefail; {command}')}"
        done = self.board.run(
            f"export USER=root HOME=/root; . /etc/profile; {line} 2>{STDERR}", timeout=SECONDS
        )
        return done.status, done.output

    def succeed(self, *commands: str) -> str:
        """Run commands that have to succeed; return what they wrote to stdout."""
        return "".join(self._expect(command, succeeds=True) for command in commands)

    def fail(self, *commands: str) -> str:
        """Run commands that have to fail; return what they wrote to stdout."""
        return "".join(self._expect(command, succeeds=False) for command in commands)

    def wait_until_succeeds(self, command: str, timeout: int = 60) -> str:
        """Run `command` again and again until it succeeds."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            status, said = self.execute(command)
            if status == 0:
                return said
            time.sleep(POLL)
        raise AssertionError(f"`{command}` did not succeed in {timeout} s: {self._last(said)}")

    def wait_for_unit(self, unit: str) -> None:
        """Wait until `unit` is active; fail when it has failed, or nothing is to start it."""
        end = time.monotonic() + SECONDS
        while (state := self._state(unit)) != "active":
            idle = state == "inactive" and "No jobs" in self.succeed("systemctl list-jobs 2>&1")
            if state == "failed" or (idle and self._state(unit) == state):
                said = self.succeed(f"journalctl --sync; journalctl -u {unit} -o cat")
                raise AssertionError(f"{unit} is {state}: {said}")
            assert time.monotonic() < end, f"{unit} is {state} after {SECONDS:g} s"
            time.sleep(POLL)

    def _state(self, unit: str) -> str:
        return self.succeed(f"systemctl show --value -p ActiveState {unit}").strip()

    def _expect(self, command: str, *, succeeds: bool) -> str:
        status, said = self.execute(command)
        if (status == 0) != succeeds:
            raise AssertionError(f"`{command}` ended with status {status}: {self._last(said)}")
        return said

    def _last(self, said: str) -> str:
        """Return `said`, and what the last command wrote to stderr."""
        return said + self.board.check(f"cat {STDERR}")


@contextmanager
def subtest(name: str) -> Iterator[None]:
    """Say in which part of a script an error is."""
    try:
        yield
    except AssertionError as error:
        error.add_note(f"in subtest {name!r}")
        raise


def play(script: str, machines: Mapping[str, Machine]) -> None:
    """Run `script` as NixOS's test driver does; what it expects in vain is an AssertionError."""
    names = {name.replace("-", "_"): machine for name, machine in machines.items()}
    exec(compile(script, "testScript", "exec"), {**names, "subtest": subtest})  # noqa: S102
