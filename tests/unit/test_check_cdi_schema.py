"""check_cdi_schema, which Nix runs on a spec that it builds."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from rknn_flake.paths import PROJECT
from rknn_flake.pins import sources
from unit.cdi_cases import MINIMAL, without
from unit.commands import Outcome, command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cdi_engine import Engine

pytest_plugins = ["unit.cdi_engine_fixtures"]


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Return check_cdi_schema as a function of its arguments."""
    program = pytest.importorskip(
        "check_cdi_schema",
        reason="no fastjsonschema; scripts/test installs it",
        exc_type=ImportError,
    )
    return command(program.main, capsys)


def test_a_right_spec(check: Callable[..., Outcome], engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "right.json"
    file.write_text(json.dumps(MINIMAL))
    outcome = check("--schema", engine.folder, file)
    assert (outcome.status, outcome.err) == (0, ""), outcome
    assert outcome.out == f"check_cdi_schema: {file}: as the schema has it\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (json.dumps(without("kind")), "data must contain ['kind'] properties"),
        ("{", "expected JSON"),
    ],
)
def test_a_wrong_one_is_named(
    check: Callable[..., Outcome], engine: Engine, tmp_path: Path, text: str, words: str
) -> None:
    file = tmp_path / "wrong.json"
    file.write_text(text)
    outcome = check("--schema", engine.folder, file)
    assert (outcome.status, outcome.out) == (1, ""), outcome
    assert outcome.err.startswith(f"check_cdi_schema: {file}: CDI schema: found "), outcome
    assert outcome.err.count("\n") == 1, outcome
    assert words in outcome.err


def test_without_a_schema_it_is_used_wrongly(check: Callable[..., Outcome]) -> None:
    outcome = check("some.json")
    assert outcome.status == 2, outcome
    assert outcome.err.count("\n") == 1, outcome


def test_the_pinned_schema_is_debians(engine: Engine) -> None:
    entries = sources.read(PROJECT / sources.PLACE).entries
    pinned = {one.name: one.hash for one in entries if one.component.startswith("cdi-")}
    digests = {name: hashlib.sha256((engine.folder / name).read_bytes()) for name in pinned}
    found = {
        name: f"sha256-{base64.b64encode(digest.digest()).decode()}"
        for name, digest in digests.items()
    }
    assert found == pinned
    assert found.keys() == {"schema.json", "defs.json"}
