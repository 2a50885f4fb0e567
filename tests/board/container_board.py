"""A board with container engines, and the ways in which the tests give containers the NPU."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from board import binding_board as binding
from board.container_engines import ARCHIVE, ENGINES, FILES, IMAGE, MOUNTED, RENDER_GID, SETUP
from rknn_flake import debian
from rknn_flake.board import Board, BoardSpec, PretendDriver

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rknn_flake.board import Result
    from rknn_flake.nix import Nix

SPEC = "/run/cdi/rockchip.com-npu.json"
SOC_COPY = "/run/rknn/compatible"
LIBRARY = "/usr/lib/librknnrt.so"
ALL = "rockchip.com/npu=all"
# kubelet's, of a pod that asks for nothing else.
MASKED = (
    *(f"/proc/{name}" for name in ("acpi", "asound", "kcore", "keys", "latency_stats")),
    *(f"/proc/{name}" for name in ("sched_debug", "scsi", "timer_list", "timer_stats")),
    "/sys/firmware",
)
READONLY = tuple(f"/proc/{name}" for name in ("bus", "fs", "irq", "sys", "sysrq-trigger"))
# podman's vfs makes a copy of all files for each layer of an image.
ROOM = 700
CRI_SOCKET = "/run/containerd/containerd.sock"
# As the module's udev rules do.
PERMIT = f"chgrp {RENDER_GID} %(nodes)s && chmod 660 %(nodes)s"


def closures_expression() -> str:
    """Return a Nix expression for a folder of links to what this board gets from Nix."""
    every = binding.closures()
    return binding.closures_expression(
        {
            **{name: every[name] for name in (binding.DEFAULT, binding.PLAIN, "simulator")},
            "cdi": "p.rknn.cdi",
            "image": (
                "p.rknn.simulated.oci-image.override "
                "{ toolkit-lite = p.rknn.simulated.toolkitLiteFor p.python311Packages; }"
            ),
            "grpc": "python [ p.python311Packages.grpcio ]",
        }
    )


def spec(nix: Nix, root: str, wheel: Path) -> BoardSpec:
    """Return a board whose display has the first card's number."""
    engines = debian.tree(ENGINES)
    return BoardSpec(
        store=nix.store,
        closure=nix.closure(root),
        files={
            **binding.guest_files(),
            binding.WHEEL: wheel,
            **{f"/{top.name}": top for top in engines.iterdir()},
            **{path: text.encode() for path, text in FILES.items()},
        },
        driver=PretendDriver(),
        display=True,
        room=ROOM,
    )


@dataclass(frozen=True)
class Container:
    """How a container ended, all it said, and what in_container.py told (None where it did not)."""

    status: int
    said: str
    told: dict[str, Any] | None

    @property
    def seen(self) -> dict[str, Any]:
        """What in_container.py told."""
        assert self.told is not None, f"status {self.status}: {self.said}"
        return self.told


def container(status: int, said: str) -> Container:
    """Return a container's end, with the line of in_container.py read."""
    told = [line for line in said.splitlines() if line.startswith('{"groups"')]
    return Container(status, said, json.loads(told[-1]) if told else None)


@dataclass(frozen=True)
class Pod:
    """One container of a pod: its CDI devices, binding, and the paths that are hidden from it.

    Without `is_tried` rknnlite is not.
    """

    devices: tuple[str, ...] = (ALL,)
    release: str = binding.DEFAULT
    masked: tuple[str, ...] = MASKED
    is_tried: bool = True


@dataclass(frozen=True)
class ContainerBoard:
    """A board with packages of closures_expression(), by their names, below `root`."""

    board: Board
    root: str
    _used: set[str] = field(default_factory=set)

    def set_up(self) -> None:
        """Make the image, for root's containers."""
        self.board.check(SETUP, timeout=binding.SECONDS)

    def permit(self, nodes: str) -> None:
        """Give `nodes` to the group that the module gives them."""
        self.board.check(PERMIT % {"nodes": nodes})

    def set_right(self) -> None:
        """Load the drivers in their order, give the nodes to their group, and write the spec."""
        display = "/lib/modules/vgem.ko"
        self.board.check(
            "test -d /sys/module/vgem || "
            f"{{ test ! -d /sys/module/rknpu || rmmod rknpu; insmod {display}; }}"
        )
        self.board.load_driver(PretendDriver())
        self.permit("/dev/dri/card1 /dev/dri/renderD129")
        written = self.write_spec()
        assert written.status == 0, written.output

    def without_display(self, *options: str) -> None:
        """Let the NPU have the first numbers, and write the spec; what it has joins `options`."""
        self.board.check("rmmod rknpu && rmmod vgem")
        self.board.load_driver(PretendDriver())
        self.permit("/dev/dri/card0 /dev/dri/renderD128")
        written = self.write_spec(*options)
        assert written.status == 0, written.output

    def write_spec(self, *options: str) -> Result:
        """Have rknn-cdi look at the board and write the spec."""
        library = self.board.check(f"readlink -f {self.root}/simulator/lib/librknnrt.so").strip()
        words = ["write", "--output", SPEC, "--soc-copy", SOC_COPY, "--library", library]
        words += ["--group", "render", *options]
        return self.board.run(shlex.join((f"{self.root}/cdi/bin/rknn-cdi", *words)))

    def podman(
        self,
        *options: str,
        release: str = binding.DEFAULT,
        runtime: str = "crun",
        command: tuple[str, ...] = (),
        mounted: tuple[str, ...] = MOUNTED,
        image: str = IMAGE,
    ) -> Container:
        """Run a container of root's podman as an unprivileged user: rknnlite, or `command`.

        Another `image` than the usual one brings its own user.
        """
        user = ("--user", "1000:1000") if image == IMAGE else ()
        words = ("--runtime", runtime, "run", *user, *options)
        run = _run(words, command or self._program(release), mounted, image)
        done = self.board.run(run, timeout=binding.SECONDS)
        return container(done.status, done.output)

    def rootless(self, user: str, *options: str) -> Container:
        """Run rknnlite in a container of `user`'s own podman.

        A container of a user who was delegated no control group has none.
        """
        start = f"cd /tmp && export XDG_RUNTIME_DIR=/run/user/{user} && "
        if user not in self._used:
            self._as(user, f"{start} podman import --quiet {ARCHIVE} {IMAGE}")
            self._used.add(user)
        run = _run(("run", "--cgroups", "disabled", *options), self._program(binding.DEFAULT))
        done = self.board.run(f"su {user} -c {shlex.quote(start + run)}", timeout=binding.SECONDS)
        return container(done.status, done.output)

    def start_containerd(self, config: str) -> None:
        """Start containerd, with the image where kubelet's are."""
        self.board.check(
            f"containerd --config {config} >/run/containerd.log 2>&1 & echo $! >/run/containerd.pid"
        )
        self.board.check(
            f"until ctr version; do kill -0 $(cat /run/containerd.pid) || exit 1; sleep 0.5; done\n"
            f"test -e /run/exported || podman save --quiet --output /run/exported {IMAGE}\n"
            "ctr --namespace k8s.io images import /run/exported",
            timeout=binding.SECONDS,
        )

    def stop_containerd(self) -> None:
        """End containerd."""
        self.board.check(
            "pid=$(cat /run/containerd.pid) && kill $pid\n"
            f"while kill -0 $pid; do sleep 0.2; done; rm -f {CRI_SOCKET}"
        )

    def pods(self, pods: Mapping[str, Pod]) -> dict[str, Container]:
        """Have containerd run containers, by their names, as kubelet does."""
        asked = {name: self._asked(pod) for name, pod in pods.items()}
        words = (f"{self.root}/grpc/bin/python3", f"{binding.GUEST}/cri.py", CRI_SOCKET)
        said = self.board.check(shlex.join((*words, json.dumps(asked))), timeout=240)
        answers = json.loads(said.splitlines()[-1])
        return {name: container(**answer) for name, answer in answers.items()}

    def _asked(self, pod: Pod) -> dict[str, Any]:
        program = self._program(pod.release)
        command = program if pod.is_tried else program[:-1]
        own = {"image": IMAGE, "user": 1000, "mounts": MOUNTED, "readonly": READONLY}
        return {**asdict(pod), **own, "command": command}

    def _program(self, release: str) -> tuple[str, ...]:
        """Return what tries rknnlite in a container, with the binding of `release`."""
        program = (f"{self.root}/{release}/bin/python3", f"{binding.GUEST}/in_container.py")
        tried = (*program, f"{binding.MODELS}/conv-rk3588.rknn")
        path = ("/bin/env", f"PYTHONPATH={binding.WHEEL}")
        return (*path, *tried) if release == binding.PLAIN else tried

    def _as(self, user: str, command: str) -> None:
        self.board.check(f"su {user} -c {shlex.quote(command)}", timeout=binding.SECONDS)


def _run(
    words: tuple[str, ...],
    command: tuple[str, ...],
    mounted: tuple[str, ...] = MOUNTED,
    image: str = IMAGE,
) -> str:
    """Return the command line of podman's `words` with the options that every container has."""
    mounts = [word for path in mounted for word in ("--volume", f"{path}:{path}:ro")]
    usual = ("--rm", "--network", "none", "--cap-drop", "all", *mounts)
    return shlex.join(("podman", *words, *usual, image, *command))
