"""What differs between the rounds, and how a build gets to see it."""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rknn_flake.process import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SOURCE = Path(__file__).with_name("conditions.c")
DAY = 86400

# In the sandbox. nixpkgs' glibc has a list of its own.
PRELOADED = "/.rknn-conditions.so"
PRELOAD_LISTS = ("/etc/ld.so.preload", "/etc/ld-nix.so.preload")

# Each is used with another build folder; the first round is an everyday build.
BUILD_DIRS = ("/build", "/another/place/to/build", "/b", "/var/x-y.z/build")
ZONES = (("UTC", 0), ("AKST", -9 * 3600), ("LINT", 14 * 3600), ("NPT", 20700))


@dataclass(frozen=True)
class Conditions:
    """One round's: seconds for the clock's offset and the zone's, `cpus` that builds may run on."""

    number: int
    build_dir: str
    cores: int
    cpus: frozenset[int]
    zone: tuple[str, int]
    clock: int = 0
    backwards: bool = False

    @property
    def preloads(self) -> bool:
        """Whether programs of the build need to be told otherwise than by Nix."""
        return bool(self.clock) or self.backwards


def vary(rounds: int, *, preload: bool = True) -> tuple[Conditions, ...]:
    """Return the conditions of each round; without `preload` the clock and folders stay."""
    usable = sorted(os.sched_getaffinity(0))
    made = []
    for index in range(rounds):
        few = index % 2 == 1
        made.append(
            Conditions(
                number=index + 1,
                # Nix sees no difference between a folder and itself.
                build_dir=BUILD_DIRS[index % len(BUILD_DIRS)] + "/again" * (index // 4),
                cores=1 if few and len(usable) > 1 else len(usable) + index,
                cpus=frozenset(usable[-1:] if few else usable),
                zone=ZONES[index % len(ZONES)],
                clock=400 * DAY * index if preload else 0,
                backwards=few and preload,
            )
        )
    return tuple(made)


def can_preload() -> bool:
    """Whether this machine can compile what moves the clock and turns folders around."""
    return shutil.which("cc") is not None


def settings(conditions: Conditions, folder: Path) -> tuple[tuple[str, str], ...]:
    """Return Nix's settings for the round; the files they name are written into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    zone = folder / "localtime"
    zone.write_bytes(zone_file(*conditions.zone))
    shown = [f"/etc/localtime={zone}"]
    if conditions.preloads:
        listed = folder / "preload"
        listed.write_text(f"{PRELOADED}\n")
        shown.append(f"{PRELOADED}={compiled(conditions, folder)}")
        shown += [f"{place}={listed}" for place in PRELOAD_LISTS]
    return (
        ("cores", str(conditions.cores)),
        ("sandbox-build-dir", conditions.build_dir),
        ("extra-sandbox-paths", " ".join(shown)),
    )


def compiled(conditions: Conditions, folder: Path, compiler: str = "cc") -> Path:
    """Return the library that programs of the round load, compiled by this machine's compiler."""
    defines = [f"-DOFFSET={conditions.clock}", *(["-DBACKWARDS"] if conditions.backwards else [])]
    name = hashlib.sha256(" ".join(defines).encode()).hexdigest()[:8]
    library = folder / f"conditions-{name}.so"
    plain = ("-shared", "-fPIC", "-O2", "-nostdlib", "-fno-builtin", "-fno-stack-protector")
    run([compiler, *plain, *defines, SOURCE, "-o", library])
    return library


def zone_file(name: str, offset: int) -> bytes:
    """Return a TZif file (RFC 8536) of one zone that is `offset` seconds east of UTC."""
    label = name.encode() + b"\0"
    header = struct.pack(">4sc15x6I", b"TZif", b"2", 0, 0, 0, 0, 1, len(label))
    body = struct.pack(">iBB", offset, 0, 0) + label
    hours, minutes = divmod(abs(offset) // 60, 60)
    # POSIX counts west of Greenwich.
    footer = f"\n{name}{'-' if offset > 0 else '+'}{hours}:{minutes:02}\n"
    return header + body + header + body + footer.encode()


@contextmanager
def processors(cpus: Sequence[int] | frozenset[int]) -> Iterator[None]:
    """Let this thread, and what it starts while the block runs, use `cpus` only."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cpus)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
