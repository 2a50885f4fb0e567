"""What others do to sources.toml while files are fetched is kept, and counts."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from rknn_flake.pins import sources
from unit import pins_fixtures
from unit.prefetch_files import answering, body, filled_in, first

if TYPE_CHECKING:
    from collections.abc import Callable

    from rknn_flake.pins.entries import Entry
    from unit.commands import Outcome
    from unit.prefetch_fixtures import Fetching

    Meanwhile = Callable[[bytes | None], Outcome]

pytest_plugins = ["unit.prefetch_fixtures"]

HEAD = "failed   part0 2.3.2 (aarch64): "
OTHER = b"other bytes"


@pytest.fixture
def entry(fetching: Fetching) -> Entry:
    """Pin a file without hash."""
    return pins_fixtures.write(fetching.path, [fetching.file(0)]).entries[0]


@pytest.fixture
def meanwhile(fetching: Fetching, entry: Entry, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Return a run during which somebody replaces the file's text; None: removes it."""
    assert entry.hash is None
    script = answering(fetching.folder / "answers", {"part0.so": body(0)})

    def run(text: bytes | None) -> Outcome:
        changed = fetching.folder / "changed.toml"
        act = f"/bin/rm '{fetching.path}'"
        if text is not None:
            changed.write_bytes(text)
            act = f"/bin/cp '{changed}' '{fetching.path}'"
        shebang, rest = script.split("\n", 1)
        first(monkeypatch, fetching.folder / "programs", nix=f"{shebang}\n{act}\n{rest}")
        return fetching.run("--store", "default")

    return run


def text_of(*entries: Entry) -> bytes:
    return pins_fixtures.text(entries).encode()


def refused(fetching: Fetching, done: Outcome, text: bytes, line: str) -> None:
    assert (done.status, done.err) == (1, ""), done
    assert done.out.splitlines()[0] == HEAD + line
    assert fetching.path.read_bytes() == text


def test_entry_that_has_gone(fetching: Fetching, meanwhile: Meanwhile) -> None:
    text = text_of(pins_fixtures.entry())
    line = "no longer in the file; somebody took it out meanwhile"
    refused(fetching, meanwhile(text), text, line)


def test_another_witness(fetching: Fetching, meanwhile: Meanwhile) -> None:
    text = text_of(fetching.file(0, git_blob=pins_fixtures.blob(OTHER)))
    difference = f"found {pins_fixtures.blob(body(0))}, expected {pins_fixtures.blob(OTHER)}"
    line = f"changed in the file meanwhile: git-blob: {difference}; run it again"
    refused(fetching, meanwhile(text), text, line)


def test_witness_that_has_gone(fetching: Fetching, meanwhile: Meanwhile) -> None:
    text = text_of(fetching.file(0, git_blob=None))
    line = "its witnesses were taken out of the file meanwhile; run it again"
    refused(fetching, meanwhile(text), text, line)


def test_disputes(fetching: Fetching, meanwhile: Meanwhile) -> None:
    text = text_of(fetching.file(0, disputes=("somebody",)))
    line = "somebody has noted disputes meanwhile; judge, and run it again"
    refused(fetching, meanwhile(text), text, line)


def test_another_hash(fetching: Fetching, meanwhile: Meanwhile) -> None:
    text = text_of(fetching.file(0, hash=pins_fixtures.sri(OTHER), size=None))
    done = meanwhile(text)
    assert done.out.startswith(f"{HEAD}changed in the file meanwhile: hash: found "), done
    assert fetching.path.read_bytes() == text


def test_the_same_hash(fetching: Fetching, meanwhile: Meanwhile) -> None:
    text = text_of(fetching.file(0, hash=pins_fixtures.sri(body(0)), size=len(body(0))))
    assert meanwhile(text).status == 0
    assert fetching.path.read_bytes() == text


def test_comments_and_other_entries_stay(fetching: Fetching, meanwhile: Meanwhile) -> None:
    others = [pins_fixtures.wheel(release="2.3.0"), fetching.file(0), pins_fixtures.entry()]
    text = f"# somebody's remark\n{pins_fixtures.text(others)}# and another\n"
    assert meanwhile(text.encode()).status == 0
    expected = filled_in(text, [entry for entry in others if entry.component == "part0"])
    assert fetching.path.read_text() == expected != text


def test_file_that_has_gone(fetching: Fetching, meanwhile: Meanwhile) -> None:
    done = meanwhile(None)
    assert (done.status, done.out) == (1, ""), done
    what = "No such file or directory; check --file"
    assert done.err == f"rknn-pins: {fetching.path}: {what}\n"
    assert not fetching.path.exists()


@pytest.mark.parametrize("text", [b"[half a tab", b"\xff\xfe", b""])
def test_file_that_somebody_broke(fetching: Fetching, meanwhile: Meanwhile, text: bytes) -> None:
    done = meanwhile(text)
    assert (done.status, done.out) == (1, ""), done
    assert done.err.splitlines()[-1].startswith(f"rknn-pins: {fetching.path}: no"), done
    assert fetching.path.read_bytes() == text


@pytest.mark.parametrize("act", ["/bin/rm -f", "echo '[half' >"])
def test_nothing_more_is_fetched_for_a_file_that_is_gone_or_broken(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    bodies = {f"part{number}.so": body(number) for number in range(4)}
    shebang, rest = answering(fetching.folder / "answers", bodies).split("\n", 1)
    fetched = fetching.folder / "fetched"
    log = f"""case "$*" in *part*) echo x >>'{fetched}'; {act} '{fetching.path}';; esac"""
    first(monkeypatch, fetching.folder / "programs", nix=f"{shebang}\n{log}\n{rest}")
    pins_fixtures.write(fetching.path, [fetching.file(number) for number in range(4)])
    done = fetching.run("--store", "default", "--jobs", "1")
    assert done.status == 1, done
    assert len(done.err.splitlines()) == 1, done
    assert fetched.read_text() == "x\n"


def test_two_runs_at_once_both_end_with_all_hashes(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 12
    bodies = {f"part{number}.so": body(number) for number in range(count)}
    script = answering(fetching.folder / "answers", bodies)
    first(monkeypatch, fetching.folder / "programs", nix=script)
    files = [fetching.file(number) for number in range(count)]
    written = pins_fixtures.write(fetching.path, files)
    original = fetching.path.read_text()
    environment = {
        name: value
        for name, value in {**os.environ, **fetching.pins.environment}.items()
        if value is not None
    }
    runs = [
        subprocess.Popen(
            fetching.pins.words("prefetch", "--store", "default"),
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    ends = [(*one.communicate(timeout=60), one.returncode) for one in runs]
    assert [status for _, _, status in ends] == [0, 0], ends
    assert fetching.path.read_text() == filled_in(original, written.entries)
    assert [path.name for path in fetching.path.parent.iterdir()] == ["sources.toml"]
    notes = {line for _, err, _ in ends for line in err.splitlines()}
    assert notes <= {f"waiting for another run that is changing {fetching.path}"}, notes
    assert len(sources.read(fetching.path).entries) == count
