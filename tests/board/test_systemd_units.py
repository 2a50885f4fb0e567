"""systemd and udev of two releases find nothing wrong with what the module writes for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from board.systemd_board import CDI, PLUGIN, READY, UDEV
from rknn_flake import current_systemd
from rknn_flake.errors import MissingToolError
from rknn_flake.process import Completed, run

if TYPE_CHECKING:
    from pathlib import Path

    from board.binding_board import BindingBoard

# Times ten; systemd calls it "OK" up to here.
THRESHOLD = 25
VERIFY = f"systemd-analyze verify --man=no {READY} {UDEV}"


@pytest.fixture(params=[READY, UDEV, CDI, PLUGIN])
def unit(request: pytest.FixtureRequest, tmp_path: Path, written: dict[str, str]) -> Path:
    """Write one of the module's units; return its file."""
    file = tmp_path / str(request.param)
    file.write_text(written[file.name])
    return file


def current(name: str) -> Path:
    try:
        return current_systemd.program(name)
    except MissingToolError as error:
        pytest.skip(str(error))


def rated(unit: Path) -> Completed:
    program = current("systemd-analyze")
    options = ("--offline=yes", f"--threshold={THRESHOLD}", "--no-pager")
    return run([program, "security", *options, unit], check=False)


def verified(rules: str, tmp_path: Path) -> Completed:
    written = tmp_path / "72-rknn.rules"
    written.write_text(rules)
    program = current("udevadm")
    return run([program, "verify", "--resolve-names=never", written], check=False)


def test_rules(udev_rules: str, tmp_path: Path) -> None:
    done = verified(udev_rules, tmp_path)
    assert done.status == 0, done
    assert "Success: 1" in done.stdout, done


@pytest.mark.parametrize("rules", ["devfreq rules", "CDI rules"])
def test_more_rules(written: dict[str, str], tmp_path: Path, rules: str) -> None:
    done = verified(written[rules], tmp_path)
    assert done.status == 0, done


@pytest.mark.parametrize(("rules", "brace"), [("devfreq rules", "ATTR{"), ("CDI rules", "ENV{")])
def test_more_broken_rules(written: dict[str, str], tmp_path: Path, rules: str, brace: str) -> None:
    assert brace in written[rules]
    done = verified(written[rules].replace(brace, f"{brace[:-1]}(", 1), tmp_path)
    assert done.status != 0, done


@pytest.mark.parametrize(
    "wrong",
    [
        ('MODE="0660"', 'MODE="0660'),
        ('SUBSYSTEM=="misc"', 'SUBSYSTEM="misc"'),
        ('DRIVERS=="RKNPU"', 'DRIVER5=="RKNPU"'),
    ],
)
def test_broken_rules(udev_rules: str, tmp_path: Path, wrong: tuple[str, str]) -> None:
    assert wrong[0] in udev_rules
    done = verified(udev_rules.replace(*wrong, 1), tmp_path)
    assert done.status != 0, done
    assert "72-rknn.rules:" in done.stderr, done


@pytest.mark.nix
def test_unit_is_confined(unit: Path) -> None:
    done = rated(unit)
    assert done.status == 0, done.stdout
    assert "Overall exposure level" in done.stdout


@pytest.mark.nix
def test_a_unit_without_confinement_is_noticed(unit: Path) -> None:
    text = unit.read_text()
    plain = re.sub(r"(?m)^(Protect|Private|Restrict|System|Dynamic|Capab|NoNew).*\n", "", text)
    assert plain.count("\n") < text.count("\n") - 15
    unit.write_text(plain)
    done = rated(unit)
    assert done.status != 0, done.stdout


@pytest.mark.board
def test_units_are_valid(systemd_board: BindingBoard) -> None:
    done = systemd_board.board.run(VERIFY)
    assert (done.status, done.output) == (0, "")


@pytest.mark.board
@pytest.mark.parametrize(
    ("wrong", "words"),
    [("s/^Type=.*/Type=oneshott/", "oneshott"), ("s,^ExecStart=/,ExecStart=/no,", "/no")],
)
def test_a_wrong_unit_is_noticed(systemd_board: BindingBoard, wrong: str, words: str) -> None:
    board = systemd_board.board
    board.check(
        f"mkdir -p /run/wrong && sed '{wrong}' /etc/systemd/system/{READY} >/run/wrong/{READY}"
    )
    done = board.run(f"cd /run/wrong && systemd-analyze verify --man=no ./{READY}")
    assert words in done.output, done
