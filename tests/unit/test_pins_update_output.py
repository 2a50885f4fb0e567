"""update: where its words go: to people, to nixpkgs' update script, to a machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from rknn_flake.paths import cache_dir
from rknn_flake.process import run
from unit.pins_commands import Pins, ended
from unit.upstream import PROJECT, Upstream, sdk_files

if TYPE_CHECKING:
    from pathlib import Path

    from unit.loopback import Server

SCRIPT = {"UPDATE_NIX_ATTR_PATH": "rknn-runtime", "UPDATE_NIX_OLD_VERSION": "2.3.2"}


@pytest.fixture
def upstream(server: Server, tmp_path: Path) -> Upstream:
    return Upstream(server, tmp_path)


def test_an_update_script_keeps_stdout_for_the_one_who_called_it(upstream: Upstream) -> None:
    upstream.wheel("2.6.0")
    done = upstream.update("--write", "--default", "--no-prefetch", **SCRIPT)
    assert (done.status, done.stdout) == (0, ""), done
    assert '+[releases."2.6.0"]' in done.stderr
    assert ("2.6.0", PROJECT, "cp312") in upstream.entries


def test_an_update_script_with_nothing_to_do(upstream: Upstream) -> None:
    done = upstream.update("--write", "--default", **SCRIPT)
    assert (done.status, done.stdout) == (0, ""), done
    assert done.stderr.startswith("nothing newer than "), done.stderr


def test_json_is_one_document(upstream: Upstream) -> None:
    upstream.wheel("2.6.0")
    commit = upstream.tag("2.6.0", sdk_files("2.6.0"))
    told = json.loads(upstream.succeeds("--json", "--no-prefetch"))
    assert told["written"] is False
    assert told["tags"] == {"2.6.0": {"tag": "v2.6.0", "rev": commit}}
    assert {file["release"] for file in told["files"]} == {"2.6.0"}
    assert told["diff"].startswith("--- a/sources.toml\n")
    assert upstream.file.read_bytes() == upstream.before


def test_json_with_nothing_newer(upstream: Upstream) -> None:
    told = json.loads(upstream.succeeds("--json"))
    assert (told["files"], told["diff"], told["failures"]) == ([], "", [])


def test_the_diff_applies(upstream: Upstream, tmp_path: Path) -> None:
    upstream.wheel("2.6.0")
    diff = json.loads(upstream.succeeds("--json", "--no-prefetch"))["diff"]
    (tmp_path / "d.diff").write_text(diff)
    run(["git", "apply", "--unsafe-paths", tmp_path / "d.diff"], cwd=tmp_path)
    applied = upstream.file.read_bytes()
    upstream.file.write_bytes(upstream.before)
    upstream.succeeds("--write", "--no-prefetch")
    assert upstream.file.read_bytes() == applied


def test_a_terminal_sees_colours_and_a_pipe_none(upstream: Upstream) -> None:
    upstream.wheel("2.6.0")
    piped = upstream.succeeds("--no-prefetch")
    assert "\x1b" not in piped, piped
    places = ("--index", upstream.index, "--repository", upstream.repository, "--no-prefetch")
    child = Pins(upstream.file, cache_dir()).on_terminal("update", *places)
    child.expect_exact('\x1b[32m+[releases."2.6.0"]')
    assert ended(child) == 0


def test_words_of_a_server_can_not_move_the_cursor(upstream: Upstream) -> None:
    upstream.wheel("2.6.0", "cp311")
    upstream.wheel("2.6.0", "cp312", yanked="\x1b[2Jgone")
    told = upstream.succeeds("--no-prefetch")
    assert "\x1b" not in told, told
    assert "\\x1b[2Jgone" in told, told
