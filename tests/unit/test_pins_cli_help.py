"""--help: every command with its help, without the cost of importing any of them."""

from __future__ import annotations

import sys
from importlib import import_module

import pytest

from rknn_flake.pins import cli
from rknn_flake.process import run
from unit.commands import command
from unit.pins_commands import START


def test_every_command_is_listed_with_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    done = command(cli.main, capsys)("--help")
    assert (done.status, done.err) == (0, "")
    told = " ".join(done.out.split())
    for name, what in cli.COMMANDS.items():
        assert f"{name} {what.help}" in told, done.out


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_the_help_is_what_the_module_says_of_itself(name: str) -> None:
    what = cli.COMMANDS[name]
    module = import_module(f"rknn_flake.pins.{what.module}")
    assert (module.__doc__ or "").splitlines()[0] == what.help


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_takes_the_common_options(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    done = command(cli.main, capsys)(name, "--help")
    assert done.status == 0, done
    for option in ("--file FILE", "--jobs N"):
        assert option in done.out, done.out


def test_help_imports_no_command() -> None:
    code = "import sys; from rknn_flake.pins import cli\ntry: cli.main(['--help'])\nfinally: "
    code += "print('imported', *sorted(name for name in sys.modules if 'rknn_flake.pins.' in name))"
    done = run([sys.executable, "-c", code], env={"PYTHONPATH": ":".join(sys.path)}, check=False)
    imported = set(done.stdout.partition("imported ")[2].split())
    assert "rknn_flake.pins.sources" in imported, done
    commands = {f"rknn_flake.pins.{what.module}" for what in cli.COMMANDS.values()}
    assert not imported & commands, imported


def test_started_from_a_checkout_it_is_named_as_it_was_called() -> None:
    done = run([*START, "--help"], env={"PYTHONPATH": ":".join(sys.path)}, check=False)
    assert done.stdout.startswith("usage: rknn-pins "), done
