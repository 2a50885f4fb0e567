"""No JSON and no bytes make rknn-cdi check crash, and it accepts whatever rknn-cdi writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rknn_cdi import checking
from unit.cdi_variations import anything, variations

if TYPE_CHECKING:
    from pathlib import Path

    from unit.cdi_fixtures import Machine

pytest_plugins = ["unit.cdi_fixtures"]

thoroughly = settings(max_examples=500, deadline=1000)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the cases are written."""
    return tmp_path_factory.mktemp("fuzz") / "some.json"


def told(value: object) -> list[str]:
    faults = checking.value_faults(value)
    assert all(isinstance(fault, str) and len(fault) < 400 for fault in faults), faults
    return faults


@thoroughly
@given(anything)
def test_any_json(value: object) -> None:
    assert told(value), f"{value!r} is taken for a spec"


@thoroughly
@given(variations())
def test_specs_with_faults(value: object) -> None:
    told(value)


@thoroughly
@given(st.binary(max_size=200))
def test_any_bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert checking.faults(path), f"{content!r} is taken for a spec"


def test_right_ones_are_among_them() -> None:
    right = 0

    @settings(max_examples=300, database=None, derandomize=True)
    @given(variations())
    def count(value: object) -> None:
        nonlocal right
        right += not told(value)

    count()
    assert 10 < right < 290, right


words = st.text(max_size=6) | st.sampled_from(
    ["dri/renderD129", "rknpu", "null", "a b", "ü", "../x"]
)
options = st.lists(
    st.one_of(
        st.builds("--node=/dev/{}".format, words),
        st.builds("--render-node=/dev/{}".format, words),
        st.builds("--library-path=/{}".format, words),
        st.builds("--dma-heap={}".format, words),
        st.builds("--gid={}".format, words | st.integers(-1, 2**33).map(str)),
        st.sampled_from(["--library=/bin/sh", "--without-gids", "--no-dma-heaps"]),
    ),
    max_size=5,
)


@settings(thoroughly, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(options)
def test_what_is_written_is_right(machine: Machine, some: list[str]) -> None:
    machine.output.parent.mkdir(exist_ok=True)
    outcome = machine.run("static", *machine.places, "--soc=rk3588", *some)
    if outcome.status:
        assert outcome.err.startswith(("rknn-cdi: ", "rknn-cdi static: ")), outcome
        assert outcome.err.count("\n") == 1, outcome
    else:
        assert checking.faults(machine.output) == []
