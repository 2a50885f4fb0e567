"""Killed at any call that writes, rknn-pins prefetch leaves a whole sources.toml, and goes on.

Each kill is a run of the real command under strace, with a stand-in for Nix that has the files.
"""

from __future__ import annotations

import os
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from rknn_flake.atomic import PREFIX
from rknn_flake.pins import editing, sources
from rknn_flake.process import run
from unit import killing, pins_fixtures
from unit.killing import Point
from unit.pins_commands import Pins
from unit.prefetch_files import answering, body, filled_in, missing, program

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rknn_flake.pins.entries import Entry

FILES = 12
FEWER = 8
MODE = 0o640
AT_A_TIME = 2
# The least number of kills, in all scenarios together.
ENOUGH = 200
# After how many different states the command is run again.
ALL, SOME = 1000, 9

# What the checks have to notice: the same command, but it writes into the file that is there.
NAIVE = """
import sys
from rknn_flake.pins import cli, editing, sources
def edit(path, change):
    path.write_text(change(path.read_text()))
editing.edit = edit
sys.exit(cli.main(sys.argv[1:]))
"""


@dataclass
class Scenario:
    """A folder with a sources.toml, which each run gets a copy of, and the command for it."""

    folder: Path
    entries: tuple[Entry, ...]
    original: str
    name: str = "plain"
    more: tuple[str, ...] = ()
    leftover: bool = False
    linked: bool = False
    naive: bool = False
    damage: list[str] = field(default_factory=list)

    def kill(self, point: Point) -> Place | None:
        """Kill a run at `point` and check what it left; None where it was not killed."""
        place = self.place(f"{point.call}-{point.number}")
        if not killing.killed(place.words, place.environment, point, place.folder / "log"):
            return None
        self.damage += [f"{point}: {what}" for what in place.damage()]
        return place

    def place(self, name: str) -> Place:
        """Make a copy to run in."""
        folder = self.folder / self.name / name
        checkout = folder / "checkout"
        checkout.mkdir(parents=True)
        file = checkout / "sources.toml"
        file.write_text(self.original)
        file.chmod(MODE)
        if self.leftover:
            (checkout / f"{PREFIX}sources.toml.killed").write_text(self.original[:100])
        if self.linked:
            (folder / "link.toml").symlink_to(file)
        return Place(self, folder, file)


@dataclass
class Place:
    """The copy of one run."""

    scenario: Scenario
    folder: Path
    file: Path

    @property
    def words(self) -> list[str]:
        """The command."""
        named = self.folder / "link.toml" if self.scenario.linked else self.file
        words = Pins(named, self.folder / "cache").words(
            "prefetch", "--store", "default", "--jobs", "1", *self.scenario.more
        )
        if self.scenario.naive:
            return [sys.executable, "-P", "-c", NAIVE, *words[words.index("prefetch") :]]
        return words

    @property
    def environment(self) -> dict[str, str]:
        """What is laid over the environment: the stand-in for Nix comes first."""
        given = Pins(self.file, self.folder / "cache").environment
        programs = f"{self.scenario.folder / 'programs'}{os.pathsep}{os.environ['PATH']}"
        kept = {name: value for name, value in given.items() if value is not None}
        return {**kept, "PATH": programs, "PYTHONDONTWRITEBYTECODE": "1"}

    @property
    def filled(self) -> list[Entry]:
        """The entries that have a hash now."""
        return [entry for entry in sources.read(self.file).entries if entry.hash]

    @property
    def leftovers(self) -> list[Path]:
        """What stands beside the file."""
        return [path for path in self.file.parent.iterdir() if path != self.file]

    @property
    def state(self) -> tuple[int, int, tuple[int, ...]]:
        """What tells one state to go on from from another."""
        sizes = sorted(path.stat().st_size for path in self.leftovers)
        return len(self.filled), self.file.stat().st_size, tuple(sizes)

    def damage(self) -> Iterator[str]:
        """Yield what is not as a whole text of sources.toml, half-filled or not, would be."""
        try:
            filled = self.filled
        except Exception as error:  # noqa: BLE001  # whatever a broken file leads to
            yield f"not to be read: {error}"
            return
        if [entry.position for entry in filled] != list(range(len(filled))):
            yield f"not the first files: {filled}"
        if self.file.read_text() != self.text_with(filled):
            yield f"other text: {self.file.read_text()!r}"
        if stat.S_IMODE(self.file.stat().st_mode) != MODE:
            yield f"mode {self.file.stat().st_mode:o}"
        left = [path.name for path in self.leftovers]
        if len(left) > 1 or any(not name.startswith(f"{PREFIX}sources.toml.") for name in left):
            yield f"left: {left}"

    def text_with(self, filled: list[Entry]) -> str:
        """Return the text that has just these hashes."""
        text = filled_in(self.scenario.original, filled)
        for entry in filled:
            if entry.trust_on_first_use:
                noted = {"trust-on-first-use": entry.trust_on_first_use}
                text = editing.set_keys(text, entry, noted)
        return text

    def go_on(self) -> None:
        """Run it again; everything has to be there then, and nothing else."""
        done = run(self.words, env=self.environment, check=False, timeout=60)
        assert done.status == 0, (done, self.state)
        assert len(self.filled) == len(self.scenario.entries), done
        assert list(self.damage()) == []
        assert self.leftovers == []


@pytest.fixture
def plain(tmp_path: Path) -> Scenario:
    """Return the ordinary case: files with a witness each."""
    reason = killing.why_not()
    if reason is not None:
        pytest.skip(reason)
    bodies = {f"part{number}.so": body(number) for number in range(FILES)}
    program(tmp_path / "programs", "nix", answering(tmp_path / "answers", bodies))
    return scenario(tmp_path, [missing(number, url(number)) for number in range(FILES)])


def url(number: int) -> str:
    return f"https://example.org/part{number}.so"


def scenario(folder: Path, entries: Sequence[Entry], **values: Any) -> Scenario:  # noqa: ANN401
    written = pins_fixtures.write(folder / "original.toml", entries)
    return Scenario(folder, written.entries, written.path.read_text(), **values)


@pytest.fixture
def linked(plain: Scenario) -> Scenario:
    """Return the case of a link to the file, where an earlier killed run has left something."""
    return replace(plain, name="linked", linked=True, leftover=True)


@pytest.fixture
def trusting(plain: Scenario) -> Scenario:
    """Return the case of files without witnesses, which a third key is written for."""
    entries = [missing(number, url(number), git_blob=None) for number in range(FEWER)]
    options = ("--trust-on-first-use",)
    return scenario(plain.folder, entries, name="trusting", more=options)


def kill_everywhere(case: Scenario, most_states: int) -> int:
    """Kill a run at every point there is, and go on from the states that come of it.

    Returns how many were killed. More states than `most_states` are gone on from by sample.
    """
    counted = case.place("counted")
    points = sorted(killing.points(counted.words, counted.environment, counted.folder / "log"))
    assert len(counted.filled) == len(case.entries), "the run that counts the calls did not end"
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        runs = pool.map(case.kill, points)
        killed = [place for place in runs if place is not None]
        assert case.damage == []
        states = {place.state: place for place in killed}
        reached = {filled for filled, _, _ in states}
        assert reached >= set(range(len(case.entries))), f"never killed in between: {reached}"
        assert any(left for _, _, left in states), "never killed while it wrote"
        step = max(1, len(states) // most_states)
        list(pool.map(Place.go_on, [states[state] for state in sorted(states)[::step]]))
    return len(killed)


def test_file_is_whole_after_each_kill_and_the_next_run_ends(
    plain: Scenario, linked: Scenario, trusting: Scenario
) -> None:
    kills = {
        case.name: kill_everywhere(case, most)
        for case, most in ((plain, ALL), (linked, SOME), (trusting, SOME))
    }
    assert sum(kills.values()) >= ENOUGH, kills


def test_checks_notice_a_writer_that_is_not_atomic(plain: Scenario) -> None:
    naive = replace(plain, name="naive", naive=True, damage=[])
    for number in (2, 7):
        assert naive.kill(Point("write", number)) is not None
    assert len(naive.damage) >= 2, naive.damage


def test_program_that_comes_to_no_such_call_is_not_killed(plain: Scenario) -> None:
    place = plain.place("unkilled")
    point = Point("write", 1000)
    assert not killing.killed(place.words, place.environment, point, place.folder / "log")
    assert len(place.filled) == FILES
