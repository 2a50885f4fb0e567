"""What the probe's text says, and which conditions differed by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.errors import CommandError
from rknn_flake.process import run
from rknn_flake.reproduce import probe

if TYPE_CHECKING:
    from pathlib import Path


def seen(**changed: str) -> probe.Seen:
    return probe.Seen(dict.fromkeys(probe.SEEN, "same") | changed, {})


def test_the_script_tells_of_every_condition(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(["sh", "-c", probe.script(tools=True)], cwd=tmp_path, env={"out": str(out)})
    told = probe.read(out.read_text())
    assert told.conditions["build folder"] == str(tmp_path.resolve())
    assert set(told.conditions["order in folders"].split()) == set("abcdef")
    assert told.tools["bash"].startswith("GNU bash")


def test_tools_are_asked_for_only_where_they_are_used() -> None:
    assert "--version" not in probe.script(tools=False)


def test_a_probe_that_tells_too_little() -> None:
    with pytest.raises(CommandError, match="clock"):
        probe.read("build folder\t/build\n")


def test_conditions_that_differed() -> None:
    unlike, held = probe.differed([seen(), seen(umask="0077"), seen()])
    assert unlike == ["umask"]
    assert "clock" in held
    assert len(held) == len(probe.SEEN) - 1
