"""rknn-reproduce on a small flake: statuses, the record and what is held against it, leftovers."""

from __future__ import annotations

import json
import platform
from typing import TYPE_CHECKING, Any

import pytest

from reproducing import make_flake, need_compiler
from rknn_flake.errors import BadFileError
from rknn_flake.nix import Nix
from rknn_flake.paths import PROJECT
from rknn_flake.process import run
from rknn_flake.reproduce import cli, record, running, stores
from rknn_flake.reproduce.plan import from_flake
from unit.commands import Outcome, command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.nix

SYSTEM = f"{platform.machine()}-linux"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make a folder with a flake, and a cache of its own."""
    folder = tmp_path_factory.mktemp("command").resolve()
    make_flake(folder / "flake")
    yield folder
    stores.remove(folder)


@pytest.fixture
def reproduce(
    nix: Nix,  # noqa: ARG001  # skips where there is none
    place: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Outcome]:
    need_compiler()
    monkeypatch.setenv("RKNN_FLAKE_CACHE", str(place / "cache"))
    call = command(cli.main, capsys)
    return lambda *words: call(*words, "--flake", place / "flake")


def document(outcome: Outcome) -> dict[str, Any]:
    assert outcome.err == "", outcome
    told: dict[str, Any] = json.loads(outcome.out)
    return told


def test_agreement_is_recorded_and_verified(reproduce: Callable[..., Outcome], place: Path) -> None:
    path = place / "agreed.toml"
    made = reproduce("pure", "text", "--record", path, "--signed-off-by", "A <a@example.org>")
    said = f"rknn-reproduce: {path}: {SYSTEM}: recorded pure text\n"
    assert (made.status, made.err) == (0, said), made
    assert made.out.splitlines()[1].split()[:3] == ["pure", "out", "same"]
    entry = record.read(path)[SYSTEM]
    assert (entry.signed, entry.rounds, set(entry.packages)) == (
        "A <a@example.org>",
        2,
        {"pure", "text"},
    )
    assert entry.inputs["nixpkgs"]["narHash"].startswith("sha256-")
    assert "bash" in entry.tools

    held = reproduce("--verify", path, "--json")
    assert held.status == 0, held
    statuses = {one["name"]: one["status"] for one in document(held)["record"]}
    assert statuses == {"pure": "same", "text": "same"}


def test_another_result_another_input_and_absence_are_told_apart(
    reproduce: Callable[..., Outcome], place: Path
) -> None:
    path = place / "altered.toml"
    reproduce("pure", "text", "--record", path, "--signed-off-by", "A")
    text = path.read_text()
    entry = record.read(path)[SYSTEM]
    text = text.replace(entry.packages["pure"].outputs["out"], "sha256-another")
    text = text.replace(entry.packages["text"].drv, "/nix/store/another.drv")
    path.write_text(f'{text}\n[{SYSTEM}.packages.gone]\ndrv = "x.drv"\noutputs = {{ out = "" }}\n')
    held = reproduce("--verify", path, "--json")
    assert held.status == 1, held
    statuses = {one["name"]: one["status"] for one in document(held)["record"]}
    assert statuses == {"pure": "differs", "text": "other-inputs", "gone": "missing"}


def test_difference_is_shown_and_not_recorded(
    reproduce: Callable[..., Outcome], place: Path
) -> None:
    path = place / "refused.toml"
    made = reproduce("dependent", "--record", path, "--signed-off-by", "A")
    assert made.status == 1, made
    assert "noted: from byte" in made.out
    assert "differs already: /nix/store/" in made.out
    assert "not written" in made.err
    with pytest.raises(BadFileError):
        record.read(path)


def test_packages_that_leave_the_record_are_named(
    reproduce: Callable[..., Outcome], place: Path
) -> None:
    path = place / "fewer.toml"
    reproduce("pure", "text", "--record", path, "--signed-off-by", "A")
    fewer = reproduce("text", "--record", path, "--signed-off-by", "A")
    assert "recorded text; no longer in it: pure\n" in fewer.err
    assert set(record.read(path)[SYSTEM].packages) == {"text"}


def test_many_paths_are_asked_for_in_portions(
    reproduce: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "PORTION", 1)
    assert reproduce("dependent", "pure", "--no-clock").status == 1


def test_nothing_is_left_and_leftovers_are_removed(
    reproduce: Callable[..., Outcome], place: Path
) -> None:
    left = place / "cache" / "reproduce" / "run-of-a-killed-one" / "store"
    left.mkdir(parents=True)
    left.chmod(0o555)
    kept = place / "cache" / "reproduce" / "run-that-is-kept"
    kept.mkdir()
    (kept / stores.KEPT).touch()
    assert reproduce("pure", "--no-clock").status == 0
    runs = list((place / "cache" / "reproduce").glob("run-*"))
    assert runs == [kept]


def test_unknown_package(reproduce: Callable[..., Outcome]) -> None:
    outcome = reproduce("puer")
    assert outcome.status == 2, outcome
    assert "did you mean pure? packages here: clock cores" in outcome.err


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        # newScope and python3Packages are there, and nothing that can be built.
        ("newScop", "; packages here: "),
        ("python3Package.pyelftool", "; packages here: "),
        ("python3Packages.pyelftool", "; did you mean python3Packages.pyelftools? packages here: "),
    ],
)
def test_only_packages_are_suggested(
    reproduce: Callable[..., Outcome], name: str, hint: str
) -> None:
    outcome = reproduce(name)
    assert (outcome.status, outcome.err.count("\n")) == (2, 1), outcome
    assert f"{name}: no package of the flake for {SYSTEM}{hint}" in outcome.err


def test_an_error_of_the_flake_is_told_once(reproduce: Callable[..., Outcome], place: Path) -> None:
    (place / "broken").mkdir(exist_ok=True)
    (place / "broken" / "flake.nix").write_text('{ outputs = _: throw "this is amiss"; }')
    outcome = reproduce("--nixpkgs", place / "broken", "pure")
    assert (outcome.status, outcome.err.count("this is amiss")) == (1, 1), outcome


def test_other_tools_leave_nothing_compared_and_that_is_said(
    reproduce: Callable[..., Outcome], place: Path
) -> None:
    path = place / "other-tools.toml"
    reproduce("pure", "text", "--record", path, "--signed-off-by", "A")
    entry = record.read(path)[SYSTEM]
    text = path.read_text().replace(entry.tools["bash"], "GNU bash, version 1")
    path.write_text(text.replace(entry.packages["pure"].outputs["out"], "sha256-another"))
    held = reproduce("--verify", path)
    assert held.status == 0, held
    assert "nothing was compared for 1 package, since" in held.err
    assert "of the record: pure; " in held.err
    assert "  bash: recorded GNU bash, version 1, here " in held.out


def test_a_dead_cache_is_noticed_before_anything_is_built(
    reproduce: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "run_rounds", None)
    outcome = reproduce("pure", "--against", "http://127.0.0.1:9")
    assert (outcome.status, outcome.err.count("\n")) == (1, 1), outcome
    assert "rknn-reproduce: http://127.0.0.1:9: cannot be asked for /nix/store/" in outcome.err


def test_a_cache_that_has_nothing_of_it(reproduce: Callable[..., Outcome], place: Path) -> None:
    (place / "empty").mkdir()
    (place / "empty" / "nix-cache-info").write_text("StoreDir: /nix/store\n")
    outcome = reproduce("pure", "--against", place / "empty", "--json")
    assert outcome.status == 1, outcome
    assert "nothing was compared" in outcome.err
    assert json.loads(outcome.out)["against"][0]["status"] == "absent"


def test_where_the_checkout_lies_makes_no_other_derivation(nix: Nix, tmp_path: Path) -> None:
    if not (PROJECT / ".git").exists():
        pytest.skip("no git checkout")
    made = []
    for place in (tmp_path / "one", tmp_path / "quite" / "another"):
        run(["git", "clone", "--quiet", "--no-hardlinks", PROJECT, place])
        there = Nix(nix.store, nixpkgs=place / "tests" / "hostpkgs", flake=place)
        made.append(from_flake(there, "aarch64-linux", ["rknn-simulator", "rknn-npu-load"]))
    assert made[0] == made[1]
