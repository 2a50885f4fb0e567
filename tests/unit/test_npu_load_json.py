"""--json prints one object: driver, cores and clock, each from the first file that has it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from unit.npu_load_roots import BOARD, BOUND, DEVFREQ, THREE_CORES

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.commands import Outcome

pytest_plugins = ["unit.npu_load_fixtures"]

DEBUGFS = "sys/kernel/debug/rknpu"


def without(*beginnings: str) -> dict[str, str]:
    return {name: text for name, text in BOARD.items() if not name.startswith(beginnings)}


def answer(outcome: Outcome) -> dict[str, Any]:
    assert outcome.status == 0, outcome
    assert outcome.out.count("\n") == 1, outcome.out
    found = json.loads(outcome.out)
    assert isinstance(found, dict)
    return found


def test_a_whole_board(show: Callable[..., Outcome], tmp_path: Path) -> None:
    version = str(tmp_path / "sys/module/rknpu/version")
    assert answer(show(BOARD, "--json")) == {
        "driver": {"name": "rknpu", "version": "0.9.8", "source": version},
        "load_source": str(tmp_path / "proc/rknpu/load"),
        "cores": [
            {"core": 0, "load_percent": 0},
            {"core": 1, "load_percent": 50},
            {"core": 2, "load_percent": 100},
        ],
        "frequency": {
            "current_hz": 300_000_000,
            "min_hz": 300_000_000,
            "max_hz": 1_000_000_000,
            "available_hz": [300_000_000, 600_000_000, 1_000_000_000],
            "governor": "rknpu_ondemand",
        },
    }


def test_debugfs_is_read_where_there_is_no_procfs(
    show: Callable[..., Outcome], tmp_path: Path
) -> None:
    files = {
        BOUND: "",
        f"{DEBUGFS}/load": "NPU load:  7%\n",
        f"{DEBUGFS}/version": "RKNPU driver: v0.9.2\n",
    }
    found = answer(show(files, "--json"))
    assert found["cores"] == [{"core": 0, "load_percent": 7}], found
    assert found["load_source"] == str(tmp_path / DEBUGFS / "load"), found
    assert found["driver"]["version"] == "0.9.2", found


def test_procfs_comes_before_debugfs(show: Callable[..., Outcome]) -> None:
    found = answer(show({**BOARD, f"{DEBUGFS}/load": "NPU load:  7%\n"}, "--json"))
    assert len(found["cores"]) == 3, found


def test_a_version_that_no_file_tells_is_null(show: Callable[..., Outcome]) -> None:
    found = answer(show(without("sys/module"), "--json"))
    assert found["driver"] == {"name": "rknpu", "version": None, "source": None}, found


def test_no_devfreq_is_null(show: Callable[..., Outcome]) -> None:
    assert answer(show(without(DEVFREQ), "--json"))["frequency"] is None


def test_devfreq_is_found_by_its_driver_not_by_its_name(show: Callable[..., Outcome]) -> None:
    files = {name.replace("fdab0000.npu", "fdab0000.rknpu"): text for name, text in BOARD.items()}
    assert answer(show(files, "--json"))["frequency"]["current_hz"] == 300_000_000


def test_what_devfreq_lacks_is_null(show: Callable[..., Outcome]) -> None:
    found = answer(show(without(f"{DEVFREQ}/g", f"{DEVFREQ}/a", f"{DEVFREQ}/c"), "--json"))
    frequency = found["frequency"]
    assert frequency["governor"] is None, frequency
    assert frequency["current_hz"] is None, frequency
    assert frequency["available_hz"] == [], frequency


def test_a_text_that_is_not_known_names_its_file(
    show: Callable[..., Outcome], tmp_path: Path
) -> None:
    outcome = show({**BOARD, "proc/rknpu/load": "busy\n"}, "--json")
    assert outcome.status == 1, outcome
    assert f"{tmp_path / 'proc/rknpu/load'}: found 'busy\\n', expected" in outcome.err


@pytest.mark.parametrize("name", ["cur_freq", "max_freq", "available_frequencies"])
@pytest.mark.parametrize("text", ["9" * 5000, "fast\n"])
def test_a_clock_that_is_no_number_names_its_file(
    show: Callable[..., Outcome], tmp_path: Path, name: str, text: str
) -> None:
    outcome = show({**BOARD, f"{DEVFREQ}/{name}": text}, "--json")
    assert outcome.status == 1, outcome
    assert outcome.err.count("\n") == 1, outcome.err
    found = f"{tmp_path / DEVFREQ / name}: found '{text.strip()[:80]}', expected a frequency in Hz"
    assert found in outcome.err


# An audit hook cannot be removed; it listens only while a test has put a list here.
listening: list[list[tuple[str, object]]] = []
sys.addaudithook(
    lambda event, args: (
        listening[-1].append((str(args[0]), args[2])) if listening and event == "open" else None
    )
)


@pytest.fixture
def opened() -> Any:  # noqa: ANN401 (a generator fixture)
    """Return the list of files opened during this test, each with its flags."""
    listening.append([])
    yield listening[-1]
    listening.pop()


def test_nothing_is_written_and_the_clock_is_not_asked_through_debugfs(
    show: Callable[..., Outcome], tmp_path: Path, opened: list[tuple[str, int]]
) -> None:
    files = {**without("proc/rknpu"), f"{DEBUGFS}/load": THREE_CORES, f"{DEBUGFS}/freq": "1\n"}
    show(files, "--json")
    opened.clear()
    answer(show({}, "--json"))
    seen = {Path(name): flags for name, flags in opened if name.startswith(str(tmp_path))}
    assert tmp_path / DEBUGFS / "load" in seen, seen
    assert tmp_path / DEBUGFS / "freq" not in seen, seen
    assert not any(flags & 0o3 for flags in seen.values()), seen
