"""What rknn-reproduce can be asked for, checked before anything is built."""

from __future__ import annotations

import argparse
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rknn_flake.errors import UsageError
from rknn_flake.nix import Nix
from rknn_flake.paths import PROJECT, cache_dir, nameable
from rknn_flake.reproduce import against, record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rknn_flake.reproduce.record import Entry

NAME = "rknn-reproduce"
ABOUT = "Build packages twice or more under different conditions, and compare what comes out."
NEEDS = """\
Builds run as whoever calls, without the daemon and nix.conf, in stores of their own below the cache
folder (RKNN_FLAKE_CACHE): the kernel must allow user namespaces, unless root calls. What packages
need and nobody changed comes from cache.nixos.org, or with "--seed /" from the machine's own store.
The clock and the order in folders need cc: nix shell nixpkgs#gcc brings one. Programs that are
static, or built for another processor, see neither; one that waits for a time of day without libc
may wait for ever: --no-clock.

status: 0 all agrees, 1 something differs or failed, 2 wrong usage
What was built on the way and differs is listed, and changes no status; neither does a package
whose record was made with other tools ("other-tools"), or that has none ("unrecorded")."""
MOST_ROUNDS = 16


@dataclass(frozen=True)
class Options:
    """The command line, checked; `seed` and `against` are stores as Nix calls them.

    `planner` is Nix on the project's own store, in which the flake is evaluated; `recorded` is
    what stands in the file of --verify or --record for the system.
    """

    packages: tuple[str, ...]
    planner: Nix
    system: str
    rounds: int
    seed: str
    against: str | None
    recorded: Entry | None
    verify: bool
    record: Path | None
    signed: str
    preload: bool
    keep: bool
    json: bool


def parse(argv: Sequence[str]) -> Options:
    """Return what `argv` asks for; raise UsageError or BadFileError."""
    given = _parser().parse_args(argv)
    if given.rounds < 2:
        raise UsageError(f"--rounds {given.rounds}: nothing to compare; 2 is the least")
    if given.rounds > MOST_ROUNDS:
        raise UsageError(f"--rounds {given.rounds}: {MOST_ROUNDS} is the most")
    if given.record and given.verify:
        raise UsageError("--record and --verify exclude each other; verify first")
    if given.record and not given.record.absolute().parent.is_dir():
        raise UsageError(f"--record {given.record}: no such folder; make it, or name another file")
    planner = _planner(given)
    recorded = _recorded(given)
    return Options(
        packages=tuple(given.packages),
        planner=planner,
        system=given.system,
        rounds=given.rounds,
        seed=against.store_url(given.seed) if given.seed else str(planner.store),
        against=against.store_url(given.against) if given.against else None,
        record=given.record,
        signed=_signed(given) if given.record else "",
        recorded=recorded,
        verify=bool(given.verify),
        preload=not given.no_clock,
        keep=given.keep,
        json=given.json,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=NAME,
        description=ABOUT,
        epilog=NEEDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    packages = (
        "of the flake's packages, or of its legacyPackages (rknn.simulated.toolkit-lite); "
        "default: those of an existing record, else all packages"
    )
    override = "build with FLAKE in the place of the input NAME"
    add("packages", nargs="*", metavar="PACKAGE", help=packages)
    add("--flake", type=Path, metavar="DIR", help="default: this checkout, or the current folder")
    names = ("NAME", "FLAKE")
    add("--override-input", nargs=2, action="append", default=[], metavar=names, help=override)
    add("--nixpkgs", metavar="FLAKE", help="short for --override-input nixpkgs FLAKE")
    machine = f"{platform.machine()}-linux"
    add("--system", default=machine, help="default: this machine's, %(default)s")
    add("--rounds", type=int, default=2, metavar="N", help="how often; default: %(default)s")
    seed = "take downloads and substituted paths from there; default: the project's own store"
    add("--seed", metavar="STORE", help=seed)
    add("--against", metavar="STORE", help="compare with another store, or a binary cache")
    add("--record", type=Path, metavar="FILE", help="write what came out, if all rounds agree")
    add("--signed-off-by", metavar="TEXT", help="who answers for --record; default: git's user")
    add("--verify", type=Path, metavar="FILE", help="hold the builds against such a record")
    clock = "leave the clock and the order in folders, which need a library in every program"
    add("--no-clock", action="store_true", help=clock)
    add("--keep", action="store_true", help="keep the rounds' stores")
    add("--json", action="store_true", help="print one JSON document")
    return parser


def _planner(given: argparse.Namespace) -> Nix:
    own = (PROJECT / "flake.nix").is_file()
    flake = (given.flake or (PROJECT if own else Path.cwd())).resolve()
    if not (flake / "flake.nix").is_file():
        raise UsageError(f"{flake}: no flake there (no flake.nix); name its folder with --flake")
    nameable(flake, "move the checkout")
    named = [*given.override_input, *([("nixpkgs", given.nixpkgs)] if given.nixpkgs else [])]
    overrides = tuple((name, _reference(where)) for name, where in named)
    store = cache_dir() / "nix" / "store"
    return Nix(store, nixpkgs=None, flake=flake, overrides=overrides)


def _reference(where: str) -> str:
    """Return a flake's reference: a URL as it is, or a folder, which Nix wants absolute."""
    if ":" in where and not where.startswith("path:"):
        return where
    folder, *query = where.removeprefix("path:").split("?", 1)
    if not Path(folder).is_dir():
        raise UsageError(
            f"{where}: no such folder; name one, or a flake by its URL, as in "
            "github:NixOS/nixpkgs/nixos-unstable"
        )
    absolute = nameable(Path(folder).resolve(), "move the folder")
    return "?".join((f"path:{absolute}", *query))


def _recorded(given: argparse.Namespace) -> Entry | None:
    if given.verify:
        return record.require(given.verify, given.system)
    if given.record and given.record.exists():
        return record.read(given.record).get(given.system)
    return None


def _signed(given: argparse.Namespace) -> str:
    signed = given.signed_off_by or record.signer()
    if not signed:
        raise UsageError("--record: git has no user.name; name who signs with --signed-off-by")
    return str(signed)
