"""Wrong arguments of rknn-reproduce: one line, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.reproduce import cli
from unit.commands import Outcome, command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rknn_flake.reproduce.options import Options


@pytest.fixture
def reproduce(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    return command(cli.main, capsys)


def refused(outcome: Outcome, status: int, *words: str) -> None:
    assert (outcome.status, outcome.out) == (status, ""), outcome
    assert outcome.err.count("\n") == 1, outcome.err
    for word in ("rknn-reproduce: ", *words):
        assert word in outcome.err, outcome.err


@pytest.mark.parametrize("rounds", ["1", "0", "-3"])
def test_one_round_compares_nothing(reproduce: Callable[..., Outcome], rounds: str) -> None:
    refused(reproduce("--rounds", rounds), 2, f"--rounds {rounds}", "2 is the least")


def test_too_many_rounds(reproduce: Callable[..., Outcome]) -> None:
    refused(reproduce("--rounds", "1000"), 2, "16 is the most")


def test_a_folder_without_a_flake(reproduce: Callable[..., Outcome], tmp_path: Path) -> None:
    refused(reproduce("--flake", tmp_path), 2, str(tmp_path), "--flake")


def test_a_folder_that_is_no_store(reproduce: Callable[..., Outcome], tmp_path: Path) -> None:
    for option in ("--against", "--seed"):
        refused(reproduce(option, tmp_path), 2, "no Nix store", "nix-cache-info")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", ["tests/nohost", "path:nohost", "nixpkgs"])
def test_a_package_set_that_is_not_there(reproduce: Callable[..., Outcome], where: str) -> None:
    for words in (("--nixpkgs", where), ("--override-input", "nixpkgs", where)):
        refused(reproduce(*words), 2, f"{where}: no such folder; ", "github:NixOS/nixpkgs")


def test_a_package_set_is_a_folder_or_a_url(
    reproduce: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[tuple[str, str], ...]] = []

    def noted(options: Options) -> int:
        seen.append(options.planner.overrides)
        return 0

    monkeypatch.setattr(cli, "_run", noted)
    folder = tmp_path.resolve() / "set"
    folder.mkdir()
    (tmp_path / "flake.nix").write_text("{ }")
    monkeypatch.chdir(tmp_path)
    url = "github:NixOS/nixpkgs/nixos-unstable"
    for where in ("set", "path:set", folder, url):
        assert reproduce("--flake", tmp_path, "--nixpkgs", where).status == 0
    assert seen == [*[(("nixpkgs", f"path:{folder}"),)] * 3, (("nixpkgs", url),)]


def test_record_and_verify_at_once(reproduce: Callable[..., Outcome], tmp_path: Path) -> None:
    refused(reproduce("--record", tmp_path / "a", "--verify", tmp_path / "b"), 2, "exclude")


def test_a_record_in_no_folder(reproduce: Callable[..., Outcome], tmp_path: Path) -> None:
    path = tmp_path / "none" / "r.toml"
    refused(reproduce("--record", path, "--signed-off-by", "me"), 2, str(path), "no such folder")


def test_the_machine_s_own_store_is_asked_for_by_its_root(
    reproduce: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        cli, "_run", lambda options: int((options.seed, options.against) != ("auto",) * 2)
    )
    assert reproduce("--seed", "/", "--against", "/").status == 0


def test_help_says_what_is_needed(reproduce: Callable[..., Outcome]) -> None:
    told = reproduce("--help")
    assert told.status == 0
    for word in (
        "user namespaces",
        "--seed /",
        "nixpkgs#gcc",
        "status: 0",
        "other-tools",
        "on the way",
    ):
        assert word in told.out


def test_a_record_of_another_format(reproduce: Callable[..., Outcome], tmp_path: Path) -> None:
    path = tmp_path / "record.toml"
    path.write_text("format = 99\n")
    refused(reproduce("--verify", path), 1, str(path), "format 1")


def test_a_foreign_file_is_not_written_over(
    reproduce: Callable[..., Outcome], tmp_path: Path
) -> None:
    path = tmp_path / "notes.toml"
    path.write_text("mine = true\n")
    refused(reproduce("--record", path, "--signed-off-by", "me"), 1, str(path))
    assert path.read_text() == "mine = true\n"


def test_nobody_to_sign_off(
    reproduce: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.chdir(tmp_path)
    refused(reproduce("--record", tmp_path / "r.toml"), 2, "--signed-off-by")


def test_no_nix(
    reproduce: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "flake.nix").write_text("{ }")
    monkeypatch.setenv("PATH", str(tmp_path))
    refused(reproduce("--flake", tmp_path), 1, "nix: not found")


def test_an_unknown_option(reproduce: Callable[..., Outcome]) -> None:
    outcome = reproduce("--nonsense")
    assert outcome.status == 2, outcome
    assert "--nonsense" in outcome.err
