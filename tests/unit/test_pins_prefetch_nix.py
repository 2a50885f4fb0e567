"""Whichever Nix there is downloads the file; where none can, one line says what to do."""

from __future__ import annotations

import json
import shutil
import socket
import sys
from typing import TYPE_CHECKING

import pytest

from rknn_flake.pins import nix_prefetch
from rknn_flake.pins.nix_prefetch import INSTALL, Prefetcher, machine_store_usable
from unit import pins_fixtures
from unit.prefetch_files import answering, body, filled_in, first, only

if TYPE_CHECKING:
    from pathlib import Path

    from unit.prefetch_fixtures import Fetching, Tried

pytest_plugins = ["unit.prefetch_fixtures"]

# What Nix 2.3 answers; a newer one whose command was taken away; and one of before 1.7.
NIX_2_3 = "echo \"error: unrecognised flag '--extra-experimental-features'\" >&2; exit 1"
NO_COMMAND = "echo \"error: 'prefetch-file' is not a recognised command\" >&2; exit 1"
NIX_1_6 = "echo \"error: unknown option '--print-path'\" >&2; exit 1"
SRI = pins_fixtures.sri(body(0))


def shell(what: str) -> str:
    return f'#!/bin/sh\n[ "$1" = --version ] && {{ echo "nix (Nix) 2.3.16"; exit; }}\n{what}\n'


def answer(text: str) -> str:
    return shell(f"cat <<'END'\n{text}\nEND")


@pytest.mark.nix
@pytest.mark.parametrize("old", [NIX_2_3, NO_COMMAND])
@pytest.mark.usefixtures("real_nix")
def test_old_nix_does_it_with_nix_prefetch_url(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch, old: str
) -> None:
    written = pins_fixtures.write(fetching.path, [fetching.file(0), fetching.file(1)])
    original = fetching.path.read_text()
    first(monkeypatch, fetching.folder / "programs", nix=shell(old))
    done = fetching.run()
    assert (done.status, done.err) == (0, ""), done
    assert fetching.path.read_text() == filled_in(original, written.entries)


@pytest.mark.nix
@pytest.mark.usefixtures("real_nix")
def test_nix_prefetch_url_alone_will_do(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shutil.which("nix-prefetch-url")
    if real is None:
        pytest.skip("this Nix has no nix-prefetch-url")
    pins_fixtures.write(fetching.path, [fetching.file(0)])
    only(monkeypatch, fetching.folder / "programs")
    (fetching.folder / "programs" / "nix-prefetch-url").symlink_to(real)
    assert fetching.run().status == 0
    assert fetching.hashes() == [SRI]


def test_no_nix_is_one_line(fetching: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    pins_fixtures.write(fetching.path, [fetching.file(0)])
    before = fetching.path.read_bytes()
    only(monkeypatch, fetching.folder / "empty")
    done = fetching.run()
    assert (done.status, done.out) == (1, "")
    assert done.err == f"rknn-pins: nix: not found on PATH; {INSTALL}\n"
    assert fetching.path.read_bytes() == before


@pytest.mark.parametrize(
    ("programs", "said"),
    [
        (
            {},
            "has no `nix store prefetch-file`, and there is no nix-prefetch-url on PATH; "
            + INSTALL,
        ),
        (
            {"nix_prefetch_url": shell(NIX_1_6)},
            "is too old (unknown option '--print-path'); take 2.3 or newer",
        ),
    ],
    ids=["nothing else", "older still"],
)
def test_nix_too_old_is_one_line(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch, programs: dict[str, str], said: str
) -> None:
    pins_fixtures.write(fetching.path, [fetching.file(0), fetching.file(1)])
    only(monkeypatch, fetching.folder / "programs", nix=shell(NIX_2_3), **programs)
    done = fetching.run("--jobs", "1")
    assert (done.status, done.out) == (1, "")
    *_, line = done.err.splitlines()
    assert line == f"rknn-pins: nix (Nix) 2.3.16 {said}"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (answer("no JSON"), "nix answered 'no JSON\\n', not a hash and a path"),
        (answer("[]"), "nix answered '[]\\n', not a hash and a path"),
        (answer("{}"), "nix answered '{}\\n', not a hash and a path"),
        (
            answer(json.dumps({"hash": SRI, "storePath": "/nix/store/none"})),
            "Nix put it in /nix/store/none, but ",
        ),
        (
            answer(json.dumps({"hash": "sha256-short", "storePath": sys.executable})),
            "'sha256-short': ",
        ),
        (
            answer(json.dumps({"hash": SRI, "storePath": sys.executable})),
            f"Nix says {SRI}, but {sys.executable} has sha256 ",
        ),
        (shell("exit 3"), "nix ended with status 3"),
        (shell("echo trouble >&2; exit 1"), "trouble"),
        (
            shell(r"printf '  what():  \033[31;1merror:\033[0m colour' >&2; exit 1"),
            "what():  error: colour",
        ),
        (shell("kill -9 $$"), "nix ended with status -9"),
        (shell("printf 'error:\\n   error: the cause\\n\\n   more\\n' >&2; exit 1"), "the cause"),
    ],
)
def test_odd_answers(
    fetching: Fetching, tried: Tried, monkeypatch: pytest.MonkeyPatch, script: str, said: str
) -> None:
    first(monkeypatch, fetching.folder / "programs", nix=script)
    lines = tried("--store", "default")
    assert lines[0].startswith("failed   part0 2.3.2 (aarch64): no mirror gave it"), lines
    assert lines[1].startswith(f"  {fetching.server.url}/part0.so: {said}"), lines


def test_answer_that_is_right(fetching: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    script = answering(fetching.folder / "answers", {"part0.so": body(0)})
    only(monkeypatch, fetching.folder / "programs", nix=script)
    pins_fixtures.write(fetching.path, [fetching.file(0)])
    assert fetching.run("--store", "default").status == 0
    assert fetching.hashes() == [SRI]


@pytest.fixture
def asked(fetching: Fetching, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file that gets the words a stand-in for nix is called with; it then fails."""
    words = fetching.folder / "words"
    script = f"#!/bin/sh\nprintf '%s\\n' \"$@\" >{words}\nexit 1\n"
    only(monkeypatch, fetching.folder / "programs", nix=script)
    pins_fixtures.write(fetching.path, [fetching.file(0)])
    return words


def test_words_of_the_call(fetching: Fetching, asked: Path) -> None:
    fetching.run("--store", "default")
    words = asked.read_text().split()
    assert words[:4] == ["--extra-experimental-features", "nix-command", "store", "prefetch-file"]
    assert words[-4:] == ["--json", "--name", "part0.so", f"{fetching.server.url}/part0.so"]
    assert "--store" not in words


@pytest.mark.parametrize("usable", [True, False])
def test_auto_takes_the_machines_store_where_it_can(
    fetching: Fetching, asked: Path, monkeypatch: pytest.MonkeyPatch, *, usable: bool
) -> None:
    monkeypatch.setattr(nix_prefetch, "machine_store_usable", lambda: usable)
    fetching.run("--store", "auto")
    words = asked.read_text().split()
    private = str(fetching.pins.cache / "nix" / "store")
    assert (private in words) is not usable, words


def test_url_is_no_option(fetching: Fetching, asked: Path) -> None:
    pins_fixtures.write(fetching.path, [fetching.file(0, urls=("--eval-store",))])
    assert fetching.run("--store", "default").status == 1
    assert not asked.exists()


@pytest.fixture
def no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Take the machine's store away; return where a daemon's socket would be."""
    daemon = tmp_path / "socket"
    monkeypatch.delenv("NIX_REMOTE", raising=False)
    monkeypatch.setenv("NIX_DAEMON_SOCKET_PATH", str(daemon))
    monkeypatch.setattr(nix_prefetch, "STORE", tmp_path / "none")
    return daemon


def test_store_of_a_daemon_that_answers(no_store: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(no_store))
        assert not machine_store_usable(), "nobody listens yet"
        listener.listen()
        assert machine_store_usable()
    assert not machine_store_usable(), "the daemon has gone"


def test_store_that_may_be_written(
    no_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not no_store.exists()
    assert not machine_store_usable()
    monkeypatch.setattr(nix_prefetch, "STORE", tmp_path)
    assert machine_store_usable()


def test_store_that_somebody_has_named(no_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not no_store.exists()
    monkeypatch.setenv("NIX_REMOTE", "ssh://elsewhere")
    assert machine_store_usable()


@pytest.mark.nix
@pytest.mark.usefixtures("real_nix")
def test_new_private_store_withstands_many_at_once(fetching: Fetching) -> None:
    pins_fixtures.write(fetching.path, [fetching.file(number) for number in range(8)])
    done = fetching.run("--jobs", "8")
    assert done.status == 0, done
    assert Prefetcher("private").version.startswith("nix")
