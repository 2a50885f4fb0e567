"""Trust on first use is spelled out, confirmed by whoever sits there, and noted in the file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from rknn_flake.pins import sources
from unit import pins_fixtures
from unit.pins_commands import ended
from unit.prefetch_files import answering, body, first

if TYPE_CHECKING:
    import pexpect

    from unit.prefetch_fixtures import Fetching

pytest_plugins = ["unit.prefetch_fixtures"]

TRUST = "--trust-on-first-use"
QUESTION = r"Take what 127\.0\.0\.1 sends for these\. Really\? \[y/N\] "
# Ctrl-D and Ctrl-C, as a terminal takes them.
EOF, INTERRUPT = "\x04", "\x03"


@pytest.fixture
def unwitnessed(fetching: Fetching, monkeypatch: pytest.MonkeyPatch) -> Fetching:
    """Return a sources.toml with a file nobody vouches for, and a stand-in for Nix that has it."""
    script = answering(fetching.folder / "answers", {"part0.so": body(0), "part1.so": body(1)})
    first(monkeypatch, fetching.folder / "programs", nix=script)
    pins_fixtures.write(fetching.path, [fetching.file(0, git_blob=None)])
    return fetching


def started(fetching: Fetching, *argv: str) -> pexpect.spawn:
    return fetching.pins.on_terminal("prefetch", "--store", "default", TRUST, *argv)


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def test_in_a_pipe_the_option_does(unwitnessed: Fetching) -> None:
    days = {today()}
    done = unwitnessed.pins("prefetch", "--store", "default", TRUST)
    days.add(today())
    assert (done.status, done.stderr) == (0, ""), done
    assert done.stdout.startswith("filled   part0 2.3.2 (aarch64): nobody else vouches for it\n")
    (entry,) = sources.read(unwitnessed.path).entries
    assert (entry.hash, entry.size) == (pins_fixtures.sri(body(0)), len(body(0)))
    assert entry.trust_on_first_use in {
        f"{day}: computed by nix (Nix) 2.99.0 from what 127.0.0.1 sent" for day in days
    }


def test_in_a_pipe_nothing_is_taken_without_it(unwitnessed: Fetching) -> None:
    before = unwitnessed.path.read_bytes()
    assert unwitnessed.pins("prefetch", "--store", "default").status == 1
    assert unwitnessed.path.read_bytes() == before


def test_file_with_a_witness_gets_no_such_note(unwitnessed: Fetching) -> None:
    pins_fixtures.write(unwitnessed.path, [unwitnessed.file(0)])
    assert unwitnessed.pins("prefetch", "--store", "default", TRUST).status == 0
    (entry,) = sources.read(unwitnessed.path).entries
    assert (entry.hash is not None, entry.trust_on_first_use) == (True, None)


@pytest.mark.parametrize("answer", ["y\n", "yes\n", "Y\n"])
def test_confirmed_on_a_terminal(unwitnessed: Fetching, answer: str) -> None:
    child = started(unwitnessed)
    child.expect(r"part0 2\.3\.2 \(aarch64\): no witness")
    child.expect(QUESTION)
    child.send(answer)
    child.expect("1 filled, 0 refused, 0 failed")
    assert ended(child) == 0
    assert unwitnessed.hashes() == [pins_fixtures.sri(body(0))]


@pytest.mark.parametrize("answer", ["n\n", "\n", "no\n", "yup\n", EOF])
def test_refused_on_a_terminal(unwitnessed: Fetching, answer: str) -> None:
    before = unwitnessed.path.read_bytes()
    child = started(unwitnessed)
    child.expect(QUESTION)
    child.send(answer)
    child.expect("0 filled, 1 refused, 0 failed")
    assert ended(child) == 1
    assert unwitnessed.path.read_bytes() == before


def test_interrupted_at_the_question(unwitnessed: Fetching) -> None:
    before = unwitnessed.path.read_bytes()
    child = started(unwitnessed)
    child.expect(QUESTION)
    child.send(INTERRUPT)
    child.expect("rknn-pins: interrupted")
    assert ended(child) == 130
    assert unwitnessed.path.read_bytes() == before


def test_refusal_keeps_none_of_the_others_back(unwitnessed: Fetching) -> None:
    files = [unwitnessed.file(0, git_blob=None), unwitnessed.file(1)]
    pins_fixtures.write(unwitnessed.path, files)
    child = started(unwitnessed)
    child.expect(QUESTION)
    child.send("n\n")
    child.expect("1 filled, 1 refused, 0 failed")
    assert ended(child) == 1
    assert unwitnessed.hashes() == [None, pins_fixtures.sri(body(1))]


def test_no_question_with_yes(unwitnessed: Fetching) -> None:
    child = started(unwitnessed, "--yes")
    assert child.expect([QUESTION, "1 filled"]) == 1
    assert ended(child) == 0


def test_no_question_where_all_have_witnesses(unwitnessed: Fetching) -> None:
    pins_fixtures.write(unwitnessed.path, [unwitnessed.file(0)])
    child = started(unwitnessed)
    assert child.expect([QUESTION, "1 filled"]) == 1
    assert ended(child) == 0


def test_file_without_a_url_is_not_asked_about(unwitnessed: Fetching) -> None:
    text = unwitnessed.path.read_text()
    (url,) = sources.read(unwitnessed.path).entries[0].urls
    unwitnessed.path.write_text(text.replace(f'["{url}"]', "[]"))
    child = started(unwitnessed)
    child.expect("failed   part0")
    assert ended(child) == 1
