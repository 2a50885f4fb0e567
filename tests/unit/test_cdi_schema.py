"""What rknn-cdi writes, and what its check accepts, is right by CDI's own JSON schema."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from rknn_cdi import checking
from unit.cdi_cases import CASES, MINIMAL, NODE, changed, edits, without, written
from unit.cdi_variations import variations

if TYPE_CHECKING:
    from collections.abc import Callable

    from cdi_engine import Engine
    from unit.cdi_fixtures import Machine

pytest_plugins = ["unit.cdi_engine_fixtures", "unit.cdi_fixtures"]


@pytest.fixture(scope="session")
def by_schema(engine: Engine) -> Callable[[Any], str]:
    """Return the schema as a function that says what is wrong with a spec, if anything is."""
    checked: Callable[[Any], str] = pytest.importorskip(
        "check_cdi_schema",
        reason="no fastjsonschema; scripts/test installs it",
        exc_type=ImportError,
    ).schema(engine.folder)
    return checked


@pytest.mark.parametrize("case", CASES)
def test_what_is_written(machine: Machine, by_schema: Callable[[Any], str], case: str) -> None:
    assert by_schema(written(machine, case)) == ""


@pytest.mark.parametrize(
    "wrong",
    [
        partial(without, "cdiVersion"),
        partial(without, "kind"),
        partial(without, "devices"),
        partial(changed, devices={}),
        partial(changed, devices=[{"name": "all"}]),
        partial(changed, devices=[{"containerEdits": MINIMAL["devices"][0]["containerEdits"]}]),
        partial(changed, devices=[{"name": "all", "containerEdits": {"env": [1]}}]),
        partial(edits, deviceNodes=[{"hostPath": "/dev/null"}]),
        partial(edits, deviceNodes=[{**NODE, "gid": -1}]),
        partial(edits, mounts=[{"containerPath": "/some"}]),
        partial(edits, additionalGids=["render"]),
        partial(edits, additionalGids=[2**32]),
        partial(edits, env="A=1"),
    ],
)
def test_what_the_schema_refuses(
    by_schema: Callable[[Any], str], wrong: Callable[[], dict[str, Any]]
) -> None:
    assert by_schema(wrong()) != ""
    assert checking.value_faults(wrong()) != []


def test_what_check_accepts(by_schema: Callable[[Any], str]) -> None:
    accepted = 0

    @settings(max_examples=400, deadline=None)
    @given(variations())
    def agrees(value: object) -> None:
        nonlocal accepted
        if not checking.value_faults(value):
            accepted += 1
            assert by_schema(value) == "", value

    agrees()
    assert accepted > 10, accepted
